"""
What the page about other ways than signals says about Django's own signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save

from tests.django.shop.models import Topping
from typed_signals.testing import capture

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def database(databases: None) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_bulk_operations_send_no_signals() -> None:
    with capture(post_save) as sent:
        Topping.objects.bulk_create([Topping(name="ham"), Topping(name="basil")])
        Topping.objects.update(name="figs")
        assert len(sent) == 0
        Topping(name="rocket").save()
        assert len(sent) == 1


def test_a_receiver_that_saves_its_sender_again() -> None:
    def save_again(instance: Topping, **kwargs: object) -> None:
        instance.save()

    post_save.connect(save_again, sender=Topping)
    try:
        with pytest.raises(RecursionError):
            Topping(name="ham").save()
    finally:
        post_save.disconnect(save_again, sender=Topping)


def test_a_failing_receiver_rolls_back() -> None:
    def fail(**kwargs: object) -> None:
        raise IntegrityError

    post_save.connect(fail, sender=Topping)
    try:
        with pytest.raises(IntegrityError), transaction.atomic():
            Topping(name="ham").save()
    finally:
        post_save.disconnect(fail, sender=Topping)
    assert not Topping.objects.exists()
