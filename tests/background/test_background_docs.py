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

from tests.markdown import ROOT, errors_of_mypy, read_blocks
from typed_signals.background._codec import CannotTravel, codec_of, codec_or_problem
from typed_signals.exceptions import SignalError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pages

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


def test_tests_of_the_promises_exist() -> None:
    named = re.findall(r"`(tests/\S+\.py)::(\w+)`", TEXT)
    assert len(named) > 6
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), test
