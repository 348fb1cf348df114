"""What the signals of the project carry."""

from typing import NotRequired, TypedDict


class Order(TypedDict):
    number: int
    note: NotRequired[str]


class Shipment(Order):
    price: float
