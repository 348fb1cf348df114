"""
Run a part of Django's own test suite, and record what Django sends.

A script of ``make record``::

    python recorder.py SUITE FILE

``SUITE`` is the folder ``tests`` of Django's source distribution. The sends are added to ``FILE``,
in JSON: for each version of Django and each signal, the different sets of keys, and for each key
the types of its values.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django import VERSION, dispatch

if TYPE_CHECKING:
    from collections.abc import Callable

DJANGO: Final = str(Path(dispatch.__file__).parents[1]) + os.sep

# These tests of Django's send every set of keys that was found when twice as many tests were run.
# Each group has its own process: the first one sleeps a lot, and emptying the database between
# tests takes longer with more applications. The keys are signals that the group must send.
GROUPS: Final = {
    "django.core.signals.request_started": "asgi",
    "django.db.models.signals.m2m_changed": (
        "basic delete m2m_regress m2m_signals m2m_through_regress migrate_signals "
        "migrations.test_executor multiple_database signals"
    ),
    "django.test.signals.template_rendered": (
        "handlers middleware_exceptions requests_tests test_client test_client_regress test_utils "
        "wsgi"
    )
    # There are tasks since Django 6.0.
    + (" tasks" if VERSION >= (6, 0) else ""),
}

# Of each signal, by identity, each different set of keys, with the types of each.
sent: Final[dict[dispatch.Signal, dict[tuple[str, ...], dict[str, set[str]]]]] = {}


def recorded(method: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return *method* of a signal with a wrapper that records the payload first.
    """

    def record(self: dispatch.Signal, sender: Any, **payload: Any) -> Any:
        # Sends by the tests themselves are not sends by Django.
        if sys._getframe(1).f_code.co_filename.startswith(DJANGO):
            kinds = sent.setdefault(self, {})
            types = kinds.setdefault(tuple(sorted(payload)), {key: set() for key in payload})
            for key, value in payload.items():
                types[key].add(type_of(key, value))
        return method(self, sender, **payload)

    return record


def type_of(key: str, value: Any) -> str:
    """
    Return the type of *value* as in an annotation, without classes of Django's tests.
    """
    if value is None:
        return "None"
    if key == "action":
        return f"typing.Literal[{value!r}]"
    # Lazy objects have their own type, and claim another class.
    is_class = issubclass(value.__class__, type)
    bases: tuple[type, ...] = (value if is_class else value.__class__).__mro__
    for base in bases:
        module = base.__module__.partition("._")[0].removeprefix("_")
        is_known = module.partition(".")[0] in (*sys.stdlib_module_names, "django")
        if is_known and getattr(sys.modules[module], base.__name__, None) is base:
            name = f"{module}.{base.__name__}".removeprefix("builtins.")
            return f"type[{name}]" if is_class else name
    raise AssertionError("every class has the base object")


def reload_once() -> None:
    """
    Make Django's reloader start and find a changed file: its own tests replace the code that sends.
    """
    from django.utils.autoreload import BaseReloader, file_changed

    class Reloader(BaseReloader):
        def run_loop(self) -> None:
            self.notify_file_changed(Path(__file__))

    def stay(**_kwargs: Any) -> bool:
        return True

    file_changed.connect(stay)
    Reloader().run(threading.main_thread())


def sent_by_name() -> dict[str, dict[tuple[str, ...], dict[str, set[str]]]]:
    from typed_signals.django._find_signals import builtin_signals

    names = {signal: name for name, signal in builtin_signals()}
    return {names.get(signal, "another one"): kinds for signal, kinds in sent.items()}


def write(file: Path) -> None:
    data = json.loads(file.read_text("utf-8")) if file.exists() else {}
    of_this_version = data.setdefault("{}.{}".format(*VERSION), {})
    for name, kinds in sent_by_name().items():
        known = of_this_version.setdefault(name, [])
        for types in kinds.values():
            kind = next((kind for kind in known if kind.keys() == types.keys()), None)
            if kind is None:
                known.append(kind := dict.fromkeys(types, ""))
            for key, more in types.items():
                kind[key] = " | ".join(sorted(more.union(filter(None, kind[key].split(" | ")))))
        known.sort(key=sorted)
    file.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")


def record_group(suite: str, file: Path, expected: str, labels: list[str]) -> None:
    """
    Run the tests of a group, and add to *file* what they sent.

    Raises:
        SystemExit: the tests did not run, or did not send the signal *expected*.
    """
    for name in ("send", "send_robust", "asend", "asend_robust"):
        setattr(dispatch.Signal, name, recorded(getattr(dispatch.Signal, name)))
    os.chdir(suite)
    # The folder of Django's own script.
    sys.path[0] = suite
    sys.argv = ["runtests.py", "--parallel", "1", "--settings", "test_sqlite", *labels]
    try:
        runpy.run_path("runtests.py", run_name="__main__")
    except SystemExit as ended:
        # Some tests may fail, because they expect a certain machine. This does not matter here.
        if ended.code != 1:
            raise
    if expected not in sent_by_name():
        sys.exit(f"Django {VERSION} did not send {expected} in its tests of {' '.join(labels)}")
    reload_once()
    write(file)


def main() -> None:
    suite, file, *group = sys.argv[1:]
    if group:
        expected, *labels = group
        record_group(suite, Path(file), expected, labels)
        return
    for expected, tests in GROUPS.items():
        command = [sys.executable, __file__, suite, file, expected, *tests.split()]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
