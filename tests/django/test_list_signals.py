"""
What ``manage.py list_signals`` lists.
"""

from __future__ import annotations

import functools
import gc
import io
import json
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django import VERSION
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save, pre_migrate
from django.dispatch import Signal as DjangoSignal
from django.utils.functional import SimpleLazyObject

import typed_signals
from tests.support import as_in_django_5, unchecked
from typed_signals.django import Signal, receiver

from .shop.models import Pizza

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "tests.django.shop.signals"


class PizzaDone(TypedDict):
    size: int


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Any:
    """
    A module; signals that are added to it are found.
    """
    module: Any = ModuleType(MODULE)
    monkeypatch.setitem(sys.modules, MODULE, module)
    return module


calzone_burnt = Signal[Any, PizzaDone]()


def receive(**kwargs: Any) -> None: ...


async def receive_async(**kwargs: Any) -> None: ...


def table(*arguments: str) -> list[list[str]]:
    """
    Return the cells of the table, line by line.
    """
    lines = listing(*arguments).splitlines()
    headings = ("SIGNAL", "RECEIVER", "SENDER", "CONNECTED", "PLACE")
    assert lines[0].split() == list(headings)
    starts = [lines[0].index(heading) for heading in headings]
    ends = [*starts[1:], None]
    return [
        [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
        for line in lines[1:]
    ]


def document(*arguments: str) -> dict[str, list[dict[str, Any]]]:
    listed = json.loads(listing("--format", "json", *arguments))
    return {entry["signal"]: entry["receivers"] for entry in listed}


def listing(*arguments: str) -> str:
    output = io.StringIO()
    call_command("list_signals", *arguments, stdout=output)
    return output.getvalue()


def place(function: Any) -> str:
    return f"tests/django/test_list_signals.py:{function.__code__.co_firstlineno}"


def test_table(signals: Any) -> None:
    signals.calzone_done = Signal[Any, PizzaDone]()
    signals.calzone_done.connect(receive, sender=Pizza)
    signals.calzone_done.connect(receive_async, weak=False, dispatch_uid="log")
    receiver(signals.calzone_done, on_commit=True)(receive)
    assert table("calzone_done") == [
        [f"{MODULE}.calzone_done", f"{__name__}.{name}", sender, connected, place(function)]
        for name, sender, connected, function in [
            ("receive", "tests.django.shop.models.Pizza", "weak", receive),
            ("receive_async", "any", "strong, async, uid=log", receive_async),
            ("receive", "any", "weak, on_commit", receive),
        ]
    ]


def test_code_outside_of_the_current_directory_has_an_absolute_path(
    signals: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive)
    [[*_, inside]] = table("calzone_done")
    monkeypatch.chdir(tmp_path)
    [[*_, outside]] = table("calzone_done")
    assert inside == place(receive)
    assert outside == f"{__file__}:{receive.__code__.co_firstlineno}"


def test_json(signals: Any) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive, dispatch_uid=("shop", 1))
    partial = functools.partial(receive)
    signals.calzone_done.connect(partial, sender=Pizza, weak=False)
    facts = {
        "receiver": f"{__name__}.receive",
        "file": __file__,
        "line": receive.__code__.co_firstlineno,
        "sender": None,
        "dispatch_uid": "('shop', 1)",
        "weak": True,
        "async": False,
        "on_commit": False,
    }
    assert document("calzone_done") == {
        f"{MODULE}.calzone_done": [
            facts,
            facts
            | {
                "receiver": f"functools.partial({__name__}.receive)",
                "sender": "tests.django.shop.models.Pizza",
                "dispatch_uid": None,
                "weak": False,
            },
        ]
    }


def test_json_is_indented(signals: Any) -> None:
    signals.calzone_done = DjangoSignal()
    expected = f'[\n  {{\n    "signal": "{MODULE}.calzone_done",\n    "receivers": []\n  }}\n]\n'
    assert listing("--all", "--format", "json", "calzone_done") == expected


def test_signals_of_the_core(signals: Any) -> None:
    signals.calzone_done = typed_signals.Signal[Any, PizzaDone]()
    signals.calzone_done.connect(receive, sender="kitchen", dispatch_uid="log")
    receiver(signals.calzone_done, on_commit=True)(receive)
    assert table("calzone_done") == [
        [f"{MODULE}.calzone_done", f"{__name__}.receive", sender, connected, place(receive)]
        for sender, connected in [("'kitchen'", "weak, uid=log"), ("any", "weak, on_commit")]
    ]


def test_signals_in_classes(signals: Any) -> None:
    class Store:
        calzone_done = DjangoSignal()

    Store.__module__ = MODULE
    signals.Store = Store
    Store.calzone_done.connect(receive)
    assert list(document("calzone_done")) == [f"{MODULE}.Store.calzone_done"]


def test_signal_is_listed_once_where_it_was_probably_created(
    signals: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive)
    signals.alias = signals.calzone_done
    for name in ("tests.django.a", "tests.django.__main__", "tests.django.shop.receivers"):
        importing: Any = ModuleType(name)
        importing.calzone_done = signals.calzone_done
        monkeypatch.setitem(sys.modules, name, importing)
    assert list(document("calzone_done")) == [f"{MODULE}.calzone_done"]


def test_declared_signal_is_listed_where_it_was_created(signals: Any) -> None:
    signals.calzone_burnt = calzone_burnt
    assert list(document("--all", "calzone_burnt")) == [f"{__name__}.calzone_burnt"]


def test_signals_without_receivers_are_listed_with_all(signals: Any) -> None:
    signals.calzone_done = DjangoSignal()
    assert f"{MODULE}.calzone_done" not in document()
    assert document("--all")[f"{MODULE}.calzone_done"] == []
    assert table("--all", "calzone_done") == [[f"{MODULE}.calzone_done", "-", "", "", ""]]
    assert listing("calzone_done").startswith("No receivers are connected.")


def test_collected_receivers_are_not_listed(signals: Any) -> None:
    def receive_briefly(**kwargs: Any) -> None: ...

    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive_briefly)
    assert document("calzone_done")
    del receive_briefly
    assert document("calzone_done") == {}


def test_receivers_of_django(signals: Any) -> None:
    everything = document()
    [creator] = [
        facts
        for facts in everything["django.db.models.signals.post_migrate"]
        if facts["receiver"] == "django.contrib.auth.management.create_permissions"
    ]
    assert creator["dispatch_uid"] == "django.contrib.auth.management.create_permissions"
    assert creator["file"].endswith("management/__init__.py")
    assert "django.core.signals.setting_changed" in everything


def test_senders_are_resolved(signals: Any) -> None:
    from django.apps import apps

    through: Any = getattr(Pizza.toppings, "through")  # noqa: B009 - made at run time
    for sender in (through, "auth.User"):
        post_save.connect(receive, sender=sender)
    pre_migrate.connect(receive, sender=apps.get_app_config("shop"))
    models = [facts["sender"] for facts in document("post_save").popitem()[1]]
    assert models[-2:] == [
        "tests.django.shop.models.Pizza_toppings",
        "django.contrib.auth.models.User",
    ]
    assert "pre_migrate" in next(iter(document("pre_migrate")))
    assert "shop" in document("pre_migrate").popitem()[1][-1]["sender"]


def test_receivers_of_a_collected_sender_are_listed_if_django_has_them(signals: Any) -> None:
    class Oven: ...

    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive, sender=Oven)
    signals.calzone_done.connect(receive)
    [[_, _, sender, _, _], _] = table("calzone_done")
    assert sender.endswith("Oven") == (VERSION >= (6, 0))
    del Oven
    gc.collect()
    senders = [facts["sender"] for facts in document("calzone_done").popitem()[1]]
    # Django 5.2 does not store senders.
    assert senders == ([None] if VERSION >= (6, 0) else ["unknown", None])


def test_senders_of_which_django_stores_only_the_id_are_found(signals: Any) -> None:
    from django.apps import apps

    through: Any = getattr(Pizza.toppings, "through")  # noqa: B009 - made at run time
    shop = apps.get_app_config("shop")
    signals.calzone_done = DjangoSignal()
    senders = [Pizza, through, shop, "kitchen", object(), None]
    signals.KITCHEN = senders[3]
    for sender in senders:
        signals.calzone_done.connect(receive, sender=sender)
    signals.calzone_done.receivers = as_in_django_5(signals.calzone_done.receivers)
    assert [facts["sender"] for facts in document("calzone_done").popitem()[1]] == [
        "tests.django.shop.models.Pizza",
        "tests.django.shop.models.Pizza_toppings",
        repr(shop),
        "'kitchen'",
        "unknown",
        None,
    ]


def test_sender_without_a_name_is_unknown(signals: Any) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive, sender=(1, [2]))
    [[_, _, sender, _, _]] = table("calzone_done")
    assert sender == "unknown"


def test_lazy_objects_are_not_loaded(signals: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> object:
        raise AssertionError("it was loaded")

    signals.lazy = SimpleLazyObject(load)
    monkeypatch.delitem(sys.modules, MODULE)
    monkeypatch.setitem(sys.modules, "tests.django.lazy", unchecked(SimpleLazyObject(load)))
    monkeypatch.setitem(sys.modules, MODULE, signals)  # after it
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive)
    assert f"{MODULE}.calzone_done" in document()


@pytest.mark.parametrize(
    "pattern",
    ["calzone_done", f"{MODULE}.calzone_done", "shop.signals.*", "calzone_*", "*zone_done"],
)
def test_filters(signals: Any, pattern: str) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive)
    assert list(document(pattern)) == [f"{MODULE}.calzone_done"]


def test_several_filters(signals: Any) -> None:
    signals.calzone_done = DjangoSignal()
    names = [f"{MODULE}.calzone_done", "django.db.models.signals.post_save"]
    assert sorted(document("--all", "post_save", "calzone_done")) == sorted(names)


def test_filter_without_matches() -> None:
    with pytest.raises(
        CommandError, match=r"No signal matches 'post_sav' .*: did you mean 'post_save'"
    ):
        listing("post_sav")
    with pytest.raises(CommandError, match="list_signals --all lists all signals"):
        listing("zzz")
