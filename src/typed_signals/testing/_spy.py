"""
``SignalSpy``: captures, mutes and isolates for one test, in the whole process.
"""

from __future__ import annotations

import sys
import warnings
from contextlib import ExitStack, contextmanager
from inspect import unwrap
from typing import TYPE_CHECKING, Any, Self, cast, final, overload
from unittest import TestCase

from typed_signals._shared.in_place import in_place
from typed_signals.exceptions import LeakedConnectionWarning

from ._capture import capture
from ._isolate import Isolation
from ._mute import mute
from ._validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from unittest import TestResult

    from typed_signals._base import BaseSignal, KwargsT, SenderT
    from typed_signals._typing import OtherSignal
    from typed_signals._watch.kinds import AnySignal

    from ._captured import Captured

    _Test = TestCase
else:
    _Test = object


@final
class SignalSpy:
    """
    Captures and mutes signals until the end of a test, as the pytest fixture ``signal_spy``, or as
    ``self.signal_spy`` with :class:`SignalSpyMixin`::

        def test_checkout(signal_spy):
            signal_spy.mute(post_save)
            sent = signal_spy.capture(order_placed)
            checkout()
            assert sent.one(order_placed).payload["order_id"] == 7

    It applies to the whole process, because a test usually has a process for itself: also to
    threads and to the server of a ``LiveServerTestCase``. Receivers in the background run in place,
    as in :func:`typed_signals.background.in_place`.

    At the end of the test, what it connected and disconnected is undone, as by ``isolate()``. It is
    also reported, by a ``LeakedConnectionWarning`` for the test.
    """

    def __init__(self) -> None:
        self._isolation = Isolation()
        self._blocks = ExitStack()
        self._blocks.enter_context(in_place())
        self._is_closed = False

    @overload
    def capture(
        self, signal: BaseSignal[SenderT, KwargsT, Any, ...], /, *, mute: bool = False
    ) -> Captured[SenderT, KwargsT]: ...

    @overload
    def capture(self, signal: OtherSignal, /, *, mute: bool = False) -> Captured[Any, Any]: ...

    @overload
    def capture(
        self, signal: AnySignal, other: AnySignal, /, *signals: AnySignal, mute: bool = False
    ) -> Captured[Any, Any]: ...

    def capture(self, *signals: Any, mute: bool = False) -> Captured[Any, Any]:
        """
        Return the sends of *signals* from now on to the end of the test.

        The arguments and what is returned are those of ``capture``.
        """
        block: Any = capture(*signals, mute=mute, everywhere=True)
        captured: Captured[Any, Any] = self._enter(block)
        return captured

    def mute(
        self,
        *signals: AnySignal,
        receivers: Iterable[object] | None = None,
        sender: object = None,
    ) -> None:
        """
        Mute *signals* from now on to the end of the test.

        The arguments are those of ``mute``.
        """
        block = mute(*signals, receivers=receivers, sender=sender, everywhere=True)
        self._enter(block)

    def validate(self, *signals: BaseSignal[Any, Any, Any, ...]) -> None:
        """
        Check the values of payloads from now on to the end of the test.

        The arguments are those of ``validate``: without any, all our signals.
        """
        self._enter(validate(*signals, everywhere=True))

    def _enter(self, block: Any) -> Any:
        if self._is_closed:
            raise RuntimeError("the test of this signal_spy has ended: use the one of each test")
        return self._blocks.enter_context(block)

    def __deepcopy__(self, _memo: Mapping[int, object]) -> Self:
        return self  # as in blocks

    def _close(self, test: str) -> LeakedConnectionWarning | None:
        """
        End what this has started, and undo what the test left behind.

        Returns:
            A warning about what *test* left behind; None if there is nothing, or if it was closed
            before.
        """
        self._is_closed = True
        try:
            self._blocks.close()  # a warning of a mute may be an error
        finally:
            leaks = self._isolation.close(must_collect=True)
        if not leaks:
            return None
        text = "; ".join(map(str, leaks))
        return LeakedConnectionWarning(
            f"{test} leaked connections, which are undone now: {text}: undo it in the test, for "
            "example by a with block of connected(), mute() or isolate()"
        )


@final
class _NotStarted:
    """
    The spy of a class whose tests have not started.
    """

    def __get__(self, _test: object, cls: type) -> SignalSpy:
        raise AttributeError(
            f"{cls.__name__} has no signal_spy before super().setUpClass(): call that first"
        )


class SignalSpyMixin(_Test):
    """
    Gives a ``TestCase`` of ``unittest`` or Django a :class:`SignalSpy`::

        class CheckoutTest(SignalSpyMixin, TestCase):
            def test_checkout(self):
                sent = self.signal_spy.capture(order_placed)

    Each test has its own. In ``setUpClass`` and ``setUpTestData``, ``cls.signal_spy`` lasts until
    the end of the class.
    """

    signal_spy: SignalSpy = cast("Any", _NotStarted())

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        order = cls.__mro__
        if TestCase in order and order.index(TestCase) < order.index(SignalSpyMixin):
            raise TypeError(
                f"{cls.__name__} must inherit from SignalSpyMixin before it inherits from TestCase"
            )

    @classmethod
    def setUpClass(cls) -> None:
        spy = cls.signal_spy = SignalSpy()
        cls.addClassCleanup(_report, spy, f"{cls.__module__}.{cls.__qualname__}", cls)
        cls.addClassCleanup(delattr, cls, "signal_spy")
        super().setUpClass()

    def run(self, result: TestResult | None = None) -> TestResult | None:
        with self._spying():
            return super().run(result)

    def debug(self) -> None:
        with self._spying():
            super().debug()

    @contextmanager
    def _spying(self) -> Iterator[None]:
        spy = self.signal_spy = SignalSpy()
        # The last of the cleanups, which report errors for the test.
        self.addCleanup(_report, spy, self.id(), getattr(type(self), self._testMethodName))
        try:
            yield
        finally:
            # A test that is skipped has no cleanups.
            spy._close(self.id())


def _report(spy: SignalSpy, test: str, tested: Any) -> None:
    """
    Close *spy*, and warn about what *test* left behind, for the line of the object *tested*.
    """
    warning = spy._close(test)
    if warning is not None:
        code = getattr(unwrap(tested), "__code__", None)
        if code is None:  # a class
            file = sys.modules[tested.__module__].__file__ or "<unknown>"
            line = getattr(tested, "__firstlineno__", 1)  # since Python 3.13
        else:
            file, line = code.co_filename, code.co_firstlineno
        warnings.warn_explicit(warning, None, file, line, tested.__module__)
