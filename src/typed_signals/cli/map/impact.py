"""
What a change of a signal, or of one key of its payload, touches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from typed_signals._shared.messages import RESERVED_KEYS, listed, suggest
from typed_signals.cli.exits import CommandError
from typed_signals.cli.output import no_signal

if TYPE_CHECKING:
    from typed_signals.cli.survey.model import ReceiverFact, SendFact

    from .chart import Chart, Entry

How: TypeAlias = Literal["sends", "may send", "names", "reads", "may read", "receives"]
"""
- ``sends``: the send passes the key, or it is the signal that changes.
- ``may send``: the send unpacks something that may contain the key.
- ``names``: the receiver has a parameter for the key.
- ``reads``: the receiver reads the key from its ``**kwargs``.
- ``may read``: the receiver passes its ``**kwargs`` on, or its parameters are not known.
- ``receives``: it is the signal that changes.
"""

UNCERTAIN: Final[tuple[How, ...]] = ("may send", "may read")


@dataclass(frozen=True)
class Change:
    """
    What changes: a signal, or a key of its payload.
    """

    entry: Entry
    key: str | None = None

    @property
    def name(self) -> str:
        """
        Its full name.
        """
        signal = self.entry.signal.fullname
        return signal if self.key is None else f"{signal}.{self.key}"


@dataclass(frozen=True)
class Impact:
    """
    What a change touches, of one signal.
    """

    entry: Entry
    sends: tuple[tuple[How, SendFact], ...]
    receivers: tuple[tuple[How, ReceiverFact], ...]


def read_change(text: str, chart: Chart) -> Change:
    """
    Return the change of *text*, such as ``pizza_done`` or ``shop.signals.pizza_done.size``.

    Raises:
        CommandError: there is no such signal or key, or there are several.
    """
    name, _, key = text.rpartition(".")
    of_key = [entry for entry in chart.entries if name and entry.is_called(name)]
    found = [
        *(Change(entry) for entry in chart.entries if entry.is_called(text)),
        *(Change(entry, key) for entry in of_key if key in _known_keys(entry)),
    ]
    exact = [change for change in found if change.name == text]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if found:
        names = listed(change.name for change in found)
        raise CommandError(f"{text!r} may be one of {names}: write its full name")
    if of_key:
        raise CommandError(_no_key(key, of_key))
    raise CommandError(no_signal(text, chart.names()))


def impacts_of(change: Change, chart: Chart) -> list[Impact]:
    """
    Return what *change* touches: of its signal, then of others whose payload has the same type.
    """
    payload = change.entry.signal.payload_type
    others = [
        entry
        for entry in chart.entries
        if change.key is not None
        and payload is not None
        and entry.signal.payload_type == payload
        and entry is not change.entry
    ]
    return [_impact(entry, change.key) for entry in (change.entry, *others)]


def how_sent(send: SendFact, key: str | None) -> How | None:
    """
    Return how a change of *key*, or of the whole signal, touches *send*; None if it does not.
    """
    if key is None or key in send.keys:
        return "sends"
    return "may send" if send.spread else None


def how_received(receiver: ReceiverFact, key: str | None) -> How | None:
    """
    Return how a change of *key*, or of the whole signal, touches *receiver*; None if it does not.
    """
    if key is None:
        return "receives"
    if receiver.parameters is None:
        return "may read"
    if any(key == each.name for each in receiver.parameters):
        return "names"
    if key in receiver.reads:
        return "reads"
    return "may read" if receiver.kwargs is not None and receiver.may_read_more else None


def _impact(entry: Entry, key: str | None) -> Impact:
    return Impact(
        entry,
        tuple((how, send) for send in entry.sends if (how := how_sent(send, key))),
        tuple((how, each) for each in entry.receivers if (how := how_received(each, key))),
    )


def _known_keys(entry: Entry) -> set[str]:
    """
    Return the keys that are declared, sent, named or read.
    """
    keys = set(entry.keys)
    for send in entry.sends:
        keys.update(send.keys)
    for receiver in entry.receivers:
        keys.update(receiver.reads, (each.name for each in receiver.key_parameters))
    return keys.difference(RESERVED_KEYS)


def _no_key(key: str, entries: list[Entry]) -> str:
    keys = sorted(set().union(*map(_known_keys, entries)))
    meant = suggest(key, keys)
    names = listed(entry.signal.fullname for entry in entries)
    known = f"its keys are {listed(keys)}" if keys else "none are known"
    return f"{names} has no key {key!r}: {f'did you mean {meant!r}?' if meant else known}"
