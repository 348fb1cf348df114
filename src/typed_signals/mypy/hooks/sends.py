"""
The signatures of the four send methods: with the keys as parameters, mypy checks the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from mypy.nodes import ARG_NAMED, ARG_NAMED_OPT, ARG_STAR, ARG_STAR2, ArgKind
from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    NoneType,
    TypedDictType,
    TypeOfAny,
    UnionType,
    get_proper_type,
)

from typed_signals.mypy.checks.invalid_payload import declaration_problem, reserved_problem
from typed_signals.mypy.lib.declared_types import read_signal
from typed_signals.mypy.lib.extra_items import may_carry_more
from typed_signals.mypy.lib.fullnames import SIGNALS

if TYPE_CHECKING:
    from mypy.nodes import CallExpr, MemberExpr
    from mypy.plugin import CheckerPluginInterface, MethodSigContext
    from mypy.types import CallableType, FunctionLike, Type

    from typed_signals.mypy.lib.third_party import ThirdPartySignals

_COLLECTIONS: Final = ("builtins.frozenset", "builtins.list", "builtins.set")


def send_signature(
    third_party: ThirdPartySignals, method: str, ctx: MethodSigContext
) -> FunctionLike:
    """
    Replace ``**kwargs`` of a send by the keys of the payload.

    A subclass that overrides the method may add keys itself, so no key is required there. An
    unpacked dict may contain any key that is not passed by name, with the type of this key,
    whatever type mypy has for all its values.
    """
    default = ctx.default_signature
    call = cast("CallExpr", ctx.context)  # mypy only asks for the signature of our methods in calls
    sent = cast("MemberExpr", call.callee).expr
    declared_for_others = read_signal(third_party.find(ctx.api, sent, None))
    signal = declared_for_others or read_signal(ctx.type)
    if signal is None and declaration_problem(ctx.type, ctx.api.options) is not None:
        # Reported where the signal is declared, so do not report it again here.
        anything = AnyType(TypeOfAny.from_error)
        return default.copy_modified(arg_types=[anything for _ in default.arg_types])
    if signal is None or signal.typed_dict is None or not _takes_anything(default):
        return default
    if reserved_problem(signal) is not None:
        return default
    is_override = _is_override(method, signal.instance)
    named = _passed_beside_dict(call, ctx.api)
    names: list[str | None] = []
    kinds: list[ArgKind] = []
    types: list[Type] = []
    for name, kind, typ in zip(
        default.arg_names, default.arg_kinds, default.arg_types, strict=True
    ):
        if kind is not ARG_STAR and kind is not ARG_STAR2:
            names.append(name)
            kinds.append(kind)
            types.append(typ)
    for key, typ in signal.types.items():
        if key not in names:
            is_required = key in signal.required_keys and not is_override
            names.append(key)
            kinds.append(ARG_NAMED if is_required else ARG_NAMED_OPT)
            is_known = named is None or key in named
            accepted = typ if declared_for_others is None else _widened(key, typ, ctx.api)
            types.append(accepted if is_known else AnyType(TypeOfAny.special_form))
    passed = {name for name in call.arg_names if name is not None}
    if not passed.issubset(names) and may_carry_more(signal, ctx.api):
        names.append(None)
        kinds.append(ARG_STAR2)
        types.append(AnyType(TypeOfAny.special_form))
    return default.copy_modified(arg_names=names, arg_kinds=kinds, arg_types=types)


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


def _is_override(method: str, signal: Instance) -> bool:
    definition = signal.type.get_method(method)
    return definition is None or definition.info.fullname not in SIGNALS


def _passed_beside_dict(call: CallExpr, api: CheckerPluginInterface) -> set[str | None] | None:
    """
    Return the names of the arguments next to a ``**dict``; None if there is no such dict.
    """
    for argument, kind in zip(call.args, call.arg_kinds, strict=True):
        if kind is ARG_STAR2:
            unpacked = get_proper_type(api.get_expression_type(argument))
            if not isinstance(unpacked, TypedDictType):
                return set(call.arg_names)
    return None


def _takes_anything(signature: CallableType) -> bool:
    """
    Return whether the signature ends with ``**kwargs: Any``, as in our methods.
    """
    return ARG_STAR2 in signature.arg_kinds and isinstance(
        get_proper_type(signature.arg_types[signature.arg_kinds.index(ARG_STAR2)]), AnyType
    )
