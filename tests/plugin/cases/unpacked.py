"""``**kwargs: Unpack[...]`` behind decorators and partials, which copy the signature."""

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import (
    Any,
    Concatenate,
    Generic,
    NotRequired,
    ParamSpec,
    Protocol,
    TypedDict,
    TypeVar,
    Unpack,
)

from asgiref.sync import sync_to_async

from typed_signals import Signal, receiver


class Done(TypedDict):
    size: int
    note: NotRequired[str]


class Other(TypedDict):
    crust: str


class Empty(TypedDict):
    pass


done = Signal[Any, Done]()
empty = Signal[Any, Empty]()

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
F = TypeVar("F", bound=Callable[..., Any])


def retry(function: Callable[P, R]) -> Callable[P, R]:
    return function


def deferred(function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    return function


def spawned(function: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    return function


class Handler(Protocol[P, R_co]):
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


def handled(function: Callable[P, R]) -> Handler[P, R]:
    return function


class Task(Generic[P, R]):
    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)


def with_number(function: Callable[Concatenate[int, P], R]) -> Callable[P, R]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(1, *args, **kwargs)

    return wrapper


def same(function: F) -> F:
    return function


def connected(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    done.connect(wrapper, weak=False)
    return wrapper


@receiver(done)
@retry
def retried(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@retry
@same
@retry
def retried_twice(sender: object, **rest: Unpack[Done]) -> None:
    pass


@receiver(done)
@retry
# E: done cannot connect wrongly_retried: 'search' is never sent (Done does not declare it): remove the parameter or give it a default  [signal-parameter]
def wrongly_retried(sender: object, search: str, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@retry
# E: done cannot connect other_retried: **kwargs is annotated "Unpack[Other]", which requires keys that are not always sent ('crust'): annotate it as "object" or "Any"  [signal-type]
def other_retried(sender: object, **kwargs: Unpack[Other]) -> None:
    pass


@receiver(empty)
@retry
def retried_without_keys(sender: object, **kwargs: Unpack[Empty]) -> None:
    pass


@receiver(done)
@deferred
async def is_deferred(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@spawned
async def is_spawned(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@handled
def is_handled(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@Task
def task(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@Task
# E: done cannot connect wrong_task: **kwargs is annotated "Unpack[Other]", which requires keys that are not always sent ('crust'): annotate it as "object" or "Any"  [signal-type]
def wrong_task(sender: object, **kwargs: Unpack[Other]) -> None:
    pass


@receiver(done)
@sync_to_async
def in_a_thread(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@with_number
def is_numbered(number: int, sender: object, **kwargs: Unpack[Done]) -> None:
    pass


@receiver(done)
@with_number
# E: done cannot connect wrongly_numbered: **kwargs is annotated "Unpack[Other]", which requires keys that are not always sent ('crust'): annotate it as "object" or "Any"  [signal-type]
def wrongly_numbered(number: int, **kwargs: Unpack[Other]) -> None:
    pass


@connected
def is_connected(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


# The same without Unpack still needs **kwargs.
@receiver(done)
@retry
# E: done cannot connect closed: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def closed(sender: object, *, size: int, note: str = "") -> None:
    pass


# Where the signature comes from is unknown.
def plain(sender: object, **kwargs: Unpack[Done]) -> None:
    pass


again = retry(plain)
as_task = Task(plain)
done.connect(again)
done.connect(as_task)
done.connect(retry(plain), weak=False)
done.connect(is_connected)


class Kitchen:
    @retry
    def method(self, sender: object, **kwargs: Unpack[Done]) -> None:
        pass


kitchen = Kitchen()
done.connect(kitchen.method)


# Partials.
def numbered(number: int, sender: object, **kwargs: Unpack[Done]) -> None:
    pass


first = functools.partial(numbered, 1)
by_name = functools.partial(numbered, number=1)
with_note = functools.partial(numbered, 1, note="now")
with_size = functools.partial(numbered, 1, size=3)
unbound = functools.partial(numbered)
done.connect(first)
done.connect(by_name)
done.connect(with_note)
done.connect(with_size)
# E: done cannot connect partial object: 'number' is never sent (Done does not declare it): remove the parameter or give it a default  [signal-parameter]
done.connect(unbound)
