"""
A forked child has one thread; operations of other threads are interrupted by the fork.
"""

from __future__ import annotations

from tests.support import not_on_windows, run_script

pytestmark = not_on_windows

# Since Python 3.12, a fork with other threads issues a warning; it is still possible.
FORK_BESIDE_THREADS = "-Wignore:This process:DeprecationWarning"

FORK = """
import faulthandler
import gc
import os
import sys
import threading

from typed_signals import Signal

signal = Signal()

def steady(**kwargs):
    return "steady"

def receive(**kwargs):
    return "received"

async def receive_async(**kwargs):
    return "received"

class Listener:
    def receive(self, **kwargs):
        return "listener"

def use(receiver=receive):
    for sender in (None, Listener):
        signal.connect(receiver, sender=sender)
        responses = [response for _, response in signal.send(sender)]
        assert responses.count("steady") == responses.count("received") == 1, responses
        assert signal.has_listeners(sender)
        assert signal.disconnect(receiver, sender=sender)
        responses = [response for _, response in signal.send(sender)]
        assert responses.count("steady") == 1 and "received" not in responses, responses

def use_in_thread():
    thread = threading.Thread(target=use)
    thread.start()
    thread.join()

def fork(*uses):
    "Have a child do all that, and wait for it; one that hangs says where, and fails."
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        return
    faulthandler.dump_traceback_later(30, exit=True)
    failed = True
    try:
        for use in uses:
            use()
        failed = False
    finally:
        if failed:
            sys.excepthook(*sys.exc_info())
        os._exit(failed)

signal.connect(steady)
# The first sends import a module, and a child cannot import what another thread was importing.
for _ in range(20):
    signal.send(None)
"""


BESIDE_THREADS = """
sys.setswitchinterval(1e-6)
finished = threading.Event()

def come_and_go():
    listener = Listener()
    while not finished.is_set():
        signal.connect(listener.receive)
        signal.send(None)
        signal.connect(Listener().receive, sender=Listener)
        signal.disconnect(listener.receive)

threads = [threading.Thread(target=come_and_go, daemon=True) for _ in range(4)]
for thread in threads:
    thread.start()
for _ in range(30):
    fork(use, use_in_thread)
finished.set()
for thread in threads:
    thread.join()
print("forked")
"""


def test_forked_child_can_use_a_signal_used_by_other_threads() -> None:
    printed = run_script(
        FORK + BESIDE_THREADS,
        FORK_BESIDE_THREADS,
        "-Wignore:receiver:RuntimeWarning",  # some are lost before a send
    )
    assert printed == "forked\n"


def test_receiver_may_fork_in_every_send() -> None:
    printed = run_script(
        FORK
        + """
import asyncio

def fork_in_receiver(**kwargs):
    fork(use, use_in_thread)
    return "forked"

for method in ("send", "send_robust", "asend", "asend_robust"):
    signal.connect(fork_in_receiver, sender=fork)
    sent = getattr(signal, method)(fork)
    if asyncio.iscoroutine(sent):
        sent = asyncio.run(sent)
    print(method, *[response for _, response in sent])
""",
        FORK_BESIDE_THREADS,
    )
    assert printed.splitlines() == [
        "send steady forked",
        "send_robust steady forked",
        "asend steady forked",
        "asend_robust steady forked",
    ]


def test_forked_child_can_wait_for_async_receivers() -> None:
    printed = run_script(
        FORK
        + """
signal.connect(receive_async, sender=fork)
assert len(signal.send(fork)) == 2
fork(lambda: use(receive_async))
use(receive_async)
print("forked")
""",
        FORK_BESIDE_THREADS,
    )
    assert printed == "forked\n"


def test_fork_with_the_lock_does_not_block_threads_of_the_child() -> None:
    printed = run_script(
        FORK
        + """
from typed_signals._connect import table

class Uid:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        if table.lock._is_owned():
            forks.append(fork(use, use_in_thread))
        return False

forks = []
signal.connect(receive, sender=signal, dispatch_uid=Uid())
for _ in range(2):
    signal.connect(receive, sender=signal, dispatch_uid=Uid())
    use_in_thread()
print("forked" if forks else "never forked")
"""
    )
    assert printed == "forked\n"


def test_finalizer_may_fork_at_any_point() -> None:
    printed = run_script(
        FORK
        + """
class Finalized:
    def __init__(self):
        self.cycle = self

    def __del__(self):
        fork(use, use_in_thread)
        use()
        forks.append(self)

forks = []
listener = Listener()
gc.freeze()
for allocations in range(40):
    gc.disable()
    Finalized()
    # The collector runs after so many new objects.
    gc.set_threshold(gc.get_count()[0] + allocations + 1)
    gc.enable()
    for sender in (None, Listener):
        signal.connect(listener.receive, sender=sender)
        assert [response for _, response in signal.send(sender)].count("listener") == 1
        signal.disconnect(listener.receive, sender=sender)
gc.collect()
print(len(forks))
"""
    )
    assert printed == "40\n"
