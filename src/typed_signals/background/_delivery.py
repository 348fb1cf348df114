"""
``Delivery``: one call of a receiver in the background, and the text that stands for it.

The text is JSON, and the only argument of the engine's task. So what an engine or its broker does
with JSON of its own cannot change a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, final
from uuid import uuid4

import msgspec
from msgspec.structs import force_setattr, replace

from typed_signals._shared.messages import shown
from typed_signals.exceptions import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
@dataclass(frozen=True, slots=True)
class Options:
    """
    Where and how soon an engine runs a receiver. None is what the engine does by default.

    Attributes:
        queue: the name of the queue.
        priority: its priority, in the numbers of the engine.
    """

    queue: str | None = None
    priority: int | None = None

    def or_else(self, other: Options) -> Options:
        """
        Return these options, with those of *other* where there is none.
        """
        return Options(
            other.queue if self.queue is None else self.queue,
            other.priority if self.priority is None else self.priority,
        )


def options_problem(queue: object, priority: object) -> str | None:
    """
    Return what is wrong with these options; None if nothing is.
    """
    if queue is not None and (type(queue) is not str or not queue):
        return f"queue must be the name of a queue, not {shown(queue)}: pass a string"
    if priority is not None and type(priority) is not int:
        return f"priority must be an int, not {shown(priority)}"
    return None


def _new_id() -> str:
    return str(uuid4())


def _now() -> datetime:
    return datetime.now(UTC)


@final
class Delivery(msgspec.Struct, frozen=True, eq=False):
    """
    One call of a receiver in the background. It is read-only.

    It is the response of the receiver to ``send``; and a receiver that has a parameter named
    ``delivery`` is passed it, unless that is a key of the payload.

    Attributes:
        signal: the dotted name of the signal.
        receiver: the key of the receiver: its ``dispatch_uid``, or its dotted name.
        id: identifies it, also if the engine runs the receiver twice; a UUID as text.
        sent_at: when the signal was sent, in UTC.
        attempt: 1 in the first call, more if the engine may have called the receiver before; 0 in
            the response to ``send``.
        options: the queue and the priority.
        result: the engine's own object, such as Celery's ``AsyncResult``; None until it is
            enqueued, and where the receiver runs.
    """

    signal: str
    receiver: str
    id: str = msgspec.field(default_factory=_new_id)
    sent_at: datetime = msgspec.field(default_factory=_now)
    attempt: int = 0
    options: Options = Options()
    result: Any = None

    def __repr__(self) -> str:
        attempt = f", attempt {self.attempt}" if self.attempt else ""
        return f"<Delivery {self.id} of {self.signal} to {self.receiver}{attempt}>"

    def __reduce__(self) -> Any:
        # A pickled one has no result, because that of an engine often has locks or connections.
        return msgspec.Struct.__reduce__(replace(self, result=None))

    def _enqueued(self, result: object) -> None:
        force_setattr(self, "result", result)


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    What the text of a delivery contains.

    The first four are those of a :class:`Delivery`.

    Attributes:
        payload: the encoded keys that travel.
        sender: the encoded sender; unset if it does not travel.
        left_out: keys whose type travels, but not their value, and that the receiver does not name.
        trace: the headers of the trace (W3C Trace Context), if there is one.
    """

    id: str
    signal: str
    receiver: str
    sent_at: Annotated[datetime, msgspec.Meta(tz=True)]
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
        left_out: keys whose value does not travel.
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
        return _decoder.decode(text)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        raise DeliveryError(
            f"this is not the text of a delivery: {error}. Is the task of typed-signals enqueued "
            "by other code?"
        ) from error
