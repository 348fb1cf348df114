"""``**kwargs: Unpack[...]`` of a TypedDict that is not closed: may there be additional keys?"""

from typing import Any, Protocol, TypedDict, Unpack


class Payload(TypedDict):
    size: int


def send(**payload: Unpack[Payload]) -> None: ...


class Wanted(Protocol):
    def __call__(self, **kwargs: Unpack[Payload]) -> object: ...


def has_option(dry_run: bool = False, **kwargs: Any) -> None: ...
def needs_price_unannotated(price, **kwargs): ...
def takes_all(*, size: int) -> None: ...


# Error, missed by ty
send(size=32, price=10)
# Right, but an error for pyright, basedpyright, ty, zuban
option: Wanted = has_option
# Error, missed by pyright, basedpyright
unannotated: Wanted = needs_price_unannotated
# Error, missed by plugin, mypy
all_keys: Wanted = takes_all
