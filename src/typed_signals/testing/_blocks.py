"""
What lasts as long as a ``with`` block or a call.
"""

from __future__ import annotations

from abc import abstractmethod
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeVar

from typed_signals._connect.table import exclusively
from typed_signals._shared.messages import shown
from typed_signals._watch.kinds import signal_kind

from ._decorate import decorate_class, methods_of, run_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DecoratedT = TypeVar("DecoratedT", bound="Callable[..., Any]")


class Started(Protocol):
    """
    What a block has started. As a context manager, it stops at the end.
    """

    @property
    def is_here(self) -> bool:
        """
        Whether it applies to the present context.
        """

    def stop(self) -> None: ...

    def __enter__(self) -> Any: ...

    def __exit__(self, *_raised: object) -> None: ...


class Block:
    """
    A context manager that can be entered again before it was left, also by other threads and tasks.
    """

    _written: ClassVar[str]

    def __init__(self, signals: Iterable[Any]) -> None:
        self._signals = tuple(signals)
        self._started: list[Any] = []

    @abstractmethod
    def start(self) -> Started:
        """
        Start what the block is for, once more.
        """

    def _enter(self) -> Any:
        started = self.start()
        self._started.append(started)
        return started

    def __exit__(self, *_raised: object) -> None:
        # Another thread may have entered it later.
        with exclusively():
            entered = [each for each in self._started if each.is_here] or self._started
            last = entered[-1]
            self._started.remove(last)
        last.stop()

    if not TYPE_CHECKING:  # pragma: no branch - type checkers know what it has

        def __getattr__(self, name: str) -> Any:
            # That of what it returns in a block, or of patches that are started and stopped.
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}: use it as a context "
                f"manager: {self._written}",
                name=name,
                obj=self,
            )

    def __deepcopy__(self, _memo: Mapping[int, object]) -> Self:
        # Django's TestCase copies for each test what setUpTestData stores in the class.
        return self


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
        between. Of a class, and of its subclasses, each test and what prepares and cleans up runs
        in it.

        Raises:
            TypeError: *decorated* is a class without tests, or not a function.
        """
        wrapped: Any
        if isinstance(decorated, type):
            wrapped = decorated
            if not decorate_class(decorated, self._methods_of, self.start):
                raise TypeError(f"{shown(decorated)} has no methods whose names begin with 'test'")
        elif isinstance(decorated, FunctionType):
            wrapped = self._decorate(decorated)
        elif isinstance(decorated, (classmethod, staticmethod)):
            wrapped = type(decorated)(self(decorated.__func__))
        else:
            raise TypeError(
                f"{shown(decorated)} is not a function and not a class with tests: put other "
                "decorators, such as @property and @pytest.fixture, above this one"
            )
        return wrapped  # type: ignore[no-any-return]

    def _methods_of(self, cls: type) -> Iterable[str]:
        return methods_of(cls)

    def _decorate(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return run_in(self.start, function)


def checked(function: str, signals: Iterable[Any]) -> tuple[Any, ...]:
    """
    Return the arguments of *function*, which must be signals.

    Raises:
        TypeError: there are none, or one is not a signal.
    """
    given = tuple(signals)
    if not given:
        raise TypeError(f"{function}() needs at least one signal")
    for each in given:
        check_signal(function, each)
    return given


def check_signal(function: str, value: Any) -> None:
    """
    Raise an error that says what to write if this argument of *function* is not a signal.

    Raises:
        TypeError: it is not a signal.
    """
    try:
        signal_kind(value)
    except TypeError as error:
        problem = str(error)
        if function == "mute" and _is_receivers(value):
            problem = f"{shown(value)} is not a signal: pass receivers as receivers=[...]"
        elif isinstance(value, str):
            problem += ": pass the signal itself, not its name"
        raise TypeError(f"{function}() takes signals: {problem}") from None


def _is_receivers(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(map(callable, value))
    return callable(value) and not isinstance(value, type)
