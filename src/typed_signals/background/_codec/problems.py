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

    def about(self, name: str) -> str:
        """
        Return what is wrong with the value or type called *name*, and the fix.
        """
        reason = self.reason_about(name)
        return f"{reason}: {self.fix}" if self.fix else reason

    def reason_about(self, name: str) -> str:
        """
        Return what is wrong with the value or type called *name*: "it" or the part of it.
        """
        path = "".join(reversed(self._steps))
        return f"{name}{shortened(path)} {self.what}" if path else f"it {self.what}"

    def __str__(self) -> str:
        return self.about("")
