"""
What is remembered of ``receivers`` is true for every kind of entry, key and sender.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

from typed_signals.django import Signal
from typed_signals.django._gather import gather
from typed_signals.django._routes import Receivers

if TYPE_CHECKING:
    from collections.abc import Callable

WAS_SENT_BEFORE = [0, 15]


class Baked(TypedDict):
    size: int


class Store: ...


class Other: ...


class Slotted:
    """
    A receiver that cannot be weakly referenced.
    """

    __slots__ = ()

    def __call__(self, **kwargs: Any) -> str:
        return "slotted"


def receive(**kwargs: Any) -> str:
    return "received"


@pytest.fixture(params=WAS_SENT_BEFORE, ids=["first sends", "generated sends"])
def signal(request: pytest.FixtureRequest) -> Any:
    baked = Signal[Any, Baked]()
    for _ in range(request.param):
        baked.send(None, size=1)
    return baked


def called(signal: Any, sender: object = None) -> list[Any]:
    twice = [[each for each, _ in signal.send(sender, size=1)] for _ in range(2)]
    assert twice[0] == twice[1]
    return twice[0]


def functions(number: int) -> list[Callable[..., None]]:
    def make() -> Callable[..., None]:
        def each(**kwargs: Any) -> None: ...

        return each

    return [make() for _ in range(number)]


def test_receiver_without_weak_references_is_called(signal: Any) -> None:
    slotted = Slotted()
    signal.connect(slotted, weak=False)
    assert called(signal) == [slotted]
    signal.connect(receive)
    assert called(signal) == [slotted, receive]
    signal.disconnect(slotted)
    assert called(signal) == [receive]


def test_unhashable_uid_is_found_among_many(signal: Any) -> None:
    many = functions(12)
    for number, each in enumerate(many):
        signal.connect(each, dispatch_uid=[number])
        signal.connect(each, dispatch_uid=[number])
    assert called(signal) == many
    assert not signal.disconnect(dispatch_uid=[99])
    assert signal.disconnect(dispatch_uid=[5])
    assert called(signal) == [*many[:5], *many[6:]]


def test_unhashable_uid_comes_after_many_others(signal: Any) -> None:
    many = functions(12)
    for each in many:
        signal.connect(each)
    signal.connect(receive, dispatch_uid=["unhashable"])
    signal.connect(receive, dispatch_uid=["unhashable"])
    assert called(signal) == [*many, receive]
    assert signal.disconnect(dispatch_uid=["unhashable"])
    assert called(signal) == many


def test_entry_that_a_tool_adds_twice_is_deleted_once(signal: Any) -> None:
    many = functions(12)
    for each in many:
        signal.connect(each)
    assert not signal.disconnect(receive)  # now the keys are known
    signal.receivers.append(signal.receivers[3])
    signal.connect(many[3])
    assert called(signal) == [*many, many[3]]
    assert signal.disconnect(many[3])
    assert called(signal) == [*many[:3], *many[4:], many[3]]
    assert signal.disconnect(many[3])
    assert not signal.disconnect(many[3])


def test_what_another_thread_changes_while_keys_are_read_is_noticed(signal: Any) -> None:
    many = functions(12)
    for each in many:
        signal.connect(each)
    assert not signal.disconnect(receive)
    stale = signal.receivers._keys
    del signal.receivers[2:]
    signal.receivers._keys = stale  # as a thread that has read the list before would
    signal.connect(many[5])
    assert called(signal) == [*many[:2], many[5]]


def test_what_is_no_entry_raises_what_django_raises(signal: Any) -> None:
    many = functions(12)
    for each in many:
        signal.connect(each)
    assert not signal.disconnect(receive)
    signal.receivers.append(())
    with pytest.raises(ValueError, match="unpack"):
        signal.send(None, size=1)
    signal.receivers.pop()
    assert called(signal) == many


def test_methods_may_be_senders(signal: Any) -> None:
    class Shop:
        def sell(self) -> None: ...

    shop = Shop()
    sell = shop.sell
    signal.connect(receive, sender=sell)
    for _ in range(3):
        assert called(signal, sell) == [receive]
        assert called(signal, Store()) == []
        assert called(signal, Store) == []
        # Django compares the object and the function, but refers to this method.
        assert [each for each, _ in signal.send(shop.sell, size=1)] in ([receive], [])


def test_entry_of_a_sender_that_died_is_not_for_another_one(signal: Any) -> None:
    sender, dead = Store(), Store()
    signal.connect(receive, sender=dead)
    del dead
    [((key, _), *references)] = signal.receivers
    # As if the new sender had got its id, and before anything was removed.
    signal.receivers[:] = [((key, id(sender)), *references)]
    signal._dead_receivers = False
    assert called(signal, sender) == []
    assert called(signal, Other) == []


def test_tool_may_assign_a_list_at_any_time(signal: Any) -> None:
    class Replacing(Signal[Any, Baked]):
        def _clear_dead_receivers(self) -> None:
            self.receivers = [*self.receivers]

    replaced = Replacing()
    replaced.connect(receive)
    assert called(replaced) == [receive]
    assert type(replaced.receivers) is list


def test_sums_and_copies_of_receivers_are_independent(signal: Any) -> None:
    signal.connect(receive)
    assert called(signal) == [receive]
    for copied in (signal.receivers.copy(), signal.receivers + [], [] + signal.receivers):  # noqa: RUF005
        assert type(copied) is Receivers
        assert copied == signal.receivers
        copied.clear()
        assert called(signal) == [receive]


async def run_until(steps: int, task: asyncio.Task[Any]) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()


@pytest.mark.parametrize("steps", range(5))
@pytest.mark.parametrize("method", ["asend", "asend_robust"])
def test_cancelled_gather_cancels_all_receivers(method: str, steps: int) -> None:
    ended: list[str] = []

    async def at_once(**kwargs: Any) -> None:
        ended.append("at once")

    async def later(**kwargs: Any) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("later")

    async def main(*receivers: Any) -> bool:
        arguments = {"signal": Signal(), "sender": None}
        task = asyncio.create_task(gather(method, receivers, arguments))
        await run_until(steps, task)
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(main(later, later))
    assert ended in ([], ["later", "later"])
    ended.clear()
    was_cancelled = asyncio.run(main(at_once))
    assert was_cancelled or ended == ["at once"]


def test_cancellation_by_a_receiver_is_raised_by_gather() -> None:
    async def cancel(**kwargs: Any) -> None:
        raise asyncio.CancelledError

    async def main() -> None:
        await gather("asend", [cancel], {"signal": Signal(), "sender": None})

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())


def test_receiver_is_connected_after_another_died_while_the_list_was_empty(signal: Any) -> None:
    # The new function often gets the id of the other one.
    for _ in range(20):
        (first,) = functions(1)
        signal.connect(receive)
        signal.connect(first)
        saved = signal.receivers[:]
        del signal.receivers[:]
        del first
        assert called(signal) == []
        signal.receivers[:] = saved
        (second,) = functions(1)
        signal.connect(second)
        assert called(signal) == [receive, second]
        signal.receivers.clear()


class Kind:
    """
    A ``dispatch_uid`` that is not equal to objects of other classes, instead of leaving it to them.
    """

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kind) and self.number == other.number

    def __hash__(self) -> int:
        return hash(self.number)


@pytest.mark.parametrize("others", [0, 12])
def test_uid_with_its_own_comparison_connects_once(signal: Any, others: int) -> None:
    many = functions(others)
    for each in many:
        signal.connect(each)
    for _ in range(2):
        signal.connect(receive, dispatch_uid=Kind(1))
    assert called(signal) == [*many, receive]
    assert signal.disconnect(dispatch_uid=Kind(1))
    assert called(signal) == many


class ConnectsWhenCompared(str):
    """
    A ``dispatch_uid`` whose comparison connects, as a finalizer or a signal handler can.
    """

    __slots__ = ("connect",)

    connect: Callable[[], None]

    def __eq__(self, other: object) -> bool:
        self.connect()
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("others", [1, 12])
def test_receiver_that_is_connected_meanwhile_is_connected_once(signal: Any, others: int) -> None:
    many = functions(others)
    for each in many:
        signal.connect(each)
    uid = ConnectsWhenCompared("uid")
    is_connecting = False

    def connect() -> None:
        nonlocal is_connecting
        if not is_connecting:
            is_connecting = True
            signal.connect(receive, dispatch_uid="uid")

    uid.connect = connect
    signal.connect(receive, dispatch_uid=uid)
    assert called(signal) == [*many, receive]


def test_has_listeners_and_send_see_the_same_changes(signal: Any) -> None:
    cached = Signal[Any, Baked](use_caching=True)
    for each in (signal, cached):
        for _ in range(2):
            assert not each.has_listeners(Store)
            assert called(each, Store) == []
        saved = [*each.receivers]
        each.connect(receive, sender=Store)
        entries = each.receivers[:]
        each.receivers[:] = saved
        assert not each.has_listeners(Store)
        each.receivers[:] = entries
        assert each.has_listeners(Store)
        assert called(each, Store) == [receive]
        each.receivers = []
        assert not each.has_listeners(Store)


@pytest.mark.parametrize("method", ["asend", "asend_robust"])
def test_asend_without_receivers_does_not_wait(signal: Any, method: str) -> None:
    sent = getattr(signal, method)(None, size=1)
    with pytest.raises(StopIteration) as ended:
        sent.send(None)
    assert ended.value.value == []


def test_connection_is_added_once_to_a_list_of_a_tool(signal: Any) -> None:
    signal.receivers = []
    for _ in range(2):
        signal.connect(receive)
    assert called(signal) == [receive]
    assert len(signal.receivers) == 1


@pytest.mark.parametrize("change", ["append_if", "delete_if"])
def test_change_is_repeated_if_the_list_has_changed_in_between(
    signal: Any, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = functions(2)
    signal.connect(receive)
    apply = getattr(Receivers, change)

    def is_late(receivers: Receivers, *arguments: Any) -> bool:
        monkeypatch.setattr(Receivers, change, apply)
        signal.connect(first)  # as another thread or a finalizer does
        is_changed: bool = apply(receivers, *arguments)
        assert not is_changed
        return is_changed

    monkeypatch.setattr(Receivers, change, is_late)
    if change == "append_if":
        signal.connect(second)
        assert called(signal) == [receive, first, second]
    else:
        assert signal.disconnect(receive)
        assert called(signal) == [first]
