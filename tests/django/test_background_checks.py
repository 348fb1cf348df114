"""
What ``manage.py check`` reports about receivers in the background.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.apps import apps
from django.core import checks
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import Signal as DjangoSignal
from django.http import HttpRequest
from django.test import override_settings
from django.test.utils import setup_test_environment, teardown_test_environment

from tests.django.test_background import Recording
from tests.support import unchecked
from typed_signals.background import Background, DjangoTasks, Immediate, Options, Threads
from typed_signals.django import Signal, receiver
from typed_signals.django._enqueue import IN_SETTING, engine_in_setting
from typed_signals.django.checks import check_connections, check_setting
from typed_signals.exceptions import ReceiverSignatureError, ReceiverTypeError

from .shop.models import Pizza

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.checks import CheckMessage


class OrderPlaced(TypedDict):
    size: int
    request: HttpRequest


order_placed = Signal[object, OrderPlaced]()
NAME = f"{__name__}.order_placed"
untyped = DjangoSignal()


def confirm(sender: object, size: int, **kwargs: Any) -> None: ...


def confirm_request(sender: object, request: HttpRequest, **kwargs: Any) -> None: ...


async def confirm_later(sender: object, size: int, **kwargs: Any) -> None: ...


def log_save(instance: Pizza, **kwargs: Any) -> None: ...


def log_nothing(**kwargs: Any) -> None: ...


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    for signal in (order_placed, untyped):
        signal.receivers.clear()
        signal.sender_receivers_cache.clear()


class Unreachable(Recording):
    def problems(self, _options: Options) -> list[tuple[str, str]]:
        raise OSError("no broker")


def setting(**stated: Any) -> Any:
    return override_settings(TYPED_SIGNALS=stated)


def messages() -> list[CheckMessage]:
    return check_connections()


def only_message() -> tuple[str | None, str, str | None]:
    [message] = messages()
    return message.id, message.msg, message.hint


class TestReceivers:
    def test_that_can_run(self) -> None:
        with setting(BACKGROUND=Recording()):
            receiver(order_placed, background=True)(confirm)
            receiver(post_save, sender=Pizza, background=True)(log_save)
            receiver(post_delete, sender=Pizza, background=True)(log_nothing)
            assert messages() == []

    def test_that_the_engine_does_not_await(self) -> None:
        with setting(BACKGROUND=Immediate()):
            receiver(order_placed, background=True)(confirm_later)
            assert messages() == []
        with setting(BACKGROUND=Recording()):
            assert only_message() == (
                "typed_signals.E008",
                f"Connected to {NAME}: the engine 'recording' does not await async receivers.",
                "Make it sync, and call asgiref.sync.async_to_sync in it.",
            )

    def test_engine_is_not_known_while_apps_are_loaded(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with setting(BACKGROUND=Recording()):
            monkeypatch.setattr(apps, "ready", False)
            assert IN_SETTING.known_engine is None
            receiver(order_placed, background=True)(confirm_later)
            assert messages() == []
            background = Background(DjangoTasks("stored"))
            receiver(order_placed, background=background, sender=Pizza)(confirm_later)
            monkeypatch.setattr(apps, "models_ready", False)
            receiver(order_placed, background=True, enqueue="in_transaction")(confirm)

    def test_that_name_what_does_not_travel(self) -> None:
        with pytest.raises(ReceiverSignatureError, match="'request' cannot travel"):
            receiver(order_placed, background=True)(unchecked(confirm_request))
        for action, check_id in (("warn", "W018"), ("system_check", "E008")):
            with setting(BAD_RECEIVER=action, BACKGROUND=Recording()):
                if action == "warn":
                    with pytest.warns(match="'request' cannot travel"):
                        receiver(order_placed, background=True)(unchecked(confirm_request))
                found, text, hint = only_message()
                assert found == f"typed_signals.{check_id}"
                assert "'request' cannot travel to the background: " in text
                assert hint is not None
                assert hint.startswith("Remove it, or ")

    @pytest.mark.parametrize(
        ("signal", "function", "words"),
        [
            (pre_delete, log_nothing, "the row is deleted after this signal"),
            (post_delete, log_save, "its row is deleted"),
            (untyped, confirm, "'size' cannot travel to the background: it is not declared"),
        ],
    )
    def test_of_other_signals_of_django(self, signal: Any, function: Any, words: str) -> None:
        with pytest.raises((ReceiverTypeError, ReceiverSignatureError), match=re.escape(words)):
            receiver(signal, background=True)(function)

    def test_what_django_sends_is_named_with_its_type(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        with pytest.raises(ReceiverSignatureError) as refused:
            receiver(user_logged_in, background=True)(unchecked(confirm_request))
        assert (
            "'request' cannot travel to the background: it is HttpRequest, which cannot be sent "
            "to another process: remove it, or send a signal of your own"
        ) in str(refused.value)


class TestSetUp:
    def test_in_transaction(self) -> None:
        stores = Recording("default")
        with setting(BACKGROUND=stores):
            receiver(order_placed, background=True, enqueue="in_transaction")(confirm)
            assert messages() == []
        with setting(BACKGROUND=Recording()):
            found, text, hint = only_message()
        assert found == "typed_signals.E009"
        assert text == (
            f"Connected to {NAME} in the background: enqueue='in_transaction' "
            "needs an engine that stores deliveries in the database, which the engine 'recording' "
            "does not as it is configured."
        )
        assert hint is not None
        assert hint.startswith("Use enqueue='on_commit', or DjangoTasks with django_tasks_db")

    def test_problems_that_the_engine_knows(self) -> None:
        with setting(BACKGROUND=DjangoTasks("stored")):
            receiver(order_placed, background=True, queue="fast")(confirm)
            found, text, hint = only_message()
        assert found == "typed_signals.E010"
        assert text.startswith(
            "In the background: DjangoTasks('stored') cannot enqueue a delivery, that "
            "raised InvalidTask"
        )
        assert hint == ("Correct the setting TASKS, or the queue and the priority of the receiver.")

    def test_the_same_problem_of_many_receivers_is_one_message(self) -> None:
        with setting(BACKGROUND=DjangoTasks("stored")):
            receiver(order_placed, background=True, queue="fast")(confirm)
            receiver(order_placed, background=True, queue="slow")(confirm_later)
            assert len(messages()) == 2
            order_placed.disconnect(confirm_later)
            receiver(order_placed, background=True, queue="fast")(confirm_later)
            [one] = check_connections()
            assert re.fullmatch(r".*\.confirm \(.*:\d+\) and 1 other receiver", str(one.obj))
            receiver(post_save, sender=Pizza, background=True, queue="fast")(log_save)
            [one] = check_connections()
        post_save.disconnect(log_save, sender=Pizza)
        assert str(one.obj).endswith(" and 2 other receivers")

    def test_engine_that_cannot_be_checked(self) -> None:
        with setting(BACKGROUND=Unreachable()):
            receiver(order_placed, background=True)(confirm)
            found, text, hint = only_message()
        assert found == "typed_signals.W009"
        assert text == (
            "In the background: the set-up of 'recording' cannot be checked, that raised "
            "OSError('no broker')."
        )
        assert hint == "Correct the configuration of the engine."

    def test_backend_that_does_not_exist(self) -> None:
        with setting(BACKGROUND=DjangoTasks("nothing")):
            receiver(order_placed, background=True)(confirm_later)
            found, text, _ = only_message()
            assert found == "typed_signals.E010"
            assert "InvalidTaskBackend" in text
            assert TestDeployment.messages() == []
            with pytest.raises(Exception, match="'nothing' doesn't exist"):
                order_placed.send(None, size=30, request=HttpRequest())

    def test_invalid_setting_is_only_reported_as_such(self) -> None:
        receiver(order_placed, background=True)(confirm)
        with setting(BACKGROUND=f"{__name__}.nothing"):
            assert messages() == []
            assert IN_SETTING.known_engine is None
            [message] = check_setting()
        assert message.id == "typed_signals.E007"
        assert "importing it raised ImportError(" in message.msg

    @pytest.mark.parametrize("stated", [None, "typed_signals.background.DjangoTasks", Immediate()])
    def test_valid_setting(self, stated: object) -> None:
        with setting(BACKGROUND=stated):
            assert check_setting() == []

    def test_engine_without_msgspec(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "typed_signals.django._enqueue", None)
        with setting(BACKGROUND="typed_signals.background.DjangoTasks"):
            [message] = check_setting()
        what = "TYPED_SIGNALS['BACKGROUND'] cannot be used, because importing it raised "
        assert message.msg.startswith(what)

    def test_connections_without_msgspec(self, monkeypatch: pytest.MonkeyPatch) -> None:
        receiver(order_placed)(confirm)
        monkeypatch.delitem(sys.modules, "typed_signals.background")
        assert messages() == []

    def test_without_msgspec(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "msgspec", None)
        spec = importlib.util.find_spec("typed_signals.background")
        assert spec is not None
        assert spec.loader is not None
        with pytest.raises(ImportError, match=r"install typed-signals\[background\]"):
            spec.loader.exec_module(importlib.util.module_from_spec(spec))


class TestDeployment:
    def test_engine_in_the_process_loses_deliveries(self) -> None:
        receiver(order_placed, background=True)(confirm)
        with setting(BACKGROUND=Recording()):
            assert self.messages() == []
        with setting(BACKGROUND=None):
            [message] = self.messages()
        assert message.id == "typed_signals.W008"
        assert message.msg == (
            "The engine 'threads' runs receivers in the process that sends, and what waits there "
            f"is lost when it ends. It is used for {NAME}."
        )

    @staticmethod
    def messages() -> list[CheckMessage]:
        found = checks.run_checks(tags=["typed_signals"], include_deployment_checks=True)
        return [message for message in found if "W008" in str(message.id)]


class TestDefault:
    def test_threads(self) -> None:
        with setting():
            assert type(engine_in_setting()) is Threads
            assert engine_in_setting() is engine_in_setting()

    def test_in_place_in_the_test_environment(self) -> None:
        setup_test_environment()
        try:
            with setting():
                assert type(engine_in_setting()) is Immediate
        finally:
            teardown_test_environment()
