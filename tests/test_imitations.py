"""
Receivers that only claim to be a function: mocks with a specification, and proxies.
"""

from __future__ import annotations

import asyncio
import functools
from types import FunctionType
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec

import pytest
from werkzeug.local import LocalProxy, LocalStack

from tests.support import SMALLEST, PizzaDone, refusal_of, unchecked
from typed_signals import Signal
from typed_signals._shared.callables import describe_receiver
from typed_signals.exceptions import ReceiverSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable


def right(sender: object, size: int, **kwargs: object) -> None: ...


def misspelt(sizes: int, **kwargs: object) -> None: ...


async def later(sender: object, size: int, **kwargs: object) -> None: ...


class Kitchen:
    def right(self, sender: object, size: int, **kwargs: object) -> None: ...

    def misspelt(self, sizes: int, **kwargs: object) -> None: ...

    async def later(self, size: int, **kwargs: object) -> None: ...

    def __call__(self, size: int, **kwargs: object) -> None: ...


class Imitation:
    """
    Has the class, the code and the ``__wrapped__`` of another object.
    """

    def __init__(self, imitated: object) -> None:
        self._imitated = imitated

    @property  # type: ignore[misc]  # object has no setter
    def __class__(self) -> type:
        return type(self._imitated)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._imitated, name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        return unchecked(self._imitated)(*args, **kwargs)


class SlottedProxy:
    """
    Wraps a function as compiled proxies do: in a slot, and with its class.
    """

    __slots__ = ("__weakref__", "__wrapped__")

    def __init__(self, wrapped: Any) -> None:
        self.__wrapped__ = wrapped

    @property  # type: ignore[misc]  # object has no setter
    def __class__(self) -> type:
        return FunctionType

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self.__wrapped__(*args, **kwargs)


KITCHEN: Any = create_autospec(Kitchen, instance=True)

SYNC: dict[str, Any] = {
    "mock": Mock(spec=right),
    "magic mock": MagicMock(spec=right),
    "mock of a wrong function": Mock(spec=misspelt),
    "magic mock of a wrong function": MagicMock(spec=misspelt),
    "mock of a method": MagicMock(spec=Kitchen().right),
    "mock of an object": MagicMock(spec=Kitchen()),
    "mock that wraps": MagicMock(wraps=right),
    "attribute of a mock": MagicMock(spec=Kitchen()).right,
    "autospec": create_autospec(right),
    "method of an autospec": KITCHEN.right,
    "autospec of a class": KITCHEN,
    "partial of a magic mock": functools.partial(MagicMock(spec=right)),
    "imitation": Imitation(right),
    "proxy": SlottedProxy(right),
    "LocalProxy": LocalProxy(lambda: right),
}
ASYNC: dict[str, Any] = {
    "async mock": AsyncMock(),
    "async mock of a function": AsyncMock(spec=right),
    "mock of an async function": Mock(spec=later),
    "magic mock of an async function": MagicMock(spec=later),
    "autospec of an async function": create_autospec(later),
    "method of an autospec": KITCHEN.later,
    "imitation of an async function": Imitation(later),
    "LocalProxy of an async function": LocalProxy(lambda: later),
}


@pytest.mark.parametrize("case", SYNC)
def test_imitation_of_a_function_is_called(case: str) -> None:
    signal: Any = Signal[object, PizzaDone]()
    signal.connect(SYNC[case], weak=False)
    [connection] = signal.connections
    assert not connection.is_async
    assert len(signal.send(None, **SMALLEST)) == 1


@pytest.mark.parametrize("case", ASYNC)
def test_imitation_of_an_async_function_is_awaited(case: str) -> None:
    signal: Any = Signal[object, PizzaDone]()
    signal.connect(ASYNC[case], weak=False)
    [connection] = signal.connections
    assert connection.is_async
    assert len(asyncio.run(signal.asend(None, **SMALLEST))) == 1


@pytest.mark.parametrize(
    "receive",
    [
        create_autospec(misspelt),
        KITCHEN.misspelt,
        create_autospec(Kitchen().misspelt),
    ],
)
def test_imitation_that_checks_its_arguments_is_refused(receive: Callable[..., object]) -> None:
    error = refusal_of(Signal[object, PizzaDone](), receive)
    assert isinstance(error, ReceiverSignatureError)
    assert "'sizes' is never sent" in str(error)


@pytest.mark.parametrize("is_bound", [True, False])
def test_proxy_of_an_object_that_does_not_exist_yet_is_connected(is_bound: bool) -> None:
    signal: Any = Signal[object, PizzaDone]()
    stack: LocalStack[Any] = LocalStack()
    if is_bound:
        stack.push(misspelt)
    signal.connect(stack(), weak=False)
    stack.push(right)
    assert len(signal.send(None, **SMALLEST)) == 1


def test_proxy_of_a_function_in_a_slot_is_read() -> None:
    signal: Any = Signal[object, PizzaDone]()
    with pytest.warns(match="'sizes' is never sent"):
        signal.connect(SlottedProxy(misspelt), weak=False)


def test_mock_has_the_place_of_its_class_in_messages() -> None:
    described = describe_receiver(AsyncMock(spec=misspelt))
    assert described.startswith("unittest.mock.AsyncMock object (")
    assert "<Mock" not in described
