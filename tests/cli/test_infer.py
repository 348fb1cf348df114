"""
What is inferred of signals, and the report of ``typed-signals infer``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from typed_signals.cli.infer import command
from typed_signals.cli.infer.join import is_instance_of, join
from typed_signals.cli.infer.report import print_report, report_json, summary_lines
from typed_signals.cli.infer.witnesses import infer
from typed_signals.cli.main import main
from typed_signals.cli.project.interpreter import Interpreter
from typed_signals.cli.survey.model import (
    Key,
    Place,
    ReceiverFact,
    ReceiverParameter,
    SendFact,
    SignalFact,
    Survey,
)
from typed_signals.cli.survey.written_types import (
    NONE,
    OBJECT,
    NamedType,
    UnionOf,
    UnknownType,
    WrittenType,
    short_text,
)

from .surveys import survey_project

if TYPE_CHECKING:
    from pathlib import Path

    from typed_signals.cli.infer.result import InferredSignal

INT = NamedType("builtins", "int")
BOOL = NamedType("builtins", "bool")
STR = NamedType("builtins", "str")
FLOAT = NamedType("builtins", "float")
BYTES = NamedType("builtins", "bytes")
BREAD = NamedType("bakery", "Bread")
RYE = NamedType("bakery", "Rye")
OAT = NamedType("bakery", "Oat")
WHEAT = NamedType("bakery", "Wheat")
SPELT = NamedType("bakery", "Spelt")
BASES = {
    "bakery:Bread": ("django.db.models:Model", "builtins:object"),
    **{
        f"bakery:{name}": ("bakery:Bread", "django.db.models:Model", "builtins:object")
        for name in ("Rye", "Oat", "Wheat", "Spelt")
    },
    **{f"shop:Oven.{name}": ("shop:Oven.Base",) for name in ("Gas", "Wood", "Coal", "Oil")},
    "builtins:int": ("builtins:object",),
    "builtins:str": ("collections.abc:Sequence", "builtins:object"),
}


def class_of(typ: WrittenType) -> NamedType:
    return NamedType("builtins", "type", (typ,))


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([INT], "int"),
        ([INT, INT], "int"),
        ([INT, BOOL], "int"),
        ([NONE, STR], "str | None"),
        ([UnionOf((INT, NONE)), STR], "int | str | None"),
        ([RYE, BREAD], "Bread"),
        ([RYE, OAT, WHEAT], "Rye | Oat | Wheat"),
        ([RYE, OAT, WHEAT, SPELT, NONE], "Bread | None"),
        ([class_of(one) for one in (RYE, OAT, WHEAT, SPELT)], "type[Bread]"),
        (
            [NamedType("shop", f"Oven.{one}") for one in ("Gas", "Wood", "Coal", "Oil")],
            "Oven.Base",
        ),
        ([class_of(INT), class_of(STR), class_of(BYTES), class_of(RYE)], "type"),
        ([class_of(RYE), NamedType("builtins", "type")], "type"),
        ([INT, STR, BYTES, RYE], "object"),
        ([INT, OBJECT], "object"),
        ([NamedType("builtins", "list", (one,)) for one in (INT, STR, BYTES, RYE)], "list"),
        ([class_of(UnionOf((one, RYE))) for one in (INT, STR, BYTES, OAT)], "type"),
        (
            [NamedType("builtins", "list", (INT,)), NamedType("builtins", "list", (STR,))],
            "list[int] | list[str]",
        ),
    ],
)
def test_types_are_joined(types: list[WrittenType], expected: str) -> None:
    assert short_text(join(types, BASES)) == expected


def test_join_with_an_unknown_type_is_unknown() -> None:
    unknown = UnknownType("not annotated")
    assert join([INT, unknown], BASES) == unknown
    partly = NamedType("builtins", "list", (unknown,))
    assert join([partly], BASES) == UnknownType("partly known")


def test_instances() -> None:
    assert is_instance_of(UnionOf((RYE, NONE)), UnionOf((BREAD, NONE)), BASES)
    assert is_instance_of(INT, FLOAT, BASES)
    assert is_instance_of(class_of(RYE), class_of(BREAD), BASES)
    assert is_instance_of(NamedType("builtins", "list", (INT,)), NamedType("builtins", "list"), {})
    assert not is_instance_of(UnionOf((RYE, NONE)), BREAD, BASES)
    assert not is_instance_of(NamedType("builtins", "type"), class_of(BREAD), BASES)
    assert not is_instance_of(UnknownType(), BREAD, BASES)


SIGNAL = SignalFact("bakery.baked", Place("bakery.py", 1), "django", "django.dispatch.Signal")


def sent(line: int, *spread: str, in_tests: bool = False, **keys: WrittenType) -> SendFact:
    return SendFact(
        SIGNAL.fullname,
        Place("oven.py", line),
        "send",
        {name: Key(typ) for name, typ in keys.items()},
        spread=spread,
        in_tests=in_tests,
    )


def received(**parameters: WrittenType | None) -> ReceiverFact:
    return ReceiverFact(
        SIGNAL.fullname,
        Place("shop.py", 1),
        "shop.on_baked",
        parameters=tuple(
            ReceiverParameter(name.rstrip("_"), typ, required=not name.endswith("_"))
            for name, typ in parameters.items()
        ),
        kwargs="kwargs",
    )


def inferred(*facts: SendFact | ReceiverFact, signal: SignalFact = SIGNAL) -> InferredSignal:
    sends = tuple(fact for fact in facts if isinstance(fact, SendFact))
    receivers = tuple(fact for fact in facts if isinstance(fact, ReceiverFact))
    (found,) = infer(Survey("", (signal,), sends, receivers, (), BASES)).signals
    return found


def keys(signal: InferredSignal) -> str:
    return ", ".join(
        f"{key.name}{'' if key.required else '?'}: {short_text(key.type)}" for key in signal.keys
    )


def test_sends_with_the_same_keys_are_complete() -> None:
    found = inferred(sent(1, bread=RYE), sent(2, bread=OAT))
    assert (found.verdict, keys(found), found.is_sure) == ("complete", "bread: Rye | Oat", True)
    assert [place.line for place in found.sends] == [1, 2]


def test_key_that_one_of_two_sends_is_optional() -> None:
    found = inferred(sent(1, bread=RYE), sent(2, bread=RYE, minutes=INT))
    assert (found.verdict, keys(found)) == ("complete", "bread: Rye, minutes?: int")


def test_one_send_without_a_key_of_many_drifts() -> None:
    sends = sent(1, bread=RYE, minutes=INT), sent(2, bread=RYE, minutes=INT), sent(3, bread=RYE)
    found = inferred(*sends)
    assert (found.verdict, keys(found)) == ("drifting", "bread: Rye, minutes: int")
    assert [drift.text for drift in found.drifts] == [
        "does not send 'minutes', which 2 others send"
    ]
    assert (found.drifts[0].place, found.is_sure) == (Place("oven.py", 3), False)
    # A receiver expects that it may be absent.
    found = inferred(*sends, received(minutes_=INT))
    assert (found.verdict, keys(found)) == ("complete", "bread: Rye, minutes?: int")


def test_send_without_a_key_that_a_receiver_requires_drifts() -> None:
    found = inferred(sent(1, bread=RYE), sent(2), received(bread=None))
    assert (found.verdict, keys(found)) == ("drifting", "bread: Rye")
    assert found.drifts[0].text == "does not send 'bread', which 1 other sends"


def test_misspelt_key_drifts() -> None:
    found = inferred(*(sent(line, minutes=INT) for line in (1, 2)), sent(3, minuts=INT))
    assert (found.verdict, keys(found)) == ("drifting", "minutes: int")
    assert [drift.text for drift in found.drifts] == ["sends 'minuts', but others send 'minutes'"]


def test_keys_that_look_alike_drift_whichever_is_misspelt() -> None:
    found = inferred(sent(1, minutes=INT), sent(2, minuts=INT))
    assert (found.verdict, keys(found)) == ("drifting", "minutes?: int, minuts?: int")
    assert [(drift.place and drift.place.line, drift.text) for drift in found.drifts] == [
        (1, "sends 'minutes', but others send 'minuts'"),
        (2, "sends 'minuts', but others send 'minutes'"),
    ]
    # A receiver tells which one is meant.
    found = inferred(sent(1, minutes=INT), sent(2, minuts=INT), received(minutes_=INT))
    assert keys(found) == "minutes: int"
    assert [drift.text for drift in found.drifts] == ["sends 'minuts', but others send 'minutes'"]
    many = [sent(line, minutes=INT) for line in (1, 2, 3)]
    found = inferred(*many, sent(4, minuts=INT), sent(5, minuts=INT))
    assert keys(found) == "minutes: int"
    # They are different keys if a send or a receiver has both.
    found = inferred(sent(1, minutes=INT), sent(2, minuts=INT), sent(3, minutes=INT, minuts=INT))
    assert not any("but others send" in drift.text for drift in found.drifts)
    both = received(minutes_=INT, minuts_=INT)
    assert inferred(sent(1, minutes=INT), sent(2, minuts=INT), both).verdict == "complete"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sent(1, loaf=INT), sent(2, loafs=INT)),
        (sent(1, loafs=INT), sent(2, loaf=INT)),
        (sent(1, step1=INT), sent(2, step2=INT)),
        (sent(1, date=INT), sent(2, data=BREAD)),
    ],
)
def test_keys_that_look_alike_may_be_different(one: SendFact, other: SendFact) -> None:
    assert inferred(one, other).verdict == "complete"


def test_signals_that_a_subclass_replaces_are_not_sure() -> None:
    found = {one.fullname: one for one in infer(survey_project("deli")).signals}
    why = found["deli.signals.Kitchen.lit"].why_unsure
    assert why == "a subclass or a base class has another signal, deli.signals.Bakery.lit"
    assert not found["deli.signals.Bakery.lit"].is_sure
    # One that is sent through a base class only is.
    assert found["deli.signals.Till.drawer"].is_sure


def test_open_send_may_contain_the_other_keys() -> None:
    found = inferred(sent(1, bread=RYE, minutes=INT), sent(2, "options", bread=RYE))
    assert (found.verdict, keys(found)) == ("open", "bread: Rye, minutes: int")
    assert found.why_unsure == "a send unpacks options"


def test_sends_in_tests_only_count_without_others() -> None:
    in_tests = sent(1, in_tests=True, bread=INT)
    assert keys(inferred(in_tests)) == "bread: int"
    assert keys(inferred(in_tests, sent(2, bread=RYE))) == "bread: Rye"


def test_annotations_of_receivers_fill_what_is_unknown() -> None:
    unknown = sent(1, bread=UnknownType("not annotated"))
    assert inferred(unknown).verdict == "partly typed"
    found = inferred(unknown, received(bread=BREAD), received(bread=RYE))
    assert (found.verdict, keys(found)) == ("complete", "bread: Rye")
    assert [witness.kind for witness in found.keys[0].witnesses] == ["send", *2 * ["receiver"]]
    found = inferred(unknown, received(bread=OAT), received(bread=RYE))
    assert found.keys[0].type == UnknownType("receivers expect different types")


def test_contradictions_are_shown_not_decided() -> None:
    found = inferred(sent(1, bread=STR), received(bread=RYE))
    assert keys(found) == "bread: str"
    assert found.keys[0].conflict == "sent as str, but a receiver expects Rye"


def test_positional_arguments_are_not_written() -> None:
    send = SendFact(SIGNAL.fullname, Place("oven.py", 1), "send", {}, positional=(INT,))
    assert inferred(send).why_unsure == "a send passes arguments by position"


def test_documented_keys_are_witnesses() -> None:
    fact = SignalFact("bakery.baked", None, "django", "", documented=("bread",))
    found = inferred(sent(1, bread=RYE), signal=fact)
    assert [witness.kind for witness in found.keys[0].witnesses] == ["send", "documented"]


def test_report_of_a_conflict_and_of_nothing() -> None:
    unplaced = replace(SIGNAL, place=None, documented=("bread",))
    receiver = received(bread=RYE)
    survey = Survey("", (unplaced,), (sent(1, bread=STR),), (receiver,), (), BASES)
    output = StringIO()
    print_report(infer(survey), Console(file=output))
    assert "        sent as str, but a receiver expects Rye\n" in output.getvalue()
    (signal,) = report_json(infer(survey))["signals"]
    assert signal["keys"][0]["witnesses"][-1]["place"] is None
    assert [*summary_lines(infer(Survey("")))] == ["signals: 0"]


REPORT = """\
bakery.signals.baked: complete  bakery/signals.py:10
    sender: type[Bread]
    bread: Bread
    minutes: int | None
    sent: bakery/sends.py:44, bakery/sends.py:45
    received: bakery/receivers.py:11, bakery/receivers.py:16, bakery/receivers.py:83
bakery.signals.burnt: complete  bakery/signals.py:20
    sender: None
    bread: Bread
    when: float
"""


def test_report_names_keys_and_places() -> None:
    output = StringIO()
    print_report(infer(survey_project("bakery")), Console(file=output, width=40))
    text = output.getvalue()
    assert REPORT in text
    assert "    reason?: str\n" in text
    assert "    street: str\n" not in text  # it is declared
    assert "    bakery/sends.py:115 sends 'heigth', but others send 'height'\n" in text
    assert "    a send unpacks given\n" in text
    assert "\nsignals: 25 (1 declared, " in text
    assert "\nkeys with a type: " in text


def test_report_as_json_is_stable() -> None:
    data = json.loads(json.dumps(report_json(infer(survey_project("bakery")))))
    assert sorted(data) == ["problems", "root", "signals", "version"]
    signals = {signal["name"]: signal for signal in data["signals"]}
    assert signals["bakery.signals.baked"]["keys"][0] == {
        "name": "bread",
        "type": "bakery.models.Bread",
        "known": True,
        "why_unknown": "",
        "required": True,
        "conflict": "",
        "witnesses": [
            {
                "kind": "send",
                "type": "bakery.models.Bread",
                "place": {"path": "bakery/sends.py", "line": line, "column": 4},
            }
            for line in (44, 45)
        ]
        + [
            {
                "kind": "receiver",
                "type": "bakery.models.Bread",
                "place": {"path": "bakery/receivers.py", "line": 12, "column": 0},
            },
            {
                "kind": "documented",
                "type": None,
                "place": {"path": "bakery/signals.py", "line": 10, "column": 8},
            },
        ],
    }
    assert signals["bakery.signals.delivered"]["verdict"] == "declared"


SHOP = """\
from blinker import Signal

done = Signal()
other = Signal()
done.send(1, size=2)
"""


def test_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "setup.cfg").write_text("", "utf-8")
    shop = tmp_path / "shop.py"
    shop.write_text(SHOP, "utf-8")
    output = tmp_path / "report.json"
    arguments = ["infer", str(shop), "--format", "json", "--output", str(output)]
    assert main(arguments) == 0
    assert [one["verdict"] for one in json.loads(output.read_text("utf-8"))["signals"]] == [
        "complete",
        "never sent",
    ]
    assert capsys.readouterr().err == ""
    (tmp_path / "broken.py").write_text("import django\nx = \n", "utf-8")
    monkeypatch.setattr(Interpreter, "has", lambda _, package: package != "django")
    shop.write_text(SHOP + "done.send(1, size=2)\ndone.send(1)\n", "utf-8")
    assert main(["infer", str(tmp_path), "--signal", "done"]) == 1
    printed = capsys.readouterr()
    assert "7 does not send 'size', which 2 others send" in printed.out
    assert "shop.other" not in printed.out
    assert "not checked: broken.py:2: " in printed.err
    assert "Django is not installed for " in printed.err
    # The project is not read again.
    survey = Survey(str(tmp_path), (SignalFact("shop.done", None, "blinker", ""),))
    monkeypatch.setattr(command, "survey_for", lambda *_, **__: survey)
    assert main(["infer", str(shop), "--signal", "done", "--signal", "dane"]) == 2
    assert main(["infer", str(shop), "--diff"]) == 0
    assert main(["infer", str(shop), "--output", str(tmp_path / "no" / "report")]) == 2
    assert "no signal matches 'dane': did you mean 'done'?" in capsys.readouterr().err
