"""
What pages and workflows of the repository name exists, and versions are the same everywhere.
"""

from __future__ import annotations

import ast
import re
import tomllib
from typing import Any

import pytest
import yaml

from .markdown import ROOT

pytestmark = pytest.mark.any_python

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
COMPATIBILITY = (ROOT / "docs/reference/compatibility.md").read_text("utf-8")
NOXFILE = (ROOT / "noxfile.py").read_text("utf-8")


def classified(prefix: str) -> list[str]:
    """
    Return the versions in the classifiers of the project.
    """
    found = (re.fullmatch(rf"{prefix} :: (\d+\.\d+)", each) for each in PROJECT["classifiers"])
    return [match[1] for match in found if match]


PYTHONS = classified("Programming Language :: Python")
DJANGOS = classified("Framework :: Django")


def oldest_of_extra(extra: str) -> str:
    [requirement] = PROJECT["optional-dependencies"][extra]
    return str(requirement).rpartition(">=")[2]


def minors_of_mypy() -> list[str]:
    """
    Return the minor versions of mypy with which the plugin is tested, from the oldest one on.
    """
    [listed] = re.findall(r"^MYPY_VERSIONS = \((.*)\)$", NOXFILE, re.MULTILINE)
    [pinned] = re.findall(r"^mypy==(.*)$", (ROOT / "lock.txt").read_text("utf-8"), re.MULTILINE)
    versions = [pinned, *re.findall(r'"(.*?)"', listed)]
    return [version.rpartition(".")[0] for version in reversed(versions)]


def table(text: str, first_heading: str) -> list[list[str]]:
    """
    Return the cells of the table with this first heading, without its heading.
    """
    [found] = re.findall(
        rf"^\| ?{re.escape(first_heading)} ?\|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE
    )
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found.splitlines()]


def test_page_about_compatibility_has_the_tested_versions() -> None:
    supported = {
        name: (oldest, tested) for name, oldest, tested in table(COMPATIBILITY, "version of")[:3]
    }
    assert supported == {
        "CPython": (f"{PYTHONS[0]} and newer", ", ".join(PYTHONS)),
        "Django": (f"{oldest_of_extra('django')} and newer", ", ".join(DJANGOS)),
        "mypy": (f"{oldest_of_extra('mypy')} and newer", ", ".join(minors_of_mypy())),
    }
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"


def test_page_about_compatibility_has_all_extras() -> None:
    rows = table(COMPATIBILITY, "`typed-signals[...]`")
    assert {name.strip("`"): packages.lower().split(", ") for name, packages, _ in rows} == {
        extra: [re.split("[>=]", requirement)[0] for requirement in requirements]
        for extra, requirements in PROJECT["optional-dependencies"].items()
    }


CI, NEWEST, RELEASE = (
    yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text("utf-8"))
    for name in ("ci", "newest", "release")
)
COMMANDS = {
    name: (ROOT / name).read_text("utf-8")
    for name in (
        ".github/pull_request_template.md",
        ".github/workflows/ci.yml",
        ".github/workflows/newest.yml",
        ".github/workflows/release.yml",
        ".readthedocs.yaml",
        "CONTRIBUTING.md",
        "Makefile",
        "noxfile.py",
    )
}


def named(pattern: str) -> set[tuple[str, str]]:
    """
    Return the files of the repository that name something, and its name.
    """
    return {(file, name) for file, text in COMMANDS.items() for name in re.findall(pattern, text)}


def test_workflow_has_the_supported_versions() -> None:
    mypys = minors_of_mypy()
    matrix = CI["jobs"]["versions"]["strategy"]["matrix"]
    assert matrix["python"] == PYTHONS
    assert matrix["mypy"] == [mypys[0], mypys[-1]]
    assert matrix["django"] == [DJANGOS[0], DJANGOS[-1]]
    others = CI["jobs"]["systems"]["strategy"]["matrix"]
    assert others["python"] == [PYTHONS[0], PYTHONS[-1]]
    for job in (CI["jobs"]["everything"], NEWEST["jobs"]["newest"]):
        [installed] = [
            step["with"]["python-version"].split()
            for step in job["steps"]
            if "python-version" in step.get("with", ())
        ]
        assert sorted(installed) == PYTHONS


def test_required_job_needs_all_others() -> None:
    *others, last = CI["jobs"]
    passed = CI["jobs"][last]
    assert passed["if"] == "always()"
    assert passed["needs"] == others
    [step] = passed["steps"]
    assert step["run"] == f'test "$RESULTS" = "{" ".join(["success"] * len(others))}"'
    assert RELEASE["jobs"]["publish"]["needs"] == ["ci", "build"]
    assert RELEASE["jobs"]["ci"]["uses"] == "./.github/workflows/ci.yml"


def test_named_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE)) | {"mutate"}
    made = named(r"(?:run: |`|\$\(MAKE\) |@echo \")make (\w+)") | named(r"\$\(MAKE\) (\w+)")
    assert {each for each in made if each[1] not in targets} == set()
    sessions = {
        node.name
        for node in ast.parse(NOXFILE).body
        if isinstance(node, ast.FunctionDef) and "nox.session" in map(ast.unparse, decorators(node))
    }
    run = named(r"(?:nox --session|nox -s) (\w+)")
    assert {name for _, name in run} >= {"typing", "wheel", "background"}
    assert {each for each in run if each[1] not in sessions} == set()


def decorators(node: ast.FunctionDef) -> list[ast.expr]:
    return [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]


def test_named_groups_exist() -> None:
    groups = named(r"--group[\", ]+(?:f\"\{project\}:)?([a-z]+)")
    groups |= named(r"\$\(VENV\)/(\w+)-tools")
    assert len(groups) > 10
    known: dict[str, Any] = PYPROJECT["dependency-groups"]
    assert {each for each in groups if each[1] not in known} == set()


def test_hooks_of_contributors_are_those_of_the_workflow() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    ruff, actionlint = (repo["rev"].removeprefix("v") for repo in yaml.safe_load(text)["repos"])
    assert f"ruff=={ruff}" in (ROOT / "lock.txt").read_text("utf-8").splitlines()
    assert {"uses": f"docker://rhysd/actionlint:{actionlint}"} in CI["jobs"]["workflows"]["steps"]


def test_release_finds_the_version() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert re.findall(r'^version = "(.*)"$', text, re.MULTILINE) == [PROJECT["version"]]
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    heading = rf"^## \[{re.escape(PROJECT['version'])}\] - (unreleased|\d{{4}}-\d\d-\d\d)$"
    assert len(re.findall(heading, changelog, re.MULTILINE)) == 1


def test_page_about_compatibility_has_the_systems_of_the_workflow() -> None:
    systems = CI["jobs"]["systems"]
    required = {name.split(",")[0]: text for name, text in table(COMPATIBILITY, "platform")}
    assert systems["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]
    assert "windows" in systems["continue-on-error"]
    assert "does not require" in required["Windows"]
    assert "and requires" in required["macOS"]
