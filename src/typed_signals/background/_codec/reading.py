"""
The kind of a type as it is declared.

Names that do not exist at run time, or only in the module of a nested class, are known here; they
are evaluated layer by layer, so a type may contain itself.
"""

from __future__ import annotations

import collections.abc
import typing
from collections import ChainMap
from enum import Enum
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Literal,
    LiteralString,
    NewType,
    Self,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
)

from typed_signals._declare.annotations import (
    Unknown,
    annotations_of,
    expand,
    is_alias,
    module_namespace,
    resolve,
)
from typed_signals._declare.key_types import evaluated_in_typed_dict, is_qualifier
from typed_signals._shared.messages import (
    bare_type_problem,
    listed,
    opaque_type_problem,
    shortened,
    shown,
    vague_type_problem,
)

from . import scalars
from .classes import Class
from .containers import Dictionary, FixedTuple, Items
from .instants import INSTANTS
from .objects import record_class
from .problems import CannotTravel
from .records import Record, TypedDictionary
from .unions import Recursive, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .kind import Kind

# Returns the kind of a class, or of ``type[cls]``; None if it does not know that.
Adapter: TypeAlias = "Callable[[Any], Kind | None]"

_SCALARS: Final[dict[Any, Kind]] = {
    **scalars.SCALARS,
    **INSTANTS,
    None: scalars.NONE,
    LiteralString: scalars.STRING,
}

# The classes of values of each generic type: these of the abstract ones, which are enough.
_ITEMS: Final[dict[Any, type]] = {
    list: list,
    set: set,
    frozenset: frozenset,
    collections.abc.Iterable: list,
    collections.abc.Collection: list,
    collections.abc.Sequence: list,
    collections.abc.MutableSequence: list,
    collections.abc.Set: set,
    collections.abc.MutableSet: set,
}
_BARE_TUPLES: Final = (tuple, vars(typing)["Tuple"])
_DICTS: Final = (dict, collections.abc.Mapping, collections.abc.MutableMapping)


# A type with more layers contains itself in a way that never repeats, like ``Tree[list[T]]``.
_MOST_LAYERS: Final = 50

_Bound: TypeAlias = "Mapping[Any, Kind | CannotTravel]"


class Reader:
    """
    Reads one type.
    """

    def __init__(self, adapters: list[Adapter]) -> None:
        self._adapters = adapters
        # What is being read: aliases by their annotation and scope, classes with their arguments.
        self._open: dict[object, Recursive | Record] = {}
        # Classes that were read.
        self._known: dict[object, Kind] = {}
        # What has to be known of the other kinds before the first value.
        self._unsettled: list[Callable[[], None]] = []
        self._layers = 0
        # What is true of the type or a part of it.
        self.is_recursive = False
        self.has_records = False

    def read_whole(self, annotation: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        """
        Return the kind of a whole type.

        Args:
            annotation: the type, or a string or ``ForwardRef`` that names it.
            namespace: where names are looked up.
            bound: the kinds of type variables.

        Raises:
            CannotTravel: its values do not come back equal and of the same type.
        """
        try:
            kind = self._read(annotation, namespace, bound)
            for settle in self._unsettled:
                settle()
        except CannotTravel:
            raise
        except Exception as error:  # of user code
            raise CannotTravel(f"cannot be read, that raised {shown(error)}") from error
        return kind

    def _read(self, annotation: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        self._layers += 1
        try:
            if self._layers > _MOST_LAYERS:
                raise CannotTravel(f"is {shown(annotation)}, with too many layers", "simplify it")
            return self._read_alias(annotation, namespace, bound)
        finally:
            self._layers -= 1

    def _read_alias(self, annotation: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        stated = resolve(annotation, namespace)
        alias = get_origin(stated) or stated
        if not is_alias(alias) and (alias is stated or not is_hashable(stated)):
            return self._read_stated(*expand(stated, namespace), bound)
        # An alias has its own namespace; the strings in other types do not.
        key = (stated, id(bound), None if is_alias(alias) else id(namespace))
        if (unfinished := self._open.get(key)) is not None:
            self.is_recursive = True
            return unfinished
        reference = self._open[key] = Recursive(alias)
        try:
            reference.kind = self._read_stated(*expand(stated, namespace), bound)
        finally:
            del self._open[key]
        return reference.kind

    def _read_stated(self, stated: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        if isinstance(stated, Unknown):
            raise CannotTravel(
                f"is {stated.text}, which does not exist at run time",
                "import it outside of TYPE_CHECKING, or define it at module level",
                may_change=True,
            )
        if isinstance(stated, TypeVar) or stated is Self:
            kind = bound.get(stated)
            if isinstance(kind, CannotTravel):
                raise CannotTravel(kind.what, kind.fix, may_change=kind.may_change)
            if kind is not None:
                return kind
        if stated is Any or stated is object or isinstance(stated, TypeVar):
            raise CannotTravel(*vague_type_problem(_name(stated)))
        return self._read_form(stated, namespace, bound)

    def _read_form(self, stated: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        if isinstance(stated, NewType):
            return self._read(stated.__supertype__, module_namespace(stated.__module__), bound)
        origin = get_origin(stated) or stated
        arguments = get_args(stated)
        if origin is Final or is_qualifier(origin):
            return self._read(arguments[0], namespace, bound)
        if origin is Literal:
            return scalars.Literal(arguments)
        if origin is typing.Union or origin is UnionType:
            return self._union([self._read(each, namespace, bound) for each in arguments])
        if origin is type:
            return self._read_type(arguments[0] if arguments else Any, namespace, bound)
        if is_hashable(origin) and not getattr(stated, "__unpacked__", False):
            if (scalar := _SCALARS.get(origin)) is not None:
                return scalar
            if origin is tuple or origin in _ITEMS or origin in _DICTS:
                return self._read_container(stated, namespace, bound)
        return self._read_class(stated, namespace, bound)

    def _union(self, members: list[Kind]) -> Kind:
        union = Union(members)
        self._unsettled.append(union.settle)
        return union

    def _read_type(self, annotation: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        """
        Return the kind of ``type[annotation]``.
        """
        inner, namespace = expand(annotation, namespace)
        origin = get_origin(inner) or inner
        if origin is typing.Union or origin is UnionType:
            members = get_args(inner)
            return self._union([self._read_type(each, namespace, bound) for each in members])
        if isinstance(inner, Unknown):
            return self._read_stated(inner, namespace, bound)
        cls = object if inner is Any else origin
        if not isinstance(cls, type):
            raise CannotTravel(f"is type[{_name(inner)}]", "declare type[...] of a class")
        return self._adapted(type[cls]) or Class(cls)

    def _read_container(self, stated: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        origin, arguments = get_origin(stated) or stated, get_args(stated)
        inner = [
            self._inside("[]", each, namespace, bound) for each in arguments if each is not ...
        ]
        is_empty_tuple = origin is tuple and stated not in _BARE_TUPLES
        if not inner and not is_empty_tuple:
            raise CannotTravel(*bare_type_problem(_name(origin)))
        if origin in _DICTS:
            dictionary = Dictionary(inner[0], inner[-1])
            self._unsettled.append(dictionary.check_key)
            return dictionary
        if origin is not tuple:
            return Items(_ITEMS[origin], inner[0])
        return Items(tuple, inner[0]) if ... in arguments else FixedTuple(inner)

    def _read_class(self, stated: Any, namespace: Mapping[str, Any], bound: _Bound) -> Kind:
        cls = get_origin(stated) or stated
        if isinstance(cls, type):
            if (adapted := self._adapted(cls)) is not None:
                return adapted
            if issubclass(cls, Enum):
                return self._known.setdefault(cls, scalars.enum_kind(cls))
        name = _name(cls)
        make = record_class(cls)
        if make is None:
            raise CannotTravel(*opaque_type_problem(name))
        inner = [self._read(each, namespace, bound) for each in get_args(stated)]
        if inner:
            name = f"{name}[{', '.join(each.name for each in inner)}]"
        key = (cls, *inner)
        if (unfinished := self._open.get(key)) is not None:
            self.is_recursive = True
            return unfinished
        if (known := self._known.get(key)) is not None:
            return known
        record = self._open[key] = make(cls, name)
        try:
            if isinstance(record, TypedDictionary):
                record.settle(self._keys(stated, bound))
            else:
                self.has_records = True
                record.settle(self._fields(cls, record, inner))
        finally:
            del self._open[key]
        self._known[key] = record
        return record

    def _keys(self, stated: Any, bound: _Bound) -> dict[str, Kind]:
        """
        Return the kinds of the keys of a TypedDict.
        """
        kinds = evaluated_in_typed_dict(stated, bound, self._attempt)
        for key, kind in kinds.items():
            if isinstance(kind, CannotTravel):
                kind.inside(f"[{key!r}]")
                raise kind
        return kinds

    def _attempt(
        self, annotation: Any, namespace: Mapping[str, Any], bound: _Bound
    ) -> Kind | CannotTravel:
        try:
            return self._read(annotation, namespace, bound)
        except CannotTravel as error:
            return error

    def _fields(self, cls: Any, record: Record, inner: list[Kind]) -> dict[str, Kind]:
        """
        Return the kinds of the fields of a class with these type arguments.
        """
        scopes: dict[Any, dict[Any, Kind | CannotTravel]] = {}
        self._bind(cls, inner, scopes)
        kinds: dict[str, Kind] = {}
        names = {field.name for field in record.fields}
        for base in reversed(cls.__mro__):
            bound = {**scopes.get(base, {}), Self: record}
            namespace = _namespace_of(base)
            for name, annotation in annotations_of(vars(base), base).items():
                if name in names:
                    kinds[name] = self._inside(f".{name}", annotation, namespace, bound)
        for name in names - kinds.keys():
            if name in record.types:
                kinds[name] = self._inside(f".{name}", record.types[name], {}, {})
        if missing := sorted(names - kinds.keys()):
            what = f"is {record.name}, without a type for {listed(missing)}"
            raise CannotTravel(what, "annotate it")
        return kinds

    def _bind(self, cls: Any, inner: Iterable[Kind | CannotTravel], scopes: dict[Any, Any]) -> None:
        """
        Add the kinds of the type variables of *cls* and its bases to *scopes*.
        """
        bound = scopes[cls] = dict(zip(getattr(cls, "__parameters__", ()), inner, strict=False))
        namespace = _namespace_of(cls)
        for base in vars(cls).get("__orig_bases__", cls.__bases__):
            origin = get_origin(base) or base
            if origin in cls.__mro__ and origin not in scopes:
                kinds = [self._attempt(each, namespace, bound) for each in get_args(base)]
                self._bind(origin, kinds, scopes)

    def _inside(
        self, step: str, annotation: Any, namespace: Mapping[str, Any], bound: _Bound
    ) -> Kind:
        try:
            return self._read(annotation, namespace, bound)
        except CannotTravel as error:
            error.inside(step)
            raise

    def _adapted(self, stated: Any) -> Kind | None:
        """
        Return the kind of a class, or of ``type[cls]``, that an adapter knows.
        """
        for adapter in self._adapters:
            if (kind := adapter(stated)) is not None:
                return kind
        return None


def _namespace_of(cls: Any) -> Mapping[str, Any]:
    """
    Return where the names in annotations of *cls* are looked up.
    """
    parameters = {each.__name__: each for each in getattr(cls, "__parameters__", ())}
    return ChainMap(parameters, dict(module_namespace(cls.__module__)))


def _name(stated: Any) -> str:
    """
    Return the name of a type for messages.
    """
    name = getattr(stated, "__name__", None)
    return shortened(name) if isinstance(name, str) else shown(stated)


def is_hashable(stated: object) -> bool:
    """
    Return whether *stated* can be a key.
    """
    try:
        hash(stated)
    except Exception:  # noqa: BLE001 - user code may raise anything
        return False
    return True
