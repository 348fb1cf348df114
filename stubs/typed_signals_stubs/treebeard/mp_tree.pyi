from typing import Any, TypedDict

from treebeard.mp_tree import MP_Node

from typed_signals.django import Signal

# From the code of django-treebeard 5.3 to 7.0.

class PathUpdated(TypedDict):
    old_path: str
    new_path: str
    using: str

class NodesDeleted(TypedDict):
    pks_to_remove: list[Any]
    paths_to_remove: list[str]
    using: str

path_updated: Signal[type[MP_Node], PathUpdated]
nodes_deleted: Signal[type[MP_Node], NodesDeleted]
