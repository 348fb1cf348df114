"""
The Django project, ``djangoproject``, and the app with mistakes in it, ``wrong``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django

from .running import EXAMPLES, lines_of, mypy_finds_what_is_marked, run, title

if TYPE_CHECKING:
    import subprocess

PROJECT = EXAMPLES / "djangoproject"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """
    Run ``manage.py``, and print its output.
    """
    environment = {"DJANGO_SETTINGS_MODULE": "project.settings", **environment}
    result = run("manage.py", *arguments, folder=PROJECT, **environment)
    print(result.stderr, end="", flush=True)
    return result


def project_runs() -> str | None:
    title("A Django project, djangoproject: receivers of Django's signals and of its own signals.")
    with TemporaryDirectory() as folder:
        database = f"{folder}/db.sqlite3"
        if manage("migrate", "--verbosity", "0", SHOP_DATABASE=database).returncode != 0:
            return "the database of djangoproject cannot be created"
        result = manage("one_evening", SHOP_DATABASE=database)
    if result.returncode != 0:
        return f"the evening of djangoproject ended with exit code {result.returncode}"
    if result.stdout != (PROJECT / "expected_output.txt").read_text("utf-8"):
        return "the evening printed something other than djangoproject/expected_output.txt"
    return None


def its_tests_pass() -> str | None:
    title("Its own tests, with Django's test runner:")
    return None if manage("test").returncode == 0 else "the tests of djangoproject fail"


def its_signals_are_listed() -> str | None:
    title("The system check, and the list of signals and receivers:")
    if manage("check", "--fail-level", "WARNING").returncode != 0:
        return "the system check reports problems in djangoproject"
    print()
    listed = manage("list_signals", "shop.*", "post_save").stdout
    missing = [name for name in ("write_menu", "print_ticket", "confirm") if name not in listed]
    return f"list_signals does not list {', '.join(missing)}" if missing else None


def mypy_passes_the_project() -> str | None:
    title("mypy on it, strict, with the plugins of django-stubs and typed-signals:")
    result = run("-m", "mypy", "manage.py", "project", "shop", folder=PROJECT)
    print(result.stderr, end="")
    return None if result.returncode == 0 else "mypy does not pass djangoproject"


def mypy_finds_the_mistakes() -> str | None:
    title("mypy on an app with typical mistakes, djangoproject/wrong:")
    return mypy_finds_what_is_marked("wrong", PROJECT, ["--config-file", "wrong/mypy.ini"])


def check_finds_mistakes() -> str | None:
    title("The system check on the same app, for projects without mypy:")
    result = manage("check", "--settings", "wrong.settings")
    reported, marked = reported_ids(result.stderr), marked_ids()
    if reported != marked:
        return f"the system check differs from the marks in {sorted(reported ^ marked)}"
    print(f"Each of the {len(marked)} lines marked `# check:` is reported, and no others.")
    return None


def reported_ids(output: str) -> set[tuple[str, str]]:
    """
    Return the messages of the system check, each as ``file:line`` and id.
    """
    reported = set()
    for subject, check_id in re.findall(r"^(.+): \(typed_signals\.(\w+)\)", output, re.MULTILINE):
        if place := re.search(r"\(([^()]+:\d+)\)$", subject):
            reported.add((place[1].removeprefix(f"{PROJECT}{os.sep}"), check_id))
        else:
            # A message about a signal has its name, but no place.
            reported.add((place_of_signal(subject), check_id))
    return reported


def place_of_signal(name: str) -> str:
    module, _, variable = name.rpartition(".")
    file = Path(*module.split(".")).with_suffix(".py")
    lines = (PROJECT / file).read_text("utf-8").splitlines()
    numbers = [n for n, line in enumerate(lines, start=1) if line.startswith(f"{variable} = ")]
    return f"{file}:{numbers[0]}"


def marked_ids() -> set[tuple[str, str]]:
    """
    Return the marks ``# check:``, each as ``file:line`` and id.
    """
    return {
        (place, mark[1])
        for place, line in lines_of("wrong", PROJECT).items()
        if (mark := re.search(r"  # check: (\w+)$", line))
        # Django 5.2 only stores the id() of a sender.
        and (mark[1] != "W004" or django.VERSION >= (6, 0))
    }


def connect_refuses_the_rest() -> str | None:
    title("`connect` always checks the receivers of your own signals:")
    result = run("manage.py", "check", "--settings", "wrong.refused_settings", folder=PROJECT)
    last = result.stderr.strip().rpartition("\n")[2]
    print(last)
    if "ReceiverSignatureError" not in last:
        return "connect does not refuse the first receiver of wrong.refused"
    return None


STEPS = (
    project_runs,
    its_tests_pass,
    its_signals_are_listed,
    mypy_passes_the_project,
    mypy_finds_the_mistakes,
    check_finds_mistakes,
    connect_refuses_the_rest,
)
