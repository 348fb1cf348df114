"""
The setting ``TYPED_SIGNALS`` lets through what does not fit the declaration.
"""

from __future__ import annotations

import asyncio
import gc
import re
import subprocess
import sys
import warnings
from contextlib import ExitStack, contextmanager
from functools import partial
from textwrap import dedent
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_init
from django.dispatch import Signal as DjangoSignal
from django.dispatch import receiver as djangos_receiver
from django.test import override_settings

from tests.support import call_in_plugin, unchecked
from typed_signals import Signal as CoreSignal
from typed_signals import configure
from typed_signals._shared import policy
from typed_signals._shared.callables import describe_receiver
from typed_signals.django import ModelSignal, Signal, _setting, receiver
from typed_signals.django.checks import check_connections, check_setting
from typed_signals.exceptions import ContractError, ContractWarning, PayloadError

from .shop.models import Pizza

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.any_python

METHODS = ("send", "send_robust", "asend", "asend_robust")


class Baked(TypedDict):
    size: int


baked = Signal[object, Baked]()
core_baked = CoreSignal[object, Baked]()
model_baked = ModelSignal[object, Baked]()
SIGNALS = [baked, core_baked, model_baked]


@pytest.fixture(autouse=True)
def not_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_configured", {name: {} for name in policy._configured})
    for signal in SIGNALS:
        signal._declaration._warned = {}


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
        signal._declaration._warned = {}
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


def test_connect_of_a_tool_is_called_once(monkeypatch: pytest.MonkeyPatch) -> None:
    djangos, calls = DjangoSignal.connect, []

    def connect(self: Any, *args: Any, **kwargs: Any) -> None:
        calls.append(args)
        djangos(self, *args, **kwargs)

    monkeypatch.setattr(DjangoSignal, "connect", connect)
    with (
        override_settings(DEBUG=True),
        setting(BAD_RECEIVER="system-check"),
        pytest.raises(ValueError, match="must accept keyword arguments"),
    ):
        baked.connect(unchecked(without_kwargs))
    assert len(calls) == 1
    assert baked.connections == []


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
    signal._declaration._warned = {}
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
SLOW = "TYPED_SIGNALS['SLOW_RECEIVER_SECONDS']"
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
        {"BACKGROUND": "Threads"},
        (
            "TYPED_SIGNALS['BACKGROUND'] must be an engine, or the dotted name of one, such as "
            "'typed_signals.background.DjangoTasks', not 'Threads'"
        ),
    ),
    (
        {5: "warn"},
        (
            "TYPED_SIGNALS does not have the key 5: use 'BAD_RECEIVER' or 'BAD_PAYLOAD' or "
            "'SLOW_RECEIVER_SECONDS' or 'BACKGROUND'"
        ),
    ),
    *(
        (
            {"SLOW_RECEIVER_SECONDS": value},
            f"{SLOW} must be a positive number of seconds such as 0.1, not {value!r}",
        )
        for value in ("0.1", True, 0, -1, float("nan"), float("inf"))
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


# The system check


def messages() -> list[str]:
    return [f"{each.id} {each.obj}" for each in [*check_setting(), *check_connections()]]


@contextmanager
def all_connected(signals: list[Any], action: str) -> Iterator[None]:
    with setting(BAD_RECEIVER=action), ExitStack() as stack:
        for signal in signals:
            for each in (without_kwargs, with_other_key, receive):
                with recorded():
                    stack.enter_context(signal.connected(each))
        yield


def place_of(function: Any) -> str:
    return f"{HERE}.{function.__name__} ({__file__}:{function.__code__.co_firstlineno})"


@pytest.mark.parametrize(
    ("action", "letter"), [("system-check", "E00"), ("warn", "W01"), ("raise", "E00")]
)
def test_check_lists_every_wrong_receiver(action: str, letter: str) -> None:
    # Also one whose signal has no name, in this function.
    signals: list[Any] = [*SIGNALS, Signal[object, Baked](), CoreSignal[object, Baked]()]
    with all_connected(signals, "warn" if action == "raise" else action):
        expected = [
            f"typed_signals.{letter}1 {place_of(without_kwargs)}",
            f"typed_signals.{letter}3 {place_of(with_other_key)}",
        ]
        with setting(BAD_RECEIVER=action):
            assert sorted(messages()) == sorted(expected * 5)
            signals[3].disconnect(without_kwargs)
            assert sorted(messages()) == sorted([*expected * 4, expected[1]])
    assert messages() == []


def test_check_warns_about_the_signals_in_the_setting() -> None:
    stated = {"*": "system-check", "*.baked": "warn"}
    with all_connected([baked, core_baked], "system-check"), setting(BAD_RECEIVER=stated):
        ids = sorted(str(each.id) for each in check_connections())
    assert ids == [f"typed_signals.{which}" for which in ("E001", "E003", "W011", "W013")]


def test_check_warns_about_djangos_own_signals() -> None:
    def log(other: object, **kwargs: object) -> None: ...

    post_init.connect(unchecked(log))
    for action, check_id in [("raise", "E003"), ("system-check", "E003"), ("warn", "W013")]:
        with setting(BAD_RECEIVER=action):
            assert messages() == [f"typed_signals.{check_id} {describe_receiver(log)}"]


def test_collected_receiver_is_not_listed() -> None:
    def wrong(sise: int, **kwargs: object) -> None: ...

    with setting(BAD_RECEIVER="system-check"):
        for signal in SIGNALS:
            signal.connect(unchecked(wrong))
        assert len(messages()) == 3
        del wrong
        gc.collect()
        assert messages() == []


@pytest.mark.parametrize(("stated", "problem"), PROBLEMS)
def test_check_reports_an_invalid_setting(stated: Any, problem: str) -> None:
    with all_connected([baked], "system-check"), override_settings(TYPED_SIGNALS=stated):
        [found] = check_setting()
        assert found.msg.removesuffix(".") == problem.removesuffix(".")
        assert found.id == "typed_signals.E007"
        assert [each.id for each in check_connections()] == [
            *("typed_signals.E001", "typed_signals.E003"),
        ]


PROJECT = {
    "manage.py": """
        import os, sys
        os.environ["DJANGO_SETTINGS_MODULE"] = "config"
        from django.core.management import execute_from_command_line
        execute_from_command_line(sys.argv)
    """,
    "config.py": """
        DEBUG = True
        SECRET_KEY = "x"
        INSTALLED_APPS = ["shop", "typed_signals.django"]
        TYPED_SIGNALS = {stated}
    """,
    "shop/__init__.py": "",
    "shop/apps.py": """
        from django.apps import AppConfig

        class ShopConfig(AppConfig):
            name = "shop"

            def ready(self):
                from . import receivers
    """,
    "shop/signals.py": """
        from typing import TypedDict
        import typed_signals
        from typed_signals.django import Signal

        class Baked(TypedDict):
            size: int

        baked = Signal[object, Baked]()
        eaten = typed_signals.Signal[object, Baked]()
    """,
    "shop/receivers.py": """
        from django.dispatch import receiver
        from .signals import baked, eaten

        @receiver(baked)
        def log(sender, size): ...

        @receiver(baked)
        def count(sender, sise, **kwargs): ...

        @receiver([baked, eaten])
        def share(sender, price, **kwargs): ...
    """,
}


def check_project(folder: Path, stated: object) -> subprocess.CompletedProcess[str]:
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(dedent(text).replace("{stated}", repr(stated)), "utf-8")
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("stated", "status", "expected"),
    [
        ({"BAD_RECEIVER": "system-check"}, 1, ["E001", "E003", "E003", "E003"]),
        ({"BAD_RECEIVER": "warn"}, 0, ["W011", "W013", "W013", "W013"]),
        ({"BAD_RECEIVER": {"*.eaten": "system-check", "*.baked": "warn"}}, 1, None),
    ],
)
def test_one_check_of_a_project_lists_every_wrong_receiver(
    tmp_path: Path, stated: Any, status: int, expected: list[str] | None
) -> None:
    ran = check_project(tmp_path, stated)
    assert ran.returncode == status, ran.stderr
    assert "Traceback" not in ran.stderr
    found = re.findall(
        r"^shop\.receivers\.\w+ \(.*receivers\.py:\d+\): \(typed_signals\.(\w+)\)",
        ran.stderr,
        re.MULTILINE,
    )
    assert sorted(found) == (expected or ["E003", "W011", "W013", "W013"])
    warned = re.findall(r"receivers\.py:(\d+): ContractWarning: ", ran.stderr)
    assert warned == ([] if status and expected else ["5", "8", "11", "11"][: len(warned)])


def test_project_stops_at_the_first_wrong_receiver_by_default(tmp_path: Path) -> None:
    ran = check_project(tmp_path, {})
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith(
        "typed_signals.exceptions.ReceiverSignatureError: shop.signals.baked cannot connect "
        "shop.receivers.log"
    )


def test_invalid_setting_of_a_project_is_named(tmp_path: Path) -> None:
    ran = check_project(tmp_path, {"BAD_RECEIVER": "system_check"})
    assert ran.returncode == 1
    said = f"{RECEIVER} must be 'raise' or 'system-check' or 'warn', not 'system_check'"
    assert ran.stderr.splitlines()[-1].endswith(f".ImproperlyConfigured: {said}")


def test_package_is_not_the_app() -> None:
    said = "'typed_signals' is not a Django app: write 'typed_signals.django' in INSTALLED_APPS"
    with pytest.raises(ImproperlyConfigured, match=f"^{re.escape(said)}$"):
        AppConfig.create("typed_signals")
    assert AppConfig.create("typed_signals.django").name == "typed_signals.django"
