"""
What ``manage.py check`` reports about senders that never send.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django import VERSION, forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception, request_started, setting_changed
from django.db import connection, models
from django.db.backends.signals import connection_created
from django.db.models.signals import (
    class_prepared,
    m2m_changed,
    post_init,
    post_migrate,
    post_save,
    pre_delete,
)
from django.dispatch import Signal as DjangoSignal
from django.template import Template
from django.test import override_settings
from django.test.signals import template_rendered
from django.test.utils import isolate_apps
from django.utils.functional import SimpleLazyObject

import typed_signals
from tests.support import as_in_django_5, unchecked
from typed_signals.django import ModelSignal, Signal
from typed_signals.django.checks import check_connections

from .shop import models as shop_models
from .shop.models import Calzone, Dish, Pairing, Pizza, Table

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.any_python


class PizzaDone(TypedDict):
    size: int


class OrderForm(forms.Form):
    pass


class PlainClass:
    pass


class MetaOfDocuments(type):
    pass


class Document(metaclass=MetaOfDocuments):
    """
    Like the model of another package, which may send Django's signals.
    """


# Objects with a name, so that they are found on Django 5.2, too.
SENDERS = [Pizza, Table]
NAMES = ("kitchen", "oven")
KITCHEN = object()
PIZZA = Pizza()
QUERY = Pizza.objects.all()
MANAGER = Pizza.objects
LAZY = SimpleLazyObject(lambda: Pizza)
TOPPINGS = Pizza.toppings
PIZZA_FIELD = Pairing._meta.get_field("pizza")
SHOP = apps.get_app_config("shop")
WITHOUT_MODELS = apps.get_app_config("humanize")
TEMPLATE = Template("")
SETTING = "DEBUG"
THROUGH = unchecked(Pizza.toppings).through
find_pizza = lambda: Pizza  # noqa: E731


def receive(**kwargs: Any) -> None: ...


def find_model() -> type[Pizza]:
    return Pizza


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Any:
    """
    A module; signals that are added to it are found.
    """
    module: Any = ModuleType("tests.django.signals_of_the_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def found(signal: Any, *senders: Any) -> list[tuple[str | None, str, str | None]]:
    """
    Return the id, the text and the hint of each message when a receiver has these *senders*.
    """
    for sender in senders:
        signal.connect(receive, sender=sender)
    return [(message.id, message.msg, message.hint) for message in check_connections()]


class TestModelSignals:
    @pytest.mark.parametrize(
        ("sender", "described", "fix"),
        [
            (get_user_model, "the function get_user_model", "Call it: sender=get_user_model()."),
            (find_model, "the function find_model", "If it returns the model, call it."),
            (find_pizza, "a lambda", "If it returns the model, call it."),
            (shop_models, "the module tests.django.shop.models", "Pass a model class"),
            (PIZZA, "an instance of Pizza", "Did you mean sender=Pizza?"),
            (QUERY, "an instance of QuerySet", "Did you mean sender=Pizza?"),
            (MANAGER, "an instance of Manager", "Did you mean sender=Pizza?"),
            (TOPPINGS, "Pizza.toppings", "Did you mean sender=Pizza?"),
            (PIZZA_FIELD, "an instance of ForeignKey", "Did you mean sender=Pairing?"),
            (SENDERS, "a list", "For several senders, use one @receiver or connect for each."),
            (NAMES, "a tuple", "For several senders, use one @receiver or connect for each."),
            (OrderForm, "the class OrderForm", "Pass a model class"),
            (PlainClass, "the class PlainClass", "Pass a model class"),
            (KITCHEN, "an instance of object", "Pass a model class"),
            (LAZY, "an instance of SimpleLazyObject", "Pass a model class"),
            (SHOP, "an instance of AppConfig", "Pass a model class"),
        ],
    )
    @pytest.mark.parametrize("signal", [post_save, class_prepared])
    def test_objects_that_are_not_models(
        self, signal: Any, sender: Any, described: str, fix: str
    ) -> None:
        [(check_id, text, hint)] = found(signal, sender)
        assert check_id == "typed_signals.W005"
        assert text.endswith(f" with {described} as the sender, but only models send it.")
        assert hint is not None
        assert fix in hint

    @pytest.mark.parametrize("make", [lambda: [Pizza, Table], lambda: (Pizza, Table)])
    @pytest.mark.parametrize(
        ("signal", "who"), [(post_save, "models"), (m2m_changed, "through models")]
    )
    def test_list_of_models_without_a_name(
        self, signal: Any, who: str, make: Callable[[], Any]
    ) -> None:
        messages = found(signal, make())
        if VERSION < (6, 0):
            assert messages == []  # Django 5.2 does not store senders
            return
        [(_, text, hint)] = messages
        assert f"with a list, a string or another value as the sender, but only {who}" in text
        assert hint is not None
        assert hint.endswith("For several senders, use one @receiver or connect for each.")

    @pytest.mark.parametrize("sender", [Pizza, Calzone, Pairing, "shop.Pizza", Document, User])
    @pytest.mark.parametrize("signal", [post_init, post_save])
    def test_models(self, signal: Any, sender: Any) -> None:
        assert found(signal, sender) == []

    @pytest.mark.parametrize("sender", [Dish, AbstractUser, models.Model])
    @pytest.mark.parametrize("signal", [post_init, post_save, class_prepared, user_logged_in])
    def test_abstract_models(self, signal: Any, sender: Any) -> None:
        if signal is user_logged_in and sender is models.Model:
            sender = AbstractUser
        [(check_id, text, hint)] = found(signal, sender)
        assert check_id == "typed_signals.W003"
        assert f"with the abstract model {sender.__name__} as the sender. Senders are" in text
        assert hint is not None
        assert f"test issubclass(sender, {sender.__name__})" in hint

    def test_abstract_model_and_a_model_that_inherits_from_it(self) -> None:
        # A field connects its receivers in contribute_to_class to all models that have it.
        assert found(post_save, Dish, Pizza) == []

    def test_abstract_model_and_another_model(self) -> None:
        [(check_id, _, _)] = found(post_save, Dish, Table)
        assert check_id == "typed_signals.W003"

    def test_methods_are_compared_by_their_function(self) -> None:
        class Field:
            def receive(self, **kwargs: Any) -> None: ...

        kept = [Field(), Field()]
        for field, sender in zip(kept, (Dish, Pizza), strict=True):
            post_save.connect(field.receive, sender=sender)
        assert check_connections() == []

    @pytest.mark.parametrize("make", [ModelSignal[Any, PizzaDone], ModelSignal])
    def test_abstract_models_of_own_model_signals(self, signals: Any, make: Any) -> None:
        signals.pizza_done = make()
        [(check_id, text, _)] = found(signals.pizza_done, Dish)
        assert check_id == "typed_signals.W003"
        assert "so the models that inherit from it do not match." in text

    def test_replaced_user_model(self) -> None:
        for signal in (post_save, user_logged_in):
            signal.connect(receive, sender=User)
        assert check_connections() == []
        with override_settings(AUTH_USER_MODEL="shop.Pizza"):
            messages = check_connections()
        assert [message.id for message in messages] == ["typed_signals.W005"] * 2
        for message in messages:
            assert "with User as the sender, but AUTH_USER_MODEL replaces it by shop.Pizza" in (
                message.msg
            )
            assert message.hint == "Use sender=get_user_model()."

    @isolate_apps("tests.django.shop")
    def test_models_of_tests_and_migrations(self) -> None:
        class Oven(models.Model):
            class Meta:
                app_label = "shop"
                abstract = True

        assert found(post_save, Oven) == []
        assert found(m2m_changed, Oven) == []

    def test_automatic_through_model(self) -> None:
        for signal in (post_save, pre_delete):
            [(check_id, text, hint)] = found(signal, THROUGH)
            signal.disconnect(receive, sender=THROUGH)
            assert check_id == "typed_signals.W005"
            assert "but only m2m_changed is sent for an automatic through model" in text
            assert hint == "Connect to m2m_changed, or declare the through model."
        # Its instances are created, and so initialised.
        assert found(post_init, THROUGH) == []

    def test_automatic_through_models_in_a_loop_over_all_models(self) -> None:
        assert found(post_save, *apps.get_models(include_auto_created=True)) == []


class TestOtherSignals:
    @pytest.mark.parametrize(
        ("signal", "sender", "fix"),
        [
            (post_migrate, Pizza, "Use sender=apps.get_app_config('shop'), or leave the sender"),
            (post_migrate, models.Model, "Pass an app config: self in its ready(), or"),
            (post_migrate, type(SHOP), "Pass an app config"),
            (post_migrate, shop_models, "Pass an app config"),
            (post_migrate, get_user_model, "Pass an app config"),
            (request_started, WSGIHandler(), "Leave the sender out."),
            (request_started, Pizza, "Leave the sender out."),
            (setting_changed, SETTING, "compare the name in the argument setting."),
            (setting_changed, settings, "compare the name in the argument setting."),
            (connection_created, connection, "compare connection.alias."),
            (template_rendered, Template, "compare template.name."),
            (template_rendered, SETTING, "compare template.name."),
            (user_logged_in, settings.AUTH_USER_MODEL, "Use sender=get_user_model(), or leave"),
            (user_logged_in, get_user_model, "Call it: sender=get_user_model()."),
            (user_logged_in, Group, "Use sender=get_user_model(), or leave"),
            (user_logged_out, PIZZA, "Use sender=get_user_model(), or leave"),
        ],
    )
    def test_objects_that_never_send(self, signal: Any, sender: Any, fix: str) -> None:
        unchecked(sys.modules[__name__]).sender_of_the_test = sender
        [(check_id, text, hint)] = found(signal, sender)
        assert check_id == "typed_signals.W005"
        assert " as the sender, but only " in text
        assert hint is not None
        assert fix in hint

    @pytest.mark.parametrize(
        ("signal", "sender"),
        [
            (post_migrate, SHOP),
            (request_started, WSGIHandler),
            (setting_changed, type(settings)),
            (connection_created, type(connection)),
            (template_rendered, TEMPLATE),
            (user_logged_in, User),
            (user_logged_in, PlainClass),
            (user_logged_out, type(None)),
            (user_login_failed, NAMES),
            (got_request_exception, find_model),
        ],
    )
    def test_objects_that_may_send(self, signal: Any, sender: Any) -> None:
        assert found(signal, sender, None) == []

    def test_app_without_models(self) -> None:
        [(check_id, text, hint)] = found(post_migrate, WITHOUT_MODELS)
        assert check_id == "typed_signals.W005"
        assert "with the config of the app 'humanize' as the sender, but it is not sent" in text
        assert hint == "Add a models.py to the app, or leave the sender out."

    def test_string_that_only_django_could_pass(self) -> None:
        messages = found(user_login_failed, str(b"django.contrib.auth", "ascii"))
        if VERSION >= (6, 0):
            [(check_id, _, hint)] = messages
            assert (check_id, hint) == ("typed_signals.W004", "Leave the sender out.")


class TestOwnSignals:
    @pytest.mark.parametrize(
        "make", [DjangoSignal, Signal[Any, PizzaDone], typed_signals.Signal[Any, PizzaDone]]
    )
    @pytest.mark.parametrize(
        ("sender", "fix"),
        [
            (get_user_model, "Call it: sender=get_user_model()."),
            (SENDERS, "For several senders, use one @receiver or connect for each."),
        ],
    )
    def test_senders_that_are_certainly_wrong(
        self, signals: Any, make: Any, sender: Any, fix: str
    ) -> None:
        signals.pizza_done = make()
        [(check_id, text, hint)] = found(signals.pizza_done, sender)
        assert (check_id, hint) == ("typed_signals.W005", fix)
        assert text.endswith("Senders are compared by identity.")

    @pytest.mark.parametrize(
        "make", [DjangoSignal, Signal[Any, PizzaDone], typed_signals.Signal[Any, PizzaDone]]
    )
    def test_anything_else_may_send(self, signals: Any, make: Any) -> None:
        signals.pizza_done = make()
        senders = (find_model, shop_models, NAMES, KITCHEN, PIZZA, Dish, models.Model, LAZY, SHOP)
        assert found(signals.pizza_done, *senders) == []

    def test_sender_with_only_an_id(self) -> None:
        post_save.connect(receive, sender=unchecked(PlainClass()))
        post_save.receivers = as_in_django_5(post_save.receivers)
        assert check_connections() == []
