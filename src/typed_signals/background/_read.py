"""
What is declared about any signal that can have receivers in the background.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from typed_signals._receiver import is_declared

from ._codec import codec_or_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typed_signals._declare.payload import Payload

    from ._codec import CannotTravel, Codec


class Declared(NamedTuple):
    """
    The declaration of a signal.
    """

    payload: Payload
    codecs: Mapping[str, Codec | CannotTravel]
    """How each key travels, or why it does not."""

    sender: Any
    """The type of senders; ``Any`` if it is not known."""


def is_django_signal(signal: object) -> bool:
    """
    Return whether *signal* is one of Django's dispatcher, declared or not.
    """
    dispatcher = sys.modules.get("django.dispatch.dispatcher")
    return dispatcher is not None and issubclass(type(signal), dispatcher.Signal)


def name_of(signal: Any) -> str:
    """
    Return the dotted name of *signal*.
    """
    if is_declared(signal):
        declared: str = signal._declaration.name_of(signal)
        return declared
    from typed_signals.django._find_signals import signal_name  # needs Django

    return signal_name(signal)


def declared_by(signal: Any) -> Declared:
    """
    Return the declaration of *signal*; for a signal of Django, what Django sends.

    Raises:
        DeclarationError: the declaration is invalid.
    """
    if is_declared(signal):
        declaration = signal._declaration
        return Declared(
            declaration.payload_of(signal),
            declaration.evaluated_types_of(signal, codec_or_problem),
            declaration.sender_type_of(signal),
        )
    from typed_signals.django._builtin_payloads import evaluated_types_of, payload_of

    codecs = evaluated_types_of(signal, codec_or_problem)
    return Declared(payload_of(signal), codecs, Any)


def may_change(signal: Any) -> bool:
    """
    Return whether names in the declaration of *signal* may still be defined, because its module is
    being executed.
    """
    return is_declared(signal) and signal._declaration.is_running
