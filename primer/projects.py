"""
The projects for the plugin, and its approved reports.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Project:
    """
    A table of ``projects.toml``, which documents each key.
    """

    name: str
    version: str
    sha256: str
    check: tuple[str, ...]
    root: str = "."
    exclude: tuple[str, ...] = ()
    settings: str | None = None
    path: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    quick: bool = False


@dataclass(frozen=True)
class Checkout:
    """
    A table of ``checkouts.toml``, which documents each key.
    """

    name: str
    repository: str
    commit: str
    check: tuple[str, ...]
    root: str = "."
    requirements: tuple[str, ...] = ()
    settings: str | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Approval:
    """
    A table of ``approved.toml``: a correct report.
    """

    project: str
    file: str
    code: str
    message: str
    why: str


@dataclass(frozen=True)
class Missed:
    """
    A table of ``planted.toml``: planted mistakes that are not found.
    """

    project: str
    style: str
    receivers: tuple[str, ...]
    """Each as ``file: function (signals)``."""

    why: str


@dataclass(frozen=True)
class Expected:
    """
    ``planted.toml``: what is planted, and what is not found of it.
    """

    planted: dict[str, dict[str, int]]
    """The number of mistakes by project and style."""

    missed: tuple[Missed, ...]


def read_projects(path: Path) -> list[Project]:
    """
    Return the projects in the file at *path*.

    Raises:
        TypeError: a table has an unknown key, or a key is missing.
    """
    tables = tomllib.loads(path.read_text("utf-8"))
    return [Project(name=name, **_frozen(table)) for name, table in tables.items()]


def read_checkouts(path: Path) -> list[Checkout]:
    """
    Return the checkouts in the file at *path*.

    Raises:
        TypeError: a table has an unknown key, or a key is missing.
    """
    tables = tomllib.loads(path.read_text("utf-8"))
    return [Checkout(name=name, **_frozen(table)) for name, table in tables.items()]


def read_approvals(path: Path) -> list[Approval]:
    """
    Return the approvals in the file at *path*.

    Raises:
        TypeError: a table has an unknown key, or a key is missing.
    """
    tables = tomllib.loads(path.read_text("utf-8")).get("approved", [])
    return [Approval(**table) for table in tables]


def read_expected(path: Path) -> Expected:
    """
    Return what is expected of planted mistakes by the file at *path*.

    Raises:
        TypeError: a table has an unknown key, or a key is missing.
    """
    tables = tomllib.loads(path.read_text("utf-8"))
    missed = tuple(Missed(**_frozen(table)) for table in tables.get("missed", []))
    return Expected(tables.get("planted", {}), missed)


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
