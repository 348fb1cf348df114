"""
Mocks of functions on Django's dispatcher, which takes some of them for async.
"""

from __future__ import annotations

import inspect
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec

import pytest
from asgiref.sync import markcoroutinefunction
from django.apps.registry import Apps
from django.db import models

from tests.support import SMALLEST, PizzaDone
from typed_signals.django import ModelSignal, Signal


def right(sender: object, size: int, **kwargs: object) -> None: ...


async def later(sender: object, size: int, **kwargs: object) -> None: ...


class Kitchen:
    def right(self, sender: object, size: int, **kwargs: object) -> None: ...


class Marked:
    def __init__(self) -> None:
        markcoroutinefunction(self)

    async def __call__(self, sender: object, size: int, **kwargs: object) -> None: ...


KITCHEN: Any = create_autospec(Kitchen, instance=True)
SYNC: dict[str, Any] = {
    "mock": Mock(spec=right),
    "magic mock": MagicMock(spec=right),
    "method of an autospec": KITCHEN.right,
    "autospec": create_autospec(right),
    "function": right,
}
ASYNC: dict[str, Any] = {
    "async function": later,
    "async mock": AsyncMock(),
    "mock of an async function": AsyncMock(spec=later),
    "marked object": Marked(),
}


@pytest.fixture(params=[False, True], ids=["", "debug"], autouse=True)
def _debug(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.DEBUG", request.param)


@pytest.mark.parametrize("signal_class", [Signal, ModelSignal])
@pytest.mark.parametrize("case", SYNC)
def test_imitation_of_a_sync_function_is_called(signal_class: Any, case: str) -> None:
    signal = signal_class[object, PizzaDone]()
    signal.connect(SYNC[case])
    [connection] = signal.connections
    assert connection.receiver is SYNC[case]
    assert not connection.is_async
    [(_, response)] = signal.send(None, **SMALLEST)
    assert not inspect.isawaitable(response)


@pytest.mark.parametrize("signal_class", [Signal, ModelSignal])
@pytest.mark.parametrize("case", ASYNC)
def test_async_receiver_is_awaited(signal_class: Any, case: str) -> None:
    signal = signal_class[object, PizzaDone]()
    signal.connect(ASYNC[case])
    assert signal.connections[0].is_async
    [(_, response)] = signal.send(None, **SMALLEST)
    assert not inspect.isawaitable(response)


def test_mock_may_wait_for_its_model() -> None:
    registry = Apps()
    signal: Any = ModelSignal[object, PizzaDone]()
    mock = MagicMock(spec=right)
    signal.connect(mock, sender="kitchen.Oven", apps=registry)
    assert signal.connections == []

    class Oven(models.Model):
        class Meta:
            app_label = "kitchen"
            apps = registry

    [(_, response)] = signal.send(Oven, **SMALLEST)
    assert not inspect.isawaitable(response)
