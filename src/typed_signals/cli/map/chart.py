"""
What the map shows: each signal with its sends and its receivers, and the ends that are not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from typed_signals._watch.by_name import is_meant
from typed_signals.cli.survey.model import Key
from typed_signals.cli.survey.written_types import UnionOf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals.cli.survey.model import ReceiverFact, SendFact, SignalFact, Survey
    from typed_signals.cli.survey.written_types import WrittenType

AnyEnd: TypeAlias = "SendFact | ReceiverFact"

Mark: TypeAlias = Literal["undeclared", "never sent", "no receivers"]
"""What a signal lacks in the surveyed code."""

MARKS: Final[tuple[Mark, ...]] = get_args(Mark)


@dataclass(frozen=True)
class Entry:
    """
    A signal with its ends, in the order of their places.
    """

    signal: SignalFact
    keys: dict[str, Key]
    """The keys that are declared, or else those that are sent."""

    marks: tuple[Mark, ...] = ()
    sends: tuple[SendFact, ...] = ()
    receivers: tuple[ReceiverFact, ...] = ()

    def is_called(self, pattern: str) -> bool:
        """
        Return whether *pattern* is a name of the signal, the end of one, or a pattern for one.
        """
        names = (self.signal.fullname, *self.signal.aliases)
        return any(is_meant(name, pattern) for name in names)


@dataclass(frozen=True)
class Chart:
    """
    All signals of a project by name, and the ends whose signal is not known.
    """

    entries: tuple[Entry, ...] = ()
    unknown_sends: tuple[SendFact, ...] = ()
    unknown_receivers: tuple[ReceiverFact, ...] = ()
    problems: tuple[str, ...] = ()
    """What prevented that all files were read."""


def chart_of(survey: Survey) -> Chart:
    """
    Return the map of *survey*: the signals that the project defines, sends or receives.
    """
    sends: dict[str | None, list[SendFact]] = {}
    receivers: dict[str | None, list[ReceiverFact]] = {}
    for send in sorted(survey.sends, key=lambda each: (each.place, each.method)):
        sends.setdefault(send.signal, []).append(send)
    for receiver in sorted(survey.receivers, key=lambda each: (each.place, each.name)):
        receivers.setdefault(receiver.signal, []).append(receiver)
    entries = [
        _entry(fact, sends.get(fact.fullname, ()), receivers.get(fact.fullname, ()))
        for fact in sorted(survey.signals, key=lambda each: each.fullname)
    ]
    return Chart(
        entries=tuple(
            entry for entry in entries if entry.signal.in_project or entry.sends or entry.receivers
        ),
        unknown_sends=tuple(sends.get(None, ())),
        unknown_receivers=tuple(receivers.get(None, ())),
        problems=survey.problems,
    )


def _entry(
    signal: SignalFact, sends: Sequence[SendFact], receivers: Sequence[ReceiverFact]
) -> Entry:
    marks: dict[Mark, bool] = {
        "undeclared": signal.payload is None,
        # Others may send and receive what the project does not define.
        "never sent": signal.in_project and not sends,
        "no receivers": signal.in_project and not receivers,
    }
    return Entry(
        signal=signal,
        keys=_sent_keys(sends) if signal.payload is None else signal.payload,
        marks=tuple(mark for mark, is_true in marks.items() if is_true),
        sends=tuple(sends),
        receivers=tuple(receivers),
    )


def _sent_keys(sends: Sequence[SendFact]) -> dict[str, Key]:
    types: dict[str, dict[WrittenType, None]] = {}
    for send in sends:
        for name, key in send.keys.items():
            types.setdefault(name, {})[key.type] = None
    return {
        name: Key(
            next(iter(each)) if len(each) == 1 else UnionOf(tuple(each)),
            required=all(name in send.keys and send.keys[name].required for send in sends),
        )
        for name, each in types.items()
    }
