"""
What the attributes of objects and classes are.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from .assignments import assigned_attributes, assignments_in
from .libraries import BASES, CONTEXT_DECORATORS, PLAIN_BASES
from .syntax import calls_of_super
from .values import HIDDEN, IDENTITY, UNKNOWN_VALUE, Class, Closure, Library, Mark, union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .assignments import Assigned
    from .names import Names
    from .values import Evaluate, Meaning, Meanings, Object, Scope


_METHOD_DECORATORS: Final = ("staticmethod", "classmethod")
# Methods with which a class may be something else than what it looks like.
_HOOKS: Final = {
    "__getattr__",
    "__getattribute__",
    "__init_subclass__",
    "__new__",
    "__setattr__",
}


class Classes:
    """
    Finds the attributes of classes and of their objects.
    """

    def __init__(
        self,
        names: Names,
        values: Evaluate,
        bind: Callable[[Closure, Sequence[Meanings], Mapping[str, Meanings]], Scope | None],
    ) -> None:
        """
        Args:
            names: finds the values of names.
            values: evaluates an expression.
            bind: returns the scope of a call; None if it may fail.
        """
        self._names = names
        self._values = values
        self._bind = bind

    def is_plain(self, cls: Class) -> bool:
        """
        Return whether the objects of a class are what its methods make them.
        """
        own = [found for found in self._classes(cls) if isinstance(found, Class)]
        return not any(
            _HOOKS & assignments_in(each.node).names.keys()
            or each.node.keywords
            or len(self._bases(each)) > 1
            or "*" in self._names.module(each.scope.file).changed_attributes
            for each in own
        )

    def _bases(self, cls: Class) -> list[Meanings]:
        found = (self._values(base, cls.scope) for base in cls.node.bases)
        return [values for values in found if not values <= PLAIN_BASES]

    def in_object(self, owner: Object, name: str) -> Meanings:
        """
        Return the values of an object's attribute.
        """
        if self._names.is_changed(name):
            return HIDDEN
        assigned: list[Meanings] = []
        for cls, scope in self._initialisers(owner):
            for method, attribute, value in assigned_attributes(cls.node):
                if attribute == name:
                    if method != "__init__" or scope is None or value is None:
                        return HIDDEN
                    assigned.append(self._values(value, scope))
        in_class = self.in_class(owner.cls, name, owner)
        return union([*assigned, in_class]) or UNKNOWN_VALUE

    def _initialisers(self, owner: Object) -> Iterator[tuple[Class, Scope | None]]:
        """
        Yield each class of an object, with the scope of the call of its ``__init__``.
        """
        args, keywords, is_known = owner.args, owner.keywords, True
        for cls in self._classes(owner.cls):
            if not isinstance(cls, Class):
                continue
            node = assignments_in(cls.node).names.get("__init__", ())
            if not node:
                yield cls, None
                continue
            scope = None
            if len(node) == 1 and isinstance(node[0], ast.FunctionDef) and is_known:
                closure = Closure(node[0], cls.scope, (frozenset({owner}),))
                scope = self._bind(closure, args, keywords)
            yield cls, scope
            is_known = False
            if scope is not None and isinstance(node[0], ast.FunctionDef):
                calls = list(calls_of_super(node[0]))
                for call in calls if len(calls) == 1 else ():
                    args = [self._values(argument, scope) for argument in call.args]
                    keywords = {
                        keyword.arg or "": self._values(keyword.value, scope)
                        for keyword in call.keywords
                    }
                    is_known = True

    def _classes(self, cls: Class, depth: int = 0) -> Iterator[Meaning]:
        yield cls
        for base in cls.node.bases if depth < 10 else ():
            values = self._values(base, cls.scope)
            (found,) = values if len(values) == 1 else (Mark.UNKNOWN,)
            if isinstance(found, Class):
                yield from self._classes(found, depth + 1)
            else:
                yield found

    def in_class(self, cls: Class, name: str, owner: Object | None) -> Meanings:
        """
        Return the values of a class's attribute; none if there is no such attribute.

        Args:
            cls: the class.
            name: the attribute.
            owner: the object whose class it is; None if the attribute is read from the class.
        """
        for found in self._classes(cls):
            if isinstance(found, Class):
                nodes = assignments_in(found.node).names.get(name)
                if nodes:
                    return union(self._class_member(node, found, owner) for node in nodes)
            elif not isinstance(found, Library) or found.name not in BASES:
                return UNKNOWN_VALUE
            elif name == "__call__" and found.name in CONTEXT_DECORATORS:
                return IDENTITY
        return frozenset()

    def _class_member(self, node: Assigned, cls: Class, owner: Object | None) -> Meanings:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._names.bound(node, cls.scope)
        kinds = [d.id for d in node.decorator_list if isinstance(d, ast.Name)]
        kind = kinds[0] if len(node.decorator_list) == 1 and kinds else ""
        if node.decorator_list and kind not in _METHOD_DECORATORS:
            return UNKNOWN_VALUE
        first = {"staticmethod": None, "classmethod": cls}.get(kind, owner)
        args = () if first is None else (frozenset({first}),)
        return frozenset({Closure(node, cls.scope, args)})
