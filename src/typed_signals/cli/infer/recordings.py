"""
What ``typed_signals.record`` recorded, as a further witness of what signals carry.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from typed_signals.cli.exits import CommandError
from typed_signals.cli.output import shown
from typed_signals.cli.survey.model import Place
from typed_signals.cli.survey.program import is_in_tests
from typed_signals.cli.survey.written_types import (
    NONE,
    OBJECT,
    NamedType,
    UnionOf,
    UnknownType,
    is_known,
    parts_of,
    short_text,
    type_from_json,
)
from typed_signals.record.recorder import FORMAT, parts

from .join import (
    PROMOTED,
    alternatives,
    class_name,
    join,
    named_class,
    with_unknown_items,
    without_classes,
)
from .result import Drift, Inference, InferredKey, InferredSignal, KeyWitness, difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from typed_signals.cli.survey.written_types import WrittenType

# Classes that stand for others at run time: whether they do is not known.
_ABSTRACT: Final = ("typing", "typing_extensions", "collections.abc", "_typeshed")
# Classes that stand for others, which people write.
_IMPLEMENTED: Final = {
    "django.core.handlers.wsgi:WSGIRequest": "django.http:HttpRequest",
    "django.core.handlers.asgi:ASGIRequest": "django.http:HttpRequest",
    "pathlib:PosixPath": "pathlib:Path",
    "pathlib:WindowsPath": "pathlib:Path",
    "pathlib._local:PosixPath": "pathlib:Path",
    "pathlib._local:WindowsPath": "pathlib:Path",
}


@dataclass(frozen=True)
class RecordedSend:
    """
    A place where a signal was sent, and what it was sent with.
    """

    place: Place
    keys: tuple[str, ...]
    sender: WrittenType


@dataclass
class RecordedSignal:
    """
    What one signal was sent with.
    """

    sends: list[RecordedSend] = field(default_factory=list)
    types: dict[str, list[tuple[Place, WrittenType]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __bool__(self) -> bool:
        return bool(self.sends)


@dataclass
class Recordings:
    """
    All recorded sends.
    """

    signals: dict[str, RecordedSignal] = field(default_factory=lambda: defaultdict(RecordedSignal))
    bases: dict[str, list[str]] = field(default_factory=dict)
    """The base classes of each recorded class, in order, like ``shop.models:Order``."""

    of_tests: set[str] = field(default_factory=set)
    """The classes that tests define."""

    def of(self, signal: InferredSignal) -> RecordedSignal:
        """
        Return what was recorded of *signal*: under its name, or at the places of its sends.
        """
        if found := self.signals.get(signal.fullname):
            return found
        places = {(place.path, place.line) for place in signal.sends}
        for recorded in self.signals.values():
            if any((send.place.path, send.place.line) in places for send in recorded.sends):
                return recorded
        return RecordedSignal()


def read_recordings(files: Sequence[Path], root: Path) -> Recordings:
    """
    Return what was recorded in *files* and in the parts beside them.

    Args:
        files: the files.
        root: the folder to which places are relative.

    Raises:
        CommandError: a file is not a recording.
    """
    found = Recordings()
    for file in files:
        written = parts(file) if file.parent.is_dir() else []
        if not written:
            raise CommandError(f"there is no recording {file}")
        for part in written:
            _read(part, root.resolve(), found)
    # The order in which processes wrote them says nothing.
    for signal in found.signals.values():
        signal.sends.sort(key=lambda send: (send.place, send.keys, repr(send.sender)))
        for pairs in signal.types.values():
            pairs.sort(key=lambda pair: (pair[0], repr(pair[1])))
    return found


def _read(file: Path, root: Path, found: Recordings) -> None:
    try:
        text = file.read_text("utf-8", "replace")
    except OSError as error:
        raise CommandError(f"the recording cannot be read: {error}") from error
    # Without the last line, if the process was killed while it wrote it.
    lines = text.split("\n")[:-1]
    try:
        header, *rows = map(json.loads, lines)
        if header["typed_signals_record"] != FORMAT:
            raise CommandError(f"{file} was recorded by another version: record again")
        for row in rows:
            _add(row, Path(header["root"]), root, found)
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} is not a recording of typed_signals.record") from error


def _add(row: dict[str, Any], folder: Path, root: Path, found: Recordings) -> None:
    if "class" in row:
        found.bases[row["class"]] = row["bases"]
        if row["file"] is not None and is_in_tests(_relative(folder / row["file"], root)):
            found.of_tests.add(row["class"])
        return
    path, line = row["place"]
    place = Place(_relative(folder / path, root), line)
    signal = found.signals[row["signal"]]
    if "keys" in row:
        sender = type_from_json(row["sender"])
        signal.sends.append(RecordedSend(place, tuple(row["keys"]), sender))
    else:
        signal.types[row["key"]].append((place, type_from_json(row["type"])))


def _relative(path: Path, root: Path) -> str:
    # A program may add tests/.. to the path of imports.
    return shown(Path(os.path.normpath(path)), root)


def add_recordings(inference: Inference, recordings: Recordings) -> Inference:
    """
    Return *inference* with what was recorded: types that it lacks, conflicts, and drifts.
    """
    signals = (_joined(signal, recordings) for signal in inference.signals)
    return replace(inference, signals=tuple(signals))


def _joined(signal: InferredSignal, recordings: Recordings) -> InferredSignal:
    recorded = recordings.of(signal)
    if not recorded or signal.verdict == "declared":
        return signal
    if signal.place is None or not is_in_tests(signal.place.path):
        recorded = _as_written(recorded, recordings)
    sends = _outside_of_tests(recorded.sends)
    places = {send.place for send in sends}
    known = {key.name: key for key in signal.keys}
    names = dict.fromkeys([*known, *(key for send in sends for key in send.keys)])
    keys = tuple(
        _joined_key(
            known.get(name) or _new_key(name, sends, signal),
            [
                (place, typ)
                for place, typ in recorded.types.get(name, ())
                if place in places and not _is_mock(typ)
            ],
            recordings,
        )
        for name in names
    )
    drifts = (*signal.drifts, *_drifts(signal, keys, recorded.sends))
    why = signal.why_unsure
    if not why and len(drifts) > len(signal.drifts):
        first = drifts[len(signal.drifts)]
        where = f"{first.place} " if first.place else ""
        why = f"a recorded send differs: {where}{first.text}"
    verdict = signal.verdict
    if verdict == "never sent" and not why:
        why = "only recordings show how it is sent"
    elif verdict in ("complete", "partly typed"):
        if len(drifts) > len(signal.drifts):
            verdict = "drifting"
        else:
            is_complete = all(is_known(key.type) for key in keys)
            verdict = "complete" if is_complete else "partly typed"
    sender = signal.sender
    senders = [send.sender for send in sends if not _is_mock(send.sender)]
    if senders and (sender is None or not is_known(sender)):
        sender = _more_than_none(join(senders, recordings.bases, merges=True))
    elif sender is not None and not all(accepts(sender, each, recordings) for each in senders):
        sender = join([sender, *senders], recordings.bases, merges=True)
    return replace(signal, keys=keys, drifts=drifts, why_unsure=why, verdict=verdict, sender=sender)


def _outside_of_tests(sends: list[RecordedSend]) -> list[RecordedSend]:
    """
    Return the sends in the code itself; those in tests if there are no others.
    """
    return [send for send in sends if not is_in_tests(send.place.path)] or sends


def _as_written(recorded: RecordedSignal, recordings: Recordings) -> RecordedSignal:
    """
    Return *recorded* with base classes in place of classes that tests define, and of those that
    people do not write.
    """

    def outside(typ: WrittenType) -> WrittenType:
        return without_classes(_written(typ), recordings.of_tests, recordings.bases)

    sends = [replace(send, sender=outside(send.sender)) for send in recorded.sends]
    types = {
        key: [(place, outside(typ)) for place, typ in pairs]
        for key, pairs in recorded.types.items()
    }
    return RecordedSignal(sends, types)


def _written(typ: WrittenType) -> WrittenType:
    """
    Return *typ* with the classes that people write in place of those that implement them.
    """
    if isinstance(typ, UnionOf):
        return UnionOf(tuple(map(_written, typ.items)))
    if not isinstance(typ, NamedType):
        return typ
    name = _IMPLEMENTED.get(class_name(typ))
    return replace(typ, args=tuple(map(_written, typ.args))) if name is None else named_class(name)


def _new_key(name: str, sends: list[RecordedSend], signal: InferredSignal) -> InferredKey:
    # Others that were not recorded do not send it.
    is_required = all(name in send.keys for send in sends) and not signal.sends
    return InferredKey(name, UnknownType("only recorded"), is_required)


def _drifts(
    signal: InferredSignal, keys: tuple[InferredKey, ...], sends: list[RecordedSend]
) -> Iterator[Drift]:
    """
    Yield recorded sends that a declaration would refuse.
    """
    if signal.verdict not in ("complete", "partly typed"):
        return
    names = {key.name for key in signal.keys}
    required = {key.name for key in keys if key.required}
    for send in sends:
        if text := difference(send.keys, names, required):
            yield Drift(send.place, text)


def _joined_key(
    key: InferredKey, recorded: list[tuple[Place, WrittenType]], recordings: Recordings
) -> InferredKey:
    if not recorded:
        return key
    types = [typ for _, typ in recorded]
    known = [one.type for one in key.witnesses if one.kind == "send" and _is_useful(one.type)]
    # Another sender or other keys at a place make another fact.
    witnesses = dict.fromkeys(KeyWitness("recorded", each, place) for place, each in recorded)
    key = replace(key, witnesses=(*key.witnesses, *witnesses))
    if not _is_useful(key.type):
        return replace(key, type=_joined_types(known, types, recordings))
    others = [*_not_accepted(types, key.type, recordings)]
    if not others:
        return key
    found = join(others, recordings.bases, merges=True)
    conflict = f"the code says {short_text(key.type)}, but {short_text(found)} was sent"
    joined = _joined_types([key.type], types, recordings)
    return replace(
        key,
        type=key.type if isinstance(joined, UnknownType) else joined,
        conflict="; ".join(filter(None, [key.conflict, conflict])),
    )


def _joined_types(
    known: Sequence[WrittenType], recorded: Sequence[WrittenType], recordings: Recordings
) -> WrittenType:
    """
    Return the type of what the code says, and of what was sent in addition.
    """
    others = [*_not_accepted(recorded, UnionOf((*known,)), recordings)]
    found = [join(others, recordings.bases, merges=True)] if others else []
    return _more_than_none(with_unknown_items(join([*known, *found], recordings.bases)))


def _more_than_none(typ: WrittenType) -> WrittenType:
    """
    Return *typ*; for None, that it is not known, because other values are sent when no test runs.
    """
    return UnknownType("only None was recorded") if typ == NONE else typ


def _not_accepted(
    recorded: Iterable[WrittenType], typ: WrittenType, recordings: Recordings
) -> Iterator[WrittenType]:
    for each in recorded:
        for one in alternatives(each):
            if not accepts(typ, one, recordings):
                yield one


def _is_useful(typ: WrittenType | None) -> TypeGuard[WrittenType]:
    return typ is not None and is_known(typ) and typ != OBJECT and not _is_mock(typ)


def _is_mock(typ: WrittenType) -> bool:
    return any(
        isinstance(part, NamedType) and part.module == "unittest.mock" for part in parts_of(typ)
    )


def accepts(typ: WrittenType, recorded: WrittenType, recordings: Recordings) -> bool:
    """
    Return whether a value of the *recorded* type may be of the type *typ*, as far as is known.
    """
    return all(
        any(_accepts_one(one, each, recordings) for one in alternatives(typ))
        for each in alternatives(recorded)
    )


def _accepts_one(typ: WrittenType, recorded: WrittenType, recordings: Recordings) -> bool:
    if not isinstance(typ, NamedType) or not isinstance(recorded, NamedType):
        return True
    if NONE in (typ, recorded):
        return typ in (recorded, OBJECT)
    if not typ.at_run_time or typ.module in _ABSTRACT or typ == OBJECT:
        return True
    names = [class_name(recorded), *recordings.bases.get(class_name(recorded), ())]
    names += [PROMOTED[name] for name in names if name in PROMOTED]
    # Some modules are known under another name at run time.
    if typ.name not in {name.partition(":")[2] for name in names}:
        return False
    if class_name(typ) == class_name(recorded) and len(typ.args) == len(recorded.args):
        pairs = zip(typ.args, recorded.args, strict=True)
        return all(accepts(one, other, recordings) for one, other in pairs)
    return True
