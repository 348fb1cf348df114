"""
The plugin on the receivers in Django's own code.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.mypy_runs import run_mypy

if TYPE_CHECKING:
    import pytest

# To check that errors are found: each way of connecting with these is reported, and a send.
MISTAKES = {
    "core/handlers/exception.py": ("(sender=None, request=", "(sender=None, who="),
    "contrib/sites/apps.py": ("(create_default_site,", "(lambda **kwargs: None,"),
    "db/__init__.py": ("def reset_queries(**", "def reset_queries(planted, **"),
    "test/signals.py": ("def clear_cache_handlers(*,", "def clear_cache_handlers(*, planted,"),
}
REPORTED = {
    ("django/core/handlers/exception.py", "signal-send"),
    ("django/contrib/sites/apps.py", "signal-weak"),
    ("django/db/__init__.py", "signal-parameter"),
    ("django/test/signals.py", "signal-parameter"),
    ("django/test/utils.py", "signal-parameter"),  # connects reset_queries too
}


def test_django_itself_gives_no_false_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # Without a copy, mypy would read django-stubs instead.
    source = Path(django.__file__).parent
    names = shutil.ignore_patterns("locale", "static", "__pycache__")
    package = Path(shutil.copytree(source, tmp_path / "django", ignore=names))
    for name, (right, wrong) in MISTAKES.items():
        text = (package / name).read_text("utf-8")
        assert right in text
        (package / name).write_text(text.replace(right, wrong), "utf-8")
    connecting = [
        str(file.relative_to(tmp_path))
        for file in package.rglob("*.py")
        if re.search(r"\b[a-z_]+\.connect\(|@receiver\(|\.send\(", file.read_text("utf-8"))
    ]
    assert len(connecting) > 30
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n"
        "follow_imports = silent\nignore_missing_imports = true\n",
        "utf-8",
    )
    # Django has no types, so mypy reports many other errors.
    output, problems, _ = run_mypy(["--show-traceback", *connecting])
    assert not problems
    by_us = r"\[(signal.*)\]"
    of_a_send = r"for \"a?send\w*\".*\[(call-arg|arg-type)\]"
    lines = rf"^(\S+?):\d+: error: .*(?:{by_us}|{of_a_send})$"
    found = re.findall(lines, output, re.MULTILINE)
    assert {(file, ours or mypys) for file, ours, mypys in found} == REPORTED
