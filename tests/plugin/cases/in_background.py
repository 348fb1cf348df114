"""Receivers that run in the background: what they are passed, and that they can be found."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import (
    Any,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Protocol,
    TypedDict,
    TypeVar,
    Unpack,
)
from uuid import UUID

import attrs

from typed_signals import BaseSignal, Signal, receiver
from typed_signals.background import Background, Delivery, Immediate

T = TypeVar("T")


class Shop:
    pass


class Placed(TypedDict):
    order_id: int
    total: float
    note: NotRequired[str]


class Shipped(TypedDict):
    delivery: str


placed = Signal[type[Shop], Placed, bool]()
paid = Signal[type[Shop], Placed]()
shipped = Signal[type[Shop], Shipped]()
background = Background(Immediate())


@Signal.declare
def cancelled(sender: type[Shop], *, order_id: int) -> object:
    """An order is cancelled."""


class Mailing(Background):
    pass


mailing = Mailing(Immediate(), queue="mail")


# They are receivers like any other, except that their responses are not used.
@background.receiver(placed, sender=Shop, queue="mail", priority=3, dispatch_uid="right")
def right(sender: type[Shop], order_id: int, **kwargs: Any) -> str:
    return ""


@background.receiver([placed, paid])
async def right_async(sender, order_id, note="", **kwargs):
    pass


@background.receiver(placed)
# E: placed cannot connect misspelt: 'order' is never sent (Placed does not declare it): remove the parameter or give it a default  [signal-parameter]
def misspelt(sender, order, **kwargs):
    pass


@mailing.receiver([placed, cancelled])
# E: cancelled cannot connect of_two: 'total' is never sent (the signal does not declare it): remove the parameter or give it a default  [signal-parameter]
def of_two(sender, total, **kwargs):
    pass


@background.receiver(placed)
# E: placed cannot connect without_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
# E: placed cannot connect without_kwargs: 'note' is not always sent (it is optional in Placed): give the parameter a default  [signal-parameter]
def without_kwargs(sender, note):
    pass


@background.receiver(placed)
# E: placed cannot connect annotated: 'order_id' has type "int" in Placed, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def annotated(sender: type[Shop], order_id: str, **kwargs: Any) -> None:
    pass


# E: placed is never sent by "int": use a sender of type "type[Shop]", or leave the sender out  [signal-sender]
@background.receiver(placed, sender=3)
def by_number(sender, **kwargs):
    pass


@background.receiver(placed)
def reads(sender, **kwargs):
    # E: 'sender_id' is never in kwargs, because placed does not declare it: remove it  [signal-read]
    return kwargs["order_id"], kwargs["sender_id"]


@background.receiver(placed)
# E: placed cannot connect generator: it is a generator, so a send does not run its body: remove the 'yield'  [signal-response]
def generator(sender, **kwargs):
    yield sender


# E: Signal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
# R: TypeError
@background.receiver(Signal)
def of_class(sender, **kwargs):
    pass


# The delivery.
@background.receiver(placed)
def with_delivery(sender: type[Shop], total: float, delivery: Delivery, **kwargs: Any) -> None:
    delivery.id.upper()


@background.receiver([placed, cancelled])
def with_delivery_by_keyword(*, order_id: int, delivery: Delivery, **kwargs: object) -> None:
    delivery.attempt.bit_length()


@background.receiver(placed)
def with_delivery_unannotated(delivery, **kwargs):
    pass


@background.receiver(placed)
def with_numbers_only(sender: object, signal: object, note: str = "", **kwargs: float) -> None:
    pass


@background.receiver(placed)
def with_payload(sender: type[Shop], delivery: Delivery, **kwargs: Unpack[Placed]) -> None:
    pass


@background.receiver(placed)
# E: placed cannot connect delivery_as_text: 'delivery' has type "Delivery", but the parameter is annotated "str": annotate it as "Delivery"  [signal-type]
def delivery_as_text(sender: type[Shop], delivery: str, **kwargs: Any) -> None:
    pass


@background.receiver(placed)
# E: placed cannot connect delivery_misspelt: 'delivry' is never sent (Placed does not declare it): did you mean 'delivery'?  [signal-parameter]
def delivery_misspelt(sender, delivry, **kwargs):
    pass


@background.receiver(placed)
def delivery_in_kwargs(sender, **kwargs):
    # E: 'delivery' is never in kwargs, because it is only passed to a parameter of that name: add the parameter  [signal-background]
    return kwargs["delivery"]


@receiver(placed)
# E: placed cannot connect delivery_at_once: 'delivery' is never sent (Placed does not declare it): remove the parameter or give it a default  [signal-parameter]
def delivery_at_once(sender, delivery, **kwargs):
    pass


@background.receiver(placed)
@receiver(paid)
# E: paid cannot connect in_both: 'delivery' is never sent (Placed does not declare it): remove the parameter or give it a default  [signal-parameter]
def in_both(sender, delivery, **kwargs):
    pass


# A key of that name has precedence.
@background.receiver(shipped)
def key_delivery(sender: type[Shop], delivery: str, **kwargs: Any) -> None:
    pass


@background.receiver(shipped)
# E: shipped cannot connect key_as_object: 'delivery' has type "str" in Shipped, but the parameter is annotated "Delivery": annotate it as "str"  [signal-type]
def key_as_object(sender: type[Shop], delivery: Delivery, **kwargs: Any) -> None:
    pass


# What travels.
@dataclass
class Line:
    product: str
    lines: "list[Line]"


class Color(Enum):
    RED = "red"


class Place(NamedTuple):
    table: int


@attrs.define
class Address:
    street: str


OrderId = NewType("OrderId", int)


class Travelling(TypedDict):
    number: OrderId
    text: str | UUID
    lines: list[Line]
    by_name: dict[str, list[float]]
    cls: type[Shop]
    place: Place | None
    color: Color
    kind: Literal["a", 1]
    pair: tuple[int, Decimal]
    many: Sequence[tuple[date, ...]]
    names: frozenset[bytes]
    totals: Mapping[str, Placed]
    address: Address


travelling = Signal[type[Shop], Travelling]()


@background.receiver(travelling)
def takes_all(
    number,
    text,
    lines,
    by_name,
    cls,
    place,
    color,
    kind,
    pair,
    many,
    names,
    totals,
    address,
    **kwargs,
):
    pass


class Request:
    pass


class Slug(str):
    __slots__ = ()


class Named(Protocol):
    name: str


@dataclass
class Handler:
    flag: InitVar[object]
    call: Callable[[], None]


class Other:
    @dataclass
    class Line:
        product: str


@dataclass
class Box(Generic[T]):
    content: T


class Opened(TypedDict):
    values: list[Any]


Wrapped = NewType("Wrapped", Request)


class Stuck(TypedDict):
    request: Request
    anything: Any
    thing: object
    bare: list
    sequence: Sequence
    inner: dict[str, list[Any]]
    call: Callable[[int], str]
    path: Path
    slug: Slug
    named: Named
    maybe: int | Request
    handler: Handler
    box: Box[Any]
    opened: Opened
    wrapped: Wrapped
    clash: Line | Other.Line
    size: int


stuck = Signal[Request, Stuck]()


@background.receiver(stuck)
def takes_size(size, **kwargs):
    pass


@receiver(stuck)
def takes_request_at_once(sender, request, anything, **kwargs):
    return kwargs["thing"]


@background.receiver(stuck)
# E: stuck cannot connect takes_other: 'request' cannot travel to the background: it is Request, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
# E: stuck cannot connect takes_other: 'anything' cannot travel to the background: it is Any, which does not say what comes back: remove it, or declare its type  [signal-background]
# E: stuck cannot connect takes_other: 'thing' cannot travel to the background: it is object, which does not say what comes back: remove it, or declare its type  [signal-background]
# E: stuck cannot connect takes_other: 'bare' cannot travel to the background: it is list, which does not say what is in it: remove it, or declare list[...]  [signal-background]
# E: stuck cannot connect takes_other: 'sequence' cannot travel to the background: it is Sequence, which does not say what is in it: remove it, or declare Sequence[...]  [signal-background]
# E: stuck cannot connect takes_other: 'inner' cannot travel to the background: inner[][] is Any, which does not say what comes back: remove it, or declare its type  [signal-background]
# E: stuck cannot connect takes_other: 'call' cannot travel to the background: it is Callable, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
# E: stuck cannot connect takes_other: 'path' cannot travel to the background: it is Path, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
# E: stuck cannot connect takes_other: 'slug' cannot travel to the background: it is Slug, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
# E: stuck cannot connect takes_other: 'named' cannot travel to the background: it is Named, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
# E: stuck cannot connect takes_other: 'maybe' cannot travel to the background: it is Request, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
# E: stuck cannot connect takes_other: 'handler' cannot travel to the background: handler.call is Callable, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
# E: stuck cannot connect takes_other: 'box' cannot travel to the background: it is Any, which does not say what comes back: remove it, or declare its type  [signal-background]
# E: stuck cannot connect takes_other: 'opened' cannot travel to the background: opened['values'][] is Any, which does not say what comes back: remove it, or declare its type  [signal-background]
# E: stuck cannot connect takes_other: 'clash' cannot travel to the background: it is a union of two types called Line: remove it, or rename one of them  [signal-background]
# E: stuck cannot connect takes_other: 'wrapped' cannot travel to the background: it is Request, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
def takes_other(
    request,
    anything,
    thing,
    bare,
    sequence,
    inner,
    call,
    path,
    slug,
    named,
    maybe,
    handler,
    box,
    opened,
    wrapped,
    clash,
    **kwargs,
):
    pass


@background.receiver(stuck)
# E: stuck cannot connect takes_sender: 'sender' cannot travel to the background: it is Request, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
def takes_sender(sender, size, **kwargs):
    pass


@background.receiver(placed)
@background.receiver(stuck)
# E: stuck cannot connect takes_optional: 'request' cannot travel to the background: it is Request, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
def takes_optional(*, request: Request | None = None, **kwargs: object) -> None:
    pass


class Half(TypedDict):
    size: int
    path: Path


@background.receiver(stuck)
# E: stuck cannot connect takes_half: 'path' cannot travel to the background: it is Path, which cannot be sent to another process: remove it, or declare its id, or the data that the receiver needs  [signal-background]
def takes_half(**kwargs: Unpack[Half]) -> None:
    pass


@background.receiver(stuck)
def reads_request(size, **kwargs):
    if "path" in kwargs:
        kwargs["path"]
    kwargs.get("slug", "")
    # E: 'request' cannot travel to the background: it is Request, which cannot be sent to another process, so it is never in kwargs: remove it, or declare its id, or the data that the receiver needs  [signal-background]
    return kwargs["request"]


@receiver(stuck)
@background.receiver(stuck)
def reads_at_once(size, **kwargs):
    return kwargs["request"]


# Receivers that another process cannot find.
class Kitchen:
    def bake(self, sender, **kwargs):
        pass

    @classmethod
    def close(cls, sender, delivery, **kwargs):
        pass

    @staticmethod
    @background.receiver(paid)
    def open(sender, **kwargs):
        pass


class Oven:
    @background.receiver(paid)
    # E: paid cannot connect clean: 'self' is never sent (Placed does not declare it): connect the bound method, in __init__ or where the object is created  [signal-parameter]
    def clean(self, sender, **kwargs):
        pass


class Chosen(Protocol):
    def __call__(self, sender: type[Shop], **kwargs: Any) -> None: ...


def count(sender: type[Shop], **kwargs: Any) -> None:
    pass


def choose() -> Chosen:
    return count


kitchen = Kitchen()
background.receiver(placed)(Kitchen.close)
background.receiver(placed, weak=False)(kitchen.close)
background.receiver(placed)(Kitchen.open)
# E: placed cannot connect bake: another process cannot find the method of an instance of Kitchen: connect a function that is defined in a module, or a class method or static method  [signal-background]
background.receiver(placed)(kitchen.bake)
background.receiver(paid)(choose())
# E: placed cannot connect <lambda>: another process cannot find a lambda: connect a function that is defined in a module, or a class method or static method  [signal-background]
background.receiver(placed)(lambda sender, **kwargs: None)
# E: placed cannot connect partial object: another process cannot find a functools.partial: connect a function that is defined in a module, or a class method or static method  [signal-background]
background.receiver(placed, weak=False)(functools.partial(with_delivery, total=1.0))


def connect(signal: BaseSignal[Any, Placed], on: Background, any_signal: Any) -> None:
    def local(sender, **kwargs):
        pass

    # E: signal cannot connect local: another process cannot find the local function local: connect a function that is defined in a module, or a class method or static method  [signal-background]
    on.receiver(signal)(local)

    @on.receiver([placed, paid])
    # E: paid cannot connect decorated: another process cannot find the local function decorated: connect a function that is defined in a module, or a class method or static method  [signal-background]
    # E: placed cannot connect decorated: another process cannot find the local function decorated: connect a function that is defined in a module, or a class method or static method  [signal-background]
    def decorated(sender, **kwargs):
        pass

    @on.receiver(any_signal)
    def of_any(sender, **kwargs):
        pass


# Decorators.
def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@background.receiver(placed)
@logged
def with_logged(sender, delivery, **kwargs):
    pass


@background.receiver(placed)
@logged
# E: placed cannot connect misspelt_with_logged: 'order' is never sent (Placed does not declare it): remove the parameter or give it a default  [signal-parameter]
def misspelt_with_logged(sender, order, **kwargs):
    pass


# The arguments.
def options(uid: tuple[int, str], name: object) -> None:
    background.receiver(placed, dispatch_uid=None)
    background.receiver(placed, dispatch_uid="name")
    background.receiver(placed, dispatch_uid=name)  # type: ignore[arg-type, unused-ignore]
    # E: dispatch_uid must be a string for a receiver in the background, because deliveries carry it, not "int"  [signal-background]
    background.receiver(placed, dispatch_uid=3)
    # E: dispatch_uid must be a string for a receiver in the background, because deliveries carry it, not "tuple[int, str]"  [signal-background]
    background.receiver([placed, paid], dispatch_uid=uid)
    # E: connect() of placed: got an unexpected keyword argument 'background': background is an argument of typed_signals.django.receiver, import that; without Django, use the decorator of a typed_signals.background.Background  [signal-receiver]
    receiver(placed, background=True)


# Other methods of this name.
class Radio:
    def receiver(self, signal: Any) -> Any:
        return signal


Radio().receiver(placed)
