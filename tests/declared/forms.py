"""
One payload, declared in every way.

The tests run this file as it stands, and once more with annotations left as strings.
"""

# ruff: noqa: RUF036, UP007, UP045 - unusual spellings are among the ways

from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    NotRequired,
    Optional,
    TypedDict,
    TypeVar,
    Union,
    Unpack,
)

import typing_extensions

from tests.declared.factories import make_signal
from typed_signals import Signal

ItemT = TypeVar("ItemT")
SenderT = TypeVar("SenderT")
PayloadT = TypeVar("PayloadT")


class Pizza(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


class Tray(TypedDict, Generic[ItemT]):
    toppings: list[ItemT]
    size: int
    note: NotRequired[str]


class PizzaSignal(Signal[object, Pizza]):
    pass


class HotPizzaSignal(PizzaSignal):
    pass


class StoreSignal(Signal[SenderT, Pizza], Generic[SenderT]):
    pass


class AnySignal(Signal[object, PayloadT], Generic[PayloadT]):
    pass


class SwappedSignal(Signal[SenderT, PayloadT], Generic[PayloadT, SenderT]):
    pass


class ClosedSignal(SwappedSignal[Pizza, object]):
    pass


class Loud:
    pass


class LoudSignal(Loud, PizzaSignal):
    pass


class CheapSignal(Signal[object, Pizza]):
    def __init__(self, price: int) -> None:
        self.price = price


PizzaAlias = Signal[object, Pizza]

applied = Signal[object, Pizza]()
applied_to_sender_class = Signal[type["Pizzeria"], Pizza]()
applied_with_response = Signal[object, Pizza, int]()
applied_to_strings = Signal["Pizzeria", "Pizza"]()
applied_to_generic = Signal[object, Tray[str]]()
applied_alias = PizzaAlias()

annotated: Signal[object, Pizza] = Signal()
annotated_in_a_string: "Signal[object, Pizza]" = Signal()
annotated_with_a_string: Signal[object, "Pizza"] = Signal()
annotated_with_generic: Signal[object, Tray[str]] = Signal()
annotated_as_subclass: AnySignal[Pizza] = AnySignal()
annotated_as_final: Final[Signal[object, Pizza]] = Signal()
annotated_with_metadata: Annotated[Signal[object, Pizza], "baked"] = Signal()
annotated_as_optional: Optional[Signal[object, Pizza]] = Signal()
annotated_as_union: Union[None, Signal[object, Pizza]] = Signal()
annotated_with_bar: Signal[object, Pizza] | None = Signal()
annotated_with_none_first: "None | Signal[object, Pizza]" = Signal()
annotated_from_factory: Signal[object, Pizza] = make_signal()

subclass = PizzaSignal()
subclass_of_subclass = HotPizzaSignal()
subclass_with_mixin = LoudSignal()
subclass_with_own_init = CheapSignal(price=9)
subclass_generic_in_sender = StoreSignal[object]()
subclass_generic_in_sender_unapplied: StoreSignal[Any] = StoreSignal()
subclass_generic_in_payload = AnySignal[Pizza]()
subclass_generic_swapped = SwappedSignal[Pizza, object]()
subclass_of_generic_subclass = ClosedSignal()


@Signal.declare
def declared_by_typed_dict(sender: object, **kwargs: Unpack[Pizza]) -> object:
    raise AssertionError


@Signal.declare
def declared_by_backport(sender: object, **kwargs: typing_extensions.Unpack[Pizza]) -> object:
    raise AssertionError


@Signal.declare
def declared_by_string(sender: object, **kwargs: "Unpack[Pizza]") -> object:
    raise AssertionError


@Signal.declare
def declared_by_generic(sender: object, **kwargs: Unpack[Tray[str]]) -> object:
    raise AssertionError


@Signal.declare
def declared_by_keywords(
    sender: object, *, toppings: list[str], size: int, note: str = ""
) -> object:
    raise AssertionError


@Signal.declare
def declared_by_parameters(
    sender: object, toppings: list[str], size: int, note: str = ""
) -> object:
    raise AssertionError


@PizzaSignal.declare
def declared_on_subclass(sender: object, toppings: list[str], size: int, note: str = "") -> object:
    raise AssertionError


class Pizzeria:
    class_applied = Signal[object, Pizza]()
    class_annotated: Signal[object, Pizza] = Signal()
    class_annotated_as_class_var: ClassVar[Signal[object, Pizza]] = Signal()
    class_annotated_as_final: Final[Signal[object, Pizza]] = Signal()

    class Order(TypedDict):
        toppings: list[str]
        size: int
        note: NotRequired[str]

    class_annotated_with_neighbour: Signal[object, Order] = Signal()

    @Signal.declare
    def class_declared(sender: object, **kwargs: Unpack[Pizza]) -> object:  # noqa: N805 - no method
        raise AssertionError
