"""
Find a signal by its name.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from typed_signals._base import BaseSignal
from typed_signals._declare.annotations import annotation_of, module_namespace
from typed_signals._declare.declaration import signal_type
from typed_signals._receiver import is_declared
from typed_signals._shared.messages import shown
from typed_signals._watch.kinds import kinds
from typed_signals.exceptions import DeclarationError

from ._stub_files import Stated, stated_in_stubs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class NotFoundError(Exception):
    """
    There is no signal with this name.
    """


class Found(NamedTuple):
    """
    A signal that was found.

    Attributes:
        module: the name of its module.
        path: its name in the module, like ``PizzaStore.pizza_done``.
        signal: the signal; None if there is only an annotation.
        annotation: the signal type in this annotation, and the namespace for strings in it.
        stated: its declaration in a stub file of ours, if it has none of its own.
    """

    module: str
    path: str
    signal: Any
    annotation: tuple[Any, Mapping[str, Any]] | None = None
    stated: Stated | None = None

    @property
    def name(self) -> str:
        """
        Its full name.
        """
        return f"{self.module}.{self.path}"


def find(names: Sequence[str]) -> Found:
    """
    Return the signal that has the first of these *names* that can be imported.

    Raises:
        NotFoundError: none can be, or it is not a signal.
    """
    problems = []
    for name in names:
        try:
            module, owner, path = _import_owner(name)
        except NotFoundError as error:
            problems.append(str(error))
            continue
        last = path.rpartition(".")[2]
        try:
            signal = getattr(owner, last)
        except Exception as error:  # noqa: BLE001 - raised by user code
            try:
                annotation = _annotated(owner, last)
            except DeclarationError as raised:
                raise NotFoundError(f"cannot import {name}: {raised}") from raised
            if annotation is not None:
                return Found(module, path, None, annotation)
            problems.append(f"cannot import {name}: {error}")
            continue
        if is_declared(signal):
            return Found(module, path, signal)
        try:
            stated = stated_in_stubs(module, path)
        except SyntaxError as error:
            raise NotFoundError(f"the declaration of {name} cannot be read: {error}") from error
        if stated is None and not any(kind.is_one(signal) for kind in kinds()):
            raise NotFoundError(f"{name} is not a signal, but {shown(signal)}")
        return Found(module, path, signal, None, stated)
    raise NotFoundError(problems[-1])


def is_djangos(signal: object) -> bool:
    """
    Return whether *signal* is one of Django's dispatcher, of ours or not.
    """
    dispatch = sys.modules.get("django.dispatch")
    return dispatch is not None and issubclass(type(signal), dispatch.Signal)


def _import_owner(name: str) -> tuple[str, Any, str]:
    """
    Return the module in which *name* is, the module or class of which it is an attribute, and its
    name in the module.
    """
    parts = name.split(".")
    if len(parts) < 2 or not all(part.isidentifier() for part in parts):
        raise NotFoundError(f"{name!r} is not the full name of a signal, like shop.pizza_done")
    module, owner, path = _import_module(name, parts)
    for part in path[:-1]:
        try:
            owner = getattr(owner, part)
        except Exception as error:
            raise NotFoundError(f"cannot import {name}: {error}") from error
    return module, owner, ".".join(path)


def _import_module(name: str, parts: list[str]) -> tuple[str, Any, list[str]]:
    """
    Return the name of the module in which *name* is, the module, and the other *parts*.
    """
    count = len(parts) - 1
    while True:
        module = ".".join(parts[:count])
        try:
            return module, import_module(module), parts[count:]
        except ModuleNotFoundError as error:
            is_missing = error.name is not None and f"{module}.".startswith(f"{error.name}.")
            if not is_missing or count == 1:
                raise NotFoundError(f"cannot import {name}: {error}") from error
            count -= 1
        except (Exception, SystemExit) as error:
            raise NotFoundError(f"cannot import {name}: {module} raised {shown(error)}") from error


def _annotated(owner: Any, name: str) -> tuple[Any, Mapping[str, Any]] | None:
    """
    Return the signal type in the annotation of *name* in a module or class; None without one.
    """
    namespace = getattr(owner, "__dict__", {})
    module = module_namespace(sys.modules.get(getattr(owner, "__module__", ""), owner))
    annotation = annotation_of(name, namespace, owner)
    stated, scope = signal_type(annotation, {**module, **namespace}, BaseSignal)
    cls = getattr(stated, "__origin__", stated)
    return (stated, scope) if isinstance(cls, type) and issubclass(cls, BaseSignal) else None
