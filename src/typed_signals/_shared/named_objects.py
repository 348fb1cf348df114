"""
All objects with a name in a module, or in a class of a module.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# Lazy objects, such as Django's, must not be inspected by ``__class__`` or ``__dict__``, because
# this loads them.
_namespace_of_module: Final[Any] = vars(ModuleType)["__dict__"].__get__
_namespace_of_class: Final[Any] = vars(type)["__dict__"].__get__


def named_objects(*kinds: type) -> Iterator[tuple[str, str, Any]]:
    """
    Yield the module, the name and the object for each name in a module or in a class of it.

    Args:
        kinds: the classes of which the objects are instances.
    """
    # Copied, because an import in another thread may add names at the same time.
    for module_name, module in list(sys.modules.items()):
        if not issubclass(type(module), ModuleType):
            continue
        for name, value in list(_namespace_of_module(module).items()):
            if issubclass(type(value), kinds):
                yield module_name, name, value
            if issubclass(type(value), type):
                namespace = _namespace_of_class(value)
                # Not if the class was only imported.
                if namespace.get("__module__") == module_name:
                    for attribute, member in list(namespace.items()):
                        if issubclass(type(member), kinds):
                            yield module_name, f"{name}.{attribute}", member
