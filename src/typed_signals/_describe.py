"""
How a receiver is called in messages.
"""

from __future__ import annotations

from functools import partial
from typing import Any


def receiver_name(receiver: Any) -> str:
    """
    Return ``module.qualname`` of *receiver*, or of what it wraps or is an instance of.

    Never fails: ``send_robust`` names receivers while it handles another error.
    """
    if isinstance(receiver, partial):
        return f"functools.partial({receiver_name(receiver.func)})"
    named = receiver if isinstance(getattr(receiver, "__qualname__", None), str) else type(receiver)
    module = getattr(named, "__module__", None)
    name: str = named.__qualname__
    if named is not receiver:
        name = f"{name} object"
    return f"{module}.{name}" if isinstance(module, str) else name


def receiver_place(receiver: Any) -> str | None:
    """
    Return ``file:line`` of the code behind *receiver*, or None where there is none.
    """
    while isinstance(receiver, partial):
        receiver = receiver.func
    receiver = getattr(receiver, "__func__", receiver)
    code = getattr(receiver, "__code__", None) or getattr(
        getattr(type(receiver), "__call__", None), "__code__", None
    )
    if code is None and isinstance(receiver, type):
        code = getattr(getattr(receiver, "__init__", None), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else None


def describe_receiver(receiver: Any) -> str:
    """
    Return the name of *receiver* and, where it has one, its place: ``shop.f (shop.py:3)``.
    """
    place = receiver_place(receiver)
    return f"{receiver_name(receiver)} ({place})" if place else receiver_name(receiver)
