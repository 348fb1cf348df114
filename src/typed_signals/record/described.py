"""
The type of a value, found without running code of its class.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, defaultdict, deque
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType, NoneType
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from typed_signals.cli.survey.written_types import NONE, NamedType, UnionOf, UnknownType, Verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typed_signals.cli.survey.written_types import WrittenType

# How many items of a container are inspected, how many types of items are listed, and how deep.
_MOST_ITEMS: Final = 20
_MOST_TYPES: Final = 5
_MOST_NESTED: Final = 3
# A tuple with more items is described as one of any length.
_LONGEST_TUPLE: Final = 5

_SEQUENCES: Final = (list, set, frozenset, deque)
_MAPPINGS: Final = (dict, OrderedDict, defaultdict)
_FUNCTIONS: Final = (FunctionType, MethodType, BuiltinFunctionType)
_CALLABLE: Final = NamedType("collections.abc", "Callable", (Verbatim("..."), UnknownType()))
_UNKNOWN: Final = UnknownType()

# Where a class can be imported from, if not from the module that it names.
_PUBLIC_MODULES: Final = {"_io": "io"}
_QUERY_SET: Final = ("django.db.models.query", "QuerySet")
_MOCKS: Final = "unittest.mock"
_LAZY_OBJECT: Final = ("django.utils.functional", "SimpleLazyObject")

_named: Final[WeakKeyDictionary[type, WrittenType]] = WeakKeyDictionary()

# The base classes of each class that can be imported, in order.
bases: Final[dict[NamedType, list[NamedType]]] = {}


def described(value: Any, depth: int = 0) -> WrittenType:
    """
    Return the type of *value*: of an empty container, with an empty union for its items.
    """
    cls = type(value)
    if cls is NoneType:
        return NONE
    if issubclass(cls, type):
        return NamedType("builtins", "type", (class_type(value),))
    if cls in _FUNCTIONS:
        return _CALLABLE
    if depth < _MOST_NESTED:
        if cls is tuple:
            return NamedType("builtins", "tuple", _of_tuple(value, depth))
        if cls in _SEQUENCES:
            return NamedType(*_place(cls), (_of_each(value, depth),))
        if cls in _MAPPINGS:
            keys = _of_each(dict.keys(value), depth)
            return NamedType(*_place(cls), (keys, _of_each(dict.values(value), depth)))
    return _described_object(value, cls)


def _of_tuple(value: tuple[Any, ...], depth: int) -> tuple[WrittenType, ...]:
    if len(value) > _LONGEST_TUPLE:
        return _of_each(value, depth), Verbatim("...")
    return tuple(described(item, depth + 1) for item in value)


def _of_each(items: Iterable[Any], depth: int) -> WrittenType:
    try:
        found = {described(item, depth + 1) for item in islice(items, _MOST_ITEMS)}
    except RuntimeError:  # another thread changed it
        return _UNKNOWN
    if len(found) == 1:
        return found.pop()
    return UnionOf(tuple(sorted(found, key=repr))) if len(found) <= _MOST_TYPES else _UNKNOWN


def _described_object(value: Any, cls: type) -> WrittenType:
    if _place(cls) == _LAZY_OBJECT:
        wrapped = vars(value).get("_wrapped")
        # Before its first use, there is nothing in it.
        return _UNKNOWN if type(wrapped) is object else described(wrapped)
    found = class_type(cls)
    if isinstance(found, NamedType) and (found.module, found.name) == _QUERY_SET:
        model = vars(value).get("model")
        if isinstance(model, type):
            return NamedType(*_QUERY_SET, (class_type(model),))
    return found


def class_type(cls: type) -> WrittenType:
    """
    Return *cls*, or its nearest base class that can be imported; unknown for ``object``.
    """
    try:
        return _named[cls]
    except KeyError:
        found = _named[cls] = _find_named(cls)
        return found


def _find_named(cls: type) -> WrittenType:
    importable = [base for base in type.mro(cls)[:-1] if _is_importable(base)]
    # Others can tell a mock from a value, also of a class that inherits from one.
    importable = [base for base in importable if _place(base)[0] == _MOCKS] or importable
    if not importable:
        return _UNKNOWN
    found, *others = (NamedType(*_place(base)) for base in importable)
    bases[found] = others
    for base in importable[1:]:
        class_type(base)
    return found


def file_of(typ: NamedType) -> str | None:
    """
    Return the file of the module of a class.
    """
    file: str | None = getattr(sys.modules.get(typ.module), "__file__", None)
    return file


def _place(cls: type) -> tuple[str, str]:
    module = str(cls.__module__)
    return _PUBLIC_MODULES.get(module, module), str(cls.__qualname__)


def _is_importable(cls: type) -> bool:
    module, path = _place(cls)
    found: Any = sys.modules.get(module) if module != "__main__" else None
    for name in path.split("."):
        found = getattr(found, "__dict__", {}).get(name)
    return found is cls
