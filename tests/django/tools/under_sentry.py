"""
Sends signals inside Sentry's transactions, and writes what was seen of it as JSON.

The integration of Sentry patches Django for the rest of the process.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any, Final, TypedDict

import django
import sentry_sdk
from django.conf import settings
from django.dispatch import Signal as DjangoSignal
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.transport import Transport

from typed_signals import observe
from typed_signals.background import Background, Immediate
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.exceptions import PayloadError
from typed_signals.testing import mute

if TYPE_CHECKING:
    from collections.abc import Callable

    from sentry_sdk.envelope import Envelope

    from typed_signals import Call


class PizzaDone(TypedDict):
    size: int


class Store: ...


# Signals with receivers in the background have names.
PLAIN: Final = Signal[type[Store], PizzaDone]()
DJANGOS: Final = DjangoSignal()
SIGNALS: Final[dict[str, Any]] = {
    "plain": PLAIN,
    "caching": Signal[type[Store], PizzaDone](use_caching=True),
    "of_models": ModelSignal[type[Store], PizzaDone](),
    "djangos": DJANGOS,
    "denied": Signal[type[Store], PizzaDone](),
}
METHODS: Final = ("send", "send_robust", "asend", "asend_robust")

transactions: list[Any] = []


class Collector(Transport):
    """
    Keeps what would go over the network.
    """

    def capture_envelope(self, envelope: Envelope) -> None:
        transactions.append(envelope.get_transaction_event())


class Kitchen:
    def log(self, **kwargs: Any) -> str:
        return "log"


def bake(size: int, **kwargs: Any) -> int:
    return size


def burn(**kwargs: Any) -> None:
    raise ZeroDivisionError


def bake_later(**kwargs: Any) -> None: ...


async def eat(size: int, **kwargs: Any) -> int:
    return size + 1


KITCHEN: Final = Kitchen()
RECEIVERS: Final[list[Any]] = [bake, KITCHEN.log, burn, eat]


def spans_of(call: Callable[[], Any]) -> tuple[Any, list[str]]:
    """
    Return what *call* returned, and the receivers that Sentry has a span of.
    """
    transactions.clear()
    with sentry_sdk.start_transaction(name="test"):
        returned = call()
    [transaction] = transactions
    assert "exception" not in transaction
    return returned, [
        span["description"] for span in transaction["spans"] if span["op"] == "event.django"
    ]


def dispatch(signal: Any, method: str, **payload: Any) -> Any:
    sent = getattr(signal, method)(Store, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


def shown(response: Any) -> Any:
    return type(response).__name__ if isinstance(response, Exception) else response


def report(signal: Any, method: str) -> dict[str, Any]:
    """
    Send the right payload and a wrong one, to receivers as *method* can have.
    """
    receivers = [
        each
        for each in RECEIVERS
        if (each is not burn or "robust" in method) and (each is not eat or method.startswith("a"))
    ]
    for each in receivers:
        signal.connect(each, sender=Store)
    responses, spans = spans_of(lambda: dispatch(signal, method, size=30))

    def send_wrongly() -> str:
        try:
            dispatch(signal, method, sise=30)
        except (PayloadError, TypeError) as error:  # of a receiver, if there is no declaration
            return str(error)
        return "sent"

    refusal, spans_of_refused = spans_of(send_wrongly)
    calls: list[Call] = []
    with observe(signal, before=calls.append), mute(signal, receivers=[bake]):
        _, spans_beside_mute = spans_of(lambda: dispatch(signal, method, size=30))
    for each in receivers:
        assert signal.disconnect(each, sender=Store)
    return {
        "are_from_receivers": [getattr(each, "__wrapped__", each) for each, _ in responses]
        == receivers,
        "responses": [shown(response) for _, response in responses],
        "spans": spans,
        "refusal": refusal,
        "spans_of_refused": spans_of_refused,
        # In Django 5.2, async ones are called first.
        "are_observed": len(calls) == len(receivers) - 1
        and {call.receiver for call in calls} == {each for each in receivers if each is not bake},
        "spans_beside_mute": spans_beside_mute,
    }


def report_on_commit() -> list[str]:
    """
    Return the receivers that Sentry has a span of, of those that wait for the commit.
    """
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django.db import transaction
    from django.db.models.signals import post_save

    call_command("migrate", run_syncdb=True, verbosity=0)
    receiver([SIGNALS["plain"], post_save], sender=Group, on_commit=True)(KITCHEN.log)

    def save() -> None:
        with transaction.atomic():
            Group.objects.create(name="cooks")
            SIGNALS["plain"].send(Group, size=30)

    calls: list[Call] = []
    with observe("*", after=calls.append):
        spans = spans_of(save)[1]
    assert [call.receiver for call in calls] == [KITCHEN.log] * 2
    return spans


def report_in_background() -> list[str]:
    """
    Return the receivers that Sentry has a span of, of those in the background.
    """
    receivers = [SIGNALS["plain"], SIGNALS["djangos"]]
    Background(Immediate()).receiver(receivers, sender=Store)(bake_later)
    calls: list[Call] = []
    with observe("*", after=calls.append):
        spans = spans_of(lambda: [dispatch(each, "send", size=30) for each in receivers])[1]
    assert [call.receiver for call in calls] == [bake_later] * 2
    return spans


def main() -> None:
    integration = DjangoIntegration(signals_denylist=[SIGNALS["denied"]])
    sentry_sdk.init(
        dsn="https://key@sentry.invalid/1",
        transport=Collector,
        integrations=[integration],
        default_integrations=False,
        auto_enabling_integrations=False,
        traces_sample_rate=1.0,
    )
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
        MIGRATION_MODULES={"auth": None, "contenttypes": None},
        USE_TZ=True,
    )
    django.setup()
    reports: dict[str, Any] = {
        f"{name}.{method}": report(signal, method)
        for name, signal in SIGNALS.items()
        for method in METHODS
    }
    seen = {
        "sends": reports,
        "on_commit": report_on_commit(),
        "in_background": report_in_background(),
    }
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
