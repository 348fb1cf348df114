"""
The look-up tables: which handler is responsible for which call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.plugin import ClassDefContext, FunctionContext, MethodContext, MethodSigContext, Plugin

from . import _connecting, _declarations, _sends
from ._names import RECEIVER, RECEIVER_DECORATOR, SIGNAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy.types import FunctionLike, Type

# A subclass of Signal is called by its own name, so these go by the method's name alone; each
# handler leaves the method of any other class as it is.
_METHODS = {"connect": _connecting.connect, "declare": _declarations.declare}

_METHODS_BY_FULLNAME = {f"{RECEIVER_DECORATOR}.__call__": _connecting.decorate}

# mypy asks at every call in a program, so what most of them end with is looked at first.
_SENDS_END = tuple(_sends.SENDS)
_METHODS_END = (*_METHODS, *_METHODS_BY_FULLNAME)

_FUNCTIONS = {RECEIVER: _connecting.receiver, SIGNAL: _declarations.construct}


class SignalPlugin(Plugin):
    """
    The plugin as mypy drives it.
    """

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        if not fullname.endswith(_SENDS_END):
            return None
        return _sends.SENDS.get(fullname.rpartition(".")[2])

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        if not fullname.endswith(_METHODS_END):
            return None
        return _METHODS_BY_FULLNAME.get(fullname) or _METHODS.get(fullname.rpartition(".")[2])

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _declarations.subclass if fullname == SIGNAL else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return _FUNCTIONS.get(fullname)
