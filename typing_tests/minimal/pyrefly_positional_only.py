"""pyrefly: a positional-only parameter is accepted for a keyword argument."""

from typing import Protocol, TypedDict, Unpack


class Payload(TypedDict):
    size: int


class Wanted(Protocol):
    def __call__(self, **kwargs: Unpack[Payload]) -> object: ...


def positional(sender: object, /, **kwargs: object) -> None: ...


# Error, missed by pyrefly
wanted: Wanted = positional
