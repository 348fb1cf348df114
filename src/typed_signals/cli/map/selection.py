"""
Which signals of the map are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from typed_signals.cli.exits import CommandError
from typed_signals.cli.output import no_signal
from typed_signals.cli.survey.model import ReceiverFact, SignalFact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from typed_signals.cli.survey.model import SendFact, SignalKind

    from .chart import Chart, Entry, Mark

    AnyFact: TypeAlias = SignalFact | SendFact | ReceiverFact


@dataclass(frozen=True)
class Selection:
    """
    What is shown: the signals that match each of these filters. An empty one matches everything.
    """

    patterns: tuple[str, ...] = ()
    """Names of signals, or patterns for them."""

    packages: tuple[str, ...] = ()
    """Packages whose signals are shown with all ends, and whose ends with their signals."""

    kinds: tuple[SignalKind, ...] = ()
    marks: tuple[Mark, ...] = ()
    """What the signals lack."""

    def of(self, chart: Chart) -> Chart:
        """
        Return the part of *chart* that is shown.

        Raises:
            CommandError: a pattern or a package matches nothing.
        """
        for pattern in self.patterns:
            if not any(entry.is_called(pattern) for entry in chart.entries):
                raise CommandError(no_signal(pattern, chart.names()))
        for package in self.packages:
            if not any(_is_in(package, fact) for fact in _facts(chart)):
                raise CommandError(f"package {package!r} defines, sends and receives no signal")
        entries = [
            mine
            for entry in chart.entries
            if (not self.patterns or any(entry.is_called(pattern) for pattern in self.patterns))
            and (not self.kinds or entry.signal.kind in self.kinds)
            and set(self.marks).issubset(entry.marks)
            and (mine := self._ends_of_packages(entry))
        ]
        # It is not known whether they match the others.
        shows_unknown = not (self.patterns or self.kinds or self.marks)
        return replace(
            chart,
            entries=tuple(entries),
            unknown_sends=tuple(
                filter(self._is_in_packages, chart.unknown_sends if shows_unknown else ())
            ),
            unknown_receivers=tuple(
                filter(self._is_in_packages, chart.unknown_receivers if shows_unknown else ())
            ),
        )

    def _ends_of_packages(self, entry: Entry) -> Entry | None:
        if self._is_in_packages(entry.signal):
            return entry
        sends = tuple(filter(self._is_in_packages, entry.sends))
        receivers = tuple(filter(self._is_in_packages, entry.receivers))
        return replace(entry, sends=sends, receivers=receivers) if sends or receivers else None

    def _is_in_packages(self, fact: AnyFact) -> bool:
        return not self.packages or any(_is_in(package, fact) for package in self.packages)


def _facts(chart: Chart) -> Iterator[AnyFact]:
    for entry in chart.entries:
        yield entry.signal
        yield from entry.sends
        yield from entry.receivers
    yield from chart.unknown_sends
    yield from chart.unknown_receivers


def _is_in(package: str, fact: AnyFact) -> bool:
    """
    Return whether *fact* is in the *package*, or its app: the last part of its name is enough.
    """
    if isinstance(fact, SignalFact):
        names = [fact.fullname]
    else:
        places = [fact.place, fact.defined if isinstance(fact, ReceiverFact) else None]
        names = [each.path.removesuffix(".py").replace("/", ".") for each in places if each]
    return any(f".{package}." in f".{name}." for name in names)
