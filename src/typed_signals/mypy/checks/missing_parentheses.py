"""
A class of signals in the place of a signal: ``pizza_done = Signal[S, K]``, without ().
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals._shared.messages import uncalled_problem
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint
from typed_signals.mypy.lib.signal_types import signal_class

if TYPE_CHECKING:
    from mypy.nodes import Context
    from mypy.types import Type


def find_uncalled(typ: Type | None, place: Context) -> list[Complaint]:
    """
    Return what is wrong if *typ*, where a signal is meant, is that of a class.
    """
    cls = signal_class(typ)
    return [] if cls is None else [Complaint(codes.DECLARATION, uncalled_problem(cls), place)]
