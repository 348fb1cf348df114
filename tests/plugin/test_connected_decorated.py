"""
``connect`` is passed a function under proven decorators; the function itself is checked.
"""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import run_configured

if TYPE_CHECKING:
    from pathlib import Path

HEADER: Final = """
from functools import wraps
from typing import Any, TypedDict
from typed_signals import Signal

class Done(TypedDict):
    size: int

done = Signal[Any, Done]()

def logged(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        print(kwargs)
        return function(*args, **kwargs)
    return wrapper

def filled(function):
    return lambda **kwargs: function(search=1, **kwargs)
"""


@pytest.mark.parametrize(
    ("code", "is_reported"),
    [
        ("@logged\ndef f(search, **kwargs): ...\ndone.connect(f, weak=False)", True),
        ("@logged\ndef f(search, **kwargs): ...\ndone.connect(receiver=f)", True),
        ("@logged\n@logged\ndef f(search, **kwargs): ...\ndone.connect(f)", True),
        ("@logged\ndef f(search, **kwargs): ...\nfor s in [done]: s.connect(f)", True),
        ("@logged\ndef f(size, **kwargs): ...\ndone.connect(f)", False),
        ("@logged\n@filled\ndef f(search, **kwargs): ...\ndone.connect(f)", False),
        ("@filled\ndef f(search, **kwargs): ...\ndone.connect(f)", False),
        ("@logged\ndef f(search, **kwargs): ...\nf = print\ndone.connect(f)", False),
        # Only the names of the module are looked up.
        ("def g():\n    @logged\n    def f(search, **kwargs): ...\n    done.connect(f)", False),
        (
            "class A:\n    @logged\n    def f(self, search, **kwargs): ...\n    done.connect(f)",
            False,
        ),
    ],
)
def test_function_is_checked(tmp_path: Path, code: str, *, is_reported: bool) -> None:
    (tmp_path / "use.py").write_text(HEADER + dedent(code))
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n")
    output, problems = run_configured(config, str(tmp_path / "use.py"))
    assert not problems
    assert ("cannot connect f: 'search' is never sent" in output) == is_reported, output
