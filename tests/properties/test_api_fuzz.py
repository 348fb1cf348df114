"""
Public functions work or raise for any arguments; an error changes nothing.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile import HOSTILE, LONG, LONGEST_MESSAGE, Store, table
from tests.support import PizzaDone, unchecked
from typed_signals import Signal, receiver
from typed_signals.exceptions import (
    ContractWarning,
    DeclarationError,
    PayloadError,
    ReceiverSignatureError,
    ReceiverTypeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTED: Final = (
    ContractWarning,
    DeclarationError,
    PayloadError,
    ReceiverSignatureError,
    ReceiverTypeError,
    TypeError,
)

# A plain TypeError names the wrong function or argument.
NAMED: Final = re.compile(
    r"^((?:Base)?Signal\.)?(__init__|connect|connected|declare|disconnect|has_listeners|send"
    r"|send_robust|asend|asend_robust)\(\) "
    r"|^(receiver|ReceiverDecorator\.__call__)\(\) "
    r"|^connect\(\) of <Signal "
    r"|^(dispatch_uid|weak) must be "
    r"|^Signal\.declare takes a function, not "
    r"|^(typed_signals\._\w+\.)*(Signal|receiver)(\.\w+)?\(\) "
    r"|keywords must be strings$"
    # Only the call shows what a receiver of an untyped signal requires.
    r"|^(bake|note|Kitchen\.method)\(\) missing 1 required "
)


def log(sender: object, **kwargs: object) -> str:
    return "log"


def bake(sender: object, size: int, **kwargs: object) -> str:
    return "bake"


async def serve(**kwargs: object) -> str:
    return "serve"


def note(sender: object, note: str, **kwargs: object) -> None: ...


def all_by_name(sender: object, signal: object, toppings: object, size: object) -> None: ...


def declaring(sender: object, size: int, toppings: object = None) -> None: ...


def star(*sender: object) -> None: ...


class Kitchen:
    def method(self, size: int, **kwargs: object) -> str:
        return "method"

    def without_self(**kwargs: object) -> None: ...

    @classmethod
    def of_class(cls, **kwargs: object) -> None: ...

    @staticmethod
    def static(**kwargs: object) -> None: ...

    def __call__(self, **kwargs: object) -> str:
        return "called"


def make_signals() -> dict[str, Any]:
    signals: dict[str, Any] = {
        "declared": Signal[type[Store], PizzaDone](),
        "other": Signal[type[Store], PizzaDone](),
        "untyped": Signal(),
        "by function": Signal.declare(declaring),
        "wrong": unchecked(Signal)[PizzaDone, Store](),
        "wrong function": Signal.declare(unchecked(star)),
    }
    for name in ("declared", "untyped"):
        signals[name].connect(log)
        signals[name].connect(bake, sender=Store)
    return signals


def make_objects() -> dict[str, Any]:
    """
    Return the arguments, created for each case, which keeps them alive.
    """
    kitchen, other = Kitchen(), Kitchen()
    good: dict[str, Any] = {
        "log": log,
        "bake": bake,
        "serve": serve,
        "note": note,
        "all by name": all_by_name,
        "declaring": declaring,
        "star": star,
        "method": kitchen.method,
        "method of another": other.method,
        "without self": unchecked(kitchen).without_self,
        "class method": Kitchen.of_class,
        "static method": Kitchen.static,
        "callable": kitchen,
        "lambda": lambda **kwargs: None,
        "partial": partial(bake, size=1),
        "bound twice": partial(bake, 1),
        "Store": Store,
        "store": Store(),
        "None": None,
        "True": True,
        "False": False,
        "zero": 0,
        "one": 1,
        "nan": float("nan"),
        "uid": "uid",
        "long": LONG,
        "surrogate": "\ud800",
        "tuple": ("a", 1),
        "list": [1],
        "empty": [],
        "dict": {},
        "set": set(),
        "bytes": b"bytes",
        "object": object(),
        "int": int,
        "len": len,
        "type": type,
        "append": [].append,
        "Signal": Signal,
        "alias": Signal[type[Store], PizzaDone],
        "TypedDict": PizzaDone,
        "error": ValueError("1"),
        "module": asyncio,
    }
    return good | {name: make() for name, make in HOSTILE.items()}


class World:
    """
    The signals and the objects of one case.
    """

    def __init__(self) -> None:
        self.signals = make_signals()
        self.objects = make_objects() | self.signals
        self.objects["signals"] = [self.signals["declared"], self.signals["untyped"]]
        self.objects["some wrong"] = (self.signals["declared"], self.signals["wrong"])

    def tables(self) -> list[object]:
        return [table(signal) for signal in self.signals.values()]


def _subscript(signal: Any, args: list[Any], _kwargs: dict[Any, Any]) -> None:
    try:
        cls = unchecked(Signal)[tuple(args)]
    except Exception:  # noqa: BLE001 - what it takes, typing decides
        return
    repr(cls().send(None, size=1))


def _read(signal: Any, _args: list[Any], _kwargs: dict[Any, Any]) -> None:
    repr(signal)
    for connection in signal.receivers:
        assert repr(connection).startswith("<Connection ")


CALLS: Final[dict[str, Callable[[Any, list[Any], dict[Any, Any]], object]]] = {
    "connect": lambda signal, args, kwargs: signal.connect(*args, **kwargs),
    "connect known": lambda signal, args, kwargs: signal.connect(log, *args, **kwargs),
    "disconnect": lambda signal, args, kwargs: signal.disconnect(*args, **kwargs),
    "has_listeners": lambda signal, args, kwargs: signal.has_listeners(*args, **kwargs),
    "send": lambda signal, args, kwargs: signal.send(*args, **kwargs),
    "send size": lambda signal, args, kwargs: signal.send(*args, **{"size": 1, **kwargs}),
    "send_robust": lambda signal, args, kwargs: signal.send_robust(*args, **kwargs),
    "asend": lambda signal, args, kwargs: asyncio.run(signal.asend(*args, **kwargs)),
    "asend_robust": lambda signal, args, kwargs: asyncio.run(signal.asend_robust(*args, **kwargs)),
    "receiver": lambda signal, args, kwargs: unchecked(receiver)(*args, **kwargs),
    "decorate": lambda signal, args, kwargs: receiver(signal, **kwargs)(*args),
    "decorate twice": lambda signal, args, kwargs: receiver([signal, *args[:-1]], **kwargs)(
        *args[-1:]
    ),
    "declare": lambda signal, args, kwargs: unchecked(Signal).declare(*args).send(None, size=1),
    "Signal": lambda signal, args, kwargs: unchecked(Signal)(*args, **kwargs),
    "subscript": _subscript,
    "read": _read,
}

KEYS: Final = (
    *("receiver", "sender", "weak", "dispatch_uid", "signal", "use_caching"),
    *("size", "toppings", "note", "sise", "self", "args", "kwargs", "method", "payload"),
    *("", "class", "\ud800", "long", 1, None),
)

SIGNALS: Final = sorted(make_signals())
OBJECTS: Final = sorted(World().objects)
steps = st.tuples(
    st.sampled_from(sorted(CALLS)),
    st.sampled_from(SIGNALS),
    st.lists(st.sampled_from(OBJECTS), max_size=5),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(OBJECTS), max_size=4),
)


def refusal(world: World, name: str, signal: str, args: list[str], kwargs: dict[Any, str]) -> Any:
    """
    Return the error of one call, None if it works.
    """
    passed = [world.objects[arg] for arg in args]
    named = {LONG if key == "long" else key: world.objects[value] for key, value in kwargs.items()}
    try:
        CALLS[name](world.signals[signal], passed, named)
    except Exception as error:  # noqa: BLE001 - it is checked
        return error
    return None


def test_every_call_works_or_is_refused(step: Callable[[], None]) -> None:
    refused_calls: dict[str, set[bool]] = {name: set() for name in CALLS}

    @given(st.lists(steps, min_size=1, max_size=12))
    @example([(name, "declared", ["log"], {}) for name in CALLS])
    @example([("receiver", "other", [name], {"weak": "zero"}) for name in ("other", "signals")])
    @example([(name, "declared", ["Store"], {"size": "one", "toppings": "one"}) for name in CALLS])
    @example([("connect", "declared", [name], {}) for name in OBJECTS])
    @example([(name, "untyped", ["Store"], {}) for name in CALLS])
    @example([("decorate", "untyped", ["bake"], {"dispatch_uid": name}) for name in OBJECTS])
    @example([("decorate twice", "other", [name, "bake"], {}) for name in OBJECTS])
    @example([("subscript", "declared", ["Store", name], {}) for name in OBJECTS])
    def check(sequence: list[tuple[str, str, list[str], dict[Any, str]]]) -> None:
        step()
        world = World()
        for call in sequence:
            before = world.tables()
            error = refusal(world, *call)
            refused_calls[call[0]].add(error is not None)
            if error is None:
                continue
            shown = f"{call}: {type(error).__name__}: {str(error)[:1000]}"
            assert type(error) in DOCUMENTED, shown
            assert type(error) is not TypeError or NAMED.search(str(error)), shown
            # Python does not shorten the name of an unexpected argument.
            assert len(str(error).replace(LONG, "")) < LONGEST_MESSAGE, shown
            assert world.tables() == before, shown

    check()
    # Each of the calls both worked and raised.
    always = {"has_listeners", "read"}
    assert {name for name, seen in refused_calls.items() if len(seen) < 2} <= always
