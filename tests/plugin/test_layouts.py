"""
Modules have the same errors in any order of analysis, and in all modes of mypy.
"""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import CONFIG as PLUGIN
from tests.mypy_runs import MODES, copy_library_cache, run_mypy

from .checking import in_a_process
from .layouts import CONFIG, made_up, mistakes_in
from .layouts import options as options_of_a_cold_run
from .test_runs import output_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.any_python

# In these, the imports of another module decide what is found: Django's signals only, or all.
SEEDS: Final = (3, 12)


def write(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return [str(root / name) for name in files]


def options(root: Path, config: str = CONFIG) -> list[str]:
    """
    Return the options of a run whose cache only has packages; the random tests have cold runs.
    """
    copy_library_cache(root / "cache")
    return options_of_a_cold_run(root, config)


def check(arguments: Iterable[str]) -> str:
    output, problems, _ = run_mypy([*arguments, "--show-traceback"])
    assert not problems
    return output


@pytest.mark.parametrize("seed", SEEDS)
def test_names_of_modules_do_not_matter(tmp_path: Path, seed: int) -> None:
    layout = made_up(random.Random(seed))  # noqa: S311 - nothing is secret
    assert layout.mistakes
    for is_reversed in (False, True):
        root = tmp_path / str(is_reversed)
        names = layout.names(is_reversed=is_reversed)
        arguments = [*layout.write(root, names), *options(root)]
        cold = mistakes_in(check(arguments))
        assert cold == layout.places(names)
        assert mistakes_in(check(arguments)) == cold


@pytest.mark.parametrize("mode", MODES)
def test_subset_of_modules_has_the_same_errors(tmp_path: Path, mode: str) -> None:
    layout = made_up(random.Random(SEEDS[0]))  # noqa: S311 - nothing is secret
    names = layout.names(is_reversed=True)
    files = layout.write(tmp_path, names)
    command = ["-m", "mypy", *MODES[mode], *options(tmp_path), *files]
    assert mistakes_in(output_of(command)) == layout.places(names)
    for file in files[:2]:
        with open(file, "a", encoding="utf-8") as text:  # noqa: PTH123 - it is a string
            text.write("# changed\n")
        assert mistakes_in(output_of(command)) == layout.places(names)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[list[str]]:
    """
    Return the command line of mypy's daemon.
    """
    command = ["-m", "mypy.dmypy", "--status-file", str(tmp_path / "status.json")]
    output_of([*command, "start", "--timeout", "120", "--", *options(tmp_path)])
    try:
        yield command
    finally:
        output_of([*command, "kill"])


def test_daemon_reports_new_errors_after_an_edit(tmp_path: Path, daemon: list[str]) -> None:
    using = "@receiver(done)\ndef log(sender, never, **kwargs): ...\n"
    bare = "from django.dispatch import Signal, receiver\ndone = Signal()\n"
    saved = "from django.dispatch import receiver\nfrom b import done\n"
    other = "from django.db.models.signals import post_save as done\n"
    # mypy's daemon crashes without the plugin if the first import of Django comes later.
    start = {"a.py": f"{bare}{using}", "b.py": "", "c.py": "import django.contrib.auth\n"}
    steps: list[tuple[dict[str, str], set[str]]] = [
        (start, set()),
        ({"b.py": other}, set()),
        ({"a.py": f"{saved}{using}"}, {"a.py:4"}),
        ({"b.py": "from django.dispatch import Signal\ndone = Signal()\n# bare\n"}, set()),
        ({"b.py": f"{other}# again\n"}, {"a.py:4"}),
    ]
    for edit, expected in steps:
        write(tmp_path, edit)
        files = [str(tmp_path / name) for name in start]
        assert mistakes_in(output_of([*daemon, "check", *files])) == expected, edit


IMPORTS: Final = "from django.db.models.signals import post_save\n"


WITHOUT_DECLARED: Final = (
    "from django.dispatch import Signal, receiver; done = Signal()",
    "from django.dispatch import receiver; import typed_signals.django as t; done = t.Signal()",
    "from django import dispatch as d; receiver = d.receiver; done = d.Signal()",
)


@pytest.mark.parametrize("letter", ["a", "z"])
def test_modules_without_declared_signals_may_come_first_or_last(
    tmp_path: Path, letter: str
) -> None:
    using = {
        f"{letter}{number}.py": f"{text}\n@receiver(done)\ndef log(sender, **kwargs): ...\n"
        for number, text in enumerate(WITHOUT_DECLARED)
    }
    files = write(tmp_path, {**using, "m.py": IMPORTS})
    assert check([*options(tmp_path), *sorted(files)]) == ""


USING: Final = """
from django.db.models.signals import post_save
from django.dispatch import receiver

@receiver(post_save)
def log(sender, never, **kwargs): ...
"""


@pytest.mark.parametrize(
    ("option", "is_found"),
    [
        (("--follow-imports=silent",), True),
        (("--follow-imports=skip",), False),
        (("--follow-imports=error",), False),
        (("--no-incremental",), True),
    ],
)
def test_imports_that_mypy_does_not_follow_are_not_errors(
    tmp_path: Path, option: tuple[str, ...], *, is_found: bool
) -> None:
    files = write(tmp_path, {"a.py": USING})
    expected = {"a.py:6"} if is_found else set()
    assert mistakes_in(check([*options(tmp_path), *option, *files])) == expected


def test_python_without_our_package_is_not_an_error(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    executable = ("--python-executable", str(tmp_path / "bare" / "bin" / "python"))
    stubs = {
        "stubs/django/__init__.pyi": "",
        "stubs/django/dispatch/__init__.pyi": "from .dispatcher import receiver as receiver",
        "stubs/django/dispatch/dispatcher.pyi": "def receiver(signal: object) -> Any: ...",
        "stubs/django/db/__init__.pyi": "",
        "stubs/django/db/models/__init__.pyi": "",
        "stubs/django/db/models/signals.pyi": "post_save: object",
    }
    write(tmp_path, {name: f"from typing import Any\n{text}\n" for name, text in stubs.items()})
    files = write(tmp_path, {"a.py": USING})
    config = f"{PLUGIN}mypy_path = $MYPY_CONFIG_FILE_DIR/stubs\n"
    output, problems, _ = in_a_process([*options(tmp_path, config), *executable, *files])
    assert (output, problems) == ("", "")


def test_without_djangos_stubs_our_receiver_is_checked(tmp_path: Path) -> None:
    ours = USING.replace("django.dispatch", "typed_signals")
    files = write(tmp_path, {"a.py": ours, "b.py": USING, "c.py": IMPORTS})
    config = f"{CONFIG}[mypy-django.*]\nfollow_imports = skip\nfollow_imports_for_stubs = true\n"
    assert mistakes_in(check([*options(tmp_path, config), *files])) == {"a.py:6"}


def test_module_with_ignored_errors_is_checked_completely(tmp_path: Path) -> None:
    files = write(tmp_path, {"a.py": f"# mypy: ignore-errors\n{USING}", "b.py": USING})
    assert mistakes_in(check([*options(tmp_path), *files])) == {"b.py:6"}


def test_broken_modules_do_not_break_others(tmp_path: Path) -> None:
    broken = {
        "names.py": "from nowhere import receiver\nfrom django.dispatch import nothing\n",
        "stub.pyi": "from typing import Any\ndef __getattr__(name: str) -> Any: ...\n",
        "circle.py": "from circle import done\nfrom b import post_save\n",
    }
    using = (
        "from names import *\nfrom stub import done\nimport circle\n"
        "from django.dispatch import receiver as connected\n"
        "@receiver(done)\ndef one(sender, **kwargs): ...\n"
        "@connected([circle.done, circle.post_save, nothing])\ndef two(sender, **kwargs): ...\n"
        "circle.done.connect(one)\ndone.connect_via(1)(one)\n"
    )
    files = write(tmp_path, {**broken, "a.py": using, "b.py": USING})
    output, problems, status = in_a_process([*options(tmp_path), *files])
    assert status == 1, output + problems
    assert "b.py:6: error: post_save cannot connect log" in output
