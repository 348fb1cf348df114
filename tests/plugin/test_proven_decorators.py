"""
Decorators between ``@receiver`` and the function: judged like the function itself, if their source
proves that they pass everything on.
"""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.mypy_runs import run_configured

from .decorator_sources import NOT_PROVEN, PROVEN, module

CONFIG: Final = """
[mypy]
plugins = typed_signals.mypy
check_untyped_defs = true
disable_error_code = misc, attr-defined, name-defined, var-annotated
"""
HEADER: Final = """
from typing import Any, TypedDict
from typed_signals import Signal, receiver

class Done(TypedDict):
    size: int

done = Signal[Any, Done]()
"""
ALL: Final = {**PROVEN, **NOT_PROVEN}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """
    Return the names of the decorators under which a wrong receiver is reported.
    """
    folder = tmp_path_factory.mktemp("decorators")
    names, lines = list(ALL), [HEADER]
    for number, name in enumerate(names):
        deco = f"deco{number}"
        (folder / f"{deco}.py").write_text(module(ALL[name]))
        lines += [f"from {deco} import deco as {deco}"]
        for function in (f"right{number}(sender, size", f"wrong{number}(sender, search"):
            lines += ["@receiver(done)", f"@{deco}", f"def {function}, **kwargs): pass"]
    (folder / "use.py").write_text("\n".join(lines))
    config = folder / "mypy.ini"
    config.write_text(CONFIG)
    output, problems = run_configured(config, str(folder / "use.py"))
    assert not problems
    reports = re.findall(r"error: (.*)  \[signal-", output)
    wrong = [re.match(r"done cannot connect wrong(\d+): 'search' is never", r) for r in reports]
    assert all(wrong), "\n".join(reports)
    return {names[int(match[1])] for match in wrong if match}


@pytest.mark.parametrize("name", PROVEN)
def test_mistake_under_a_decorator_that_passes_all_on_is_reported(
    found: set[str], name: str
) -> None:
    assert name in found


@pytest.mark.parametrize("name", NOT_PROVEN)
def test_nothing_is_reported_under_other_decorators(found: set[str], name: str) -> None:
    assert name not in found


@pytest.mark.parametrize("name", PROVEN)
def test_proven_decorator_really_passes_all_on(name: str) -> None:
    scope: dict[str, object] = {"__name__": "decorators"}
    exec(module(PROVEN[name]), scope)
    deco = scope["deco"]
    assert callable(deco)
    got: dict[str, object] = {}

    def right(sender: object, size: int, **kwargs: object) -> None:
        got.update(kwargs, sender=sender, size=size)

    deco(right)(signal=1, sender=2, size=3)
    assert got == {"signal": 1, "sender": 2, "size": 3}
    with pytest.raises(TypeError, match="search"):
        deco(lambda sender, search, **kwargs: None)(signal=1, sender=2, size=3)
