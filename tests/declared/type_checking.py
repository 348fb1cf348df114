"""
Declarations with names that exist for the type checker only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from typed_signals import Signal

if TYPE_CHECKING:
    import decimal
    from typing import Annotated, ClassVar, Final, NotRequired, Optional, Required, Unpack

    import typing_extensions as te
    from typing_extensions import ReadOnly

    from tests.declared.child import PizzaOrder


class Bill(TypedDict):
    price: decimal.Decimal
    order: PizzaOrder
    tip: NotRequired[decimal.Decimal]
    name: te.NotRequired[te.ReadOnly[str]]
    date: Annotated[NotRequired[str], "ISO 8601"]
    paid: ReadOnly[Required[bool]]
    split: ReadOnly[NotRequired[bool]]


class Cashier:
    bill_paid: Signal[type[PizzaOrder], Bill] = Signal()
    bill_sent: ClassVar[Signal[type[PizzaOrder], Bill]] = Signal()


bill_printed: Signal[PizzaOrder | None, Bill] = Signal()
bill_lost: Final[Signal[PizzaOrder, Bill]] = Signal()
bill_torn: Optional[Signal[PizzaOrder, Bill]] = Signal()  # noqa: UP045 - an older spelling
bill_named = Signal["type[PizzaOrder]", Bill]()


@Signal.declare
def bill_shown(sender: type[PizzaOrder], **kwargs: Unpack[Bill]) -> object:
    raise AssertionError
