"""
The types of keys are read as they are declared, and other packages can add types.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, Generic, NoReturn, NotRequired, TypedDict, TypeVar

import pytest
from typing_extensions import TypeAliasType

from tests.background.refused_types import One, PartlyUntyped, Plain, Two
from tests.background.travelling_types import MaybeRow, Node, Order
from tests.support import unchecked
from typed_signals import Signal
from typed_signals.background import _codec
from typed_signals.background._codec import (
    CannotTravel,
    Codec,
    Definitions,
    Kind,
    codec_of,
    codec_or_problem,
    register_adapter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from elsewhere import Missing  # type: ignore[import-not-found]

T = TypeVar("T")


def read(signal: Any) -> dict[str, Codec | CannotTravel]:
    """
    Return how the keys of *signal* travel, or why they do not.
    """
    found: dict[str, Codec | CannotTravel]
    found = signal._declaration.evaluated_types_of(signal, codec_or_problem)
    return found


def texts_of(signal: Any) -> dict[str, str]:
    """
    Return the type of each key of *signal* that travels, and the problem of others.
    """
    return {
        key: each.name if isinstance(each, Codec) else each.about(key)
        for key, each in read(signal).items()
    }


class Paid(TypedDict, Generic[T]):
    item: T
    items: NotRequired[dict[str, T]]
    user: Missing | None


class PaidTwice(Paid[list[T]]):
    again: T


MISSING = (
    "it is Missing, which does not exist at run time: import it outside of TYPE_CHECKING, or "
    "define it at module level"
)
paid: Signal[object, Paid[Node]] = Signal()
paid_twice: Signal[object, PaidTwice[int]] = Signal()
paid_missing: Signal[object, Paid[Missing]] = Signal()


@Signal.declare
def shipped(sender: object, *, order: Order, note=None, user: Missing) -> None:  # type: ignore[no-untyped-def]
    ...


def test_keys_are_read_one_by_one() -> None:
    assert texts_of(paid) == {"item": "Node", "items": "dict[str, Node]", "user": MISSING}
    assert texts_of(paid_twice) == {
        "item": "list[int]",
        "items": "dict[str, list[int]]",
        "user": MISSING,
        "again": "int",
    }
    problem = MISSING.replace("it is", "items[] is", 1)
    assert texts_of(paid_missing) == {"item": MISSING, "items": problem, "user": MISSING}
    assert texts_of(shipped) == {
        "order": "Order",
        "note": "it is Any, which does not say what comes back: declare its type",
        "user": MISSING,
    }


def test_type_arguments_that_contain_themselves_are_checked_for_it() -> None:
    node = Node("a")
    node.children.append(node)
    codec = read(paid)["item"]
    assert isinstance(codec, Codec)
    assert codec.load(codec.dump(Node("a"))) == Node("a")
    with pytest.raises(CannotTravel, match="it contains itself"):
        codec.dump(node)


if sys.version_info >= (3, 12):

    def test_type_parameters_and_statements(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tmp_path.joinpath("pages.py").write_text(
            "from __future__ import annotations\n"
            "from dataclasses import dataclass\n"
            "from typing import NamedTuple, TypedDict\n"
            "@dataclass\n"
            "class Page[T]:\n"
            "    items: list[T]\n"
            "    next: Page[T] | None = None\n"
            "class Box[T](TypedDict):\n"
            "    page: Page[T]\n"
            "    json: Json\n"
            "class Pair[T](NamedTuple):\n"
            "    one: T\n"
            "    two: T\n"
            "type Json = dict[str, Json] | list[Json] | str | float | bool | None\n"
            "type Pairs[T] = list[Pair[T] | Pairs[T]]\n",
            "utf-8",
        )
        monkeypatch.syspath_prepend(tmp_path)
        pages: Any = importlib.import_module("pages")
        pair = pages.Pair(1, 2)
        for stated, value in (
            (pages.Box[int], {"page": pages.Page([1], pages.Page([])), "json": {"a": [1, None]}}),
            (pages.Pairs[int], [pair, [pair, []]]),
        ):
            codec = codec_of(stated)
            assert codec.load(codec.dump(value)) == value


class HostileMeta(type):
    def __hash__(cls) -> int:
        raise ValueError("no")

    def __getattr__(cls, name: str) -> NoReturn:
        raise ValueError("no")


class Hostile(metaclass=HostileMeta):
    pass


Cubes = TypeAliasType("Cubes", "dict[Cubes, int]")
Broken = TypeAliasType("Broken", unchecked("list[int"))  # type: ignore[valid-type]
Cyclic = TypeAliasType("Cyclic", "Cyclic")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (Hostile, "it cannot be read, that raised ValueError('no')"),
        (Broken, "it is list[int, which does not exist at run time: "),
        (Cyclic, "it is 'Cyclic', which cannot be sent to another process: "),
        (PartlyUntyped, "it is PartlyUntyped, without a type for 'size': annotate it"),
        (
            dict[MaybeRow, int],
            "it has keys of type list[MaybeRow | str] | None, which JSON cannot hold: ",
        ),
        (Cubes, "it has keys of type Cubes, which JSON cannot hold: "),
        (5, "it is 5, which cannot be sent to another process: "),
    ],
    ids=str,
)
def test_strange_types_are_refused(stated: Any, message: str) -> None:
    with pytest.raises(CannotTravel) as caught:
        codec_of(stated)
    assert str(caught.value).startswith(message)


class PlainByNumber(Kind):
    """
    Objects of ``Plain``, which another package writes as numbers.
    """

    name = "Plain"
    classes = (Plain,)
    wires = (int,)
    own_schema = {"type": "integer"}  # noqa: RUF012

    def __init__(self) -> None:
        self.values: list[object] = []

    def dump(self, value: Any) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def load(self, wire: Any) -> object:
        return self.values[wire]


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlainByNumber]:
    kind = PlainByNumber()
    monkeypatch.setattr(_codec, "_adapters", [])
    register_adapter(lambda stated: kind if stated in (Plain, type[Plain]) else None)
    yield kind
    _codec._known_codec.cache_clear()


def test_adapter_decides_about_its_classes(adapter: PlainByNumber) -> None:
    value = Plain()
    codec = codec_of(dict[str, Plain | str | None])
    assert codec.dump({"a": value, "b": "c"}) == {"a": 0, "b": "c"}
    assert codec.load({"a": 0, "b": None}) == {"a": value, "b": None}
    assert codec_of(type[Plain]).dump(value) == 1
    assert codec_of(type[int]).dump(int) == "builtins.int"


def test_classes_with_one_name_have_schemas_of_their_own() -> None:
    definitions = Definitions()
    schemas = [codec_of(each).schema(definitions) for each in (One.Line, Two.Line, One.Line)]
    names = [
        f"#/$defs/tests.background.refused_types.{name}.Line" for name in ("One", "Two", "One")
    ]
    assert [schema["$ref"] for schema in schemas] == names
    assert [definitions.refer(number, "Other", dict)["$ref"] for number in (1, 2)] == [
        "#/$defs/Other",
        "#/$defs/Other_2",
    ]
