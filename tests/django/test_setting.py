"""
The setting ``TYPED_SIGNALS`` lets through what does not fit the declaration.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import warnings
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_init
from django.dispatch import receiver as djangos_receiver
from django.test import override_settings

from tests.support import call_in_plugin, unchecked
from typed_signals import Signal as CoreSignal
from typed_signals import configure
from typed_signals._shared import policy
from typed_signals.django import ModelSignal, Signal, _setting, receiver
from typed_signals.exceptions import ContractError, ContractWarning, PayloadError

from .shop.models import Pizza

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("send", "send_robust", "asend", "asend_robust")


class Baked(TypedDict):
    size: int


baked = Signal[object, Baked]()
core_baked = CoreSignal[object, Baked]()
model_baked = ModelSignal[object, Baked]()
SIGNALS = [baked, core_baked, model_baked]


@pytest.fixture(autouse=True)
def not_configured() -> Iterator[None]:
    yield
    for subject in policy._configured:
        policy._configured[subject] = {}
    for signal in SIGNALS:
        signal._declaration._warned = ()


@contextmanager
def recorded() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def setting(**stated: Any) -> Any:
    return override_settings(TYPED_SIGNALS=stated)


def dispatch(signal: Any, method: str, **payload: Any) -> Any:
    sent: Any = getattr(signal, method)(None, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


def receive(**kwargs: Any) -> dict[str, Any]:
    return kwargs


def without_kwargs(sender: object, size: int) -> None: ...


def with_other_key(sise: int, **kwargs: object) -> None: ...


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("payload", [{}, {"size": 1, "sise": 2}])
def test_payload_is_sent_as_it_is_after_a_warning(
    method: str, signal: Any, payload: dict[str, Any]
) -> None:
    with signal.connected(receive):
        for _ in range(12):  # before and after a send is generated
            with pytest.raises(PayloadError):
                dispatch(signal, method, **payload)
            dispatch(signal, method, size=1)
        with setting(BAD_PAYLOAD="warn"), recorded() as caught:
            for _ in range(12):
                [(_, received)] = dispatch(signal, method, **payload)
                assert received == {"signal": signal, "sender": None, **payload}
        [warning] = caught
        assert warning.category is ContractWarning
        assert warning.filename == __file__
        with pytest.raises(PayloadError):
            dispatch(signal, method, **payload)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("signal", SIGNALS)
def test_send_that_reaches_no_receiver_is_always_refused(method: str, signal: Any) -> None:
    with setting(BAD_PAYLOAD="warn"), signal.connected(receive):
        for key in ("signal", "sender"):
            with pytest.raises(TypeError):
                dispatch(signal, method, **{key: 1, "size": 1})
        if signal is not core_baked:  # a parameter of Django's send
            with pytest.raises(PayloadError, match="unexpected 'self'"):
                dispatch(signal, method, self=1, size=1)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("wrong", [without_kwargs, with_other_key])
@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize(("action", "count"), [("warn", 1), ("system-check", 0)])
def test_receiver_is_connected(
    debug: bool, wrong: Any, signal: Any, action: str, count: int
) -> None:
    ways = [
        signal.connect,
        receiver(signal),
        receiver(signal, on_commit=True),
        djangos_receiver(signal),
    ]
    for connect in ways:
        signal._declaration._warned = ()
        with override_settings(DEBUG=debug):
            with pytest.raises((ContractError, ValueError)):
                connect(wrong)
            assert signal.connections == []
            with setting(BAD_RECEIVER=action), recorded() as caught:
                connect(wrong)
        assert [each.receiver for each in signal.connections] == [wrong]
        assert len(caught) == count
        assert all(warning.filename == __file__ for warning in caught)
        assert signal.disconnect(wrong)


@pytest.mark.parametrize("debug", [False, True])
def test_receiver_is_connected_to_a_model_that_is_named(debug: bool) -> None:
    with override_settings(DEBUG=debug), setting(BAD_RECEIVER="system-check"):
        model_baked.connect(unchecked(without_kwargs), sender="shop.Pizza")
    [connection] = model_baked.connections
    assert connection.sender is Pizza
    model_baked.disconnect(without_kwargs, sender="shop.Pizza")
    assert model_baked.connections == []


def test_setting_is_about_djangos_own_signals_too() -> None:
    with setting(BAD_RECEIVER={"django.*": "warn"}), recorded() as caught:
        receiver(post_init, on_commit=True)(unchecked(without_kwargs))
        with pytest.raises(ContractError):
            baked.connect(unchecked(without_kwargs))
    assert len(caught) == 1
    assert caught[0].filename == __file__


@pytest.mark.parametrize("signal", SIGNALS)
def test_what_cannot_be_called_is_always_refused(signal: Any) -> None:
    for action in ("warn", "system-check"):
        with setting(BAD_RECEIVER=action):
            for wrong in (None, 5):
                with pytest.raises(TypeError, match="must be callable"):
                    signal.connect(wrong)

    async def wait(**kwargs: Any) -> None: ...

    with setting(BAD_RECEIVER="warn"), pytest.raises(TypeError, match="async"):
        receiver(signal, on_commit=True)(wait)


def is_warned(signal: Any) -> bool:
    signal._declaration._warned = ()
    with recorded() as caught:
        try:
            signal.send(None)
        except PayloadError:
            return False
    assert len(caught) == 1
    return True


HERE = __name__


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("raise", (False, False)),
        ("warn", (True, True)),
        ({"*": "warn"}, (True, True)),
        ({f"{HERE}.baked": "warn"}, (True, False)),
        ({"*": "warn", "*.baked": "raise"}, (False, True)),
        ({"tests.*": "warn", "*.core_baked": "raise"}, (True, False)),
        ({"shop.*": "warn"}, (False, False)),
        ({}, (False, False)),
    ],
)
def test_last_pattern_that_matches_applies(stated: Any, expected: tuple[bool, bool]) -> None:
    with setting(BAD_PAYLOAD=stated):
        assert (is_warned(baked), is_warned(core_baked)) == expected
    assert not is_warned(baked)


def test_call_of_configure_takes_precedence() -> None:
    with setting(BAD_PAYLOAD="warn"):
        configure(bad_payload="raise", only="*.baked")
        assert (is_warned(baked), is_warned(core_baked)) == (False, True)
    configure(bad_payload="warn", only="*.core_baked")
    with setting(BAD_PAYLOAD="raise"):
        assert (is_warned(baked), is_warned(core_baked)) == (False, True)


RECEIVER = "TYPED_SIGNALS['BAD_RECEIVER']"
PROBLEMS: list[tuple[Any, str]] = [
    ("warn", "TYPED_SIGNALS must be a dict such as {'BAD_RECEIVER': 'warn'}, not 'warn'"),
    (None, "TYPED_SIGNALS must be a dict such as {'BAD_RECEIVER': 'warn'}, not None"),
    (
        {"BAD_RECIEVER": "warn"},
        "TYPED_SIGNALS does not have the key 'BAD_RECIEVER': did you mean 'BAD_RECEIVER'?",
    ),
    (
        {"bad_payload": "warn"},
        "TYPED_SIGNALS does not have the key 'bad_payload': did you mean 'BAD_PAYLOAD'?",
    ),
    (
        {5: "warn"},
        "TYPED_SIGNALS does not have the key 5: use 'BAD_RECEIVER' or 'BAD_PAYLOAD'",
    ),
    (
        {"BAD_PAYLOAD": "wran"},
        "TYPED_SIGNALS['BAD_PAYLOAD'] must be 'raise' or 'warn', not 'wran'",
    ),
    (
        {"BAD_PAYLOAD": "system-check"},
        "TYPED_SIGNALS['BAD_PAYLOAD'] must be 'raise' or 'warn', not 'system-check'",
    ),
    (
        {"BAD_RECEIVER": {"shop.*": None}},
        f"{RECEIVER}['shop.*'] must be 'raise' or 'system-check' or 'warn', not None",
    ),
    (
        {"BAD_RECEIVER": {"baked": "warn"}},
        f"{RECEIVER}: a key matches the full names of signals, so not 'baked': write '*.baked'",
    ),
    (
        {"BAD_RECEIVER": {5: "warn"}},
        "TYPED_SIGNALS['BAD_RECEIVER']: a key must be a pattern such as 'shop.*', not 5",
    ),
    (
        {"BAD_RECEIVER": {"shop.*": "warn", "*": "raise"}},
        "TYPED_SIGNALS['BAD_RECEIVER']: the last match applies, so make '*' the first key",
    ),
]


@pytest.mark.parametrize(("stated", "problem"), PROBLEMS)
@pytest.mark.parametrize("signal", SIGNALS)
def test_invalid_setting_is_reported_where_it_is_read(
    stated: Any, problem: str, signal: Any
) -> None:
    with override_settings(TYPED_SIGNALS=stated):
        signal.connect(receive)  # which does not read it
        signal.send(None, size=1)
        assert signal.disconnect(receive)
        calls: list[Any] = [partial(signal.connect, without_kwargs), partial(signal.send, None)]
        for call in calls:
            with pytest.raises(ImproperlyConfigured) as raised:
                call()
            assert str(raised.value) == problem
        send: Any = signal.send
        assert call_in_plugin(send, None) == []
    assert signal.connections == []


def test_system_check_needs_the_app() -> None:
    problem = (
        "TYPED_SIGNALS['BAD_RECEIVER'] is 'system-check', so add 'typed_signals.django' to "
        "INSTALLED_APPS, which has this check"
    )
    with setting(BAD_RECEIVER="system-check"):
        assert list(_setting.setting_problems()) == []
        with override_settings(INSTALLED_APPS=["tests.django.shop"]):
            assert list(_setting.setting_problems()) == [problem]
        with override_settings(
            INSTALLED_APPS=["typed_signals.django.apps.TypedSignalsConfig"],
        ):
            assert list(_setting.setting_problems()) == []


SCRIPT = """
import warnings
from typing import TypedDict
{first}
import typed_signals, typed_signals.django

class Baked(TypedDict):
    size: int

def wrong(sise, **kwargs): ...

for signal in (typed_signals.Signal[object, Baked](), typed_signals.django.Signal[object, Baked]()):
    for call in (lambda: signal.connect(wrong), lambda: signal.send(None)):
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                call()
        except typed_signals.exceptions.SignalError as error:
            print(type(error).__name__)
        else:
            print(*[type(each.message).__name__ for each in caught])
"""
CONFIGURE = (
    "import django.conf; django.conf.settings.configure(TYPED_SIGNALS={'BAD_RECEIVER': 'warn'})"
)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("", ["ReceiverSignatureError", "PayloadError"] * 2),
        (CONFIGURE, ["ContractWarning", "PayloadError"] * 2),
    ],
)
def test_without_settings_the_default_applies(first: str, expected: list[str]) -> None:
    script = SCRIPT.format(first=first)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == expected
