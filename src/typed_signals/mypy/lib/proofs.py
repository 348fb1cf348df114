"""
What is proven of the decorators of a function, for the module that is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from mypy.typeops import function_type

from .parameters import has_no_names

if TYPE_CHECKING:
    from mypy.nodes import Decorator

    from .arguments import CheckedReceiver


class Proof(NamedTuple):
    """
    What is proven of a decorator.
    """

    passes_on: bool
    """Whether what it returns passes everything on to the function."""

    signal: str
    """The parameter with the signal to which it connects what it returns; empty without one."""


Proofs = Callable[[str, str], dict[int, list[Proof]]]
"""Returns the proofs by the function's line, for the name and the path of a module."""

# The last module.
_last_proofs: list[tuple[object, dict[int, list[Proof]]]] = []


def proofs_for(proofs: Proofs, receiver: CheckedReceiver, decorated: Decorator) -> list[Proof]:
    """
    Return what is proven of each decorator; nothing if the function is not of this module.
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
    return bare_function(receiver, decorated) if has_no_names(receiver.type) else None


def bare_function(receiver: CheckedReceiver, decorated: Decorator) -> CheckedReceiver:
    """
    Return the function itself as the receiver.
    """
    function = receiver.api.named_generic_type("builtins.function", [])
    return receiver._replace(type=function_type(decorated.func, function), is_guarded=True)
