"""
Tasks under ``@receiver``: the messages say how to run them in the background.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django import VERSION
from django.db.models.signals import post_save
from django.dispatch import Signal as DjangoSignal

import typed_signals
from tests.hostile import HOSTILE
from tests.support import unchecked
from typed_signals.django import Signal, receiver
from typed_signals.django.checks import check_connections
from typed_signals.exceptions import ReceiverTypeError

if TYPE_CHECKING:
    from collections.abc import Callable


class PizzaDone(TypedDict):
    size: int


class SharedTask:
    """
    Like the return value of Celery's ``shared_task``.
    """

    __slots__ = ()

    def __call__(self, size: int, **kwargs: Any) -> None: ...

    def delay(self, **payload: Any) -> None: ...

    def apply_async(self, **payload: Any) -> None: ...


class DjangoTask:
    """
    Like the return value of Django's ``task``, without weak references.
    """

    __slots__ = ()

    def enqueue(self, **payload: Any) -> None: ...

    async def aenqueue(self, **payload: Any) -> None: ...


def django_task() -> Any:
    if VERSION < (6, 0):
        return DjangoTask()
    return importlib.import_module("django.tasks").task(bake)


def bake(size: int) -> None: ...


def receive(**kwargs: Any) -> None: ...


TASKS: dict[str, tuple[Callable[[], Any], str]] = {
    "celery": (
        SharedTask,
        "SharedTask objects cannot be weakly referenced: to run it in the background, ",
    ),
    "like django": (DjangoTask, "Signal receivers must be callable. To run it in the background, "),
    "django": (django_task, "Signal receivers must be callable. To run it in the background, "),
}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("on_commit", [True, False])
@pytest.mark.parametrize(
    "make", [typed_signals.Signal[object, PizzaDone], Signal[object, PizzaDone]]
)
def test_message_says_how_to_enqueue_it(make: Any, on_commit: bool, task: str) -> None:
    create, words = TASKS[task]
    with pytest.raises(ReceiverTypeError) as refused:
        receiver(make(), on_commit=on_commit)(create())
    assert words in str(refused.value)
    method = "delay" if task == "celery" else "enqueue"
    assert (
        "remove the decorator of the task, and write @typed_signals.django.receiver(..., "
        in str(refused.value)
    )
    assert str(refused.value).endswith(f"connect a function that calls its {method}()")


def test_check_says_how_to_enqueue_it() -> None:
    unchecked(post_save.connect)(DjangoTask(), weak=False)
    [message] = check_connections()
    assert message.id == "typed_signals.E006"
    assert message.hint is not None
    assert message.hint.startswith("To run it in the background, remove the decorator of the task")


def test_other_objects_are_no_tasks() -> None:
    class Log:
        __slots__ = ()

        def __call__(self, **kwargs: Any) -> None: ...

        def delay(self) -> None: ...

    for make in (Log, HOSTILE["__getattr__"]):
        with pytest.raises(ReceiverTypeError) as refused:
            Signal[object, PizzaDone]().connect(make())
        assert "enqueue" not in str(refused.value)


@pytest.mark.parametrize("name", ["on_commit", "using", "robust"])
@pytest.mark.parametrize("make", [typed_signals.Signal, Signal, DjangoSignal])
def test_decorator_of_the_core_names_the_one_for_django(make: Any, name: str) -> None:
    arguments: Any = {name: True}
    with pytest.raises(TypeError) as refused:
        typed_signals.receiver(make(), **arguments)(bake)
    assert str(refused.value).endswith(
        f"got an unexpected keyword argument {name!r}: {name} is an argument of "
        "typed_signals.django.receiver, import that"
    )


@pytest.mark.parametrize(
    ("name", "fix"), [("sendr", ": did you mean 'sender'?"), ("where", "argument 'where'")]
)
@pytest.mark.parametrize("on_commit", [True, False])
def test_misspelt_argument(on_commit: bool, name: str, fix: str) -> None:
    with pytest.raises(TypeError) as refused:
        unchecked(receiver)(post_save, on_commit=on_commit, **{name: None})(receive)
    assert str(refused.value).endswith(fix)
