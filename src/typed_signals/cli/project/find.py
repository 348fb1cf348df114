"""
The folder of a project, and the files and modules in it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typed_signals.cli.exits import CommandError

from .configuration import read_configuration
from .interpreter import Interpreter, find_interpreter, is_repository
from .settings_module import settings_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_MARKERS: Final = ("pyproject.toml", "setup.cfg", "setup.py", "mypy.ini", ".mypy.ini", "manage.py")
_LEFT_OUT: Final = frozenset({"__pycache__", "node_modules", "site-packages"})
_PACKAGES: Final = ("site-packages", "dist-packages")
_IMPORTED: Final = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
# The packages whose signals are understood.
_ENGINES: Final = {"django": "Django", "blinker": "blinker"}
# Not under a condition: then, a project can do without it.
_ENGINE: Final = re.compile(rf"^(?:from|import)[ \t]+({'|'.join(_ENGINES)})\b", re.MULTILINE)
# mypy refuses files with these names.
_REFUSED: Final = frozenset(
    {"abc", "builtins", "collections", "mypy_extensions", "sys", "types", "typing"}
    | {"_collections_abc", "_typeshed", "typing_extensions"}
)


@dataclass(frozen=True)
class Part:
    """
    The part of a project that one mypy run reads; most projects have one.

    Two folders with the same top-level names, such as two Django projects in one repository, are
    different parts.
    """

    roots: tuple[Path, ...]
    """The folders that its modules are imported from."""

    files: dict[str, Path]
    """Its files, by module name."""

    settings: str | None = None
    """The module of its Django settings."""


@dataclass(frozen=True)
class Project:
    """
    What a command reads.
    """

    root: Path

    paths: tuple[Path, ...]
    """The files and folders to read."""

    interpreter: Interpreter

    configuration: Path | None
    """The project's own mypy configuration."""

    parts: tuple[Part, ...] = field(repr=False)

    remarks: tuple[str, ...] = ()
    """What is wrong with it, although it can be read."""

    lacks: tuple[str, ...] = ()
    """Those of the remarks that are about packages with signals that are not installed."""


def find_project(paths: Sequence[str | Path], python: str | None = None) -> Project:
    """
    Return the project that contains *paths*.

    Args:
        paths: files and folders; by default, the current folder.
        python: see ``find_interpreter``.

    Raises:
        CommandError: a path does not exist, there are no Python files, or *python* cannot be run.
    """
    given = [Path(path) for path in paths] or [Path()]
    for path in given:
        if not path.exists():
            raise CommandError(f"{path} does not exist")
    absolute = [Path(os.path.normpath(path.absolute())) for path in given]
    unread: dict[Path, str] = {}
    files = {file for path in absolute for file in _files_in(path, unread)}
    if not files:
        none = f"there are no Python files in {', '.join(map(str, given))}"
        raise CommandError("; ".join([none, *_remarks_on(unread)]))
    root, is_marked = _root_of(absolute)
    # Imports may lead to any file of the project, also if others are to be read.
    reads_more = is_marked and root not in absolute
    every = files.union(_files_in(root)) if reads_more else files
    parts = tuple(part for part in _parts_of(root, sorted(every), files) if part.files)
    interpreter = find_interpreter(root, python)
    configuration, problem = read_configuration(root)
    remarks = [*filter(None, [problem]), *_remarks_on(unread)]
    needed = _engines_in(files)
    if any(part.settings for part in parts):
        needed.add("django")
    needed -= {name.partition(".")[0] for part in parts for name in part.files}
    lacks = tuple(
        f"{name} is not installed for {interpreter.path} ({interpreter.source}), so its signals "
        f"are not known: pass the Python of the project as --python"
        for package, name in _ENGINES.items()
        if package in needed and not interpreter.has(package)
    )
    return Project(root, (*absolute,), interpreter, configuration, parts, (*remarks, *lacks), lacks)


def _engines_in(files: Iterable[Path]) -> set[str]:
    """
    Return those of the packages with signals that *files* import.
    """
    return {name for path in files for name in _ENGINE.findall(path.read_text("utf-8", "replace"))}


def _root_of(paths: list[Path]) -> tuple[Path, bool]:
    """
    Return the folder of the project, and whether a file in it says so.
    """
    common = Path(os.path.commonpath(paths))
    if not common.is_dir():
        common = common.parent
    for folder in takewhile(_is_below_home, (common, *common.parents)):
        if any((folder / name).is_file() for name in _MARKERS) or is_repository(folder):
            return folder, True
    while _is_package(common):
        common = common.parent
    return common, False


def _is_below_home(folder: Path) -> bool:
    """
    Return whether *folder* is neither the user's folder nor above it: these are no projects.
    """
    return not Path.home().is_relative_to(folder)


def _remarks_on(unread: dict[Path, str]) -> Iterator[str]:
    for file, why in sorted(unread.items()):
        yield f"not checked: {str(file)!a}, because {why}"


def _why_unreadable(path: Path) -> str:
    """
    Return why mypy cannot read *path*; empty if it can.
    """
    try:
        # mypy encodes the names of what it stores.
        str(path).encode()
        path.open("rb").close()
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return ""


def _files_in(path: Path, unread: dict[Path, str] | None = None) -> Iterator[Path]:
    """
    Yield the Python files in *path*, and note in *unread* why some cannot be read.
    """
    for file in _every_file_in(path):
        if not (why := _why_unreadable(file)):
            yield file
        elif unread is not None:
            unread[file] = why


def _every_file_in(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, names, files in os.walk(path):
        is_given = folder == str(path)
        if not is_given and _is_left_out(os.path.basename(folder), names, files):  # noqa: PTH119
            names.clear()
            continue
        names[:] = sorted(
            name for name in names if not name.startswith(".") and name not in _LEFT_OUT
        )
        yield from (
            Path(folder, file)
            for file in files
            # Hidden files cannot be imported: those of Emacs are links to nowhere.
            if file.endswith(".py") and not file.startswith(".")
        )


def _is_left_out(folder: str, names: list[str], files: list[str]) -> bool:
    """
    Return whether a folder with these names in it is an environment, or is written by setuptools.
    """
    return "pyvenv.cfg" in files or "conda-meta" in names or (folder == "build" and "lib" in names)


def _parts_of(root: Path, files: list[Path], wanted: set[Path]) -> Iterator[Part]:
    """
    Yield the parts: folders to import from whose top-level names are different.

    Args:
        root: the folder of the project.
        files: its files.
        wanted: those to read.
    """
    bases = _Bases(root)
    modules: dict[Path, dict[str, Path]] = {}
    for file in files:
        base = bases.base_of(file.parent)
        modules.setdefault(base, {})[_module_name(base, file)] = file
    imported_by = cache(_imported_by)  # files are compared with those of many folders
    groups: list[dict[Path, dict[str, Path]]] = []
    for base in sorted(modules, key=lambda base: (len(base.parts), base)):
        for group in groups:
            if not any(_clash(modules[base], each, imported_by) for each in group.values()):
                group[base] = modules[base]
                break
        else:
            groups.append({base: modules[base]})
    for group in groups:
        named: dict[str, Path] = {}
        for found in group.values():
            for name, file in found.items():
                if file in wanted:
                    named[_free_name(name, named)] = file
        yield Part(_outside_of_packages(root, group), named, settings_module(root, [*group]))


def _outside_of_packages(root: Path, bases: Iterable[Path]) -> tuple[Path, ...]:
    """
    Return those of *bases* that do not contain installed packages, which mypy finds otherwise.

    In a folder that is searched first, they are taken for replacements of the standard library.
    """
    if found := tuple(base for base in bases if base.name not in _PACKAGES):
        return found
    return (root if root.name not in _PACKAGES else root.parents[1],)


def _clash(
    modules: dict[str, Path],
    others: dict[str, Path],
    imported_by: Callable[[Path], frozenset[str]],
) -> bool:
    """
    Return whether an import in one of these may mean a module of the other.
    """
    tops, other_tops = (
        {name.partition(".")[0]: "." in name for name in each} for each in (modules, others)
    )
    same = tops.keys() & other_tops.keys()
    if any(tops[name] or other_tops[name] for name in same):
        return True
    files = [*modules.values(), *others.values()]
    return bool(same) and any(same & imported_by(file) for file in files)


def _imported_by(file: Path) -> frozenset[str]:
    """
    Return the names that *file* may import.
    """
    return frozenset(_IMPORTED.findall(file.read_text("utf-8", "replace")))


def _free_name(name: str, taken: Iterable[str]) -> str:
    """
    Return *name*, or another one for a script with the name of a file elsewhere.
    """
    free, number = name, 1
    while free in taken or free in _REFUSED:
        number += 1
        free = f"{name}__{number}"
    return free


class _Bases:
    """
    The folders that modules are imported from.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found: dict[Path, Path] = {}

    def base_of(self, folder: Path) -> Path:
        """
        Return the folder from which the modules in *folder* are imported.
        """
        if folder not in self._found:
            self._found[folder] = self._base_of(folder)
        return self._found[folder]

    def _base_of(self, folder: Path) -> Path:
        if _is_package(folder):
            return self.base_of(folder.parent)
        if folder == self._root or not folder.is_relative_to(self._root):
            return folder
        if (folder / "manage.py").is_file() or folder == self._root / "src":
            return folder
        above = self.base_of(folder.parent)
        names = folder.relative_to(above).parts
        is_namespace = all(map(str.isidentifier, names)) and not _imports_itself(above, folder)
        return above if is_namespace else folder


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file() and folder.name.isidentifier()


def _imports_itself(above: Path, folder: Path) -> bool:
    """
    Return whether files in *folder* import others there by their names alone.
    """
    names = {
        path.stem
        for path in folder.iterdir()
        if (path.suffix == ".py" or _is_package(path)) and path.stem.isidentifier()
    }
    outer = {path.stem for path in above.iterdir() if path.suffix == ".py" or path.is_dir()}
    wanted = names - outer - {"__init__"}
    return bool(wanted) and any(wanted & _imported_by(file) for file in _files_in(folder))


def _module_name(base: Path, file: Path) -> str:
    parts = list(file.relative_to(base).with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)
