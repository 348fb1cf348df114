"""
What a body of statements assigns to names, attributes and items, wherever it does so.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from .syntax import DEFINITIONS, inner_nodes, last_name, owner_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .syntax import Function

# With these, code may read or change all names.
_SEEING_NAMES: Final = {"eval", "exec", "globals", "locals"}
# Methods that put their arguments into a collection.
_STORING: Final = {
    *("add", "append", "appendleft", "extend", "insert", "push", "put", "setdefault", "update"),
}


class Part(NamedTuple):
    """
    Something in a collection, or what a block is entered with.
    """

    whole: ast.expr


class Imported(NamedTuple):
    """
    A module, or a name in it.
    """

    module: str
    name: str | None
    """None for a module."""
    level: int
    """The number of dots before a relative name."""


Assigned = ast.AST | Imported | Part | None
"""What is assigned to a name; None for what is not understood."""


class Assignments:
    """
    What is assigned in the body of a module, class or function.
    """

    def __init__(self, body: Sequence[ast.AST]) -> None:
        self._body = body

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return [node for statement in self._body for node in ast.walk(statement)]

    @cached_property
    def is_dynamic(self) -> bool:
        """
        Whether names may be changed or read in unknown ways.
        """
        return any(isinstance(node, ast.Name) and node.id in _SEEING_NAMES for node in self._nodes)

    @cached_property
    def attributes(self) -> set[str]:
        """
        The attributes that are changed from outside; ``*`` if that may be any.
        """
        return _changed_attributes(self._nodes)

    @cached_property
    def stored(self) -> dict[str, list[ast.expr]]:
        """
        What is put into the collections with a name.
        """
        return _put_into(self._body)

    @cached_property
    def names(self) -> dict[str, list[Assigned]]:
        """
        What the body itself assigns to each name.
        """
        return _bindings(self._body)

    @cached_property
    def rebound(self) -> dict[str, list[Assigned]]:
        """
        The same, and what inner functions assign to these names.
        """
        return _bindings(self._body, may_rebind=True)


_READ_ONCE: Final[WeakKeyDictionary[ast.AST, Assignments]] = WeakKeyDictionary()


def assignments_in(node: ast.Module | ast.ClassDef | Function) -> Assignments:
    """
    Return what is assigned in the body of *node*, which is read once for all decorators.
    """
    found = _READ_ONCE.get(node)
    if found is None:
        body: Sequence[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
        found = _READ_ONCE[node] = Assignments(body)
    return found


def _bindings(body: Iterable[ast.AST], *, may_rebind: bool = False) -> dict[str, list[Assigned]]:
    """
    Return what is assigned to each name; None for what is not understood.

    Args:
        body: the statements.
        may_rebind: whether inner functions may assign to these names.
    """
    found: dict[str, list[Assigned]] = {}
    # The targets whose values are known.
    plain: set[ast.AST] = set()
    for node in inner_nodes(body):
        for name, value in _bound_by(node, plain):
            found.setdefault(name, []).append(value)
        if may_rebind and isinstance(node, DEFINITIONS):
            for inner in ast.walk(node):
                if isinstance(inner, (ast.Global, ast.Nonlocal)):
                    for name in inner.names:
                        is_global = isinstance(inner, ast.Global)
                        found.setdefault(name, []).append(inner if is_global else None)
    return found


def _bound_by(node: ast.AST, plain: set[ast.AST]) -> Iterator[tuple[str, Assigned]]:
    if isinstance(node, DEFINITIONS):
        yield node.name, node
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imports(node)
    elif node not in plain:
        yield from _changed(node)
    for name, value in _assigned(node):
        plain.add(name)
        if value is not None:
            yield name.id, value
    for target, whole in _taken_apart(node):
        for child in ast.walk(target):
            if isinstance(child, ast.Name) and child not in plain:
                plain.add(child)
                yield child.id, Part(whole)


def _assigned(node: ast.AST) -> Iterator[tuple[ast.Name, ast.expr | None]]:
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                yield target, node.value


def _taken_apart(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """
    Yield the targets to which a part of something is assigned, with it.
    """
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets if _is_display(target))
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield node.target, node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr
    elif isinstance(node, ast.AugAssign):
        yield node.target, node.value


def _is_display(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple))


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Imported]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            imported = Imported(node.module or "", alias.name, node.level)
            yield alias.asname or alias.name, imported
        else:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, Imported(alias.name if alias.asname else top, None, 0)


def _changed(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """
    Yield the names that get an unknown value; None if it may be anything in the function.
    """
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id, None
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from ((name, node if isinstance(node, ast.Global) else None) for name in node.names)
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        if node.name:
            yield node.name, node if isinstance(node, ast.ExceptHandler) else None
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, None


def assigned_attributes(cls: ast.ClassDef) -> Iterator[tuple[str, str, ast.expr | None]]:
    """
    Yield the method, attribute and value of each assignment to an attribute in a class.
    """
    for method in cls.body:
        if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        plain: set[ast.AST] = set()
        for node in ast.walk(method):
            if isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Attribute):
                        plain.add(target)
                        yield method.name, target.attr, node.value
            elif (
                isinstance(node, ast.Attribute)
                and not isinstance(node.ctx, ast.Load)
                and node not in plain
            ):
                yield method.name, node.attr, None


def _changed_attributes(nodes: Sequence[ast.AST]) -> set[str]:
    """
    Return the attributes that are not only changed by the methods of a class themselves.
    """
    own = {
        each
        for cls in nodes
        if isinstance(cls, ast.ClassDef)
        for method in cls.body
        if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and method.args.args
        for each in ast.walk(method)
        if owner_name(each) == method.args.args[0].arg
    }
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Attribute):
            is_changed = node not in own and not isinstance(node.ctx, ast.Load)
            if is_changed:
                found.add(node.attr)
            if node in own and node.attr in ("__class__", "__dict__"):
                found.add("*")
        elif isinstance(node, ast.Call):
            found.update(_set_by_name(node))
    return found


def _set_by_name(node: ast.Call) -> set[str]:
    name = last_name(node.func).strip("_")
    if name not in ("setattr", "delattr"):
        return {"*"} if name == "vars" else set()
    texts = {str(each.value) for each in node.args[:2] if isinstance(each, ast.Constant)}
    return texts or {"*"}


def _put_into(body: Sequence[ast.AST]) -> dict[str, list[ast.expr]]:
    """
    Return what is put into the collections with a name.
    """
    found: dict[str, list[ast.expr]] = {}
    for node in inner_nodes(body):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    found.setdefault(target.value.id, []).append(node.value)
        elif isinstance(node, ast.Call) and last_name(node.func) in _STORING:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            found.setdefault(owner_name(node.func), []).extend(values)
    return found
