"""
The payloads of Django's signals are what Django sends.

``make record`` recorded them while Django's own tests ran.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import django
import pytest

from tests.mypy_runs import run_mypy
from typed_signals._declare.keys import from_typed_dict
from typed_signals.django import signals
from typed_signals.django._builtin_payloads import payload_in, payload_of, typed_dict_of
from typed_signals.django._defining_modules import DEFINING_MODULE

pytestmark = pytest.mark.any_python

# The different sends for each version of Django and each signal: the types of each key.
RECORDED: Final[dict[str, dict[str, list[dict[str, str]]]]] = json.loads(
    Path(__file__).parents[1].joinpath("data", "django_sends.json").read_text("utf-8")
)


def as_tuple(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


THIS_VERSION: Final = "{}.{}".format(*django.VERSION)

# There are tasks since Django 6.0.
SIGNALS: Final = {
    version: [
        name
        for name, module in DEFINING_MODULE.items()
        if module != "django.tasks.signals" or as_tuple(version) >= (6, 0)
    ]
    for version in RECORDED
}


def sends_of(name: str, version: str) -> list[dict[str, str]]:
    return RECORDED[version].get(f"{DEFINING_MODULE[name]}.{name}", [])


def test_each_supported_version_is_recorded() -> None:
    project = Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8")
    assert RECORDED.keys() == set(re.findall(r"Framework :: Django :: ([\d.]+)", project))
    assert THIS_VERSION in RECORDED


def test_nothing_else_is_sent() -> None:
    for recorded in RECORDED.values():
        assert recorded.keys() <= {f"{module}.{name}" for name, module in DEFINING_MODULE.items()}


@pytest.mark.parametrize(
    ("version", "name"), [(version, name) for version in RECORDED for name in SIGNALS[version]]
)
def test_each_version_sends_the_declared_payloads(version: str, name: str) -> None:
    sent = [set(send) for send in sends_of(name, version)]
    declared = payload_in(as_tuple(version), name)
    assert declared.required_keys == set.intersection(*sent)
    assert declared.keys == set.union(*sent)


@pytest.mark.parametrize("name", SIGNALS[THIS_VERSION])
def test_this_version_is_known(name: str) -> None:
    found = payload_of(getattr(signals, name))
    expected = payload_in(as_tuple(THIS_VERSION), name)
    assert (found.required, found.optional) == (expected.required, expected.optional)


@pytest.mark.parametrize("name", DEFINING_MODULE)
def test_declared_payload_is_sent(name: str) -> None:
    sent = [set(send) for version in RECORDED for send in sends_of(name, version)]
    of_all_versions = from_typed_dict(typed_dict_of(name))
    assert of_all_versions.required_keys == set.intersection(*sent)
    assert of_all_versions.keys == set.union(*sent)


def test_payloads_have_the_declared_types(tmp_path: Path) -> None:
    functions, modules = [], set()
    for name in SIGNALS[THIS_VERSION]:
        payload = typed_dict_of(name).__name__
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
        "".join(["from typed_signals.django import payloads\n", *imports, *functions]), "utf-8"
    )
    options = ["--config-file", "", "--disable-error-code", "no-redef"]
    output, _, _ = run_mypy([*options, str(program)])
    assert output.splitlines() == ["Success: no issues found in 1 source file"]
