"""
What does not come back equal and of the same type is refused: types, values, and what arrives.
"""

from __future__ import annotations

import collections
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from importlib import resources
from typing import Any, Final, Literal, Never, NewType, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.background.refused_types import (
    AttrsIdentity,
    Basket,
    Computed,
    Doubles,
    Growing,
    HashedByIdentity,
    Id,
    Identity,
    Liar,
    Mapped,
    One,
    OnlyItself,
    Other,
    Plain,
    Raising,
    Slotted,
    Strict,
    StructIdentity,
    Text,
    Two,
    Unread,
    UnreadKeys,
    Untyped,
    Unwritten,
    WithNote,
)
from tests.background.test_codec import TRAVELLERS
from tests.background.travelling_types import (
    Address,
    Card,
    Color,
    Crust,
    Key,
    Line,
    Movie,
    Node,
    Order,
    Point,
    Size,
    Special,
    Status,
    Topping,
    UserId,
)
from typed_signals.background._codec import CannotTravel, codec_of
from typed_signals.exceptions import UnknownNameError

T = TypeVar("T")
BERLIN: Final = ZoneInfo("Europe/Berlin")
with resources.files("tzdata").joinpath("zoneinfo/Europe/Berlin").open("rb") as file:
    UNNAMED: Final = ZoneInfo.from_file(file)


class OtherZone(tzinfo):
    def utcoffset(self, when: datetime | None) -> timedelta:
        return timedelta(0)

    def dst(self, when: datetime | None) -> None: ...

    def tzname(self, when: datetime | None) -> None: ...


def refusal(call: Callable[[], object]) -> str:
    """
    Return the message with which *call* is refused.
    """
    with pytest.raises(CannotTravel) as caught:
        call()
    return caught.value.about("key")


ANOTHER_PROCESS: Final = (
    "which cannot be sent to another process: declare its id, or the data that the receiver needs"
)
NOT_THERE: Final = (
    "which does not exist at run time: import it outside of TYPE_CHECKING, or define it at module "
    "level"
)
EQUAL_THEMSELVES: Final = "whose objects only equal themselves: define its __eq__"
WHAT_COMES_BACK: Final = "which does not say what comes back: declare its type"

TYPES: Final[list[tuple[Any, str]]] = [
    (Any, f"it is Any, {WHAT_COMES_BACK}"),
    (object, f"it is object, {WHAT_COMES_BACK}"),
    (T, f"it is T, {WHAT_COMES_BACK}"),
    (Special, f"key.value is T, {WHAT_COMES_BACK}"),
    (dict[str, list[Any]], f"key[][] is Any, {WHAT_COMES_BACK}"),
    (list, "it is list, which does not say what is in it: declare list[...]"),
    (tuple, "it is tuple, which does not say what is in it: declare tuple[...]"),
    (Sequence, "it is Sequence, which does not say what is in it: declare Sequence[...]"),
    (Plain, f"it is Plain, {ANOTHER_PROCESS}"),
    (Plain | None, f"it is Plain, {ANOTHER_PROCESS}"),
    (NewType("NewPlain", Plain), f"it is Plain, {ANOTHER_PROCESS}"),
    (Basket, f"key.lines[][] is Plain, {ANOTHER_PROCESS}"),
    (Callable[[int], str], f"it is Callable, {ANOTHER_PROCESS}"),
    (collections.deque[int], f"it is deque, {ANOTHER_PROCESS}"),
    (Iterator[int], f"it is Iterator, {ANOTHER_PROCESS}"),
    (Never, f"it is Never, {ANOTHER_PROCESS}"),
    (tuple[int, *tuple[str, ...]], f"key[] is tuple, {ANOTHER_PROCESS}"),
    ("Missing", f"it is Missing, {NOT_THERE}"),
    (type["Missing"], f"it is Missing, {NOT_THERE}"),  # noqa: F821
    (Unread, f"key.user is Missing, {NOT_THERE}"),
    (list[UnreadKeys], f"key[]['user'] is Missing, {NOT_THERE}"),
    (Mapped, "it is Mapped, which inherits from dict: declare its data instead"),
    (Identity, f"it is Identity, {EQUAL_THEMSELVES}"),
    (AttrsIdentity, f"it is AttrsIdentity, {EQUAL_THEMSELVES}"),
    (StructIdentity, f"it is StructIdentity, {EQUAL_THEMSELVES}"),
    (Computed, "it is Computed, whose size is computed: declare a plain field"),
    (Untyped, "it is Untyped, without a type for 'a', 'b': annotate it"),
    (Unwritten, "it is Unwritten, an enum without members: declare a subclass"),
    (One.Line | Two.Line, "it is a union of two types called Line: rename one of them"),
    (
        dict[tuple[int, str], str],
        (
            "it has keys of type tuple[int, str], which JSON cannot hold: "
            "declare list[tuple[tuple[int, str], str]]"
        ),
    ),
    (
        dict[str | None, int],
        (
            "it has keys of type str | None, which JSON cannot hold: "
            "declare list[tuple[str | None, int]]"
        ),
    ),
    (
        Literal[b"x", "eA=="],
        "it is Literal[b'x', 'eA=='], with values that are the same in JSON: declare str",
    ),
    (Literal[range(3)], "it is Literal[range(0, 3)], which is invalid: correct the type"),
    (type[T], "it is type[T]: declare type[...] of a class"),
]


@pytest.mark.parametrize(("stated", "message"), TYPES, ids=lambda each: str(each)[:40])
def test_type_is_refused(stated: Any, message: str) -> None:
    assert refusal(lambda: codec_of(stated)) == message


def test_type_that_never_repeats_is_refused() -> None:
    assert refusal(lambda: codec_of(Growing[int])).endswith("with too many layers: simplify it")


def test_name_that_may_still_be_defined_is_told() -> None:
    with pytest.raises(CannotTravel) as caught:
        codec_of(Unread)
    assert caught.value.may_change


def with_note() -> WithNote:
    made = WithNote(1)
    made.area = 1
    made.note = "x"
    return made


def with_more(line: Line) -> Line:
    line.other = 1  # type: ignore[attr-defined]
    return line


def without_product(line: Line) -> Line:
    del line.product
    return line


def nested(levels: int) -> Node:
    node = Node("a")
    for _ in range(levels):
        node = Node("a", [node])
    return node


def cyclic() -> Node:
    node = Node("a")
    node.children.append(node)
    return node


def exactly(cls: str) -> str:
    return f"it would come back as {cls}, pass exactly that"


OF_THIS_TYPE: Final = "pass a value of this type"
TOO_DEEP: Final = "it contains itself, or has more than 100 levels: pass references by id"
NOT_EQUAL: Final = "it would not come back equal: correct __eq__ or __hash__"

VALUES: Final[list[tuple[Any, Any, str]]] = [
    (str, Text("a"), f'it has type "Text", not "str": {exactly("str")}'),
    (str, Liar(), f'it has type "Liar", not "str": {OF_THIS_TYPE}'),
    (str, "a\ud800", "it has the surrogate '\\ud800', which is not text: pass bytes"),
    (int, True, f'it has type "bool", not "int": {exactly("int")}'),
    (int, Size.SMALL, f'it has type "Size", not "int": {exactly("int")}'),
    (int, 1.0, f'it has type "float", not "int": {OF_THIS_TYPE}'),
    (int, 10**5000, "it is too large for JSON: pass it as str"),
    (bool, 1, f'it has type "int", not "bool": {OF_THIS_TYPE}'),
    (None, 0, f'it has type "int", not "None": {OF_THIS_TYPE}'),
    (float, True, f'it has type "bool", not "float": {exactly("float")}'),
    (float, float("nan"), "it is nan, which JSON cannot hold: pass None, or a Decimal"),
    (float, float("-inf"), "it is -inf, which JSON cannot hold: pass None, or a Decimal"),
    (Decimal, Decimal("sNaN"), "it is sNaN, which is not equal to itself: pass None"),
    (UUID, Id(int=1), f'it has type "Id", not "UUID": {exactly("UUID")}'),
    (
        date,
        datetime(2026, 1, 1, tzinfo=BERLIN),
        f'it has type "datetime", not "date": {exactly("date")}',
    ),
    (ZoneInfo, UNNAMED, "it has a zone that is not ZoneInfo(key): pass ZoneInfo(key)"),
    (
        datetime,
        datetime(2026, 1, 1, tzinfo=ZoneInfo.no_cache("Europe/Berlin")),
        "it has a zone that is not ZoneInfo(key): pass ZoneInfo(key)",
    ),
    (
        datetime,
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1), "CET")),
        "it has a timezone with a name, which is lost: use zoneinfo.ZoneInfo",
    ),
    (
        datetime,
        datetime(2026, 1, 1, tzinfo=timezone(timedelta.resolution)),
        "it has an offset with microseconds: use zoneinfo.ZoneInfo",
    ),
    (
        datetime,
        datetime(2026, 1, 1, tzinfo=OtherZone()),
        'it has a zone of type "OtherZone": use zoneinfo.ZoneInfo or datetime.timezone',
    ),
    (Color, "red", f'it has type "str", not "Color": {OF_THIS_TYPE}'),
    (Color, Other.RED, f'it has type "Other", not "Color": {OF_THIS_TYPE}'),
    (Topping, 1, f'it has type "int", not "Topping": {OF_THIS_TYPE}'),
    (Literal["a", 1], "b", "it is 'b', not one of Literal['a', 1]: pass one of these"),
    (Literal["a", 1], True, "it is True, not one of Literal['a', 1]: pass one of these"),
    (
        Literal[Status.PAID],
        Status.SENT,
        "it is <Status.SENT: 'sent'>, not one of Literal[Status.PAID]: pass one of these",
    ),
    (int | None, "a", f'it has type "str", not "int | None": {OF_THIS_TYPE}'),
    (
        list[int] | list[str],
        [1, "a"],
        f'it fits no member of "list[int] | list[str]": {OF_THIS_TYPE}',
    ),
    (list[int] | None, ["a"], f'key[0] has type "str", not "int": {OF_THIS_TYPE}'),
    (Sequence[int], (1,), f'it has type "tuple", not "list[int]": {OF_THIS_TYPE}'),
    (list[int], [1, "a"], f'key[1] has type "str", not "int": {OF_THIS_TYPE}'),
    (set[int], {"a"}, f'key{{\'a\'}} has type "str", not "int": {OF_THIS_TYPE}'),
    (tuple[int, str], [1], f'it has type "list", not "tuple[int, str]": {OF_THIS_TYPE}'),
    (tuple[int, str], (1,), "it has 1 items, not 2: pass all items"),
    (tuple[int, str], (1, 2), f'key[1] has type "int", not "str": {OF_THIS_TYPE}'),
    (dict[str, int], [], f'it has type "list", not "dict[str, int]": {OF_THIS_TYPE}'),
    (dict[str, int], {None: 1}, f'key[None] has type "NoneType", not "str": {OF_THIS_TYPE}'),
    (
        dict[str, int],
        collections.OrderedDict(a=1),
        f'it has type "OrderedDict", not "dict[str, int]": {exactly("dict[str, int]")}',
    ),
    (Line, {"product": "a"}, f'it has type "dict", not "Line": {OF_THIS_TYPE}'),
    (
        Line,
        with_more(Line("a", Decimal(2))),
        "it has 'other', which Line does not declare: declare it as a field",
    ),
    (Line, without_product(Line("a", Decimal(2))), "it has no 'product': set it"),
    (
        Order,
        Order(UserId(1), [Line("a", 1.5)]),  # type: ignore[arg-type]
        f'key.lines[0].price has type "float", not "Decimal": {OF_THIS_TYPE}',
    ),
    (
        WithNote,
        with_note(),
        "it has 'note', which WithNote does not declare: declare it as a field",
    ),
    (Slotted, Slotted(1), "it has no 'area': set it"),
    (Crust, (1.0, "thin"), f'it has type "tuple", not "Crust": {OF_THIS_TYPE}'),
    (Movie, [], f'it has type "list", not "Movie": {OF_THIS_TYPE}'),
    (Movie, {"value": Color.RED}, "it has no 'title': set it, Movie requires it"),
    (Movie, {"size": 1}, "it has 'size', which Movie does not declare: remove it"),
    (Movie, {Text("title"): "a"}, "it has 'title', which Movie does not declare: remove it"),
    (
        Movie,
        {"value": Color.RED, "title": "a", "sequel": {"value": 1}},
        f"key['sequel']['value'] has type \"int\", not \"Color\": {OF_THIS_TYPE}",
    ),
    (OnlyItself, OnlyItself(1), NOT_EQUAL),
    (set[HashedByIdentity], {HashedByIdentity(1)}, NOT_EQUAL),
    (Raising, Raising(1), "it cannot be read: it raised ValueError('no')"),
    (Node, nested(60), TOO_DEEP),
    (Node, cyclic(), TOO_DEEP),
    (type, list[int], f'it has type "GenericAlias", not "type": {OF_THIS_TYPE}'),
    (type[Color], Other, f'it has type "EnumType", not "type[Color]": {OF_THIS_TYPE}'),
    (
        type,
        type("Local", (), {"__module__": __name__}),
        (
            f"it is {__name__}.Local, which is not a name in its module: "
            "define the class at module level"
        ),
    ),
]


@pytest.mark.parametrize(("stated", "value", "message"), VALUES, ids=lambda each: str(type(each)))
def test_value_is_refused(stated: Any, value: Any, message: str) -> None:
    codec = codec_of(stated)
    assert refusal(lambda: codec.dump(value)) == message


ARRIVALS: Final[list[tuple[Any, Any, str]]] = [
    (None, 0, 'it arrived as 0, not as "None"'),
    (int, True, 'it arrived as True, not as "int"'),
    (float, "1", "it arrived as '1', not as \"float\""),
    (str, 1, 'it arrived as 1, not as "str"'),
    (bytes, "é", "it arrived as 'é', not as \"bytes\""),
    (Decimal, "NaN", "it arrived as 'NaN', not as \"Decimal\""),
    (datetime, "][", "it arrived as '][', not as \"datetime\""),
    (timedelta, "P1Y", "it arrived as 'P1Y', not as \"timedelta\""),
    (ZoneInfo, "../Berlin", "it arrived as '../Berlin', not as \"ZoneInfo\""),
    (
        datetime,
        "2026-01-01T00:00:00+05:00[Europe/Berlin]",
        (
            "it arrived as 2026-01-01T00:00:00+05:00[Europe/Berlin], which has another offset "
            "in this process: install the same tzdata"
        ),
    ),
    (Color, [], 'it arrived as [], not as "Color"'),
    (Topping, 8, 'it arrived as 8, not as "Topping"'),
    (Doubles, 8, 'it arrived as 8, not as "Doubles"'),
    (int | None, "x", "it arrived as 'x', not as \"int | None\""),
    (UUID | str, {"x": 1}, "it arrived as {'x': 1}, not as \"UUID | str\""),
    (list[int], {}, 'it arrived as {}, not as "list[int]"'),
    (list[int], [1, "x"], "key[1] arrived as 'x', not as \"int\""),
    (set[int], [1, 1], "it arrived with equal items: pass them once"),
    (tuple[int, str], [1], 'it arrived as [1], not as "tuple[int, str]"'),
    (tuple[int, str], [1, 1], 'key[1] arrived as 1, not as "str"'),
    (dict[int, int], [], 'it arrived as [], not as "dict[int, int]"'),
    (dict[int, int], {"x": 1}, "key['x'] arrived as 'x', not as \"int\""),
    (dict[int, int], {"1": 1, "01": 1}, "it arrived with equal keys: pass them once"),
    (Line, [], 'it arrived as [], not as "Line"'),
    (Line, {"product": 1}, 'key.product arrived as 1, not as "str"'),
    (
        Line,
        {"product": "a"},
        (
            "it arrived without 'price', which Line requires: make it optional until no older "
            "process sends"
        ),
    ),
    (Movie, [], 'it arrived as [], not as "Movie"'),
    (Movie, {"title": 1}, "key['title'] arrived as 1, not as \"str\""),
    (
        Movie,
        {"title": "a"},
        (
            "it arrived without 'value', which Movie requires: make it optional until no older "
            "process sends"
        ),
    ),
    (Strict, {"size": 9}, "it cannot be made: it raised ValueError('too large')"),
    (type, 1, 'it arrived as 1, not as "type"'),
    (type[Color], "builtins.int", "it arrived as 'builtins.int', not as \"type[Color]\""),
]


@pytest.mark.parametrize(("stated", "wire", "message"), ARRIVALS, ids=lambda each: str(type(each)))
def test_what_does_not_fit_when_it_arrives_is_refused(stated: Any, wire: Any, message: str) -> None:
    codec = codec_of(stated)
    assert refusal(lambda: codec.load(wire)) == message


def test_what_arrives_too_deep_is_refused() -> None:
    wire: Any = {"name": "a", "children": []}
    # mypy raises the limit in other tests.
    for _ in range(2 * sys.getrecursionlimit()):
        wire = {"name": "a", "children": [wire]}
    assert refusal(lambda: codec_of(Node).load(wire)) == TOO_DEEP


@pytest.mark.parametrize("name", ["os.Nope", "nope.X", "", "os", "os.getcwd", "os.name.x"])
def test_unknown_class_is_an_error_of_its_own(name: str) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(repr(name))):
        codec_of(type).load(name)


def test_what_another_release_sent_is_taken() -> None:
    # Unknown keys are dropped, and new optional ones have their defaults.
    for stated, wire, value in (
        (Line, {"product": "a", "price": "2", "old": 1}, Line("a", Decimal(2))),
        (Point, {"x": 1}, Point(1)),
        (Card, {"ownerName": "Ada"}, Card("Ada")),
        (Crust, {"width": 1.5}, Crust(1.5)),
        (Key[int], {"parts": [1, 2]}, Key((1, 2))),
        (Address, {"street": "x", "city": "Y"}, Address("x", "y")),
        (Movie, {"value": "red", "title": "a", "old": 1}, {"value": Color.RED, "title": "a"}),
    ):
        assert codec_of(stated).load(wire) == value


METHODS: Final = (
    *("__bool__", "__contains__", "__eq__", "__format__", "__getattribute__", "__getitem__"),
    *("__hash__", "__index__", "__iter__", "__len__", "__ne__", "__repr__", "__str__"),
    *("isoformat", "items", "keys"),
)


def fail(*args: object, **kwargs: object) -> Never:
    raise ValueError("no")


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        (object, ()),
        (str, ("a",)),
        (int, (1,)),
        (list, ([1],)),
        (dict, ({"a": 1},)),
        (set, ({1},)),
        (tuple, ((1,),)),
        (Decimal, (1,)),
        (datetime, (2026, 1, 1)),
        (Line, ()),
        (type, ("Class", (), {})),
    ],
    ids=str,
)
def test_objects_that_raise_are_refused(cls: Any, arguments: tuple[Any, ...]) -> None:
    hostile = type("Hostile", (cls,), dict.fromkeys(METHODS, fail))
    value = hostile.__new__(hostile, *arguments)
    for stated, _, _ in TRAVELLERS:
        codec = codec_of(stated)
        for each in (value, [value], {"id": value}, {"content": {"a": [value]}}):
            with pytest.raises(CannotTravel):
                codec.dump(each)
