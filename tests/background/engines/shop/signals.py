"""
The signals, as two releases of the project declare them.
"""

from __future__ import annotations

import os
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NotRequired, TypedDict
from uuid import UUID

from typed_signals import Signal

RELEASE: Final = os.environ["SHOP_RELEASE"]


class OrderPlaced(TypedDict):
    order_id: UUID
    total: Decimal
    at: datetime
    seconds: float


class OrderPaidBefore(TypedDict):
    order_id: UUID


class OrderPaid(TypedDict):
    order_id: UUID
    method: NotRequired[str]


class OrderRefundedBefore(TypedDict):
    order_id: UUID


class OrderRefunded(TypedDict):
    order_id: UUID
    amount: Decimal


order_placed = Signal[object, OrderPlaced]()
order_paid: Any
order_refunded: Any
if RELEASE == "old":
    order_paid = Signal[object, OrderPaidBefore]()
    order_refunded = Signal[object, OrderRefundedBefore]()
else:
    order_paid = Signal[object, OrderPaid]()
    order_refunded = Signal[object, OrderRefunded]()
