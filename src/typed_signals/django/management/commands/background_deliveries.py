"""
``manage.py background_deliveries``: list what django-tasks-db has not run, and send it again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import router
from django.utils import timezone

from typed_signals._shared.messages import listed
from typed_signals.background._delivery import from_text
from typed_signals.background._django_tasks import stored_model
from typed_signals.exceptions import DeliveryError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

# The values of the status, and what they are called here.
_READY: Final = "READY"
_RUNNING: Final = "RUNNING"
_FAILED: Final = "FAILED"
_WORDS: Final = {_READY: "waiting", _RUNNING: "running", _FAILED: "failed"}

_TASK: Final = "typed_signals.django.tasks.run_delivery"


class Command(BaseCommand):
    """
    The command.
    """

    help = (
        "Lists deliveries to receivers in the background that django-tasks-db has not run: those "
        "that wait, run or have failed. A worker that dies leaves its delivery running for ever."
    )
    # A problem of the project must not keep anyone from sending deliveries again.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """
        Add the filters and the options.
        """
        parser.add_argument("ids", nargs="*", metavar="ID", help="Only these deliveries.")
        parser.add_argument(
            "--stuck",
            type=float,
            metavar="SECONDS",
            help="Only deliveries that were started so many seconds ago, and still run.",
        )
        parser.add_argument(
            "--failed", action="store_true", help="Only deliveries whose receiver raised an error."
        )
        parser.add_argument(
            "--resend",
            action="store_true",
            help="Send the listed ones again, with the same id. If the worker of one that runs is "
            "alive, its receiver is called twice.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """
        Write the list, and send the deliveries again.

        Raises:
            CommandError: there is no table, no such delivery, or no choice of what to send again.
        """
        ids, stuck, is_failed = options["ids"], options["stuck"], options["failed"]
        is_chosen = ids or stuck is not None or is_failed
        if options["resend"] and not is_chosen:
            raise CommandError("Choose what to send again: pass ids, --stuck or --failed.")
        model = stored_model()
        if model is None:
            raise CommandError("No deliveries are stored: add django_tasks_db to INSTALLED_APPS.")
        rows = model.objects.using(router.db_for_write(model)).filter(task_path=_TASK)
        if stuck is not None:
            started = timezone.now() - timedelta(seconds=stuck)
            rows = rows.filter(status=_RUNNING, started_at__lte=started)
        else:
            rows = rows.filter(status__in=[_FAILED] if is_failed else list(_WORDS))
        # In the order of the ids, or in that in which they were enqueued.
        found = {}
        for row in rows.order_by("enqueued_at").iterator():
            delivery_id, line = _id_and_line(row)
            if not ids or delivery_id in ids:
                found[delivery_id] = (row, line)
        if unknown := [each for each in ids if each not in found]:
            raise CommandError(f"There is no such delivery: {listed(unknown)}.")
        for row, line in found.values():
            again = ""
            if options["resend"]:
                again = ": sent again" if _resend(rows, row) else ": not sent again"
            self.stdout.write(f"{line}{again}")
        if not found:
            self.stdout.write("No deliveries.")


def _id_and_line(row: Any) -> tuple[str, str]:
    """
    Return the id of the delivery in *row*, and what is known about it.
    """
    try:
        content = from_text(row.args_kwargs["kwargs"]["text"])
    except (DeliveryError, LookupError):
        return str(row.pk), f"{row.pk} is not a delivery of this release"
    state = _WORDS[row.status]
    if row.started_at is not None:
        state += f" since {row.started_at:%Y-%m-%d %H:%M:%S %Z}".rstrip()
    if row.exception_class_path:
        state += f" with {row.exception_class_path}"
    if (attempts := len(row.worker_ids)) > 1:
        state += f", attempt {attempts}"
    return content.id, f"{content.id} of {content.signal} to {content.receiver}: {state}"


def _resend(rows: Any, row: Any) -> bool:
    """
    Let a worker run *row* again, and return True, unless it has ended or was sent again meanwhile.
    """
    same = rows.filter(pk=row.pk, status=row.status, started_at=row.started_at)
    return bool(
        same.exclude(status=_READY).update(
            status=_READY, started_at=None, finished_at=None, exception_class_path="", traceback=""
        )
    )
