"""
The errors of the plugin for signals of other packages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mypy_runs import run_configured
from tests.plugin.casefile import expected_errors, reported

pytestmark = pytest.mark.any_python

FILES = sorted((Path(__file__).parent / "cases").glob("*.py"))
# Only allauth is installed.
WITHOUT_TYPES = (
    "actstream,allauth.*,cms.*,django_fsm.*,friendship.*,import_export.*,simple_history.*,wagtail.*"
)


def test_mypy_reports_exactly_the_expected_errors(tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    config.write_text(
        "[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n"
        f"[mypy-{WITHOUT_TYPES}]\nignore_missing_imports = true\n",
        "utf-8",
    )
    output, problems = run_configured(config, *map(str, FILES))
    assert not problems
    verdicts = reported(output)
    for path in FILES:
        assert verdicts.get(path.name, []) == expected_errors(path)
