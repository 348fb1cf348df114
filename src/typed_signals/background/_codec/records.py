"""
Kinds of classes with declared fields: dataclasses, classes of attrs and msgspec, named tuples, and
TypedDicts.

A value is written as an object. It comes back with all its fields as they were, so ``__init__`` is
not called again.
"""

from __future__ import annotations

import dataclasses
import sys
from abc import abstractmethod
from functools import cached_property, partial
from inspect import getattr_static
from types import MappingProxyType, MemberDescriptorType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import msgspec

from typed_signals._declare.keys import as_typed_dict, from_typed_dict
from typed_signals._shared.messages import listed, shown

from .kind import Definitions, Kind
from .problems import CannotTravel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

HAVE_DEFAULT: Final = "x-have-default"
"""In a schema: the required keys that are always written, but may be missing when they are read."""

# Where attrs stores the hash of an object.
_ATTRS_HASH: Final = "_attrs_cached_hash"
# What objects may store besides their fields: this, and their type arguments.
_IGNORED: Final = frozenset({_ATTRS_HASH, "__orig_class__"})

# Types without this flag are written in C (Py_TPFLAGS_HEAPTYPE).
_IS_HEAP_TYPE: Final = 1 << 9


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


class _Fields(Record):
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


@final
class NamedTuples(_Fields):
    """
    A named tuple with annotations.
    """

    def __init__(self, cls: Any, name: str) -> None:
        defaults = cls._field_defaults
        super().__init__(
            cls, name, [Field(each, each, each not in defaults) for each in cls._fields]
        )

    def values_of(self, value: Any) -> Mapping[str, Any]:
        _check_others(getattr(value, "__dict__", {}), self.name)
        return dict(zip(self._cls._fields, tuple.__iter__(value), strict=True))

    def made_of(self, values: dict[str, Any]) -> Any:
        values = {**self._cls._field_defaults, **values}
        return tuple.__new__(self._cls, [values[field.name] for field in self.fields])


class _Attributes(_Fields):
    """
    A class with fields in the attributes of its objects.
    """

    def __init__(self, cls: Any, name: str, fields: Iterable[Field]) -> None:
        super().__init__(cls, name, fields)
        self._names = frozenset(field.name for field in self.fields)
        for each in self._names:
            static = getattr_static(cls, each, None)
            if hasattr(type(static), "__set__") and not isinstance(static, MemberDescriptorType):
                raise CannotTravel(f"is {name}, whose {each} is computed", "declare a plain field")
        self._has_dict = bool(cls.__dictoffset__)
        stored = [each for base in cls.__mro__ for each in vars(base).items()]
        self._slots = [each for _, each in stored if isinstance(each, MemberDescriptorType)]
        cached = [each for each, value in stored if isinstance(value, cached_property)]
        self._ignored = _IGNORED.union(cached)

    def values_of(self, value: Any) -> Mapping[str, Any]:
        # No code of the class runs.
        values = dict(object.__getattribute__(value, "__dict__")) if self._has_dict else {}
        for slot in self._slots:
            try:  # it may not be set
                values[slot.__name__] = slot.__get__(value)
            except AttributeError:
                continue
        if values.keys() != self._names:
            _check_others(values.keys() - self._names - self._ignored, self.name)
            for each in self._names - values.keys():
                try:  # it may have the default value of the class
                    values[each] = object.__getattribute__(value, each)
                except AttributeError:
                    raise CannotTravel(f"has no {each!r}", "set it") from None
        return values


@final
class Struct(_Attributes):
    """
    A subclass of ``msgspec.Struct``.
    """

    def __init__(self, cls: Any, name: str) -> None:
        config = cls.__struct_config__
        if not config.eq:
            raise _compares_by_identity(name)
        names = cls.__struct_fields__
        defaults = cls.__struct_defaults__  # of the last ones
        are_required = [True] * (len(names) - len(defaults))
        are_required += [default is msgspec.NODEFAULT for default in defaults]
        keys = cls.__struct_encode_fields__
        super().__init__(cls, name, map(Field, names, keys, are_required))
        self._label = name if config.tag is None else str(config.tag)

    @property
    def label(self) -> str:
        return self._label

    def made_of(self, values: dict[str, Any]) -> Any:
        made = self._cls(**values)
        for name, value in values.items():  # __post_init__ may have changed them
            msgspec.structs.force_setattr(made, name, value)
        return made


class _Object(_Attributes):
    """
    A class whose objects are made without its ``__init__``.
    """

    def __init__(
        self, cls: Any, name: str, fields: Iterable[str], defaults: dict[str, Callable[[Any], Any]]
    ) -> None:
        """
        Args:
            cls: the class.
            name: its name, with its type arguments.
            fields: the names of the fields.
            defaults: return the default values of fields, given the unfinished object.
        """
        super().__init__(cls, name, [Field(each, each, each not in defaults) for each in fields])
        self._defaults = defaults
        if cls.__eq__ is object.__eq__:
            raise _compares_by_identity(name)
        for base in cls.__mro__[:-1]:
            if not base.__flags__ & _IS_HEAP_TYPE:
                what = f"is {name}, which inherits from {base.__name__}"
                raise CannotTravel(what, "declare its data instead")
        # Only __init__ would set this.
        names = getattr(getattr(cls.__hash__, "__code__", None), "co_names", ())
        self._stores_hash = _ATTRS_HASH in names

    def made_of(self, values: dict[str, Any]) -> Any:
        made = object.__new__(self._cls)
        for field in self.fields:
            name = field.name
            value = values[name] if name in values else self._defaults[name](made)
            object.__setattr__(made, name, value)
        if self._stores_hash:
            object.__setattr__(made, _ATTRS_HASH, None)
        return made


@final
class Dataclass(_Object):
    """
    A dataclass.
    """

    def __init__(self, cls: Any, name: str) -> None:
        fields = dataclasses.fields(cls)
        defaults: dict[str, Callable[[Any], Any]] = {}
        for each in fields:
            if each.default is not dataclasses.MISSING:
                defaults[each.name] = partial(_constant, each.default)
            elif each.default_factory is not dataclasses.MISSING:
                defaults[each.name] = partial(_made_by, each.default_factory)
        super().__init__(cls, name, [each.name for each in fields], defaults)


@final
class Attrs(_Object):
    """
    A class of attrs.
    """

    def __init__(self, cls: Any, name: str) -> None:
        attr = sys.modules["attr"]
        fields = cls.__attrs_attrs__
        defaults: dict[str, Callable[[Any], Any]] = {}
        for each in fields:
            # Only __init__ converts a default.
            if each.default is not attr.NOTHING and each.converter is None:
                default = each.default
                if not isinstance(default, attr.Factory):
                    defaults[each.name] = partial(_constant, default)
                elif default.takes_self:
                    defaults[each.name] = default.factory
                else:
                    defaults[each.name] = partial(_made_by, default.factory)
        super().__init__(cls, name, [each.name for each in fields], defaults)
        self.types = {each.name: each.type for each in fields if each.type is not None}


def _constant(value: object, _made: object) -> object:
    return value


def _made_by(factory: Callable[[], object], _made: object) -> object:
    return factory()


def _check_others(names: Iterable[object], record: str) -> None:
    """
    Raise CannotTravel if an object has attributes, called *names*, besides its fields.
    """
    if names:
        what = f"has {listed(names)}, which {record} does not declare"
        raise CannotTravel(what, "declare it as a field")


def _compares_by_identity(name: str) -> CannotTravel:
    return CannotTravel(f"is {name}, whose objects only equal themselves", "define its __eq__")


def record_class(cls: Any) -> Callable[[Any, str], Record] | None:
    """
    Return the class of records for *cls*; None if that does not declare its fields.
    """
    if as_typed_dict(cls) is not None:
        return TypedDictionary
    if not isinstance(cls, type):
        return None
    if issubclass(cls, msgspec.Struct):
        return Struct
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return NamedTuples
    if hasattr(cls, "__attrs_attrs__"):
        return Attrs
    return Dataclass if dataclasses.is_dataclass(cls) else None
