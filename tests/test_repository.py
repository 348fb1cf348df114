"""
What pages and workflows of the repository name exists, and versions are the same everywhere.
"""

from __future__ import annotations

import re
import tomllib

import pytest

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
