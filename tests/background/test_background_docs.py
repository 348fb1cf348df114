"""
The page about receivers in the background is true.
"""

from __future__ import annotations

import io
import json
import re
import sys
import typing
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest

from tests.background.recording import Recording
from tests.markdown import ROOT, errors_of_mypy, read_blocks
from typed_signals import Signal
from typed_signals.background import Background, run
from typed_signals.background._codec import CannotTravel, codec_of, codec_or_problem
from typed_signals.exceptions import DeliveryError, SignalError
from typed_signals.testing import isolate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.any_python

PAGE = "docs/reference/background.md"
TEXT = (ROOT / PAGE).read_text("utf-8")
BLOCKS = read_blocks(PAGE)
# Those about engines are tested with Celery.
PYTHON = [block for block in BLOCKS if block.language == "python" and block.section != "Engines"]
OUTPUT = {block: after.text for block, after in pairwise(BLOCKS) if after.language == "text"}


@pytest.fixture(scope="module")
def shop() -> Iterator[ModuleType]:
    """
    The module in which the blocks of the page are executed.
    """
    module = ModuleType("shop")
    sys.modules["shop"] = module
    yield module
    del sys.modules["shop"]


def without_places(text: str) -> str:
    return re.sub(r" \(\S+:\d+\)", "", text)


def test_blocks_have_the_documented_output(shop: Any) -> None:
    assert len(PYTHON) > 5
    for block in PYTHON:
        shown = OUTPUT.get(block, "")
        with redirect_stdout(io.StringIO()) as output:
            try:
                exec(compile(block.text, "shop.py", "exec"), vars(shop))
            except SignalError as error:
                problem = without_places(f"{type(error).__name__}: {error}")
                assert problem == " ".join(shown.split())
                continue
            shop.threads.drain()
        # The threads run them in any order.
        assert sorted(output.getvalue().splitlines()) == sorted(shown.splitlines())


def test_mypy_accepts_the_blocks(tmp_path: Path) -> None:
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = typed_signals.mypy\nstrict = true\n")
    right = [block.text for block in PYTHON if "Error: " not in OUTPUT.get(block, "")]
    (tmp_path / "shop.py").write_text("\n".join(right), "utf-8")
    assert errors_of_mypy(tmp_path) == []


def rows_of(section: str) -> list[list[str]]:
    """
    Return the cells of the rows of the first table in *section*.
    """
    part = TEXT.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    table = re.search(r"^\|.*\n\|[-|: ]+\|\n((?:\|.*\n)+)", part, re.MULTILINE)
    assert table is not None
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in table[1].splitlines()
    ]


def code_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]*)`", cell)


class Color(Enum):
    RED = "red"


@dataclass
class Line:
    book: str
    price: Decimal


class Point(NamedTuple):
    x: int
    y: int


class Part(TypedDict):
    size: int


NAMES: dict[str, Any] = {
    **{cls.__name__: cls for cls in (Color, Line, Point, Part, Decimal, UUID, ZoneInfo)},
    **{cls.__name__: cls for cls in (date, datetime, time, timedelta)},
    "Literal": Literal,
}


def test_table_of_what_travels(shop: Any) -> None:
    rows = [row for row in rows_of("What travels") if "a model of Django" not in row[0]]
    assert len(rows) > 15
    names = {**vars(typing), **NAMES, "Shop": shop.Shop}
    for stated, example, wire in rows:
        [value], [written] = code_in(example), code_in(wire)
        known = eval(value, dict(names))  # noqa: S307 - of our page
        annotations = [eval(each, dict(names)) for each in code_in(stated)]  # noqa: S307
        codec = codec_of(annotations[0])
        assert json.loads(written) == codec.dump(known)
        back = codec.load(json.loads(written))
        assert (back, type(back)) == (known, type(known))
        for other in annotations[1:]:
            assert not isinstance(codec_or_problem(other, names, {}), CannotTravel)


def test_table_of_what_does_not_travel() -> None:
    rows = rows_of("What does not travel")
    assert len(rows) > 4
    names = {"Any": Any, "HttpRequest": HttpRequest, "Path": Path, "Lock": type(Lock())}
    for stated, why, fix in rows:
        annotation, *others = code_in(stated)
        problem = codec_or_problem(annotation, names, {})
        assert str(problem) == f"{why}: {fix}"
        for other in others:
            assert isinstance(codec_or_problem(other, names, {}), CannotTravel)


class OrderPlaced(TypedDict):
    number: int
    request: object
    kind: type


order_placed = Signal[Any, OrderPlaced]()
engine = Recording()
background = Background(engine)


def ship(number: int, **kwargs: Any) -> None: ...


def greet(request: object, **kwargs: Any) -> None: ...


async def wait(**kwargs: Any) -> None: ...


def in_main(**kwargs: Any) -> None: ...


in_main.__module__ = "__main__"


def text_with(**changes: Any) -> str:
    [text] = engine.texts
    return json.dumps({**json.loads(text), **changes})


def connect(receiver: Any, **options: Any) -> None:
    background.receiver(order_placed, **options)(receiver)


def send(number: Any) -> None:
    order_placed.send(OrderPlaced, number=number, request=None, kind=int)


PROVOKED: list[Callable[[], object]] = [
    lambda: connect(greet),
    lambda: send("7"),
    lambda: connect(lambda **kwargs: None),
    lambda: connect(in_main),
    lambda: connect(greet_too, dispatch_uid="ship"),
    lambda: connect(wait),
    # In the worker.
    lambda: run(text_with(receiver="shop.other")),
    lambda: run(text_with(sender={"class": "shop.Other"})),
    lambda: run(text_with(payload={})),
    lambda: run(text_with(payload={"number": "7", "kind": "builtins.int"})),
    lambda: run("{}"),
]


def greet_too(**kwargs: Any) -> None: ...


def test_messages() -> None:
    part = TEXT.partition("## What the messages mean\n")[2]
    rows = re.findall(r"^\| `(.*?)`(?: \(`(\w+)`\))? \|", part, re.MULTILINE)
    with isolate(order_placed):
        connect(ship, dispatch_uid="ship")
        send(7)
        for provoke, (message, name) in zip(PROVOKED, rows, strict=True):
            parts = message.replace("'total'", "'number'").split("…")
            with pytest.raises(SignalError, match=".*".join(map(re.escape, parts))) as raised:
                provoke()
            if isinstance(raised.value, DeliveryError):
                assert type(raised.value).__name__ == (name or "DeliveryError")


def test_tests_of_the_promises_exist() -> None:
    named = re.findall(r"`(tests/\S+\.py)::(\w+)`", TEXT)
    assert len(named) > 6
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), test
