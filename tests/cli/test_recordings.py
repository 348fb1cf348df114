"""
``infer --record``: recorded types join what is inferred from the source.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from typed_signals.cli.exits import CommandError
from typed_signals.cli.infer.join import join, with_unknown_items
from typed_signals.cli.infer.recordings import (
    Recordings,
    accepts,
    add_recordings,
    read_recordings,
)
from typed_signals.cli.infer.result import Inference, InferredKey, InferredSignal, KeyWitness
from typed_signals.cli.survey.model import Place
from typed_signals.cli.survey.program import is_in_tests
from typed_signals.cli.survey.written_types import (
    NONE,
    OBJECT,
    NamedType,
    ParameterTypes,
    UnionOf,
    UnknownType,
    Verbatim,
    full_text,
    type_to_json,
)

if TYPE_CHECKING:
    from pathlib import Path

    from typed_signals.cli.survey.written_types import WrittenType


def named(name: str, *args: WrittenType, module: str = "builtins") -> NamedType:
    return NamedType(module, name, args)


def model(name: str) -> NamedType:
    return named(name, module="shop.models")


INT, STR, FLOAT, BOOL = named("int"), named("str"), named("float"), named("bool")
BASES = {
    "builtins:bool": ["builtins:int"],
    "shop.models:Base": ["django.db.models.base:Model"],
    **{
        f"shop.models:{name}": ["shop.models:Base", "django.db.models.base:Model"]
        for name in ("Cash", "Card", "Bank", "Gift", "Shop.Debt")
    },
    "shop.tests:TestCash": ["shop.tests:TestBase", "abc:ABC", "shop.models:Cash"],
    "shop.tests:TestBase": ["abc:ABC"],
}
RECORDINGS = Recordings(bases=BASES)


def union(*types: WrittenType) -> UnionOf:
    return UnionOf(types)


def joined(*types: WrittenType) -> str:
    return full_text(with_unknown_items(join(types, BASES, merges=True)))


def test_types_are_joined() -> None:
    payments = [model(name) for name in ("Cash", "Card", "Bank", "Gift", "Shop.Debt")]
    empty = union()
    assert joined(INT, INT) == "int"
    assert joined(INT, BOOL) == "int"
    assert joined(NONE, INT) == "int | None"
    assert joined(NONE) == "None"
    assert joined(union(INT, NONE), STR) == "int | str | None"
    # Many classes: their common base class, if there is one.
    assert joined(*payments) == "shop.models.Base"
    assert joined(*payments, NONE) == "shop.models.Base | None"
    assert joined(*payments[:2]) == "shop.models.Cash | shop.models.Card"
    assert joined(*payments, model("Base")) == "shop.models.Base"
    assert joined(INT, STR, named("bytes"), named("list"), named("set")) == "object"
    assert joined(INT, UnknownType()) == "object"
    # The arguments.
    assert joined(named("list", empty), named("list", INT)) == "list[int]"
    assert joined(named("list", STR), named("list", INT)) == "list[str | int]"
    assert joined(named("list"), named("list", INT)) == "list[int]"
    # What was always empty says nothing of its items, and no items are invented.
    assert joined(named("list", empty), named("list", empty)) == "list[object]"
    assert joined(named("dict", empty, empty), NONE) == "dict[object, object] | None"
    assert joined(named("list", UnknownType()), named("list", INT)) == "object"
    assert joined(named("dict", STR, INT), named("dict", STR, NONE)) == "dict[str, int | None]"
    assert joined(named("tuple", INT), named("tuple", INT, STR)) == "tuple[int | str, ...]"
    assert joined(named("tuple", INT), named("tuple", INT, Verbatim("..."))) == "tuple[int, ...]"
    calls = [
        named("Callable", ParameterTypes((each,)), each, module="collections.abc")
        for each in (INT, STR)
    ]
    assert joined(*calls) == "collections.abc.Callable[..., int | str]"
    classes = [named("type", each) for each in (model("Base"), *payments[:2])]
    assert joined(*classes[1:]) == "type[shop.models.Cash | shop.models.Card]"
    assert joined(named("type", BOOL), named("type", INT)) == "type[int]"
    assert joined(named("type", INT), named("type", UnknownType())) == "object"


def test_what_the_code_says_may_accept_what_was_sent() -> None:
    def is_accepted(typ: WrittenType, recorded: WrittenType) -> bool:
        return accepts(typ, recorded, RECORDINGS)

    assert is_accepted(INT, BOOL)
    assert is_accepted(FLOAT, INT)
    assert is_accepted(named("complex"), FLOAT)
    assert not is_accepted(INT, FLOAT)
    assert is_accepted(union(INT, NONE), NONE)
    assert not is_accepted(INT, NONE)
    assert not is_accepted(NONE, INT)
    assert is_accepted(OBJECT, NONE)
    assert is_accepted(OBJECT, INT)
    assert is_accepted(UnknownType(), INT)
    assert is_accepted(model("Base"), model("Cash"))
    assert not is_accepted(model("Cash"), model("Base"))
    # Under another name at run time, or not known.
    assert is_accepted(named("Base", module="shop"), model("Cash"))
    assert is_accepted(named("Iterable", INT, module="collections.abc"), named("list", STR))
    assert is_accepted(NamedType("_lib", "Lazy", (), at_run_time=False), INT)
    assert is_accepted(named("list", INT), named("list", union()))
    assert not is_accepted(named("list", INT), named("list", STR))
    assert is_accepted(named("type", model("Base")), named("type", model("Cash")))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/models.py", False),
        ("shop/tests.py", True),
        ("shop/tests/factories.py", True),
        ("shop/test_models.py", True),
        ("shop/models_test.py", True),
        ("conftest.py", True),
        ("test_app/models.py", True),
        ("shop_tests/app/models.py", True),
        ("contest/latest.py", False),
        ("ab_test/models.py", False),
    ],
)
def test_files_of_tests(path: str, expected: bool) -> None:
    assert is_in_tests(path) is expected


class Record:
    """
    A recording in ``app/sent.jsonl``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rows: list[dict[str, Any]] = []

    def send(
        self, place: str, signal: str = "shop.signals.paid", sender: WrittenType = NONE, **keys: Any
    ) -> None:
        path, _, line = place.partition(":")
        sent = {"signal": signal, "place": [path, int(line)]}
        self.rows.append(
            {**sent, "method": "send", "sender": type_to_json(sender), "keys": [*keys]}
        )
        self.rows += [{**sent, "key": key, "type": type_to_json(typ)} for key, typ in keys.items()]

    def read(self) -> Recordings:
        header = {"typed_signals_record": 1, "root": str(self.root / "app")}
        classes = [
            {
                "class": name,
                "bases": bases,
                "file": f"{name.partition(':')[0].replace('.', '/')}.py"
                if "shop" in name
                else None,
            }
            for name, bases in BASES.items()
        ]
        parts: list[list[dict[str, Any]]] = [self.rows[::2], [*self.rows[1::2], *classes]]
        (self.root / "app").mkdir(exist_ok=True)
        for suffix, rows in zip(("", ".17"), parts, strict=True):
            text = "\n".join(map(json.dumps, [header, *rows]))
            # The process was killed while it wrote another line.
            path = self.root / "app" / f"sent.jsonl{suffix}"
            path.write_text(f'{text}\n{{"signal": "sho', "utf-8")
        return read_recordings([self.root / "app" / "sent.jsonl"], self.root)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path)


def signal(*keys: InferredKey, **others: Any) -> InferredSignal:
    given: dict[str, Any] = {"verdict": "partly typed", "sends": (Place("app/shop/pay.py", 3),)}
    engine = "django.dispatch.dispatcher.Signal"
    place = Place("app/shop/signals.py", 1)
    return InferredSignal(
        "shop.signals.paid", place, "django", engine, keys=keys, **{**given, **others}
    )


def add(record: Record, inferred: InferredSignal) -> InferredSignal:
    (found,) = add_recordings(Inference(str(record.root), (inferred,)), record.read()).signals
    return found


def texts(found: InferredSignal) -> dict[str, str]:
    return {key.name: full_text(key.type) for key in found.keys}


def test_recorded_types_agree_fill_or_contradict(record: Record) -> None:
    record.send(
        "shop/pay.py:3", sender=named("type", model("Cash")),
        total=INT, by=model("Cash"), lines=named("list", INT), note=NONE, on=STR,
    )  # fmt: skip
    record.send(
        "shop/pay.py:9", sender=named("type", model("Card")),
        total=INT, by=model("Card"), lines=named("list", STR), note=STR, on=FLOAT,
    )  # fmt: skip
    # Not what the code itself sends.
    fake, base = named("TestCash", module="shop.tests"), named("TestBase", module="shop.tests")
    record.send("shop/tests.py:1", total=fake, by=INT, lines=fake, note=fake, on=fake)
    sender = named("type", fake)
    record.send(
        "shop/pay.py:9", sender=sender,
        total=INT, by=fake, lines=union(named("list", fake), NONE), note=base, on=FLOAT,
    )  # fmt: skip
    found = add(
        record,
        signal(
            InferredKey("total", INT),
            InferredKey("by", UnknownType()),
            InferredKey("lines", named("list", UnknownType())),
            InferredKey("note", STR),
            InferredKey("on", FLOAT, conflict="unclear"),
            sender=UnknownType(),
        ),
    )
    assert texts(found) == {
        "total": "int",
        "by": "shop.models.Cash | shop.models.Card",
        "lines": "list[int | str | shop.models.Cash] | None",
        "note": "str | None",
        "on": "float | str",
    }
    assert [key.conflict for key in found.keys] == [
        "",
        "",
        "",
        "the code says str, but None was sent",
        "unclear; the code says float, but str was sent",
    ]
    assert found.sender is not None
    assert full_text(found.sender) == "type[shop.models.Cash | shop.models.Card]"
    assert found.verdict == "complete"
    assert found.why_unsure == ""
    witnesses = found.keys[0].witnesses
    assert [(each.kind, each.place) for each in witnesses] == [
        ("recorded", Place("app/shop/pay.py", 3)),
        ("recorded", Place("app/shop/pay.py", 9)),
    ]


def test_classes_of_an_implementation_are_not_what_is_meant(record: Record) -> None:
    request = named("WSGIRequest", module="django.core.handlers.wsgi")
    path = named("PosixPath", module="pathlib._local")
    mock = named("MagicMock", module="unittest.mock")
    record.send("shop/pay.py:3", request=request, path=named("list", path), by=INT)
    unknown = [InferredKey(name, UnknownType()) for name in ("request", "path")]
    found = add(record, signal(*unknown, InferredKey("by", union(mock, STR))))
    assert texts(found) == {
        "request": "django.http.HttpRequest",
        "path": "list[pathlib.Path]",
        "by": "int",
    }


def test_mocks_say_nothing(record: Record) -> None:
    mock = named("MagicMock", module="unittest.mock")
    record.send("shop/pay.py:3", sender=mock, order=model("Cash"), card=mock, by=mock)
    record.send("shop/pay.py:3", sender=mock, order=named("list", mock), card=STR, by=mock)
    keys = [InferredKey(name, UnknownType()) for name in ("order", "card", "by")]
    found = add(record, signal(*keys, sender=INT))
    assert texts(found) == {"order": "shop.models.Cash", "card": "str", "by": "object"}
    assert found.sender == INT


def test_places_are_normalised(record: Record) -> None:
    record.send("shop/tests/../pay.py:3", total=INT)
    record.send("shop/tests/test_pay.py:3", total=STR)
    found = add(record, signal(InferredKey("total", UnknownType())))
    assert texts(found) == {"total": "int"}


def test_sends_that_differ_are_drifts(record: Record) -> None:
    record.send("shop/pay.py:3", total=INT, more=INT)
    record.send("shop/tests.py:7", note=NONE)
    found = add(record, signal(InferredKey("total", UnknownType()), sender=NONE))
    assert [(each.place, each.text) for each in found.drifts] == [
        (Place("app/shop/pay.py", 3), "sends 'more' in addition"),
        (
            Place("app/shop/tests.py", 7),
            "sends 'note' in addition and does not send 'total'",
        ),
    ]
    assert found.verdict == "drifting"
    assert found.why_unsure == (
        "a recorded send differs: app/shop/pay.py:3 sends 'more' in addition"
    )
    # The key was not seen in the source.
    assert texts(found) == {"total": "int", "more": "int"}
    assert [key.required for key in found.keys] == [True, False]


def test_signals_without_known_sends_are_completed_for_people(record: Record) -> None:
    record.send("/elsewhere/lib.py:3", total=UnknownType(), size=INT)
    found = add(record, signal(verdict="never sent", sends=()))
    assert texts(found) == {"total": "object", "size": "int"}
    assert all(key.required for key in found.keys)
    assert found.verdict == "never sent"
    assert found.why_unsure == "only recordings show how it is sent"
    opened = add(record, signal(verdict="open", why_unsure="**kwargs", sends=()))
    assert (opened.verdict, opened.why_unsure) == ("open", "**kwargs")
    assert texts(opened) == texts(found)


def test_signals_are_found_by_their_sends(record: Record) -> None:
    record.send("shop/pay.py:3", "shop.receivers.imported_under_another_name", size=INT)
    record.send("shop/pay.py:5", "shop.signals.other", total=STR)
    wrong_sender = signal(InferredKey("size", UnknownType(), required=False), sender=INT)
    found = add(record, wrong_sender)
    assert texts(found) == {"size": "int"}
    assert found.sender is not None
    assert full_text(found.sender) == "int | None"
    unknown = add(record, signal(sends=()))
    assert unknown == signal(sends=())
    declared = signal(verdict="declared")
    assert add(record, declared) is declared


def test_what_contradicts_the_code_is_added(record: Record) -> None:
    record.send("shop/pay.py:3", total=union(STR, UnknownType()), size=named("list", INT))
    found = add(
        record,
        signal(
            InferredKey("total", INT),
            InferredKey("size", named("dict", STR, UnknownType())),
            InferredKey("other", union(STR, UnknownType()), required=False),
        ),
    )  # fmt: skip
    assert texts(found) == {
        "total": "int | str",
        "size": "list[int]",
        "other": "str | object",
    }
    assert [each.conflict for each in found.keys] == ["the code says int, but str was sent", "", ""]


def test_recorded_types_join_those_of_some_sends(record: Record) -> None:
    empty = named("list", union())
    record.send("shop/pay.py:3", by=INT, lines=empty, seen=empty, on=INT, note=NONE, card=NONE)
    witnesses = {
        "by": KeyWitness("send", STR),
        "lines": KeyWitness("send", named("list", INT)),
        "seen": KeyWitness("send", UnknownType()),
        "on": KeyWitness("receiver", STR),
        "note": KeyWitness("receiver", UnknownType()),
        "card": KeyWitness("send", STR),
    }
    keys = [InferredKey(name, UnknownType(), witnesses=(one,)) for name, one in witnesses.items()]
    found = add(record, signal(*keys))
    expected = {"by": "str | int", "lines": "list[int]", "seen": "list[object]", "on": "int"}
    # What was always None in tests may be something else.
    assert texts(found) == expected | {"note": "object", "card": "str | None"}
    assert found.verdict == "partly typed"


def test_files_that_are_not_recordings_are_errors(tmp_path: Path) -> None:
    file = tmp_path / "sent.jsonl"

    def problem() -> str:
        with pytest.raises(CommandError) as raised:
            read_recordings([file], tmp_path)
        return str(raised.value).replace(f"{tmp_path}/", "")

    assert problem() == "there is no recording sent.jsonl"
    with pytest.raises(CommandError, match="there is no recording"):
        read_recordings([tmp_path / "nowhere" / "sent.jsonl"], tmp_path)
    with pytest.raises(CommandError, match=r"the recording cannot be read: .*Is a directory"):
        read_recordings([tmp_path], tmp_path)
    for text in ("", "1\n", "{}\n", "no\n", '{"typed_signals_record": 1, "root": "/"}\n{}\n'):
        file.write_text(text, "utf-8")
        assert problem() == "sent.jsonl is not a recording of typed_signals.record"
    file.write_text('{"typed_signals_record": 2}\n', "utf-8")
    assert problem() == "sent.jsonl was recorded by another version: record again"


def test_signals_of_tests_are_sent_with_classes_of_tests(record: Record) -> None:
    fake = named("TestCash", module="shop.tests")
    record.send("shop/tests.py:3", by=fake)
    place = Place("app/shop/tests.py", 1)
    found = add(record, replace(signal(InferredKey("by", UnknownType())), place=place))
    assert texts(found) == {"by": "shop.tests.TestCash"}
