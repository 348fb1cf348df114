from typing import Any, TypedDict

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The project chooses the models, and the class that
# places orders. The sender is an instance of this class or, if a status changes, the order or line.

class OrderPlaced(TypedDict):
    order: Any
    user: Any

class OrderStatusChanged(TypedDict):
    order: Any
    old_status: str
    new_status: str

class LineStatusChanged(TypedDict):
    line: Any
    old_status: str
    new_status: str

order_placed: Signal[Any, OrderPlaced]
order_status_changed: Signal[Any, OrderStatusChanged]
order_line_status_changed: Signal[Any, LineStatusChanged]
