"""
The ways of connecting a receiver: ``signal.connect(f)`` and ``@receiver(signal)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from mypy.nodes import (
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    Decorator,
    Expression,
    ListExpr,
    MemberExpr,
    NameExpr,
    TupleExpr,
    Var,
)
from mypy.subtypes import find_member, is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeOfAny,
    get_proper_type,
)

from typed_signals._shared.messages import uncalled_problem

from . import _codes
from ._callables import PARTIAL
from ._declarations import signal_class
from ._names import MODEL_SIGNAL, RECEIVER_DECORATOR, SIGNALS
from ._reads import check_reads, reads_kwargs
from ._receivers import Target, check_receiver
from ._senders import check_sender
from ._signals import SignalType, read_signal
from ._unsent import check_unsent, reports_unsent
from ._weak import check_held

if TYPE_CHECKING:
    from mypy.nodes import CallExpr
    from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
    from mypy.types import FunctionLike, UnionType

    from ._foreign import ForeignSignals

# Several signals, written in place.
_DISPLAYS = (ListExpr, TupleExpr)


def connect_signature(method: str, ctx: MethodSigContext) -> FunctionLike:
    """
    Let ``connect`` and ``connected`` take any callable, as :func:`connect` judges it.
    """
    signature = ctx.default_signature
    signal = read_signal(ctx.type)
    if signal is None or "receiver" not in signature.arg_names:
        return signature
    definition = signal.instance.type.get_method(method)
    if definition is None or definition.info.fullname not in SIGNALS:
        return signature
    anything = AnyType(TypeOfAny.special_form)
    function = ctx.api.named_generic_type("builtins.function", [])
    types = list(signature.arg_types)
    types[signature.arg_names.index("receiver")] = CallableType(
        [anything, anything],
        [ARG_STAR, ARG_STAR2],
        [None, None],
        anything,
        function,
        implicit=True,  # a lambda in its place becomes like it
        is_ellipsis_args=True,
    )
    return signature.copy_modified(arg_types=types)


def connect(foreign: ForeignSignals, ctx: MethodContext) -> Type:
    """
    Check ``signal.connect(receiver, sender=...)``, ``connected``, and blinker's ``connected_to``.
    """
    signal = _foreign_signal(foreign, ctx) or read_signal(ctx.type)
    if signal is None:
        return ctx.default_return_type
    arguments = _Arguments(ctx)
    receiver_type, receiver_expression = arguments.get("receiver")
    if receiver_type is None or receiver_expression is None:
        return ctx.default_return_type
    sender = _by_object(signal, arguments.sender())
    target = Target(
        _name_of_signal(ctx) or signal.instance.type.name,
        signal,
        _filtered(signal, sender) or signal.sender,
    )
    check_sender(ctx, target, arguments.get("sender")[1], sender)
    if _is_readable(ctx, receiver_expression, receiver_type):
        check_receiver(ctx, [target], receiver_type)
    check_unsent(ctx, [target], receiver_type)
    if arguments.is_weak() and _holds_weakly(signal):
        check_held(ctx, target.name, receiver_expression, receiver_type)
    return ctx.default_return_type


def _foreign_signal(foreign: ForeignSignals, ctx: MethodContext) -> SignalType | None:
    """
    Return the signal of another package that is connected to, if what it carries is declared.
    """
    expression = _signal_of_method(ctx)
    if expression is None:
        return None
    return read_signal(foreign.find(ctx.api, expression, _Arguments(ctx).sender()))


def connect_via(foreign: ForeignSignals, ctx: MethodContext) -> Type:
    """
    Note what blinker's ``signal.connect_via(sender)`` connects to, as for ``receiver``.
    """
    signal = _foreign_signal(foreign, ctx)
    default = _decorator(foreign, ctx)
    if signal is None or default is None:
        return ctx.default_return_type
    sender = _filtered(signal, _Arguments(ctx).sender())
    name = _name_of_signal(ctx) or ""
    return _noting(ctx, default, [_Note(name, signal.instance, sender, is_weak=False)])


def _by_object(signal: SignalType, sender: Type | None) -> Type | None:
    """
    Return *sender*, unless it is the name of a model, of which nothing is known here.
    """
    named = get_proper_type(sender)
    is_text = isinstance(named, Instance) and named.type.fullname == "builtins.str"
    return None if is_text and signal.instance.type.has_base(MODEL_SIGNAL) else sender


def receiver_signature(ctx: FunctionSigContext) -> FunctionLike:
    """
    Let ``receiver(...)`` decorate any callable, as :func:`decorate` judges it.
    """
    signature = ctx.default_signature
    returned = cast("Instance", get_proper_type(signature.ret_type))
    parts = cast("UnionType", get_proper_type(find_member("__call__", returned, returned)))
    decorator = parts.items[0]
    given = ctx.args[0][0] if ctx.args[0] else None
    if given is not None and signal_class(ctx.api.get_expression_type(given)) is not None:
        # Any() would be ambiguous among the overloads. The hook for the call reports it.
        types = [ctx.api.named_generic_type("builtins.object", []), *signature.arg_types[1:]]
        return signature.copy_modified(ret_type=decorator, arg_types=types)
    signal = get_proper_type(signature.arg_types[0])
    if not (isinstance(signal, Instance) and signal.type.fullname == "typing.Sequence"):
        return signature.copy_modified(ret_type=decorator)
    anything = signal.copy_modified(args=[ctx.api.named_generic_type("builtins.object", [])])
    types = [anything, *signature.arg_types[1:]]
    return signature.copy_modified(ret_type=decorator, arg_types=types, variables=[])


def receiver_of_django(foreign: ForeignSignals, ctx: FunctionContext) -> Type:
    """
    Note what Django's own ``receiver(signals, sender=...)`` connects to, as for ours.
    """
    default = _decorator(foreign, ctx)
    if default is None:
        return ctx.default_return_type
    noted = _with_notes(foreign, ctx, default)
    return noted if _noted(noted).connections else ctx.default_return_type


def _decorator(foreign: ForeignSignals, ctx: FunctionContext | MethodContext) -> Instance | None:
    """
    Return what our ``receiver(...)`` returns, for a decorator of others; None if it is not known.
    """
    decorator = foreign.find_decorator(ctx.api)
    return None if decorator is None else Instance(decorator, [AnyType(TypeOfAny.special_form)])


def receiver(foreign: ForeignSignals, ctx: FunctionContext) -> Type:
    """
    Note in the type of ``receiver(signals, sender=...)`` what it connects to.

    The function to check comes later, as the argument of the object that this returns. So its
    one type argument becomes a tuple with a tuple like ``_Note`` for each signal.
    """
    # That is what receiver_signature has it return.
    default = cast("Instance", get_proper_type(ctx.default_return_type))
    is_any = isinstance(get_proper_type(default.args[0]), AnyType)
    _, argument = _Arguments(ctx).get("signal")
    for expression in [] if argument is None else _signal_expressions(argument):
        if (cls := signal_class(ctx.api.get_expression_type(expression))) is not None:
            ctx.api.fail(uncalled_problem(cls), expression, code=_codes.DECLARATION)
    if is_any and not (
        isinstance(argument, _DISPLAYS)
        or (argument is not None and foreign.find(ctx.api, argument, None) is not None)
    ):
        return default  # a variable of several signals, or an overload that is only tried
    return _with_notes(foreign, ctx, default)


def _with_notes(foreign: ForeignSignals, ctx: FunctionContext, default: Instance) -> Instance:
    arguments = _Arguments(ctx)
    _, argument = arguments.get("signal")
    if argument is None:
        return default
    sender = arguments.sender()
    notes: list[_Note] = []
    for expression in _signal_expressions(argument):
        name = _name(expression) or ""
        typ = foreign.find(ctx.api, expression, sender) or ctx.api.get_expression_type(expression)
        signal = read_signal(typ)
        noted_sender = _filtered(signal, sender)
        if sender is not None and signal is not None:
            if _by_object(signal, sender) is None:
                noted_sender = None
            else:
                target = Target(name or signal.instance.type.name, signal, signal.sender)
                check_sender(ctx, target, arguments.get("sender")[1], sender)
        notes.append(_Note(name, typ, noted_sender, arguments.is_weak(), arguments.is_on_commit()))
    return _noting(ctx, default, notes)


class _Note(NamedTuple):
    """
    What the type of a decorator says of one signal that it connects to.
    """

    name: str
    signal: Type
    sender: Type | None
    is_weak: bool
    is_on_commit: bool = False


def _noting(
    ctx: FunctionContext | MethodContext, decorator: Instance, notes: list[_Note]
) -> Instance:
    """
    Return the type of a decorator with *notes* in its type argument.
    """
    anything = AnyType(TypeOfAny.special_form)
    fallback = ctx.api.named_generic_type("builtins.tuple", [anything])
    items: list[Type] = [
        TupleType(
            [
                _literal(ctx, note.name),
                note.signal,
                note.sender or NoneType(),
                _literal(ctx, note.is_weak),
                _literal(ctx, note.is_on_commit),
            ],
            fallback,
        )
        for note in notes
    ]
    return decorator.copy_modified(args=[TupleType(items, fallback)])


def decorate(ctx: MethodContext) -> Type:
    """
    Check the function that ``receiver(...)`` is applied to.
    """
    if len(ctx.arg_kinds[0]) != 1 or ctx.arg_kinds[0][0] is not ARG_POS:
        return ctx.default_return_type
    receiver_type, receiver_expression = ctx.arg_types[0][0], ctx.args[0][0]
    noted = _noted(ctx.type)
    targets = [target for target, _ in noted.connections]
    if _is_readable(ctx, receiver_expression, receiver_type):
        check_receiver(ctx, targets, receiver_type)
    # One strong reference is enough, and signals of others may hold one.
    if noted.is_all and all(is_weak for _, is_weak in noted.connections):
        check_held(ctx, targets[0].name, receiver_expression, receiver_type)
    decorated = ctx.context if isinstance(ctx.context, Decorator) else None
    is_reading = decorated is not None and reads_kwargs(ctx, decorated.func)
    if (is_reading or reports_unsent(ctx)) and (targets := _all_targets(ctx, noted)):
        check_unsent(ctx, targets, receiver_type)
        if decorated is not None and is_reading:
            check_reads(ctx, decorated.func, targets)
    return ctx.default_return_type


def _all_targets(ctx: MethodContext, noted: _Noted) -> list[Target]:
    """
    Return all that the receiver is connected to by its decorators, if that is known by now.

    The innermost decorator comes first, so there is an answer only when it is the outermost's
    turn, and only if all of them are ours.

    Args:
        ctx: the decorator whose turn it is.
        noted: what it connects to.
    """
    all_noted = [noted]
    if isinstance(ctx.context, Decorator) and len(ctx.context.original_decorators) > 1:
        expressions = ctx.context.original_decorators
        if not all(ctx.api.has_type(expression) for expression in expressions):  # type: ignore[attr-defined]
            return []
        all_noted = [_noted(ctx.api.lookup_type(expression)) for expression in expressions]  # type: ignore[attr-defined]
    if not all(noted.is_all for noted in all_noted):
        return []
    return [target for noted in all_noted for target, _ in noted.connections]


def _is_readable(ctx: MethodContext, expression: Expression, typ: Type) -> bool:
    """
    Tell whether *typ* says the same of the receiver in a cold and in a warm run.

    mypy's cache forgets which function a partial in another module's variable was made of.
    """
    instance = get_proper_type(typ)
    if not (isinstance(instance, Instance) and instance.type.fullname == PARTIAL):
        return True
    variable = expression.node if isinstance(expression, (NameExpr, MemberExpr)) else None
    module: str = ctx.api.tree.fullname  # type: ignore[attr-defined]
    return not isinstance(variable, Var) or variable.fullname.rpartition(".")[0] in ("", module)


class _Noted(NamedTuple):
    """
    What the function ``receiver`` noted.
    """

    connections: list[tuple[Target, bool]]
    """What can be read of it, with whether each connection is weak."""

    is_all: bool
    """Whether that is all, and is anything."""


def _noted(decorator: Type) -> _Noted:
    decorator = get_proper_type(decorator)
    if not isinstance(decorator, Instance) or decorator.type.fullname != RECEIVER_DECORATOR:
        return _Noted([], is_all=False)
    notes = get_proper_type(decorator.args[0]) if decorator.args else None
    if not isinstance(notes, TupleType):
        return _Noted([], is_all=False)
    connections = [
        connection for note in notes.items if (connection := _connection(note)) is not None
    ]
    return _Noted(connections, is_all=len(connections) == len(notes.items) > 0)


def _connection(note: Type) -> tuple[Target, bool] | None:
    note = get_proper_type(note)
    if not (isinstance(note, TupleType) and len(note.items) == len(_Note._fields)):
        return None
    name, signal_type, noted_sender, *flags = note.items
    is_weak, is_on_commit = (isinstance(f, LiteralType) and bool(f.value) for f in flags)
    if not isinstance(name, LiteralType):
        return None
    signal = read_signal(signal_type)
    if signal is None:
        return None
    shown = str(name.value) or signal.instance.type.name
    sender = get_proper_type(noted_sender)
    given = signal.sender if isinstance(sender, NoneType) else sender
    target = Target(shown, signal, given, is_answered=not is_on_commit)
    return target, is_weak and _holds_weakly(signal)


def _signal_expressions(argument: Expression) -> list[Expression]:
    return argument.items if isinstance(argument, _DISPLAYS) else [argument]


class _Arguments:
    """
    The arguments of a call, by the names of the parameters that they are passed to.
    """

    def __init__(self, ctx: FunctionContext | MethodContext) -> None:
        self._by_name: dict[str | None, tuple[Type, Expression]] = {}
        self._is_weak_by_default = "weak" in ctx.callee_arg_names
        self._is_unpacked = False
        """Whether there is ``*args`` or ``**kwargs``, which may stand for any other argument."""
        for name, kinds, types, expressions in zip(
            ctx.callee_arg_names, ctx.arg_kinds, ctx.arg_types, ctx.args, strict=True
        ):
            if not kinds:
                continue
            if ARG_STAR in kinds or ARG_STAR2 in kinds:
                self._is_unpacked = True
            elif len(kinds) == 1:
                self._by_name[name] = types[0], expressions[0]

    def get(self, name: str) -> tuple[Type, Expression] | tuple[None, None]:
        """
        Return the type and the expression of what is passed to the parameter called *name*.
        """
        return self._by_name.get(name, (None, None))

    def sender(self) -> Type | None:
        """
        Return the type of the argument ``sender``; None if there is none.
        """
        given, _ = self.get("sender")
        return AnyType(TypeOfAny.special_form) if given is None and self._is_unpacked else given

    def is_on_commit(self) -> bool:
        """
        Tell whether the argument ``on_commit`` may be true.
        """
        _, on_commit = self.get("on_commit")
        if on_commit is None:
            return self._is_unpacked
        return not (isinstance(on_commit, NameExpr) and on_commit.fullname == "builtins.False")

    def is_weak(self) -> bool:
        """
        Tell whether the argument ``weak`` is certainly true.
        """
        _, weak = self.get("weak")
        if weak is None:
            return self._is_weak_by_default and not self._is_unpacked
        return isinstance(weak, NameExpr) and weak.fullname == "builtins.True"


def _filtered(signal: SignalType | None, sender: Type | None) -> Type | None:
    """
    Return the type of the one sender to listen to; None if there is none.
    """
    if sender is None or isinstance(get_proper_type(sender), NoneType):
        return None
    if signal is not None and signal.is_blinkers and not is_subtype(sender, signal.sender):
        return None  # blinker's ANY
    return sender


def _holds_weakly(signal: SignalType) -> bool:
    """
    Tell whether *signal* holds its receivers as ours do; another ``connect`` may hold them.
    """
    if signal.is_blinkers:
        return False  # its connect() returns the receiver, so whoever calls it may hold that
    method = signal.instance.type.get_method("connect")
    return method is not None and method.info.fullname in SIGNALS


def _literal(ctx: FunctionContext | MethodContext, value: str | bool) -> LiteralType:
    name = f"builtins.{type(value).__name__}"
    return LiteralType(value, ctx.api.named_generic_type(name, []))


def _signal_of_method(ctx: MethodContext) -> Expression | None:
    """
    Return the signal whose ``connect`` is called, or is a decorator.

    Of several decorators with such a name, mypy does not tell which one it asks about.
    """
    if isinstance(ctx.context, Decorator):
        callees = ctx.context.original_decorators
    else:
        # mypy knows the full name of a method in these two places only.
        callees = [cast("CallExpr", ctx.context).callee]
    methods = [callee for callee in callees if isinstance(callee, MemberExpr)]
    return methods[0].expr if len(methods) == 1 else None


def _name_of_signal(ctx: MethodContext) -> str | None:
    """
    Return what the code calls the signal.
    """
    expression = _signal_of_method(ctx)
    return None if expression is None else _name(expression)


def _name(expression: Expression) -> str | None:
    if isinstance(expression, NameExpr):
        return expression.name
    if isinstance(expression, MemberExpr):
        owner = _name(expression.expr)
        return f"{owner}.{expression.name}" if owner else expression.name
    return None
