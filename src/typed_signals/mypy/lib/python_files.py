"""
Python files that mypy does not give to a plugin: the modules that define decorators.

A plugin never gets the body of a function of another module, so these files are read from disk.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mypy.build import default_data_dir
from mypy.modulefinder import compute_search_paths
from mypy.util import DecodeError, decode_python_encoding

from .source_code import parse

if TYPE_CHECKING:
    import ast

    from mypy.options import Options

    Stamp = list[int]

_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


def is_in_site_packages(path: str) -> bool:
    """
    Return whether a file is of an installed package, which is not of the project.
    """
    return any(folder in path for folder in _INSTALLED)


class PythonFile(NamedTuple):
    """
    A module on disk.
    """

    name: str

    path: str

    root: str
    """The folder that its full name is relative to."""

    tree: ast.Module

    may_rebind: bool
    """Whether functions may assign to names outside of them."""

    @property
    def package(self) -> str:
        """
        The package that its relative imports start from.
        """
        is_package = Path(self.path).name == "__init__.py"
        return self.name if is_package else self.name.rpartition(".")[0]


class PythonFiles:
    """
    Finds and reads modules.
    """

    def __init__(self, options: Options) -> None:
        found = compute_search_paths([], options, default_data_dir())
        self.folders = (*found.mypy_path, *found.python_path, *found.package_path)
        """Where modules are searched."""
        self.used: dict[str, Stamp | None] = {}
        """
        The files that were looked for since this was last cleared, as they were then; None for
        missing ones.
        """
        self._known: dict[str, tuple[Stamp, tuple[ast.Module, bool] | None]] = {}

    def read(self, name: str, path: str) -> PythonFile | None:
        """
        Return the module *name* in the file *path*; None if it cannot be read.
        """
        parsed = self._parsed(path)
        if parsed is None:
            return None
        file = Path(path).absolute()
        parts = file.parent.parts if file.stem == "__init__" else file.with_suffix("").parts
        own = tuple(name.split("."))
        # A script has another name than its file.
        above = parts[: -len(own)] if parts[-len(own) :] == own else file.parent.parts
        return PythonFile(name, path, str(Path(*above)), *parsed)

    def find(self, name: str, root: str) -> PythonFile | None:
        """
        Return the module *name*; None if there is no source.

        Args:
            name: the full name.
            root: the folder that is searched first.
        """
        parts = name.split(".")
        for folder in (root, *self.folders):
            base = Path(folder, *parts)
            for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
                parsed = self._parsed(str(path))
                if parsed is not None:
                    return PythonFile(name, str(path), folder, *parsed)
        return None

    def _parsed(self, path: str) -> tuple[ast.Module, bool] | None:
        # The daemon runs while files are edited.
        stamp = stamp_of(path)
        self.used.setdefault(str(Path(path).absolute()), stamp)
        if stamp is None:
            return None
        if path not in self._known or self._known[path][0] != stamp:
            self._known[path] = stamp, _parse_file(path)
        return self._known[path][1]


def stamp_of(path: str) -> Stamp | None:
    """
    Return what changes when a file is edited; None if there is no file.
    """
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


def _parse_file(path: str) -> tuple[ast.Module, bool] | None:
    try:
        text = decode_python_encoding(Path(path).read_bytes())
        return parse(text), "nonlocal" in text or "global" in text
    except (OSError, DecodeError, UnicodeError, SyntaxError, ValueError):
        return None
