"""
Values of random types come back equal and of the same types, or are refused.
"""

from __future__ import annotations

import dataclasses
import json
from collections import OrderedDict
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, NamedTuple, NewType, NotRequired, TypedDict, Union
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.background.refused_types import HashedByIdentity, OnlyItself, Plain, Raising, Text
from tests.background.travelling_types import (
    Color,
    Document,
    Line,
    Node,
    Shape,
    Size,
    Status,
    Topping,
    Tree,
)
from typed_signals.background._codec import CannotTravel, Codec, Definitions, codec_of
from typed_signals.exceptions import DeliveryError

# A type, and its values.
Typed = tuple[Any, st.SearchStrategy[Any]]

ZONES: Final = (
    st.none()
    | st.timezones()
    | st.integers(-80_000, 80_000).map(lambda seconds: timezone(timedelta(seconds=seconds)))
)
TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FLOATS: Final = st.floats(allow_nan=False, allow_infinity=False)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXT,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(TEXT, each, max_size=3),
    max_leaves=5,
)
FOLDS: Final = st.sampled_from([0, 1])


def folded(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda value, fold: value.replace(fold=fold), values, FOLDS)


# These can also be items of sets.
LEAVES: Final[list[Typed]] = [
    (type(None), st.none()),
    (bool, st.booleans()),
    (int, st.integers()),
    (float, FLOATS | st.integers()),
    (str, TEXT),
    (bytes, st.binary(max_size=20)),
    (Decimal, st.decimals(allow_nan=False)),
    (UUID, st.uuids()),
    (date, st.dates()),
    (time, folded(st.times(timezones=ZONES))),
    (datetime, folded(st.datetimes(timezones=ZONES, allow_imaginary=True))),
    (timedelta, st.timedeltas()),
    (ZoneInfo, st.timezones()),
    (Color, st.sampled_from(Color)),
    (Size, st.sampled_from(Size)),
    (Status, st.sampled_from(Status)),
    (Shape, st.sampled_from(Shape)),
    (Topping, st.sampled_from([*Topping, Topping(0), ~Topping(0)])),
    (Literal["a", 2, True], st.sampled_from(["a", 2, True])),
    (NewType("Id", int), st.integers()),
    (type[Enum], st.sampled_from([Color, Size])),
]
# These contain themselves.
NESTED: Final[list[Typed]] = [
    (
        Node,
        st.recursive(
            st.builds(Node, TEXT),
            lambda inner: st.builds(Node, TEXT, st.lists(inner, max_size=3), st.none() | inner),
            max_leaves=5,
        ),
    ),
    (
        Tree[int],
        st.recursive(st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
    ),
    (Document, st.builds(dict, content=JSON)),
]
KEYS: Final = [str, int, UUID, date, timedelta, Decimal, Color, Size, Shape]


def leaves() -> st.SearchStrategy[Typed]:
    return st.sampled_from(LEAVES)


# Type checkers do not know types that are made at run time.
made_of: Final[dict[str, Any]] = {
    "list": list,
    "set": set,
    "frozenset": frozenset,
    "dict": dict,
    "tuple": tuple,
    "union": Union,
    "named tuple": NamedTuple,
    "TypedDict": TypedDict,
}


@st.composite
def containers(draw: st.DrawFn, inner: st.SearchStrategy[Typed]) -> Typed:
    name = draw(st.sampled_from(["list", "set", "frozenset", "dict", "tuple"]))
    generic = made_of[name]
    item, items = draw(leaves() if "set" in name else inner)
    if name == "set":
        return generic[item], st.sets(items, max_size=3)
    if name == "frozenset":
        return generic[item], st.frozensets(items, max_size=3)
    if name == "dict":
        key, keys = draw(st.sampled_from([each for each in LEAVES if each[0] in KEYS]))
        return generic[key, item], st.dictionaries(keys, items, max_size=3)
    if name == "list":
        return generic[item], st.lists(items, max_size=3)
    if draw(st.booleans()):
        return generic[item, ...], st.lists(items, max_size=3).map(tuple)
    other, others = draw(inner)
    return generic[item, other], st.tuples(items, others)


@st.composite
def unions(draw: st.DrawFn, inner: st.SearchStrategy[Typed]) -> Typed:
    members = draw(st.lists(inner | st.just(LEAVES[0]), min_size=2, max_size=4))
    stated = made_of["union"][tuple(stated for stated, _ in members)]
    return stated, st.one_of(*(values for _, values in members))


@st.composite
def classes(draw: st.DrawFn, inner: st.SearchStrategy[Typed]) -> Typed:
    drawn = draw(st.lists(inner, min_size=1, max_size=3))
    types = {f"field_{index}": stated for index, (stated, _) in enumerate(drawn)}
    values = {f"field_{index}": each for index, (_, each) in enumerate(drawn)}
    frozen, slots = draw(st.booleans()), draw(st.booleans())
    kind = draw(st.sampled_from(["dataclass", "attrs", "struct", "named tuple", "TypedDict"]))
    cls: Any
    if kind == "TypedDict":
        cls = made_of[kind]("Keys", {**types, "note": NotRequired[str]})
        return cls, st.fixed_dictionaries(values, optional={"note": TEXT})
    if kind == "dataclass":
        cls = dataclasses.make_dataclass("Data", types.items(), slots=slots, frozen=frozen)
    elif kind == "attrs":
        fields = {name: attrs.field(type=stated) for name, stated in types.items()}
        cls = attrs.make_class("Attrs", fields, frozen=frozen, slots=slots)
    elif kind == "struct":
        cls = msgspec.defstruct("Struct", types.items(), frozen=frozen, rename="camel", tag=slots)
    else:
        cls = made_of[kind]("Named", types.items())
    return cls, st.builds(cls, **values)


TYPES: Final[st.SearchStrategy[Typed]] = st.recursive(
    leaves() | st.sampled_from(NESTED),
    lambda inner: containers(inner) | unions(inner) | classes(inner),
    max_leaves=8,
)


def parts(value: Any) -> Any:
    """
    Return *value* with the types and everything else that its equality ignores.
    """
    cls = type(value)
    if cls in (list, tuple):
        inner: Any = [parts(each) for each in value]
    elif cls in (set, frozenset):
        inner = dict.fromkeys(map(repr, map(parts, value)))
    elif cls is dict:
        inner = [(parts(key), parts(each)) for key, each in value.items()]
    elif cls is float or cls is Decimal:
        inner = repr(value)
    elif cls in (datetime, time):
        inner = (value.replace(tzinfo=None), value.fold, value.tzinfo, value.utcoffset())
    elif cls is Node:
        inner = [parts(each) for each in (value.name, value.children, value.parent)]
    elif hasattr(cls, "field_0"):
        names = [f"field_{index}" for index in range(3) if hasattr(value, f"field_{index}")]
        inner = [parts(getattr(value, name)) for name in names]
    else:
        inner = value
    return cls, inner


def through_text(codec: Codec, value: Any) -> Any:
    """
    Return *value* as it comes back from JSON.

    Raises:
        CannotTravel: it is refused.
    """
    wire = codec.dump(value)
    text = msgspec.json.encode(wire)
    definitions = Definitions()
    schema = {**codec.schema(definitions), "$defs": definitions}
    Draft202012Validator(schema).validate(wire)
    loaded = codec.load(msgspec.json.decode(text))
    # Python's own reader and writer of JSON do not change it.
    assert parts(codec.load(json.loads(json.dumps(json.loads(text))))) == parts(loaded)
    return loaded


def codec_if_distinct(stated: Any) -> Codec:
    """
    Return the codec of a random type; another type is drawn if it has two classes of one name.
    """
    try:
        return codec_of(stated)
    except CannotTravel as error:
        assume("two types called" not in error.what)
        raise


@given(st.data())
def test_values_of_random_types_come_back(data: st.DataObject) -> None:
    stated, values = data.draw(TYPES)
    codec = codec_if_distinct(stated)
    value = data.draw(values)
    loaded = through_text(codec, value)
    assert loaded == value
    assert parts(loaded) == parts(value)


HOSTILE: Final = st.sampled_from(
    [
        float("nan"),
        float("inf"),
        Decimal("nan"),
        10**3000,
        "\ud800",
        Text("a"),
        OrderedDict(a=1),
        object(),
        Plain(),
        OnlyItself(1),
        HashedByIdentity(1),
        Raising(1),
        Line(Text("a"), Decimal(1)),
        datetime(2026, 1, 1, tzinfo=ZoneInfo.no_cache("Europe/Berlin")),
        bytearray(b"a"),
        int,
    ]
)


@given(st.data())
def test_values_of_other_types_come_back_or_are_refused(data: st.DataObject) -> None:
    stated, _ = data.draw(TYPES)
    _, values = data.draw(TYPES)
    codec = codec_if_distinct(stated)
    value = data.draw(st.recursive(values | HOSTILE, lambda each: st.lists(each, max_size=2)))
    try:
        loaded = through_text(codec, value)
    except CannotTravel:
        return
    assert loaded == value
    assert parts(loaded) == parts(value)


@given(st.data())
def test_what_arrives_is_a_value_of_the_type_or_refused(data: st.DataObject) -> None:
    stated, values = data.draw(TYPES)
    codec = codec_if_distinct(stated)
    other, _ = data.draw(TYPES)
    wire = data.draw(JSON | values.map(codec.dump))
    arrived = codec_if_distinct(other)
    try:
        loaded = arrived.load(wire)
    except (CannotTravel, DeliveryError):
        return
    assert parts(through_text(arrived, loaded)) == parts(loaded)
