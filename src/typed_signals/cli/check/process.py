"""
The process in which mypy checks a part of a project.

It reads a ``Job`` from stdin, and writes events to stdout: a JSON list a line, such as
``["problem", {...}]``. Whatever mypy, its plugins and Django settings print goes to stderr.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mypy.build import build
from mypy.errors import CompileError
from mypy.fscache import FileSystemCache

from typed_signals.cli.project import Part, Project, mypy_options, sources_of

from .calls import CODE
from .plugin import PATH
from .unhidden import shadows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy.options import Options

_OURS: Final = "typed_signals.cli.check.plugin"
_PLUGIN: Final = "typed_signals.mypy"
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
_RECURSION: Final = 2**14
"""As in mypy's own main function."""


@dataclass(frozen=True)
class Job:
    """
    What to check.
    """

    project: Project
    part: Part
    cache: Path
    workers: int


def main() -> None:
    """
    Do the job in stdin.
    """
    # What the code of the project prints must not get among the events.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as events:
        os.dup2(2, 1)

        def tell(kind: str, value: object) -> None:
            print(json.dumps([kind, value]), file=events, flush=True)

        job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
        run_job(job, tell)
    sys.stderr.flush()
    # Freeing everything takes long.
    os._exit(0)


def run_job(job: Job, tell: Callable[[str, object], None]) -> None:
    """
    Check the part of a project, in its folder.

    Args:
        job: what to check.
        tell: called with the kind and the value of each event.
    """
    os.chdir(job.part.roots[0])
    sys.setrecursionlimit(_RECURSION)
    _extend_path(job)
    Run(job, tell).finish()


def _extend_path(job: Job) -> None:
    """
    Make the modules and packages of the project importable, after those that are, for plugins.
    """
    project = job.project
    folders = [*map(str, job.part.roots)]
    if project.configuration is not None:
        folders.append(str(project.configuration.parent))
    if project.interpreter.version == sys.version_info[:2]:
        folders += project.interpreter.folders
    added = [folder for folder in dict.fromkeys(folders) if folder not in sys.path]
    # Also for workers, which import our plugin first.
    os.environ[PATH] = os.pathsep.join(added)
    sys.path += added


class Run:
    """
    mypy runs on one part, until one of them gets through.
    """

    def __init__(self, job: Job, tell: Callable[[str, object], None]) -> None:
        self._job = job
        self._tell = tell
        self.skipped: set[str] = set()
        """The modules that mypy cannot read."""

        self._shadows = shadows(map(str, job.part.files.values()), job.cache) or None
        self._sources = {source.path or "": source for source in sources_of(job.part)}

    def finish(self) -> None:
        """
        Check the part.
        """
        options = self._options()
        plugins = [*self._plugins(options)]
        while True:
            options = self._options()
            options.plugins = [_OURS, *plugins]
            try:
                stopped = self._build(options)
            except (Exception, SystemExit):
                # mypy has printed a traceback to stderr, unless a plugin failed early.
                if not plugins:
                    raise
                names = ", ".join(plugins)
                self._tell("remark", f"without {names}, because mypy crashed with it")
                plugins = []
                continue
            if not stopped:
                self._tell("files", [*self._sources])
                return
            if not self.skip(stopped):
                self._tell("stopped", [*map(_as_text, stopped)])
                return

    def _options(self) -> Options:
        options = mypy_options(self._job.project, self._job.part, self._job.cache)
        options.output = "json"
        options.enable_error_code = [*options.enable_error_code, CODE]
        options.show_traceback = True
        options.shadow_file = self._shadows
        if self._job.workers:
            options.num_workers = self._job.workers
            options.native_parser = True
        for module in self.skipped:
            options.per_module_options.setdefault(module, {})["follow_imports"] = "skip"
        return options

    def _plugins(self, options: Options) -> Iterator[str]:
        """
        Yield the plugins of the project that can be loaded, and that of django-stubs.
        """
        names = [name for name in options.plugins if name not in {_PLUGIN, _OURS}]
        if self._job.part.settings and _DJANGOS not in names:
            names.append(_DJANGOS)
        for name in names:
            problem = self._problem_of_django() if name == _DJANGOS else _problem_of(name, options)
            if problem is None:
                yield name
            else:
                self._tell("remark", f"without the mypy plugin {name}: {problem}")

    def _problem_of_django(self) -> str | None:
        """
        Return why the plugin for Django cannot be used; None if it can.
        """
        settings = self._job.part.settings
        if settings is None:
            return "no Django settings are found; set DJANGO_SETTINGS_MODULE"
        try:
            context = importlib.import_module("mypy_django_plugin.django.context")
        except ImportError as error:
            return f"{_shown(error)}; install django-stubs"
        try:
            context.initialize_django(settings)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - of the settings, or of an application
            return f"the settings {settings} cannot be loaded: {_shown(error)}"
        os.environ[_SETTINGS] = settings
        return None

    def _build(self, options: Options) -> list[str]:
        """
        Run mypy; return the messages with which it stopped.
        """
        stopped: list[str] = []

        def flush(path: str | None, messages: list[str], _: bool) -> None:
            if path is None:
                stopped.extend(messages)
                return
            self._tell("checked", path)
            for message in messages:
                self._tell("message", json.loads(message))

        try:
            build([*self._sources.values()], options, None, flush, FileSystemCache())
        except CompileError:
            return stopped or ["mypy stopped without a message"]
        return []

    def skip(self, stopped: list[str]) -> bool:
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
                    line = f"{found['line']}:" if found["line"] else ""
                    self._tell("unread", [path, f"{line} {found['message']}"])
        return len(self.skipped) > before

    def _module_of(self, path: str) -> str | None:
        """
        Return the name of the module in *path*, and remove it from what is checked.
        """
        if (source := self._sources.pop(path, None)) is not None:
            return source.module
        folders = map(Path, self._job.project.interpreter.folders)
        parts = next(
            (
                Path(path).relative_to(each).parts
                for each in folders
                if Path(path).is_relative_to(each)
            ),
            (),
        )
        return ".".join(parts).removesuffix(Path(path).suffix).removesuffix(".__init__") or None


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
