"""
Deliveries as messages, by the semantic conventions of OpenTelemetry for messaging.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from opentelemetry import context, trace
from opentelemetry.trace import Link, SpanKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.trace import SpanContext

_SYSTEM: Final = "typed_signals"

# Of the span in whose trace a delivery was sent.
_CREATION: Final = context.create_key("typed_signals_creation")


class Message(NamedTuple):
    """
    What the span of a receiver in the background has, or that of its send.
    """

    name: str
    kind: SpanKind
    attributes: dict[str, str | int]
    links: Sequence[Link]


def as_sent(delivery: Any, receiver: str) -> Message:
    """
    Return what the span of a send has.

    Args:
        delivery: the delivery.
        receiver: the name of its receiver.
    """
    attributes = {**_facts("send", delivery), "typed_signals.signal": delivery.signal}
    if delivery.options.queue is not None:
        attributes["messaging.destination.name"] = delivery.options.queue
    return Message(f"send {receiver}", SpanKind.PRODUCER, attributes, ())


def as_received(delivery: Any, receiver: str, here: Context) -> Message:
    """
    Return what the span of the receiver has.

    If the engine has made a span for its task, this is one in it, like that of other receivers.

    Args:
        delivery: the delivery.
        receiver: the name of the receiver.
        here: the context in which it is called.
    """
    around = trace.get_current_span(here).get_span_context()
    creation: Any = context.get_value(_CREATION, here)
    links = () if creation is None else (Link(creation),)
    if around.is_valid and not around.is_remote:
        attributes: dict[str, str | int] = {"messaging.message.id": delivery.id}
        message = Message(receiver, SpanKind.INTERNAL, attributes, links)
    else:
        attributes = _facts("process", delivery)
        message = Message(f"process {receiver}", SpanKind.CONSUMER, attributes, links)
    attributes["typed_signals.attempt"] = delivery.attempt
    return message


def _facts(operation: str, delivery: Any) -> dict[str, str | int]:
    return {
        "messaging.system": _SYSTEM,
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.message.id": delivery.id,
    }


def with_creation(creation: SpanContext, here: Context) -> Context:
    """
    Return the context *here* for the receiver of a delivery that was sent in the span *creation*.
    """
    return context.set_value(_CREATION, creation if creation.is_valid else None, here)
