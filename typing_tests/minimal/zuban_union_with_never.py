"""zuban: the code after a call of a union is unreachable if one of its results is ``Never``."""

from collections.abc import Callable
from typing import Never, TypeVar

ReturnT = TypeVar("ReturnT")


def never(function: Callable[[int], str] | Callable[[int], Never]) -> None:
    function(1)
    # Right, but an error for zuban
    print("reachable")
