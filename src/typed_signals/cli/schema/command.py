"""
The command: read the contracts of a project, and print, write or check them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from typed_signals._watch.by_name import is_meant
from typed_signals.cli.exits import CLEAN, FOUND, CommandError
from typed_signals.cli.output import counted, opened
from typed_signals.cli.project import find_project

from .asyncapi import asyncapi_of
from .changes import Fails, changes_between
from .folder import as_json, read_folder, write_folder
from .read import not_read, read_contracts

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from .changes import Change
    from .folder import Contracts
    from .process import Result


def write_or_check(arguments: Namespace) -> int:
    """
    Print, write or check the contracts of a project, and return the exit code.

    Raises:
        CommandError: the project cannot be read, or a file cannot be read or written.
    """
    folder: Path | None = arguments.write or arguments.check
    if folder is not None and (arguments.output or arguments.format == "asyncapi"):
        raise CommandError(
            "--format and --output write one document: leave them out with --write and --check"
        )
    project = find_project(arguments.paths, arguments.python)
    result = read_contracts(project, arguments.signal)
    undeclared = [f"{counted(len(result.undeclared), 'signal')} without a declared payload"]
    for remark in (
        *project.remarks,
        *result.problems,
        *not_read(result),
        *(undeclared if result.undeclared else ()),
    ):
        print(remark, file=sys.stderr)
    if folder is None:
        is_document = arguments.format == "asyncapi"
        contracts = result.contracts
        data = asyncapi_of(contracts, project.root) if is_document else contracts
        with opened(arguments.output) as file:
            file.write(as_json(data))
        return CLEAN
    old = _known(folder, result, arguments.signal)
    try:
        changes = changes_between(old, result.contracts)
    except (AttributeError, KeyError, TypeError) as error:
        raise CommandError(
            f"{folder} has a file that --write did not write ({error!r}): restore the committed one"
        ) from error
    if arguments.write is not None:
        for line in (
            *(changes if old else ()),
            *write_folder(folder, result.contracts, old.keys() - result.contracts),
        ):
            print(line)
        return CLEAN
    if not old:
        raise CommandError(f"there are no contracts in {folder}: write them with --write")
    return _report(changes, arguments.allow)


def _known(folder: Path, result: Result, patterns: list[str]) -> Contracts:
    """
    Return the contracts in *folder*, as far as they are compared with *result*.

    Raises:
        CommandError: what they are of cannot be read now, so it is not known whether it is gone.
    """
    known = {
        name: contract
        for name, contract in read_folder(folder).items()
        if not patterns or any(is_meant(name, pattern) for pattern in patterns)
    }
    unread = result.unread | dict.fromkeys(result.undeclared, "its payload is not declared")
    for name in sorted(known.keys() - result.contracts):
        for place, why in unread.items():
            if f"{name}.".startswith(f"{place}."):
                raise CommandError(f"{name} is in {folder}, but {place} cannot be read: {why}")
    return known


def _report(changes: list[Change], allow: list[str]) -> int:
    """
    Print *changes*, and return the exit code.

    Args:
        changes: the changes.
        allow: patterns for those that are allowed.
    """
    counts = {"breaking": 0, "allowed": 0, "compatible": 0}
    for change in changes:
        is_allowed = any(change.is_in(pattern) for pattern in allow)
        if change.fails is Fails.NOTHING:
            kind = "compatible"
        else:
            kind = "allowed" if is_allowed else "breaking"
        counts[kind] += 1
        print(f"{change} (allowed)" if kind == "allowed" else change)
    for pattern in allow:
        if not any(change.is_in(pattern) for change in changes):
            print(f"--allow {pattern}: there is no such change, so remove it", file=sys.stderr)
    print(", ".join(f"{kind} changes: {count}" for kind, count in counts.items()))
    return FOUND if counts["breaking"] else CLEAN
