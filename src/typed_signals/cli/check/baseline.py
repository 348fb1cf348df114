"""
A file of known errors, so that only new ones are reported.

An error is recognised by its file, code and message, and by its line of code if there are several:
not by its line number, which other changes shift.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typed_signals.cli.exits import CommandError
from typed_signals.cli.output import opened, shown_from

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .found import Problem

_VERSION: Final = 1


class Entry(NamedTuple):
    """
    An error in the file.
    """

    path: str
    """Relative to the folder of the file, with slashes."""

    code: str
    message: str
    source: str


@dataclass(frozen=True)
class Compared:
    """
    Errors, compared with a baseline.
    """

    new: list[Problem]
    known: int
    stale: list[Entry]
    """Those that no longer occur."""


def write_baseline(file: Path, problems: Iterable[Problem]) -> None:
    """
    Write *problems* to *file*.

    Raises:
        CommandError: it cannot be written.
    """
    counted = Counter(_entry(file, problem) for problem in problems)
    entries = [{**entry._asdict(), "count": count} for entry, count in sorted(counted.items())]
    text = json.dumps({"version": _VERSION, "errors": entries}, indent=1, ensure_ascii=False)
    with opened(file) as output:
        print(text, file=output)


def compare(file: Path, problems: Iterable[Problem], checked: set[Path]) -> Compared:
    """
    Compare *problems* with the baseline in *file*.

    Args:
        file: the baseline.
        problems: the errors that were found.
        checked: the files that were checked: what is known of others is not stale.

    Raises:
        CommandError: *file* cannot be read.
    """
    known = _read(file)
    every = sorted(problems)
    left: list[Problem] = []
    for problem in every:
        entry = _entry(file, problem)
        if known[entry] > 0:
            known[entry] -= 1
        else:
            left.append(problem)
    # The line of code may have changed.
    by_message: dict[Entry, list[Entry]] = {}
    for entry in known.elements():
        by_message.setdefault(entry._replace(source=""), []).append(entry)
    new: list[Problem] = []
    for problem in left:
        same = by_message.get(_entry(file, problem)._replace(source=""), [])
        if same:
            known[same.pop()] -= 1
        else:
            new.append(problem)
    paths = {_relative(file, path) for path in checked}
    stale = [
        entry
        for entry in sorted(known.elements())
        if entry.path in paths or not (file.parent / entry.path).exists()
    ]
    return Compared(new, len(every) - len(new), stale)


def _entry(file: Path, problem: Problem) -> Entry:
    return Entry(_relative(file, problem.path), problem.code, problem.message, problem.source)


def _relative(file: Path, path: Path) -> str:
    return shown_from(path, file.absolute().parent)


def _read(file: Path) -> Counter[Entry]:
    try:
        content: Any = json.loads(file.read_text("utf-8"))
        if content["version"] != _VERSION:
            raise CommandError(
                f"{file} has version {content['version']}, but this is version {_VERSION}: "
                f"write it again with --write-baseline"
            )
        found: Counter[Entry] = Counter()
        for error in content["errors"]:
            entry = Entry(*(str(error[name]) for name in Entry._fields))
            found[entry] += int(error["count"])
    except FileNotFoundError as error:
        raise CommandError(f"{file} does not exist: write it with --write-baseline") from error
    except OSError as error:
        raise CommandError(f"the baseline cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"{file} is not a baseline: write one to another file with --write-baseline"
        ) from error
    return found
