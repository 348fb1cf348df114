"""
Decorators between ``@receiver`` and the function, or on a function that is connected: judged like
the function itself, if their source proves that they pass everything on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from mypy.options import Options

from tests.mypy_runs import run_configured
from typed_signals.mypy.hook_lookup import SignalPlugin

from .decorator_sources import NOT_PROVEN, PROVEN, module

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

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

    The result is the same for ``@receiver`` and ``connect``.
    """
    folder = tmp_path_factory.mktemp("decorators")
    names, lines, connecting = list(ALL), [HEADER], [HEADER]
    for number, name in enumerate(names):
        deco = f"deco{number}"
        (folder / f"{deco}.py").write_text(module(ALL[name]), "utf-8")
        for each in (lines, connecting):
            each.append(f"from {deco} import deco as {deco}")
        for function in (f"right{number}(sender, size", f"wrong{number}(sender, search"):
            lines += ["@receiver(done)", f"@{deco}", f"def {function}, **kwargs): pass"]
            connecting += [f"@{deco}", f"def {function}, **kwargs): pass"]
            connecting += [f"done.connect({function.partition('(')[0]})"]
    (folder / "use.py").write_text("\n".join(lines), "utf-8")
    (folder / "connecting.py").write_text("\n".join(connecting), "utf-8")
    config = folder / "mypy.ini"
    config.write_text(CONFIG, "utf-8")
    found = []
    for file in ("use.py", "connecting.py"):
        output, problems = run_configured(config, str(folder / file))
        assert not problems
        reports = re.findall(r"error: (.*)  \[signal-", output)
        wrong = [re.match(r"done cannot connect wrong(\d+): 'search' is never", r) for r in reports]
        assert all(wrong), "\n".join(reports)
        found.append({names[int(match[1])] for match in wrong if match})
    assert found[0] == found[1]
    return found[0]


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


NO_KWARGS: Final = "Signal receivers must accept keyword arguments (**kwargs)."
CLOSED: Final = f"""{HEADER}
def passes(function):
    return lambda *args, **kwargs: function(*args, **kwargs)

def removes(function):
    def wrapper(*args, **kwargs):
        kwargs.pop("signal")
        return function(*args, **kwargs)
    return wrapper

@receiver(done)
@passes
def refused(sender, size): ...

@receiver(done)
@removes
def accepted(sender, size): ...
"""


def test_receiver_without_kwargs_is_reported_unless_a_key_is_removed(tmp_path: Path) -> None:
    program, config = tmp_path / "program.py", tmp_path / "mypy.ini"
    program.write_text(CLOSED, "utf-8")
    config.write_text(CONFIG, "utf-8")
    output, _ = run_configured(config, str(program))
    assert re.findall(r"error: (.*)  \[signal-kwargs\]", output) == [
        f"done cannot connect refused: {NO_KWARGS} Add **kwargs"
    ]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("broken.py", "@receiver(done)\n@logged\ndef log(**kwargs: ...\n"),
        ("bytes.py", "# coding: none\n@receiver(done)\n@logged\ndef log(**kwargs): ...\n"),
        ("stub.pyi", "@receiver(done)\n@logged\ndef log(**kwargs): ...\n"),
        ("site-packages/other.py", "@receiver(done)\n@logged\ndef log(**kwargs): ...\n"),
        ("single.py", "@receiver(done)\ndef log(**kwargs): ...\n@logged\ndef other(): ...\n"),
        ("missing.py", None),
    ],
)
def test_other_files_have_no_proofs(tmp_path: Path, name: str, source: str | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if source is not None:
        path.write_text(source, "utf-8")
    assert SignalPlugin(Options()).proofs("program", str(path)) == {}


@pytest.mark.parametrize("signals", ["done", "[done]"])
def test_receiver_may_have_another_name(tmp_path: Path, signals: str) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "from typed_signals import receiver as on\n"
        "def same(function): return function\n"
        f"@on({signals})\n@same\ndef log(**kwargs): ...\n",
        "utf-8",
    )
    options = Options()
    options.cache_dir = str(tmp_path / "cache")
    assert set(SignalPlugin(options).proofs("program", str(path))) == {5}
