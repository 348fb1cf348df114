"""
``Delivery``: one call of a receiver in the background, and the text that stands for it.

The text is JSON, and the only argument of the engine's task. So what an engine or its broker does
with JSON of its own cannot change a value.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, final
from uuid import uuid4

import msgspec

from typed_signals.exceptions import DeliveryError

from ._options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
class Delivery:
    """
    One call of a receiver in the background. It is read-only.

    It is the response of the receiver to ``send``; and a receiver that has a parameter named
    ``delivery`` is passed it, unless that is a key of the payload.

    Attributes:
        id: identifies it, also if the engine runs the receiver twice; a UUID as text.
        signal: the dotted name of the signal.
        receiver: the key of the receiver: its ``dispatch_uid``, or its dotted name.
        sent_at: when the signal was sent, in UTC.
        attempt: how many times the engine has started the receiver: 1 in the first call, 0 in the
            response to ``send``.
        options: the queue and the priority.
    """

    __slots__ = ("_result", "attempt", "id", "options", "receiver", "sent_at", "signal")

    id: str
    signal: str
    receiver: str
    sent_at: datetime
    attempt: int
    options: Options
    _result: object

    def __init__(
        self,
        signal: str,
        receiver: str,
        *,
        id: str | None = None,  # noqa: A002 - the name of the attribute
        sent_at: datetime | None = None,
        attempt: int = 0,
        options: Options | None = None,
    ) -> None:
        set_once = object.__setattr__
        set_once(self, "signal", signal)
        set_once(self, "receiver", receiver)
        set_once(self, "id", str(uuid4()) if id is None else id)
        set_once(self, "sent_at", datetime.now(UTC) if sent_at is None else sent_at)
        set_once(self, "attempt", attempt)
        set_once(self, "options", Options() if options is None else options)
        set_once(self, "_result", None)

    @property
    def result(self) -> Any:
        """
        The engine's own object, such as Celery's ``AsyncResult``; None until it is enqueued, and
        where the receiver runs.
        """
        return self._result

    def _enqueued(self, result: object) -> None:
        object.__setattr__(self, "_result", result)

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"a Delivery is read-only, so {name!r} cannot be set")

        def __delattr__(self, name: str) -> None:
            raise AttributeError(f"a Delivery is read-only, so {name!r} cannot be deleted")

    def __repr__(self) -> str:
        attempt = f", attempt {self.attempt}" if self.attempt else ""
        return f"<Delivery {self.id} of {self.signal} to {self.receiver}{attempt}>"


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    What the text of a delivery contains.

    Attributes:
        id: see :class:`Delivery`, as for the next three.
        signal: .
        receiver: .
        sent_at: .
        payload: the encoded keys that travel.
        sender: the encoded sender; unset if it does not travel.
        left_out: required keys whose value does not travel, and that the receiver does not name.
        trace: the headers of the trace (W3C Trace Context), if there is one.
    """

    id: str
    signal: str
    receiver: str
    sent_at: datetime
    payload: dict[str, Any]
    sender: Any = msgspec.UNSET
    left_out: list[str] = []
    trace: dict[str, str] = {}


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Content)


def as_text(
    delivery: Delivery,
    payload: dict[str, Any],
    sender: Any,
    left_out: list[str],
    trace: Mapping[str, str],
) -> str:
    """
    Return the text of *delivery*.

    Args:
        delivery: the delivery.
        payload: the encoded keys that travel.
        sender: the encoded sender; ``UNSET`` if it does not travel.
        left_out: required keys that do not travel.
        trace: the headers of the trace.
    """
    content = Content(
        delivery.id,
        delivery.signal,
        delivery.receiver,
        delivery.sent_at,
        payload,
        sender,
        left_out,
        dict(trace),
    )
    return _encoder.encode(content).decode()


def from_text(text: str) -> Content:
    """
    Return what *text* contains.

    Raises:
        DeliveryError: it is not the text of a delivery.
    """
    try:
        content = _decoder.decode(text)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        raise DeliveryError(
            f"this is not the text of a delivery: {error}. Is the task of typed-signals enqueued "
            "by other code?"
        ) from error
    if content.sent_at.tzinfo is None:
        raise DeliveryError(f"the delivery {content.id} has a time without a zone: {text[:200]}")
    return content
