"""
``typed-signals check`` on projects of our own making.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from mypy.errors import CompileError
from mypy.version import __version__

from tests.markdown import read_blocks
from typed_signals.cli.check import mypy_run, process

from .commands import Printed, events_here, run_command, write_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., Printed]

SIGNALS: Final = """\
from typing import TypedDict
from typed_signals import Signal

class Done(TypedDict):
    size: int

done = Signal[object, Done]()
"""
WRONG_SEND: Final = """\
from shop.signals import done

def send():
    done.send(None, sise=1)
"""
COMPLAINT: Final = (
    "done.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); "
    "Done declares 'size'  [signal-send]"
)


@pytest.fixture(scope="module")
def only_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return the folder of all projects: mypy reads the standard library once for each folder.
    """
    return tmp_path_factory.mktemp("projects") / "ä project"


@pytest.fixture
def folder(only_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    Return the current folder, which is empty.
    """
    shutil.rmtree(only_folder, ignore_errors=True)
    only_folder.mkdir()
    monkeypatch.chdir(only_folder)
    return only_folder


@pytest.fixture
def check(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """
    Return a function that checks the project in the current folder, in this process.
    """
    cache = folder.parent / "cache"
    # mypy 1 keeps everything that it has read.
    if not __version__.startswith("1."):
        monkeypatch.setattr(mypy_run, "events_of", events_here)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    monkeypatch.setenv("VIRTUAL_ENV", "")

    def run(*arguments: str) -> Printed:
        return run_command(capsys, "check", "--cache-dir", str(cache), *arguments)

    return run


HIDING: Final = """\
[mypy]
ignore_errors = true
follow_imports = skip
exclude = .*
check_untyped_defs = false
disable_error_code = misc, signal-weak
plugins = a_missing_plugin, missing.py, json, typed_signals.mypy

[mypy-shop.*]
ignore_errors = true
follow_imports = skip

[mypy-shop.quiet]
disable_error_code = signal-send
"""


def test_nothing_but_a_code_of_ours_hides_an_error(folder: Path, check: Check) -> None:
    ignored = "    done.send(None, sise=1)  # type: ignore"
    lines = [
        f"{ignored}\n",
        f"{ignored}[signal-send]\n",
        f"{ignored}[misc]\n",
        f"{ignored}[misc, signal]\n",
    ]
    write_project(
        folder,
        {
            "mypy.ini": HIDING,
            "shop/__init__.py": "",
            "shop/signals.py": SIGNALS,
            "shop/lines.py": f"{WRONG_SEND}{''.join(lines)}",
            "shop/inline.py": f"# mypy: ignore-errors\n{WRONG_SEND}",
            "shop/whole.py": f"# A comment.\n\n# type: ignore\n{WRONG_SEND}",
            "shop/quiet.py": WRONG_SEND,
            # Disabled on purpose.
            "shop/weak.py": "from shop.signals import done\ndone.connect(lambda **kwargs: None)\n",
            "shop/other.py": "size: int = ''  # an error of mypy, which is not about signals\n",
            "shop/bröken one.py": "def\n",
            "shop/undecoded.py": "",
            "shop/uses_broken.py": f"from shop import undecoded\n{WRONG_SEND}",
        },
    )
    (folder / "shop" / "undecoded.py").write_bytes(b"size = '\xff'\n")
    found = check()
    assert found.errors == [
        f"shop/inline.py:5:5: {COMPLAINT}",
        f"shop/lines.py:4:5: {COMPLAINT}",
        f"shop/lines.py:5:5: {COMPLAINT}",
        f"shop/lines.py:7:5: {COMPLAINT}",
        f"shop/uses_broken.py:5:5: {COMPLAINT}",
        f"shop/whole.py:7:5: {COMPLAINT}",
    ]
    assert found.code == 1
    first, *unread, counts, errors = found.notes
    assert first.startswith("without the mypy plugin a_missing_plugin: ModuleNotFoundError")
    assert unread[:2] == [
        "without the mypy plugin missing.py: the file does not exist",
        "without the mypy plugin json: it has no entry point",
    ]
    broken, undecoded = unread[2:]
    assert broken.startswith("not checked: shop/bröken one.py:1: ")
    assert undecoded.startswith("not checked: shop/undecoded.py:")
    assert counts == "9 files: 1 signal (1 declared), 9 sends, 1 receiver"
    assert errors == "errors: 6"
    # Nothing is written into the project.
    assert {path.name for path in folder.iterdir()} == {"mypy.ini", "shop"}

    # The same from what mypy has stored, and for one file.
    assert check() == found
    assert check("shop/whole.py").errors == [f"shop/whole.py:7:5: {COMPLAINT}"]
    assert check("shop/quiet.py").code == 0


UNJUDGED: Final = """\
from functools import wraps
from typing import Any
from typing_extensions import deprecated

from blinker import Namespace
from django.db.models.signals import post_save
from django.dispatch import Signal, receiver
from shop.signals import Done, done
from typed_signals import receiver as typed_receiver
from typed_signals import Signal as Typed

undeclared = Signal()
ready = Namespace().signal("ready")
if ready:
    [in_list, *_] = Signal(), Signal()
    (in_tuple, [in_list]), in_both = same = (Signal(), [Signal()]), Signal()

def local():
    ready = Namespace().signal("ready")
    for _ in range(3):
        signal = Signal()

def other_local():
    signal = Signal()
    return Signal()

@Typed.declare
def started(sender: object, *, size: int) -> None: ...

def finished(sender: object, *, size: int) -> None: ...

other = Typed.declare(finished)  # without a name here

class Undeclared(Signal): ...

class Declared(Typed[object, Done]): ...

changed = Undeclared()

class Mail:
    def send(self) -> None: ...
    def connect(self) -> None: ...

class Shop:
    closed = Signal()

    def __init__(self, signal: Any):
        self.changed = Signal()
        self.changed.send(self)

class Branch:
    closed = Signal()

if len("one name"):
    either = Signal()
else:
    either = Signal()

try:
    early = Signal()
except ValueError:
    early = Signal()
else:
    late = Signal()

@deprecated("not about signals")
def utcnow() -> None: ...

def plain(sender, **kwargs): ...

def passing_on(function):
    @wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

def unknown(function):
    return {}["function"]

@receiver(undeclared)
def one(sender, **kwargs): ...

@receiver(post_save)
def two(sender, **kwargs): ...

@typed_receiver(done)
@passing_on
def three(sender, **kwargs): ...

@typed_receiver(done)
@unknown
def four(sender, **kwargs): ...

bare = Typed()

@typed_receiver(bare)
def nothing(sender, **kwargs): ...

anything: Any = None

@typed_receiver(anything)
def something(sender, **kwargs): ...

@ready.connect_via(None)
def via(sender, **kwargs): ...

@typed_receiver([done, Shop("").changed])
def five(sender, **kwargs): ...

@passing_on
def passed_on(sender, **kwargs): ...

@unknown
def lost(sender, **kwargs): ...

def connect(values: dict[str, int], signal: Signal):
    undeclared.connect(plain)
    signal.connect(plain)
    done.connect(plain)
    done.connect(passed_on)
    done.connect(lost)
    ready.connect(plain)
    undeclared.send(None)
    done.send(None, **values)
    done.send(None, size=1)
    done.connect(unknown(plain))
    Mail().connect()
    Mail().send()
    utcnow()
    signal.send(None)
"""


def test_summary_counts_what_could_not_be_judged(folder: Path, check: Check) -> None:
    write_project(
        folder,
        {"shop/__init__.py": "", "shop/signals.py": SIGNALS, "shop/unjudged.py": UNJUDGED},
    )
    found = check("--format", "json")
    assert found.code == 0
    report: dict[str, Any] = json.loads(found.out)
    assert report["summary"] == {
        "files": 3,
        "signals": 20,
        "declared": 2,
        "sends": 5,
        "receivers": 14,
        "unjudged": {
            "mypy does not know the receiver": {"send": 0, "receiver": 3},
            "the signal is not declared": {"send": 3, "receiver": 5},
            "mypy does not know the signal": {"send": 0, "receiver": 1},
            "the keys of an unpacked dict are not known": {"send": 1, "receiver": 0},
        },
        "remarks": [],
    }
    assert found.err.splitlines()[-1] == "no errors"
    assert check("shop/unjudged.py").notes == [
        "1 file: 19 signals (1 declared), 5 sends, 14 receivers",
        "not judged: 3 sends and 5 receivers, because the signal is not declared",
        "not judged: 3 receivers, because mypy does not know the receiver",
        "not judged: 1 receiver, because mypy does not know the signal",
        "not judged: 1 send, because the keys of an unpacked dict are not known",
        "no errors",
    ]


def test_known_errors_are_in_a_baseline(folder: Path, check: Check) -> None:
    write_project(folder, {"shop/signals.py": SIGNALS, "shop/send.py": WRONG_SEND})
    written = check("--write-baseline", "known.json")
    assert (written.code, written.errors) == (0, [])
    assert written.notes[-1] == "errors in known.json: 1"

    # The line number does not matter.
    write_project(folder, {"shop/send.py": f"# More\n{WRONG_SEND}    done.send(None)\n"})
    found = check("--baseline", "known.json")
    assert found.code == 1
    assert [error.partition(" ")[0] for error in found.errors] == ["shop/send.py:6:5:"]
    assert found.notes[-2:] == ["known errors, in known.json: 1", "new errors: 1"]

    write_project(folder, {"shop/send.py": ""})
    found = check("--baseline", "known.json")
    assert found.code == 0
    assert f"no longer an error: shop/send.py: {COMPLAINT} (remove it with --write-baseline)" in (
        found.notes
    )
    assert found.notes[-1] == "no new errors"


def test_reports_of_other_programs(
    folder: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(folder, {"shop/signals.py": SIGNALS, "shop/send, mail.py": WRONG_SEND})
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder.parent))
    message = COMPLAINT.removesuffix("  [signal-send]")
    github = check("--format", "github")
    assert github.out == (
        f"::error file=ä project/shop/send%2C mail.py,line=4,col=5,title=signal-send::{message}\n"
    )
    assert github.err.splitlines()[-1] == "errors: 1"

    assert check("--format", "sarif", "--output", "log.sarif").out == ""
    log = json.loads((folder / "log.sarif").read_text("utf-8"))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["signal-send"]
    (result,) = run["results"]
    assert result["message"] == {"text": message}
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "shop/send%2C%20mail.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 4, "startColumn": 5},
    }
    (folder / "other").mkdir()
    monkeypatch.chdir(folder / "other")
    (result,) = json.loads(check("..", "--format", "sarif").out)["runs"][0]["results"]
    path = folder / "shop" / "send, mail.py"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": path.as_uri()}
    assert json.loads(check("..", "--format", "json").out)["errors"] == [
        {
            "path": str(path),
            "line": 4,
            "column": 5,
            "code": "signal-send",
            "message": message,
        }
    ]


def test_what_stops_mypy_is_an_error_of_the_command(folder: Path, check: Check) -> None:
    write_project(folder, {"a.py": "def\n"})
    found = check()
    assert found.code == 2
    assert found.err.startswith("typed-signals: no file can be read: a.py:1: ")

    write_project(folder, {"a.py": "", "setup.cfg": "[typed-signals]\ndeclarations = nowhere\n"})
    found = check()
    assert found.code == 2
    assert "mypy cannot check the project" in found.err
    assert "cannot read the package 'nowhere'" in found.err


def test_what_cannot_be_written_is_an_error_of_the_command(
    folder: Path, check: Check, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, {"a.py": "", "taken": ""})
    for option in ("--output", "--write-baseline"):
        found = check(option, "taken/file")
        assert found.code == 2
        assert found.err.splitlines()[-1].startswith(
            "typed-signals: the output cannot be written: [Errno 20]"
        )
    found = check("--cache-dir", "taken/cache")
    assert found.err.endswith("; pass another folder as --cache-dir\n")
    monkeypatch.setenv("XDG_CACHE_HOME", "taken")
    found = run_command(capsys, "check")
    assert found.code == 2
    assert found.err.endswith("; set XDG_CACHE_HOME to another folder\n")
    with pytest.raises(SystemExit):
        check("-n", "-1")
    assert "invalid number value: '-1'" in capsys.readouterr().err


def test_one_file_under_two_names_is_read_once(folder: Path, check: Check) -> None:
    write_project(
        folder,
        {
            "setup.py": "",
            "src/shop/__init__.py": "",
            "src/shop/signals.py": SIGNALS,
            "src/shop/send.py": WRONG_SEND,
            "tests/test_send.py": "from src.shop import signals\n",
        },
    )
    found = check()
    assert found.errors == [f"src/shop/send.py:4:5: {COMPLAINT}"]
    assert found.notes[0].startswith("5 files: ")


CRASHING: Final = """\
from mypy.plugin import Plugin

class Crashing(Plugin):
    def get_function_hook(self, fullname):
        raise RuntimeError("the plugin failed")

def plugin(version):
    return Crashing
"""


def test_a_crash_without_plugins_ends_the_process(
    folder: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("mypy failed")

    write_project(folder, {"a.py": "", "b.py": ""})
    monkeypatch.setattr(mypy_run, "events_of", events_here)
    monkeypatch.setattr(process, "build", crash)
    with pytest.raises(RuntimeError, match="mypy failed"):
        check()

    def stop(*_: object) -> None:
        raise CompileError([])

    monkeypatch.setattr(process, "build", stop)
    assert "mypy stopped without a message" in check().err


def test_a_plugin_that_crashes_is_left_out(folder: Path, check: Check) -> None:
    write_project(
        folder,
        {
            "mypy.ini": "[mypy]\nplugins = crashing.py\n",
            "crashing.py": CRASHING,
            "shop/signals.py": SIGNALS,
            "shop/send.py": WRONG_SEND,
        },
    )
    found = check()
    assert found.errors == [f"shop/send.py:4:5: {COMPLAINT}"]
    # In this process, mypy also prints the traceback.
    without = "without crashing.py, because mypy crashed with it: RuntimeError: the plugin failed"
    assert without in found.notes


BLOCKS: Final = read_blocks("docs/reference/check.md")


def test_the_page_shows_what_is_printed(folder: Path, check: Check) -> None:
    files = [block.text for block in BLOCKS if block.language == "python"]
    (shown,) = (block.text for block in BLOCKS if block.language == "text")
    # The first line of each is its path.
    write_project(folder, {text.split()[1]: text.partition("\n")[2] for text in files})
    assert check().out == shown
