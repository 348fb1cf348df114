"""
The plugin of django-stubs imports the receivers of the installed apps. mypy continues with any
mistake in them, and reports it.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.conf import settings

from tests.mypy_runs import MODES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.any_python

# R: the statement is refused with this error, except in mypy.
# E: mypy reports the line with these codes.
MISTAKES: Final = """
import asyncio
from typing import TypedDict

import typed_signals
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db.models.signals import post_save
from typed_signals import Signal
from typed_signals import django as on_django
from typed_signals.django import ModelSignal, receiver


class Done(TypedDict):
    size: int


class Reserved(TypedDict):
    sender: int


done = Signal[object, Done]()
sold = on_django.Signal[object, Done]()
stored = ModelSignal[object, Done]()
no_dict = Signal[object, int]()  # E: signal-declaration
reserved = on_django.Signal[object, Reserved]()  # E: signal-declaration


# Right


@receiver([done, sold, stored, post_save])
def right(sender: object, **kwargs: object) -> None: ...


async def wait(**kwargs: object) -> None: ...


done.connect(wait)
done.connect(right, dispatch_uid="right")
sold.send(None, size=1)


# Receivers


@typed_signals.receiver(done)  # R: ReceiverSignatureError
def of_core(siz: int, **kwargs: object) -> None: ...  # E: signal-parameter


@receiver(sold)  # R: ReceiverSignatureError
def of_django(siz: int, **kwargs: object) -> None: ...  # E: signal-parameter


@receiver(stored, sender="auth.User")  # R: ReceiverSignatureError
def of_models(sender: object, size: int) -> None: ...  # E: signal-kwargs


@receiver([done, sold])  # R: ReceiverSignatureError
def both(sender: object, /, **kw: object) -> None: ...  # E: signal-positional, signal-positional


@receiver(post_save, sender=User, on_commit=True)  # R: ReceiverSignatureError
def committed(creatd: bool, **kwargs: object) -> None: ...  # E: signal-parameter


@receiver(sold, on_commit=True)  # R: ReceiverTypeError
async def committed_later(**kwargs: object) -> None: ...  # E: signal-receiver


done.connect(1)  # E: arg-type  # R: ReceiverTypeError
sold.connect("right")  # E: arg-type  # R: ReceiverTypeError


@receiver(post_save)  # R: ValueError
def without_kwargs(sender: object) -> None: ...  # E: signal-kwargs


@receiver(post_save, sender="User", on_commit=True)  # R: ValueError
def of_no_model(sender: object, **kwargs: object) -> None: ...


# Other arguments

done.connect(wait, dispatch_uid=[1])  # E: arg-type  # R: TypeError
done.disconnect(wait, dispatch_uid=[1])  # E: arg-type  # R: TypeError
stored.connect(right, sender="User")  # R: ValueError


class Undecided:
    def __bool__(self) -> bool:
        raise ValueError


done.connect(wait, sender=Done, weak=Undecided())  # E: arg-type  # R: TypeError


@receiver(post_save, weak=Undecided(), on_commit=True)  # E: call-overload  # R: TypeError
def undecided(**kwargs: object) -> None: ...


@typed_signals.receiver(done, on_commit=True)  # E: signal-receiver  # R: TypeError
def on_commit_of_core(**kwargs: object) -> None: ...


@receiver(done, using=1)  # E: call-overload  # R: TypeError
def using_one(**kwargs: object) -> None: ...


@receiver(done, robust=True)  # E: signal-receiver  # R: TypeError
def robust_at_once(**kwargs: object) -> None: ...


@receiver(right)  # E: signal-declaration  # R: TypeError
def of_function(**kwargs: object) -> None: ...


@receiver  # E: call-overload  # R: TypeError
def not_called(**kwargs: object) -> None: ...


# Declarations


@receiver(no_dict)  # R: DeclarationError
def of_no_dict(**kwargs: object) -> None: ...


@receiver([done, reserved], on_commit=True)  # R: DeclarationError
def of_reserved(**kwargs: object) -> None: ...


no_dict.send(None)  # R: DeclarationError
reserved.send(None)  # R: DeclarationError


@Signal.declare
def unsendable(sender: object, *sizes: int) -> None: ...  # E: signal-declaration


unsendable.send_robust(None)  # R: DeclarationError
declared = on_django.Signal.declare(Undecided())  # E: arg-type, var-annotated  # R: TypeError


# Sends

done.send_robust(None, size=1, sze=2)  # E: signal-send  # R: PayloadError
sold.send(None)  # E: signal-send  # R: PayloadError
sold.send_robust(None, siz=1)  # E: signal-send  # R: PayloadError
async_to_sync(done.asend)(None, siz=1)  # R: PayloadError
async_to_sync(sold.asend)(None, siz=1)  # R: PayloadError
async_to_sync(sold.asend_robust)(None, siz=1)  # R: PayloadError


async def send_in_loop() -> None:
    done.send(None, size=1)


asyncio.run(send_in_loop())  # R: RunningLoopError
"""

APPS: Final = """
from django.apps import AppConfig

class KitchenConfig(AppConfig):
    name = "kitchen"

    def ready(self) -> None:
        from . import mistakes
        mistakes.sold.send(None, siz=1)  # E: signal-send
"""

ORDERS: Final = {
    "before ours": ("mypy_django_plugin.main, typed_signals.mypy", True),
    "after ours": ("typed_signals.mypy, mypy_django_plugin.main", False),
}


def marked(source: str, mark: str) -> dict[int, list[str]]:
    """
    Return the text after *mark* in the lines of *source*, by line number.
    """
    found = {}
    for number, line in enumerate(source.splitlines(), start=1):
        if match := re.search(rf"  # {mark}: ([^#]*?)(  #|$)", line):
            found[number] = match[1].split(", ")
    return found


IN_MISTAKES: Final = marked(MISTAKES, "E")
EXPECTED: Final = {
    "kitchen/mistakes.py": IN_MISTAKES,
    "kitchen/apps.py": marked(APPS, "E"),
}


class Project:
    """
    A Django project with one app, whose receivers are imported in ``ready``.
    """

    def __init__(self, folder: Path, plugins: str, *, debug: bool) -> None:
        self.folder = folder
        app = folder / "kitchen"
        app.mkdir()
        (app / "__init__.py").touch()
        (app / "apps.py").write_text(APPS, "utf-8")
        self.mistakes = app / "mistakes.py"
        self.mistakes.write_text(MISTAKES, "utf-8")
        (folder / "settings.py").write_text(
            f'SECRET_KEY = "secret"\nDEBUG = {debug}\n'
            'INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "kitchen"]\n',
            "utf-8",
        )
        (folder / "mypy.ini").write_text(
            f"[mypy]\nplugins = {plugins}\n"
            "[mypy.plugins.django-stubs]\ndjango_settings_module = settings\n",
            "utf-8",
        )

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", *command],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def reported_by(self, *command: str) -> dict[str, dict[int, list[str]]]:
        """
        Return the error codes that mypy reports, by file and line.
        """
        ended = self.run(*command)
        assert ended.returncode == 1, ended.stdout + ended.stderr
        errors = re.findall(r"^(.+?):(\d+): error: .*  \[([a-z-]+)\]$", ended.stdout, re.MULTILINE)
        found: dict[str, dict[int, list[str]]] = {}
        for file, line, code in sorted(errors):
            found.setdefault(file, {}).setdefault(int(line), []).append(code)
        return found


@pytest.fixture(scope="module", params=ORDERS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    plugins, debug = ORDERS[request.param]
    return Project(tmp_path_factory.mktemp("project"), plugins, debug=debug)


def test_mypy_reports_the_marked_errors_in_every_mode(project: Project) -> None:
    for how, options in {"cold": [], **MODES}.items():
        assert project.reported_by("mypy", *options, "kitchen") == EXPECTED, how


@pytest.fixture
def daemon(project: Project) -> Iterator[list[str]]:
    command = ["mypy.dmypy", "--status-file", "status.json"]
    yield command
    project.run(*command, "kill")


def test_daemon_reports_the_marked_errors(project: Project, daemon: list[str]) -> None:
    check = [*daemon, "run", "--", "kitchen"]
    assert project.reported_by(*check) == EXPECTED
    # Django keeps the setup of the first check.
    project.mistakes.write_text(
        MISTAKES.replace("def of_core(siz: ", "def of_core(size: "), "utf-8"
    )
    assert len(project.reported_by(*check)["kitchen/mistakes.py"]) == len(IN_MISTAKES) - 1
    project.mistakes.write_text(MISTAKES, "utf-8")
    assert project.reported_by(*check) == EXPECTED


def test_each_mistake_is_refused_without_mypy(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without it, the tests above would be meaningless.
    """
    monkeypatch.setattr(settings, "DEBUG", True)
    namespace: dict[str, Any] = {"__name__": "tests.django.mistakes"}
    raised = {}
    for statement in ast.parse(MISTAKES).body:
        decorators = getattr(statement, "decorator_list", [])
        line = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        try:
            exec(compile(ast.Module([statement], []), "mistakes.py", "exec"), namespace)
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            raised[line] = [type(error).__name__]
    assert raised == marked(MISTAKES, "R")
