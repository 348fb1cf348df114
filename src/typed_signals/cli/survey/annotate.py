"""
Add annotations to what mypy has parsed, before it analyses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from mypy import nodes
from mypy.types import (
    AnyType,
    CallableType,
    EllipsisType,
    Instance,
    NoneType,
    Type,
    TypeList,
    TypeOfAny,
    UnboundType,
    UnionType,
)

from typed_signals.mypy.lib.tree_walk import walk

from .written_types import NONE, NamedType, ParameterTypes, UnionOf, Verbatim, WrittenType

if TYPE_CHECKING:
    from mypy.nodes import MypyFile

# The priority of an import under TYPE_CHECKING: in import cycles, other imports come first.
_PRIORITY: Final = 25
_NO_LINE: Final = -1


class FunctionTypes(NamedTuple):
    """
    The types of a function without annotations.
    """

    parameters: dict[str, WrittenType]
    returned: WrittenType | None


Annotations: TypeAlias = dict[str, dict[tuple[int, str], FunctionTypes]]
"""For each module, by the line and the name of the function."""


def adds_to(annotations: Annotations, more: Annotations) -> bool:
    """
    Add *more* to *annotations*, and return whether anything is new.
    """
    is_new = False
    for module, functions in more.items():
        known = annotations.setdefault(module, {})
        for place, types in functions.items():
            before = known.get(place, FunctionTypes({}, None))
            merged = FunctionTypes(
                {**types.parameters, **before.parameters}, before.returned or types.returned
            )
            is_new = is_new or merged != before
            known[place] = merged
    return is_new


def annotate(
    file: MypyFile, functions: dict[tuple[int, str], FunctionTypes]
) -> list[tuple[int, str, int]]:
    """
    Add annotations to the functions in a module that mypy has parsed.

    Returns:
        the modules that it then depends on, as a mypy plugin states them.
    """
    aliases: dict[str, str] = {}
    for node in walk(file):
        if isinstance(node, nodes.FuncDef) and node.type is None:
            types = functions.get((node.line, node.name))
            if types is not None:
                typ = _signature(node, types, aliases)
                node.type, node.unanalyzed_type = typ, typ.copy_modified()
                typ.definition = node
    for module, alias in aliases.items():
        imported = nodes.Import([(module, alias)])
        imported.line = 1
        imported.is_top_level = True
        file.defs.insert(0, imported)
        file.imports.append(imported)
    return [(_PRIORITY, module, _NO_LINE) for module in aliases]


def _signature(
    function: nodes.FuncDef, types: FunctionTypes, aliases: dict[str, str]
) -> CallableType:
    unknown = AnyType(TypeOfAny.unannotated)
    parameters: list[Type] = [
        _unbound(types.parameters[name], aliases) if name in types.parameters else unknown
        for name in function.arg_names
    ]
    returned = unknown if types.returned is None else _unbound(types.returned, aliases)
    fallback = Instance(nodes.FakeInfo("filled by semantic analysis"), [], -1)
    return CallableType(
        parameters, function.arg_kinds, function.arg_names, returned, fallback, line=function.line
    )


def _unbound(typ: WrittenType, aliases: dict[str, str]) -> Type:
    """
    Return *typ* as the parser reads it, with aliases of modules.
    """
    if typ == NONE:
        return NoneType()
    if isinstance(typ, NamedType):
        alias = aliases.setdefault(typ.module, f"_typed_signals_{len(aliases)}")
        args = [_unbound(arg, aliases) for arg in typ.args]
        return UnboundType(f"{alias}.{typ.name}", args, line=1)
    if isinstance(typ, UnionOf):
        return UnionType([_unbound(item, aliases) for item in typ.items], line=1)
    if isinstance(typ, ParameterTypes):
        return TypeList([_unbound(item, aliases) for item in typ.items], line=1)
    if isinstance(typ, Verbatim) and typ.text == "...":
        return EllipsisType()
    return AnyType(TypeOfAny.unannotated)
