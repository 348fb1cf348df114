"""
Which keys of a payload travel, and how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from ._codec import CannotTravel, codec_of
from ._read import declared_by, may_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typed_signals._declare.payload import Payload

    from ._codec import Codec


class Keys(NamedTuple):
    """
    What travels of the sends of a signal.
    """

    payload: Payload

    codecs: Mapping[str, Codec]
    """Those of the keys that travel."""

    reasons: Mapping[str, CannotTravel]
    """Why the others do not."""

    required: frozenset[str]
    """The required ones that travel."""

    sender: Codec | None
    """The codec of a sender that is not a class, if the type of senders is declared and travels."""

    sender_reason: CannotTravel | None
    """Why no sender travels; None if some do: classes do without being declared."""


_known: Final[WeakKeyDictionary[Any, Keys]] = WeakKeyDictionary()


def keys_of(signal: Any) -> Keys:
    """
    Return which keys of *signal* travel.

    Raises:
        DeclarationError: the declaration of the signal is invalid.
    """
    if (known := _known.get(signal)) is not None:
        return known
    payload, read, sender = declared_by(signal)
    codecs = {key: each for key, each in read.items() if not isinstance(each, CannotTravel)}
    reasons = {key: each for key, each in read.items() if isinstance(each, CannotTravel)}
    sender_codec, sender_reason = _of_senders(sender)
    required = payload.required_keys.intersection(codecs)
    keys = Keys(payload, codecs, reasons, required, sender_codec, sender_reason)
    if not may_change(signal):
        _known[signal] = keys
    return keys


def _of_senders(stated: Any) -> tuple[Codec | None, CannotTravel | None]:
    if stated in (Any, object, type):
        return None, None
    try:
        return codec_of(stated), None
    except CannotTravel as error:
        return None, error
