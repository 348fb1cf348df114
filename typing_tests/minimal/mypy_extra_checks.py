"""mypy: next to ``**kwargs``, a parameter in ``Concatenate`` must be positional-only."""

# mypy: extra-checks

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypedDict, Unpack

P = ParamSpec("P")


class PizzaDone(TypedDict):
    size: int


def declare(function: Callable[Concatenate[object, P], object]) -> None: ...


# Right, but an error for plugin, mypy
@declare
def anything(sender: object, **kwargs: Any) -> object: ...


@declare
def positional_only(sender: object, /, **kwargs: Any) -> object: ...


@declare
def spelled_out(sender: object, size: int) -> object: ...


@declare
def unpacked(sender: object, **kwargs: Unpack[PizzaDone]) -> object: ...
