"""
Payloads and signal types that have another name: type aliases (PEP 695) and ``Annotated``.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    NotRequired,
    ParamSpec,
    TypedDict,
    TypeVar,
    Unpack,
)

import pytest
import typing_extensions
from typing_extensions import TypeAliasType

from tests.support import assert_carries, assert_carries_anything, unchecked
from typed_signals import Signal
from typed_signals.exceptions import ContractWarning, DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Without checks of its arguments.
Declared: Any = Signal

T = TypeVar("T")
P = ParamSpec("P")
OF_T: Any = (T,)  # for mypy, TypeAliasType only takes the variables of typing_extensions


class PizzaDone(TypedDict):
    size: int
    note: NotRequired[str]


class Boxed(TypedDict, Generic[T]):
    size: T
    note: NotRequired[T]


Payload: Any = TypeAliasType("Payload", PizzaDone)
PayloadAgain: Any = TypeAliasType("PayloadAgain", Payload)
InString: Any = TypeAliasType("InString", "PizzaDone")
Described: Any = TypeAliasType("Described", Annotated[PizzaDone, "of a pizza"])
OfBox: Any = TypeAliasType("OfBox", Boxed[T], type_params=OF_T)
Itself: Any = TypeAliasType("Itself", T, type_params=OF_T)
Noted: Any = TypeAliasType("Noted", Annotated[T, "noted"], type_params=OF_T)
PizzaSignal: Any = TypeAliasType("PizzaSignal", Signal[Any, PizzaDone])
PizzaSignalInString: Any = TypeAliasType("PizzaSignalInString", "Signal[Any, PizzaDone]")
SignalOf: Any = TypeAliasType("SignalOf", Signal[Any, T], type_params=OF_T)
SignalOfString: Any = TypeAliasType("SignalOfString", "Signal[Any, T]", type_params=OF_T)
SignalOrNone: Any = TypeAliasType("SignalOrNone", Signal[Any, PizzaDone] | None)
Unpacked: Any = TypeAliasType("Unpacked", Unpack[PizzaDone])
SignalWith: Any = TypeAliasType(
    "SignalWith", Signal[Any, PizzaDone, Any, P], type_params=unchecked((P,))
)


class OfAlias(Signal[Any, Payload]): ...


class OfPayload(Signal[Any, T], Generic[T]): ...


def declared(annotation: Any) -> Any:
    """
    Return the signal of a module with ``signal: annotation = Signal()``.
    """
    module = sys.modules["declaring"] = ModuleType("declaring")
    vars(module).update(globals() | {"__name__": "declaring"})
    module.__annotations__ = {"signal": annotation}
    exec("signal = Signal()", vars(module))
    return module.signal


@pytest.fixture(autouse=True)
def forget_module() -> Iterator[None]:
    yield
    sys.modules.pop("declaring", None)


def unpacking(annotation: Any) -> Any:
    def pizza_done(sender: object, **kwargs: Any) -> None: ...

    pizza_done.__annotations__["kwargs"] = annotation
    return Declared.declare(pizza_done)


class Host:
    plain: PizzaSignal = Signal()
    of_class: ClassVar[PizzaSignal] = Signal()
    final: Final[PizzaSignal] = Signal()
    called = Signal[Any, Payload]()


SIGNALS: dict[str, Any] = {
    "alias": Declared[Any, Payload],
    "alias of an alias": Declared[Any, PayloadAgain],
    "alias of a string": Declared[Any, InString],
    "alias in a string": Declared[Any, "Payload"],
    "alias of Annotated": Declared[Any, Described],
    "generic alias": Declared[Any, OfBox[int]],
    "generic alias of its parameter": Declared[Any, Itself[PizzaDone]],
    "generic alias in a generic alias": Declared[Any, Itself[Noted[Payload]]],
    "Annotated": Declared[Any, Annotated[PizzaDone, "of a pizza"]],
    "Annotated with an alias": Declared[Any, Annotated[Payload, "of a pizza"]],
    "subclass": OfAlias,
    "generic subclass": OfPayload[Payload],
    "alias of the signal": lambda: declared(PizzaSignal),
    "alias of the signal as a string": lambda: declared(PizzaSignalInString),
    "alias of the signal or None": lambda: declared(SignalOrNone),
    "generic alias of the signal": lambda: declared(SignalOf[Payload]),
    "generic alias of the signal as a string": lambda: declared(SignalOfString[PizzaDone]),
    "generic alias of other arguments": lambda: declared(SignalWith[[int]]),
    "annotation in a string": lambda: declared("SignalOf[Payload]"),
    "annotation of a subclass": lambda: declared(OfPayload[Payload]),
    "annotation of Annotated": lambda: declared(Signal[Any, Annotated[PizzaDone, 1]]),
    "attribute": lambda: Host.plain,
    "attribute in ClassVar": lambda: Host.of_class,
    "attribute in Final": lambda: Host.final,
    "attribute that is called": lambda: Host.called,
    "Unpack": lambda: unpacking(Unpack[Payload]),
    "Unpack of typing_extensions": lambda: unpacking(typing_extensions.Unpack[Payload]),
    "Unpack of Annotated": lambda: unpacking(Unpack[Annotated[PizzaDone, 1]]),
    "Unpack in an alias": lambda: unpacking(Unpacked),
    "Unpack in a string": lambda: unpacking("Unpack[OfBox[int]]"),
}

if sys.version_info >= (3, 12):
    WRITTEN: dict[str, Any] = {"__name__": __name__}
    exec(
        """
from typing import *
from tests.test_aliases import Boxed, PizzaDone, Signal

type Payload = Later
type OfBox[T] = Boxed[T]
type PizzaSignal = Signal[Any, Payload]
type SignalOf[K] = Signal[Any, K] | None
Later = PizzaDone
""",
        WRITTEN,
    )
    SIGNALS |= {
        "statement": Declared[Any, WRITTEN["Payload"]],
        "generic statement": Declared[Any, WRITTEN["OfBox"][int]],
        "statement of the signal": lambda: declared(WRITTEN["PizzaSignal"]),
        "generic statement of the signal": lambda: declared(
            WRITTEN["SignalOf"][WRITTEN["Payload"]]
        ),
        "statement in Unpack": lambda: unpacking(Unpack[WRITTEN["Payload"]]),
    }


@pytest.mark.parametrize("case", SIGNALS)
def test_alias_declares_what_it_stands_for(case: str) -> None:
    assert_carries(SIGNALS[case](), "size", "note")


def test_alias_without_its_arguments_declares_nothing() -> None:
    assert_carries_anything(declared(SignalOf))


Swapped: Any = TypeAliasType("Swapped", int)
Endless: Any = TypeAliasType("Endless", "Endless")
OrNone: Any = TypeAliasType("OrNone", PizzaDone | None)

WRONG: dict[str, tuple[Any, str]] = {
    "an int": (Declared[Any, Swapped], "the payload int is not a TypedDict: declare its"),
    "itself": (Declared[Any, Endless], "is not a TypedDict: declare its keys"),
    "the sender": (Declared[Payload, Any], "write Signal[object, PizzaDone]"),
    "swapped": (Declared[Payload, int], "swapped, write Signal[sender, payload]"),
    "Optional": (
        Declared[Any, PizzaDone | None],
        "not a TypedDict: write PizzaDone, with NotRequired for keys that a send may leave out",
    ),
    "or None": (Declared[Any, OrNone], "write PizzaDone, with NotRequired"),
    "its class": (Declared[Any, type[PizzaDone]], "write PizzaDone, with NotRequired"),
    "one of two": (Declared[Any, PizzaDone | Boxed[int]], "declare its keys in a"),
    "a list": (Declared[Any, list[int]], "declare its keys in a class that inherits from"),
    "Unpack of Optional": (lambda: unpacking(Unpack[OrNone]), "write PizzaDone, with NotRequired"),
}


@pytest.mark.parametrize("case", WRONG)
def test_alias_of_another_type_is_refused(case: str) -> None:
    make, problem = WRONG[case]
    signal = make()
    with pytest.raises(DeclarationError) as refused:
        signal.send(None)
    assert problem in str(refused.value)


if sys.version_info >= (3, 12):
    exec(
        """
type Missing = NotDefined
type Failing = 1 / 0
""",
        WRITTEN,
    )

    def test_alias_of_an_unknown_name_is_not_checked() -> None:
        signal = Declared[Any, WRITTEN["Missing"]]()
        with pytest.warns(ContractWarning, match="'NotDefined' in its declaration is not defined"):
            assert_carries_anything(signal)

    def test_error_in_an_alias_is_the_cause() -> None:
        signal = Declared[Any, WRITTEN["Failing"]]()
        with pytest.raises(DeclarationError, match="type alias Failing raised Zero") as refused:
            signal.send(None)
        assert isinstance(refused.value.__cause__, ZeroDivisionError)


class LateAlias:
    """
    Like an alias of Python 3.12 on older Pythons: it is evaluated when its value is read.
    """

    __name__ = "LateAlias"
    __type_params__ = ()

    def __init__(self, error: Exception) -> None:
        self.error = error

    @property
    def __value__(self) -> object:
        raise self.error


if sys.version_info < (3, 14):

    def test_unknown_name_and_error_in_a_late_alias(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(typing_extensions, "TypeAliasType", LateAlias)
        for missing, name in ((NameError(name="Missing"), "Missing"), (NameError(), "LateAlias")):
            signal = unchecked(Signal[Any, PizzaDone]).copy_with(
                (Any, LateAlias(missing), Any, ...)
            )()
            with pytest.warns(ContractWarning, match=f"'{name}' in its declaration is not defined"):
                assert_carries_anything(signal)
        signal = unchecked(Signal[Any, PizzaDone]).copy_with(
            (Any, LateAlias(OSError()), Any, ...)
        )()
        with pytest.raises(DeclarationError, match="type alias LateAlias raised OSError"):
            signal.send(None)


# Strings that are not types


@pytest.mark.parametrize(
    "make",
    [
        lambda: declared("Signal[object, PizzaDone"),
        lambda: declared("Signal[object, )"),
        lambda: declared("Signal[object, PizzaDone]]"),
        lambda: declared("Signal of PizzaDone"),
        lambda: declared("Signal\0"),
        lambda: unpacking("Unpack[PizzaDone"),
        lambda: declared("ClassVar['Signal[']"),
    ],
)
def test_string_that_is_not_a_type_is_said_to_be_wrong(make: Any) -> None:
    with pytest.warns(ContractWarning) as issued:
        assert_carries_anything(make())
    [warning] = issued
    assert "in its declaration is not a valid type, so receivers" in str(warning.message)
    assert str(warning.message).endswith("are not checked: fix the string")
