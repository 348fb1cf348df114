"""
Which tests are to find the mistakes in which files.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Part(NamedTuple):
    """
    Files of the package, and the tests for them.
    """

    files: str
    """A pattern in the package's folder."""

    own: dict[str, tuple[str, ...]]
    """The test files for a file, by its stem, which run first and find most mistakes in it."""

    stages: tuple[tuple[str, ...], ...]
    """Tests to run then, one group after the other, until one fails: the quick ones come first."""

    preloaded: tuple[str, ...]
    """Modules that are no part of the project, imported once for all mutants."""


_RUN_TIME = ("pytest", "hypothesis", "asgiref.sync")

_STAGES: Final = (
    (
        "tests/test_collected.py",
        "tests/test_contract.py",
        "tests/test_sending.py",
        "tests/test_declarations.py",
        "tests/test_async.py",
        "tests/test_connecting.py",
        "tests/test_generated.py",
        "tests/test_cost.py",
    ),
    (
        "tests/test_imports.py",
        "tests/test_bad_input.py",
        "tests/test_faults.py",
        "tests/test_threads.py",
        "tests/test_forks.py",
        "tests/test_shutdown.py",
        "tests/properties/test_like_django.py",
    ),
)

PARTS: Final = {
    "front": Part(
        "*.py",
        {
            "_base": ("tests/test_contract.py", "tests/test_bad_input.py"),
            "_receiver": ("tests/test_connecting.py", "tests/test_bad_input.py"),
            "_signal": ("tests/test_connecting.py", "tests/test_bad_input.py"),
        },
        _STAGES,
        _RUN_TIME,
    ),
    "rooms": Part(
        "_*/*.py",
        {
            "annotations": ("tests/test_declarations.py",),
            "awaiting": ("tests/test_async.py", "tests/test_shutdown.py"),
            "callables": ("tests/test_contract.py", "tests/test_bad_input.py"),
            "codegen": ("tests/test_generated.py",),
            "connection": ("tests/test_connecting.py",),
            "declaration": ("tests/test_declarations.py",),
            "frames": ("tests/test_declarations.py",),
            "identity": ("tests/test_connecting.py", "tests/test_bad_input.py"),
            "loops": ("tests/test_sending.py", "tests/test_bad_input.py"),
            "messages": ("tests/test_bad_input.py",),
            "path": ("tests/test_generated.py",),
            "payload": ("tests/test_declarations.py", "tests/test_bad_input.py"),
            "readers": ("tests/test_declarations.py", "tests/test_bad_input.py"),
            "references": ("tests/test_connecting.py", "tests/test_bad_input.py"),
            "rules": ("tests/test_contract.py",),
            "signatures": ("tests/test_contract.py",),
            "table": ("tests/test_connecting.py", "tests/test_threads.py"),
        },
        _STAGES,
        _RUN_TIME,
    ),
    "plugin": Part(
        "mypy/*.py",
        {
            "__init__": ("tests/plugin/test_plugin.py",),
            "_config": ("tests/plugin/test_config.py",),
            "_foreign": ("tests/foreign/test_cases.py", "tests/foreign/test_plugin.py"),
        },
        (
            ("tests/plugin/test_cases.py",),
            (
                "tests/plugin/test_config.py",
                "tests/foreign/test_cases.py",
                "tests/foreign/test_plugin.py",
            ),
            ("tests/plugin/test_plugin.py", "tests/test_docs.py"),
            ("tests/django/test_plugin.py", "tests/plugin/test_runs.py"),
        ),
        (*_RUN_TIME, "mypy.api", "mypy.build"),
    ),
    "django": Part(
        "django/**/*.py",
        {
            "_builtin": ("tests/django/test_payloads.py",),
            "_connections": ("tests/django/test_list_signals.py",),
            "_find": ("tests/django/test_list_signals.py",),
            "_on_commit": ("tests/django/test_on_commit.py",),
            "_receiver": ("tests/django/test_on_commit.py",),
            "_signal": ("tests/django/test_signal.py",),
            "checks": ("tests/django/test_checks.py",),
            "list_signals": ("tests/django/test_list_signals.py",),
            "signals": ("tests/django/test_payloads.py",),
        },
        (
            (
                "tests/django/test_names.py",
                "tests/django/test_signal.py",
                "tests/django/test_checks.py",
                "tests/django/test_list_signals.py",
                "tests/django/test_on_commit.py",
                "tests/django/test_payloads.py",
                "tests/django/test_bad_input.py",
            ),
            ("tests/django/test_docs.py", "tests/django/test_tools.py"),
        ),
        (*_RUN_TIME, "django.test", "django.contrib.auth"),
    ),
}
