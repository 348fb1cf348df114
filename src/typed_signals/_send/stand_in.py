"""
What is called in place of a receiver, and may not be seen in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class StandIn:
    """
    A callable that a send calls in place of *receiver*, which it calls.

    Responses, logs and notes name the receiver.

    Attributes:
        receiver: the receiver.
    """

    __slots__ = ("receiver",)

    def __init__(self, receiver: Any) -> None:
        self.receiver = receiver

    def __getattr__(self, name: str) -> Any:
        if name == "receiver":  # of a copy that has none yet
            raise AttributeError(name)
        return getattr(self.receiver, name)


def behind(receiver: Any) -> Any:
    """
    Return the receiver that *receiver* stands in for, if it does, otherwise *receiver*.
    """
    # The type is asked, because objects may raise when they are asked for their class.
    return receiver.receiver if issubclass(type(receiver), StandIn) else receiver


def with_receivers(responses: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """
    Return *responses* with the receivers themselves.
    """
    return [(behind(receiver), response) for receiver, response in responses]
