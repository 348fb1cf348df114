"""
What the names in a project's source stand for, as far as its text shows it.
"""

from __future__ import annotations

import ast
import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope: TypeAlias = ast.Module | ast.ClassDef | Function

DEFS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES: Final = (ast.Module, ast.ClassDef, *DEFS, ast.Lambda)
DISPLAYS: Final = (ast.List, ast.Tuple, ast.Set)
_LITERALS: Final = (ast.Lambda, *DISPLAYS, ast.Dict, ast.BinOp)
# Enough for real code, and an end for names that are defined by themselves.
_DEPTH: Final = 12


class Module:
    """
    A module of the project, parsed when it is needed.
    """

    def __init__(self, root: Path, file: str) -> None:
        """
        Args:
            root: the folder from which Python imports.
            file: the path of the module in it.
        """
        path = Path(file)
        self.file = file
        self.is_package = path.name == "__init__.py"
        self.name = ".".join(path.parent.parts if self.is_package else path.with_suffix("").parts)
        self._path = root / file

    @cached_property
    def text(self) -> bytes:
        """
        Its source.
        """
        return self._path.read_bytes()

    @cached_property
    def tree(self) -> ast.Module:
        """
        Its syntax; an empty module if Python cannot parse it.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return ast.parse(self.text)
            except (SyntaxError, ValueError):
                return ast.parse("")


class Place(NamedTuple):
    """
    A node in a module.
    """

    module: Module
    node: ast.AST


class Value(NamedTuple):
    """
    What an expression may stand for.
    """

    of: str | Place
    """A full name outside of the project, or a definition or expression in the project."""

    is_instance: bool = False
    """Whether it is an instance of that class."""

    how: str = ""
    """"loop" or "variable" if it is not named directly."""

    element: ast.AST | None = None
    """For the variable of a loop, the element that has this value."""


class _Binding(NamedTuple):
    """
    What a statement binds a name to.
    """

    line: int
    imported: str = ""
    node: ast.AST | None = None
    path: tuple[int, ...] | None = None
    """For the target of a loop, the index in each element, and so on."""


class Names:
    """
    The names of a project.
    """

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = {module.name: module for module in modules}
        self._packages = {name.partition(".")[0] for name in self._modules}
        self._parents: dict[ast.AST, ast.AST] = {}
        self._bindings: dict[ast.AST, dict[str, list[_Binding]]] = {}

    def tree(self, module: Module) -> ast.Module:
        """
        Return the syntax of *module*, whose names are known then.
        """
        tree = module.tree
        if tree not in self._bindings:
            for node in ast.walk(tree):
                self._parents.update(dict.fromkeys(ast.iter_child_nodes(node), node))
            self._bindings[tree] = {}
            bound = [(node, *each) for node in ast.walk(tree) for each in _bound_by(node, module)]
            for node, name, binding in sorted(bound, key=lambda each: each[2].line):
                names = self._bindings.setdefault(self.scope(node) or tree, {})
                names.setdefault(name, []).append(binding)
        return tree

    def parent(self, node: ast.AST) -> ast.AST | None:
        """
        Return the node that contains *node*.
        """
        return self._parents.get(node)

    def scope(self, node: ast.AST) -> Scope | None:
        """
        Return the innermost scope around *node*; None for a module.
        """
        child, parent = node, self._parents.get(node)
        while parent is not None:
            is_outside = isinstance(parent, DEFS) and child in parent.decorator_list
            if isinstance(parent, _SCOPES) and not is_outside:
                return parent
            child, parent = parent, self._parents.get(parent)
        return None

    def values(self, place: Place, depth: int = 0) -> list[Value]:
        """
        Return everything that an expression may stand for; nothing if it is unknown.
        """
        module, node = place
        depth += 1
        if depth > _DEPTH:
            return []
        if isinstance(node, ast.Name):
            return self._named(module, node, depth)
        if isinstance(node, ast.Attribute):
            owners = self.values(Place(module, node.value), depth)
            return [each for owner in owners for each in self.attribute(owner, node.attr, depth)]
        if isinstance(node, ast.Call):
            return self._called(module, node, depth)
        if isinstance(node, ast.IfExp):
            either = (node.body, node.orelse)
            return [each for part in either for each in self.values(Place(module, part), depth)]
        if isinstance(node, ast.NamedExpr):
            return self.values(Place(module, node.value), depth)
        return [Value(place)] if isinstance(node, _LITERALS) else []

    def elements(self, place: Place, path: tuple[int, ...] = (), depth: int = 0) -> list[Value]:
        """
        Return everything that the elements of an iterable may stand for.

        Args:
            place: the iterable.
            path: the index in each element, and so on.
            depth: the number of steps to here.
        """
        found = []
        for value in self.values(place, depth):
            for module, node in self._parts(value, depth):
                element: ast.AST | None = node
                for index in path:
                    parts = element.elts if isinstance(element, DISPLAYS) else []
                    element = parts[index] if index < len(parts) else None
                if element is not None:
                    found += [
                        each._replace(how=each.how or value.how, element=node)
                        for each in self.values(Place(module, element), depth + 1)
                    ]
        return found

    def _parts(self, value: Value, depth: int) -> Iterator[Place]:
        """
        Return the elements of a literal.
        """
        if isinstance(value.of, str):
            return
        module, node = value.of
        if isinstance(node, DISPLAYS):
            yield from (Place(module, element) for element in node.elts)
        elif isinstance(node, ast.Dict):
            yield from (Place(module, key) for key in node.keys if key is not None)
        elif isinstance(node, ast.BinOp):
            for part in (node.left, node.right):
                for inner in self.values(Place(module, part), depth + 1):
                    yield from self._parts(inner, depth + 1)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for inner in self.values(Place(module, node.func.value), depth + 1):
                yield from _view(inner, node.func.attr)

    def _called(self, module: Module, call: ast.Call, depth: int) -> list[Value]:
        """
        Return an attribute, an instance of a class, or the call itself.
        """
        callees = self.values(Place(module, call.func), depth)
        if getattr(call.func, "id", "") == "getattr" and len(call.args) > 1:
            owners = self.values(Place(module, call.args[0]), depth)
            attr = getattr(call.args[1], "value", None)
            found = [e for o in owners for e in self.attribute(o, str(attr), depth)]
            return [each._replace(how="variable") for each in found]
        made = [
            callee._replace(is_instance=True)
            for callee in callees
            if isinstance(callee.of, Place) and isinstance(callee.of.node, ast.ClassDef)
        ]
        return made or [Value(Place(module, call))]

    def _named(self, module: Module, name: ast.Name, depth: int) -> list[Value]:
        scope: Scope | None = self.scope(name)
        is_own = True
        while scope is not None:
            bindings = self._bindings.get(scope, {}).get(name.id)
            # The names of a class are not visible in its methods.
            if bindings and (is_own or not isinstance(scope, ast.ClassDef)):
                return self._bound(module, bindings, depth, name.lineno if is_own else None)
            if not isinstance(scope, (ast.Module, ast.ClassDef)):
                parameters = [each.arg for each in (*scope.args.posonlyargs, *scope.args.args)]
                owner = self._parents.get(scope)
                if parameters[:1] == [name.id] and isinstance(owner, ast.ClassDef):
                    return [Value(Place(module, owner), is_instance=True)]
                if name.id in parameters:
                    return []
            scope, is_own = self.scope(scope), False
        return []

    def _bound(
        self, module: Module, bindings: list[_Binding], depth: int, line: int | None = None
    ) -> list[Value]:
        """
        Return the values of the last binding, or of the last one up to *line*.
        """
        before = [each for each in bindings if line is None or each.line <= line]
        binding = (before or bindings)[-1]
        if binding.imported:
            return self._imported(binding.imported, depth + 1)
        if binding.node is None:
            return []
        place = Place(module, binding.node)
        if isinstance(binding.node, (*DEFS, ast.ClassDef)):
            return [Value(place)]
        if binding.path is None:
            how, found = "variable", self.values(place, depth + 1)
        else:
            how, found = "loop", self.elements(place, binding.path, depth + 1)
        return [each._replace(how=how) for each in found]

    def _imported(self, name: str, depth: int) -> list[Value]:
        """
        Return what a full name stands for.
        """
        if name in self._modules:
            module = self._modules[name]
            return [Value(Place(module, self.tree(module)))]
        owner, _, attr = name.rpartition(".")
        if name.partition(".")[0] not in self._packages:
            return [Value(name)]
        owners = self._imported(owner, depth + 1) if owner and depth < _DEPTH else []
        return [each for value in owners for each in self.attribute(value, attr, depth)]

    def attribute(self, owner: Value, attr: str, depth: int = 0) -> list[Value]:
        """
        Return everything that an attribute of a value may stand for.
        """
        if isinstance(owner.of, str):
            return [owner._replace(of=f"{owner.of}.{attr}")]
        if depth > _DEPTH:
            return []
        module, node = owner.of
        if bindings := self._bindings.get(node, {}).get(attr):
            return self._bound(module, bindings, depth + 1)
        found: list[Value] = []
        if isinstance(node, ast.ClassDef):
            bases = [self.values(Place(module, base), depth + 1) for base in node.bases]
            for base in (value for values in bases for value in values):
                found = found or self.attribute(base, attr, depth + 1)
        elif isinstance(node, ast.Module):
            starred = [each.imported for each in self._bindings[node].get("*", ())]
            for name in [module.name] if f"{module.name}.{attr}" in self._modules else starred:
                found = found or self._imported(f"{name}.{attr}", depth + 1)
        return found


def _view(value: Value, method: str) -> Iterator[Place]:
    """
    Return the elements of what a method of a dict returns.
    """
    if isinstance(value.of, Place) and isinstance(value.of.node, ast.Dict):
        literal = value.of.node
        for key, item in zip(literal.keys, literal.values, strict=True):
            if method == "values":
                yield value.of._replace(node=item)
            elif method == "items" and key is not None:
                yield value.of._replace(node=ast.Tuple([key, item]))


def _bound_by(node: ast.AST, module: Module) -> Iterator[tuple[str, _Binding]]:
    """
    Return the names that a node binds in its scope.
    """
    line = getattr(node, "lineno", 0)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((name, _Binding(line, source)) for name, source in _imports(node, module))
    elif isinstance(node, (*DEFS, ast.ClassDef)):
        yield node.name, _Binding(line, node=node)
    elif isinstance(node, (ast.For, ast.comprehension)):
        for name, path in _targets(node.target):
            yield name, _Binding(node.target.lineno, node=node.iter, path=path)
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                yield target.id, _Binding(line, node=node.value)


def _imports(node: ast.Import | ast.ImportFrom, module: Module) -> Iterator[tuple[str, str]]:
    """
    Return each name that is imported, and its full name; for ``*``, the name of the module.
    """
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            source = _source(node, module)
            name = source if alias.name == "*" else f"{source}.{alias.name}"
            yield alias.asname or alias.name, name
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            yield (alias.name.partition(".")[0],) * 2


def _source(statement: ast.ImportFrom, module: Module) -> str:
    """
    Return the full name of the module that is imported from.
    """
    if not statement.level:
        return statement.module or ""
    parts = module.name.split(".")
    base = parts[: len(parts) - statement.level + module.is_package]
    return ".".join([*base, *([statement.module] if statement.module else [])])


def _targets(target: ast.expr, path: tuple[int, ...] = ()) -> Iterator[tuple[str, tuple[int, ...]]]:
    if isinstance(target, ast.Name):
        yield target.id, path
    elif isinstance(target, DISPLAYS):
        for index, element in enumerate(target.elts):
            yield from _targets(element, (*path, index))
