"""
A signal class used as a signal: ``pizza_done = Signal[S, K]``, without ().
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals._shared.messages import uncalled_problem
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint
from typed_signals.mypy.lib.declared_types import signal_class

if TYPE_CHECKING:
    from mypy.nodes import Context
    from mypy.types import Type


def find_uncalled(typ: Type | None, place: Context) -> list[Complaint]:
    """
    Return the complaint if *typ*, used as a signal, is the type of a class.
    """
    cls = signal_class(typ)
    return [] if cls is None else [Complaint(codes.DECLARATION, uncalled_problem(cls), place)]
