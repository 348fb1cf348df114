"""
The places in a project that connect a function to a signal of Django, read from its source.

This uses neither the plugin nor mypy, so that it also finds what they do not.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .names import DEFS, DISPLAYS, Names, Place, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .names import Function, Module

SIGNALS: Final = frozenset(
    {
        *("pre_init", "post_init", "class_prepared", "pre_migrate", "post_migrate"),
        *("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"),
        *("request_started", "request_finished", "got_request_exception", "setting_changed"),
        *("user_logged_in", "user_logged_out", "user_login_failed", "connection_created"),
        *("template_rendered", "autoreload_started", "file_changed"),
        *("task_enqueued", "task_started", "task_finished"),
    }
)
_RECEIVERS: Final = {"django.dispatch.receiver", "django.dispatch.dispatcher.receiver"}
_PARTIALS: Final = {"functools.partial"}
_MENTIONS: Final = re.compile("|".join(["connect", "receiver", *sorted(SIGNALS)]).encode())


class Receiver(NamedTuple):
    """
    A function that is connected.
    """

    module: Module
    node: Function

    @property
    def name(self) -> str:
        """
        Its name in the code.
        """
        return "lambda" if isinstance(self.node, ast.Lambda) else self.node.name


class Registration(NamedTuple):
    """
    A place that connects a function.
    """

    file: str
    first_line: int
    last_line: int
    signals: tuple[str, ...]
    """The names of Django's signals, without those that are unknown."""

    style: str
    receiver: Receiver

    def __str__(self) -> str:
        signals = ", ".join(self.signals)
        return f"{self.file}:{self.first_line}: {self.receiver.name} ({signals})"


def registrations(modules: Iterable[Module], checked: Iterable[Module]) -> list[Registration]:
    """
    Return the registrations in *checked*.

    Args:
        modules: all modules of the project.
        checked: those of them in which to look.
    """
    reader = _Reader(Names(modules))
    return [
        registration
        for module in checked
        if _MENTIONS.search(module.text)
        for registration in reader.read(module)
    ]


class _Reader:
    def __init__(self, names: Names) -> None:
        self._names = names

    def read(self, module: Module) -> Iterator[Registration]:
        for node in ast.walk(self._names.tree(module)):
            if isinstance(node, DEFS):
                yield from self._decorated(module, node)
            elif isinstance(node, ast.Call):
                for style, signals, receiver in self._connected(module, node):
                    last = node.end_lineno or node.lineno
                    yield Registration(module.file, node.lineno, last, signals, style, receiver)

    # Decorators

    def _decorated(
        self, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[Registration]:
        found = [self._decorator(module, decorator) for decorator in node.decorator_list]
        lines = (node.lineno, max(node.lineno, node.body[0].lineno - 1))
        for index, connecting in enumerate(found):
            if connecting is None:
                continue
            style, signals = connecting
            # Another one that connects returns the function itself.
            if None in found[index:]:
                style += " above another decorator"
            first = node.decorator_list[0].lineno
            yield Registration(module.file, first, lines[1], signals, style, Receiver(module, node))

    def _decorator(self, module: Module, decorator: ast.expr) -> tuple[str, tuple[str, ...]] | None:
        """
        Return the style and the signals of a decorator; None if it does not connect.
        """
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Attribute) and called.attr == "connect":
            signals, _ = self._signals(module, called.value)
            return ("`@signal.connect`", signals) if signals else None
        if not isinstance(decorator, ast.Call):
            return None
        callees = self._names.values(Place(module, called))
        is_djangos = any(callee.of in _RECEIVERS for callee in callees)
        if not is_djangos and not _is_own(callees):
            return None
        for argument in _arguments(decorator)[: 1 if is_djangos else None]:
            signals, how = self._signals(module, argument)
            if signals and not is_djangos:
                return "a registering decorator of the project", signals
            if signals:
                written = "[signal, ...]" if isinstance(argument, DISPLAYS) else how or "signal"
                return f"`@receiver({written})`", signals
        return None

    # Calls

    def _connected(
        self, module: Module, call: ast.Call
    ) -> Iterator[tuple[str, tuple[str, ...], Receiver]]:
        """
        Return the style, the signals and the receiver for each receiver in a call.
        """
        if isinstance(self._names.parent(call), DEFS):
            return  # a decorator
        called = call.func
        if isinstance(called, ast.Attribute) and called.attr == "connect":
            yield from self._connect(module, called.value, call)
            return
        if isinstance(called, ast.Call):
            decorator = self._decorator(module, called)
            if decorator is not None:
                for receiver, _ in self._receivers(module, call.args):
                    yield "`receiver(signal)(function)`", decorator[1], receiver
            return
        arguments = _arguments(call)
        known = [self._signals(module, argument)[0] for argument in arguments]
        if any(known) and _is_own(self._names.values(Place(module, called))):
            signals = tuple(signal for names in known for signal in names)
            for receiver, _ in self._receivers(module, arguments):
                yield "a registering function of the project", signals, receiver

    def _connect(
        self, module: Module, signal: ast.expr, call: ast.Call
    ) -> Iterator[tuple[str, tuple[str, ...], Receiver]]:
        given = [each.value for each in call.keywords if each.arg == "receiver"]
        passed = call.args[:1] or given
        values = [each for one in passed for each in self._names.values(Place(module, one))]
        elements = {value.element for value in self._names.values(Place(module, signal))}
        for value in values:
            # One loop over pairs of a signal and a receiver.
            element = value.element if value.element in elements else None
            signals, how = self._signals(module, signal, element)
            for receiver, what in self._described([value]) if signals else ():
                yield f"`connect({what})`{f' by a {how}' * bool(how)}", signals, receiver

    def _signals(
        self, module: Module, expression: ast.expr, element: ast.AST | None = None
    ) -> tuple[tuple[str, ...], str]:
        """
        Return the signals that an expression may be or contain, and how it is written.

        Args:
            module: its module.
            expression: the expression.
            element: the element that the variables of a loop have; None for all.
        """
        place = Place(module, expression)
        found = {
            value.of.rpartition(".")[2]: value.how
            for value in (*self._names.values(place), *self._names.elements(place))
            if isinstance(value.of, str)
            and value.of.startswith("django.")
            and element in {None, value.element}
        }
        known = {name: how for name, how in found.items() if name in SIGNALS}
        return tuple(known), next(filter(None, known.values()), "")

    def _receivers(
        self, module: Module, expressions: list[ast.expr]
    ) -> Iterator[tuple[Receiver, str]]:
        """
        Return the functions that the *expressions* may be, and how each is written.
        """
        places = [Place(module, expression) for expression in expressions]
        yield from self._described(each for place in places for each in self._names.values(place))

    def _described(self, values: Iterable[Value]) -> Iterator[tuple[Receiver, str]]:
        found: dict[Receiver, str] = {}
        for value in values:
            for receiver, what in self._functions(value):
                found.setdefault(receiver, what)
        for receiver, what in found.items():
            decorators = getattr(receiver.node, "decorator_list", [])
            unbound = {"staticmethod", "classmethod"}
            is_decorated = any(
                getattr(each, "id", "") not in unbound
                and self._decorator(receiver.module, each) is None
                for each in decorators
            )
            yield receiver, f"decorated {what}" if is_decorated else what

    def _functions(self, value: Value) -> Iterator[tuple[Receiver, str]]:
        if isinstance(value.of, str):
            return
        module, node = value.of
        if isinstance(node, ast.Lambda):
            yield Receiver(module, node), "lambda"
        elif isinstance(node, DEFS):
            is_method = isinstance(self._names.scope(node), ast.ClassDef)
            yield Receiver(module, node), "method" if is_method else "function"
        elif isinstance(node, ast.ClassDef) and value.is_instance:
            for called in self._names.attribute(value, "__call__"):
                yield from ((receiver, "object") for receiver, _ in self._functions(called))
        elif isinstance(node, ast.Call):
            yield from self._made(module, node)

    def _made(self, module: Module, call: ast.Call) -> Iterator[tuple[Receiver, str]]:
        """
        Return the function that a call is given, or that it returns.
        """
        callees = self._names.values(Place(module, call.func))
        is_partial = any(callee.of in _PARTIALS for callee in callees)
        given = [
            receiver
            for argument in call.args[:1]
            for value in self._names.values(Place(module, argument))
            for receiver, _ in self._functions(value)
        ]
        for receiver in given:
            yield receiver, "partial(function)" if is_partial else "decorate(function)"
        for callee in () if given else callees:
            if isinstance(callee.of, Place) and isinstance(callee.of.node, DEFS):
                for node in ast.walk(callee.of.node):
                    if isinstance(node, ast.Return) and node.value is not None:
                        for value in self._names.values(Place(callee.of.module, node.value)):
                            is_inner = isinstance(value.of, Place) and isinstance(
                                value.of.node, (*DEFS, ast.Lambda)
                            )
                            if is_inner:
                                yield from ((r, "factory()") for r, _ in self._functions(value))


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _is_own(callees: Iterable[Value]) -> bool:
    """
    Return whether one of them is defined by the project.
    """
    return any(
        isinstance(callee.of, Place) and isinstance(callee.of.node, (*DEFS, ast.ClassDef))
        for callee in callees
    )
