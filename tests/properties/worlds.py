"""
A world: a signal, senders and receivers, and the story of their events.

The story identifies objects by names. So worlds with signals of different classes can run
the same history, one after the other, and their stories can be compared.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import operator
import weakref
from contextlib import suppress
from contextvars import Context, ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asgiref.sync import markcoroutinefunction, sync_to_async

from typed_signals import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from logging import LogRecord

# The name of an object, and after a dot, that of its method.
SYNC_RECEIVERS = (
    "function",
    "lambda",
    "partial",
    "object",
    "listener.receive",
    "listener.receive_too",
    "twin.receive",
    "cyclic.receive",
)
ASYNC_RECEIVERS = ("async function", "async partial", "async object", "listener.receive_async")

SENDERS = ("Shop", "BigShop", "shop")
# They are equal but not the same, or cannot be weakly referenced.
SPECIAL_SENDERS = ("equal shop", "twin shop", "pair", "twin pair", "text")

# The maximum number of sends by the receivers of one send.
MOST_NESTED = 5

# After so many objects, none is deleted. Receivers that delete and connect an object at each call
# would double the number of receivers in each send.
MOST_OBJECTS = 60

MOST_ENTRIES = 8

number: ContextVar[int] = ContextVar("number", default=0)


class FailedError(Exception):
    pass


class Halt(BaseException):
    pass


# What a history consists of


@dataclass(frozen=True)
class Connect:
    receiver: str
    sender: str | None = None
    weak: bool = True
    uid: Hashable = None


@dataclass(frozen=True)
class Disconnect:
    receiver: str | None
    sender: str | None = None
    uid: Hashable = None


@dataclass(frozen=True)
class Send:
    method: str
    sender: str | None = None
    note: str | None = None
    by_keyword: bool = False


@dataclass(frozen=True)
class HasListeners:
    sender: str | None = None


@dataclass(frozen=True)
class Drop:
    """
    Delete an object; the next use of its name creates a new one.
    """

    name: str


@dataclass(frozen=True)
class SetNumber:
    """
    Set a context variable.
    """

    value: int


@dataclass(frozen=True)
class Fail:
    error: type[BaseException]


@dataclass(frozen=True)
class Teach:
    """
    Make a receiver run *script* at each call.
    """

    receiver: str
    script: tuple[Step, ...]


@dataclass(frozen=True)
class Look:
    """
    Record the connections, the senders with listeners, and the live objects.
    """


@dataclass(frozen=True)
class Change:
    """
    Change the ``receivers`` of a signal on Django's dispatcher, as tools do.

    Attributes:
        how: the name of the change.
        first: an index.
        last: another index.
    """

    how: str
    first: int = 0
    last: int = 0


# Each takes the signal, entries that were saved before, and two indexes.
CHANGES: dict[str, Callable[[Any, list[Any], int, int], object]] = {
    "append": lambda signal, saved, first, _: signal.receivers.append(saved[first]),
    "assign the same": lambda signal, *_: setattr(signal, "receivers", signal.receivers),
    "assign a copy": lambda signal, *_: setattr(signal, "receivers", list(signal.receivers)),
    "assign a part": lambda signal, _, first, last: setattr(
        signal, "receivers", signal.receivers[first:last]
    ),
    "assign nothing": lambda signal, *_: setattr(signal, "receivers", []),
    "assign the saved ones": lambda signal, saved, *_: setattr(signal, "receivers", saved[:]),
    "assign the sum": lambda signal, saved, *_: setattr(
        signal, "receivers", saved + signal.receivers
    ),
    "add": lambda signal, saved, *_: signal.receivers.__iadd__(saved),
    "clear": lambda signal, *_: signal.receivers.clear(),
    "delete": lambda signal, _, first, __: operator.delitem(signal.receivers, first),
    "delete all": lambda signal, *_: operator.delitem(signal.receivers, slice(None)),
    "delete every other": lambda signal, _, first, __: operator.delitem(
        signal.receivers, slice(first, None, 2)
    ),
    "extend": lambda signal, saved, *_: signal.receivers.extend(saved),
    "insert": lambda signal, saved, first, last: signal.receivers.insert(first, saved[last]),
    "multiply": lambda signal, _, __, last: signal.receivers.__imul__(last),
    "pop": lambda signal, _, first, __: signal.receivers.pop(first),
    "put back": lambda signal, saved, *_: operator.setitem(signal.receivers, slice(None), saved),
    "remove": lambda signal, _, first, __: signal.receivers.remove(signal.receivers[first]),
    "replace": lambda signal, _, first, last: operator.setitem(
        signal.receivers, first, signal.receivers[last]
    ),
    "replace a slice": lambda signal, saved, first, last: operator.setitem(
        signal.receivers, slice(first, last), saved
    ),
    "reverse": lambda signal, *_: signal.receivers.reverse(),
    "save": lambda signal, saved, *_: operator.setitem(saved, slice(None), signal.receivers),
    "sort": lambda signal, *_: signal.receivers.sort(key=operator.itemgetter(-1)),
}

Step = Connect | Disconnect | Send | HasListeners | Drop | SetNumber | Fail | Teach | Look | Change


# Who takes part


class Shop:
    pass


class EqualShop:
    def __eq__(self, other: object) -> bool:
        return isinstance(other, EqualShop)

    def __hash__(self) -> int:
        return 1


class Listener:
    """
    A receiver for each method; all listeners are equal.
    """

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listener)

    def __hash__(self) -> int:
        return 1

    def receive(self, **kwargs: Any) -> object:
        return self._world.receive(f"{self._name}.receive", kwargs)

    def receive_too(self, **kwargs: Any) -> object:
        return self._world.receive(f"{self._name}.receive_too", kwargs)

    async def receive_async(self, **kwargs: Any) -> object:
        return await self._world.receive_async(f"{self._name}.receive_async", kwargs)


class Receive:
    def __init__(self, function: Callable[[dict[str, Any]], object]) -> None:
        self._function = function

    def __call__(self, **kwargs: Any) -> object:
        return self._function(kwargs)


def receive(function: Callable[[str, dict[str, Any]], object], name: str, **kwargs: Any) -> object:
    return function(name, kwargs)


async def receive_async(
    function: Callable[[str, dict[str, Any]], Any], name: str, **kwargs: Any
) -> object:
    return await function(name, kwargs)


def named(receiver: Any) -> Any:
    """
    Give *receiver* a name, which Django needs to log its failure.

    differences.md: "send_robust can log any failing receiver".
    """
    receiver.__qualname__ = type(receiver).__name__
    return receiver


class World:
    """
    A world with *signal*; senders and receivers are created when they are first used.

    Attributes:
        story: the steps of the history, each with its result.
    """

    def __init__(self, signal: Any, senders: Sequence[str | None]) -> None:
        """
        Args:
            senders: the senders for has_listeners.
        """
        self.story: list[object] = []
        self._signal = signal
        self._senders = senders
        self._scripts: dict[str, Sequence[Step]] = {}
        self._objects: dict[str, Any] = {}
        # All created objects, in order.
        self._references: dict[str, Callable[[], Any]] = {}
        self._context = Context()
        self._nested = 0
        self._has_dropped = False
        # Entries that a tool has saved.
        self._saved: list[Any] = []

    def play(self, history: Sequence[Step]) -> None:
        for step in history:
            self.story.append(step)
            self._nested = 0
            self._has_dropped = False
            if isinstance(step, Send) and step.method.startswith("a"):
                with asyncio.Runner() as runner:
                    runner.run(self._send_async(step), context=self._context)
            elif isinstance(step, Change):
                self._change(step)
            else:
                self._context.run(self._do, step)
            if self._has_dropped:
                # An object deleted during its call may be in a cycle with an error.
                gc.collect()
                # Another object may get the id of the deleted one.
                self._saved = []

    def hear(self, record: LogRecord) -> None:
        """
        Record what was logged for the failure of a receiver.

        Without the name of the logger and the method. differences.md: "The logger
        is named typed_signals [...] Its messages contain the method that was called".
        """
        arguments: Any = record.args
        receiver, *_, error = arguments
        assert record.exc_info == (type(error), error, error.__traceback__)
        self.story.append(("logged", record.levelname, receiver, described(error)))

    # Going through the history

    def _do(self, step: Step) -> None:
        outcome: object = None
        match step:
            case Connect(receiver, sender, weak, uid):
                self._signal.connect(
                    self._receiver(receiver), self._sender(sender), weak=weak, dispatch_uid=uid
                )
            case Disconnect(receiver, sender, uid):
                outcome = self._signal.disconnect(
                    self._receiver(receiver), self._sender(sender), dispatch_uid=uid
                )
            case Send():
                outcome = self._send(step)
            case HasListeners(sender):
                outcome = self._signal.has_listeners(self._sender(sender))
            case Drop(name):
                self._drop(name)
            case SetNumber(value):
                number.set(value)
            case Fail(error_type):
                raise error_type("on purpose")
            case Teach(receiver, script):
                self._scripts[receiver] = script
            case Look():
                outcome = self._look()
        self.story.append((outcome, number.get()))

    def _drop(self, name: str) -> None:
        if len(self._references) < MOST_OBJECTS:
            self._objects.pop(name, None)
            self._has_dropped = True
            gc.collect()

    def _change(self, change: Change) -> None:
        # Another object may get the id of one in a saved entry.
        self._signal._clear_dead_receivers()
        try:
            CHANGES[change.how](self._signal, self._saved, change.first, change.last)
        except IndexError:
            self.story.append(IndexError)
        # The number may double each time.
        del self._signal.receivers[MOST_ENTRIES:], self._saved[MOST_ENTRIES:]
        self._signal.sender_receivers_cache.clear()

    def _send(self, send: Send) -> object:
        try:
            return self._responses(self._call(send))
        except BaseException as error:  # noqa: BLE001 - recorded
            return described(error)

    async def _send_async(self, send: Send) -> None:
        try:
            outcome = self._responses(await self._call(send))
        except BaseException as error:  # noqa: BLE001 - recorded
            outcome = described(error)
        self.story.append((outcome, number.get()))
        # The thread for sync code keeps its last call until the next one.
        await sync_to_async(int)()

    def _call(self, send: Send) -> Any:
        payload: dict[str, Any] = {"toppings": [], "size": 30}
        if send.note is not None:
            payload["note"] = send.note
        sender = self._sender(send.sender)
        if send.by_keyword:
            return getattr(self._signal, send.method)(sender=sender, **payload)
        return getattr(self._signal, send.method)(sender, **payload)

    def _responses(self, responses: list[tuple[Any, object]]) -> object:
        return [
            (
                self._name_of_receiver(receiver),
                described(response) if isinstance(response, Exception) else response,
            )
            for receiver, response in responses
        ]

    def _look(self) -> object:
        listened_to = [
            name for name in self._senders if self._signal.has_listeners(self._sender(name))
        ]
        connected = [
            (self._name_of_receiver(receiver), self._name_of(sender), weak, is_async)
            for receiver, sender, weak, is_async in self._connections()
        ]
        alive = [name for name, reference in self._references.items() if reference() is not None]
        return {"listened to": listened_to, "connected": connected, "alive": alive}

    def _connections(self) -> Iterator[tuple[Any, Any, bool, bool]]:
        if isinstance(self._signal, Signal):
            for each in self._signal.receivers:
                yield each.receiver, each.sender, each.weak, each.is_async
            return
        objects = [None, *self._objects.values(), *(made() for made in self._references.values())]
        by_id = {id(each): each for each in objects}
        for (_, sender_id), held, *_, is_async in self._signal.receivers:
            weak = isinstance(held, weakref.ReferenceType)
            # A tool may have put back the entry of a collected sender.
            yield held() if weak else held, by_id.get(sender_id), weak, is_async

    # Receiving

    def receive(self, name: str, kwargs: dict[str, Any]) -> object:
        self._record_call(name, kwargs)
        for step in self._script(name):
            if isinstance(step, Send):
                if self._nested == MOST_NESTED:
                    continue
                self._nested += 1
            self._do(step)
        return f"{name} says {number.get()}"

    async def receive_async(self, name: str, kwargs: dict[str, Any]) -> object:
        self._record_call(name, kwargs)
        for step in self._script(name):
            # Sends from here are tested in test_awaits_like_django.py.
            if not isinstance(step, Send):
                self._do(step)
        return f"{name} says {number.get()}"

    def _record_call(self, name: str, kwargs: dict[str, Any]) -> None:
        carried = {key: kwargs[key] for key in sorted(kwargs.keys() - {"signal", "sender"})}
        carried["toppings"] = tuple(carried["toppings"])
        is_signal = kwargs["signal"] is self._signal
        self.story.append((name, is_signal, self._name_of(kwargs["sender"]), carried, number.get()))
        # The next one gets the same list, and its own dictionary.
        kwargs["toppings"].append(name)
        kwargs.clear()

    def _script(self, name: str) -> Sequence[Step]:
        return self._scripts.get(name.replace("'", ""), ())

    # Names

    def _receiver(self, name: str | None) -> Any:
        if name is None:
            return None
        holder, _, method = name.partition(".")
        return getattr(self._object(holder), method) if method else self._object(holder)

    def _sender(self, name: str | None) -> Any:
        return None if name is None else self._object(name)

    def _object(self, name: str) -> Any:
        if name not in self._objects:
            label = name
            while label in self._references:
                label += "'"
            self._objects[name] = made = self._make(name, label)
            # The others are never deleted.
            with suppress(TypeError):
                self._references[label] = weakref.ref(made)
        return self._objects[name]

    def _make(self, name: str, label: str) -> Any:
        if name in (*SENDERS, *SPECIAL_SENDERS):
            return self._make_sender(name, label)
        if name.startswith("async "):
            return self._make_async(name, label)
        return self._make_sync(name, label)

    def _make_sync(self, name: str, label: str) -> Any:
        match name:
            case "function":

                def function(sender: object, size: int, **kwargs: Any) -> object:
                    return self.receive(label, {"sender": sender, "size": size, **kwargs})

                return function
            case "lambda":
                return lambda **kwargs: self.receive(label, kwargs)
            case "partial":
                return named(functools.partial(receive, self.receive, label))
            case "object":
                return named(Receive(functools.partial(self.receive, label)))
        listener: Any = Listener(self, label)
        if name == "cyclic":
            listener.cycle = listener
        return listener

    def _make_async(self, name: str, label: str) -> Any:
        match name:
            case "async function":

                async def async_function(sender: object, size: int, **kwargs: Any) -> object:
                    kwargs |= {"sender": sender, "size": size}
                    return await self.receive_async(label, kwargs)

                return async_function
            case "async partial":
                return named(functools.partial(receive_async, self.receive_async, label))
        receiver = named(Receive(functools.partial(self.receive_async, label)))
        return markcoroutinefunction(receiver)

    def _make_sender(self, name: str, label: str) -> Any:
        match name:
            case "Shop":
                return type(label, (), {})
            case "BigShop":
                return type(label, (self._object("Shop"),), {})
            case "shop":
                return Shop()
            case "equal shop" | "twin shop":
                return EqualShop()
            case "pair" | "twin pair":
                return (label[-4:], "made anew")
        return name

    def _name_of(self, thing: Any) -> str | None:
        if thing is None:
            return None
        references = self._references.items()
        kept = [name for name, known in self._objects.items() if known is thing]
        [name] = [name for name, reference in references if reference() is thing] or kept
        return name

    def _name_of_receiver(self, receiver: Any) -> str:
        held = getattr(receiver, "__self__", receiver)
        name = self._name_of(held)
        return str(name) if held is receiver else f"{name}.{receiver.__name__}"


def described(error: BaseException) -> object:
    """
    Return the comparable part of an error, without the message of a group.
    """
    if isinstance(error, BaseExceptionGroup):
        return [type(error), *map(described, error.exceptions)]
    assert error.__traceback__
    return type(error), error.args
