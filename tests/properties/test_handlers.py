"""
Handlers of operating system signals run between any two steps of the main thread.
"""

from __future__ import annotations

import random
import signal as system
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import typed_signals._connect.table
from tests.support import PizzaDone, not_on_windows
from typed_signals import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures("each_way_of_sending")

# Two series of operations in the short profile, two hundred in the long one.
SERIES = settings().max_examples // 50
OPERATIONS = 1000

# About as long as an operation takes.
LONGEST_DELAY: Final = 15e-6

pytestmark = not_on_windows

serieses = settings(max_examples=SERIES, phases=[Phase.generate], report_multiple_bugs=False)


class Interrupted(BaseException):
    pass


class Sender:
    pass


class Listener:
    """
    Two receivers with the same object as their response.
    """

    def __init__(self) -> None:
        self.response = response = object()

        def function(**kwargs: object) -> object:
            return response

        self.function = function

    def method(self, **kwargs: object) -> object:
        return self.response


class World:
    """
    A signal, and random operations of the main thread and a handler on it.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secrets
        self.signal: Any = Signal[object, PizzaDone]()
        self.senders = [None, Sender(), Sender()] if self.chance.random() < 0.5 else [None]
        self.forms = self.chance.choice([["function"], ["method"], ["function", "method"]])
        self.steady = Listener()
        self.receivers_of(self.steady, self.signal.connect)
        self.guests = [Listener() for _ in range(3)]

    def receivers_of(self, listener: Listener, use: Callable[..., object]) -> None:
        for form in self.forms:
            use(getattr(listener, form))

    def send(self, sender: object) -> list[object]:
        method = self.chance.choice([self.signal.send, self.signal.send_robust])
        return [response for _, response in method(sender, toppings=[], size=30)]

    def do_something(self) -> None:
        sender = self.chance.choice(self.senders)
        guest = self.chance.choice(self.guests)
        receiver = getattr(guest, self.chance.choice(self.forms))
        use = self.chance.choice([self.signal.connect, self.signal.disconnect, self.send])
        if use == self.send:
            assert self.send(sender).count(self.steady.response) == len(self.forms)
        else:
            use(receiver, sender=sender)

    def come_and_go(self) -> None:
        """
        Connect, send and disconnect, and check the result.
        """
        sender, guest = self.chance.choice(self.senders), Listener()
        receiver = getattr(guest, self.chance.choice(self.forms))
        self.signal.connect(receiver, sender=sender)
        assert self.send(sender).count(guest.response) == 1
        assert self.signal.disconnect(receiver, sender=sender)
        assert self.send(sender).count(guest.response) == 0
        # It dies while it is connected.
        self.signal.connect(receiver, sender=Sender())
        self.signal.connect(receiver)

    def check(self) -> None:
        """
        Assert that sends call exactly the connected receivers.
        """
        connections = self.signal.receivers
        for sender in self.senders:
            assert self.send(sender) == [
                connection.receiver()
                for connection in connections
                if connection.sender in (None, sender)
            ]

    def close(self) -> None:
        for sender in self.senders:
            for listener in (self.steady, *self.guests):
                self.receivers_of(
                    listener, lambda receiver, to=sender: self.signal.disconnect(receiver, to)
                )
        assert self.signal.receivers == []
        assert not self.signal._connections._groups
        assert not self.signal._connections._dead


class Alarm:
    """
    Calls a handler once, soon after it is set.
    """

    def __init__(self) -> None:
        self.count = 0
        self.handler: Callable[[], None] | None = None
        self.failures: list[BaseException] = []

    def set(self, chance: random.Random, handler: Callable[[], None]) -> None:
        self.handler = handler
        system.setitimer(system.ITIMER_REAL, chance.uniform(1e-6, LONGEST_DELAY))

    def cancel(self) -> None:
        self.handler = None

    def __call__(self, *_: object) -> None:
        handler, self.handler = self.handler, None
        if handler is not None:
            self.count += 1
            handler()


@pytest.fixture
def alarm() -> Iterator[Alarm]:
    alarm = Alarm()
    before = system.signal(system.SIGALRM, alarm)
    yield alarm
    system.setitimer(system.ITIMER_REAL, 0)
    system.signal(system.SIGALRM, before)


def test_handler_may_use_the_signal_that_it_interrupts(
    alarm: Alarm, step: Callable[..., None]
) -> None:
    @serieses
    @given(seed=st.integers(0, 2**32))
    def check(seed: int) -> None:
        step(SERIES)
        world = World(seed)
        for _ in range(OPERATIONS):
            alarm.set(world.chance, world.come_and_go)
            world.do_something()
            alarm.cancel()
        world.check()
        world.close()

    check()
    assert alarm.count > SERIES


def test_signal_works_after_a_handler_raised(alarm: Alarm, step: Callable[..., None]) -> None:
    def interrupt() -> None:
        raise Interrupted

    @serieses
    @given(seed=st.integers(0, 2**32))
    def check(seed: int) -> None:
        step(SERIES)
        world = World(seed)
        for _ in range(OPERATIONS):
            try:
                alarm.set(world.chance, interrupt)
                world.do_something()
                alarm.cancel()
            except Interrupted:
                lock: Any = typed_signals._connect.table.lock
                assert not lock._is_owned()
                world.check()
        world.close()

    check()
    assert alarm.count > SERIES
