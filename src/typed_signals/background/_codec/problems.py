"""
Why a type or a value does not come back equal and of the same type.
"""

from __future__ import annotations

from typing import final

from typed_signals._shared.messages import shortened


@final
class CannotTravel(Exception):  # noqa: N818 - named for what it says about the type or value
    """
    A type or a value cannot travel, or what arrived does not fit the type.

    Attributes:
        what: what is wrong, as the rest of a sentence about the type or value.
        fix: how to fix it; may be empty.
        may_change: whether a name of the type may still be defined.
    """

    def __init__(self, what: str, fix: str = "", *, may_change: bool = False) -> None:
        """
        Args:
            what: what is wrong, as the rest of a sentence about the type or value.
            fix: how to fix it.
            may_change: whether a name of the type may still be defined.
        """
        super().__init__(what, fix)
        self.fix = fix
        self.may_change = may_change
        self.what = what
        self._steps: list[str] = []

    def inside(self, step: str) -> None:
        """
        Add the *step* from the outer type or value to this one, like ``.price`` or ``[3]``.
        """
        self._steps.append(step)

    @property
    def path(self) -> str:
        """
        The steps from the outermost type or value to the one that is wrong, like ``[3].price``.
        """
        return shortened("".join(reversed(self._steps)))

    @property
    def reason(self) -> str:
        """
        What is wrong, as a sentence.
        """
        return f"{self.path or 'it'} {self.what}"

    def __str__(self) -> str:
        return f"{self.reason}: {self.fix}" if self.fix else self.reason
