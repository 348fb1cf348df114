"""
What receivers do with signals of other packages that are being sent and watched.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import weakref
from contextlib import ExitStack
from typing import Any

import blinker
import pytest
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.dispatch import Signal as DjangoSignal

from typed_signals import Call, observe
from typed_signals.django import Signal
from typed_signals.testing import mute

both_packages = pytest.mark.parametrize(
    "make",
    [DjangoSignal, lambda: DjangoModelSignal(use_caching=True), Signal, blinker.Signal],
    ids=["Django's", "Django's, caching", "on Django", "blinker's"],
)


class Sender: ...


def bake(*_sender: object, **_kwargs: object) -> str:
    return "baked"


@both_packages
def test_mute_has_ended_in_contexts_that_receivers_have_copied(make: Any) -> None:
    class Topping: ...

    def copy_context(*_sender: object, **_kwargs: object) -> None:
        copies.append(contextvars.copy_context())

    copies: list[contextvars.Context] = []
    signal, topping = make(), Topping()
    reference = weakref.ref(topping)
    for receiver in (copy_context, bake):
        signal.connect(receiver)
    with mute(signal, receivers=[bake]):
        assert signal.send(Sender, topping=topping) == [(copy_context, None)]
    signal.disconnect(copy_context)
    with mute(signal, sender=object(), everywhere=True):
        (copy,) = copies
        assert copy.run(signal.send, Sender) == [(bake, "baked")]
    assert copy.run(signal.send, Sender) == [(bake, "baked")]
    del topping
    gc.collect()
    assert reference() is None


@both_packages
def test_mute_that_a_receiver_ends_does_not_apply_to_the_sends_after_it(make: Any) -> None:
    def end(*_sender: object, **_kwargs: object) -> None:
        if not sent:
            block.close()
            sent.append(None)
            with mute(signal, sender=object(), everywhere=True):
                sent.append(signal.send(Sender))
            sent.append(signal.send(Sender))

    sent: list[Any] = []
    signal = make()
    signal.connect(end)
    signal.connect(bake)
    with ExitStack() as block:
        block.enter_context(mute(signal, receivers=[bake]))
        assert signal.send(Sender) == [(end, None)]
    usual = [(end, None), (bake, "baked")]
    assert [{*responses} for responses in sent[1:]] == [{*usual}] * 2


def test_task_that_outlives_a_send_is_not_muted() -> None:
    def start(**_kwargs: object) -> None:
        tasks.append(asyncio.get_running_loop().create_task(send_later()))

    async def send_later() -> Any:
        await has_ended[0].wait()
        return await signal.asend(Sender)

    async def run() -> Any:
        has_ended.append(asyncio.Event())
        with mute(signal, receivers=[bake]):
            signal.send(Sender)
        signal.disconnect(start)
        has_ended[0].set()
        return await tasks[0]

    has_ended: list[asyncio.Event] = []
    tasks: list[asyncio.Task[Any]] = []
    signal = DjangoSignal()
    signal.connect(start)
    signal.connect(bake)
    assert asyncio.run(run()) == [(bake, "baked")]


@pytest.mark.parametrize("make", [DjangoSignal, Signal])
def test_has_listeners_in_a_receiver_counts_muted_ones(make: Any) -> None:
    def ask(sender: Any, **_kwargs: object) -> bool:
        return bool(signal.has_listeners(sender))

    signal = make()
    signal.connect(bake)
    signal.connect(ask)
    with mute(signal, receivers=[bake]):
        assert signal.send(Sender) == [(ask, True)]
        signal.disconnect(bake)
        assert signal.send(Sender) == [(ask, True)]


@pytest.mark.parametrize("method", ["send", "send_robust"])
def test_djangos_observed_sends_notice_what_tools_replace(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def live_receivers(self: Any, sender: Any) -> Any:
        asked.append(sender)
        return original(self, sender)

    def send(self: Any, sender: Any, **named: Any) -> Any:
        asked.append("sent")
        return sends(self, sender, **named)

    original, sends = DjangoSignal._live_receivers, getattr(DjangoSignal, method)
    asked: list[Any] = []
    calls: list[Call] = []
    signal: Any = DjangoSignal()
    signal.connect(bake)
    with observe(signal, after=calls.append):
        assert getattr(signal, method)(Sender) == [(bake, "baked")]
        assert asked == []
        with monkeypatch.context() as patch:
            patch.setattr(DjangoSignal, "_live_receivers", live_receivers)
            assert getattr(signal, method)(Sender) == [(bake, "baked")]
            patch.setattr(DjangoSignal, method, send)
            assert getattr(signal, method)(Sender) == [(bake, "baked")]
        signal._live_receivers = lambda sender: original(signal, sender)
        assert getattr(signal, method)(Sender) == [(bake, "baked")]
        del signal._live_receivers
        assert getattr(signal, method)(Sender) == [(bake, "baked")]
    assert asked == [Sender, "sent", Sender]
    assert len(calls) == 4  # what one signal has instead of the method is not observed


@pytest.mark.parametrize("make", [DjangoSignal, Signal])
def test_send_that_was_read_while_it_was_observed(make: Any) -> None:
    calls: list[Call] = []
    signal = make()
    signal.connect(bake)
    with observe(signal, after=calls.append):
        send = signal.send
        assert send(Sender) == [(bake, "baked")]
    assert send(Sender) == [(bake, "baked")]
    assert len(calls) == 1


def test_djangos_observed_failures(caplog: pytest.LogCaptureFixture) -> None:
    def burn(**_kwargs: object) -> None:
        raise error

    error: BaseException = ValueError("burnt")
    calls: list[Call] = []
    signal = DjangoSignal()
    signal.connect(burn)
    signal.connect(bake)
    with observe(signal, before=calls.append):
        assert signal.send_robust(Sender) == [(burn, error), (bake, "baked")]
        with pytest.raises(ValueError, match="burnt"):
            signal.send(Sender)
        assert [call.error for call in calls] == [error, None, error]
        error = KeyboardInterrupt()
        for send in (signal.send, signal.send_robust):
            with pytest.raises(KeyboardInterrupt):
                send(Sender)
    assert len(caplog.records) == 1
    assert "Error calling" in caplog.text
    assert not hasattr(calls[0].error, "__notes__")


@pytest.mark.parametrize("name", ["before", "after"])
@pytest.mark.parametrize("receivers", [[bake], [bake, repr]])
def test_djangos_observer_that_raises_is_logged(
    receivers: list[Any], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_call: Call) -> None:
        raise LookupError("lost")

    signal = DjangoSignal()
    for receiver in receivers:
        signal.connect(lambda receiver=receiver, **_: receiver(1), weak=False)
    callback: dict[str, Any] = {name: fail}
    with observe(signal, **callback):
        assert [response for _, response in signal.send(Sender)] == [each(1) for each in receivers]
    assert [record.exc_info and record.exc_info[0] for record in caplog.records] == (
        [LookupError] * len(receivers)
    )


def test_djangos_observed_async_receivers() -> None:
    async def wait(**_kwargs: object) -> str:
        return "waited"

    calls: list[Call] = []
    signal = DjangoSignal()
    signal.connect(wait)
    signal.connect(bake)
    with observe(signal, after=calls.append):
        assert signal.send(Sender) == [(bake, "baked"), (wait, "waited")]
    assert [call.response for call in calls] == ["baked", "waited"]


def test_djangos_observed_sends_refuse_the_name_of_their_argument() -> None:
    def fry(**_kwargs: object) -> None: ...

    calls: list[Call] = []
    signal = DjangoSignal()
    for receiver in (bake, fry):
        signal.connect(receiver)
        usual = signal.send_robust(Sender, signal=None)
        with observe(signal, after=calls.append):
            observed = signal.send_robust(Sender, signal=None)
            with pytest.raises(TypeError, match="multiple values for keyword argument 'signal'"):
                signal.send(Sender, signal=None)
        assert [(each, str(error)) for each, error in observed] == [
            (each, str(error)) for each, error in usual
        ]
    assert {type(call.error) for call in calls} == {TypeError}


@pytest.mark.parametrize("others", [[], [lambda **_kwargs: None]], ids=["one", "two"])
def test_observer_changes_no_payload(others: list[Any]) -> None:
    def note(topping: object, **_kwargs: object) -> None:
        received.append(topping)

    def change(call: Call) -> None:
        call.payload["topping"] = None  # type: ignore[index]  # it should not

    received: list[object] = []
    signal = DjangoSignal()
    for receiver in (*others, note):
        signal.connect(receiver)
    with observe(signal, before=change):
        signal.send(Sender, topping="cheese")
    with observe(signal, after=change):
        signal.send(Sender, topping="olives")
    assert received == ["cheese", "olives"]
