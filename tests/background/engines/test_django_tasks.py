"""
A project on Django whose receivers run in the worker of django-tasks-db.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from subprocess import DEVNULL, PIPE
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.markdown import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.background.engines.servers import PostgreSQL

SETTINGS: Final = "tests.background.engines.djangoproject.settings"
CONSOLE: Final = "tests.background.engines.djangoproject.console"

# Longer than any step takes.
_TIMEOUT: Final = 60

BEGINNING: Final = """
import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from uuid import UUID

import django

django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection, transaction
from tests.background.engines.djangoproject.shop.models import Call, Order
from tests.background.engines.djangoproject.shop.signals import (
    order_packed,
    order_placed,
    order_shipped,
)

rows = apps.get_model("django_tasks_database", "DBTaskResult").objects
"""


class Project:
    """
    The project on one database, in a folder of its own.
    """

    def __init__(self, database: dict[str, Any], folder: Path) -> None:
        self.barrier = folder / "barrier"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONPATH": str(ROOT),
            "SHOP_DATABASE": json.dumps(database),
            "SHOP_BARRIER": str(self.barrier),
        }

        self.console = self.start("-m", CONSOLE, stdin=PIPE, stdout=PIPE, text=True)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[Any]:
        """
        Start Python with *arguments*.
        """
        return subprocess.Popen([sys.executable, *arguments], env=self.environment, **options)

    def do(self, code: str) -> Any:
        """
        Execute *code* in a process of the project, and return its ``result``.
        """
        console = self.console
        assert console.stdin is not None
        assert console.stdout is not None
        console.stdin.write(json.dumps(BEGINNING + dedent(code)) + "\n")
        console.stdin.flush()
        answer = json.loads(console.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def manage(self, *arguments: str) -> str:
        """
        Return what a command writes.
        """
        code = f"out = StringIO()\ncall_command(*{arguments}, stdout=out)\nresult = out.getvalue()"
        written: str = self.do(code)
        return written

    def work(self) -> None:
        """
        Let a worker run everything that waits.
        """
        worker = self.start_worker("--batch", "--queue-name", "*")
        assert worker.wait(_TIMEOUT) == 0

    def start_worker(self, *options: str) -> subprocess.Popen[Any]:
        """
        Start a worker.
        """
        options = ("--no-startup-delay", "--interval", "0.05", *options)
        return self.start("-m", "django", "db_worker", *options, stderr=DEVNULL)

    def calls(self) -> list[list[Any]]:
        """
        Return the calls of receivers, and forget them.
        """
        found: list[list[Any]] = self.do(
            """
            calls = Call.objects.order_by("id").values_list(
                "receiver", "delivery", "attempt", "arguments"
            )
            result = list(calls)
            Call.objects.all().delete()
            """
        )
        return found

    def wait_for_call(self) -> None:
        deadline = time.monotonic() + _TIMEOUT
        while not self.do("result = Call.objects.count()"):
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def project(
    request: pytest.FixtureRequest,
    postgres_dsn: PostgreSQL,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("project")
    database: dict[str, Any] = postgres_dsn.database
    if request.param == "sqlite":
        database = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "db.sqlite3"),
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
        }
    made = Project(database, folder)
    made.manage("migrate", "--run-syncdb", "--verbosity=0")
    yield made
    made.console.communicate()


@pytest.fixture(autouse=True)
def empty(project: Project) -> None:
    project.do("Order.objects.all().delete(); Call.objects.all().delete(); rows.all().delete()")


def test_set_up_is_right(project: Project) -> None:
    written = project.manage("check", "--tag", "typed_signals", "--deploy")
    assert "no issues" in written


def test_values_come_back_after_the_commit(project: Project) -> None:
    waiting = project.do(
        """
        with transaction.atomic():
            order = Order.objects.create(total="9.50")
            order.save(update_fields=["total"])
            [(_, delivery)] = order_placed.send(
                Order,
                order=order,
                number=UUID(int=7),
                total=Decimal("9.50"),
                at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
                again=[order],
            )
            before = rows.count()
        stored = list(rows.values_list("queue_name", "priority").order_by("enqueued_at"))
        try:
            with transaction.atomic():
                order.save()
                raise LookupError
        except LookupError:
            pass
        status = rows.get(id=delivery.result.id).status
        result = [before, stored, delivery.id, status, rows.count()]
        """
    )
    before, stored, confirmed, status, count = waiting
    assert (before, status, count) == (0, "READY", 3)
    assert sorted(stored) == [["default", 0], ["default", 0], ["mail", 5]]
    project.work()
    first, *saved = project.calls()
    order = "<Order: order of 9.50>"
    assert first == [
        "confirm",  # it has the highest priority
        confirmed,
        1,
        (
            f"<class 'tests.background.engines.djangoproject.shop.models.Order'> | {order} | "
            "UUID('00000000-0000-0000-0000-000000000007') | Decimal('9.50') | "
            "datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc) | "
            f"{order}"
        ),
    ]
    assert [[name, attempt, arguments] for name, _, attempt, arguments in saved] == [
        ["index", 1, f"{order} | True | None | 'default'"],
        ["index", 1, f"{order} | False | frozenset({{'total'}}) | 'default'"],
    ]
    assert project.do("result = sorted({row.status for row in rows.all()})") == ["SUCCESSFUL"]


def test_delivery_in_the_transaction_is_committed_or_rolled_back_with_it(
    project: Project,
) -> None:
    assert project.do(
        """
        counts = []
        for is_good in (False, True):
            with transaction.atomic():
                order = Order(total=1)
                order.save_base(raw=True)
                order_packed.send(Order, order=order)
                counts.append(rows.filter(args_kwargs__icontains="order_packed").count())
                transaction.set_rollback(not is_good)
            counts.append(rows.filter(args_kwargs__icontains="order_packed").count())
        result = counts
        """
    ) == [1, 0, 1, 1]
    project.work()
    assert [name for name, *_ in project.calls() if name != "index"] == ["label"]


def test_row_that_is_gone_is_an_error_of_its_own(project: Project) -> None:
    assert (
        project.do(
            """
            with transaction.atomic():
                order = Order(total=1)
                order.save_base(raw=True)
                [(_, delivery)] = order_packed.send(Order, order=order)
            order.delete()
            rows.exclude(id=delivery.result.id).delete()
            result = rows.count()
            """
        )
        == 1
    )
    project.work()
    [failed] = project.manage("background_deliveries", "--failed").splitlines()
    assert failed.endswith("with typed_signals.exceptions.MissingRowError")


def test_worker_that_is_killed_leaves_a_delivery_that_is_sent_again(project: Project) -> None:
    project.barrier.touch()
    sent = project.do(
        """
        order = Order(total=1)
        order.save()
        rows.all().delete()
        [(_, delivery)] = order_shipped.send(Order, order=order)
        result = delivery.id
        """
    )
    worker = project.start_worker()
    try:
        project.wait_for_call()
    finally:
        worker.kill()
        worker.wait()
    project.barrier.unlink()
    assert project.calls() == [["ship", sent, 1, "'begin'"]]
    project.work()  # at most once after it was claimed
    assert project.calls() == []
    shop = "tests.background.engines.djangoproject.shop"
    [stuck] = project.manage("background_deliveries", "--stuck", "0").splitlines()
    assert stuck.startswith(f"{sent} of {shop}.signals.order_shipped to {shop}.receivers.ship: run")
    assert project.manage("background_deliveries", "--stuck", "600") == "No deliveries.\n"
    [again] = project.manage("background_deliveries", sent, "--resend").splitlines()
    assert again == f"{stuck}: sent again"
    project.work()
    assert project.calls() == [
        ["ship", sent, 2, "'begin'"],
        ["ship", sent, 2, "<Order: order of 1.00>"],
    ]
    assert project.manage("background_deliveries") == "No deliveries.\n"


# What ends the connection of a process, as a failing server does.
DISCONNECT: Final = """
import psycopg

def disconnect():
    parameters = connection.get_connection_params()
    wanted = ("dbname", "host", "port", "user")
    with psycopg.connect(**{key: parameters[key] for key in wanted}, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
"""


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_database_that_is_gone_at_the_commit(project: Project) -> None:
    assert project.do(
        DISCONNECT
        + dedent(
            """
                errors = []
                for signal in (order_shipped, order_packed):
                    try:
                        with transaction.atomic():
                            order = Order.objects.create(total=1)
                            signal.send(Order, order=order)
                            disconnect()
                    except (OperationalError, InterfaceError) as error:
                        errors.append(type(error).__name__)
                    connection.close()
                result = [len(errors), Order.objects.count(), rows.count()]
                """
        )
    ) == [2, 0, 0]


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_between_commit_and_enqueuing_a_delivery_can_be_lost(project: Project) -> None:
    assert (
        project.do(
            DISCONNECT
            + dedent(
                """
                errors = 0
                for signal in (order_shipped, order_packed):
                    try:
                        with transaction.atomic():
                            transaction.on_commit(disconnect)
                            order = Order.objects.create(total=1)
                            signal.send(Order, order=order)
                    except (OperationalError, InterfaceError):
                        errors += 1
                    connection.close()
                stored = [row.args_kwargs["kwargs"]["text"] for row in rows.all()]
                signals = [json.loads(text)["signal"].rpartition(".")[2] for text in stored]
                result = [errors, Order.objects.count(), signals]
                """
            )
        )
        == [2, 2, ["order_packed"]]  # what was enqueued in the transaction is there
    )
