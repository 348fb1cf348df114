"""
Whether tests pass on a copy of the project, told by a process that is forked for it.

To start Python and import what the tests need takes longer than most tests, so it is done once.
"""

from __future__ import annotations

import ast
import contextlib
import os
import shutil
import signal
import sys
import time
import traceback
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent

_OPTIONS = (
    "-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib",
    "-p", "no:django", "--no-header",
    # What was imported before pytest started cannot be rewritten, and has no assertions of ours.
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip


class Copy:
    """
    A copy of the project in *folder*, to make mistakes in.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        unneeded = shutil.ignore_patterns(".*", "__pycache__", "site", "*.sqlite3")
        shutil.copytree(ROOT, self.folder, ignore=unneeded)
        self._clock = int(time.time())
        self._libraries = folder / "libraries"
        self._output = folder / "output.txt"

    def output(self) -> str:
        """
        Return what pytest printed last.
        """
        return self._output.read_text("utf-8")

    @contextlib.contextmanager
    def changed(self, file: str, source: str) -> Iterator[None]:
        """
        Have *file* contain *source*.
        """
        path = self.folder / file
        original = path.read_text("utf-8")
        self._write(path, source)
        try:
            yield
        finally:
            self._write(path, original)

    def _write(self, path: Path, source: str) -> None:
        path.write_text(source, "utf-8")
        # Python and mypy tell a changed file by its time, in whole seconds.
        self._clock += 1
        os.utime(path, (self._clock, self._clock))

    def passes(self, tests: Sequence[str], *, patience: float) -> bool:
        """
        Tell whether *tests* pass within *patience*, in seconds.
        """
        sys.stdout.flush()
        child = os.fork()
        if not child:
            os._exit(self._run(tests))
        deadline = time.monotonic() + patience
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
            if time.monotonic() > deadline:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return False
            time.sleep(0.01)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what a test started and left running
        return os.waitstatus_to_exitcode(status) == 0

    def _run(self, tests: Sequence[str]) -> int:
        try:
            os.setpgid(0, 0)
            os.chdir(self.folder)
            paths = [str(self.folder / name) for name in ("", "src", "stubs")]
            sys.path[:0] = paths
            os.environ["PYTHONPATH"] = os.pathsep.join(paths)
            output = os.open(self._output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for stream in (1, 2):
                os.dup2(output, stream)
            import pytest

            self._keep_libraries()
            return int(pytest.main([*_OPTIONS, *tests]))
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            traceback.print_exc()
            return 99
        finally:
            sys.stdout.flush()
            sys.stderr.flush()

    def _keep_libraries(self) -> None:
        """
        Have mypy read what programs import only once, and not for each mutant.

        Each mutant is another version of the plugin, so mypy would forget all that it knows.
        """
        if "mypy.api" not in sys.modules:
            return
        from mypy import api

        import typed_signals.mypy

        typed_signals.mypy.__version__ = "a mutant"
        run = api.run

        def run_knowing_libraries(args: list[str]) -> tuple[str, str, int]:
            if "--cache-dir" not in args or "--config-file" not in args:
                return run(args)
            cache, config = (
                Path(args[args.index(option) + 1]) for option in ("--cache-dir", "--config-file")
            )
            if any(cache.glob("3.*")):
                return run(args)
            programs = [Path(name) for name in args if name.endswith(".py")]
            others = [name for name in args if not name.endswith(".py")]
            imports = "".join(sorted(_imports(programs)))
            key = zlib.crc32(repr([config.read_text(), imports]).encode())
            known = self._libraries / str(key)
            if not known.exists():
                known.mkdir(parents=True)
                source = known / "libraries.py"
                source.write_text(imports)
                others[others.index("--cache-dir") + 1] = str(known)
                run([*others, str(source)])
            shutil.copytree(known, cache, dirs_exist_ok=True)
            return run(args)

        api.run = run_knowing_libraries


def _imports(programs: list[Path]) -> set[str]:
    """
    Return statements that import what *programs* import from elsewhere.
    """
    own = {program.stem for program in programs}
    modules: set[str] = set()
    for program in programs:
        for node in ast.walk(ast.parse(program.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add(node.module or "")
    return {f"import {name}\n" for name in modules if name.partition(".")[0] not in own}
