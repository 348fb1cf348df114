"""
Packages that the project does not have, and that mypy must read: this one, and django-stubs.

With ``uvx`` and ``pipx``, they are installed next to the command only.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .find import Project

# By the name under which they are imported.
_BORROWED: Final = {
    "typed_signals": "typed_signals",
    "typed_signals_stubs": "typed_signals_stubs",
}
_STUBS: Final = {"django": "django-stubs", "django_stubs_ext": "django_stubs_ext"}
# Or a re-export of declared signals.
_DECLARATION: Final = re.compile(
    r"^ *(\w+:|def .*->|\) ->|@).*Signal\b|^from \..* import (\w+) as \2$", re.MULTILINE
)
# mypy finds their types.
_TYPED: Final = ("blinker", "django", "typed_signals")


def borrowed_packages(project: Project, cache: Path) -> Path | None:
    """
    Return a folder in *cache* with what *project* does not have; None if it has all of it.
    """
    missing = [*_missing(project)]
    if not missing:
        return None
    digest = hashlib.sha256(repr(missing).encode("utf-8", "surrogateescape")).hexdigest()
    folder = cache / f"packages-{digest[:12]}"
    if not folder.exists():
        with TemporaryDirectory(dir=cache) as made:
            for name, source in missing:
                _link(Path(made, "new", name), source)
            # Another process may have been faster.
            with suppress(OSError):
                Path(made, "new").rename(folder)
    return folder


def _link(target: Path, source: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    try:
        target.symlink_to(source, target_is_directory=True)
    except OSError:  # Windows may not allow it
        shutil.copytree(source, target)


def _missing(project: Project) -> Iterator[tuple[str, Path]]:
    for name, distributed in _BORROWED.items():
        if not project.interpreter.has(distributed) and (source := _ours(distributed)) is not None:
            yield name, source
    if project.interpreter.has("django") and not project.interpreter.has("django-stubs"):
        for name, distributed in _STUBS.items():
            if (source := _ours(distributed)) is not None:
                yield name, source


def has_stubs_of_django(project: Project) -> bool:
    """
    Return whether mypy finds the types of Django.
    """
    return project.interpreter.has("django-stubs") or _ours("django-stubs") is not None


def declared_modules() -> Iterator[str]:
    """
    Yield the modules of other packages whose signals are declared, except for Django's.
    """
    for root in filter(None, [_ours("typed_signals_stubs")]):
        for file in sorted(root.rglob("*.pyi")):
            top, *parts = file.relative_to(root).with_suffix("").parts
            if top not in _TYPED and _DECLARATION.search(file.read_text("utf-8")):
                yield ".".join([top, *(part for part in parts if part != "__init__")])


def _ours(package: str) -> Path | None:
    """
    Return the folder of a package that is installed next to the command.
    """
    folders = (Path(folder, package) for folder in sys.path)
    return next((folder for folder in folders if folder.is_dir()), None)
