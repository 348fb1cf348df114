"""
The payload of any signal; for Django's own, it is in the annotations in ``signals``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import VERSION
from django.db.models import Model

from typed_signals._declare.annotations import annotation_of, resolve
from typed_signals._declare.declaration import texts_of_arguments, type_arguments
from typed_signals._declare.key_types import evaluated_in_typed_dict, types_in_typed_dict
from typed_signals._declare.keys import as_typed_dict, from_typed_dict
from typed_signals._declare.payload import UNDECLARED, Payload
from typed_signals._receiver import is_declared

from . import signals
from ._dispatcher import ModelSignal, Signal
from ._find_signals import builtin_signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals._declare.key_types import ReadAnnotation


def payload_of(signal: Any) -> Payload:
    """
    Return the payload of *signal*: the declared one, the one that Django sends, or unknown.

    Raises:
        DeclarationError: the declaration of the signal is invalid.
    """
    if is_declared(signal):
        declared: Payload = signal._declaration.payload_of(signal)
        return declared
    for name, candidate in builtin_signals():
        if candidate is signal:
            return payload_in(VERSION, name.rpartition(".")[2])
    return UNDECLARED


def types_of(signal: Any) -> dict[str, str | None]:
    """
    Return the type of each key in the payload of *signal* as text, in the order of the declaration;
    None for a key without a type, and no keys if the payload is unknown.

    Raises:
        DeclarationError: the declaration of the signal is invalid.
    """
    if is_declared(signal):
        declared: dict[str, str | None] = signal._declaration.types_of(signal)
        return declared
    for name, candidate in builtin_signals():
        if candidate is signal:
            return types_in_typed_dict(_stated_payload(name.rpartition(".")[2]))
    return {}


def evaluated_types_of(signal: Any, evaluate: ReadAnnotation) -> dict[str, Any]:
    """
    Return what *evaluate* returns for the annotation of each key of *signal*, one of Django's
    dispatcher without a declaration; no keys if the payload is unknown.
    """
    for name, candidate in builtin_signals():
        if candidate is signal:
            stated = _stated_payload(name.rpartition(".")[2])
            types = evaluated_in_typed_dict(stated, evaluate=evaluate)
            # The TypedDicts do not import models.
            return types | {
                key: evaluate(_INSTANCES[key], {}, {}) for key in _INSTANCES if key in types
            }
    return {}


# The keys that are instances of models.
_INSTANCES: Final[dict[str, Any]] = {"instance": Model, "user": Model | None}


def payload_in(version: Sequence[Any], name: str) -> Payload:
    """
    Return the payload that a *version* of Django sends with its signal *name*.
    """
    payload = from_typed_dict(typed_dict_of(name))
    since = _payloads().SINCE.get(payload.name, {})
    if not since:
        return payload
    sent = [key for key, first in since.items() if tuple(version) >= first]
    left = [key for key in payload.optional if key not in since]
    return Payload(payload.name, [*payload.required, *sent], left)


def typed_dict_of(name: str) -> Any:
    """
    Return the TypedDict in the annotation of Django's signal *name*.
    """
    return as_typed_dict(_stated_payload(name))


def sender_of(name: str) -> str | None:
    """
    Return the type of the senders of Django's signal *name* as text; None if it is not known.
    """
    return texts_of_arguments(*_annotated(name), Signal)[0]


def _stated_payload(name: str) -> Any:
    return type_arguments(*_annotated(name), Signal)[1]


def _annotated(name: str) -> tuple[Any, dict[str, Any]]:
    namespace = {"Signal": Signal, "ModelSignal": ModelSignal, **vars(_payloads())}
    return resolve(annotation_of(name, vars(signals), signals), namespace), namespace


def _payloads() -> Any:
    from . import payloads  # slow to import, and rarely needed

    return payloads
