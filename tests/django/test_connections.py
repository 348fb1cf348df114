"""
``BaseSignal``: connections, to read and for a while, on both engines.
"""

from __future__ import annotations

import copy
import gc
import inspect
import weakref
from typing import TYPE_CHECKING, Any, TypedDict

import django.db.models.signals
import django.dispatch
import pytest
from django.apps import apps

import typed_signals
from tests.django.shop.models import Pizza, Topping
from typed_signals import BaseSignal, Connection
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.exceptions import ReceiverSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable


class PizzaDone(TypedDict, total=False):
    size: int


class Store: ...


ENGINES: dict[str, Callable[[], Any]] = {
    "core": typed_signals.Signal[Any, PizzaDone],
    "Django": Signal[Any, PizzaDone],
    "Django's models": ModelSignal[Any, PizzaDone],
}


@pytest.fixture(params=ENGINES)
def signal(request: pytest.FixtureRequest) -> Any:
    return ENGINES[request.param]()


@pytest.fixture(params=list(ENGINES)[1:])
def on_django(request: pytest.FixtureRequest) -> Any:
    return ENGINES[request.param]()


def receive(**kwargs: object) -> None: ...


def receive_too(**kwargs: object) -> None: ...


async def receive_async(**kwargs: object) -> None: ...


def lines_below(count: int) -> str:
    """
    Return the place that is *count* lines below the call of this.
    """
    frame: Any = inspect.currentframe()
    return f"{__file__}:{frame.f_back.f_lineno + count}"


def test_every_signal_is_a_base_signal(signal: Any) -> None:
    assert isinstance(signal, BaseSignal)
    assert not issubclass(django.dispatch.Signal, BaseSignal)


def test_the_signals_on_django_are_not_the_cores() -> None:
    assert not issubclass(Signal, typed_signals.Signal)
    assert issubclass(Signal, django.dispatch.Signal)
    assert issubclass(ModelSignal, django.db.models.signals.ModelSignal)


# What a connection says


def test_connections_are_read_in_their_order(signal: Any) -> None:
    assert signal.connections == []
    signal.connect(receive_too)
    signal.connect(receive, sender=Store)
    connections = signal.connections
    assert [type(each) for each in connections] == [Connection, Connection]
    assert [(each.receiver, each.sender) for each in connections] == [
        (receive_too, None),
        (receive, Store),
    ]


def test_a_connection_says_how_it_was_made(signal: Any) -> None:
    place = lines_below(1)
    signal.connect(receive)
    [connection] = signal.connections
    assert connection.dispatch_uid is None
    assert connection.weak
    assert not connection.is_async
    assert not connection.is_deferred
    assert connection.connected_at == place


def test_a_connection_says_what_is_special_about_it(signal: Any) -> None:
    signal.connect(receive_async, sender=Store, weak=False, dispatch_uid="uid")
    [connection] = signal.connections
    assert connection.receiver is receive_async
    assert connection.dispatch_uid == "uid"
    assert not connection.weak
    assert connection.is_async
    name = f"{__name__}.receive_async"
    assert repr(connection) == (
        f"<Connection {name}, sender={Store!r}, dispatch_uid='uid', strong, async, "
        f"connected at {connection.connected_at}>"
    )


def test_a_decorated_receiver_is_connected_at_its_decorator(signal: Any) -> None:
    place = lines_below(2)

    @receiver(signal)
    def local(**kwargs: object) -> None: ...

    assert [each.connected_at for each in signal.connections] == [place]


def test_methods_are_the_receivers_of_their_connections(signal: Any) -> None:
    class Oven:
        def on_done(self, **kwargs: object) -> None: ...

    oven = Oven()
    signal.connect(oven.on_done)
    assert [each.receiver for each in signal.connections] == [oven.on_done]


def test_what_was_collected_is_not_among_the_connections(signal: Any) -> None:
    class Sender: ...

    def local(**kwargs: object) -> None: ...

    signal.connect(local)
    signal.connect(receive, sender=Sender)
    signal.send(sender=Sender)
    [first, _] = signal.connections
    del local, Sender
    gc.collect()
    assert signal.connections == []
    assert first.receiver is None


def test_connections_keep_nothing_alive(signal: Any) -> None:
    class Sender: ...

    def local(**kwargs: object) -> None: ...

    references: list[weakref.ref[Any]] = [weakref.ref(local), weakref.ref(Sender)]
    signal.connect(local, sender=Sender, weak=False)
    assert signal.connections[0].sender is Sender
    signal.disconnect(local, sender=Sender)
    del local, Sender
    gc.collect()
    assert [reference() for reference in references] == [None, None]


def test_a_receiver_on_commit_is_the_receiver_of_its_connection(signal: Any) -> None:
    receiver(signal, on_commit=True)(receive)
    receiver(signal, on_commit=True, weak=False, dispatch_uid="uid")(receive_too)
    weak, strong = signal.connections
    assert (weak.receiver, weak.weak, weak.dispatch_uid) == (receive, True, None)
    assert (strong.receiver, strong.weak, strong.dispatch_uid) == (receive_too, False, "uid")
    assert weak.is_deferred
    assert ", deferred, connected at " in repr(weak)


def test_what_was_connected_by_djangos_connect_has_no_place(on_django: Any) -> None:
    django.dispatch.Signal.connect(on_django, receive, sender=Store)
    [connection] = on_django.connections
    assert connection.receiver is receive
    assert connection.sender is Store
    assert connection.connected_at is None
    assert repr(connection) == f"<Connection {__name__}.receive, sender={Store!r}>"


def test_a_sender_that_has_only_an_id_is_shown_as_unknown(on_django: Any) -> None:
    on_django.connect(receive, sender=(Store, "by a name that no module has"))
    [connection] = on_django.connections
    assert repr(connection.sender) == "<unknown sender>"


def test_a_connection_to_a_model_that_comes_later_has_no_place() -> None:
    signal: Any = ModelSignal()
    signal.connect(receive, sender="tests_later.Model")
    assert signal.connections == []
    pending = apps._pending_operations
    [connect] = pending.pop(("tests_later", "model"))
    connect(Pizza)
    [connection] = signal.connections
    assert (connection.sender, connection.connected_at) == (Pizza, None)


def test_a_model_may_be_named(signal: Any) -> None:
    if isinstance(signal, ModelSignal):
        place = lines_below(1)
        signal.connect(receive, sender="shop.Pizza")
        [connection] = signal.connections
        assert (connection.sender, connection.connected_at) == (Pizza, place)


def test_to_connect_again_changes_no_place(signal: Any) -> None:
    signal.connect(receive)
    [before] = signal.connections
    signal.connect(receive)
    [after] = signal.connections
    assert before.connected_at == after.connected_at


def test_receivers_that_are_saved_and_put_back_keep_their_places(on_django: Any) -> None:
    on_django.connect(receive)
    place = on_django.connections[0].connected_at
    saved = copy.copy(on_django.receivers)
    on_django.receivers = []
    assert on_django.connections == []
    on_django.receivers = saved
    assert on_django.connections[0].connected_at == place


def test_the_cores_receivers_are_its_connections() -> None:
    signal = typed_signals.Signal()
    signal.connect(receive)
    signal.connect(receive_too, sender=Store)
    assert list(map(repr, signal.receivers)) == list(map(repr, signal.connections))


# Connected for a while


def test_a_receiver_is_connected_inside_the_block_only(signal: Any) -> None:
    sizes = []
    with signal.connected(lambda **kwargs: sizes.append(kwargs["size"])):
        signal.send(sender=Store, size=1)
        gc.collect()
        signal.send(sender=Store, size=2)
    signal.send(sender=Store, size=3)
    assert sizes == [1, 2]
    assert signal.connections == []


def test_it_is_connected_to_the_sender_only(signal: Any) -> None:
    sizes = []
    with signal.connected(lambda **kwargs: sizes.append(kwargs["size"]), sender=Store):
        signal.send(sender=Store, size=1)
        signal.send(sender=Pizza, size=2)
        assert [each.sender for each in signal.connections] == [Store]
    assert sizes == [1]


def test_it_is_disconnected_by_its_dispatch_uid(signal: Any) -> None:
    with signal.connected(receive, dispatch_uid="uid"):
        assert [each.dispatch_uid for each in signal.connections] == ["uid"]
    assert signal.connections == []


def test_it_is_disconnected_if_the_block_raises(signal: Any) -> None:
    with pytest.raises(RuntimeError, match="too hot"), signal.connected(receive):
        raise RuntimeError("too hot")
    assert signal.connections == []


def test_what_was_connected_before_stays_as_it_was(signal: Any) -> None:
    signal.connect(receive, sender=Store)
    before = repr(signal.connections)
    with signal.connected(receive, sender=Store):
        assert repr(signal.connections) == before
    assert repr(signal.connections) == before


def test_a_collected_receiver_does_not_count_as_connected(signal: Any) -> None:
    def local(**kwargs: object) -> None: ...

    signal.connect(local, dispatch_uid="uid")
    signal.send(sender=Store)
    del local
    gc.collect()
    with signal.connected(receive, dispatch_uid="uid"):
        assert [each.receiver for each in signal.connections] == [receive]
    assert signal.connections == []


def test_the_same_block_may_be_entered_again_and_inside_itself(signal: Any) -> None:
    connected = signal.connected(receive)
    for _ in range(2):
        with connected:
            with connected:
                assert len(signal.connections) == 1
            assert len(signal.connections) == 1
        assert signal.connections == []


def test_a_connection_for_a_while_says_where(signal: Any) -> None:
    place = lines_below(1)
    with signal.connected(receive):
        assert [each.connected_at for each in signal.connections] == [place]


def test_a_wrong_receiver_is_refused_on_entering(signal: Any) -> None:
    connected = signal.connected(lambda siez, **kwargs: None)
    with pytest.raises(ReceiverSignatureError, match="did you mean 'size'"), connected:
        pytest.fail("it is not entered")
    assert signal.connections == []


def test_a_refused_dispatch_uid_changes_nothing(signal: Any) -> None:
    class Odd:
        def __bool__(self) -> bool:
            raise RuntimeError

    with pytest.raises(TypeError, match="dispatch_uid"), signal.connected(receive, None, Odd()):
        pytest.fail("it is not entered")
    assert signal.connections == []


def test_a_model_may_be_named_for_a_while() -> None:
    signal: Any = ModelSignal()
    with signal.connected(receive, sender="shop.Topping"):
        assert [each.sender for each in signal.connections] == [Topping]
    assert signal.connections == []
    with pytest.raises(LookupError, match=r"'shop.nothing'"):
        signal.connected(receive, sender="shop.Nothing")
