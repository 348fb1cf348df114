"""
Decorators of a project that connect, read from their source.
"""

from __future__ import annotations

from typing import Final

import pytest

from tests.mypy_runs import check_programs

pytestmark = pytest.mark.any_python

LIBRARY: Final = """
from functools import wraps

def on(signal, model=None):
    def decorate(function):
        signal.connect(function, sender=model)
        return function
    return decorate

def when_enabled(signal, sender):
    def decorator(func):
        @wraps(func)
        def wrapped(*args, **kwargs):
            if not ENABLED:
                return None
            return func(*args, **kwargs)
        uid = f"{func.__module__}.{func.__name__}"
        signal.connect(wrapped, sender=sender, dispatch_uid=uid, weak=False)
        return wrapped
    return decorator

def filling(signal):
    def decorate(function):
        def fill(**kwargs):
            return function(search=1, **kwargs)
        signal.connect(fill)
        return fill
    return decorate

def perhaps(signal):
    def decorate(function):
        if not signal:
            return function
        signal.connect(function)
        return function
    return decorate

def another(signal, other):
    signal = other
    def decorate(function):
        signal.connect(function)
        return function
    return decorate

def only_named(signal):
    def decorate(function):
        return function
    return decorate

def connects_another(signal):
    def decorate(function):
        signal.connect(print)
        return function
    return decorate

def not_a_decorator(signal):
    signal.connect(print)

def of_lambda(signal):
    decorate = lambda function: function
    signal.connect(decorate)
    return decorate

def by_method(signal):
    def decorate(function):
        signal.connect()
        signal.connect(function.inner)
        signal.receivers.connect(function)
        connect(function)
        return function
    return decorate

def returns_nothing(signal):
    def decorate(function):
        signal.connect(function)
    return decorate

def endless(signal):
    return endless(signal)

def leaves_early(signal, enabled=True):
    if not enabled:
        return lambda function: function
    def decorate(function):
        signal.connect(function)
        return function
    return decorate

def one_of_two(signal, condition=None):
    def decorate(function):
        signal.connect(function)
        return function
    if not condition:
        decorate = lambda function: function
    return decorate

def twice_defined(signal, condition=None):
    if condition:
        def decorate(function):
            return function
    else:
        def decorate(function):
            signal.connect(function)
            return function
    return decorate

def adapted(signal):
    def decorate(function):
        function = filling(signal)(function)
        signal.connect(function)
        return function
    return decorate

def wrapped_decorator(signal):
    def decorate(function):
        signal.connect(function)
        return function
    decorate = unknown(decorate)
    return decorate

def takes_more(signal):
    def decorate(function, more):
        signal.connect(function)
        return function
    return decorate

class On:
    def __init__(self, signal): ...
    def __call__(self, function): return function
"""
HEADER: Final = """
from typing import Any, TypedDict
from typed_signals import Signal
import library
from library import *

class Done(TypedDict):
    size: int

done = Signal[Any, Done]()
many = [done]

def logged(function):
    return function
"""


# Whether the wrong function is reported.
DECORATORS: Final = {
    "@on(done)": True,
    "@on(done, model=int)": True,
    "@on(model=int, signal=done)": True,
    "@library.on(done)": True,
    "@when_enabled(done, None)": True,
    "@logged\n@on(done)": True,
    "@on(done)\n@logged": True,
    "@on(done)\n@filling(done)": False,
    "@filling(done)": False,
    "@perhaps(done)": False,
    "@another(done, done)": False,
    "@only_named(done)": False,
    "@connects_another(done)": False,
    "@of_lambda(done)": False,
    "@leaves_early(done)": False,
    "@one_of_two(done)": False,
    "@twice_defined(done)": False,
    "@adapted(done)": False,
    "@wrapped_decorator(done)": False,
    "@takes_more(done)": False,
    "@by_method(done)": False,
    "@(on if many else filling)(done)": False,
    "@on()": False,
    "@On(done)": False,
    "@returns_nothing(done)": False,
    "@endless(done)(done)": False,
    "@on(unknown)": False,
    "@(lambda signal: logged)(done)": False,
}
IGNORED: Final = '# mypy: disable-error-code="name-defined, call-arg"\n'
HERE: Final = LIBRARY + HEADER.replace("import library\nfrom library import *\n", "")
# The decorators that are imported, and those that are defined in the module.
CASES: Final = [(HEADER, each) for each in DECORATORS] + [
    (HERE, each) for each in DECORATORS if "library" not in each
]


def program(header: str, decorators: str) -> str:
    right = f"{decorators}\ndef right(size, **kwargs): ...\n"
    wrong = f"{decorators}\ndef wrong(search, **kwargs): ...\n"
    return f"{IGNORED}{header}\nunknown: Any\n{right}{wrong}not_a = on(done)\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[str]]:
    folder = tmp_path_factory.mktemp("uses")
    (folder / "library.py").write_text(IGNORED + LIBRARY, "utf-8")
    return check_programs(folder, {case: program(*case) for case in CASES})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_function_is_checked(told: dict[tuple[str, str], list[str]], case: tuple[str, str]) -> None:
    is_reported = DECORATORS[case[1]]
    expected = ["done cannot connect wrong: 'search' is never sent"] if is_reported else []
    assert [line.partition("error: ")[2].partition(" (")[0] for line in told[case]] == expected
