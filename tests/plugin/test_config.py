"""
The plugin refuses an invalid section of the mypy configuration with one line.
"""

from __future__ import annotations

from pathlib import Path

import mypy
import pytest
from mypy.options import Options
from mypy.plugin import ReportConfigContext

from tests.hostile import LONG
from tests.mypy_runs import run_mypy
from typed_signals.mypy.hook_lookup import SignalPlugin

from .checking import refusal

pytestmark = pytest.mark.any_python


@pytest.mark.parametrize(
    "content", [b"\xff\xfe[typed-signals]", b"[typed-signals]\ndeclarations=\xff"]
)
@pytest.mark.parametrize("name", ["mypy.ini", "pyproject.toml"])
def test_files_that_are_not_text_are_refused(tmp_path: Path, content: bytes, name: str) -> None:
    line = refusal(tmp_path, name, content)
    assert line is not None
    assert "typed-signals] cannot be read: 'utf-8' codec can't decode byte" in line


@pytest.mark.parametrize(
    ("name", "section", "problem"),
    [
        (
            "mypy.ini",
            "declarations = abc",
            "'abc' is a module, not a package: use a folder with",
        ),
        ("mypy.ini", f"declarations = {LONG}", "cannot read the package 'xxx"),
        (
            "mypy.ini",
            "declarations = ../no_such",
            "cannot read the package '../no_such', because this is a path",
        ),
        (
            "pyproject.toml",
            "declarations = [['a']]",
            "declarations must be a list of package names, not [['a']]",
        ),
        (
            "pyproject.toml",
            "[[tool.typed-signals]]",
            "must be one section with 'declarations', not [{}, {}]",
        ),
    ],
)
def test_mypy_ends_with_the_line(tmp_path: Path, name: str, section: str, problem: str) -> None:
    config = tmp_path / name
    head = {
        "mypy.ini": "[mypy]\nplugins = typed_signals.mypy\n[typed-signals]\n",
        "pyproject.toml": "[tool.mypy]\nplugins = ['typed_signals.mypy']\n[tool.typed-signals]\n",
    }[name]
    if section.startswith("[["):
        head = head.replace("[tool.typed-signals]", section)
    config.write_text(f"{head}{section}\n", "utf-8")
    options = ["--config-file", str(config), "--cache-dir", str(tmp_path), "--show-traceback"]
    output, problems, status = run_mypy([*options, "--no-error-summary", "-c", "1"])
    assert status == 2
    [line] = (output + problems).splitlines()
    shown = "tool.typed-signals" if name == "pyproject.toml" else "typed-signals"
    assert line.startswith(f"{config}: error: [{shown}] {problem}")


@pytest.mark.parametrize(
    ("path", "depends"),
    [
        ("mypy/typeshed/stdlib/builtins.pyi", False),
        ("mypy_boto3_s3/client.pyi", True),
        ("mypy_program.py", True),
        ("shop/mypy/orders.py", True),
    ],
)
def test_modules_depend_on_the_declarations_except_for_mypys_own(
    tmp_path: Path, path: str, *, depends: bool
) -> None:
    options = Options()
    config = tmp_path / "mypy.ini"
    config.write_text("[typed-signals]\ndeclarations = typed_signals_stubs\n", "utf-8")
    options.config_file = str(config)
    file = Path(mypy.__file__).parents[1] / path
    context = ReportConfigContext(id="module", path=str(file), is_check=False)
    data = SignalPlugin(options).report_config_data(context)
    assert (data is not None) is depends
