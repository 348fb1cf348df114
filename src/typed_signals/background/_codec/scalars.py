"""
Kinds of values that are not made of others.
"""

from __future__ import annotations

import base64
from decimal import Decimal
from enum import Enum, Flag
from math import isfinite
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, final
from uuid import UUID

import msgspec

from typed_signals._shared.messages import shortened, shown

from .kind import Kind
from .problems import CannotTravel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

FLAGS: Final = "x-flags"
"""In a schema: the flags that the number is the sum of."""

# Python does not read or write integers with more than 4300 digits by default.
_LARGEST_INT: Final = 2**8192

_JSON_TYPES: Final[dict[type, str]] = {
    NoneType: "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
}


@final
class Same(Kind):
    """
    ``None`` and ``bool``, which are the same in JSON.
    """

    def __init__(self, cls: type) -> None:
        self.name = "None" if cls is NoneType else cls.__name__
        self.classes = self.wires = (cls,)
        self.own_schema = {"type": _JSON_TYPES[cls]}
        self._cls = cls

    def dump(self, value: Any) -> Any:
        if type(value) is self._cls:
            return value
        raise self.wrong_type(value)

    def load(self, wire: Any) -> Any:
        if type(wire) is self._cls:
            return wire
        raise self.unreadable(wire)


@final
class Integer(Kind):
    """
    ``int``.
    """

    name = "int"
    classes = wires = (int,)
    own_schema: Mapping[str, Any] = {"type": "integer"}

    def dump(self, value: Any) -> Any:
        if type(value) is int:
            if -_LARGEST_INT < value < _LARGEST_INT:
                return value
            raise CannotTravel("is too large for JSON", "pass it as str")
        raise self.wrong_type(value)

    def load(self, wire: Any) -> Any:
        if type(wire) is int:
            return wire
        raise self.unreadable(wire)


@final
class Floating(Kind):
    """
    ``float``, which is also declared for an int (typing specification, "float and complex").
    """

    name = "float"
    classes = wires = (float, int)
    own_schema: Mapping[str, Any] = {"type": "number"}

    def dump(self, value: Any) -> Any:
        if type(value) is float:
            if isfinite(value):
                return value
            raise CannotTravel(f"is {value}, which JSON cannot hold", "pass None, or a Decimal")
        if type(value) is int:
            return INTEGER.dump(value)
        raise self.wrong_type(value)

    def load(self, wire: Any) -> Any:
        if type(wire) is float or type(wire) is int:
            return wire
        raise self.unreadable(wire)


class Text(Kind):
    """
    A class whose values are written as text.
    """

    wires = (str,)

    def __init__(
        self,
        cls: type,
        write: Callable[[Any], str],
        read: Callable[[str], object],
        schema: dict[str, Any],
    ) -> None:
        self.name = cls.__name__
        self.classes = (cls,)
        self._cls = cls
        self._write = write
        self._read = read
        self.own_schema = {"type": "string", **schema}

    def dump(self, value: Any) -> Any:
        if type(value) is self._cls:
            return self._write(value)
        raise self.wrong_type(value)

    def load(self, wire: Any) -> Any:
        if type(wire) is str:
            try:
                return self._read(wire)
            except CannotTravel:
                raise
            except Exception as error:
                raise self.unreadable(wire) from error
        raise self.unreadable(wire)


def check_text(value: str) -> str:
    """
    Return *value*; it is refused if it has surrogates, which are not text.
    """
    # The character NUL is escaped in JSON. PostgreSQL's jsonb refuses this escape, but a delivery
    # is one text for an engine, in which the backslash is escaped once more.
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            character = value[error.start]
            raise CannotTravel(
                f"has the surrogate {character!a}, which is not text", "pass bytes"
            ) from error
    return value


def _write_decimal(value: Decimal) -> str:
    if value.is_nan():
        raise CannotTravel(f"is {value}, which is not equal to itself", "pass None")
    return str(value)


def _read_decimal(text: str) -> Decimal:
    value = Decimal(text)
    if value.is_nan():
        raise ValueError(text)
    return value


NONE: Final = Same(NoneType)
INTEGER: Final = Integer()
STRING: Final = Text(str, check_text, str, {})

SCALARS: Final[dict[type, Kind]] = {
    NoneType: NONE,
    bool: Same(bool),
    int: INTEGER,
    float: Floating(),
    str: STRING,
    bytes: Text(
        bytes,
        lambda value: base64.b64encode(value).decode("ascii"),
        lambda text: base64.b64decode(text, validate=True),
        {"contentEncoding": "base64"},
    ),
    Decimal: Text(Decimal, _write_decimal, _read_decimal, {"format": "decimal"}),
    UUID: Text(UUID, msgspec.to_builtins, UUID, {"format": "uuid"}),
}


class Choice(Kind):
    """
    A known list of values.
    """

    def __init__(self, name: str, wires: Iterable[tuple[Any, Any]]) -> None:
        """
        Args:
            name: the type.
            wires: each value, and what is written.

        Raises:
            CannotTravel: the same is written for two values.
        """
        self.name = name
        by_value = {_exactly(value): (value, wire) for value, wire in wires}
        self._wires = {key: wire for key, (_, wire) in by_value.items()}
        self._values = {_exactly(wire): value for value, wire in by_value.values()}
        if len(self._wires) != len(self._values):
            raise CannotTravel(f"is {name}, with values that are the same in JSON", "declare str")
        self.values = list(self._values.values())
        self.classes = tuple(dict.fromkeys(cls for cls, _ in self._wires))
        self.wires = tuple(dict.fromkeys(cls for cls, _ in self._values))
        types = [_JSON_TYPES[cls] for cls in self.wires]
        self.own_schema = {
            "type": types[0] if len(types) == 1 else types,
            "enum": [wire for _, wire in self._values],
        }

    def dump(self, value: Any) -> Any:
        if type(value) not in self.classes:
            raise self.wrong_type(value)
        wire = self._wires.get(_exactly(value), self)
        if wire is self:
            raise self.wrong_type(value)
        return wire

    def load(self, wire: Any) -> Any:
        if type(wire) not in self.wires or _exactly(wire) not in self._values:
            raise self.unreadable(wire)
        return self._values[_exactly(wire)]


def _exactly(value: Any) -> tuple[type, Any]:
    """
    Return a key for *value*: 1 == True, and members of an enum may define what they are equal to.
    """
    cls = type(value)
    return cls, value._name_ if issubclass(cls, Enum) else value


@final
class Literal(Choice):
    """
    ``Literal[...]``.
    """

    def __init__(self, values: Iterable[Any]) -> None:
        wires = [(value, _literal(value)) for value in values]
        texts = ", ".join(_written(value) for value, _ in wires)
        super().__init__(f"Literal[{shortened(texts)}]", wires)

    def wrong_type(self, value: object) -> CannotTravel:
        return CannotTravel(f"is {shown(value)}, not one of {self.name}", "pass one of these")


def _written(value: Any) -> str:
    """
    Return *value* as in the declaration.

    The name of a kind travels in unions, and an enum may define what its members are as text, which
    may depend on the language.
    """
    cls = type(value)
    return f"{cls.__name__}.{value._name_}" if issubclass(cls, Enum) else repr(value)


def _literal(value: object) -> object:
    """
    Return what is written for a *value* of ``Literal``.

    Raises:
        CannotTravel: it is not valid there.
    """
    cls: Any = type(value)
    kind = enum_kind(cls) if issubclass(cls, Enum) else SCALARS.get(cls)
    if kind is None:
        raise CannotTravel(f"is Literal[{shown(value)}], which is invalid", "correct the type")
    return kind.dump(value)


@final
class Flags(Kind):
    """
    A class of flags.
    """

    wires = (int,)

    def __init__(self, cls: type[Flag]) -> None:
        self.name = cls.__name__
        self.own_schema = {"type": "integer", FLAGS: [flag.value for flag in cls]}
        self.classes = (cls,)
        self._cls = cls

    def dump(self, value: Any) -> Any:
        if type(value) is not self._cls:
            raise self.wrong_type(value)
        return INTEGER.dump(value._value_)

    def load(self, wire: Any) -> Any:
        try:
            loaded = self._cls(INTEGER.load(wire))
        except Exception as error:
            raise self.unreadable(wire) from error
        if type(loaded) is not self._cls:
            raise self.unreadable(wire)
        return loaded


def enum_kind(cls: type[Enum]) -> Kind:
    """
    Return the kind of an enum: written by value if all values are str or all are int, else by name.
    """
    if issubclass(cls, Flag):
        return Flags(cls)
    members: list[Any] = list(cls)
    by_value = {type(member._value_) for member in members} in ({str}, {int})
    wires = [(each, each._value_ if by_value else each._name_) for each in members]
    if not wires:
        raise CannotTravel(f"is {cls.__name__}, an enum without members", "declare a subclass")
    return Choice(cls.__name__, wires)
