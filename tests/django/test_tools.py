"""
Published tools that use the internals of Django's signals, with our signals.

Tools that change Django or pytest permanently run in their own processes.
"""

from __future__ import annotations

import gc
import io
import json
import re
import subprocess
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

import auditlog.signals
import factory.django
import pytest
import reversion
import reversion.signals
import reversion.utils
from auditlog.context import disable_auditlog, set_actor
from auditlog.models import LogEntry
from auditlog.registry import auditlog as audit
from debug_toolbar.toolbar import DebugToolbar
from dirtyfields import DirtyFieldsMixin, dirtyfields
from django.apps.registry import Apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.signals import m2m_changed, post_save
from django.http import HttpResponse
from django.test import RequestFactory, TestCase, override_settings
from reversion.models import Revision, Version

from tests.support import unchecked
from typed_signals.background import Background, Immediate
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.django.checks import check_connections
from typed_signals.django.payloads import PostSave
from typed_signals.exceptions import PayloadError, ReceiverSignatureError

from .shop.models import Pizza, Topping

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_python

ROOT: Final = Path(__file__).resolve().parents[2]
TOOLS: Final = Path(__file__).with_name("tools")


class PizzaDone(TypedDict):
    size: int


pizza_done = Signal[type[Pizza], PizzaDone]()
pizza_cached = Signal[type[Pizza], PizzaDone](use_caching=True)
pizza_stored = ModelSignal[type[Pizza], PizzaDone](use_caching=True)

SIGNALS: Final[dict[str, Any]] = {
    "pizza_done": pizza_done,
    "pizza_cached": pizza_cached,
    "pizza_stored": pizza_stored,
}


@pytest.fixture(params=SIGNALS)
def signal(request: pytest.FixtureRequest) -> Any:
    return SIGNALS[request.param]


@pytest.fixture(autouse=True)
def no_connections() -> Iterator[None]:
    """
    Disconnect the test's receivers from the signals of this file, and from those of the tools.
    """
    yield
    theirs = (
        auditlog.signals.pre_log,
        auditlog.signals.post_log,
        reversion.signals.pre_revision_commit,
        reversion.signals.post_revision_commit,
    )
    for signal in (*SIGNALS.values(), *theirs):
        signal.receivers = []
        signal.sender_receivers_cache.clear()


def in_background(**kwargs: Any) -> None: ...


class Kitchen:
    def log(self, **kwargs: Any) -> None: ...


KITCHEN: Final = Kitchen()


# factory_boy, and other code that mutes signals


class MutedInPlace:
    """
    Empties the list and fills it again, as awx does.
    """

    def __init__(self, signal: Any) -> None:
        self.signal = signal

    def __enter__(self) -> None:
        self.kept = self.signal.receivers[:]
        del self.signal.receivers[:]

    def __exit__(self, *error: object) -> None:
        self.signal.receivers[:0] = self.kept
        self.signal.sender_receivers_cache.clear()


class MutedByHand(MutedInPlace):
    """
    Replaces the list by another one, without a lock, as kolibri does.
    """

    def __enter__(self) -> None:
        self.kept = self.signal.receivers
        self.signal.receivers = []


MUTES: Final[list[Any]] = [
    factory.django.mute_signals,
    reversion.utils.mute_signals,
    MutedInPlace,
    MutedByHand,
]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("mute", MUTES)
def test_muted_signal_is_restored(signal: Any, mute: Any) -> None:
    called: list[str] = []

    @receiver(signal)
    def first(size: int, **kwargs: Any) -> None:
        called.append("first")

    @receiver(signal, sender=Pizza)
    def second(**kwargs: Any) -> None:
        called.append("second")

    @receiver(signal, sender=Pizza, on_commit=True)
    def on_commit(**kwargs: Any) -> None:
        called.append("on_commit")

    def late(**kwargs: Any) -> None:
        called.append("late")

    def wrong(sise: int, **kwargs: Any) -> None: ...

    before = list(signal.receivers)
    with TestCase.captureOnCommitCallbacks(execute=True):
        signal.send(Pizza, size=30)
    assert called == ["first", "second", "on_commit"]

    called.clear()
    with TestCase.captureOnCommitCallbacks() as callbacks, mute(signal):
        assert signal.send(Pizza, size=30) == []
        with pytest.raises(PayloadError):
            signal.send(Pizza, sise=30)
        with pytest.raises(ReceiverSignatureError):
            signal.connect(wrong)
        signal.connect(late)
        assert signal.send(Pizza, size=30) == [(late, None)]
    assert callbacks == []

    called.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert [each for each, _ in signal.send(Pizza, size=30)][:2] == [first, second]
    assert called == ["first", "second", "late", "on_commit"]
    assert signal.disconnect(late)
    assert signal.receivers == before
    assert signal.disconnect(on_commit, sender=Pizza)


# Only some of its functions have types.
factory_boy: Any = factory

quiet_pizzas = factory_boy.django.mute_signals(post_save)(
    factory_boy.make_factory(
        Pizza,
        FACTORY_CLASS=factory.django.DjangoModelFactory,
        name=factory_boy.Sequence("pizza {}".format),
    )
)


def bake() -> None:
    quiet_pizzas.create_batch(2)
    for signal in SIGNALS.values():
        signal.send(Pizza, size=30)


@pytest.mark.usefixtures("database")
def test_mute_signals_decorates_factories_and_functions() -> None:
    called: list[Any] = []

    @receiver([post_save, *SIGNALS.values()], sender=Pizza, on_commit=True)
    @receiver([post_save, pizza_cached], sender=Pizza, dispatch_uid="at once")
    def note(signal: Any, **kwargs: Any) -> None:
        called.append(signal)

    with TestCase.captureOnCommitCallbacks(execute=True):
        factory_boy.django.mute_signals(*SIGNALS.values())(bake)()
    assert Pizza.objects.count() == 2
    assert called == []
    with TestCase.captureOnCommitCallbacks(execute=True):
        Pizza.objects.create(name="Margherita")
        pizza_cached.send(Pizza, size=30)
    assert called == [post_save, pizza_cached, post_save, pizza_cached]


# django-debug-toolbar


def test_panel_of_the_debug_toolbar_names_our_receivers() -> None:
    def at_once(**kwargs: Any) -> None: ...

    def on_commit(**kwargs: Any) -> None: ...

    async def later(**kwargs: Any) -> None: ...

    background = Background(Immediate())
    for each in (*SIGNALS.values(), post_save):
        each.connect(KITCHEN.log)
        background.receiver(each, sender=Pizza)(in_background)
        receiver(each, sender=Pizza)(at_once)
        receiver(each, weak=False)(later)
        receiver(each, on_commit=True)(on_commit)
        receiver(each, sender=Pizza, weak=False, on_commit=True)(on_commit)
    request = RequestFactory().get("/")
    response = HttpResponse()
    extra = [f"{__name__}.{name}" for name in SIGNALS]
    with override_settings(DEBUG_TOOLBAR_CONFIG={"EXTRA_SIGNALS": extra}):
        toolbar = DebugToolbar(request, lambda _request: response)
        panel: Any = toolbar.get_panel_by_id("SignalsPanel")
        panel.generate_stats(request, toolbar.process_request(request))
        stats = dict(panel.get_stats()["signals"])
        assert re.match(r"\d+ receivers of 18 signals$", panel.nav_subtitle())
    names = ["Kitchen.log", "in_background", "at_once", "later", "on_commit", "on_commit"]
    assert {name: stats[name] for name in SIGNALS} == dict.fromkeys(SIGNALS, names)
    assert stats["post_save"][-6:] == names
    assert f"<td>{', '.join(names)}</td>" in panel.content


# django-reversion


@pytest.fixture
def revisions(database: None) -> Iterator[None]:
    """
    Record pizzas and toppings in revisions.
    """
    for model in (Pizza, Topping):
        reversion.register(model)
    yield
    for model in (Pizza, Topping):
        reversion.unregister(model)


def in_last_revision() -> list[Any]:
    versions = Version.objects.filter(revision=Revision.objects.latest("id"))
    return sorted(version.field_dict["name"] for version in versions)


@pytest.mark.usefixtures("revisions")
def test_objects_saved_by_our_receivers_are_part_of_the_revision() -> None:
    raw: list[bool] = []

    @receiver(post_save, sender=Pizza)
    def finish(instance: Pizza, **kwargs: Any) -> None:
        raw.append(kwargs["raw"])
        pizza_stored.send(Pizza, size=30)

    @receiver(pizza_stored, sender=Pizza)
    def store(size: int, **kwargs: Any) -> None:
        Topping.objects.create(name=f"ham for {size}")

    with reversion.create_revision():
        pizza = Pizza.objects.create(name="Margherita")
        pizza.toppings.set(Topping.objects.all())
    assert in_last_revision() == ["Margherita", "ham for 30"]
    [version] = Version.objects.get_for_object(pizza)
    assert len(version.field_dict["toppings"]) == 1

    with reversion.create_revision():
        pizza.name = "Marinara"
        pizza.save()

    def fail() -> None:
        pizza.name = "Hawaii"
        pizza.save()
        unchecked(pizza_stored).send(Pizza, sise=30)

    with pytest.raises(PayloadError):
        reversion.create_revision()(fail)()
    assert Revision.objects.count() == 2
    assert in_last_revision() == ["Marinara", "ham for 30"]

    version.revision.revert()
    pizza.refresh_from_db()
    assert pizza.name == "Margherita"
    assert raw == [False, False, False, True]


@pytest.mark.usefixtures("revisions")
def test_signals_of_reversion_accept_our_receivers() -> None:
    heard: list[Any] = []

    @receiver(reversion.signals.pre_revision_commit)
    def describe(revision: Any, versions: Any, **kwargs: Any) -> None:
        revision.comment = f"{len(versions)} made"

    @receiver(reversion.signals.post_revision_commit, on_commit=True)
    def confirm(revision: Any, **kwargs: Any) -> None:
        heard.append(revision.comment)

    with TestCase.captureOnCommitCallbacks(execute=True):
        with reversion.create_revision():
            Pizza.objects.create(name="Margherita")
        assert heard == []
    assert heard == ["1 made"]
    assert Revision.objects.get().comment == "1 made"


# django-auditlog


@pytest.fixture
def audited(database: None) -> Iterator[None]:
    """
    Log changes of pizzas.
    """
    audit.register(Pizza, m2m_fields={"toppings"})
    yield
    audit.unregister(Pizza)


def logged() -> list[tuple[str, Any]]:
    entries = LogEntry.objects.order_by("id")
    return [(entry.get_action_display(), entry.changes) for entry in entries]


@pytest.mark.usefixtures("audited")
def test_changes_by_our_receivers_are_logged() -> None:
    @receiver(post_save, sender=Pizza, on_commit=True)
    def rename(instance: Pizza, created: bool, **kwargs: Any) -> None:
        if created:
            instance.name += " 30"
            instance.save()

    cook = User.objects.create(username="cook")
    with set_actor(cook), TestCase.captureOnCommitCallbacks(execute=True):
        pizza = Pizza.objects.create(name="Margherita")
    pizza.toppings.add(Topping.objects.create(name="ham"))
    (_, created), *rest = logged()
    assert created["name"] == ["None", "Margherita"]
    assert rest == [
        ("update", {"name": ["Margherita", "Margherita 30"]}),
        ("update", {"toppings": {"type": "m2m", "operation": "add", "objects": ["ham"]}}),
    ]
    assert [entry.actor for entry in LogEntry.objects.order_by("id")] == [cook, cook, None]


@pytest.mark.usefixtures("audited")
def test_signals_of_auditlog_accept_our_receivers() -> None:
    heard: list[Any] = []

    @receiver(auditlog.signals.pre_log, sender=Pizza)
    def forbid(instance: Pizza, action: int, **kwargs: Any) -> bool:
        return instance.name != "Hawaii"

    @receiver(auditlog.signals.pre_log, on_commit=True)
    @receiver(auditlog.signals.post_log, on_commit=True)
    def confirm(signal: Any, instance: Pizza, **kwargs: Any) -> None:
        heard.append(
            (signal, instance.name, [said for _, said in kwargs.get("pre_log_results", ())])
        )

    with TestCase.captureOnCommitCallbacks(execute=True):
        Pizza.objects.create(name="Hawaii")
        Pizza.objects.create(name="Margherita")
        with disable_auditlog():
            Pizza.objects.create(name="Marinara")
        assert heard == []
    assert heard == [
        (auditlog.signals.pre_log, "Hawaii", []),
        (auditlog.signals.pre_log, "Margherita", []),
        (auditlog.signals.post_log, "Margherita", [True, None]),
    ]
    assert [changes["name"] for _, changes in logged()] == [["None", "Margherita"]]


# django-dirtyfields


class Oven(DirtyFieldsMixin, models.Model):  # type: ignore[misc]  # it has no types
    name: models.CharField[str, str] = models.CharField(max_length=100)

    class Meta:
        app_label = "kitchen"
        apps = Apps()

    def __str__(self) -> str:
        return self.name


@pytest.mark.parametrize("use_caching", [False, True])
def test_dirtyfields_connects_its_receiver_in_each_init(
    monkeypatch: pytest.MonkeyPatch, use_caching: bool
) -> None:
    saved = ModelSignal[type[models.Model], PostSave[models.Model]](use_caching=use_caching)
    monkeypatch.setattr(dirtyfields, "post_save", saved)
    ovens = []
    for number in range(20):
        ovens.append(Oven(id=number, name="wood"))
        ovens[-1]._state.adding = False
        assert len(saved.connections) == 1
        for each in (ovens[0], ovens[-1]):
            each.name += " and gas"
            assert each.is_dirty()
            unchecked(saved).send(Oven, instance=each, **AS_SAVED)
            assert not each.is_dirty()
    assert saved.disconnect(sender=Oven, dispatch_uid="Oven-DirtyFieldsMixin-sweeper")
    ovens[0].name = "gas"
    assert unchecked(saved).send(Oven, instance=ovens[0], **AS_SAVED) == []
    assert ovens[0].is_dirty()


AS_SAVED: Final = {"created": False, "raw": False, "using": "default", "update_fields": None}


# Tools that look for signals


def test_signals_are_found_by_the_garbage_collector() -> None:
    """
    django-extensions searches all objects, and prints what is in their lists.
    """
    signals: list[Any] = [ModelSignal[type[Pizza], PizzaDone](), DjangoModelSignal()]
    for signal in signals:
        signal.connect(KITCHEN.log, sender=Pizza)
        for _ in range(12):
            signal.send(Pizza, size=30)
    found = [each for each in gc.get_objects() if isinstance(each, DjangoModelSignal)]
    assert [each for each in signals if each in found] == signals
    for signal in signals:
        [((receiver_id, sender_id), reference, *_)] = signal.receivers
        assert isinstance(reference, weakref.ReferenceType)
        assert (receiver_id, sender_id) == ((id(KITCHEN), id(Kitchen.log)), id(Pizza))
        assert reference() == KITCHEN.log


# What we say of the receivers of these two


@pytest.mark.usefixtures("audited", "revisions")
def test_system_check_reports_no_receivers_of_the_tools() -> None:
    with set_actor(None):
        assert check_connections() == []

        def wrong(sise: int, **kwargs: Any) -> None: ...

        signals: list[Any] = [post_save, m2m_changed]
        for each in signals:
            each.connect(wrong, dispatch_uid=(1, 2, 3))
        assert [message.id for message in check_connections()] == ["typed_signals.E003"] * 2


@pytest.mark.usefixtures("audited", "revisions")
def test_list_signals_shows_the_receivers_of_the_tools() -> None:
    output = io.StringIO()
    with set_actor(None):
        call_command("list_signals", "--format", "json", stdout=output)
    connected = {
        (
            entry["signal"].rpartition(".")[2],
            each["receiver"],
            each["sender"],
            each["dispatch_uid"] is not None,
        )
        for entry in json.loads(output.getvalue())
        for each in entry["receivers"]
        if re.search(r"\b(auditlog|reversion)\.", each["receiver"])
    }
    shop = "tests.django.shop.models"
    of_auditlog = {
        ("accessed", "receivers.log_access", f"{shop}.Pizza"),
        (
            "m2m_changed",
            "receivers.make_log_m2m_changes.<locals>.log_m2m_changes",
            f"{shop}.Pizza_toppings",
        ),
        ("post_delete", "receivers.log_delete", f"{shop}.Pizza"),
        ("post_save", "receivers.log_create", f"{shop}.Pizza"),
        ("pre_save", "receivers.log_update", f"{shop}.Pizza"),
    }
    of_reversion = {
        ("m2m_changed", "_m2m_changed_receiver", f"{shop}.Pairing"),
        ("m2m_changed", "_m2m_changed_receiver", f"{shop}.Pizza_toppings"),
        ("post_save", "_post_save_receiver", f"{shop}.Pizza"),
        ("post_save", "_post_save_receiver", f"{shop}.Topping"),
    }
    actor = "functools.partial(auditlog.context._set_extra_data)"
    assert connected == {
        ("pre_save", actor, "auditlog.models.LogEntry", True),
        *((signal, f"auditlog.{name}", sender, True) for signal, name, sender in of_auditlog),
        *(
            (signal, f"reversion.revisions.{name}", sender, False)
            for signal, name, sender in of_reversion
        ),
    }


# sentry-sdk


@pytest.fixture(scope="module")
def under_sentry() -> Any:
    command = [sys.executable, "-W", "error", str(TOOLS / "under_sentry.py")]
    process = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


@pytest.mark.parametrize("name", ["plain", "caching", "of_models", "denied", "djangos"])
@pytest.mark.parametrize(
    ("method", "responses"),
    [
        ("send", [30, "log"]),
        ("send_robust", [30, "log", "ZeroDivisionError"]),
        ("asend", [30, "log", 31]),
        ("asend_robust", [30, "log", "ZeroDivisionError", 31]),
    ],
)
def test_sentry_has_a_span_of_each_receiver(
    under_sentry: Any, name: str, method: str, responses: list[Any]
) -> None:
    seen = under_sentry["sends"][f"{name}.{method}"]
    # Sentry does not patch async receivers, or signals that it is configured to ignore.
    names = ["bake", "Kitchen.log", *(["burn"] if "robust" in method else [])]
    assert seen["spans"] == ([] if name == "denied" else [f"__main__.{each}" for each in names])
    assert seen["responses"] == responses
    assert seen["are_from_receivers"]
    # Observers and mutes find the receivers in the wrappers of Sentry.
    assert seen["are_observed"]
    assert seen["spans_beside_mute"] == seen["spans"][1:]
    if name != "djangos":
        assert f".{method}(): missing 'size', unexpected 'sise'" in seen["refusal"]
        assert seen["spans_of_refused"] == []


def test_sentry_names_receivers_that_wait_for_the_commit(under_sentry: Any) -> None:
    assert under_sentry["on_commit"] == ["__main__.Kitchen.log"] * 2


def test_sentry_names_receivers_in_the_background(under_sentry: Any) -> None:
    assert under_sentry["in_background"] == ["__main__.bake_later"] * 2


# pytest-django


def test_fixtures_of_pytest_django() -> None:
    command = [sys.executable, "-m", "pytest", str(TOOLS / "under_pytest_django.py"), "--ds"]
    without = ("-p", "no:cacheprovider", "-p", "no:asyncio")
    options = ("--noconftest", "--nomigrations", *without, "-o")
    process = subprocess.run(
        [*command, "tests.django.settings", *options, "addopts=--import-mode=importlib"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout
    assert " 5 passed in " in process.stdout
