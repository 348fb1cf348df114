"""
The timing of contenders in turn, in short blocks, so that a busy machine slows all of them down.

pyperf runs each benchmark in its own processes, so it cannot do this.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyperf

from .case import Case, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

    from .case import Contender

# The seconds of a block: long for the clock, short for interruptions.
BLOCK: Final = 0.001
# The warm-up blocks of each contender: CPython specialises its bytecode.
WARM_UP: Final = 10

# The copies of the statement in a block, to make the cost of the loop negligible.
COPIES: Final = 10

ALL_TIMED: Final = """
{define} block(loops, clock):
    start = clock()
    for _ in range(loops):
        {statements}
    return clock() - start
"""
EACH_TIMED: Final = """
{define} block(loops, clock):
    total = 0
    for _ in range(loops):
        {before}
        start = clock()
        {statement}
        total += clock() - start
        {after}
    return total
"""


class WrongContenderError(Exception):
    """
    A contender does not call the receivers correctly.
    """


class Timed(Protocol):
    """
    What takes turns.
    """

    @property
    def sends(self) -> int:
        """
        The number of sends in a run.
        """

    def run(self) -> float:
        """
        Return the seconds of a run.
        """


class Block:
    """
    The statement of a contender, compiled in a loop.
    """

    def __init__(self, contender: Contender, event_loop: asyncio.AbstractEventLoop) -> None:
        self._contender = contender
        self._event_loop = event_loop
        self._is_async = contender.statement.startswith("await ")
        self._copies = 1 if contender.before else COPIES
        source = (EACH_TIMED if contender.before else ALL_TIMED).format(
            define="async def" if self._is_async else "def",
            statement=contender.statement,
            statements="\n        ".join([contender.statement] * self._copies),
            before=contender.before,
            after=contender.after,
        )
        names = dict(contender.names)
        exec(compile(source, f"<{contender.name}>", "exec"), names)
        self._function: Callable[..., Any] = names["block"]
        self.loops = 1

    def run(self) -> float:
        """
        Return the seconds that the loop takes.
        """
        result = self._function(self.loops, pyperf.perf_counter)
        if self._is_async:
            return float(self._event_loop.run_until_complete(result))
        return float(result)

    @property
    def sends(self) -> int:
        """
        The number of sends in a run.
        """
        return self.loops * self._copies * self._contender.sends

    def calibrate(self) -> None:
        """
        Find the number of loops for a block that is long enough.
        """
        while min(self.run() for _ in range(3)) < BLOCK:
            self.loops *= 2

    def verify(self) -> None:
        """
        Run once, and check that each copy calls every receiver with the payload.

        Raises:
            WrongContenderError: it is not so.
        """
        expected = [
            (_identity(receiver), dict(arguments)) for receiver, arguments in self._contender.calls
        ]
        codes = {code for (code, _), _ in expected}
        seen: dict[FrameType, dict[str, Any]] = {}

        def note(frame: FrameType, event: str, _argument: object) -> None:
            # Continuing after an ``await`` is also a call, of the same frame.
            if event == "call" and frame.f_code in codes and frame not in seen:
                seen[frame] = dict(frame.f_locals)

        sys.setprofile(note)
        try:
            self.run()
        finally:
            sys.setprofile(None)
        received = []
        for frame, arguments in seen.items():
            identity = (frame.f_code, id(arguments.pop("self", None)))
            arguments.update(arguments.pop("kwargs"))
            arguments.pop("signal", None)
            received.append((identity, arguments))
        for who, arguments in expected:
            if received.count((who, arguments)) != self._copies:
                raise WrongContenderError(
                    f"{self._contender.name}: {self._contender.statement} does not call "
                    f"{who[0].co_name} with {arguments}, or not once"
                )
        if len(received) != len(expected) * self._copies:
            raise WrongContenderError(
                f"{self._contender.name}: {self._contender.statement} calls more than it should"
            )


def _identity(receiver: Any) -> tuple[Any, int]:
    return receiver.__code__, id(getattr(receiver, "__self__", None))


def timed(group: str, name: str, build: Callable[[], Sequence[Contender]], **targets: Any) -> Case:
    """
    Return the case of the contenders that *build* creates, in the process that measures.
    """
    return Case(group=group, name=name, measure=partial(time_in_turn, build), **targets)


def time_in_turn(build: Callable[[], Sequence[Contender]], rounds: int) -> dict[str, Values]:
    """
    Return the seconds of each contender in each round.

    Args:
        build: creates the contenders.
        rounds: the number of measurements after the warm-up.
    """
    event_loop = asyncio.new_event_loop()
    try:
        blocks = {each.name: Block(each, event_loop) for each in build()}
        with quiet_collector():
            for block in blocks.values():
                block.verify()
            for block in blocks.values():
                block.calibrate()
            return take_turns(blocks, rounds)
    finally:
        event_loop.close()


def take_turns(blocks: Mapping[str, Timed], rounds: int) -> dict[str, Values]:
    """
    Run all *blocks* in each round; return the seconds of a send.
    """
    order = list(blocks)
    values: dict[str, list[float]] = {name: [] for name in order}
    for number in range(WARM_UP + rounds):
        for name in order:
            value = blocks[name].run() / blocks[name].sends
            if number >= WARM_UP:
                values[name].append(value)
        gc.collect(0)
        # So that none always follows the same one.
        order.append(order.pop(0))
        if number % len(order) == 0:
            order.reverse()
    return {name: Values(values[name], block.sends) for name, block in blocks.items()}


@contextmanager
def quiet_collector() -> Iterator[None]:
    """
    Disable the garbage collector, as in ``timeit``.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
