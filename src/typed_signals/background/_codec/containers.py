"""
Kinds of lists, tuples, sets and dicts.
"""

from __future__ import annotations

from typing import Any, final

from typed_signals._shared.messages import shown

from .kind import Definitions, Kind
from .problems import CannotTravel


@final
class Items(Kind):
    """
    Any number of items of one type, in a list, tuple, set or frozenset.
    """

    wires = (list,)

    def __init__(self, cls: Any, item: Kind) -> None:
        end = ", ..." if cls is tuple else ""
        self.name = f"{cls.__name__}[{item.name}{end}]"
        self.classes = (cls,)
        self._cls = cls
        self._item = item
        self._is_set = cls in (set, frozenset)

    def dump(self, value: Any) -> Any:
        if type(value) is not self._cls:
            raise self.wrong_type(value)
        wire = []
        dump = self._item.dump
        for index, each in enumerate(value):
            try:
                wire.append(dump(each))
            except CannotTravel as error:
                error.inside(f"{{{shown(each)}}}" if self._is_set else f"[{index}]")
                raise
        return wire

    def load(self, wire: Any) -> Any:
        if type(wire) is not list:
            raise self.unreadable(wire)
        values = []
        load = self._item.load
        for index, each in enumerate(wire):
            try:
                values.append(load(each))
            except CannotTravel as error:
                error.inside(f"[{index}]")
                raise
        if self._cls is list:
            return values
        loaded = self._cls(values)
        if len(loaded) != len(values):
            raise CannotTravel("arrived with equal items", "pass them once")
        return loaded

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        schema = {"type": "array", "items": self._item.schema(definitions)}
        return {**schema, "uniqueItems": True} if self._is_set else schema


@final
class FixedTuple(Kind):
    """
    A tuple with a type for each item.
    """

    wires = (list,)
    classes = (tuple,)

    def __init__(self, items: list[Kind]) -> None:
        self.name = f"tuple[{', '.join(item.name for item in items) or '()'}]"
        self._items = items

    def dump(self, value: Any) -> Any:
        if type(value) is not tuple:
            raise self.wrong_type(value)
        if len(value) != len(self._items):
            raise CannotTravel(f"has {len(value)} items, not {len(self._items)}", "pass all items")
        wire = []
        for index, (item, each) in enumerate(zip(self._items, value, strict=True)):
            try:
                wire.append(item.dump(each))
            except CannotTravel as error:
                error.inside(f"[{index}]")
                raise
        return wire

    def load(self, wire: Any) -> Any:
        if type(wire) is not list or len(wire) != len(self._items):
            raise self.unreadable(wire)
        values = []
        for index, (item, each) in enumerate(zip(self._items, wire, strict=True)):
            try:
                values.append(item.load(each))
            except CannotTravel as error:
                error.inside(f"[{index}]")
                raise
        return tuple(values)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        schema = {"type": "array", "minItems": len(self._items), "maxItems": len(self._items)}
        if not self._items:
            return schema
        return {**schema, "prefixItems": [item.schema(definitions) for item in self._items]}


@final
class Dictionary(Kind):
    """
    A dict with any keys of one type that can be written as text.
    """

    wires = (dict,)
    classes = (dict,)

    def __init__(self, key: Kind, value: Kind) -> None:
        self.name = f"dict[{key.name}, {value.name}]"
        self._key = key
        self._value = value

    def check_key(self) -> None:
        """
        Raise CannotTravel if the keys cannot be written as text.
        """
        if self._key.wires not in ((str,), (int,)):
            raise CannotTravel(
                f"has keys of type {self._key.name}, which JSON cannot hold",
                f"declare list[tuple[{self._key.name}, {self._value.name}]]",
            )

    def dump(self, value: Any) -> Any:
        if type(value) is not dict:
            raise self.wrong_type(value)
        wire = {}
        for key, each in value.items():
            try:
                text = self._key.dump(key)
                wire[text if type(text) is str else str(text)] = self._value.dump(each)
            except CannotTravel as error:
                error.inside(f"[{shown(key)}]")
                raise
        return wire

    def load(self, wire: Any) -> Any:
        if type(wire) is not dict:
            raise self.unreadable(wire)
        is_text = self._key.wires == (str,)
        values = {}
        for key, each in wire.items():
            try:
                values[self._key.load(key if is_text else _integer(key))] = self._value.load(each)
            except CannotTravel as error:
                error.inside(f"[{shown(key)}]")
                raise
        if len(values) != len(wire):
            raise CannotTravel("arrived with equal keys", "pass them once")
        return values

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if self._key.wires == (str,):
            names = self._key.schema(definitions)
        else:
            names = {"type": "string", "pattern": r"^-?\d+$"}
        values = self._value.schema(definitions)
        schema = {"type": "object", "additionalProperties": values}
        return schema if names == {"type": "string"} else {**schema, "propertyNames": names}


def _integer(text: str) -> int | str:
    """
    Return the integer that *text* is, or *text*.
    """
    try:
        return int(text)
    except ValueError:
        return text
