"""
What ``manage.py check`` reports about connections.
"""

from __future__ import annotations

import functools
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict
from unittest.mock import Mock

import pytest
from django import VERSION
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, User
from django.core import checks, management
from django.core.signals import request_started
from django.db.models import Model
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

pytestmark = pytest.mark.any_python


class PizzaDone(TypedDict):
    size: int


KITCHEN = "the kitchen"


class Oven:
    through = Pizza


# Named, so that Django 5.2 finds them, too.
OVEN = Oven()
FIELD = Pizza.toppings.field
RELATION = Pizza.toppings.rel


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


class TestEntriesOfOtherTools:
    """
    Tools replace ``receivers``, and store what Django would not.
    """

    @pytest.mark.parametrize(
        "entry",
        [
            None,
            "abcd",
            (),
            (1, 2),
            receive,
            ((1, 2), receive),
            ((1, 2), receive, receive, False),
            ((1,), receive, None, False),
            ((1, 2), receive, None, False, "more"),
        ],
    )
    def test_others_are_still_checked(self, entry: Any) -> None:
        def log(created: Any, **kwargs: Any) -> None: ...

        connect(pre_save, log)
        pre_save.receivers = [entry, *pre_save.receivers, entry]
        [(check_id, _, _)] = messages()
        assert check_id == "typed_signals.E003"

    @pytest.mark.parametrize("wrong", [None, 1, {"a": receive}, [[]]])
    def test_signal_without_a_list(self, signals: Any, wrong: Any) -> None:
        signals.pizza_done = DjangoSignal()
        signals.pizza_done.receivers = wrong
        assert messages() == []

    def test_signal_that_raises(self, signals: Any) -> None:
        class OwnSignal(DjangoSignal):
            def __getattribute__(self, name: str) -> Any:
                raise LookupError(name)

        class OwnCoreSignal(typed_signals.Signal):
            @property
            def connections(self) -> Any:
                raise LookupError

        signals.pizza_done = OwnSignal()
        signals.pizza_burnt = OwnCoreSignal()
        assert messages() == []

    def test_signal_of_django_that_was_replaced(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.core.signals.request_finished", Mock())
        monkeypatch.delattr("django.core.signals.got_request_exception")
        assert messages() == []


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

    def test_that_are_not_callable(self, signals: Any) -> None:
        signals.pizza_done = DjangoSignal()
        for signal in (post_save, signals.pizza_done):
            # Django accepts any receiver without DEBUG.
            unchecked(signal.connect)("log", weak=False)
            unchecked(signal.connect)(None, weak=False)
        for check_id, text, _ in messages():
            assert check_id == "typed_signals.E006"
            assert text.endswith(": Signal receivers must be callable.")
        hints = [hint for _, _, hint in messages()]
        assert sorted(map(str, hints)) == 2 * ["Pass the function itself, not its name."] + 2 * [
            "Pass the function itself, not its result."
        ]

    @pytest.mark.parametrize("wrong", [False, True])
    def test_wrapped_functions(self, wrong: bool) -> None:
        def logged(function: Any) -> Any:
            @functools.wraps(function)
            def wrapper(*args: Any, **kwargs: Any) -> Any: ...

            return wrapper

        @logged
        def log(instance: Any, pizza: Any = None, **kwargs: Any) -> None: ...

        @logged
        def search(instance: Any, index: Any, **kwargs: Any) -> None: ...

        connect(post_save, search if wrong else log)
        if not wrong:
            assert messages() == []
            return
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W006"
        assert "'index' is never sent" in text
        assert hint is not None
        assert hint is not None
        assert hint.startswith("Remove the parameter or give it a default. If a decorator passes")
        assert hint.endswith("lambda sender, **kwargs: None) above that decorator.")

    def test_function_filled_by_a_decorator_that_says_so(self) -> None:
        def inject(function: Any) -> Any:
            @functools.wraps(function)
            def wrapper(*args: Any, **kwargs: Any) -> Any: ...

            return wrapper

        @typed_signals.with_signature(lambda sender, **kwargs: None)
        @inject
        def index(sender: Any, search: Any, **kwargs: Any) -> None: ...

        connect(post_save, index)
        assert messages() == []

    def test_senders_that_raise(self, signals: Any) -> None:
        def log(created: Any, **kwargs: Any) -> None: ...

        class Meta(type):
            def __getattribute__(cls, name: str) -> Any:
                if name == "__mro__":
                    raise LookupError(name)
                return super().__getattribute__(name)

        signals.odd = Meta("Odd", (), {})
        connect(pre_save, receive, sender=signals.odd)
        connect(pre_save, log)
        (one_id, one, _), (other_id, _, _) = messages()
        assert (one_id, other_id) == ("typed_signals.W007", "typed_signals.E003")
        assert "inspecting it or its sender raised LookupError('__mro__')" in one

    def test_connected_to_several_senders_are_reported_once(self) -> None:
        def log(created: Any, **kwargs: Any) -> None: ...

        for sender in (Pizza, Table):
            connect(pre_save, log, sender=sender)
        assert len(messages()) == 1
        connect(pre_save, receive, sender=Dish)
        assert len(messages()) == 2

    def test_send_of_another_signal(self) -> None:
        signal = DjangoSignal()
        connect(post_save, signal.send)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.E006"
        assert text.endswith(": send does not accept 'signal', which every receiver is passed.")
        assert hint is not None
        assert hint.startswith("To forward a signal, connect a function, def forward(sender,")

    def test_that_cannot_be_inspected(self) -> None:
        unchecked(post_save.connect)(HOSTILE["__signature__"](), weak=False)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W007"
        assert "post_save, but not checked: inspecting it or its sender raised Raised()" in text
        assert hint == "All others were checked. If sends work, silence typed_signals.W007."

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
        # Not the key, which cannot be the name of a parameter.
        assert hint is not None
        assert hint.startswith("Remove the parameter or give it a default")

    def test_signals_without_a_declaration(self, signals: Any) -> None:
        def log(sender: Any) -> None: ...

        signals.pizza_done = DjangoSignal()
        signals.pizza_done.connect(log)
        assert messages() == []


def test_wrong_declaration(signals: Any) -> None:
    code = compile("\npizza_done = Signal[object, int]()", "shop/signals.py", "exec")
    exec(code, vars(signals) | {"Signal": Signal}, vars(signals))
    [message] = check_connections()
    assert str(message) == (
        f"{signals.__name__}.pizza_done (shop/signals.py:2): (typed_signals.E005) The payload int "
        "is not a TypedDict: declare its keys in a class that inherits from TypedDict."
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
            (FIELD, "sender=Pizza.toppings.through"),
            (RELATION, "sender=Pizza.toppings.through"),
            (unchecked(Topping).pizzas, "sender=Pizza.toppings.through"),
        ],
    )
    def test_sender_that_is_not_a_through_model(self, sender: Any, meant: str) -> None:
        connect(m2m_changed, receive, sender=sender)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W002"
        assert "as the sender, but only through models of ManyToManyFields send it" in text
        assert hint == f"Did you mean {meant}?"

    @pytest.mark.parametrize("sender", [Table, Dish, AbstractUser, Model])
    def test_sender_without_many_to_many_fields(self, sender: Any) -> None:
        connect(m2m_changed, receive, sender=sender)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W002"
        assert f"with {sender.__name__} as the sender, but" in text
        assert hint == "Pass the through model of a ManyToManyField: sender=Model.field.through."

    @pytest.mark.parametrize(
        ("sender", "described"),
        [
            (OVEN, "an instance of Oven"),
            (unchecked(Drink).pairing_set, "an instance of ReverseManyToOneDescriptor"),
            (get_user_model, "the function get_user_model"),
        ],
    )
    def test_sender_that_is_not_a_model(self, sender: Any, described: str) -> None:
        connect(m2m_changed, receive, sender=sender)
        [(check_id, text, hint)] = messages()
        assert check_id == "typed_signals.W002"
        assert f"with {described} as the sender, but" in text
        assert hint == "Pass the through model of a ManyToManyField: sender=Model.field.through."

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
    @pytest.mark.parametrize("sender", [Pizza, Calzone, Pairing, "shop.Pizza", "auth.User"])
    def test_models(self, sender: Any) -> None:
        connect(post_save, receive, sender=sender)
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
        assert hint is not None
        assert "Pass the same object to connect and send: a class, or a constant." in hint

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
