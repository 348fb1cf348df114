"""Annotated receivers: each parameter must accept the type that is sent."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Annotated, Any, Literal, NewType, NotRequired, Protocol, TypedDict, TypeVar

from typing_extensions import Unpack

from typed_signals import BaseSignal, Signal, receiver


class PizzaStore:
    name = ""


class Franchise(PizzaStore):
    pass


class Customer:
    pass


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


class Named(Protocol):
    name: str


Inches = NewType("Inches", int)
Size = int
T = TypeVar("T")

done = Signal[type[PizzaStore], PizzaDone]()


# The parameter may have a wider type than the key, never a narrower one.
@receiver(done)
def same(sender: type[PizzaStore], toppings: list[str], size: int, **kwargs: object) -> None:
    pass


@receiver(done)
def aliased(sender: object, size: Size, **kwargs: object) -> None:
    pass


@receiver(done)
def wider(sender: object, toppings: Sequence[str], size: float, **kwargs: object) -> None:
    pass


@receiver(done)
def iterable(sender: object, toppings: Iterable[object], **kwargs: object) -> None:
    pass


@receiver(done)
def union(sender: object, size: int | str, **kwargs: object) -> None:
    pass


@receiver(done)
def optional(sender: object, size: int | None = None, **kwargs: object) -> None:
    pass


@receiver(done)
def annotated(sender: object, size: Annotated[int, "inches"], **kwargs: object) -> None:
    pass


@receiver(done)
def of_any(sender: Any, toppings: list[Any], size: Any, **kwargs: object) -> None:
    pass


@receiver(done)
def generic(sender: object, size: T, **kwargs: object) -> T:
    return size


@receiver(done)
def quoted(sender: "type[PizzaStore]", size: "int", **kwargs: "object") -> None:
    pass


@receiver(done)
# E: done cannot connect other: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def other(sender: object, size: str, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect narrower: 'size' has type "int" in PizzaDone, but the parameter is annotated "bool": annotate it as "int"  [signal-type]
def narrower(sender: object, size: bool, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect literal: 'size' has type "int" in PizzaDone, but the parameter is annotated "Literal[32]": annotate it as "int"  [signal-type]
def literal(sender: object, size: Literal[32], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect new_type: 'size' has type "int" in PizzaDone, but the parameter is annotated "Inches": annotate it as "int"  [signal-type]
def new_type(sender: object, size: Inches, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect invariant: 'toppings' has type "list[str]" in PizzaDone, but the parameter is annotated "list[object]": annotate it as "list[str]"  [signal-type]
def invariant(sender: object, toppings: list[object], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect tuple_of: 'toppings' has type "list[str]" in PizzaDone, but the parameter is annotated "tuple[str, ...]": annotate it as "list[str]"  [signal-type]
def tuple_of(sender: object, toppings: tuple[str, ...], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect set_of: 'toppings' has type "list[str]" in PizzaDone, but the parameter is annotated "set[str]": annotate it as "list[str]"  [signal-type]
def set_of(sender: object, toppings: set[str], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect callback: 'size' has type "int" in PizzaDone, but the parameter is annotated "Callable[[], int]": annotate it as "int"  [signal-type]
def callback(sender: object, size: Callable[[], int], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect nothing_else: 'size' has type "int" in PizzaDone, but the parameter is annotated "None": annotate it as "int"  [signal-type]
def nothing_else(sender: object, size: None, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect wrongly_quoted: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrongly_quoted(sender: object, size: "str", **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect two_at_once: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
# E: done cannot connect two_at_once: 'toppings' has type "list[str]" in PizzaDone, but the parameter is annotated "str": annotate it as "list[str]"  [signal-type]
def two_at_once(sender: object, toppings: str, size: str, **kwargs: object) -> None:
    pass


# Only some of the parameters annotated.
@receiver(done)
def half(sender, size: int, toppings, **kwargs):
    pass


@receiver(done)
# E: done cannot connect wrong_half: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrong_half(sender, size: str, toppings, **kwargs):
    pass


@receiver(done)
# E: done cannot connect wrong_keyword: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrong_keyword(sender, *, size: str, **kwargs):
    pass


# Its parameters are checked for any return type.
@receiver(done)
# E: done cannot connect returning_anything: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def returning_anything(sender: object, size: str, **kwargs: object) -> Any:
    pass


# An optional key, with a default.
@receiver(done)
def with_default(sender: object, note: str = "", **kwargs: object) -> None:
    pass


@receiver(done)
def with_none(sender: object, note: str | None = None, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect with_wrong_default: 'note' has type "str" in PizzaDone, but the parameter is annotated "int": annotate it as "str"  [signal-type]
def with_wrong_default(sender: object, note: int = 0, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect with_only_none: 'note' has type "str" in PizzaDone, but the parameter is annotated "None": annotate it as "str"  [signal-type]
def with_only_none(sender: object, note: None = None, **kwargs: object) -> None:
    pass


# A parameter with a default that is not a key may have any type.
@receiver(done)
def unsent(sender: object, verbose: bool = False, **kwargs: object) -> None:
    pass


# The sender.
@receiver(done)
def any_class(sender: type, **kwargs: object) -> None:
    pass


@receiver(done)
def some_class(sender: type[object], **kwargs: object) -> None:
    pass


@receiver(done)
def class_or_none(sender: type[PizzaStore] | None, **kwargs: object) -> None:
    pass


@receiver(done)
def generic_class(sender: type[T], **kwargs: object) -> None:
    pass


@receiver(done)
def keyword_only(*, sender: type[PizzaStore], **kwargs: object) -> None:
    pass


@receiver(done)
def no_sender(size: int, **kwargs: object) -> None:
    pass


@receiver(done)
def factory(sender: Callable[..., PizzaStore], **kwargs: object) -> None:
    pass


@receiver(done)
def hashable(sender: Hashable, **kwargs: object) -> None:
    pass


@receiver(done)
def of_type(sender: Named | None, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect instance: 'sender' has type "type[PizzaStore]", but the parameter is annotated "PizzaStore": annotate it as "type[PizzaStore]"  [signal-type]
def instance(sender: PizzaStore, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect subclass: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Franchise]": connect it with sender=Franchise, or annotate it as "type[PizzaStore]"  [signal-type]
def subclass(sender: type[Franchise], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect unrelated: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Customer]": annotate it as "type[PizzaStore]"  [signal-type]
def unrelated(sender: type[Customer], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect text: 'sender' has type "type[PizzaStore]", but the parameter is annotated "str": annotate it as "type[PizzaStore]"  [signal-type]
def text(sender: str, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect wrong_keyword_only: 'sender' has type "type[PizzaStore]", but the parameter is annotated "PizzaStore": annotate it as "type[PizzaStore]"  [signal-type]
def wrong_keyword_only(*, sender: PizzaStore, **kwargs: object) -> None:
    pass


# A sender that is an instance.
by_store = Signal[PizzaStore, PizzaDone]()


@receiver(by_store)
def store(sender: PizzaStore, **kwargs: object) -> None:
    pass


@receiver(by_store)
def structural(sender: Named, **kwargs: object) -> None:
    pass


@receiver(by_store)
# E: by_store cannot connect store_class: 'sender' has type "PizzaStore", but the parameter is annotated "type[PizzaStore]": annotate it as "PizzaStore"  [signal-type]
def store_class(sender: type[PizzaStore], **kwargs: object) -> None:
    pass


@receiver(by_store)
# E: by_store cannot connect one_store: 'sender' has type "PizzaStore", but the parameter is annotated "Franchise": annotate it as "PizzaStore"  [signal-type]
def one_store(sender: Franchise, **kwargs: object) -> None:
    pass


# For a method accessed on its class, mypy defines the type of the first parameter.
class Oven:
    def heat(sender, size: str, **kwargs: object) -> None:  # noqa: N805
        pass


# E: done cannot connect heat: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
done.connect(Oven.heat)


# Each member of a union is checked, also in aliases.
Owner = type[PizzaStore] | None


class PizzaOwned(TypedDict):
    owner: Owner


owned = Signal[Any, PizzaOwned]()


@receiver(owned)
def hashable_owner(sender: object, owner: Hashable, **kwargs: object) -> None:
    pass


# With a sender, a receiver may require this sender.
@receiver(done, sender=Franchise)
def of_franchise(sender: type[Franchise], **kwargs: object) -> None:
    pass


@receiver(by_store, sender=Franchise())
def of_one_store(sender: Franchise, **kwargs: object) -> None:
    pass


done.connect(of_franchise, Franchise)
done.connect(of_franchise, sender=Franchise)


@receiver(done, sender=PizzaStore)
# E: done cannot connect of_other_store: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Franchise]": annotate it as "type[PizzaStore]"  [signal-type]
def of_other_store(sender: type[Franchise], **kwargs: object) -> None:
    pass


@receiver(done, sender=Franchise)
# E: done cannot connect of_franchise_object: 'sender' has type "type[Franchise]", but the parameter is annotated "Franchise": annotate it as "type[Franchise]"  [signal-type]
def of_franchise_object(sender: Franchise, **kwargs: object) -> None:
    pass


# E: done cannot connect of_franchise: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Franchise]": annotate it as "type[PizzaStore]"  [signal-type]
done.connect(of_franchise, PizzaStore)
# E: done cannot connect of_franchise: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Franchise]": connect it with sender=Franchise, or annotate it as "type[PizzaStore]"  [signal-type]
done.connect(of_franchise)
# E: done cannot connect of_franchise: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Franchise]": connect it with sender=Franchise, or annotate it as "type[PizzaStore]"  [signal-type]
done.connect(of_franchise, None)

# A sender with a union type.
by_many = Signal[PizzaStore | Customer | None, PizzaDone]()


@receiver(by_many)
def all_kinds(sender: Customer | PizzaStore | None, **kwargs: object) -> None:
    pass


@receiver(by_many)
# E: by_many cannot connect some_kinds: 'sender' has type "PizzaStore | Customer | None", but the parameter is annotated "Customer | None": annotate it as "PizzaStore | Customer | None"  [signal-type]
def some_kinds(sender: Customer | None, **kwargs: object) -> None:
    pass


# The signal.
class StoreSignal(Signal[type[PizzaStore], PizzaDone]):
    pass


class OtherPayload(TypedDict):
    crust: str


store_signal = StoreSignal()


@receiver(done)
def own_signal(signal: Signal[type[PizzaStore], PizzaDone], **kwargs: object) -> None:
    pass


@receiver(done)
def bare_signal(signal: Signal, **kwargs: object) -> None:
    pass


rated = Signal[type[PizzaStore], PizzaDone, int]()


@Signal.declare
def declared(sender: type[PizzaStore], *, size: int) -> object: ...


@receiver(done)
def base_signal(signal: BaseSignal, **kwargs: object) -> None:
    pass


@receiver(done)
def base_signal_of_it(signal: BaseSignal[type[PizzaStore], PizzaDone], **kwargs: object) -> None:
    pass


@receiver(rated)
def bare_signal_with_responses(signal: Signal, **kwargs: object) -> int:
    return 5


@receiver(declared)
def bare_signal_by_function(signal: Signal, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect other_base: 'signal' has type "Signal[type[PizzaStore], PizzaDone]", but the parameter is annotated "BaseSignal[type[PizzaStore], OtherPayload]": annotate it as "Signal[type[PizzaStore], PizzaDone]"  [signal-type]
def other_base(signal: BaseSignal[type[PizzaStore], OtherPayload], **kwargs: object) -> None:
    pass


@receiver(done)
def any_signal(signal: Signal[Any, Any], **kwargs: object) -> None:
    pass


@receiver(done)
def object_signal(signal: object, **kwargs: object) -> None:
    pass


@receiver(store_signal)
def base_of_signal(signal: Signal[type[PizzaStore], PizzaDone], **kwargs: object) -> None:
    pass


@receiver(store_signal)
def subclassed_signal(signal: StoreSignal, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect text_signal: 'signal' has type "Signal[type[PizzaStore], PizzaDone]", but the parameter is annotated "str": annotate it as "Signal[type[PizzaStore], PizzaDone]"  [signal-type]
def text_signal(signal: str, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect other_signal: 'signal' has type "Signal[type[PizzaStore], PizzaDone]", but the parameter is annotated "Signal[type[PizzaStore], OtherPayload]": annotate it as "Signal[type[PizzaStore], PizzaDone]"  [signal-type]
def other_signal(signal: Signal[type[PizzaStore], OtherPayload], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect other_sender: 'signal' has type "Signal[type[PizzaStore], PizzaDone]", but the parameter is annotated "Signal[Customer, PizzaDone]": annotate it as "Signal[type[PizzaStore], PizzaDone]"  [signal-type]
def other_sender(signal: Signal[Customer, PizzaDone], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect narrower_signal: 'signal' has type "Signal[type[PizzaStore], PizzaDone]", but the parameter is annotated "StoreSignal": annotate it as "Signal[type[PizzaStore], PizzaDone]"  [signal-type]
def narrower_signal(signal: StoreSignal, **kwargs: object) -> None:
    pass


@receiver(store_signal)
# E: store_signal cannot connect wrong_subclassed: 'signal' has type "StoreSignal", but the parameter is annotated "int": annotate it as "StoreSignal"  [signal-type]
def wrong_subclassed(signal: int, **kwargs: object) -> None:
    pass


# **kwargs, which takes whatever has no parameter of its own; signal and sender too.
@receiver(done)
def of_anything(sender: object, **kwargs: Any) -> None:
    pass


@receiver(done)
def of_objects(sender: object, **kwargs: object) -> None:
    pass


@receiver(done)
def unannotated(sender: object, size: int, **kwargs) -> None:  # type: ignore[no-untyped-def]
    pass


@receiver(done)
def of_the_rest(sender: object, signal: object, toppings: object, **kwargs: int | str) -> None:
    pass


@receiver(done)
# E: done cannot connect of_numbers: **kwargs is annotated "int", but it must accept 'note', 'toppings': annotate it as "object" or "Any"  [signal-type]
def of_numbers(sender: object, signal: object, **kwargs: int) -> None:
    pass


@receiver(done)
# E: done cannot connect of_dicts: **kwargs is annotated "dict[str, Any]", but it must accept 'signal', 'note', 'size', 'toppings': annotate it as "object" or "Any"  [signal-type]
def of_dicts(sender: object, **kwargs: dict[str, Any]) -> None:
    pass


@receiver(done)
# E: done cannot connect signal_is_passed_too: **kwargs is annotated "int | str", but it must accept 'signal': annotate it as "object" or "Any"  [signal-type]
def signal_is_passed_too(sender: object, toppings: object, **kwargs: int | str) -> None:
    pass


@receiver(done)
# E: done cannot connect sender_is_passed_too: **kwargs is annotated "int | str", but it must accept 'sender': annotate it as "object" or "Any"  [signal-type]
def sender_is_passed_too(signal: object, toppings: object, **kwargs: int | str) -> None:
    pass


@receiver(done)
# E: done cannot connect of_none: **kwargs is annotated "None", but it must accept 'note': annotate it as "object" or "Any"  [signal-type]
def of_none(sender: object, signal: object, toppings: object, size: object, **kwargs: None) -> None:
    pass


# **kwargs: Unpack[...] of the payload itself or of another TypedDict.
class Part(TypedDict):
    size: int


class WiderPart(TypedDict):
    size: float


class WrongPart(TypedDict):
    size: str


class Optional(TypedDict, total=False):
    crust: str


class Careless(TypedDict):
    note: str


class More(PizzaDone):
    crust: str


class Everything(TypedDict):
    sender: type[PizzaStore]
    signal: object
    size: int


class WrongEverything(TypedDict):
    sender: PizzaStore


@receiver(done)
def unpacked(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> None:
    pass


@receiver(done)
def unpacked_rest(sender: object, toppings: list[str], **kwargs: Unpack[Part]) -> None:
    pass


@receiver(done)
def unpacked_wider(sender: object, **kwargs: Unpack[WiderPart]) -> None:
    pass


@receiver(done)
# E: done cannot connect not_unpacked: **kwargs is annotated "PizzaDone", but it must accept 'signal', 'note', 'size', 'toppings': annotate it as "Unpack[PizzaDone]"  [signal-type]
def not_unpacked(sender: object, **kwargs: PizzaDone) -> None:
    pass


@receiver(done)
def unpacked_optional(sender: object, **kwargs: Unpack[Optional]) -> None:
    pass


@receiver(done)
def unpacked_everything(**kwargs: Unpack[Everything]) -> None:
    pass


@receiver(done)
# E: done cannot connect unpacked_wrong: 'size' has type "int" in PizzaDone, but "str" in WrongPart: change the type in WrongPart  [signal-type]
def unpacked_wrong(sender: object, **kwargs: Unpack[WrongPart]) -> None:
    pass


@receiver(done)
# E: done cannot connect unpacked_more: **kwargs is annotated "Unpack[More]", which requires keys that are not always sent ('crust'): annotate it as "object" or "Any"  [signal-type]
def unpacked_more(sender: object, **kwargs: Unpack[More]) -> None:
    pass


@receiver(done)
# E: done cannot connect unpacked_other: **kwargs is annotated "Unpack[OtherPayload]", which requires keys that are not always sent ('crust'): annotate it as "object" or "Any"  [signal-type]
def unpacked_other(sender: object, **kwargs: Unpack[OtherPayload]) -> None:
    pass


@receiver(done)
# E: done cannot connect unpacked_careless: **kwargs is annotated "Unpack[Careless]", which requires keys that are not always sent ('note'): annotate it as "object" or "Any"  [signal-type]
def unpacked_careless(sender: object, **kwargs: Unpack[Careless]) -> None:
    pass


@receiver(done)
# E: done cannot connect unpacked_wrong_sender: 'sender' has type "type[PizzaStore]", but "PizzaStore" in WrongEverything: change the type in WrongEverything  [signal-type]
def unpacked_wrong_sender(**kwargs: Unpack[WrongEverything]) -> None:
    pass


# All kinds of payloads.
class Changed(TypedDict, total=False):
    old: int | None
    kind: Literal["price", "name"]
    callback: Callable[[int], None]
    place: PizzaDone


changed = Signal[Any, Changed]()


@receiver(changed)
def on_changed(
    sender: Customer,
    old: int | None = None,
    kind: str = "price",
    callback: Callable[[bool], object] = bool,
    place: PizzaDone | None = None,
    **kwargs: object,
) -> None:
    pass


@receiver(changed)
# E: changed cannot connect not_none: 'old' has type "int | None" in Changed, but the parameter is annotated "int": annotate it as "int | None"  [signal-type]
def not_none(old: int = 0, **kwargs: object) -> None:
    pass


@receiver(changed)
# E: changed cannot connect one_kind: 'kind' has type "Literal['price', 'name']" in Changed, but the parameter is annotated "Literal['price']": annotate it as "Literal['price', 'name']"  [signal-type]
def one_kind(kind: Literal["price"] = "price", **kwargs: object) -> None:
    pass


@receiver(changed)
# E: changed cannot connect wrong_callback: 'callback' has type "Callable[[int], None]" in Changed, but the parameter is annotated "Callable[[str], None]": annotate it as "Callable[[int], None]"  [signal-type]
def wrong_callback(callback: Callable[[str], None] = print, **kwargs: object) -> None:
    pass


@receiver(changed)
# E: changed cannot connect plain_dict: 'place' has type "PizzaDone" in Changed, but the parameter is annotated "dict[str, object] | None": annotate it as "PizzaDone"  [signal-type]
def plain_dict(place: dict[str, object] | None = None, **kwargs: object) -> None:
    pass
