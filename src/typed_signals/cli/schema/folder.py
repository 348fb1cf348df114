"""
The folder with one file for each signal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from typed_signals.cli.exits import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Contracts: TypeAlias = "Mapping[str, dict[str, Any]]"
"""Schemas of payloads, by the names of the signals."""

LEFT_OUT: Final = "x-left-out"
"""The keys that do not travel, and why."""

_SUFFIX: Final = ".json"


def as_json(data: object) -> str:
    """
    Return *data* as indented JSON.
    """
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def read_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """
    Return the contracts in *folder*, which were written by :func:`write_folder`.

    Other files are ignored.

    Raises:
        CommandError: a file cannot be read.
    """
    contracts: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            data = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(
                f"{path} cannot be read: {error}; delete it, or restore the committed one"
            ) from error
        if isinstance(data, dict) and data.get("title") == path.name.removesuffix(_SUFFIX):
            contracts[data["title"]] = data
    return contracts


def write_folder(folder: Path, contracts: Contracts, gone: set[str]) -> list[str]:
    """
    Write *contracts* to *folder*, delete the files of *gone* signals, and return what was done.

    Raises:
        CommandError: a file cannot be written.
    """
    done = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, contract in contracts.items():
            path, text = folder / f"{name}{_SUFFIX}", as_json(contract)
            if not path.exists() or path.read_bytes() != text.encode():
                path.write_text(text, "utf-8", newline="\n")
                done.append(f"written: {path}")
        for name in sorted(gone):
            path = folder / f"{name}{_SUFFIX}"
            path.unlink()
            done.append(f"deleted: {path}")
    except OSError as error:
        raise CommandError(f"the contracts cannot be written: {error}") from error
    return done
