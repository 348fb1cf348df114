"""
What a decorator returns, evaluated from its source without running it.

An expression has a set of values, one for each way the code may go. A name has all values that are
assigned to it anywhere, so the order of statements does not matter. Whatever is not understood has
the value ``UNKNOWN``.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from typed_signals.mypy.lib.known_decorators import Trait, decorators_with, traits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from typed_signals.mypy.lib.python_files import PythonFile, PythonFiles

    Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    Meaning = object
    Meanings = frozenset[Meaning]

CALLABLE_NODES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Mark(Enum):
    """
    Values without content.
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
    READY = auto()
    """A partial that calls the decorated function with all that the signal passed."""
    HIDDEN = auto()
    """Something unknown that may contain the decorated function or the ``**kwargs``."""


@dataclass(frozen=True)
class Constant:
    """
    A literal. The type makes 1 differ from True.
    """

    value: object
    type: type[object]


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
        given: dict[str, Meanings],
    ) -> None:
        self.parent = parent
        self.file = file
        self.given = given
        self.known: dict[str, Meanings] = {}
        self.is_call: bool = any(Mark.KWARGS in values for values in given.values()) or (
            parent is not None and parent.is_call
        )
        """Whether it is in a call by a signal."""
        self._body = body

    @cached_property
    def is_dynamic(self) -> bool:
        """
        Whether its names may be changed or read in unknown ways.
        """
        return any(
            isinstance(node, ast.Name) and node.id in _SEEING_NAMES
            for statement in self._body
            for node in ast.walk(statement)
        )

    @cached_property
    def changed_attributes(self) -> set[str]:
        """
        The attributes that are changed from outside; ``*`` if that may be any.
        """
        return _changed_attributes(self._body)

    @cached_property
    def stored(self) -> dict[str, list[ast.expr]]:
        """
        What is put into the collections with a name.
        """
        return _put_into(self._body)

    @cached_property
    def bindings(self) -> dict[str, list[ast.AST | _Imported | _Part | None]]:
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
HIDDEN: Final[Meanings] = frozenset({Mark.HIDDEN})
DECORATED: Final[Meanings] = frozenset({Mark.DECORATED})
ARGS: Final[Meanings] = frozenset({Mark.ARGS})
KWARGS: Final[Meanings] = frozenset({Mark.KWARGS})
_CARRIERS: Final = {Mark.DECORATED, Mark.HIDDEN, Mark.KWARGS}
_IDENTITY: Final[Meanings] = frozenset({Mark.IDENTITY})
_FACTORY: Final[Meanings] = frozenset({Mark.FACTORY})

_CONTEXT_DECORATORS: Final = {"contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"}
_PLAIN_BASES: Final[Meanings] = frozenset(
    {Library("builtins.object"), Library("typing.Generic"), Library("abc.ABC")}
)
_BASES: Final = {*_CONTEXT_DECORATORS, "builtins.object", "typing.Generic", "abc.ABC"}
_PASSING_ON: Final = decorators_with(Trait.PASSES_ON)
# They turn a generator function into a factory of decorators that pass everything on.
_MAKE_FACTORIES: Final = {"contextlib.asynccontextmanager", "contextlib.contextmanager"}
_OTHERS: Final = {
    "asgiref.sync.iscoroutinefunction",
    "asyncio.iscoroutinefunction",
    "functools.partial",
    "inspect.iscoroutinefunction",
    "typing.cast",
    # What it states is checked, not the function.
    "typed_signals.with_signature",
}
_KNOWN: Final = frozenset().union(
    _PASSING_ON,
    _MAKE_FACTORIES,
    _OTHERS,
    _BASES,
    {"inspect.isclass"},
)
_PARENTS: Final = frozenset(name.rpartition(".")[0] for name in _KNOWN)
_THIRD_PARTY: Final = frozenset(name.partition(".")[0] for name in _KNOWN) - {
    "django",
    "typed_signals",
}
"""Packages whose source is not read."""

_METHOD_DECORATORS: Final = ("staticmethod", "classmethod")
# Builtins that tell something about their arguments, ...
_TELLING: Final = {
    f"builtins.{name}"
    for name in (
        *("all", "any", "bool", "callable", "format", "hasattr", "hash", "id", "isinstance"),
        *("issubclass", "len", "print", "repr", "str"),
    )
}
# ... or copy what is in them.
_COPYING: Final = {
    f"builtins.{name}"
    for name in (
        *("dict", "enumerate", "frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"),
        "zip",
    )
}
_READERS: Final = {*_TELLING, *_COPYING, "builtins.getattr", "builtins.type"}
_SEEING_NAMES: Final = {"eval", "exec", "globals", "locals"}
# Methods with which a class may be something else than what it looks like.
_HOOKS: Final = {
    "__getattr__",
    "__getattribute__",
    "__init_subclass__",
    "__new__",
    "__setattr__",
}
# Attributes that are only text.
_TEXTS: Final = {"__doc__", "__module__", "__name__", "__qualname__"}
_STORING: Final = {
    *("add", "append", "appendleft", "extend", "insert", "push", "put", "setdefault", "update"),
}
# The values of these nodes have nothing of their parts.
_PLAIN_NODES: Final = (
    *(ast.Compare, ast.FormattedValue, ast.JoinedStr, ast.UnaryOp, ast.Yield, ast.YieldFrom),
)
_LIMIT: Final = 1_000
"""Calls to evaluate or read for one decorator: some programs would not end."""


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
        evaluate = _BY_NODE.get(type(node), Evaluator._of_parts)
        return evaluate(self, node, scope)

    def step(self) -> None:
        """
        Count a call that is evaluated or read.

        Raises:
            TooLong: there were too many for one decorator.
        """
        self._steps += 1
        if self._steps > _LIMIT:
            raise TooLong

    def apply(
        self,
        callees: Meanings,
        args: Sequence[Meanings],
        keywords: Mapping[str, Meanings] | None = None,
    ) -> Meanings:
        """
        Return what a call returns.
        """
        self.step()
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
        defaults = _defaults(signature)
        for argument in (*signature.posonlyargs, *signature.args, *signature.kwonlyargs):
            name = argument.arg
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
        for name, default in _defaults(function.node.args).items():
            given[name] |= self.values(default, function.scope)
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
        is_text = owner is Mark.KWARGS or name in _TEXTS
        return HIDDEN if carries({owner}) and not is_text else UNKNOWN_VALUE

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
        is_identity = isinstance(operator, (ast.Is, ast.IsNot))
        is_equal = _same({_is_equal(value, wanted, is_identity=is_identity) for value in left})
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
        if is_class_test and all(is_function(value) for value in values):
            return False
        return None

    def _of_name(self, node: ast.Name, scope: Scope) -> Meanings:
        found: Scope | None = scope
        is_hiding = False
        while found is not None:
            is_hiding = is_hiding or self._stores(node.id, found)
            if node.id in found.given or node.id in found.bindings:
                values = self._variable(node.id, found)
                return HIDDEN if is_hiding and values == UNKNOWN_VALUE else values
            if found.parent is None:
                imported = self._from_star(node.id, found)
                if imported:
                    return imported
            found = found.parent
        return _library(f"builtins.{node.id}")

    def _stores(self, name: str, scope: Scope) -> bool:
        """
        Return whether the decorated function may be put into a collection with this name.
        """
        key = f"[{name}]"
        if key not in scope.known:
            # What a wrapper itself stores is checked.
            stored = [] if scope.is_call else scope.stored.get(name, [])
            scope.known[key] = frozenset()
            scope.known[key] = _union(self.values(value, scope) for value in stored)
        return carries(scope.known[key])

    def _variable(self, name: str, scope: Scope) -> Meanings:
        if name not in scope.known:
            # What depends on itself is unknown.
            scope.known[name] = UNKNOWN_VALUE if scope.parent is None else HIDDEN
            given = scope.given.get(name, frozenset())
            found = [self._binding(node, scope) for node in scope.bindings.get(name, ())]
            values = _union([given, *found])
            if scope.is_dynamic:
                values = HIDDEN
            if scope.parent is None:
                values |= self._from_star(name, scope)
                # Other modules may change the settings of a module.
                values = _union(UNKNOWN_VALUE if isinstance(v, Constant) else {v} for v in values)
            scope.known[name] = values
        return scope.known[name]

    def _binding(self, node: ast.AST | _Imported | _Part | None, scope: Scope) -> Meanings:
        if isinstance(node, _Imported):
            return self._imported(node, scope.file)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any(map(_is_overload, node.decorator_list)):
                return frozenset()
            return self._decorated(Closure(node, scope), node.decorator_list)
        if isinstance(node, _Part):
            return _copied(self.values(node.whole, scope))
        if node is None:
            return HIDDEN
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
        return _constant(node.value)

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

    def _of_parts(self, node: ast.expr, scope: Scope) -> Meanings:
        """
        Return the values of a collection, or of something else that may contain its parts.
        """
        if isinstance(node, _PLAIN_NODES):
            return UNKNOWN_VALUE
        if isinstance(node, ast.BinOp):
            is_joining = isinstance(node.op, (ast.Add, ast.BitOr, ast.Mult))
            sides = (self.values(side, scope) for side in (node.left, node.right))
            return _copied(_union(sides)) if is_joining else UNKNOWN_VALUE
        whole: set[ast.expr] = set()
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            whole.update(value for key, value in pairs if key is None)
        parts: list[Meanings] = []
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.comprehension):
                parts.append(_copied(self.values(child.iter, scope)))
            elif isinstance(child, ast.Starred):
                parts.append(_copied(self.values(child.value, scope)))
            elif isinstance(child, ast.expr):
                values = self.values(child, scope)
                parts.append(_copied(values) if child in whole else values)
        return _unknown(*parts)

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
            else _copied(owners)
        )

    def _of_call(self, node: ast.Call, scope: Scope) -> Meanings:
        callees = self.values(node.func, scope)
        if callees == UNKNOWN_VALUE and scope.is_call:
            # What a wrapper passes to something unknown is checked.
            return UNKNOWN_VALUE
        args: list[Meanings] = []
        rest: list[Meanings] = []
        for argument in node.args:
            unpacked = argument.value if isinstance(argument, ast.Starred) else None
            values = self.values(argument if unpacked is None else unpacked, scope)
            (items,) = values if len(values) == 1 else (None,)
            if unpacked is None:
                args.append(values)
            elif isinstance(items, Items):
                args += items.values
            else:
                rest.append(values)
        named = {k.arg: self.values(k.value, scope) for k in node.keywords if k.arg is not None}
        more = [self.values(k.value, scope) for k in node.keywords if k.arg is None]
        if not rest and not more:
            return self.apply(callees, args, named)
        self.step()
        given = (*args, *named.values(), *map(_copied, (*rest, *more)))
        is_all = rest in ([], [ARGS]) and more in ([], [KWARGS]) and are_last(node)
        return _union(
            self._with_rest(callee, args, named, bool(rest), bool(more))
            if is_all
            else _unknown({callee}, *given)
            for callee in callees
        )

    def _with_rest(
        self,
        callee: Meaning,
        args: Sequence[Meanings],
        keywords: Mapping[str, Meanings],
        rest: bool,
        rest_keywords: bool,
    ) -> Meanings:
        """
        Return what a call with the arguments of the signal's call returns.
        """
        scope = None
        if isinstance(callee, Closure):
            scope = self.bind(callee, args, keywords, rest=rest, rest_keywords=rest_keywords)
        if isinstance(callee, Closure) and scope is not None:
            return self.returned(callee, scope)
        if callee is Mark.DECORATED:
            return UNKNOWN_VALUE
        if callee == Library("functools.partial") and args and all(map(is_function, args[0])):
            return frozenset({Mark.READY})  # its call is checked
        return _unknown({callee}, *args, *keywords.values())

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
        if name.partition(".")[0] in _THIRD_PARTY:
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
                module = self._absolute(cast("_Imported", star), scope.file)
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

    def _result(
        self, callee: Meaning, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
    ) -> Meanings:
        if callee is Mark.FACTORY:
            return _IDENTITY
        if callee is Mark.IDENTITY:
            return args[0] if len(args) == 1 and not keywords else HIDDEN
        if isinstance(callee, Library):
            return self._of_library(callee.name, args, keywords)
        if isinstance(callee, Closure):
            scope = self.bind(callee, args, keywords)
            if scope is not None:
                return self.returned(callee, scope)
        if isinstance(callee, Class) and self._is_plain(callee):
            return frozenset({Object(callee, args, keywords)})
        if isinstance(callee, Object):
            return self.apply(self._of_instance(callee, "__call__"), args, keywords)
        if callee is Mark.DECORATED or callee is Mark.READY:
            return UNKNOWN_VALUE
        return _unknown({callee}, *args, *keywords.values())

    def _is_plain(self, cls: Class) -> bool:
        """
        Return whether the objects of a class are what its methods make them.
        """
        own = [found for found in self._classes(cls) if isinstance(found, Class)]
        return not any(
            _HOOKS & _bindings(each.node.body).keys()
            or each.node.keywords
            or len(self._bases(each)) > 1
            or "*" in self.module(each.scope.file).changed_attributes
            for each in own
        )

    def _bases(self, cls: Class) -> list[Meanings]:
        found = (self.values(base, cls.scope) for base in cls.node.bases)
        return [values for values in found if not values <= _PLAIN_BASES]

    def _of_library(
        self, name: str, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
    ) -> Meanings:
        if name in _MAKE_FACTORIES:
            return _FACTORY
        if name in _PASSING_ON:
            return _passed_on(traits_of(name), args)
        if name == "typing.cast" and len(args) == 2:
            return args[1]
        if name in _READERS:
            return self._of_builtin(name, args, keywords)
        if name == "functools.partial" and args:
            return _union(_bound(value, args[1:], keywords) for value in args[0])
        return _unknown(*args, *keywords.values())

    def _of_builtin(
        self, name: str, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
    ) -> Meanings:
        if name == "builtins.len" and len(args) == 1:
            return _union(_length(value) for value in args[0])
        if name in _TELLING:
            return UNKNOWN_VALUE
        if name in _COPYING:
            return _unknown(*map(_copied, args), *keywords.values())
        if name == "builtins.getattr" and len(args) > 1:
            (attribute,) = args[1] if len(args[1]) == 1 else (None,)
            if isinstance(attribute, Constant):
                found = (self.attribute(owner, str(attribute.value)) for owner in args[0])
                return _union([*found, *args[2:]])
        return _unknown(*args, *keywords.values())

    def returned(self, function: Closure, scope: Scope) -> Meanings:
        """
        Return what a call of a function returns; *scope* is that of the call.
        """
        node = function.node
        if isinstance(node, ast.Lambda):
            return self.values(node.body, scope)
        if isinstance(node, ast.AsyncFunctionDef) or is_generator(node):
            return _unknown({function}, *scope.given.values())
        returned: list[Meanings] = []
        if self._goes_on(node.body, scope, returned):
            returned.append(_constant(None))
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
                nothing: Meanings = _constant(None)
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
        self.step()
        if any(name in module.changed_attributes for module in list(self._modules.values())):
            return HIDDEN
        assigned: list[Meanings] = []
        for cls, scope in self._initialisers(owner):
            for method, attribute, value in _assigned_attributes(cls.node):
                if attribute == name:
                    if method != "__init__" or scope is None or value is None:
                        return HIDDEN
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
                calls = list(_calls_of_super(node[0]))
                for call in calls if len(calls) == 1 else ():
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
        self, node: ast.AST | _Imported | _Part | None, cls: Class, owner: Object | None
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


class _Part(NamedTuple):
    """
    Something in a collection, or what a block is entered with.
    """

    whole: ast.expr


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
) -> dict[str, list[ast.AST | _Imported | _Part | None]]:
    """
    Return what is assigned to each name; None for what is not understood.

    Args:
        body: the statements.
        may_rebind: whether inner functions may assign to these names.
    """
    found: dict[str, list[ast.AST | _Imported | _Part | None]] = {}
    # The targets whose values are known.
    plain: set[ast.AST] = set()
    for node in inner_nodes(body):
        for name, value in _bound_by(node, plain):
            found.setdefault(name, []).append(value)
        if may_rebind and isinstance(node, _DEFINITIONS):
            for inner in ast.walk(node):
                if isinstance(inner, (ast.Global, ast.Nonlocal)):
                    for name in inner.names:
                        is_global = isinstance(inner, ast.Global)
                        found.setdefault(name, []).append(inner if is_global else None)
    return found


def _bound_by(
    node: ast.AST, plain: set[ast.AST]
) -> Iterator[tuple[str, ast.AST | _Imported | _Part | None]]:
    if isinstance(node, _DEFINITIONS):
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
                yield child.id, _Part(whole)


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


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, _Imported]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            imported = _Imported(node.module or "", alias.name, node.level)
            yield alias.asname or alias.name, imported
        else:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, _Imported(alias.name if alias.asname else top, None, 0)


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


def _defaults(signature: ast.arguments) -> dict[str, ast.expr]:
    names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
    found = dict(zip(reversed(names), reversed(signature.defaults), strict=False))
    for argument, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True):
        if default is not None:
            found[argument.arg] = default
    return found


def _changed_attributes(body: Sequence[ast.AST]) -> set[str]:
    """
    Return the attributes that are not only changed by the methods of a class themselves.
    """
    nodes = [node for statement in body for node in ast.walk(statement)]
    own = {
        each
        for cls in nodes
        if isinstance(cls, ast.ClassDef)
        for method in cls.body
        if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and method.args.args
        for each in ast.walk(method)
        if _owner(each) == method.args.args[0].arg
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


def _owner(node: ast.AST) -> str:
    value = node.value if isinstance(node, ast.Attribute) else None
    return value.id if isinstance(value, ast.Name) else ""


def _put_into(body: Sequence[ast.AST]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in inner_nodes(body):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    found.setdefault(target.value.id, []).append(node.value)
        elif isinstance(node, ast.Call) and last_name(node.func) in _STORING:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            found.setdefault(_owner(node.func), []).extend(values)
    return found


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
    parent, _, last = name.rpartition(".")
    is_builtin = parent == "builtins" and last[:1] != "_" and hasattr(builtins, last)
    is_known = is_builtin or name in _KNOWN or name in _PARENTS
    return frozenset({Library(name)}) if is_known else UNKNOWN_VALUE


def is_reader(value: Meaning) -> bool:
    """
    Return whether a function only reads its arguments, or is known to the evaluator.
    """
    if not isinstance(value, Library):
        return value is Mark.IDENTITY
    return value.name in _READERS or not value.name.startswith("builtins.")


def carries(values: Iterable[Meaning]) -> bool:
    """
    Return whether values may contain the decorated function or the ``**kwargs``.
    """
    return any(map(_is_carrier, values))


def is_inner(function: Closure) -> bool:
    """
    Return whether a function may refer to the decorated one.
    """
    bound = (*function.args, *function.keywords.values())
    return function.scope.parent is not None or any(map(carries, bound))


def _is_carrier(value: Meaning) -> bool:
    if isinstance(value, Closure):
        return is_inner(value)
    if isinstance(value, Object):
        return any(map(carries, (*value.args, *value.keywords.values())))
    if isinstance(value, Items):
        return any(map(carries, value.values))
    return value in _CARRIERS


def _unknown(*used: Iterable[Meaning]) -> Meanings:
    """
    Return the value of something unknown that is made of other values.
    """
    return HIDDEN if any(map(carries, used)) else UNKNOWN_VALUE


def _copied(values: Meanings) -> Meanings:
    """
    Return the value of what is in a collection: nothing of the ``**kwargs`` itself.
    """
    return _unknown(values - KWARGS)


def are_last(node: ast.Call) -> bool:
    """
    Return whether the unpacked positional arguments of a call are the last ones.
    """
    kinds = [isinstance(argument, ast.Starred) for argument in node.args]
    return kinds == sorted(kinds)


def last_name(node: ast.expr) -> str:
    """
    Return the name of a variable or an attribute.
    """
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _constant(value: object) -> Meanings:
    return frozenset({Constant(value, type(value))})


def _sets_signature(statement: ast.stmt) -> bool:
    """
    Return whether *statement* states the signature of a function, which is checked instead of it.
    """
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(getattr(target, "attr", "") == "__signature__" for target in targets)


def _is_overload(node: ast.expr) -> bool:
    return last_name(node) == "overload"


def _union(values: Iterable[Iterable[Meaning]]) -> Meanings:
    return frozenset().union(*values)


def _same(results: set[bool | None]) -> bool | None:
    return results.pop() if len(results) == 1 else None


def is_function(value: Meaning) -> bool:
    """
    Return whether a value is a function with source.
    """
    return value is Mark.DECORATED or isinstance(value, Closure)


def _is_equal(value: Meaning, wanted: Constant, *, is_identity: bool) -> bool | None:
    if not isinstance(value, Constant):
        return False if _truth(value) else None
    if not is_identity:
        return value.value == wanted.value
    is_single = wanted.value is None or isinstance(wanted.value, bool)
    return value == wanted if is_single or value != wanted else None


def _truth(value: Meaning) -> bool | None:
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Items):
        return bool(value.values)
    return True if is_function(value) or isinstance(value, (Class, Library)) else None


def _passed_on(traits: Trait, args: Sequence[Meanings]) -> Meanings:
    """
    Return what a call returns of a decorator that passes everything on.
    """
    if Trait.CALLED not in traits:
        return args[0] if args else UNKNOWN_VALUE
    is_bare = Trait.BARE in traits and bool(args) and all(map(is_function, args[0]))
    return args[0] if is_bare else _IDENTITY


def _length(value: Meaning) -> Meanings:
    return _constant(len(value.values)) if isinstance(value, Items) else UNKNOWN_VALUE


def _bound(value: Meaning, args: Sequence[Meanings], keywords: Mapping[str, Meanings]) -> Meanings:
    if not isinstance(value, Closure):
        return UNKNOWN_VALUE
    bound = (*value.args, *args)
    return frozenset({Closure(value.node, value.scope, bound, {**value.keywords, **keywords})})
