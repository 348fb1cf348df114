"""
Numbers of seconds that users pass.
"""

from __future__ import annotations

from typing import cast

from .messages import shown


def is_number_of_seconds(value: object) -> bool:
    """
    Return whether *value* is zero or a positive number, which may be infinite.
    """
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and cast("float", value) >= 0  # which nan is not


def seconds_problem(value: object) -> str:
    """
    Return what is wrong with a *value* that is not a usable number of seconds.
    """
    return f"must be a positive number of seconds such as 0.1, not {shown(value)}"
