"""
Run mypy on a part of a project, with the plugins that work, without the files that stop it.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import sys
from abc import ABC, abstractmethod
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .options import mypy_options, sources_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mypy.modulefinder import BuildSource
    from mypy.options import Options

    from .find import Part, Project

_DJANGOS: Final = "mypy_django_plugin.main"
_SETTINGS: Final = "DJANGO_SETTINGS_MODULE"
# A message that stops mypy may be text even if the others are JSON.
_STOPPED: Final = (
    re.compile(r"(?P<file>.+?)(:(?P<line>\d+))?(:\d+)*: error: (?P<message>.*?)(  \[[\w-]+\])?$"),
    re.compile(r"mypy: (?P<message>can't \w+ file) '(?P<file>.+)': (?P<line>)"),
)
_TWICE: Final = re.compile(
    r'found twice under different module names: \\?"(.+?)\\?" and \\?"(.+?)\\?"'
)
_MOST_SECONDS: Final = 60
_RECURSION: Final = 2**14
"""As in mypy's own main function."""


class MypyRuns(ABC):
    """
    mypy runs on one part, until one of them gets through.
    """

    def __init__(
        self, project: Project, part: Part, cache: Path, report: Callable[[str, object], None]
    ) -> None:
        """
        Args:
            project: the project.
            part: the part of it.
            cache: the folder for what is stored between runs.
            report: called with the kind and the value of each event: ``remark`` for people,
                ``unread`` with the path of a file and why it cannot be read, ``stopped`` if nothing
                can be.
        """
        self.project = project
        self.part = part
        self.cache = cache
        self.report = report
        self.skipped: set[str] = set()
        """The modules that mypy cannot read."""

        self._sources = {source.path or "": source for source in sources_of(part)}

    @abstractmethod
    def build(self, sources: Sequence[BuildSource], options: Options) -> list[str]:
        """
        Run mypy; return the messages with which it stopped, if it did.
        """

    def options(self) -> Options:
        """
        Return the options of a run.
        """
        return mypy_options(self.project, self.part, self.cache)

    def finish(self, ours: Sequence[str] = (), ignored: Sequence[str] = ()) -> bool:
        """
        Run mypy, and return whether it got through.

        Args:
            ours: the plugins to load before those of the project.
            ignored: the plugins of the project that are not loaded.
        """
        os.chdir(self.part.roots[0])
        sys.setrecursionlimit(_RECURSION)
        plugins = [*self._plugins(self.options(), {*ours, *ignored})]
        while True:
            options = self.options()
            options.plugins = [*ours, *plugins]
            for module in self.skipped:
                options.per_module_options.setdefault(module, {})["follow_imports"] = "skip"
            try:
                stopped = self.build([*self._sources.values()], options)
            except (Exception, SystemExit) as error:
                # mypy has printed a traceback to stderr, unless a plugin failed early.
                if not plugins:
                    raise
                # mypy exits while it handles an error.
                why = _shown(error.__context__ or error)
                them = "it" if len(plugins) == 1 else "them"
                self.report(
                    "remark",
                    f"without {', '.join(plugins)}, because mypy crashed with {them}: {why}",
                )
                plugins = []
                continue
            if not stopped:
                self.report("files", [*self._sources])
                return True
            if not self.skip(stopped):
                self.report("stopped", [_as_text(text) for text in stopped])
                return False

    def _plugins(self, options: Options, ignored: set[str]) -> Iterator[str]:
        """
        Yield the plugins of the project that can be loaded, and that of django-stubs.
        """
        names = [name for name in options.plugins if name not in ignored]
        if self.part.settings and _DJANGOS not in names:
            names.append(_DJANGOS)
        for name in names:
            problem = self._problem_of_django() if name == _DJANGOS else _problem_of(name, options)
            if problem is None:
                yield name
            else:
                self.report("remark", f"without the mypy plugin {name}: {problem}")

    def _problem_of_django(self) -> str | None:
        """
        Return why the plugin for Django cannot be used.
        """
        settings = self.part.settings
        if settings is None:
            return "no Django settings are found; set DJANGO_SETTINGS_MODULE"
        try:
            context = importlib.import_module("mypy_django_plugin.django.context")
        except ImportError as error:
            return f"{_shown(error)}; install django-stubs"
        try:
            with _at_most(_MOST_SECONDS):
                context.initialize_django(settings)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - of the settings, or of an application
            return f"the settings {settings} cannot be loaded: {_shown(error)}"
        os.environ[_SETTINGS] = settings
        return None

    def skip(self, stopped: Sequence[str]) -> bool:
        """
        Leave out what stopped mypy; return whether there is something new to leave out.
        """
        before = len(self.skipped)
        for text in stopped:
            if twice := _TWICE.search(text):
                self.skipped.add(twice[2])
            elif found := _place_of(text):
                path = str(Path(found["file"]).absolute())
                module = self._module_of(path)
                if module is not None:
                    self.skipped.add(module)
                    line = f"{found['line']}: " if found["line"] else ""
                    self.report("unread", [path, f"{line}{found['message']}"])
        return len(self.skipped) > before

    def _module_of(self, path: str) -> str | None:
        """
        Return the name of the module in *path*, and remove it from what is checked.
        """
        if (source := self._sources.pop(path, None)) is not None:
            return source.module
        folders = map(Path, self.project.interpreter.folders)
        parts = next(
            (
                Path(path).relative_to(each).parts
                for each in folders
                if Path(path).is_relative_to(each)
            ),
            (),
        )
        return ".".join(parts).removesuffix(Path(path).suffix).removesuffix(".__init__") or None


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """
    Raise ``TimeoutError`` in code that takes longer; not on Windows, which has no such signal.
    """

    def stop(*_: object) -> None:
        raise TimeoutError(f"not loaded after {seconds} seconds")

    if sys.platform == "win32":  # pragma: no cover
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def extend_path(project: Project, part: Part) -> list[str]:
    """
    Make the modules and packages of *project* importable, after those that are, for plugins.

    Returns:
        the added folders.
    """
    folders = [*map(str, part.roots)]
    if project.configuration is not None:
        folders.append(str(project.configuration.parent))
    if project.interpreter.version == sys.version_info[:2]:
        folders += project.interpreter.folders
    added = [folder for folder in dict.fromkeys(folders) if folder not in sys.path]
    sys.path += added
    return added


def _place_of(text: str) -> dict[str, Any] | None:
    """
    Return the file, the line and the message in a message of mypy.
    """
    if text.startswith("{"):
        found: dict[str, Any] = json.loads(text)
        return found
    matches = (pattern.match(text) for pattern in _STOPPED)
    return next((match.groupdict() for match in matches if match), None)


def _as_text(text: str) -> str:
    """
    Return a message that stops mypy as mypy prints it.
    """
    found = _place_of(text) if text.startswith("{") else None
    return f"{found['file']}:{found['line']}: {found['message']}" if found else text


def _problem_of(plugin: str, options: Options) -> str | None:
    """
    Return why a plugin cannot be loaded, as mypy does it; None if it can.
    """
    path, _, function = plugin.partition(":") if ":" in Path(plugin).name else (plugin, "", "")
    if path.endswith(".py"):
        folder = Path(str(options.config_file)).parent
        return None if (folder / path).is_file() else "the file does not exist"
    try:
        module: Any = importlib.import_module(path)
    except Exception as error:  # noqa: BLE001 - of any plugin
        return _shown(error)
    return None if hasattr(module, function or "plugin") else "it has no entry point"


def _shown(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
