"""
``validate`` on values of Django: models, proxies, query sets, lazy strings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable  # noqa: TC003 - types are evaluated
from typing import Any, NotRequired, TypedDict

import pytest
from django.db import connection
from django.db.models import Model, QuerySet  # noqa: TC002
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy

from tests.django.shop.models import Pizza, Topping
from typed_signals.django import Signal
from typed_signals.exceptions import PayloadError
from typed_signals.testing import validate


class MenuPrinted(TypedDict, total=False):
    pizza: Pizza
    any_model: Model
    pizzas: QuerySet[Pizza]
    some: Iterable[Pizza]
    many: Collection[Pizza]
    row: NotRequired[list[Pizza]]
    title: str
    label: str | Promise
    cls: type[Pizza]


menu_printed = Signal[object, MenuPrinted]()


def send(**payload: Any) -> None:
    menu_printed.send(None, **payload)


def lazy(made: list[Any], value: object) -> Any:
    def make() -> object:
        made.append(value)
        return value

    return SimpleLazyObject(make)


def test_right_values(database: None) -> None:
    pizza = Pizza.objects.create(name="Regina")
    made: list[Any] = []
    with validate(menu_printed), CaptureQueriesContext(connection) as queries:
        send(pizza=pizza, any_model=pizza, cls=Pizza)
        send(pizza=lazy(made, pizza))
        send(pizzas=Pizza.objects.all(), some=Pizza.objects.all())
        send(label=gettext_lazy("menu"), title=str(gettext_lazy("menu")))
    assert made == [pizza]
    assert len(queries) == 0


def test_deferred_fields_are_not_loaded(database: None) -> None:
    Pizza.objects.create(name="Regina")
    pizza = Pizza.objects.defer("name").get()
    with validate(menu_printed), CaptureQueriesContext(connection) as queries:
        send(pizza=pizza, any_model=pizza)
        with pytest.raises(
            PayloadError, match="'pizza' is of type Topping, but is declared as Pizz"
        ):
            send(pizza=Topping())
    assert len(queries) == 0


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (
            {"pizza": 7},
            "'pizza' is of type int, but is declared as Pizza: int is not an in",
        ),
        ({"pizza": Pizza}, "'pizza' is of type ModelBase, but is declared as Pizza"),
        ({"pizza": SimpleLazyObject(Topping)}, "'pizza' is of type Topping, but is declared as"),
        (
            {"row": Pizza.objects.none()},
            "'row' is of type QuerySet, but is declared as list",
        ),
        ({"title": gettext_lazy("menu")}, "'title' is of type __proxy__, but is declared as str"),
        ({"cls": Topping}, "'cls' is of type ModelBase, but is declared as type[Pizza]"),
    ],
)
def test_wrong_values(values: dict[str, Any], problem: str) -> None:
    with validate(menu_printed), pytest.raises(PayloadError) as raised:
        send(**values)
    assert problem in str(raised.value)
    assert f"({__file__}:" in str(raised.value)
