"""
Find out what never matches: senders that a signal does not have, and receivers that are connected
as other objects.
"""

from __future__ import annotations

import sys
from typing import Any, get_args, get_origin

from typed_signals._base import BaseSignal
from typed_signals._connect.identity import receiver_key
from typed_signals._shared.callables import MOST_LAYERS, without_partials
from typed_signals._shared.messages import shown
from typed_signals._watch.by_name import known_name


def is_inside(receiver: Any, other: Any) -> bool:
    """
    Return whether *other* is *receiver*, a partial of it, or what a decorator has made of it.
    """
    key = receiver_key(receiver, None)
    for _ in range(MOST_LAYERS):
        other = without_partials(other)
        if receiver_key(other, None) == key:
            return True
        try:
            other = other.__wrapped__
        except Exception:  # noqa: BLE001 - there is none, or raised by user code
            break
    return False


def check_sender(signal: Any, sender: object) -> None:
    """
    Refuse several senders, an instance if the senders of *signal* are classes, and the other way
    round.

    Raises:
        TypeError: the signal never has this *sender*.
    """
    needed = None if sender is None else _needed_sender(signal, sender)
    if needed is not None:
        advice = "its attribute 'through'" if _is_relation(sender) else "one"
        raise TypeError(
            f"{known_name(signal)} is sent by {needed}, not by {shown(sender)}: pass {advice}"
        )


def _is_relation(sender: object) -> bool:
    return hasattr(type(sender), "through")


def _needed_sender(signal: Any, sender: Any) -> str | None:
    if isinstance(sender, (list, tuple, set, frozenset)):
        return "one sender at a time" if any(isinstance(each, type) for each in sender) else None
    models = sys.modules.get("django.db.models.signals")
    if models is not None and isinstance(signal, models.ModelSignal):
        is_other = hasattr(type(sender), "_meta") or _is_relation(sender) or isinstance(sender, str)
        return "model classes" if is_other else None
    if not isinstance(signal, BaseSignal):
        return None
    stated = signal._declaration.sender_type_of(signal)
    are_classes = get_origin(stated) is type
    cls = get_args(stated)[0] if are_classes else stated
    try:
        is_instance = isinstance(sender, cls)
        is_class = isinstance(sender, type) and issubclass(sender, cls)
    except Exception:  # noqa: BLE001 - it is not a class, or user code raises anything
        return None
    if are_classes:
        return f"classes, {cls.__name__} or others" if is_instance and not is_class else None
    return f"instances of {cls.__name__}" if is_class and not is_instance else None
