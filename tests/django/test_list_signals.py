"""
What ``manage.py list_signals`` lists.
"""

from __future__ import annotations

import functools
import gc
import io
import json
import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Required, TypedDict

import pytest
from django import VERSION
from django.core.management import CommandError, call_command, load_command_class
from django.core.management.base import BaseCommand
from django.db import models
from django.db.models.signals import post_save, pre_migrate
from django.dispatch import Signal as DjangoSignal
from django.utils.functional import SimpleLazyObject

import typed_signals
from tests.markdown import ROOT
from tests.support import as_in_django_5, unchecked
from typed_signals.background import Background, Delivery, Options
from typed_signals.background._background import InBackground
from typed_signals.django import Signal, receiver
from typed_signals.django._builtin_payloads import payload_of as djangos_payload
from typed_signals.django._find_signals import builtin_signals

from .shop.models import Pizza, Topping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.any_python

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
calzone_boxed = Signal[Any, PizzaDone]()


def receive(**kwargs: Any) -> None: ...


async def receive_async(**kwargs: Any) -> None: ...


def lines(*arguments: str) -> list[str]:
    return listing(*arguments).splitlines()


def entries(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(listing("--format", "json", *arguments))
    return found


def document(*arguments: str) -> dict[str, list[dict[str, Any]]]:
    return {entry["signal"]: entry["receivers"] for entry in entries(*arguments)}


def listed(*arguments: str) -> set[str]:
    """
    Return the names of the receivers that are listed.
    """
    return {facts["receiver"] for found in document(*arguments).values() for facts in found}


def listing(*arguments: str) -> str:
    output = io.StringIO()
    call_command("list_signals", *arguments, stdout=output)
    return output.getvalue()


def place(function: Any) -> str:
    return f"tests/django/test_list_signals.py:{function.__code__.co_firstlineno}"


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """
    Set the width of the terminal; it is wide by default.
    """

    def set_width(columns: int) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))

    set_width(1000)
    return set_width


def test_text(signals: Any) -> None:
    signals.calzone_done = Signal[Any, PizzaDone]()
    signals.calzone_done.connect(receive, sender=Pizza)
    signals.calzone_done.connect(receive_async, weak=False, dispatch_uid="log")
    receiver(signals.calzone_done, on_commit=True)(receive)
    here, a_here = place(receive), place(receive_async)
    assert lines("calzone_done") == [
        f"{MODULE}.calzone_done(size: int)",
        f"  {__name__}.receive ({here}), sender=tests.django.shop.models.Pizza",
        f"  {__name__}.receive_async ({a_here}), dispatch_uid=log, weak=False, async",
        f"  {__name__}.receive ({here}), on_commit",
    ]


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_lines_fit_the_terminal(
    columns: int, signals: Any, width: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for sender in (Pizza, None):
        post_save.connect(receive, sender=sender, weak=False, dispatch_uid="log")
    wide = lines("post_save", "--django")
    assert len(max(wide, key=len)) > 140
    width(columns)
    narrow = lines("post_save", "--django")
    assert "".join(narrow).replace(" ", "") == "".join(wide).replace(" ", "")
    for line in narrow:
        # Only names, places and types are not broken.
        assert len(line) <= columns or re.sub(r": .*", "", line.strip()).count(" ") == 0
        assert line.startswith((f"{post_save_name}(", "  "))
        assert not line.endswith(" ")
    if columns == 80:
        assert narrow[:2] == [
            f"{post_save_name}(instance: Model, created: bool, raw: bool,",
            "    using: str, update_fields: frozenset[str] | None)",
        ]


class Changed(TypedDict):
    size: int | None
    note: NotRequired[str]


def test_markdown(signals: Any) -> None:
    signals.calzone_done = Signal[Any, Changed]()
    signals.calzone_done.connect(receive, sender=Pizza, weak=False, dispatch_uid="log")
    signals.calzone_done.connect(receive_async)
    signals.calzone_undeclared = DjangoSignal()
    signals.calzone_undeclared.connect(receive)

    @Signal.declare
    def calzone_eaten(sender: object, /, *, by, **more: Any) -> object:  # type: ignore[no-untyped-def]
        raise NotImplementedError

    signals.calzone_eaten = calzone_eaten
    assert lines(
        "--format", "markdown", "calzone_*", "--sender", "any", "--receiver", "receive"
    ) == [
        "| signal | keys | receivers |",
        "|---|---|---|",
    ]
    assert lines("--format", "markdown", "--all", f"{MODULE}.*", "test_markdown.*") == [
        "| signal | keys | receivers |",
        "|---|---|---|",
        (
            f"| `{MODULE}.calzone_done` | `size: int \\| None`<br>`note: str` (optional) | "
            f"`{__name__}.receive, sender=tests.django.shop.models.Pizza`<br>"
            f"`{__name__}.receive_async, async` |"
        ),
        f"| `{__name__}.test_markdown.<locals>.calzone_eaten` | `by`<br>others |  |",
    ]


def test_check_compares_a_file_with_the_table(signals: Any, tmp_path: Path) -> None:
    signals.calzone_done = Signal[Any, PizzaDone]()
    signals.calzone_done.connect(receive)
    options = ("--format", "markdown", "calzone_done")
    path = tmp_path / "signals.md"
    with pytest.raises(
        CommandError, match=r"signals\.md cannot be read \(.*: write it with the same"
    ):
        listing(*options, "--check", str(path))
    path.write_text(listing(*options), "utf-8")
    assert listing(*options, "--check", str(path)) == ""
    signals.calzone_done.connect(receive_async)
    with pytest.raises(CommandError, match=r"signals\.md differs from the signals and receivers"):
        listing(*options, "--check", str(path))
    with pytest.raises(CommandError, match="add --format markdown"):
        listing("--check", str(path))


def test_lines_are_not_broken_in_types_and_names(
    signals: Any, width: Callable[[int], None]
) -> None:
    class Sold(TypedDict, total=False):
        by_size: Required[dict[int, tuple[str, Literal["a, b (c)"]]]]
        total: float

    signals.calzone_done = Signal[Any, Sold]()
    signals.calzone_done.connect(receive, weak=False, dispatch_uid="log, twice (a)")
    width(30)
    name, *others = lines("calzone_done")
    assert name.startswith(f"{MODULE}.calzone_done(by_size: ")
    assert name.endswith("[str, Literal['a, b (c)']]],")
    assert others == [
        "    total: float = ...)",
        f"  {__name__}.receive",
        f"      ({place(receive)}),",
        "      dispatch_uid=log, twice (a),",
        "      weak=False",
    ]


post_save_name = "django.db.models.signals.post_save"


def test_names_of_signals_are_highlighted_where_colours_are_supported(
    signals: Any, width: Callable[[int], None]
) -> None:
    signals.calzone_done = Signal[Any, PizzaDone]()
    signals.calzone_done.connect(receive)
    name = f"{MODULE}.calzone_done"
    width(len(name) + len("(size: int)"))
    plain, coloured = (
        listing("calzone_done", option).splitlines()[0]
        for option in ("--no-color", "--force-color")
    )
    assert plain == f"{name}(size: int)"
    assert coloured == f"\x1b[36;1m{name}\x1b[0m(size: int)"


def test_code_outside_of_the_current_directory_has_an_absolute_path(
    signals: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive)
    [_, inside] = lines("calzone_done")
    monkeypatch.chdir(tmp_path)
    [_, outside] = lines("calzone_done")
    assert inside == f"  {__name__}.receive ({place(receive)})"
    assert outside == f"  {__name__}.receive ({__file__}:{receive.__code__.co_firstlineno})"


def test_receiver_without_a_place(signals: Any) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(dict, weak=False)
    assert lines("calzone_done")[1:] == ["  builtins.dict, weak=False"]


class Celery:
    """
    Stands for an engine.
    """

    name = "celery"
    in_process = False
    can_await = False

    def enqueue(self, delivery: Delivery, text: str) -> None: ...


class OnCommit:
    on_commit = True

    def __call__(self, enqueue: Any, arguments: Any) -> None: ...


def test_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "calzone_boxed", Signal[Any, PizzaDone]())
    background = Background(Celery(), queue="mail")
    background.receiver(calzone_boxed, sender=Pizza)(receive)
    arguments = {"dispatch_uid": "log"}
    options = Options("stock", 3)
    InBackground(background, [calzone_boxed], options, OnCommit(), arguments)(receive)
    name = f"  {__name__}.receive ({place(receive)})"
    assert lines("calzone_boxed")[1:] == [
        f"{name}, sender=tests.django.shop.models.Pizza, in the background (celery, queue mail)",
        f"{name}, dispatch_uid=log, in the background (celery, queue stock, priority 3, on commit)",
    ]
    first, second = document("calzone_boxed")[f"{__name__}.calzone_boxed"]
    assert (first["receiver"], first["weak"]) == (f"{__name__}.receive", True)
    assert (first["on_commit"], second["on_commit"]) == (False, True)
    assert first["background"] == {"engine": "celery", "queue": "mail", "priority": None}
    assert second["background"] == {"engine": "celery", "queue": "stock", "priority": 3}


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
        "background": None,
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
    expected = f"""[
  {{
    "signal": "{MODULE}.calzone_done",
    "payload": null,
    "receivers": []
  }}
]
"""
    assert listing("--all", "--format", "json", "calzone_done") == expected


def test_signals_of_the_core(signals: Any) -> None:
    signals.calzone_done = typed_signals.Signal[Any, PizzaDone]()
    signals.calzone_done.connect(receive, sender="kitchen", dispatch_uid="log")
    receiver(signals.calzone_done, on_commit=True)(receive)
    name = f"  {__name__}.receive ({place(receive)})"
    assert lines("calzone_done") == [
        f"{MODULE}.calzone_done(size: int)",
        f"{name}, sender='kitchen', dispatch_uid=log",
        f"{name}, on_commit",
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
    assert lines("--all", "calzone_done") == [f"{MODULE}.calzone_done(**kwargs)"]
    assert listing("calzone_done") == (
        "No receivers are connected. Use --all to list signals without receivers.\n"
    )


def test_signals_with_other_receivers_are_not_without_receivers(signals: Any) -> None:
    signals.calzone_done, signals.pizza_done = DjangoSignal(), DjangoSignal()
    signals.pizza_burnt = DjangoSignal()
    signals.calzone_done.connect(receive, sender=Pizza)
    signals.pizza_done.connect(receive)
    for option in ("--sender=any", "--receiver=create_permissions", "--app=auth"):
        listed = document("--all", "calzone_done", "pizza_done", "pizza_burnt", option)
        assert f"{MODULE}.calzone_done" not in listed
        assert listed[f"{MODULE}.pizza_burnt"] == []
        assert (f"{MODULE}.pizza_done" in listed) is (option == "--sender=any")


def test_filters_without_common_matches_are_told_from_no_receivers(signals: Any) -> None:
    signals.calzone_done, signals.pizza_done = DjangoSignal(), DjangoSignal()
    assert listing("calzone_done", "--app=auth") == (
        "No receivers are connected. Use --all to list signals without receivers.\n"
    )
    signals.calzone_done.connect(receive)
    signals.pizza_done.connect(receive, sender=Pizza)
    for option in ("--sender=shop.Pizza", "--receiver=create_permissions", "--app=auth"):
        assert listing("calzone_done", option) == "No receivers match all of these filters.\n"
    # No receiver of this signal is connected to all senders.
    listed = listing("pizza_done")
    assert listing("pizza_done", "--sender=shop.Pizza", "--sender=any") == listed != ""


def test_collected_receivers_are_not_listed(signals: Any) -> None:
    def receive_briefly(**kwargs: Any) -> None: ...

    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive_briefly)
    assert document("calzone_done")
    del receive_briefly
    assert document("calzone_done") == {}


def test_receivers_of_django(signals: Any) -> None:
    everything = document("--django")
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
    assert models == [
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
    [_, first, _] = lines("calzone_done")
    assert first.endswith("Oven") == (VERSION >= (6, 0))
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
    [_, line] = lines("calzone_done")
    assert line.endswith(", sender=unknown")


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


def test_page_lists_the_options() -> None:
    page = (ROOT / "docs/reference/list-signals.md").read_text("utf-8")
    parser = BaseCommand().create_parser("", "")
    common = set(parser._option_string_actions)
    options = (
        set(
            load_command_class("typed_signals.django", "list_signals")
            .create_parser("", "")
            ._option_string_actions
        )
        - common
    )
    assert set(re.findall(r"--[a-z]+", page)) == options
    assert options >= {"--receiver", "--app", "--sender", "--django", "--all", "--format"}


# Receivers that Django defines


def test_receivers_of_django_are_not_listed_unless_asked_for(signals: Any) -> None:
    post_migrate_name = "django.db.models.signals.post_migrate"
    assert post_migrate_name not in document()
    [said] = lines("post_migrate")
    [count] = re.findall(r"^Receivers of Django are not listed \((\d+)\)\. Use --django to", said)
    djangos = document("post_migrate", "--django")[post_migrate_name]
    assert len(djangos) == int(count) > 2
    for asked in ("--receiver=django.*", "--receiver=create_permissions", "--app=auth"):
        assert "django.contrib.auth.management.create_permissions" in listed("post_migrate", asked)
    signals.calzone_done = DjangoSignal()
    assert listed("calzone_done", "--all") == set()


def test_receivers_that_are_not_functions_belong_to_the_package_that_defines_them(
    signals: Any,
) -> None:
    from django.contrib.auth import management
    from django.db.models import ImageField

    class OwnField(ImageField):
        def log(self, **kwargs: Any) -> None: ...

    class Claiming:
        __module__ = "djangoesque"

        def __call__(self, **kwargs: Any) -> None: ...

    field = OwnField()
    theirs = [field.update_dimension_fields, functools.partial(management.create_permissions)]
    ours = [field.log, functools.partial(receive), Claiming(), functools.partial(field.log)]
    signals.calzone_done = DjangoSignal()
    for each in [*theirs, *ours]:
        signals.calzone_done.connect(each, weak=False)
    assert len(document("calzone_done").popitem()[1]) == len(ours)
    assert "are not listed (2)" in lines("calzone_done")[-1]
    assert len(document("calzone_done", "--django").popitem()[1]) == len([*theirs, *ours])


# The filters for receivers


@pytest.fixture
def connected(signals: Any) -> None:
    """
    Two signals with two receivers each.
    """
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive, sender=Pizza)
    signals.calzone_done.connect(receive_async)
    signals.calzone_eaten = DjangoSignal()
    signals.calzone_eaten.connect(receive, sender=Topping)
    signals.calzone_eaten.connect(in_shop)


def in_shop(**kwargs: Any) -> None: ...


in_shop.__module__ = "tests.django.shop.receivers"


def listed_here(*arguments: str) -> set[tuple[str, str]]:
    """
    Return the last parts of the names of the signals and of their receivers.
    """
    return {
        (signal.rpartition(".")[2], facts["receiver"].rpartition(".")[2])
        for signal, found in document("calzone_*", *arguments).items()
        for facts in found
    }


DONE, EATEN = "calzone_done", "calzone_eaten"


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {(DONE, "receive"), (DONE, "receive_async"), (EATEN, "receive"), (EATEN, "in_shop")}),
        (["--receiver=receive"], {(DONE, "receive"), (EATEN, "receive")}),
        (["--receiver=*.receive_*"], {(DONE, "receive_async")}),
        (
            ["--receiver=*async", "--receiver=in_shop"],
            {(DONE, "receive_async"), (EATEN, "in_shop")},
        ),
        (["--app=shop"], {(EATEN, "in_shop")}),
        (["--app=shop", "--app=auth"], {(EATEN, "in_shop")}),
        (["--sender=Pizza"], {(DONE, "receive")}),
        (["--sender=tests.django.shop.models.Pizza"], {(DONE, "receive")}),
        (["--sender=shop.Pizza"], {(DONE, "receive")}),
        (["--sender=shop.*"], {(DONE, "receive"), (EATEN, "receive")}),
        (["--sender=any"], {(DONE, "receive_async"), (EATEN, "in_shop")}),
        (
            ["--sender=Pizza", "--sender=any", "--receiver=receive", "--receiver=*_async"],
            {(DONE, "receive"), (DONE, "receive_async")},
        ),
        (["--sender=any", "--receiver=receive"], set()),
    ],
)
def test_filters_for_receivers(arguments: list[str], expected: set[tuple[str, str]]) -> None:
    assert listed_here(*arguments) == expected


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("--receiver=recieve", "No receiver matches 'recieve' .*: did you mean 'receive'"),
        ("--receiver=zzz", "No receiver matches 'zzz' .*: list_signals --django lists all rec"),
        ("--sender=shop.Piza", "No sender matches 'shop.Piza' .*: did you mean 'Pizza'"),
        (
            "--sender=zzz",
            "No sender matches 'zzz' .*, which have .*'any'.*: list_signals --django lists",
        ),
        ("--app=zzz", "No installed app with label 'zzz'"),
        ("--app=django.contrib.auth", "Did you mean 'auth'"),
    ],
)
def test_filter_for_receivers_without_matches(argument: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        listing("calzone_*", argument)


def test_class_of_all_models_is_a_sender_without_a_label(signals: Any) -> None:
    signals.calzone_done = DjangoSignal()
    signals.calzone_done.connect(receive, sender=models.Model)
    [facts] = document("calzone_done", "--sender=Model").popitem()[1]
    assert facts["sender"] == "django.db.models.base.Model"


# Payloads


class Nothing(TypedDict): ...


class PizzaSold(PizzaDone):
    note: NotRequired[Literal["a, b"]]
    price: Annotated[float | None, "EUR"]


def payload_of(signal: Any, signals: Any) -> tuple[str, Any]:
    """
    Return what is listed about the payload of *signal*: as text, and in JSON.
    """
    signals.calzone_done = signal
    [line] = lines("--all", "calzone_done")
    [entry] = entries("--all", "calzone_done")
    assert line.startswith(entry["signal"])
    return line.removeprefix(entry["signal"]), entry["payload"]


def key(text: str | None, *, required: bool = True) -> dict[str, Any]:
    return {"type": text, "required": required}


@pytest.mark.parametrize("engine", [Signal, typed_signals.Signal])
def test_payload_of_a_declared_signal(signals: Any, engine: Any) -> None:
    assert payload_of(engine[Any, PizzaSold](), signals) == (
        "(size: int, note: Literal['a, b'] = ..., price: float | None)",
        {
            "keys": {
                "size": key("int"),
                "note": key("Literal['a, b']", required=False),
                "price": key("float | None"),
            },
            "open": False,
        },
    )
    assert payload_of(engine[Any, Nothing](), signals) == ("()", {"keys": {}, "open": False})


def test_payload_of_a_signal_that_is_declared_by_a_function(signals: Any) -> None:
    @Signal.declare
    def calzone_done(sender: object, /, size: Any, *, note: str = "", **kwargs: int) -> object: ...

    del calzone_done._declaration._function.__annotations__["size"]

    text, payload = payload_of(calzone_done, signals)
    assert text == "(size, note: str = ..., **kwargs)"
    assert payload == {
        "keys": {"size": key(None), "note": key("str", required=False)},
        "open": True,
    }


def test_payload_of_a_signal_without_a_valid_declaration(signals: Any) -> None:
    wrong: Any = int
    for signal in (Signal(), DjangoSignal(), typed_signals.Signal(), Signal[Any, wrong]()):
        assert payload_of(signal, signals) == ("(**kwargs)", None)


def test_payloads_of_djangos_signals(signals: Any) -> None:
    found = {entry["signal"]: entry["payload"] for entry in entries("--all")}
    assert {name for name, _ in builtin_signals()} <= found.keys()
    for name, signal in builtin_signals():
        assert found[name]["keys"].keys() == djangos_payload(signal).keys
    assert found[post_save_name]["keys"]["update_fields"] == key("frozenset[str] | None")
    assert found["django.core.signals.request_started"]["keys"]["scope"]["required"] is False
