"""
Expressions that contain signals, in forms that are rare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import run_configured

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

START: Final = """
from typing import TypedDict
from typed_signals import Signal

class Baked(TypedDict):
    minutes: int

class Sold(TypedDict):
    price: float

baked = Signal[object, Baked]()
sold = Signal[object, Sold]()
def log(price: float, **kwargs: object) -> None: ...
"""

FOLLOWED: Final = [
    "for one in [each for each in (sold, baked)]: one.connect(log)",
    "for one in {each for each in (sold, baked)}: one.connect(log)",
    "for one in (each for each in (sold, baked)): one.connect(log)",
    "for one, in [(baked,)]: one.connect(log)",
]
NOT_FOLLOWED: Final = [
    "for one in (each for each in (sold, baked) if each is sold): one.connect(log)",
    "for pair in [(sold, 1), (baked, 2)]: pair[0].connect(log) if pair[1] == 1 else None",
    "(sold or baked).connect(log)",
    "first, *rest = sold, sold\nfor one in rest: one.connect(log)",
]


@pytest.mark.parametrize("text", FOLLOWED)
def test_signal_is_followed(tmp_path: Path, text: str) -> None:
    assert "'price' is never sent" in told(tmp_path, text)


@pytest.mark.parametrize("text", NOT_FOLLOWED)
def test_signal_that_is_perhaps_another_is_not_reported(tmp_path: Path, text: str) -> None:
    assert "[signal-" not in told(tmp_path, text)


def told(folder: Path, text: str) -> str:
    """
    Return what mypy reports.
    """
    config = folder / "mypy.ini"
    config.write_text("[mypy]\nplugins = typed_signals.mypy\n")
    (folder / "use.py").write_text(START + text)
    output, problems = run_configured(config, str(folder / "use.py"))
    assert not problems
    return output
