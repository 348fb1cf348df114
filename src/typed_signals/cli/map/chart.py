"""
What the map shows: each signal with its sends and its receivers, and the ends that are not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from typed_signals._watch.by_name import is_meant
from typed_signals.cli.survey.model import Key, SendFact
from typed_signals.cli.survey.program import is_in_tests
from typed_signals.cli.survey.writable import union_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals.cli.survey.model import Place, ReceiverFact, SignalFact, Survey
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

    hidden: int = 0
    """How many sends and receivers are left out because they are in tests."""

    def names(self) -> list[str]:
        """
        Return the full names of the signals.
        """
        return [entry.signal.fullname for entry in self.entries]


def chart_of(survey: Survey, *, with_tests: bool) -> Chart:
    """
    Return the map of *survey*: the signals that the project defines, sends or receives.

    Args:
        survey: the facts.
        with_tests: whether signals, sends and receivers in tests belong to it.
    """
    ends: list[AnyEnd] = [*survey.sends, *survey.receivers]
    shown = [end for end in ends if with_tests or not end.in_tests]
    sends: dict[str | None, list[SendFact]] = {}
    receivers: dict[str | None, list[ReceiverFact]] = {}
    for end in sorted(shown, key=_order):
        if isinstance(end, SendFact):
            sends.setdefault(end.signal, []).append(end)
        else:
            receivers.setdefault(end.signal, []).append(end)
    entries = [
        _entry(fact, sends.get(fact.fullname, ()), receivers.get(fact.fullname, ()))
        for fact in sorted(survey.signals, key=lambda each: each.fullname)
    ]
    return Chart(
        entries=tuple(
            entry
            for entry in entries
            if entry.sends
            or entry.receivers
            or (entry.signal.in_project and (with_tests or not _is_in_tests(entry.signal)))
        ),
        unknown_sends=tuple(sends.get(None, ())),
        unknown_receivers=tuple(receivers.get(None, ())),
        problems=tuple(each.removeprefix(f"{survey.root}/") for each in survey.problems),
        hidden=len(ends) - len(shown),
    )


def _order(end: AnyEnd) -> tuple[Place, str]:
    return end.place, end.method if isinstance(end, SendFact) else end.name


def _is_in_tests(signal: SignalFact) -> bool:
    return signal.place is not None and is_in_tests(signal.place.path)


def _entry(
    signal: SignalFact, sends: Sequence[SendFact], receivers: Sequence[ReceiverFact]
) -> Entry:
    marks: dict[Mark, bool] = {
        # Those that Django itself defines are documented.
        "undeclared": signal.payload is None and signal.kind != "builtin",
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
    types: dict[str, list[WrittenType]] = {}
    for send in sends:
        for name, key in send.keys.items():
            types.setdefault(name, []).append(key.type)
    return {
        name: Key(
            union_of(each),
            required=all(name in send.keys and send.keys[name].required for send in sends),
        )
        for name, each in types.items()
    }
