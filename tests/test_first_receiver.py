"""
Signals that are sent before their first receiver is connected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pytest

from tests.support import SMALLEST, PizzaDone
from typed_signals import Signal
from typed_signals.exceptions import PayloadError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("each_way_of_sending")


class Required(TypedDict):
    toppings: list[str]
    size: int


class Optional(Required):
    crust: NotRequired[str]


class Derived(Signal[object, PizzaDone]):
    pass


SIGNALS: dict[str, Callable[[], Any]] = {
    "required": Signal[object, Required],
    "optional": Signal[object, Optional],
    "declared": lambda: Signal.declare(lambda sender, *, toppings, size: None),
    "untyped": Signal,
    "derived": Derived,
}
METHODS = ("send", "send_robust")


def receive(size: int, **kwargs: object) -> int:
    return size


@pytest.fixture(params=SIGNALS)
def signal(request: pytest.FixtureRequest) -> Any:
    return SIGNALS[request.param]()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sends", range(4))
def test_first_receiver_is_called_by_the_next_send(signal: Any, method: str, sends: int) -> None:
    for _ in range(sends):
        assert getattr(signal, method)(None, **SMALLEST) == []
    signal.connect(receive)
    for _ in range(3):
        for each in METHODS:
            assert getattr(signal, each)(None, **SMALLEST) == [(receive, SMALLEST["size"])]
    signal.disconnect(receive)
    for _ in range(3):
        assert getattr(signal, method)(None, **SMALLEST) == []
    signal.connect(receive)
    assert getattr(signal, method)(None, **SMALLEST) == [(receive, SMALLEST["size"])]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("wrong", "problem"), [({"size": 30}, "toppings"), ({**SMALLEST, "crusts": 1}, "crusts")]
)
def test_payload_is_refused_without_receivers(
    method: str, wrong: dict[str, Any], problem: str
) -> None:
    signal: Any = Signal[object, Optional]()
    for _ in range(3):
        assert getattr(signal, method)(None, **SMALLEST) == []
        with pytest.raises(PayloadError, match=problem):
            getattr(signal, method)(None, **wrong)


def test_send_that_was_looked_up_before_calls_the_first_receiver(signal: Any) -> None:
    for _ in range(3):
        assert signal.send(None, **SMALLEST) == []
    send = signal.send
    signal.connect(receive)
    assert send(None, **SMALLEST) == [(receive, SMALLEST["size"])]
