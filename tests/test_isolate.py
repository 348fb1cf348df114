"""
``isolate`` undoes what is connected and disconnected inside.
"""

from __future__ import annotations

import contextvars
import gc
import importlib
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

import blinker
import pytest

from tests.connected import Sender, connect_three, first, responses, second, third
from tests.support import unchecked
from typed_signals import Signal
from typed_signals._connect import changes
from typed_signals.testing import isolate
from typed_signals.testing._isolate import Isolation, kept

if TYPE_CHECKING:
    from pathlib import Path


def state(signal: Any) -> list[Any]:
    """
    Return what is known of each connection.
    """
    return [
        (each.receiver, each.sender, each.dispatch_uid, each.weak, each.connected_at)
        for each in signal.connections
    ]


@pytest.fixture
def signal() -> Any:
    return connect_three(Signal())


def test_connected_inside_is_disconnected(signal: Any) -> None:
    before = state(signal)
    with isolate(signal):
        signal.connect(second)
        signal.connect(first, sender=Sender, weak=False)
        assert responses(signal) == ["first", "third", "second"]
    assert state(signal) == before
    assert responses(signal) == ["first", "third"]
    assert responses(signal, Sender) == ["first", "second", "third"]


def test_disconnected_inside_is_connected_again_in_its_place(signal: Any) -> None:
    before = state(signal)
    with isolate():
        assert signal.disconnect(first)
        assert signal.disconnect(second, sender=Sender)
        assert signal.disconnect(dispatch_uid="third")
        assert state(signal) == []
        assert responses(signal, Sender) == []
        signal.connect(first, weak=False)
        signal.connect(second, dispatch_uid="third")
    assert state(signal) == before
    assert responses(signal, Sender) == ["first", "second", "third"]


def test_block_that_raises_is_undone(signal: Any) -> None:
    before = state(signal)

    def fail() -> None:
        with isolate():
            signal.disconnect(first)
            signal.connect(second)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert state(signal) == before


def test_only_the_named_signals_are_isolated(signal: Any) -> None:
    other: Any = Signal()
    with isolate(signal):
        signal.connect(second)
        other.connect(second)
    assert second not in [each.receiver for each in signal.connections if each.sender is None]
    assert responses(other) == ["second"]


def test_signal_without_receivers_is_isolated() -> None:
    signal: Any = Signal()
    with isolate():
        signal.connect(first)
    assert not signal.has_listeners()


def test_blocks_are_nested(signal: Any) -> None:
    before = state(signal)
    isolated = isolate(signal)
    with isolated:
        signal.disconnect(first)
        outer = state(signal)
        with isolated:
            signal.connect(first)
            signal.disconnect(dispatch_uid="third")
        assert state(signal) == outer
    assert state(signal) == before


def test_blocks_end_in_any_order(signal: Any) -> None:
    before = state(signal)
    one, other = isolate(), isolate()
    one.__enter__()
    signal.disconnect(first)
    other.__enter__()
    signal.disconnect(second, sender=Sender)
    signal.connect(first, sender=Sender)
    one.__exit__()
    assert state(signal) == before
    other.__exit__()
    assert state(signal) == before
    assert not changes.recorders


def test_weak_reference_remains_weak() -> None:
    signal: Any = Signal()

    class Oven:
        def bake(self, **kwargs: Any) -> str:
            return "baked"

    oven = Oven()
    signal.connect(oven.bake)
    with isolate():
        signal.disconnect(oven.bake)
    assert responses(signal) == ["baked"]
    del oven
    gc.collect()
    assert responses(signal) == []
    assert not signal.has_listeners()


def test_outer_block_undoes_what_an_inner_one_restores() -> None:
    signal: Any = Signal()
    with isolate():
        signal.connect(first)
        with isolate():
            signal.disconnect(first)
        assert responses(signal) == ["first"]
    assert responses(signal) == []


@pytest.mark.parametrize("dies", ["receiver", "sender"])
def test_what_dies_inside_is_not_connected_again(dies: str) -> None:
    signal: Any = Signal()
    sender, receiver = type("Sender", (), {}), lambda **kwargs: None
    signal.connect(receiver, sender=sender)
    with isolate():
        signal.disconnect(receiver, sender=sender)
        if dies == "receiver":
            del receiver
        else:
            del sender
        gc.collect()
    assert signal.connections == []


def test_sender_without_weak_references_is_restored() -> None:
    signal: Any = Signal()
    signal.connect(first, sender="shop")
    with isolate():
        signal.disconnect(first, sender="shop")
    assert [each.sender for each in signal.connections] == ["shop"]


def test_isolating_keeps_nothing_alive_that_was_disconnected() -> None:
    signal: Any = Signal()
    with isolate():

        def receiver(**kwargs: Any) -> None: ...

        died = weakref.ref(receiver)
        signal.connect(receiver, weak=False)
        signal.disconnect(receiver)
        del receiver
        gc.collect()
        assert died() is None


def test_other_threads_are_isolated_too() -> None:
    signal: Any = Signal()
    with isolate():
        thread = threading.Thread(target=signal.connect, args=[first])
        thread.start()
        thread.join()
        assert responses(signal) == ["first"]
    assert responses(signal) == []


def test_what_is_left_is_described() -> None:
    outer, inner = Isolation(), Isolation()
    imported.connect(first)
    [left] = inner.close()
    receiver, _, rest = str(left).partition(" (")
    assert receiver == "tests.connected.first"
    assert f") is left connected to {__name__}.imported by {__file__}:" in rest
    assert outer.close() == []
    imported.connect(second, weak=False)
    isolation = Isolation()
    imported.disconnect(second)
    [left] = isolation.close()
    assert " is left disconnected from " in str(left)
    imported.disconnect(second)


def test_what_is_connected_again_is_not_left(signal: Any) -> None:
    on_blinker = blinker.Signal()
    on_blinker.connect(on_any)
    before, isolation = state(signal), Isolation()
    for changed, receiver in ((signal, first), (on_blinker, on_any)):
        changed.disconnect(receiver)
        changed.connect(receiver)
    signal.disconnect(third, dispatch_uid="third")
    signal.connect(third, dispatch_uid="third", weak=False)
    left = isolation.close()
    assert [each.connection.weak for each in left] == [True, False]
    assert state(signal) == before
    assert blinked(on_blinker) == {"any"}


def test_what_is_kept_remains() -> None:
    signal: Any = Signal()
    with isolate():
        with kept():
            signal.connect(first)
        signal.connect(second)
    assert responses(signal) == ["first"]


def test_what_is_isolated_in_a_kept_block_does_not_remain() -> None:
    signal: Any = Signal()
    with kept():
        outer = isolate()
        outer.__enter__()
        signal.connect(first)
        with kept():
            signal.connect(second)
        inherited = contextvars.copy_context()
    inherited.run(signal.connect, third)  # after the end of the blocks
    outer.__exit__()
    assert responses(signal) == ["second"]


def test_threads_may_connect_and_send_meanwhile(signal: Any) -> None:
    before, on_blinker = state(signal), blinker.Signal()
    is_over = threading.Event()
    errors: list[BaseException] = []

    def use() -> None:
        def own(*args: Any, **kwargs: Any) -> str:
            return "own"

        try:
            while not is_over.is_set():
                signal.connect(own)
                on_blinker.connect(own)
                assert {"first", "third"} <= set(responses(signal))
                signal.disconnect(own)
                on_blinker.disconnect(own)
        except BaseException as error:  # noqa: BLE001 - shown below
            errors.append(error)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(300):
        with isolate():
            signal.connect(second)
            with isolate(signal):
                signal.disconnect(second)
    is_over.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert state(signal) == before
    assert not changes.replaced
    assert not changes.recorders


def test_repr_names_the_signals(signal: Any) -> None:
    assert repr(isolate()) == "isolate()"
    assert repr(isolate(signal)) == f"isolate({signal!r})"


# What only happens once.


@pytest.fixture
def module_that_connects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = "connects_at_import"
    tmp_path.joinpath(f"{name}.py").write_text(
        "from tests.connected import first, second\n"
        "from tests.test_isolate import imported\n"
        "def connect(): imported.connect(first)\n"
        "connect()\n"
        "imported.disconnect(second)\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


imported: Any = Signal()


def test_import_remains(module_that_connects: str) -> None:
    sys.modules["tests.test_isolate"] = sys.modules[__name__]
    imported.connect(second)
    isolation = Isolation()
    importlib.import_module(module_that_connects)
    imported.connect(third)
    left = isolation.close()
    assert responses(imported) == ["first"]
    assert [each.connection.receiver for each in left] == [third]


class Meta(type):
    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        made = super().__new__(mcs, name, bases, body)
        Meta.signal.connect(first)
        return made

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> None:
        super().__init__(name, bases, body)
        Meta.signal.connect(second)

    signal: Any


class Descriptor:
    def __set_name__(self, owner: type, name: str) -> None:
        Meta.signal.connect(third)


def test_creating_a_class_remains(signal: Any) -> None:
    Meta.signal = Signal()
    bodies: Any = Signal()
    with isolate():

        class Model(metaclass=Meta):
            descriptor = Descriptor()
            bodies.connect(first)

    assert sorted(responses(Meta.signal)) == ["first", "second", "third"]
    assert responses(bodies) == ["first"]


class ConnectsItself:
    def __new__(cls, signal: Any) -> Any:
        signal.connect(first)
        return super().__new__(cls)

    def __init__(self, signal: Any) -> None:
        signal.connect(second)


def test_creating_an_object_is_undone() -> None:
    signal: Any = Signal()
    with isolate():
        ConnectsItself(signal)
        assert responses(signal) == ["first", "second"]
    assert responses(signal) == []


@pytest.mark.parametrize("name", ["__main__", "a_script"])
def test_script_and_executed_code_are_undone(name: str) -> None:
    signal: Any = Signal()
    with isolate():
        exec("signal.connect(first)", {"signal": signal, "first": first, "__name__": name})
    assert responses(signal) == []


def test_block_in_a_module_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath("isolates_at_import.py").write_text(
        "from typed_signals import Signal\n"
        "from typed_signals.testing import isolate\n"
        "signal = Signal()\n"
        "def receive(**kwargs): pass\n"
        "with isolate():\n"
        "    signal.connect(receive)\n"
        "    class Body:\n"
        "        signal.connect(receive, sender='kept')\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("isolates_at_import")
    del sys.modules["isolates_at_import"]
    assert [each.sender for each in module.signal.connections] == ["kept"]


# blinker


def blinked(signal: Any, sender: object = None) -> set[Any]:
    return {response for _, response in signal.send(sender)}


def on_any(sender: object) -> str:
    return "any"


def on_one(sender: object) -> str:
    return "one"


@pytest.fixture
def blinkers() -> blinker.Signal:
    made = blinker.Signal()
    made.connect(on_any)
    made.connect(on_one, sender=Sender)
    return made


def stored(signal: blinker.Signal) -> Any:
    pairs = {key: set(value) for key, value in signal._by_sender.items() if value}
    reverse = {key: set(value) for key, value in signal._by_receiver.items() if value}
    return dict(signal.receivers), pairs, reverse


def test_blinkers_signals_are_restored(blinkers: blinker.Signal) -> None:
    before = stored(blinkers)
    with isolate():
        blinkers.disconnect(on_any)
        blinkers.connect(on_one, sender="other", weak=False)
        blinkers.connect(on_any, sender=Sender)
        blinkers.disconnect(on_one, sender=Sender)
        assert blinked(blinkers, Sender) == {"any"}
        assert blinked(blinkers, "other") == {"one"}
    assert stored(blinkers) == before
    assert blinked(blinkers, Sender) == {"any", "one"}
    assert blinked(blinkers) == {"any"}


def test_new_receivers_of_blinkers_signals_are_disconnected() -> None:
    signal = blinker.NamedSignal("made")
    isolation = Isolation((signal,))
    signal.connect(on_any)
    signal.connect(on_one)
    signal.disconnect(on_one)
    [left] = isolation.close()
    assert left.connection.receiver is on_any
    assert blinked(signal) == set()


@pytest.mark.parametrize("dies", ["receiver", "sender"])
def test_what_dies_inside_is_not_connected_to_blinkers_signals(dies: str) -> None:
    signal = blinker.Signal()
    sender: Any = type("Sender", (), {})

    def receive(sender: object) -> str:
        return "received"

    receiver: Any = receive
    signal.connect(receive, sender=sender)
    with isolate():
        signal.disconnect(receive)
        if dies == "receiver":
            del receive, receiver
        else:
            sender = None
        gc.collect()
    assert not any(signal._by_sender.values())


def test_classes_of_other_packages_are_restored() -> None:
    connect, disconnect = blinker.Signal.connect, blinker.Signal.disconnect
    with isolate(), isolate():
        assert blinker.Signal.connect is not connect
        assert blinker.Signal.disconnect is not disconnect
    assert blinker.Signal.connect is connect
    assert blinker.Signal.disconnect is disconnect
    assert not changes.replaced


def test_tool_may_replace_a_method_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    signal = blinker.Signal()
    calls = []
    original = blinker.Signal.disconnect
    with isolate():
        recording = blinker.Signal.disconnect

        def disconnect(self: Any, *args: Any, **kwargs: Any) -> None:
            calls.append(self)
            recording(self, *args, **kwargs)

        blinker.Signal.disconnect = unchecked(disconnect)
    signal.connect(on_one)
    signal.disconnect(on_one)
    signal.connect(on_any)
    with isolate():
        signal.disconnect(on_any)
        signal.disconnect(on_any)
        assert blinked(signal) == set()
    assert blinked(signal) == {"any"}
    assert calls == [signal] * 3
    blinker.Signal.disconnect = recording
    with isolate():
        pass
    assert blinker.Signal.disconnect is original
