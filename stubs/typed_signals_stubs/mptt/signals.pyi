from typing import Any, Generic, NotRequired, TypedDict, TypeVar

from django.db.models import Model

from typed_signals.django import ModelSignal

# From the code of django-mptt 0.14 to 0.20.

_NodeT = TypeVar("_NodeT", bound=Model)

class NodeMoved(TypedDict, Generic[_NodeT]):
    instance: _NodeT
    # Of the model with the parents, which may be a base class of the sender; or None.
    target: Any
    # Only sent by `move_to`.
    position: NotRequired[str]

def node_moved(sender: type[_NodeT]) -> ModelSignal[type[_NodeT], NodeMoved[_NodeT]]: ...
