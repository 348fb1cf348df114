"""
The payloads of Django's signals are what Django sends: it is recorded while its own tests run.

Those tests are part of Django's source distribution only, which is downloaded once for each
version of Django, to pytest's cache.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import django
import pytest

from typed_signals._declare.readers import from_typed_dict
from typed_signals.django import payloads, signals
from typed_signals.django._builtin import payload_of
from typed_signals.django.signals import _HOMES

pytestmark = pytest.mark.any_python

# There are tasks since Django 6.0.
SIGNALS: Final = [
    name
    for name, home in _HOMES.items()
    if home != "django.tasks.signals" or django.VERSION >= (6, 0)
]

RECORDER: Final = Path(__file__).with_name("recorder.py")

# What Django's tests of each of these do sends signals, with every set of keys that was found when
# twice as many were run. Each group is a process of its own: the first one sleeps a lot, and to
# empty the database between tests takes longer, the more applications there are in it.
GROUPS: Final = (
    "asgi",
    (
        "basic delete m2m_regress m2m_signals m2m_through_regress migrate_signals "
        "migrations.test_executor multiple_database signals"
    ),
    (
        "handlers middleware_exceptions requests_tests test_client test_client_regress test_utils "
        "wsgi"
    )
    + (" tasks" if django.VERSION >= (6, 0) else ""),
)

# All of them together run some 900 tests.
FEWEST_TESTS: Final = 800


def suite(cache: Path) -> Path:
    """
    Return the folder of the tests of the Django that is installed.
    """
    version = django.__version__
    folder = cache / version
    if not folder.exists():
        with TemporaryDirectory(dir=cache) as name:
            download(version, name)
            (archive,) = Path(name).glob("*.tar.gz")
            with tarfile.open(archive) as opened:
                opened.extractall(name, filter="data")
            (tests,) = Path(name).glob("*/tests")
            # Only what is complete has the name that is looked for.
            shutil.move(tests, folder)
    return folder


def download(version: str, folder: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "django"]
    process = subprocess.run(
        [*command, "--dest", folder, f"django=={version}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if process.returncode:
        pytest.fail(
            "What Django sends can only be recorded while its own tests run, and its source "
            f"distribution, which has them, could not be downloaded:\n{process.stdout}",
            pytrace=False,
        )


def record(tests: Path, group: str, output: Path) -> tuple[int, dict[str, list[list[str]]]]:
    """
    Return how many of Django's tests were run, and what was sent.

    Some of them may fail, by what they expect of the machine: that is not ours to judge.
    """
    process = subprocess.run(
        [sys.executable, RECORDER, tests, output, *group.split()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    ran = re.search(r"^Ran (\d+) tests? in", process.stdout, re.MULTILINE)
    if ran is None or not output.exists():
        pytest.fail(f"Django's tests did not run:\n{process.stdout}", pytrace=False)
    return int(ran[1]), json.loads(output.read_text("utf-8"))


@pytest.fixture(scope="module")
def recorded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[set[str]]]:
    """
    The different sets of keys that Django sent each signal with.
    """
    cache = request.config.cache
    assert cache is not None, "pytest's cache is needed, to download Django's tests only once"
    tests = suite(cache.mkdir("django-tests"))
    folder = tmp_path_factory.mktemp("recorded")
    with ThreadPoolExecutor(max_workers=1 + (os.cpu_count() or 1)) as pool:
        runs = list(
            pool.map(
                lambda group: record(tests, group, folder / f"{group.split()[0]}.json"), GROUPS
            )
        )
    assert sum(ran for ran, _ in runs) >= FEWEST_TESTS
    kinds: dict[str, list[set[str]]] = {}
    for _, sent in runs:
        for name, sets in sent.items():
            kinds.setdefault(name, []).extend(map(set, sets))
    return kinds


def test_nothing_else_is_sent(recorded: dict[str, list[set[str]]]) -> None:
    assert recorded.keys() <= {f"{home}.{name}" for name, home in _HOMES.items()}


@pytest.mark.parametrize("name", SIGNALS)
def test_what_is_declared_is_sent(name: str, recorded: dict[str, list[set[str]]]) -> None:
    sent = recorded[f"{_HOMES[name]}.{name}"]
    of_this_version = payload_of(getattr(signals, name))
    assert of_this_version.required_keys == set.intersection(*sent)
    assert of_this_version.keys == set.union(*sent)

    of_all_versions = from_typed_dict(getattr(payloads, of_this_version.name))
    assert of_all_versions.required_keys <= of_this_version.required_keys
    assert of_all_versions.keys >= of_this_version.keys
