"""
May a receiver run in the background? The problems that other receivers do not have.

The words are those of ``connect``. What is not certain is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy.nodes import LDEF, FuncDef, LambdaExpr, MemberExpr, NameExpr, TypeInfo
from mypy.types import AnyType, CallableType, Instance, TypedDictType, TypeOfAny, get_proper_type

from typed_signals._contract.rules import CANNOT_TRAVEL, Problem
from typed_signals._shared.messages import (
    DELIVERY_NAME,
    LAMBDA,
    LOCAL_FUNCTION,
    ROW_GOES,
    ROW_IS_GONE,
    cannot_travel_problem,
    delivery_not_in_problem,
    key_not_in_problem,
    not_found_problem,
    unchangeable_type_problem,
)
from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import is_object, quoted
from typed_signals.mypy.lib.complaints import Reason
from typed_signals.mypy.lib.declared_types import SignalType, instance_of
from typed_signals.mypy.lib.fullnames import DELIVERY
from typed_signals.mypy.lib.parameters import definition_of
from typed_signals.mypy.lib.partials import is_partial
from typed_signals.mypy.lib.travelling import Obstacle, find_obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.plugin import CheckerPluginInterface
    from mypy.types import Type

    from typed_signals.mypy.lib.arguments import CheckedReceiver
    from typed_signals.mypy.lib.targets import Target

_OF_DJANGO: Final = "typed_signals.django.payloads."
_PRE_DELETE: Final = f"{_OF_DJANGO}PreDelete"
_POST_DELETE: Final = f"{_OF_DJANGO}PostDelete"
_KEYS_WITH_MODELS: Final = ("instance", "user")


def delivery_to(target: Target, api: CheckerPluginInterface) -> dict[str, Type]:
    """
    Return the argument ``delivery`` and its type, if a receiver of *target* may name it.
    """
    if not target.may_be_background or DELIVERY_NAME in target.signal.types:
        return {}
    return {DELIVERY_NAME: _type_named(DELIVERY, api)}


def _type_named(name: str, api: CheckerPluginInterface) -> Type:
    """
    Return the type of instances of the class with this full *name*; Any if mypy does not read it.
    """
    module, _, name = name.rpartition(".")
    tree = api.modules.get(module)  # type: ignore[attr-defined]  # the checker's
    symbol = tree.names.get(name) if tree is not None else None
    cls = symbol.node if symbol is not None else None
    return Instance(cls, []) if isinstance(cls, TypeInfo) else AnyType(TypeOfAny.special_form)


def also_sending(target: Target, more: dict[str, Type]) -> Target:
    """
    Return *target* with a signal that always sends *more* keys.
    """
    if not more:
        return target
    signal = target.signal
    passed = SignalType(
        signal.instance,
        signal.sender,
        signal.response,
        {**signal.types, **more},
        required_keys={*signal.required_keys, *more},
        positional=signal.positional,
        typed_dict=signal.typed_dict,
        is_open=signal.is_open,
    )
    return target._replace(signal=passed)


def find_unreachable(receiver: CheckedReceiver, target: Target) -> Reason | None:
    """
    Return why *receiver* cannot run in the background, whatever its parameters are.
    """
    if not target.is_background:
        return None
    if _payload_name(target) == _PRE_DELETE:
        return _reason(Problem(CANNOT_TRAVEL, *ROW_GOES))
    what = _without_place(receiver)
    return None if what is None else Reason(codes.IN_BACKGROUND, not_found_problem(what))


def find_stuck(
    target: Target, signature: CallableType, api: CheckerPluginInterface
) -> Iterator[Reason]:
    """
    Yield why what *receiver* names does not travel to the background.
    """
    if not target.is_background:
        return
    stuck = find_stuck_keys(target, api)
    for name in _named_by(signature):
        if name == "instance" and _payload_name(target) == _POST_DELETE:
            yield _reason(Problem(CANNOT_TRAVEL, *ROW_IS_GONE))
        elif name in stuck:
            words = cannot_travel_problem(name, stuck[name].reason_about(name), stuck[name].fix)
            yield _reason(Problem(CANNOT_TRAVEL, *words))


def find_stuck_keys(target: Target, api: CheckerPluginInterface) -> dict[str, Obstacle]:
    """
    Return why arguments of a receiver of *target* do not travel, for each of them.
    """
    if not target.is_background:
        return {}
    signal = target.signal
    of_keys = {key: find_obstacle(typ) for key, typ in signal.types.items()}
    stuck = {key: obstacle for key, obstacle in of_keys.items() if obstacle is not None}
    if _payload_name(target).startswith(_OF_DJANGO):
        # The project cannot change what Django sends. For any model, the declaration says Any.
        return {
            key: Obstacle(*unchangeable_type_problem(quoted(signal.types[key], api).strip('"')))
            for key in stuck
            if key not in _KEYS_WITH_MODELS
        }
    # A sender of any type may be a class.
    sender = get_proper_type(signal.sender)
    is_any = isinstance(sender, AnyType) or is_object(sender)
    if not is_any and (obstacle := find_obstacle(sender)) is not None:
        stuck["sender"] = obstacle
    return stuck


def find_stuck_read(
    key: str, kwargs: str, targets: list[Target], api: CheckerPluginInterface
) -> Reason | None:
    """
    Return why a receiver of *targets* cannot read *key* from its *kwargs* in the background; None
    if there is no such reason.
    """
    for target in targets:
        if (obstacle := find_stuck_keys(target, api).get(key)) is not None:
            text = key_not_in_problem(key, kwargs, obstacle.reason_about(key), obstacle.fix)
            return Reason(codes.IN_BACKGROUND, text)
    if key == DELIVERY_NAME and any(target.is_background for target in targets):
        return Reason(codes.IN_BACKGROUND, delivery_not_in_problem(kwargs))
    return None


def _reason(problem: Problem) -> Reason:
    return Reason(codes.IN_BACKGROUND, problem.text)


def _payload_name(target: Target) -> str:
    payload = target.signal.typed_dict
    return "" if payload is None else payload.fallback.type.fullname


def _named_by(signature: CallableType) -> Iterator[str]:
    """
    Yield the arguments that a receiver names: its parameters, and the keys of ``Unpack[K]``.
    """
    for name, kind in zip(signature.arg_names, signature.arg_kinds, strict=True):
        if name is not None and not kind.is_star():
            yield name
    unpacked = get_proper_type(signature.arg_types[-1]) if signature.unpack_kwargs else None
    if isinstance(unpacked, TypedDictType):
        yield from sorted(unpacked.items)


def _without_place(receiver: CheckedReceiver) -> str | None:
    """
    Return what *receiver* is, if another process certainly cannot find it by a name.
    """
    expression = receiver.expression
    if receiver.decorated is not None:
        # A local function has no module in its name.
        is_local = "." not in receiver.decorated.fullname
        return f"the {LOCAL_FUNCTION} {receiver.decorated.name}" if is_local else None
    if is_partial(receiver.type):
        return "a functools.partial"
    if isinstance(expression, LambdaExpr):
        return f"a {LAMBDA}"
    if isinstance(expression, NameExpr):
        is_local = expression.kind == LDEF and isinstance(expression.node, FuncDef)
        return f"the {LOCAL_FUNCTION} {expression.name}" if is_local else None
    if isinstance(expression, MemberExpr):
        return _bound_method(receiver, expression)
    return None


def _bound_method(receiver: CheckedReceiver, expression: MemberExpr) -> str | None:
    method = get_proper_type(receiver.type)
    owner = instance_of(receiver.api.get_expression_type(expression.expr))
    definition = definition_of(method) if isinstance(method, CallableType) else None
    if owner is None or definition is None or not definition.info:
        return None
    if definition.is_static or definition.is_class:
        return None
    return f"the method of an instance of {owner.type.name}"
