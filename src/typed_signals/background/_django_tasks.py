"""
``DjangoTasks``: runs receivers by Django's tasks framework.

That is ``django.tasks``, which is new in Django 6.0, or its backport, the package ``django-tasks``.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, final

from django import VERSION
from django.apps import apps
from django.db import router

from typed_signals._shared.messages import shown

from ._delivery import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._delivery import Delivery

_DEFAULT: Final = "default"

# These backends run a task where it is enqueued, or never.
_WITHOUT_WORKER: Final = frozenset({"ImmediateBackend", "DummyBackend"})

# The backend that stores tasks in one of Django's databases, and the model of its table.
_STORING: Final = "django_tasks_db.backend"
_STORED: Final = ("django_tasks_database", "DBTaskResult")


@final
class DjangoTasks:
    """
    An engine that runs receivers as tasks of ``django.tasks``, or of its backport for Django 5.2.

    The worker is that of the backend in the setting ``TASKS``, such as ``manage.py db_worker`` of
    django-tasks-db. ``Delivery.result`` is the ``TaskResult``. The queue and the priority are those
    of the task.
    """

    name = "django_tasks"

    # With a problem that it reports, each send fails, so the system check reports an error.
    _problems_fail_sends = True

    def __init__(self, backend: str = _DEFAULT) -> None:
        """
        Args:
            backend: the alias of the backend in the setting ``TASKS``.

        Raises:
            TypeError: *backend* is not a string.
        """
        if type(backend) is not str:
            raise TypeError(
                f"backend must be the alias of a backend in the setting TASKS, not {shown(backend)}"
            )
        self._alias = backend
        # By options, with the setting that the task was made for, which tests may replace.
        self._tasks: dict[Options, tuple[object, Any]] = {}

    def __repr__(self) -> str:
        return f"DjangoTasks({self._alias!r})"

    @property
    def in_process(self) -> bool:
        """
        Whether the backend has no worker, like those for tests.
        """
        return type(self._known_backend).__name__ in _WITHOUT_WORKER

    @property
    def can_await(self) -> bool:
        """
        Whether the backend supports async tasks.
        """
        return bool(getattr(self._known_backend, "supports_async_task", True))

    @property
    def database(self) -> str | None:
        """
        The alias of the database in which the backend stores deliveries; None if it does not store
        them in one of Django's.
        """
        if not any(cls.__module__ == _STORING for cls in type(self._known_backend).__mro__):
            return None
        model = stored_model()
        return None if model is None else router.db_for_write(model)

    def enqueue(self, delivery: Delivery, text: str) -> object:
        """
        Enqueue the task, and return its ``TaskResult``.
        """
        return self._task(delivery.options).enqueue(text=text)

    def problems(self, options: Options | None = None) -> Iterator[tuple[str, str]]:
        """
        Yield what is wrong with the set-up, and how to fix it.

        Args:
            options: those of a receiver.
        """
        try:
            self._task(options or Options())
        except Exception as error:  # noqa: BLE001 - raised by any backend
            what = f"{self} cannot enqueue a delivery, that raised {shown(error)}"
            yield what, "correct the setting TASKS, or the queue and the priority of the receiver"

    @property
    def _known_backend(self) -> Any:
        """
        The backend; None while apps are loaded, when its module may not be importable, or if it
        does not exist, which :meth:`problems` reports.
        """
        if apps.ready:
            with suppress(Exception):  # of any backend
                return _framework().task_backends[self._alias]
        return None

    def _task(self, options: Options) -> Any:
        setting = _framework().task_backends.settings
        known, made = self._tasks.get(options, (None, None))
        if known is not setting:
            from typed_signals.django.tasks import run_delivery  # it reads the setting TASKS

            made = task(run_delivery.func, self._alias, options)
            self._tasks[options] = setting, made
        return made


def _framework() -> Any:
    """
    Return the module of the framework.

    Raises:
        ImportError: Django is older than 6.0, and the backport is not installed.
    """
    name = "django.tasks" if VERSION >= (6, 0) else "django_tasks"
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            "DjangoTasks needs Django 6.0, or its backport: install django-tasks"
        ) from error


def stored_model() -> Any:
    """
    Return the model of the table of django-tasks-db; None if the app is not installed.
    """
    try:
        return apps.get_model(*_STORED)
    except LookupError:
        return None


def task(function: Callable[..., None], alias: str, options: Options) -> Any:
    """
    Return *function* as a task of the backend with this *alias*.
    """
    framework = _framework()
    queues = framework.task_backends.settings.get(alias, {}).get("QUEUES", ())
    arguments: dict[str, Any] = {"queue_name": options.queue, "priority": options.priority}
    if options.queue is None and queues and _DEFAULT not in queues:
        arguments["queue_name"] = queues[0]
    given = {name: value for name, value in arguments.items() if value is not None}
    return framework.task(backend=alias, takes_context=True, **given)(function)


def as_task(function: Callable[..., None]) -> Any:
    """
    Return *function* as a task, as workers import it: of any backend.
    """
    return task(function, next(iter(_framework().task_backends.settings)), Options())
