"""
Which signals there are, and by which name each can be imported.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from django.dispatch import Signal as DjangoSignal

from typed_signals._base import BaseSignal

from ._builtin import builtin_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

# Objects that load something when they are looked at, as Django's lazy ones do, are not to be
# asked for their ``__class__`` or ``__dict__``.
_namespace_of_module: Final[Any] = vars(ModuleType)["__dict__"].__get__
_namespace_of_class: Final[Any] = vars(type)["__dict__"].__get__


def find_signals() -> list[tuple[str, Any]]:
    """
    Return the signals that have a name in a module, or in a class of a module, after that name.

    These are Django's, those of other packages, and ours on Django's dispatcher or on our own.
    """
    names: dict[int, tuple[Any, str, Any]] = {}
    for module, path, value in named_objects():
        if issubclass(type(value), (DjangoSignal, BaseSignal)):
            candidate = (_rank(module), f"{module}.{path}", value)
            known = names.setdefault(id(value), candidate)
            if candidate[0] < known[0]:
                names[id(value)] = candidate
    for name, signal in builtin_signals():
        names[id(signal)] = ((), name, signal)
    found = [(_declared_name(signal) or name, signal) for _, name, signal in names.values()]
    return sorted(found, key=lambda pair: pair[0])


def named_objects() -> Iterator[tuple[str, str, Any]]:
    """
    Yield all that has a name in a module or in a class of it: the module, the name, the object.
    """
    # Copied, because another thread's import may add names meanwhile.
    for module_name, module in list(sys.modules.items()):
        if not issubclass(type(module), ModuleType):
            continue
        for name, value in list(_namespace_of_module(module).items()):
            yield module_name, name, value
            if issubclass(type(value), type):
                namespace = dict(_namespace_of_class(value))
                # Not where the class was only imported.
                if namespace.get("__module__") == module_name:
                    for attribute, held in namespace.items():
                        yield module_name, f"{name}.{attribute}", held


def _rank(module: str) -> tuple[bool, bool, int, str]:
    """
    Return the less, the more likely it is *module* that made what other modules import.
    """
    parts = module.split(".")
    return "__main__" in parts, "signals" not in parts, len(parts), module


def _declared_name(signal: Any) -> str | None:
    """
    Return the name that the declaration of *signal* knows, if it has one.
    """
    if (declaration := getattr(signal, "_declaration", None)) is None:
        return None
    name: str = declaration.name_of(signal)
    return None if name.startswith("<") else name
