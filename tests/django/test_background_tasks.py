"""
``DjangoTasks`` with the backends of the framework, and the command that sends deliveries again.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django import VERSION
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from tests.support import unchecked
from typed_signals.background import (
    Background,
    Delivery,
    DjangoTasks,
    Options,
    in_place,
)
from typed_signals.django import Signal, receiver
from typed_signals.exceptions import ReceiverTypeError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("database")


class PizzaDone(TypedDict):
    size: int


pizza_done = Signal[object, PizzaDone]()
calls: list[Any] = []
error: list[Exception] = []


def bake(size: int, delivery: Delivery, **kwargs: Any) -> object:
    calls.append((size, delivery.id, delivery.attempt))
    if error:
        raise error.pop()
    return object()  # which is not JSON


def burn(size: int, **kwargs: Any) -> None:
    raise LookupError("no oven")


async def bake_later(size: int, **kwargs: Any) -> None:
    calls.append(size)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    calls.clear()
    yield
    for function in (bake, burn, bake_later):
        pizza_done.disconnect(function)
    pizza_done.disconnect(dispatch_uid="bake it")


def connect(function: Any, backend: str, **options: Any) -> None:
    background = Background(DjangoTasks(backend))
    receiver(pizza_done, background=background, enqueue="now", **options)(function)


def send(size: int = 30) -> Delivery:
    [(_, delivery)] = pizza_done.send(None, size=size)
    assert type(delivery) is Delivery
    return delivery


def stored() -> Any:
    return apps.get_model("django_tasks_database", "DBTaskResult").objects.all()


def run_worker() -> None:
    """
    Run everything that is stored.
    """
    options = ["--batch", "--backend", "stored", "--interval", "0", "--no-startup-delay"]
    call_command("db_worker", *options, verbosity=0)


class TestBackends:
    def test_that_runs_it_at_once(self) -> None:
        connect(bake, "default")
        delivery = send()
        assert calls == [(30, delivery.id, 1)]
        assert delivery.result.status == "SUCCESSFUL"
        assert delivery.result.task.module_path == "typed_signals.django.tasks.run_delivery"

    def test_errors_stay_with_the_task(self) -> None:
        connect(burn, "default")
        [error] = send().result.errors
        assert error.exception_class is LookupError
        assert "note" not in error.traceback
        assert "in the background" in error.traceback

    def test_that_collects_tasks(self) -> None:
        connect(bake, "dummy", queue="mail")
        delivery = send()
        assert calls == []
        assert delivery.result.task.queue_name == "mail"
        assert json.loads(delivery.result.kwargs["text"])["payload"] == {"size": 30}

    def test_first_queue_is_used_if_there_is_no_default_one(self) -> None:
        connect(bake, "dummy")
        assert send().result.task.queue_name == "slow"

    def test_that_stores_tasks(self) -> None:
        connect(bake, "stored", priority=7)
        delivery = send()
        [row] = stored()
        assert (str(row.id), row.priority, row.queue_name) == (delivery.result.id, 7, "default")
        assert (row.task_path, row.backend_name) == (
            "typed_signals.django.tasks.run_delivery",
            "stored",
        )
        run_worker()
        assert calls == [(30, delivery.id, 1)]
        delivery.result.refresh()
        assert delivery.result.return_value is None

    def test_async_receivers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(bake_later, "default")
        send()
        assert calls == [30]
        backend = type(DjangoTasks("dummy")._known_backend)
        monkeypatch.setattr(backend, "supports_async_task", False)
        with pytest.raises(ReceiverTypeError, match="'django_tasks' does not await"):
            connect(bake_later, "dummy")

    def test_attempt_is_at_least_one(self) -> None:
        from typed_signals.django.tasks import run_delivery

        connect(bake, "dummy")
        arguments = send().result.kwargs
        run_delivery.func(type("Context", (), {"attempt": 0}), **arguments)
        run_delivery.func(**arguments)  # as by django-tasks-local
        assert [attempt for *_, attempt in calls] == [1, 1]


class TestInTransaction:
    def test_with_its_table_in_the_same_database(self) -> None:
        background = Background(DjangoTasks("stored"))
        receiver(pizza_done, background=background, enqueue="in_transaction")(unchecked(bake))
        with transaction.atomic():
            delivery = send()
            assert stored().count() == 1
            assert delivery.result is not None
            transaction.set_rollback(True)
        assert stored().count() == 0

    @pytest.mark.parametrize("backend", ["default", "dummy"])
    def test_without_a_table(self, backend: str) -> None:
        background = Background(DjangoTasks(backend))
        with pytest.raises(ImproperlyConfigured, match="does not as it is configured"):
            receiver(pizza_done, background=background, enqueue="in_transaction")

    def test_with_its_table_in_another_database(self) -> None:
        class Router:
            def db_for_write(self, model: Any, **hints: Any) -> str | None:
                return "other" if model._meta.app_label == "django_tasks_database" else None

        background = Background(DjangoTasks("stored"))
        receiver(pizza_done, background=background, enqueue="in_transaction")(unchecked(bake))
        with (
            override_settings(DATABASE_ROUTERS=[Router()]),
            pytest.raises(ImproperlyConfigured, match=r"'default', but .* them in 'other'"),
        ):
            send()
        with in_place():
            send()
        assert len(calls) == 1

    def test_without_the_app(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(apps, "get_model", lambda *_: apps.get_app_config("nothing"))
        assert DjangoTasks("stored").database is None
        with pytest.raises(CommandError, match="add django_tasks_db to INSTALLED_APPS"):
            call_command("background_deliveries")


class TestProblems:
    def problems(self, backend: str, *options: Any) -> list[tuple[str, str]]:
        return list(DjangoTasks(backend).problems(Options(*options)))

    def test_none(self) -> None:
        assert self.problems("stored", "default", 3) == []
        assert list(DjangoTasks("stored").problems()) == []

    @pytest.mark.parametrize(
        ("backend", "options", "words"),
        [
            ("nothing", (), "The connection 'nothing' doesn't exist"),
            ("dummy", ("fast",), "Queue 'fast' is not valid for backend"),
            ("stored", (None, 1000), "priority must be a whole number between"),
        ],
    )
    def test_some(self, backend: str, options: Any, words: str) -> None:
        [(what, fix)] = self.problems(backend, *options)
        assert what.startswith(f"DjangoTasks({backend!r}) cannot enqueue a delivery, that raised ")
        assert words in what
        assert fix.startswith("correct the setting TASKS")

    def test_alias_is_text(self) -> None:
        with pytest.raises(TypeError, match="alias of a backend in the setting TASKS, not 3"):
            unchecked(DjangoTasks)(3)

    def test_without_the_framework(self, monkeypatch: pytest.MonkeyPatch) -> None:
        name = "django.tasks" if VERSION >= (6, 0) else "django_tasks"
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(ImportError, match="or its backport: install django-tasks"):
            DjangoTasks().enqueue(unchecked(Delivery)("a", "b"), "{}")


class TestCommand:
    @pytest.fixture(autouse=True)
    def deliveries(self) -> None:
        connect(bake, "stored", dispatch_uid="bake it")

    def written(self, *arguments: str) -> list[str]:
        out = StringIO()
        call_command("background_deliveries", *arguments, stdout=out)
        return out.getvalue().splitlines()

    def started(self, seconds: int) -> Delivery:
        """
        Send, let a worker start it that long ago and die.
        """
        delivery = send()
        row = stored().get(pk=delivery.result.id)
        row.claim("worker")
        row.started_at = timezone.now() - timedelta(seconds=seconds)
        row.save()
        return delivery

    def test_nothing(self) -> None:
        assert self.written() == ["No deliveries."]

    def test_waiting_running_and_failed(self) -> None:
        started = self.started(100)
        waiting = send()
        [running, other] = self.written()
        shown = f"{started.id} of {__name__}.pizza_done to bake it: running since "
        assert running.startswith(shown)
        assert running.endswith(" UTC")
        assert other == f"{waiting.id} of {__name__}.pizza_done to bake it: waiting"
        assert self.written(waiting.id) == [other]
        error.append(LookupError("no oven"))
        run_worker()
        [_, failed] = self.written()
        assert ": failed since " in failed
        assert failed.endswith(" with builtins.LookupError")
        assert self.written("--failed") == [failed]

    def test_stuck_ones_are_sent_again(self) -> None:
        stuck, other = self.started(100), self.started(10)
        [line] = self.written("--stuck", "60")
        assert line.startswith(stuck.id)
        [again] = self.written("--stuck", "60", "--resend")
        assert again == f"{line}: sent again"
        assert self.written("--stuck", "60") == ["No deliveries."]
        run_worker()
        assert calls == [(30, stuck.id, 2)]
        assert [line.split()[0] for line in self.written()] == [other.id]

    def test_attempts_are_shown(self) -> None:
        stuck = self.started(100)
        self.written(stuck.id, "--resend")
        row = stored().get()
        row.claim("another worker")
        [line] = self.written()
        assert line.endswith(" UTC, attempt 2")

    def test_one_that_waits_is_not_sent_again(self) -> None:
        waiting = send()
        [line] = self.written(waiting.id, "--resend")
        assert line.endswith(": waiting: not sent again")

    def test_all_are_never_sent_again(self) -> None:
        with pytest.raises(CommandError, match="pass ids, --stuck or --failed"):
            self.written("--resend")

    def test_unknown_ids(self) -> None:
        with pytest.raises(CommandError, match="There is no such delivery: 'abc'"):
            self.written("abc")

    def test_other_texts(self) -> None:
        send()
        row = stored().get()
        row.args_kwargs = {"args": [], "kwargs": {"text": "{}"}}
        row.save()
        assert self.written() == [f"{row.pk} is not a delivery of this release"]
