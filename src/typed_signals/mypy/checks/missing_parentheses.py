"""
Other objects in the place of a signal, such as ``pizza_done = Signal[S, K]``, without ().
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.types import CallableType, Instance, get_proper_type

from typed_signals._shared.messages import not_a_signal_problem, uncalled_problem
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


def find_other_objects(typ: Type | None, place: Context) -> list[Complaint]:
    """
    Return the complaint if *typ*, in ``receiver(...)``, is the type of no signal.

    It is for what is easily confused with a signal: its class, its payload, its name, a receiver.
    """
    if uncalled := find_uncalled(typ, place):
        return uncalled
    proper = get_proper_type(typ)
    name, is_function = None, False
    if isinstance(proper, CallableType):
        is_function = not proper.is_type_obj()
        name = proper.name if is_function else proper.type_object().name
    elif isinstance(proper, Instance) and proper.type.fullname == "builtins.str":
        literal = proper.last_known_value
        name = "a string" if literal is None else repr(literal.value)
    if name is None:
        return []
    problem = not_a_signal_problem(name, is_function=is_function)
    return [Complaint(codes.DECLARATION, problem, place)]
