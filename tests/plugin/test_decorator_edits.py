"""
Only the body of a decorator is edited, in a module of its own: the modules that use it are checked
again, in all modes of mypy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import MODES, copy_library_cache

from .test_runs import Project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

RECEIVERS: Final = """
from typed_signals import receiver as on
from shop.tools import tool as logged
from shop.connecting import connected
from signals import ordered

@on(ordered)
@logged
def bill(sender, number, coupon, **kwargs): ...

@logged
def pay(sender, number, coupon, **kwargs): ...

ordered.connect(pay)

@connected(ordered)
def send(sender, number, coupon, **kwargs): ...
"""
SIGNALS: Final = """
from typing import Any, TypedDict
from typed_signals import Signal

class Order(TypedDict):
    number: int

ordered = Signal[Any, Order]()
"""
LOGGED: Final = """
from functools import wraps

def logged(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        {}
        return function(*args, **kwargs)
    return wrapper
"""
CONNECTED: Final = """
def connected(signal):
    def decorate(function):
        signal.connect({})
        return function
    return decorate
"""
PASSES_ON: Final = LOGGED.format("print(kwargs)")
FILLS: Final = LOGGED.format("kwargs['coupon'] = None")


class Shop(Project):
    """
    A project with a decorator in a package, used under another name.
    """

    def restore(self) -> None:
        copy_library_cache(self.cache)
        (self.folder / "shop/decorators").mkdir(parents=True, exist_ok=True)
        for name, source in {
            "receivers.py": RECEIVERS,
            "signals.py": SIGNALS,
            "shop/__init__.py": "",
            "shop/tools.py": "from .decorators import *\ntool = logged\n",
            "shop/connecting.py": CONNECTED.format("function"),
            "shop/decorators/__init__.py": "from shop.decorators.logs import logged as logged\n",
            "shop/decorators/logs.py": PASSES_ON,
        }.items():
            (self.folder / name).write_text(source, "utf-8")

    def edit(self, what: str) -> None:
        (self.folder / "shop/decorators/logs.py").write_text(what, "utf-8")

    def files(self) -> list[str]:
        return [str(self.folder / "receivers.py")]

    def mistakes(self, mode: str) -> list[str]:
        return [error.text for error in self.check(mode).get("receivers.py", [])]


@pytest.mark.parametrize("mode", MODES)
def test_body_of_a_decorator_decides(tmp_path: Path, mode: str) -> None:
    shop = Shop(tmp_path)
    cold = shop.mistakes(mode)
    connected = [text.partition(":")[0] for text in cold]
    assert connected == [f"ordered cannot connect {name}" for name in ("bill", "pay", "send")]
    assert shop.mistakes(mode) == cold
    shop.edit(FILLS)
    assert shop.mistakes(mode) == cold[2:]
    assert shop.mistakes(mode) == cold[2:]
    shop.edit(PASSES_ON)
    assert shop.mistakes(mode) == cold


@pytest.mark.parametrize("mode", MODES)
def test_body_of_a_registering_decorator_decides(tmp_path: Path, mode: str) -> None:
    shop = Shop(tmp_path)
    cold = shop.mistakes(mode)
    (shop.folder / "shop/connecting.py").write_text(CONNECTED.format("print"), "utf-8")
    assert shop.mistakes(mode) == cold[:2]
    (shop.folder / "shop/connecting.py").write_text(CONNECTED.format("function"), "utf-8")
    assert shop.mistakes(mode) == cold
