"""
``validate``: the values of payloads are checked, too.
"""

from __future__ import annotations

import asyncio
import collections.abc  # noqa: TC003 - a type is evaluated
import enum
import importlib
import sys
import threading
from types import GenericAlias
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Literal,
    NotRequired,
    Required,
    TypedDict,
    TypeVar,
    Unpack,
)
from unittest import mock

import pytest
from blinker import Signal as BlinkerSignal

from tests.support import unchecked
from typed_signals import Signal
from typed_signals.exceptions import PayloadError
from typed_signals.testing import capture, validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from pathlib import Path

SENDS = ("send", "send_robust", "asend", "asend_robust")
T = TypeVar("T")


class Shop:
    pass


class Size(enum.Enum):
    LARGE = "large"


class Item(TypedDict):
    name: str


class OrderPlaced(TypedDict):
    order_id: int
    items: Required[list[Item]]
    note: NotRequired[str | None]
    shop: NotRequired[Shop]
    cls: NotRequired[type[Shop]]
    call: NotRequired[Callable[[int], str]]
    price: NotRequired[Decimal]
    prices: NotRequired[list[Decimal]]
    several: NotRequired[list[int | None]]
    kind: NotRequired[Literal["to go", -1, Size.LARGE]]


class Boxed(TypedDict, Generic[T]):
    value: T


order_placed = Signal[type[Shop], OrderPlaced]()


class Labelled(Boxed[int]):
    label: T  # type: ignore[valid-type]  # not a parameter of this class


class Twice(Boxed[list[T]], Generic[T]):
    again: NotRequired[T]


boxed = Signal[object, Boxed[int]]()
unboxed = Signal[object, Boxed]()  # type: ignore[type-arg]
labelled = Signal[object, Labelled]()
twice = Signal[object, Twice[int]]()
anything = Signal()
of_blinker = BlinkerSignal()
VALID: dict[str, Any] = {"order_id": 7, "items": [{"name": "ham"}]}


@Signal.declare
def order_lost(sender: object, *, order_id: int, reason: str = "", other=None) -> object:  # type: ignore[no-untyped-def]
    """An order was lost."""


@Signal.declare
def order_kept(sender: object, /, *, order_id: int, **kwargs: object) -> object:
    """An order was kept."""


@Signal.declare
def order_found(sender: object, **kwargs: Unpack[OrderPlaced]) -> object:
    """An order was found."""


def send(signal: Any, method: str = "send", **payload: Any) -> Any:
    sent = getattr(signal, method)(Shop, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


@pytest.mark.parametrize("method", SENDS)
def test_wrong_value_is_refused_before_any_receiver(method: str) -> None:
    def receive(**kwargs: Any) -> None:
        raise AssertionError

    with (
        order_placed.connected(receive),
        capture(order_placed) as sent,
        validate(order_placed),
        pytest.raises(PayloadError) as raised,
    ):
        send(order_placed, method, **VALID | {"order_id": "7"})
    assert raised.value.wrong == ("order_id",)
    assert raised.value.missing == raised.value.unexpected == ()
    assert str(raised.value).startswith(
        f"tests.test_validate.order_placed.{method}(): 'order_id' is of type str, but is declared "
        "as int: str is not an instance of int ("
    )
    assert sent == []


def test_error_names_the_place() -> None:
    with validate(order_placed), pytest.raises(PayloadError) as raised:
        order_placed.send(Shop, order_id=7, items=unchecked(None))
    line = raised.traceback[0].lineno + 1
    assert str(raised.value).endswith(f" ({__file__}:{line})")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"items": []},
        {"note": None},
        {"note": "crisp"},
        {"shop": Shop()},
        {"cls": type("Other", (Shop,), {})},
        {"call": str},
        {"several": [1, None]},
        {"kind": "to go"},
        {"kind": -1},
        {"kind": Size.LARGE},
        {"order_id": True},
        {"order_id": mock.Mock()},
        # These types do not exist at run time.
        {"price": "1.50"},
        {"prices": ["1.50"]},
    ],
)
def test_right_values(values: dict[str, Any]) -> None:
    with validate(order_placed, order_found), capture(order_placed, order_found) as sent:
        send(order_placed, **VALID | values)
        send(order_found, **VALID | values)
    assert len(sent) == 2


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (
            {"items": [{"name": "ham"}, {"name": 5}]},
            "is declared as list[Item]: value of key 'name' of item 1 of list is not an instance",
        ),
        ({"items": [{"nam": "ham"}]}, "'items' is of type list"),
        ({"items": ()}, "'items' is of type tuple, but is declared as list[Item]"),
        ({"note": 5}, "'note' is of type int, but is declared as str | None"),
        ({"shop": Shop}, "'shop' is of type type, but is declared as Shop"),
        ({"cls": Shop()}, "'cls' is of type Shop, but is declared as type[Shop]"),
        ({"cls": int}, "'cls' is of type type, but is declared as type[Shop]"),
        ({"kind": "large"}, "'kind' is of type str, but is declared as Literal['to go', -1, Size"),
        ({"prices": 5}, "'prices' is of type int, but is declared as list[Decimal]"),
        (
            {"several": [1, "2"]},
            "item 1 of list did not match any element in the union: int: is not an instance of int",
        ),
        (
            {"order_id": "7", "note": 5},
            "is declared as int: str is not an instance of int, 'note' is",
        ),
    ],
)
def test_wrong_values(values: dict[str, Any], problem: str) -> None:
    for signal in (order_placed, order_found):
        with validate(signal), pytest.raises(PayloadError) as raised:
            send(signal, **VALID | values)
        assert problem in str(raised.value)
        assert set(raised.value.wrong) == values.keys()


def test_parameters_of_a_declared_function() -> None:
    with validate(order_lost):
        send(order_lost, order_id=7, reason="fire", other=object())
        with pytest.raises(PayloadError, match="'reason' is of type int, but is declared as str"):
            send(order_lost, order_id=7, reason=5)
    with validate(order_kept):
        send(order_kept, order_id=7, whatever=5)
        with pytest.raises(PayloadError, match="'order_id' is of type str"):
            send(order_kept, order_id="7", whatever=5)
    send(order_lost, order_id="seven")


@Signal.declare
def box_sold(sender: object, **kwargs: Unpack[Boxed[int]]) -> object:
    """A box was sold."""


@pytest.mark.parametrize(
    ("signal", "right", "wrong", "declared"),
    [
        (boxed, {"value": 5}, {"value": "5"}, "int"),
        (box_sold, {"value": 5}, {"value": "5"}, "int"),
        (labelled, {"value": 5, "label": object()}, {"value": "5"}, "int"),
        (twice, {"value": [5], "again": 5}, {"value": ["5"]}, "list[int]"),
        (twice, {"value": []}, {"again": "5"}, "int"),
    ],
)
def test_type_arguments(
    signal: Any, right: dict[str, Any], wrong: dict[str, Any], declared: str
) -> None:
    with validate(signal):
        send(signal, **right)
        with pytest.raises(PayloadError) as raised:
            send(signal, **right | wrong)
    [(key, value)] = wrong.items()
    assert f"{key!r} is of type {type(value).__name__}, but is declared as {declared}: " in str(
        raised.value
    )


if sys.version_info >= (3, 12):

    def test_type_parameters_of_a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        tmp_path.joinpath("boxes.py").write_text(
            "from __future__ import annotations\n"
            "from typing import TypedDict\n"
            "class Box[T](TypedDict):\n"
            "    value: list[T]\n",
            "utf-8",
        )
        monkeypatch.syspath_prepend(tmp_path)
        box: Any = importlib.import_module("boxes").Box
        signal: Any = Signal[object, box[int]]()
        with validate(signal):
            send(signal, value=[5])
            with pytest.raises(PayloadError, match=r"is declared as list\[int\]: item 0 of list"):
                send(signal, value=["5"])


def test_type_variables_without_arguments_accept_anything() -> None:
    with validate(unboxed):
        send(unboxed, value=5)
        send(unboxed, value="5")


def test_signals_without_a_declaration_are_not_checked() -> None:
    with validate(anything):
        send(anything, whatever=5)
    with validate(order_placed), pytest.raises(PayloadError, match="missing 'items'"):
        send(order_placed, order_id="7")


class Meta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        raise ZeroDivisionError


class Strange(metaclass=Meta):
    """
    A class that cannot be asked for its instances.
    """


class Kind:
    """
    A class that is generic in an unusual way.
    """

    def __class_getitem__(cls, item: object) -> Any:
        if item == (Any,):
            raise ZeroDivisionError
        return GenericAlias(cls, (item,))


class Odd(TypedDict, total=False):
    strange: Strange
    loop: Loop
    kind: Kind[Decimal]  # type: ignore[type-arg]
    function: collections.abc.Callable[[Decimal], list[Decimal]]


Loop = list["Loop"]
odd = Signal[object, Odd]()


@pytest.mark.parametrize("values", [{"strange": 5}, {"loop": [[]]}, {"kind": 5}, {"function": str}])
def test_type_that_cannot_be_checked_is_accepted(values: dict[str, Any]) -> None:
    with validate(odd):
        send(odd, **values)


class TestScope:
    """
    Which sends are checked.
    """

    def in_a_thread(self) -> list[Exception]:
        def place() -> None:
            try:
                send(order_placed, order_id="7", items=[])
            except PayloadError as error:
                errors.append(error)

        errors: list[Exception] = []
        thread = threading.Thread(target=place)
        thread.start()
        thread.join()
        return errors

    def test_the_context_or_everywhere(self) -> None:
        with validate(order_placed):
            assert self.in_a_thread() == []
        with validate(order_placed, everywhere=True):
            assert len(self.in_a_thread()) == 1
        assert self.in_a_thread() == []

    def test_all_signals(self) -> None:
        validating = validate()
        with validating:
            assert self.in_a_thread() == []
            with validating, pytest.raises(PayloadError):
                send(order_placed, order_id="7", items=[])
            with pytest.raises(PayloadError):
                send(order_placed, order_id="7", items=[])
        send(order_placed, order_id="7", items=[])
        with validate(everywhere=True):
            assert len(self.in_a_thread()) == 1
            new = Signal[object, Item]()
            for _ in range(2):
                with pytest.raises(PayloadError, match="'name' is of type int"):
                    send(new, name=5)
            send(anything, name=5)
            of_blinker.send(None, name=5)
        assert self.in_a_thread() == []
        send(new, name=5)

    def test_decorator(self) -> None:
        @validate()
        def place(order_id: Any) -> None:
            send(order_placed, order_id=order_id, items=[])

        place(7)
        with pytest.raises(PayloadError):
            place("7")
        send(order_placed, order_id="7", items=[])

    def test_spy(self, signal_spy: Any) -> None:
        signal_spy.validate()
        assert len(self.in_a_thread()) == 1


class TestArguments:
    """
    What ``validate`` refuses.
    """

    def test_signal_of_another_kind(self) -> None:
        with pytest.raises(
            TypeError, match=r"^validate\(\) takes signals with a declaration, not <"
        ):
            validate(unchecked(BlinkerSignal()))

    def test_not_a_signal(self) -> None:
        with pytest.raises(TypeError, match=r"^validate\(\) takes signals: 5 is not a signal$"):
            validate(unchecked(5))

    def test_typeguard_is_an_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "typeguard", None)
        with pytest.raises(ImportError, match=r"install typed-signals\[testing\]$"):
            validate(order_placed)
