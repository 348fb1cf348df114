"""
How much of the project was judged.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typed_signals.cli.output import counted, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .found import Call, Outcome


@dataclass(frozen=True)
class Summary:
    """
    Counts of what was read.
    """

    files: int
    signals: int
    declared: int
    """Of these signals."""

    sends: int
    receivers: int
    unjudged: dict[str, dict[str, int]]
    """The number of sends and receivers, by the reason why they could not be judged."""

    remarks: list[str]
    """What was left out."""

    @classmethod
    def of(cls, outcome: Outcome) -> Summary:
        """
        Return the summary of a check.
        """
        # mypy may check code several times, and know more in the end; an empty reason comes first.
        places: dict[object, Call] = {}
        for call in sorted(outcome.calls):
            places.setdefault(call._replace(unjudged=""), call)
        kinds = Counter(call.kind for call in places.values())
        unjudged: dict[str, dict[str, int]] = {}
        for call in places.values():
            if call.unjudged and call.kind != "signal":
                by_kind = unjudged.setdefault(call.unjudged, {"send": 0, "receiver": 0})
                by_kind[call.kind] += 1
        signals = {
            call.signal: not call.unjudged for call in places.values() if call.kind == "signal"
        }
        unread = [f"{shown(path)}:{why}" for path, why in sorted(outcome.unread.items())]
        return cls(
            len(outcome.files),
            len(signals),
            sum(signals.values()),
            kinds["send"],
            kinds["receiver"],
            dict(sorted(unjudged.items(), key=lambda item: (-sum(item[1].values()), item[0]))),
            [*dict.fromkeys(outcome.remarks), *(f"not checked: {each}" for each in unread)],
        )

    def as_json(self) -> dict[str, Any]:
        """
        Return the summary as plain data.
        """
        return dict(vars(self))

    def lines(self) -> Iterator[str]:
        """
        Yield the lines of the summary.
        """
        yield (
            f"{counted(self.files, 'file')}: {counted(self.signals, 'signal')} "
            f"({self.declared} declared), {counted(self.sends, 'send')}, "
            f"{counted(self.receivers, 'receiver')}"
        )
        for reason, counts in self.unjudged.items():
            named = [counted(count, kind) for kind, count in counts.items() if count]
            yield f"not judged: {' and '.join(named)}, because {reason}"
