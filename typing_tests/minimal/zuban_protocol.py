"""zuban: the result of a function for ``Wanted[str]`` is also used for ``Wanted[int]``."""

from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Wanted(Protocol[T_contra]):
    def __call__(self, sender: str, size: T_contra) -> object: ...


class Signal(Generic[T]):
    def connect(self, receiver: Wanted[T]) -> None: ...


def takes_int(sender: str, size: int) -> None: ...


def connect(of_str: Signal[str], of_int: Signal[int]) -> None:
    # Error
    of_str.connect(takes_int)
    # Right, but an error for zuban
    of_int.connect(takes_int)
