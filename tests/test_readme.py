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
import yaml

from .markdown import ROOT, errors_of_mypy, read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.any_python

BLOCKS = read_blocks("README.md")


def blocks(language: str) -> list[str]:
    return [block.text for block in BLOCKS if block.language == language]


SHOP, WRONG, DECLARED, TESTED = blocks("python")


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
        *("ini", "python", "python", "python", "python", "sh", "sh", "text", "yaml"),
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


def test_test_passes_and_passes_mypy(project: Path) -> None:
    (project / "shop.py").write_text(f"{SHOP}\n\n{TESTED}", "utf-8")
    assert errors_of_mypy(project) == []
    command = [sys.executable, "-W", "error", "-c", "import shop; shop.test_baking()"]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert ran.stdout.count("32 cm") == 1  # not muted when the module was imported


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


def test_workflow_finds_the_mistakes(project: Path) -> None:
    (text,) = blocks("yaml")
    workflow = yaml.safe_load(text)
    (job,) = workflow["jobs"].values()
    install, check = (shlex.split(step["run"]) for step in job["steps"] if "run" in step)
    assert install == ["pip", "install", "typed-signals[mypy]"]
    assert check[0] == "mypy"
    command = [sys.executable, "-m", *check]
    assert subprocess.run(command, cwd=project, capture_output=True, check=False).returncode == 0
    (project / "shop.py").write_text(f"{SHOP}{WRONG}", "utf-8")
    assert subprocess.run(command, cwd=project, capture_output=True, check=False).returncode == 1


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


def test_links_lead_to_files() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
