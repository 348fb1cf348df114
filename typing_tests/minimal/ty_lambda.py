"""ty: the parameters of a lambda get their types from one member of a union alone."""

from collections.abc import Callable
from typing import Any, Protocol, ParamSpec, TypeVar

P = ParamSpec("P")


class WithSender(Protocol[P]):
    def __call__(self, sender: type[int], *args: P.args, **kwargs: P.kwargs) -> Any: ...


def declare(
    function: Callable[P, object], receiver: WithSender[P] | Callable[P, object]
) -> None: ...


def by_keyword(*, note: str) -> None: ...


# Right, but an error for ty
declare(by_keyword, lambda sender, **kwargs: None)
