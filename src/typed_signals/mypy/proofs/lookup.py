"""
Look up what is proven of the decorators of a receiver, and get the function under them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy.typeops import function_type

from typed_signals.mypy.lib.last_module import OfLastModule
from typed_signals.mypy.lib.parameters import has_no_names

from .proof import Proof

if TYPE_CHECKING:
    from mypy.nodes import Decorator

    from typed_signals.mypy.lib.arguments import CheckedReceiver

    from .proof import Proofs

_PROOFS: Final = OfLastModule[dict[int, list[Proof]]]()


def proofs_for(proofs: Proofs, receiver: CheckedReceiver, decorated: Decorator) -> list[Proof]:
    """
    Return what is proven of each decorator; nothing if the function is not of this module.
    """
    by_line = _PROOFS.get(receiver.api, lambda: proofs(receiver.module.fullname, receiver.api.path))
    found = by_line.get(decorated.func.line, [])
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
