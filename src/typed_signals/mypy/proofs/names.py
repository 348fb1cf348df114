"""
What names stand for: variables, imports, and what is in modules.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, cast

from .assignments import Imported, Part
from .libraries import THIRD_PARTY, library
from .syntax import is_overload
from .values import (
    HIDDEN,
    UNKNOWN_VALUE,
    Class,
    Closure,
    Constant,
    Library,
    Module,
    Scope,
    carries,
    copied,
    union,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_signals.mypy.lib.python_files import PythonFile, PythonFiles

    from .assignments import Assigned
    from .values import Evaluate, Meaning, Meanings


class Names:
    """
    Finds the values of names, and the scopes of modules.
    """

    def __init__(
        self,
        files: PythonFiles,
        values: Evaluate,
        apply: Callable[[Meanings, list[Meanings]], Meanings],
    ) -> None:
        """
        Args:
            files: the files of modules.
            values: evaluates an expression.
            apply: evaluates a call.
        """
        self._files = files
        self._values = values
        self._apply = apply
        self._modules: dict[str, Scope] = {}

    def module(self, file: PythonFile) -> Scope:
        """
        Return the scope of a module.
        """
        if file.path not in self._modules:
            self._modules[file.path] = Scope(file.tree, None, file, {})
        return self._modules[file.path]

    def is_changed(self, attribute: str) -> bool:
        """
        Return whether a module that was read changes an attribute with this name from outside.
        """
        return any(attribute in module.changed_attributes for module in self._modules.values())

    def of(self, name: str, scope: Scope) -> Meanings:
        """
        Return the values of a name that is used in *scope*.
        """
        found: Scope | None = scope
        is_hiding = False
        while found is not None:
            is_hiding = is_hiding or self._stores(name, found)
            if name in found.given or name in found.bindings:
                values = self._variable(name, found)
                return HIDDEN if is_hiding and values == UNKNOWN_VALUE else values
            if found.parent is None:
                imported = self._from_star(name, found)
                if imported:
                    return imported
            found = found.parent
        return library(f"builtins.{name}")

    def _stores(self, name: str, scope: Scope) -> bool:
        """
        Return whether the decorated function may be put into a collection with this name.
        """
        key = f"[{name}]"
        if key not in scope.known:
            # What a wrapper itself stores is checked.
            stored = [] if scope.is_call else scope.stored.get(name, [])
            scope.known[key] = frozenset()
            scope.known[key] = union(self._values(value, scope) for value in stored)
        return carries(scope.known[key])

    def _variable(self, name: str, scope: Scope) -> Meanings:
        if name not in scope.known:
            # What depends on itself is unknown.
            scope.known[name] = UNKNOWN_VALUE if scope.parent is None else HIDDEN
            given = scope.given.get(name, frozenset())
            found = [self.bound(node, scope) for node in scope.bindings.get(name, ())]
            values = union([given, *found])
            if scope.is_dynamic:
                values = HIDDEN
            if scope.parent is None:
                values |= self._from_star(name, scope)
                # Other modules may change the settings of a module.
                values = union(UNKNOWN_VALUE if isinstance(v, Constant) else {v} for v in values)
            scope.known[name] = values
        return scope.known[name]

    def bound(self, node: Assigned, scope: Scope) -> Meanings:
        """
        Return the values of a name to which *node* is assigned.
        """
        if isinstance(node, Imported):
            return self._imported(node, scope.file)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any(map(is_overload, node.decorator_list)):
                return frozenset()
            return self._decorated(Closure(node, scope), node.decorator_list)
        if isinstance(node, Part):
            return copied(self._values(node.whole, scope))
        if node is None:
            return HIDDEN
        if isinstance(node, ast.ClassDef):
            return UNKNOWN_VALUE if node.decorator_list else frozenset({Class(node, scope)})
        return self._values(node, scope) if isinstance(node, ast.expr) else UNKNOWN_VALUE

    def _decorated(self, function: Closure, decorators: list[ast.expr]) -> Meanings:
        found: Meanings = frozenset({function})
        for decorator in reversed(decorators):
            found = self._apply(self._values(decorator, function.scope), [found])
        return found

    def _imported(self, imported: Imported, file: PythonFile) -> Meanings:
        module = _absolute(imported, file)
        if imported.name is None:
            return self._module(module, file)
        known = library(f"{module}.{imported.name}")
        if known != UNKNOWN_VALUE:
            return known
        return union(self.in_module(owner, imported.name) for owner in self._module(module, file))

    def in_module(self, owner: Meaning, name: str) -> Meanings:
        """
        Return the values of a name in a module; unknown if *owner* is something else.
        """
        if isinstance(owner, Module):
            return self._member(owner.file, name)
        return library(f"{owner.name}.{name}") if isinstance(owner, Library) else UNKNOWN_VALUE

    def _module(self, name: str, file: PythonFile) -> Meanings:
        if name.partition(".")[0] in THIRD_PARTY:
            return frozenset({Library(name)})
        found = self._files.find(name, file.root)
        return UNKNOWN_VALUE if found is None else frozenset({Module(found)})

    def _member(self, file: PythonFile, name: str) -> Meanings:
        known = library(f"{file.name}.{name}")
        if known != UNKNOWN_VALUE:
            return known
        scope = self.module(file)
        if name in scope.bindings:
            return self._variable(name, scope)
        return self._from_star(name, scope) or self._module(f"{file.name}.{name}", file)

    def _from_star(self, name: str, scope: Scope) -> Meanings:
        """
        Return the values of a name in the modules that a module imports with ``*``; none if it is
        in none of them.
        """
        key = f"*{name}"
        if key not in scope.known:
            scope.known[key] = frozenset()
            for star in () if name.startswith("_") else scope.bindings.get("*", ()):
                module = _absolute(cast("Imported", star), scope.file)
                for owner in self._module(module, scope.file):
                    if isinstance(owner, Module):
                        inner = self.module(owner.file)
                        is_there = name in inner.bindings
                        scope.known[key] |= (
                            self._member(owner.file, name)
                            if is_there
                            else self._from_star(name, inner)
                        )
        return scope.known[key]


def _absolute(imported: Imported, file: PythonFile) -> str:
    if not imported.level:
        return imported.module
    parents = file.package.split(".")
    above = parents[: len(parents) - imported.level + 1]
    return ".".join([*above, imported.module] if imported.module else above)
