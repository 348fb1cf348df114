"""
How a receiver is called in messages.
"""

from __future__ import annotations

from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Any, Final

from ._words import class_name, shortened

# A stack of decorators deeper than this is a cycle of ``__wrapped__``.
_MAX_LAYERS: Final = 100


def receiver_name(receiver: Any) -> str:
    """
    Return ``module.qualname`` of *receiver*, or of what it wraps or is an instance of.

    Never fails: ``send_robust`` names receivers while it handles another error.
    """
    try:
        return shortened(_name(receiver))
    except Exception:  # noqa: BLE001 - its own code's, or partials that never end
        return f"{class_name(receiver)} object"


def _name(receiver: Any) -> str:
    if isinstance(receiver, partial):
        return f"functools.partial({_name(receiver.func)})"
    named = receiver if isinstance(getattr(receiver, "__qualname__", None), str) else type(receiver)
    module = getattr(named, "__module__", None)
    name: str = named.__qualname__
    if named is not receiver:
        name = f"{name} object"
    return _in_module(module, name)


def _in_module(module: object, name: str) -> str:
    return f"{module}.{name}" if isinstance(module, str) else name


def receiver_place(receiver: Any) -> str | None:
    """
    Return ``file:line`` of the code behind *receiver*, or None where there is none.

    For what a decorator made with ``functools.wraps``, that is the decorated function, whose name
    it bears.
    """
    try:
        return _place(receiver)
    except Exception:  # noqa: BLE001 - its own code's
        return None


def _place(receiver: Any) -> str | None:
    for _ in range(_MAX_LAYERS):
        if isinstance(receiver, partial):
            receiver = receiver.func
        elif isinstance(receiver, (FunctionType, MethodType)) and hasattr(receiver, "__wrapped__"):
            receiver = receiver.__wrapped__
        else:
            break
    if isinstance(receiver, type):
        candidates = [getattr(receiver, name) for name in ("__init__", "__new__")]
    else:
        candidates = [receiver, getattr(type(receiver), "__call__", None)]
    for candidate in candidates:
        if isinstance(code := getattr(candidate, "__code__", None), CodeType):
            return _place_of(code)
    return None


def _place_of(code: CodeType) -> str:
    return f"{code.co_filename}:{code.co_firstlineno}"


def describe_receiver(receiver: Any) -> str:
    """
    Return the name of *receiver* and, where it has one, its place: ``shop.f (shop.py:3)``.
    """
    place = receiver_place(receiver)
    return f"{receiver_name(receiver)} ({place})" if place else receiver_name(receiver)


def describe_function(module: object, name: str, code: CodeType) -> str:
    """
    Return what :func:`describe_receiver` returns for a function that has these attributes.
    """
    return f"{shortened(_in_module(module, name))} ({_place_of(code)})"
