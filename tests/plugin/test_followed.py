"""
Expressions that contain signals, in forms that are rare.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import check_programs
from tests.support import unchecked
from typed_signals.mypy.lib.source_code import count_name

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

START: Final = """
from typing import Any, TypedDict
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
    "for one in {sold} | {baked}: one.connect(log)",
]
NOT_FOLLOWED: Final = [
    "for one in (each for each in (sold, baked) if each is sold): one.connect(log)",
    "for pair in [(sold, 1), (baked, 2)]: pair[0].connect(log) if pair[1] == 1 else None",
    "(sold or baked).connect(log)",
    "first, *rest = sold, sold\nfor one in rest: one.connect(log)",
    # A dict with unknown keys or values.
    """
def f(name: str) -> None:
    options: dict[str, Any] = {name: log}
    baked.connect(**options)
""",
    """
def f(more: dict[str, Any]) -> None:
    table = {**more, "b": baked}
    for one, to in zip(table.values(), [log, log]): one.connect(to)
""",
    # Too many cases, or too deep.
    f"""
def f(n: int) -> None:
    one = {" ".join(f"sold if n == {n} else" for n in range(11))} baked
    to = {" ".join(f"log if n == {n} else" for n in range(11))} log
    one.connect(to)
""",
    f"for one in {'tuple(' * 25}[sold]{')' * 25}: one.connect(log)",
    # Attributes of classes.
    """
class Shop:
    signal = sold
    class Log:
        def __init__(self, **kwargs: object) -> None: ...
Alias = [Shop][0]
Alias.signal.connect(log)
baked.connect(Shop.Log, weak=False)
""",
    "for one in sorted({each for each in (sold,)}, key=id): one.connect(log)",
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """
    Return what mypy reports for each text.
    """
    programs = {text: START + text for text in (*FOLLOWED, *NOT_FOLLOWED)}
    return check_programs(tmp_path_factory.mktemp("uses"), programs)


@pytest.mark.parametrize("text", FOLLOWED)
def test_signal_is_followed(told: dict[str, list[str]], text: str) -> None:
    assert "'price' is never sent" in "\n".join(told[text])


@pytest.mark.parametrize("text", NOT_FOLLOWED)
def test_signal_that_is_perhaps_another_is_not_reported(
    told: dict[str, list[str]], text: str
) -> None:
    assert "[signal-" not in "\n".join(told[text])


def test_names_are_counted_in_code_of_another_python(tmp_path: Path) -> None:
    path = tmp_path / "use.py"
    for text in ("def on_done(: ...", "on_done = ("):
        path.write_text(text, "utf-8")
        assert count_name(unchecked(SimpleNamespace(path=str(path))), "on_done") == 1
