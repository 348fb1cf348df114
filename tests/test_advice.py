"""
Messages fit the situation: the fix works in it.
"""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import SMALLEST, PizzaDone, refusal_of, unchecked
from typed_signals import Signal, receiver
from typed_signals._shared.messages import suggest
from typed_signals.exceptions import ReceiverSignatureError, ReceiverTypeError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def signal() -> Any:
    """
    Return a signal without receivers.
    """
    return Signal[object, PizzaDone]()


# Forwarding a signal


@pytest.mark.parametrize("method", ["send", "send_robust", "asend", "asend_robust"])
@pytest.mark.parametrize("wrap", [lambda send: send, functools.partial])
def test_send_of_another_signal_says_how_to_forward(
    signal: Any, method: str, wrap: Callable[[Any], Any]
) -> None:
    other: Any = Signal[object, PizzaDone]()
    error = refusal_of(signal, wrap(getattr(other, method)))
    assert isinstance(error, ReceiverTypeError)
    fix = error.problems[0].partition("connect a function, ")[2]
    assert fix.startswith("async def" if method.startswith("a") else "def")
    # The advice works.
    names: dict[str, Any] = {"other": other}
    exec(fix, names)
    signal.connect(names["forward"])
    sizes: list[int] = []

    def log(size: int, **kwargs: object) -> None:
        sizes.append(size)

    other.connect(log)
    asyncio.run(signal.asend(None, **SMALLEST))
    assert sizes == [30]


class Radio:
    def send(self, sender: object, **kwargs: object) -> None: ...


def test_send_of_another_object_is_a_receiver(signal: Any) -> None:
    radio = Radio()
    signal.connect(radio.send)
    assert len(signal.send(None, **SMALLEST)) == 1


class Dispatching:
    @functools.singledispatchmethod
    def log(self, sender: object, **kwargs: object) -> object:
        return sender


def test_method_of_singledispatch_needs_a_function_that_calls_it(signal: Any) -> None:
    dispatching = Dispatching()
    [problem] = refusal_of(signal, dispatching.log).problems
    assert problem.startswith("functools.singledispatch needs a positional argument, but")
    assert problem.endswith(
        "connect a function with **kwargs that calls it with a positional argument"
    )

    def log(sender: object, **kwargs: object) -> object:
        return dispatching.log(sender, **kwargs)

    signal.connect(log)
    assert signal.send(1, **SMALLEST) == [(log, 1)]


# Under the decorator


def test_decorator_without_a_call_says_to_call_it() -> None:
    def log(sender: object, **kwargs: object) -> None: ...

    with pytest.raises(TypeError) as refused:
        unchecked(receiver)(log)
    assert str(refused.value).endswith(": call it with your signal, as in @receiver(your_signal)")


def test_method_under_the_decorator_says_to_connect_the_bound_method(signal: Any) -> None:
    with pytest.raises(ReceiverSignatureError) as refused:

        class Kitchen:
            @receiver(signal)
            def log(self, sender: object, **kwargs: object) -> None: ...

    assert refused.value.problems[0].endswith(
        ": connect the bound method, in __init__ or where the object is created"
    )

    class Listening:
        def __init__(self) -> None:
            signal.connect(self.log)

        def log(self, sender: object, **kwargs: object) -> None: ...

    listening = Listening()
    assert signal.send(None, **SMALLEST) == [(listening.log, None)]


def test_class_method_says_to_connect_it_after_the_class(signal: Any) -> None:
    def log(cls: object, sender: object, **kwargs: object) -> None: ...

    problems = refusal_of(signal, classmethod(unchecked(log))).problems
    assert problems[0].startswith("Signal receivers must be callable. Connect a class method after")
    assert problems[0].endswith("connect(" + log.__qualname__ + ")")
    [problem] = refusal_of(signal, log).problems
    assert problem.endswith(": connect the method of the class, after the class body")

    class Kitchen:
        @classmethod
        def log(cls, sender: object, **kwargs: object) -> None: ...

    signal.connect(Kitchen.log)


def test_static_method_says_the_order_of_the_decorators(signal: Any) -> None:
    with pytest.raises(ReceiverTypeError, match=r"write @staticmethod above @receiver\(\.\.\.\)"):

        class Kitchen:
            @receiver(signal)
            @staticmethod
            def log(sender: object, **kwargs: object) -> None: ...

    class Right:
        @staticmethod
        @receiver(signal)
        def log(sender: object, **kwargs: object) -> None: ...

    assert signal.send(None, **SMALLEST) == [(Right.log, None)]


def test_property_says_to_connect_a_method(signal: Any) -> None:
    [problem] = refusal_of(signal, property(lambda self: None)).problems
    assert problem == "Signal receivers must be callable. Connect a method instead of the property"


def test_sender_with_another_name_says_how_it_is_passed(signal: Any) -> None:
    [problem] = refusal_of(signal, lambda store, **kwargs: None).problems
    assert problem.endswith(
        ": remove the parameter or give it a default, or rename it to 'sender' if that is what it "
        "takes"
    )
    [problem] = refusal_of(signal, lambda sender, store, **kwargs: None).problems
    assert problem.endswith(": remove the parameter or give it a default")


# Bound arguments


class WithoutSelf:
    def method(**kwargs: object) -> None: ...

    @classmethod
    def of_class(**kwargs: object) -> None: ...

    def __call__(*, sender: object, **kwargs: object) -> None: ...


WITHOUT_SELF: Any = WithoutSelf()


def log(sender: object, **kwargs: object) -> None: ...


@pytest.mark.parametrize(
    ("receive", "fix"),
    [
        (WITHOUT_SELF.method, "add 'self' to the method"),
        (WITHOUT_SELF.of_class, "add 'cls' to the class method"),
        (WITHOUT_SELF, "add 'self' to the method"),
        (functools.partial(WITHOUT_SELF.method, 1), "add 'self' to the method"),
        (functools.partial(unchecked(log), 1, 2), "bind fewer arguments by position"),
        (functools.partial(unchecked(log), 1, sender=2), "bind each parameter only once"),
        (functools.partial(unchecked(int), 1, 2, 3), None),
    ],
)
def test_bound_arguments_that_do_not_match_say_which(
    signal: Any, receive: Any, fix: str | None
) -> None:
    problems = refusal_of(signal, receive).problems
    what = "the arguments that are already bound do not match its parameters: "
    found = [problem.removeprefix(what) for problem in problems if problem.startswith(what)]
    assert found == ([] if fix is None else [fix])


# What is not callable


def test_name_of_a_function_says_to_pass_the_function(signal: Any) -> None:
    [problem] = refusal_of(signal, "log").problems
    assert problem == "Signal receivers must be callable. Pass the function itself, not its name"


def test_signal_says_how_to_forward(signal: Any) -> None:
    other: Any = Signal[object, PizzaDone]()
    [problem] = refusal_of(signal, other).problems
    fix = problem.partition(" To forward a signal, connect a function, ")[2]
    names: dict[str, Any] = {"other": other}
    exec(fix, names)
    signal.connect(names["forward"])
    received: list[object] = []

    def receive(size: int, **kwargs: object) -> None:
        received.append(size)

    other.connect(receive)
    signal.send(None, **SMALLEST)
    assert received == [30]


# What was meant


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sise", "size"),
        ("sizes", "size"),
        ("siz", "size"),
        ("szie", "size"),
        ("Size", "size"),
        ("size_", "size"),
        ("topings", "toppings"),
        ("topinngs", "toppings"),
        ("updateFields", "update_fields"),
        ("updated_fields", "update_fields"),
        ("updte_filds", None),
        ("created_by", None),
        ("created_at", None),
        ("createdBy", None),
        ("is_created", None),
        ("created_a", None),
        ("user_id", None),
        ("pk", None),
        ("old_price", None),
        ("start", None),
        ("ab_cd", None),
        ("Class", None),
        ("s" * 5000, None),
    ],
)
def test_only_a_typing_mistake_is_corrected(name: str, meant: str | None) -> None:
    keys = ["size", "toppings", "update_fields", "created", "user", "pk_set", "new_price", "state"]
    assert suggest(name, [*keys, "ab: cd", "class"]) == meant


def test_nearest_name_is_suggested() -> None:
    assert suggest("instances", ["instants", "instance"]) == "instance"
    assert suggest("date", ["data", "dates"]) == "data"
