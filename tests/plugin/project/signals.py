"""The signals of the project, declared in every form."""

from typing import Any, Final

from payloads import Order, Shipment
from typing_extensions import Unpack

from typed_signals import Signal


class Store:
    opened: "Signal[Store, Order]" = Signal()


ordered: Final = Signal[type[Store], Order]()
shipped = Signal[Any, Shipment, bool]()


class Tracked(Signal[Any, Order]):
    def announce(self, number: int) -> None:
        self.send(None, number=number)


tracked = Tracked()


@Signal.declare
def declared(sender: object, **kwargs: Unpack[Order]) -> object:
    """An order, as a function."""
