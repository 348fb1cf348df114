"""
The source distributions of projects, and the requirements of their settings, and environments with
all that they require, cached.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from ast import literal_eval
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .projects import Project

_CONSTRAINTS: Final = frozenset({"UV_CONSTRAINT", "UV_BUILD_CONSTRAINT"})
_SOURCE: Final = ".tar.gz"
# One for every Python.
_WHEEL: Final = "-none-any.whl"


class SourceError(Exception):
    """
    A source distribution is not available, or is not the pinned one.
    """


class Cache:
    """
    A folder of downloads, unpacked sources and installed requirements.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def source(self, project: Project, say: Callable[[str], None]) -> Path:
        """
        Return the folder with the source of *project*.

        Args:
            project: the project to download and unpack, if it is not cached.
            say: called with a message for slow steps.

        Raises:
            SourceError: the index does not have that version, or the file is another one.
        """
        target = self._folder / "sources" / f"{project.name}-{project.sha256[:16]}"
        if not target.exists():
            archive = self._folder / "downloads" / f"{project.name}-{project.version}.tar.gz"
            if not archive.exists():
                say("downloading")
                with _complete(archive) as new:
                    new.write_bytes(download(project))
            verify(archive, project.sha256)
            say("unpacking")
            with _complete(target) as new:
                unpack(archive, new)
        (top,) = target.iterdir()
        return top

    def package(
        self, name: str, version: str, tops: Iterable[str], say: Callable[[str], None]
    ) -> Path:
        """
        Return the folder that a version of a package is imported from, with nothing else in it.

        Args:
            name: its name on the index.
            version: its version, which need not support the running Python.
            tops: its top-level packages and modules.
            say: called with a message for slow steps.

        Raises:
            SourceError: the index does not have that version, or it does not have these *tops*.
        """
        target = self._folder / "packages" / f"{name}-{version}"
        if not target.exists():
            say(f"downloading version {version}")
            with _complete(target) as new:
                file, content = fetch(name, version, (_WHEEL, _SOURCE))
                everything = new.with_name("everything")
                everything.mkdir()
                archive = new.with_name(file)
                archive.write_bytes(content)
                if file.endswith(_WHEEL):
                    with zipfile.ZipFile(archive) as opened:
                        opened.extractall(everything)  # noqa: S202 - never outside of the folder
                else:
                    unpack(archive, everything)
                new.mkdir()
                for top in tops:
                    move_top(everything, top, new)
        return target

    def libraries(self, requirements: Sequence[str], say: Callable[[str], None]) -> list[Path]:
        """
        Return the folder in which *requirements* are installed; none if there are none.

        Raises:
            SourceError: they cannot be installed.
        """
        if not requirements:
            return []
        # Installed packages may be compiled for the running Python.
        wanted = "\n".join([sys.implementation.cache_tag or "", *requirements])
        target = self._folder / "libraries" / hashlib.sha256(wanted.encode()).hexdigest()[:16]
        if not target.exists():
            say("installing what its settings import")
            with _complete(target) as new:
                pip = [sys.executable, "-m", "pip", "install", "-qq", "--only-binary=:all:"]
                command = [*pip, "--no-deps", "--target", str(new), *requirements]
                if subprocess.run(command, check=False).returncode:
                    raise SourceError(f"pip could not install {', '.join(requirements)}")
        return [target]

    def environment(
        self, name: str, requirements: Sequence[str], say: Callable[[str], None]
    ) -> Path:
        """
        Return the folder of a virtual environment in which *requirements* are installed.

        Args:
            name: the name of the project that has them.
            requirements: the arguments for the installer.
            say: called with a message for slow steps.

        Raises:
            SourceError: they cannot be installed.
        """
        wanted = "\n".join([sys.implementation.cache_tag or "", *requirements])
        digest = hashlib.sha256(wanted.encode()).hexdigest()[:16]
        target = self._folder / "environments" / f"{name}-{digest}"
        if not target.exists():
            say("installing what it requires")
            uv = [sys.executable, "-m", "uv"]
            # The pinned versions are those of this project.
            variables = {key: os.environ[key] for key in os.environ if key not in _CONSTRAINTS}
            with _complete(target) as new:
                made = [*uv, "venv", "--quiet", "--python", sys.executable, str(new)]
                install = [*uv, "pip", "install", "--quiet", "--python", str(new), *requirements]
                for command in (made, install):
                    if subprocess.run(command, check=False, env=variables).returncode:
                        raise SourceError("what it requires cannot be installed")
        return target


@contextmanager
def _complete(path: Path) -> Iterator[Path]:
    """
    Pass another path to the block, and move the result to *path*, unless it raised.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder, path.name)
        yield made
        # Another process may have been faster.
        if not path.exists():
            made.rename(path)


def download(project: Project) -> bytes:
    """
    Return the source distribution of *project*, from the index that pip is configured to use.

    Raises:
        SourceError: it cannot be reached, or does not have that version.
    """
    return fetch(project.name, project.version, (_SOURCE,))[1]


def fetch(name: str, version: str, endings: Sequence[str]) -> tuple[str, bytes]:
    """
    Return the name and the content of a file of a package on the index that pip uses.

    Args:
        name: the name of the package.
        version: its version.
        endings: how the name of the file may end, in the order of preference.

    Raises:
        SourceError: it cannot be reached, or does not have that version.
    """
    # Not at the top: with a full cache, it does not have to be installed.
    from unearth import PackageFinder

    finder = PackageFinder(index_urls=_index_urls(), ignore_compatibility=True)
    try:
        links = [package.link for package in finder.find_matches(f"{name}=={version}")]
        for ending in endings:
            for link in links:
                if link.filename.endswith(ending):
                    response = finder.session.get(link.normalized)
                    response.raise_for_status()
                    return link.filename, response.content
    except Exception as error:  # The errors depend on the client that unearth uses.
        raise SourceError(f"version {version} cannot be downloaded: {error}") from error
    kind = "source distribution" if endings == (_SOURCE,) else "file for every Python"
    raise SourceError(f"the index has no {kind} of version {version}")


def _index_urls() -> list[str]:
    """
    Return the index of pip's configuration or environment, if there is one.
    """
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    settings = dict(line.partition("=")[::2] for line in listed.splitlines())
    for key in (":env:.index-url", "global.index-url"):
        if key in settings:
            return [literal_eval(settings[key])]
    return []


def verify(archive: Path, sha256: str) -> None:
    """
    Raise SourceError, and remove *archive*, unless it has this hash.
    """
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        archive.unlink()
        raise SourceError(f"{archive.name} has the sha256 {found}, but {sha256} is pinned")


def move_top(source: Path, top: str, target: Path) -> None:
    """
    Move a top-level package or module from an unpacked archive to the folder *target*.

    Raises:
        SourceError: there is none with this name.
    """
    for name in (top, f"{top}.py"):
        # In a wheel, in a source distribution, and there in `src`.
        for path in (source / name, *source.glob(f"*/{name}"), *source.glob(f"*/src/{name}")):
            if path.exists():
                path.rename(target / name)
                return
    raise SourceError(f"there is no package or module {top}")


def unpack(archive: Path, folder: Path) -> None:
    """
    Unpack *archive*, which must not write outside of *folder*.

    Raises:
        SourceError: it would.
    """
    try:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise SourceError(f"{archive.name} cannot be unpacked: {error}") from error
