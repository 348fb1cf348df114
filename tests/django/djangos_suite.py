"""
Run a part of Django's own test suite with our classes of signals instead of Django's.

A script of ``make django``::

    python djangos_suite.py SUITE

``SUITE`` is the folder ``tests`` of Django's source distribution. The same tests must have the same
outcomes with Django's classes and with ours, except for those in ``DIFFERENT``.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import subprocess
import sys
import unittest
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django import VERSION

# The tests of signals, and those that connect receivers to signals or count what is sent.
LABELS: Final = (
    "asgi auth_tests.test_handlers auth_tests.test_signals backends.base basic contenttypes_tests "
    "defer_regress delete delete_regress dispatch file_storage fixtures_regress "
    "generic_relations_regress handlers m2m_regress m2m_signals m2m_through_regress many_to_many "
    "middleware_exceptions migrate_signals migrations.test_executor model_inheritance "
    "multiple_database proxy_models requests_tests select_for_update settings_tests signals "
    "sites_tests test_client test_client_regress test_utils update_only_fields wsgi"
    # There are tasks since Django 6.0.
    + (" tasks" if VERSION >= (6, 0) else "")
).split()

# The classes that the tests use. The last is ours, with methods that are generated at once.
WAYS: Final = ("django", "ours", "generated")

# Tests with another outcome by intention, and why.
DIFFERENT: Final = {
    "settings_tests.tests.TestComplexSettingOverride.test_complex_override_warning": (
        "a receiver counts the frames between itself and the test, and our send is one more"
    ),
}

# Of each test that did not simply pass, by its name; and how many there were.
Outcomes = dict[str, str | int]


class Runner(unittest.TextTestRunner):
    """
    Keeps the outcomes.
    """

    outcomes: Final[Outcomes] = {}

    def run(self, test: Any) -> Any:
        result = super().run(test)
        self.outcomes["number of tests"] = result.testsRun
        for each, _ in result.skipped:
            self.outcomes[each.id()] = "skipped"
        for each, _ in (*result.failures, *result.errors):
            self.outcomes[each.id()] = "failed"
        return result


def replace_classes() -> None:
    """
    Replace Django's classes of signals by ours, and the signals that were created on import.
    """
    from django.db.models.signals import ModelSignal
    from django.dispatch import Signal

    from typed_signals import django as ours
    from typed_signals.django._find_signals import builtin_signals
    from typed_signals.django._live_connections import connections_of

    modules = [each for name, each in sys.modules.items() if "typed_signals" not in name]
    replaced: dict[Any, Any] = {Signal: ours.Signal, ModelSignal: ours.ModelSignal}
    for signal in [each for each in gc.get_objects() if type(each) in replaced]:
        replaced[signal] = replaced[type(signal)](signal.use_caching)
        [(_, _, listed)] = connections_of([("", signal)])
        for each, *_ in listed:
            replaced[signal].connect(each.receiver, each.sender, each.weak, each.dispatch_uid)
    # By identity, because some objects are lazy.
    new = {id(old): each for old, each in replaced.items()}
    for module in modules:
        for name, value in list(vars(module).items()):
            if id(value) in new:
                setattr(module, name, new[id(value)])
    assert all(isinstance(signal, ours.Signal) for _, signal in builtin_signals())


def run(suite: str, way: str, file: Path) -> None:
    """
    Run the tests with the classes of *way*, and write the outcomes to *file*.
    """
    if way != "django":
        replace_classes()
    if way == "generated":
        choice: Any = import_module("typed_signals._send.choice")
        choice.SENDS_BEFORE_GENERATION = 0
    from django.test.runner import DiscoverRunner

    DiscoverRunner.test_runner = Runner
    os.chdir(suite)
    # The folder of Django's own script.
    sys.path[0] = suite
    sys.argv = ["runtests.py", "--parallel", "1", "--settings", "test_sqlite", *LABELS]
    try:
        runpy.run_path("runtests.py", run_name="__main__")
    except SystemExit as ended:
        # Some tests may fail, because they expect a certain machine.
        if ended.code not in (0, 1):
            raise
    file.write_text(json.dumps(Runner.outcomes), "utf-8")


def differences(djangos: Outcomes, ours: Outcomes) -> list[str]:
    """
    Return a line for each test whose outcomes differ, unless this is expected.
    """
    return [
        f"{test}: {djangos.get(test, 'passed')} with Django's classes, "
        f"{ours.get(test, 'passed')} with ours"
        for test in sorted({*djangos, *ours, *DIFFERENT})
        if (djangos.get(test) != ours.get(test)) != (test in DIFFERENT)
    ]


def main() -> None:
    suite, *rest = sys.argv[1:]
    if rest:
        way, file = rest
        run(suite, way, Path(file))
        return
    outcomes: dict[str, Outcomes] = {}
    with TemporaryDirectory() as folder:
        for way in WAYS:
            written = Path(folder, way)
            subprocess.run([sys.executable, __file__, suite, way, written], check=True)
            outcomes[way] = json.loads(written.read_text("utf-8"))
    of_django, *of_ours = WAYS
    found = [
        f"{way}: {line}"
        for way in of_ours
        for line in differences(outcomes[of_django], outcomes[way])
    ]
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
