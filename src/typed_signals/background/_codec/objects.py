"""
Kinds of classes whose objects always have all fields: dataclasses, classes of attrs and msgspec,
and named tuples.

An object comes back with all its fields as they were, so ``__init__`` is not called again.
"""

from __future__ import annotations

import dataclasses
import sys
from functools import cached_property, partial
from inspect import getattr_static
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, Final, final

import msgspec

from typed_signals._declare.keys import as_typed_dict
from typed_signals._shared.messages import listed

from .problems import CannotTravel
from .records import Field, Fields, Record, TypedDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Where attrs stores the hash of an object.
_ATTRS_HASH: Final = "_attrs_cached_hash"
# What objects may store besides their fields: this, and their type arguments.
_IGNORED: Final = frozenset({_ATTRS_HASH, "__orig_class__"})

# Types without this flag are written in C (Py_TPFLAGS_HEAPTYPE).
_IS_HEAP_TYPE: Final = 1 << 9


@final
class NamedTuples(Fields):
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


class _Attributes(Fields):
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
        self._slots: list[Any] = []
        self._ignored = set(_IGNORED)
        for base in cls.__mro__:
            for each, value in vars(base).items():
                if isinstance(value, MemberDescriptorType):
                    self._slots.append(value)
                    is_cached = "__attrs_attrs__" in vars(base)  # attrs makes slots for these
                else:
                    is_cached = isinstance(value, cached_property)
                if is_cached:
                    self._ignored.add(each)

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
