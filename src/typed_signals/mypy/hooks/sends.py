"""
The four send methods: with the keys as parameters, mypy infers the types of the values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from mypy.nodes import ARG_NAMED_OPT, ARG_STAR, ARG_STAR2
from mypy.types import (
    AnyType,
    FunctionLike,
    Instance,
    LiteralType,
    NoneType,
    TypeOfAny,
    UnionType,
    get_proper_type,
)

from typed_signals.mypy.checks.invalid_payload import declaration_problem, reserved_problem
from typed_signals.mypy.checks.wrong_send import Send, SentArguments, find_wrong_send
from typed_signals.mypy.lib.complaints import report
from typed_signals.mypy.lib.declared_types import REQUIRED_KINDS, instance_of, read_signal
from typed_signals.mypy.lib.fullnames import (
    BLINKERS_SIGNAL,
    CELERYS_SIGNAL,
    DJANGOS_SIGNAL,
    SEND_METHODS,
    SIGNALS,
)
from typed_signals.mypy.lib.targets import written_name

if TYPE_CHECKING:
    from mypy.nodes import ArgKind, CallExpr, Expression, MemberExpr
    from mypy.plugin import CheckerPluginInterface, MethodSigContext
    from mypy.types import CallableType, Type

    from typed_signals.mypy.lib.third_party import ThirdPartySignals

# The classes whose methods send what they get.
_SENDING: Final = (*SIGNALS, BLINKERS_SIGNAL, CELERYS_SIGNAL, DJANGOS_SIGNAL)
_COLLECTIONS: Final = ("builtins.frozenset", "builtins.list", "builtins.set")


def send_signature(
    third_party: ThirdPartySignals, method: str, ctx: MethodSigContext
) -> FunctionLike:
    """
    Check a send, and return a signature that accepts it.

    The error is ours, so mypy must not report others. An unpacked dict may contain any key, with
    the type of this key, whatever type mypy has for all its values.
    """
    default = ctx.default_signature
    call = cast("CallExpr", ctx.context)  # mypy only asks for the signature of our methods in calls
    sent = cast("MemberExpr", call.callee).expr
    declared_for_others = read_signal(third_party.find(ctx.api, sent, None))
    signal = declared_for_others or read_signal(ctx.type)
    if signal is None:
        if declaration_problem(ctx.type, ctx.api.options) is None:
            return default
        # Reported where the signal is declared, so do not report it again here.
        anything = AnyType(TypeOfAny.from_error)
        return default.copy_modified(arg_types=[anything for _ in default.arg_types])
    is_ours = declared_for_others is None
    own = _own_parameters(default)
    if not is_ours and _states(method, signal.instance):
        is_override = False
    elif method not in SEND_METHODS:
        return default
    else:
        is_override = _is_override(method, signal.instance if is_ours else ctx.type)
    is_by_function = signal.typed_dict is None
    takes_anything = _takes_anything(default)
    if reserved_problem(signal) is not None or (
        not takes_anything and (is_override or not is_by_function)
    ):
        return default
    arguments = SentArguments(call, ctx.api)
    accepted = signal.types
    if not is_ours:
        known_sender = _class_in(arguments.sender, ctx.api)
        signal = read_signal(third_party.find(ctx.api, sent, known_sender)) or signal
        accepted = {key: _widened(key, typ, ctx.api) for key, typ in signal.types.items()}
    send = Send(
        f"{written_name(sent) or signal.instance.type.name}.{method}()",
        signal,
        arguments,
        accepted,
        own_names={"sender"} if is_by_function and not is_override else {*own},
        needs_sender=own.get("sender") in REQUIRED_KINDS,
        takes_sender=method in SEND_METHODS or "sender" in own,
        leading=1 if is_ours else sum(kind.is_positional() for kind in default.arg_kinds),
        is_override=is_override,
        is_third_party=not is_ours,
    )
    complaints = find_wrong_send(send, ctx.api)
    report(ctx.api, complaints)
    is_unknown = arguments.unknown_position or arguments.unknown_names
    if complaints or is_unknown or not is_ours:
        return _accepting_anything(default)
    return _with_keys(default, accepted, is_sender_checked=not is_override)


def _class_in(sender: Expression | None, api: CheckerPluginInterface) -> Type | None:
    """
    Return the type of a sender that is the name of a class.
    """
    if sender is None:
        return None
    with api.msg.filter_errors():
        typ = get_proper_type(api.get_expression_type(sender))
    return typ if isinstance(typ, FunctionLike) and typ.is_type_obj() else None


def _own_parameters(default: CallableType) -> dict[str, ArgKind]:
    """
    Return the parameters of a method by name, without ``*args`` and ``**kwargs``.
    """
    parameters = zip(default.arg_names, default.arg_kinds, strict=True)
    return {name: kind for name, kind in parameters if name is not None and not kind.is_star()}


def _with_keys(
    default: CallableType, accepted: dict[str, Type], *, is_sender_checked: bool
) -> CallableType:
    """
    Return the signature with the keys as parameters, so that mypy infers the values as their types.

    mypy would refuse an abstract class as the sender, so it does not check the sender again.
    """
    names: list[str | None] = []
    kinds: list[ArgKind] = []
    types: list[Type] = []
    for name, kind, typ in zip(
        default.arg_names, default.arg_kinds, default.arg_types, strict=True
    ):
        if not kind.is_star():
            names.append(name)
            kinds.append(kind)
            is_checked = is_sender_checked and name == "sender"
            types.append(AnyType(TypeOfAny.special_form) if is_checked else typ)
    for key, typ in accepted.items():
        if key not in names:
            names.append(key)
            kinds.append(ARG_NAMED_OPT)
            types.append(typ)
    names.append(None)
    kinds.append(ARG_STAR2)
    types.append(AnyType(TypeOfAny.special_form))
    return default.copy_modified(arg_names=names, arg_kinds=kinds, arg_types=types)


def _accepting_anything(default: CallableType) -> CallableType:
    anything = AnyType(TypeOfAny.special_form)
    return default.copy_modified(
        arg_types=[anything, anything],
        arg_kinds=[ARG_STAR, ARG_STAR2],
        arg_names=[None, None],
        variables=[],
    )


def _widened(key: str, typ: Type, api: CheckerPluginInterface) -> Type:
    """
    Return the type that your code may send for a key of another package's signal.

    A declaration has the types that the package itself sends. Other code may use other types that
    are safe: ``update_fields=["size"]``, or ``using=pizza._state.db``, which is None for an object
    that was never saved.
    """
    proper = get_proper_type(typ)
    if isinstance(proper, UnionType):
        return UnionType.make_union([_widened(key, item, api) for item in proper.items])
    if isinstance(proper, LiteralType):
        return proper.fallback
    if isinstance(proper, Instance):
        if proper.type.fullname in _COLLECTIONS:
            return api.named_generic_type("typing.Collection", list(proper.args))
        if key == "using" and proper.type.fullname == "builtins.str":
            return UnionType.make_union([proper, NoneType()])
    return typ


def _states(method: str, signal: Instance) -> bool:
    """
    Return whether the class of *signal* states in a stub file that *method* sends the payload.
    """
    definition = signal.type.get_method(method)
    return definition is not None and definition.info.fullname not in SIGNALS


def _is_override(method: str, signal: Type) -> bool:
    """
    Return whether the class of *signal* overrides a method that sends what it gets.
    """
    instance = instance_of(signal)
    definition = None if instance is None else instance.type.get_method(method)
    if instance is None or definition is None or definition.info.fullname in _SENDING:
        return definition is None
    # What a class without such a base has is not an override.
    return any(map(instance.type.has_base, _SENDING))


def _takes_anything(signature: CallableType) -> bool:
    """
    Return whether the signature ends with ``**kwargs: Any``, as in our methods.
    """
    return ARG_STAR2 in signature.arg_kinds and isinstance(
        get_proper_type(signature.arg_types[signature.arg_kinds.index(ARG_STAR2)]), AnyType
    )
