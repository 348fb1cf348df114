"""
What a decorator returns, evaluated from its source without running it.

An expression has a set of values, one for each way the code may go. A name has all values that are
assigned to it anywhere, so the order of statements does not matter. Whatever is not understood has
the value ``UNKNOWN``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from .python_files import PythonFile, PythonFiles

    Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    Meaning = object
    Meanings = frozenset[Meaning]

CALLABLE_NODES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Mark(Enum):
    """
    Meanings without content.
    """

    UNKNOWN = auto()
    DECORATED = auto()
    """The function under the decorators."""
    IDENTITY = auto()
    """A decorator whose result passes everything on."""
    FACTORY = auto()
    """A function that returns such a decorator."""
    ARGS = auto()
    """The ``*args`` of a call by a signal."""
    KWARGS = auto()
    """The ``**kwargs`` of a call by a signal."""


@dataclass(frozen=True)
class Constant:
    """
    A literal.
    """

    value: object


@dataclass(frozen=True)
class Passed:
    """
    A key that a signal passes to a parameter with this name.
    """

    name: str


@dataclass(frozen=True)
class Library:
    """
    A function with a known effect, by its full name.
    """

    name: str


@dataclass(frozen=True, eq=False)
class Module:
    """
    A module with source.
    """

    file: PythonFile


@dataclass(frozen=True, eq=False)
class Closure:
    """
    A function, with the arguments that are already bound: ``self``, or those of a partial.
    """

    node: Function
    scope: Scope
    args: tuple[Meanings, ...] = ()
    keywords: Mapping[str, Meanings] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Class:
    """
    A class.
    """

    node: ast.ClassDef
    scope: Scope


@dataclass(frozen=True, eq=False)
class Object:
    """
    An object, and the arguments that its class was called with.
    """

    cls: Class
    args: Sequence[Meanings]
    keywords: Mapping[str, Meanings]


@dataclass(frozen=True, eq=False)
class Items:
    """
    The arguments in ``*args``.
    """

    values: tuple[Meanings, ...]


class Scope:
    """
    The names of a module or of one call of a function.
    """

    def __init__(
        self,
        body: Sequence[ast.AST],
        parent: Scope | None,
        file: PythonFile,
        given: Mapping[str, Meanings],
    ) -> None:
        self.parent = parent
        self.file = file
        self.given = given
        self.known: dict[str, Meanings] = {}
        self._body = body

    @cached_property
    def bindings(self) -> dict[str, list[ast.AST | _Imported | None]]:
        """
        What is assigned to each name; None for what is not understood.
        """
        return _bindings(self._body, may_rebind=self.file.may_rebind)

    def imports_as(self, name: str) -> set[str]:
        """
        Return the names under which *name* is imported.
        """
        return {
            own
            for own, bound in self.bindings.items()
            if any(isinstance(node, _Imported) and node.name == name for node in bound)
        }


UNKNOWN_VALUE: Final[Meanings] = frozenset({Mark.UNKNOWN})
DECORATED: Final[Meanings] = frozenset({Mark.DECORATED})
ARGS: Final[Meanings] = frozenset({Mark.ARGS})
KWARGS: Final[Meanings] = frozenset({Mark.KWARGS})
_IDENTITY: Final[Meanings] = frozenset({Mark.IDENTITY})
_FACTORY: Final[Meanings] = frozenset({Mark.FACTORY})

_CONTEXT_DECORATORS: Final = {"contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"}
_BASES: Final = {*_CONTEXT_DECORATORS, "builtins.object", "typing.Generic", "abc.ABC"}
# They return a decorator whose result passes everything on, ...
_FACTORIES: Final = {
    "functools.wraps",
    "typing_extensions.deprecated",
    "warnings.deprecated",
    "django.dispatch.receiver",
    "django.dispatch.dispatcher.receiver",
    "typed_signals.receiver",
    "typed_signals.django.receiver",
}
# ... are such a decorator, ...
_DECORATORS: Final = {
    "functools.cache",
    "functools.update_wrapper",
    "typing.final",
    "typing.no_type_check",
    "typing_extensions.final",
}
# ... or are one of both, depending on the argument, ...
_BOTH: Final = {
    "asgiref.sync.async_to_sync",
    "asgiref.sync.sync_to_async",
    "functools.lru_cache",
    "tenacity.retry",
}
# ... or turn a generator function into a factory.
_MAKE_FACTORIES: Final = {"contextlib.asynccontextmanager", "contextlib.contextmanager"}
_OTHERS: Final = {
    "functools.partial",
    "typing.cast",
    "builtins.callable",
    "builtins.len",
    # What it states is checked, not the function.
    "typed_signals.with_signature",
}
_KNOWN: Final = frozenset().union(
    _FACTORIES,
    _DECORATORS,
    _BOTH,
    _MAKE_FACTORIES,
    _OTHERS,
    _BASES,
    {"builtins.isinstance", "builtins.type", "inspect.isclass"},
)
_PARENTS: Final = frozenset(name.rpartition(".")[0] for name in _KNOWN)
_FOREIGN: Final = frozenset(name.partition(".")[0] for name in _KNOWN) - {"django", "typed_signals"}
"""Packages whose source is not read."""

_METHOD_DECORATORS: Final = ("staticmethod", "classmethod")
_LIMIT: Final = 5_000
"""Calls to evaluate for one decorator: some programs would not end."""


class TooLong(Exception):  # noqa: N818 - it is not an error
    """
    The evaluation takes too long.
    """


class Evaluator:
    """
    Evaluates expressions.
    """

    def __init__(self, files: PythonFiles) -> None:
        self._files = files
        self._modules: dict[str, Scope] = {}
        self._steps = 0

    def module(self, file: PythonFile) -> Scope:
        """
        Return the scope of a module.
        """
        if file.path not in self._modules:
            self._modules[file.path] = Scope(file.tree.body, None, file, {})
        return self._modules[file.path]

    def decorate(self, decorator: ast.expr, scope: Scope) -> Meanings:
        """
        Return what a decorator returns.
        """
        self._steps = 0
        return self.apply(self.values(decorator, scope), [DECORATED])

    def callees(self, call: ast.Call, scope: Scope) -> Meanings:
        """
        Return what is called.
        """
        self._steps = 0
        return self.values(call.func, scope)

    def values(self, node: ast.expr, scope: Scope) -> Meanings:
        """
        Return the values of an expression.
        """
        evaluate = _BY_NODE.get(type(node))
        return UNKNOWN_VALUE if evaluate is None else evaluate(self, node, scope)

    def apply(
        self,
        callees: Meanings,
        args: Sequence[Meanings],
        keywords: Mapping[str, Meanings] | None = None,
    ) -> Meanings:
        """
        Return what a call returns.
        """
        self._steps += 1
        if self._steps > _LIMIT:
            raise TooLong
        return _union(self._result(callee, args, keywords or {}) for callee in callees)

    def bind(
        self,
        function: Closure,
        args: Sequence[Meanings],
        keywords: Mapping[str, Meanings],
        *,
        rest: bool = False,
        rest_keywords: bool = False,
    ) -> Scope | None:
        """
        Return the scope of a call; None if it may fail.

        Args:
            function: what is called.
            args: the positional arguments.
            keywords: the arguments by keyword.
            rest: whether the ``*args`` of the signal's call are passed, too.
            rest_keywords: whether its ``**kwargs`` are passed, too.
        """
        signature = function.node.args
        given = self._bind_positional(function, [*function.args, *args], rest=rest)
        left = {**function.keywords, **keywords}
        if given is None:
            return None
        names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
        defaults = dict(zip(reversed(names), reversed(signature.defaults), strict=False))
        for argument, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True):
            names.append(argument.arg)
            if default is not None:
                defaults[argument.arg] = default
        for name in names:
            if name in given:
                continue
            if name in left:
                given[name] = left.pop(name)
            elif rest_keywords or name not in defaults:
                return None
            else:
                given[name] = self.values(defaults[name], function.scope)
        if signature.kwarg is not None:
            given[signature.kwarg.arg] = KWARGS if rest_keywords and not left else UNKNOWN_VALUE
        elif left or rest_keywords:
            return None
        return self._scope_of(function, given)

    def bind_unknown(self, function: Closure) -> Scope:
        """
        Return the scope of a call with unknown arguments.
        """
        names = parameter_names(function.node)
        given = dict.fromkeys(names, UNKNOWN_VALUE) | dict(zip(names, function.args, strict=False))
        return self._scope_of(function, given)

    def attribute(self, owner: Meaning, name: str) -> Meanings:
        """
        Return the values of an attribute.
        """
        if isinstance(owner, Module):
            return self._member(owner.file, name)
        if isinstance(owner, Library):
            return _library(f"{owner.name}.{name}")
        if isinstance(owner, Object):
            return self._of_instance(owner, name)
        if isinstance(owner, Class):
            return self._in_class(owner, name, None) or UNKNOWN_VALUE
        return UNKNOWN_VALUE

    def test(self, node: ast.expr, scope: Scope) -> bool | None:
        """
        Return whether a condition is true; None if it may be both.
        """
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            result = self.test(node.operand, scope)
            return None if result is None else not result
        if isinstance(node, ast.BoolOp):
            results = {self.test(value, scope) for value in node.values}
            decisive = isinstance(node.op, ast.Or)
            if decisive in results:
                return decisive
            return None if None in results else not decisive
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compare(node, scope)
        if isinstance(node, ast.Call):
            return self._test_call(node, scope)
        return _same({_truth(value) for value in self.values(node, scope)})

    def _compare(self, node: ast.Compare, scope: Scope) -> bool | None:
        left, right = self.values(node.left, scope), self.values(node.comparators[0], scope)
        wanted = next(iter(right)) if len(right) == 1 else None
        operator = node.ops[0]
        if not isinstance(wanted, Constant):
            return None
        is_equal = _same(
            {
                value == wanted if isinstance(value, Constant) or _truth(value) else None
                for value in left
            }
        )
        if isinstance(operator, (ast.Is, ast.Eq)):
            return is_equal
        if isinstance(operator, (ast.IsNot, ast.NotEq)):
            return None if is_equal is None else not is_equal
        return None

    def _test_call(self, node: ast.Call, scope: Scope) -> bool | None:
        called = self.values(node.func, scope)
        if len(called) != 1 or not node.args:
            return None
        (function,) = called
        values = self.values(node.args[0], scope)
        if function == Library("builtins.callable"):
            return _same(
                {False if isinstance(value, Constant) else _truth(value) for value in values}
            )
        is_class_test = function == Library("inspect.isclass") or (
            function == Library("builtins.isinstance")
            and len(node.args) == 2
            and self.values(node.args[1], scope) == {Library("builtins.type")}
        )
        if is_class_test and all(_is_function(value) for value in values):
            return False
        return None

    def _of_name(self, node: ast.Name, scope: Scope) -> Meanings:
        found: Scope | None = scope
        while found is not None:
            if node.id in found.given or node.id in found.bindings:
                return self._variable(node.id, found)
            if found.parent is None:
                imported = self._from_star(node.id, found)
                if imported != UNKNOWN_VALUE:
                    return imported
            found = found.parent
        return _library(f"builtins.{node.id}")

    def _variable(self, name: str, scope: Scope) -> Meanings:
        if name not in scope.known:
            # What depends on itself is unknown.
            scope.known[name] = UNKNOWN_VALUE
            given = scope.given.get(name, frozenset())
            found = [self._binding(node, scope) for node in scope.bindings.get(name, ())]
            values = _union([given, *found])
            if scope.parent is None:
                # Other modules may change the settings of a module.
                values = _union(UNKNOWN_VALUE if isinstance(v, Constant) else {v} for v in values)
            scope.known[name] = values
        return scope.known[name]

    def _binding(self, node: ast.AST | _Imported | None, scope: Scope) -> Meanings:
        if isinstance(node, _Imported):
            return self._imported(node, scope.file)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any(map(_is_overload, node.decorator_list)):
                return frozenset()
            return self._decorated(Closure(node, scope), node.decorator_list)
        if isinstance(node, ast.ClassDef):
            return UNKNOWN_VALUE if node.decorator_list else frozenset({Class(node, scope)})
        return self.values(node, scope) if isinstance(node, ast.expr) else UNKNOWN_VALUE

    def _decorated(self, function: Closure, decorators: list[ast.expr]) -> Meanings:
        found: Meanings = frozenset({function})
        for decorator in reversed(decorators):
            found = self.apply(self.values(decorator, function.scope), [found])
        return found

    def _of_member(self, node: ast.Attribute, scope: Scope) -> Meanings:
        return _union(self.attribute(owner, node.attr) for owner in self.values(node.value, scope))

    def _of_constant(self, node: ast.Constant, scope: Scope) -> Meanings:  # noqa: ARG002
        return frozenset({Constant(node.value)})

    def _of_lambda(self, node: ast.Lambda, scope: Scope) -> Meanings:
        return frozenset({Closure(node, scope)})

    def _of_walrus(self, node: ast.NamedExpr, scope: Scope) -> Meanings:
        return self.values(node.value, scope)

    def _of_choice(self, node: ast.IfExp, scope: Scope) -> Meanings:
        result = self.test(node.test, scope)
        taken = [node.body] if result is not False else []
        taken += [node.orelse] if result is not True else []
        return _union(self.values(value, scope) for value in taken)

    def _of_boolean(self, node: ast.BoolOp, scope: Scope) -> Meanings:
        return _union(self.values(value, scope) for value in node.values)

    def _of_item(self, node: ast.Subscript, scope: Scope) -> Meanings:
        owners = self.values(node.value, scope)
        if len(owners) == 1 and isinstance(node.slice, ast.Constant):
            (owner,) = owners
            index = node.slice.value
            if isinstance(owner, Items) and isinstance(index, int) and index < len(owner.values):
                return owner.values[index]
        # A generic class, with type arguments.
        return (
            owners
            if all(isinstance(owner, (Class, Library)) for owner in owners)
            else UNKNOWN_VALUE
        )

    def _of_call(self, node: ast.Call, scope: Scope) -> Meanings:
        args: list[Meanings] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                unpacked = self.values(argument.value, scope)
                (items,) = unpacked if len(unpacked) == 1 else (None,)
                if not isinstance(items, Items):
                    return UNKNOWN_VALUE
                args += items.values
            else:
                args.append(self.values(argument, scope))
        keywords = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                return UNKNOWN_VALUE
            keywords[keyword.arg] = self.values(keyword.value, scope)
        return self.apply(self.values(node.func, scope), args, keywords)

    def _imported(self, imported: _Imported, file: PythonFile) -> Meanings:
        module = self._absolute(imported, file)
        if imported.name is None:
            return self._module(module, file)
        known = _library(f"{module}.{imported.name}")
        if known != UNKNOWN_VALUE:
            return known
        found = self._module(module, file)
        return _union(self.attribute(owner, imported.name) for owner in found)

    @staticmethod
    def _absolute(imported: _Imported, file: PythonFile) -> str:
        if not imported.level:
            return imported.module
        parents = file.package.split(".")
        above = parents[: len(parents) - imported.level + 1]
        return ".".join([*above, imported.module] if imported.module else above)

    def _module(self, name: str, file: PythonFile) -> Meanings:
        if name.partition(".")[0] in _FOREIGN:
            return frozenset({Library(name)})
        found = self._files.find(name, file.root)
        return UNKNOWN_VALUE if found is None else frozenset({Module(found)})

    def _member(self, file: PythonFile, name: str) -> Meanings:
        known = _library(f"{file.name}.{name}")
        if known != UNKNOWN_VALUE:
            return known
        scope = self.module(file)
        if name in scope.bindings:
            return self._variable(name, scope)
        found = self._from_star(name, scope)
        return self._module(f"{file.name}.{name}", file) if found == UNKNOWN_VALUE else found

    def _from_star(self, name: str, scope: Scope) -> Meanings:
        """
        Return the values of a name that may be in the modules that a module imports with ``*``.
        """
        for star in scope.bindings.get("*", ()):
            module = self._absolute(cast("_Imported", star), scope.file)
            for owner in self._module(module, scope.file):
                if isinstance(owner, Module) and self._has(owner.file, name):
                    return self._member(owner.file, name)
        return UNKNOWN_VALUE

    def _has(self, file: PythonFile, name: str) -> bool:
        bindings = self.module(file).bindings
        return not name.startswith("_") and (name in bindings or "*" in bindings)

    def _result(
        self, callee: Meaning, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
    ) -> Meanings:
        if callee is Mark.FACTORY:
            return _IDENTITY
        if callee is Mark.IDENTITY:
            return args[0] if len(args) == 1 and not keywords else UNKNOWN_VALUE
        if isinstance(callee, Library):
            return self._of_library(callee.name, args, keywords)
        if isinstance(callee, Closure):
            scope = self.bind(callee, args, keywords)
            return UNKNOWN_VALUE if scope is None else self._returned(callee.node, scope)
        if isinstance(callee, Class):
            is_plain = "__new__" not in _bindings(callee.node.body) and not callee.node.keywords
            return frozenset({Object(callee, args, keywords)}) if is_plain else UNKNOWN_VALUE
        if isinstance(callee, Object):
            return self.apply(self._of_instance(callee, "__call__"), args, keywords)
        return UNKNOWN_VALUE

    def _of_library(
        self, name: str, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
    ) -> Meanings:
        if name in _FACTORIES:
            return _IDENTITY
        if name in _MAKE_FACTORIES:
            return _FACTORY
        if name in _DECORATORS:
            return args[0] if args else UNKNOWN_VALUE
        if name in _BOTH:
            is_function = bool(args) and all(_is_function(value) for value in args[0])
            return args[0] if is_function else _IDENTITY
        if name == "typing.cast" and len(args) == 2:
            return args[1]
        if name == "builtins.len" and len(args) == 1:
            return _union(_length(value) for value in args[0])
        if name == "functools.partial" and args:
            return _union(_bound(value, args[1:], keywords) for value in args[0])
        return UNKNOWN_VALUE

    def _returned(self, node: Function, scope: Scope) -> Meanings:
        if isinstance(node, ast.Lambda):
            return self.values(node.body, scope)
        if isinstance(node, ast.AsyncFunctionDef) or is_generator(node):
            return UNKNOWN_VALUE
        returned: list[Meanings] = []
        if self._goes_on(node.body, scope, returned):
            returned.append(frozenset({Constant(None)}))
        return _union(returned)

    def _goes_on(
        self, statements: Sequence[ast.stmt], scope: Scope, returned: list[Meanings]
    ) -> bool:
        """
        Return whether *statements* may be run to their end; add what they return to *returned*.
        """
        for statement in statements:
            if isinstance(statement, ast.Return):
                value = statement.value
                nothing: Meanings = frozenset({Constant(None)})
                returned.append(nothing if value is None else self.values(value, scope))
                return False
            if _sets_signature(statement):
                returned.append(UNKNOWN_VALUE)
                return False
            if isinstance(statement, ast.Raise):
                return False
            if isinstance(statement, ast.If):
                result = self.test(statement.test, scope)
                branches = [statement.body] if result is not False else []
                branches += [statement.orelse] if result is not True else []
                going_on = [self._goes_on(branch, scope, returned) for branch in branches]
                if not any(going_on):
                    return False
            elif isinstance(statement, (ast.With, ast.AsyncWith)):
                if not self._goes_on(statement.body, scope, returned):
                    return False
            else:
                for block in blocks_of(statement):
                    self._goes_on(block, scope, returned)
        return True

    def _bind_positional(
        self, function: Closure, args: Sequence[Meanings], *, rest: bool
    ) -> dict[str, Meanings] | None:
        signature = function.node.args
        names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
        given = dict(zip(names, args, strict=False))
        left = tuple(args[len(names) :])
        if signature.vararg is not None:
            known: Meanings = frozenset({Items(left)})
            more = ARGS if not left else UNKNOWN_VALUE
            given[signature.vararg.arg] = more if rest else known
        elif left:
            return None
        return given

    def _scope_of(self, function: Closure, given: dict[str, Meanings]) -> Scope:
        body = function.node.body
        statements: Sequence[ast.AST] = body if isinstance(body, list) else [body]
        return Scope(statements, function.scope, function.scope.file, given)

    def _of_instance(self, owner: Object, name: str) -> Meanings:
        assigned: list[Meanings] = []
        for cls, scope in self._initialisers(owner):
            for method, attribute, value in _assigned_attributes(cls.node):
                if attribute == name:
                    if method != "__init__" or scope is None or value is None:
                        return UNKNOWN_VALUE
                    assigned.append(self.values(value, scope))
        in_class = self._in_class(owner.cls, name, owner)
        return _union([*assigned, in_class]) or UNKNOWN_VALUE

    def _initialisers(self, owner: Object) -> Iterator[tuple[Class, Scope | None]]:
        """
        Yield each class of an object, with the scope of the call of its ``__init__``.
        """
        args, keywords, is_known = owner.args, owner.keywords, True
        for cls in self._classes(owner.cls):
            if not isinstance(cls, Class):
                continue
            node = _bindings(cls.node.body).get("__init__", ())
            if not node:
                yield cls, None
                continue
            scope = None
            if len(node) == 1 and isinstance(node[0], ast.FunctionDef) and is_known:
                closure = Closure(node[0], cls.scope, (frozenset({owner}),))
                scope = self.bind(closure, args, keywords)
            yield cls, scope
            is_known = False
            if scope is not None and isinstance(node[0], ast.FunctionDef):
                for call in _calls_of_super(node[0]):
                    args = [self.values(argument, scope) for argument in call.args]
                    keywords = {
                        keyword.arg or "": self.values(keyword.value, scope)
                        for keyword in call.keywords
                    }
                    is_known = True

    def _classes(self, cls: Class, depth: int = 0) -> Iterator[Meaning]:
        yield cls
        for base in cls.node.bases if depth < 10 else ():
            values = self.values(base, cls.scope)
            (found,) = values if len(values) == 1 else (Mark.UNKNOWN,)
            if isinstance(found, Class):
                yield from self._classes(found, depth + 1)
            else:
                yield found

    def _in_class(self, cls: Class, name: str, owner: Object | None) -> Meanings:
        """
        Return the values of a class's attribute; none if there is no such attribute.

        Args:
            cls: the class.
            name: the attribute.
            owner: the object whose class it is; None if the attribute is read from the class.
        """
        for found in self._classes(cls):
            if isinstance(found, Class):
                nodes = _bindings(found.node.body).get(name)
                if nodes:
                    return _union(self._class_member(node, found, owner) for node in nodes)
            elif not isinstance(found, Library) or found.name not in _BASES:
                return UNKNOWN_VALUE
            elif name == "__call__" and found.name in _CONTEXT_DECORATORS:
                return _IDENTITY
        return frozenset()

    def _class_member(
        self, node: ast.AST | _Imported | None, cls: Class, owner: Object | None
    ) -> Meanings:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._binding(node, cls.scope)
        kinds = [d.id for d in node.decorator_list if isinstance(d, ast.Name)]
        kind = kinds[0] if len(node.decorator_list) == 1 and kinds else ""
        if node.decorator_list and kind not in _METHOD_DECORATORS:
            return UNKNOWN_VALUE
        first = {"staticmethod": None, "classmethod": cls}.get(kind, owner)
        args = () if first is None else (frozenset({first}),)
        return frozenset({Closure(node, cls.scope, args)})


_BY_NODE: Final[dict[type[ast.expr], Callable[[Evaluator, Any, Scope], Meanings]]] = {
    ast.Attribute: Evaluator._of_member,
    ast.BoolOp: Evaluator._of_boolean,
    ast.Call: Evaluator._of_call,
    ast.Constant: Evaluator._of_constant,
    ast.IfExp: Evaluator._of_choice,
    ast.Lambda: Evaluator._of_lambda,
    ast.Name: Evaluator._of_name,
    ast.NamedExpr: Evaluator._of_walrus,
    ast.Subscript: Evaluator._of_item,
}


class _Imported(NamedTuple):
    module: str
    name: str | None
    """None for a module."""
    level: int


def parameter_names(node: Function) -> list[str]:
    """
    Return the names of all parameters of a function.
    """
    return [child.arg for child in ast.iter_child_nodes(node.args) if isinstance(child, ast.arg)]


def is_generator(node: Function) -> bool:
    """
    Return whether a call of a function only creates a generator.
    """
    body = node.body if isinstance(node.body, list) else [node.body]
    return any(isinstance(child, (ast.Yield, ast.YieldFrom)) for child in inner_nodes(body))


def inner_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """
    Yield all nodes, without the inner ones of functions and classes.
    """
    left = list(nodes)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, (*CALLABLE_NODES, ast.ClassDef)):
            left.extend(ast.iter_child_nodes(node))


def _bindings(
    body: Iterable[ast.AST], *, may_rebind: bool = False
) -> dict[str, list[ast.AST | _Imported | None]]:
    """
    Return what is assigned to each name; None for what is not understood.

    Args:
        body: the statements.
        may_rebind: whether inner functions may assign to these names.
    """
    found: dict[str, list[ast.AST | _Imported | None]] = {}
    # The targets whose values are known.
    plain: set[ast.AST] = set()
    for node in inner_nodes(body):
        for name, value in _bound_by(node, plain):
            found.setdefault(name, []).append(value)
        if may_rebind and isinstance(node, _DEFINITIONS):
            for inner in ast.walk(node):
                if isinstance(inner, (ast.Global, ast.Nonlocal)):
                    for name in inner.names:
                        found.setdefault(name, []).append(None)
    return found


def _bound_by(
    node: ast.AST, plain: set[ast.AST]
) -> Iterator[tuple[str, ast.AST | _Imported | None]]:
    if isinstance(node, _DEFINITIONS):
        yield node.name, node
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                plain.add(target)
                if node.value is not None:
                    yield target.id, node.value
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imports(node)
    elif node not in plain:
        yield from ((name, None) for name in _changed(node))


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, _Imported]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            imported = _Imported(node.module or "", alias.name, node.level)
            yield alias.asname or alias.name, imported
        else:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, _Imported(alias.name if alias.asname else top, None, 0)


def _changed(node: ast.AST) -> list[str]:
    """
    Return the names that get an unknown value.
    """
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return node.names
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return [node.name] if node.name else []
    return [node.rest] if isinstance(node, ast.MatchMapping) and node.rest else []


def _assigned_attributes(cls: ast.ClassDef) -> Iterator[tuple[str, str, ast.expr | None]]:
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


def _calls_of_super(node: ast.FunctionDef) -> Iterator[ast.Call]:
    for child in ast.walk(node):
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Attribute)
            and child.func.attr == node.name
            and isinstance(child.func.value, ast.Call)
            and isinstance(child.func.value.func, ast.Name)
            and child.func.value.func.id == "super"
        ):
            yield child


def blocks_of(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """
    Yield the blocks in a statement.
    """
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, []) if not isinstance(statement, _DEFINITIONS) else []
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _library(name: str) -> Meanings:
    return frozenset({Library(name)}) if name in _KNOWN or name in _PARENTS else UNKNOWN_VALUE


def _sets_signature(statement: ast.stmt) -> bool:
    """
    Return whether *statement* states the signature of a function, which is checked instead of it.
    """
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(getattr(target, "attr", "") == "__signature__" for target in targets)


def _is_overload(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "overload"


def _union(values: Iterable[Iterable[Meaning]]) -> Meanings:
    return frozenset().union(*values)


def _same(results: set[bool | None]) -> bool | None:
    return results.pop() if len(results) == 1 else None


def _is_function(value: Meaning) -> bool:
    return value is Mark.DECORATED or isinstance(value, Closure)


def _truth(value: Meaning) -> bool | None:
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Items):
        return bool(value.values)
    return True if _is_function(value) or isinstance(value, (Class, Library)) else None


def _length(value: Meaning) -> Meanings:
    return frozenset({Constant(len(value.values))}) if isinstance(value, Items) else UNKNOWN_VALUE


def _bound(value: Meaning, args: Sequence[Meanings], keywords: Mapping[str, Meanings]) -> Meanings:
    if not isinstance(value, Closure):
        return UNKNOWN_VALUE
    bound = (*value.args, *args)
    return frozenset({Closure(value.node, value.scope, bound, {**value.keywords, **keywords})})
