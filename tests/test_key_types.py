"""
The types of the keys of a payload, as listings show them.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ForwardRef,
    Generic,
    Literal,
    NotRequired,
    Optional,
    Required,
    TypedDict,
    TypeVar,
    Union,
    Unpack,
)

import pytest
import typing_extensions

from tests.declared.ways import PROGRAMS, Program, run
from tests.support import unchecked
from typed_signals import Signal
from typed_signals.exceptions import DeclarationError

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


def types_of(signal: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = signal._declaration.types_of(signal)
    return found


@pytest.mark.parametrize("program", list(filter(attrgetter("is_known"), PROGRAMS)), ids=str)
def test_types_are_read_from_every_way_of_declaring_them(program: Program, tmp_path: Path) -> None:
    types = types_of(run(program, tmp_path).signal)
    assert list(types) == ["size", "note"]
    for text in types.values():
        assert re.fullmatch(r"Decimal( \| None)?|float|int|str", text or "")


class Pizza:
    class Base: ...


# mypy does not accept all of these.
list_of: Any = list

# Types, and how they are shown. Strings are shown as they are written.
TYPES: list[tuple[Any, str]] = [
    (int, "int"),
    (None, "None"),
    (type(None), "None"),
    (Any, "Any"),
    (Decimal, "Decimal"),
    (Pizza.Base, "Pizza.Base"),
    (list[Decimal], "list[Decimal]"),
    (dict[str, list[Pizza]], "dict[str, list[Pizza]]"),
    (type[Pizza], "type[Pizza]"),
    (tuple[int, ...], "tuple[int, ...]"),
    (int | None, "int | None"),
    (
        Optional[int],  # noqa: UP045
        "int | None",
    ),
    (
        Union[int, str],  # noqa: UP007
        "int | str",
    ),
    (Literal["a, b", 1], "Literal['a, b', 1]"),
    (Callable[[int, str], Pizza], "Callable[[int, str], Pizza]"),
    (Callable[..., Any], "Callable[..., Any]"),
    (list["Pizza"], "list[Pizza]"),
    (list_of[ForwardRef("Pizza")], "list[Pizza]"),
    (Annotated[Required[int], "EUR"], "int"),
    (Required[Annotated[int, "EUR"]], "int"),
    (typing_extensions.ReadOnly[NotRequired[int]], "int"),
    (T, "T"),
    (list_of[T], "list[T]"),
    ("Pizza.Base", "Pizza.Base"),
    ("NotRequired[list[Missing]]", "list[Missing]"),
    ("Required[Annotated[Literal['a, b'], 'x']]", "Literal['a, b']"),
    ("typing_extensions.ReadOnly[int]", "int"),
    ("'NotRequired[Pizza]'", "Pizza"),
    ("'not a type'", "not a type"),
]


@pytest.mark.parametrize(("stated", "text"), TYPES)
def test_text_of_a_type(stated: Any, text: str) -> None:
    payload: Any = TypedDict("payload", {"key": stated})
    payload.__module__ = __name__
    assert types_of(Signal[object, payload]()) == {"key": text}

    @Signal.declare
    def baked(sender: object, *, key: Any = 1) -> object: ...

    annotations_of(baked)["key"] = stated
    assert types_of(baked) == {"key": text}


def annotations_of(signal: Any) -> dict[str, Any]:
    """
    Return the annotations of the function that declares *signal*.
    """
    annotations: dict[str, Any] = signal._declaration._function.__annotations__
    return annotations


def test_parameter_without_a_type() -> None:
    @Signal.declare
    def baked(sender: object, *, price: int, size: int) -> object: ...

    annotations_of(baked)["price"] = 5
    del annotations_of(baked)["size"]
    assert types_of(baked) == {"price": "5", "size": None}


class Tray(TypedDict, Generic[T]):
    items: list[T]
    first: NotRequired[T]


def test_type_variables_are_replaced() -> None:
    assert types_of(Signal[object, Tray[Pizza]]()) == {"items": "list[Pizza]", "first": "Pizza"}
    bare: Any = Tray
    assert types_of(Signal[object, bare]()) == {"items": "list[T]", "first": "T"}
    later: Any = Tray["Pizza | None"]
    assert types_of(Signal[object, later]())["items"] == "list[Pizza | None]"

    @Signal.declare
    def baked(sender: object, size: int = 1, **kwargs: Unpack[Tray[Pizza]]) -> object: ...

    assert types_of(baked) == {"size": "int", "items": "list[Pizza]", "first": "Pizza"}


def test_inherited_keys_and_renamed_qualifiers() -> None:
    child = importlib.import_module("tests.declared.child")
    assert types_of(child.pizza_hurried) == {
        "number": "int",
        "table": "int",
        "drink": "str",
        "toppings": "list[str]",
        "note": "str",
        "deadline": "str",
        "price": "int",
    }
    assert types_of(child.item_ordered)["sauce"] == "str"


def test_keys_without_a_declaration_have_no_types() -> None:
    @Signal.declare
    def baked(sender: object, /, **kwargs: object) -> object: ...

    assert types_of(Signal()) == types_of(baked) == {}


def test_invalid_declaration_is_reported() -> None:
    def baked(sender: object, *sizes: int) -> object: ...

    payload: Any = int
    signals: list[Any] = [Signal[object, payload](), Signal.declare(unchecked(baked))]
    for signal in signals:
        with pytest.raises(DeclarationError):
            types_of(signal)


def test_text_is_that_of_the_function_or_the_typed_dict() -> None:
    class Baked(TypedDict):
        """
        What is baked.
        """

    @Signal.declare
    def burnt(sender: object, *, minutes: int) -> None:
        """
        A pizza burnt.
        """

    baked = Signal[object, Baked]()
    assert "What is baked." in str(baked._declaration.text_of(baked))
    assert "A pizza burnt." in str(burnt._declaration.text_of(burnt))
