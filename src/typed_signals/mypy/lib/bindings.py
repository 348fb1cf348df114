"""
Where the variables of the current module get their values.

A plugin cannot walk mypy's tree with a visitor of mypy (see :mod:`.source_code`), so a table
contains the parts of each kind of node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mypy import nodes
from mypy.traverser import all_name_and_member_expressions

from .fullnames import SEND_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import Expression, FuncItem, MypyFile, Node, Var

# The attributes with the statements and expressions of a node, for each class of nodes.
_PARTS: Final[dict[type[Node], tuple[str, ...]]] = {
    nodes.MypyFile: ("defs",),
    nodes.Block: ("body",),
    nodes.ClassDef: ("defs", "decorators"),
    nodes.FuncDef: ("body",),
    nodes.LambdaExpr: ("body",),
    nodes.Decorator: ("original_decorators", "func"),
    nodes.OverloadedFuncDef: ("items",),
    nodes.ExpressionStmt: ("expr",),
    nodes.AssignmentStmt: ("rvalue",),
    nodes.OperatorAssignmentStmt: ("rvalue",),
    nodes.ReturnStmt: ("expr",),
    nodes.IfStmt: ("expr", "body", "else_body"),
    nodes.WhileStmt: ("expr", "body", "else_body"),
    nodes.ForStmt: ("expr", "body", "else_body"),
    nodes.TryStmt: ("body", "handlers", "else_body", "finally_body"),
    nodes.WithStmt: ("expr", "body"),
    nodes.MatchStmt: ("subject", "bodies"),
    nodes.ListExpr: ("items",),
    nodes.TupleExpr: ("items",),
    nodes.SetExpr: ("items",),
    nodes.DictExpr: ("items",),
    nodes.StarExpr: ("expr",),
    nodes.CallExpr: ("callee", "args"),
    nodes.IndexExpr: ("base", "index"),
    nodes.MemberExpr: ("expr",),
    nodes.OpExpr: ("left", "right"),
    nodes.ComparisonExpr: ("operands",),
    nodes.UnaryExpr: ("expr",),
    nodes.AwaitExpr: ("expr",),
    nodes.ConditionalExpr: ("cond", "if_expr", "else_expr"),
    nodes.AssignmentExpr: ("value",),
    nodes.ListComprehension: ("generator",),
    nodes.SetComprehension: ("generator",),
    nodes.GeneratorExpr: ("sequences", "condlists", "left_expr"),
    nodes.DictionaryComprehension: ("sequences", "condlists", "key", "value"),
}

# The attribute with the condition of a node, on which depends which of its parts run.
_CONDITIONS: Final[dict[type[Node], str]] = {
    nodes.IfStmt: "expr",
    nodes.WhileStmt: "expr",
    nodes.MatchStmt: "subject",
    nodes.ConditionalExpr: "cond",
    nodes.OpExpr: "left",
    nodes.GeneratorExpr: "condlists",
    nodes.DictionaryComprehension: "condlists",
}

_DEFINING: Final = (
    nodes.ClassDef,
    nodes.Decorator,
    nodes.FuncDef,
    nodes.ImportBase,
    nodes.OverloadedFuncDef,
    nodes.PassStmt,
)

# The methods with which a list, set or dict loses items, or gets others under the same key.
_CHANGES: Final = {"clear", "discard", "insert", "pop", "remove", "reverse", "sort", "update"}

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
        Return whether *place* is in the loop.
        """
        if self.loop is None:
            return False
        return self.loop.line <= place.line <= (self.loop.end_line or self.loop.line)

    @property
    def is_selective(self) -> bool:
        """
        Return whether the loop may use some of the items only: a condition has its variables.
        """
        variables = {part.node for part in _targets(self.target)}
        return any(
            name.node in variables
            for node in ([] if self.loop is None else _walk(self.loop))
            for condition in _nodes_in(getattr(node, _CONDITIONS.get(type(node), ""), None))
            for name in all_name_and_member_expressions(condition)[0]
        )


class Bindings:
    """
    The bindings of the variables in a module, and its functions.
    """

    def __init__(self, module: MypyFile) -> None:
        self._of: dict[Var, list[Binding]] = {}
        self._set_elsewhere: set[str] = set()
        """The attributes that are assigned to after their definition, perhaps of other classes."""
        self.decorators: list[nodes.Decorator] = []
        self.functions: set[FuncItem] = set()
        """The functions and lambdas, whose bodies mypy knows."""
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
        if variable.info and variable.name in self._set_elsewhere:
            return []
        found = self._of.get(variable, [])
        is_one_of_them = all(
            one.excludes(other) for index, one in enumerate(found) for other in found[:index]
        )
        return found if is_one_of_them else []

    def loop_around(self, variable: Var, place: Expression) -> Binding | None:
        """
        Return the innermost loop around *place* that assigns *variable*; None if more does there.
        """
        found = self._of.get(variable, [])
        around = [binding for binding in found if binding.is_around(place)]
        if not around:
            return None
        innermost = around[-1]
        others = [one for one in found if one is not innermost and one.loop is None]
        is_changed = any(innermost.is_around(one.target) for one in others)
        return None if is_changed else innermost

    def _visit(self, node: Node, branches: _Branches) -> None:
        bodies = _alternatives(node)
        for part in _parts(node):
            number = next((n for n, body in enumerate(bodies) if body is part), None)
            self._visit(part, branches if number is None else (*branches, (node, number)))
        for binding in _bindings_in(node, branches):
            self._bind(binding)
        self._note(node)
        if isinstance(node, nodes.ForStmt) and _is_repeating(node):
            self.repeated.update(_functions_in(node.body.body))
        if isinstance(node, nodes.FuncItem):
            self.functions.add(node)
            for argument in node.arguments:
                passed = Binding(UNKNOWN, UNKNOWN, ())
                self._of.setdefault(argument.variable, []).append(passed)

    def _note(self, node: Node) -> None:
        match node:
            case nodes.CallExpr(callee=nodes.MemberExpr(name=name)):
                if name in _CONNECT_METHODS:
                    self.connects.append(node)
                elif name in SEND_METHODS:
                    self.sends.append(node)
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
            return not any(isinstance(part, nodes.CallExpr) for part in _walk(expression))
    return isinstance(statement, _DEFINING)


def _is_repeating(loop: nodes.ForStmt) -> bool:
    """
    Return whether each pass of *loop* defines the same functions, and none calls a receiver.
    """
    return all(map(_sends_nothing, loop.body.body)) and not _may_end_early(loop)


def _may_end_early(loop: nodes.ForStmt) -> bool:
    """
    Return whether a loop may end after its first pass, or not define anything in some.
    """
    items = getattr(loop.expr, "items", None)
    if items is not None and len(items) < 2 and not any(map(_is_star, items)):
        return True
    left: list[Node] = [loop.body]
    while left:
        node = left.pop()
        if isinstance(node, (nodes.BreakStmt, nodes.ContinueStmt, nodes.ReturnStmt)):
            return True
        if not isinstance(node, (nodes.FuncItem, nodes.Decorator)):
            left.extend(_parts(node))
    return False


def _is_star(item: object) -> bool:
    return isinstance(item, nodes.StarExpr)


def _bindings_in(node: Node, branches: _Branches) -> list[Binding]:
    match node:
        case nodes.AssignmentStmt(lvalues=targets, rvalue=value):
            is_stated = not isinstance(value, nodes.TempNode)  # not only "x: int"
            return [Binding(target, value, branches) for target in targets if is_stated]
        case nodes.OperatorAssignmentStmt(lvalue=target):
            return [Binding(target, UNKNOWN, branches)]
        case nodes.AssignmentExpr(target=target, value=value):
            return [Binding(target, value, branches)]
        case nodes.ForStmt(index=target, expr=value):
            return [Binding(target, UNKNOWN if node.is_async else value, branches, node)]
        case nodes.WithStmt(target=targets):
            return [Binding(target, UNKNOWN, branches) for target in targets if target]
        case nodes.GeneratorExpr() | nodes.DictionaryComprehension():
            loops = zip(node.indices, node.sequences, strict=True)
            return [Binding(target, value, branches, node) for target, value in loops]
        case nodes.CallExpr(callee=nodes.MemberExpr(expr=target, name=name)) if name in _CHANGES:
            return [Binding(target, UNKNOWN, branches)]
        case nodes.DelStmt(expr=nodes.IndexExpr(base=target)):
            return [Binding(target, UNKNOWN, branches)]
    return []


def _parts(node: Node) -> Iterator[Node]:
    for name in _PARTS.get(type(node), ()):
        yield from _nodes_in(getattr(node, name))


def _nodes_in(part: Any) -> Iterator[Any]:
    if isinstance(part, (list, tuple)):
        for item in part:
            yield from _nodes_in(item)
    elif part is not None:
        yield part


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in _parts(node):
        yield from _walk(part)


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


# Those of the last module. The daemon has another checker after the file is edited.
_last_module: list[tuple[Any, Bindings]] = []


def bindings_of(api: Any) -> Bindings:
    """
    Return the bindings in the module that is being checked.

    Args:
        api: mypy's checker.
    """
    if not _last_module or _last_module[0][0] is not api:
        _last_module[:] = [(api, Bindings(api.tree))]
    return _last_module[0][1]
