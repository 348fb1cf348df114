"""
The errors of the plugin for code that uses Django's signals.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mypy_runs import run_configured
from tests.plugin.casefile import expected_errors, reported

pytestmark = pytest.mark.any_python

FILES = sorted((Path(__file__).parent / "cases").glob("*.py"))

PLUGINS = {
    "ours": "typed_signals.mypy",
    "and django-stubs'": "mypy_django_plugin.main, typed_signals.mypy",
    "ours before django-stubs'": "typed_signals.mypy, mypy_django_plugin.main",
}


@pytest.mark.parametrize("plugins", PLUGINS)
def test_mypy_reports_exactly_the_expected_errors(
    plugins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "mypy.ini"
    config.write_text(
        f"[mypy]\nplugins = {PLUGINS[plugins]}\ncheck_untyped_defs = true\n"
        "[mypy.plugins.django-stubs]\ndjango_settings_module = settings\n"
        # Its plugin follows the user model to all related models of Django in this process.
        "[mypy-auditlog.*,reversion.*]\nignore_missing_imports = true\n",
        "utf-8",
    )
    (tmp_path / "settings.py").write_text(
        'SECRET_KEY = "secret"\n'
        'INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]\n',
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    output, problems = run_configured(config, *map(str, FILES))
    assert not problems
    verdicts = reported(output)
    for path in FILES:
        assert verdicts.get(path.name, []) == expected_errors(path)


OWN = """
from django.dispatch import Signal, receiver

own = Signal()

@receiver(own)
def anything(whatever): ...
"""


def test_project_without_declared_signals_is_unchanged(tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n", "utf-8")
    program = tmp_path / "program.py"
    program.write_text(OWN, "utf-8")
    assert run_configured(config, str(program)) == ("", "")
