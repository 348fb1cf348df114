"""
Kinds of classes with declared fields, which are written as objects.
"""

from __future__ import annotations

from abc import abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

from typed_signals._declare.keys import from_typed_dict
from typed_signals._shared.messages import listed, shown

from .kind import Definitions, Kind
from .problems import CannotTravel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HAVE_DEFAULT: Final = "x-have-default"
"""In a schema: the required keys that are always written, but may be missing when they are read."""


class Field(NamedTuple):
    """
    A field of a record.

    Attributes:
        name: its name.
        key: its name in JSON.
        is_required: whether it has to arrive, because it has no default.
    """

    name: str
    key: str
    is_required: bool


class Record(Kind):
    """
    A class with declared fields.

    Attributes:
        fields: its fields.
        types: the types of fields that may have no annotation.
        is_whole: whether all fields are written.
    """

    wires = (dict,)
    types: Mapping[str, Any] = MappingProxyType({})
    is_whole = False

    def __init__(self, cls: Any, name: str, fields: Iterable[Field]) -> None:
        """
        Args:
            cls: the class.
            name: its name, with its type arguments.
            fields: its fields.

        Raises:
            CannotTravel: its values do not come back equal.
        """
        self.name = name
        self.classes = (cls,)
        self.fields = tuple(fields)
        self._cls = cls
        self._kinds: list[tuple[Field, Kind]]

    def settle(self, kinds: Mapping[str, Kind]) -> None:
        """
        Set the kind of each field.
        """
        self._kinds = [(field, kinds[field.name]) for field in self.fields]

    def missing(self, key: str) -> CannotTravel:
        """
        Return the refusal of what arrived without *key*.
        """
        return CannotTravel(
            f"arrived without {key!r}, which {self.name} requires",
            "make it optional until no older process sends",
        )

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        cls = self._cls
        name = f"{cls.__module__}.{cls.__qualname__.rpartition('<locals>.')[2]}"
        _, bracket, arguments = self.name.partition("[")
        letters = (each if each.isalnum() else "_" for each in arguments[:-1])
        full = f"{name}_{''.join(letters)}" if bracket else name
        return definitions.refer((cls, self.name), full, lambda: self._described(definitions))

    def _described(self, definitions: Definitions) -> dict[str, Any]:
        schema = {
            "title": self.name,
            "type": "object",
            "properties": {field.key: kind.schema(definitions) for field, kind in self._kinds},
            "required": [each.key for each in self.fields if each.is_required or self.is_whole],
        }
        if self.is_whole and (optional := [f.key for f in self.fields if not f.is_required]):
            schema[HAVE_DEFAULT] = optional
        return schema


@final
class TypedDictionary(Record):
    """
    A TypedDict, whose keys keep their order.
    """

    def __init__(self, cls: Any, name: str) -> None:
        payload = from_typed_dict(cls)
        required = [Field(key, key, is_required=True) for key in payload.required]
        optional = [Field(key, key, is_required=False) for key in payload.optional]
        super().__init__(cls, name, [*required, *optional])
        self.classes = (dict,)
        self._required = payload.required_keys
        self._by_key: Mapping[str, Kind]

    def settle(self, kinds: Mapping[str, Kind]) -> None:
        super().settle(kinds)
        self._by_key = kinds

    def dump(self, value: Any) -> Any:
        if type(value) is not dict:
            raise self.wrong_type(value)
        wire = {}
        for key, each in value.items():
            if type(key) is not str or key not in self._by_key:
                what = f"has {shown(key)}, which {self.name} does not declare"
                raise CannotTravel(what, "remove it")
            try:
                wire[key] = self._by_key[key].dump(each)
            except CannotTravel as error:
                error.inside(f"[{key!r}]")
                raise
        if not self._required <= wire.keys():
            missing = listed(sorted(self._required - wire.keys()))
            raise CannotTravel(f"has no {missing}", f"set it, {self.name} requires it")
        return wire

    def load(self, wire: Any) -> Any:
        if type(wire) is not dict:
            raise self.unreadable(wire)
        values = {}
        for key, each in wire.items():
            if key in self._by_key:
                try:
                    values[key] = self._by_key[key].load(each)
                except CannotTravel as error:
                    error.inside(f"[{key!r}]")
                    raise
        if missing := self._required - values.keys():
            raise self.missing(min(missing))
        return values


class Fields(Record):
    """
    A class whose objects always have all fields.
    """

    is_whole = True

    @abstractmethod
    def values_of(self, value: Any) -> Mapping[str, Any]:
        """
        Return the values of all fields of *value*, by name.

        Raises:
            CannotTravel: it has others, or lacks one.
        """

    @abstractmethod
    def made_of(self, values: dict[str, Any]) -> Any:
        """
        Return the object with these *values* of fields.
        """

    def dump(self, value: Any) -> Any:
        if type(value) is not self._cls:
            raise self.wrong_type(value)
        values = self.values_of(value)
        wire = {}
        for field, kind in self._kinds:
            try:
                wire[field.key] = kind.dump(values[field.name])
            except CannotTravel as error:
                error.inside(f".{field.name}")
                raise
        return wire

    def load(self, wire: Any) -> Any:
        if type(wire) is not dict:
            raise self.unreadable(wire)
        values = {}
        for field, kind in self._kinds:
            if field.key in wire:
                try:
                    values[field.name] = kind.load(wire[field.key])
                except CannotTravel as error:
                    error.inside(f".{field.name}")
                    raise
            elif field.is_required:
                raise self.missing(field.key)
        return self.made_of(values)
