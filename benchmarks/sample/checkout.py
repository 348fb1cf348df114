"""
Orders from the basket to the payment.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .models import Customer, Order, State
from .signals import order_cancelled, order_placed, payment_received
from .utils import convert, logger, timed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class CheckoutError(Exception):
    def __init__(self, order: Order, problem: str) -> None:
        super().__init__(f"order {order.number}: {problem}")
        self.order = order


class Checkout:
    """
    What a customer goes through.
    """

    minimum = Decimal(5)
    currencies: Sequence[str] = ("EUR", "USD")

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.orders: list[Order] = []

    def place(self, lines: Iterable[tuple[str, str, int]], coupon: str | None = None) -> Order:
        order = Order(len(self.orders) + 1, self.customer)
        for article, price, quantity in lines:
            order.add(article, price, quantity)
        if order.total < self.minimum:
            raise CheckoutError(order, f"{order.total} is less than {self.minimum}")
        self.orders.append(order)
        if coupon is None:
            order_placed.send(
                sender=type(self), order=order, customer=self.customer, total=order.total
            )
        else:
            order.notes["coupon"] = coupon
            order_placed.send(
                sender=type(self),
                order=order,
                customer=self.customer,
                total=order.total,
                coupon=coupon,
            )
        return order

    def pay(self, order: Order, amount: Decimal, currency: str, reference: str) -> bool:
        if currency not in self.currencies:
            raise CheckoutError(order, f"{currency} is not accepted")
        due = convert(order.total, "EUR", currency)
        if amount < due:
            logger.warning("order %d: %s of %s paid", order.number, amount, due)
            return False
        order.state = State.PAID
        payment_received.send(
            sender=type(self), order=order, amount=amount, currency=currency, reference=reference
        )
        return True

    def cancel(self, order: Order, reason: str = "") -> None:
        if order.state.is_final:
            raise CheckoutError(order, f"it is {order.state.value}")
        order.state = State.CANCELLED
        order_cancelled.send_robust(sender=self.__class__, order=order, reason=reason)

    def cancel_all(self, reason: str) -> int:
        cancelled = 0
        with timed("cancelling"):
            for order in self.orders:
                if not order.state.is_final:
                    order.state = State.CANCELLED
                    responses = order_cancelled.send(Checkout, order=order, reason=reason)
                    cancelled += bool(responses)
        return cancelled


class QuickCheckout(Checkout):
    """
    One click.
    """

    def place(self, lines: Iterable[tuple[str, str, int]], coupon: str | None = None) -> Order:
        order = super().place(lines, coupon or "quick")
        payment_received.send(
            sender=QuickCheckout, order=order, amount=order.total, currency="EUR", reference="quick"
        )
        return order


def resend(orders: Iterable[Order]) -> list[object]:
    responses: list[object] = []
    for order in orders:
        if order.state is State.OPEN:
            found = order_placed.send_robust(
                Checkout, order=order, customer=order.customer, total=order.total
            )
            responses.extend(response for _, response in found)
    return responses
