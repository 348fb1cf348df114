"""
An error that a receiver raises has a note that names the signal and the receiver, and the log of
the robust sends names them, too.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pytest

from typed_signals import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("each_way_of_sending")

STRICT = ("send", "asend")
ROBUST = ("send_robust", "asend_robust")


class Baked(TypedDict):
    size: int


class BakedWithNote(Baked):
    note: NotRequired[str]


baked = Signal[object, Baked]()
with_note = Signal[object, BakedWithNote]()
untyped = Signal()
eaten = Signal[object, Baked]()


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


class Kitchen:
    def fail(self, **kwargs: Any) -> None:
        raise TooHotError


class ClosedKitchen(Kitchen):
    def fail(self, **kwargs: Any) -> None: ...


KITCHEN = Kitchen()


@functools.cache
def remember(**kwargs: Any) -> None: ...


def dispatch(signal: Any, method: str, **payload: Any) -> Any:
    sent: Any = getattr(signal, method)(Kitchen, **{"size": 30, **payload})
    return asyncio.run(sent) if method.startswith("a") else sent


def notes_of(error: BaseException) -> list[str]:
    return getattr(error, "__notes__", [])


def note(receiver: Any, call: str) -> str:
    function = inspect.unwrap(getattr(receiver, "func", receiver))
    place = f"{__file__}:{function.__code__.co_firstlineno}"
    name = f"{__name__}.{function.__qualname__}"
    if isinstance(receiver, functools.partial):
        name = f"functools.partial({name})"
    return f"Raised in the receiver {name} ({place}), called by {__name__}.{call}"


def raised_by(signal: Any, method: str, **payload: Any) -> TooHotError:
    with pytest.raises(TooHotError) as raised:
        dispatch(signal, method, **payload)
    return raised.value


def make_right() -> Callable[..., None]:
    def receive(**kwargs: Any) -> None: ...

    return receive


FAILING = [fail, KITCHEN.fail, functools.partial(fail)]


@pytest.mark.parametrize("name", ["baked", "with_note", "untyped"])
@pytest.mark.parametrize("method", STRICT)
@pytest.mark.parametrize("receiver", FAILING)
def test_error_names_signal_and_receiver(name: str, method: str, receiver: Any) -> None:
    signal: Any = globals()[name]
    with signal.connected(receiver):
        error = raised_by(signal, method)
    assert notes_of(error) == [note(receiver, f"{name}.{method}()")]


@pytest.mark.parametrize("method", STRICT)
def test_error_of_a_cache_that_cannot_hash_a_value_names_the_cached_function(method: str) -> None:
    # mypy reports this receiver: the declared type of the value is not hashable.
    with untyped.connected(remember):
        dispatch(untyped, method, toppings=("ham",))
        with pytest.raises(TypeError, match="unhashable type: 'list'") as raised:
            dispatch(untyped, method, toppings=["ham"])
    assert notes_of(raised.value) == [note(remember, f"untyped.{method}()")]


@pytest.mark.parametrize("payload", [{"note": "hot"}, {}])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 9])
@pytest.mark.parametrize("methods", [False, True])
def test_right_receiver_is_named_wherever_it_is(
    payload: dict[str, str], count: int, methods: bool
) -> None:
    for position in range(count):
        signal = Signal[object, BakedWithNote]()
        receivers = [make_right() for _ in range(count)]
        receivers[position] = fail
        if methods:
            receivers = [ClosedKitchen().fail for _ in range(count)]
            receivers[position] = KITCHEN.fail
        for receiver in receivers:
            signal.connect(receiver, weak=not methods)
        [said] = notes_of(raised_by(signal, "send", **payload))
        assert f"the receiver {__name__}.{receivers[position].__qualname__} (" in said


def test_weakly_connected_method_is_named() -> None:
    kitchens = [ClosedKitchen() for _ in range(7)]
    for count in range(7):
        with_methods = Signal[object, Baked]()
        for kitchen in kitchens[:count]:
            with_methods.connect(kitchen.fail)
        with_methods.connect(KITCHEN.fail)
        [said] = notes_of(raised_by(with_methods, "send"))
        assert f"the receiver {__name__}.Kitchen.fail (" in said


@pytest.mark.parametrize("among", [[], [make_right()], [wait], [wait, make_right()]])
@pytest.mark.parametrize("method", STRICT)
@pytest.mark.parametrize("receiver", [fail_later, fail_too])
def test_async_receiver_is_named(receiver: Any, method: str, among: list[Any]) -> None:
    for other in among:
        baked.connect(other)
    with baked.connected(receiver):
        error = raised_by(baked, method)
    for other in among:
        baked.disconnect(other)
    assert notes_of(error) == [note(receiver, f"baked.{method}()")]


@pytest.mark.parametrize("method", STRICT)
def test_each_error_in_a_group_names_its_receiver(method: str) -> None:
    receivers: list[Any] = [fail_too, functools.partial(fail_too)]
    signal = untyped
    with signal.connected(receivers[0]), signal.connected(receivers[1]):
        with pytest.raises(ExceptionGroup) as raised:
            dispatch(signal, method)
        assert [notes_of(error) for error in raised.value.exceptions] == [
            [note(receiver, f"untyped.{method}()")] for receiver in receivers
        ]
        assert notes_of(raised.value) == []


@pytest.mark.parametrize("method", STRICT)
def test_group_that_a_receiver_raises_gets_the_note_itself(method: str) -> None:
    def fail_twice(**kwargs: Any) -> None:
        raise ExceptionGroup("two", [TooHotError(), TooHotError()])

    with baked.connected(fail_twice), pytest.raises(ExceptionGroup) as raised:
        dispatch(baked, method)
    assert len(notes_of(raised.value)) == 1
    assert all(not notes_of(error) for error in raised.value.exceptions)


@pytest.mark.parametrize("method", STRICT)
def test_error_has_a_note_for_each_send_that_it_passes(method: str) -> None:
    def send_more(**kwargs: Any) -> None:
        eaten.send(None, size=1)

    with eaten.connected(fail), baked.connected(send_more):
        error = raised_by(baked, method)
    inner, outer = notes_of(error)
    assert inner == note(fail, "eaten.send()")
    assert outer == note(send_more, f"baked.{method}()")


@pytest.mark.parametrize("method", STRICT)
def test_call_without_a_frame_is_named(method: str) -> None:
    class Largest:
        __signature__ = inspect.signature(fail)
        __call__ = max  # which takes no keywords

    signal: Any = Signal()
    signal.connect(Largest(), weak=False)
    with pytest.raises(TypeError) as raised:
        dispatch(signal, method)
    [said] = notes_of(raised.value)
    assert said.startswith(f"Raised in the receiver {__name__}.{Largest.__qualname__} object, ")


@pytest.mark.parametrize("method", STRICT)
def test_stop_iteration_is_named(method: str) -> None:
    def stop(**kwargs: Any) -> None:
        raise StopIteration

    expected = StopIteration if method == "send" else RuntimeError
    with baked.connected(stop), pytest.raises(expected) as raised:
        dispatch(baked, method)
    assert notes_of(raised.value) == [note(stop, f"baked.{method}()")]


@pytest.mark.parametrize("method", [*STRICT, *ROBUST])
def test_exit_gets_no_note(method: str) -> None:
    async def leave_later(**kwargs: Any) -> None:
        raise SystemExit

    def leave(**kwargs: Any) -> None:
        raise SystemExit

    for receiver in (leave, leave_later):
        with baked.connected(receiver), pytest.raises(SystemExit) as raised:
            dispatch(baked, method)
        assert notes_of(raised.value) == []


@pytest.mark.parametrize("method", STRICT)
def test_refused_send_has_no_note(method: str) -> None:
    with baked.connected(fail), pytest.raises(TypeError) as raised:
        dispatch(baked, method, wrong=1)
    assert notes_of(raised.value) == []


class NoNotesError(TooHotError):
    def add_note(self, note: str, /) -> None:
        raise RuntimeError


class NoListError(TooHotError):
    __notes__ = 5  # type: ignore[assignment]


@pytest.mark.parametrize("method", [*STRICT, *ROBUST])
@pytest.mark.parametrize("error", [NoNotesError(), NoListError()])
def test_error_that_refuses_notes_is_raised_as_it_is(method: str, error: TooHotError) -> None:
    def raise_it(**kwargs: Any) -> None:
        raise error

    with baked.connected(raise_it):
        if method in ROBUST:
            assert dispatch(baked, method) == [(raise_it, error)]
        else:
            assert raised_by(baked, method) is error


def test_notes_of_an_error_that_is_raised_again_and_again_are_limited() -> None:
    error = TooHotError()

    def raise_it(**kwargs: Any) -> None:
        raise error

    with baked.connected(raise_it):
        for _ in range(100):
            assert raised_by(baked, "send") is error
    assert len(notes_of(error)) == 20


@pytest.mark.parametrize("method", ROBUST)
@pytest.mark.parametrize("receiver", [*FAILING, fail_too])
def test_robust_send_logs_signal_sender_and_receiver(
    method: str, receiver: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with baked.connected(receiver), caplog.at_level(logging.ERROR, logger="typed_signals"):
        [(_, response)] = dispatch(baked, method)
    [record] = [record for record in caplog.records if record.name == "typed_signals"]
    assert f" in {__name__}.baked.{method}() (" in record.getMessage()
    carried: Any = record
    assert (carried.signal, carried.sender, carried.receiver) == (baked, Kitchen, receiver)
    assert notes_of(response) == [note(receiver, f"baked.{method}()")]


def test_extra_hides_nothing_of_the_record() -> None:
    record = logging.makeLogRecord({})
    assert vars(record).keys().isdisjoint({"signal", "sender", "receiver"})
