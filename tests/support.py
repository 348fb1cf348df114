"""
Helpers for several test files.
"""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypedDict

import pytest

from typed_signals.exceptions import ContractError, PayloadError

if TYPE_CHECKING:
    from collections.abc import Callable


not_on_windows: Final = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither forks nor timers that send signals"
)


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


class CompiledMethod:
    """
    Bound like compiled methods: it looks like a method, but is not one.
    """

    def __init__(self, function: Callable[..., object], instance: object) -> None:
        self.__func__ = function
        self.__self__ = instance

    def __call__(self, **kwargs: object) -> object:
        return self.__func__(self.__self__, **kwargs)


SMALLEST: dict[str, Any] = {"toppings": ["ham"], "size": 30}
LARGEST: dict[str, Any] = {**SMALLEST, "note": "extra crisp"}


def unchecked(value: object) -> Any:
    """
    Return *value* for uses that a type checker would report.
    """
    return value


def as_in_django_5(receivers: list[Any]) -> list[Any]:
    """
    Return the *receivers* of a Django signal as in Django 5.2: without references to senders.
    """
    return [(keys, held, is_async) for keys, held, *_, is_async in receivers]


def assert_carries(signal: Any, required: str = "", optional: str = "") -> None:
    """
    Assert by sends that the payload of *signal* has exactly these space-separated keys.
    """
    always = dict.fromkeys(required.split())
    largest = always | dict.fromkeys(optional.split())
    for accepted in (always, largest):
        assert signal.send(None, **accepted) == []
    for key in always:
        with pytest.raises(PayloadError) as refused:
            signal.send(None, **{name: None for name in largest if name != key})
        assert refused.value.missing == (key,)
        assert refused.value.unexpected == ()
    with pytest.raises(PayloadError) as refused:
        signal.send(None, **largest, undeclared=None)
    assert refused.value.missing == ()
    assert refused.value.unexpected == ("undeclared",)


def assert_carries_anything(signal: Any) -> None:
    assert signal.send(None) == []
    assert signal.send(None, undeclared=None) == []


def refusal_of(signal: Any, receiver: object, **connect_kwargs: Any) -> ContractError:
    """
    Return the error with which *signal* refuses to connect *receiver*.
    """
    with pytest.raises(ContractError) as refused:
        signal.connect(receiver, **connect_kwargs)
    return refused.value


_FRAME_OF_PLUGIN: dict[str, Any] = {"__name__": "mypy_django_plugin.django.context"}
exec("def call_it(function, *arguments): return function(*arguments)", _FRAME_OF_PLUGIN)


def call_in_plugin(function: Callable[..., Any], *arguments: object) -> Any:
    """
    Return the result of *function* when the plugin of django-stubs calls it, like ``ready``.
    """
    is_there = "mypy_django_plugin" in sys.modules
    sys.modules.setdefault("mypy_django_plugin", ModuleType("mypy_django_plugin"))
    try:
        return _FRAME_OF_PLUGIN["call_it"](function, *arguments)
    finally:
        if not is_there:
            del sys.modules["mypy_django_plugin"]


# Longer than any script takes: then there is a deadlock.
SCRIPT_TIMEOUT: Final = 60


def run_script(code: str, *options: str) -> str:
    """
    Run *code* in a new interpreter, which must exit without errors and warnings.

    Return its output.
    """
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-W", "error", *options, "-c", dedent(code)],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        timeout=SCRIPT_TIMEOUT,
    )
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr, ran.stderr
    return ran.stdout
