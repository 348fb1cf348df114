"""
The payloads of Django's signals are what Django sends.

``make record`` has written that down while Django's own tests ran.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import django
import pytest

from tests.mypy_runs import run_mypy
from typed_signals._declare.readers import from_typed_dict
from typed_signals.django import payloads, signals
from typed_signals.django._builtin import payload_of
from typed_signals.django.signals import _HOMES

pytestmark = pytest.mark.any_python

# Of each version of Django and each signal, the different sends: the types of each key.
RECORDED: Final[dict[str, dict[str, list[dict[str, str]]]]] = json.loads(
    Path(__file__).parents[1].joinpath("data", "django_sends.json").read_text("utf-8")
)
THIS_VERSION: Final = "{}.{}".format(*django.VERSION)

# There are tasks since Django 6.0.
SIGNALS: Final = [
    name
    for name, home in _HOMES.items()
    if home != "django.tasks.signals" or django.VERSION >= (6, 0)
]


def sends_of(name: str, version: str) -> list[dict[str, str]]:
    return RECORDED[version].get(f"{_HOMES[name]}.{name}", [])


def test_each_supported_version_is_recorded() -> None:
    project = Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8")
    assert RECORDED.keys() == set(re.findall(r"Framework :: Django :: ([\d.]+)", project))
    assert THIS_VERSION in RECORDED


def test_nothing_else_is_sent() -> None:
    for recorded in RECORDED.values():
        assert recorded.keys() <= {f"{home}.{name}" for name, home in _HOMES.items()}


@pytest.mark.parametrize("name", SIGNALS)
def test_what_is_declared_is_sent(name: str) -> None:
    sent = [set(send) for send in sends_of(name, THIS_VERSION)]
    of_this_version = payload_of(getattr(signals, name))
    assert of_this_version.required_keys == set.intersection(*sent)
    assert of_this_version.keys == set.union(*sent)

    sent = [set(send) for version in RECORDED for send in sends_of(name, version)]
    of_all_versions = from_typed_dict(getattr(payloads, of_this_version.name))
    assert of_all_versions.required_keys == set.intersection(*sent)
    assert of_all_versions.keys == set.union(*sent)


def test_what_is_sent_has_the_declared_types(tmp_path: Path) -> None:
    functions, modules = [], set()
    for name in SIGNALS:
        payload = payload_of(getattr(signals, name)).name
        for send in (send for version in RECORDED for send in sends_of(name, version)):
            modules.update(re.findall(r"([\w.]+)\.\w", " ".join(send.values())))
            parameters = ", ".join(f"{key}: {types}" for key, types in send.items())
            items = ", ".join(f'"{key}": {key}' for key in send)
            functions.append(
                f"def {name}({parameters}) -> payloads.{payload}: return {{{items}}}\n"
            )
    imports = [f"import {module}\n" for module in sorted(modules)]
    program = tmp_path / "sends.py"
    program.write_text(
        "".join(["from typed_signals.django import payloads\n", *imports, *functions])
    )
    options = ["--config-file", "", "--disable-error-code", "no-redef"]
    output, _, _ = run_mypy([*options, str(program)])
    assert output.splitlines() == ["Success: no issues found in 1 source file"]
