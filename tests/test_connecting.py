"""
Connections: receivers and senders by identity, weakly referenced, in order.
"""

from __future__ import annotations

import copy
import functools
import gc
import itertools
import pickle
import sys
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import CompiledMethod, PizzaDone
from typed_signals import Signal, receiver
from typed_signals._connect.identity import ANY_SENDER
from typed_signals._connect.references import make_link

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("each_way_of_sending")


@pytest.fixture(params=[Signal, Signal[object, PizzaDone]], ids=["untyped", "typed"])
def signal(request: pytest.FixtureRequest) -> Any:
    return request.param()


def send(signal: Any, sender: object = None) -> list[Any]:
    """
    Send from *sender* and return only the responses.
    """
    return [response for _, response in signal.send(sender, toppings=[], size=30)]


def receive(sender: object, **kwargs: object) -> str:
    return "received"


def receive_too(sender: object, **kwargs: object) -> str:
    return "received too"


async def receive_async(sender: object, **kwargs: object) -> str:
    return "received async"


class Oven:
    def __init__(self, name: str = "oven") -> None:
        self.name = name

    def on_done(self, **kwargs: object) -> str:
        return self.name

    def on_burnt(self, **kwargs: object) -> str:
        return f"{self.name} burnt"

    @classmethod
    def on_class(cls, **kwargs: object) -> str:
        return cls.__name__

    @staticmethod
    def on_static(**kwargs: object) -> str:
        return "static"


class GasOven(Oven):
    pass


class AllEqual:
    """
    Equal to everything, so it cannot be a key.
    """

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    def __call__(self, **kwargs: object) -> str:
        return "called"


class Slotted:
    __slots__ = ()


# Connecting and disconnecting


def test_connected_receiver_is_called_until_it_is_disconnected(signal: Any) -> None:
    assert signal.connect(receive) is None
    assert send(signal) == ["received"]
    assert signal.disconnect(receive) is True
    assert send(signal) == []


def test_disconnect_returns_whether_there_was_a_connection(signal: Any) -> None:
    assert signal.disconnect(receive) is False
    signal.connect(receive)
    assert signal.disconnect(receive_too) is False
    assert signal.disconnect(receive, sender=Oven) is False
    assert signal.disconnect(receive) is True
    assert signal.disconnect(receive) is False


def test_disconnecting_needs_the_sender_of_the_connection(signal: Any) -> None:
    signal.connect(receive, sender=Oven)
    assert signal.disconnect(receive) is False
    assert signal.disconnect(receive, sender=GasOven) is False
    assert signal.disconnect(receive, sender=Oven) is True


def test_connecting_twice_connects_once(signal: Any) -> None:
    signal.connect(receive)
    signal.connect(receive)
    assert send(signal) == ["received"]
    assert signal.disconnect(receive)
    assert send(signal) == []


def test_reconnected_receiver_is_called_last(signal: Any) -> None:
    signal.connect(receive)
    signal.connect(receive_too)
    signal.disconnect(receive)
    signal.connect(receive)
    assert send(signal) == ["received too", "received"]


def test_first_registration_wins(signal: Any) -> None:
    def local(**kwargs: object) -> None: ...

    signal.connect(local)
    signal.connect(local, weak=False)
    assert [connection.weak for connection in signal.receivers] == [True]
    send(signal)
    del local
    gc.collect()
    assert signal.receivers == []


def test_strong_registration_stays_strong(signal: Any) -> None:
    def local(**kwargs: object) -> str:
        return "strong"

    signal.connect(local, weak=False)
    signal.connect(local)
    assert [connection.weak for connection in signal.receivers] == [False]
    del local
    gc.collect()
    assert send(signal) == ["strong"]


def test_receiver_of_all_senders_and_of_one_is_called_twice_for_that_one(signal: Any) -> None:
    signal.connect(receive)
    signal.connect(receive, sender=Oven)
    assert send(signal, Oven) == ["received", "received"]
    assert send(signal, GasOven) == ["received"]
    assert signal.disconnect(receive)
    assert send(signal, Oven) == ["received"]
    assert send(signal, GasOven) == []


def test_one_receiver_may_be_connected_to_several_senders(signal: Any) -> None:
    signal.connect(receive, sender=Oven)
    signal.connect(receive, sender=GasOven)
    assert send(signal, Oven) == send(signal, GasOven) == ["received"]
    assert signal.disconnect(receive, sender=Oven)
    assert send(signal, Oven) == []
    assert send(signal, GasOven) == ["received"]


def test_one_receiver_may_be_connected_to_several_signals(signal: Any) -> None:
    other: Any = Signal()
    signal.connect(receive)
    other.connect(receive)
    assert signal.disconnect(receive)
    assert send(signal) == []
    assert send(other) == ["received"]


def test_arguments_of_connect_can_be_passed_by_position(signal: Any) -> None:
    signal.connect(receive, Oven, False, "uid")  # noqa: FBT003 - that is the point
    [connection] = signal.receivers
    assert (connection.sender, connection.weak, connection.dispatch_uid) == (Oven, False, "uid")
    assert signal.disconnect(None, Oven, "uid")


def test_use_caching_has_no_effect() -> None:
    signal: Any = Signal(use_caching=True)
    signal.connect(receive, sender=Oven)
    assert send(signal, Oven) == ["received"]
    assert send(signal, "unhashable is accepted") == send(signal, []) == []


# The identity of receivers


def test_bound_methods_are_identified_by_instance_and_function(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done)
    signal.connect(oven.on_done)
    assert send(signal) == ["oven"]
    assert signal.disconnect(oven.on_done)
    assert send(signal) == []


def test_methods_differ_by_instance_and_by_function(signal: Any) -> None:
    first, second = Oven("first"), Oven("second")
    for method in (first.on_done, second.on_done, first.on_burnt):
        signal.connect(method)
    assert send(signal) == ["first", "second", "first burnt"]
    assert signal.disconnect(first.on_done)
    assert send(signal) == ["second", "first burnt"]


@pytest.mark.parametrize("sender", [None, Oven])
@pytest.mark.parametrize("kinds", ["f", "m", "fm", "mf", "mm", "ff"])
def test_functions_and_methods_are_called_for_their_sender(
    signal: Any, kinds: str, sender: object
) -> None:
    receivers: list[Any] = [
        Oven(str(number)).on_done if kind == "m" else functools.partial(receive)
        for number, kind in enumerate(kinds)
    ]
    for each in receivers:
        signal.connect(each, sender)
    expected = ["received" if kind == "f" else str(number) for number, kind in enumerate(kinds)]
    for _ in range(2):
        assert send(signal, Oven) == expected
        assert send(signal, GasOven) == ([] if sender else expected)


def test_class_methods_differ_by_class_and_static_methods_do_not(signal: Any) -> None:
    for method in (Oven.on_class, GasOven.on_class, Oven().on_class):
        signal.connect(method)
    assert send(signal) == ["Oven", "GasOven"]
    for method in (Oven.on_static, GasOven.on_static, Oven().on_static):
        signal.connect(method)
    assert send(signal) == ["Oven", "GasOven", "static"]


def test_receivers_are_compared_by_identity_not_equality(signal: Any) -> None:
    first, second = AllEqual(), AllEqual()
    signal.connect(first)
    signal.connect(second)
    assert send(signal) == ["called", "called"]
    assert signal.disconnect(second)
    [connection] = signal.receivers
    assert connection.receiver is first


def test_equal_partials_are_different_receivers(signal: Any) -> None:
    first, second = functools.partial(receive), functools.partial(receive)
    signal.connect(first)
    signal.connect(second)
    assert len(send(signal)) == 2


# dispatch_uid


def test_dispatch_uid_identifies_receivers_with_another_identity(signal: Any) -> None:
    first, second = functools.partial(receive), functools.partial(receive)
    signal.connect(first, dispatch_uid="uid")
    signal.connect(second, dispatch_uid="uid")
    [connection] = signal.receivers
    assert connection.receiver is first
    assert signal.disconnect(dispatch_uid="uid")
    assert signal.receivers == []


def test_after_connecting_by_uid_the_receiver_alone_disconnects_nothing(signal: Any) -> None:
    signal.connect(receive, dispatch_uid="uid")
    assert signal.disconnect(receive) is False
    assert signal.disconnect(receive, dispatch_uid="other") is False
    assert signal.disconnect(receive_too, dispatch_uid="uid") is True


def test_after_connecting_by_receiver_a_uid_disconnects_nothing(signal: Any) -> None:
    signal.connect(receive)
    assert signal.disconnect(receive, dispatch_uid="uid") is False
    assert signal.disconnect(receive) is True


def test_same_receiver_connects_once_per_uid(signal: Any) -> None:
    signal.connect(receive)
    signal.connect(receive, dispatch_uid="one")
    signal.connect(receive, dispatch_uid="two")
    assert len(send(signal)) == 3


def test_same_uid_with_two_senders_makes_two_connections(signal: Any) -> None:
    signal.connect(receive, sender=Oven, dispatch_uid="uid")
    signal.connect(receive, sender=GasOven, dispatch_uid="uid")
    assert len(signal.receivers) == 2
    assert signal.disconnect(dispatch_uid="uid") is False
    assert signal.disconnect(sender=Oven, dispatch_uid="uid") is True
    assert send(signal, GasOven) == ["received"]


@pytest.mark.parametrize("falsy", [None, "", 0, (), False])
def test_falsy_uid_is_ignored(signal: Any, falsy: Any) -> None:
    signal.connect(receive, dispatch_uid=falsy)
    signal.connect(receive_too, dispatch_uid=falsy)
    assert send(signal) == ["received", "received too"]
    assert [connection.dispatch_uid for connection in signal.receivers] == [None, None]
    assert signal.disconnect(receive)


@pytest.mark.parametrize("uid", ["uid", 42, ("shop", 1), Oven, frozenset({1})])
def test_anything_hashable_can_be_a_uid(signal: Any, uid: Any) -> None:
    signal.connect(receive, dispatch_uid=uid)
    [connection] = signal.receivers
    assert connection.dispatch_uid == uid
    assert signal.disconnect(dispatch_uid=uid)


def test_unhashable_uid_is_refused(signal: Any) -> None:
    for use in (signal.connect, signal.disconnect):
        with pytest.raises(
            TypeError, match=r"dispatch_uid must be hashable, but \['a'\] is not: use a string"
        ):
            use(receive, dispatch_uid=["a"])
    assert signal.receivers == []


def test_uid_is_free_again_when_its_receiver_died(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done, dispatch_uid="uid")
    del oven
    gc.collect()
    signal.connect(receive, dispatch_uid="uid")
    assert send(signal) == ["received"]


# Senders


def test_sender_matches_by_identity(signal: Any) -> None:
    sender = AllEqual()
    signal.connect(receive, sender=sender)
    assert send(signal, sender) == ["received"]
    assert send(signal, AllEqual()) == []
    assert send(signal, None) == []


def test_subclass_is_another_sender(signal: Any) -> None:
    signal.connect(receive, sender=Oven)
    assert send(signal, Oven) == ["received"]
    assert send(signal, GasOven) == []
    assert send(signal, Oven()) == []


def test_sending_from_none_calls_only_receivers_of_all_senders(signal: Any) -> None:
    signal.connect(receive, sender=Oven)
    signal.connect(receive_too)
    assert send(signal, None) == ["received too"]


def test_receiver_of_all_senders_is_called_for_each_sender(signal: Any) -> None:
    signal.connect(receive)
    senders: list[Any] = [None, Oven, Oven(), [], "me", 1, AllEqual()]
    for sender in senders:
        assert send(signal, sender) == ["received"]


@pytest.mark.parametrize("order", list(itertools.permutations(["nobody", "oven", "another"])))
@pytest.mark.parametrize("is_async", [False, True])
def test_receivers_of_a_sender_do_not_depend_on_earlier_senders(
    signal: Any, order: tuple[str, ...], is_async: bool
) -> None:
    receivers = {"all": functools.partial(receive), "oven": functools.partial(receive_too)}
    signal.connect(receivers["all"])
    signal.connect(receivers["oven"], sender=Oven)
    if is_async:  # such signals use another path
        signal.connect(receive_async, sender=GasOven)
    senders = {"nobody": None, "oven": Oven, "another": Oven()}
    for who in order * 2:
        expected = ["received", "received too"] if who == "oven" else ["received"]
        assert send(signal, senders[who]) == expected


def test_senders_without_receivers_are_not_stored(signal: Any) -> None:
    signal.connect(receive)
    signal.connect(receive_async, sender=GasOven)
    senders = [Oven() for _ in range(200)]
    for sender in senders[:100]:  # for caches of Python for executed code
        send(signal, sender)
    before = sys.getallocatedblocks()
    for sender in senders[100:]:
        send(signal, sender)
    assert sys.getallocatedblocks() - before < 50


@pytest.mark.parametrize("sender", [Slotted(), "a string", 12345, ("a", "b"), 1.5])
def test_sender_may_not_support_weak_references(signal: Any, sender: object) -> None:
    signal.connect(receive, sender=sender)
    [connection] = signal.receivers
    assert connection.sender is sender
    assert send(signal, sender) == ["received"]
    assert send(signal, Slotted()) == []
    assert signal.disconnect(receive, sender=sender)


@pytest.mark.parametrize("sender", [[], {}, set(), AllEqual()])
def test_sender_may_be_unhashable(signal: Any, sender: object) -> None:
    signal.connect(receive, sender=sender)
    assert send(signal, sender) == ["received"]
    assert send(signal, type(sender)()) == []
    assert signal.has_listeners(sender)
    assert signal.disconnect(receive, sender=sender)


def test_sender_without_weak_references_keeps_its_id(signal: Any) -> None:
    signal.connect(receive, sender=Slotted())
    others = [Slotted() for _ in range(1000)]
    assert [send(signal, other) for other in others] == [[]] * 1000


def test_connections_of_a_dead_sender_are_removed(signal: Any) -> None:
    sender = Oven()
    signal.connect(receive, sender=sender)
    signal.connect(receive_too, sender=sender, weak=False)
    del sender
    gc.collect()
    assert signal.receivers == []


def test_object_with_the_id_of_a_dead_sender_is_another_sender(signal: Any) -> None:
    reused = 0
    for _ in range(100):
        sender = Oven()
        signal.connect(receive, sender=sender)
        dead = id(sender)
        del sender
        successor = Oven()
        reused += id(successor) == dead
        assert send(signal, successor) == []
        assert not signal.has_listeners(successor)
        signal.connect(receive_too, sender=successor)
        assert send(signal, successor) == ["received too"]
    assert reused > 50


# Dead receivers


def test_collected_receiver_is_no_longer_called(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done)
    assert send(signal) == ["oven"]
    del oven
    gc.collect()
    assert send(signal) == []
    assert signal.receivers == []


def test_method_lives_as_long_as_its_instance(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done)
    gc.collect()
    assert send(signal) == ["oven"]


def test_strong_receiver_is_kept(signal: Any) -> None:
    signal.connect(Oven("kept").on_done, weak=False)
    signal.connect(lambda **kwargs: "lambda", weak=False)
    gc.collect()
    assert send(signal) == ["kept", "lambda"]


def test_object_with_the_id_of_a_dead_receiver_can_be_connected(signal: Any) -> None:
    for i in range(100):
        oven = Oven(str(i))
        signal.connect(oven.on_done)
        assert send(signal) == [str(i)]


def test_method_whose_function_has_the_id_of_a_dead_one_can_be_connected(signal: Any) -> None:
    def on_done(self: Oven, response: str = "", **kwargs: object) -> str:
        return response

    def make(response: str) -> FunctionType:
        # With annotations, a ``def`` creates another function, which may get the id.
        return FunctionType(on_done.__code__, {}, argdefs=(response,))

    oven = Oven()
    function = make("old")
    signal.connect(MethodType(function, oven))
    dead = id(function)
    del function
    successors = [make("new")]
    while id(successors[-1]) != dead:
        assert len(successors) < 1000
        successors.append(make("new"))
    signal.connect(MethodType(successors[-1], oven))
    signal.connect(receive)
    assert send(signal) == ["new", "received"]
    signal.disconnect(receive)
    assert len(signal.receivers) == 1


def test_object_like_a_method_lives_as_long_as_its_instance(signal: Any) -> None:
    oven = Oven()
    signal.connect(CompiledMethod(Oven.on_done, oven))
    signal.connect(CompiledMethod(Oven.on_done, oven))
    gc.collect()
    assert send(signal) == ["oven"]
    assert signal.disconnect(CompiledMethod(Oven.on_done, oven))
    signal.connect(CompiledMethod(Oven.on_done, oven))
    del oven
    gc.collect()
    assert send(signal) == []
    assert signal.receivers == []


def test_late_callbacks_of_the_collector_remove_no_other_receiver(signal: Any) -> None:
    """
    A receiver may die just after ``connect`` removed dead ones, and the next one may get its id.
    """
    signal.connect(receive)
    connections = signal._connections
    [link] = connections._groups[ANY_SENDER].links.values()
    identity = (link.key, link.sender_key, None)
    dead = make_link(receive_too, identity, sys._getframe(), connections.on_death, weak=True)
    connections.on_death(dead)
    assert send(signal) == ["received"]
    assert signal.disconnect(receive)


@pytest.mark.parametrize("sender_dies", [True, False])
def test_entries_left_by_a_signal_handler_are_removed(signal: Any, *, sender_dies: bool) -> None:
    """
    It raised just after the last receiver of a sender was disconnected.
    """
    sender = Oven()
    signal.connect(receive, sender=sender)
    groups = signal._connections._groups
    groups[id(sender)].links.clear()
    assert signal.receivers == []
    if sender_dies:
        del sender
        gc.collect()
    assert signal.disconnect(receive, sender=None if sender_dies else sender) is False
    assert not groups


def test_method_without_a_function_is_removed(signal: Any) -> None:
    class Short:
        def method(self, **kwargs: object) -> None: ...

    short = Short()
    signal.connect(short.method)
    signal.connect(receive)
    del Short.method
    gc.collect()
    for _ in range(2):
        assert send(signal) == ["received"]
    assert len(signal._connections._groups[ANY_SENDER].links) == 1


def test_disconnecting_a_dead_receiver_finds_nothing(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done, dispatch_uid="uid")
    del oven
    gc.collect()
    assert signal.disconnect(dispatch_uid="uid") is False


# During a send


def test_receiver_connected_during_a_send_waits_for_the_next(signal: Any) -> None:
    def connect_another(**kwargs: object) -> None:
        signal.connect(receive)

    signal.connect(connect_another)
    assert send(signal) == [None]
    assert send(signal) == [None, "received"]


def test_receiver_disconnected_during_a_send_still_runs(signal: Any) -> None:
    def disconnect_another(**kwargs: object) -> None:
        signal.disconnect(receive)

    signal.connect(disconnect_another)
    signal.connect(receive)
    assert send(signal) == [None, "received"]
    assert send(signal) == [None]


def test_receiver_may_disconnect_itself(signal: Any) -> None:
    def once(**kwargs: object) -> bool:
        return bool(signal.disconnect(once))

    signal.connect(once)
    assert send(signal) == [True]
    assert send(signal) == []


def test_receiver_deleted_during_a_send_still_runs(signal: Any) -> None:
    ovens = [Oven()]

    def drop(**kwargs: object) -> None:
        ovens.clear()
        gc.collect()

    signal.connect(drop)
    signal.connect(ovens[0].on_done)
    assert send(signal) == [None, "oven"]
    assert send(signal) == [None]


# Who listens


def test_has_listeners_is_true_for_senders_with_receivers(signal: Any) -> None:
    assert not signal.has_listeners()
    signal.connect(receive, sender=Oven)
    assert signal.has_listeners(Oven)
    assert not signal.has_listeners(GasOven)
    assert not signal.has_listeners()
    signal.connect(receive_too)
    assert signal.has_listeners(GasOven)
    assert signal.has_listeners()


def test_has_listeners_ignores_dead_receivers(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done)
    assert signal.has_listeners() is True
    del oven
    gc.collect()
    assert signal.has_listeners() is False


def test_async_receivers_are_listeners(signal: Any) -> None:
    signal.connect(receive_async)
    assert signal.has_listeners()


def test_receivers_are_the_live_connections_in_order(signal: Any) -> None:
    assert not signal.receivers
    oven = Oven()
    signal.connect(receive, sender=Oven)
    signal.connect(oven.on_done)
    signal.connect(receive_async)
    assert signal.receivers
    assert len(signal.receivers) == 3
    assert [connection.receiver for connection in signal.receivers] == [
        receive,
        oven.on_done,
        receive_async,
    ]
    signal.disconnect(receive, sender=Oven)
    del oven
    gc.collect()
    assert [connection.receiver for connection in signal.receivers] == [receive_async]
    signal.connect(receive, sender=Oven)
    signal.connect(receive)
    signal.connect(receive_too, sender=Oven)
    connections = [(connection.receiver, connection.sender) for connection in signal.receivers]
    assert connections == [
        (receive_async, None),
        (receive, Oven),
        (receive, None),
        (receive_too, Oven),
    ]


def test_connection_has_the_arguments_of_connect(signal: Any) -> None:
    signal.connect(receive)
    line = test_connection_has_the_arguments_of_connect.__code__.co_firstlineno + 1
    [connection] = signal.receivers
    assert connection.receiver is receive
    assert connection.sender is None
    assert connection.dispatch_uid is None
    assert connection.weak is True
    assert connection.is_async is False
    assert connection.connected_at == f"{__file__}:{line}"


def test_connection_repr_shows_non_default_attributes(signal: Any) -> None:
    signal.connect(receive_async, sender=Oven, weak=False, dispatch_uid=("shop", 1))
    [connection] = signal.receivers
    assert connection.receiver is receive_async
    assert connection.sender is Oven
    assert connection.dispatch_uid == ("shop", 1)
    assert connection.weak is False
    assert connection.is_async is True


def test_decorated_receiver_is_connected_at_its_decorator(signal: Any) -> None:
    @receiver(signal)
    def local(**kwargs: object) -> None: ...

    line = test_decorated_receiver_is_connected_at_its_decorator.__code__.co_firstlineno + 1
    [connection] = signal.receivers
    assert connection.connected_at == f"{__file__}:{line}"


def test_connection_has_a_short_repr(signal: Any) -> None:
    signal.connect(receive)
    signal.connect(receive_async, sender="oven", weak=False, dispatch_uid="uid")
    plain, special = signal.receivers
    assert repr(plain) == (
        f"<Connection tests.test_connecting.receive, connected at {plain.connected_at}>"
    )
    assert repr(special) == (
        "<Connection tests.test_connecting.receive_async, sender='oven', dispatch_uid='uid', "
        f"strong, async, connected at {special.connected_at}>"
    )


def test_connection_outlives_its_receiver(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done)
    [connection] = signal.receivers
    del oven
    gc.collect()
    assert connection.receiver is None
    assert repr(connection).startswith("<Connection collected, connected at ")


def test_connections_do_not_keep_receivers_alive(signal: Any) -> None:
    oven = Oven()
    signal.connect(oven.on_done)
    connections = signal.receivers
    del oven
    gc.collect()
    assert signal.receivers == []
    assert len(connections) == 1


def test_receivers_is_a_copy(signal: Any) -> None:
    signal.connect(receive)
    signal.receivers.clear()
    assert send(signal) == ["received"]


# The decorator


def test_receiver_connects_and_returns_the_function(signal: Any) -> None:
    assert receiver(signal)(receive) is receive
    assert receiver(signal=signal)(receive_too) is receive_too
    assert send(signal) == ["received", "received too"]


@pytest.mark.parametrize("sequence", [list, tuple])
def test_receiver_connects_to_each_of_several_signals(
    signal: Any, sequence: type[list[Any]]
) -> None:
    other: Any = Signal()
    assert receiver(sequence((signal, other)))(receive) is receive
    assert send(signal) == send(other) == ["received"]


def test_receiver_passes_its_keywords_to_connect(signal: Any) -> None:
    receiver(signal, sender=Oven, weak=False, dispatch_uid="uid")(receive)
    [connection] = signal.receivers
    assert connection.sender is Oven
    assert connection.weak is False
    assert connection.dispatch_uid == "uid"


def test_receiver_accepts_any_signal_with_a_similar_connect() -> None:
    class OtherSignal:
        def __init__(self) -> None:
            self.connected: list[tuple[object, dict[str, object]]] = []

        def connect(self, receiver: Callable[..., Any], **kwargs: object) -> None:
            self.connected.append((receiver, kwargs))

    other = OtherSignal()
    assert receiver(other, sender=Oven, apps=None)(receive) is receive
    assert other.connected == [(receive, {"sender": Oven, "apps": None})]


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        (receive, "tests.test_connecting.receive"),
        (None, "None"),
        ("shop.pizza_done", "'shop.pizza_done'"),
        ([Signal(), receive], "tests.test_connecting.receive"),
        ({"signal": Signal()}, r"\{'signal': "),
    ],
)
def test_receiver_accepts_only_signals(wrong: Any, shown: str) -> None:
    with pytest.raises(
        TypeError,
        match=rf"^receiver\(\) takes a signal or a list of signals, not {shown}.*"
        r"(pass the signal itself|call it with your signal), as in @receiver\(\w+\)$",
    ):
        receiver(wrong)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_signal_cannot_be_copied_or_pickled(
    signal: Any, duplicate: Callable[[object], object]
) -> None:
    for _ in range(2):
        with pytest.raises(TypeError, match="cannot be copied or pickled, because its receivers"):
            duplicate(signal)
        signal.send(None, toppings=[], size=30)
