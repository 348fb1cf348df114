"""
Also on Django's dispatcher, an error that a receiver raises has a note that names the signal and
the receiver, and the log of the robust sends carries them.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from asgiref.sync import async_to_sync, markcoroutinefunction, sync_to_async
from django.db import transaction
from django.db.models.signals import post_init
from django.dispatch import Signal as DjangoSignal

from typed_signals import Signal as CoreSignal
from typed_signals.django import Signal, receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STRICT = ("send", "asend")
ROBUST = ("send_robust", "asend_robust")


class Baked(TypedDict):
    size: int


baked = Signal[object, Baked]()
cached = Signal[object, Baked](use_caching=True)
eaten = Signal[object, Baked]()
on_core = CoreSignal[object, Baked]()


@pytest.fixture(params=["by our sends", "by Django's"], autouse=True)
def is_by_django(request: pytest.FixtureRequest) -> Iterator[bool]:
    """
    Let Django's own methods send, as while a tool has assigned other lists.
    """
    kept = {signal: signal.receivers for signal in (baked, cached, eaten)}
    is_by_django: bool = request.param == "by Django's"
    if is_by_django:
        for signal in kept:
            signal.receivers = []
    yield is_by_django
    for signal, receivers in kept.items():
        signal.receivers = receivers
        receivers.clear()


class TooHotError(Exception):
    pass


def fail(**kwargs: Any) -> None:
    raise TooHotError


async def fail_later(**kwargs: Any) -> None:
    await asyncio.sleep(0)
    raise TooHotError


async def fail_too(**kwargs: Any) -> None:
    raise TooHotError


async def wait(**kwargs: Any) -> None:
    await asyncio.sleep(0)


def right(**kwargs: Any) -> None: ...


class Kitchen:
    def fail(self, **kwargs: Any) -> None:
        raise TooHotError

    async def fail_later(self, **kwargs: Any) -> None:
        raise TooHotError


KITCHEN = Kitchen()


def dispatch(signal: Any, method: str, sender: object = Kitchen) -> Any:
    sent: Any = getattr(signal, method)(sender, size=30)
    return asyncio.run(sent) if method.startswith("a") else sent


def notes_of(error: BaseException) -> list[str]:
    return getattr(error, "__notes__", [])


def raised_by(signal: Any, method: str) -> TooHotError:
    with pytest.raises(TooHotError) as raised:
        dispatch(signal, method)
    return raised.value


def named(receiver: Any) -> str:
    function = getattr(receiver, "func", receiver)
    name = f"{__name__}.{function.__qualname__}"
    return f"functools.partial({name})" if function is not receiver else name


def assert_note(said: str, receiver: Any, call: str) -> None:
    assert said.startswith(f"Raised in the receiver {named(receiver)} (")
    assert said.endswith(f", called by {__name__}.{call}")


FAILING = [
    *(fail, KITCHEN.fail, functools.partial(fail)),
    *(fail_later, fail_too, KITCHEN.fail_later, functools.partial(fail_too)),
]


@pytest.mark.parametrize("name", ["baked", "cached"])
@pytest.mark.parametrize("method", STRICT)
@pytest.mark.parametrize("among", [[], [right], [wait], [right, wait]])
@pytest.mark.parametrize("failing", FAILING)
def test_error_names_signal_and_receiver(
    name: str, method: str, among: list[Any], failing: Any
) -> None:
    signal: Any = globals()[name]
    for other in among[:1]:
        signal.connect(other)
    with signal.connected(failing):
        for other in among[1:]:
            signal.connect(other)
        error = raised_by(signal, method)
    for other in among:
        signal.disconnect(other)
    [said] = notes_of(error)
    assert_note(said, failing, f"{name}.{method}()")


@pytest.mark.parametrize("method", STRICT)
def test_each_error_of_several_async_receivers_names_its_receiver(method: str) -> None:
    with (
        baked.connected(fail_too),
        baked.connected(KITCHEN.fail_later),
        pytest.raises((TooHotError, ExceptionGroup)) as raised,
    ):
        dispatch(baked, method)
    # Before 6.0, Django raises the first error.
    errors = getattr(raised.value, "exceptions", [raised.value])
    for error, failing in zip(errors, [fail_too, KITCHEN.fail_later], strict=False):
        [said] = notes_of(error)
        assert_note(said, failing, f"baked.{method}()")


@pytest.mark.parametrize("method", STRICT)
def test_errors_among_others_name_their_receivers(method: str) -> None:
    class Halt(BaseException):
        pass

    async def halt(**kwargs: Any) -> None:
        raise Halt

    with (
        baked.connected(fail_too),
        baked.connected(halt),
        pytest.raises((TooHotError, BaseExceptionGroup)) as raised,
    ):
        dispatch(baked, method)
    # Before 6.0, Django raises the first error.
    error, *others = getattr(raised.value, "exceptions", [raised.value])
    [said] = notes_of(error)
    assert_note(said, fail_too, f"baked.{method}()")
    assert not any(map(notes_of, others))


def test_error_that_a_tool_logs_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    tool: Any = baked
    with pytest.raises(TooHotError) as raised:
        fail()
    tool._log_robust_failure(fail, raised.value)
    tool._log_robust_failure(fail, TooHotError())
    assert [record.getMessage() for record in caplog.records] == [
        "Error calling fail in Signal.send_robust() ()"
    ] * 2


@pytest.mark.parametrize("method", STRICT)
def test_group_that_a_receiver_raises_gets_the_note_itself(method: str) -> None:
    def fail_twice(**kwargs: Any) -> None:
        raise ExceptionGroup("two", [TooHotError(), TooHotError()])

    with baked.connected(fail_twice), pytest.raises(ExceptionGroup) as raised:
        dispatch(baked, method)
    assert len(notes_of(raised.value)) == 1
    assert all(not notes_of(error) for error in raised.value.exceptions)


@pytest.mark.parametrize("inner", [eaten, on_core])
@pytest.mark.parametrize("method", STRICT)
def test_error_has_a_note_for_each_send_that_it_passes(method: str, inner: Any) -> None:
    def send_more(**kwargs: Any) -> None:
        inner.send(None, size=1)

    with inner.connected(fail), baked.connected(send_more):
        error = raised_by(baked, method)
    first, second = notes_of(error)
    assert_note(first, fail, "eaten.send()" if inner is eaten else "on_core.send()")
    assert_note(second, send_more, f"baked.{method}()")


@pytest.mark.parametrize("method", STRICT)
def test_failing_call_is_named(method: str) -> None:
    def strict(size: int, *, here: object = None) -> None: ...

    async def strict_too(size: int, *, here: object = None) -> None: ...

    # In Django 5.2, a call that fails in asend leaves a coroutine behind.
    for failing in (strict, strict_too) if method == "send" else (strict,):
        DjangoSignal.connect(baked, failing)  # which does not check it
        with pytest.raises(TypeError) as raised:
            dispatch(baked, method)
        assert baked.disconnect(failing)
        [said] = notes_of(raised.value)
        assert_note(said, failing, f"baked.{method}()")


def test_receiver_of_asgiref_is_named() -> None:
    for failing, inner in [(async_to_sync(fail_too), fail_too), (sync_to_async(fail), fail)]:
        with baked.connected(failing):
            [said] = notes_of(raised_by(baked, "send"))
        assert said.startswith("Raised in the receiver ")
        assert "asgiref.sync." in said or inner.__name__ in said


@pytest.mark.parametrize("method", STRICT)
def test_error_that_no_receiver_raised_has_no_note(method: str, is_by_django: bool) -> None:
    baked.connect(right)
    baked.connect(wait)
    cached.connect(right)
    if is_by_django:  # it looks the sender up
        with pytest.raises(TypeError) as raised:
            dispatch(cached, method, sender=[])
        assert notes_of(raised.value) == []
    else:
        assert dispatch(cached, method, sender=[]) == [(right, None)]

    async def send_in_loop() -> None:
        baked.send(None, size=30)

    with pytest.raises(RuntimeError) as failed:
        asyncio.run(send_in_loop())
    assert notes_of(failed.value) == []
    for signal in (baked, cached):
        signal.disconnect(right)
    baked.disconnect(wait)


@pytest.mark.parametrize("method", STRICT)
def test_no_receiver_is_named_for_another_signal(method: str) -> None:
    async def send_more() -> None:
        eaten.send(None, size=1)

    # Only what it returns is awaited, so it is not in the traceback.
    returns = markcoroutinefunction(lambda **_: send_more())
    with eaten.connected(fail), baked.connected(returns):
        said, *more = notes_of(raised_by(baked, method))
    assert_note(said, fail, "eaten.send()")
    for also in more:
        assert_note(also, returns, f"baked.{method}()")


class Hostile:
    """
    A receiver whose code cannot be read after it was connected.
    """

    is_connected = False

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name) if self.is_connected else AttributeError(name)

    async def __call__(self, **kwargs: Any) -> None:
        raise TooHotError


@pytest.mark.parametrize("method", STRICT)
def test_finding_the_receiver_never_fails(method: str) -> None:
    hostile = Hostile()
    DjangoSignal.connect(baked, hostile)
    [(keys, *references, _)] = baked.receivers
    baked.receivers[:] = [(keys, *references, True)]
    hostile.is_connected = True
    said = notes_of(raised_by(baked, method))
    by_name = f"Raised in the receiver Hostile object, called by {__name__}.baked.{method}()"
    assert said in ([], [by_name])
    baked.receivers.clear()


@pytest.mark.parametrize("method", ROBUST)
@pytest.mark.parametrize("failing", FAILING)
def test_robust_send_logs_what_django_does_and_signal_sender_and_receiver(
    method: str, failing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with baked.connected(failing), caplog.at_level(logging.ERROR, logger="django.dispatch"):
        [(_, error)] = dispatch(baked, method)
    [record] = [record for record in caplog.records if record.name == "django.dispatch"]
    assert record.msg == "Error calling %s in Signal.send_robust() (%s)"
    name = getattr(failing, "__qualname__", named(failing))
    assert record.getMessage() == f"Error calling {name} in Signal.send_robust() ()"
    assert record.exc_info == (type(error), error, error.__traceback__)
    carried: Any = record
    assert (carried.signal, carried.sender, carried.receiver) == (baked, Kitchen, failing)
    [said] = notes_of(error)
    assert_note(said, failing, f"baked.{method}()")


SIGNALS = [baked, on_core, post_init]


@pytest.mark.usefixtures("committing_database")
@pytest.mark.parametrize("signal", SIGNALS)
def test_error_on_commit_names_signal_and_receiver(signal: Any) -> None:
    connected: Callable[..., None] = receiver(signal, on_commit=True)(make_failing(signal))

    def send() -> None:
        if signal is post_init:
            signal.send(Kitchen, instance=KITCHEN)
        else:
            dispatch(signal, "send")

    with pytest.raises(TooHotError) as on_commit, transaction.atomic():
        send()
    with pytest.raises(TooHotError) as at_once:
        send()
    # The errors refer to what called it, so another receiver with its id would not be connected.
    assert signal.disconnect(connected)
    for each in (on_commit, at_once):
        [said] = notes_of(each.value)
        assert said.startswith(f"Raised in the receiver {named(connected)} (")
        assert said.endswith(" on commit")
        assert repr(signal).rpartition(".")[2].rstrip(">") in said or "post_init" in said


def make_failing(signal: Any) -> Callable[..., None]:
    """
    Return a receiver that only fails for what this test sends.
    """

    def fail_on_commit(sender: object, **kwargs: Any) -> None:
        if sender is Kitchen:
            raise TooHotError

    return fail_on_commit
