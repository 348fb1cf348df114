"""
What an expression may be, anywhere in the project.

In contrast to the plugin, which must be certain, everything counts that an expression may be: a
send of one of several signals is a send of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from mypy import nodes
from mypy.nodes import ARG_POS, ARG_STAR, ARG_STAR2

from .program import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy.nodes import Expression, FuncItem, TypeInfo, Var

    from .program import Assigned, Call, Program

_DEEPEST: Final = 20
_MOST: Final = 60
_MOST_STEPS: Final = 400

# Functions that return one of their arguments, or a copy of it.
_PASSING: Final = frozenset(
    {
        "builtins.dict",
        "builtins.frozenset",
        "builtins.iter",
        "builtins.list",
        "builtins.reversed",
        "builtins.set",
        "builtins.sorted",
        "builtins.tuple",
        "copy.copy",
        "copy.deepcopy",
    }
)


@dataclass(frozen=True, eq=False)
class Frame:
    """
    What a function gets in one call of it.
    """

    call: nodes.CallExpr
    function: FuncItem
    given: dict[Var, Value]
    kwargs: Var | None = None
    """Its ``**kwargs``."""

    named: tuple[tuple[str, Value], ...] = ()
    """The keywords in ``**kwargs``."""

    unpacked: tuple[Value, ...] = ()
    """The dicts in ``**kwargs``."""

    outer: Frame | None = None
    """The frame of the call itself."""

    def binds(self, function: FuncItem) -> bool:
        """
        Return whether this is a call of *function*, or of one that calls it.
        """
        frame: Frame | None = self
        while frame is not None:
            if frame.function is function:
                return True
            frame = frame.outer
        return False


class Value(NamedTuple):
    """
    An expression, and the call in which it is evaluated.
    """

    expression: Expression
    frame: Frame | None = None


class Values:
    """
    Follows expressions through variables, attributes, collections and functions.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._active: set[tuple[int, int]] = set()
        """The values that are being followed."""
        self._steps = 0
        self._known: dict[Value, list[Value]] = {}

    def of(self, value: Value) -> list[Value]:
        """
        Return everything that *value* may be, which is itself if it cannot be followed.
        """
        if value in self._known:
            return self._known[value]
        is_first = not self._active
        if is_first:
            self._steps = 0
        found: dict[Value, None] = {}
        self._follow(value, found)
        result = [*found][:_MOST]
        if is_first:
            self._known[value] = result
        return result

    def _follow(self, value: Value, found: dict[Value, None]) -> None:
        mark = (id(value.expression), id(value.frame))
        self._steps += 1
        if mark in self._active or len(found) > _MOST:
            return
        steps = None
        if len(self._active) < _DEEPEST and self._steps < _MOST_STEPS:
            self._active.add(mark)
            try:
                steps = self._step(value)
                for step in steps or ():
                    self._follow(step, found)
            finally:
                self._active.remove(mark)
        if steps is None:
            found[value] = None

    def _step(self, value: Value) -> list[Value] | None:
        """
        Return what *value* may be in one step; None if it is itself.
        """
        expression, frame = value
        match expression:
            case nodes.NameExpr(node=nodes.Var() as variable):
                return self._of_variable(variable, frame)
            case nodes.MemberExpr():
                return self._of_attribute(expression, frame)
            case nodes.AssignmentExpr(value=inner):
                return [Value(inner, frame)]
            case nodes.ConditionalExpr(if_expr=one, else_expr=other):
                return [Value(one, frame), Value(other, frame)]
            case nodes.OpExpr(op="or" | "and", left=one, right=other):
                return [Value(one, frame), Value(other, frame)]
            case nodes.IndexExpr(base=base, index=index) if expression.analyzed is None:
                return self._of_item(Value(base, frame), index) or None
            case nodes.CallExpr():
                return self._of_call(expression, frame)
        return None

    def _of_variable(self, variable: Var, frame: Frame | None) -> list[Value] | None:
        given = given_in(frame, variable)
        if given is not None:
            return [given]
        if variable in self.program.parameters:
            return None
        return self._assigned(self.program.values.get(variable, []), frame)

    def _assigned(self, assigned: Sequence[Assigned], frame: Frame | None) -> list[Value] | None:
        found: list[Value] = []
        for one in assigned:
            parts = [Value(one.value, frame)]
            if one.in_loop:
                parts = self.items(parts[0])
            for index in one.path:
                parts = [item for part in parts for item in self._part(part, index)]
            found += parts
        return found or None

    def _part(self, value: Value, index: int) -> Iterator[Value]:
        if index < 0:
            return
        for one, frame in self.of(value):
            if isinstance(one, (nodes.TupleExpr, nodes.ListExpr)) and index < len(one.items):
                yield Value(one.items[index], frame)

    def _of_attribute(self, member: nodes.MemberExpr, frame: Frame | None) -> list[Value] | None:
        if isinstance(member.node, nodes.Var) and not member.node.info:
            return self._of_variable(member.node, frame)
        infos: list[TypeInfo] = []
        if self.program.class_of(member.expr) is None:
            # Perhaps the argument of a wrapper is an object whose class is known.
            for one in self.of(Value(member.expr, frame)):
                info = self.program.class_of(one.expression)
                infos += [info] if info is not None else []
        else:
            infos = [self.program.class_of(member.expr)]  # type: ignore[list-item]  # not None
        found: list[Value] = []
        for info in infos:
            for node in self.program.attributes(info, member.name):
                found += self._of_symbol(node, frame)
        return [one for one in found if self._may_be_value(one.expression)] or None

    def _may_be_value(self, expression: Expression) -> bool:
        """
        Return whether an attribute may have this value: not None, and not a descriptor, like the
        fields of Django's models, whose values are other objects.
        """
        info = self.program.class_of(expression)
        return not _is_none(expression) and (info is None or info.get("__get__") is None)

    def _of_symbol(self, node: nodes.SymbolNode, frame: Frame | None) -> list[Value]:
        if isinstance(node, nodes.Var):
            return self._assigned(self.program.values.get(node, []), frame) or []
        function = function_of(node)
        is_property = isinstance(node, (nodes.Decorator, nodes.OverloadedFuncDef))
        if function is None or not is_property or not function.is_property:
            return []
        return self.returned(function, frame)

    def returned(self, function: FuncItem, frame: Frame | None) -> list[Value]:
        """
        Return what *function* returns.
        """
        if function not in self.program.sites or function.is_generator:
            return []
        returns = self.program.returns.get(function, [])
        return [Value(one.expr, frame) for one, _ in returns if one.expr is not None]

    def _of_item(self, base: Value, index: Expression) -> list[Value]:
        key = constant_of(index)
        found: list[Value] = []
        for one, frame in self.of(base):
            if isinstance(one, nodes.DictExpr):
                found += [
                    Value(item, frame)
                    for name, item in one.items
                    if name is not None and (key is None or constant_of(name) in (None, key))
                ]
            elif isinstance(one, (nodes.ListExpr, nodes.TupleExpr)):
                items = one.items
                if isinstance(key, int) and -len(items) <= key < len(items):
                    items = [items[key]]
                found += [Value(item, frame) for item in items]
            elif isinstance(one, nodes.DictionaryComprehension):
                found.append(Value(one.value, frame))
        return found

    def _of_call(self, call: nodes.CallExpr, frame: Frame | None) -> list[Value] | None:
        if isinstance(call.analyzed, nodes.CastExpr):
            return [Value(call.analyzed.expr, frame)]
        callee, arguments = call.callee, call.args
        name = called_name(call)
        if name == "builtins.getattr" and len(arguments) > 1:
            found = self._attribute_named(Value(arguments[0], frame), arguments[1])
            return found + [Value(one, frame) for one in arguments[2:]] if found else None
        if name in _PASSING and arguments and name != "builtins.dict":
            return [Value(arguments[0], frame)]
        if isinstance(callee, nodes.MemberExpr) and callee.name in ("get", "pop") and arguments:
            return self._of_item(Value(callee.expr, frame), arguments[0]) or None
        if isinstance(callee, nodes.RefExpr) and isinstance(callee.node, nodes.TypeInfo):
            return None
        found = []
        for function in self.program.called(call):
            inner = self.bind(call, function, frame)
            found += self.returned(function, inner)
        return found or None

    def _attribute_named(self, base: Value, name: Expression) -> list[Value]:
        names = {constant_of(one.expression) for one in self.of(Value(name, base.frame))}
        found: list[Value] = []
        for one, frame in self.of(base):
            for key in names:
                if isinstance(key, str):
                    found += [Value(self._member(one, key), frame)]
        return found

    def _member(self, base: Expression, name: str) -> nodes.MemberExpr:
        member = nodes.MemberExpr(base, name)
        tree = base.node if isinstance(base, nodes.RefExpr) else None
        if isinstance(tree, nodes.MypyFile) and name in tree.names:
            symbol = tree.names[name]
            member.node, member.fullname = symbol.node, symbol.fullname or ""
        return member

    def items(self, value: Value) -> list[Value]:
        """
        Return the items over which a loop over *value* iterates.
        """
        return [item for one in self.of(value) for item in self._items(one)]

    def _items(self, value: Value) -> list[Value]:
        expression, frame = value
        match expression:
            case nodes.ListExpr() | nodes.TupleExpr() | nodes.SetExpr():
                return [
                    item
                    for one in expression.items
                    for item in (
                        self.items(Value(one.expr, frame))
                        if isinstance(one, nodes.StarExpr)
                        else [Value(one, frame)]
                    )
                ]
            case nodes.DictExpr():
                return [Value(key, frame) for key, _ in expression.items if key is not None]
            case nodes.OpExpr(op="+", left=left, right=right):
                return [*self.items(Value(left, frame)), *self.items(Value(right, frame))]
            case nodes.CallExpr(callee=nodes.MemberExpr(expr=base, name="values")):
                return self._of_item(Value(base, frame), nodes.EllipsisExpr())
            case nodes.CallExpr(callee=nodes.MemberExpr(expr=base, name="items")):
                return [
                    Value(nodes.TupleExpr([key, item]), inner)
                    for display, inner in self.of(Value(base, frame))
                    if isinstance(display, nodes.DictExpr)
                    for key, item in display.items
                    if key is not None
                ]
        return []

    def bind_around(self, call: Call, function: FuncItem, frame: Frame | None) -> Frame:
        """
        Return *frame* with what *function* gets from *call*.

        Args:
            call: the call, inside of a function of *frame*, or of the outermost of them.
            function: the function that is called.
            frame: what is known of other functions.
        """
        if frame is None or any(map(frame.binds, call.site.functions)):
            return self.bind(call.node, function, frame)
        outer = self.bind_around(call, function, frame.outer)
        return self.bind(frame.call, frame.function, outer)

    def bind(self, call: nodes.CallExpr, function: FuncItem, outer: Frame | None) -> Frame:
        """
        Return what *function* gets from *call*.

        Args:
            call: the call.
            function: the function that is called.
            outer: the frame in which the call is evaluated.
        """
        arguments = [*function.arguments]
        has_star = ARG_STAR in call.arg_kinds
        given: dict[Var, Value] = {}
        if arguments and self.program.is_bound(call, function):
            if isinstance(call.callee, nodes.MemberExpr):
                given[arguments[0].variable] = Value(call.callee.expr, outer)
            arguments = arguments[1:]
        by_name = {
            one.variable.name: one.variable
            for one in arguments
            if not one.kind.is_star() and not one.pos_only
        }
        positional = [one.variable for one in arguments if one.kind.is_positional()]
        named: list[tuple[str, Value]] = []
        unpacked: list[Value] = []
        for number, argument in enumerate(call.args):
            kind, name, value = (
                call.arg_kinds[number],
                call.arg_names[number],
                Value(argument, outer),
            )
            if kind is ARG_POS and not has_star:
                given.update(dict.fromkeys(positional[number : number + 1], value))
            elif name is not None:
                if name in by_name:
                    given[by_name[name]] = value
                else:
                    named.append((name, value))
            elif kind is ARG_STAR2:
                unpacked.append(value)
        for one in arguments if not unpacked and not has_star else ():
            if one.initializer is not None:
                given.setdefault(one.variable, Value(one.initializer))
        kwargs = next((one.variable for one in arguments if one.kind is ARG_STAR2), None)
        return Frame(call, function, given, kwargs, tuple(named), tuple(unpacked), outer)


def given_in(frame: Frame | None, variable: Var) -> Value | None:
    """
    Return what a parameter gets in a frame, or in one around it.
    """
    while frame is not None:
        if variable in frame.given:
            return frame.given[variable]
        frame = frame.outer
    return None


def called_name(call: nodes.CallExpr) -> str:
    """
    Return the full name of what is called; empty if it has none.
    """
    return call.callee.fullname if isinstance(call.callee, nodes.RefExpr) else ""


def constant_of(expression: Expression) -> str | int | None:
    """
    Return the value of a literal string or number; None for other expressions.
    """
    match expression:
        case nodes.StrExpr(value=value) | nodes.IntExpr(value=value):
            return value
        case nodes.UnaryExpr(op="-", expr=nodes.IntExpr(value=number)):
            return -number
    return None


def _is_none(expression: Expression) -> bool:
    return isinstance(expression, nodes.NameExpr) and expression.fullname == "builtins.None"
