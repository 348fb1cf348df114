"""
A warning is issued for receivers that are lost before a send could call them, and no others.
"""

from __future__ import annotations

import _thread
import functools
import gc
import sys
import threading
import time
import warnings
from textwrap import dedent
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from tests.situations import PRELUDE, SITUATIONS
from tests.support import CompiledMethod, PizzaDone
from typed_signals import Signal, receiver
from typed_signals._shared.callables import describe_receiver
from typed_signals.exceptions import ReceiverCollectedWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures("each_way_of_sending")

pizza_done: Signal[object, PizzaDone] = Signal()


def receive(**kwargs: object) -> None: ...


class Oven:
    def on_done(self, **kwargs: object) -> None: ...

    def __call__(self, **kwargs: object) -> None: ...


@pytest.fixture
def signal() -> Any:
    return Signal[object, PizzaDone]()


@pytest.fixture
def caught() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def use(signal: Any) -> None:
    gc.collect()
    signal.send(None, toppings=[], size=30)


# Each connects a receiver that is lost at the return, and returns the line of the connect.


def connect_lambda(signal: Any) -> int:
    signal.connect(lambda **kwargs: None)
    return sys._getframe().f_lineno - 1


def connect_partial(signal: Any) -> int:
    signal.connect(functools.partial(receive, oven="wood"))
    return sys._getframe().f_lineno - 1


def connect_method_of_temporary(signal: Any) -> int:
    signal.connect(Oven().on_done)
    return sys._getframe().f_lineno - 1


def connect_compiled_method_of_temporary(signal: Any) -> int:
    signal.connect(CompiledMethod(Oven.on_done, Oven()))
    return sys._getframe().f_lineno - 1


def connect_temporary_callable_object(signal: Any) -> int:
    signal.connect(Oven())
    return sys._getframe().f_lineno - 1


def connect_local_function(signal: Any) -> int:
    def lost(**kwargs: object) -> None: ...

    signal.connect(lost)
    return sys._getframe().f_lineno - 1


def connect_decorated_local_function(signal: Any) -> int:
    @receiver(signal)
    def lost(**kwargs: object) -> None: ...

    return sys._getframe().f_lineno - 3


def connect_decorated_closure(signal: Any) -> int:
    times = 0

    @receiver(signal)
    def lost(**kwargs: object) -> int:
        return times

    return sys._getframe().f_lineno - 4


def connect_made_function(signal: Any) -> int:
    def make() -> Callable[..., object]:
        def lost(**kwargs: object) -> None: ...

        return lost

    signal.connect(make())
    return sys._getframe().f_lineno - 1


def connect_over_several_lines(signal: Any) -> int:
    signal.connect(
        # The arguments are on their own lines.
        receiver=lambda **kwargs: None,
        sender=Oven,
        weak=True,
        dispatch_uid="lost",
    )
    return sys._getframe().f_lineno - 7


LOSING: list[Callable[[Any], int]] = [
    connect_lambda,
    connect_partial,
    connect_method_of_temporary,
    connect_compiled_method_of_temporary,
    connect_temporary_callable_object,
    connect_local_function,
    connect_decorated_local_function,
    connect_decorated_closure,
    connect_made_function,
    connect_over_several_lines,
]


@pytest.mark.parametrize("connect", LOSING)
def test_lost_receiver_is_reported_at_its_connect(
    signal: Any, connect: Callable[[Any], int], caught: list[warnings.WarningMessage]
) -> None:
    line = connect(signal)
    use(signal)
    [warning] = caught
    assert warning.category is ReceiverCollectedWarning
    assert (warning.filename, warning.lineno) == (__file__, line)


@pytest.mark.parametrize("connect", LOSING)
def test_lost_receiver_is_reported_once(
    signal: Any, connect: Callable[[Any], int], caught: list[warnings.WarningMessage]
) -> None:
    connect(signal)
    for _ in range(3):
        use(signal)
    assert signal.receivers == []
    assert len(caught) == 1


@pytest.mark.parametrize("connect", LOSING)
def test_strong_receiver_is_not_lost(
    signal: Any,
    connect: Callable[[Any], int],
    monkeypatch: pytest.MonkeyPatch,
    caught: list[warnings.WarningMessage],
) -> None:
    connect_weakly = Signal.connect

    def connect_strongly(*args: Any, **kwargs: Any) -> None:
        connect_weakly(*args, **{**kwargs, "weak": False})

    monkeypatch.setattr(Signal, "connect", connect_strongly)
    connect(signal)
    use(signal)
    assert len(signal.receivers) == 1
    assert caught == []


def test_warning_contains_the_problem_and_the_fix(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    connect_local_function(signal)
    use(signal)
    text = str(caught[0].message)
    line = connect_local_function.__code__.co_firstlineno + 1
    assert text.startswith(
        f"receiver {__name__}.connect_local_function.<locals>.lost ({__file__}:{line}) "
        "was garbage-collected before a send could call it, because connect() keeps only a weak "
    )
    assert text.endswith(
        "nothing else refers to it: define the function at module level, or pass weak=False"
    )


def connect_in_a_loop(signal: Any) -> None:
    exec(
        "for number in range(2):\n"
        "    def lost(**kwargs): return number\n"
        "    signal.connect(lost)\n",
        {"signal": signal, "__name__": __name__},
    )


@pytest.mark.parametrize(
    ("connect", "fix"),
    [
        (connect_lambda, "connect a module-level function"),
        (connect_partial, "keep a reference to the object"),
        (connect_method_of_temporary, "keep a reference to the object"),
        (connect_temporary_callable_object, "keep a reference to the object"),
        (connect_local_function, "define the function at module level"),
        (connect_decorated_local_function, "define the function at module level"),
        (connect_made_function, "keep a reference to the function"),
        (connect_in_a_loop, "keep a reference to the function"),
    ],
)
def test_warning_has_the_fix_for_each_kind_of_receiver(
    signal: Any,
    connect: Callable[[Any], object],
    fix: str,
    caught: list[warnings.WarningMessage],
) -> None:
    connect(signal)
    use(signal)
    assert f"nothing else refers to it: {fix}, or pass weak=False" in str(caught[0].message)


@pytest.mark.parametrize(
    "touch",
    [
        lambda signal: signal.connect(receive),
        lambda signal: signal.disconnect(receive),
        lambda signal: signal.send(None, toppings=[], size=30),
        lambda signal: signal.send_robust(None, toppings=[], size=30),
        lambda signal: signal.has_listeners(),
        lambda signal: signal.receivers,
    ],
)
def test_warning_is_issued_at_the_next_use_of_the_signal(
    signal: Any, touch: Callable[[Any], object], caught: list[warnings.WarningMessage]
) -> None:
    connect_lambda(signal)
    assert caught == []
    touch(signal)
    assert len(caught) == 1


def test_receiver_lost_while_another_is_connected_is_reported(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    class LosesAnother(Oven):
        @property
        def __signature__(self) -> Any:
            connect_lambda(signal)
            raise AttributeError

    listener = LosesAnother()
    signal.connect(listener)
    assert len(caught) >= 1
    assert [connection.receiver for connection in signal.receivers] == [listener]


def test_each_lost_receiver_is_reported(signal: Any, caught: list[warnings.WarningMessage]) -> None:
    for _ in range(3):
        connect_lambda(signal)
    use(signal)
    assert len(caught) == 3


def test_warning_turned_into_an_error_leaves_the_signal_usable(signal: Any) -> None:
    connect_lambda(signal)
    with pytest.raises(ReceiverCollectedWarning):
        signal.connect(receive)
    assert signal.receivers == []
    signal.connect(receive)
    assert signal.send(None, toppings=[], size=30) == [(receive, None)]


# In all kinds of programs


@pytest.mark.parametrize("situation", SITUATIONS)
def test_only_lost_receivers_are_reported(
    situation: str, caught: list[warnings.WarningMessage]
) -> None:
    program = dedent(SITUATIONS[situation]).strip("\n")
    lines = {
        number for number, line in enumerate(program.splitlines(), start=1) if "# lost" in line
    }
    signal, other = Signal(), Signal()
    names = {"__name__": "program", "signal": signal, "other": other}
    exec(PRELUDE, names)
    exec(compile(program, "program.py", "exec", dont_inherit=True), names)
    gc.collect()
    signal.send(None)
    other.send(None)
    assert {warning.lineno for warning in caught} == lines


def test_each_receiver_lost_in_a_loop_is_reported(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    for sender in (1, 2, 3):

        @receiver(signal, sender=sender)
        def audit(**kwargs: object) -> None: ...

    use(signal)
    assert [connection.sender for connection in signal.receivers] == [3]
    assert len(caught) == 2


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: FunctionType(receive.__code__, globals()), id="function"),
        pytest.param(lambda: functools.wraps(receive)(lambda **kwargs: None), id="decorated"),
        pytest.param(lambda: functools.partial(receive, oven="wood"), id="partial"),
        pytest.param(lambda: Oven().on_done, id="method"),
        pytest.param(Oven, id="object"),
    ],
)
def test_lost_receiver_is_described_as_in_other_messages(
    signal: Any, make: Callable[[], Any], caught: list[warnings.WarningMessage]
) -> None:
    description = describe_receiver(make())
    signal.connect(make())
    use(signal)
    [warning] = caught
    assert str(warning.message).startswith(f"receiver {description} was ")


def test_thread_without_other_frames_may_lose_a_receiver(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    ended = threading.Event()

    def run() -> None:
        connect_lambda(signal)
        signal.connect(functools.partial(receive))
        ended.set()

    _thread.start_new_thread(run, ())
    assert ended.wait(60)
    use(signal)
    assert len(caught) == 2


def test_receiver_may_die_without_a_frame(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    receivers: list[Callable[..., object]] = [lambda **kwargs: None]
    signal.connect(receivers[0])
    _thread.start_new_thread(receivers.clear, ())
    while signal.has_listeners():
        time.sleep(0.001)
    assert signal.receivers == []
    assert caught == []


# Not lost


def test_disconnected_receiver_is_not_lost(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    def local(**kwargs: object) -> None: ...

    signal.connect(local)
    assert signal.disconnect(local)
    del local
    use(signal)
    assert caught == []


def test_receiver_that_a_send_could_call_is_not_lost(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    def local(**kwargs: object) -> None: ...

    signal.connect(local)
    use(signal)
    del local
    use(signal)
    assert signal.receivers == []
    assert caught == []


def test_receiver_whose_sender_died_is_not_lost(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    def local(**kwargs: object) -> None: ...

    sender = Oven()
    signal.connect(local, sender=sender)
    del sender
    use(signal)
    del local
    use(signal)
    assert signal.receivers == []
    assert caught == []


def test_decorated_object_with_a_name_is_not_lost(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    listener = receiver(signal)(Oven())
    assert caught == []
    del listener
    use(signal)
    assert caught == []


def test_refused_receiver_is_not_lost(signal: Any, caught: list[warnings.WarningMessage]) -> None:
    with pytest.raises(ValueError, match=r"\*\*kwargs"):
        signal.connect(lambda: None)
    use(signal)
    assert caught == []


def test_already_connected_receiver_is_not_lost(
    signal: Any, caught: list[warnings.WarningMessage]
) -> None:
    signal.connect(receive, dispatch_uid="receive")
    signal.connect(lambda **kwargs: None, dispatch_uid="receive")
    use(signal)
    assert [connection.receiver for connection in signal.receivers] == [receive]
    assert caught == []


class Owner:
    """
    Stores a receiver, as an application would after the warning.
    """

    def __init__(self, connect: Callable[[Any, Owner], None], signal: Any) -> None:
        self.stored: Any = None
        connect(signal, self)

    def on_done(self, **kwargs: object) -> None: ...

    def __call__(self, **kwargs: object) -> None: ...


def store_lambda(signal: Any, owner: Owner) -> None:
    owner.stored = lambda **kwargs: None
    signal.connect(owner.stored)


def store_partial(signal: Any, owner: Owner) -> None:
    owner.stored = functools.partial(receive, oven="wood")
    signal.connect(owner.stored)


def store_object(signal: Any, owner: Owner) -> None:
    owner.stored = Oven()
    signal.connect(owner.stored)


def store_object_of_method(signal: Any, owner: Owner) -> None:
    owner.stored = Oven()
    signal.connect(owner.stored.on_done)


def store_local_function(signal: Any, owner: Owner) -> None:
    def local(**kwargs: object) -> None: ...

    owner.stored = local
    signal.connect(local)


def store_object_of_compiled_method(signal: Any, owner: Owner) -> None:
    owner.stored = Oven()
    signal.connect(CompiledMethod(Oven.on_done, owner.stored))


def connect_own_method(signal: Any, owner: Owner) -> None:
    signal.connect(owner.on_done)


def connect_itself(signal: Any, owner: Owner) -> None:
    signal.connect(owner)


@pytest.mark.parametrize(
    "connect",
    [
        store_lambda,
        store_partial,
        store_object,
        store_object_of_method,
        store_local_function,
        store_object_of_compiled_method,
        connect_own_method,
        connect_itself,
    ],
)
def test_receiver_that_died_with_its_owner_is_not_lost(
    signal: Any,
    connect: Callable[[Any, Owner], None],
    caught: list[warnings.WarningMessage],
) -> None:
    owner = Owner(connect, signal)
    assert len(signal.receivers) == 1
    del owner
    gc.collect()
    assert signal.receivers == []
    assert caught == []
