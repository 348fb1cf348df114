"""
``manage.py list_signals``: list signals, their receivers, and where the code is.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from typed_signals._connect.connection import UNKNOWN_SENDER
from typed_signals._shared.callables import receiver_name, receiver_place
from typed_signals._shared.messages import shown, suggest
from typed_signals.django._find_signals import find_signals
from typed_signals.django._live_connections import connections_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.management.base import CommandParser

    from typed_signals._connect.connection import Connection

_HEADINGS = ("SIGNAL", "RECEIVER", "SENDER", "CONNECTED", "PLACE")


class Command(BaseCommand):
    """
    The command.
    """

    help = "Lists signals and their receivers: Django's, yours, and those of other packages."
    # It helps to find the problems that the checks report.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """
        Add the filters and the options.
        """
        parser.add_argument(
            "signals",
            nargs="*",
            help="Only these: post_save, shop.signals.pizza_done, or a pattern like shop.*",
        )
        parser.add_argument(
            "--all", action="store_true", help="Also list signals without receivers."
        )
        parser.add_argument(
            "--format",
            choices=("table", "json"),
            default="table",
            help="The format: a table (default), or JSON with all details.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """
        Write the list.

        Raises:
            CommandError: a filter matches no signal.
        """
        signals = _selected(find_signals(), options["signals"])
        found = [
            (name, [_facts(connection) for connection, _ in connections])
            for name, _, connections in connections_of(signals)
        ]
        if not options["all"]:
            found = [(name, receivers) for name, receivers in found if receivers]
        if options["format"] == "json":
            document = [{"signal": name, "receivers": receivers} for name, receivers in found]
            self.stdout.write(json.dumps(document, indent=2))
        elif found:
            for line in _table(found):
                self.stdout.write(line)
        else:
            self.stdout.write(
                "No receivers are connected. Use --all to list signals without receivers."
            )


def _selected(signals: list[tuple[str, Any]], patterns: Sequence[str]) -> list[tuple[str, Any]]:
    """
    Return those of *signals* whose names match one of the *patterns*, or all without patterns.
    """
    names = [name for name, _ in signals]
    for pattern in patterns:
        if not any(_fits(name, pattern) for name in names):
            last_parts = [name.rpartition(".")[2] for name in names]
            meant = suggest(pattern.rpartition(".")[2], last_parts)
            fix = f"did you mean {meant!r}?" if meant else "list_signals --all lists all signals"
            raise CommandError(f"No signal matches {pattern!r} in the imported modules: {fix}")
    return [
        (name, signal)
        for name, signal in signals
        if not patterns or any(_fits(name, pattern) for pattern in patterns)
    ]


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name, f"*.{pattern}")


def _facts(connection: Connection) -> dict[str, Any]:
    """
    Return the data of *connection* for JSON.
    """
    file, _, line = (receiver_place(connection.receiver) or "").rpartition(":")
    uid = connection.dispatch_uid
    return {
        "receiver": receiver_name(connection.receiver),
        "file": file or None,
        "line": int(line) if line else None,
        "sender": _shown_sender(connection.sender),
        "dispatch_uid": uid if uid is None or issubclass(type(uid), str) else shown(uid),
        "weak": connection.weak,
        "async": connection.is_async,
        "on_commit": connection.is_deferred,
    }


def _shown_sender(sender: Any) -> str | None:
    if sender is None:
        return None
    if sender is UNKNOWN_SENDER:
        return "unknown"
    # Use the type, because a lazy object is loaded when its class is read.
    return receiver_name(sender) if issubclass(type(sender), type) else shown(sender)


def _table(found: list[tuple[str, list[dict[str, Any]]]]) -> Iterable[str]:
    """
    Yield the lines of a table, one for each receiver.
    """
    rows = [_HEADINGS]
    for name, receivers in found:
        rows += [(name, *_cells(facts)) for facts in receivers] or [(name, "-", "", "", "")]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _cells(facts: dict[str, Any]) -> tuple[str, str, str, str]:
    how = ["weak" if facts["weak"] else "strong"]
    how += [word for word in ("async", "on_commit") if facts[word]]
    if facts["dispatch_uid"] is not None:
        how.append(f"uid={facts['dispatch_uid']}")
    place = f"{_relative(facts['file'])}:{facts['line']}" if facts["file"] else "-"
    return facts["receiver"], facts["sender"] or "any", ", ".join(how), place


def _relative(file: str) -> str:
    """
    Return *file* relative to the current directory, if it is inside.
    """
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file
