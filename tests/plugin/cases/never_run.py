"""Receivers whose body never runs: generators, and what is async but not marked as async."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, TypedDict, TypeVar

from typed_signals import Signal, receiver


class Done(TypedDict):
    size: int


class Shop:
    pass


done = Signal[type[Shop], Done]()
listed = Signal[type[Shop], Done, Iterable[int]]()
checked = Signal[type[Shop], Done, bool]()
started = Signal[type[Shop], Done, Coroutine[Any, Any, int]]()


# A function that returns None: responses are not used.
@Signal.declare
def told(sender: type[Shop], size: int) -> None:
    """A pizza is done."""


P = ParamSpec("P")
T = TypeVar("T")


def logged(
    function: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    return function


async def work(size: int) -> int:
    return size


# Generators.
@receiver(done)
# E: done cannot connect generator: it is a generator, so a send does not run its body: remove the 'yield'  [signal-response]
def generator(sender, size, **kwargs):
    yield size


@receiver(done)
@receiver(told)
# E: done cannot connect async_generator: it is an async generator, so a send does not run its body: remove the 'yield'  [signal-response]
# E: told cannot connect async_generator: it is an async generator, so a send does not run its body: remove the 'yield'  [signal-response]
async def async_generator(sender, size, **kwargs):
    yield size


@receiver(checked)
# E: checked cannot connect unchecked: it is a generator, so a send does not run its body: remove the 'yield'  [signal-response]
def unchecked(sender, size, **kwargs):
    yield size


@receiver(told)
# E: told cannot connect annotated: it is a generator, so a send does not run its body: remove the 'yield'  [signal-response]
def annotated(sender: type[Shop], size: int, **kwargs: object) -> Iterator[int]:
    yield size


# The annotation says that the responses are iterated.
@receiver(done)
def rows(sender: type[Shop], size: int, **kwargs: object) -> Iterator[int]:
    yield size


@receiver(listed)
def row(sender, size, **kwargs):
    yield size


# It calls what it decorates.
@receiver(done)
@contextmanager
def managed(sender, size, **kwargs):
    yield size


done.connect(managed)


class Kitchen:
    def generate(self, sender, size, **kwargs):
        yield size

    @contextmanager
    def manage(self, sender, size, **kwargs):
        yield size

    async def later(self, sender, size, **kwargs):
        pass

    @staticmethod
    async def static(sender, size, **kwargs):
        pass


kitchen = Kitchen()
manage = contextmanager(kitchen.generate)
# E: done cannot connect generate: it is a generator, so a send does not run its body: remove the 'yield'  [signal-response]
done.connect(kitchen.generate)
listed.connect(kitchen.generate)
done.connect(kitchen.manage)
done.connect(kitchen.later)
done.connect(kitchen.static)
done.connect(manage)
# Not reported: it is decorated.
told.connect(rows)


class Generator:
    def __call__(self, sender, size, **kwargs):
        yield size


generating = Generator()
# E: done cannot connect Generator object: it is a generator, so a send does not run its body: remove the 'yield'  [signal-response]
done.connect(generating)
listed.connect(generating)


# Functions that return a coroutine.
@receiver(done)
# E: done cannot connect coroutine: it returns a coroutine, but is not defined with 'async def', so a send does not await it: use 'async def'  [signal-response]
def coroutine(sender: type[Shop], size: int, **kwargs: object) -> Coroutine[Any, Any, int]:
    return work(size)


@receiver(started)
def start(sender: type[Shop], size: int, **kwargs: object) -> Coroutine[Any, Any, int]:
    return work(size)


# A task runs without a send that awaits it.
@receiver(done)
def task(sender: type[Shop], size: int, **kwargs: object) -> "asyncio.Task[int]":
    return asyncio.create_task(work(size))


# Not reported: the wrapper may be async.
@receiver(checked)
@logged
async def decorated(sender: type[Shop], size: int, **kwargs: object) -> bool:
    return True


done.connect(decorated)
# E: done cannot connect the receiver: it returns a coroutine, but is not defined with 'async def', so a send does not await it: use 'async def'  [signal-response]
done.connect(lambda size, **kwargs: work(size), weak=False)
started.connect(lambda size, **kwargs: work(size), weak=False)
done.connect(lambda size, **kwargs: size, weak=False)


# Objects that are not marked as async.
class Async:
    async def __call__(self, sender: type[Shop], size: int, **kwargs: object) -> int:
        return size


class Unannotated:
    async def __call__(self, sender, size, **kwargs):
        return size


@dataclass
class Decorated:
    async def __call__(self, sender, size, **kwargs):
        return size


class Dynamic:
    def __getattr__(self, name: str) -> Any:
        return getattr(work, name)

    async def __call__(self, sender, size, **kwargs):
        return size


unmarked = Async()
unannotated = Unannotated()
# E: done cannot connect Async object: its __call__ is async, but the object is not marked as async, so a send does not await it: mark it with asgiref.sync.markcoroutinefunction  [signal-response]
done.connect(unmarked)
# E: told cannot connect Async object: its __call__ is async, but the object is not marked as async, so a send does not await it: mark it with asgiref.sync.markcoroutinefunction  [signal-response]
told.connect(unmarked)
# E: checked cannot connect Async object: its __call__ is async, but the object is not marked as async, so a send does not await it: mark it with asgiref.sync.markcoroutinefunction  [signal-response]
checked.connect(unmarked)
# E: done cannot connect Unannotated object: its __call__ is async, but the object is not marked as async, so a send does not await it: mark it with asgiref.sync.markcoroutinefunction  [signal-response]
done.connect(unannotated)
# E: done cannot connect Unannotated object: its __call__ is async, but the object is not marked as async, so a send does not await it: mark it with asgiref.sync.markcoroutinefunction  [signal-response]
done.connect(Unannotated(), weak=False)
started.connect(unmarked)
started.connect(unannotated)


# Not reported: something else may mark the object.
def mark(handler: T) -> T:
    return handler


passed = Async()
mark(passed)
wrapped = mark(Async())
decorated_class = Decorated()
dynamic = Dynamic()
done.connect(passed)
done.connect(wrapped)
done.connect(decorated_class)
done.connect(dynamic)
started.connect(wrapped)
# E: checked cannot connect Async object: it returns "int", but checked expects "bool": return "bool"  [signal-response]
checked.connect(wrapped)


def connect(handler: Async, asynchronous: Callable[..., Coroutine[Any, Any, int]]) -> None:
    done.connect(handler)
    done.connect(asynchronous)
