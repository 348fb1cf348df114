"""
The table of handlers for calls.

mypy looks up every call in a program, so most lookups only use the end of the name. Handlers are
imported when the first one is needed: a warm run without anything to check does not import them.
"""

from __future__ import annotations

import os
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import mypy
from mypy.nodes import FuncDef
from mypy.plugin import (
    ClassDefContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
)
from typing_extensions import override

from . import codes  # noqa: F401 - the codes must exist when mypy reads its options
from .config import declaration_packages
from .lib.crashes import guarded, result_of
from .lib.fullnames import (
    DJANGO_RECEIVER,
    RECEIVER,
    RECEIVER_DECORATOR,
    RECEIVER_ON_DJANGO,
    SEND_METHODS,
    SIGNALS,
    SIGNATURE_DECORATOR,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mypy.nodes import MypyFile
    from mypy.plugin import ReportConfigContext
    from mypy.types import FunctionLike, Type

    from .lib.third_party import ThirdPartySignals
    from .proofs.proof import Proof
    from .proofs.stored import StoredProofs

    Handler = Callable[[Any], Any]

# A subclass of Signal has its own name, so these lookups only use the name of the method. The
# handlers ignore the methods of other classes.
_SIGNATURES_END = (
    *(f".{method}" for method in SEND_METHODS),
    ".connect",
    ".connected",
    ".receiver",
)
_METHODS_END = (
    *(".connect", ".connected", ".connect_via", ".connected_to", ".declare", ".receiver"),
    f"{RECEIVER_DECORATOR}.__call__",
    f"{SIGNATURE_DECORATOR}.__call__",
)
_MYPYS_OWN = f"{Path(mypy.__file__).parent}{os.sep}"
_RECEIVERS = (RECEIVER, RECEIVER_ON_DJANGO)
_GETATTR = "builtins.getattr"
_CALLED_FUNCTIONS = (*_RECEIVERS, DJANGO_RECEIVER, *SIGNALS, _GETATTR)


class SignalPlugin(Plugin):
    """
    The plugin class.
    """

    version = ""
    """A checksum of our modules."""

    @cached_property
    def _packages(self) -> list[str]:
        return declaration_packages(self.options)

    @cached_property
    def third_party(self) -> ThirdPartySignals:
        """
        The declarations of signals of other packages.
        """
        from .lib.third_party import ThirdPartySignals

        return ThirdPartySignals(self.options, self._packages)

    @cached_property
    def _stored_proofs(self) -> StoredProofs:
        from .proofs.stored import StoredProofs

        return StoredProofs(self.options, self.version)

    def proofs(self, module: str, path: str) -> dict[int, list[Proof]]:
        """
        Return what is proven of the decorators of a module, by the function's line.
        """
        from .proofs.candidates import may_decorate

        return self._stored_proofs.proofs_of(module, path) if may_decorate(path) else {}

    @override
    def report_config_data(self, ctx: ReportConfigContext) -> list[str] | None:
        return result_of(lambda: self._config_data(ctx), None)

    def _config_data(self, ctx: ReportConfigContext) -> list[str] | None:
        # Our own declarations only change with the plugin, which mypy checks itself.
        found = self.third_party.modules.values() if self._packages else ()
        # Whatever is declared, in mypy's own stubs there is nothing to check.
        if ctx.path.startswith(_MYPYS_OWN):
            return None
        data = sorted(name for names in found for name in names)
        data += [
            f"{line}: {[*map(tuple, proven)]}"
            for line, proven in self.proofs(ctx.id, ctx.path).items()
        ]
        return data or None

    @override
    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        return result_of(lambda: self.third_party.dependencies(file), [])

    @override
    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        if not fullname.endswith(_SIGNATURES_END) and not self._is_own_send(fullname):
            return None
        return self._hook(_find_method_signature, fullname)

    def _is_own_send(self, fullname: str) -> bool:
        """
        Return whether the project declares a method of this name that sends.
        """
        if not self._packages:
            return False
        names = result_of(lambda: self.third_party.send_methods, None)
        return names is not None and fullname.rpartition(".")[2] in names

    @override
    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return self._hook(_find_method, fullname) if fullname.endswith(_METHODS_END) else None

    @override
    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return self._hook(_find_base_class, fullname) if fullname in SIGNALS else None

    @override
    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        if fullname not in _RECEIVERS:
            return None
        return self._hook(_find_function_signature, fullname)

    @override
    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        if fullname in _CALLED_FUNCTIONS:
            return self._hook(_find_function, fullname)
        if self._takes_signal(fullname):
            return self._hook(_find_registering, fullname)
        return None

    def _takes_signal(self, fullname: str) -> bool:
        """
        Return whether a function seems to have a parameter for a signal, by its name.
        """
        symbol = self.lookup_fully_qualified(fullname)
        node = symbol.node if symbol is not None else None
        return isinstance(node, FuncDef) and any("sig" in (name or "") for name in node.arg_names)

    def _hook(self, find: Callable[[str, SignalPlugin], Handler], fullname: str) -> Handler:
        # Stored, because mypy looks up each call twice, and a guarded handler is found once.
        hook = self._hooks.get((find, fullname))
        if hook is None:
            hook = self._hooks[find, fullname] = guarded(partial(find, fullname, self))
        return hook

    @cached_property
    def _hooks(self) -> dict[tuple[object, str], Handler]:
        return {}


def _find_method_signature(fullname: str, plugin: SignalPlugin) -> Handler:
    from .hooks.definitions import called_on_signal

    method = fullname.rpartition(".")[2]
    if method in ("connect", "connected"):
        from .hooks.connect_calls import connect_signature

        return partial(called_on_signal, partial(connect_signature, method))
    if method == "receiver":
        from .hooks.decorators import background_signature

        return background_signature
    from .hooks.sends import send_signature

    return partial(called_on_signal, partial(send_signature, plugin.third_party, method))


def _find_method(fullname: str, plugin: SignalPlugin) -> Handler:
    from .hooks import connect_calls, decorators, definitions

    method = fullname.rpartition(".")[2]
    if fullname.startswith(SIGNATURE_DECORATOR):
        return decorators.state_signature
    if method == "__call__":
        return partial(decorators.decorate, plugin.proofs)
    if method == "declare":
        return definitions.declare
    if method == "receiver":
        return partial(decorators.read_background, plugin.third_party)
    if method == "connect_via":
        return partial(decorators.read_connect_via, plugin.third_party)
    return partial(connect_calls.connect, plugin.third_party, plugin.proofs)


def _find_base_class(fullname: str, plugin: SignalPlugin) -> Handler:  # noqa: ARG001
    from .hooks.definitions import inherit

    return inherit


def _find_function_signature(fullname: str, plugin: SignalPlugin) -> Handler:  # noqa: ARG001
    from .hooks.decorators import receiver_signature

    return receiver_signature


def _find_function(fullname: str, plugin: SignalPlugin) -> Handler:
    from .hooks import connect_calls, decorators, definitions

    if fullname in SIGNALS:
        return definitions.construct
    if fullname == _GETATTR:
        return partial(connect_calls.read_getattr, plugin.third_party)
    is_djangos = fullname == DJANGO_RECEIVER
    read = decorators.read_django_receiver if is_djangos else decorators.read_receiver
    return partial(read, plugin.third_party)


def _find_registering(fullname: str, plugin: SignalPlugin) -> Handler:  # noqa: ARG001
    from .hooks.registering import check_registering

    return partial(check_registering, plugin.third_party, plugin.proofs)
