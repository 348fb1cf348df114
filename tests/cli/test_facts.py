"""
Facts as plain data: types that can be written as source, and JSON.
"""

from __future__ import annotations

import json

from typed_signals.cli.survey.model import (
    Key,
    Place,
    ReceiverFact,
    ReceiverParameter,
    SendFact,
    SignalFact,
    Survey,
    facts_from_json,
    facts_to_json,
)
from typed_signals.cli.survey.written_types import (
    NONE,
    NamedType,
    ParameterTypes,
    UnionOf,
    UnknownType,
    Verbatim,
    full_text,
    imports_of,
    is_known,
    short_text,
)

INT = NamedType("builtins", "int")
ORDER = NamedType("shop.models", "Order")
LINE = NamedType("shop.models", "Order.Line")
HANDLER = NamedType("collections.abc", "Callable", (ParameterTypes((INT, LINE)), NONE))
NESTED = NamedType("builtins", "dict", (INT, UnionOf((ORDER, NONE))))
OPEN_FILE = NamedType("_typeshed", "SupportsRead", (NamedType("builtins", "str"),), False)  # noqa: FBT003

SURVEY = Survey(
    "/home/shop",
    (
        SignalFact(
            "shop.signals.done",
            Place("shop/signals.py", 3),
            "typed",
            "typed_signals._signal.Signal",
            payload={"size": Key(INT, required=False)},
            sender=NamedType("builtins", "type", (ORDER,)),
            documented=("size",),
            aliases=("shop.done",),
        ),
        SignalFact("unused", None, "other", ""),
    ),
    (
        SendFact(
            "shop.signals.done",
            Place("shop/views.py", 7, 4),
            "send",
            {
                "size": Key(UnionOf((INT, NONE))),
                "order": Key(UnknownType("untyped"), required=False),
            },
            positional=(HANDLER,),
            spread=("extra",),
        ),
        SendFact(None, Place("shop/views.py", 9), "send", why_unknown="it is an argument"),
    ),
    (
        ReceiverFact(
            "shop.signals.done",
            Place("shop/receivers.py", 1),
            "shop.receivers.print_it",
            parameters=(ReceiverParameter("size", OPEN_FILE), ReceiverParameter("sender")),
            kwargs="kwargs",
        ),
    ),
)


def test_facts_are_read_from_the_json_that_is_written() -> None:
    text = json.dumps(facts_to_json(SURVEY))
    assert facts_from_json(Survey, json.loads(text)) == SURVEY
    assert "why_unknown" not in json.dumps(facts_to_json(SURVEY.receivers))


def test_signal_is_found_by_name_and_alias() -> None:
    fact = SURVEY.signals[0]
    assert SURVEY.signal("shop.signals.done") is SURVEY.signal("shop.done") is fact
    assert SURVEY.signal("shop.signals.gone") is None
    assert SURVEY.sends_of(fact) == [SURVEY.sends[0]]
    assert SURVEY.receivers_of(fact) == [SURVEY.receivers[0]]


def test_types_are_written_with_and_without_modules() -> None:
    assert full_text(NESTED) == "dict[int, shop.models.Order | None]"
    assert short_text(NESTED) == "dict[int, Order | None]"
    assert short_text(HANDLER) == "Callable[[int, Order.Line], None]"
    assert full_text(NamedType("builtins", "tuple", (INT, Verbatim("...")))) == "tuple[int, ...]"
    assert imports_of(HANDLER) == {("collections.abc", "Callable"), ("shop.models", "Order")}


def test_unknown_part_makes_a_type_unknown() -> None:
    items = NamedType("builtins", "list", (UnknownType("untyped"),))
    assert is_known(NESTED)
    assert not is_known(items)
    assert short_text(items) == "list[object]"
