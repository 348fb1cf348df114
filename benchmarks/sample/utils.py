"""
Helpers for the other modules.
"""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

T = TypeVar("T")
K = TypeVar("K")

logger = logging.getLogger(__name__)

_SLUG = re.compile(r"[^a-z0-9]+")
_RATES = {"EUR": Decimal(1), "USD": Decimal("1.08"), "SEK": Decimal("11.3")}


@lru_cache(maxsize=256)
def slug(text: str, limit: int = 50) -> str:
    return _SLUG.sub("-", text.lower()).strip("-")[:limit]


def money(amount: Decimal, currency: str = "EUR") -> str:
    rounded = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{rounded:,} {currency}"


def convert(amount: Decimal, source: str, target: str) -> Decimal:
    try:
        rate = _RATES[target] / _RATES[source]
    except KeyError as error:
        raise ValueError(f"no rate from {source} to {target}") from error
    return amount * rate


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def group(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def pick(mapping: Mapping[str, Any], *names: str, default: Any = None) -> list[Any]:
    return [mapping.get(name, default) for name in names]


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = perf_counter()
    try:
        yield
    finally:
        logger.debug("%s took %.3f s", what, perf_counter() - start)


class Registry:
    """
    Stores objects by name.
    """

    def __init__(self) -> None:
        self._items: dict[str, object] = {}

    def add(self, name: str, item: object) -> None:
        if name in self._items:
            raise ValueError(f"{name} is registered already")
        self._items[name] = item

    def get(self, name: str) -> object | None:
        return self._items.get(name)

    def names(self) -> list[str]:
        return sorted(self._items, key=str.casefold)
