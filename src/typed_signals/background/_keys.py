"""
What travels of the sends of a signal: which keys of its payload, and which senders.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_origin
from weakref import WeakKeyDictionary

from typed_signals._receiver import is_declared
from typed_signals._shared.messages import DELIVERY_NAME, unchangeable_type_problem

from ._codec import CannotTravel, codec_of, codec_or_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from typed_signals._declare.payload import Payload

    from ._codec import Codec

# In the text of a delivery, a sender is null, or has one of these keys.
_CLASS: Final = "class"
_VALUE: Final = "value"


class Keys(NamedTuple):
    """
    What travels of the sends of a signal.
    """

    payload: Payload

    codecs: Mapping[str, Codec]
    """Those of the keys that travel."""

    reasons: Mapping[str, CannotTravel]
    """Why the others do not."""

    required: frozenset[str]
    """The required ones that travel."""

    sender: Codec | None
    """The codec of a sender that is not a class, if the type of senders is declared and travels."""

    sender_reason: CannotTravel | None
    """Why no sender travels; None if some do: classes do without being declared."""

    def reason_against(self, name: str) -> CannotTravel | None:
        """
        Return why what a receiver names *name* does not travel; None if it does, or if it is never
        sent.
        """
        if name == "sender":
            return self.sender_reason
        if (reason := self.reasons.get(name)) is not None:
            return reason
        if self.payload.complete or name in self.codecs or name in ("signal", DELIVERY_NAME):
            return None
        return CannotTravel(
            "is not declared", "declare it in the payload of the signal, with its type"
        )

    def is_passed_delivery(self, named: Collection[str]) -> bool:
        """
        Return whether a receiver is passed the delivery that has these *named* arguments.
        """
        return DELIVERY_NAME in named and DELIVERY_NAME not in self.payload.keys

    def dump_sender(self, sender: object) -> dict[str, Any] | None:
        """
        Return *sender* encoded: a class by its name, others as the declaration says.

        Raises:
            CannotTravel: it is neither a class nor of a declared type that travels.
        """
        if sender is None:
            return None
        if issubclass(type(sender), type):
            return {_CLASS: codec_of(type).dump(sender)}
        if self.sender is None:
            raise CannotTravel(
                "is not a class",
                "send the class, or declare the type of senders, as in Signal[str, Payload]",
            )
        return {_VALUE: self.sender.dump(sender)}

    def load_sender(self, encoded: Any) -> Any:
        """
        Return the sender that was *encoded*.

        Raises:
            CannotTravel: it does not fit the declaration.
            UnknownNameError: there is no such class in this process.
        """
        if encoded is None:
            return None
        if type(encoded) is dict and _CLASS in encoded:
            return codec_of(type).load(encoded[_CLASS])
        if type(encoded) is dict and _VALUE in encoded and self.sender is not None:
            return self.sender.load(encoded[_VALUE])
        raise CannotTravel("is not a sender", "has the type of senders changed?")


_known: Final[WeakKeyDictionary[Any, Keys]] = WeakKeyDictionary()


def keys_of(signal: Any) -> Keys:
    """
    Return what travels of the sends of *signal*.

    Raises:
        DeclarationError: the declaration of the signal is invalid.
    """
    if (known := _known.get(signal)) is not None:
        return known
    payload, read, sender = _declared_by(signal)
    codecs = {key: each for key, each in read.items() if not isinstance(each, CannotTravel)}
    reasons = {key: _bare(each) for key, each in read.items() if isinstance(each, CannotTravel)}
    sender_codec, sender_reason = _of_senders(sender)
    required = payload.required_keys.intersection(codecs)
    keys = Keys(payload, codecs, reasons, required, sender_codec, sender_reason)
    if not may_change(signal):
        _known[signal] = keys
    return keys


def _bare(reason: CannotTravel) -> CannotTravel:
    """
    Return *reason* without the frames in which it was raised, which may refer to the signal.
    """
    reason.__traceback__ = reason.__cause__ = reason.__context__ = None
    return reason


def may_change(signal: Any) -> bool:
    """
    Return whether names in the declaration of *signal* may still be defined, because its module is
    being executed.
    """
    return is_declared(signal) and signal._declaration.is_running


def is_django_signal(signal: object) -> bool:
    """
    Return whether *signal* is one of Django's dispatcher, declared or not.
    """
    dispatcher = sys.modules.get("django.dispatch.dispatcher")
    return dispatcher is not None and issubclass(type(signal), dispatcher.Signal)


def name_of(signal: Any) -> str:
    """
    Return the dotted name of *signal*; something else in angle brackets if it has none.
    """
    if is_declared(signal):
        declared: str = signal._declaration.name_of(signal)
        return declared
    from typed_signals.django._find_signals import signal_name  # needs Django

    return signal_name(signal)


def _declared_by(signal: Any) -> tuple[Payload, Mapping[str, Codec | CannotTravel], Any]:
    """
    Return the payload of *signal*, how each key travels or why it does not, and the type of
    senders; for a signal of Django, what Django sends.
    """
    if is_declared(signal):
        declaration = signal._declaration
        return (
            declaration.payload_of(signal),
            declaration.evaluated_types_of(signal, codec_or_problem),
            declaration.sender_type_of(signal),
        )
    from typed_signals.django._builtin_payloads import evaluated_types_of, payload_of, types_of

    codecs = evaluated_types_of(signal, codec_or_problem)
    # The project cannot change what Django sends.
    for key, text in types_of(signal).items():
        if isinstance(codecs[key], CannotTravel):
            codecs[key] = CannotTravel(*unchangeable_type_problem(str(text)))
    return payload_of(signal), codecs, Any


def _of_senders(stated: Any) -> tuple[Codec | None, CannotTravel | None]:
    if stated in (Any, object, type):
        return None, None
    try:
        return codec_of(stated), None
    except CannotTravel as error:
        # Classes travel by name, also if the declared one is imported under TYPE_CHECKING.
        return (None, None) if get_origin(stated) is type else (None, _bare(error))
