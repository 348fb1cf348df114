"""
Where the variables of the current module get their values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mypy import nodes
from mypy.patterns import AsPattern, MappingPattern, StarredPattern

from .fullnames import SEND_METHODS
from .last_module import OfLastModule
from .tree_walk import children_of, walk

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from mypy.nodes import Expression, FuncItem, MypyFile, Node, Var

# Nodes that run some of their parts only, or end a loop.
_CONDITIONS: Final = (
    nodes.IfStmt,
    nodes.WhileStmt,
    nodes.MatchStmt,
    nodes.TryStmt,
    nodes.ConditionalExpr,
    nodes.BreakStmt,
    nodes.ContinueStmt,
    nodes.ReturnStmt,
    nodes.RaiseStmt,
)

_DEFINING: Final = (
    nodes.ClassDef,
    nodes.Decorator,
    nodes.FuncDef,
    nodes.ImportBase,
    nodes.OverloadedFuncDef,
    nodes.PassStmt,
)

# The methods after which a list, set or dict does not have the items of its display.
_CHANGES: Final = {
    "__delitem__",
    "__setitem__",
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "extendleft",
    "insert",
    "intersection_update",
    "move_to_end",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "rotate",
    "setdefault",
    "sort",
    "symmetric_difference_update",
    "update",
}
# Functions of these packages do not change the collections that they get, except for some.
_HARMLESS: Final = {"blinker", "builtins", "celery", "django", "itertools", "typed_signals"}
_CONSUMERS: Final = {"builtins.next", "itertools.islice"}

# What is made of these can change.
_CHANGEABLE: Final = (
    nodes.ListExpr,
    nodes.DictExpr,
    nodes.SetExpr,
    nodes.ListComprehension,
    nodes.SetComprehension,
    nodes.DictionaryComprehension,
    nodes.GeneratorExpr,
)

_CONNECT_METHODS: Final = {"connect", "connected", "connected_to"}

UNKNOWN: Final = nodes.EllipsisExpr()
"""The value of a variable that gets another one than an expression, such as a parameter."""

# The branches of which one runs: the statement, and the number of the branch.
_Branches = tuple[tuple["Node", int], ...]


class Binding(NamedTuple):
    """
    A place where a variable gets a value.
    """

    target: Expression
    """What is assigned to: the variable, or a tuple that contains it."""

    value: Expression
    """What is assigned, or iterated over."""

    branches: _Branches
    """In which branches of ``if`` and ``try`` statements it is."""

    loop: Node | None = None
    """The loop, if the target gets each item of the value."""

    def excludes(self, other: Binding) -> bool:
        """
        Return whether at most one of the two bindings happens.
        """
        mine = dict(self.branches)
        return any(mine.get(node, branch) != branch for node, branch in other.branches)

    def is_around(self, place: Expression) -> bool:
        """
        Return whether *place* is in the body of the loop.
        """
        if self.loop is None:
            return False
        if not self.loop.line <= place.line <= (self.loop.end_line or self.loop.line):
            return False
        if not isinstance(self.loop, nodes.ForStmt):
            return True
        after = self.loop.else_body
        is_after = after is not None and _position(after.body[0]) <= _position(place)
        return not is_after and _position(place) > _end(self.loop.expr)

    @property
    def is_selective(self) -> bool:
        """
        Return whether the loop may use some of the items only.
        """
        variables = {part.node for part in _targets(self.target)}
        return self.loop is not None and may_skip(self.loop, variables)


def may_skip(node: Node, variables: Container[object]) -> bool:
    """
    Return whether a part of *node* may not run, or only sometimes.

    Functions in it are ignored, unless they use one of *variables*.
    """
    left = [node]
    while left:
        part = left.pop()
        if isinstance(part, nodes.FuncItem):
            # It is called at another time, when the variables may have other values.
            if any(isinstance(one, nodes.NameExpr) and one.node in variables for one in walk(part)):
                return True
            continue
        is_condition = isinstance(part, _CONDITIONS) or (
            isinstance(part, nodes.OpExpr) and part.op in ("and", "or")
        )
        if is_condition or any(getattr(part, "condlists", ())):
            return True
        left += children_of(part)
    return False


def _position(node: Node) -> tuple[int, int]:
    return node.line, node.column


def _end(node: Node) -> tuple[int, int]:
    return node.end_line or node.line, (node.end_column or node.column) - 1


class Bindings:
    """
    The bindings of the variables in a module, and its functions.
    """

    def __init__(self, module: MypyFile) -> None:
        self._of: dict[Var, list[Binding]] = {}
        self._set_elsewhere: set[str] = set()
        """The attributes that are assigned to after their definition, perhaps of other classes."""
        self._passed: set[Var | str] = set()
        """The variables, and names of attributes, that a function gets which may change them."""
        self._classes: list[nodes.TypeInfo] = []
        self.decorators: list[nodes.Decorator] = []
        self.functions: set[FuncItem] = set()
        """The functions and lambdas, whose bodies mypy knows."""
        self.redefined: set[Node] = set()
        """Functions and variables of which there is another one in another branch."""
        self.connects: list[nodes.CallExpr] = []
        """The calls of methods with the names of those that connect."""
        self.sends: list[nodes.CallExpr] = []
        """The calls of methods with the names of those that send."""
        self.statements: set[Expression] = set()
        """The expressions that are statements, so that their results are not used."""
        self.replaced: dict[nodes.FuncDef, nodes.FuncDef] = {}
        """Functions of the same name in one block: the second replaces the first."""
        self.repeated: set[nodes.FuncDef] = set()
        """Functions in a loop over several items: each pass replaces the one before."""
        self._visit(module, ())

    def of(self, variable: Var) -> list[Binding]:
        """
        Return the bindings of *variable*, if it has one of their values; empty if it is unknown.
        """
        found = self._of.get(variable, [])
        name = variable.name if variable.info else variable
        if name in self._set_elsewhere:
            return []
        if name in self._passed and any(_can_change(binding.value) for binding in found):
            return []
        is_one_of_them = all(
            one.excludes(other) for index, one in enumerate(found) for other in found[:index]
        )
        return found if is_one_of_them else []

    def is_constant(self, variable: Var) -> bool:
        """
        Return whether *variable* has one value only, as far as the module shows.
        """
        if variable.is_final or variable not in self._of:
            return True
        found = self.of(variable)
        return len(found) == 1 and found[0].loop is None and found[0].value is not UNKNOWN

    def is_set_elsewhere(self, name: str) -> bool:
        """
        Return whether an attribute *name* is assigned to after its definition.
        """
        return name in self._set_elsewhere

    def is_overridden(self, info: nodes.TypeInfo, name: str) -> bool:
        """
        Return whether a subclass of *info* in the module has another attribute *name*.
        """
        symbol = info.get(name)
        node = None if symbol is None else symbol.node
        subclasses = [one for one in self._classes if one.has_base(info.fullname)]
        found = [one.get(name) for one in subclasses]
        return any(one is not None and one.node is not node for one in found)

    def loop_around(self, variable: Var, place: Expression) -> Binding | None:
        """
        Return the innermost loop around *place* that assigns *variable*; None if more does there.
        """
        found = self._of.get(variable, [])
        around = [binding for binding in found if binding.is_around(place)]
        if not around:
            return None
        innermost = around[0]  # the bindings in a loop stand before its own
        others = [one for one in found if one is not innermost]
        is_changed = any(innermost.is_around(one.target) for one in others)
        return None if is_changed else innermost

    def _visit(self, node: Node, branches: _Branches) -> None:
        bodies = _alternatives(node)
        for part in children_of(node):
            number = next((n for n, body in enumerate(bodies) if body is part), None)
            self._visit(part, branches if number is None else (*branches, (node, number)))
        for binding in _bindings_in(node, branches):
            self._bind(binding)
        self._note(node)
        if isinstance(node, nodes.ForStmt) and _is_repeating(node):
            self.repeated.update(_functions_in(node.body.body))

    def _visit_function(self, function: FuncItem) -> None:
        self.functions.add(function)
        if isinstance(function, nodes.FuncDef) and function.original_def is not None:
            self.redefined.add(function.original_def)
        for argument in function.arguments:
            passed = Binding(UNKNOWN, UNKNOWN, ())
            self._of.setdefault(argument.variable, []).append(passed)

    def _visit_call(self, call: nodes.CallExpr) -> None:
        name = call.callee.name if isinstance(call.callee, nodes.MemberExpr) else ""
        if name in _CONNECT_METHODS:
            self.connects.append(call)
        elif name in SEND_METHODS:
            self.sends.append(call)
        callee = call.callee.fullname if isinstance(call.callee, nodes.RefExpr) else ""
        if callee == "builtins.setattr" and len(call.args) > 1:
            attribute = call.args[1]
            if isinstance(attribute, nodes.StrExpr):
                self._set_elsewhere.add(attribute.value)
        if callee.partition(".")[0] in _HARMLESS and callee not in _CONSUMERS:
            return
        for argument in call.args:
            if isinstance(argument, nodes.MemberExpr):
                self._passed.add(argument.name)
            elif isinstance(argument, nodes.NameExpr) and isinstance(argument.node, nodes.Var):
                self._passed.add(argument.node)

    def _note(self, node: Node) -> None:
        match node:
            case nodes.CallExpr():
                self._visit_call(node)
            case nodes.FuncDef() | nodes.LambdaExpr():
                self._visit_function(node)
            case nodes.ClassDef(info=info):
                if info:  # not in code that mypy does not analyse
                    self._classes.append(info)
            case nodes.ExpressionStmt(expr=expression):
                self.statements.add(expression)
            case nodes.MypyFile(defs=statements) | nodes.Block(body=statements):
                self._find_replaced(statements)
            case nodes.Decorator():
                self.decorators.append(node)

    def _find_replaced(self, statements: list[nodes.Statement]) -> None:
        latest: dict[str, nodes.FuncDef] = {}
        for statement in statements:
            if not _sends_nothing(statement):
                latest.clear()
            for function in _functions_in([statement]):
                if function.name in latest:
                    self.replaced[latest[function.name]] = function
                latest[function.name] = function

    def _bind(self, binding: Binding) -> None:
        for part in _targets(binding.target):
            node = part.node
            if isinstance(part, nodes.MemberExpr):
                node = part.def_var
                if node is None:
                    self._set_elsewhere.add(part.name)
            if isinstance(node, nodes.Var):
                self._of.setdefault(node, []).append(binding)


def _can_change(value: Expression) -> bool:
    if isinstance(value, nodes.CallExpr) and isinstance(value.callee, nodes.RefExpr):
        return value.callee.fullname.partition(".")[0] in ("builtins", "itertools")
    return isinstance(value, _CHANGEABLE)


def _functions_in(statements: list[nodes.Statement]) -> Iterator[nodes.FuncDef]:
    for statement in statements:
        function = statement.func if isinstance(statement, nodes.Decorator) else statement
        if isinstance(function, nodes.FuncDef):
            yield function


def _sends_nothing(statement: nodes.Statement) -> bool:
    """
    Return whether *statement* certainly calls no receiver: it only defines, connects or assigns.
    """
    match statement:
        case nodes.ExpressionStmt(expr=nodes.CallExpr(callee=nodes.MemberExpr(name="connect"))):
            return True
        case nodes.ExpressionStmt(expr=expression) | nodes.AssignmentStmt(rvalue=expression):
            return not any(isinstance(part, nodes.CallExpr) for part in walk(expression))
    return isinstance(statement, _DEFINING)


def _is_repeating(loop: nodes.ForStmt) -> bool:
    """
    Return whether several passes of *loop* define the same functions, and none calls a receiver.
    """
    items = getattr(loop.expr, "items", None)
    is_long = items is None or len(items) > 1 or any(map(_is_star, items))
    return is_long and all(map(_sends_nothing, loop.body.body))


def _is_star(item: object) -> bool:
    return isinstance(item, nodes.StarExpr)


def _bindings_in(node: Node, branches: _Branches) -> list[Binding]:
    match node:
        case nodes.AssignmentStmt(lvalues=targets, rvalue=value):
            is_stated = not isinstance(value, nodes.TempNode)  # not only "x: int"
            return [Binding(target, value, branches) for target in targets if is_stated]
        case nodes.AssignmentExpr(target=target, value=value):
            return [Binding(target, value, branches)]
        case nodes.ForStmt(index=target, expr=value):
            return [Binding(target, UNKNOWN if node.is_async else value, branches, node)]
        case nodes.WithStmt(target=targets) | nodes.TryStmt(vars=targets):
            return [Binding(target, UNKNOWN, branches) for target in targets if target]
        case nodes.GeneratorExpr() | nodes.DictionaryComprehension():
            loops = zip(node.indices, node.sequences, strict=True)
            return [Binding(target, value, branches, node) for target, value in loops]
        case nodes.CallExpr(callee=nodes.MemberExpr(expr=target, name=name)) if name in _CHANGES:
            return [Binding(target, UNKNOWN, branches)]
        case nodes.OperatorAssignmentStmt(lvalue=target) | nodes.DelStmt(expr=target):
            return [Binding(target, UNKNOWN, branches)]
        case AsPattern(name=target) | StarredPattern(capture=target) | MappingPattern(rest=target):
            return [Binding(target, UNKNOWN, branches)] if target else []
    return []


def _alternatives(node: Node) -> list[nodes.Block]:
    """
    Return the bodies of *node* of which only one runs, or only one to its end.
    """
    match node:
        case nodes.IfStmt(body=bodies, else_body=last):
            return [*bodies, *filter(None, [last])]
        case nodes.TryStmt(body=body, handlers=handlers):
            return [body, *handlers]
        case nodes.MatchStmt(bodies=bodies):
            return bodies
    return []


def _targets(target: Expression) -> Iterator[nodes.RefExpr]:
    """
    Yield the variables and attributes in *target* of an assignment, or whose items it changes.
    """
    if isinstance(target, (nodes.TupleExpr, nodes.ListExpr)):
        for item in target.items:
            yield from _targets(item)
    elif isinstance(target, nodes.StarExpr):
        yield from _targets(target.expr)
    elif isinstance(target, nodes.IndexExpr):  # its collection is changed
        yield from _targets(target.base)
    elif isinstance(target, nodes.RefExpr):
        yield target


_BINDINGS: Final = OfLastModule[Bindings]()


def bindings_of(api: Any) -> Bindings:
    """
    Return the bindings in the module that is being checked.

    Args:
        api: mypy's checker.
    """
    return _BINDINGS.get(api, lambda: Bindings(api.tree))
