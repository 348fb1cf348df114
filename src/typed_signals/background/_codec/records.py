"""
Kinds of classes with declared fields: dataclasses, classes of attrs and msgspec, named tuples, and
TypedDicts.

A value is written as an object. It comes back with all its fields as they were, so ``__init__`` and
``__post_init__`` are not called again.
"""

from __future__ import annotations

import dataclasses
import sys
from functools import cached_property
from inspect import getattr_static
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import msgspec

from typed_signals._declare.keys import as_typed_dict, from_typed_dict
from typed_signals._shared.messages import listed, shown

from .kind import Definitions, Kind
from .problems import CannotTravel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Where attrs stores the hash of a value.
_ATTRS_HASH: Final = "_attrs_cached_hash"
_IS_HEAP_TYPE: Final = 1 << 9


class Field(NamedTuple):
    """
    A field of a record.

    Attributes:
        name: its name.
        key: its name in JSON.
        is_required: whether it has to be there, because it has no default.
        default: returns the default value, given the unfinished object; None if the object has
            it already, or has none.
    """

    name: str
    key: str
    is_required: bool
    default: Callable[[Any], Any] | None = None


class Record(Kind):
    """
    A class with declared fields.
    """

    wires = (dict,)

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
        self._kinds: list[tuple[Field, Kind]] = []

    def settle(self, kinds: Mapping[str, Kind]) -> None:
        """
        Set the kind of each field.
        """
        self._kinds = [(field, kinds[field.name]) for field in self.fields]

    def values_of(self, value: Any) -> Mapping[str, Any]:
        """
        Return the values of the fields of *value*, by name.

        Raises:
            CannotTravel: it has others, or lacks one.
        """
        raise NotImplementedError

    def made_of(self, values: dict[str, Any]) -> Any:
        """
        Return the object with these *values* of its fields.
        """
        raise NotImplementedError

    def dump(self, value: Any) -> Any:
        if type(value) is not self.classes[0]:
            raise self.wrong_type(value)
        values = self.values_of(value)
        wire = {}
        for field, kind in self._kinds:
            if field.name in values:
                try:
                    wire[field.key] = kind.dump(values[field.name])
                except CannotTravel as error:
                    error.inside(f".{field.name}")
                    raise
            else:
                raise CannotTravel(f"has no {field.name!r}", f"set it, {self.name} declares it")
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
        try:
            return self.made_of(values)
        except Exception as error:
            raise CannotTravel(f"cannot be made a {self.name}: {shown(error)}") from error

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
        return {
            "title": self.name,
            "type": "object",
            "properties": {field.key: kind.schema(definitions) for field, kind in self._kinds},
            "required": [field.key for field in self.fields if field.is_required],
        }


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
        self._by_key: Mapping[str, Kind] = {}

    def settle(self, kinds: Mapping[str, Kind]) -> None:
        super().settle(kinds)
        self._by_key = kinds

    def dump(self, value: Any) -> Any:
        if type(value) is not dict:
            raise self.wrong_type(value)
        wire = {}
        for key, each in value.items():
            if key not in self._by_key:
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
        for key in self._required:
            if key not in values:
                raise self.missing(key)
        return values


@final
class NamedTuples(Record):
    """
    A named tuple with annotations.
    """

    def __init__(self, cls: Any, name: str) -> None:
        defaults = cls._field_defaults
        fields = [_field(each, defaults.get(each, _NO_DEFAULT)) for each in cls._fields]
        super().__init__(cls, name, fields)
        if cls.__eq__ is not tuple.__eq__ and cls.__eq__ is object.__eq__:
            raise _compares_by_identity(cls)

    def values_of(self, value: Any) -> Mapping[str, Any]:
        if getattr(value, "__dict__", None):
            raise _other_attributes(self.name, value.__dict__)
        names = self._cls._fields
        return dict(zip(names, tuple.__iter__(value), strict=True))

    def made_of(self, values: dict[str, Any]) -> Any:
        for field in self.fields:
            if field.name not in values and field.default is not None:
                values[field.name] = field.default(None)
        return tuple.__new__(self._cls, [values[field.name] for field in self.fields])


@final
class Struct(Record):
    """
    A subclass of ``msgspec.Struct``.
    """

    def __init__(self, cls: Any, name: str) -> None:
        if not cls.__struct_config__.eq:
            raise _compares_by_identity(cls)
        names = cls.__struct_fields__
        defaults = (*cls.__struct_defaults__,)
        first = len(names) - len(defaults)
        fields = [
            Field(each, key, index < first or defaults[index - first] is msgspec.NODEFAULT)
            for index, (each, key) in enumerate(
                zip(names, cls.__struct_encode_fields__, strict=True)
            )
        ]
        super().__init__(cls, name, fields)
        self._others = _Others(cls, names)
        tag = cls.__struct_config__.tag
        self._label = name if tag is None else str(tag)

    @property
    def label(self) -> str:
        return self._label

    def values_of(self, value: Any) -> Mapping[str, Any]:
        self._others.check(value, self.name)
        return _read_fields(value, self.fields)

    def made_of(self, values: dict[str, Any]) -> Any:
        made = self._cls(**values)
        for name, value in values.items():  # __post_init__ may have changed them
            msgspec.structs.force_setattr(made, name, value)
        return made


class _Object(Record):
    """
    A class with fields in the attributes of its objects.
    """

    def __init__(self, cls: Any, name: str, fields: Iterable[Field]) -> None:
        super().__init__(cls, name, fields)
        if cls.__eq__ is object.__eq__:
            raise _compares_by_identity(cls)
        for base in cls.__mro__[:-1]:
            if not base.__flags__ & _IS_HEAP_TYPE:
                raise CannotTravel(
                    f"is {name}, which inherits from {base.__name__}", "declare its data instead"
                )
        self._others = _Others(cls, [field.name for field in self.fields])
        self._has_hash = hasattr(cls, "__attrs_attrs__") and (
            "_attrs_cached_hash" in getattr(cls.__hash__, "__code__", _NO_CODE).co_names
        )

    def values_of(self, value: Any) -> Mapping[str, Any]:
        self._others.check(value, self.name)
        return _read_fields(value, self.fields)

    def made_of(self, values: dict[str, Any]) -> Any:
        made = object.__new__(self._cls)
        if self._has_hash:
            object.__setattr__(made, _ATTRS_HASH, None)
        for field in self.fields:
            if field.name in values:
                object.__setattr__(made, field.name, values[field.name])
            elif field.default is not None:
                object.__setattr__(made, field.name, field.default(made))
        return made


@final
class Dataclass(_Object):
    """
    A dataclass.
    """

    def __init__(self, cls: Any, name: str) -> None:
        fields = []
        for each in dataclasses.fields(cls):
            if each.default_factory is not dataclasses.MISSING:
                factory = each.default_factory
                fields.append(
                    Field(each.name, each.name, is_required=False, default=_called(factory))
                )
            else:
                default = _NO_DEFAULT if each.default is dataclasses.MISSING else each.default
                fields.append(_field(each.name, default))
        super().__init__(cls, name, fields)


@final
class Attrs(_Object):
    """
    A class of attrs.
    """

    def __init__(self, cls: Any, name: str) -> None:
        attr = sys.modules["attr"]
        fields = []
        for each in cls.__attrs_attrs__:
            default = each.default
            if isinstance(default, attr.Factory) and each.converter is None:
                make = default.factory if default.takes_self else _called(default.factory)
                fields.append(Field(each.name, each.name, is_required=False, default=make))
            else:
                # Only __init__ converts a default.
                has_default = default is not attr.NOTHING and each.converter is None
                fields.append(_field(each.name, default if has_default else _NO_DEFAULT))
        super().__init__(cls, name, fields)


_NO_DEFAULT: Final = object()
_NO_CODE: Final = (lambda: None).__code__


def _field(name: str, default: object) -> Field:
    if default is _NO_DEFAULT:
        return Field(name, name, is_required=True)
    return Field(name, name, is_required=False, default=lambda _: default)


def _called(factory: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda _: factory()


@final
class _Others:
    """
    What values of a class may have besides its fields.
    """

    def __init__(self, cls: Any, fields: Iterable[str]) -> None:
        names = frozenset(fields)
        for name in names:
            static = getattr_static(cls, name, None)
            if hasattr(type(static), "__set__") and not isinstance(static, MemberDescriptorType):
                raise CannotTravel(
                    f"is {cls.__name__}, whose field {name!r} is a {type(static).__name__}",
                    "declare a plain field",
                )
        self._ignored = (
            names
            | {_ATTRS_HASH}
            | {
                name
                for base in cls.__mro__
                for name, value in vars(base).items()
                if isinstance(value, cached_property)
            }
        )
        self._slots = [
            value
            for base in cls.__mro__
            for value in vars(base).values()
            if isinstance(value, MemberDescriptorType) and value.__name__ not in self._ignored
        ]
        self._has_dict = bool(cls.__dictoffset__)

    def check(self, value: Any, name: str) -> None:
        """
        Raise CannotTravel if *value* has other attributes.
        """
        own = object.__getattribute__(value, "__dict__") if self._has_dict else {}
        if not own.keys() <= self._ignored:
            raise _other_attributes(name, own.keys() - self._ignored)
        for member in self._slots:
            try:
                member.__get__(value)
            except AttributeError:
                continue
            raise _other_attributes(name, [member.__name__])


def _read_fields(value: Any, fields: Iterable[Field]) -> dict[str, Any]:
    """
    Return the values of the *fields* that *value* has.
    """
    values = {}
    for field in fields:
        try:
            values[field.name] = object.__getattribute__(value, field.name)
        except AttributeError:
            continue
    return values


def _compares_by_identity(cls: Any) -> CannotTravel:
    return CannotTravel(
        f"is {cls.__name__}, whose values are only equal to themselves", "define its __eq__"
    )


def _other_attributes(name: str, names: Iterable[object]) -> CannotTravel:
    return CannotTravel(
        f"has {listed(names)}, which are not fields of {name}", "declare them as fields"
    )


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
