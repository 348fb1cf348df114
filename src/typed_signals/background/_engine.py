"""
``Engine``: what carries a delivery to the receiver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

if TYPE_CHECKING:
    from ._delivery import Delivery


class Engine(Protocol):
    """
    What carries deliveries; most engines are a few lines around a task queue.

    An engine has one task, with one argument. In the worker, this task calls
    :func:`typed_signals.background.run` with it.

    Attributes:
        name (str): its name in messages and listings, like ``"celery"``.
        in_process (bool): whether receivers run in the process of the sender.
        can_await (bool): whether async receivers can run in its worker.
    """

    @property
    def name(self) -> str: ...

    @property
    def in_process(self) -> bool: ...

    @property
    def can_await(self) -> bool: ...

    def enqueue(self, delivery: Delivery, text: str) -> object:
        """
        Take a delivery; what is raised is raised by the send.

        Args:
            delivery: the delivery: its ``id``, its ``receiver`` for logs, and its ``options``.
            text: what the task passes to ``run``: JSON, in ASCII or not.

        Returns:
            The ``result`` of the delivery.
        """


def is_engine(candidate: Any) -> TypeGuard[Engine]:
    """
    Return whether *candidate* has what an engine needs.
    """
    return not isinstance(candidate, type) and (
        callable(getattr(candidate, "enqueue", None))
        and all(hasattr(candidate, name) for name in ("name", "in_process", "can_await"))
    )
