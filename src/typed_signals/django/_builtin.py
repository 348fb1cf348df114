"""
Django's own signals, and the payload of each.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django import VERSION

from typed_signals._declare.payload import UNDECLARED, Payload
from typed_signals._declare.readers import from_typed_dict

from .signals import _HOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.dispatch import Signal


def builtin_signals() -> Iterator[tuple[str, Signal]]:
    """
    Yield the dotted name of each of Django's signals, and the signal.

    Nothing is imported: nobody can listen to the signals of a module that was not imported yet.
    """
    for name, home in _HOMES.items():
        if (module := sys.modules.get(home)) is not None:
            yield f"{home}.{name}", getattr(module, name)


def payload_of(signal: Any) -> Payload:
    """
    Return the payload of *signal*: as declared, as Django sends it, or unknown.

    Raises:
        DeclarationError: the signal is declared wrongly.
    """
    if (declaration := getattr(signal, "_declaration", None)) is not None:
        declared: Payload = declaration.payload_of(signal)
        return declared
    for name, candidate in builtin_signals():
        if candidate is signal:
            from . import payloads  # takes long, and is needed by few

            payload = from_typed_dict(getattr(payloads, _payload_name(name)))
            return _as_of_this_version(name, payload)
    return UNDECLARED


def _as_of_this_version(name: str, payload: Payload) -> Payload:
    """
    Return *payload* with what the installed Django sends.
    """
    if name == "django.db.models.signals.m2m_changed":
        if VERSION < (6, 1):
            return Payload(payload.name, payload.required)
        return Payload(payload.name, [*payload.required, "raw"])
    return payload


def _payload_name(signal_name: str) -> str:
    """
    Return the name of the TypedDict for a signal: PostSave for ``...signals.post_save``.
    """
    return signal_name.rpartition(".")[2].title().replace("_", "")
