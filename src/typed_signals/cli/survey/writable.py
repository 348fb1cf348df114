"""
mypy's types as types that can be written in source code.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from mypy.maptype import map_instance_to_supertype
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    LiteralType,
    NoneType,
    Parameters,
    ProperType,
    TupleType,
    Type,
    TypedDictType,
    TypeOfAny,
    TypeType,
    TypeVarType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from .written_types import (
    NONE,
    NamedType,
    ParameterTypes,
    UnionOf,
    UnknownType,
    Verbatim,
    WrittenType,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from mypy.nodes import MypyFile, TypeInfo

_BUILTINS: Final = "builtins"
# What mypy has in another module, or under another name, than programs import.
_RENAMED: Final = {
    "typing": "collections.abc",
    "_decimal": "decimal",
    "_io": "io",
    "_asyncio": "asyncio",
    "_thread": "threading",
}
_FROM_TYPING: Final = {
    "AbstractSet": "Set",
    "AsyncGenerator": "AsyncGenerator",
    "AsyncIterable": "AsyncIterable",
    "AsyncIterator": "AsyncIterator",
    "Awaitable": "Awaitable",
    "Collection": "Collection",
    "Coroutine": "Coroutine",
    "Container": "Container",
    "Generator": "Generator",
    "Hashable": "Hashable",
    "ItemsView": "ItemsView",
    "Iterable": "Iterable",
    "Iterator": "Iterator",
    "KeysView": "KeysView",
    "Mapping": "Mapping",
    "MutableMapping": "MutableMapping",
    "MutableSequence": "MutableSequence",
    "MutableSet": "MutableSet",
    "Reversible": "Reversible",
    "Sequence": "Sequence",
    "Sized": "Sized",
    "ValuesView": "ValuesView",
}
# Bases that say nothing about an object.
_EMPTY_BASES: Final = frozenset(
    {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC", "enum.Enum"}
)
_DEEPEST: Final = 6


class Writer:
    """
    Turns types into written ones, and remembers the bases of their classes.
    """

    def __init__(
        self, modules: dict[str, MypyFile], own: Iterable[str], tests: AbstractSet[str]
    ) -> None:
        """
        Args:
            modules: all modules that mypy has read.
            own: the names of the project's modules.
            tests: those of its modules that belong to tests.
        """
        self._modules = modules
        self._own = frozenset(own)
        self._tests = tests
        self._public: dict[TypeInfo, tuple[str, str] | None] = {}
        self.ancestors: dict[str, tuple[str, ...]] = {}
        """For each written class, the classes that it inherits from, like ``shop.models:Order``."""
        self.of_tests: set[str] = set()
        """The classes of tests, and mocks, among all of these."""

    def write(self, typ: Type | None, depth: int = 0) -> WrittenType:
        """
        Return *typ* as it can be written.
        """
        if typ is None:
            return UnknownType("mypy has not read the code")
        if depth > _DEEPEST:
            return UnknownType("nested too deeply")
        return self._write(get_proper_type(typ), depth + 1)

    def _write(self, typ: ProperType, depth: int) -> WrittenType:
        if isinstance(typ, FunctionLike):
            return self._write_function(typ, depth)
        handler = self._handlers.get(type(typ))
        return UnknownType("it cannot be written") if handler is None else handler(typ, depth)

    @property
    def _handlers(self) -> dict[type[ProperType], Callable[[Any, int], WrittenType]]:
        return {
            AnyType: lambda typ, _: UnknownType(_why_any(typ)),
            NoneType: lambda *_: NONE,
            LiteralType: lambda typ, depth: self._write(typ.fallback, depth),
            UnionType: lambda typ, depth: union_of(self.write(one, depth) for one in typ.items),
            TupleType: self._write_tuple,
            TypedDictType: self._write_typed_dict,
            TypeType: lambda typ, depth: self.type_of(self._write(typ.item, depth)),
            TypeVarType: self._write_variable,
            Instance: self._write_class,
        }

    def _write_typed_dict(self, typ: TypedDictType, depth: int) -> WrittenType:
        if typ.fallback.type.fullname.startswith(("typing.", "typing_extensions.")):
            values = (NamedType(_BUILTINS, "str"), NamedType(_BUILTINS, "object"))
            return NamedType(_BUILTINS, "dict", values)
        return self._write_class(typ.fallback, depth)

    def _write_function(self, typ: FunctionLike, depth: int) -> WrittenType:
        first = typ.items[0]
        if typ.is_type_obj():
            return self.type_of(self.write(first.ret_type, depth))
        if len(typ.items) == 1:
            return self._write_callable(first, depth)
        return self._callable(Verbatim("..."), NamedType(_BUILTINS, "object"))

    def type_of(self, item: WrittenType) -> WrittenType:
        """
        Return the type of the class of objects of the type *item*.
        """
        if isinstance(item, UnionOf):
            return UnionOf(tuple(self.type_of(one) for one in item.items))
        bare = NamedType(_BUILTINS, "type")
        return bare if isinstance(item, UnknownType) else NamedType(_BUILTINS, "type", (item,))

    def _write_variable(self, typ: TypeVarType, depth: int) -> WrittenType:
        if typ.values:
            return union_of(self.write(value, depth) for value in typ.values)
        bound = get_proper_type(typ.upper_bound)
        if isinstance(bound, Instance) and bound.type.fullname == "builtins.object":
            return UnknownType(f"the type variable {typ.name}")
        return self._write(bound, depth)

    def _write_callable(self, typ: CallableType, depth: int) -> WrittenType:
        returned = self.write(typ.ret_type, depth)
        if isinstance(returned, UnknownType):
            returned = NamedType(_BUILTINS, "object")
        parameters: WrittenType = Verbatim("...")
        if all(kind.is_positional() and kind.is_required() for kind in typ.arg_kinds):
            items = tuple(self.write(each, depth) for each in typ.arg_types)
            if not any(isinstance(item, UnknownType) for item in items):
                parameters = ParameterTypes(items)
        return self._callable(parameters, returned)

    @staticmethod
    def _callable(parameters: WrittenType, returned: WrittenType) -> WrittenType:
        return NamedType("collections.abc", "Callable", (parameters, returned))

    def _write_tuple(self, typ: TupleType, depth: int) -> WrittenType:
        if typ.partial_fallback.type.fullname != "builtins.tuple":
            return self._write_class(typ.partial_fallback, depth)
        if any(isinstance(get_proper_type(item), UnpackType) for item in typ.items):
            return NamedType(_BUILTINS, "tuple", (NamedType(_BUILTINS, "object"), Verbatim("...")))
        items = tuple(self.write(item, depth) for item in typ.items)
        return NamedType(_BUILTINS, "tuple", items or (Verbatim("()"),))

    def _write_class(self, typ: Instance, depth: int) -> WrittenType:
        for info in typ.type.mro:
            if info.fullname in _EMPTY_BASES and info is not typ.type:
                continue
            named = self._name_of(info)
            if named is not None:
                instance = map_instance_to_supertype(typ, info)
                return self._with_arguments(*named, instance, depth)
        return UnknownType(f"the class {typ.type.name}, which cannot be imported")

    def _with_arguments(self, module: str, name: str, typ: Instance, depth: int) -> WrittenType:
        full = f"{module}:{name}"
        if full not in self.ancestors:
            named = [(info, self._name_of(info)) for info in typ.type.mro]
            names = {info: ":".join(found) for info, found in named if found is not None}
            self.ancestors[full] = tuple(name for name in names.values() if name != full)
            self.of_tests |= {name for info, name in names.items() if self._is_of_tests(info)}
        if full == "builtins:object":
            return NamedType(_BUILTINS, "object")
        args = typ.args
        if f"{module}.".startswith("django.db.models.") and len(args) == 2 and args[0] == args[1]:
            args = args[:1]  # the default of the second one
        at_run_time = not module.startswith("_typeshed") and _has_objects(typ.type)
        written = tuple(self._argument(arg, depth) for arg in args)
        if full == "builtins:tuple" and len(written) == 1:
            written = (*written, Verbatim("..."))
        return NamedType(module, name, written, at_run_time)

    def _is_of_tests(self, info: TypeInfo) -> bool:
        return info.module_name in self._tests or info.module_name == "unittest.mock"

    def _argument(self, typ: Type, depth: int) -> WrittenType:
        proper = get_proper_type(typ)
        # It is written so on purpose.
        if isinstance(proper, AnyType) and proper.type_of_any == TypeOfAny.explicit:
            return NamedType("typing", "Any")
        if isinstance(proper, Parameters):
            return Verbatim("...")
        return self.write(typ, depth)

    def _name_of(self, info: TypeInfo) -> tuple[str, str] | None:
        """
        Return the module and the name under which a class can be imported; None if it cannot.
        """
        if info not in self._public:
            self._public[info] = self._find_name(info)
        return self._public[info]

    def _find_name(self, info: TypeInfo) -> tuple[str, str] | None:
        module = info.module_name
        name = info.fullname.removeprefix(f"{module}.")
        if not all(
            part.isidentifier() for part in name.split(".")
        ):  # in a function, or an intersection
            return None
        if module == "typing" and name in _FROM_TYPING:
            return "collections.abc", _FROM_TYPING[name]
        if module in self._own:
            symbol = self._modules[module].names.get(name.partition(".")[0])
            return None if symbol is None else (module, name)
        is_stub_only = module in self._modules and self._modules[module].is_stub
        if module == _BUILTINS:
            return (
                None if name.startswith("_") or name in ("function", "ellipsis") else (module, name)
            )
        shortest = self._reexported(module, name.partition(".")[0])
        if any(part.startswith("_") for part in shortest.split(".")):
            shortest = _RENAMED.get(shortest, "")
        if not shortest or (is_stub_only and name.startswith("_")):
            return None
        return shortest, name

    def _reexported(self, module: str, name: str) -> str:
        """
        Return the shortest public module around *module* from which *name* can be imported.
        """
        tree = self._modules.get(module)
        symbol = tree.names.get(name) if tree is not None else None
        node = symbol.node if symbol is not None else None
        parts = module.split(".")
        for length in range(1, len(parts)):
            outer = ".".join(parts[:length])
            found = self._modules[outer].names.get(name) if outer in self._modules else None
            if (
                found is not None
                and node is not None
                and found.node is node
                and found.module_public
            ):
                return outer
        return module


def _has_objects(info: TypeInfo) -> bool:
    """
    Return whether objects of the type *info* have this class at run time, or one that inherits it.
    """
    is_standard = info.module_name.partition(".")[0] in sys.stdlib_module_names
    is_structural = info.typeddict_type is not None or (info.is_protocol and not is_standard)
    return not (info.is_newtype or is_structural)


def union_of(items: Iterable[WrittenType]) -> WrittenType:
    """
    Return the union of *items*, without repeated ones; None comes last.
    """
    flat: list[WrittenType] = []
    for item in items:
        flat += item.items if isinstance(item, UnionOf) else [item]
    unique = [*dict.fromkeys(flat)]
    for item in unique:
        if isinstance(item, UnknownType):
            return item
    unique.sort(key=lambda item: item == NONE)
    return unique[0] if len(unique) == 1 else UnionOf(tuple(unique))


def _why_any(typ: AnyType) -> str:
    source = get_proper_type(typ.source_any) if typ.source_any is not None else typ
    kind = source.type_of_any if isinstance(source, AnyType) else typ.type_of_any
    if kind == TypeOfAny.from_unimported_type:
        return "of a package that is not installed or has no types"
    if kind == TypeOfAny.unannotated:
        return "not annotated"
    if kind == TypeOfAny.explicit:
        return "Any"
    return "not known to mypy"
