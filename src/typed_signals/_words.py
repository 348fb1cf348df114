"""
The vocabulary that the run time and the mypy plugin share, so that both say the same thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What every receiver is passed besides the payload; a payload key cannot have these names.
RESERVED_KEYS = ("sender", "signal")

# The first sentence is Django's.
NOT_CALLABLE = "Signal receivers must be callable: pass the function itself, not its result"


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """
    Return the one of *candidates* that *name* is most likely a misspelling of.
    """
    from difflib import get_close_matches  # only needed to word an error

    matches = get_close_matches(name, list(candidates), n=1, cutoff=0.6)
    return matches[0] if matches else None


def listed(names: Iterable[str]) -> str:
    """
    Return *names* quoted and joined, as in ``'size', 'toppings'``.
    """
    return ", ".join(repr(name) for name in names)


def not_typed_dict_problem(payload: str, *, is_swapped: bool) -> str:
    """
    Return the sentence that refuses a *payload* type which is no TypedDict.
    """
    fix = (
        "the arguments look swapped, write Signal[sender, payload]"
        if is_swapped
        else "declare its keys in a class that inherits from TypedDict"
    )
    return f"the payload {payload} is not a TypedDict: {fix}"


def reserved_keys_problem(payload_name: str, keys: Iterable[str]) -> str:
    """
    Return the sentence that refuses a payload with reserved keys.
    """
    return (
        f"{payload_name} declares {listed(keys)}, which every receiver is passed anyway: "
        "rename the key"
    )
