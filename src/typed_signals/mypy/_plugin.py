"""
Which handler is responsible for which call.

mypy asks at every call in a program, so most questions are answered by the name's end alone. The
handlers are imported when the first is needed: a warm run that has nothing to check needs none.
"""

from __future__ import annotations

from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import mypy
from mypy.plugin import (
    ClassDefContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
)

from . import _codes  # noqa: F401 - the codes must exist when mypy reads its options
from ._config import declaration_packages
from ._names import (
    DJANGO_RECEIVER,
    RECEIVER,
    RECEIVER_DECORATOR,
    RECEIVER_ON_DJANGO,
    SIGNALS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy.nodes import MypyFile
    from mypy.plugin import ReportConfigContext
    from mypy.types import FunctionLike, Type

    from ._foreign import ForeignSignals

# A subclass of Signal is called by its own name, so these go by the method's name alone; each
# handler leaves the method of any other class as it is.
_SIGNATURES_END = ("send", "send_robust", "send_async", "connect")
_DECORATE = f"{RECEIVER_DECORATOR}.__call__"
_METHODS_END = ("connect", "connect_via", "connected_to", "declare", _DECORATE)
_MYPYS_OWN = str(Path(mypy.__file__).parent)
_RECEIVERS = (RECEIVER, RECEIVER_ON_DJANGO)
_FUNCTIONS = (*_RECEIVERS, DJANGO_RECEIVER, *SIGNALS)


class SignalPlugin(Plugin):
    """
    The plugin as mypy drives it.
    """

    @cached_property
    def _packages(self) -> list[str]:
        return declaration_packages(self.options)

    @cached_property
    def _foreign(self) -> ForeignSignals:
        from ._foreign import ForeignSignals

        return ForeignSignals(self.options, self._packages)

    def report_config_data(self, ctx: ReportConfigContext) -> list[str] | None:
        # Our own declarations change with the plugin only, which mypy looks at by itself. And
        # whatever is declared, in mypy's own stubs there is nothing to check.
        if not self._packages or ctx.path.startswith(_MYPYS_OWN):
            return None
        return sorted(name for names in self._foreign.modules.values() for name in names)

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        return self._foreign.dependencies(file)

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        if not fullname.endswith(_SIGNATURES_END):
            return None
        return _signature_handler(fullname, self._foreign)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return _method_handler(fullname, self._foreign) if fullname.endswith(_METHODS_END) else None

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        if fullname not in SIGNALS:
            return None
        from ._declarations import subclass

        return subclass

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        if fullname not in _RECEIVERS:
            return None
        from ._connecting import receiver_signature

        return receiver_signature

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return _function_handler(fullname, self._foreign) if fullname in _FUNCTIONS else None


# What follows is remembered, as importing costs a little even when there is nothing to import.


@lru_cache(maxsize=256)
def _signature_handler(
    fullname: str, foreign: ForeignSignals
) -> Callable[[MethodSigContext], FunctionLike] | None:
    from ._declarations import called_on_signal

    method = fullname.rpartition(".")[2]
    if method == "connect":
        from ._connecting import connect_signature

        return partial(called_on_signal, connect_signature)
    from ._sends import SENDS, signature

    if method not in SENDS:
        return None
    return partial(called_on_signal, partial(signature, foreign, method))


@lru_cache(maxsize=256)
def _method_handler(
    fullname: str, foreign: ForeignSignals
) -> Callable[[MethodContext], Type] | None:
    from . import _connecting, _declarations

    if fullname == _DECORATE:
        return _connecting.decorate
    methods: dict[str, Callable[[MethodContext], Type]] = {
        "connect": partial(_connecting.connect, foreign),
        "connect_via": partial(_connecting.connect_via, foreign),
        "connected_to": partial(_connecting.connect, foreign),
        "declare": _declarations.declare,
    }
    return methods.get(fullname.rpartition(".")[2])


@lru_cache(maxsize=len(_FUNCTIONS))
def _function_handler(fullname: str, foreign: ForeignSignals) -> Callable[[FunctionContext], Type]:
    from . import _connecting, _declarations

    if fullname in SIGNALS:
        return _declarations.construct
    is_djangos = fullname == DJANGO_RECEIVER
    handler = _connecting.receiver_of_django if is_djangos else _connecting.receiver
    return partial(handler, foreign)
