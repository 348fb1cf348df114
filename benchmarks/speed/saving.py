"""
The time to save a model, with and without our app among the installed ones.

An app cannot be removed from a process. So there are two processes, which take turns like
contenders in one process: while one of them runs its block, the other waits.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self

from . import project
from .case import Contender
from .interleave import Block, quiet_collector, take_turns
from .shop import functions_for_models

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from .case import Values

WITH_OUR_APP: Final = "with our app"
WITHOUT_OUR_APP: Final = "without it"

APPS: Final = {WITH_OUR_APP: [project.OUR_APP], WITHOUT_OUR_APP: []}


def times(rounds: int) -> dict[str, Values]:
    """
    Return the seconds of a ``save()``.
    """
    with ExitStack() as stack:
        blocks = {name: stack.enter_context(_Elsewhere(name)) for name in APPS}
        return take_turns(blocks, rounds)


class _Elsewhere:
    """
    A block in a process of its own.
    """

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, connection = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, connection))

    def __enter__(self) -> Self:
        self._process.start()
        self.sends: int = self._connection.recv()
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()
        self._process.join()

    def run(self) -> float:
        """
        Return the seconds of the block.
        """
        self._connection.send(None)
        seconds: float = self._connection.recv()
        return seconds


def _serve(name: str, connection: Connection) -> None:
    """
    Send the number of saves in a block, then the seconds of a block for each message.
    """
    event_loop = asyncio.new_event_loop()
    block = Block(_contender(name), event_loop)
    with quiet_collector():
        block.verify()
        block.calibrate()
        connection.send(block.sends)
        while _is_asked(connection):
            connection.send(block.run())
            gc.collect(0)
    event_loop.close()


def _is_asked(connection: Connection) -> bool:
    try:
        connection.recv()
    except EOFError:
        return False
    return True


def _contender(name: str) -> Contender:
    project.set_up(*APPS[name])
    from django.db.models.signals import post_save

    model = project.new_model_with_table()
    receivers = functions_for_models(3)
    for receiver in receivers:
        post_save.connect(receiver, sender=model)
    instance: Any = model(name="margherita", size=32)
    instance.save()
    sent = {
        "sender": model,
        "instance": instance,
        "created": False,
        "raw": False,
        "using": "default",
        "update_fields": None,
    }
    names = {"pizza": instance, "alive": receivers}
    return Contender(name, "pizza.save()", names, [(each, sent) for each in receivers])
