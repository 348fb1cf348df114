from collections.abc import Callable
from typing import Any, TypedDict

from flask_caching import Cache
from typed_signals_stubs.blinker import Signal

class ViewLookedUp(TypedDict):
    cache: Cache
    cache_key: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

class FunctionLookedUp(ViewLookedUp):
    f: Callable[..., Any]

# They are sent without a sender.
cache_view_hit: Signal[None, ViewLookedUp]
cache_view_miss: Signal[None, ViewLookedUp]
cache_memoize_hit: Signal[None, FunctionLookedUp]
cache_memoize_miss: Signal[None, FunctionLookedUp]
