"""
The decorators of libraries that connect: ``@receiver(signal)``, Django's own, and blinker's
``connect_via``. Those of a project are in :mod:`.registering`.

The function to check comes later than the signals, as the argument of the result of
``receiver(...)``. So the signals are stored in the type of the result.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple, cast

from mypy.nodes import (
    ARG_POS,
    CallExpr,
    Decorator,
    Expression,
    ListExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    StrExpr,
    TupleExpr,
)
from mypy.plugin import MethodContext
from mypy.subtypes import find_member
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeOfAny,
    get_proper_type,
)

from typed_signals.mypy.checks.always_default import find_unsent, reports_unsent
from typed_signals.mypy.checks.compatibility import find_refusals
from typed_signals.mypy.checks.impossible_sender import find_impossible_sender
from typed_signals.mypy.checks.invalid_payload import find_wrong_declaration
from typed_signals.mypy.checks.kwargs_reads import find_unknown_reads, reads_kwargs
from typed_signals.mypy.checks.missing_parentheses import find_other_objects
from typed_signals.mypy.checks.no_receiver import find_descriptors
from typed_signals.mypy.checks.options import find_wrong_options
from typed_signals.mypy.checks.weak_receivers import find_short_lived
from typed_signals.mypy.lib.arguments import Arguments, CheckedReceiver
from typed_signals.mypy.lib.complaints import report
from typed_signals.mypy.lib.declared_types import is_a_background, read_signal
from typed_signals.mypy.lib.fullnames import DECORATOR, RECEIVER_DECORATOR
from typed_signals.mypy.lib.known_signals import KnownSignals, signal_types
from typed_signals.mypy.lib.parameters import unknown_signature
from typed_signals.mypy.lib.partials import is_partial
from typed_signals.mypy.lib.targets import (
    Target,
    known_sender,
    signal_expression,
    target_of,
    written_name,
)
from typed_signals.mypy.proofs.lookup import proofs_for, without_decorators

if TYPE_CHECKING:
    from mypy.plugin import FunctionContext, FunctionSigContext, MethodSigContext
    from mypy.types import UnionType

    from typed_signals.mypy.lib.complaints import Complaint
    from typed_signals.mypy.lib.declared_types import SignalType
    from typed_signals.mypy.lib.third_party import ThirdPartySignals
    from typed_signals.mypy.proofs.proof import Proofs

# Several signals in a literal.
_DISPLAYS = (ListExpr, TupleExpr)


def receiver_signature(ctx: FunctionSigContext | MethodSigContext) -> FunctionLike:
    """
    Let ``receiver(...)`` decorate any callable, because :func:`decorate` checks it.
    """
    signature = _with_any_options(ctx)
    returned = cast("Instance", get_proper_type(signature.ret_type))
    parts = cast("UnionType", get_proper_type(find_member("__call__", returned, returned)))
    decorator = parts.items[0]
    given = ctx.args[0][0] if ctx.args[0] else None
    if given is not None and find_other_objects(ctx.api.get_expression_type(given), given):
        # Any() would be ambiguous for the overloads. The hook for the call reports it.
        types = [ctx.api.named_generic_type("builtins.object", []), *signature.arg_types[1:]]
        return signature.copy_modified(ret_type=decorator, arg_types=types)
    signal = get_proper_type(signature.arg_types[0])
    if not (isinstance(signal, Instance) and signal.type.fullname == "typing.Sequence"):
        return signature.copy_modified(ret_type=decorator)
    anything = signal.copy_modified(args=[ctx.api.named_generic_type("builtins.object", [])])
    types = [anything, *signature.arg_types[1:]]
    return signature.copy_modified(ret_type=decorator, arg_types=types, variables=[])


def _with_any_options(ctx: FunctionSigContext | MethodSigContext) -> CallableType:
    """
    Return the signature of ``receiver`` that accepts the options that :func:`read_receiver` checks.

    Otherwise, mypy would only say that no overload matches, whatever is wrong.
    """
    signature = ctx.default_signature
    given = dict(zip(signature.arg_names, ctx.args, strict=True))
    types = list(signature.arg_types)
    for index, name in enumerate(signature.arg_names):
        expression = next(iter(given[name]), None)
        is_false = isinstance(expression, NameExpr) and expression.fullname == "builtins.False"
        if name == "dispatch_uid" or (name == "enqueue" and isinstance(expression, StrExpr)):
            types[index] = ctx.api.named_generic_type("builtins.object", [])
        elif name == "on_commit" or (name == "background" and is_false):
            types[index] = ctx.api.named_generic_type("builtins.bool", [])
    return signature.copy_modified(arg_types=types)


def background_signature(ctx: MethodSigContext) -> FunctionLike:
    """
    Let ``background.receiver(...)`` decorate any callable, as ``receiver(...)`` does.
    """
    returned = get_proper_type(ctx.default_signature.ret_type)
    is_ours = isinstance(returned, Instance) and returned.type.fullname == DECORATOR
    return receiver_signature(ctx) if is_ours else ctx.default_signature


def read_receiver(third_party: ThirdPartySignals, ctx: FunctionContext | MethodContext) -> Type:
    """
    Store in the type of ``receiver(signals, sender=...)`` what it connects to.

    Its one type argument becomes a tuple with a tuple like ``_Note`` for each signal.
    """
    # This is the return type of receiver_signature.
    default = cast("Instance", get_proper_type(ctx.default_return_type))
    is_any = isinstance(get_proper_type(default.args[0]), AnyType)
    known = KnownSignals(third_party, ctx.api)
    arguments = Arguments(ctx, known.origins)
    argument = arguments.expression_of("signal")
    for expression in _signal_expressions(argument):
        report(ctx.api, find_other_objects(ctx.api.get_expression_type(expression), expression))
    noted = _with_notes(known, ctx, default, arguments, argument)
    report(ctx.api, find_wrong_options(ctx, arguments, _noted(noted).targets))
    if is_any and not isinstance(argument, _DISPLAYS) and not _noted(noted).targets:
        return default  # an overload that is only tried
    return noted


def read_background(third_party: ThirdPartySignals, ctx: MethodContext) -> Type:
    """
    Store what ``background.receiver(signals, sender=...)`` connects to, as for ``receiver``.
    """
    if not _is_ours(ctx.default_return_type):
        return ctx.default_return_type  # a method of any other class
    return read_receiver(third_party, ctx)


def read_django_receiver(third_party: ThirdPartySignals, ctx: FunctionContext) -> Type:
    """
    Store what Django's own ``receiver(signals, sender=...)`` connects to, as for ours.
    """
    default = _decorator(third_party, ctx)
    if default is None:
        return ctx.default_return_type
    known = KnownSignals(third_party, ctx.api)
    arguments = Arguments(ctx, known.origins)
    noted = _with_notes(known, ctx, default, arguments, arguments.expression_of("signal"))
    return noted if _noted(noted).targets else ctx.default_return_type


def read_connect_via(third_party: ThirdPartySignals, ctx: MethodContext) -> Type:
    """
    Store what blinker's ``signal.connect_via(sender)`` connects to, as for ``receiver``.
    """
    known = KnownSignals(third_party, ctx.api)
    expression = signal_expression(ctx)
    arguments = Arguments(ctx, known.origins)
    sender = arguments.type_of("sender")
    signal = read_signal(third_party.find(ctx.api, expression, sender))
    default = _decorator(third_party, ctx)
    if signal is None or default is None:
        return ctx.default_return_type
    note = _Note(written_name(expression), signal.instance, sender, 0, is_weak=False)
    return _noting(ctx, default, [note])


def read_connecting(
    third_party: ThirdPartySignals, ctx: MethodContext, arguments: Arguments
) -> Type:
    """
    Store what ``signal.connect(sender=...)`` without a receiver connects to, as for ``receiver``.

    The signals of some packages return a decorator then, such as Celery's.
    """
    default = _decorator(third_party, ctx)
    if default is None or isinstance(get_proper_type(ctx.default_return_type), NoneType):
        return ctx.default_return_type
    known = KnownSignals(third_party, ctx.api)
    return _with_notes(known, ctx, default, arguments, signal_expression(ctx))


def decorate(proofs: Proofs, ctx: MethodContext) -> Type:
    """
    Check the function under such a decorator.

    Args:
        proofs: returns what is proven of the decorators in a module.
        ctx: the call of the decorator.
    """
    if len(ctx.arg_kinds[0]) != 1 or ctx.arg_kinds[0][0] is not ARG_POS:
        return ctx.default_return_type
    receiver = CheckedReceiver(ctx, ctx.args[0][0], ctx.arg_types[0][0])
    noted = _noted(ctx.type)
    below = receiver.below
    if descriptors := [*find_descriptors(receiver, below, noted.targets)]:
        report(ctx.api, descriptors)
        return ctx.default_return_type
    if any(map(_is_patch_multiple, below)):
        return ctx.default_return_type
    complaints = _find_all_refusals(receiver, noted.cases)
    bare, proven = None, []
    if below and isinstance(ctx.context, Decorator):
        results = proofs_for(proofs, receiver, ctx.context)[-len(below) :]
        proven = below if results and all(proof.passes_on for proof in results) else []
        bare = without_decorators(receiver, ctx.context) if proven and not complaints else None
    if bare is not None:
        receiver = bare
        # They may return something else.
        cases = [
            [target._replace(is_answered=False, is_on_commit=False) for target in case]
            for case in noted.cases
        ]
        complaints += _find_all_refusals(receiver, cases)
    if noted.is_all:
        complaints += find_short_lived(receiver, noted.targets)
    decorated = receiver.decorated
    is_reading = reads_kwargs(ctx.api, decorated)
    if (is_reading or reports_unsent(ctx.api)) and (targets := _all_targets(ctx, noted, proven)):
        complaints += find_unsent(receiver, targets)
        if is_reading and decorated is not None:
            complaints += find_unknown_reads(ctx.api, decorated, targets, uses=0)
    report(ctx.api, complaints)
    return ctx.default_return_type


def _is_patch_multiple(decorator: Expression) -> bool:
    """
    Return whether it is ``mock.patch.multiple(...)``, which fills arguments, unlike its type says.
    """
    callee = decorator.callee if isinstance(decorator, CallExpr) else None
    if not isinstance(callee, MemberExpr) or callee.name != "multiple":
        return False
    return isinstance(callee.expr, RefExpr) and callee.expr.fullname == "unittest.mock.patch"


def state_signature(ctx: MethodContext) -> Type:
    """
    Return the type of a function under ``with_signature(...)``: its parameters are unknown.

    An object keeps its type, because of its other attributes.
    """
    decorated = get_proper_type(ctx.arg_types[0][0])
    is_function = isinstance(decorated, FunctionLike) and not decorated.is_type_obj()
    if not (is_function or is_partial(decorated)):
        return ctx.default_return_type
    anything = AnyType(TypeOfAny.special_form)
    returned = decorated.ret_type if isinstance(decorated, CallableType) else anything
    return unknown_signature(ctx.api, returned)


def _find_all_refusals(receiver: CheckedReceiver, cases: list[list[Target]]) -> list[Complaint]:
    complaints = [*find_refusals(receiver, [case[0] for case in cases if len(case) == 1])]
    for case in cases:
        if len(case) > 1:
            refusals = [[*find_refusals(receiver, [target])] for target in case]
            complaints += refusals[0] if all(refusals) else []
    return complaints


def _decorator(
    third_party: ThirdPartySignals, ctx: FunctionContext | MethodContext
) -> Instance | None:
    """
    Return the type that our ``receiver(...)`` returns, for other decorators; None if it is unknown.
    """
    decorator = third_party.find_decorator(ctx.api)
    return None if decorator is None else Instance(decorator, [AnyType(TypeOfAny.special_form)])


def _signal_expressions(argument: Expression | None) -> list[Expression]:
    found = argument.items if isinstance(argument, _DISPLAYS) else [argument]
    return [expression for expression in found if expression is not None]


def _with_notes(
    known: KnownSignals,
    ctx: FunctionContext | MethodContext,
    default: Instance,
    arguments: Arguments,
    argument: Expression | None,
) -> Instance:
    sender, written_sender = arguments.type_of("sender"), arguments.expression_of("sender")
    flags = _flags_of(ctx, arguments)
    notes: list[_Note] = []
    signals = known.signals_of(argument) if argument is not None else []
    alias = written_name(argument) if len(signals) == 1 else ""
    senders = known.senders_of(sender, written_sender)
    for number, (expressions, cases) in enumerate(product(signals, senders)):
        impossible: list[list[Complaint]] = []
        for expression, (sender, sender_is) in product(expressions, cases):
            name = written_name(expression) or alias
            stated = known.third_party_type(expression)
            report(ctx.api, find_wrong_declaration(name, stated, expression, ctx.api.options))
            types = signal_types(known.declared_type(expression, sender, sender_is))
            for signal in types:
                problem = find_impossible_sender(name, signal, sender, written_sender, ctx.api)
                impossible.append(problem)
                noted = None if problem else known_sender(signal, sender, sender_is)
                is_weak = arguments.is_weak(is_celerys=signal.is_celerys)
                notes.append(_Note(name, signal.instance, noted, number, is_weak, *flags))
            if not types:
                unknown = AnyType(TypeOfAny.special_form)
                notes.append(_Note(name, unknown, sender, number, arguments.is_weak(), *flags))
                impossible.append([])
        if all(impossible):
            report(ctx.api, impossible[0])
    return _noting(ctx, default, notes)


def _flags_of(
    ctx: FunctionContext | MethodContext, arguments: Arguments
) -> tuple[bool, bool, bool, bool]:
    """
    Return the last four parts of a note.
    """
    if isinstance(ctx, MethodContext) and is_a_background(ctx.type):
        return False, False, True, True
    may_be_background = arguments.may_be_true("background")
    is_answered = not (arguments.may_be_true("on_commit") or may_be_background)
    return (
        arguments.is_true("on_commit"),
        is_answered,
        arguments.is_background(),
        may_be_background,
    )


class _Note(NamedTuple):
    """
    The information in the type of a decorator about one of its signals.
    """

    name: str
    signal: Type
    sender: Type | None
    number: int
    """The same for signals one of which it is, when it is not known which."""

    is_weak: bool
    is_on_commit: bool = False
    """Whether it is certainly called on commit."""

    is_answered: bool = True
    """Whether it is certainly called by the send."""

    is_background: bool = False
    """Whether it certainly runs in the background."""

    may_be_background: bool = False


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
                _literal(ctx, note.number),
                _literal(ctx, note.is_weak),
                _literal(ctx, note.is_on_commit),
                _literal(ctx, note.is_answered),
                _literal(ctx, note.is_background),
                _literal(ctx, note.may_be_background),
            ],
            fallback,
        )
        for note in notes
    ]
    return decorator.copy_modified(args=[TupleType(items, fallback)])


def _all_targets(ctx: MethodContext, noted: _Noted, transparent: list[Expression]) -> list[Target]:
    """
    Return everything that the decorators connect the receiver to, if it is already known.

    mypy checks the innermost decorator first, so the result is only known at the outermost one, and
    only if the others pass everything on.

    Args:
        ctx: the current decorator.
        noted: what it connects to.
        transparent: other decorators, which pass everything on.
    """
    all_noted = [noted]
    if isinstance(ctx.context, Decorator) and len(ctx.context.original_decorators) > 1:
        expressions = ctx.context.original_decorators
        if not all(ctx.api.has_type(expression) for expression in expressions):  # type: ignore[attr-defined]
            return []
        types = [(expression, ctx.api.lookup_type(expression)) for expression in expressions]  # type: ignore[attr-defined]
        all_noted = [
            _noted(typ)
            for expression, typ in types
            if expression not in transparent or _is_ours(typ)
        ]
    if not all(noted.is_all for noted in all_noted):
        return []
    return [target for noted in all_noted for target in noted.targets]


class _Noted(NamedTuple):
    """
    The information in the type of a decorator.
    """

    cases: list[list[Target]]
    """The known targets: for each signal, one, or several of which one is it."""

    is_all: bool
    """Whether these are all targets, and there is at least one."""

    @property
    def targets(self) -> list[Target]:
        """
        All known targets.
        """
        return [target for case in self.cases for target in case]


def signals_of_decorator(typ: Type) -> list[SignalType]:
    """
    Return the known signals that a decorator of the type *typ* connects to.
    """
    return [target.signal for target in _noted(typ).targets]


def _is_ours(decorator: Type) -> bool:
    decorator = get_proper_type(decorator)
    return isinstance(decorator, Instance) and decorator.type.fullname == RECEIVER_DECORATOR


def _noted(decorator: Type) -> _Noted:
    decorator = get_proper_type(decorator)
    if not isinstance(decorator, Instance) or not _is_ours(decorator):
        return _Noted([], is_all=False)
    notes = get_proper_type(decorator.args[0]) if decorator.args else None
    if not isinstance(notes, TupleType):
        return _Noted([], is_all=False)
    cases: dict[object, list[Target | None]] = {}
    for note in notes.items:
        number, target = _noted_target(note)
        cases.setdefault(number, []).append(target)
    known = [[t for t in case if t is not None] for case in cases.values() if None not in case]
    return _Noted(known, is_all=len(known) == len(cases) > 0)


def _noted_target(note: Type) -> tuple[object, Target | None]:
    note = get_proper_type(note)
    if not (isinstance(note, TupleType) and len(note.items) == len(_Note._fields)):
        return None, None
    name, signal_type, sender, *literals = note.items
    number, *flags = (
        literal.value if isinstance(literal, LiteralType) else None for literal in literals
    )
    signal = read_signal(signal_type)
    if signal is None or not isinstance(name, LiteralType):
        return number, None
    is_weak, is_on_commit, is_answered, is_background, may_be_background = map(bool, flags)
    target = target_of(str(name.value), signal, sender, is_weak=is_weak, is_answered=is_answered)
    return number, target._replace(
        is_on_commit=is_on_commit,
        is_background=is_background,
        may_be_background=may_be_background,
    )


def _literal(ctx: FunctionContext | MethodContext, value: str | int) -> LiteralType:
    name = f"builtins.{type(value).__name__}"
    return LiteralType(value, ctx.api.named_generic_type(name, []))
