"""
What an expression may be, anywhere in the project.

In contrast to the plugin, which must be certain, everything counts that an expression may be: a
send of one of several signals is a send of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from mypy import nodes
from mypy.nodes import ARG_POS, ARG_STAR, ARG_STAR2

from .program import function_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from mypy.nodes import ArgKind, Expression, FuncItem, Var

    from .program import Assigned, Call, Program

NAMESPACE: Final = "types.SimpleNamespace"
# Classes that are called with keywords, and return them.
OF_KEYWORDS: Final = ("builtins.dict", NAMESPACE)

_DEEPEST: Final = 20
_MOST_CONSTRUCTORS: Final = 2
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

    args: Var | None = None
    """Its ``*args``."""

    further: tuple[Argument, ...] | None = ()
    """The arguments in ``*args``; None if it is not known which of them are."""

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


class Argument(NamedTuple):
    """
    An argument of a call.
    """

    kind: ArgKind
    name: str | None
    value: Value


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
        self._created: set[Expression] = set()

    def stop_at(self, call: nodes.CallExpr) -> None:
        """
        Do not follow *call* into its function: each call creates another object.
        """
        self._created.add(call)
        self._known.clear()

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
            case nodes.SuperExpr(name=name, info=nodes.TypeInfo() as info):
                bases = [base.names[name].node for base in info.mro[1:] if name in base.names]
                return self._of_symbols(bases[:1], frame)
            case nodes.AssignmentExpr(value=inner):
                return [Value(inner, frame)]
            case nodes.ConditionalExpr(if_expr=one, else_expr=other):
                return [Value(one, frame), Value(other, frame)]
            case nodes.OpExpr(op="or" | "and", left=one, right=other):
                return [Value(one, frame), Value(other, frame)]
            case nodes.IndexExpr(base=base, index=index) if expression.analyzed is None:
                return self._of_item(Value(base, frame), index) or None
            case nodes.CallExpr() if expression not in self._created:
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
        return [part for one in assigned for part in self._parts_of(one, frame)] or None

    def part_of(self, one: Assigned) -> list[Value]:
        """
        Return everything that a variable may be because of an assignment.
        """
        return [leaf for part in self._parts_of(one, None) for leaf in self.of(part)]

    def _parts_of(self, one: Assigned, frame: Frame | None) -> list[Value]:
        parts = [Value(one.value, frame)]
        if one.in_loop:
            parts = self.items(parts[0])
        for index in one.path:
            parts = [item for part in parts for item in self._part(part, index)]
        return parts

    def _part(self, value: Value, index: int) -> Iterator[Value]:
        if index < 0:
            return
        for one, frame in self.of(value):
            if isinstance(one, (nodes.TupleExpr, nodes.ListExpr)) and index < len(one.items):
                yield Value(one.items[index], frame)

    def _of_attribute(self, member: nodes.MemberExpr, frame: Frame | None) -> list[Value] | None:
        if isinstance(member.node, nodes.Var) and not member.node.info:
            return self._of_variable(member.node, frame)
        owner = Value(member.expr, frame)
        if isinstance(member.expr, nodes.RefExpr) and isinstance(member.expr.node, nodes.TypeInfo):
            symbol = member.expr.node.get(member.name)  # not of a subclass
            return self._of_symbols([symbol.node] if symbol is not None else [], frame)
        infos = [self.program.class_of(member.expr)]
        if infos == [None]:
            # Perhaps the argument of a wrapper is an object whose class is known.
            infos = [self.program.class_of(one.expression) for one in self.of(owner)]
        nodes_found: list[nodes.SymbolNode | None] = []
        for info in infos:
            if info is not None and info.is_enum and member.name == "value":
                return [owner]
            if info is not None and info.fullname == NAMESPACE:
                return self._of_item(owner, nodes.StrExpr(member.name)) or None
            nodes_found += self.program.attributes(info, member.name) if info is not None else []
        return self._of_symbols(nodes_found, frame, owner)

    def _may_be_value(self, expression: Expression) -> bool:
        """
        Return whether an attribute may have this value: not None, and not a descriptor, like the
        fields of Django's models, whose values are other objects.
        """
        info = self.program.class_of(expression)
        return not _is_none(expression) and (info is None or info.get("__get__") is None)

    def _of_symbols(
        self,
        found: Iterable[nodes.SymbolNode | None],
        frame: Frame | None,
        owner: Value | None = None,
    ) -> list[Value] | None:
        """
        Return what attributes may be.

        Args:
            found: the attributes, of a class and of those that inherit from it.
            frame: the frame of the expression.
            owner: the object that has them, if it may show more.
        """
        values = [one for node in found for one in self._of_symbol(node, frame, owner)]
        return [one for one in values if self._may_be_value(one.expression)] or None

    def _of_symbol(
        self, node: nodes.SymbolNode | None, frame: Frame | None, owner: Value | None
    ) -> list[Value]:
        if isinstance(node, nodes.Var):
            return [
                value
                for one in self.program.values.get(node, [])
                for inner in self._frames_of(one, frame, owner)
                for value in self._assigned([one], inner) or []
            ]
        function = function_of(node)
        is_property = isinstance(node, (nodes.Decorator, nodes.OverloadedFuncDef))
        if function is None or not is_property or not function.is_property:
            return []
        return self.returned(function, frame)

    def _frames_of(
        self, one: Assigned, frame: Frame | None, owner: Value | None
    ) -> Sequence[Frame | None]:
        """
        Return the frames in which an attribute gets a value: of the calls of the class, if
        ``__init__`` stores an argument; only of those that create *owner*, if they are known.
        """
        init = one.site.function
        node = one.value.node if isinstance(one.value, nodes.RefExpr) else None
        is_stored = isinstance(node, nodes.Var) and self.program.parameters.get(node) is init
        if init is None or init.name != "__init__" or not is_stored:
            return [frame]
        made = [
            inner
            for each in (self.of(owner) if owner is not None else ())
            if isinstance(each.expression, nodes.CallExpr)
            for inner in self._of_constructor(each.expression, init, each.frame)
        ]
        made = made or [*self._of_constructors(init)]
        return made if 0 < len(made) <= _MOST else [frame]

    def _of_constructor(
        self, call: nodes.CallExpr, init: FuncItem, frame: Frame | None
    ) -> Iterator[Frame]:
        """
        Yield what *init* gets from the call of a class, perhaps from an ``__init__`` that calls it.
        """
        for function in self.program.called(call):
            inner = self.bind(call, function, frame)
            if function is init:
                yield inner
            else:
                for each in self.program.callers(init):
                    if each.site.function is function:
                        yield self.bind(each.node, init, inner)

    def _of_constructors(self, init: FuncItem, depth: int = 0) -> Iterator[Frame]:
        """
        Yield what *init* gets from all its calls.
        """
        for call in self.program.callers(init):
            outer = call.site.function
            frames: list[Frame | None] = [None]
            if outer is not None and outer.name == "__init__" and depth < _MOST_CONSTRUCTORS:
                frames = [*self._of_constructors(outer, depth + 1)] or frames
            for frame in frames:
                yield self.bind(call.node, init, frame)

    def returned(self, function: FuncItem, frame: Frame | None) -> list[Value]:
        """
        Return what *function* returns.
        """
        if function not in self.program.sites or function.is_generator:
            return []
        returns = self.program.returns.get(function, [])
        return [Value(one.expr, frame) for one, _ in returns if one.expr is not None]

    def _of_item(self, base: Value, index: Expression) -> list[Value]:
        keys = {constant_of(one.expression) for one in self.of(Value(index, base.frame))}
        found: list[Value] = []
        for one, frame in self.of(base):
            if isinstance(one, nodes.DictExpr):
                found += [
                    Value(item, frame)
                    for name, item in one.items
                    if name is not None and _may_be(constant_of(name), keys)
                ]
            elif isinstance(one, nodes.CallExpr) and called_name(one) in OF_KEYWORDS:
                found += [
                    Value(item, frame)
                    for name, item in zip(one.arg_names, one.args, strict=True)
                    if name is not None and _may_be(name, keys)
                ]
            elif isinstance(one, (nodes.ListExpr, nodes.TupleExpr)):
                numbers = [key for key in keys if isinstance(key, int)]
                chosen = [
                    one.items[key] for key in numbers if -len(one.items) <= key < len(one.items)
                ]
                items = chosen if len(chosen) == len(keys) else one.items
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
        given: dict[Var, Value] = {}
        if arguments and self.program.is_bound(call, function):
            if function.name == "__call__":
                given[arguments[0].variable] = Value(call.callee, outer)
            elif isinstance(call.callee, nodes.MemberExpr):
                given[arguments[0].variable] = Value(call.callee.expr, outer)
            arguments = arguments[1:]
        by_name = {
            one.variable.name: one.variable
            for one in arguments
            if not one.kind.is_star() and not one.pos_only
        }
        positional = [one.variable for one in arguments if one.kind.is_positional()]
        passed = self.arguments_of(
            zip(call.arg_kinds, call.arg_names, call.args, strict=True), outer
        )
        has_star = any(one.kind is ARG_STAR for one in passed)
        in_order = [one for one in passed if one.kind in (ARG_POS, ARG_STAR)]
        unpacked = tuple(one.value for one in passed if one.kind is ARG_STAR2)
        if not has_star:
            given.update(zip(positional, (one.value for one in in_order), strict=False))
        named: list[tuple[str, Value]] = []
        for one in passed:
            if one.name in by_name:
                given[by_name[one.name]] = one.value
            elif one.name is not None:
                named.append((one.name, one.value))
        for each in arguments if not unpacked and not has_star else ():
            if each.initializer is not None:
                given.setdefault(each.variable, Value(each.initializer))
        stars = {one.kind: one.variable for one in arguments if one.kind.is_star()}
        return Frame(
            call,
            function,
            given,
            stars.get(ARG_STAR2),
            tuple(named),
            unpacked,
            stars.get(ARG_STAR),
            None if has_star and positional else tuple(in_order[len(positional) :]),
            outer,
        )

    def arguments_of(
        self, arguments: Iterable[tuple[ArgKind, str | None, Expression]], frame: Frame | None
    ) -> list[Argument]:
        """
        Return the arguments of a call in *frame*, with those in ``*args`` if they are known.
        """
        return [
            one
            for kind, name, expression in arguments
            for one in self._without_star(Argument(kind, name, Value(expression, frame)))
        ]

    def _without_star(self, argument: Argument) -> Iterator[Argument]:
        items = self._items_of_star(argument.value) if argument.kind is ARG_STAR else None
        if items is None:
            yield argument
        for item in items or ():
            yield from self._without_star(item)

    def parameter_at(self, value: Value) -> Var | None:
        """
        Return the parameter that *value* is, if the call of its function is not known.
        """
        expression, frame = value
        node = expression.node if isinstance(expression, nodes.RefExpr) else None
        function = self.program.parameters.get(node) if isinstance(node, nodes.Var) else None
        if function is None or (frame is not None and frame.binds(function)):
            return None
        return cast("Var", node)

    def _items_of_star(self, value: Value) -> Sequence[Argument] | None:
        expression, frame = value
        if isinstance(expression, (nodes.TupleExpr, nodes.ListExpr)):
            is_plain = not any(isinstance(one, nodes.StarExpr) for one in expression.items)
            items = [Argument(ARG_POS, None, Value(one, frame)) for one in expression.items]
            return items if is_plain else None
        node = expression.node if isinstance(expression, nodes.RefExpr) else None
        while frame is not None and (frame.args is None or frame.args is not node):
            frame = frame.outer
        return frame.further if frame is not None else None


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


def _may_be(key: str | int | None, keys: Collection[str | int | None]) -> bool:
    """
    Return whether *key* may be one of *keys*. None is not known.
    """
    return key is None or None in keys or key in keys


def _is_none(expression: Expression) -> bool:
    return isinstance(expression, nodes.NameExpr) and expression.fullname == "builtins.None"
