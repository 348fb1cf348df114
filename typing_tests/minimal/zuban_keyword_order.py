"""zuban: ``**kwargs`` is ignored after a keyword that is out of order."""

from typing import Protocol


class Wanted(Protocol):
    def __call__(self, *, toppings: str, size: int, note: str) -> object: ...


def in_order(toppings: str, **kwargs: object) -> None: ...
def out_of_order(size: int, **kwargs: object) -> None: ...


takes_first: Wanted = in_order
# Right, but an error for zuban
takes_second: Wanted = out_of_order
