"""
The code blocks of the README have the documented results.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from .markdown import ROOT, errors_of_mypy, read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.any_python

BLOCKS = read_blocks("README.md")
REPOSITORY = "https://github.com/typed-signals/typed-signals/blob/main/"
SITE = "https://typed-signals.readthedocs.io/en/latest/"


def blocks(language: str) -> list[str]:
    return [block.text for block in BLOCKS if block.language == language]


SHOP, WRONG, DECLARED = blocks("python")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """
    A project with the README's configuration, in which shop.py is the README's first example.
    """
    (ini,) = blocks("ini")
    (tmp_path / "mypy.ini").write_text(ini, "utf-8")
    (tmp_path / "shop.py").write_text(SHOP, "utf-8")
    return tmp_path


def test_every_block_is_tested() -> None:
    assert sorted(block.language for block in BLOCKS) == [
        *("ini", "python", "python", "python", "sh", "sh", "text"),
    ]


def test_example_passes_mypy(project: Path) -> None:
    assert errors_of_mypy(project) == []


def test_example_prints_the_output_in_its_comment(project: Path) -> None:
    command = [sys.executable, "-W", "error", "shop.py"]
    printed = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == SHOP.rpartition("# ")[2].strip()


def test_mypy_reports_the_errors_in_the_readme(project: Path) -> None:
    (shown,) = blocks("text")
    (project / "shop.py").write_text(f"{SHOP}{WRONG}", "utf-8")
    assert errors_of_mypy(project) == shown.splitlines()


@pytest.mark.parametrize("mistake", WRONG.split("\n\n\n"))
def test_each_mistake_raises_the_same_at_run_time(mistake: str) -> None:
    module: dict[str, Any] = {"__name__": "shop"}
    exec(SHOP, module)
    with pytest.raises((TypeError, ValueError), match=r"'size'|'toppings'"):
        exec(mistake, module)


def test_declaration_by_function_runs_and_passes_mypy(project: Path) -> None:
    (project / "shop.py").write_text(f"{SHOP}{DECLARED}", "utf-8")
    assert errors_of_mypy(project) == []
    command = [sys.executable, "-W", "error", "shop.py"]
    assert subprocess.run(command, cwd=project, capture_output=True, check=True)


def test_mypy_understands_the_declaration_by_function_without_the_plugin(project: Path) -> None:
    config = project / "mypy.ini"
    config.write_text(
        config.read_text("utf-8").replace("plugins = typed_signals.mypy\n", ""), "utf-8"
    )
    (project / "shop.py").write_text(f"{SHOP}{DECLARED}", "utf-8")
    assert errors_of_mypy(project) == []
    mistake = DECLARED.replace("minutes=45", "minuetts=45")
    assert mistake != DECLARED
    (project / "shop.py").write_text(f"{SHOP}{mistake}", "utf-8")
    assert '"minuetts"' in "".join(errors_of_mypy(project))


def commands() -> Iterator[list[str]]:
    for text in blocks("sh"):
        for line in text.splitlines():
            yield shlex.split(line)


def test_commands_exist() -> None:
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [f"[{name}]" for name in metadata["optional-dependencies"]]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for command in commands():
        match command:
            case ["pip", "install", requirement]:
                assert requirement.startswith(metadata["name"])
                assert requirement.removeprefix(metadata["name"]) in ["", *extras]
            case ["make", target]:
                assert target in targets
            case _:
                pytest.fail(f"no test runs {command}")


def test_links_lead_to_pages_and_files() -> None:
    links = re.findall(r"^\[[\w-]+\]: (.+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    for link in links:
        page = link.replace(REPOSITORY, "").replace(SITE, "docs/").replace(".html", ".md")
        assert (ROOT / page).exists(), link


def test_links_are_absolute() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert not re.findall(r"\]\((?!https://|\))", text)
    used, defined = (
        re.findall(r"\]\[([\w-]+)\]", text),
        re.findall(r"^\[([\w-]+)\]:", text, re.MULTILINE),
    )
    assert set(used) == set(defined)


def test_versions_are_those_that_are_supported() -> None:
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = re.findall(
        r"Python :: (3\.\d+)|Django :: (\d\.\d)", "\n".join(project["classifiers"])
    )
    pythons = [python for python, _ in versions if python]
    djangos = [django for _, django in versions if django]
    (mypy,) = project["optional-dependencies"]["mypy"]
    newest = re.search(r"^mypy==(\d+\.\d+)", (ROOT / "lock.txt").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert f"CPython {pythons[0]} to {pythons[-1]}" in text
    assert f"Django {', '.join(djangos[:-1])} and {djangos[-1]}" in text
    assert f"mypy {mypy.removeprefix('mypy>=')} to {newest[1]}" in text
