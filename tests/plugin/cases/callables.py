"""All kinds of callables as receivers."""

import asyncio
import dataclasses
import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import (
    Any,
    Concatenate,
    Generic,
    NotRequired,
    ParamSpec,
    Protocol,
    Self,
    TypedDict,
    TypeVar,
    overload,
)
from unittest.mock import Mock

from typed_signals import Signal, receiver


class PizzaStore:
    pass


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


done = Signal[type[PizzaStore], PizzaDone]()


# Async functions and methods.
@receiver(done)
async def waiter(sender: object, size: int, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect wrong_waiter: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
async def wrong_waiter(sender: object, size: str, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect misspelt_waiter: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
async def misspelt_waiter(sender, sise, **kwargs):
    pass


class Staff:
    async def serve(self, sender: object, size: int, **kwargs: object) -> None:
        pass

    async def serve_wrongly(self, sender: object, topping: str, **kwargs: object) -> None:
        pass


staff = Staff()
done.connect(staff.serve)
# E: done cannot connect serve_wrongly: 'topping' is never sent (PizzaDone does not declare it): did you mean 'toppings'?  [signal-parameter]
done.connect(staff.serve_wrongly)


# All kinds of methods.
class Base:
    def inherited(self, sender, size, **kwargs):
        pass

    def wrongly_inherited(self, sender, sise, **kwargs):
        pass


class Kitchen(Base):
    def typed(self, sender: object, size: int, **kwargs: object) -> None:
        pass

    def wrongly_typed(self, sender: object, size: str, **kwargs: object) -> None:
        pass

    def no_kwargs(self, sender: object) -> None:
        pass

    @classmethod
    def of_class(cls, sender: object, size: int, **kwargs: object) -> None:
        pass

    @classmethod
    def wrong_of_class(cls, sender: object, size: bytes, **kwargs: object) -> None:
        pass

    @staticmethod
    def static(sender: object, size: int, **kwargs: object) -> None:
        pass

    @staticmethod
    def wrong_static(sender: object, crust: str, **kwargs: object) -> None:
        pass

    @property
    def handler(self) -> Callable[..., None]:
        return self.typed

    def of_self(self: Self, sender: object, **kwargs: object) -> Self:
        return self

    def open(self) -> None:
        done.connect(self.typed)
        done.connect(self.inherited)
        done.connect(self.of_class)
        done.connect(self.static)
        done.connect(super().inherited)
        # E: done cannot connect wrongly_typed: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
        done.connect(self.wrongly_typed)
        # E: done cannot connect wrongly_inherited: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
        done.connect(super().wrongly_inherited)
        # E: done cannot connect no_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
        done.connect(self.no_kwargs)

    @classmethod
    def open_all(cls) -> None:
        done.connect(cls.of_class)
        done.connect(cls.static)
        # E: done cannot connect wrong_of_class: 'size' has type "int" in PizzaDone, but the parameter is annotated "bytes": annotate it as "int"  [signal-type]
        done.connect(cls.wrong_of_class)
        # E: done cannot connect wrong_static: 'crust' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
        done.connect(cls.wrong_static)


kitchen = Kitchen()
done.connect(kitchen.typed)
done.connect(kitchen.inherited)
done.connect(kitchen.of_class)
done.connect(kitchen.static)
done.connect(kitchen.handler)
done.connect(kitchen.of_self)
done.connect(Kitchen.of_class)
done.connect(Kitchen.static)
# E: done cannot connect wrongly_typed: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
done.connect(kitchen.wrongly_typed)
# E: done cannot connect wrongly_inherited: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(kitchen.wrongly_inherited)
# E: done cannot connect no_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(kitchen.no_kwargs)
# E: done cannot connect wrong_of_class: 'size' has type "int" in PizzaDone, but the parameter is annotated "bytes": annotate it as "int"  [signal-type]
done.connect(kitchen.wrong_of_class)
# E: done cannot connect wrong_static: 'crust' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
done.connect(Kitchen.wrong_static)
# E: done cannot connect typed: 'self' is never sent (PizzaDone does not declare it): connect the bound method, in __init__ or where the object is created  [signal-parameter]
done.connect(Kitchen.typed)


# Functions in a class that are used without an object; their first parameter is not self.
class Handlers:
    def on_done(sender, size, **kwargs):  # noqa: N805
        pass

    def on_size(size, **kwargs):  # noqa: N805
        pass

    def on_anything(**kwargs):
        pass

    @staticmethod
    def on_own_type(sender: "Handlers", **kwargs: object) -> None:
        pass

    def on_typo(sender, sise, **kwargs):  # noqa: N805
        pass

    done.connect(on_done)


done.connect(Handlers.on_done)
done.connect(Handlers.on_size)
done.connect(Handlers.on_anything)
# E: done cannot connect on_own_type: 'sender' has type "type[PizzaStore]", but the parameter is annotated "Handlers": annotate it as "type[PizzaStore]"  [signal-type]
done.connect(Handlers.on_own_type)
# E: done cannot connect on_typo: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(Handlers.on_typo)

# A method under another name, and the functions in a class.
bake = kitchen.typed
bake_wrongly = kitchen.wrongly_inherited
done.connect(bake)
# E: done cannot connect the receiver: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(bake_wrongly)


class Menu:
    entries: dict[str, Callable[..., object]] = {}
    on_done: Callable[..., object] = print
    on_typed: Callable[[int], object] = print


menu = Menu()


def connect_from(menu: Menu) -> None:
    done.connect(menu.entries["done"])
    done.connect(menu.on_done)
    # Such a type has no names: the function may fit.
    done.connect(menu.on_typed)


# Callable objects and protocols.
class Oven:
    def __call__(self, sender: object, size: int, **kwargs: object) -> None:
        pass


class SmallOven(Oven):
    pass


class WrongOven:
    def __call__(self, sender: object, size: str, **kwargs: object) -> None:
        pass


class MisspeltOven:
    def __call__(self, sender, sise, **kwargs):
        pass


class StaticOven:
    @staticmethod
    def __call__(sender, size, **kwargs):
        pass


class OvenWithoutSelf:
    def __call__(**kwargs):
        pass


class OvenOfClassWithoutCls:
    @classmethod
    def __call__(*, sise, **kwargs):
        pass


class AnyOven:
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        pass


S = TypeVar("S")
R = TypeVar("R")


class Typed(Generic[S]):
    def __init__(self, of: S) -> None:
        pass

    def __call__(self, size: S, **kwargs: object) -> S:
        return size


oven, small_oven, static_oven, any_oven = Oven(), SmallOven(), StaticOven(), AnyOven()
wrong_oven, misspelt_oven = WrongOven(), MisspeltOven()
without_self, without_cls = OvenWithoutSelf(), OvenOfClassWithoutCls()
of_int, of_str = Typed(1), Typed("1")
done.connect(oven)
done.connect(small_oven)
done.connect(static_oven)
done.connect(any_oven)
done.connect(of_int)
# E: done cannot connect WrongOven object: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
done.connect(wrong_oven)
# E: done cannot connect MisspeltOven object: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(misspelt_oven)
# E: done cannot connect OvenWithoutSelf object: the arguments that are already bound do not match its parameters: add 'self' to the method  [signal-bound]
done.connect(without_self)
# E: done cannot connect OvenOfClassWithoutCls object: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
# E: done cannot connect OvenOfClassWithoutCls object: the arguments that are already bound do not match its parameters: add 'cls' to the class method  [signal-bound]
done.connect(without_cls)
# E: done cannot connect Typed object: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
done.connect(of_str)


class Sink(Protocol):
    def __call__(self, *, sender: object, size: int, **kwargs: object) -> object: ...


class AnySink(Protocol):
    def __call__(self, *args: Any, **kwargs: Any) -> object: ...


class WrongSink(Protocol):
    def __call__(self, *, sender: object, size: str, **kwargs: object) -> object: ...


class ClosedSink(Protocol):
    def __call__(self, sender: object, size: int) -> object: ...


class NamelessSink(Protocol):
    def __call__(self, sender: object, /, **kwargs: object) -> object: ...


def connect_sinks(
    sink: Sink,
    any_sink: AnySink,
    wrong_sink: WrongSink,
    closed_sink: ClosedSink,
    nameless_sink: NamelessSink,
) -> None:
    done.connect(sink)
    done.connect(any_sink)
    # E: done cannot connect WrongSink object: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
    done.connect(wrong_sink)
    # E: done cannot connect ClosedSink object: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
    done.connect(closed_sink)
    # E: done cannot connect NamelessSink object: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
    done.connect(nameless_sink)


# functools.partial, by name and inline.
def baker(oven: str, sender: object, size: int, **kwargs: object) -> None:
    pass


def wrong_baker(oven: str, sender: object, size: str, **kwargs: object) -> None:
    pass


def closed_baker(oven: str, sender: object, size: int) -> None:
    pass


bound = functools.partial(baker, "stone")
bound_by_name = functools.partial(baker, oven="stone")
done.connect(bound)
done.connect(bound_by_name)
done.connect(functools.partial(baker, "stone"), weak=False)
done.connect(functools.partial(baker, oven="stone"), weak=False)
wrongly_bound = functools.partial(wrong_baker, "stone")
closed = functools.partial(closed_baker, "stone")
unbound = functools.partial(baker)
# E: done cannot connect partial object: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
done.connect(wrongly_bound)
# E: done cannot connect partial object: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(closed)
# E: done cannot connect partial object: 'oven' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
done.connect(unbound)
# E: done cannot connect partial object: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
done.connect(functools.partial(wrong_baker, "stone"), weak=False)
# E: done cannot connect partial object: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(functools.partial(closed_baker, "stone"), weak=False)


def connect_partial(untold: functools.partial[object], made: Callable[..., object]) -> None:
    done.connect(untold)
    done.connect(functools.partial(made, 1), weak=False)


# Lambdas.
done.connect(lambda **kwargs: None, weak=False)
done.connect(lambda sender, size, **kwargs: size, weak=False)
done.connect(lambda sender, note=None, **kwargs: note, weak=False)
named_lambda = lambda sender, **kwargs: None  # noqa: E731
empty_lambda = lambda: None  # noqa: E731
# E: done cannot connect the receiver: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(empty_lambda)
wrong_lambda = lambda sender, sise, **kwargs: None  # noqa: E731
done.connect(named_lambda)
# E: done cannot connect the receiver: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(wrong_lambda)
# E: done cannot connect the receiver: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(lambda: None, weak=False)
# E: done cannot connect the receiver: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
done.connect(lambda sender, note, **kwargs: note, weak=False)
# E: done cannot connect the receiver: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(lambda sender, size, toppings: size, weak=False)


# Overloads: one of them has to fit.
@overload
def sized(size: int, **kwargs: object) -> int: ...
@overload
def sized(size: str, **kwargs: object) -> str: ...
def sized(size: Any, **kwargs: object) -> Any:
    return size


@overload
def missized(size: bytes, **kwargs: object) -> int: ...
@overload
def missized(size: str, **kwargs: object) -> str: ...
def missized(size: Any, **kwargs: object) -> Any:
    return size


@overload
def misnamed(sise: int, crust: str = "", **kwargs: object) -> int: ...
@overload
def misnamed(sise: str, crust: str, **kwargs: object) -> str: ...
def misnamed(sise: Any, crust: str = "", **kwargs: object) -> Any:
    return sise


done.connect(sized)
# E: done cannot connect missized: 'size' has type "int" in PizzaDone, but the parameter is annotated "bytes": annotate it as "int"  [signal-type]
done.connect(missized)
# E: done cannot connect misnamed: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(misnamed)


# Classes: their constructors.
class Record:
    def __init__(self, sender: object, size: int, **kwargs: object) -> None:
        pass


class WrongRecord:
    def __init__(self, sender: object, size: str, **kwargs: object) -> None:
        pass


class NewRecord:
    def __new__(cls, size: int, **kwargs: object) -> Self:
        return super().__new__(cls)


class WrongNewRecord:
    def __new__(cls, sise: int, **kwargs: object) -> Self:
        return super().__new__(cls)


@dataclasses.dataclass
class Row:
    size: int


class Sample(Generic[S]):
    def __init__(self, size: S, **kwargs: object) -> None:
        pass


done.connect(Record)
done.connect(NewRecord)
done.connect(Sample)
done.connect(Sample[int])
# E: done cannot connect WrongRecord: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
done.connect(WrongRecord)
# E: done cannot connect WrongNewRecord: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
done.connect(WrongNewRecord)
# E: done cannot connect Row: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(Row)
# E: done cannot connect Typed: 'of' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
# E: done cannot connect Typed: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
done.connect(Typed)


def connect_class(cls: type[Record], wrong: type[WrongRecord], any_class: type) -> None:
    done.connect(cls)
    done.connect(any_class)
    # It may be a subclass with another constructor.
    done.connect(wrong)


# Unknown callables are accepted.
def connect_unknown(
    anything: Any,
    callback: Callable[..., object],
    by_position: Callable[[object, int], None],
    awaitable: Callable[..., Awaitable[None]],
    awaitable_by_position: Callable[[int], Coroutine[Any, Any, None]],
    either: Callable[..., None] | Oven,
    untyped: "Untyped",
) -> None:
    done.connect(anything)
    done.connect(callback)
    done.connect(by_position)
    done.connect(awaitable)
    done.connect(awaitable_by_position)
    done.connect(either)
    done.connect(untyped.anything)


Untyped = Any
mock = Mock()
done.connect(mock)
done.connect(mock.method)
# E: done cannot connect print: Signal receivers must accept keyword arguments (**kwargs). Connect a function with **kwargs that calls it  [signal-kwargs]
done.connect(print)

# Generic functions: any type may fill a type variable.
Number = TypeVar("Number", bound=float)
Text = TypeVar("Text", str, bytes)
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")


@receiver(done)
def of_number(size: Number, **kwargs: object) -> Number:
    return size


@receiver(done)
# E: done cannot connect of_wrong_name: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
def of_wrong_name(sise: Number, **kwargs: object) -> Number:
    return sise


# Not reported: the bound of a type variable is not checked.
@receiver(done)
def of_text(size: Text, **kwargs: object) -> Text:
    return size


def connect_generic(function: F) -> F:
    done.connect(function)
    return function


def connect_with_parameters(function: Callable[P, R]) -> Callable[P, R]:
    done.connect(function)
    return function


@connect_generic
@connect_with_parameters
def connected_by_decorators(sender: object, **kwargs: object) -> None:
    pass


Baker = TypeVar("Baker", bound=Oven)
WrongBaker = TypeVar("WrongBaker", bound=WrongOven)


def connect_bounded(oven: Baker, wrong_oven: WrongBaker) -> None:
    done.connect(oven)
    # E: done cannot connect WrongOven object: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
    done.connect(wrong_oven)


# Decorators that keep the type.
def same(function: F) -> F:
    return function


def traced(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    return wrapper


def retried(times: int) -> Callable[[F], F]:
    return same


def connecting(function: Callable[P, R]) -> Callable[P, R]:
    @receiver(done, weak=False)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    return wrapper


def with_oven(function: Callable[Concatenate[Oven, P], R]) -> Callable[P, R]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(oven, *args, **kwargs)

    return wrapper


@receiver(done)
@same
def kept(sender: object, size: int, **kwargs: object) -> None:
    pass


@receiver(done)
@traced
def traced_well(sender: object, size: int, **kwargs: object) -> None:
    pass


@same
@receiver(done)
def kept_outside(sender: object, size: int, **kwargs: object) -> None:
    pass


@receiver(done)
@retried(times=3)
def retried_well(sender: object, size: int, **kwargs: object) -> None:
    pass


@receiver(done)
@with_oven
def given_an_oven(oven: Oven, sender: object, size: int, **kwargs: object) -> None:
    pass


@receiver(done)
@same
# E: done cannot connect wrongly_kept: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrongly_kept(sender: object, size: str, **kwargs: object) -> None:
    pass


@receiver(done)
@traced
# E: done cannot connect traced_wrongly: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
def traced_wrongly(sender: object, sise: int, **kwargs: object) -> None:
    pass


@same
@receiver(done)
# E: done cannot connect wrongly_kept_outside: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
def wrongly_kept_outside(sender: object, sise: int, **kwargs: object) -> None:
    pass


@receiver(done)
@retried(times=3)
# E: done cannot connect retried_wrongly: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def retried_wrongly(sender: object, size: int) -> None:
    pass


@receiver(done)
@with_oven
# E: done cannot connect wrongly_given_an_oven: 'size' has type "int" in PizzaDone, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrongly_given_an_oven(oven: Oven, sender: object, size: str, **kwargs: object) -> None:
    pass


# Decorators that lose the type and call with other arguments: their results accept anything.
def lost(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(kwargs["size"])

    return wrapper


def untyped_decorator(function):
    def wrapper(*args, **kwargs):
        return function(sise=kwargs["size"])

    return wrapper


def renamed(function: object) -> Oven:
    return oven


@receiver(done)
@lost
def behind_lost(sise: int) -> None:
    pass


@receiver(done)
@untyped_decorator
def behind_untyped(sise: int) -> None:
    pass


@receiver(done)
@renamed
def behind_other_type(sise: int) -> None:
    pass


# The cache of the standard library requires hashable arguments, and a list is not hashable.
class Sized(TypedDict):
    size: int


only_sized = Signal[object, Sized]()


@receiver(only_sized)
@functools.lru_cache
def cached(sender: object, size: int, **kwargs: object) -> None:
    pass


@receiver(done)
@functools.lru_cache
# E: done cannot connect cached_list: functools.cache hashes the arguments, but 'toppings' is not hashable: connect a function that calls the cached one with hashable values  [signal-type]
def cached_list(sender: object, size: int, **kwargs: object) -> None:
    pass


@functools.cache
def connected_and_cached(sender: object, size: int, **kwargs: object) -> None:
    pass


only_sized.connect(connected_and_cached)
# E: done cannot connect connected_and_cached: functools.cache hashes the arguments, but 'toppings' is not hashable: connect a function that calls the cached one with hashable values  [signal-type]
done.connect(connected_and_cached)


# Connected functions keep their type.
async def call() -> None:
    await waiter(None, 1)
    kept(None, 1)


asyncio.run(call())
