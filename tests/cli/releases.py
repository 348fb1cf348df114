"""
Two releases of a project, and what each does with what the other sends.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typed_signals.background import run
from typed_signals.cli.schema.contract import contract_of
from typed_signals.exceptions import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typed_signals.background import Delivery

_START: Final = """\
from dataclasses import dataclass
from enum import Enum
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from typed_signals import Signal

"""
_BACKGROUND: Final = """

@Background(engine).receiver([{names}])
def confirm(sender, **kwargs):
    got.append(kwargs)
"""


class Release(NamedTuple):
    """
    A release of a project.
    """

    payload: str
    """The keys of its payload."""

    values: str
    """The keyword arguments of a send."""

    before: str = ""
    """What is defined before the payload."""

    name: str = "placed"
    """The signal that is sent."""

    others: tuple[str, ...] = ()
    """Other signals with this payload."""

    @property
    def declaration(self) -> str:
        """
        The module with the signals.
        """
        signals = "".join(f"{name} = Signal[None, Placed]()\n" for name in self.names)
        keys = "\n".join(f"    {line.strip()}" for line in self.payload.split(";"))
        return f"{_START}{self.before}\nclass Placed(TypedDict):\n{keys}\n\n\n{signals}"

    @property
    def names(self) -> tuple[str, ...]:
        """
        The names of the signals.
        """
        return (self.name, *self.others)

    @property
    def worker(self) -> str:
        """
        The module with the signals, and a receiver in the background.
        """
        return self.declaration + _BACKGROUND.format(names=", ".join(self.names))

    @property
    def send(self) -> str:
        """
        A send, in the module with the signal.
        """
        return f"{self.name}.send(None, {self.values})\n"

    @property
    def receiver(self) -> str:
        """
        A receiver that names all keys, in the module with the signal.
        """
        parameters = ["sender: None"]
        for line in self.payload.split(";"):
            key, _, typ = line.strip().partition(": ")
            if typ.startswith("NotRequired["):
                typ = f"{typ[12:-1]} | None = None"
            parameters.append(f"{key}: {typ}")
        return (
            f"def on_placed({', '.join(parameters)}, **kwargs: Any) -> None: ...\n"
            f"{self.name}.connect(on_placed)\n"
        )

    def contracts(self) -> dict[str, Any]:
        """
        Return the schemas of its signals.
        """
        with _module(self.declaration) as module:
            names = {f"{module.__name__}.{name}": name for name in self.names}
            return {full: contract_of(full, vars(module)[name]) for full, name in names.items()}

    def delivery(self) -> str:
        """
        Return the text of what it sends to its receiver in the background.
        """
        engine = _Engine()
        with _module(self.worker + self.send, engine=engine):
            return engine.text

    def failure_of(self, text: str) -> str:
        """
        Return the name of the error with which its worker fails to run a delivery; empty without.
        """
        with _module(self.worker, engine=_Engine()) as module:
            try:
                run(text)
            except DeliveryError as error:
                return type(error).__name__
            assert len(vars(module)["got"]) == 1
            return ""


class _Engine:
    name = "kept"
    in_process = False
    can_await = False
    text = ""

    def enqueue(self, delivery: Delivery, text: str) -> None:
        self.text = text


@contextmanager
def _module(source: str, **names: object) -> Iterator[ModuleType]:
    """
    Execute *source* as the module ``shop``, which is gone afterwards.
    """
    from typed_signals.background import Background

    module = ModuleType("shop")
    vars(module).update(names, Background=Background, got=[])
    sys.modules["shop"] = module
    try:
        exec(compile(source, "shop.py", "exec"), vars(module))
        yield module
    finally:
        del sys.modules["shop"]
        # Its receivers are weakly referenced.
        vars(module).clear()
