"""
A sender: ``python -m tests.background.engines.shop.send NAMES COUNT PAUSE PROCESSES ARGUMENTS``. It
prints the id of each delivery that Celery has taken, and the key of the receiver, until SIGTERM.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from kombu.exceptions import OperationalError

from tests.background.engines.shop import (
    receivers,  # noqa: F401 - connects them
    signals,
)

DECODED = {"order_id": UUID, "amount": Decimal}


stopped: list[int] = []


def send(names: str, count: int, pause: float, payload: dict[str, object]) -> None:
    for number in range(count):
        if stopped:
            return
        if names == "order_placed":
            payload |= {"total": Decimal(number).scaleb(-2), "at": datetime.now(UTC)}
        for name in names.split(","):
            for _, delivery in getattr(signals, name).send_robust(None, **payload):
                if not isinstance(delivery, OperationalError):  # the broker is stopped
                    assert delivery.result.id == delivery.id
                    os.write(1, f"{delivery.id} {delivery.receiver}\n".encode())
        time.sleep(pause)


def main(names: str, count: str, pause: str, processes: str, arguments: str) -> None:
    """
    Send once, and then in other processes, as a server does that loads the application first.
    """
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    given = json.loads(arguments).items()
    payload = {key: DECODED[key](value) if key in DECODED else value for key, value in given}
    if processes == "1":
        send(names, int(count), float(pause), payload)
        return
    send(names, 1, 0, payload)
    started = []
    for _ in range(int(processes)):
        if process := os.fork():
            started.append(process)
        else:
            send(names, int(count), float(pause), payload)
            os._exit(0)
    send(names, int(count), float(pause), payload)
    for process in started:
        assert os.waitpid(process, 0)[1] == 0


main(*sys.argv[1:])
