"""
The arguments of a call by name, including the receiver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mypy.nodes import ARG_STAR, ARG_STAR2, CallExpr, Decorator, NameExpr
from mypy.types import AnyType, Type, TypeOfAny

from .bindings import bindings_of
from .declared_types import is_a_background
from .parameters import callables_of, definition_of
from .partials import is_partial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.nodes import Context, Expression, FuncDef, MypyFile
    from mypy.plugin import CheckerPluginInterface, FunctionContext, MethodContext

    from .origins import Origins


class CheckedReceiver(NamedTuple):
    """
    A receiver to check.
    """

    ctx: FunctionContext | MethodContext
    """The call that connects it: ``connect``, or a decorator."""

    expression: Expression

    type: Type

    is_guarded: bool = False
    """Whether its decorators are only proven to pass on what they get, but maybe not every send."""

    @property
    def api(self) -> CheckerPluginInterface:
        """
        Mypy's checker.
        """
        return self.ctx.api

    @property
    def module(self) -> MypyFile:
        """
        The module that is being checked.
        """
        module: MypyFile = self.api.tree  # type: ignore[attr-defined]  # in all versions
        return module

    @property
    def decorated(self) -> FuncDef | None:
        """
        The decorated function, if the call is a decorator.
        """
        return self.ctx.context.func if isinstance(self.ctx.context, Decorator) else None

    @property
    def function(self) -> FuncDef | None:
        """
        The function of this module that is the receiver, if no unknown decorator replaces it.

        A partial is another receiver: it may add keywords.
        """
        if is_partial(self.type):
            return None
        if isinstance(self.ctx.context, Decorator):
            is_alone = len(self.ctx.context.original_decorators) == 1
            return self.ctx.context.func if is_alone else None
        signatures = callables_of(self.type)
        found = definition_of(signatures[0]) if len(signatures) == 1 else None
        if found is None or found not in bindings_of(self.api).functions:
            return None
        return None if found.is_decorated and not (found.is_static or found.is_class) else found

    @property
    def below(self) -> list[Expression]:
        """
        The decorators between the one that connects and the function.
        """
        stack, current = self.ctx.context, self.expression
        if not isinstance(stack, Decorator):
            return []
        # mypy only says where the current one is.
        places = [(decorator.line, decorator.column) for decorator in stack.original_decorators]
        here = (current.line, current.column)
        return stack.original_decorators[places.index(here) + 1 :] if here in places else []

    @property
    def place(self) -> Context:
        """
        Where to report its errors.

        For a decorator, this is the line of the ``def`` with the parameters to fix.
        """
        return self.decorated or self.ctx.context


class Arguments:
    """
    The arguments of a call, by the names of their parameters.
    """

    def __init__(
        self,
        ctx: FunctionContext | MethodContext,
        origins: Origins,
        parameters: Sequence[str | None] | None = None,
    ) -> None:
        """
        Args:
            ctx: the call.
            origins: follows the expressions of the module.
            parameters: the names of the parameters, if they have other names than in mypy.
        """
        self._by_name: dict[str | None, tuple[Type, Expression]] = {}
        self._is_weak_by_default = "weak" in ctx.callee_arg_names
        self._is_unpacked = False
        """Whether there is ``*args`` or ``**kwargs``, which may contain any other argument."""
        for name, kinds, types, expressions in zip(
            ctx.callee_arg_names, ctx.arg_kinds, ctx.arg_types, ctx.args, strict=True
        ):
            if not kinds:
                continue
            if ARG_STAR in kinds or ARG_STAR2 in kinds:
                self._is_unpacked = True
            elif len(kinds) == 1:
                self._by_name[name] = types[0], expressions[0]
        if parameters is not None and isinstance(ctx.context, Decorator):
            types = [one for several in ctx.arg_types for one in several]
            expressions = [one for several in ctx.args for one in several]
            given = zip(types, expressions, strict=True)
            self._by_name = dict(zip(parameters, given, strict=False))
        elif isinstance(ctx.context, CallExpr) and (self._is_unpacked or parameters is not None):
            found = _unpack(ctx.context, parameters or ctx.callee_arg_names, origins)
            if found is not None:
                self._is_unpacked = False
                self._by_name = {
                    name: (ctx.api.get_expression_type(expression), expression)
                    for name, expression in found.items()
                }

    def type_of(self, name: str) -> Type | None:
        """
        Return the type of the argument for the parameter *name*; None without an argument.
        """
        found = self._by_name.get(name)
        if found is None:
            return AnyType(TypeOfAny.special_form) if self._is_unpacked else None
        return found[0]

    def expression_of(self, name: str) -> Expression | None:
        """
        Return the expression of the argument for the parameter *name*, if there is one.
        """
        found = self._by_name.get(name)
        return None if found is None else found[1]

    def may_be_true(self, name: str) -> bool:
        """
        Return whether the argument *name*, which is False by default, may be true.
        """
        expression = self.expression_of(name)
        if expression is None:
            return self._is_unpacked
        return not (isinstance(expression, NameExpr) and expression.fullname == "builtins.False")

    def is_true(self, name: str) -> bool:
        """
        Return whether the argument *name* is certainly true.
        """
        expression = self.expression_of(name)
        return isinstance(expression, NameExpr) and expression.fullname == "builtins.True"

    def is_background(self) -> bool:
        """
        Return whether the argument ``background`` is certainly true.
        """
        return self.is_true("background") or is_a_background(self.type_of("background"))

    def is_weak(self, *, is_celerys: bool = False) -> bool:
        """
        Return whether the argument ``weak`` is certainly true.

        Args:
            is_celerys: whether the signal is Celery's, whose ``connect`` has ``*args, **kwargs``.
        """
        weak = self.expression_of("weak")
        if self.expression_of("retry") is not None:
            return False  # Celery's signals keep such receivers
        if weak is None:
            return (self._is_weak_by_default or is_celerys) and not self._is_unpacked
        return isinstance(weak, NameExpr) and weak.fullname == "builtins.True"


def _unpack(
    call: CallExpr, parameters: Sequence[str | None], origins: Origins
) -> dict[str | None, Expression] | None:
    """
    Return the arguments of *call* by the names of its *parameters*; None if they are unknown.

    They are known if the code contains the items of each ``*args`` and ``**kwargs``.
    """
    positional: list[Expression] = []
    found: dict[str | None, Expression] = {}
    for argument, kind, name in zip(call.args, call.arg_kinds, call.arg_names, strict=True):
        if kind is ARG_STAR2:
            pairs = origins.pairs_of(argument)
            if pairs is None:
                return None
            found.update(pairs)
        elif kind is ARG_STAR:
            items = origins.items_of(argument)
            if items is None:
                return None
            positional += items
        elif name is None:
            positional.append(argument)
        else:
            found[name] = argument
    return {**dict(zip(parameters, positional, strict=False)), **found}
