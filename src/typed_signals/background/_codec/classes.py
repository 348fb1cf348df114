"""
Classes as values, which travel by name.
"""

from __future__ import annotations

import sys
from typing import Any, final

from typed_signals._shared.messages import shortened, shown
from typed_signals.exceptions import UnknownNameError

from .kind import Kind
from .problems import CannotTravel


def name_of_class(cls: type) -> str:
    """
    Return the name by which *cls* travels: ``module.qualname``.

    Raises:
        CannotTravel: the name does not lead to the class, like that of a local class.
    """
    name = f"{cls.__module__}.{cls.__qualname__}"
    try:
        is_found = class_named(name) is cls
    except UnknownNameError:
        is_found = False
    if not is_found:
        raise CannotTravel(
            f"is {shortened(name)}, which is not a name in its module",
            "define the class at module level",
        )
    return name


def class_named(name: str) -> type:
    """
    Return the class with this *name*, if this process has imported it.

    Nothing is imported, and no code of modules or classes runs.

    Raises:
        UnknownNameError: there is none.
    """
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        found: Any = sys.modules.get(".".join(parts[:end]))
        if found is not None:
            for part in parts[end:]:
                found = _attribute(found, part)
            if issubclass(type(found), type):
                cls: type = found
                return cls
    raise UnknownNameError(
        f"the class {shown(name)} is not known in this process: import its module in the worker"
    )


def _attribute(owner: object, name: str) -> object:
    try:
        return object.__getattribute__(owner, "__dict__").get(name)
    except AttributeError:
        return None


@final
class Class(Kind):
    """
    ``type`` and ``type[X]``.
    """

    wires = (str,)
    classes = ()

    def __init__(self, bound: type) -> None:
        """
        Args:
            bound: the class of which the values are subclasses.
        """
        self.name = "type" if bound is object else f"type[{bound.__name__}]"
        self.own_schema = {"type": "string", "format": "class"}
        if bound is not object:
            self.own_schema["x-subclass-of"] = bound.__name__
        self._bound = bound

    def dump(self, value: Any) -> Any:
        if not issubclass(type(value), type) or not issubclass(value, self._bound):
            raise self.wrong_type(value)
        return name_of_class(value)

    def load(self, wire: Any) -> Any:
        if type(wire) is not str:
            raise self.unreadable(wire)
        cls = class_named(wire)
        if not issubclass(cls, self._bound):
            raise self.unreadable(wire)
        return cls
