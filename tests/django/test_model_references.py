"""
Models travel by reference.
"""

from __future__ import annotations

import copy
import gc
import json
import pickle
import sys
import weakref
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import jsonschema
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.models import Manager, Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.test.utils import CaptureQueriesContext, isolate_apps, override_settings
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from typed_signals.background._codec import CannotTravel, Definitions, codec_of
from typed_signals.exceptions import DeliveryError, MissingRowError, UnknownNameError

from .keys.models import Anonymised, Customer, Instant, Line, Order, Regular, Unreadable
from .shop.models import Dish, Pizza, Topping

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("database")

ID = UUID("6f9ad2a1-6b0e-4b56-9d6e-0a6c5a1f2f11")
AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


class Size(models.TextChoices):
    SMALL = "S", gettext_lazy("small")
    LARGE = "L", gettext_lazy("large")


class Level(models.IntegerChoices):
    MILD = 1
    HOT = 2


def customer(**more: Any) -> Customer:
    return Customer.objects.create(code="c1", name="Ann", **more)


def order() -> Order:
    return Order.objects.create(id=ID, customer=customer(), note="ring twice")


MADE: dict[str, tuple[Callable[[], Any], Any]] = {
    "number": (lambda: Pizza.objects.create(id=3), 3),
    "text": (customer, "c1"),
    "uuid": (order, str(ID)),
    "relation": (
        lambda: Regular.objects.create(code="c2", name="Bob", since=2020),
        "c2",
    ),
    "composite": (
        lambda: Line.objects.create(order=order(), number=2, amount=5),
        [str(ID), 2],
    ),
    "time": (lambda: Instant.objects.create(at=AT, price="1.50"), AT.isoformat()),
    "proxy": (lambda: Anonymised.objects.create(code="c3", name="?"), "c3"),
}


def back(value: Any, stated: Any = None) -> Any:
    """
    Return what comes back of *value*, sent as JSON.
    """
    codec = codec_of(type(value) if stated is None else stated)
    wire = json.loads(json.dumps(codec.dump(value)))
    jsonschema.validate(wire, codec.schema(Definitions()))
    return codec.load(wire)


def reason(call: Callable[[], object]) -> str:
    with pytest.raises(CannotTravel) as refused:
        call()
    return str(refused.value)


def count_queries(call: Callable[[], object], using: str = "default") -> int:
    with CaptureQueriesContext(connections[using]) as queries:
        call()
    return len(queries)


@pytest.mark.parametrize("kind", MADE)
def test_object_of_the_exact_class_with_its_key_comes_back(kind: str) -> None:
    make, key = MADE[kind]
    made = make()
    label = type(made)._meta.label_lower
    assert codec_of(type(made)).dump(made) == {"model": label, "pk": key, "using": "default"}
    received = back(made)

    def use() -> None:
        assert type(received) is type(made)
        assert received == made
        assert hash(received) == hash(made)
        assert received.pk == made.pk
        assert type(received.pk) is type(made.pk)
        assert received._state.db == "default"
        assert not received._state.adding

    assert count_queries(use) == 0
    fields = [field.attname for field in made._meta.concrete_fields]

    def read() -> None:
        for field in fields:
            assert getattr(received, field) == getattr(type(made).objects.get(), field)

    # All are fetched by one query, in addition to those of this test.
    assert count_queries(read) == len(fields) + (len(fields) > len(made._meta.pk_fields))
    assert vars(received).keys() == vars(type(made).objects.get()).keys() | (
        {"refreshed"} if kind == "uuid" else set()
    )


STATED: dict[str, Any] = {
    "itself": Pizza,
    "an abstract base": Dish,
    "any model": Model,
    "optional": Pizza | None,
    "one of two": Pizza | Topping,
    "one of others": Pizza | str | None,
}


@pytest.mark.parametrize("stated", STATED.values(), ids=STATED)
def test_declared_as(stated: Any) -> None:
    pizza = Pizza.objects.create(name="margherita")
    received = back(pizza, stated)
    assert (type(received), received.name) == (Pizza, "margherita")
    assert [each.name for each in back([pizza], list[stated])] == ["margherita"]


def test_subclass_comes_back_as_what_it_is() -> None:
    regular = Regular.objects.create(code="c2", name="Bob", since=2020)
    received = back(regular, Customer)
    assert (type(received), received.name, received.since) == (Regular, "Bob", 2020)


def test_lazy_object_comes_back_as_what_it_stands_for() -> None:
    user = User.objects.create(username="ann")
    received = back(SimpleLazyObject(lambda: user), User)
    assert (type(received), received.username) == (User, "ann")


def test_row_is_fetched_from_its_database() -> None:
    Pizza(id=3, name="here").save(using="default")
    there = Pizza(id=3, name="there")
    there.save(using="other")

    class Router:
        def db_for_read(self, model: Any, **hints: Any) -> str:
            return "default"

    with override_settings(DATABASE_ROUTERS=[Router()]):
        received = back(there)
        assert (received.name, received._state.db) == ("there", "other")


def test_key_that_is_text_of_a_number_is_read_by_its_field() -> None:
    pizza = Pizza.objects.create(pk="12")
    assert back(pizza).pk == 12


def pickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - of this test


def customer_of(received: Any) -> Any:
    return received.customer


class TestFirstUse:
    @pytest.fixture
    def received(self) -> Any:
        return back(order())

    def test_methods_see_the_fields(self, received: Any) -> None:
        assert str(received) == "order of Ann"
        assert received.refreshed == [{"customer_id", "note"}]

    def test_relations(self, received: Any) -> None:
        assert count_queries(lambda: received.customer.name) == 2
        assert list(back(customer_of(received)).orders.all()) == [received]

    def test_field_that_is_set_before_keeps_its_value(self, received: Any) -> None:
        received.note = "gate"
        assert received.customer_id == "c1"
        assert received.note == "gate"

    def test_save_of_a_field_that_is_set(self, received: Any) -> None:
        received.note = "gate"
        assert count_queries(received.save) == 1
        assert Order.objects.get().note == "gate"

    def test_save_without_changes(self, received: Any) -> None:
        received.save()
        assert Order.objects.get().note == "ring twice"

    def test_deletion(self, received: Any) -> None:
        received.delete()
        assert not Order.objects.exists()

    @pytest.mark.parametrize("number", [1, 2])
    def test_refresh_fetches_everything(self, received: Any, number: int) -> None:
        for _ in range(number):
            received.refresh_from_db()
        assert count_queries(lambda: (received.note, received.customer_id)) == 0

    def test_refresh_of_some_fields(self, received: Any) -> None:
        received.refresh_from_db(fields=["note"])
        assert received.refreshed == [{"customer_id", "note"}]
        received = back(Order.objects.get())
        received.refresh_from_db(using="default", fields=["note"])
        assert received.note == "ring twice"

    def test_refresh_in_async_code(self, received: Any) -> None:
        async def receive() -> Any:
            await received.arefresh_from_db()
            return received.note

        # As for async receivers.
        assert async_to_sync(receive)() == "ring twice"

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
    def test_copies(self, received: Any, duplicate: Callable[[Any], Any]) -> None:
        copied = duplicate(received)
        copied.note = "copied"
        assert (received.note, copied.customer_id) == ("ring twice", "c1")
        assert count_queries(lambda: received.customer_id) == 0

    def test_unused_one_is_garbage_collected(self) -> None:
        reference = weakref.ref(back(order()))
        gc.collect()
        assert reference() is None


class TestMissingRow:
    @pytest.fixture
    def gone(self) -> Any:
        made = order()
        received: Any = back(made)
        made.delete()
        return received

    @pytest.mark.parametrize(
        "use",
        [
            str,
            copy.copy,
            lambda gone: gone.note,
            lambda gone: gone.customer,
            lambda gone: gone.refresh_from_db(),
            lambda gone: gone.save(),
            lambda gone: gone.full_clean(),
        ],
    )
    def test_is_an_error_at_each_use(self, gone: Order, use: Callable[[Any], object]) -> None:
        for _ in range(2):
            with pytest.raises(MissingRowError) as missing, transaction.atomic():
                use(gone)
            assert str(missing.value) == (
                f"keys.Order with the key {ID!r} does not exist any more in the database "
                "'default': it was deleted after it was sent"
            )
            assert isinstance(missing.value.__cause__, Order.DoesNotExist)

    def test_key_is_not_a_use(self, gone: Order) -> None:
        assert (gone.pk, gone.id) == (ID, ID)

    def test_other_errors_are_not_hidden(self, gone: Order) -> None:
        with connection.execute_wrapper(broken), pytest.raises(DatabaseError, match="gone away"):
            str(gone)
        with pytest.raises(MissingRowError):
            str(gone)


def broken(*args: Any) -> Any:
    raise DatabaseError("server has gone away")


class TestRefusedValues:
    def test_unsaved(self) -> None:
        for unsaved in (Pizza(name="margherita"), Pizza(id=3), Order(id=ID)):
            assert reason(partial(codec_of(Model).dump, unsaved)) == (
                "it is not saved, or was deleted: send it when its row exists"
            )

    def test_deleted(self) -> None:
        pizza = Pizza.objects.create()
        pizza.delete()
        assert "was deleted" in reason(lambda: codec_of(Pizza).dump(pizza))

    def test_of_another_class(self) -> None:
        topping = Topping.objects.create(name="ham")
        assert reason(lambda: codec_of(Pizza).dump(topping)) == (
            'it has type "Topping", not "Pizza": pass a value of this type'
        )
        assert 'not "User"' in reason(lambda: codec_of(User).dump(AnonymousUser()))

    def test_of_a_historical_model(self) -> None:
        with isolate_apps("tests.django.shop"):

            class Pizza(models.Model):
                class Meta:
                    app_label = "shop"

            class Pasta(models.Model):
                class Meta:
                    app_label = "shop"

        for model in (Pizza, Pasta):
            made = model(id=1)
            made._state.adding = False
            assert "not of the class that the installed apps have" in reason(
                partial(codec_of(Model).dump, made)
            )

    def test_with_a_key_that_its_field_does_not_read_back(self) -> None:
        unreadable = Unreadable(key=("a", "b"))
        unreadable._state.adding = False
        assert "which UnreadableField does not read back" in reason(
            lambda: codec_of(Unreadable).dump(unreadable)
        )

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (gettext_lazy("ready"), 'not "str"'),
            (mark_safe("<b>"), "it would come back as str, pass exactly that"),
        ],
    )
    def test_texts_of_django(self, value: Any, words: str) -> None:
        assert words in reason(lambda: codec_of(str).dump(value))


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (QuerySet[Pizza], "declare list[...] of the model"),
        (Manager[Pizza], "declare type[...] of the model"),
        (FieldFile, "the name of the file as str"),
        (Promise, "pass str(...)"),
        (SafeString, "call mark_safe in the receiver"),
    ],
)
def test_types_that_do_not_travel(stated: Any, words: str) -> None:
    assert words in reason(lambda: codec_of(stated))


def test_types_of_django_are_only_known_where_it_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.delitem(sys.modules, "django.db.models")
        assert codec_of(tuple[int, Decimal]).name == "tuple[int, Decimal]"


def test_choices_travel() -> None:
    for value in (Size.LARGE, Level.HOT):
        assert back(value) is value


WRONG: list[Any] = [
    "shop.pizza",
    {"model": "shop.pizza", "pk": 1},
    {"model": "shop.topping", "pk": 1, "using": "default"},
    {"model": "shop.pizza", "pk": "x", "using": "default"},
    {"model": "shop.pizza", "pk": None, "using": "default"},
    {"model": "shop.pizza", "pk": [1], "using": "default"},
]


class TestRefusedReferences:
    @pytest.mark.parametrize("wire", WRONG)
    def test_that_do_not_fit(self, wire: Any) -> None:
        assert 'not as "Pizza"' in reason(lambda: codec_of(Pizza).load(wire))

    @pytest.mark.parametrize("key", [1, [1], [str(ID), None], [str(ID), 1, 2]])
    def test_with_a_part_of_a_composite_key(self, key: Any) -> None:
        wire = {"model": "keys.line", "pk": key, "using": "default"}
        assert 'not as "Line"' in reason(lambda: codec_of(Line).load(wire))

    @pytest.mark.parametrize("label", ["shop.pasta", "nothing.pizza", "pizza", 3, None, "os.path"])
    def test_to_an_unknown_model(self, label: Any) -> None:
        wire = {"model": label, "pk": 1, "using": "default"}
        with pytest.raises(UnknownNameError, match="no installed app of this process has it"):
            codec_of(Model).load(wire)

    @pytest.mark.parametrize("using", ["third", 3, None])
    def test_to_an_unknown_database(self, using: Any) -> None:
        wire = {"model": "shop.pizza", "pk": 1, "using": using}
        with pytest.raises(UnknownNameError, match="add it to the setting DATABASES"):
            codec_of(Pizza).load(wire)
        with pytest.raises(DeliveryError):
            codec_of(list[Pizza]).load([wire])


class TestClasses:
    def test_models_travel_by_label(self) -> None:
        through: Any = Pizza.toppings.through
        for stated, model in ((type[Pizza], Pizza), (type[Model], through), (type, through)):
            codec = codec_of(stated)
            assert codec.dump(model) == f"model:{model._meta.label_lower}"
            assert back(model, stated) is model

    def test_others_by_name(self) -> None:
        for cls in (Dish, Model, int, Decimal):
            assert back(cls, type) is cls

    def test_that_do_not_fit(self) -> None:
        codec = codec_of(type[Pizza])
        assert 'not "type[Pizza]"' in reason(lambda: codec.dump(Topping))
        assert 'not "type[Pizza]"' in reason(lambda: codec.dump(3))
        assert 'not as "type[Pizza]"' in reason(lambda: codec.load("model:shop.topping"))
        with pytest.raises(UnknownNameError):
            codec.load("model:shop.pasta")
        assert codec_of(type[Size]).dump(Size) == f"{__name__}.Size"
