"""
Signals can be used until the interpreter exits: in ``atexit`` functions, and by objects that
die when modules are deleted and imports are not possible.
"""

from __future__ import annotations

import gc
import sys
from weakref import ref

import pytest

from tests.support import PizzaDone, run_script
from typed_signals import Signal
from typed_signals._base import _forget_type_arguments
from typed_signals._shared.logs import log

LISTEN = """
import sys
from typing import NotRequired, TypedDict

from typed_signals import Signal

class PizzaDone(TypedDict):
    size: "int"
    note: "NotRequired[str]"

def receive(**kwargs):
    return kwargs["size"]

async def receive_async(**kwargs):
    return kwargs["size"] + 1

def fail(**kwargs):
    raise ValueError("too hot")

class Listener:
    def receive(self, **kwargs):
        return kwargs["size"] + 2
"""

USE = """
class Last:
    # Holds all that it uses, as its module may be gone when it dies.
    def __init__(self, use):
        self.use = use

    def __del__(self):
        self.use()

def use(signal=signal, receive=receive, fail=fail, Listener=Listener, write=sys.stdout.write):
    listener = Listener()
    signal.connect(receive)
    signal.connect(listener.receive, sender=listener)
    for _ in range(15):
        sent = signal.send(sender=listener, size=1)
        assert signal.send_robust(sender=listener, size=1) == sent
    assert [response for _, response in sent] == [1, 3]
    assert signal.has_listeners(listener)
    assert len(signal.receivers) == 2
    del listener
    [(_, response)] = signal.send(sender=None, size=1, note="hot")
    assert response == 1
    assert signal.disconnect(receive)
    signal.connect(fail)
    [(_, error)] = signal.send_robust(sender=None, size=1)
    assert str(error) == "too hot"
    assert signal.disconnect(fail)
    write("used")
"""

DECLARATIONS = {
    "untyped": "signal = Signal()",
    "typed": "signal = Signal[object, PizzaDone]()",
    "annotated": "signal: 'Signal[object, PizzaDone]' = Signal()",
    "of a class": "signal = Signal[type[Listener], PizzaDone]()",
    "by function": (
        "@Signal.declare\ndef signal(sender: object, *, size: int, note: str = '') -> object: ..."
    ),
    "by function and TypedDict": (
        "from typing import Unpack\n"
        "@Signal.declare\n"
        "def signal(sender: object, **kwargs: Unpack[PizzaDone]) -> object: ..."
    ),
}

SENT_BEFORE = {
    "never": "",
    "once": "signal.send(None, size=1)",
    "often": "for _ in range(15): signal.send(None, size=1)",
}

# Each has "last" die at another time.
OWNERS = {
    "a cycle in a module": "last = Last(use); last.cycle = last",
    "a module": "last = Last(use)",
    "a module that something else holds": "sys.last = sys.modules[__name__]; last = Last(use)",
    "a cycle in builtins": "import builtins; builtins.last = last = Last(use); last.cycle = last",
    "builtins": "import builtins; builtins.last = Last(use)",
    "our package": "import typed_signals; typed_signals.last = Last(use)",
}


@pytest.mark.parametrize(
    ("declaration", "sent_before"),
    [
        *((declaration, "never") for declaration in DECLARATIONS),
        ("typed", "once"),
        ("typed", "often"),
    ],
)
def test_object_that_dies_with_its_module_may_use_a_signal(
    declaration: str, sent_before: str
) -> None:
    parts = (LISTEN, DECLARATIONS[declaration], USE, SENT_BEFORE[sent_before], OWNERS["a module"])
    assert run_script("\n".join(parts)) == "used"


@pytest.mark.parametrize("owner", OWNERS)
def test_object_may_use_a_signal_whenever_it_dies(owner: str) -> None:
    # When the last ones die, ``typing`` is already deleted, which declarations need.
    parts = (LISTEN, DECLARATIONS["typed"], USE, SENT_BEFORE["once"], OWNERS[owner])
    assert run_script("\n".join(parts)) == "used"


@pytest.mark.parametrize("module", ["asyncio", "logging", "unittest.mock"])
def test_object_may_use_a_signal_in_any_order_of_shutdown(module: str) -> None:
    # Some modules, like ours, live until the end, with all objects that they refer to.
    parts = (f"import {module}", LISTEN, DECLARATIONS["typed"], USE, OWNERS["a module"])
    assert run_script("\n".join(parts)) == "used"


OBSERVED = """
from blinker import Signal as BlinkerSignal
from django.dispatch import Signal as DjangoSignal

from typed_signals import observe
from typed_signals.django import Signal as SignalOnDjango

def receive(sender=None, **kwargs):
    return sender

def refuse(call):
    raise ValueError("no")

signals = [cls() for cls in (Signal, SignalOnDjango, DjangoSignal, BlinkerSignal)]
for signal in signals:
    signal.connect(receive, weak=False)
observation = observe(*signals, after=refuse)

def use(signals=signals, observation=observation, receive=receive, write=sys.stdout.write):
    for signal in signals:
        assert signal.send("sender") == [(receive, "sender")]
    observation.stop()
    for signal in signals:
        assert signal.send("sender") == [(receive, "sender")]
    write("used")
"""


@pytest.mark.parametrize("owner", ["a cycle in a module", "a module", "builtins"])
def test_failing_observer_changes_no_send_at_shutdown(owner: str) -> None:
    parts = (LISTEN, "signal = Signal()", USE, OBSERVED, OWNERS[owner])
    assert run_script("\n".join(parts)) == "used"


def test_nothing_is_logged_if_logging_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "logging", None)
    log("error", "burnt")


def test_caches_of_typing_can_be_cleared() -> None:
    class Forgotten(PizzaDone):
        price: int

    alive = ref(Forgotten)
    declaration = Signal[object, Forgotten]
    assert declaration == Signal[object, Forgotten]
    del Forgotten, declaration
    gc.collect()
    assert alive() is not None
    _forget_type_arguments()
    gc.collect()
    assert alive() is None
    assert Signal[object, PizzaDone]().send(None, toppings=[], size=30) == []


def test_receivers_and_senders_may_die_at_exit() -> None:
    assert (
        run_script(
            LISTEN
            + """
signal = Signal[object, PizzaDone]()
listeners = [Listener() for _ in range(10)]
for listener in listeners:
    signal.connect(listener.receive)
    signal.connect(receive, sender=listener)
    signal.connect(lambda **kwargs: None, sender=listener, weak=False)
signal.send(None, size=1)
print(len(signal.receivers))
"""
        )
        == "30\n"
    )


AT_EXIT = """
import asyncio
import atexit

signal = Signal[object, PizzaDone]()
signal.connect(receive)
signal.connect(receive_async)

def use():
    for method in ("send", "send_robust", "asend", "asend_robust"):
        sent = getattr(signal, method)(None, size=1)
        if method.startswith("a"):
            sent = asyncio.run(sent)
        print(method, *[response for _, response in sent])

atexit.register(use)
"""


@pytest.mark.parametrize("sent_before", ["never", "often"])
def test_every_send_works_at_exit(sent_before: str) -> None:
    printed = run_script(LISTEN + AT_EXIT + SENT_BEFORE[sent_before])
    assert printed == "send 1 2\nsend_robust 1 2\nasend 1 2\nasend_robust 1 2\n"


def test_context_changes_at_exit_apply_to_the_sender() -> None:
    printed = run_script(
        """
        import atexit
        import contextvars

        from typed_signals import Signal

        number = contextvars.ContextVar("number", default=0)
        signal = Signal()

        async def count(**kwargs):
            number.set(number.get() + 1)

        def use():
            for _ in range(3):
                signal.send(None)
            print(number.get())

        signal.connect(count)
        atexit.register(use)
        """
    )
    assert printed == "3\n"


def test_daemon_thread_may_send_while_the_interpreter_exits() -> None:
    printed = run_script(
        LISTEN
        + """
import threading

sys.setswitchinterval(1e-6)
signal = Signal[object, PizzaDone]()
started = threading.Event()

def use_forever():
    while True:
        listener = Listener()
        signal.connect(listener.receive)
        assert [response for _, response in signal.send(None, size=1)].count(3) >= 1
        started.set()

for _ in range(3):
    threading.Thread(target=use_forever, daemon=True).start()
started.wait()
print("started")
"""
    )
    assert printed == "started\n"


def test_daemon_thread_stopped_with_the_lock_blocks_no_other_thread() -> None:
    printed = run_script(
        LISTEN
        + "signal = Signal()"
        + USE
        + """
import builtins
import threading

from typed_signals._connect import table

inside, forever = threading.Event(), threading.Event()

class Uid:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        if table.lock._is_owned():
            inside.set()
            forever.wait()
        return False

def get_stuck():
    signal.connect(receive, dispatch_uid=Uid())
    signal.connect(receive, dispatch_uid=Uid())

other = Signal()
builtins.last = Last(lambda use=use, other=other: use(other))
threading.Thread(target=get_stuck, daemon=True).start()
inside.wait()
"""
    )
    assert printed == "used"
