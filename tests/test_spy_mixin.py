"""
``SignalSpyMixin`` for ``unittest``.
"""

from __future__ import annotations

import asyncio
import copy
import unittest
import warnings
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

from typed_signals import Signal
from typed_signals._connect import changes
from typed_signals.exceptions import LeakedConnectionWarning
from typed_signals.testing import SignalSpy, SignalSpyMixin, capture, isolate, mute

if TYPE_CHECKING:
    from collections.abc import Iterator


class OrderPlaced(TypedDict):
    order_id: int


order_placed = Signal[object, OrderPlaced]()


def send_mail(**kwargs: Any) -> None:
    raise ConnectionError


def track(**kwargs: Any) -> None: ...


@pytest.fixture(autouse=True)
def connected() -> Iterator[None]:
    with order_placed.connected(send_mail):
        yield
    assert not order_placed.connections
    assert not changes.recorders


def outcome(case: type[unittest.TestCase]) -> tuple[unittest.TestResult, list[str]]:
    """
    Run the tests of *case*; return the result and the warnings.
    """
    result = unittest.TestResult()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert [each.receiver for each in order_placed.connections] == [send_mail]
    return result, [f"{each.lineno}: {each.message}" for each in caught]


def test_each_test_has_its_own_spy() -> None:
    class Tests(SignalSpyMixin, unittest.TestCase):
        def setUp(self) -> None:  # without super()
            self.signal_spy.mute(order_placed, receivers=[send_mail])

        def test_capture(self) -> None:
            sent = self.signal_spy.capture(order_placed)
            order_placed.send(None, order_id=7)
            assert sent.one(order_placed).payload["order_id"] == 7

        def test_mute(self) -> None:
            assert order_placed.send(None, order_id=7) == []

        @unittest.skip("always")
        def test_skipped(self) -> None: ...

    result, caught = outcome(Tests)
    # Python 3.12.0 does not count the skipped one.
    assert (result.testsRun - len(result.skipped), len(result.skipped)) in ((2, 1), (1, 1))
    assert result.wasSuccessful()
    assert caught == []
    Tests("test_mute").debug()


def test_class_has_a_spy_for_all_tests() -> None:
    class Tests(SignalSpyMixin, unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            super().setUpClass()
            cls.signal_spy.mute(order_placed)
            order_placed.connect(track)

        @classmethod
        def tearDownClass(cls) -> None:
            assert order_placed.disconnect(track)

        def test_one(self) -> None:
            assert order_placed.disconnect(track)
            order_placed.connect(track, weak=False)

        def test_two(self) -> None:
            assert [each.weak for each in order_placed.connections] == [False, True]
            assert order_placed.send(None, order_id=7) == []

    result, caught = outcome(Tests)
    assert result.testsRun == 2
    assert result.wasSuccessful()
    assert len(caught) == 1
    assert "Tests.test_one leaked connections" in caught[0]


def leaking() -> type[unittest.TestCase]:
    class Tests(SignalSpyMixin, unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            super().setUpClass()
            order_placed.connect(track, sender="class")

        def test_leaks(self) -> None:
            order_placed.connect(track)

    return Tests


def test_leaks_are_reported_for_the_test_and_the_class() -> None:
    tests: Any = leaking()
    result, (of_test, of_class) = outcome(tests)
    assert result.wasSuccessful()
    line = tests.test_leaks.__code__.co_firstlineno
    assert of_test.startswith(f"{line}: {__name__}.leaking.<locals>.Tests.test_leaks leaked conn")
    assert f"track ({__file__}:" in of_test
    assert f" is left connected to {__name__}.order_placed by {__file__}:{line + 1}" in of_test
    assert f": {__name__}.leaking.<locals>.Tests leaked connections" in of_class


def test_leaks_can_be_errors_of_the_test_and_the_class() -> None:
    result = unittest.TestResult()
    with warnings.catch_warnings():
        warnings.simplefilter("error", LeakedConnectionWarning)
        unittest.defaultTestLoader.loadTestsFromTestCase(leaking()).run(result)
    assert [test.id().partition(" ")[0] for test, _ in result.errors] == [
        f"{__name__}.leaking.<locals>.Tests.test_leaks",
        "tearDownClass",
    ]


def test_failing_tests_are_undone() -> None:
    class Tests(SignalSpyMixin, unittest.TestCase):
        def setUp(self) -> None:
            self.signal_spy.mute(order_placed)
            order_placed.disconnect(send_mail)
            raise ZeroDivisionError

        def test(self) -> None: ...

    result, caught = outcome(Tests)
    assert len(result.errors) == 1
    assert len(caught) == 1
    with pytest.raises(ConnectionError):
        order_placed.send(None, order_id=7)


def test_reference_cycles_of_a_test_are_not_leaks() -> None:
    class Tests(SignalSpyMixin, unittest.TestCase):
        def test(self) -> None:
            def receive(**kwargs: Any) -> None: ...

            order_placed.connect(receive)
            cycle: list[Any] = [receive]
            cycle.append(cycle)

    result, caught = outcome(Tests)
    assert result.wasSuccessful()
    assert caught == []


def test_async_tests_have_a_spy() -> None:
    class Tests(SignalSpyMixin, unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            self.signal_spy.mute(order_placed, receivers=[send_mail])

        async def test(self) -> None:
            sent = self.signal_spy.capture(order_placed)
            await order_placed.asend(None, order_id=7)
            await asyncio.to_thread(order_placed.send, None, order_id=8)
            assert [each.payload["order_id"] for each in sent] == [7, 8]

    result, caught = outcome(Tests)
    assert result.wasSuccessful()
    assert caught == []


def test_mixin_comes_first() -> None:
    with pytest.raises(TypeError, match="Tests must inherit from SignalSpyMixin before it"):

        class Tests(unittest.TestCase, SignalSpyMixin): ...  # type: ignore[misc]


def test_spy_of_a_class_exists_from_its_set_up_to_its_end() -> None:
    class Tests(SignalSpyMixin, unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            with pytest.raises(AttributeError, match=r"no signal_spy before super\(\).setUpClass"):
                cls.signal_spy.mute(order_placed)
            super().setUpClass()
            cls.signal_spy.mute(order_placed)

        def test(self) -> None:
            spies.append(self.signal_spy)

    class Others(Tests): ...

    spies: list[Any] = []
    for case in (Tests, Others):
        result, _ = outcome(case)
        assert result.wasSuccessful(), result.errors
        assert not hasattr(case, "signal_spy")
    with pytest.raises(RuntimeError, match="the test of this signal_spy has ended: use the one of"):
        spies[0].mute(order_placed)


def test_capture_of_a_spy_is_not_a_block() -> None:
    class Tests(SignalSpyMixin, unittest.TestCase):
        def test(self) -> None:
            with (
                pytest.raises(TypeError, match=r"until the end of the test: write sent = signal_"),
                self.signal_spy.capture(order_placed),
            ):
                pass

    result, _ = outcome(Tests)
    assert result.wasSuccessful(), result.errors


def test_what_a_class_stores_is_not_copied() -> None:
    with capture(order_placed, mute=True) as sent:
        order_placed.send(None, order_id=7)
    stored = (sent, sent[0], capture(order_placed), mute(order_placed), isolate(), SignalSpy())
    copied = copy.deepcopy(stored)
    stored[-1]._close("test")
    assert all(one is other for one, other in zip(stored, copied, strict=True))
