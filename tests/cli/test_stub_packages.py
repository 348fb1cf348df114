"""
``infer --declarations``: what is written into a package of declarations.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from typed_signals.cli.exits import CommandError
from typed_signals.cli.infer.edits import plan_declarations, plan_edits
from typed_signals.cli.infer.result import Inference, InferredKey, InferredSignal
from typed_signals.cli.survey.model import Place, Survey
from typed_signals.cli.survey.written_types import NONE, NamedType, UnionOf, UnknownType, Verbatim

if TYPE_CHECKING:
    from pathlib import Path

INT = NamedType("builtins", "int")
ORDER = NamedType("shop.models", "Order")
ORDER_CLASS = NamedType("builtins", "type", (ORDER,))
DJANGOS = "django.dispatch.dispatcher.Signal"


def inferred(name: str, *keys: InferredKey, path: str = "", **others: object) -> InferredSignal:
    module = name.rpartition(".")[0]
    given = {"kind": "django", "engine": DJANGOS, "verdict": "complete", "sender": ORDER_CLASS}
    place = Place(path or f"{module.replace('.', '/')}.py", 7)
    return InferredSignal(name, place, keys=keys, **{**given, **others})  # type: ignore[arg-type]


def key(name: str, typ: object = INT, *, required: bool = True) -> InferredKey:
    return InferredKey(name, typ, required)  # type: ignore[arg-type]


PAID = inferred(
    "shop.signals.paid",
    key("order", ORDER),
    key("signals", UnionOf((NamedType("shop.signals", "Code"), NONE)), required=False),
)
SIGNALS = (
    PAID,
    inferred("shop.signals.seen", sender=UnknownType()),
    inferred("shop.signals.moved", key("from"), key("Order", NamedType("other", "Order"))),
    inferred("shop.changed", key("size"), path="shop/__init__.py", sender=None,
             engine="django.db.models.signals.ModelSignal"),
    inferred("shop.events.baked", key("size"), kind="blinker", engine="blinker.base.Signal"),
)  # fmt: skip
WRITTEN = """\
from typing import NotRequired, TypedDict

from typed_signals.django import Signal
from shop.models import Order
from shop.signals import Code
from other import Order as OtherOrder

class Paid(TypedDict):
    order: Order
    signals: NotRequired[Code | None]

paid: Signal[type[Order], Paid]

class Seen(TypedDict): ...

seen: Signal[object, Seen]

Moved = TypedDict(
    "Moved",
    {
        "from": int,
        "Order": OtherOrder,
    },
)

moved: Signal[type[Order], Moved]
"""
CHANGED = """\
from typing import TypedDict

from typed_signals.django import ModelSignal

class Changed(TypedDict):
    size: int

changed: ModelSignal[object, Changed]
"""
BAKED = """\
from typing import TypedDict

from shop.models import Order
from typed_signals_stubs.blinker import Signal

class Baked(TypedDict):
    size: int

baked: Signal[type[Order], Baked]
"""


def test_signals_are_declared_in_stub_files(tmp_path: Path) -> None:
    package = tmp_path / "typings" / "our_signals"
    inference = Inference(str(tmp_path), SIGNALS)
    edits = plan_declarations(inference, package)
    assert edits.left == ()
    assert {*edits.declared} == {*SIGNALS}
    assert not package.exists()
    assert "--- /dev/null\n+++ b/our_signals/shop/signals.pyi\n@@ " in edits.diff()
    edits.write()
    written = {
        path.relative_to(package).as_posix(): path.read_text("utf-8")
        for path in package.rglob("*")
        if path.is_file()
    }
    signals = written.pop("shop/signals.pyi")
    assert sorted(signals.splitlines()) == sorted(WRITTEN.splitlines())
    assert signals.partition("class")[2] == WRITTEN.partition("class")[2]
    assert written == {"__init__.pyi": "", "shop/__init__.pyi": CHANGED, "shop/events.pyi": BAKED}
    # Again, with another signal, and after somebody has stated a type better.
    better = signals.replace("order: Order", "order: Order | str")
    (package / "shop" / "signals.pyi").write_text(better, "utf-8")
    lost = inferred("shop.signals.lost", key("on", NamedType("datetime", "date")))
    edits = plan_declarations(Inference(str(tmp_path), (*SIGNALS, lost)), package, "function")
    assert edits.left == ()
    assert edits.declared == (lost,)
    (change,) = edits.changes
    after = change.after.decode()
    assert after.startswith(
        "from datetime import date\nfrom typing import Any, NotRequired, TypedDict\n"
    )
    assert after.partition("class")[2] == better.partition("class")[2] + (
        "\n@Signal.declare\ndef lost(sender: type[Order], *, on: date) -> Any: ...\n"
    )


NAMED_LIKE_BUILTINS = """\
from builtins import type as builtins_type
from typing import TypedDict

from shop.models import Order
from typed_signals.django import Signal

class Object(TypedDict):
    size: int

object: Signal[builtins_type[Order], Object]

class Type(TypedDict):
    size: int

type: Signal[builtins_type[Order], Type]
"""


def test_signals_may_be_named_like_builtins(tmp_path: Path) -> None:
    signals = (
        inferred("shop.signals.type", key("size")),
        inferred("shop.signals.object", key("size")),
    )
    edits = plan_declarations(Inference(str(tmp_path), signals[::-1]), tmp_path / "ours")
    assert edits.changes[-1].after.decode() == NAMED_LIKE_BUILTINS


def test_signals_are_left_where_a_stub_file_cannot_declare_them(tmp_path: Path) -> None:
    signals = (
        inferred("shop.signals.declared", verdict="declared"),
        inferred("shop.signals.open", verdict="open"),
        inferred("shop.signals.ours", kind="typed"),
        inferred("shop.signals.other", kind="other", engine="celery.Signal"),
        inferred("shop.signals.Shop.inner", path="shop/signals.py"),
        inferred("shop.signals.ALL['done']"),
        inferred("shop.signals.BY_VERSION['v1.done']"),
    )
    package = tmp_path / "our_signals"
    edits = plan_declarations(Inference(str(tmp_path), signals), package)
    assert [each.why for each in edits.left] == [
        "a send passes keys that are not known",
        "add the payload where it is created",
        "its class is celery.Signal",
        "it is an attribute of a class",
        "it has no name of its own",
        "it has no name of its own",
    ]
    assert edits.changes == ()
    assert edits.diff() == ""
    edits.write()
    assert not package.exists()


def test_folder_must_be_a_package_of_stub_files(tmp_path: Path) -> None:
    inference = Inference(str(tmp_path), (PAID,))

    def refused(name: str) -> str:
        with pytest.raises(CommandError) as raised:
            plan_declarations(inference, tmp_path / name)
        return str(raised.value).replace(f"{tmp_path}/", "")

    assert refused("our-signals") == "our-signals is not a name of a package: use an identifier"
    (tmp_path / "file").touch()
    assert refused("file") == "file is a file: name a folder"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "models.py").touch()
    assert refused("shop") == (
        "shop contains models.py, but declarations are stub files: name a folder that contains "
        "nothing else"
    )
    broken = tmp_path / "broken" / "shop" / "signals.pyi"
    broken.parent.mkdir(parents=True)
    broken.write_text("paid: (", "utf-8")
    assert refused("broken") == (
        "broken/shop/signals.pyi cannot be read, because it cannot be parsed: ParserSyntaxError"
    )


def test_types_that_are_no_source_are_left(tmp_path: Path) -> None:
    types = [
        Verbatim("1 2"),
        NamedType("shop.views", "pay.<locals>.Card"),
        NamedType("my-shop.models", "Order"),
        NamedType("shop.class", "Order"),
    ]
    bad = [inferred(f"shop.signals.bad{n}", key("a", typ)) for n, typ in enumerate(types)]
    bad.append(inferred("shop.signals.of_sender", sender=types[0]))
    (tmp_path / "shop").mkdir()
    signals = "".join(f"{one.fullname.rpartition('.')[2]} = Signal()\n" for one in (PAID, *bad))
    source = f"from django.dispatch import Signal\n{signals}"
    (tmp_path / "shop/signals.py").write_text(source, "utf-8")
    placed = [
        replace(one, place=Place("shop/signals.py", n)) for n, one in enumerate([PAID, *bad], 2)
    ]
    inference = Inference(str(tmp_path), tuple(placed))
    in_stubs = plan_declarations(inference, tmp_path / "ours")
    in_place = plan_edits(inference, Survey(str(tmp_path)))
    for edits in (in_stubs, in_place):
        assert edits.declared == (placed[0],)
        assert [(each.signal, each.why) for each in edits.left] == [
            (one, "its types cannot be written as source") for one in placed[1:]
        ]
