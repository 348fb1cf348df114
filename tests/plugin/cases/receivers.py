"""Receivers: what connect() refuses, with and without annotations."""

from typing import Any, NotRequired, Protocol, TypedDict

from typing_extensions import Unpack

from typed_signals import Signal, receiver


class PizzaStore:
    pass


class Franchise(PizzaStore):
    pass


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


done = Signal[type[PizzaStore], PizzaDone]()
untyped = Signal()


# Without annotations: only names are checked.
@receiver(done)
def bare(sender, **kwargs):
    pass


@receiver(done)
def anonymous(**kwargs):
    pass


@receiver(done)
def variadic(*args, **kwargs):
    pass


@receiver(done)
def named(sender, toppings, size, **kwargs):
    pass


@receiver(done)
def keyword_only(*, size, sender, **kwargs):
    pass


@receiver(done)
def cautious(sender, note=None, **kwargs):
    pass


@receiver(done)
def dual_use(sender, verbose=False, **kwargs):
    pass


@receiver(done)
def with_signal(signal, sender, **kwargs):
    pass


@receiver(done)
def defaulted_positional(sender=None, /, **kwargs):
    pass


@receiver(done)
# E: done cannot connect no_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def no_kwargs(sender, toppings, size, note=None):
    pass


@receiver(done)
# E: done cannot connect misspelt: 'topings' is never sent (PizzaDone does not declare it): did you mean 'toppings'?  [signal-parameter]
def misspelt(sender, topings, **kwargs):
    pass


@receiver(done)
# E: done cannot connect unsent: 'crust' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
def unsent(sender, crust, **kwargs):
    pass


@receiver(done)
# E: done cannot connect careless: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
def careless(sender, note, **kwargs):
    pass


@receiver(done)
# E: done cannot connect unsent_keyword: 'crust' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
def unsent_keyword(sender, *, crust, **kwargs):
    pass


@receiver(done)
# E: done cannot connect positional: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def positional(sender, /, **kwargs):
    pass


@receiver(done)
# E: done cannot connect hopeless: receivers are called by keyword, so 'sender', 'size' cannot be positional-only: remove the '/' or add a default  [signal-positional]
# E: done cannot connect hopeless: 'crust' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
# E: done cannot connect hopeless: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def hopeless(sender, size, /, crust):
    pass


# An untyped signal: only rules for all sends are checked.
@receiver(untyped)
def anything(sender, whatever, **kwargs):
    pass


@receiver(untyped)
# E: untyped cannot connect untyped_no_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def untyped_no_kwargs(sender, whatever):
    pass


@receiver(untyped)
# E: untyped cannot connect untyped_positional: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def untyped_positional(sender, /, **kwargs):
    pass


# With annotations: the parameters must accept the types that are sent.
@receiver(done)
def typed(sender: type[PizzaStore], toppings: list[str], size: int, **kwargs: Any) -> None:
    pass


@receiver(done)
def wider(sender: object, size: float, **kwargs: object) -> None:
    pass


@receiver(done)
def unpacked(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> None:
    pass


@receiver(done)
def optional_note(sender: object, note: str | None = None, **kwargs: object) -> None:
    pass


@receiver(done, sender=Franchise)
def narrower(sender: type[Franchise], **kwargs: object) -> None:
    pass


@receiver(done)
def own_signal(signal: Signal[type[PizzaStore], PizzaDone], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect wrong_type: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrong_type(sender: object, size: str, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect wrong_default: 'note' has type "str" in PizzaDone, but the parameter is annotated "int": annotate it as "str"  [signal-type]
def wrong_default(sender: object, note: int = 0, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect wrong_sender: 'sender' has type "type[PizzaStore]", but the parameter is annotated "PizzaStore": annotate it as "type[PizzaStore]"  [signal-type]
def wrong_sender(sender: PizzaStore, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect too_narrow: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Franchise]": connect it with sender=Franchise, or annotate it as "type[PizzaStore]"  [signal-type]
def too_narrow(sender: type[Franchise], **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect wrong_signal: 'signal' has type "Signal[type[PizzaStore], PizzaDone]", but the parameter is annotated "str": annotate it as "Signal[type[PizzaStore], PizzaDone]"  [signal-type]
def wrong_signal(signal: str, **kwargs: object) -> None:
    pass


class Size(TypedDict):
    size: int


class WrongSize(TypedDict):
    size: str


class Crust(TypedDict):
    crust: str


@receiver(done)
def part(sender: object, **kwargs: Unpack[Size]) -> None:
    pass


@receiver(done)
# E: done cannot connect wrong_part: 'size' has type "int" in PizzaDone, but "str" in WrongSize: change the type in WrongSize  [signal-type]
def wrong_part(sender: object, **kwargs: Unpack[WrongSize]) -> None:
    pass


@receiver(done)
# E: done cannot connect other_part: **kwargs is annotated "Unpack[Crust]", which requires keys that are not always sent ('crust'): annotate it as "object" or "Any"  [signal-type]
def other_part(sender: object, **kwargs: Unpack[Crust]) -> None:
    pass


# Methods.
class Kitchen:
    def on_done(self, sender, **kwargs):
        pass

    def on_topings(self, sender, topings, **kwargs):
        pass

    @classmethod
    def for_all(cls, sender, size, **kwargs):
        pass

    @classmethod
    def for_all_sises(cls, sender, sise, **kwargs):
        pass

    @staticmethod
    def plain(sender, **kwargs):
        pass

    @staticmethod
    def plain_no_kwargs(sender):
        pass


kitchen = Kitchen()
done.connect(kitchen.on_done)
done.connect(Kitchen.for_all)
done.connect(Kitchen.plain)
# E: done cannot connect on_topings: 'topings' is never sent (PizzaDone does not declare it): did you mean 'toppings'?  [signal-parameter]
done.connect(kitchen.on_topings)
# E: done cannot connect for_all_sises: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(Kitchen.for_all_sises)
# E: done cannot connect plain_no_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(Kitchen.plain_no_kwargs)
# E: done cannot connect on_done: 'self' is never sent (PizzaDone does not declare it): connect the bound method, in __init__ or where the object is created  [signal-parameter]
done.connect(Kitchen.on_done)


# A key with the name of a bound parameter of a method.
class Selfish(TypedDict):
    self: int


selfish = Signal[object, Selfish]()


class Listener:
    def named(self, sender, **kwargs):
        pass

    def positional(self, /, sender, **kwargs):
        pass


listener = Listener()
selfish.connect(listener.positional)
# E: selfish cannot connect named: 'self' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
selfish.connect(listener.named)


# Callable objects, classes, lambdas, async functions.
class Oven:
    def __call__(self, sender: object, **kwargs: object) -> None:
        pass


class BrokenOven:
    def __call__(self, sender: object) -> None:
        pass


class Record:
    def __init__(self, size: int, **kwargs: object) -> None:
        pass


class BrokenRecord:
    def __init__(self, size: int) -> None:
        pass


class Sink(Protocol):
    def __call__(self, *, sender: object, **kwargs: object) -> object: ...


oven = Oven()
broken_oven = BrokenOven()
done.connect(oven)
done.connect(Record)
done.connect(lambda sender, **kwargs: None, weak=False)
done.connect(lambda size, **kwargs: None, weak=False)
# E: done cannot connect BrokenOven object: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(broken_oven)
# E: done cannot connect BrokenRecord: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(BrokenRecord)
# E: done cannot connect the receiver: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(lambda sender: None, weak=False)
# E: done cannot connect the receiver: 'crust' is never sent (PizzaDone does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
done.connect(lambda crust, **kwargs: None, weak=False)


@receiver(done)
async def waiter(sender, size, **kwargs):
    pass


@receiver(done)
# E: done cannot connect broken_waiter: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
async def broken_waiter(sender, size):
    pass


def take(sink: Sink, anything: Any) -> None:
    done.connect(sink)
    done.connect(anything)


# E: Argument 1 to "connect" of "Signal" has incompatible type "int"; expected "Callable[..., Any]"  [arg-type]
# R: ReceiverTypeError
done.connect(42)
