from typing import Any, TypedDict

from treebeard.ltree import LT_Node

from typed_signals.django import Signal

class SubtreeMovedRight(TypedDict):
    path: Any
    using: str

class SubtreeMoved(TypedDict):
    old_path: Any
    new_path: Any
    using: str

class NodesDeleted(TypedDict):
    paths_to_remove: list[Any]
    using: str

subtree_moved_right: Signal[type[LT_Node], SubtreeMovedRight]
subtree_moved: Signal[type[LT_Node], SubtreeMoved]
nodes_deleted: Signal[type[LT_Node], NodesDeleted]
