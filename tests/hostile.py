"""
Invalid input for both dispatchers, and checks that it changed nothing.
"""

from __future__ import annotations

import traceback
import weakref
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

from tests.support import PizzaDone, call_in_plugin, unchecked
from typed_signals import Signal, receiver
from typed_signals._shared.raising import refuse
from typed_signals.exceptions import PayloadError, ReceiverSignatureError, ReceiverTypeError

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS: Final = ("send", "send_robust", "asend", "asend_robust")
PAYLOAD: Final[dict[str, Any]] = {"toppings": [], "size": 30}

LONG: Final = "x" * 100_000

# The maximum length of messages, for names of any length.
LONGEST_MESSAGE: Final = 5_000


class Raised(Exception):  # noqa: N818 - raised by test objects
    """
    The exception that these objects raise.
    """


class Store:
    pass


def log(sender: object, **kwargs: object) -> None: ...


def serve(**kwargs: object) -> None: ...


class Slotted:
    """
    A receiver that cannot be weakly referenced.
    """

    __slots__ = ()

    def __call__(self, **kwargs: object) -> None: ...


class LikeMethod:
    """
    A receiver that only looks like a method, so that the method cannot be created again.
    """

    __func__ = log

    def __init__(self) -> None:
        self.__self__ = Store()

    def __call__(self, **kwargs: object) -> None: ...


class LikeOneMethod(LikeMethod):
    """
    The same, because its class accepts no arguments.
    """

    def __init__(self) -> None:
        super().__init__()
        vars(self)["__func__"] = log


def fail(*args: object, **kwargs: object) -> NoReturn:
    raise Raised


def accept(*args: object, **kwargs: object) -> None: ...


def _with(**members: object) -> Callable[[], Any]:
    """
    Return a factory of callable objects with these members.
    """
    return type("Hostile", (), {"__call__": accept, "__hash__": object.__hash__, **members})


def _without(wanted: str) -> Callable[[], Any]:
    """
    Return a factory of callable objects that raise when the attribute *wanted* is read.
    """

    def get(self: object, name: str) -> Any:
        if name == wanted:
            raise Raised
        return object.__getattribute__(self, name)

    return _with(__getattribute__=get)


class _Meta(type):
    __getattribute__ = fail


class OfHostileClass(metaclass=_Meta):
    __call__ = accept


def dead_proxy() -> Any:
    return weakref.proxy(BY_METHOD["__str__"]())


def endless_partial() -> Any:
    endless = partial(accept)
    endless.__setstate__((endless, (), {}, {}))  # type: ignore[attr-defined]
    return endless


def endless_callable() -> Any:
    endless: Any = type("Endless", (), {})()
    type(endless).__call__ = staticmethod(endless)
    return endless


# Special methods that raise. They are not used for receivers or senders.
BY_METHOD: Final[dict[str, Callable[[], Any]]] = {
    name: _with(**{name: fail})
    for name in ("__bool__", "__eq__", "__hash__", "__len__", "__repr__", "__str__")
}

# Attributes that raise and are needed to inspect a receiver.
BY_ATTRIBUTE: Final[dict[str, Callable[[], Any]]] = {
    "__signature__": _with(__signature__=property(fail)),
    "metaclass": lambda: OfHostileClass,
    "metaclass of its class": lambda: OfHostileClass(),  # noqa: PLW0108 - it cannot be inspected
    "dead proxy": dead_proxy,
    "endless partial": endless_partial,
    "endless callable": endless_callable,
}

# Attributes that raise and are not needed to inspect a receiver.
BY_SPARE_ATTRIBUTE: Final[dict[str, Callable[[], Any]]] = {
    name: _without(name)
    for name in (
        "__class__",
        "__doc__",
        "__func__",
        "__module__",
        "__name__",
        "__qualname__",
        "__self__",
        "__wrapped__",
        "_is_coroutine",
        "_is_coroutine_marker",
    )
} | {
    "strange names": _with(__name__=1, __module__=2, __doc__=3, __wrapped__=4),
    "__getattr__": _with(__getattr__=fail),
    "__getattribute__": _with(__getattribute__=fail),
}

HOSTILE: Final = BY_METHOD | BY_ATTRIBUTE | BY_SPARE_ATTRIBUTE


# Invalid receivers, with the error of connect and a part of its message.
RECEIVERS: Final[dict[str, tuple[Callable[[], Any], type[Exception], str]]] = {
    "none": (lambda: None, ReceiverTypeError, "None: Signal receivers must be callable"),
    "a number": (lambda: 1, ReceiverTypeError, "int object: Signal receivers must be callable"),
    "a string": (lambda: LONG, ReceiverTypeError, "': Signal receivers must be callable"),
    "a list": (lambda: [log], ReceiverTypeError, "list object: Signal receivers must be callable"),
    "a signal": (
        Signal[type[Store], PizzaDone],
        ReceiverTypeError,
        "Signal receivers must be callable",
    ),
    "a class": (lambda: Store, ReceiverSignatureError, "Store: Signal receivers must accept"),
    "a signal's class": (lambda: Signal, ReceiverSignatureError, "must accept keyword arguments"),
    "a result": (lambda: receiver([]), ReceiverSignatureError, "must accept keyword arguments"),
    "no weak references": (
        Slotted,
        ReceiverTypeError,
        "Slotted objects cannot be weakly referenced: pass",
    ),
    "like a method": (
        LikeMethod,
        ReceiverTypeError,
        "LikeMethod objects cannot be weakly referenced",
    ),
    "like one method": (
        LikeOneMethod,
        ReceiverTypeError,
        "LikeOneMethod objects cannot be weakly referenced",
    ),
    "a method of a number": (
        lambda: unchecked(log).__get__(1),
        ReceiverSignatureError,
        "'sender' is sent by keyword, but already bound by position: rename the parameter",
    ),
    "a long name": (
        lambda: named(LONG, lambda sender: None),
        ReceiverSignatureError,
        "Add **kwargs",
    ),
    "a long parameter": (
        lambda: eval(f"lambda {LONG}, **kwargs: None"),  # noqa: S307 - it is a constant
        ReceiverSignatureError,
        "is never sent (PizzaDone does not declare it): remove the parameter",
    ),
    **{name: (make, ReceiverTypeError, "raised") for name, make in BY_ATTRIBUTE.items()},
}


def named(name: str, function: Any) -> Any:
    function.__qualname__ = name
    return function


# Invalid arguments of a send.
SENDS: Final[dict[str, tuple[tuple[Any, ...], dict[Any, Any], type[Exception], str]]] = {
    "nobody": ((), PAYLOAD, TypeError, "missing 1 required positional argument: 'sender'"),
    "two senders": (
        (Store,),
        {"sender": Store, **PAYLOAD},
        TypeError,
        "got multiple values for argument 'sender'",
    ),
    "more by position": (
        (Store, [], 30),
        {},
        PayloadError,
        "2 passed by position (pass the payload by keyword), missing 'toppings', 'size'",
    ),
    "a number": ((Store,), {1: 2, **PAYLOAD}, TypeError, "keywords must be strings"),
    "none": ((Store,), {None: 2, **PAYLOAD}, TypeError, "keywords must be strings"),
    "a long key": ((Store,), {LONG: 2, **PAYLOAD}, PayloadError, "unexpected 'xxx"),
    "long keys": (
        (Store,),
        {f"{LONG}{number}": 2 for number in range(100)} | PAYLOAD,
        PayloadError,
        "and 80 more unexpected keys; PizzaDone declares 'toppings', 'size' and",
    ),
    "no identifier": ((Store,), {"1 a": 2, **PAYLOAD}, PayloadError, "unexpected '1 a'; PizzaDone"),
    "nothing": ((Store,), {"": 2, **PAYLOAD}, PayloadError, "unexpected ''; PizzaDone declares"),
    "a keyword": ((Store,), {"class": 2, **PAYLOAD}, PayloadError, "unexpected 'class'; PizzaDone"),
    "another spelling": (
        (Store,),
        {"toppings": [], "\N{LATIN SMALL LETTER LONG S}ize": 30},
        PayloadError,
        "missing 'size', unexpected '\N{LATIN SMALL LETTER LONG S}ize' (did you mean 'size'?)",
    ),
    "a surrogate": ((Store,), {"\ud800": 2, **PAYLOAD}, PayloadError, r"unexpected '\ud800'"),
    "signal": (
        (Store,),
        {"signal": 2, **PAYLOAD},
        PayloadError,
        "unexpected 'signal' (a reserved name)",
    ),
}


# Arguments without a parameter, with a part of the message.
ARGUMENTS: Final[dict[str, tuple[Callable[[Any], object], str]]] = {
    "connect nothing": (lambda signal: signal.connect(), "connect() missing 1 required positional"),
    "connect with more": (
        lambda signal: signal.connect(serve, wek=False),
        "connect() got an unexpected keyword argument 'wek'",
    ),
    "connect by a number": (
        lambda signal: signal.connect(serve, **unchecked({1: 2})),
        "keywords must be strings",
    ),
    "disconnect with more": (
        lambda signal: signal.disconnect(log, weak=True),
        "disconnect() got an unexpected keyword argument 'weak'",
    ),
}


def refusal(call: Callable[..., object], *signals: Any) -> Exception:
    """
    Return the error of *call* with *signals*, which it did not change.

    If it is one of our errors, it is not raised in mypy.
    """
    before = [table(signal) for signal in signals]
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the caller checks it
        call(*signals)
    assert [table(signal) for signal in signals] == before
    assert len(str(raised.value)) < LONGEST_MESSAGE
    if _is_ours(raised.value):
        call_in_plugin(call, *signals)
        assert [table(signal) for signal in signals] == before
    return raised.value


def _is_ours(error: Exception) -> bool:
    """
    Return whether our code raised *error* through the only function for this.
    """
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if any(frame.f_code is refuse.__code__ for frame in frames):
        return True
    assert not frames[-1].f_globals["__name__"].startswith("typed_signals"), error
    return False


def table(signal: Any) -> object:
    """
    Return the data of the connections of *signal* for comparisons.
    """
    if not hasattr(signal, "_connections"):
        return [tuple(map(id, entry)) for entry in signal.receivers]
    seen = [(_identity(each.receiver), id(each.sender)) for each in signal.receivers]
    groups = signal._connections._groups
    links = [(key, *map(id, group.links.values())) for key, group in groups.items()]
    reached = [
        _identity(receiver)
        for sender in (None, Store)
        for receivers in signal._connections.live(sender)
        for receiver in receivers
    ]
    return links, seen, reached, signal.has_listeners(), signal.has_listeners(Store)


def _identity(receiver: object) -> object:
    """
    Return the identity of *receiver*; every access to a method creates a new object.
    """
    if type(receiver) is MethodType:
        return id(receiver.__self__), id(receiver.__func__)
    return id(receiver)
