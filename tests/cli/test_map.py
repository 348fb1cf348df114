"""
The map of a survey, in all formats, and what a change touches.
"""

from __future__ import annotations

import json
import random
import re
from argparse import ArgumentParser
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from io import StringIO
from typing import TYPE_CHECKING, Any, get_args

import pytest
from rich.console import Console

from typed_signals.cli.exits import CommandError
from typed_signals.cli.map import FORMATS, KINDS, LACKING, add_arguments
from typed_signals.cli.map.chart import MARKS, chart_of
from typed_signals.cli.map.command import show
from typed_signals.cli.map.outline import chart_lines, print_lines
from typed_signals.cli.survey.model import (
    Key,
    Place,
    ReceiverFact,
    SendFact,
    SignalFact,
    SignalKind,
    Survey,
)
from typed_signals.cli.survey.written_types import UnknownType

from .charts import EVIL, HOSTILE, INT, PIZZAS, STR, large_survey
from .commands import run_command, write_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Any:
    """
    Return a function that returns what the command prints of a survey.
    """

    def run(*words: str, survey: Survey = PIZZAS) -> str:
        parser = ArgumentParser()
        add_arguments(parser)
        show(survey, parser.parse_args(words))
        return capsys.readouterr().out

    return run


TEXT = """\
django.db.models.signals.post_save(instance, created: bool) builtin
  receives shop/models.py:30 on_save(instance, created = ..., **kw)
mail.signals.bounced() mail/signals.py:4 blinker, undeclared, never sent, no receivers
mail.signals.mail_sent(customer: Customer | None, subject = ...) mail/signals.py:3 django, \
undeclared, no receivers
  sends    mail/receivers.py:21 send(None, customer, subject = ...), in on_pizza, \
through mail.sending.announce
shop.signals.pizza_burnt(toppings: list[str], size: int = ...) shop/signals.py:14 typed, \
never sent, no receivers
shop.signals.pizza_done(toppings: list[str], size: int = ...) shop/signals.py:12 typed
  sends    shop/store.py:40 send(PizzaStore, toppings, size), in PizzaStore.bake
  sends    shop/store.py:52 send_robust(PizzaStore, toppings, **extra), in PizzaStore.warm
  receives mail/receivers.py:17 on_pizza(sender, size: int, **kwargs), sender=PizzaStore, \
reads toppings
  receives stats/apps.py:11 stats.counts.count(sender, **kwargs), async
  receives stats/apps.py:12 stats.counts.ignore(**kwargs), in background
unknown signals
  sends    shop/plugins.py:9 send(size), unknown signal: it is a parameter
  receives stats/apps.py:20 lambda **kwargs: None(...), unknown signal: it is looked up by name
5 signals, 3 sends, 4 receivers, 2 of unknown signals
"""


def test_text_has_a_line_for_each_fact(shown: Any) -> None:
    assert shown() == TEXT


def test_text_fits_the_terminal_and_has_colours_there() -> None:
    file = StringIO()
    terminal = Console(file=file, width=50, force_terminal=True, color_system="standard")
    print_lines(chart_lines(chart_of(PIZZAS, with_tests=False)), terminal)
    assert "\x1b[" in file.getvalue()
    plain = re.sub(r"\x1b\[[\d;]*m", "", file.getvalue())
    assert max(map(len, plain.splitlines())) <= 50
    assert " ".join(plain.split()) == " ".join(TEXT.split())


@pytest.mark.parametrize("form", FORMATS)
def test_same_facts_in_any_order_give_the_same_map(form: str, shown: Any) -> None:
    survey = large_survey(30, 60)
    rng = random.Random(0)  # noqa: S311 - the same each time
    mixed = Survey(
        survey.root,
        tuple(rng.sample(survey.signals, 30)),
        tuple(rng.sample(survey.sends, len(survey.sends))),
        tuple(rng.sample(survey.receivers, 60)),
    )
    assert shown("--format", form, survey=mixed) == shown("--format", form, survey=survey)


@pytest.mark.parametrize("form", FORMATS)
def test_map_of_nothing(form: str, shown: Any) -> None:
    assert shown("--format", form, survey=Survey("/")).strip()


def test_command_reads_a_project_in_spite_of_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_project(
        tmp_path / "bakery",
        {
            "signals.py": "from typed_signals import Signal\n\nbaked = Signal()\n",
            "oven.py": "import signals\n\nsignals.baked.send(None, bread='rye')\n",
            "broken.py": "baked = \n",
        },
    )
    ended = run_command(capsys, "map", str(tmp_path / "bakery"), "--format", "json")
    data = json.loads(ended.out)
    [problem] = data["problems"]
    assert problem.startswith("not checked: broken.py:1: ")
    assert (ended.code, ended.err) == (0, f"{problem}\n")
    [signal] = data["signals"]
    assert (signal["name"], signal["path"]) == ("signals.baked", "signals.py")
    assert [(send["path"], send["line"]) for send in signal["sends"]] == [("oven.py", 3)]


def test_json_has_all_facts(shown: Any) -> None:
    data = json.loads(shown("--format", "json"))
    assert data["version"] == 1
    signals = {signal["name"]: signal for signal in data["signals"]}
    done = signals["shop.signals.pizza_done"]
    assert done | {"sends": None, "receivers": None} == {
        "name": "shop.signals.pizza_done",
        "aliases": [],
        "kind": "typed",
        "class": "typed_signals.Signal",
        "path": "shop/signals.py",
        "line": 12,
        "in_project": True,
        "declared": True,
        "sender": "type[shop.store.PizzaStore]",
        "payload": "shop.signals.PizzaDone",
        "keys": {
            "toppings": {"type": "list[str]", "required": True},
            "size": {"type": "int", "required": False},
        },
        "marks": [],
        "sends": None,
        "receivers": None,
    }
    assert done["sends"][1] == {
        "path": "shop/store.py",
        "line": 52,
        "module": "shop.store",
        "function": "shop.store.PizzaStore.warm",
        "method": "send_robust",
        "sender": "PizzaStore",
        "sender_type": None,
        "keys": {"toppings": {"type": "list[str]", "required": True}},
        "positional": [],
        "spread": ["extra"],
        "through": [],
        "why_unknown": None,
    }
    assert done["receivers"][0] == {
        "path": "mail/receivers.py",
        "line": 17,
        "name": "mail.receivers.on_pizza",
        "defined": {"path": "mail/receivers.py", "line": 18},
        "form": "@receiver",
        "sender": "PizzaStore",
        "sender_type": "type[shop.store.PizzaStore]",
        "parameters": {
            "sender": {"type": None, "required": True},
            "size": {"type": "int", "required": True},
        },
        "kwargs": "kwargs",
        "reads": ["toppings"],
        "may_read_more": False,
        "async": False,
        "background": False,
        "why_unknown": None,
    }
    assert signals["mail.signals.mail_sent"]["keys"] == {
        "customer": {"type": "shop.models.Customer | None", "required": True},
        "subject": {"type": None, "required": False},
    }
    assert [each["why_unknown"] for each in data["unknown"]["sends"]] == ["it is a parameter"]
    assert data["unknown"]["receivers"][0]["parameters"] is None


def test_keys_of_an_undeclared_signal_are_those_of_all_sends(shown: Any) -> None:
    place = Place("a.py", 1)
    sends = (
        SendFact("a.changed", place, "send", {"old": Key(INT), "new": Key(INT)}),
        SendFact("a.changed", place, "send", {"typo": Key(INT)}, in_tests=True),
        SendFact("a.changed", place, "send", {"new": Key(STR), "why": Key(UnknownType())}),
        SendFact("a.changed", Place("b.py", 1), "send", {"new": Key(INT)}),
    )
    signal = SignalFact("a.changed", place, "django", "django.dispatch.Signal")
    text = shown(survey=Survey("/", (signal,), sends))
    assert text.startswith("a.changed(old: int = ..., new: int | str, why = ...) a.py:1 django,")


def test_what_is_in_tests_is_only_shown_on_demand(shown: Any) -> None:
    place, other = Place("a.py", 1), Place("tests/test_a.py", 1)
    survey = Survey(
        "/",
        (
            SignalFact("a.done", place, "django", "django.dispatch.Signal"),
            SignalFact("tests.test_a.done", other, "django", "django.dispatch.Signal"),
        ),
        (SendFact("a.done", other, "send", in_tests=True),),
        (ReceiverFact("a.done", other, "tests.test_a.on_done", in_tests=True),),
    )
    assert shown(survey=survey).splitlines() == [
        "a.done() a.py:1 django, undeclared, never sent, no receivers",
        "1 signal, 0 sends, 0 receivers, 2 in tests not shown (--tests)",
    ]
    assert shown("--tests", survey=survey).splitlines()[-1] == "2 signals, 1 send, 1 receiver"


# What the grammars of Mermaid and Graphviz allow, as far as it is used.
_ID = r"[A-Za-z0-9_.]+"
_LABEL = r'"(?:[\w .,:()=\[\]/|+-]|#\d+;|<br/>)*"'
_MERMAID = "|".join(
    (
        "flowchart LR|end",
        rf"subgraph {_ID}\[{_LABEL}\]",
        rf"{_ID}(?:\[{_LABEL}\]|\(\[{_LABEL}\]\)|\{{\{{{_LABEL}\}}\}})(?::::\w+)?",
        rf"{_ID} -->(?:\|{_LABEL}\|)? {_ID}",
        r"classDef \w+ [\w:#, -]+",
    )
)
_STRING = r'"(?:[^"\\&\n]|\\["\\n]|&amp;)*"'
_ATTRIBUTES = rf"\[\w+=(?:\w+|{_STRING})(?:, \w+=(?:\w+|{_STRING}))*\]"
_DOT = "|".join(
    (
        r"digraph signals \{|\}",
        rf"(?:graph|node|edge) {_ATTRIBUTES};",
        rf"subgraph {_STRING} \{{",
        rf"label={_STRING};",
        rf"{_STRING}(?: -> {_STRING})?(?: {_ATTRIBUTES})?;",
    )
)


@pytest.mark.parametrize("survey", [PIZZAS, HOSTILE, large_survey()])
def test_each_line_of_mermaid_is_valid(survey: Survey, shown: Any) -> None:
    lines = shown("--format", "mermaid", survey=survey).splitlines()
    assert [line for line in lines if not re.fullmatch(_MERMAID, line.strip())] == []
    starts = sum("subgraph " in line for line in lines)
    assert lines.count("  end") == starts


@pytest.mark.parametrize("survey", [PIZZAS, HOSTILE, large_survey()])
def test_each_line_of_dot_is_valid(survey: Survey, shown: Any) -> None:
    text = shown("--format", "dot", survey=survey)
    lines = text.splitlines()
    assert [line for line in lines if not re.fullmatch(_DOT, line.strip())] == []
    assert sum(line.endswith("{") for line in lines) == sum(line.strip() == "}" for line in lines)


def test_what_receives_one_signal_and_sends_another_is_one_node(shown: Any) -> None:
    lines = shown("--format", "mermaid").splitlines()
    done, on_pizza, sent = (
        "signal.shop.signals.pizza_done",
        "code.mail.receivers.on_pizza",
        "signal.mail.signals.mail_sent",
    )
    assert f'  {done} -->|"PizzaStore"| {on_pizza}' in lines
    assert f'  {on_pizza} -->|"customer, subject"| {sent}' in lines
    assert "  code.shop.plugins --> unknown" in lines


def test_each_lambda_is_one_node_in_the_package_of_its_file(shown: Any) -> None:
    survey = Survey(
        "/",
        (SignalFact("a.done", Place("a.py", 1), "django", "django.dispatch.Signal"),),
        receivers=tuple(
            ReceiverFact("a.done", Place("shop/apps.py", line), "lambda") for line in (7, 8)
        ),
    )
    lines = shown("--format", "dot", survey=survey).splitlines()
    start = lines.index('  subgraph "cluster_shop" {')
    assert [line.split(" [")[0].strip() for line in lines[start + 2 : start + 4]] == [
        '"code.shop/apps.py:7"',
        '"code.shop/apps.py:8"',
    ]


def test_too_many_edges_for_mermaid_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    add_arguments(parser)
    show(large_survey(), parser.parse_args(["--format", "mermaid"]))
    assert "draws at most 500 edges, but these are" in capsys.readouterr().err


class Page(HTMLParser):
    """
    What a browser reads of a page.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[str] = []
        self.inline: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in {"meta", "input", "wbr"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] in (["style"], ["script"]):
            self.inline[self._open[-1]] = data
        else:
            self.texts.append(data)

    def values_of(self, attribute: str) -> list[str]:
        return [value or "" for _, name, value in self.attributes if name == attribute]


@pytest.fixture
def page(shown: Any) -> Any:
    return lambda *words, survey=PIZZAS: Page(shown("--format", "html", *words, survey=survey))


def test_page_loads_nothing(page: Any) -> None:
    html = page(survey=large_survey(10, 20))
    assert html.tags.isdisjoint({"link", "img", "iframe", "object", "base"})
    assert {name for _, name, _ in html.attributes}.isdisjoint({"src", "style", "onclick"})
    assert html.values_of("href") == ["#signals"]
    assert not re.search(r"url\(|@import|fetch\(|innerHTML", "".join(html.inline.values()))


def test_browsers_only_run_the_style_and_the_script_of_the_page(page: Any) -> None:
    html = page()
    [policy] = [each for each in html.values_of("content") if "default-src" in each]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    hashes = {
        name: f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
        for name, text in html.inline.items()
    }
    assert rules == {
        "default-src": "'none'",
        "style-src": hashes["style"],
        "script-src": hashes["script"],
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_whatever_a_project_calls_things_is_text_on_the_page(page: Any) -> None:
    usual, hostile = page(), page(survey=HOSTILE)
    assert hostile.tags <= usual.tags
    assert {name for _, name, _ in hostile.attributes} <= {name for _, name, _ in usual.attributes}
    # Where a line may be broken, the text is in parts.
    assert "".join(hostile.texts).count(EVIL) > 10
    assert hostile.inline == usual.inline


def test_page_has_the_same_facts_as_the_text(page: Any) -> None:
    html = page()
    text = "".join(html.texts)
    for fact in (
        "Signals of pizza",
        "5 signals, 3 sends, 4 receivers, 2 of unknown signals",
        "toppings: list[str]",
        "send_robust(PizzaStore, toppings, **extra)shop/store.py:52in PizzaStore.warm",
        "on_pizza(sender, size: int, **kwargs)mail/receivers.py:17sender=PizzaStore, reads ",
        "unknown signal: it is looked up by name",
        "A pizza is done.",
    ):
        assert fact in text, fact
    assert html.values_of("data-touched").count("toppings\nsize") == 2
    assert html.values_of("data-maybe").count("toppings\nsize") == 1
    ids = html.values_of("id")
    assert len(ids) == len(set(ids))
    assert "shop.signals.pizza_done" in ids


def test_script_finds_what_it_looks_for(page: Any) -> None:
    html = page()
    script = html.inline["script"]
    assert set(re.findall(r'byId\("([\w-]+)"\)', script)) <= set(html.values_of("id"))
    selectors = " ".join(re.findall(r'querySelector(?:All)?\("([^"]*)"', script))
    classes = " ".join(html.values_of("class")).split()
    assert set(re.findall(r"\.([\w-]+)", selectors)).issubset(classes)
    data = {
        name.removeprefix("data-") for _, name, _ in html.attributes if name.startswith("data-")
    }
    assert data == {"kind", "marks", "packages", "key", "touched", "maybe"}
    assert all(re.search(rf"\b{name}\b", script) for name in data)


def test_impact_of_a_key(shown: Any) -> None:
    assert (
        shown("--impact", "pizza_done.size")
        == """\
shop.signals.pizza_done(toppings: list[str], size: int = ...) shop/signals.py:12 typed
  sends    shop/store.py:40 send(PizzaStore, toppings, size), in PizzaStore.bake
  may send shop/store.py:52 send_robust(PizzaStore, toppings, **extra), in PizzaStore.warm
  names    mail/receivers.py:17 on_pizza(sender, size: int, **kwargs), sender=PizzaStore, \
reads toppings
  may read stats/apps.py:11 stats.counts.count(sender, **kwargs), async
shop.signals.pizza_burnt(toppings: list[str], size: int = ...) shop/signals.py:14 typed, \
never sent, no receivers
  has the same payload
shop.signals.pizza_done.size touches 2 sends, 2 receivers
"""
    )


def hows(text: str) -> dict[str, list[tuple[str, str]]]:
    """
    Return how each send and receiver is touched, by signal.
    """
    return {
        impact["signal"]: [
            (each["how"], each.get("function") or each["name"])
            for each in (*impact["sends"], *impact["receivers"])
        ]
        for impact in json.loads(text)["impacts"]
    }


def test_impact_as_json(shown: Any) -> None:
    text = shown("--impact", "shop.signals.pizza_done.toppings", "--format", "json")
    data = json.loads(text)
    assert (data["version"], data["signal"], data["key"]) == (
        1,
        "shop.signals.pizza_done",
        "toppings",
    )
    assert hows(text) == {
        "shop.signals.pizza_done": [
            ("sends", "shop.store.PizzaStore.bake"),
            ("sends", "shop.store.PizzaStore.warm"),
            ("reads", "mail.receivers.on_pizza"),
            ("may read", "stats.counts.count"),
        ],
        "shop.signals.pizza_burnt": [],
    }
    # Of the whole signal, also what does not use a certain key; only of this signal.
    assert hows(shown("--impact", "pizza_done", "--format", "json")) == {
        "shop.signals.pizza_done": [
            ("sends", "shop.store.PizzaStore.bake"),
            ("sends", "shop.store.PizzaStore.warm"),
            ("receives", "mail.receivers.on_pizza"),
            ("receives", "stats.counts.count"),
            ("receives", "stats.counts.ignore"),
        ]
    }


def test_receivers_that_may_read_any_key_also_in_tests(shown: Any) -> None:
    place = Place("a.py", 1)
    survey = Survey(
        "/",
        (SignalFact("a.done", place, "django", "django.dispatch.Signal"),),
        (SendFact("a.done", place, "send", {"size": Key(INT)}, function="a.f"),),
        (
            ReceiverFact("a.done", place, "a.on_done"),
            ReceiverFact("a.done", place, "a.strict", parameters=()),
            ReceiverFact("a.done", place, "b.test", parameters=(), kwargs="more", in_tests=True),
        ),
    )
    text = shown("--impact", "done.size", "--format", "json", survey=survey)
    assert hows(text) == {
        "a.done": [("sends", "a.f"), ("may read", "a.on_done"), ("may read", "b.test")]
    }
    assert "\n  receives a.py:1 strict()\n" in shown(survey=survey)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pizza_don", "no signal matches 'pizza_don': did you mean 'pizza_done'?"),
        ("nothing", "no signal matches 'nothing': without this option, all signals are listed"),
        ("pizza_done.sise", "'shop.signals.pizza_done' has no key 'sise': did you mean 'size'?"),
        (
            "pizza_done.price",
            "'shop.signals.pizza_done' has no key 'price': its keys are 'size', 'toppings'",
        ),
        ("bounced.size", "'mail.signals.bounced' has no key 'size': none are known"),
        (
            "mail_sent.s*",
            "'mail.signals.mail_sent' has no key 's*': its keys are 'customer', 'subject'",
        ),
    ],
)
def test_name_that_is_not_known_or_ambiguous(name: str, message: str, shown: Any) -> None:
    with pytest.raises(CommandError, match=f"^{re.escape(message)}$"):
        shown("--impact", name)


def test_full_name_is_never_ambiguous(shown: Any) -> None:
    place = Place("a.py", 1)
    signals = tuple(
        SignalFact(name, place, "django", "django.dispatch.Signal", payload={"size": Key(INT)})
        for name in ("a.done", "b.a.done", "c.done")
    )
    survey = Survey("/", signals)
    text = shown("--impact", "a.done.size", "--format", "json", survey=survey)
    assert hows(text) == {"a.done": []}
    message = "'done.size' may be one of 'a.done.size', 'b.a.done.size', 'c.done.size'"
    with pytest.raises(CommandError, match=f"^{message}: write its full name$"):
        shown("--impact", "done.size", survey=survey)


def names(text: str) -> list[str]:
    return [signal["name"] for signal in json.loads(text)["signals"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--signal pizza_done", "shop.signals.pizza_done"),
        (
            "--signal pizza_* --signal bounced",
            "mail.signals.bounced shop.signals.pizza_burnt shop.signals.pizza_done",
        ),
        ("--package mail", "mail.signals.bounced mail.signals.mail_sent shop.signals.pizza_done"),
        ("--package shop.signals", "shop.signals.pizza_burnt shop.signals.pizza_done"),
        (
            "--kind builtin --kind blinker",
            "django.db.models.signals.post_save mail.signals.bounced",
        ),
        ("--only undeclared", "mail.signals.bounced mail.signals.mail_sent"),
        ("--only undeclared --only never-sent", "mail.signals.bounced"),
        ("--only no-receivers --package shop", "shop.signals.pizza_burnt"),
    ],
)
def test_filters(words: str, expected: str, shown: Any) -> None:
    assert names(shown("--format", "json", *words.split())) == expected.split()


def test_signal_of_another_package_is_shown_with_the_ends_of_the_chosen_one(shown: Any) -> None:
    data = json.loads(shown("--format", "json", "--package", "mail"))
    done = data["signals"][2]
    assert [each["name"] for each in done["receivers"]] == ["mail.receivers.on_pizza"]
    assert (done["sends"], done["marks"]) == ([], [])
    assert data["unknown"] == {"sends": [], "receivers": []}
    data = json.loads(shown("--format", "json", "--package", "stats"))
    assert [each["name"] for each in data["unknown"]["receivers"]] == ["lambda **kwargs: None"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--signal pizza_dome", "no signal matches 'pizza_dome': did you mean 'pizza_done'?"),
        ("--package pizza", "package 'pizza' defines, sends and receives no signal"),
        ("--impact pizza_done --format dot", "--impact cannot be written as dot: use text or json"),
    ],
)
def test_wrong_options(words: str, message: str, shown: Any) -> None:
    with pytest.raises(CommandError, match=f"^{re.escape(message)}$"):
        shown(*words.split())


def test_suffix_of_the_file_is_the_format(tmp_path: Path, shown: Any) -> None:
    for form in FORMATS:
        suffix = {"mermaid": "mmd", "text": "txt"}.get(form, form)
        file = tmp_path / f"map.{suffix}"
        assert shown("--output", str(file)) == ""
        assert file.read_text("utf-8") == shown("--format", form)
    shown("--output", str(tmp_path / "map"), "--format", "json")
    assert json.loads((tmp_path / "map").read_text("utf-8"))["version"] == 1


def test_file_that_cannot_be_written(tmp_path: Path, shown: Any) -> None:
    with pytest.raises(CommandError, match="the output cannot be written: "):
        shown("--output", str(tmp_path / "none" / "map.html"))


def test_options_name_all_kinds_and_marks() -> None:
    assert get_args(SignalKind) == KINDS
    assert tuple(mark.replace(" ", "-") for mark in MARKS) == LACKING
