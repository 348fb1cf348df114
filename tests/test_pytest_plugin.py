"""
The pytest plugin, in runs of pytest of its own.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.any_python

pytest_plugins = ["pytester"]

SHOP = """
from typing import TypedDict
from typed_signals import Signal

class OrderPlaced(TypedDict):
    order_id: int

order_placed = Signal[object, OrderPlaced]()

def send_mail(**kwargs):
    raise ConnectionError

order_placed.connect(send_mail)

def track(**kwargs): ...
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    """
    Run tests with the module ``shop``.
    """

    def run_tests(tests: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(shop=SHOP, test_shop=f"import pytest, shop\n{tests}")
        return pytester.runpytest_subprocess("-p", "no:django", "-p", "no:asyncio", *options)

    return run_tests


def test_nothing_is_imported_before_a_test_uses_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def is_imported():
            return any(name.partition(".")[0] == "typed_signals" for name in sys.modules)

        assert not is_imported()

        def test_before():
            assert not is_imported()

        def test_use(signal_spy):
            assert is_imported()
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:django", "-p", "no:asyncio")
    result.assert_outcomes(passed=2)


TESTS = """
def test_capture(signal_spy):
    sent = signal_spy.capture(shop.order_placed, mute=True)
    shop.order_placed.send(None, order_id=7)
    assert sent.one(shop.order_placed).payload["order_id"] == 7

def test_mute(signal_spy):
    signal_spy.mute(shop.order_placed, receivers=[shop.send_mail])
    assert shop.order_placed.send(None, order_id=7) == []

def test_payload_of_muted_signal(signal_spy):
    signal_spy.mute(shop.order_placed)
    with pytest.raises(TypeError):
        shop.order_placed.send(None, order=7)

@pytest.fixture
def muted(signal_spy):
    signal_spy.mute(shop.order_placed)

def test_in_fixture(muted, signal_spy):
    assert shop.order_placed.send(None, order_id=7) == []

@pytest.mark.parametrize("number", range(4))
def test_after_others(number):
    with pytest.raises(ConnectionError):
        shop.order_placed.send(None, order_id=7)
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_captures_and_mutes_until_the_end_of_the_test(
    run: Callable[..., pytest.RunResult], options: tuple[str, ...]
) -> None:
    run(TESTS, *options).assert_outcomes(passed=8)


LEAKING = """
def test_leaks(signal_spy):
    shop.order_placed.connect(shop.track)
    shop.order_placed.disconnect(shop.send_mail)
    assert shop.order_placed.send(None, order_id=7)

def test_does_not_leak(signal_spy):
    def track(**kwargs): ...

    [connection] = shop.order_placed.connections
    assert connection.receiver is shop.send_mail
    with shop.order_placed.connected(shop.track):
        shop.order_placed.connect(track)
        with pytest.raises(ConnectionError):
            shop.order_placed.send(None, order_id=7)
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_leaks_are_undone_and_reported_for_the_test(
    run: Callable[..., pytest.RunResult], options: tuple[str, ...]
) -> None:
    result = run(LEAKING, *options)
    result.assert_outcomes(passed=2, warnings=1)
    message = (
        "test_shop.py:3: LeakedConnectionWarning: test_shop.py::test_leaks leaked connections, "
        "which are undone now: shop.track (*shop.py:*) is left connected to shop.order_placed "
        "by *test_shop.py:4; shop.send_mail (*shop.py:*) is left disconnected from "
        "shop.order_placed by *test_shop.py:5: undo it in the test, "
    )
    result.stdout.fnmatch_lines([f"*{message}*"])


def test_leaks_can_be_errors(run: Callable[..., pytest.RunResult]) -> None:
    category = "typed_signals.exceptions.LeakedConnectionWarning"
    result = run(LEAKING, "-W", f"error::{category}")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["ERROR test_shop.py::test_leaks - *"])


def test_fixture_for_several_tests_remains_connected(
    run: Callable[..., pytest.RunResult],
) -> None:
    result = run(
        """
@pytest.fixture(scope="module")
def shared():
    shop.order_placed.connect(shop.track)
    yield
    assert shop.order_placed.disconnect(shop.track)

@pytest.fixture
def own():
    shop.order_placed.connect(shop.track, sender="own")

def test_first(signal_spy, request):
    request.getfixturevalue("shared")
    request.getfixturevalue("own")
    assert len(shop.order_placed.connections) == 3

def test_second(shared):
    assert len(shop.order_placed.connections) == 2
"""
    )
    result.assert_outcomes(passed=2, warnings=1)


def test_what_a_test_class_connects_is_undone_after_it(
    run: Callable[..., pytest.RunResult],
) -> None:
    result = run(
        """
import unittest
from typed_signals.testing import SignalSpyMixin

class OrderTests(SignalSpyMixin, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shop.order_placed.connect(shop.track)

    def test(self):
        assert len(shop.order_placed.connections) == 2

def test_after_it():
    assert len(shop.order_placed.connections) == 1
"""
    )
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(["*: test_shop.OrderTests leaked connections, *"])


def test_loop_of_several_tests_keeps_nothing(
    run: Callable[..., pytest.RunResult],
) -> None:
    result = run(
        """
import typed_signals.testing

@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"

@pytest.fixture(scope="module")
async def shared(anyio_backend):  # starts the loop
    yield

@pytest.mark.anyio
async def test_leaks(shared, signal_spy):
    shop.order_placed.connect(shop.track)

def test_after_it():
    assert len(shop.order_placed.connections) == 1
"""
    )
    result.assert_outcomes(passed=2, warnings=1)


def test_async_tests(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.makepyfile(
        shop=SHOP,
        test_shop="""
        import asyncio, threading
        import pytest, shop

        @pytest.mark.asyncio
        async def test_asyncio(signal_spy):
            sent = signal_spy.capture(shop.order_placed, mute=True)
            await asyncio.create_task(shop.order_placed.asend(None, order_id=7))
            await asyncio.to_thread(shop.order_placed.send, None, order_id=8)
            assert [each.payload["order_id"] for each in sent] == [7, 8]

        @pytest.mark.anyio
        async def test_anyio(signal_spy):
            signal_spy.mute(shop.order_placed)
            assert await shop.order_placed.asend(None, order_id=7) == []

        @pytest.fixture
        def anyio_backend():
            return "asyncio"
        """,
    )
    result = pytester.runpytest_subprocess("-p", "no:django")
    result.assert_outcomes(passed=2)


def test_plugin_is_found_by_its_name() -> None:
    assert "_typed_signals_pytest" in sys.modules
