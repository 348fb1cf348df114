"""
What ``manage.py check`` reports about connections.
"""

from __future__ import annotations

import functools
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django import VERSION
from django.contrib.auth.models import User
from django.core import checks, management
from django.core.signals import request_started
from django.db.models.signals import m2m_changed, post_migrate, post_save, pre_save
from django.dispatch import Signal as DjangoSignal
from django.test import override_settings

import typed_signals
from tests.hostile import HOSTILE
from tests.support import as_in_django_5, unchecked
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.django.checks import TAG, check_connections

from .shop.models import Calzone, Dish, Drink, Pairing, Pizza, Table, Topping

if TYPE_CHECKING:
    from collections.abc import Callable


class PizzaDone(TypedDict):
    size: int


KITCHEN = "the kitchen"


class Oven:
    through = Pizza


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Any:
    """
    A module; signals that are added to it are found.
    """
    module: Any = ModuleType("tests.django.signals_of_the_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def receive(**kwargs: Any) -> None: ...


def connect(signal: Any, receiver: Any, **arguments: Any) -> None:
    """
    Connect a receiver that mypy would report.
    """
    signal.connect(receiver, **arguments)


def messages() -> list[tuple[str | None, str, str | None]]:
    """
    Return the id, the message and the hint of each message.
    """
    return [(found.id, found.msg, found.hint) for found in check_connections()]


def test_checks_are_registered() -> None:
    registered: list[Any] = checks.registry.registry.get_checks()
    assert check_connections in registered
    assert checks.tag_exists(TAG)
    management.call_command("check", tags=[TAG, "signals"], fail_level="WARNING")


def test_receivers_of_django_itself_break_nothing() -> None:
    # These connect receivers.
    import django.contrib.auth.models
    import django.contrib.sites.management
    import django.test.client
    import django.test.signals
    import django.utils.autoreload  # noqa: F401

    assert check_connections() == []


@pytest.mark.parametrize("weak", [True, False])
def test_message_names_signal_receiver_place_problem_and_fix(weak: bool) -> None:
    def log(instance: Pizza, created: bool, **kwargs: Any) -> None: ...

    connect(pre_save, log, weak=weak)
    [message] = check_connections()
    line = log.__code__.co_firstlineno
    assert str(message) == (
        f"{__name__}.{log.__qualname__} ({__file__}:{line}): (typed_signals.E003) "
        "Connected to django.db.models.signals.pre_save: "
        "'created' is never sent (PreSave does not declare it).\n"
        "\tHINT: Remove the parameter or give it a default."
    )
    assert message.is_serious()


class TestReceivers:
    def test_without_kwargs(self) -> None:
        def log(sender: Any, instance: Any) -> None: ...

        connect(post_save, log)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.E001"
        assert "must accept keyword arguments (**kwargs)." in text
        assert hint == "Add **kwargs."

    def test_with_positional_only_parameters(self) -> None:
        def log(sender: Any, /, **kwargs: Any) -> None: ...

        connect(post_save, log)
        [(check_id, text, _)] = messages()
        assert check_id == "typed_signals.E002"
        assert "'sender' cannot be positional-only" in text

    def test_with_a_misspelt_parameter(self) -> None:
        def log(instanze: Any, **kwargs: Any) -> None: ...

        connect(post_save, log)
        [(check_id, _, hint)] = messages()
        assert (check_id, hint) == ("typed_signals.E003", "Did you mean 'instance'?")

    def test_with_keys_bound_twice(self) -> None:
        def log(instance: Any, **kwargs: Any) -> None: ...

        partial = functools.partial(log, None)
        connect(post_save, partial)
        [(check_id, text, _)] = messages()
        assert check_id == "typed_signals.E004"
        assert "'instance' is sent by keyword, but already bound" in text

    def test_that_require_keys_not_always_sent(self) -> None:
        def log(plan: Any, **kwargs: Any) -> None: ...

        def greet(environ: Any, **kwargs: Any) -> None: ...

        connect(post_migrate, log)
        connect(request_started, greet)
        assert [check_id for check_id, _, _ in messages()] == ["typed_signals.W001"] * 2
        assert "'plan' is not always sent" in messages()[1][1]

    def test_that_require_keys_of_some_versions_of_django(self) -> None:
        def log(raw: Any, **kwargs: Any) -> None: ...

        connect(m2m_changed, log)
        found = [check_id for check_id, _, _ in messages()]
        assert found == ([] if VERSION >= (6, 1) else ["typed_signals.E003"])

    @pytest.mark.parametrize(
        ("version", "is_sent"),
        [((5, 2, 19), False), ((6, 0, 5), False), ((6, 1, 0), True), ((6, 2, 1), True)],
    )
    def test_that_require_keys_of_newer_versions_of_django(
        self, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], is_sent: bool
    ) -> None:
        def log(raw: Any, **kwargs: Any) -> None: ...

        monkeypatch.setattr(
            "typed_signals.django._builtin_payloads.VERSION", (*version, "final", 0)
        )
        connect(m2m_changed, log)
        found = [check_id for check_id, _, _ in messages()]
        assert found == ([] if is_sent else ["typed_signals.E003"])

    def test_that_match(self) -> None:
        class Log:
            def log(self, instance: Any, created: bool, **kwargs: Any) -> None: ...

            def __call__(self, *, signal: Any, **kwargs: Any) -> None: ...

        def note(sender: Any, plan: Any = None, **kwargs: Any) -> None: ...

        kept: list[Callable[..., Any]] = [Log().log, Log(), functools.partial(receive, extra=1)]
        for fitting in kept:
            connect(post_save, fitting)
        connect(post_migrate, note)
        assert messages() == []

    def test_that_wait_for_the_commit(self) -> None:
        def log(created: Any, **kwargs: Any) -> None: ...

        receiver(post_save, on_commit=True)(log)
        assert messages() == []
        # Without the check of ``receiver``.
        pre_save.receivers.append(post_save.receivers[-1])
        [(check_id, text, _)] = messages()
        assert check_id == "typed_signals.E003"
        assert "'created' is never sent" in text

    @pytest.mark.parametrize("make", [HOSTILE["__signature__"], lambda: "log"])
    def test_of_which_no_parameters_are_known(self, make: Callable[[], Any]) -> None:
        # Django accepts any receiver without DEBUG.
        unchecked(post_save.connect)(make(), weak=False)
        assert messages() == []

    def test_that_were_collected(self) -> None:
        def log(sender: Any) -> None: ...

        connect(post_save, log)
        assert messages()
        del log
        assert messages() == []

    @pytest.mark.parametrize("make", [Signal[Any, PizzaDone], ModelSignal[Any, PizzaDone]])
    def test_declared_signals(self, signals: Any, make: Any) -> None:
        def log(toppings: Any, **kwargs: Any) -> None: ...

        signals.pizza_done = make()
        # Without the check of ``connect``.
        DjangoSignal.connect(signals.pizza_done, log)
        [(check_id, text, _)] = messages()
        assert check_id == "typed_signals.E003"
        assert text.startswith(f"Connected to {signals.__name__}.pizza_done: 'toppings' is never")

    def test_key_with_a_colon(self, signals: Any) -> None:
        def log(ab_cd: Any, **kwargs: Any) -> None: ...

        odd: Any = TypedDict("odd", {"ab: cd": int})
        signals.odd = unchecked(Signal)[Any, odd]()
        DjangoSignal.connect(signals.odd, log)
        [(_, text, hint)] = messages()
        assert text.endswith(".odd: 'ab_cd' is never sent (odd does not declare it).")
        assert hint == "Did you mean 'ab: cd'?"

    def test_signals_without_a_declaration(self, signals: Any) -> None:
        def log(sender: Any) -> None: ...

        signals.pizza_done = DjangoSignal()
        signals.pizza_done.connect(log)
        assert messages() == []


def test_wrong_declaration(signals: Any) -> None:
    exec("pizza_done = Signal[object, int]()", vars(signals) | {"Signal": Signal}, vars(signals))
    [message] = check_connections()
    assert str(message) == (
        f"{signals.__name__}.pizza_done: (typed_signals.E005) The payload int is not a TypedDict: "
        "declare its keys in a class that inherits from TypedDict."
    )


class TestManyToMany:
    @pytest.mark.parametrize(
        ("sender", "meant"),
        [
            (Pizza, "sender=Pizza.toppings.through or sender=Pizza.drinks.through"),
            (Calzone, "sender=Pizza.toppings.through or sender=Pizza.drinks.through"),
            (Topping, "sender=Pizza.toppings.through"),
            (Drink, "sender=Pizza.drinks.through"),
            ("shop.Drink", "sender=Pizza.drinks.through"),
            (Pizza.toppings, "sender=Pizza.toppings.through"),
            (unchecked(Topping).pizzas, "sender=Pizza.toppings.through"),
        ],
    )
    def test_sender_that_is_not_a_through_model(self, sender: Any, meant: str) -> None:
        connect(m2m_changed, receive, sender=sender)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W002"
        assert "as the sender, but only through models of ManyToManyFields send it" in text
        assert hint == f"Did you mean {meant}?"

    @pytest.mark.parametrize("sender", [Table, Dish])
    def test_sender_without_many_to_many_fields(self, sender: Any) -> None:
        connect(m2m_changed, receive, sender=sender)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W002"
        assert f"with {sender.__name__} as the sender, but" in text
        assert hint == "Pass the through model of a ManyToManyField: sender=Model.field.through."

    @pytest.mark.parametrize("sender", [Oven(), unchecked(Drink).pairing_set])
    def test_senders_that_only_look_like_the_descriptor_of_such_a_field(self, sender: Any) -> None:
        connect(m2m_changed, receive, sender=sender)
        assert messages() == []

    def test_through_model_of_a_swapped_model(self) -> None:
        connect(m2m_changed, receive, sender=unchecked(User).groups.through)
        with override_settings(AUTH_USER_MODEL="shop.Pizza"):
            assert messages() == []

    @pytest.mark.parametrize(
        "sender",
        [
            None,
            unchecked(Pizza.toppings).through,
            unchecked(Calzone.toppings).through,
            unchecked(Topping).pizzas.through,
            Pairing,
            "shop.Pizza_toppings",
            "auth.User_groups",
        ],
    )
    def test_senders_that_send(self, sender: Any) -> None:
        connect(m2m_changed, receive, sender=sender)
        assert messages() == []


class TestSenders:
    def test_abstract_model(self) -> None:
        connect(post_save, receive, sender=Dish)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W003"
        assert "with the abstract model Dish as the sender, but" in text
        assert hint is not None
        assert "issubclass(sender, Dish)" in hint

    @pytest.mark.parametrize("sender", [Pizza, Calzone, Pairing, "shop.Pizza", "auth.User"])
    def test_models(self, sender: Any) -> None:
        connect(post_save, receive, sender=sender)
        assert messages() == []

    def test_abstract_model_of_a_signal_that_may_send_it(self, signals: Any) -> None:
        signals.dish_done = ModelSignal[Any, Any]()
        signals.dish_done.connect(receive, sender=Dish)
        assert messages() == []

    def test_lazy_model_that_does_not_exist_is_reported_by_django(self) -> None:
        connect(post_save, receive, sender="shop.Pasta")
        assert messages() == []
        with pytest.raises(management.CommandError, match="lazy reference to the sender"):
            management.call_command("check")

    @pytest.mark.parametrize("make", [DjangoSignal, Signal[Any, PizzaDone]])
    def test_string(self, signals: Any, make: Any) -> None:
        signals.pizza_done = make()
        signals.pizza_done.connect(receive, sender=str(b"a kitchen", "ascii"))
        if VERSION < (6, 0):
            assert messages() == []  # Django 5.2 does not store senders
            return
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W004"
        assert text.startswith(
            f"Connected to {signals.__name__}.pizza_done with a sender that is a "
        )
        assert hint == "Pass the same object to connect and send: a class, or a constant."

    def test_sender_with_only_an_id(self, signals: Any) -> None:
        signals.pizza_done = DjangoSignal()
        signals.pizza_done.connect(receive, sender=object())
        signals.pizza_done.receivers = as_in_django_5(signals.pizza_done.receivers)
        assert messages() == []

    def test_objects_with_a_name(self, signals: Any) -> None:
        signals.pizza_done = DjangoSignal()
        for sender in (KITCHEN, Pizza, signals, None):
            signals.pizza_done.connect(receive, sender=sender)
        assert messages() == []

    def test_string_as_a_sender_of_the_core(self, signals: Any) -> None:
        signals.pizza_done = typed_signals.Signal[Any, PizzaDone]()
        signals.pizza_done.connect(receive, sender=str(b"a kitchen", "ascii"))
        [(check_id, text, _)] = messages()
        assert check_id == "typed_signals.W004"
        assert text.startswith(
            f"Connected to {signals.__name__}.pizza_done with a sender that is a "
        )

    def test_objects_with_a_name_in_the_core(self, signals: Any) -> None:
        signals.pizza_done = typed_signals.Signal[Any, PizzaDone]()
        for sender in (KITCHEN, Pizza, signals, None):
            signals.pizza_done.connect(receive, sender=sender)
        assert messages() == []
