"""
Does a decorator pass everything on? Only if its source proves it.

Proven means: whatever it returns is the function itself, or a function that passes exactly what it
gets, unchanged, wherever it calls the decorated function, whatever else it does.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from typing_extensions import override

from .evaluation import TooLong
from .libraries import is_reader
from .syntax import are_last, is_generator, last_name
from .values import (
    ARGS,
    DECORATED,
    HIDDEN,
    KWARGS,
    UNKNOWN_VALUE,
    Closure,
    Constant,
    Mark,
    Object,
    Passed,
    Scope,
    carries,
    is_inner,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .evaluation import Evaluator
    from .values import Meaning, Meanings


class Decorated(NamedTuple):
    """
    The parameters of the function under the decorators.
    """

    positional: list[str]

    has_kwargs: bool


def passes_on(
    evaluator: Evaluator, decorator: ast.expr, scope: Scope, decorated: Decorated
) -> bool:
    """
    Return whether *decorator* is proven to pass everything on to the function under it.
    """
    try:
        results = evaluator.decorate(decorator, scope)
        return bool(results) and all(_is_passing(evaluator, value, decorated) for value in results)
    except (_NotProven, TooLong, RecursionError):
        return False


class _NotProven(Exception):  # noqa: N818 - it is not an error
    pass


# The methods of a logger only read their arguments.
_LOGGING: Final = {
    *("critical", "debug", "error", "exception", "info", "log", "warn", "warning"),
}
# They call their first argument with the other ones.
_CALLERS: Final = {"partial", "submit", "to_thread", "call_soon", "call_soon_threadsafe"}
# What calls the decorated function, or may do so.
_DECORATED_PARTS: Final = {Mark.DECORATED, Mark.HIDDEN, Mark.READY}
_READS_OF_KEYS: Final = {"get", "items", "keys", "values", "copy"}
# With these, a decorator may find out what the function accepts.
_SIGNATURE: Final = {
    "__annotations__",
    "__call__",
    "__code__",
    "__defaults__",
    "__kwdefaults__",
    "__signature__",
    "__wrapped__",
}


def _claims_signature(cls: ast.ClassDef) -> bool:
    """
    Return whether *cls* has a ``__signature__``, which is checked instead of the function.
    """
    return any(
        getattr(node, name, "") == "__signature__"
        for node in ast.walk(cls)
        for name in ("attr", "id", "name")
    )


def _is_passing(evaluator: Evaluator, value: Meaning, decorated: Decorated) -> bool:
    if value is Mark.DECORATED:
        return True
    if isinstance(value, Object):
        if _claims_signature(value.cls.node):
            return False
        methods = evaluator.attribute(value, "__call__")
        return all(
            isinstance(method, Closure) and _is_passing(evaluator, method, decorated)
            for method in methods
        )
    if not isinstance(value, Closure):
        return False
    signature = value.node.args
    names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
    left = names[len(value.args) :]
    if signature.posonlyargs[len(value.args) :]:
        return False
    # One with a default would be passed even if it is not sent, so it cannot be bound here.
    required = set(names[: len(names) - len(signature.defaults)])
    required.update(
        argument.arg
        for argument, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
        if default is None
    )
    left += [argument.arg for argument in signature.kwonlyargs]
    keys = {
        name: frozenset({Passed(name)})
        for name in left
        if name in required and name not in value.keywords
    }
    scope = evaluator.bind(value, (), keys, rest=True, rest_keywords=True)
    if scope is None:
        return False
    needed: set[Meaning] = {Mark.KWARGS, *map(Passed, keys)}
    if signature.vararg is not None:
        needed.add(Mark.ARGS)
    calls = _Calls(evaluator, decorated, frozenset(needed))
    calls.read(value, scope)
    return calls.count > 0


class _Calls:
    """
    The calls of the decorated function that another function makes.
    """

    def __init__(
        self, evaluator: Evaluator, decorated: Decorated, needed: frozenset[Meaning]
    ) -> None:
        self.evaluator = evaluator
        self.decorated = decorated
        self.needed = needed
        self.count = 0
        self._reading: list[tuple[ast.AST, Scope]] = []

    def read(self, function: Closure, scope: Scope) -> None:
        """
        Read the body of a function that is called.

        Raises:
            _NotProven: it may call the decorated function with other arguments.
        """
        node = function.node
        self.evaluator.step()
        call = (node, function.scope)
        if call in self._reading or is_generator(node):
            raise _NotProven
        self._reading.append(call)
        body = _Body(self, scope)
        for statement in node.body if isinstance(node.body, list) else [node.body]:
            body.visit(statement)
        self._reading.pop()

    def check(self, args: list[ast.expr], keywords: list[ast.keyword], scope: Scope) -> None:
        """
        Check the arguments of one call of the decorated function.
        """
        passed: set[Meaning] = set()
        names = iter(self.decorated.positional)
        for argument in args:
            if isinstance(argument, ast.Starred):
                if self.evaluator.values(argument.value, scope) != ARGS:
                    raise _NotProven
                passed.add(Mark.ARGS)
            else:
                passed.add(self._key(argument, next(names, ""), scope))
        for keyword in keywords:
            if keyword.arg is not None:
                passed.add(self._key(keyword.value, keyword.arg, scope))
            elif self.evaluator.values(keyword.value, scope) != KWARGS:
                raise _NotProven
            else:
                passed.add(Mark.KWARGS)
        if not passed >= self.needed:
            raise _NotProven
        self.count += 1

    def _key(self, argument: ast.expr, name: str, scope: Scope) -> Passed:
        key = Passed(name)
        if self.evaluator.values(argument, scope) != {key}:
            raise _NotProven
        return key


class _Body(ast.NodeVisitor):
    """
    Reads a body, without the bodies of inner functions: those are read where they are called.
    """

    def __init__(self, calls: _Calls, scope: Scope) -> None:
        self._calls = calls
        self._scope = scope

    @override
    def visit(self, node: ast.AST) -> None:
        if isinstance(node, _READING):
            self._read_all(node)
        else:
            super().visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._use(self._values(node))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owners = self._values(node.value)
        if Mark.KWARGS in owners or (Mark.DECORATED in owners and node.attr in _SIGNATURE):
            raise _NotProven
        if isinstance(node.ctx, ast.Load):
            self._use(self._values(node))
        self._read(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        callees = {value for value in self._values(node.func) if not isinstance(value, Constant)}
        if callees & _DECORATED_PARTS:
            if callees == DECORATED:
                self._calls.check(node.args, node.keywords, self._scope)
            elif callees != {Mark.READY} or node.args or node.keywords:
                raise _NotProven
            return
        if self._is_call_by_other(node):
            return
        if isinstance(node.func, ast.Attribute):
            owners = self._values(node.func.value)
            if Mark.KWARGS in owners:
                self._call_method(node, node.func.attr)
                return
        self._call_other(node, callees)
        is_decorated = isinstance(node.func, ast.Call) and Mark.UNKNOWN not in callees
        if not (isinstance(node.func, ast.Name) or is_decorated):
            self._read(node.func.value if isinstance(node.func, ast.Attribute) else node.func)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._open(node.value)
        if Mark.KWARGS in self._values(node.value):
            if not isinstance(node.ctx, ast.Load) and not self._may_remove(node):
                raise _NotProven
            self.visit(node.slice)
        else:
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        # The evaluator knows the values of variables.
        is_known = all(isinstance(target, ast.Name) for target in node.targets)
        for target in node.targets:
            self.visit(target)
        if is_known:
            self._read(node.value)
        else:
            self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit_Assign(ast.Assign([node.target], node.value))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._read(node.value)

    def visit_If(self, node: ast.If | ast.While | ast.IfExp) -> None:
        self._read(node.test)
        for part in (node.body, node.orelse):
            for child in part if isinstance(part, list) else [part]:
                self.visit(child)

    def visit_While(self, node: ast.While) -> None:
        self.visit_If(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit_If(node)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._open(node.iter)
        self._read(node.iter)
        for child in (node.target, *node.body, *node.orelse):
            self.visit(child)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        self.visit_For(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._open(node.iter)
        self._read(node.iter)
        for condition in node.ifs:
            self._read(condition)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self._copy(value)
            else:
                self.visit(key)
                self.visit(value)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self._read(decorator)
        self._visit_defaults(node.args)
        values = self._values(ast.Name(node.name, ast.Load()))
        if not any(isinstance(value, Closure) and value.node is node for value in values):
            self._escape(Closure(node, self._scope))

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def _visit_defaults(self, arguments: ast.arguments) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_defaults(node.args)
        self._escape(Closure(node, self._scope))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # noqa: ARG002 - not understood
        raise _NotProven

    def _values(self, node: ast.expr) -> Meanings:
        return self._calls.evaluator.values(node, self._scope)

    def _read(self, node: ast.expr) -> None:
        """
        Visit an expression whose value is only read, or assigned to a variable.
        """
        if not isinstance(node, (ast.Name, ast.Attribute)):
            self._read_all(node) if isinstance(node, _CONTAINERS) else self.visit(node)
        elif isinstance(node, ast.Attribute):
            owners = self._values(node.value)
            if Mark.KWARGS in owners or (Mark.DECORATED in owners and node.attr in _SIGNATURE):
                raise _NotProven
            if self._values(node) <= UNKNOWN_VALUE | HIDDEN:
                self._read(node.value)

    def _open(self, node: ast.expr) -> None:
        """
        Something in a collection is used.
        """
        if Mark.HIDDEN in self._values(node):
            raise _NotProven

    def _copy(self, node: ast.expr) -> None:
        self._open(node)
        self._read(node)

    def _read_all(self, node: ast.expr) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._read(child)

    def _use(self, values: Iterable[Meaning]) -> None:
        """
        A value is used in an unknown way.
        """
        for value in values:
            if value is Mark.DECORATED or value is Mark.KWARGS or value is Mark.HIDDEN:
                raise _NotProven
            if isinstance(value, Closure):
                self._escape(value)

    def _escape(self, function: Closure) -> None:
        """
        A function may be called with any arguments.
        """
        if is_inner(function):
            is_bare = not function.node.args.args and not function.args
            evaluator = self._calls.evaluator
            scope = evaluator.bind(function, (), {}) if is_bare else None
            self._calls.read(function, scope or evaluator.bind_unknown(function))

    def _call_other(self, node: ast.Call, callees: set[Meaning]) -> None:
        functions = [value for value in callees if isinstance(value, Closure)]
        is_reading = all(map(is_reader, callees)) or self._is_logging(node.func)
        if functions:
            for function in functions:
                self._call(function, node)
        elif is_reading and not _reads_signature(node):
            for argument in _all_arguments(node):
                self._read(argument)
        else:
            self._pass(node)

    def _is_logging(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Attribute):
            return False
        if node.attr == "format":
            return all(isinstance(value, Constant) for value in self._values(node.value))
        owner = last_name(node.value).strip("_").lower()
        return node.attr in _LOGGING and owner in ("log", "logger", "logging")

    def _call(self, function: Closure, node: ast.Call) -> None:
        """
        A function with source is called.
        """
        evaluator = self._calls.evaluator
        # Unpacked arguments are copied.
        args = [self._values(arg) for arg in node.args if not isinstance(arg, ast.Starred)]
        keywords = {k.arg: self._values(k.value) for k in node.keywords if k.arg is not None}
        is_given = any(map(carries, (*args, *keywords.values())))
        if is_given or is_inner(function):
            rest = [self._values(arg.value) for arg in node.args if isinstance(arg, ast.Starred)]
            more = [self._values(k.value) for k in node.keywords if k.arg is None]
            scope = None
            if rest in ([], [ARGS]) and more in ([], [KWARGS]) and are_last(node):
                scope = evaluator.bind(
                    function, args, keywords, rest=bool(rest), rest_keywords=bool(more)
                )
            if scope is None and is_given:
                raise _NotProven
            self._calls.read(function, scope or evaluator.bind_unknown(function))
        for argument in _all_arguments(node):
            self._read(argument)

    def _pass(self, node: ast.Call) -> None:
        """
        Something unknown is called.
        """
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            if keyword.arg is None:
                self._copy(keyword.value)
            else:
                self.visit(keyword.value)

    def _call_method(self, node: ast.Call, name: str) -> None:
        """
        A method of ``kwargs`` is called.
        """
        if name not in _READS_OF_KEYS and not (name == "pop" and self._may_remove(node)):
            raise _NotProven
        for argument in node.args:
            self.visit(argument)

    def _may_remove(self, node: ast.Call | ast.Subscript) -> bool:
        """
        Return whether a certain key is removed, which the function does not notice.
        """
        if not self._calls.decorated.has_kwargs:
            return False
        if isinstance(node, ast.Subscript):
            return isinstance(node.ctx, ast.Del) and isinstance(node.slice, ast.Constant)
        return bool(node.args) and isinstance(node.args[0], ast.Constant)

    def _is_call_by_other(self, node: ast.Call) -> bool:
        """
        Return whether something else calls the decorated function, with checked arguments.
        """
        name = last_name(node.func)
        if name in _CALLERS and node.args:
            called = self._values(node.args[0])
            if called and all(v is Mark.DECORATED or isinstance(v, Closure) for v in called):
                self.visit_Call(ast.Call(node.args[0], node.args[1:], node.keywords))
                return True
        if name not in ("Thread", "Timer", "Process"):
            return False
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        target = given.get("target") or given.get("function")
        if target is None or self._values(target) != DECORATED:
            return False
        args: list[ast.expr] = []
        if "args" in given:
            args = [ast.Starred(given["args"], ast.Load())]
        keywords = [ast.keyword(None, given["kwargs"])] if "kwargs" in given else []
        self._calls.check(args, keywords, self._scope)
        return True


# They only read their parts.
_READING: Final = (ast.BinOp, ast.BoolOp, ast.Compare, ast.FormattedValue, ast.UnaryOp)
_CONTAINERS: Final = (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr, ast.Starred)


def _all_arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _reads_signature(node: ast.Call) -> bool:
    return any(
        isinstance(argument, ast.Constant) and argument.value in _SIGNATURE
        for argument in node.args
    )
