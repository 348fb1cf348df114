"""
Annotations for functions that have none, as far as the project shows which they would be.

A parameter gets what all calls in the project pass, what the overridden method declares, or what
callers outside of the project are known to pass; the result is what the function returns. With
them, mypy reads the project again, and knows more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy import nodes
from mypy.types import AnyType, CallableType, get_proper_type

from typed_signals.mypy.lib.tree_walk import walk

from .annotate import Annotations, FunctionTypes
from .program import function_of
from .values import Value
from .writable import union_of
from .written_types import NONE, UnknownType, WrittenType, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy.nodes import FuncItem

    from .inferred_types import TypesByPlace
    from .outside_callers import OutsideCallers
    from .program import Program
    from .writable import Writer

_DEEPEST: Final = 4
_MOST: Final = 3000


class MissingAnnotations:
    """
    Infers the annotations of functions.
    """

    def __init__(
        self, program: Program, types: TypesByPlace, writer: Writer, outside: OutsideCallers
    ) -> None:
        self._program = program
        self._types = types
        self._writer = writer
        self._outside = outside

    def of(self, functions: Iterable[FuncItem], known: Annotations) -> Annotations:
        """
        Return the annotations for those of *functions* that have none.

        Args:
            functions: the functions.
            known: the annotations that were added before.
        """
        found: Annotations = {}
        for function in functions:
            if not isinstance(function, nodes.FuncDef):
                continue
            site = self._program.sites[function]
            is_ours = (function.line, function.name) in known.get(site.module.fullname, ())
            if function.unanalyzed_type is not None and not is_ours:
                continue
            parameters = {
                argument.variable.name: typ
                for number, argument in enumerate(function.arguments)
                if not argument.kind.is_star()
                and is_known(typ := self._parameter(function, number))
                and argument.variable.name not in ("self", "cls")
            }
            returned = self._returned(function)
            if parameters or returned is not None:
                module = found.setdefault(site.module.fullname, {})
                module[function.line, function.name] = FunctionTypes(parameters, returned)
        return found

    def reaching(self, functions: Iterable[FuncItem]) -> list[FuncItem]:
        """
        Return *functions*, those that they call, and those that call them.
        """
        found: dict[FuncItem, None] = {}
        left = [(function, 0) for function in functions]
        while left:
            function, depth = left.pop(0)
            if function in found or depth > _DEEPEST or len(found) > _MOST:
                continue
            found[function] = None
            for node in walk(function):
                if isinstance(node, nodes.CallExpr):
                    left += [(one, depth + 1) for one in self._program.called(node)]
            for call in self._program.callers(function):
                left += [(one, depth + 1) for one in call.site.functions]
            if function.info:
                # Its methods use what others assign to attributes.
                left += [
                    (one, depth + 1)
                    for one in [function_of(function.info.get_method("__init__"))]
                    if one is not None and one in self._program.sites
                ]
        return [*found]

    def _parameter(self, function: nodes.FuncDef, number: int) -> WrittenType:
        declared = self._overridden(function, number)
        if declared is not None:
            return declared
        outside = self._outside.given(function, number)
        if outside is not None and not self._program.callers(function):
            return outside
        argument = function.arguments[number]
        types = self._types.at(self._program.sites[function].module)
        inside = types.of_parameter(argument.variable)
        found = [one for one in (outside, inside) if one is not None]
        return union_of(found) if found else UnknownType("not annotated")

    def _overridden(self, function: nodes.FuncDef, number: int) -> WrittenType | None:
        """
        Return what a base class declares for a parameter.
        """
        if not function.info or number == 0:
            return None
        name = function.arguments[number].variable.name
        for base in function.info.mro[1:]:
            method = base.get_method(function.name) if function.name in base.names else None
            typ = method.type if method is not None else None
            if isinstance(typ, CallableType) and name in typ.arg_names:
                declared = typ.arg_types[typ.arg_names.index(name)]
                if not isinstance(get_proper_type(declared), AnyType):
                    return self._writer.write(declared)
        return None

    def _returned(self, function: nodes.FuncDef) -> WrittenType | None:
        if function.is_generator or function.is_coroutine or function.name == "__init__":
            return None
        if isinstance(self._program.sites[function].function, nodes.FuncItem):
            return None  # nested functions are called by others
        returns = self._program.returns.get(function, [])
        if not returns:
            return None
        inferred = self._types.at(self._program.sites[function].module)
        types = [inferred.as_it_is(Value(one.expr)) for one, _ in returns if one.expr]
        if self._program.may_return_none(function):
            types.append(NONE)
        found = union_of(types)
        return found if is_known(found) else None
