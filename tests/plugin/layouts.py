"""
Small random projects: modules that declare signals, re-export them and connect to them.

mypy must first analyse what a module needs from another one. The order of two modules depends on
their names and the imports between them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.mypy_runs import CONFIG as PLUGIN

if TYPE_CHECKING:
    import random
    from pathlib import Path

CONFIG: Final = f"{PLUGIN}mypy_path = $MYPY_CONFIG_FILE_DIR\nexplicit_package_bases = true\n"

# The source of receivers, and the signals that they are used with.
_RECEIVERS: Final = {
    "by_django": "from django.dispatch import receiver as {}",
    "by_core": "from typed_signals import receiver as {}",
    "by_ours": "from typed_signals.django import receiver as {}",
}


class _Kind(NamedTuple):
    """
    A kind of signal.
    """

    statement: str
    """The code that defines a name for it."""

    expression: str
    """The signal as an expression without a name; may be empty."""

    receivers: tuple[str, ...]
    """Whose ``receiver`` is used with it."""

    connects: tuple[str, ...] = ("{}.connect({})",)
    """How else a function is connected."""

    is_declared: bool = True


_SAVED: Final = ("by_django", "by_core", "by_ours")
_KINDS: Final = {
    "core": _Kind(
        "from typed_signals import Signal as Core\n{}: Core[Any, Payload] = Core()",
        "",
        ("by_core",),
    ),
    "on_django": _Kind(
        "from typed_signals.django import Signal as OnDjango\n"
        "{}: OnDjango[Any, Payload] = OnDjango()",
        "",
        ("by_core", "by_ours"),
    ),
    "bare": _Kind(
        "from django.dispatch import Signal as Bare\n{}: Bare = Bare()",
        "",
        ("by_django",),
        is_declared=False,
    ),
    "untyped": _Kind(
        "from typed_signals import Signal as Undeclared\n{}: Undeclared = Undeclared()",
        "",
        ("by_core",),
        is_declared=False,
    ),
    "saved": _Kind("from django.db.models.signals import post_save as {}", "", _SAVED),
    "by_models": _Kind("from django.db import models as {}", "{}.signals.pre_save", _SAVED),
    "by_module": _Kind("import django.db.models.signals as {}", "{}.post_delete", _SAVED),
    "logged_in": _Kind("from django.contrib.auth import user_logged_in as {}", "", _SAVED),
    "flask": _Kind(
        "from flask.signals import template_rendered as {}",
        "",
        (),
        ("{}.connect({})", "{}.connect_via(object())({})"),
    ),
    "by_flask": _Kind("from flask import signals as {}", "{}.request_started", ()),
}
_DJANGOS: Final = ("bare", "saved", "by_models", "by_module", "logged_in", "by_django")
_START: Final = """\
from typing import Any, TypedDict

class Payload(TypedDict):
    size: int
"""


class Layout(NamedTuple):
    """
    A project, with placeholders like ``{0}`` for the names of its modules.
    """

    modules: list[str]
    """Their texts."""

    mistakes: set[tuple[int, int]]
    """The module and the line of each receiver that cannot be connected."""

    folder: str
    """The package that all modules are in; empty if there is none."""

    has_init: bool

    def names(self, *, is_reversed: bool) -> list[str]:
        """
        Return names for the modules, in alphabetical order or reversed.
        """
        letters = "abcdefgh"[: len(self.modules)]
        return [f"{letter}_module" for letter in (letters[::-1] if is_reversed else letters)]

    def write(self, root: Path, names: list[str]) -> list[str]:
        """
        Write the project, with these *names* of modules, and return its files.
        """
        folder = root / self.folder
        folder.mkdir(parents=True, exist_ok=True)
        if self.has_init:
            (folder / "__init__.py").touch()
        files = [folder / f"{name}.py" for name in names]
        for file, text in zip(files, self.modules, strict=True):
            file.write_text(text.format(*names), "utf-8")
        return [str(file) for file in files]

    def places(self, names: list[str]) -> set[str]:
        """
        Return the file and line of each mistake.
        """
        return {f"{names[module]}.py:{line}" for module, line in self.mistakes}


def made_up(chance: random.Random) -> Layout:
    """
    Return a layout: a chain or a cycle of modules, with some more imports between them.
    """
    count = chance.randint(2, 5)
    is_circle = chance.random() < 0.4
    folder = chance.choice(["", "shop"])
    has_init = bool(folder) and chance.random() < 0.6
    # Most projects only use the signals of one package; those of another would import our modules.
    names = chance.choice([_DJANGOS, _DJANGOS, (*_KINDS, *_RECEIVERS)])
    writers = [_Writer(chance, number, folder, names) for number in range(count)]
    for writer in writers:
        writer.own()
    for writer in writers:
        others = writers if is_circle else writers[writer.number + 1 :]
        some = chance.sample(others, min(len(others), chance.choice([0, 1, 2])))
        if is_circle or (others and chance.random() < 0.6):
            some.append(writers[(writer.number + 1) % count])
        for other in dict.fromkeys(some):
            if other is not writer:
                writer.import_from(other)
    for writer in writers:
        writer.use()
    mistakes = {(writer.number, line) for writer in writers for line in writer.mistakes}
    return Layout([writer.text for writer in writers], mistakes, folder, has_init)


def mistakes_in(output: str) -> set[str]:
    """
    Return the places of the mistakes that mypy reports; it may not report anything else.
    """
    found = re.findall(r"(\w+\.py:\d+): error: .*\[signal-parameter\]$", output, re.MULTILINE)
    assert len(found) == len(output.splitlines()), output
    return set(found)


def options(root: Path, config: str = CONFIG) -> list[str]:
    (root / "mypy.ini").write_text(config, "utf-8")
    caches = ("--cache-dir", str(root / "cache"))
    return ["--config-file", str(root / "mypy.ini"), *caches, "--no-error-summary"]


class _Writer:
    """
    The writer of one module.
    """

    def __init__(
        self, chance: random.Random, number: int, folder: str, names: tuple[str, ...]
    ) -> None:
        self.chance = chance
        self.kinds = [name for name in names if name in _KINDS]
        self.whose = [name for name in names if name in _RECEIVERS]
        self.number = number
        self.folder = folder
        self.text = _START
        self.mistakes: list[int] = []
        self.signals: list[tuple[str, str]] = []
        """An expression for a signal, and its kind."""
        self.receivers: list[tuple[str, str]] = []
        self.owned: list[str] = []
        """The names that other modules can import."""

    def own(self) -> None:
        """
        Write the module's own definitions, if any.
        """
        for kind in self.chance.sample(self.kinds, self.chance.choice([0, 1, 1, 2])):
            name = f"{kind}_{self.number}"
            self.text += f"{_KINDS[kind].statement.format(name)}\n"
            self.signals.append((name, kind))
            self.owned.append(name)
        for whose in self.whose:
            if self.chance.random() < 0.4:
                name = f"receiver_{whose}_{self.number}"
                self.text += f"{_RECEIVERS[whose].format(name)}\n"
                self.receivers.append((name, whose))
                self.owned.append(name)

    def import_from(self, other: _Writer) -> None:
        """
        Import the names of another module, in a random form.
        """
        module = f"{{{other.number}}}"
        path = f"{self.folder}.{module}" if self.folder else module
        package = self.chance.choice([".", self.folder]) if self.folder else ""
        alias = f"module_{other.number}"
        relative = f".{module}" if self.folder else module
        ways = [(f"import {path} as {alias}", f"{alias}.")]
        if package:
            ways.append((f"from {package} import {module} as {alias}", f"{alias}."))
        if other.owned:
            names = ", ".join(other.owned)
            ways += [(f"from {path} import {names}", ""), (f"from {relative} import {names}", "")]
        statement, prefix = self.chance.choice(ways)
        self.text += f"{statement}\n"
        own = set(other.owned)
        self.signals += [(f"{prefix}{name}", kind) for name, kind in other.signals if name in own]
        self.receivers += [
            (f"{prefix}{name}", kind) for name, kind in other.receivers if name in own
        ]

    def use(self) -> None:
        """
        Connect functions to each signal, about half of them with a parameter that is never sent.
        """
        for index, (name, kind) in enumerate(self.signals):
            signal = _KINDS[kind].expression.format(name) or name
            function = f"log_{index}"
            is_wrong = self.chance.random() < 0.6
            parameter = "never, " if is_wrong else ""
            definition = f"def {function}(sender, {parameter}**kwargs): ...\n"
            receivers = [r for r, whose in self.receivers if whose in _KINDS[kind].receivers]
            if receivers and self.chance.random() < 0.8:
                self.text += f"@{self.chance.choice(receivers)}({signal})\n{definition}"
            else:
                connect = self.chance.choice(_KINDS[kind].connects).format(signal, function)
                self.text += f"{definition}{connect}\n"
            if is_wrong and _KINDS[kind].is_declared:
                self.mistakes.append(self.text.count("\n"))
