"""
A proof: what is proven of one decorator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Proof(NamedTuple):
    """
    What is proven of a decorator.
    """

    passes_on: bool
    """Whether what it returns passes everything on to the function."""

    signal: str
    """The parameter with the signal to which it connects what it returns; empty without one."""


Proofs = Callable[[str, str], dict[int, list[Proof]]]
"""Returns the proofs by the function's line, for the name and the path of a module."""
