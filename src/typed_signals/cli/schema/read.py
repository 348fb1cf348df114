"""
Read the contracts of a project: its own Python imports it, in another process.
"""

from __future__ import annotations

import json
import pickle
import re
import subprocess
from typing import TYPE_CHECKING, Final

from typed_signals._watch.by_name import is_meant
from typed_signals.cli.child import child_command
from typed_signals.cli.exits import CommandError
from typed_signals.cli.output import no_signal
from typed_signals.cli.survey.program import is_in_tests

from .process import Job, Result

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from typed_signals.cli.project import Part, Project

_MODULE: Final = "typed_signals.cli.schema.process"
# Classes of signals, by their names.
_CLASSES: Final = r"\w*Signal"
_NOT_INSTALLED: Final = "ModuleNotFoundError: No module named 'typed_signals"


def read_contracts(project: Project, patterns: Sequence[str]) -> Result:
    """
    Return the contracts of the signals of *project*.

    Args:
        project: the project.
        patterns: only of the signals that one of them means, if there are any.

    Raises:
        CommandError: nothing can be read, or a pattern means nothing.
    """
    total = Result()
    for part in project.parts:
        job = job_for(project, part)
        if job.read:
            result = _result_of(job, project)
            total.contracts |= result.contracts
            total.unread |= result.unread
            total.undeclared += result.undeclared
            total.problems += result.problems
    for pattern in patterns:
        if not any(is_meant(name, pattern) for name in total.contracts):
            raise CommandError("; ".join([no_signal(pattern, total.contracts), *_why(total)]))
    if not total.contracts:
        why = _why(total) or ["declare them, as typed-signals infer --write does"]
        raise CommandError("; ".join(["no declared signals are found", *why]))
    total.contracts = {
        name: contract
        for name, contract in sorted(total.contracts.items())
        if not patterns or any(is_meant(name, pattern) for pattern in patterns)
    }
    return total


def _why(result: Result) -> list[str]:
    """
    Return what may be the reason that something is missing.
    """
    return [*result.problems, *not_read(result)]


def not_read(result: Result) -> Iterable[str]:
    """
    Return a message for what could not be read, each.
    """
    return [f"not read: {name}: {why}" for name, why in result.unread.items()]


def job_for(project: Project, part: Part) -> Job:
    """
    Return what to read of a *part* of *project*: files that may define signals, except for tests.

    Files that are arguments of the command are read in any case.
    """
    own = {
        module: path
        for module, path in part.files.items()
        if path in project.paths
        or (_is_called(path, module) and not _is_script_or_test(path, project.paths))
    }
    texts = {module: path.read_text("utf-8", "replace") for module, path in own.items()}
    named = re.compile(rf"\b({'|'.join(_classes_in(texts.values()))})\b")
    read = {
        module: path
        for module, path in own.items()
        if path in project.paths or named.search(texts[module])
    }
    # Those with the signals first: other folders may have modules with the names of installed ones.
    deepest_first = sorted(part.roots, key=lambda root: -len(root.parts))
    used = (
        next((root for root in deepest_first if path.is_relative_to(root)), part.roots[0])
        for path in read.values()
    )
    folders = dict.fromkeys([*used, *(part.roots if part.settings else ())])
    return Job(tuple(map(str, folders)), tuple(sorted(read)), frozenset(own), part.settings)


def _classes_in(texts: Collection[str]) -> set[str]:
    """
    Return patterns for the names of the classes of signals in *texts*.
    """
    found, before = {_CLASSES}, 0
    while len(found) > before:
        before = len(found)
        inherits = re.compile(
            rf"^[ \t]*class[ \t]+(\w+)\b[^\n]*\b(?:{'|'.join(found)})\b", re.MULTILINE
        )
        found.update(name for text in texts for name in inherits.findall(text))
    return found


def _is_script_or_test(path: Path, given: Iterable[Path]) -> bool:
    """
    Return whether the file in *path* is not for a worker, by its place in the *given* folders.
    """
    places = [path.relative_to(each) for each in given if path.is_relative_to(each)]
    return path.stem == "__main__" or all(is_in_tests(place.as_posix()) for place in places)


def _is_called(path: Path, module: str) -> bool:
    """
    Return whether the file can be imported as *module*: scripts with the same name cannot.
    """
    parts = path.with_suffix("").parts
    return f".{'.'.join(parts)}".removesuffix(".__init__").endswith(f".{module}")


def _result_of(job: Job, project: Project) -> Result:
    python = project.interpreter.path
    # In the current folder, as a worker.
    command = child_command(_MODULE, python)
    ended = subprocess.run(command, input=pickle.dumps(job), capture_output=True, check=False)
    try:
        result = Result(**json.loads(ended.stdout))
    except (TypeError, ValueError):  # also what another release of this package writes
        lines = ended.stderr.decode(errors="replace").splitlines()
        why = lines[-1] if lines else f"it ended with code {ended.returncode}"
        if why.startswith(_NOT_INSTALLED):
            raise _needs("typed-signals", project) from None
        raise CommandError(f"the project cannot be imported by {python}: {why}") from None
    if result.lacks:
        raise _needs("msgspec", project)
    return result


def _needs(package: str, project: Project) -> CommandError:
    python = project.interpreter
    return CommandError(
        f"schema needs {package} in the Python of the project, {python.path} ({python.source}): "
        "install 'typed-signals[background]' there, or pass another one as --python"
    )
