"""
A Django project for the tests in this folder.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# Loaded by other tests.
WITHOUT_SIGNALS = {"_pytest", "hypothesis", "libcst", "mypy", "opentelemetry", "primer"}

# Without Django, these tests are not collected.
collect_ignore_glob = [] if find_spec("django") else ["*"]

if not collect_ignore_glob:
    import django
    from django.apps import apps
    from django.conf import settings

    from tests.django import settings as ours

    if not settings.configured:
        settings.configure(**{name: getattr(ours, name) for name in dir(ours) if name.isupper()})
        django.setup()


@pytest.fixture(scope="session")
def databases() -> Iterator[None]:
    """
    Create the databases in memory, once for all tests.
    """
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    yield
    teardown_databases(made, verbosity=0)


@pytest.fixture
def database(databases: None) -> Iterator[None]:
    """
    Let the test use the databases; roll back its changes.
    """
    from django.db import connections, transaction

    blocks = [transaction.atomic(using=alias) for alias in connections]
    for block in blocks:
        block.__enter__()
    try:
        yield
    finally:
        for alias, block in zip(connections, blocks, strict=True):
            transaction.set_rollback(True, using=alias)
            block.__exit__(None, None, None)


@pytest.fixture
def committing_database(databases: None) -> Iterator[None]:
    """
    Let the test use the databases and commit; delete its objects of the shop.
    """
    from django.core.management.color import no_style
    from django.db import connections

    yield
    models = apps.get_app_config("shop").get_models(include_auto_created=True)
    tables = [model._meta.db_table for model in models if not model._meta.proxy]
    for connection in connections.all():
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))


@pytest.fixture(autouse=True)
def own_connections() -> Iterator[None]:
    """
    Undo the test's changes of the connections of Django's signals.
    """
    from typed_signals.django._find_signals import builtin_signals

    before = [(signal, list(signal.receivers)) for _, signal in builtin_signals()]
    pending = {key: list(waiting) for key, waiting in apps._pending_operations.items()}
    yield
    for signal, receivers in before:
        with signal.lock:
            signal.receivers[:] = receivers
            signal.sender_receivers_cache.clear()
    apps._pending_operations.clear()
    apps._pending_operations.update(pending)


@pytest.fixture(autouse=True)
def no_signals_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Hide the signals of other tests, because many have invalid declarations.

    Modules that have no signals are hidden too: else, tests of messages mostly search them.
    """
    from typed_signals._shared import named_objects as search
    from typed_signals.django import _find_signals

    def named_objects(*kinds: type) -> list[tuple[str, str, Any]]:
        modules = {name: module for name, module in sys.modules.items() if not _is_hidden(name)}
        with monkeypatch.context() as patch:
            patch.setattr(search, "sys", SimpleNamespace(modules=modules))
            return list(search.named_objects(*kinds))

    monkeypatch.setattr(_find_signals, "named_objects", named_objects)


def _is_hidden(module: str) -> bool:
    package, _, inner = module.partition(".")
    if package == "tests":
        return not inner.startswith("django")
    return package in sys.stdlib_module_names or package in WITHOUT_SIGNALS
