"""
The types of what is sent, also where functions have no annotations.

Where mypy only knows ``Any``, a variable is followed to the values that it gets: a parameter to the
arguments of all calls of its function, a call to what the function returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mypy import nodes
from mypy.typevars import fill_typevars_with_any

from .values import Value, called_name
from .writable import union_of
from .written_types import NONE, NamedType, UnknownType, WrittenType, is_known

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mypy.nodes import FuncItem, MypyFile, Var

    from .contents import Dicts, Entry
    from .values import Values
    from .writable import Writer

_DEEPEST: Final = 2
_LITERALS: Final[dict[type[nodes.Expression], str]] = {
    nodes.BytesExpr: "bytes",
    nodes.FloatExpr: "float",
    nodes.IntExpr: "int",
    nodes.StrExpr: "str",
}
_MOST_CALLERS: Final = 40


class InferredTypes:
    """
    Infers the types of values.
    """

    def __init__(self, values: Values, dicts: Dicts, writer: Writer) -> None:
        self._values = values
        self._program = values.program
        self._dicts = dicts
        self._writer = writer
        self._known: dict[Value, WrittenType] = {}

    def of_entry(self, entry: Entry) -> WrittenType:
        """
        Return the type of a key.
        """
        if entry.type is not None:
            return self._writer.write(entry.type)
        return union_of(self.of(value) for value in entry.values)

    def of(self, value: Value, depth: int = 0) -> WrittenType:
        """
        Return the type of *value*.
        """
        written = self._known.get(value)
        if written is None:
            written = self._known[value] = self._infer(value, depth)
        return written

    def as_it_is(self, value: Value) -> WrittenType:
        """
        Return the type of *value* as far as mypy knows it.
        """
        expression, frame = value
        classed = _object_of_class(expression)
        if classed is not None:
            return self._writer.type_of(self.as_it_is(Value(classed, frame)))
        written = self._writer.write(self._program.type_of(expression))
        if isinstance(written, UnknownType):
            written = self._of_literal(expression) or written
        elif written == NONE and isinstance(expression, nodes.MemberExpr):
            written = UnknownType("an attribute that is None here")
        return written

    def _infer(self, value: Value, depth: int) -> WrittenType:
        expression, frame = value
        classed = _object_of_class(expression)
        if classed is not None:
            return self._writer.type_of(self.of(Value(classed, frame), depth))
        written = self.as_it_is(value)
        if is_known(written) or depth > _DEEPEST:
            return written
        leaves = self._values.of(value)
        if leaves == [value]:
            return self._of_leaf(value, depth) or written
        types = [self.of(leaf, depth + 1) for leaf in leaves]
        if isinstance(expression, nodes.CallExpr) and any(
            map(self._program.may_return_none, self._program.called(expression))
        ):
            types.append(NONE)
        found = union_of(types)
        return found if is_known(found) else written

    def _of_literal(self, expression: nodes.Expression) -> WrittenType | None:
        """
        Return the type of a literal or a class, in code that mypy does not read.
        """
        name = _LITERALS.get(type(expression))
        if isinstance(expression, nodes.NameExpr) and isinstance(expression.node, nodes.TypeInfo):
            instance = fill_typevars_with_any(expression.node)
            return self._writer.type_of(self._writer.write(instance))
        return None if name is None else NamedType("builtins", name)

    def _of_leaf(self, value: Value, depth: int) -> WrittenType | None:
        expression, frame = value
        node = expression.node if isinstance(expression, nodes.RefExpr) else None
        if isinstance(node, nodes.Var) and node in self._program.parameters:
            given = self._dicts.given(node, frame)
            if given:
                return union_of(self.of(one, depth + 1) for one in given)
            if frame is None or not frame.binds(self._program.parameters[node]):
                return self.of_parameter(node, depth)
        return self._of_mixin(expression) if isinstance(expression, nodes.MemberExpr) else None

    def _of_mixin(self, member: nodes.MemberExpr) -> WrittenType | None:
        """
        Return the type of an attribute that only the subclasses of a mixin inherit.
        """
        info = self._program.class_of(member.expr)
        if info is None or info.get(member.name) is not None:
            return None
        nodes_found = self._program.attributes(info, member.name)
        types = [one.type for one in nodes_found if isinstance(one, nodes.Var)]
        if not types or len(types) < len(nodes_found):
            return None
        return union_of(map(self._writer.write, types))

    def of_parameter(self, variable: Var, depth: int | None = None) -> WrittenType | None:
        """
        Return the common type of all arguments for a parameter; None if there is no call.

        Args:
            variable: the parameter.
            depth: the number of steps to here; by default, arguments are not followed.
        """
        function = self._program.parameters[variable]
        callers = self._program.callers(function)
        if not callers or len(callers) > _MOST_CALLERS or (depth or 0) > 1:
            return None
        found: list[WrittenType] = []
        for call in callers:
            frame = self._values.bind(call.node, function, None)
            given = self._dicts.given(variable, frame)
            if not given:
                return UnknownType("not annotated")
            found += [
                self.as_it_is(one) if depth is None else self.of(one, depth + 1) for one in given
            ]
        found += self._default(function, variable)
        return union_of(found)

    def _default(self, function: FuncItem, variable: Var) -> list[WrittenType]:
        for argument in function.arguments:
            if argument.variable is variable and argument.initializer is not None:
                is_none = getattr(argument.initializer, "fullname", "") == "builtins.None"
                return [NONE if is_none else self.as_it_is(Value(argument.initializer))]
        return []


class TypesByPlace(NamedTuple):
    """
    The types of what is sent, which do not depend on tests elsewhere.
    """

    elsewhere: InferredTypes
    in_tests: InferredTypes
    tests: AbstractSet[str]
    """The names of the modules of tests."""

    def at(self, module: MypyFile) -> InferredTypes:
        """
        Return the types for code in *module*.
        """
        return self.in_tests if module.fullname in self.tests else self.elsewhere


def _object_of_class(expression: nodes.Expression) -> nodes.Expression | None:
    """
    Return the object of which *expression* is the class: ``type(x)`` or ``x.__class__``.
    """
    match expression:
        case nodes.CallExpr(args=[argument]) if called_name(expression) == "builtins.type":
            return argument
        case nodes.MemberExpr(expr=base, name="__class__"):
            return base
    return None
