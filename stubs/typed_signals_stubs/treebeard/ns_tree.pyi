from typing import TypedDict

from treebeard.ns_tree import NS_Node

from typed_signals.django import Signal

# From the code of django-treebeard 5.3 to 7.0.

class GapAltered(TypedDict):
    tree_id: int
    start_index: int
    offset: int
    using: str

class TreeIdsIncremented(TypedDict):
    min_tree_id: int
    using: str

class SubtreeMoved(TypedDict):
    tree_id: int
    lft: int
    rgt: int
    target_tree_id: int
    index_offset: int
    depth_offset: int
    using: str

class NodesDeleted(TypedDict):
    # The id of the tree, and the first and the last index.
    removed_ranges: list[tuple[int, int, int]]
    using: str

gap_altered: Signal[type[NS_Node], GapAltered]
tree_ids_incremented: Signal[type[NS_Node], TreeIdsIncremented]
subtree_moved: Signal[type[NS_Node], SubtreeMoved]
nodes_deleted: Signal[type[NS_Node], NodesDeleted]
