"""
``connect`` is passed a function under proven decorators; the function itself is checked.
"""

from __future__ import annotations

from typing import Final

import pytest

from tests.mypy_runs import check_programs

pytestmark = pytest.mark.any_python

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


# Whether the function is reported.
CASES: Final = {
    "@logged\ndef f(search, **kwargs): ...\ndone.connect(f, weak=False)": True,
    "@logged\ndef f(search, **kwargs): ...\ndone.connect(receiver=f)": True,
    "@logged\n@logged\ndef f(search, **kwargs): ...\ndone.connect(f)": True,
    "@logged\ndef f(search, **kwargs): ...\nfor s in [done]: s.connect(f)": True,
    "@logged\ndef f(size, **kwargs): ...\ndone.connect(f)": False,
    "@logged\n@filled\ndef f(search, **kwargs): ...\ndone.connect(f)": False,
    "@filled\ndef f(search, **kwargs): ...\ndone.connect(f)": False,
    "@logged\ndef f(search, **kwargs): ...\nf = print\ndone.connect(f)": False,
    # Only the names of the module are looked up.
    "def g():\n    @logged\n    def f(search, **kwargs): ...\n    done.connect(f)": False,
    "class A:\n    @logged\n    def f(self, search, **kwargs): ...\n    done.connect(f)": False,
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    programs = {code: HEADER + code for code in CASES}
    return check_programs(tmp_path_factory.mktemp("uses"), programs)


@pytest.mark.parametrize("code", CASES)
def test_function_is_checked(told: dict[str, list[str]], code: str) -> None:
    is_reported = "cannot connect f: 'search' is never sent" in "\n".join(told[code])
    assert is_reported == CASES[code], told[code]
