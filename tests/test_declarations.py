"""
A payload is known for all forms of declarations, lazily, and a wrong declaration is refused.
"""

import __future__

import importlib
import sys
import types
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Generic,
    Never,
    NotRequired,
    Required,
    TypedDict,
    TypeVar,
    Unpack,
)
from unittest.mock import Mock

import pytest
import typing_extensions
from typing_extensions import ReadOnly

from tests.declared import child, early, forms, names, type_checking
from tests.declared.factories import make_delivered, make_signal
from tests.support import PizzaDone, assert_carries, assert_carries_anything, unchecked
from typed_signals import Signal
from typed_signals.exceptions import DeclarationError, PayloadError, ReceiverSignatureError

ItemT = TypeVar("ItemT")
PayloadT = TypeVar("PayloadT")


def load_with_postponed_annotations(module: types.ModuleType) -> types.ModuleType:
    """
    Run the file of *module* as if it began with ``from __future__ import annotations``.
    """
    path = Path(str(module.__file__))
    postponed = types.ModuleType(f"{module.__name__}_postponed")
    sys.modules[postponed.__name__] = postponed
    flags = __future__.annotations.compiler_flag
    exec(compile(path.read_text("utf-8"), path, "exec", flags, dont_inherit=True), vars(postponed))
    return postponed


MODULES = {"evaluated": forms, "postponed": load_with_postponed_annotations(forms)}
FORMS = [
    name
    for owner in (forms, forms.Pizzeria)
    for name, value in vars(owner).items()
    if isinstance(value, Signal)
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("annotations", MODULES)
def test_payload_is_known_from_every_way_of_declaring_it(annotations: str, form: str) -> None:
    module = MODULES[annotations]
    signal = getattr(module if hasattr(module, form) else module.Pizzeria, form)
    assert_carries(signal, required="toppings size", optional="note")


delivered = make_delivered()
answered: "Signal[object, PizzaDone, Callable[[int], str]]" = Signal()


def test_response_in_a_quoted_annotation_may_be_a_callable() -> None:
    assert_carries(answered, required="toppings size", optional="note")


@pytest.mark.parametrize("cls", [Signal, forms.StoreSignal[object], forms.PizzaSignal])
def test_signal_created_in_a_function_has_its_payload(cls: Any) -> None:
    signal = Signal[object, PizzaDone]() if cls is Signal else cls()
    assert_carries(signal, required="toppings size", optional="note")


@pytest.mark.parametrize(
    "make",
    [
        Signal,
        Signal[Any, Any],
        make_signal,
        Signal[type[PizzaDone]],
        forms.AnySignal,
        forms.AnySignal[Any],
    ],
)
def test_undeclared_signal_accepts_any_payload(make: Any) -> None:
    assert_carries_anything(make())


def test_payload_of_a_factory_is_read_in_its_module() -> None:
    assert_carries(delivered, required="address")
    assert repr(delivered) == f"<Signal {__name__}.delivered>"


# Inheritance and requirement


class Order(TypedDict):
    number: int
    table: NotRequired[int]


class Extras(TypedDict, total=False):
    drink: str
    price: Required[int]


class PizzaOrder(Order, Extras):
    toppings: list[str]


class PostponedOrder(PizzaOrder, total=False):
    deadline: str


class BackportOrder(typing_extensions.TypedDict):
    number: int
    table: typing_extensions.NotRequired[int]


class BackportExtras(typing_extensions.TypedDict, total=False):
    drink: str
    price: typing_extensions.Required[int]


class BackportPizzaOrder(BackportOrder, BackportExtras):
    toppings: list[str]


class GenericOrder(TypedDict, Generic[ItemT]):
    item: ItemT
    note: NotRequired[ItemT]


class SpecialisedOrder(GenericOrder[str], total=False):
    sauce: str


class EmptyOrder(TypedDict):
    pass


# The syntax for keys that are not identifiers.
FunctionalOrder = TypedDict("FunctionalOrder", {"class": int, "in": NotRequired[int]})
FunctionalStrings = TypedDict("FunctionalStrings", {"class": "int", "in": "NotRequired[int]"})
FunctionalExtras = TypedDict("FunctionalExtras", {"from": str, "class": Required[int]}, total=False)
FunctionalBackport = typing_extensions.TypedDict(
    "FunctionalBackport", {"class": int, "in": typing_extensions.NotRequired[int]}
)


@pytest.mark.parametrize(
    ("typed_dict", "required", "optional"),
    [
        (Order, "number", "table"),
        (Extras, "price", "drink"),
        (PizzaOrder, "number price toppings", "table drink"),
        (PostponedOrder, "number price toppings", "table drink deadline"),
        (BackportOrder, "number", "table"),
        (BackportExtras, "price", "drink"),
        (BackportPizzaOrder, "number price toppings", "table drink"),
        (GenericOrder, "item", "note"),
        (GenericOrder[int], "item", "note"),
        (SpecialisedOrder, "item", "note sauce"),
        (EmptyOrder, "", ""),
        (FunctionalOrder, "class", "in"),
        (FunctionalStrings, "class", "in"),
        (FunctionalExtras, "class", "from"),
        (FunctionalBackport, "class", "in"),
    ],
)
def test_keys_of_a_typed_dict(typed_dict: Any, required: str, optional: str) -> None:
    assert_carries(Signal[object, typed_dict](), required, optional)


@pytest.mark.parametrize(
    ("signal", "required", "optional"),
    [
        (child.pizza_ordered, "number toppings", "table drink note"),
        (child.pizza_hurried, "number toppings price", "table drink note deadline"),
        (child.item_ordered, "number item", "table sauce"),
    ],
)
def test_postponed_annotations_are_read_in_the_module_of_each_base(
    signal: Any, required: str, optional: str
) -> None:
    assert_carries(signal, required, optional)


def never_called() -> object:
    raise AssertionError


class Qualified(typing_extensions.TypedDict):
    plain: int
    read_only: ReadOnly[int]
    annotated: Annotated[int, "NotRequired[int]"]
    required: Annotated[Required[int], "metadata"]
    not_required: NotRequired[int]
    not_required_read_only: NotRequired[ReadOnly[int]]
    read_only_not_required: ReadOnly[NotRequired[int]]
    annotated_not_required: Annotated[NotRequired[int], "metadata", "more"]
    not_required_annotated: NotRequired[Annotated[int, "metadata"]]
    all_around: Annotated[ReadOnly[Annotated[NotRequired[Annotated[int, "in"]], "mid"]], "out"]
    in_a_string: "Annotated[NotRequired[ReadOnly[int]], 'metadata']"
    with_a_call: "Annotated[NotRequired[int], never_called()]"
    inner_string: Annotated["NotRequired[int]", "metadata"]


class QualifiedPartial(typing_extensions.TypedDict, total=False):
    plain: int
    read_only: ReadOnly[int]
    annotated: Annotated[int, "Required[int]"]
    not_required: Annotated[NotRequired[int], "metadata"]
    required: Required[int]
    required_read_only: Required[ReadOnly[int]]
    read_only_required: ReadOnly[Required[int]]
    annotated_required: Annotated[Required[int], "metadata", "more"]
    required_annotated: Required[Annotated[int, "metadata"]]
    all_around: Annotated[ReadOnly[Annotated[Required[Annotated[int, "in"]], "mid"]], "out"]
    in_a_string: "Annotated[Required[ReadOnly[int]], 'metadata']"
    with_a_call: "Annotated[Required[int], never_called()]"
    inner_string: Annotated["Required[int]", "metadata"]


def test_not_required_counts_in_every_nesting() -> None:
    assert_carries(
        Signal[object, Qualified](),
        required="plain read_only annotated required",
        optional=(
            "not_required not_required_read_only read_only_not_required annotated_not_required "
            "not_required_annotated all_around in_a_string with_a_call inner_string"
        ),
    )


def test_required_counts_in_every_nesting() -> None:
    assert_carries(
        Signal[object, QualifiedPartial](),
        required=(
            "required required_read_only read_only_required annotated_required "
            "required_annotated all_around in_a_string with_a_call inner_string"
        ),
        optional="plain read_only annotated not_required",
    )


# Keys that are not declared (PEP 728)


class Closed(typing_extensions.TypedDict, closed=True):  # type: ignore[call-arg, unused-ignore]
    number: int


class MayHaveMore(typing_extensions.TypedDict, extra_items=int):  # type: ignore[call-arg]
    number: int


class MoreOrder(MayHaveMore):
    table: NotRequired[int]


class MoreReadOnly(typing_extensions.TypedDict, extra_items=ReadOnly["int"]):  # type: ignore[call-arg]
    number: int


class GenericMore(typing_extensions.TypedDict, Generic[ItemT], extra_items="ItemT"):  # type: ignore[call-arg]
    number: ItemT


class SpecialisedMore(GenericMore[int]):
    pass


class NoMore(MayHaveMore, closed=True):  # type: ignore[call-arg, unused-ignore]
    pass


class NeverMore(typing_extensions.TypedDict, extra_items="Never"):  # type: ignore[call-arg]
    number: int


class NeverMoreReadOnly(typing_extensions.TypedDict, extra_items=ReadOnly[Never]):  # type: ignore[call-arg]
    number: int


FunctionalMore = typing_extensions.TypedDict(  # type: ignore[misc]
    "FunctionalMore", {"number": int, "in": NotRequired[int]}, extra_items=int
)


@pytest.mark.parametrize("typed_dict", [Closed, NoMore, NeverMore, NeverMoreReadOnly])
def test_closed_typed_dict_has_only_its_declared_keys(typed_dict: Any) -> None:
    assert_carries(Signal[object, typed_dict](), required="number")


def declare_more(sender: object, **kwargs: Unpack[MayHaveMore]) -> object:
    raise AssertionError


@pytest.mark.parametrize(
    "make",
    [
        Signal[object, MayHaveMore],
        Signal[object, MoreOrder],
        Signal[object, MoreReadOnly],
        Signal[object, GenericMore],  # type: ignore[type-arg]
        Signal[object, GenericMore[int]],
        Signal[object, SpecialisedMore],
        Signal[object, FunctionalMore],
        partial(Signal.declare, declare_more),
    ],
)
def test_typed_dict_with_extra_items_accepts_more_keys(make: Any) -> None:
    signal = make()

    def more(number: int, other: int = 0, **kwargs: object) -> None: ...

    def requires_more(other: int, **kwargs: object) -> None: ...

    def misspelt(nunber: int, **kwargs: object) -> None: ...

    signal.connect(more)
    assert signal.send(None, number=1) == signal.send(None, number=1, other=2) == [(more, None)]
    for keys, problem in (
        ({"other": 1}, "missing 'number'"),
        ({"number": 1, "signal": 1}, r"unexpected 'signal' \(a reserved name\)"),
    ):
        with pytest.raises(PayloadError, match=problem):
            signal.send(None, **keys)
    with pytest.raises(
        ReceiverSignatureError, match=r"'other' is not always sent \(it is an extra"
    ):
        signal.connect(requires_more)
    with pytest.raises(ReceiverSignatureError, match=r"'nunber' .*: did you mean 'number'\?"):
        signal.connect(misspelt)


# Names that only the type checker sees


@pytest.mark.parametrize(
    "signal",
    [
        type_checking.bill_printed,
        type_checking.bill_lost,
        type_checking.bill_torn,
        type_checking.bill_named,
        type_checking.bill_shown,
        type_checking.Cashier.bill_paid,
        type_checking.Cashier.bill_sent,
    ],
)
def test_names_imported_for_the_type_checker_do_not_hide_the_payload(signal: Any) -> None:
    assert_carries(signal, required="price order paid", optional="tip name date split")


class Unreadable:
    """
    Raises for any attribute.
    """

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


unreadable: Any = Unreadable()


def test_name_that_cannot_be_resolved_does_not_hide_others() -> None:
    class Weighed(TypedDict):
        weight: "NotRequired[unreadable.Unit]"
        size: "unreadable.Unit"
        unit: "NotRequired[int[str]]"  # type: ignore[type-arg]

    assert_carries(Signal[Any, Weighed](), required="size", optional="weight unit")


# Declared by a function


def declare_unchecked(function: Callable[..., object]) -> Any:
    return unchecked(Signal).declare(function)


@declare_unchecked
def pizza_weighed(sender: object, /, weight: int, *, unit: str = "g", **kwargs: Any) -> object:
    raise AssertionError


@Signal.declare
def pizza_named(sender: object, name: str, **kwargs: Unpack[Order]) -> object:
    raise AssertionError


@Signal.declare
def pizza_burnt(sender: object) -> object:
    raise AssertionError


def pizza_burnt_again(sender: object) -> object:
    raise AssertionError


def test_declaring_function_with_kwargs_has_an_open_payload() -> None:
    assert pizza_weighed.send(None, weight=1, colour="brown") == []
    with pytest.raises(PayloadError, match="missing 'weight'"):
        pizza_weighed.send(None, colour="brown")


def test_any_other_annotation_of_kwargs_makes_the_payload_open() -> None:
    @declare_unchecked
    def signal(sender: object, **kwargs: list[Order]) -> object:
        raise AssertionError

    assert_carries_anything(signal)


def test_declaring_function_without_a_module_is_partially_read() -> None:
    def of_no_module(sender: object, *, size: int, **kwargs: object) -> object:
        raise AssertionError

    of_no_module.__module__ = unchecked(None)
    signal = declare_unchecked(of_no_module)
    assert signal.send(None, size=1, more=2) == []
    with pytest.raises(PayloadError, match="missing 'size'"):
        signal.send(None, more=2)


def test_optional_keys_of_an_open_payload_cannot_be_required() -> None:
    def declaration(sender: object, *, hour: int = 18, **more: object) -> object: ...

    opened = unchecked(Signal).declare(declaration)

    def receive(hour: int, **kwargs: object) -> None: ...

    with pytest.raises(ReceiverSignatureError, match="'hour' is not always sent"):
        opened.connect(receive)
    assert opened.receivers == []

    def of_more(minutes: int, hour: int = 18, **kwargs: object) -> None: ...

    opened.connect(of_more)
    assert len(opened.receivers) == 1


def test_declaring_function_may_add_to_a_typed_dict() -> None:
    assert_carries(pizza_named, required="name number", optional="table")


def test_declaring_function_without_parameters_declares_an_empty_payload() -> None:
    assert_carries(pizza_burnt)


def test_declared_signal_keeps_the_docstring() -> None:
    assert names.pizza_sold.__doc__ is not None
    assert names.pizza_sold.__doc__.strip() == "A pizza changed hands."


def test_declared_signal_is_an_instance_of_its_class() -> None:
    assert isinstance(forms.declared_on_subclass, forms.PizzaSignal)


@pytest.mark.parametrize("declared", [PizzaDone, len, None, staticmethod(repr)])
def test_declare_accepts_functions_only(declared: object) -> None:
    with pytest.raises(TypeError, match=r"^Signal\.declare takes a function, not .* write @Signal"):
        unchecked(Signal).declare(declared)


# Laziness

payload_defined_later: "Signal[object, DefinedLater]" = Signal()
applied_to_later_payload = Signal[object, "DefinedLater"]()


@Signal.declare
def declared_with_later_payload(sender: object, **kwargs: "Unpack[DefinedLater]") -> object:
    raise AssertionError


class DefinedLater(TypedDict):
    moment: "NotRequired[AlsoDefinedLater]"
    place: str


AlsoDefinedLater = int


@pytest.mark.parametrize(
    "signal", [payload_defined_later, applied_to_later_payload, declared_with_later_payload]
)
def test_payload_may_be_defined_after_its_signal(signal: Any) -> None:
    assert_carries(signal, required="place", optional="moment")


class Expensive:
    times_read = 0

    @property
    def payload(self) -> type[PizzaDone]:
        self.times_read += 1
        return PizzaDone


expensive = Expensive()
declared_with_expensive: "Signal[object, expensive.payload]" = Signal()  # type: ignore[name-defined]


def test_declaration_is_read_once_and_only_when_used() -> None:
    assert declared_with_expensive.receivers == []
    assert repr(declared_with_expensive)
    assert expensive.times_read == 0
    assert_carries(declared_with_expensive, required="toppings size", optional="note")
    assert expensive.times_read == 1


def test_using_a_signal_before_its_name_is_bound_does_not_finalize_its_payload() -> None:
    assert early.sent_while_unnamed == []
    assert_carries(early.pizza_done, required="toppings size", optional="note")


@pytest.mark.usefixtures("each_way_of_sending")
def test_it_imports_nothing_after_other_signals_without_payload(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert_carries_anything(Signal())
    monkeypatch.delitem(sys.modules, early.__name__)
    again = importlib.import_module(early.__name__)
    assert again is not early
    assert again.sent_while_unnamed == []
    with pytest.raises(PayloadError):
        again.pizza_done.send(None)
    assert_carries(again.pizza_done, required="toppings size", optional="note")


# Refusals


class CarriesSender(TypedDict):
    sender: object
    size: int


class CarriesBoth(CarriesSender):
    signal: NotRequired[object]


class NoTypedDict:
    size: int


@declare_unchecked
def carries_signal(sender: object, signal: object) -> object:
    raise AssertionError


@declare_unchecked
def unpacks_another_type(sender: object, /, **kwargs: "Unpack[NoTypedDict]") -> object:  # type: ignore[misc]
    raise AssertionError


@declare_unchecked
def starts_with_payload(size: int, sender: object) -> object:
    raise AssertionError


@declare_unchecked
def takes_nothing() -> object:
    raise AssertionError


@declare_unchecked
def takes_positions(sender: object, *sizes: int) -> object:
    raise AssertionError


@declare_unchecked
def takes_a_position(sender: object, size: int, /) -> object:
    raise AssertionError


class LoneSignal(Signal[PizzaDone]):  # type: ignore[signal-declaration]
    pass


annotated_without_sender: Signal[PizzaDone] = Signal()  # type: ignore[signal-declaration]

WRONG = {
    "carries_sender": (
        unchecked(Signal)[object, CarriesSender](),
        "CarriesSender declares 'sender'",
    ),
    "carries_both": (
        unchecked(Signal)[object, CarriesBoth](),
        "CarriesBoth declares 'sender', 'signal'",
    ),
    "carries_signal": (carries_signal, "declares 'signal'"),
    "class": (unchecked(Signal)[object, NoTypedDict](), "NoTypedDict is not a TypedDict: declare"),
    "built-in": (unchecked(Signal)[object, dict](), "dict is not a TypedDict: declare"),
    "generic": (unchecked(Signal)[object, dict[str, int]](), "dict[str, int] is not a TypedDict"),
    "none": (unchecked(Signal)[object, None](), "None is not a TypedDict: use an empty TypedDict"),
    "no sender": (unchecked(Signal)[PizzaDone](), "PizzaDone is a payload, not a sender"),
    "no sender, by name": (
        unchecked(Signal)["PizzaDone"](),
        "PizzaDone is a payload, not a sender: write Signal[object, PizzaDone]",
    ),
    "no sender, subclass": (LoneSignal(), "PizzaDone is a payload, not a sender"),
    "no sender, annotation": (annotated_without_sender, "PizzaDone is a payload, not a sender"),
    "swapped": (
        unchecked(Signal)[PizzaDone, object](),
        "object is not a TypedDict: sender and payload seem to be swapped",
    ),
    "subclass": (unchecked(forms.AnySignal)[NoTypedDict](), "NoTypedDict is not a TypedDict"),
    "unpacks": (unpacks_another_type, "NoTypedDict is not a TypedDict"),
    "no sender first": (
        starts_with_payload,
        "the first parameter of starts_with_payload must be 'sender': make it the first positional",
    ),
    "no parameters": (
        takes_nothing,
        "the first parameter of takes_nothing must be 'sender': add it",
    ),
    "*args": (takes_positions, "'*sizes' cannot be passed by keyword"),
    "positional-only": (takes_a_position, "'size' cannot be passed by keyword"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_declaration_is_refused_at_the_first_use(case: str) -> None:
    signal, problem = WRONG[case]

    def receive(**kwargs: object) -> None:
        raise AssertionError

    for use in (partial(signal.connect, receive), partial(signal.send, None)):
        with pytest.raises(DeclarationError) as refused:
            use()
        assert f"{type(signal).__name__} {refused.value}".startswith(repr(signal)[1:-1])
        assert problem in str(refused.value)
        assert isinstance(refused.value, TypeError)
    assert signal.receivers == []


@pytest.mark.parametrize("key", ["senders", "signals", "self", "args", "kwargs", "payload"])
def test_keys_similar_to_reserved_ones_can_be_declared(key: str) -> None:
    payload: Any = TypedDict("payload", {key: int})  # type: ignore[misc]
    assert_carries(Signal[object, payload](), required=key)


# Names


@pytest.mark.parametrize(
    ("signal", "shown"),
    [
        (names.pizza_done, "<Signal tests.declared.names.pizza_done>"),
        (names.pizza_baked, "<BakedSignal tests.declared.names.pizza_baked>"),
        (names.pizza_eaten, "<Signal tests.declared.names.pizza_eaten>"),
        (names.pizza_sold, "<Signal tests.declared.names.pizza_sold>"),
        (names.Pizzeria.opened, "<Signal tests.declared.names.Pizzeria.opened>"),
        (names.Trattoria.opened, "<Signal tests.declared.names.Pizzeria.opened>"),
        (names.Pizzeria.Oven.heated, "<Signal tests.declared.names.Pizzeria.Oven.heated>"),
        (names.Pizzeria.closed, "<Signal tests.declared.names.Pizzeria.closed>"),
    ],
)
def test_signal_knows_its_own_name(signal: object, shown: str) -> None:
    assert repr(signal) == shown


def test_declared_signal_has_the_name_of_its_function() -> None:
    hidden = [Signal.declare(pizza_burnt_again)]
    assert repr(hidden[0]) == f"<Signal {__name__}.pizza_burnt_again>"


def test_signal_without_a_name_shows_where_it_was_created() -> None:
    signal: Signal[Any, Any] = Signal()
    line = sys._getframe().f_lineno - 1
    assert repr(signal) == f"<Signal <unnamed signal made at {__file__}:{line}>>"


def test_signal_gets_its_name_even_if_its_repr_was_used_before() -> None:
    module = types.ModuleType("tests.declared.growing")
    sys.modules[module.__name__] = module
    exec("from typed_signals import Signal\nunnamed = [Signal()]", vars(module))
    [signal] = module.unnamed
    assert "unnamed signal" in repr(signal)
    vars(module)["named"] = signal
    assert repr(signal) == "<Signal tests.declared.growing.named>"
    del sys.modules[module.__name__]


def test_annotations_that_a_tool_assigned_are_read() -> None:
    # As Sphinx does. Since Python 3.14, they are stored in another place, and not inherited.
    namespace: dict[str, Any] = {"__name__": "shop", "TypedDict": TypedDict, "Required": Required}
    code = """
class Baked(TypedDict):
    size: "int"

class Done(Baked, total=False):
    note: "str"

class Sold(Done):
    price: "Required[int]"
"""
    exec(code, namespace)
    for cls in (namespace["Baked"], namespace["Done"]):
        cls.__annotations__ = dict(cls.__annotations__)
    signal: Any = unchecked(Signal)[object, namespace["Sold"]]()
    assert signal._declaration.types_of(signal) == {"size": "int", "note": "str", "price": "int"}
    assert_carries(signal, required="size price", optional="note")


# At the end of the interpreter


def test_declaration_that_needs_an_import_is_unknown_during_shutdown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @declare_unchecked
    def signal(sender: object, *, weight: int) -> object:
        raise AssertionError

    is_finalizing = Mock(return_value=False)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "is_finalizing", is_finalizing)
        patched.setitem(sys.modules, "inspect", None)
        with pytest.raises(ImportError):
            signal.send(None, weight=1)
        is_finalizing.return_value = True
        assert_carries_anything(signal)
    assert_carries(signal, required="weight")
