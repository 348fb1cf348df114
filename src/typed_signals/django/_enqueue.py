"""
Receivers in the background on Django: which engine runs them, and when they are enqueued.

This imports :mod:`typed_signals.background`, and so msgspec. It is only imported where a project
has such receivers.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, final

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.module_loading import import_string

from typed_signals._receiver import connects_nothing
from typed_signals._shared.messages import IN_TRANSACTION, ON_COMMIT, shown
from typed_signals._shared.raising import refuse
from typed_signals.background import Background, Immediate, Options
from typed_signals.background._background import InBackground, check_arguments
from typed_signals.background._engine import is_engine
from typed_signals.background._immediate import engine_in_place

from ._on_commit import database_of
from ._setting import BACKGROUND, NAME, stated_background

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typed_signals.background import Engine
    from typed_signals.background._connected import Schedule

_PLACE: Final = f"{NAME}[{BACKGROUND!r}]"


def engine_in_setting() -> Engine:
    """
    Return the engine that the setting states, or the default one.

    Raises:
        ImproperlyConfigured: the setting does not lead to an engine.
    """
    stated = stated_background()
    if stated is None:
        return _engine_named(_IN_TESTS if _is_test_environment() else _DEFAULT)
    if isinstance(stated, str):
        return _engine_named(stated)
    return _as_engine(stated, shown(stated))


_DEFAULT: Final = "typed_signals.background.Threads"
# A thread would not see the data of a test in a transaction.
_IN_TESTS: Final = "typed_signals.background.Immediate"

# The engines that were made for a name, because some have threads or connections.
_made: Final[dict[str, Engine]] = {}


def _engine_named(name: str) -> Engine:
    if (known := _made.get(name)) is not None:
        return known
    try:
        found: Any = import_string(name)
    except Exception as error:
        raise ImproperlyConfigured(
            f"{_PLACE} is {name!r}, but importing it raised {shown(error)}"
        ) from error
    if not is_engine(found) and callable(found):
        try:
            found = found()
        except Exception as error:
            raise ImproperlyConfigured(
                f"{_PLACE} is {name!r}, but calling it raised {shown(error)}"
            ) from error
    return _made.setdefault(name, _as_engine(found, repr(name)))


def _as_engine(engine: Any, name: str) -> Engine:
    if is_engine(engine):
        return engine
    raise ImproperlyConfigured(
        f"{_PLACE} is {name}, which is not an engine: state one such as "
        "'typed_signals.background.DjangoTasks'"
    )


def _is_test_environment() -> bool:
    """
    Return whether Django's test runner or pytest-django has set up its environment.
    """
    module = sys.modules.get("django.test.utils")
    return module is not None and hasattr(module._TestState, "saved_data")


@final
class _InSetting(Background):
    """
    Runs receivers by the engine in the setting, which is read when it is needed: what it names may
    not be importable while apps are loaded, and tests override it.
    """

    def __init__(self) -> None:
        self.options = Options()

    @property
    def engine(self) -> Engine:
        """
        The engine that runs the receivers now.
        """
        return engine_in_place(engine_in_setting())

    @property
    def known_engine(self) -> Engine | None:
        """
        The engine; None while apps are loaded, or if the setting is invalid, which the system check
        reports.
        """
        if apps.ready:
            with suppress(ImproperlyConfigured):
                return engine_in_setting()
        return None


IN_SETTING: Final = _InSetting()


@final
@dataclass(frozen=True)
class OnCommit:
    """
    Enqueues when the transaction in which the signal is sent is committed.
    """

    using: str | None
    robust: bool

    on_commit: ClassVar = True

    def __call__(self, enqueue: Callable[[], None], arguments: Mapping[str, Any]) -> None:
        alias = database_of(arguments, self.using)
        transaction.on_commit(enqueue, using=alias, robust=self.robust)


@final
@dataclass(frozen=True)
class InTransaction:
    """
    Enqueues at once, if the engine stores deliveries in the database that the send is about.
    """

    background: Background
    using: str | None

    on_commit: ClassVar = False

    def __call__(self, enqueue: Callable[[], None], arguments: Mapping[str, Any]) -> None:
        alias = database_of(arguments, self.using)
        if (problem := in_transaction_problem(self.background.engine, alias)) is not None:
            raise ImproperlyConfigured(problem)
        enqueue()

    def problem(self) -> str | None:
        """
        Return why this cannot work; None if it can, or if the engine is not known yet.
        """
        engine = self.background.known_engine if apps.models_ready else None
        return None if engine is None else in_transaction_problem(engine, self.using)


def in_transaction_problem(engine: Engine, alias: str | None) -> str | None:
    """
    Return why *engine* cannot enqueue in a transaction of a database; None if it can.

    Args:
        engine: the engine.
        alias: the alias of the database; None if it is not known yet.
    """
    if isinstance(engine, Immediate):
        return None  # the receiver itself runs in the transaction
    what = f"enqueue={IN_TRANSACTION!r} needs an engine that stores deliveries in the database"
    fix = f"use enqueue={ON_COMMIT!r}"
    stored_in = getattr(engine, "database", None)
    if stored_in is None:
        return (
            f"{what}, which the engine {engine.name!r} does not as it is configured: {fix}, or "
            "DjangoTasks with django_tasks_db.DatabaseBackend"
        )
    if alias not in (None, stored_in):
        return (
            f"{what} {alias!r}, but the engine {engine.name!r} stores them in {stored_in!r}: {fix}"
        )
    return None


def in_background(
    signals: Sequence[Any],
    background: Background | None,
    arguments: dict[str, Any],
    *,
    enqueue: str,
    using: str | None,
    robust: bool,
    queue: str | None,
    priority: int | None,
) -> Any:
    """
    Return the decorator that connects its receiver to *signals*, to run in the background.

    Args:
        signals: the signals.
        background: what runs the receiver; None for the engine in the setting.
        arguments: those of ``connect``.
        enqueue: when it is enqueued.
        using: the database alias, if the payload has none.
        robust: whether errors of enqueuing on commit are logged.
        queue: the queue; None for that of *background*.
        priority: likewise, the priority.

    Raises:
        TypeError: one of *signals* cannot have such receivers, or an option has the wrong type.
        ImproperlyConfigured: the engine does not store deliveries in the database.
    """
    if background is None:
        background = IN_SETTING
    if not check_arguments(signals, queue, priority):
        return connects_nothing()
    schedule: Schedule | None = None
    if enqueue == ON_COMMIT:
        schedule = OnCommit(using, robust)
    elif enqueue == IN_TRANSACTION:
        schedule = InTransaction(background, using)
        if (problem := schedule.problem()) is not None:
            refuse(ImproperlyConfigured(problem))
            return connects_nothing()
    return InBackground(background, signals, Options(queue, priority), schedule, arguments)
