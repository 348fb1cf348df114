"""
Receivers that run in the background: another process calls them, or another thread.

The queue is one that exists, such as Celery or ``django.tasks``; typed-signals encodes the payload
by its declaration, and refuses what would not come back as it is::

    background = Background(CeleryTasks(app))

    @background.receiver(order_placed)
    def ship(sender, order_id, **kwargs): ...

This needs the extra ``typed-signals[background]``. On Django, write
``@typed_signals.django.receiver(order_placed, background=True)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typed_signals._shared.in_place import in_place

try:
    import msgspec  # noqa: F401 - of the modules below
except ImportError as _error:
    raise ImportError(
        "receivers in the background need msgspec: install typed-signals[background]"
    ) from _error

from ._background import Background
from ._delivery import Delivery, Options
from ._engine import Engine
from ._immediate import Immediate
from ._run import run
from ._threads import Threads

if TYPE_CHECKING:
    from ._celery import CeleryTasks as CeleryTasks
    from ._django_tasks import DjangoTasks as DjangoTasks

__all__ = [
    "Background",
    "Delivery",
    "Engine",
    "Immediate",
    "Options",
    "Threads",
    "in_place",
    "run",
]

# Each imports what it is built on, so they are not in __all__.
_LAZY: dict[str, str] = {
    "CeleryTasks": "_celery",
    "DjangoTasks": "_django_tasks",
}


if TYPE_CHECKING:
    pass  # with this function, type checkers would accept any name
else:

    def __getattr__(name: str) -> Any:
        if name in _LAZY:
            from importlib import import_module  # only where it is used

            return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
