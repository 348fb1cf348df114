"""
Keep what is proven for the next run, beside mypy's cache.

mypy asks for the proofs in all modules before it knows whether anything has changed. They only
depend on the files that are read for them, so they are made again if one of these has another time
or size, or is not missing any more.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typed_signals.mypy.lib.python_files import PythonFiles, stamp_of

from .proof import Proof

if TYPE_CHECKING:
    from mypy.options import Options


class StoredProofs:
    """
    Returns the proofs of modules, and only makes those that are not stored.
    """

    def __init__(self, options: Options, version: str) -> None:
        """
        Args:
            options: mypy's options.
            version: the version of the plugin.
        """
        self._files = PythonFiles(options)
        self._folder = Path(options.cache_dir, "typed_signals")
        self._is_used = options.incremental and options.cache_dir != os.devnull
        self._made_by = [version, sys.version, *self._files.folders]

    def proofs_of(self, name: str, path: str) -> dict[int, list[Proof]]:
        """
        Return what is proven of each decorator in a module, by the function's line.

        Args:
            name: the name of the module.
            path: its file.
        """
        stored = self._folder / f"{name}.json"
        key = [*self._made_by, str(Path(path).absolute())]
        if self._is_used and (found := self._find(stored, key)) is not None:
            return found
        from .modules import proofs_of  # not for each run

        self._files.used.clear()
        proofs = proofs_of(self._files, name, path)
        if self._is_used:
            _write(stored, [key, self._files.used, proofs])
        return proofs

    def _find(self, stored: Path, key: list[str]) -> dict[int, list[Proof]] | None:
        """
        Return the proofs in a file; None if they are others, or no longer valid.
        """
        try:
            found_key, used, proofs = json.loads(stored.read_text("utf-8"))
            if found_key != key or any(stamp_of(path) != stamp for path, stamp in used.items()):
                return None
            return {int(line): [Proof(*each) for each in found] for line, found in proofs.items()}
        except (AttributeError, OSError, TypeError, ValueError):  # something else wrote it
            return None


def _write(file: Path, data: Any) -> None:
    # Several processes of mypy may do so.
    temporary = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # as for mypy's cache
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(data), "utf-8")
        temporary.replace(file)
