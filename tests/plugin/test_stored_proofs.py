"""
What is proven of decorators is kept beside mypy's cache, until a file that it depends on changes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest
from mypy.options import Options

from typed_signals.mypy.hook_lookup import SignalPlugin
from typed_signals.mypy.proofs import modules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typed_signals.mypy.proofs.proof import Proof

    Found = dict[int, list[Proof]]

pytestmark = pytest.mark.any_python

PROGRAM: Final = """
from typed_signals import receiver
from tools import logged

@receiver(done)
@logged
def log(sender, size, **kwargs): ...
"""
PASSES_ON: Final = "def logged(function):\n    return function\n"
RETURNS_NOTHING: Final = "def logged(function):\n    print(function)\n"


class Project:
    """
    A program with a decorator in another module.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.program = folder / "program.py"
        self.tools = folder / "tools.py"
        self.options = Options()
        self.options.cache_dir = str(folder / "cache")
        self.made = 0
        self.program.write_text(PROGRAM, "utf-8")
        self.tools.write_text(PASSES_ON, "utf-8")
        make: Callable[..., Found] = modules.proofs_of

        def counted(*args: object) -> Found:
            self.made += 1
            return make(*args)

        monkeypatch.setattr(modules, "proofs_of", counted)

    def passes_on(self) -> bool:
        """
        Return the verdict in another run.
        """
        ((_, (_, logged)),) = (
            SignalPlugin(self.options).proofs("program", str(self.program)).items()
        )
        return logged.passes_on


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(tmp_path, monkeypatch)


def test_proofs_are_made_once_if_nothing_changes(project: Project) -> None:
    assert [project.passes_on() for _ in range(3)] == [True] * 3
    assert project.made == 1


def test_edited_decorator_is_read_again(project: Project) -> None:
    assert project.passes_on()
    project.tools.write_text(RETURNS_NOTHING, "utf-8")
    assert not project.passes_on()
    project.tools.write_text(PASSES_ON, "utf-8")
    assert project.passes_on()
    assert project.made == 3


def test_edited_program_is_read_again(project: Project) -> None:
    assert project.passes_on()
    project.program.write_text(PROGRAM.replace("logged", "unknown"), "utf-8")
    assert not project.passes_on()


def test_module_that_now_comes_first_is_read(project: Project) -> None:
    assert project.passes_on()
    (project.folder / "tools").mkdir()
    (project.folder / "tools/__init__.py").write_text(RETURNS_NOTHING, "utf-8")
    assert not project.passes_on()


def test_removed_module_is_not_known_any_more(project: Project) -> None:
    assert project.passes_on()
    project.tools.unlink()
    assert not project.passes_on()


def test_other_version_of_the_plugin_makes_its_own(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.passes_on()
    monkeypatch.setattr(SignalPlugin, "version", "another")
    assert project.passes_on()
    assert project.made == 2


def test_other_search_path_makes_its_own(project: Project) -> None:
    assert project.passes_on()
    project.options.mypy_path = [str(project.folder)]
    assert project.passes_on()
    assert project.made == 2


@pytest.mark.parametrize("text", ["", "{", "\udcff", "1", "[1, 2, 3]", "{}"])
def test_broken_file_is_replaced(project: Project, text: str) -> None:
    assert project.passes_on()
    (stored,) = (project.folder / "cache/typed_signals").iterdir()
    stored.write_text(text, "utf-8", "surrogateescape")
    assert project.passes_on()
    assert project.passes_on()
    assert project.made == 2


def test_folder_that_cannot_be_written_is_ignored(project: Project) -> None:
    (project.folder / "cache").write_text("", "utf-8")
    assert project.passes_on()
    assert project.passes_on()
    assert project.made == 2


@pytest.mark.parametrize("option", ["cache_dir", "incremental"])
def test_nothing_is_kept_if_mypy_keeps_nothing(project: Project, option: str) -> None:
    setattr(project.options, option, os.devnull if option == "cache_dir" else False)
    assert project.passes_on()
    assert project.passes_on()
    assert project.made == 2
    assert not (project.folder / "cache").exists()
