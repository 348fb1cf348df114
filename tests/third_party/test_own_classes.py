"""
Signals of a project's own classes, which are declared in its package of declarations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import CONFIG, check_programs
from typed_signals.mypy.lib.stub_classes import sending_methods

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

# The first passes on what it gets, as the declaration states. The second adds a key.
CLASSES: Final = """
import django.dispatch

class PluginSignal(django.dispatch.Signal):
    def send(self, sender, **named):
        return super().send(sender, **named)

    def send_chained(self, sender, chain_key, /, **named):
        return named[chain_key]

    def send_event(self, robust=True, **named):
        return super().send(None, **named)

class UnstatedSignal(django.dispatch.Signal):
    def send(self, sender, **named):
        return super().send(sender, number=1, **named)

    def send_chained(self, sender, **named): ...
"""

SIGNALS: Final = """
from blinker import Namespace
from shop.plugins import PluginSignal, UnstatedSignal

paid = PluginSignal()
sold = UnstatedSignal()
packed = Namespace().signal("packed")
"""

DECLARATIONS: Final = """
from typing import Any, TypedDict
from typing_extensions import TypeVar

from typed_signals.django import Signal
from typed_signals_stubs import blinker

class Order(TypedDict):
    number: int
    total: float

K = TypeVar("K", default=Any)

class PluginSignal(Signal[str, K]):
    def send(self, sender: str, **named: Any) -> list[Any]: ...
    def send_chained(self, sender: str, chain_key: str, **named: Any) -> object: ...
    def send_event(self, robust: bool = ..., **named: Any) -> list[Any]: ...
    def clear(self) -> None: ...

paid: PluginSignal[Order]
sold: Signal[str, Order]
packed: blinker.Signal[object, Order]
"""

# What mypy reports at the end of each line.
PROGRAMS: Final = {
    "paid.send('a', number=1, total=2.0)": "",
    "paid.send('a', number=1)": "missing 'total'",
    "paid.send(1, number=1, total=2.0)": "the sender has type",
    "paid.send_chained('a', 'total', number=1, total=2.0)": "",
    "paid.send_chained('a', 'total', nummer=1, total=2.0)": "did you mean 'number'?",
    "paid.send_chained('a', 'total', number='1', total=2.0)": "'number' has type",
    "paid.send_event(False, number=1, total=2.0)": "",
    "paid.send_event(number=1, total=2.0)": "",
    "paid.send_event(True, number=1)": "missing 'total'",
    "sold.send('a', total=2.0)": "",
    "sold.send('a', totl=2.0)": "did you mean 'total'?",
    "sold.send_chained('a', totl=2.0)": "",
    "sold.send_robust('a', total=2.0)": "missing 'number'",
    "packed.send('a', number=1, total=2.0)": "",
    "packed.send('a', total=2.0)": "missing 'number'",
    "class Other:\n    def send_chained(self, **named): ...\nOther().send_chained(a=1)": "",
    "@receiver(paid)\ndef log(signal: PluginSignal, total: float, **kwargs: object): ...": "",
    "@receiver(paid)\ndef log(totals, **kwargs): ...": "'totals' is never sent",
    "@receiver([sold], sender='a')\ndef log(total: str, **kwargs): ...": "'total' has type",
    "@packed.connect\ndef log(sender, number, total): ...": "",
    "@packed.connect\ndef log(sender, number): ...": "it does not accept 'total'",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder: Path = tmp_path_factory.mktemp("own")
    files = {
        "shop/__init__.py": "",
        "shop/plugins.py": CLASSES,
        "shop/signals.py": SIGNALS,
        "typings/ours/__init__.pyi": "",
        "typings/ours/shop/__init__.pyi": "",
        "typings/ours/shop/signals.pyi": DECLARATIONS,
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    configuration = (
        f"{CONFIG}mypy_path = $MYPY_CONFIG_FILE_DIR/typings\n[typed-signals]\ndeclarations = ours\n"
    )
    start = (
        "from django.dispatch import receiver\n"
        "from shop.plugins import PluginSignal\n"
        "from shop.signals import packed, paid, sold\n"
    )
    programs = {text: start + text for text in PROGRAMS}
    return check_programs(folder, programs, configuration=configuration)


@pytest.mark.parametrize("text", PROGRAMS)
def test_own_class_is_checked_as_far_as_it_is_declared(
    told: dict[str, list[str]], text: str
) -> None:
    wanted = PROGRAMS[text]
    assert len(told[text]) == (1 if wanted else 0)
    assert wanted in "".join(told[text])
    assert all("[signal-" in line for line in told[text])


def test_files_that_cannot_be_read_declare_no_methods(tmp_path: Path) -> None:
    file = tmp_path / "signals.pyi"
    file.write_text("class Signal:\n    def send_chained(self, **named) -> ...", "utf-8")
    assert [*sending_methods(file)] == []
