"""
Deliveries of another release, and declarations that are complete only at the first send.
"""

from __future__ import annotations

import importlib
import json
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from tests.background.recording import Recording
from typed_signals.background import Background, run
from typed_signals.exceptions import (
    DeliveryError,
    ReceiverSignatureError,
    UndeliverableError,
    UnknownNameError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

engine = Recording()
background = Background(engine)

RELEASE = """
from typing import Any, NotRequired, TYPE_CHECKING, TypedDict
from uuid import UUID
from tests.background.test_releases import background
from typed_signals import Signal

class Shop: ...

class Order(TypedDict):
    {keys}

order_placed = Signal[{sender}, Order]()

@background.receiver(order_placed)
def ship({parameters}**kwargs):
    return {{key: value for key, value in {{**kwargs, {known}}}.items() if key != "signal"}}
"""


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """
    Return a function that makes a release of a module with these keys.
    """
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    engine.queue.clear()

    def make(*keys: str, parameters: str = "", sender: str = "type[Shop]") -> ModuleType:
        sys.modules.pop("shop_release", None)
        lines = "\n    ".join(keys or ("pass",))
        names = [each.partition("=")[0] for each in parameters.split(",") if each]
        known = ", ".join(f"'{name}': {name}" for name in names)
        comma = f"{parameters}, " if parameters else ""
        code = RELEASE.format(keys=lines, parameters=comma, sender=sender, known=known)
        (tmp_path / "shop_release.py").write_text(dedent(code), "utf-8")
        importlib.invalidate_caches()
        return importlib.import_module("shop_release")

    yield make
    sys.modules.pop("shop_release", None)


def text_of(module: Any, **payload: Any) -> str:
    engine.queue.clear()
    module.order_placed.send(module.Shop, **payload)
    return engine.texts[0]


OLD = ("size: int", "note: NotRequired[str]")


# What the next release changes in the keys of the old one, and what then becomes of a delivery.
ACCEPTED: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "nothing": (OLD, {"size": 3, "note": "hot"}),
    "a key is removed": (("size: int",), {"size": 3}),
    "all keys are removed": ((), {}),
    "an optional key is added": ((*OLD, "when: NotRequired[str]"), {"size": 3, "note": "hot"}),
    "a required key becomes optional": (("size: NotRequired[int]",), {"size": 3}),
    "an optional key becomes required": (("size: int", "note: str"), {"size": 3, "note": "hot"}),
    "a type becomes wider": (("size: int | None",), {"size": 3}),
    "a key does not travel any more": (("size: int", "note: object"), {"size": 3}),
}


@pytest.mark.parametrize("change", ACCEPTED)
def test_delivery_of_the_previous_release_is_accepted(
    change: str, release: Callable[..., Any]
) -> None:
    keys, received = ACCEPTED[change]
    text = text_of(release(*OLD), size=3, note="hot")
    module = release(*keys)
    assert run(text) == {"sender": module.Shop, **received}


REFUSED: dict[str, tuple[tuple[str, ...], str, str]] = {
    "a required key is added": ((*OLD, "when: str"), "", "has no 'when', which this release"),
    "it is renamed": (("width: int",), "", "has no 'width', which this release requires"),
    "it is retyped": (
        ("size: str",),
        "",
        "has a value for 'size' that does not fit the declaration",
    ),
    "the optional one is retyped": (
        ("size: int", "note: NotRequired[int]"),
        "",
        "has a value for 'note' that does not fit the declaration",
    ),
    "a key that did not travel is named": (
        ("size: int", "request: str"),
        "request",
        "has no 'request', which this release requires",
    ),
}


@pytest.mark.parametrize("change", REFUSED)
def test_delivery_that_does_not_fit_is_refused(change: str, release: Callable[..., Any]) -> None:
    keys, parameters, reason = REFUSED[change]
    old = (*OLD, "request: object") if parameters else OLD
    more = {"request": "r"} if parameters else {}
    text = text_of(release(*old), size=3, note="hot", **more)
    release(*keys, parameters=parameters)
    with pytest.raises(DeliveryError) as refused:
        run(text)
    sent = (
        f"the delivery {json.loads(text)['id']} of shop_release.order_placed to shop_release.ship"
    )
    assert str(refused.value).startswith(f"{sent} {reason}")


def test_values_left_out_are_missed_only_by_those_who_name_them(
    release: Callable[..., Any],
) -> None:
    old = release("size: int", sender="Any")
    text = text_of(old, size="large")
    assert json.loads(text)["left_out"] == ["size"]
    assert run(text) == {"sender": old.Shop}
    release("size: int", parameters="size", sender="Any")
    with pytest.raises(DeliveryError, match="has no 'size', which this release requires"):
        run(text)


def test_other_senders_are_refused(release: Callable[..., Any]) -> None:
    old = release("size: int", sender="str")
    old.order_placed.send("Rome", size=3)
    [of_text] = engine.texts
    assert run(of_text) == {"sender": "Rome", "size": 3}
    of_class = text_of(old, size=3)
    old.order_placed.send(old, size=3)
    of_nobody = engine.texts[-1]
    assert run(of_nobody) == {"size": 3}
    release("size: int", parameters="sender", sender="type[Shop]")
    for text, reason in ((of_text, "the class 'Rome' is not"), (of_nobody, "has no 'sender'")):
        with pytest.raises(DeliveryError, match=reason):
            run(text)
    senders: list[Any] = [{}, {"class": 7}, {"value": 7}, 7, "Rome", []]
    for sender in senders:
        with pytest.raises(DeliveryError, match="has a value for 'sender' that does not fit"):
            run(json.dumps({**json.loads(of_class), "sender": sender}))
    del sys.modules["shop_release"].Shop
    with pytest.raises(UnknownNameError, match=r"shop_release\.Shop"):
        run(of_class)


def test_names_defined_below_are_known_at_the_first_send(release: Callable[..., Any]) -> None:
    module = release(
        "number: 'Number'", "later: NotRequired['Later']", parameters="number, later=None"
    )
    with pytest.raises(UndeliverableError) as raised:
        module.order_placed.send(None, number=3)
    assert raised.value.wrong == ("number",)
    assert str(raised.value).startswith(
        "shop_release.order_placed cannot deliver 'number' to shop_release.ship, which runs in the "
        "background: it is Number, which "
    )
    assert engine.queue == []
    module = release("number: 'Number'", "later: NotRequired['Later']", parameters="number")
    module.Number = int
    module.order_placed.send(None, number=3)
    assert engine.run() == [{"sender": None, "number": 3}]
    # What a type is cannot change after that.
    module.Number = object
    module.order_placed.send(None, number=4)


def test_only_undefined_names_wait_for_the_first_send(release: Callable[..., Any]) -> None:
    with pytest.raises(ReceiverSignatureError, match="'number' cannot travel to the background"):
        release("number: object", parameters="number")
