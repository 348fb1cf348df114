"""
What mypy shows is what the page shows, and the fixes end it.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from mypy.build import load_plugins
from mypy.config_parser import parse_config_file
from mypy.errors import CompileError, Errors
from mypy.options import Options
from mypy.plugin import ReportConfigContext

from tests.mypy_runs import CONFIG, check_programs

from .examples import Example, beginning_of, comparable, examples_of
from .files import write_and_run

pytestmark = pytest.mark.any_python

PAGE = "docs/troubleshooting/mypy.md"
EXAMPLES = examples_of(PAGE)
IN_CODE = {
    f"example_{number:02}": each for number, each in enumerate(EXAMPLES) if each.path is None
}
BEFORE_CODE = [each for each in EXAMPLES if each.path is not None]


Report = dict[str, list[str]]


def report_on(folder: Path) -> Report:
    """
    Return what mypy reports for the programs before and after each change, in one run.
    """
    programs = {}
    for name, each in IN_CODE.items():
        programs[f"{name}_before"] = f"{beginning_of(PAGE)}\n\n{each.before}"
        programs[f"{name}_after"] = f"{beginning_of(PAGE)}\n\n{each.after}"
    reported = check_programs(folder, programs)
    return {
        name: [f"shop.py:{line}" for line in lines if ": note: " not in line]
        for name, lines in reported.items()
    }


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_on(tmp_path_factory.mktemp("troubleshooting"))


@pytest.mark.parametrize("name", IN_CODE)
def test_entry_about_code(report: Report, name: str) -> None:
    assert report[f"{name}_before"] == IN_CODE[name].shown
    assert report[f"{name}_after"] == []


def stops(example: Example, text: str) -> list[str]:
    """
    Return with which messages mypy stops before it reads any code, if a file is *text*.
    """
    options, output = Options(), io.StringIO()
    options.config_file, options.python_executable = "mypy.ini", sys.executable
    with (
        TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        pytest.MonkeyPatch.context() as patch,
    ):
        write_and_run(text, ())
        if example.path == "requirements.txt":
            Path("mypy.ini").write_text(CONFIG, "utf-8")
            patch.setattr("mypy.build.__version__", text.rpartition("=")[2].strip())
        parse_config_file(options, lambda: None, "mypy.ini", output, output)
        try:
            plugin, _ = load_plugins(options, Errors(options), output, [])
            plugin.report_config_data(ReportConfigContext("builtins", "", is_check=False))
        except CompileError as error:
            return [*output.getvalue().splitlines(), *error.messages]
    return output.getvalue().splitlines()


@pytest.mark.parametrize("example", BEFORE_CODE, ids=lambda each: each.section)
def test_entry_about_configuration(example: Example) -> None:
    assert comparable(stops(example, example.before)) == comparable(example.shown)
    assert stops(example, example.after) == []
