"""
What is compatible: each value of the type of one release is read by the other one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, Flag
from types import GenericAlias, NoneType
from typing import Any, Final, Literal, NamedTuple, NotRequired, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, reject
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from typed_signals.background._codec import CannotTravel, Codec, Definitions, codec_of
from typed_signals.cli.schema.accepted import Document, Reading


class Size(Enum):
    S = "s"
    M = "m"


class Sizes(Enum):
    S = "s"
    M = "m"
    L = "l"


class Mark(Flag):
    OLD = 1
    SOLD = 2


class Line(TypedDict):
    count: int


class Priced(Line):
    price: NotRequired[Decimal]


@dataclass
class Box:
    count: int


@dataclass
class Labelled:
    count: float
    label: str = ""


class Point(NamedTuple):
    x: int
    price: Decimal = Decimal(0)


SCALARS: Final[list[Any]] = [
    *(int, float, str, bool, NoneType, bytes, UUID, Decimal, date, timedelta, Size, Sizes, Mark),
    *(datetime, type, type[Enum], ZoneInfo),
    *(Literal["s"], Literal["s", "m"], Literal[1, 2, "s"], Literal[True]),
]
RECORDS: Final[list[Any]] = [Line, Priced, Box, Labelled, Point]


def larger(types: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """
    Return types that consist of *types*.
    """
    return st.one_of(
        types.map(lambda item: GenericAlias(list, item)),
        types.map(lambda item: GenericAlias(tuple, (item, ...))),
        st.tuples(types, types).map(lambda items: GenericAlias(tuple, items)),
        st.tuples(st.sampled_from([str, int, UUID, Size]), types).map(
            lambda items: GenericAlias(dict, items)
        ),
        st.sampled_from([int, str, Size]).map(lambda item: GenericAlias(set, item)),
        st.tuples(types, types).map(lambda pair: pair[0] | pair[1]),
    )


TYPES: Final = st.recursive(st.sampled_from([*SCALARS, *RECORDS]), larger, max_leaves=4)


@given(TYPES, TYPES, st.data())
def test_what_is_accepted_is_read(old: Any, new: Any, data: st.DataObject) -> None:
    try:
        writer, reader = codec_of(old), codec_of(new)
    except CannotTravel:
        reject()
    written, read = document(writer), document(reader)
    assert Reading(written, written).accepts(written.schema, written.schema)
    value = data.draw(st.from_type(old))
    try:
        dumped = writer.dump(value)
    except CannotTravel:  # such as NaN
        reject()
    Draft202012Validator(written.schema).validate(dumped)
    if Reading(written, read).accepts(written.schema, read.schema):
        reader.load(dumped)


def document(codec: Codec) -> Document:
    definitions = Definitions()
    schema = codec.schema(definitions)
    return Document({**schema, "$defs": definitions})
