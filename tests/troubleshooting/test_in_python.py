"""
What Python shows at import, at connect, at a send and in tests is what the pages show, and the
fixes end it.
"""

from __future__ import annotations

import subprocess
import sys
import unittest
from typing import TYPE_CHECKING, Any, Final

import pytest

from .examples import Example, beginning_of, comparable, examples_of, results_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# The name of the first module on each page.
MODULES: Final = {
    "docs/troubleshooting/background.md": "shop",
    "docs/troubleshooting/connect.md": "shop",
    "docs/troubleshooting/declarations.md": "shop",
    "docs/troubleshooting/send.md": "shop",
    "docs/troubleshooting/tests.md": "test_shop",
}
EXAMPLES = [
    example
    for page in MODULES
    for example in examples_of(page)
    if example.chapter != "With models of Django"
]
EXAMPLES += [
    example
    for example in examples_of("docs/troubleshooting/commands.md")
    if example.path == "requirements.txt"
]

# The packages that each extra installs.
PACKAGES: Final = {
    "background": ["msgspec"],
    "celery": ["celery"],
    "check": ["mypy", "libcst", "rich"],
    "opentelemetry": ["opentelemetry"],
    "testing": ["typeguard"],
}


def run(example: Example, program: str) -> list[str]:
    """
    Return what Python shows for the *program* of an example, which may be the required packages.
    """
    if example.path == "requirements.txt":
        _, requirement, _, code = program.split("\n", 3)
        return run_with(requirement, code)
    module = MODULES[example.page]
    text = f"{beginning_of(example.page)}\n\n{program}"
    return results_of(text, module, at_end=lambda: run_tests_in(sys.modules[module]))


def run_tests_in(module: Any) -> Iterator[str]:
    """
    Yield the last line of each error of the tests in *module*.
    """
    for cls in vars(module).values():
        if (
            isinstance(cls, type)
            and issubclass(cls, unittest.TestCase)
            and cls.__module__ == module.__name__
        ):
            result = unittest.TestResult()
            unittest.defaultTestLoader.loadTestsFromTestCase(cls).run(result)
            for _, text in [*result.errors, *result.failures]:
                yield text.splitlines()[-1]


def run_with(requirement: str, program: str) -> list[str]:
    """
    Return the error of *program* if only the extras in *requirement* are installed.
    """
    missing = [
        name for extra, names in PACKAGES.items() if extra not in requirement for name in names
    ]
    absent = f"import sys; sys.modules.update(dict.fromkeys({missing}))\n"
    ended = subprocess.run(
        [sys.executable, "-c", f"{absent}{program}"], capture_output=True, text=True, check=False
    )
    return ended.stderr.splitlines()[-1:]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_entry(example: Example) -> None:
    assert comparable(run(example, example.before)) == comparable(example.shown)
    assert run(example, example.after) == []
