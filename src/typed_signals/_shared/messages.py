"""
The messages that the run time and the mypy plugin share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every receiver gets these in addition to the payload; keys of a payload cannot have these names.
RESERVED_KEYS = ("sender", "signal")

# The first sentence is Django's.
NOT_CALLABLE = "Signal receivers must be callable. Pass the function itself, not its result"

# The maximum number of characters of a value in messages,
_LONGEST = 200
# and of names.
MOST_NAMES = 20


def shown(value: object) -> str:
    """
    Return *value* for messages: its ``repr``, shortened if it is too long.
    """
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - raised by user code; another error is reported
        return f"<{class_name(value)} object, repr failed>"
    return shortened(text)


def class_name(value: object) -> str:
    """
    Return the name of the class of *value*, without calling its metaclass.
    """
    name: str = type.__getattribute__(type(value), "__name__")
    return shortened(name)


def shortened(text: str) -> str:
    """
    Return *text*, shortened in the middle if it is too long for a message.
    """
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}...{text[-_LONGEST // 2 :]}"


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """
    Return the best match for the misspelt *name* in *candidates*, if there is one.
    """
    from difflib import get_close_matches  # only needed for an error message

    matches = get_close_matches(name, list(candidates), n=1, cutoff=0.6)
    return matches[0] if matches else None


def listed(names: Iterable[object]) -> str:
    """
    Return *names* quoted and joined, like ``'size', 'toppings'``.
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
    Return the message for a receiver that raises *error* when it is inspected.
    """
    return f"inspecting it raised {shown(error)}: connect a function that calls it"


def not_typed_dict_problem(payload: str, *, is_swapped: bool) -> str:
    """
    Return the message for a *payload* type that is not a TypedDict.
    """
    if is_swapped:
        fix = "sender and payload seem to be swapped, write Signal[sender, payload]"
    elif payload == "None":
        fix = "use an empty TypedDict for a signal without a payload"
    else:
        fix = "declare its keys in a class that inherits from TypedDict"
    return f"the payload {payload} is not a TypedDict: {fix}"


def no_sender_problem(payload: str) -> str:
    """
    Return the message for a *payload* that is used as the sender.
    """
    return f"{payload} is a payload, not a sender: write Signal[object, {payload}]"


def uncalled_problem(cls: str) -> str:
    """
    Return the message for the class *cls* that is used as a signal.
    """
    return f"{cls} is a class, not a signal: create a signal, as in pizza_done = {cls}()"


def reserved_keys_problem(payload_name: str, keys: Iterable[str]) -> str:
    """
    Return the message for a payload with reserved keys.
    """
    return f"{payload_name} declares {listed(keys)}, but these names are reserved: rename the key"


def unsendable_problem(parameter: str) -> str:
    """
    Return the message for a *parameter* of a declaration that cannot be passed by keyword.
    """
    return (
        f"'{parameter}' cannot be passed by keyword, but a payload is sent by keyword: make it a "
        "keyword parameter"
    )
