"""
The process in which mypy runs.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from mypy.options import Options

from typed_signals.cli.check import calls, command, mypy_run, plugin, process
from typed_signals.cli.check.found import Call, Outcome
from typed_signals.cli.check.progress import progress_of
from typed_signals.cli.check.summary import Summary
from typed_signals.cli.exits import CommandError
from typed_signals.cli.project import find_project
from typed_signals.mypy.lib.crashes import RAISE

from .commands import run_command, write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Older versions of mypy have none.
WORKERS: Final = int(getattr(Options(), "native_parser", False))

SHOP: Final = {
    "manage.py": 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")\n',
    "site_settings.py": """\
import os

print("settings may print")
SECRET_KEY = os.environ["SHOP_KEY"]
INSTALLED_APPS = ["shop"]
""",
    "shop/__init__.py": "",
    "shop/models.py": """\
from django.db import models

class Pizza(models.Model):
    size = models.IntegerField()
""",
    "shop/receivers.py": """\
from django.db.models.signals import post_save
from django.dispatch import receiver
from shop.models import Pizza

@receiver(post_save, sender=Pizza)
def saved(sender, instanc, **kwargs): ...

def size(pizza: Pizza) -> None:
    reveal_type(pizza.size)
""",
}


def test_the_plugin_for_django_is_used_if_the_settings_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(tmp_path, SHOP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    monkeypatch.setenv("SHOP_KEY", "")
    monkeypatch.delenv("SHOP_KEY")
    arguments = "check", "--cache-dir", "cache"
    # This file does not need Django, so mypy does not read it.
    without = run_command(capsys, *arguments, "-n", "0", "site_settings.py")
    problem = "the settings site_settings cannot be loaded: KeyError: 'SHOP_KEY'"
    assert without.notes == [
        f"without the mypy plugin mypy_django_plugin.main: {problem}",
        "1 file: 0 signals (0 declared), 0 sends, 0 receivers",
        "no errors",
    ]
    monkeypatch.setenv("SHOP_KEY", "secret")
    # Also if each process of mypy loads the settings.
    found = run_command(capsys, *arguments, "-n", str(WORKERS))
    (error,) = found.errors
    assert "post_save cannot connect saved: 'instanc' is never sent" in error
    assert found.notes == ["5 files: 0 signals (0 declared), 0 sends, 1 receiver", "errors: 1"]


def test_a_crash_is_reported_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = find_project([write_project(tmp_path, {"a.py": ""})])
    job = process.Job(project, project.parts[0], tmp_path, 1)
    printed = """\
Traceback (most recent call last):
ValueError: not this one
a.py:3: error: INTERNAL ERROR -- Please try using mypy master on GitHub
RuntimeError: the last one
: note: use --pdb to drop into pdb
"""
    ran: list[str] = []
    program = f"import sys; sys.stderr.write({printed!r}); sys.exit(2)"
    monkeypatch.setattr(mypy_run, "_COMMAND", (sys.executable, "-c", program))
    with pytest.raises(CommandError) as raised:
        mypy_run.run_mypy(job, ran.append)  # type: ignore[arg-type]
    assert str(raised.value) == (
        f"mypy crashed at a.py:3: RuntimeError: the last one (all it printed is in "
        f"{tmp_path}/crash.txt)"
    )
    assert (tmp_path / "crash.txt").read_text("utf-8") == printed


def test_the_process_ends_if_nobody_reads_its_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = find_project([write_project(tmp_path, {"a.py": ""})])
    job = process.Job(project, project.parts[0], tmp_path, 0)
    program = """print('["stopped", ["no"]]', flush=True); import time; time.sleep(600)"""
    monkeypatch.setattr(mypy_run, "_COMMAND", (sys.executable, "-c", program))
    with pytest.raises(CommandError, match="mypy cannot check the project: no"):
        mypy_run.run_mypy(job, print)


def test_workers_are_left_out_if_mypy_crashes_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = find_project([write_project(tmp_path, {"a.py": ""})])

    def events_of(job: process.Job) -> Iterator[tuple[str, object]]:
        if job.workers:
            raise CommandError("crash")
        yield "checked", str(tmp_path / "a.py")
        yield "remark", "without workers"

    monkeypatch.setattr(mypy_run, "events_of", events_of)
    checked: list[Path] = []
    job = process.Job(project, project.parts[0], tmp_path, 2)
    assert mypy_run.run_mypy(job, checked.append).remarks == ["without workers"]
    assert checked == [tmp_path / "a.py"]


def test_a_plugin_that_only_fails_in_workers_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(_sources: object, options: Any, *_: object) -> None:
        workers.append(options.num_workers)
        if options.num_workers:
            raise OSError("No data received")

    workers: list[int] = []
    monkeypatch.setattr(process, "build", build)
    project = find_project([write_project(tmp_path, {"a.py": ""})])
    run = process.Run(process.Job(project, project.parts[0], tmp_path, 2), print)
    options: Any = SimpleNamespace(num_workers=2)
    assert run.build([], options) == []
    assert workers == [2, 0]


def test_workers_are_used_for_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = find_project([write_project(tmp_path, {f"m{i}.py": "" for i in range(300)})])
    (part,) = project.parts

    def workers(given: int | None = None, **options: object) -> int:
        monkeypatch.setattr(command, "Options", lambda: SimpleNamespace(**options))
        return command.workers_for(part, tmp_path, given)

    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert workers(native_parser=True) == 3
    assert workers(native_parser=False) == 0
    assert workers(6, native_parser=True) == 6
    assert workers(6) == 0  # mypy 1
    # mypy has stored something.
    (tmp_path / "mypy").mkdir()
    assert workers(native_parser=True) == 0


class Ended(BaseException):
    """Instead of the end of the process."""


def test_the_process_reads_a_job_and_writes_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    jobs: list[object] = []

    def run_job(job: object, report: Callable[[str, object], None]) -> None:
        jobs.append(job)
        report("kind", 1)

    monkeypatch.setattr(process, "run_job", run_job)
    monkeypatch.setattr(os, "dup2", lambda *_: None)

    def end(code: int) -> None:
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(pickle.dumps("the job"))))
    with pytest.raises(Ended):
        process.main()
    assert jobs == ["the job"]
    assert capfd.readouterr().out == '["kind", 1]\n'


def test_the_plugin_for_django_needs_django_stubs_and_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def initialize_django(settings: str) -> None:
        loaded.append(settings)
        if settings == "exits":
            raise SystemExit

    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    django = "mypy_django_plugin.django.context"
    project = find_project([write_project(tmp_path, {"a.py": "", "mypy.ini": "[mypy]\n"})])
    remarks: list[object] = []

    def plugins(settings: str | None) -> list[str]:
        part = replace(project.parts[0], settings=settings)
        python = project.interpreter._replace(version=(3, 1))
        of_part = replace(project, parts=(part,), interpreter=python)
        built: list[list[str]] = []
        monkeypatch.setattr(
            process, "build", lambda _sources, options, *_: built.append(options.plugins)
        )
        job = process.Job(of_part, part, tmp_path, WORKERS)
        process.run_job(
            job, lambda kind, value: remarks.append(value) if kind == "remark" else None
        )
        return built[0][1:]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv(plugin.PATH, "")
    limit = sys.getrecursionlimit()
    monkeypatch.setitem(sys.modules, django, None)
    assert plugins("conf") == []
    monkeypatch.setitem(sys.modules, django, SimpleNamespace(initialize_django=initialize_django))
    assert plugins(None) == []
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = mypy_django_plugin.main\n", "utf-8")
    assert plugins(None) == []
    assert plugins("exits") == []
    assert plugins("conf") == ["mypy_django_plugin.main"]
    assert os.environ.pop("DJANGO_SETTINGS_MODULE") == "conf"
    assert loaded == ["exits", "conf"]
    halted = f"ModuleNotFoundError: import of {django} halted; None in sys.modules; "
    halted += "install django-stubs"
    without = "without the mypy plugin mypy_django_plugin.main: "
    assert [str(remark).removeprefix(without) for remark in remarks] == [
        halted,
        "no Django settings are found; set DJANGO_SETTINGS_MODULE",
        "the settings exits cannot be loaded: SystemExit",
    ]
    sys.setrecursionlimit(limit)


def test_an_old_mypy_is_refused_as_by_the_plugin_itself() -> None:
    assert plugin.plugin("2.4.1") is plugin.CheckPlugin
    assert plugin.plugin("1.0").__name__ == "TooOld"


def test_an_error_of_the_plugin_itself_is_remarked(tmp_path: Path) -> None:
    message = {
        "file": str(tmp_path / "a.py"),
        "line": 3,
        "column": 0,
        "code": "signal",
        "severity": "note",
        "message": "typed-signals could not check this call",
    }
    outcome = Outcome()
    mypy_run.add_message(outcome, message)
    mypy_run.add_message(outcome, {**message, "code": None})
    mypy_run.add_message(outcome, {**message, "code": "deprecated"})
    assert outcome == Outcome(
        remarks=[f"{tmp_path}/a.py:3: typed-signals could not check this call"]
    )


@pytest.mark.parametrize(
    ("file", "module"),
    [("pkg/__init__.py", "pkg"), ("pkg/sub/module.pyi", "pkg.sub.module"), ("../other.py", None)],
)
def test_modules_of_packages_that_mypy_cannot_read_are_left_out(
    tmp_path: Path, file: str, module: str | None
) -> None:
    project = find_project([write_project(tmp_path, {"a.py": "", "packages/x": ""})])
    python = project.interpreter._replace(folders=(str(tmp_path / "packages"),))
    job = process.Job(replace(project, interpreter=python), project.parts[0], tmp_path, 0)
    reported: list[tuple[str, object]] = []
    run = process.Run(job, lambda kind, value: reported.append((kind, value)))
    path = os.path.normpath(tmp_path / "packages" / file)
    messages = [f"{path}:3:1: error: Invalid syntax  [syntax]", "about no file"]
    assert run.skip(messages) is (module is not None)
    assert run.skipped == ({module} if module else set())
    assert reported == ([("unread", [path, "3: Invalid syntax"])] if module else [])


def test_progress_is_shown_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    files = {tmp_path / "a.py", tmp_path / "b.py"}
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress_of(files) as on_file:
        for path in (tmp_path / "a.py", tmp_path / "of" / "a_library.py"):
            on_file(path)
    assert "1/2" in terminal.getvalue()


def test_what_mypy_checks_twice_is_counted_once(tmp_path: Path) -> None:
    known = Call("send", tmp_path, 1, 0, "shop.done", "")
    unknown = known._replace(unjudged="mypy does not know the signal")
    other = unknown._replace(line=2)
    summary = Summary.of(Outcome(calls={unknown, known, other}))
    assert summary.sends == 2
    assert summary.unjudged == {"mypy does not know the signal": {"send": 1, "receiver": 0}}


def test_a_failing_count_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(calls, "note_signal", fail)
    hook = plugin.CheckPlugin(Options()).get_method_hook("blinker.base.Namespace.signal")
    assert hook is not None
    api = SimpleNamespace(errors=SimpleNamespace(file="a.py", ignored_lines={}))
    ctx = SimpleNamespace(api=api, default_return_type="the default")
    with pytest.raises(RuntimeError):  # as these tests ask for
        hook(ctx)
    monkeypatch.delenv(RAISE)
    assert hook(ctx) == "the default"
