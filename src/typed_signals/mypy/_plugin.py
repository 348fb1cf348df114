"""
Which handler is responsible for which call.

mypy asks at every call in a program, so most questions are answered by the name's end alone. The
handlers are imported when the first is needed: a warm run that has nothing to check needs none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mypy.plugin import ClassDefContext, FunctionContext, MethodContext, MethodSigContext, Plugin

from . import _codes  # noqa: F401 - the codes must exist when mypy reads its options
from ._names import (
    DJANGO_RECEIVER,
    DJANGO_SIGNAL,
    MODEL_SIGNAL,
    RECEIVER,
    RECEIVER_DECORATOR,
    RECEIVER_ON_DJANGO,
    SIGNAL,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy.nodes import MypyFile
    from mypy.types import FunctionLike, Type

# A subclass of Signal is called by its own name, so these go by the method's name alone; each
# handler leaves the method of any other class as it is.
_SENDS_END = ("send", "send_robust")
_DECORATE = f"{RECEIVER_DECORATOR}.__call__"
_METHODS_END = ("connect", "declare", _DECORATE)
_SIGNALS = (SIGNAL, DJANGO_SIGNAL, MODEL_SIGNAL)
_FUNCTIONS = (RECEIVER, RECEIVER_ON_DJANGO, DJANGO_RECEIVER, *_SIGNALS)


class SignalPlugin(Plugin):
    """
    The plugin as mypy drives it.
    """

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        from ._foreign import dependencies

        return dependencies(file, _modules_declared())

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        return _send_handler(fullname) if fullname.endswith(_SENDS_END) else None

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return _method_handler(fullname) if fullname.endswith(_METHODS_END) else None

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        if fullname not in _SIGNALS:
            return None
        from ._declarations import subclass

        return subclass

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return _function_handler(fullname) if fullname in _FUNCTIONS else None


# What follows is remembered, as importing costs a little even when there is nothing to import.


@lru_cache(maxsize=256)
def _send_handler(fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
    from ._sends import SENDS

    return SENDS.get(fullname.rpartition(".")[2])


@lru_cache(maxsize=256)
def _method_handler(fullname: str) -> Callable[[MethodContext], Type] | None:
    from . import _connecting, _declarations

    if fullname == _DECORATE:
        return _connecting.decorate
    methods = {"connect": _connecting.connect, "declare": _declarations.declare}
    return methods.get(fullname.rpartition(".")[2])


@lru_cache(maxsize=1)
def _modules_declared() -> dict[str, list[str]]:
    from ._foreign import modules_declared

    return modules_declared()


@lru_cache(maxsize=len(_FUNCTIONS))
def _function_handler(fullname: str) -> Callable[[FunctionContext], Type]:
    from . import _connecting, _declarations

    if fullname in _SIGNALS:
        return _declarations.construct
    is_djangos = fullname == DJANGO_RECEIVER
    return _connecting.receiver_of_django if is_djangos else _connecting.receiver
