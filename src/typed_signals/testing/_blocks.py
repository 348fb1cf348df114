"""
What lasts as long as a ``with`` block or a call.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from typed_signals._shared.messages import shown
from typed_signals._watch.audience import watching_here
from typed_signals._watch.kinds import signal_kind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterable

    from typed_signals._watch import Handle

DecoratedT = TypeVar("DecoratedT", bound="Callable[..., Any]")

# What test runners call before and after each test, and before and after those of a class.
_FIXTURES: Final = frozenset(
    {
        *("setUp", "tearDown", "asyncSetUp", "asyncTearDown"),
        *("setUpClass", "tearDownClass", "setUpTestData"),
        *("setup_method", "teardown_method", "setup_class", "teardown_class"),
    }
)


class Block:
    """
    A context manager that can be entered again before it was left, also by other threads and tasks.
    """

    def __init__(self, signals: Iterable[Any]) -> None:
        self._signals = tuple(signals)
        self._handles: list[Handle] = []
        for signal in self._signals:
            signal_kind(signal)

    @abstractmethod
    def start(self) -> Handle:
        """
        Start what the block is for, once more.
        """

    def _enter(self) -> Handle:
        handle = self.start()
        self._handles.append(handle)
        return handle

    def __exit__(self, *_raised: object) -> None:
        handles, here = self._handles, watching_here.get()
        # Another thread may have entered it later.
        entered = [each for each in handles if each.everywhere or each in here] or handles
        last = entered[-1]
        handles.remove(last)
        last.stop()


class DecoratingBlock(Block):
    """
    Such a context manager that is also a decorator.
    """

    def __enter__(self) -> None:
        self._enter()

    def __call__(self, decorated: DecoratedT, /) -> DecoratedT:
        """
        Return *decorated* as a function that runs in such a block, each call in its own.

        Of a generator, only its own code runs in the block, and not what its caller does in
        between. Of a class, each test and what prepares and cleans up runs in it.

        Raises:
            TypeError: *decorated* is a class without tests, or not a function.
        """
        wrapped: Any
        if isinstance(decorated, type):
            wrapped = self._decorate_class(decorated)
        elif isinstance(decorated, FunctionType):
            wrapped = _wrap(self, decorated)
        else:
            raise TypeError(f"{shown(decorated)} is not a function and not a class with tests")
        return wrapped  # type: ignore[no-any-return]

    def _decorate_class(self, cls: Any) -> Any:
        names = [name for name in dir(cls) if name.startswith("test") or name in _FIXTURES]
        is_decorated = False
        for name in names:
            owner = next(each for each in cls.__mro__ if name in vars(each))
            found = vars(owner)[name]
            if type(found) in (classmethod, staticmethod):
                setattr(cls, name, type(found)(_wrap(self, found.__func__)))
            elif type(found) is FunctionType:
                setattr(cls, name, _wrap(self, found))
                is_decorated |= name.startswith("test")
        if not is_decorated:
            raise TypeError(f"{shown(cls)} has no methods whose names begin with 'test'")
        return cls


def checked(function: str, signals: Iterable[Any]) -> tuple[Any, ...]:
    """
    Return the arguments of *function*, if there are any.

    Raises:
        TypeError: there are none.
    """
    given = tuple(signals)
    if not given:
        raise TypeError(f"{function}() needs at least one signal")
    return given


def _wrap(block: DecoratingBlock, function: Callable[..., Any]) -> Callable[..., Any]:
    from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

    if isgeneratorfunction(function):
        wrapper: Callable[..., Any] = _generator(block, function)
    elif isasyncgenfunction(function):
        wrapper = _async_generator(block, function)
    elif iscoroutinefunction(function):

        async def run_async(*args: Any, **kwargs: Any) -> Any:
            with block.start():
                return await function(*args, **kwargs)

        wrapper = run_async
    else:

        def run(*args: Any, **kwargs: Any) -> Any:
            with block.start():
                return function(*args, **kwargs)

        wrapper = run
    return wraps(function)(wrapper)


def _generator(block: DecoratingBlock, function: Callable[..., Any]) -> Callable[..., Any]:
    def generate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        generator = function(*args, **kwargs)
        step, value = generator.send, None
        while True:
            try:
                with block.start():
                    item = step(value)
            except StopIteration as stop:
                return stop.value
            finally:
                value = None  # an error in it refers to this frame
            try:
                step, value = generator.send, (yield item)
            except GeneratorExit:
                with block.start():
                    generator.close()
                raise
            except BaseException as error:  # noqa: BLE001 - thrown into the generator
                step, value = generator.throw, error

    return generate


def _async_generator(block: DecoratingBlock, function: Callable[..., Any]) -> Callable[..., Any]:
    async def generate(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator = function(*args, **kwargs)
        step, value = generator.asend, None
        while True:
            try:
                with block.start():
                    item = await step(value)
            except StopAsyncIteration:
                return
            finally:
                value = None
            try:
                step, value = generator.asend, (yield item)
            except GeneratorExit:
                with block.start():
                    await generator.aclose()
                raise
            except BaseException as error:  # noqa: BLE001 - thrown into the generator
                step, value = generator.athrow, error

    return generate
