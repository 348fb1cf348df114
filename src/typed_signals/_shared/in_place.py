"""
Whether receivers in the background run in place, as tests want.

This is known here so that helpers for tests need not import what such receivers need.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_entered: Final[list[None]] = []


@contextmanager
def in_place() -> Iterator[None]:
    """
    Return a context manager in which each receiver in the background runs at once, in all threads.

    It replaces every engine by :class:`Immediate`, for tests. ``signal_spy`` does the same.
    """
    _entered.append(None)
    try:
        yield
    finally:
        _entered.pop()


def is_in_place() -> bool:
    return bool(_entered)
