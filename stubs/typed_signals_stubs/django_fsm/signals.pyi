from typing import Any, Generic, NotRequired, TypedDict, TypeVar

from django.db.models import Model
from django_fsm import FSMFieldMixin

from typed_signals.django import ModelSignal

# From the code of django-fsm 2.8 and 3, and of django-fsm-2 3 and 4, whose signals, unlike those of
# django-fsm, accept the name of a model as the sender.

_ModelT = TypeVar("_ModelT", bound=Model)

class Transition(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    name: str
    field: FSMFieldMixin
    source: Any
    target: Any
    method_args: tuple[Any, ...]
    method_kwargs: dict[str, Any]

class TransitionDone(Transition[_ModelT]):
    # Only sent if the method raised, and the transition has a state for errors.
    exception: NotRequired[Exception]

def pre_transition(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], Transition[_ModelT]]: ...
def post_transition(
    sender: type[_ModelT],
) -> ModelSignal[type[_ModelT], TransitionDone[_ModelT]]: ...
