"""
The declared payloads of Django's signals, and their typed names.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from inspect import getdoc
from pathlib import Path
from typing import Any, Final, Unpack, assert_type

import django
import pytest
import typed_signals_stubs
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.db.models import Model

from tests.django.shop.models import Pizza
from typed_signals._declare.keys import as_typed_dict, from_typed_dict
from typed_signals.django import _builtin_payloads, payloads, signals
from typed_signals.django._defining_modules import DEFINING_MODULE

# The annotations that type checkers read.
STATED: Final = signals.__annotations__
# The signal of each payload.
SIGNALS: Final = {_builtin_payloads.typed_dict_of(name).__name__: name for name in STATED}

OF_A_MODEL: Final = (
    payloads.PostInit,
    payloads.PreSave,
    payloads.PostSave,
    payloads.PreDelete,
    payloads.PostDelete,
    payloads.M2MChanged,
)

EXISTING: Final = [
    name for name, module in DEFINING_MODULE.items() if find_spec(module.rpartition(".")[0])
]


def keys_of(payload: Any) -> list[str]:
    read = from_typed_dict(as_typed_dict(payload))
    return [*read.required, *(f"{key}?" for key in read.optional)]


def run(code: str) -> str:
    """
    Return the output of *code* in a process in which Django is not set up.
    """
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("payload", OF_A_MODEL)
def test_keys_for_one_model(payload: Any) -> None:
    assert keys_of(payload[Pizza]) == keys_of(payload)


@pytest.mark.parametrize("payload", [payloads.UserLoggedIn, payloads.UserLoggedOut])
def test_keys_for_one_class_of_users(payload: Any) -> None:
    assert keys_of(payload["User"]) == keys_of(payload)


def test_each_signal_has_a_defining_module_and_a_payload_of_its_name() -> None:
    assert list(DEFINING_MODULE) == list(STATED)
    assert {payload.lower(): name for payload, name in SIGNALS.items()} == {
        name.replace("_", ""): name for name in STATED
    }


def test_all_payloads_are_listed() -> None:
    assert payloads.__all__ == sorted(SIGNALS)


def test_keys_of_newer_versions_are_optional() -> None:
    for name, since in payloads.SINCE.items():
        assert {f"{key}?" for key in since} <= set(keys_of(getattr(payloads, name)))


@pytest.mark.parametrize("name", SIGNALS)
def test_docstrings_tell_of_signal_sender_keys_and_source(name: str) -> None:
    payload = getattr(payloads, name)
    documentation = getdoc(payload) or ""
    signal = SIGNALS[name]
    assert f"``{DEFINING_MODULE[signal]}.{signal}``" in documentation
    assert "Sender: " in documentation
    assert "Source: " in documentation
    explained = dict(re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", documentation, re.MULTILINE))
    assert list(explained) == [key.removesuffix("?") for key in keys_of(payload)]
    for key, (major, minor) in payloads.SINCE.get(name, {}).items():
        assert f"since Django {major}.{minor}" in explained[key]


STUBS: Final = Path(next(iter(typed_signals_stubs.__path__)))


def declared_for_the_plugin(module: str) -> dict[str, str]:
    """
    Return the declarations of the stubs in *module*: for each name, its source, or for a function
    of the sender, its return type.
    """
    tree = ast.parse(STUBS.joinpath(*module.split(".")).with_suffix(".pyi").read_text("utf-8"))
    declared: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            declared.update({alias.name: node.module or "" for alias in node.names if alias.asname})
        elif isinstance(node, ast.FunctionDef):
            assert node.returns is not None
            declared[node.name] = ast.unparse(node.returns)
    return declared


@pytest.mark.parametrize("module", sorted(set(DEFINING_MODULE.values())))
def test_the_plugin_is_told_the_same(module: str) -> None:
    declared = declared_for_the_plugin(module)
    assert declared.keys() == {name for name in DEFINING_MODULE if DEFINING_MODULE[name] == module}
    # Where the payload depends on the sender, the class is a type variable.
    of_senders = {name: said for name, said in declared.items() if "[" in said}
    assert {name: said.replace("_ModelT", "Model") for name, said in of_senders.items()} == {
        name: STATED[name] for name in declared if STATED[name].startswith("ModelSignal")
    }
    others = {said for name, said in declared.items() if name not in of_senders}
    assert others <= {signals.__name__}


def test_stubs_declare_the_same_for_our_names() -> None:
    module = "django.db.models.signals"
    declared = declared_for_the_plugin(signals.__name__)
    assert declared == {
        name: f"typed_signals_stubs.{module}"
        for name, said in declared_for_the_plugin(module).items()
        if "[" in said
    }


def test_stubs_declare_no_other_signals_of_django() -> None:
    files = STUBS.joinpath("django").rglob("*.pyi")
    modules = {
        ".".join(file.relative_to(STUBS).with_suffix("").parts)
        for file in files
        if file.stem != "__init__" or file.read_text("utf-8")
    }
    assert modules == set(DEFINING_MODULE.values())


def test_payloads_import_nothing_of_django() -> None:
    code = (
        f"import runpy, sys; runpy.run_path({payloads.__file__!r}); print('django' in sys.modules)"
    )
    assert run(code) == "False\n"


def test_payloads_and_signals_need_no_settings() -> None:
    imports = "".join(f"from typed_signals.django.signals import {name}\n" for name in EXISTING)
    code = f"""
import typed_signals.django.payloads
{imports}
from django.apps import apps
from django.conf import settings
print(settings.configured, apps.ready)
"""
    assert run(code) == "False False\n"


def test_signals_are_imported_when_used() -> None:
    code = """
import sys
from typed_signals.django.signals import post_save
print("django.test" in sys.modules)
from typed_signals.django.signals import template_rendered
print("django.test" in sys.modules)
"""
    assert run(code) == "False\nTrue\n"


@pytest.mark.parametrize("name", EXISTING)
def test_signals_are_the_objects_of_django(name: str) -> None:
    signal = getattr(signals, name)
    assert signal is getattr(import_module(DEFINING_MODULE[name]), name)
    assert isinstance(signal, django.dispatch.Signal)
    # From now on without a lookup.
    assert vars(signals)[name] is signal


def test_signal_that_this_django_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "django.tasks.signals", None)
    monkeypatch.delitem(vars(signals), "task_enqueued", raising=False)
    with pytest.raises(AttributeError) as caught:
        _ = signals.task_enqueued
    expected = f"Django {django.__version__} has no django.tasks.signals.task_enqueued"
    assert str(caught.value) == expected
    with pytest.raises(ImportError, match="cannot import name 'task_enqueued'"):
        from typed_signals.django.signals import task_enqueued  # noqa: F401


def test_missing_dependency_of_a_module_is_not_reported_as_the_module(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "django.test.signals", raising=False)
    monkeypatch.setitem(sys.modules, "asgiref.local", None)
    monkeypatch.delitem(vars(signals), "template_rendered", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"asgiref\.local"):
        _ = signals.template_rendered


def test_other_names_do_not_exist() -> None:
    with pytest.raises(AttributeError, match="no attribute 'post_bake'"):
        _ = signals.post_bake  # type: ignore[attr-defined]


def test_names_are_listed() -> None:
    missing = set(DEFINING_MODULE) - set(dir(signals))
    assert {DEFINING_MODULE[name] for name in missing} == (
        set() if django.VERSION >= (6, 0) else {"django.tasks.signals"}
    )


# These are for mypy.
def saved(sender: type[Model], **kwargs: Unpack[payloads.PostSave[Pizza]]) -> None:
    assert_type(kwargs["instance"], Pizza)
    assert_type(kwargs["update_fields"], frozenset[str] | None)


def saved_of_any_model(sender: type[Model], **kwargs: Unpack[payloads.PostSave]) -> None:
    assert_type(kwargs["instance"], Model)


def logged_out(sender: type[Any], **kwargs: Unpack[payloads.UserLoggedOut[User]]) -> None:
    assert_type(kwargs["user"], User | None)


def anybody_logged_in(sender: type[Any], **kwargs: Unpack[payloads.UserLoggedIn]) -> None:
    assert_type(kwargs["user"], AbstractBaseUser)


@pytest.mark.parametrize(
    ("name", "receiver"),
    [
        ("post_save", saved),
        ("post_save", saved_of_any_model),
        ("user_logged_out", logged_out),
        ("user_logged_in", anybody_logged_in),
    ],
)
def test_receivers_can_be_typed(name: str, receiver: Any) -> None:
    signal = getattr(signals, name)
    signal.connect(receiver)
    assert signal.disconnect(receiver)


def test_listed_names_exist() -> None:
    for name in dir(signals):
        getattr(signals, name)
