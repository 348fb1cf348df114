"""
Results that several checks of one module share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

ValueT = TypeVar("ValueT")


class OfLastModule(Generic[ValueT]):
    """
    A result for the module that mypy checks, until it checks another one.
    """

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: tuple[object, ValueT] | None = None

    def get(self, api: object, make: Callable[[], ValueT]) -> ValueT:
        """
        Return the result for the current module, which *make* returns the first time.

        Args:
            api: mypy's checker, one for each module. The daemon has another one after the file is
                edited.
            make: returns the result.
        """
        if self._found is None or self._found[0] is not api:
            self._found = api, make()
        return self._found[1]
