"""
The code of a project: where its calls are, what its variables get, who calls which function.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from mypy import nodes
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Overloaded,
    TupleType,
    TypeType,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from typed_signals.mypy.lib.fullnames import SEND_METHODS
from typed_signals.mypy.lib.tree_walk import children_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import Expression, FuncItem, MypyFile, Node, TypeInfo, Var
    from mypy.types import Type

    from .build import Build

Branches: TypeAlias = "tuple[tuple[Node, int], ...]"


class Site(NamedTuple):
    """
    Where a node is.
    """

    module: MypyFile

    functions: tuple[FuncItem, ...] = ()
    """The functions around it, the innermost one first."""

    info: TypeInfo | None = None
    """The innermost class around it."""

    branches: Branches = ()
    """The branches around it that may not run."""

    @property
    def function(self) -> FuncItem | None:
        """
        The innermost function around it.
        """
        return self.functions[0] if self.functions else None

    @property
    def function_name(self) -> str:
        """
        The full name of the function around it; empty at module level.
        """
        names = [one.name for one in self.functions if isinstance(one, nodes.FuncDef)]
        if not names:
            return ""
        outermost = self.functions[-1]
        owner = outermost.info.fullname if outermost.info else self.module.fullname
        return ".".join([owner, *reversed(names)])


class Assigned(NamedTuple):
    """
    A value that a variable gets.
    """

    value: Expression

    site: Site

    path: tuple[int, ...] = ()
    """For a part of the value, the index in it, and so on."""

    in_loop: bool = False
    """Whether it is an item of the value."""


class Change(NamedTuple):
    """
    A statement or call that changes the dict in a variable.
    """

    node: Node
    key: Expression | None
    value: Expression | None
    """The new value of the key; None if the key is removed, or if *node* is a call."""

    site: Site


class Call(NamedTuple):
    """
    A call in the project.
    """

    node: nodes.CallExpr
    site: Site


_TESTS: Final = re.compile(
    r"(^|/)(test|tests(\.py)?|testing|testapp|conftest\.py|test_[^/]*"
    r"|[^/]*_tests(\.py)?|[^/]*_test\.py|tests?_?utils(\.py)?)(/|$)"
)
_CHANGING: Final = {"clear", "pop", "popitem", "setdefault", "update"}
# A task is called by these methods with the arguments of its function.
_CALLED_BY: Final = {"delay", "delay_on_commit", "enqueue", "s", "si"}


class Program:
    """
    An index of all modules of a project.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.calls: list[Call] = []
        self.call_sites: dict[nodes.CallExpr, Site] = {}
        self.returns: dict[FuncItem, list[tuple[nodes.ReturnStmt, Site]]] = {}
        self.decorators: list[tuple[nodes.Decorator, Site]] = []
        self.classes: list[TypeInfo] = []
        self.sites: dict[FuncItem, Site] = {}
        """Where each function is."""
        self.parameters: dict[Var, FuncItem] = {}
        self.values: dict[Var, list[Assigned]] = {}
        self.changes: dict[Var, list[Change]] = {}
        self.definitions: list[tuple[Expression, Expression, Site]] = []
        """Each assignment: the target, the value, and where it is."""
        for tree in build.own.values():
            self._visit(tree, Site(tree))

    def _visit(self, node: Node, site: Site) -> None:
        if isinstance(node, nodes.FuncItem):
            self.sites[node] = site
            for argument in node.arguments:
                self.parameters[argument.variable] = node
                if argument.initializer is not None:
                    self._visit(argument.initializer, site)
            site = site._replace(functions=(node, *site.functions), branches=())
        elif isinstance(node, nodes.ClassDef):
            self.classes += [node.info] if node.info else []  # not in code that mypy skips
            for base in node.base_type_exprs:
                self._visit(base, site)
            site = site._replace(info=node.info or None)
        self._note(node, site)
        alternatives = alternatives_of(node)
        for part in children_of(node):
            number = next((n for n, one in enumerate(alternatives) if one is part), None)
            inner = site
            if number is not None:
                inner = site._replace(branches=(*site.branches, (node, number)))
            self._visit(part, inner)

    def _note(self, node: Node, site: Site) -> None:
        match node:
            case nodes.CallExpr():
                self.calls.append(Call(node, site))
                self.call_sites[node] = site
                self._note_call(node, site)
            case nodes.Decorator():
                self.decorators.append((node, site))
            case nodes.ReturnStmt() if site.functions:
                self.returns.setdefault(site.functions[0], []).append((node, site))
            case nodes.OperatorAssignmentStmt(op="|", lvalue=target, rvalue=value):
                self._change(target, node, None, value, site)
            case nodes.DelStmt(expr=nodes.IndexExpr(base=base, index=index)):
                self._change(base, node, index, None, site)
            case _:
                self._note_values(node, site)

    def _note_values(self, node: Node, site: Site) -> None:
        match node:
            case nodes.AssignmentStmt(lvalues=targets, rvalue=value):
                # Not only "x: int".
                for target in targets if not isinstance(value, nodes.TempNode) else ():
                    self._assign(target, value, site)
            case nodes.AssignmentExpr(target=target, value=value):
                self._assign(target, value, site)
            case nodes.ForStmt(index=target, expr=value):
                self._assign(target, value, site, in_loop=True)
            case nodes.GeneratorExpr() | nodes.DictionaryComprehension():
                for target, value in zip(node.indices, node.sequences, strict=True):
                    self._assign(target, value, site, in_loop=True)
            case nodes.WithStmt(target=targets, expr=values):
                for one, value in zip(targets, values, strict=True):
                    self._enter(one, value, site)

    def _enter(self, target: Expression | None, value: Expression, site: Site) -> None:
        if target is not None:
            self._assign(target, value, site, path=(-1,))

    def _note_call(self, call: nodes.CallExpr, site: Site) -> None:
        match call.callee:
            case nodes.MemberExpr(expr=base, name=name) if name in _CHANGING:
                self._change(base, call, None, None, site)

    def _assign(
        self,
        target: Expression,
        value: Expression,
        site: Site,
        path: tuple[int, ...] = (),
        *,
        in_loop: bool = False,
    ) -> None:
        if isinstance(target, (nodes.TupleExpr, nodes.ListExpr)):
            if not path and not in_loop and (pairs := pairs_of(target, value)):
                for item, each in pairs:
                    self._assign(item, each, site)
                return
            for number, item in enumerate(target.items):
                self._assign(item, value, site, (*path, number), in_loop=in_loop)
            return
        if isinstance(target, nodes.IndexExpr):
            self._change(target.base, target, target.index, value, site)
            return
        variable = self.variable(target)
        if variable is not None:
            found = self.values.setdefault(variable, [])
            found.append(Assigned(value, site, path, in_loop))
        if not path and not in_loop:
            self.definitions.append((target, value, site))

    def _change(
        self,
        base: Expression,
        node: Node,
        key: Expression | None,
        value: Expression | None,
        site: Site,
    ) -> None:
        variable = self.variable(base)
        if variable is not None:
            self.changes.setdefault(variable, []).append(Change(node, key, value, site))

    def variable(self, expression: Expression) -> Var | None:
        """
        Return the variable or attribute that *expression* is.
        """
        if isinstance(expression, nodes.MemberExpr) and expression.def_var is not None:
            return expression.def_var
        node = expression.node if isinstance(expression, nodes.RefExpr) else None
        if isinstance(node, nodes.Var):
            return node
        if isinstance(expression, nodes.MemberExpr):
            info = self.class_of(expression.expr)
            symbol = info.get(expression.name) if info is not None else None
            if symbol is not None and isinstance(symbol.node, nodes.Var):
                return symbol.node
        return None

    def type_of(self, expression: Expression) -> Type | None:
        """
        Return the type of *expression*; None if mypy does not know it.
        """
        typ = self.build.types.get(expression)
        if typ is None and isinstance(expression, nodes.RefExpr):
            node = expression.node
            typ = node.type if isinstance(node, nodes.Var) else None
            if isinstance(typ, Instance) and not typ.type:  # as in class_of_type
                typ = None
        return typ

    def class_of(self, expression: Expression) -> TypeInfo | None:
        """
        Return the class of *expression*, or the class that it is.
        """
        if isinstance(expression, nodes.RefExpr):
            if isinstance(expression.node, nodes.TypeInfo):
                return expression.node or None
            if isinstance(expression.node, nodes.Var) and expression.node.is_self:
                return self.parameters[expression.node].info or None
        return class_of_type(self.type_of(expression))

    @cached_property
    def _subclasses(self) -> dict[TypeInfo, list[TypeInfo]]:
        found: dict[TypeInfo, list[TypeInfo]] = {}
        for info in self.classes:
            for base in info.mro[1:]:
                found.setdefault(base, []).append(info)
        return found

    def subclasses(self, info: TypeInfo) -> list[TypeInfo]:
        """
        Return the classes in the project that inherit from *info*.
        """
        return self._subclasses.get(info, [])

    def attributes(self, info: TypeInfo, name: str) -> list[nodes.SymbolNode]:
        """
        Return what the attribute *name* may be on an instance of *info* or a subclass.
        """
        found = [one.get(name) for one in (info, *self.subclasses(info))]
        symbols = [one.node for one in found if one is not None and one.node is not None]
        return [*dict.fromkeys(symbols)]

    @cached_property
    def _by_function(self) -> dict[FuncItem, list[Call]]:
        found: dict[FuncItem, list[Call]] = {}
        for call in self.calls:
            for function in self.called(call.node):
                found.setdefault(function, []).append(call)
        return found

    def callers(self, function: FuncItem) -> list[Call]:
        """
        Return the calls of *function*.
        """
        return self._by_function.get(function, [])

    def called(self, call: nodes.CallExpr) -> list[FuncItem]:
        """
        Return the functions in the project that *call* may call.
        """
        # Others have no bodies and no arguments, if they come from mypy's cache.
        return [one for one in self._called(call) if one in self.sites]

    def _called(self, call: nodes.CallExpr) -> list[FuncItem]:
        callee = call.callee
        if isinstance(callee, nodes.MemberExpr) and callee.name in _CALLED_BY:
            task = function_of(callee.expr.node) if isinstance(callee.expr, nodes.RefExpr) else None
            if task is not None:
                return [task]
        node = callee.node if isinstance(callee, nodes.RefExpr) else None
        if isinstance(callee, nodes.MemberExpr) and node is None:
            return [*self._methods(callee)]
        if isinstance(callee, nodes.SuperExpr):
            info = callee.info
            found = [base.get_method(callee.name) for base in info.mro[1:]] if info else []
            return [one for one in map(function_of, found) if one is not None][:1]
        if isinstance(node, nodes.TypeInfo):
            function = function_of(node.get_method("__init__"))
        else:
            function = function_of(node) or self._called_object(callee)
        return [] if function is None else [function]

    def _called_object(self, callee: Expression) -> FuncItem | None:
        """
        Return the method that runs if an object is called.
        """
        typ = get_proper_type(self.type_of(callee))
        return function_of(typ.type.get_method("__call__")) if isinstance(typ, Instance) else None

    def _methods(self, callee: nodes.MemberExpr) -> Iterator[FuncItem]:
        infos = classes_of_type(self.type_of(callee.expr))
        if not infos:
            infos = [info for info in [self.class_of(callee.expr)] if info is not None]
        for info in infos:
            found = self.attributes(info, callee.name)
            if callee.name in SEND_METHODS:
                found = found[:1]  # what one class of signals overrides is not in the others
            for node in found:
                function = function_of(node)
                if function is not None:
                    yield function

    def may_return_none(self, function: FuncItem) -> bool:
        """
        Return whether *function* may end without a value.
        """
        if any(one.expr is None for one, _ in self.returns.get(function, ())):
            return True
        last = function.body.body[-1] if function.body.body else None
        return not isinstance(last, (nodes.ReturnStmt, nodes.RaiseStmt))

    def is_bound(self, call: nodes.CallExpr, function: FuncItem) -> bool:
        """
        Return whether *call* passes ``self`` or ``cls`` to *function* itself.
        """
        if not function.info or function.is_static:
            return False
        callee = call.callee
        if isinstance(callee, nodes.MemberExpr) and isinstance(callee.expr, nodes.RefExpr):
            is_class = isinstance(callee.expr.node, nodes.TypeInfo)
            return function.is_class or not is_class
        return True


def alternatives_of(node: Node) -> list[Node]:
    """
    Return the parts of *node* that may not run.
    """
    match node:
        case nodes.IfStmt(body=bodies, else_body=last):
            return [*bodies, *filter(None, [last])]
        case nodes.TryStmt(body=body, handlers=handlers, else_body=last):
            return [body, *handlers, *filter(None, [last])]
        case nodes.MatchStmt(bodies=bodies):
            return [*bodies]
        case nodes.ForStmt(body=body) | nodes.WhileStmt(body=body):
            return [body]
        case nodes.ConditionalExpr(if_expr=one, else_expr=other):
            return [one, other]
        case nodes.OpExpr(op="and" | "or", right=right):
            return [right]
    return []


def function_of(node: object) -> FuncItem | None:
    """
    Return the function that a symbol is, without its decorators.
    """
    if isinstance(node, nodes.OverloadedFuncDef):
        node = node.impl or (node.items[0] if node.items else None)
    if isinstance(node, nodes.Decorator):
        node = node.func
    return node if isinstance(node, nodes.FuncItem) else None


def classes_of_type(typ: Type | None) -> list[TypeInfo]:
    """
    Return the classes of an object of the type *typ*, several for a union.
    """
    proper = get_proper_type(typ)
    items = proper.items if isinstance(proper, UnionType) else [typ]
    found = [class_of_type(item) for item in items]
    return [info for info in found if info is not None]


def class_of_type(typ: Type | None) -> TypeInfo | None:
    """
    Return the class of an object of the type *typ*, or the class that it is.
    """
    proper = get_proper_type(typ)
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    if isinstance(proper, TypeType):
        proper = get_proper_type(proper.item)
    elif isinstance(proper, CallableType) and proper.is_type_obj():
        proper = get_proper_type(proper.ret_type)
    elif isinstance(proper, Overloaded) and proper.is_type_obj():
        proper = get_proper_type(proper.items[0].ret_type)
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    if isinstance(proper, TupleType):
        proper = proper.partial_fallback
    if isinstance(proper, UnionType):
        known = [get_proper_type(item) for item in proper.items]
        instances = [one for one in known if isinstance(one, Instance)]
        proper = instances[0] if len(instances) == 1 else proper
    # Of what mypy has not loaded from its cache, the class is a placeholder, and false.
    return (proper.type or None) if isinstance(proper, Instance) else None


def is_any(typ: Type | None) -> bool:
    """
    Return whether nothing is known of the type.
    """
    return typ is None or isinstance(get_proper_type(typ), AnyType)


def pairs_of(
    target: nodes.TupleExpr | nodes.ListExpr, value: Expression
) -> list[tuple[Expression, Expression]]:
    """
    Return the targets in ``one, other = 1, 2`` with what they get; nothing if that is not known.
    """
    if not isinstance(value, (nodes.TupleExpr, nodes.ListExpr)):
        return []
    items = [*target.items, *value.items]
    is_plain = not any(isinstance(item, nodes.StarExpr) for item in items)
    is_known = is_plain and len(target.items) == len(value.items)
    return [*zip(target.items, value.items, strict=True)] if is_known else []


def is_in_tests(path: str) -> bool:
    """
    Return whether a file belongs to tests, by its name.
    """
    return _TESTS.search(path) is not None
