"""
Tools may replace methods of Django before our package is imported, as Sentry does in settings.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, functools, json, sys
from django.dispatch import Signal as DjangoSignal

name, seen = sys.argv[1], []

def replaced(method):
    @functools.wraps(method)
    def call(*args, **kwargs):
        seen.append(name)
        return method(*args, **kwargs)
    return call

setattr(DjangoSignal, name, replaced(getattr(DjangoSignal, name)))

from typed_signals.django import Signal

def receive(**kwargs): ...

signal = Signal()
seen.clear()
signal.connect(receive)
for _ in range(20):
    assert signal.send(None, size=1) == signal.send_robust(None, size=1) == [(receive, None)]
    assert asyncio.run(signal.asend(None)) == asyncio.run(signal.asend_robust(None))
assert signal.disconnect(receive)
print(json.dumps(seen))
"""


@pytest.mark.any_python
@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("_live_receivers", 80),
        ("send", 20),
        ("send_robust", 20),
        ("asend", 20),
        ("asend_robust", 20),
        ("connect", 1),
        ("disconnect", 1),
    ],
)
def test_method_that_was_replaced_before_our_import_is_called(name: str, calls: int) -> None:
    command = [sys.executable, "-W", "error", "-c", PROGRAM, name]
    seen = json.loads(subprocess.check_output(command, text=True))
    assert seen == [name] * calls
