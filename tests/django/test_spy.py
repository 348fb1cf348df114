"""
``signal_spy`` in Django's test cases, with its own runner and with pytest-django.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_python

ROOT = Path(__file__).parents[2]

PYTEST = (
    *("pytest", "tests/django/tools/under_signal_spy.py", "--ds", "tests.django.settings"),
    *("--noconftest", "--nomigrations", "-p", "no:cacheprovider", "-p", "no:asyncio"),
    *("-W", "error", "-o", "addopts=--import-mode=importlib"),
)
DJANGO = ("django", "test", "tests.django.tools.under_signal_spy", "--settings")


def output_of(*command: str) -> str:
    process = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout
    return process.stdout


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_spy_with_pytest_django(options: tuple[str, ...]) -> None:
    assert " 12 passed in " in output_of("-m", *PYTEST, *options)


def test_spy_with_djangos_runner() -> None:
    output = output_of("-W", "error", "-m", *DJANGO, "tests.django.settings", "--verbosity", "0")
    assert "Ran 10 tests" in output


CACHE = """
from django.conf import settings

settings.configure()

import sys
from django.core.signals import request_finished
from typed_signals.testing import isolate

assert "django.core.cache" not in sys.modules
with isolate():
    from django.core.cache import close_caches

    request_finished.connect(print)
receivers = [connected() for _, connected, *_ in request_finished.receivers]
assert close_caches in receivers
assert print not in receivers
"""


def test_first_import_of_the_cache_remains_connected() -> None:
    output_of("-c", CACHE)
