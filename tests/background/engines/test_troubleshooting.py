"""
The entries of the pages about troubleshooting that need Celery.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.troubleshooting import test_in_python

if TYPE_CHECKING:
    from tests.troubleshooting.examples import Example

EXAMPLES = [each for each in test_in_python.EXAMPLES if each.needs_celery]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_entry(example: Example) -> None:
    test_in_python.test_entry(example)


def test_entries_about_django() -> None:
    # The project of these tests has other settings.
    command = [sys.executable, "-m", "pytest", "-q", "tests/django/test_troubleshooting.py"]
    ended = subprocess.run([*command, "-k", "W009 or E007"], check=False, capture_output=True)
    assert ended.returncode == 0, ended.stdout
