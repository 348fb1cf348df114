"""
A wrong name in a package of declarations ends mypy, because nothing would be checked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.mypy_runs import run_configured

pytestmark = pytest.mark.any_python

STUB: Final = """
from typing import Any, TypedDict, TypeVar
import typed_signals
from typed_signals import Signal

ModelT = TypeVar("ModelT")

class Baked(TypedDict):
    minutes: int

limit: int
def helper(sender: type[ModelT]) -> dict[str, ModelT]: ...
def unknown(sender): ...
"""
BAKED: Final = "baked: Signal[object, Baked]\n"
OWNER: Final = "from blinker import signal\nbaked = signal('baked')\nsold: Any = signal('sold')\n"

START: Final = "mypy.ini: error: [typed-signals] 'ours' declares "


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], more: str = ""
) -> str:
    """
    Return what mypy reports of a module that imports bakery.
    """
    monkeypatch.chdir(folder)
    config = (
        "[mypy]\nplugins = typed_signals.mypy\nmypy_path = typings\nignore_missing_imports = true\n"
        f"{more}[typed-signals]\ndeclarations = ours\n"
    )
    everything = {"typings/ours/__init__.pyi": "", "use.py": "", "mypy.ini": config, **files}
    for name, text in everything.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return "".join(run_configured(Path("mypy.ini"), "use.py")).strip()


def test_every_name_that_does_not_exist_is_reported_when_mypy_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "def bakd(sender: type[ModelT]) -> typed_signals.Signal[object, Baked]: ..."
    thrown = "@Signal.declare\ndef thrown_away(sender: object) -> object: ..."
    files = {
        **dict.fromkeys(("bakery/__init__.py", "bakery/kitchen/__init__.py", "shop.py"), ""),
        **dict.fromkeys(("bakery/signals.py", "bakery/kitchen/signals.py"), OWNER),
        "typings/ours/bakery/kitchen/signals.pyi": STUB + BAKED.replace("baked", "bakd"),
        "typings/ours/bakery/kitchn/signals.pyi": STUB + BAKED,
        "typings/ours/bakery/other.pyi": STUB + BAKED,
        "typings/ours/bakery/signal.pyi": STUB + BAKED,
        "typings/ours/bakery/signals.pyi": STUB + typed + "\n" + thrown,
    }
    found = run(tmp_path, monkeypatch, files).splitlines()
    assert found == [
        f"{START}{problem}"
        for problem in (
            "bakd, but bakery.kitchen.signals has no 'bakd': did you mean 'baked'?",
            (
                "signals of bakery.kitchn.signals, but bakery has no module 'kitchn': did you mean "
                "'kitchen'?"
            ),
            (
                "signals of bakery.other, but bakery has no module 'other': use the path of the "
                "module with the signals"
            ),
            "signals of bakery.signal, but bakery has no module 'signal': did you mean 'signals'?",
            "bakd, but bakery.signals has no 'bakd': did you mean 'baked'?",
            "thrown_away, but bakery.signals has no 'thrown_away': use the name of the signal",
        )
    ]


@pytest.mark.parametrize(
    "files",
    [
        # The names are right.
        {"bakery/signals.py": OWNER, "typings/ours/bakery/signals.pyi": STUB + BAKED},
        # It is not installed.
        {"typings/ours/shop/signals.pyi": STUB + BAKED},
        # A part of a namespace is not installed.
        {"space/one.py": "", "typings/ours/space/two/signals.pyi": STUB + BAKED},
        # A helper of the declarations.
        {"typings/ours/bakery/payloads.pyi": STUB},
        # A compiled module.
        {"bakery/signals.so": "", "typings/ours/bakery/signals.pyi": STUB + BAKED},
        # The module may have more names than its code.
        {
            "bakery/signals.py": "from bakery.more import *",
            "bakery/more.py": OWNER,
            "typings/ours/bakery/signals.pyi": STUB + BAKED,
        },
        {
            "bakery/signals.py": "for name in ('ba', 'ked'): globals()[name] = 1",
            "typings/ours/bakery/signals.pyi": STUB + BAKED,
        },
        # Stubs may be incomplete, in both ways.
        {"bakery/signals.pyi": "sold: int", "typings/ours/bakery/signals.pyi": STUB + BAKED},
        {
            "shop/__init__.pyi": "",
            "typings/ours/shop/signals.pyi": STUB + BAKED,
        },
        # mypy cannot read them.
        {"bakery/signals.py": "", "typings/ours/bakery/signals.pyi": "def ("},
    ],
)
def test_name_that_may_exist_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> None:
    files["bakery/__init__.py"] = ""
    assert run(tmp_path, monkeypatch, files) == ""


def test_module_that_mypy_does_not_read_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "bakery/__init__.py": "",
        "bakery/signals.py": OWNER,
        "typings/ours/bakery/signals.pyi": STUB + BAKED.replace("baked", "bakd"),
    }
    skipping = "[mypy-bakery.*]\nfollow_imports = skip\n"
    assert run(tmp_path, monkeypatch, files, skipping) == ""
    assert run(tmp_path, monkeypatch, files).startswith(START)


def test_module_that_cannot_be_decoded_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = {"typings/ours/bakery.pyi": STUB + BAKED}
    (tmp_path / "bakery.py").write_bytes(
        "# -*- coding: latin-1 -*-\nname = 'é'\n".encode("latin-1")
    )
    assert run(tmp_path, monkeypatch, stub) == ""
