"""
The integration of the plugin in mypy: names, codes, caches.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mypy.errorcodes import ErrorCode

import typed_signals
import typed_signals.mypy
from tests.mypy_runs import CONFIG, run_configured
from typed_signals._receiver import ReceiverDecorator
from typed_signals.mypy import codes
from typed_signals.mypy.lib import fullnames

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.any_python

PACKAGE = Path(typed_signals.__file__).parent

WRONG = """\
from typing import Any, TypedDict
from typed_signals import Signal, receiver

class PizzaDone(TypedDict):
    size: int

done = Signal[Any, PizzaDone]()

@receiver(done)
def misspelt(sender, sise, **kwargs): ...

@receiver(done)
def no_kwargs(sender): ...
"""


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., str]:
    """
    Return a function that checks a program with the plugin and options.
    """

    def run(source: str, *options: str) -> str:
        program = tmp_path / "program.py"
        program.write_text(source, "utf-8")
        # Either the options, or the file.
        programs = [] if "-c" in options else [str(program)]
        config = tmp_path / "mypy.ini"
        config.write_text(CONFIG, "utf-8")
        return "".join(run_configured(config, *options, *programs))

    return run


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        (fullnames.SIGNAL, typed_signals.Signal),
        (fullnames.RECEIVER, typed_signals.receiver),
        (fullnames.RECEIVER_DECORATOR, ReceiverDecorator),
    ],
)
def test_names_are_those_of_the_definitions(name: str, definition: type) -> None:
    assert name == f"{definition.__module__}.{definition.__qualname__}"


def test_every_code_is_under_signal() -> None:
    own = [code for code in vars(codes).values() if isinstance(code, ErrorCode)]
    for code in {*own, *codes.BY_PROBLEM.values()} - {codes.ALL}:
        assert code.code.startswith("signal-")
        assert code.sub_code_of is codes.ALL


def test_code_can_be_disabled_alone(check: Callable[..., str]) -> None:
    output = check(f"# mypy: disable-error-code=signal-kwargs\n{WRONG}")
    assert "[signal-kwargs]" not in output
    assert "[signal-parameter]" in output


def test_allcodes_can_be_disabled_at_once(check: Callable[..., str]) -> None:
    assert "[signal-parameter]" in check(WRONG)
    assert check(WRONG, "--disable-error-code", "signal") == ""


def test_line_can_be_ignored_by_code(check: Callable[..., str]) -> None:
    line = "def misspelt(sender, sise, **kwargs): ..."
    ignored = WRONG.replace(line, f"{line}  # type: ignore[signal-parameter]")
    output = check(f"# mypy: warn-unused-ignores\n{ignored}")
    assert "[signal-parameter]" not in output
    assert "[signal-kwargs]" in output
    assert "unused" not in output


def test_warm_cache_has_the_same_errors(check: Callable[..., str]) -> None:
    program = f"{WRONG}\n# and no other test has checked this one before\n"
    cold = check(program)
    assert cold
    assert check(program) == cold


def test_program_without_a_file_is_checked_without_its_source(
    check: Callable[..., str],
) -> None:
    program = f"""{WRONG}
@receiver(done)
def reads(sender, **kwargs):
    return kwargs["sise"]
"""
    of_file = [line.partition(".py:")[2] for line in check(program).splitlines()]
    of_text = [line.partition("<string>:")[2] for line in check("", "-c", program).splitlines()]
    [of_read] = [line for line in of_file if line.endswith("[signal-read]")]
    of_file.remove(of_read)
    assert of_text == of_file != []


EXTRA = """\
from typing_extensions import TypedDict

class Extra(TypedDict, extra_items=int):  # type: ignore[call-arg]
    size: int
"""


def test_extra_items_are_accepted_from_any_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "payload_extra.py").write_text(EXTRA, "utf-8")
    program = tmp_path / "sends_extra.py"
    source = """\
import payload_extra
from typing import Any
from typed_signals import Signal

class Child(payload_extra.Extra):
    pass

Signal[Any, payload_extra.Extra]().send(None, size=1, more=2)
Signal[Any, Child]().send(None, size=1, more=2)
Signal[Any, Child]().send(None, sise=1)
"""
    config = tmp_path / "mypy.ini"
    config.write_text(CONFIG, "utf-8")
    cold: list[str] = []
    warm: list[str] = []
    for told, text in ((cold, source), (warm, f"{source}# edited\n")):
        program.write_text(text, "utf-8")
        output, problems = run_configured(config, str(program))
        assert not problems
        told += [line for line in output.splitlines() if ": error: " in line]
    assert cold == warm
    [missing] = cold
    assert missing.startswith("sends_extra.py:10: error: Signal.send(): missing 'size'")


def test_extra_items_are_unknown_without_a_file(check: Callable[..., str]) -> None:
    program = f"""{EXTRA}
from typed_signals import Signal
Signal[object, Extra]().send(None, size=1, more=2)
"""
    assert check(program) == ""
    assert "unexpected 'more'" in check("", "-c", program)


def test_syntax_warnings_are_not_shown(check: Callable[..., str]) -> None:
    program = f"""{WRONG}
@receiver(done)
def reads(sender, **kwargs):
    return "\\d", kwargs["sise"]
done.send(None, sise=1)
"""
    output = check(program)
    assert "[signal-read]" in output
    assert "unexpected 'sise'" in output


def test_receiver_in_a_submodule_has_the_same_message_in_a_warm_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "bakery"
    package.mkdir()
    (package / "logs.py").write_text("def log(sender, /, **kwargs): ...\n", "utf-8")
    init = package / "__init__.py"
    source = "from .logs import log\nfrom typed_signals import Signal\n\nSignal().connect(log)\n"
    config = tmp_path / "mypy.ini"
    config.write_text(CONFIG, "utf-8")
    told = []
    for text in (source, f"{source}# edited\n"):
        init.write_text(text, "utf-8")
        told.append(run_configured(config, "-p", "bakery"))
    assert "'parameter 1' cannot be positional-only" in told[0][0]
    assert told[0] == told[1]


def test_version_follows_every_module(tmp_path: Path) -> None:
    copy = tmp_path / "typed_signals"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    versions = {_version(tmp_path)}
    assert len(versions) == 1
    for module in ("mypy/checks/annotations.py", "mypy/lookup.py", "_contract/rules.py"):
        with (copy / module).open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
        versions.add(_version(tmp_path))
    assert len(versions) == 4


def _version(root: Path) -> str:
    code = "import typed_signals.mypy as p; print(p.__version__, p.__file__)"
    completed = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    version, _, place = completed.stdout.strip().partition(" ")
    assert Path(place).is_relative_to(root)
    return version
