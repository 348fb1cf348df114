"""
Functions and classes that run in blocks.
"""

from __future__ import annotations

from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final
from unittest import TestCase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterable
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    # Starts a block.
    Start: TypeAlias = Callable[[], AbstractContextManager[Any, None]]

# What runs a test of unittest, with all that prepares it and cleans up.
WHOLE_TESTS: Final = ("__call__", "debug")

# The same for the tests of a class.
_AROUND_CLASSES: Final = ("setUpClass", "tearDownClass", "doClassCleanups")

# What pytest calls before and after tests, also those of unittest.
_OF_PYTEST: Final = ("setup_class", "setup_method", "teardown_method", "teardown_class")

# What a base class that is not a TestCase may add to one.
_OF_MIXINS: Final = (
    *("setUpClass", "setUpTestData", "tearDownClass"),
    *("setUp", "asyncSetUp", "asyncTearDown", "tearDown"),
)

_NOT_GIVEN: Final[Any] = object()


def methods_of(cls: type) -> Iterable[str]:
    """
    Return the names of the methods of *cls* that are tests, prepare them, or clean up.
    """
    if issubclass(cls, TestCase):
        return *WHOLE_TESTS, *_AROUND_CLASSES, *_OF_PYTEST
    return *(name for name in dir(cls) if name.startswith("test")), *_OF_PYTEST, *_OF_MIXINS


def decorate_class(
    cls: Any, methods: Callable[[type], Iterable[str]], start: Start, base: Any = object
) -> bool:
    """
    Let methods of *cls* and of its subclasses run in a block.

    Args:
        cls: the class.
        methods: returns the names of these methods of a class.
        start: starts a block.
        base: the base class whose methods already run in one.

    Returns:
        Whether there are such methods.
    """
    is_changed = False
    for name in methods(cls):
        owner = _owner(cls, name)
        if not issubclass(base, owner):
            is_changed |= _replace(cls, name, vars(owner)[name], start)
    if _copies_contexts(cls) and not (
        _copies_contexts(base) and issubclass(base, _owner(cls, "setUp"))
    ):
        _start_in_set_up(cls, start)
    if base is object:
        _decorate_subclasses(cls, methods, start)
    return is_changed


def _owner(cls: type, name: str) -> type:
    return next((each for each in cls.__mro__ if name in vars(each)), object)


def _replace(cls: Any, name: str, found: Any, start: Start) -> bool:
    if isinstance(found, FunctionType):
        made: Any = run_in(start, found, _own_or_inherited(cls, name, found))
    elif isinstance(found, classmethod):
        function = found.__func__
        made = classmethod(run_in(start, function, _own_or_inherited(cls, name, function)))
    elif isinstance(found, staticmethod):
        made = staticmethod(run_in(start, found.__func__))
    else:
        return False
    setattr(cls, name, made)
    return True


def _own_or_inherited(cls: Any, name: str, found: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return *found*, or what calls the next method with this name if *cls* inherits it: in a subclass
    with several bases, that may be another one.
    """
    if name in vars(cls):
        return found
    return lambda self, /, *args, **kwargs: getattr(super(cls, self), name)(*args, **kwargs)


def _copies_contexts(cls: type) -> bool:
    """
    Return whether each test of *cls* runs in a context that it has copied when it was created.
    """
    if not issubclass(cls, TestCase):
        return False
    from unittest import IsolatedAsyncioTestCase  # imports asyncio

    return issubclass(cls, IsolatedAsyncioTestCase)


def _start_in_set_up(cls: Any, start: Start) -> None:
    found = cls.setUp
    set_up = _own_or_inherited(cls, "setUp", found)

    @wraps(found)
    def setUp(self: TestCase) -> None:
        self.enterContext(start())
        set_up(self)

    cls.setUp = setUp


def _decorate_subclasses(cls: Any, methods: Callable[[type], Iterable[str]], start: Start) -> None:
    own = vars(cls).get("__init_subclass__")

    def __init_subclass__(subclass: Any, /, **kwargs: Any) -> None:  # noqa: N807
        if own is None:
            super(cls, subclass).__init_subclass__(**kwargs)
        else:
            own.__get__(None, subclass)(**kwargs)
        decorate_class(subclass, methods, start, base=cls)

    cls.__init_subclass__ = classmethod(__init_subclass__)


def is_generator(function: Callable[..., Any]) -> bool:
    return isgeneratorfunction(function) or isasyncgenfunction(function)


def run_in(
    start: Start, function: Callable[..., Any], called: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """
    Return a function of the same kind as *function* that runs in a block.

    Args:
        start: starts a block.
        function: the function.
        called: what to call in its place.
    """
    called = called or function
    if isgeneratorfunction(function):
        made: Callable[..., Any] = _generator(start, called)
    elif isasyncgenfunction(function):
        made = _async_generator(start, called)
    elif iscoroutinefunction(function):

        async def run_async(*args: Any, **kwargs: Any) -> Any:
            with start():
                return await called(*args, **kwargs)

        made = run_async
    else:

        def run(*args: Any, **kwargs: Any) -> Any:
            with start():
                return called(*args, **kwargs)

        made = _with_parameters(getattr(function, "__code__", None), run)
    return wraps(function)(made)


def _with_parameters(code: Any, run: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return what calls *run*, with as many positional parameters as *code*, up to two.

    By their number, pytest decides whether it passes the module, the class or the test to a
    function that sets up.
    """

    def run_with_one(first: Any = _NOT_GIVEN, /, *args: Any, **kwargs: Any) -> Any:
        return run(*args, **kwargs) if first is _NOT_GIVEN else run(first, *args, **kwargs)

    def run_with_two(
        first: Any = _NOT_GIVEN, second: Any = _NOT_GIVEN, /, *args: Any, **kwargs: Any
    ) -> Any:
        given = [each for each in (first, second) if each is not _NOT_GIVEN]
        return run(*given, *args, **kwargs)

    return (run, run_with_one, run_with_two)[min(getattr(code, "co_argcount", 0), 2)]


def _generator(start: Start, function: Callable[..., Any]) -> Callable[..., Any]:
    def generate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        generator = function(*args, **kwargs)
        step, value = generator.send, None
        while True:
            try:
                with start():
                    item = step(value)
            except StopIteration as stop:
                return stop.value
            finally:
                value = None  # an error in it refers to this frame
            try:
                step, value = generator.send, (yield item)
            except GeneratorExit:
                with start():
                    generator.close()
                raise
            except BaseException as error:  # noqa: BLE001 - thrown into the generator
                step, value = generator.throw, error

    return generate


def _async_generator(start: Start, function: Callable[..., Any]) -> Callable[..., Any]:
    async def generate(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator = function(*args, **kwargs)
        step, value = generator.asend, None
        while True:
            try:
                with start():
                    item = await step(value)
            except StopAsyncIteration:
                return
            finally:
                value = None
            try:
                step, value = generator.asend, (yield item)
            except GeneratorExit:
                with start():
                    await generator.aclose()
                raise
            except BaseException as error:  # noqa: BLE001 - thrown into the generator
                step, value = generator.athrow, error

    return generate
