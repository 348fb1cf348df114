"""
Tests that need pytest-django, and are run by ``test_tools.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.core.signals import setting_changed
from django.db.models.signals import post_save

from tests.django.shop.models import Pizza
from typed_signals.django import Signal, receiver
from typed_signals.exceptions import PayloadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import Settings


class PizzaDone(TypedDict):
    size: int


pizza_done = Signal[type[Pizza], PizzaDone]()


@pytest.fixture
def confirmed() -> Iterator[list[Any]]:
    """
    The signals that a receiver was called for on commit.
    """
    signals: list[Any] = []

    @receiver([pizza_done, post_save], sender=Pizza, on_commit=True)
    def confirm(signal: Any, **kwargs: Any) -> None:
        signals.append(signal)

    yield signals
    for signal in (pizza_done, post_save):
        assert signal.disconnect(confirm, sender=Pizza)


def save_and_send() -> None:
    Pizza.objects.create(name="Margherita")
    pizza_done.send(Pizza, size=30)


@pytest.mark.django_db
def test_on_commit_callbacks_are_captured(
    confirmed: list[Any], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        save_and_send()
    assert [callback.__qualname__.rpartition(".")[2] for callback in callbacks] == ["confirm"] * 2
    assert confirmed == []
    with django_capture_on_commit_callbacks(execute=True):
        save_and_send()
    assert confirmed == [post_save, pizza_done]


def test_db_never_commits(confirmed: list[Any], db: None) -> None:
    save_and_send()
    assert confirmed == []


def test_transactional_db_commits(confirmed: list[Any], transactional_db: None) -> None:
    save_and_send()
    assert confirmed == [post_save, pizza_done]


def test_without_db_a_receiver_must_not_query() -> None:
    @receiver(pizza_done)
    def query(**kwargs: Any) -> None:
        Pizza.objects.count()

    with pytest.raises(RuntimeError, match="Database access not allowed"):
        pizza_done.send(Pizza, size=30)
    with pytest.raises(PayloadError):
        pizza_done.send(Pizza, sise=30)  # type: ignore[signal-send]


@pytest.fixture
def changes() -> Iterator[list[Any]]:
    """
    The changes of settings; both that of the test and that back are to be heard.
    """
    heard: list[Any] = []

    @receiver(setting_changed)
    def note(setting: str, value: Any, enter: bool, **kwargs: Any) -> None:
        heard.append((setting, value, enter))

    yield heard
    assert heard == [("SITE_ID", 7, True), ("SITE_ID", None, False)]


# The fixtures are undone in the opposite order.
def test_changed_settings_call_receivers(changes: list[Any], settings: Settings) -> None:
    settings.SITE_ID = 7
    assert changes == [("SITE_ID", 7, True)]
