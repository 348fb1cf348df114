"""
Mistakes in a package of declarations: mypy stops with one error for each, and so does the command.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import CONFIG, run_mypy
from typed_signals.mypy.lib.stub_mistakes import find_mistakes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

START: Final = """
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar
import typing
import bakery.payloads
import django.dispatch
import typed_signals
import typed_signals.django
from bakery.payloads import Imported
from blinker import Signal as BlinkersSignal
from django.db.models.signals import ModelSignal as DjangosModelSignal
from django.dispatch import Signal as DjangosSignal
from elsewhere import Signal as OtherSignal
from typed_signals import Signal
from typed_signals.django import ModelSignal
from typed_signals_stubs.blinker import Signal as BlinkerSignal

T = TypeVar("T")

class Baked(TypedDict):
    minutes: int
class Sliced(Baked, total=False):
    parts: int
class Of(typing.TypedDict, Generic[T]):
    one: T
class Reserved(TypedDict):
    sender: str
class AlsoReserved(Baked):
    signal: str
class Plain:
    minutes: int
class Below(Plain): ...
class Tuple(NamedTuple):
    minutes: int
class Colour(Enum): ...
@dataclass
class Data:
    minutes: int
class Unknown(Imported): ...
class Itself(Itself): ...  # type: ignore[misc]
Functional = TypedDict("Functional", {"a b": int})
Alias = Baked
"""

NOT_TYPED_DICT: Final = (
    "is not a TypedDict: declare its keys in a class that inherits from TypedDict"
)
SWAPPED: Final = "sender and payload seem to be swapped, write Signal[sender, payload]"

WRONG: Final = {
    "one: Signal[Baked]": "Baked is a payload, not a sender: write Signal[object, Baked]",
    "one: ModelSignal[Sliced]": "Sliced is a payload, not a sender: write Signal[object, Sliced]",
    "one: typed_signals.Signal[Of[int]]": (
        "Of is a payload, not a sender: write Signal[object, Of]"
    ),
    "one: Signal[object, dict[str, int]]": f"the payload dict[str, int] {NOT_TYPED_DICT}",
    "one: Signal[object, int, None]": f"the payload int {NOT_TYPED_DICT}",
    "one: Signal[object, Plain]": f"the payload Plain {NOT_TYPED_DICT}",
    "one: Signal[object, 'Below']": f"the payload 'Below' {NOT_TYPED_DICT}",
    "one: Signal[object, Tuple]": f"the payload Tuple {NOT_TYPED_DICT}",
    "one: BlinkerSignal[object, Colour]": f"the payload Colour {NOT_TYPED_DICT}",
    "one: typed_signals.django.Signal[object, Data]": f"the payload Data {NOT_TYPED_DICT}",
    "def one(sender: type[T]) -> Signal[type[T], T, int, Plain]: ...": None,
    "def one(sender: type[T]) -> Signal[type[T], Plain]: ...": (
        f"the payload Plain {NOT_TYPED_DICT}"
    ),
    "one: Signal[object, None]": (
        "the payload None is not a TypedDict: use an empty TypedDict for a signal without a payload"
    ),
    "one: Signal[Baked, type]": f"the payload type is not a TypedDict: {SWAPPED}",
    "one: Signal[Baked, T | None]": f"the payload T | None is not a TypedDict: {SWAPPED}",
    "one: Signal[object, Reserved]": (
        "Reserved declares 'sender', but this name is reserved: rename the key"
    ),
    "one: Signal[object, AlsoReserved]": (
        "AlsoReserved declares 'signal', but this name is reserved: rename the key"
    ),
    "one: Signal[object, Bakd]": "Bakd is not defined: did you mean 'Baked'?",
    "one: Signal[object, Something]": "Something is not defined: define or import it",
    "one = Signal[object, Baked]": "this is a type: write one: Signal[object, Baked]",
    "one = Signal()": "it has no payload: write one: Signal[sender, payload]",
    "one = DjangosSignal()": "it has no payload: write one: Signal[sender, payload]",
    "one: DjangosSignal[object, Baked]": (
        "django.dispatch.Signal has no payload: use Signal of typed_signals.django"
    ),
    "one: django.dispatch.Signal": (
        "django.dispatch.Signal has no payload: use Signal of typed_signals.django"
    ),
    "one: DjangosModelSignal": (
        "django.db.models.signals.ModelSignal has no payload: use ModelSignal of "
        "typed_signals.django"
    ),
    "one: BlinkersSignal[object, Baked]": (
        "blinker.Signal has no payload: use Signal of typed_signals_stubs.blinker"
    ),
    # Right, or not known.
    "one: Signal[object, Baked]": None,
    "one: Signal[object, Of[Baked]]": None,
    "one: Signal[object, 'Sliced']": None,
    "one: Signal[object, Imported]": None,
    "one: Signal[object, Unknown]": None,
    "one: Signal[object, Itself]": None,
    "one: Signal[object, Functional]": None,
    "one: Signal[object, Alias]": None,
    "one: Signal[object, bakery.payloads.Baked]": None,
    "one: Signal[object, Baked | Sliced]": None,
    "one: Signal[object, Any]": None,
    "one: Signal[object]": None,
    "one: Signal": None,
    "one: OtherSignal[Baked]": None,
    "one: Any": None,
    "one: list[Signal[Baked]]": None,
    "one = Signal[object, Baked]()": None,
    "one = Baked": None,
    "one = Baked(minutes=1)": None,
    "one = list[Baked]": None,
    "one = two = Signal[object, Baked]": None,
    "def one() -> Any: ...": None,
    "@property\ndef one() -> Signal[Baked]: ...": None,
    "one: Signal[object, Something]\nfrom bakery.payloads import *": None,
    "one: Signal[object, Something]\nif True:\n    class Something(TypedDict): ...": None,
    "one: Signal[": None,
}


@pytest.mark.parametrize("declaration", WRONG)
def test_mistake_is_found_in_the_text(tmp_path: Path, declaration: str) -> None:
    file = tmp_path / "signals.pyi"
    file.write_text(START + declaration)
    problem = WRONG[declaration]
    line = START.count("\n") + 1
    expected = [(line, f"the declaration of one: {problem}")] if problem else []
    assert [*find_mistakes(file)] == expected


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written with /")
def test_mypy_and_the_command_stop_with_all_mistakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "elsewhere/more/bakery/offers.pyi"
    stub = "from typing import TypedDict\nfrom typed_signals import Signal\n"
    files = {
        "project/mypy.ini": (
            f"{CONFIG}mypy_path = typings:../elsewhere\n"
            "[typed-signals]\ndeclarations = ours, more\n"
        ),
        "project/typings/ours/bakery/signals.pyi": (
            f"{stub}class Baked(TypedDict):\n    minutes: int\n"
            "baked: Signal[Baked]\nsold: Signal[object, int]\nbakd: Signal[object, Baked]\n"
        ),
        "project/bakery/__init__.py": "",
        "project/bakery/signals.py": (
            "from django.dispatch import Signal\nbaked = Signal()\nsold = Signal()\n"
        ),
        # Used twice, reported once.
        "project/use.py": (
            "from bakery.signals import baked\n"
            "baked.connect(lambda **kwargs: None, weak=False)\n"
            "baked.connect(lambda **kwargs: None, weak=False)\n"
        ),
        str(outside.relative_to(tmp_path)): f"{stub}offered = Signal[object, int]\n",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.chdir(tmp_path / "project")
    path = "typings/ours/bakery/signals.pyi"
    expected = [
        (
            "mypy.ini: error: [typed-signals] 'ours' declares bakd, but bakery.signals has no "
            "'bakd': use the name of the signal"
        ),
        (
            f"{path}:5: error: the declaration of baked: {WRONG['one: Signal[Baked]']}"
            "  [signal-declaration]"
        ),
        (
            f"{path}:6: error: the declaration of sold: the payload int {NOT_TYPED_DICT}"
            "  [signal-declaration]"
        ),
        (
            f"{outside}:3: error: the declaration of offered: this is a type: write offered: "
            "Signal[object, int]  [signal-declaration]"
        ),
    ]
    output, problems, _ = run_mypy(["--no-error-summary", "use.py"])
    assert (output + problems).splitlines() == expected
    command = [sys.executable, "-m", "typed_signals", "check", "--cache-dir", str(tmp_path / "c")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert not ended.stdout
    told = ended.stderr.strip().replace(f"{tmp_path / 'project'}/", "")
    assert told == f"typed-signals: mypy cannot check the project: {'; '.join(expected)}"
