"""
The map as text. In a terminal, lines are wrapped between words and have colours; in a file, each
fact is in one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.text import Text

from typed_signals.cli.output import counted
from typed_signals.cli.survey.model import SendFact

from .wording import (
    keys_text,
    notes_on,
    receiver_text,
    send_text,
    summary_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

    from .chart import AnyEnd, Chart, Entry
    from .impact import Change, Impact

_SIGNAL: Final = "bold cyan"
_PLACE: Final = "green"
_NOTE: Final = "dim"
_MARK: Final = "yellow"


class Line(NamedTuple):
    """
    A line of the text.
    """

    depth: int
    text: Text


def print_lines(lines: Iterable[Line], console: Console) -> None:
    """
    Print *lines*; in a terminal, wrap them.
    """
    for depth, text in lines:
        indent = "  " * depth
        if not console.is_terminal:
            console.file.write(f"{indent}{text.plain}\n")
            continue
        wrapped = text.wrap(console, max(console.width - len(indent) - 4, 20))
        for number, part in enumerate(wrapped):
            console.print(indent + ("    " if number else ""), part, sep="", soft_wrap=True)


def chart_lines(chart: Chart) -> Iterator[Line]:
    """
    Yield the lines about *chart*.
    """
    for entry in chart.entries:
        yield _signal_line(entry)
        for send in entry.sends:
            yield _end_line("sends", send)
        for receiver in entry.receivers:
            yield _end_line("receives", receiver)
    if chart.unknown_sends or chart.unknown_receivers:
        yield Line(0, Text("unknown signals", _MARK))
        for send in chart.unknown_sends:
            yield _end_line("sends", send)
        for receiver in chart.unknown_receivers:
            yield _end_line("receives", receiver)
    yield Line(0, Text(summary_of(chart), _NOTE))


def impact_lines(change: Change, impacts: list[Impact]) -> Iterator[Line]:
    """
    Yield the lines about the impact of *change*.
    """
    for impact in impacts:
        yield _signal_line(impact.entry)
        if impact.entry is not change.entry:
            yield Line(1, Text("has the same payload", _NOTE))
        for how, send in impact.sends:
            yield _end_line(how, send)
        for how, receiver in impact.receivers:
            yield _end_line(how, receiver)
    sends = sum(len(impact.sends) for impact in impacts)
    receivers = sum(len(impact.receivers) for impact in impacts)
    touched = f"{counted(sends, 'send')}, {counted(receivers, 'receiver')}"
    yield Line(0, Text(f"{change.name} touches {touched}", _NOTE))


def _signal_line(entry: Entry) -> Line:
    signal = entry.signal
    text = Text.assemble((signal.fullname, _SIGNAL), f"({keys_text(entry.keys)})")
    if signal.place is not None:
        text.append(" ").append(str(signal.place), _PLACE)
    text.append(f" {signal.kind}", _NOTE)
    for mark in entry.marks:
        text.append(f", {mark}", _MARK)
    return Line(0, text)


def _end_line(how: str, end: AnyEnd) -> Line:
    """
    Return the line about a send or a receiver.
    """
    text = Text.assemble((f"{how:8} ", _NOTE), (str(end.place), _PLACE), " ")
    text.append(send_text(end) if isinstance(end, SendFact) else receiver_text(end))
    text.append("".join(f", {note}" for note in notes_on(end)), _NOTE)
    return Line(1, text)
