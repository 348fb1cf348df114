"""``**kwargs: Unpack[...]`` of a closed TypedDict: there are no additional keys (PEP 728)."""

from typing import Protocol, Unpack

from typing_extensions import TypedDict


class Payload(TypedDict, closed=True):
    size: int


def send(**payload: Unpack[Payload]) -> None: ...


class Wanted(Protocol):
    def __call__(self, **kwargs: Unpack[Payload]) -> object: ...


def has_option(dry_run: bool = False, **kwargs: object) -> None: ...
def needs_price_unannotated(price, **kwargs): ...


# Error
send(size=32, price=10)
option: Wanted = has_option
# Error
unannotated: Wanted = needs_price_unannotated
