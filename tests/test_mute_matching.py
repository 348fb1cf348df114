"""
``mute`` refuses and reports what it can never match.
"""

from __future__ import annotations

import functools
import warnings
from typing import Any, Protocol, TypedDict

import blinker
import pytest

from tests.support import unchecked
from typed_signals import Signal
from typed_signals.exceptions import UnconnectedReceiverWarning
from typed_signals.testing import SignalSpy, capture, isolate, mute


class Shop:
    pass


class Named(Protocol):
    name: str


class OrderPlaced(TypedDict):
    order_id: int


by_classes = Signal[type[Shop], OrderPlaced]()
by_instances = Signal[Shop, OrderPlaced]()
by_any_class = Signal["type[Any]", OrderPlaced]()
by_named = Signal[Named, OrderPlaced]()
by_anything = Signal()


@Signal.declare
def declared(sender: type[Shop], *, order_id: int) -> object:
    """An order was placed."""


@Signal.declare
def without_sender(_: object, *, order_id: int) -> object:  # type: ignore[signal-declaration]
    """An order was placed."""


def index(**kwargs: Any) -> str:
    return "index"


def other(**kwargs: Any) -> str:
    return "other"


def sent(signal: Any = by_classes) -> list[Any]:
    return [response for _, response in signal.send(Shop, order_id=1)]


def logged(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


class TestSenders:
    """
    Classes and instances are mistaken for each other.
    """

    @pytest.mark.parametrize("signal", [by_classes, declared])
    def test_instance_for_a_class(self, signal: Any) -> None:
        with pytest.raises(
            TypeError,
            match=r"^tests.test_mute_matching.\w+ is sent by classes, Shop or others, not",
        ):
            mute(signal, sender=Shop())

    def test_class_for_an_instance(self) -> None:
        with pytest.raises(TypeError, match=r"is sent by instances of Shop, not by <class"):
            mute(by_instances, sender=Shop)

    def test_several(self) -> None:
        for signal in (by_classes, by_anything, blinker.Signal()):
            with pytest.raises(TypeError, match=r" is sent by one sender at a time, not by \[<cl"):
                mute(signal, sender=[Shop, None])
            mute(signal, sender=["shop"])

    def test_of_captured_sends(self) -> None:
        with capture(by_classes) as captured:
            by_classes.send(Shop, order_id=7)
        assert captured.of(by_classes, sender=type) == []
        for find in (captured.one, captured.last, captured.of):
            with pytest.raises(TypeError, match="is sent by classes, Shop or others, not by <"):
                find(by_classes, sender=Shop())

    def test_right_ones(self) -> None:
        for signal in (by_classes, declared, by_any_class, by_anything, without_sender):
            mute(signal, sender=Shop)
            mute(signal, sender=type("Subclass", (Shop,), {}))
        for signal in (by_instances, by_any_class, by_named, by_anything, without_sender):
            mute(signal, sender=Shop())
        mute(by_classes, by_instances, sender="shop")
        mute(blinker.Signal(), sender="shop")


class TestReceivers:
    """
    Another object is connected.
    """

    @pytest.mark.parametrize("made", [logged(index), functools.partial(index)])
    def test_decorated_receiver_is_connected(self, made: Any) -> None:
        with by_classes.connected(made):
            with (
                pytest.raises(
                    ValueError, match=r"mute\(\) got .*index.* what a decorator has made"
                ),
                mute(by_classes, receivers=[index]),
            ):
                pass
            with mute(by_classes, receivers=[made]):
                assert sent() == []

    def test_decorated_receiver_is_not_connected(self) -> None:
        made = logged(logged(index))
        with by_classes.connected(index):
            with (
                pytest.raises(
                    ValueError, match="is connected to the function itself: pass its __wr"
                ),
                mute(by_classes, receivers=[made]),
            ):
                pass
            with mute(by_classes, receivers=[made.__wrapped__.__wrapped__]):
                assert sent() == []

    def test_decorators_in_a_circle(self) -> None:
        def circle(**kwargs: Any) -> str:
            return "circle"

        unchecked(circle).__wrapped__ = circle
        with (
            by_classes.connected(logged(circle)),
            mute(by_classes, receivers=[index]),
        ):
            pass

    @pytest.mark.parametrize("signal", [by_classes, blinker.Signal()])
    def test_receiver_that_is_never_connected(self, signal: Any) -> None:
        receive = unchecked(lambda sender=None, **kwargs: "received")
        signal.connect(receive)
        with (
            pytest.warns(UnconnectedReceiverWarning) as warned,
            mute(signal, receivers=[index, other]),
        ):
            assert sent(signal) == ["received"]
        signal.disconnect(receive)
        text = str(warned[0].message)
        assert text.startswith("mute() was to mute tests.test_mute_matching.")
        assert f"{__name__}.index (" in text
        assert "not connected to " in text
        assert warned[0].filename == __file__
        assert len(warned) == 1

    def test_receiver_that_is_connected_at_any_time(self) -> None:
        def before(**kwargs: Any) -> str:
            return "before"

        muting = mute(by_classes, receivers=[index])
        with by_classes.connected(before):
            with muting, by_classes.connected(index):
                assert sent() == ["before"]
            with muting:
                assert sent() == ["before"]
            with by_classes.connected(other), mute(by_classes, receivers=[other]):
                by_classes.disconnect(other)
                assert sent() == ["before"]
            with mute(by_classes, receivers=[other]):
                assert sent() == ["before"]
                by_classes.connect(other)
            by_classes.disconnect(other)

    def test_nothing_is_reported_if_nothing_was_called(self) -> None:
        with mute(by_classes, receivers=[index]):
            assert sent() == []
        with by_classes.connected(other), mute(by_classes, receivers=[index]):
            pass
        with by_classes.connected(other), mute(by_classes, sender=type, receivers=[index]):
            assert sent() == ["other"]

    def test_warning_as_an_error_ends_the_block(self) -> None:
        with warnings.catch_warnings(), by_classes.connected(other):
            warnings.simplefilter("error")
            with (
                pytest.raises(UnconnectedReceiverWarning),
                mute(by_classes, receivers=[index]),
                by_anything.connected(index),
            ):
                sent()
            by_classes.connect(index)
            assert sent() == ["other", "index"]
            by_classes.disconnect(index)

    def test_warning_as_an_error_ends_the_spy(self) -> None:
        spy = SignalSpy()
        by_classes.connect(other)
        spy.mute(by_classes, receivers=[index])
        sent()
        with pytest.raises(UnconnectedReceiverWarning):
            spy._close("test")
        assert sent() == []
        by_classes.connect(other)
        assert sent() == ["other"]
        by_classes.disconnect(other)

    def test_receivers_that_are_muted_while_others_are_looked_for(self) -> None:
        class Sending:
            def __call__(self, **kwargs: Any) -> None: ...

            @property
            def __wrapped__(self) -> Any:
                for receiver in (index, other):
                    with by_anything.connected(receiver):
                        by_anything.send(None)
                raise AttributeError

        muting = mute(by_anything, receivers=[index, other])
        with by_anything.connected(Sending()), muting, muting:
            by_anything.send(None)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (
            lambda: mute(by_classes, unchecked([index])),
            r"^mute\(\) takes signals: \[<.*>\] is not a signal: pass receivers as receivers=",
        ),
        (
            lambda: mute(by_classes, unchecked(index)),
            r"is not a signal: pass receivers as receivers=\[\.\.\.\]$",
        ),
        (
            lambda: mute(by_classes, receivers=unchecked(index)),
            r"^mute\(\) takes a list of receivers: ",
        ),
        (
            lambda: mute(by_classes, receivers=unchecked("index")),
            r"write receivers=\[\.\.\.\], not '",
        ),
        (lambda: mute(by_classes, receivers=["index"]), "which are callable, not 'index'$"),
        (
            lambda: capture(unchecked([by_classes, declared])),
            r"^capture\(\) takes signals: .* is not a signal: pass signals one by one, or write",
        ),
        (
            lambda: mute(unchecked((by_classes, declared))),
            r"is not a signal: pass signals one by one, or",
        ),
        (
            lambda: isolate(unchecked([by_classes])),
            r"^isolate\(\) takes signals: .* one by one, or",
        ),
        (
            lambda: isolate(unchecked("order_placed")),
            r"^isolate\(\) takes signals: 'order_placed' is not a signal: pass the signal itself,",
        ),
        (lambda: capture(unchecked("order_placed")), "pass the signal itself, not its name$"),
        (lambda: capture(unchecked(Signal)), r"is not a signal, but a class: pass an inst"),
    ],
)
def test_wrong_arguments_are_told_what_to_write(make: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        make()
