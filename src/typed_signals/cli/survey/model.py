"""
The facts that a survey finds: signals, sends and receivers, each with its place.

All are plain data, so that a survey can be stored as JSON and read again.
"""

from __future__ import annotations

import dataclasses
import types
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from typed_signals._shared.messages import DELIVERY_NAME

from .written_types import WrittenType, type_from_json, type_to_json

SignalKind: TypeAlias = Literal["typed", "django", "builtin", "blinker", "other"]
"""
``typed`` is a signal of this library, whatever its engine; ``django`` one of Django's class,
``builtin`` one that Django itself defines; ``other`` has a class that is not known.
"""


@dataclass(frozen=True, order=True)
class Place:
    """
    A place in the source.
    """

    path: str
    """Relative to the root of the survey, with ``/``; absolute outside of it."""

    line: int
    """The first line is 1."""

    column: int = 0
    """The first column is 0."""

    def __str__(self) -> str:
        """
        Return the place as ``shop/store.py:40``.
        """
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Key:
    """
    A key of a payload.
    """

    type: WrittenType
    required: bool = True


@dataclass(frozen=True)
class SignalFact:
    """
    A signal that the project defines, sends or receives.
    """

    fullname: str
    """The module that defines it and its name in it, like ``shop.signals.pizza_done``."""

    place: Place | None
    """None if its source was not read."""

    kind: SignalKind
    engine: str
    """The full name of its class."""

    in_project: bool = True
    """Whether the surveyed code defines it."""

    payload: dict[str, Key] | None = None
    """The declared keys; None without a declaration."""

    payload_type: WrittenType | None = None
    sender: WrittenType | None = None
    """The declared sender."""

    is_declared_by_us: bool = False
    """Whether only our package of declarations declares it, although the project defines it."""

    documented: tuple[str, ...] = ()
    """The keys that ``providing_args``, a comment or a docstring names."""

    comment: str = ""
    """The comment or docstring."""

    aliases: tuple[str, ...] = ()
    """Other full names of it."""

    related: tuple[str, ...] = ()
    """The signals that the attribute is in base classes and in subclasses, if it is another one."""


@dataclass(frozen=True)
class SendFact:
    """
    A call that sends a signal.
    """

    signal: str | None
    """The full name; None if it is not known which signal is sent."""

    place: Place
    method: str
    """Like ``send`` or ``send_robust``; another name for a method of a subclass."""

    keys: dict[str, Key] = field(default_factory=dict)
    """What is sent. A key is not required if it is only sent under a condition."""

    sender: WrittenType | None = None
    """The type of the sender: of a class, ``type[...]``; None without a sender."""

    sender_text: str = ""
    """The sender in the source."""

    positional: tuple[WrittenType, ...] = ()
    """The types of arguments by position other than the sender."""

    spread: tuple[str, ...] = ()
    """What is unpacked by ``**`` and may contain other keys, as in the source."""

    module: str = ""
    """The full name of the module that contains the call."""

    function: str = ""
    """The full name of the function that contains the call; empty at module level."""

    through: tuple[str, ...] = ()
    """The full names of the wrappers that are called instead of the signal, the first one first."""

    why_unknown: str = ""
    """Why the signal is not known."""

    in_tests: bool = False
    """Whether it is in code of tests, which may send anything."""


ParameterKind: TypeAlias = Literal["positional", "any", "keyword"]


@dataclass(frozen=True)
class ReceiverParameter:
    """
    A parameter of a receiver, other than ``*args`` and ``**kwargs``.
    """

    name: str
    type: WrittenType | None = None
    """The annotation; None without one."""

    required: bool = True
    kind: ParameterKind = "any"
    """``positional`` and ``keyword`` are only passed so, others both ways."""


@dataclass(frozen=True)
class ReceiverFact:
    """
    A receiver that is connected to a signal.
    """

    signal: str | None
    """The full name; None if it is not known which signal it is."""

    place: Place
    """Where it is connected; for a decorator, the decorator's."""

    name: str
    """Its full name, or its source if it has none."""

    defined: Place | None = None
    """Where it is defined, if that is known."""

    sender: WrittenType | None = None
    """The sender that it is connected to; None for all senders."""

    sender_text: str = ""
    """This sender in the source."""

    parameters: tuple[ReceiverParameter, ...] | None = None
    """None if they are not known."""

    kwargs: str | None = None
    """The name of ``**kwargs``; None without it."""

    reads: tuple[str, ...] = ()
    """The keys that it reads from its ``**kwargs``."""

    may_read_more: bool = True
    """Whether it may also read other keys, because it passes its ``**kwargs`` on, for example."""

    form: str = ""
    """How it is connected: ``@receiver``, ``connect``, ..."""

    is_async: bool = False
    in_background: bool = False
    """Whether it runs in the background, or may."""

    why_unknown: str = ""
    """Why the signal is not known."""

    in_tests: bool = False
    """Whether it is in code of tests."""

    @property
    def key_parameters(self) -> tuple[ReceiverParameter, ...]:
        """
        The parameters that are for keys: not the delivery, which a payload rarely has as a key.
        """
        return tuple(
            each
            for each in self.parameters or ()
            if not (self.in_background and each.name == DELIVERY_NAME)
        )


@dataclass(frozen=True)
class Survey:
    """
    All facts about a project.
    """

    root: str
    """The folder to which places are relative."""

    signals: tuple[SignalFact, ...] = ()
    sends: tuple[SendFact, ...] = ()
    receivers: tuple[ReceiverFact, ...] = ()
    problems: tuple[str, ...] = ()
    """What prevented that all files were read."""

    ancestors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For each class in a type, the classes that it inherits from, like ``shop.models:Order``."""

    of_tests: tuple[str, ...] = ()
    """Those of all these classes that tests define, or that are mocks."""

    def signal(self, fullname: str) -> SignalFact | None:
        """
        Return the signal with this name or alias; None if there is none.
        """
        for fact in self.signals:
            if fact.fullname == fullname or fullname in fact.aliases:
                return fact
        return None

    def sends_of(self, fact: SignalFact) -> list[SendFact]:
        """
        Return the sends of a signal.
        """
        return [send for send in self.sends if send.signal == fact.fullname]

    def receivers_of(self, fact: SignalFact) -> list[ReceiverFact]:
        """
        Return the receivers of a signal.
        """
        return [receiver for receiver in self.receivers if receiver.signal == fact.fullname]


def facts_to_json(value: object) -> Any:
    """
    Return facts as JSON data. Fields with their default value are left out.
    """
    if isinstance(value, get_args(WrittenType)):
        return type_to_json(cast("WrittenType", value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: facts_to_json(getattr(value, each.name))
            for each in dataclasses.fields(value)
            if getattr(value, each.name) != _default_of(each)
        }
    if isinstance(value, dict):
        return {key: facts_to_json(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [facts_to_json(each) for each in value]
    return value


def _default_of(each: dataclasses.Field[Any]) -> object:
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return each.default


def facts_from_json(cls: Any, data: Any) -> Any:
    """
    Return the facts of which *data* is the JSON.

    Args:
        cls: their class, like ``Survey``.
        data: the JSON data.
    """
    if cls == WrittenType:
        return type_from_json(data)
    if dataclasses.is_dataclass(cls):
        hints = get_type_hints(cls)
        made: Any = cls
        return made(**{name: facts_from_json(hints[name], each) for name, each in data.items()})
    origin, args = get_origin(cls), get_args(cls)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        others = [arg for arg in args if arg is not types.NoneType]
        one = others[0] if len(others) == 1 else WrittenType
        return facts_from_json(one, data)
    if origin is tuple:
        return tuple(facts_from_json(args[0], each) for each in data)
    if origin is dict:
        return {key: facts_from_json(args[1], each) for key, each in data.items()}
    return data
