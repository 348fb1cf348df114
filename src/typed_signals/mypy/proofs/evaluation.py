"""
What a decorator returns, evaluated from its source without running it.

An expression has a set of values, one for each way the code may go. A name has all values that are
assigned to it anywhere, so the order of statements does not matter. Whatever is not understood has
the value ``UNKNOWN``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from .classes import Classes
from .conditions import is_true
from .libraries import library_result
from .names import Names
from .syntax import (
    are_last,
    blocks_of,
    default_values,
    is_generator,
    parameter_names,
    sets_signature,
)
from .values import (
    ARGS,
    DECORATED,
    HIDDEN,
    IDENTITY,
    KWARGS,
    UNKNOWN_VALUE,
    Class,
    Closure,
    Constant,
    Items,
    Library,
    Mark,
    Module,
    Object,
    Scope,
    carries,
    constant,
    copied,
    is_function,
    union,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from typed_signals.mypy.lib.python_files import PythonFile, PythonFiles

    from .values import Meaning, Meanings

# Attributes that are only text.
_TEXTS: Final = {"__doc__", "__module__", "__name__", "__qualname__"}
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
    Evaluates expressions and calls.
    """

    def __init__(self, files: PythonFiles) -> None:
        self._names = Names(files, self.values, self.apply)
        self._classes = Classes(self._names, self.values, self.bind)
        self._steps = 0

    def module(self, file: PythonFile) -> Scope:
        """
        Return the scope of a module.
        """
        return self._names.module(file)

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
        return union(self._result(callee, args, keywords or {}) for callee in callees)

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
        defaults = default_values(signature)
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
        for name, default in default_values(function.node.args).items():
            given[name] |= self.values(default, function.scope)
        return self._scope_of(function, given)

    def attribute(self, owner: Meaning, name: str) -> Meanings:
        """
        Return the values of an attribute.
        """
        if isinstance(owner, (Module, Library)):
            return self._names.in_module(owner, name)
        if isinstance(owner, Object):
            self.step()
            return self._classes.in_object(owner, name)
        if isinstance(owner, Class):
            return self._classes.in_class(owner, name, None) or UNKNOWN_VALUE
        is_text = owner is Mark.KWARGS or name in _TEXTS
        return HIDDEN if carries({owner}) and not is_text else UNKNOWN_VALUE

    def returned(self, function: Closure, scope: Scope) -> Meanings:
        """
        Return what a call of a function returns; *scope* is that of the call.
        """
        node = function.node
        if isinstance(node, ast.Lambda):
            return self.values(node.body, scope)
        if isinstance(node, ast.AsyncFunctionDef) or is_generator(node):
            return unknown({function}, *scope.given.values())
        returned: list[Meanings] = []
        if self._goes_on(node.body, scope, returned):
            returned.append(constant(None))
        return union(returned)

    def _goes_on(
        self, statements: Sequence[ast.stmt], scope: Scope, returned: list[Meanings]
    ) -> bool:
        """
        Return whether *statements* may be run to their end; add what they return to *returned*.
        """
        for statement in statements:
            if isinstance(statement, ast.Return):
                value = statement.value
                nothing: Meanings = constant(None)
                returned.append(nothing if value is None else self.values(value, scope))
                return False
            if sets_signature(statement):
                returned.append(UNKNOWN_VALUE)
                return False
            if isinstance(statement, ast.Raise):
                return False
            if isinstance(statement, ast.If):
                result = is_true(statement.test, scope, self.values)
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

    def _of_name(self, node: ast.Name, scope: Scope) -> Meanings:
        return self._names.of(node.id, scope)

    def _of_member(self, node: ast.Attribute, scope: Scope) -> Meanings:
        return union(self.attribute(owner, node.attr) for owner in self.values(node.value, scope))

    def _of_constant(self, node: ast.Constant, scope: Scope) -> Meanings:  # noqa: ARG002
        return constant(node.value)

    def _of_lambda(self, node: ast.Lambda, scope: Scope) -> Meanings:
        return frozenset({Closure(node, scope)})

    def _of_walrus(self, node: ast.NamedExpr, scope: Scope) -> Meanings:
        return self.values(node.value, scope)

    def _of_choice(self, node: ast.IfExp, scope: Scope) -> Meanings:
        result = is_true(node.test, scope, self.values)
        taken = [node.body] if result is not False else []
        taken += [node.orelse] if result is not True else []
        return union(self.values(value, scope) for value in taken)

    def _of_boolean(self, node: ast.BoolOp, scope: Scope) -> Meanings:
        return union(self.values(value, scope) for value in node.values)

    def _of_parts(self, node: ast.expr, scope: Scope) -> Meanings:
        """
        Return the values of a collection, or of something else that may contain its parts.
        """
        if isinstance(node, _PLAIN_NODES):
            return UNKNOWN_VALUE
        if isinstance(node, ast.BinOp):
            is_joining = isinstance(node.op, (ast.Add, ast.BitOr, ast.Mult))
            sides = (self.values(side, scope) for side in (node.left, node.right))
            return copied(union(sides)) if is_joining else UNKNOWN_VALUE
        whole: set[ast.expr] = set()
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            whole.update(value for key, value in pairs if key is None)
        parts: list[Meanings] = []
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.comprehension):
                parts.append(copied(self.values(child.iter, scope)))
            elif isinstance(child, ast.Starred):
                parts.append(copied(self.values(child.value, scope)))
            elif isinstance(child, ast.expr):
                values = self.values(child, scope)
                parts.append(copied(values) if child in whole else values)
        return unknown(*parts)

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
            else copied(owners)
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
        given = (*args, *named.values(), *map(copied, (*rest, *more)))
        is_all = rest in ([], [ARGS]) and more in ([], [KWARGS]) and are_last(node)
        return union(
            self._with_rest(callee, args, named, bool(rest), bool(more))
            if is_all
            else unknown({callee}, *given)
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
        return unknown({callee}, *args, *keywords.values())

    def _result(
        self, callee: Meaning, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
    ) -> Meanings:
        if callee is Mark.FACTORY:
            return IDENTITY
        if callee is Mark.IDENTITY:
            return args[0] if len(args) == 1 and not keywords else HIDDEN
        if isinstance(callee, Library):
            return self._of_library(callee, args, keywords)
        if isinstance(callee, Closure):
            scope = self.bind(callee, args, keywords)
            if scope is not None:
                return self.returned(callee, scope)
        if isinstance(callee, Class) and self._classes.is_plain(callee):
            return frozenset({Object(callee, args, keywords)})
        if isinstance(callee, Object):
            return self.apply(self.attribute(callee, "__call__"), args, keywords)
        if callee is Mark.DECORATED or callee is Mark.READY:
            return UNKNOWN_VALUE
        return unknown({callee}, *args, *keywords.values())

    def _of_library(
        self, callee: Library, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
    ) -> Meanings:
        if callee == Library("builtins.getattr") and len(args) > 1:
            (name,) = args[1] if len(args[1]) == 1 else (None,)
            if isinstance(name, Constant):
                found = (self.attribute(owner, str(name.value)) for owner in args[0])
                return union([*found, *args[2:]])
        return library_result(callee.name, args, keywords)

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
        return Scope(function.node, function.scope, function.scope.file, given)


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
