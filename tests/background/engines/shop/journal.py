"""
What receivers write, which stays when their process is killed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typed_signals.background import Delivery

START = "start"
END = "end"


class Entry(NamedTuple):
    """
    A line of the journal.

    Attributes:
        event: START or END.
        delivery: the id of the delivery.
        attempt: its attempt.
        process: the process that runs the receiver.
        worker: the main process of the worker.
        details: what else the receiver writes.
    """

    event: str
    delivery: str
    attempt: int
    process: int
    worker: int
    details: str


def write(event: str, delivery: Delivery, details: str = "") -> None:
    """
    Append a line in one system call, so that no other process writes in between.
    """
    line = f"{event} {delivery.id} {delivery.attempt} {os.getpid()} {os.getppid()} {details}\n"
    with Path(os.environ["SHOP_JOURNAL"]).open("ab", buffering=0) as file:
        file.write(line.encode())


class Journal:
    """
    Reads what is written, while it is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._entries: list[Entry] = []

    @property
    def entries(self) -> list[Entry]:
        """
        All entries until now.
        """
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._size)
                # Another process may still be writing the last line.
                read = file.read().rpartition(b"\n")[0]
            if read:
                self._size += len(read) + 1
            self._entries += map(_parsed, read.decode().splitlines())
        return self._entries

    def of(self, event: str) -> Iterator[str]:
        """
        Yield the id of the delivery of each *event*.
        """
        return (entry.delivery for entry in self.entries if entry.event == event)

    def running(self) -> dict[int, Entry]:
        """
        Return the start of each receiver that has not returned, by process.
        """
        last = {entry.process: entry for entry in self.entries}
        return {process: entry for process, entry in last.items() if entry.event == START}


def _parsed(line: str) -> Entry:
    event, delivery, attempt, process, worker, details = line.split(" ", 5)
    return Entry(event, delivery, int(attempt), int(process), int(worker), details)
