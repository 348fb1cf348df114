"""
Decorators of a project that connect, read from their source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import run_configured

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize(
    ("decorators", "is_reported"),
    [
        ("@on(done)", True),
        ("@on(done, model=int)", True),
        ("@on(model=int, signal=done)", True),
        ("@library.on(done)", True),
        ("@when_enabled(done, None)", True),
        ("@logged\n@on(done)", True),
        ("@on(done)\n@logged", True),
        ("@on(done)\n@filling(done)", False),
        ("@filling(done)", False),
        ("@perhaps(done)", False),
        ("@another(done, done)", False),
        ("@only_named(done)", False),
        ("@connects_another(done)", False),
        ("@of_lambda(done)", False),
        ("@leaves_early(done)", False),
        ("@one_of_two(done)", False),
        ("@twice_defined(done)", False),
        ("@adapted(done)", False),
        ("@wrapped_decorator(done)", False),
        ("@takes_more(done)", False),
        ("@by_method(done)", False),
        ("@(on if many else filling)(done)", False),
        ("@on()", False),
        ("@On(done)", False),
        ("@returns_nothing(done)", False),
        ("@endless(done)(done)", False),
        ("@on(unknown)", False),
        ("@(lambda signal: logged)(done)", False),
    ],
)
@pytest.mark.parametrize("where", ["imported", "here"])
def test_function_is_checked(
    tmp_path: Path, decorators: str, where: str, *, is_reported: bool
) -> None:
    header = HEADER
    if where == "here":
        if "library" in decorators:
            return
        header = LIBRARY + HEADER.replace("import library\nfrom library import *\n", "")
    (tmp_path / "library.py").write_text(LIBRARY)
    right = f"{decorators}\ndef right(size, **kwargs): ...\n"
    wrong = f"{decorators}\ndef wrong(search, **kwargs): ...\n"
    (tmp_path / "use.py").write_text(f"{header}\nunknown: Any\n{right}{wrong}not_a = on(done)\n")
    config = tmp_path / "mypy.ini"
    config.write_text(
        "[mypy]\nplugins = typed_signals.mypy\ndisable_error_code = name-defined, call-arg\n"
    )
    output, problems = run_configured(config, str(tmp_path / "use.py"))
    assert not problems
    expected = ["done cannot connect wrong: 'search' is never sent"] if is_reported else []
    found = [line.partition("error: ")[2].partition(" (")[0] for line in output.splitlines()]
    assert found == expected, output
