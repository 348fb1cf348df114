"""
Which decorators of a function are proven to pass everything on, for the module that is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mypy.typeops import function_type

from .parameters import has_no_names

if TYPE_CHECKING:
    from mypy.nodes import Decorator

    from .arguments import CheckedReceiver

Proofs = Callable[[str, str], dict[int, list[bool]]]
"""Returns the proofs by the function's line, for the name and the path of a module."""

# The last module.
_last_proofs: list[tuple[object, dict[int, list[bool]]]] = []


def proofs_for(proofs: Proofs, receiver: CheckedReceiver, decorated: Decorator) -> list[bool]:
    """
    Return for each decorator whether it is proven; nothing if the function is not of this module.
    """
    if not _last_proofs or _last_proofs[0][0] is not receiver.api:
        path = receiver.api.path
        _last_proofs[:] = [(receiver.api, proofs(receiver.module.fullname, path))]
    found = _last_proofs[0][1].get(decorated.func.line, [])
    return found if len(found) == len(decorated.original_decorators) else []


def without_decorators(receiver: CheckedReceiver, decorated: Decorator) -> CheckedReceiver | None:
    """
    Return the function itself as the receiver, if the type of the decorated one has no parameters.
    """
    if not has_no_names(receiver.type):
        return None
    function = receiver.api.named_generic_type("builtins.function", [])
    return receiver._replace(type=function_type(decorated.func, function))
