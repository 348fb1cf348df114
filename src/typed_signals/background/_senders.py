"""
How senders travel: classes by name, others as the declaration says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._codec import CannotTravel, codec_of

if TYPE_CHECKING:
    from ._keys import Keys

# In the text, a sender is null, or has one of these keys.
_CLASS: Final = "class"
_VALUE: Final = "value"


def dump_sender(sender: object, keys: Keys) -> dict[str, Any] | None:
    """
    Return *sender* encoded.

    Raises:
        CannotTravel: it is neither a class nor of a declared type that travels.
    """
    if sender is None:
        return None
    if issubclass(type(sender), type):
        return {_CLASS: codec_of(type).dump(sender)}
    if keys.sender is None:
        raise CannotTravel(
            "it is not a class",
            "send the class, or declare the type of senders, as in Signal[str, Payload]",
        )
    return {_VALUE: keys.sender.dump(sender)}


def load_sender(keys: Keys, encoded: Any) -> Any:
    """
    Return the sender.

    Raises:
        CannotTravel: it does not fit the declaration.
        UnknownNameError: there is no such class in this process.
    """
    if encoded is None:
        return None
    if isinstance(encoded, dict) and _CLASS in encoded:
        return codec_of(type).load(encoded[_CLASS])
    if isinstance(encoded, dict) and _VALUE in encoded and keys.sender is not None:
        return keys.sender.load(encoded[_VALUE])
    raise CannotTravel("it is not a sender", "has the type of senders changed?")
