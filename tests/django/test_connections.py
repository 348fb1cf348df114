"""
``BaseSignal``: ``connections`` and ``connected``, on both dispatchers.
"""

from __future__ import annotations

import asyncio
import copy
import enum
import gc
import inspect
import weakref
from typing import TYPE_CHECKING, Any, TypedDict
from unittest.mock import Mock

import django.db.models.signals
import django.dispatch
import pytest
from django.apps import apps
from django.core.checks.model_checks import _check_lazy_references  # type: ignore[attr-defined]

import typed_signals
from tests.django.shop.models import Pizza, Topping
from typed_signals import BaseSignal, Connection
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.django._live_connections import connections_of
from typed_signals.exceptions import ReceiverCollectedWarning, ReceiverSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable


class PizzaDone(TypedDict, total=False):
    size: int


class Store: ...


class WithoutEngine(BaseSignal[Any, PizzaDone]): ...


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
    Return the place *count* lines below the call of this function.
    """
    frame: Any = inspect.currentframe()
    return f"{__file__}:{frame.f_back.f_lineno + count}"


def test_every_signal_is_a_base_signal(signal: Any) -> None:
    assert isinstance(signal, BaseSignal)
    assert not issubclass(django.dispatch.Signal, BaseSignal)


@pytest.mark.parametrize("cls", [BaseSignal, BaseSignal[Any, PizzaDone], WithoutEngine])
def test_there_is_no_signal_without_an_engine(cls: Any) -> None:
    with pytest.raises(TypeError, match=r"cannot be instantiated: use typed_signals\.Signal or"):
        cls()


def test_a_base_signal_can_be_the_spec_of_a_mock(signal: Any) -> None:
    for method in dir(BaseSignal):
        if not method.startswith("_"):
            assert getattr(Mock(spec=BaseSignal), method)
            assert callable(getattr(signal, method)) == (method != "connections")


def test_the_signature_shows_what_users_may_pass(signal: Any) -> None:
    assert list(inspect.signature(type(signal)).parameters) == ["use_caching"]


def test_signals_on_django_are_not_signals_of_the_core() -> None:
    assert not issubclass(Signal, typed_signals.Signal)
    assert issubclass(Signal, django.dispatch.Signal)
    assert issubclass(ModelSignal, django.db.models.signals.ModelSignal)


# Attributes of a connection


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


def test_connection_has_the_arguments_of_connect(signal: Any) -> None:
    place = lines_below(1)
    signal.connect(receive)
    [connection] = signal.connections
    assert connection.dispatch_uid is None
    assert connection.weak
    assert not connection.is_async
    assert not connection.is_deferred
    assert connection.connected_at == place


def test_connection_repr_shows_non_default_attributes(signal: Any) -> None:
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


def test_decorated_receiver_is_connected_at_its_decorator(signal: Any) -> None:
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


def test_collected_receivers_are_not_connections(signal: Any) -> None:
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


def test_connection_on_commit_has_the_original_receiver(signal: Any) -> None:
    receiver(signal, on_commit=True)(receive)
    receiver(signal, on_commit=True, weak=False, dispatch_uid="uid")(receive_too)
    weak, strong = signal.connections
    assert (weak.receiver, weak.weak, weak.dispatch_uid) == (receive, True, None)
    assert (strong.receiver, strong.weak, strong.dispatch_uid) == (receive_too, False, "uid")
    assert weak.is_deferred
    assert ", on commit, connected at " in repr(weak)


def test_connection_by_djangos_connect_has_no_place(on_django: Any) -> None:
    django.dispatch.Signal.connect(on_django, receive, sender=Store)
    [connection] = on_django.connections
    assert connection.receiver is receive
    assert connection.sender is Store
    assert connection.connected_at is None
    assert repr(connection) == f"<Connection {__name__}.receive, sender={Store!r}>"


def test_sender_with_only_an_id_is_shown_as_unknown(on_django: Any) -> None:
    on_django.connect(receive, sender=(Store, "by a name that no module has"))
    [connection] = on_django.connections
    assert repr(connection.sender) == "<unknown sender>"


class Uid(enum.StrEnum):
    PIZZA = "pizza"


UIDS: tuple[Any, ...] = (
    True,
    1.5,
    b"uid",
    frozenset("uid"),
    (1, 2),
    ("uid", 1),
    Uid.PIZZA,
    (),  # falsy, so that it is not used
)


@pytest.mark.parametrize("uid", UIDS)
def test_any_dispatch_uid_has_a_place(signal: Any, uid: Any) -> None:
    place = lines_below(1)
    signal.connect(receive, dispatch_uid=uid)
    signal.connect(receive, dispatch_uid=uid)
    [connection] = signal.connections
    assert connection.dispatch_uid is (uid or None)
    assert connection.connected_at == place
    assert signal.disconnect(dispatch_uid=uid) if uid else signal.disconnect(receive)
    assert signal.connections == []


@pytest.mark.parametrize("uid", [*UIDS, "uid", 3, ["unhashable"]])
def test_stored_key_is_equal_to_djangos(on_django: Any, uid: Any) -> None:
    djangos = django.dispatch.Signal()
    for signal in (djangos, on_django):
        signal.connect(receive, dispatch_uid=uid)
    assert on_django.receivers == djangos.receivers
    assert djangos.receivers == on_django.receivers
    [(key, *_)], [(djangos_key, *_)] = on_django.receivers, djangos.receivers
    assert repr(key) == repr(djangos_key)
    if uid != ["unhashable"]:
        assert hash(key) == hash(djangos_key)


def test_reading_a_connection_compares_nothing_of_the_user(signal: Any) -> None:
    class Odd:
        __hash__ = object.__hash__

        def __eq__(self, other: object) -> bool:
            raise RuntimeError

    class Oven:
        def on_done(self, **kwargs: object) -> None: ...

    oven, uid = Oven(), (Odd(), 1)
    signal.connect(oven.on_done, dispatch_uid=uid)
    assert [each.dispatch_uid for each in signal.connections] == [uid]


def test_finalizer_may_connect_while_the_lock_is_held(on_django: Any) -> None:
    with on_django.lock:
        # As a finalizer does, in the same thread.
        on_django.connect(receive, sender=Store)
        assert on_django.connections
        assert on_django.send(sender=Store) == [(receive, None)]
    assert on_django.disconnect(receive, sender=Store)


def test_connection_to_a_later_model_has_a_place() -> None:
    signal: Any = ModelSignal()
    place = lines_below(1)
    signal.connect(receive, sender="tests_later.Model")
    assert signal.connections == []
    pending = apps._pending_operations
    [connect] = pending.pop(("tests_later", "model"))
    connect(Pizza)
    [connection] = signal.connections
    assert (connection.sender, connection.connected_at) == (Pizza, place)


def test_check_of_django_finds_connections_to_unknown_models() -> None:
    signal: Any = ModelSignal()
    signal.connect(receive, sender="tests_later.Model")
    [error] = _check_lazy_references(apps)
    assert error.id == "signals.E001"
    assert "The function 'receive' was connected" in error.msg


def test_model_may_be_passed_by_name(signal: Any) -> None:
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


def test_receivers_of_the_core_are_its_connections() -> None:
    signal = typed_signals.Signal()
    signal.connect(receive)
    signal.connect(receive_too, sender=Store)
    assert list(map(repr, signal.receivers)) == list(map(repr, signal.connections))


# Temporary connections


def test_receiver_is_only_connected_inside_the_block(signal: Any) -> None:
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


def test_earlier_connections_are_unchanged(signal: Any) -> None:
    signal.connect(receive, sender=Store)
    before = repr(signal.connections)
    with signal.connected(receive, sender=Store):
        assert repr(signal.connections) == before
    assert repr(signal.connections) == before


def test_collected_receiver_does_not_count_as_connected(signal: Any) -> None:
    def local(**kwargs: object) -> None: ...

    signal.connect(local, dispatch_uid="uid")
    signal.send(sender=Store)
    del local
    gc.collect()
    with signal.connected(receive, dispatch_uid="uid"):
        assert [each.receiver for each in signal.connections] == [receive]
    assert signal.connections == []


def connect_to_dead_stores(signal: Any) -> Store:
    """
    Connect ``receive`` to objects, delete them, and return a new one with the id of one of them.
    """
    old = [Store() for _ in range(100)]
    identities = set(map(id, old))
    for store in old:
        signal.connect(receive, sender=store)
    del old, store
    others = []
    while id(new := Store()) not in identities:
        others.append(new)
        assert len(others) < 10_000
    return new


def test_a_receiver_of_a_dead_sender_does_not_count_as_connected(signal: Any) -> None:
    store = connect_to_dead_stores(signal)
    with signal.connected(receive, sender=store):
        assert [each.sender for each in signal.connections] == [store]
        assert not signal.connections[0].weak
    assert signal.connections == []
    assert not signal.has_listeners(store)


def test_a_receiver_of_a_dead_sender_can_be_connected_to_one_with_its_id(signal: Any) -> None:
    store = connect_to_dead_stores(signal)
    place = lines_below(1)
    signal.connect(receive, sender=store)
    [connection] = signal.connections
    assert (connection.sender, connection.connected_at) == (store, place)
    assert signal.send(sender=store) == [(receive, None)]


def test_a_receiver_of_a_dead_sender_is_not_called_by_one_with_its_id(signal: Any) -> None:
    store = connect_to_dead_stores(signal)
    assert signal.send(sender=store) == []


def test_same_block_may_be_entered_again_and_nested(signal: Any) -> None:
    connected = signal.connected(receive)
    for _ in range(2):
        with connected:
            with connected:
                assert len(signal.connections) == 1
            assert len(signal.connections) == 1
        assert signal.connections == []


def test_overlapping_blocks_count(signal: Any) -> None:
    first, second = signal.connected(receive), signal.connected(receive)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert [each.receiver for each in signal.connections] == [receive]
    second.__exit__(None, None, None)
    assert signal.connections == []


def test_tasks_that_connect_the_same_receiver_do_not_disconnect_each_other(signal: Any) -> None:
    counts = []

    async def work(turns: int) -> None:
        with signal.connected(receive):
            for _ in range(turns):
                await asyncio.sleep(0)
            counts.append(len(signal.connections))

    async def work_at_once() -> None:
        async with asyncio.TaskGroup() as group:
            for turns in range(3):
                group.create_task(work(turns))

    asyncio.run(work_at_once())
    assert counts == [1, 1, 1]
    assert signal.connections == []


def test_a_block_is_shown_with_its_receiver_and_signal(signal: Any) -> None:
    shown = repr(signal.connected(receive))
    assert shown == f"<{__name__}.receive connected to {signal!r}>"


def test_temporary_connection_has_its_place(signal: Any) -> None:
    place = lines_below(1)
    with signal.connected(receive):
        assert [each.connected_at for each in signal.connections] == [place]


def test_wrong_receiver_is_refused_when_the_block_is_entered(signal: Any) -> None:
    connected = signal.connected(lambda siez, **kwargs: None)
    with pytest.raises(ReceiverSignatureError, match="did you mean 'size'"), connected:
        pytest.fail("it is not entered")
    assert signal.connections == []


def test_refused_dispatch_uid_changes_nothing(signal: Any) -> None:
    class Odd:
        def __bool__(self) -> bool:
            raise RuntimeError

    with pytest.raises(TypeError, match="dispatch_uid"), signal.connected(receive, None, Odd()):
        pytest.fail("it is not entered")
    assert signal.connections == []


def test_model_may_be_passed_by_name_to_connected() -> None:
    signal: Any = ModelSignal()
    with signal.connected(receive, sender="shop.Topping"):
        assert [each.sender for each in signal.connections] == [Topping]
    assert signal.connections == []
    unknown = signal.connected(receive, sender="shop.Nothing")
    with pytest.raises(LookupError, match=r"'shop.nothing'"), unknown:
        pytest.fail("it is not entered")


def test_djangos_decorator_is_connected_at_its_line(signal: Any) -> None:
    place = lines_below(2)

    @django.dispatch.receiver(signal)
    def local(**kwargs: object) -> None: ...

    assert [each.connected_at for each in signal.connections] == [place]


def test_receiver_that_djangos_decorator_connects_in_vain_is_reported() -> None:
    in_vain: Any = typed_signals.Signal()

    def connect() -> None:
        @django.dispatch.receiver(in_vain)
        def local(**kwargs: object) -> None: ...

    connect()
    gc.collect()
    with pytest.warns(ReceiverCollectedWarning, match="connect.<locals>.local"):
        in_vain.send(sender=None)


@pytest.mark.parametrize("wrong", [PizzaDone, list[int], Any])
@pytest.mark.parametrize("engine", ENGINES)
def test_types_in_parentheses_are_refused(engine: str, wrong: Any) -> None:
    cls: Any = type(ENGINES[engine]())
    with pytest.raises(
        TypeError, match=r"Signal\(\) does not accept types, such as .*: write them"
    ):
        cls(wrong)
    for value in (True, 1, 0, None):
        cls(value)
        cls(use_caching=value)


def test_collected_sender_is_shown(on_django: Any) -> None:
    class Sender: ...

    on_django.connect(receive, sender=Sender)
    [connection] = on_django.connections
    del Sender
    gc.collect()
    assert connection.sender is None
    assert ", sender=collected, " in repr(connection)


def test_connections_are_listed_before_models_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    signal = django.dispatch.Signal()
    signal.connect(receive, sender=Store)
    monkeypatch.setattr(apps, "models_ready", False)  # as while documentation is built
    [(_, _, [listed])] = connections_of([("signal", signal)])
    assert listed.connection.sender is Store
