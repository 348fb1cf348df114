"""
The process that imports a part of a project, with the Python of the project.

It reads a ``Job``, and writes what it read as JSON. It only needs what the project has: this
package, and msgspec.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from typed_signals._base import BaseSignal
from typed_signals._declare.payload import UNDECLARED
from typed_signals._shared.named_objects import named_objects
from typed_signals.cli.child import work
from typed_signals.exceptions import ContractWarning, DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator


_SETTINGS: Final = "DJANGO_SETTINGS_MODULE"


@dataclass(frozen=True)
class Job:
    """
    What to read.
    """

    folders: tuple[str, ...]
    """Where modules are imported from, before the folders of the Python."""

    read: tuple[str, ...]
    """The modules to import."""

    own: frozenset[str]
    """The modules whose signals are those of the project."""

    settings: str | None = None
    """The module of the Django settings."""


@dataclass
class Result:
    """
    What was read.
    """

    contracts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The schema of the payload of each declared signal, by name."""

    unread: dict[str, str] = field(default_factory=dict)
    """Why a module or a signal cannot be read, by name."""

    undeclared: list[str] = field(default_factory=list)
    """The signals whose payload is not declared."""

    problems: list[str] = field(default_factory=list)
    """What else is wrong."""

    lacks: bool = False
    """Whether msgspec is not installed."""


def main() -> None:
    """
    Do the job in stdin.
    """
    work(lambda job, output: json.dump(vars(run_job(job)), output))


def run_job(job: Job) -> Result:
    """
    Import a part of a project, and return the contracts of its signals.
    """
    result = Result(lacks=find_spec("msgspec") is None)
    if result.lacks:
        return result
    with warnings.catch_warnings(record=True, action="always", category=ContractWarning) as issued:
        _import(job, result)
        for name, signal in sorted(_signals_in(job.own), key=lambda pair: pair[0]):
            _add_contract(name, signal, result)
    for name in result.undeclared.copy():
        for warning in issued:
            if (text := str(warning.message)).startswith(f"{name}: "):
                result.undeclared.remove(name)
                result.unread[name] = text.removeprefix(f"{name}: ")
                break
    return result


def _import(job: Job, result: Result) -> None:
    sys.path[:0] = job.folders
    if job.settings is not None and (problem := _problem_of_django(job.settings)):
        result.problems.append(problem)
    for module in job.read:
        try:
            import_module(module)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - of any module
            result.unread[module] = f"importing it raised {_shown(error)}"


def _problem_of_django(settings: str) -> str:
    """
    Load the applications of a Django project, as its workers do; return why it is not possible.
    """
    os.environ[_SETTINGS] = settings
    try:
        import_module("django").setup()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - of the settings, or of an application
        return f"Django cannot be set up with the settings {settings}: {_shown(error)}"
    return ""


def _shown(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _signals_in(modules: frozenset[str]) -> Iterator[tuple[str, BaseSignal[Any, Any]]]:
    """
    Yield the name of each signal that has one in these *modules*, and the signal.
    """
    found = {id(value): value for _, _, value in named_objects(BaseSignal)}
    for signal in found.values():
        name = signal._declaration.name_of(signal)
        if any(part in modules for part in _modules_of(name)):
            yield name, signal


def _modules_of(name: str) -> Iterator[str]:
    """
    Yield the names of the modules that may define what has this *name*.
    """
    while name := name.rpartition(".")[0]:
        yield name


def _add_contract(name: str, signal: BaseSignal[Any, Any], result: Result) -> None:
    from .contract import contract_of  # needs msgspec

    try:
        if signal._declaration.payload_of(signal) is UNDECLARED:
            result.undeclared.append(name)
        else:
            result.contracts[name] = contract_of(name, signal)
    except DeclarationError as error:
        result.unread[name] = str(error).removeprefix(f"{name}: ")
