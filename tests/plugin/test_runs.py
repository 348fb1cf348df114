"""
The errors are the same in all modes of mypy: cold, warm, partial, parallel, daemon.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import typed_signals
from tests.mypy_runs import CONFIG, MODES, copy_library_cache, run_mypy

from .casefile import reported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .casefile import Error

    Verdicts = dict[str, list[Error]]

pytestmark = pytest.mark.any_python

PACKAGE = Path(typed_signals.__file__).parent
PROJECT = Path(__file__).parent / "project"
MODULES = sorted(path.name for path in PROJECT.glob("*.py"))

# Module, old text and new text, never of the same length: mypy misses such an edit if it comes
# within a second of the run before.
EDITS: Final = {
    "nothing": [],
    "a payload": [
        ("payloads.py", "note: NotRequired[str]", "remark: bytes"),
        ("payloads.py", "number: int", "number: bytes"),
    ],
    "a signal": [
        ("signals.py", "Signal[Any, Shipment, bool]()", "Signal[Any, Order, int | None]()"),
        ("signals.py", "Signal[type[Store], Order]()", "Signal[Any, Shipment]()"),
    ],
    "receivers": [
        ("receivers.py", "def plain(sender, note", "def plain(sender, remark"),
        ("receivers.py", "def bake(oven: str, sender: object, note", "def bake(oven: str, number"),
        ("receivers.py", "def method(self, sender: object, number: str", "def method(self"),
        ("receivers.py", "async def later(number: str", "async def later(crust: str"),
    ],
    # The receivers and signals that these use are not read again, but loaded from the cache.
    "connections": [("connections.py", "connected.", "connected once more.")],
    "sends": [("sends.py", "declares.", "has declared.")],
}


class Project:
    """
    A copy of the project in *folder*, with a cache of mypy.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.config = folder / "mypy.ini"
        self.config.write_text(CONFIG, "utf-8")
        self.restore()

    def restore(self) -> None:
        for name in MODULES:
            shutil.copy2(PROJECT / name, self.folder)

    def start(self, cache: Path) -> None:
        """
        Undo all edits and continue with a copy of another cache.
        """
        self.restore()
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.copytree(cache, self.cache)

    def edit(self, what: str) -> None:
        for name, old, new in EDITS[what]:
            path = self.folder / name
            text = path.read_text("utf-8")
            assert old in text
            assert len(old) != len(new)
            path.write_text(text.replace(old, new, 1), "utf-8")

    def options(self) -> list[str]:
        fixed = ["--no-error-summary", "--config-file", str(self.config)]
        return [*fixed, "--cache-dir", str(self.cache)]

    def files(self) -> list[str]:
        return [str(self.folder / name) for name in MODULES]

    def check(self, mode: str = "serially") -> Verdicts:
        arguments = [*MODES[mode], *self.options(), *self.files()]
        if MODES[mode]:
            # Workers can only be started from a mypy process.
            return reported(output_of(["-m", "mypy", *arguments]))
        output, problems, _ = run_mypy(arguments)
        assert not problems
        return reported(output)


def output_of(command: list[str], **environment: str) -> str:
    """
    Return the output of Python for *command*, which may report errors.
    """
    run = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )
    assert run.returncode in {0, 1}, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def library_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return a cache without the project, to save time.
    """
    return copy_library_cache(tmp_path_factory.mktemp("caches") / "library")


@pytest.fixture(scope="module")
def cold(project: Project, library_cache: Path) -> dict[str, Verdicts]:
    """
    Return the errors after each edit without a cache of the project.
    """
    found = {}
    for what in ("a payload", "a signal", "receivers", "nothing"):
        project.start(library_cache)
        project.edit(what)
        found[what] = project.check()
    return found | dict.fromkeys(("connections", "sends"), found["nothing"])


@pytest.fixture(scope="module")
def warm_cache(project: Project, library_cache: Path, cold: dict[str, Verdicts]) -> Path:
    """
    Return the cache of a run on the project as it is.
    """
    project.start(library_cache)
    assert project.check() == cold["nothing"]
    return Path(shutil.copytree(project.cache, library_cache.with_name("warm")))


def test_edits_of_dependencies_change_the_errors(cold: dict[str, Verdicts]) -> None:
    for what in ("a payload", "a signal", "receivers"):
        assert cold[what]["connections.py"] != cold["nothing"]["connections.py"]


def test_receivers_of_other_modules_are_checked(cold: dict[str, Verdicts]) -> None:
    said = [error.text for error in cold["nothing"]["connections.py"]]
    for receiver in ("plain", "method", "Kitchen object", "the receiver"):
        assert any(text.startswith(f"ordered cannot connect {receiver}: ") for text in said)


@pytest.mark.parametrize("mode", MODES)
def test_cold_runs_find_the_same(
    project: Project, mode: str, cold: dict[str, Verdicts], library_cache: Path
) -> None:
    project.start(library_cache)
    assert project.check(mode) == cold["nothing"]


@pytest.mark.parametrize("what", EDITS)
@pytest.mark.parametrize("mode", MODES)
def test_warm_runs_find_the_same(
    project: Project, mode: str, what: str, cold: dict[str, Verdicts], warm_cache: Path
) -> None:
    project.start(warm_cache)
    project.edit(what)
    assert project.check(mode) == cold[what]


@pytest.fixture
def daemon(project: Project) -> Iterator[list[str]]:
    """
    Return the command line of mypy's daemon, which runs for the project.
    """
    command = ["-m", "mypy.dmypy", "--status-file", str(project.folder / "status.json")]
    output_of([*command, "start", "--timeout", "120", "--", *project.options()])
    try:
        yield command
    finally:
        output_of([*command, "kill"])


def test_daemon_finds_the_same(
    project: Project, daemon: list[str], cold: dict[str, Verdicts]
) -> None:
    for what in EDITS:
        project.restore()
        project.edit(what)
        assert reported(output_of([*daemon, "check", *project.files()])) == cold[what], what


def test_changed_handler_is_used(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "typed_signals", ignore=shutil.ignore_patterns("*cache*"))
    project = Project(tmp_path)
    command = ["-m", "mypy", *project.options(), *project.files()]
    first = output_of(command, PYTHONPATH=str(tmp_path))
    assert output_of(command, PYTHONPATH=str(tmp_path)) == first
    with (tmp_path / "typed_signals/mypy/checks/compatibility.py").open(
        "a", encoding="utf-8"
    ) as file:
        file.write("\n\ndef _name_of(*_):\n    return 'somebody'\n")
    changed = output_of(command, PYTHONPATH=str(tmp_path))
    assert "cannot connect somebody: 'note'" not in first
    assert "cannot connect somebody: 'note'" in changed
