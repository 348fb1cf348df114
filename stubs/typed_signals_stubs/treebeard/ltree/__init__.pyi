from typing import TypedDict

from treebeard.ltree import LT_Node
from treebeard.ltree.fields import PathValue

from typed_signals.django import Signal

# From the code of django-treebeard 5.3 to 7.0.

class SubtreeMovedRight(TypedDict):
    path: PathValue
    using: str

class SubtreeMoved(TypedDict):
    old_path: PathValue
    new_path: PathValue
    using: str

class NodesDeleted(TypedDict):
    paths_to_remove: set[str]
    using: str

subtree_moved_right: Signal[type[LT_Node], SubtreeMovedRight]
subtree_moved: Signal[type[LT_Node], SubtreeMoved]
nodes_deleted: Signal[type[LT_Node], NodesDeleted]
