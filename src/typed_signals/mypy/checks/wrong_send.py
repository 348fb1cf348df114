"""
Sends that do not fit the declaration: one complaint for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mypy import errorcodes
from mypy.nodes import ARG_STAR, ARG_STAR2
from mypy.subtypes import is_subtype
from mypy.types import (
    Instance,
    Type,
    TypedDictType,
    TypeType,
    UnionType,
    get_proper_type,
)

from typed_signals._shared.messages import suggest
from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import both_quoted, is_assignable, quoted
from typed_signals.mypy.lib.complaints import Complaint
from typed_signals.mypy.lib.extra_items import payload_with_more

from .impossible_sender import as_class_object, is_impossible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import CallExpr, Expression
    from mypy.plugin import CheckerPluginInterface

    from typed_signals.mypy.lib.declared_types import SignalType

_COROUTINE: Final = "typing.Coroutine"
# What a declaration can use instead of these.
_COVARIANT: Final = {
    "builtins.dict": "typing.Mapping",
    "builtins.list": "typing.Sequence",
    "builtins.set": "typing.AbstractSet",
}
# mypy reports these at the wrong key of a display.
_IN_TYPED_DICTS: Final = (errorcodes.TYPEDDICT_ITEM, errorcodes.TYPEDDICT_UNKNOWN_KEY)


class SentArguments:
    """
    What a call of a send method passes.

    Attributes:
        call: the call.
        by_position: the arguments by position, up to ``*args``.
        by_name: the keyword arguments.
        unpacked: the TypedDicts that are unpacked.
        unknown_position: whether there is ``*args``, with any number of arguments.
        unknown_names: whether there is a ``**dict`` that is not a TypedDict, with any keys.
    """

    def __init__(self, call: CallExpr, api: CheckerPluginInterface) -> None:
        self.call = call
        self.by_position: list[Expression] = []
        self.by_name: dict[str, Expression] = {}
        self.unpacked: list[tuple[Expression, TypedDictType]] = []
        self.unknown_position = self.unknown_names = False
        for argument, kind, name in zip(call.args, call.arg_kinds, call.arg_names, strict=True):
            if kind is ARG_STAR:
                self.unknown_position = True
            elif kind is ARG_STAR2:
                with api.msg.filter_errors():
                    unpacked = get_proper_type(api.get_expression_type(argument))
                if isinstance(unpacked, TypedDictType):
                    self.unpacked.append((argument, unpacked))
                else:
                    self.unknown_names = True
            elif name is not None:
                self.by_name[name] = argument
            elif not self.unknown_position:
                self.by_position.append(argument)

    @property
    def names(self) -> list[str]:
        """
        The names that are passed, for certain or perhaps.
        """
        return [*self.by_name, *(key for _, typ in self.unpacked for key in sorted(typ.items))]

    @property
    def sender(self) -> Expression | None:
        """
        The sender, if it is an argument of its own.
        """
        return self.by_name.get("sender", next(iter(self.by_position), None))


class Send(NamedTuple):
    """
    A send of a known signal.
    """

    where: str
    """The call for messages, like ``pizza_done.send()``."""

    signal: SignalType

    arguments: SentArguments

    accepted: dict[str, Type]
    """The type that each key accepts, which is wider than declared for third-party signals."""

    own_names: set[str]
    """Other parameters of the send method."""

    needs_sender: bool

    takes_sender: bool

    leading: int
    """How many parameters before the payload accept arguments by position."""

    is_override: bool
    """Whether a subclass overrides the method, which may add or remove keys."""

    is_third_party: bool
    """Whether the signal belongs to another package, which declares what itself sends."""


def find_wrong_send(send: Send, api: CheckerPluginInterface) -> list[Complaint]:
    """
    Return the complaint about a send, with everything that is wrong with it.
    """
    arguments = send.arguments
    if send.is_override:
        problems = [_problem_of_override(send, api)]
    else:
        problems = [_problem_with_sender(send), _problem_of_keys(send, api)]
    texts = [problem for problem in problems if problem is not None]
    place: Expression = arguments.call
    if (wrong := _misfit_of_sender(send, api)) is not None:
        place = place if texts or arguments.sender is None else arguments.sender
        texts.append(wrong)
    for value in _misfits(send, api):
        place = place if texts else value.expression
        texts.append(_described_value(value, send, api))
    return [Complaint(codes.SEND, f"{send.where}: {'; '.join(texts)}", place)] if texts else []


def _problem_with_sender(send: Send) -> str | None:
    arguments = send.arguments
    is_named = "sender" in arguments.names
    if not send.needs_sender:
        return None
    if is_named and arguments.by_position:
        return "the sender is passed by position and by name: pass everything by name"
    may_be_passed = arguments.unknown_position or arguments.unknown_names
    if is_named or arguments.by_position or may_be_passed:
        return None
    return "the sender is missing: pass it as sender=..."


def _problem_of_keys(send: Send, api: CheckerPluginInterface) -> str | None:
    arguments = send.arguments
    names = dict.fromkeys(name for name in arguments.names if name not in send.own_names)
    payload = payload_with_more(send.signal, names, api)
    values = arguments.by_position[send.leading :]
    given = dict.fromkeys(payload.positional[: len(values)])
    is_placed = len(given) == len(values) and given.keys().isdisjoint(names)
    passed = names | given if is_placed else names
    if arguments.unknown_names:
        passed |= dict.fromkeys(payload.required)
    elif arguments.unknown_position:
        passed |= dict.fromkeys(payload.positional)
    if is_placed and payload.accepts(passed.keys()):
        return None
    refusal = payload.refusal(passed.keys(), 0 if is_placed else len(values), send.where)
    return str(refusal).removeprefix(f"{send.where}: ")


def _problem_of_override(send: Send, api: CheckerPluginInterface) -> str | None:
    """
    Return the problem of a misspelt key; the method may accept others.
    """
    names = set(send.arguments.names) - send.own_names
    payload = payload_with_more(send.signal, names, api)
    for name in sorted(names) if not payload.open else ():
        if name not in payload.keys and (meant := suggest(name, payload.keys - names)):
            return f"unexpected {name!r} (did you mean {meant!r}?)"
    return None


def _misfits(send: Send, api: CheckerPluginInterface) -> Iterator[_Value]:
    """
    Yield the values whose types are not accepted.
    """
    arguments, types = send.arguments, send.signal.types
    by_position = zip(
        send.signal.payload.positional, arguments.by_position[send.leading :], strict=False
    )
    for key, expression in [*by_position, *arguments.by_name.items()]:
        if key in types and key not in send.own_names:
            given = _type_if_wrong(expression, send.accepted[key], api)
            if given is not None and not (send.is_third_party and _is_wider(given, types[key])):
                yield _Value(key, expression, given)
    for expression, unpacked in arguments.unpacked:
        source = f" in {unpacked.fallback.type.name}"
        for key, given in sorted(unpacked.items.items()):
            if key in types and not is_assignable(given, send.accepted[key], api):
                yield _Value(key, expression, given, source)


def _is_wider(given: Type, declared: Type) -> bool:
    """
    Return whether *given* is a base class of *declared*: its instances may be of both.
    """
    wide, narrow = get_proper_type(given), get_proper_type(declared)
    if isinstance(wide, UnionType):
        # Such as one with Any, of what mypy only knows in part.
        return all(is_subtype(one, narrow) or _is_wider(one, narrow) for one in wide.items)
    if not (isinstance(wide, Instance) and isinstance(narrow, Instance)):
        return False
    return wide.type in narrow.type.mro[:-1]


def _type_if_wrong(value: Expression, declared: Type, api: CheckerPluginInterface) -> Type | None:
    """
    Return the type of *value* if it is not *declared*; None if mypy itself reports the error.
    """
    with api.msg.filter_errors(save_filtered_errors=True) as in_context:
        given = api.get_expression_type(value, declared)
    if not is_assignable(given, declared, api):
        return given
    errors = in_context.filtered_errors()
    if not errors or any(error.code in _IN_TYPED_DICTS for error in errors):
        return None
    # A list with a wrong item has the type of the context.
    with api.msg.filter_errors() as alone:
        given = api.get_expression_type(value)
    is_wrong = not alone.has_new_errors() and not is_assignable(given, declared, api)
    return given if is_wrong else None


def _misfit_of_sender(send: Send, api: CheckerPluginInterface) -> str | None:
    sender, declared = send.arguments.sender, send.signal.sender
    if sender is None or send.is_override or not send.takes_sender:
        return None  # mypy checks the parameter of another method
    given = _type_if_wrong(sender, declared, api)
    if given is None:
        return None
    given, wanted = as_class_object(get_proper_type(given)), get_proper_type(declared)
    if send.is_third_party and not is_impossible(given, wanted, api):
        return None
    one, other = both_quoted(given, wanted, api)
    text = f"the sender has type {one}, but the signal declares {other}"
    if isinstance(wanted, TypeType) and is_assignable(given, wanted.item, api):
        return f"{text}: pass its class"
    if isinstance(given, TypeType) and is_assignable(given.item, wanted, api):
        return f"{text}: pass an instance"
    return text


class _Value(NamedTuple):
    """
    A value of the payload.
    """

    key: str

    expression: Expression

    type: Type
    """Its type, which the declaration does not accept."""

    source: str = ""
    """The TypedDict that contains it."""


def _described_value(value: _Value, send: Send, api: CheckerPluginInterface) -> str:
    declared = send.signal.types[value.key]
    one, other = both_quoted(value.type, declared, api)
    text = (
        f"{value.key!r} has type {one}{value.source}, but {send.signal.payload.name} declares "
        f"{other}"
    )
    given, wanted = get_proper_type(value.type), get_proper_type(declared)
    if not isinstance(given, Instance):
        return text
    if given.type.fullname == _COROUTINE and is_assignable(given.args[-1], wanted, api):
        return f"{text}: await it"
    wider = _COVARIANT.get(given.type.fullname)
    if wider is not None and isinstance(wanted, Instance) and wanted.type is given.type:
        general = api.named_generic_type(wider, list(wanted.args))
        if is_assignable(given, general, api):
            why = f"because {given.type.name} is invariant"
            return f"{text}: declare it as {quoted(general, api)}, {why}"
    return text
