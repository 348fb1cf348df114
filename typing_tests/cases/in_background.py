"""Receivers in the background"""

from functools import partial
from typing import Any, TypedDict, Unpack, assert_type

from django.db.models.signals import post_save, pre_save
from typed_signals import Signal as CoreSignal
from typed_signals.background import Background, Delivery, Immediate
from typed_signals.django import Signal, receiver


class Shop: ...


class OrderPlaced(TypedDict):
    order_id: int
    total: float


@Signal.declare
def order_placed(sender: type[Shop], *, order_id: int, total: float) -> object:
    """An order is placed."""


@CoreSignal.declare
def order_paid(sender: type[Shop], **kwargs: Unpack[OrderPlaced]) -> object:
    """An order is paid."""


order_sent = Signal[type[Shop], OrderPlaced, bool]()
background = Background(Immediate())


# == Right receivers, which keep their type
@receiver(order_placed, background=True)
def confirm(sender: type[Shop], order_id: int, **kwargs: Any) -> int:
    return order_id


assert_type(confirm(sender=Shop, order_id=1), int)


@receiver(order_sent, background=background, enqueue="now", queue="mail", priority=3)
async def thank(sender: type[Shop], total: float, **kwargs: Any) -> str:
    return ""


@background.receiver(order_paid, sender=Shop, dispatch_uid="ship", queue="mail")
def ship(sender: type[Shop], order_id: int, total: float, **kwargs: Any) -> int:
    return order_id


assert_type(ship(sender=Shop, order_id=1, total=1.0), int)


@receiver([order_placed, order_sent], background=True)
def of_two(sender: type[Shop], total: float, **kwargs: Any) -> None: ...


@receiver([post_save, pre_save], background=True, enqueue="in_transaction", using="other")
def of_django(sender: Any, instance: Any, **kwargs: Any) -> None: ...


# == `delivery` after `sender`, or first
@receiver(order_placed, background=True)
def with_delivery(sender: type[Shop], delivery: Delivery, order_id: int, **kwargs: Any) -> int:
    return delivery.attempt


assert_type(with_delivery.__name__, str)


@background.receiver(order_paid)
def with_delivery_first(delivery: Delivery, order_id: int, **kwargs: Any) -> None: ...


# == `delivery` anywhere, if the payload is a `TypedDict`, or in a list
@receiver(order_sent, background=True)
def last(sender: type[Shop], order_id: int, delivery: Delivery, **kwargs: Any) -> None: ...


@background.receiver(order_sent)
def by_keyword(*, order_id: int, delivery: Delivery, **kwargs: object) -> None: ...


@receiver([order_placed, order_sent], background=True)
def of_two_by_keyword(*, order_id: int, delivery: Delivery, **kwargs: object) -> None: ...


@receiver(post_save, background=True)
def of_post_save(sender: Any, instance: Any, delivery: Delivery, **kwargs: Any) -> None: ...


# == `delivery` anywhere, if the signal is declared by a function
# Right, but an error for mypy, pyright, basedpyright, ty, pyrefly, zuban
@receiver(order_placed, background=True)
def after_keys(sender: type[Shop], order_id: int, delivery: Delivery, **kwargs: Any) -> None: ...


# Right, but an error for mypy, pyright, basedpyright, ty, pyrefly, zuban
@background.receiver(order_paid)
def only_by_keyword(sender: type[Shop], *, delivery: Delivery, **kwargs: Any) -> None: ...


# == Wrong names and types
# Error
@receiver(order_placed, background=True)
def with_order(sender: type[Shop], order: int, **kwargs: Any) -> None: ...


# Error
@background.receiver(order_paid)
def total_as_text(sender: type[Shop], total: str, **kwargs: Any) -> None: ...


# Error
@background.receiver(order_paid)
def delivery_as_text(sender: type[Shop], delivery: str, **kwargs: Any) -> None: ...


# Error
@receiver(order_placed)
def delivery_at_once(sender: type[Shop], delivery: Delivery, **kwargs: Any) -> None: ...


# == Wrong arguments
# Error
receiver(order_placed, background=3)
# Error
receiver(order_placed, background=True, enqueue="later")
# Error
receiver(order_placed, background=True, dispatch_uid=3)
# Error
background.receiver(order_paid, dispatch_uid=3)
# Error
background.receiver(order_paid, queue=3)


# == What another process cannot find
class Request: ...


class RequestReceived(TypedDict):
    request: Request


received = CoreSignal[type[Shop], RequestReceived]()


# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
@background.receiver(received)
def with_request(sender: type[Shop], request: Request, **kwargs: Any) -> None: ...


# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
background.receiver(order_paid)(partial(ship, note=""))
