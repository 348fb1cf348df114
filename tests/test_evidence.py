"""
The numbers in the page about the reasons for declarations are those of our data.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from tests.markdown import ROOT

pytestmark = pytest.mark.any_python

PAGE = " ".join((ROOT / "docs/explanation/why.md").read_text("utf-8").split())
DATA = json.loads((ROOT / "tests/data/real_signals.json").read_text("utf-8"))
CUSTOM: dict[str, Any] = DATA["custom"]


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "primer" / name).read_text("utf-8"))


def sent_keys(signal: dict[str, Any]) -> set[str]:
    return {key for send in signal["sends"] for key in send.split()}


def defaults(parameters: str) -> set[str]:
    return set(re.findall(r"(\w+)=", parameters))


def required(parameters: str) -> set[str]:
    _, _, names = parameters.rpartition(": ")
    words = [word.strip() for word in names.split(",")]
    return {word for word in words if word.isidentifier()} - {"sender", "signal"}


def test_signals_and_receivers() -> None:
    receivers = sum(sum(signal["receivers"].values()) for signal in CUSTOM.values())
    projects = {name.partition(":")[0] for name in CUSTOM}
    assert f"{len(projects)} of these projects send {len(CUSTOM)} signals of their own" in PAGE
    assert f"to {receivers} receivers" in PAGE


def test_signals_that_are_always_sent_with_the_same_keys() -> None:
    same = [signal for signal in CUSTOM.values() if len(signal["sends"]) == 1]
    passing_on = [signal for signal in CUSTOM.values() if "**" in sent_keys(signal)]
    assert f"{len(same)} of the {len(CUSTOM)} signals are sent with the same keys" in PAGE
    assert f"{len(CUSTOM) - len(same)} differ from send to send" in PAGE
    assert f"and {len(passing_on)} include keys that are passed on" in PAGE
    assert f"for {len(same) * 100 // len(CUSTOM)} of 100 signals" in PAGE


def test_signals_without_receivers() -> None:
    unheard = [signal for signal in CUSTOM.values() if not signal["receivers"]]
    assert f"{len(unheard)} of the {len(CUSTOM)} signals have no receiver" in PAGE


def test_keys_that_nobody_sends() -> None:
    counted = 0
    for signal in CUSTOM.values():
        keys = sent_keys(signal)
        for parameters, count in signal["receivers"].items():
            if "**" not in keys and not parameters.startswith("partial"):
                assert required(parameters) <= keys
            if defaults(parameters) - keys:
                counted += count
    assert f"But {counted} have a default for a key that nobody sends" in PAGE


def test_post_migrate_is_sent_with_two_sets_of_keys() -> None:
    few, many = (send.split() for send in DATA["django"][POST_MIGRATE]["sends"])
    assert (len(few), len(many), set(many) - set(few)) == (4, 7, {"apps", "plan", "stdout"})


POST_MIGRATE = "django.db.models.signals.post_migrate"


def test_what_is_reported_in_public_projects() -> None:
    approved = read_toml("approved.toml")["approved"]
    in_projects = {report["project"] for report in approved}
    assert f"[{len(read_toml('projects.toml'))} projects]" in PAGE
    assert f"[{len(approved)} lines in {len(in_projects)} of them]" in PAGE
    apps = [report for report in approved if "post_migrate cannot connect" in report["message"]]
    assert len(apps) == 5
    for words in ("called_from_add_comment", "'created' is never", "of the same name"):
        assert any(words in report["message"] for report in approved)
