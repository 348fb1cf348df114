"""
If the plugin fails, mypy continues without it, and a note shows what to report.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from mypy.errors import CompileError
from mypy.options import Options
from mypy.version import __version__

from tests.markdown import read_blocks
from tests.mypy_runs import MODES, copy_library_cache
from typed_signals.mypy import codes, plugin
from typed_signals.mypy.hook_lookup import SignalPlugin
from typed_signals.mypy.lib import crashes
from typed_signals.mypy.lib.crashes import RAISE, guarded

from .checking import in_a_process
from .test_runs import output_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_python

# A plugin whose handlers all fail, each with another name.
FAILING: Final = """\
from typed_signals.mypy import plugin
from typed_signals.mypy.hooks import connect_calls, decorators, definitions, sends

def failing(name):
    def handler(*_):
        raise KeyError(name)
    return handler

for module, names in {
    connect_calls: ("connect",),
    decorators: ("read_receiver", "read_django_receiver", "read_connect_via", "decorate"),
    definitions: ("construct", "declare", "inherit"),
    sends: ("send_signature",),
}.items():
    for name in names:
        setattr(module, name, failing(name))
"""
CONFIG: Final = "[mypy]\nplugins = failing.py\n"
# Each line states what fails there.
PROGRAM: Final = """\
from typing import Any, TypedDict
from flask.signals import request_started
from django.db.models.signals import post_save
from django.dispatch import receiver as djangos
from typed_signals import Signal, receiver
class Payload(TypedDict):
    size: int
done = Signal[Any, Payload]()  # construct
class Own(Signal[Any, Payload]): ...  # inherit
@receiver(done)  # read_receiver, decorate
def log(sender, **kwargs): ...
@djangos(post_save)  # read_django_receiver
def save(sender, **kwargs): ...
@request_started.connect_via(object())  # read_connect_via
def start(sender, **kwargs): ...
done.connect(log)  # connect
done.send(None, size=1)  # send_signature
@Signal.declare  # declare
def made(sender: Any) -> Any: ...
"""
SECTION: Final = "When the plugin fails"
FAILED: Final = {
    (number, name)
    for number, line in enumerate(PROGRAM.splitlines(), start=1)
    for name in line.partition("  # ")[2].split(", ")
    if name
}


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """
    Return the arguments of a mypy run with the failing plugin, which may not raise.
    """
    monkeypatch.delenv(RAISE)
    (tmp_path / "failing.py").write_text(FAILING, "utf-8")
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    config = tmp_path / "mypy.ini"
    config.write_text(CONFIG, "utf-8")
    cache = copy_library_cache(tmp_path / "cache", CONFIG, failing=FAILING)
    return ["--config-file", str(config), "--no-error-summary", "--cache-dir", str(cache)]


def notes_in(output: str) -> set[tuple[int, str]]:
    """
    Return the places of notes and what failed there; there may be no other output.
    """
    found = re.findall(
        r"\.py:(\d+): note: typed-signals could not check this call: please report KeyError: "
        r"'(\w+)' at typed_signals/mypy/[\w/]+\.py:\d+\n",
        output,
    )
    assert len(found) == len(output.splitlines()), output
    return {(int(line), name) for line, name in found}


def test_documentation_shows_the_note() -> None:
    blocks = read_blocks("docs/reference/plugin.md")
    [note, too_old] = [block.text for block in blocks if block.section == SECTION]
    assert notes_in(note) == {(12, "size")}
    options = Options()
    options.config_file = "mypy.ini"
    old: Any = plugin("1.18.2")(options)
    with pytest.raises(CompileError) as caught:
        old.get_additional_deps(None)
    assert caught.value.messages == [too_old.strip()]


@pytest.mark.parametrize("mode", MODES)
def test_each_failing_hook_is_reported_as_a_note_and_nothing_else_changes(
    arguments: list[str], tmp_path: Path, mode: str
) -> None:
    program = str(tmp_path / "program.py")
    for _ in ("cold", "warm"):
        assert notes_in(output_of(["-m", "mypy", *MODES[mode], *arguments, program])) == FAILED
        with Path(program).open("a", encoding="utf-8") as file:
            file.write("# changed\n")


@pytest.fixture
def daemon(arguments: list[str], tmp_path: Path) -> Iterator[list[str]]:
    command = ["-m", "mypy.dmypy", "--status-file", str(tmp_path / "status.json")]
    output_of([*command, "start", "--timeout", "120", "--", *arguments])
    try:
        yield command
    finally:
        output_of([*command, "kill"])


def test_daemon_reports_the_note_after_an_edit(daemon: list[str], tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    for _ in range(2):
        assert notes_in(output_of([*daemon, "check", str(program)])) == FAILED
        with program.open("a", encoding="utf-8") as file:
            file.write("# changed\n")


def test_mypy_stops_with_an_error_if_requested(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RAISE, "1")
    output, problems, status = in_a_process([*arguments, str(tmp_path / "program.py")])
    assert status == 2
    assert "INTERNAL ERROR" in output + problems


def test_notes_can_be_turned_off(arguments: list[str], tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(f"# mypy: disable-error-code=signal\n{PROGRAM}", "utf-8")
    assert output_of(["-m", "mypy", *arguments, str(program)]) == ""


class Notes(list[tuple[str, object]]):
    """
    A checker that only collects notes.
    """

    def note(self, text: str, place: object, *, code: object) -> None:
        assert code is codes.ALL
        self.append((text, place))


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    monkeypatch.delenv(RAISE)
    return Notes()


def failing(error: BaseException) -> Any:
    def handler(_: Any) -> Any:
        raise error

    return guarded(lambda: handler)


@pytest.mark.parametrize(
    ("fields", "default"),
    [
        ({"context": "here", "default_return_type": "type"}, "type"),
        ({"context": "here", "default_signature": "signature"}, "signature"),
        ({"reason": "here"}, None),
    ],
)
def test_result_is_the_default_of_mypy(
    notes: Notes, fields: dict[str, str], default: str | None
) -> None:
    hook = failing(ValueError("a\nb"))
    assert hook(SimpleNamespace(api=notes, **fields)) == default
    [(text, place)] = notes
    assert place == "here"
    assert "please report ValueError: a b at typed_signals/mypy/lib/crashes.py:" in text


def test_error_is_raised_if_requested(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RAISE, "1")
    with pytest.raises(KeyError, match="size"):
        failing(KeyError("size"))(SimpleNamespace(api=notes, context="here"))
    assert not notes


def test_handler_that_cannot_be_imported_is_reported_as_a_note(notes: Notes) -> None:
    def find() -> Any:
        raise ImportError("no handler")

    ctx = SimpleNamespace(api=notes, context="here", default_return_type="type")
    assert guarded(find)(ctx) == "type"
    assert "ImportError: no handler at " in notes[0][0]


def test_hook_is_found_once() -> None:
    handlers = iter([str])
    hook = guarded(lambda: next(handlers))
    assert [hook(1), hook(2)] == ["1", "2"]


@pytest.mark.parametrize("error", [CompileError(["end"]), SystemExit(2), KeyboardInterrupt()])
def test_compile_errors_stop_mypy(notes: Notes, error: BaseException) -> None:
    with pytest.raises(type(error)):
        failing(error)(SimpleNamespace(api=notes, context="here", default_return_type="type"))
    assert not notes


def test_error_in_our_code_has_its_place(notes: Notes) -> None:
    hook = guarded(lambda: crashes._is_in_package)
    hook(SimpleNamespace(api=notes, context="here", default_return_type="type"))
    line = crashes._is_in_package.__code__.co_firstlineno + 1
    assert notes[0][0].endswith(f" at typed_signals/mypy/lib/crashes.py:{line}")


def test_errors_without_a_place_are_printed_once_to_stderr(
    notes: Notes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = SignalPlugin(Options())
    monkeypatch.setattr(SignalPlugin, "_packages", property(lambda _: 1 / 0))
    ctx: Any = SimpleNamespace(path="program.py")
    assert own.report_config_data(ctx) is None
    file: Any = SimpleNamespace(fullname="program", imports=[])
    assert own.get_additional_deps(file) == []
    assert own.get_additional_deps(file) == []
    told = capsys.readouterr().err
    assert told.count("\n") == told.count(
        "typed-signals could not find all declarations: please report ZeroDivisionError: "
    )
    assert told


def test_wrong_configuration_is_not_an_error_in_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any) -> None:
        raise CompileError(["end"])

    monkeypatch.setattr(SignalPlugin, "_packages", property(refuse))
    file: Any = SimpleNamespace(fullname="program", imports=[])
    with pytest.raises(CompileError):
        SignalPlugin(Options()).get_additional_deps(file)


@pytest.mark.parametrize("version", ["1.19", "1.19.0", "1.20.1+dev.0123abc", "2.4.1", __version__])
def test_new_versions_of_mypy_get_the_plugin(version: str) -> None:
    assert plugin(version) is SignalPlugin


@pytest.mark.parametrize("version", ["0.991", "1.0.1", "1.9.0", "1.18.2", "1.18.0+dev.9f2"])
def test_old_versions_of_mypy_get_a_message(version: str) -> None:
    options = Options()
    options.config_file = "mypy.ini"
    old: Any = plugin(version)(options)
    for look in (old.report_config_data, old.get_additional_deps):
        with pytest.raises(CompileError) as caught:
            look(None)
        needed = f"needs mypy 1.19 or newer, but this is {version}: upgrade mypy"
        assert caught.value.messages == [f"mypy.ini: error: typed_signals.mypy {needed}"]


def test_old_mypy_ends_with_one_line(tmp_path: Path) -> None:
    text = "from typed_signals.mypy import plugin as new\ndef plugin(_): return new('1.18.2')\n"
    (tmp_path / "old.py").write_text(text, "utf-8")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nplugins = old.py\n", "utf-8")
    fixed = ["--config-file", str(config), "--cache-dir", str(tmp_path / "cache")]
    for _ in ("cold", "warm"):
        output, problems, status = in_a_process([*fixed, "--no-error-summary", "-c", "1"])
        assert (output, status) == ("", 2)
        assert problems == (
            f"{config}: error: typed_signals.mypy needs mypy 1.19 or newer, but this is 1.18.2: "
            "upgrade mypy\n"
        )
