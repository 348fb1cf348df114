"""
What travels comes back equal and of the same type, and what would not is refused.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from jsonschema import Draft202012Validator

from tests.background.travelling_types import (
    Address,
    Card,
    Cash,
    Color,
    Crust,
    Deep,
    Document,
    Key,
    Line,
    Lists,
    Loop,
    Made,
    MaybeColor,
    Movie,
    Node,
    NotAnnotated,
    Order,
    OrderPage,
    Page,
    Point,
    Row,
    Shape,
    Size,
    Special,
    Status,
    Topping,
    Tree,
    UserId,
)
from typed_signals.background._codec import Codec, Definitions, codec_of

BERLIN: Final = ZoneInfo("Europe/Berlin")
LINE: Final = Line("a", Decimal(2))
CASH: Final = Cash(currency="EUR")
ID: Final = UUID("6f6ff5ed-54ee-4a5c-a9d6-4b5c2d8e0f11")


def check_same(one: Any, other: Any) -> None:
    """
    Fail unless the two values, and what is in them, are equal and of the same types.
    """
    assert type(one) is type(other)
    assert one == other
    assert repr(one) == repr(other)


def travel(codec: Codec, value: Any) -> Any:
    """
    Return *value* after it was text; what is written fits the schema.
    """
    wire = codec.dump(value)
    text = msgspec.json.encode(wire)
    assert msgspec.json.decode(text) == wire
    # Other readers and writers of JSON do not change it.
    assert msgspec.json.decode(json.dumps(json.loads(text))) == wire
    definitions = Definitions()
    schema = codec.schema(definitions)
    Draft202012Validator.check_schema({**schema, "$defs": definitions})
    Draft202012Validator({**schema, "$defs": definitions}).validate(wire)
    return codec.load(json.loads(text))


# Each type, what is written for the first value, and values.
TRAVELLERS: Final[list[tuple[Any, str, list[Any]]]] = [
    (None, "null", [None]),
    (bool, "true", [True, False]),
    (int, "0", [0, -5, 2**64, -(2**70)]),
    (float, "1.0", [1.0, 1, -0.0, 1e300, 5e-324]),
    (str, r'"a\u0000\n"', ["a\0\n", "\u2028", "", "🍕", "x" * 1_000_000]),
    (bytes, '"/wA="', [b"\xff\0", b""]),
    (Decimal, '"1.50"', [Decimal(each) for each in ("1.50", "-0", "1E+9", "Infinity")]),
    (UUID, f'"{ID}"', [ID]),
    (date, '"2026-02-03"', [date(2026, 2, 3), date.min, date.max]),
    (timedelta, '"-PT0.000001S"', [-timedelta.resolution, timedelta.max, timedelta.min]),
    (
        time,
        '"01:02:00"',
        [time(1, 2), time(1, fold=1), time(1, 2, 3, 4, tzinfo=BERLIN), time(1, tzinfo=UTC)],
    ),
    (
        datetime,
        '"2026-10-25T02:30:00+01:00[Europe/Berlin][_fold=1]"',
        [
            # The second of two equal times; one that does not exist; and the same without fold.
            datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
            datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
            datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN, fold=1),
            datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN),
            datetime(2026, 1, 1, tzinfo=BERLIN, fold=1),
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-3, seconds=7))),
            datetime(1, 1, 1),  # noqa: DTZ001
        ],
    ),
    (ZoneInfo, '"Europe/Berlin"', [BERLIN]),
    (Color, '"red"', [Color.RED, Color.AZURE]),
    (Size, "2", [Size.LARGE]),
    (Status, '"paid"', [Status.PAID]),
    (Shape, '"ROUND"', [Shape.ROUND, Shape.FLAT]),
    (Topping, "3", [Topping.HAM | Topping.CHEESE, Topping(0)]),
    (Literal["a", 1, True, b"x"], '"a"', ["a", 1, True, b"x"]),
    (UserId, "3", [UserId(3)]),
    (Annotated[int, "metadata"], "3", [3]),
    (type, '"builtins.int"', [int, Order]),
    (type[Color], '"tests.background.travelling_types.Color"', [Color]),
    (list[int], "[1,2]", [[1, 2], [], [1] * 100_000]),
    (set[date], '["2026-01-01"]', [{date(2026, 1, 1)}, set()]),
    (frozenset[tuple[int, str]], '[[1,"a"]]', [frozenset({(1, "a")})]),
    (tuple[int, ...], "[1,2]", [(1, 2), ()]),
    (tuple[()], "[]", [()]),
    (tuple[Decimal, list[bool]], '["1",[true]]', [(Decimal(1), [True])]),
    (dict[str, int], '{"a":1}', [{"a": 1}, {}]),
    (dict[int, str], '{"1":"a","-2":"b"}', [{1: "a", -2: "b"}]),
    (dict[Size, dict[UUID, int]], f'{{"1":{{"{ID}":1}}}}', [{Size.SMALL: {ID: 1}}]),
    (int | None, "3", [3, None]),
    (int | Decimal | None, '"3"', [Decimal(3), 3, None]),
    (UUID | str, '{"str":"a"}', ["a", ID, str(ID)]),
    (date | datetime, '{"date":"2026-01-01"}', [date(2026, 1, 1), datetime.max]),  # noqa: DTZ901
    (list[int] | list[str] | dict[str, int], '{"list[str]":["a"]}', [["a"], [], {"list[int]": 3}]),
    (Literal["a", "b"] | None, '"a"', ["a", "b", None]),
    (Literal[1, True, "x"], "true", [True, 1]),
    (Literal[Status.PAID, "x"] | UUID, '{"Literal[Status.PAID, \'x\']":"paid"}', [Status.PAID, ID]),
    (int | float, "1", [1, 1.0]),
    (Card | Cash, '{"card":{"ownerName":"Ada","limit":null,"codes":[]}}', [Card("Ada"), CASH]),
    (Order, '{"id":1,"lines":[],"day":null}', [Order(UserId(1)), Order(UserId(1), [LINE])]),
    (Point, '{"x":1,"y":0}', [Point(1)]),
    (Special[int], '{"value":3,"doubled":4,"note":"NEW"}', [Special(2, 3)]),
    (
        Node,
        '{"name":"a","children":[],"parent":{"name":"b","children":[],"parent":null}}',
        [Node("a", [], Node("b")), Node("a", [Node("b", [Node("c")])])],
    ),
    (
        Page[Color],
        '{"items":["red"],"next":{"items":[],"next":null}}',
        [Page([Color.RED], Page([]))],
    ),
    (
        OrderPage,
        '{"items":[{"product":"a","price":"2","amount":1}],"next":null,"total":0}',
        [OrderPage([LINE])],
    ),
    (Address, '{"street":"x","city":"Turin","lines":[],"country":"IT"}', [Address("x")]),
    (Made, '{"size":1}', [Made(1)]),
    (NotAnnotated, '{"size":1}', [NotAnnotated(1)]),
    (tuple[Point, Point], '[{"x":1,"y":0},{"x":2,"y":0}]', [(Point(1), Point(2))]),
    (Key[int], '{"parts":[1],"size":1}', [Key((1,))]),
    (Crust, '{"width":2.5,"kind":"thin"}', [Crust(2.5)]),
    (
        Movie,
        '{"value":"red","title":"a","sequel":{"note":"c","value":"blue","title":"b"}}',
        [
            {
                "value": Color.RED,
                "title": "a",
                "sequel": {"note": "c", "value": Color.BLUE, "title": "b"},
            }
        ],
    ),
    (
        Document,
        '{"content":{"a":[1,2.5,null,{"b":true}]}}',
        [{"content": {"a": [1, 2.5, None, {"b": True}]}}, {"content": 1}],
    ),
    (Tree[int], "[1,[2,[3]]]", [[1, [2, [3]]], 4]),
    (MaybeColor | Color | int, '"red"', [Color.RED, None, 1]),
    (Loop | str, "1", [1, "a"]),
    (Deep, '{"a":{"b":null}}', [{"a": {"b": None}}, {}]),
    (Lists, "[null,[1]]", [[None, [1]], 1]),
    (Row, '["a",null,["b"]]', [["a", None, ["b"]]]),
    (type[Color | Order], '{"type[Order]":"tests.background.travelling_types.Order"}', [Order]),
    (type[Color] | int, "1", [1, Color]),
    (
        type[Color] | type[Order],
        '{"type[Color]":"tests.background.travelling_types.Color"}',
        [Color, Order],
    ),
]


@pytest.mark.parametrize(("stated", "text", "values"), TRAVELLERS, ids=lambda each: str(each)[:40])
def test_values_come_back_equal_and_of_the_same_type(
    stated: Any, text: str, values: list[Any]
) -> None:
    codec = codec_of(stated)
    assert msgspec.json.encode(codec.dump(values[0])).decode() == text
    for value in values:
        check_same(travel(codec, value), value)


def test_cached_properties_are_computed_again() -> None:
    special, key = Special(2, 3), Key((1,))
    assert (special.length, key.half) == (3, 0.5)
    for stated, value in ((Special[int], special), (Key[int], key)):
        check_same(travel(codec_of(stated), value), value)
