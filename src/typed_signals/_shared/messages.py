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

# Of what a caller passes, messages show no more characters than this,
_LONGEST = 200
# and no more names.
MOST_NAMES = 20


def shown(value: object) -> str:
    """
    Return *value* as messages show it: its ``repr``, unless that is too long or fails.
    """
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - its own code's; there is another error to tell of
        return f"<{class_name(value)} object without a repr>"
    return shortened(text)


def class_name(value: object) -> str:
    """
    Return the name of the class of *value*, whatever its metaclass does.
    """
    name: str = type.__getattribute__(type(value), "__name__")
    return shortened(name)


def shortened(text: str) -> str:
    """
    Return *text* without its middle, if it is too long for a message.
    """
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}...{text[-_LONGEST // 2 :]}"


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """
    Return the one of *candidates* that *name* is most likely a misspelling of.
    """
    from difflib import get_close_matches  # only needed to word an error

    matches = get_close_matches(name, list(candidates), n=1, cutoff=0.6)
    return matches[0] if matches else None


def listed(names: Iterable[object]) -> str:
    """
    Return *names* quoted and joined, as in ``'size', 'toppings'``.
    """
    texts = [shown(name) for name in names]
    rest = len(texts) - MOST_NAMES
    return ", ".join([*texts[:MOST_NAMES], f"and {rest} more"] if rest > 0 else texts)


def refused(signal_name: str, receiver: str, reasons: str) -> str:
    """
    Return the sentence that refuses a *receiver*, for the *reasons* given.
    """
    return f"{signal_name} cannot connect {receiver}: {reasons}"


def unreadable_problem(error: Exception) -> str:
    """
    Return the sentence that refuses a receiver which raises *error* when it is looked at.
    """
    return f"looking at it raises {shown(error)}: connect a function that calls it"


def not_typed_dict_problem(payload: str, *, is_swapped: bool) -> str:
    """
    Return the sentence that refuses a *payload* type which is no TypedDict.
    """
    if is_swapped:
        fix = "the arguments look swapped, write Signal[sender, payload]"
    elif payload == "None":
        fix = "use an empty TypedDict for a signal that carries nothing"
    else:
        fix = "declare its keys in a class that inherits from TypedDict"
    return f"the payload {payload} is not a TypedDict: {fix}"


def no_sender_problem(payload: str) -> str:
    """
    Return the sentence that refuses a *payload* in the place of the sender, with none after it.
    """
    return f"{payload} is a payload in the place of the sender: write Signal[object, {payload}]"


def uncalled_problem(cls: str) -> str:
    """
    Return the sentence for the class *cls* in the place of a signal.
    """
    return f"{cls} is a class, not a signal: call it, as in pizza_done = {cls}()"


def reserved_keys_problem(payload_name: str, keys: Iterable[str]) -> str:
    """
    Return the sentence that refuses a payload with reserved keys.
    """
    return (
        f"{payload_name} declares {listed(keys)}, which every receiver is passed anyway: "
        "rename the key"
    )


def unsendable_problem(parameter: str) -> str:
    """
    Return the sentence that refuses a declaration with a *parameter* that takes no keyword.
    """
    return (
        f"'{parameter}' in the declaration cannot be sent, as a payload is passed by keyword: make "
        "it a keyword parameter"
    )
