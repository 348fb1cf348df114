"""mypy: a function with a decorator whose type is a union is untyped."""

# mypy: disallow-untyped-decorators

from typing import Protocol, TypeVar

FunctionT = TypeVar("FunctionT")


class One(Protocol):
    def __call__(self, function: FunctionT, /) -> FunctionT: ...


class Other(Protocol):
    def __call__(self, function: FunctionT, /) -> FunctionT: ...


class Wrapped(Protocol):
    __call__: One | Other


def decorate(union: One | Other, wrapped: Wrapped) -> None:
    # Right, but an error for plugin, mypy
    @union
    def of_union() -> None: ...

    @wrapped
    def of_wrapped() -> None: ...
