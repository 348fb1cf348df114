"""
When the plugin of django-stubs runs the project in mypy, our code does not raise, connect or call.
"""

from __future__ import annotations

import asyncio
import copy
import sys
import threading
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tests.hostile import BY_METHOD, METHODS, Slotted
from tests.support import PizzaDone, call_in_plugin, unchecked
from typed_signals import Signal, receiver
from typed_signals._shared.raising import warn
from typed_signals.exceptions import (
    DeclarationError,
    PayloadError,
    ReceiverCollectedWarning,
    ReceiverSignatureError,
    ReceiverTypeError,
    RunningLoopError,
    SignalError,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def log(sender: object, **kwargs: object) -> None: ...


def misspelt(siz: int, **kwargs: object) -> None: ...


async def later(**kwargs: object) -> None: ...


@pytest.fixture
def signal() -> Any:
    """
    Return a signal without receivers.
    """
    return Signal[object, PizzaDone]()


def wrongly_declared() -> Any:
    return Signal[object, int]()  # type: ignore[signal-declaration]


def send_in_loop(signal: Any) -> Any:
    async def send() -> Any:
        return signal.send(None, toppings=[], size=1)

    return asyncio.run(send())


def decorate(function: Any, *signals: Any, **arguments: Any) -> Any:
    return receiver(list(signals) if signals[1:] else signals[0], **arguments)(function)


# Refused calls: the call, its error, and the returned value instead.
REFUSED: dict[str, tuple[Callable[[Any], Any], type[Exception], Any]] = {
    "a parameter": (lambda signal: signal.connect(misspelt), ReceiverSignatureError, None),
    "no callable": (lambda signal: signal.connect(1), ReceiverTypeError, None),
    "a uid": (lambda signal: signal.connect(log, dispatch_uid=[1]), TypeError, None),
    "a uid to disconnect": (
        lambda signal: signal.disconnect(log, dispatch_uid=[1]),
        TypeError,
        False,
    ),
    "weak": (lambda signal: signal.connect(log, weak=BY_METHOD["__bool__"]()), TypeError, None),
    "no weak references": (lambda signal: signal.connect(Slotted()), ReceiverTypeError, None),
    "a receiver": (lambda signal: decorate(misspelt, signal), ReceiverSignatureError, misspelt),
    "a receiver of two": (
        lambda signal: decorate(misspelt, Signal(), signal),
        ReceiverSignatureError,
        misspelt,
    ),
    "a keyword": (lambda signal: decorate(log, signal, on_commit=True), TypeError, log),
    "a keyword for two": (lambda signal: decorate(log, signal, Signal(), wek=1), TypeError, log),
    "a receiver of no signal": (lambda signal: decorate(log, "signal"), TypeError, log),
    "a receiver of a function": (lambda signal: decorate(log, misspelt), TypeError, log),
    "a receiver of no signal among others": (
        lambda signal: decorate(log, signal, "signal"),
        TypeError,
        log,
    ),
    "a declaration": (lambda signal: wrongly_declared().connect(log), DeclarationError, None),
    "a send of no declaration": (
        lambda signal: wrongly_declared().send(None, size=1),
        DeclarationError,
        [],
    ),
    "an asend of no declaration": (
        lambda signal: asyncio.run(wrongly_declared().asend(None, size=1)),
        DeclarationError,
        [],
    ),
    "a loop": (send_in_loop, RunningLoopError, []),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_calls_change_nothing_in_mypy(signal: Any, case: str) -> None:
    call, error, instead = REFUSED[case]
    if error is RunningLoopError:
        signal.connect(later)
    before = [(each.receiver, each.sender) for each in signal.receivers]
    with pytest.raises(error):
        call(signal)
    assert call_in_plugin(call, signal) == instead
    assert [(each.receiver, each.sender) for each in signal.receivers] == before


@pytest.mark.usefixtures("each_way_of_sending")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("payload", [{}, {"toppings": [], "siz": 1}, {"signal": 1}])
@pytest.mark.parametrize("declared", [PizzaDone, Any])
def test_refused_send_calls_no_receiver_in_mypy(method: str, payload: Any, declared: Any) -> None:
    signal = unchecked(Signal)[object, declared]()
    called: list[Any] = []
    signal.connect(lambda **kwargs: called.append(kwargs), weak=False)

    def send(payload: dict[str, Any]) -> Any:
        sent = getattr(signal, method)(None, **payload)
        return asyncio.run(sent) if method.startswith("a") else sent

    if declared is Any and "signal" not in payload:
        assert len(call_in_plugin(send, payload)) == 1
        return
    with pytest.raises(PayloadError):
        send(payload)
    assert call_in_plugin(send, payload) == []
    assert called == []


@pytest.mark.usefixtures("each_way_of_sending")
@pytest.mark.parametrize("method", METHODS)
def test_valid_calls_work_in_mypy(signal: Any, method: str) -> None:
    def use() -> Any:
        assert decorate(log, signal, Signal(), dispatch_uid="log") is log
        signal.connect(log)
        sent = getattr(signal, method)(None, toppings=[], size=1)
        return asyncio.run(sent) if method.startswith("a") else sent

    assert call_in_plugin(use) == [(log, None), (log, None)]
    assert call_in_plugin(signal.disconnect, log)
    assert [each.dispatch_uid for each in signal.receivers] == ["log"]


def test_refused_declare_returns_a_signal_in_mypy() -> None:
    declare = unchecked(Signal).declare
    with pytest.raises(TypeError, match="takes a function"):
        declare(int)
    signal = call_in_plugin(declare, int)
    signal.connect(log)
    assert signal.send(None, anything=1) == [(log, None)]


def test_copy_is_the_signal_itself_in_mypy(signal: Any) -> None:
    with pytest.raises(TypeError, match="cannot be copied"):
        copy.copy(signal)
    assert call_in_plugin(copy.copy, signal) is signal
    assert call_in_plugin(copy.deepcopy, {"key": signal})["key"] is signal


def test_function_under_uncalled_decorator_may_be_used_in_mypy(signal: Any) -> None:
    with pytest.raises(TypeError, match="takes a signal"):
        unchecked(receiver)(log)
    decorated = call_in_plugin(receiver, log)
    decorated.description = "logs"
    assert decorated.__name__
    decorated(sender=None, size=1)
    signal.connect(decorated)
    assert [each.receiver for each in signal.receivers] == [decorated]


def test_no_warning_is_issued_in_mypy() -> None:
    arguments = ("lost", ReceiverCollectedWarning, __file__, 1)
    with pytest.warns(ReceiverCollectedWarning, match="lost"):
        warn(*arguments)
    with warnings.catch_warnings(action="error"):
        call_in_plugin(warn, *arguments)


# Whose code it is


def in_thread(function: Callable[[], object]) -> None:
    """
    Call *function* in another thread, and raise its error.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            function()
        except SignalError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    for error in raised:
        raise error


def test_thread_that_the_import_waits_for_is_recognised(signal: Any) -> None:
    connect = lambda: signal.connect(misspelt)  # noqa: E731
    call_in_plugin(in_thread, connect)
    with pytest.raises(ReceiverSignatureError):
        in_thread(connect)


@pytest.fixture
def _loaded_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Import the plugin.
    """
    for name in ("mypy", "mypy_django_plugin", "mypy_django_plugin.main"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))


@pytest.mark.usefixtures("_loaded_plugin")
@pytest.mark.parametrize(
    "caller", ["__main__", "mypy.build", "mypy_django", "mypy_django_plugins.main", "x", None]
)
def test_process_that_only_imported_the_plugin_keeps_the_contract(
    signal: Any, caller: str | None
) -> None:
    namespace: dict[str, Any] = {"__name__": caller, "connect": signal.connect}
    exec("def run(receiver): connect(receiver)", namespace)
    with pytest.raises(ReceiverSignatureError):
        namespace["run"](misspelt)
    call_in_plugin(namespace["run"], misspelt)
    with pytest.raises(ReceiverSignatureError):
        namespace["run"](misspelt)
