"""
The plugin as the command uses it: the project cannot hide its errors, and it notes what it reads.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from mypy.nodes import TypeInfo
from typing_extensions import override

from typed_signals import mypy as entry
from typed_signals.mypy.hook_lookup import SignalPlugin
from typed_signals.mypy.lib.crashes import RAISE
from typed_signals.mypy.lib.fullnames import (
    DJANGO_RECEIVER,
    RECEIVER,
    RECEIVER_DECORATOR,
    RECEIVER_ON_DJANGO,
    SEND_METHODS,
)

from . import calls
from .unhidden import unhidden

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy.plugin import Plugin

    Hook = Callable[[Any], Any]

__version__ = entry.__version__

PATH = "TYPED_SIGNALS_CHECK_PATH"
"""The environment variable with more folders to import plugins from."""

# A worker of mypy imports this module first, and then the plugins of the project.
sys.path += [
    folder
    for folder in os.environ.get(PATH, "").split(os.pathsep)
    if folder and folder not in sys.path
]

_RECEIVERS = (RECEIVER, RECEIVER_ON_DJANGO, DJANGO_RECEIVER)
_SENDS = tuple(f".{method}" for method in SEND_METHODS)
_BLINKERS = "blinker.base.Namespace.signal"
_DECORATION = f"{RECEIVER_DECORATOR}.__call__"


def plugin(version: str) -> type[Plugin]:
    """
    Return the plugin class; mypy's entry point.

    Args:
        version: the version of mypy.
    """
    base = entry.plugin(version)
    return CheckPlugin if base is SignalPlugin else base


class CheckPlugin(SignalPlugin):
    """
    The plugin class.
    """

    version = __version__

    @override
    def get_method_signature_hook(self, fullname: str) -> Hook | None:
        hook = super().get_method_signature_hook(fullname)
        if hook is None or not fullname.endswith(_SENDS):
            return hook and _unhiding(hook)
        return _unhiding(hook, lambda ctx, _: calls.note_send(self, ctx))

    @override
    def get_method_hook(self, fullname: str) -> Hook | None:
        hook = super().get_method_hook(fullname)
        if fullname == _BLINKERS:
            return _unhiding(_default, lambda ctx, _: calls.note_signal(self, ctx))
        if hook is None:
            return None
        if fullname == _DECORATION:
            return _unhiding(hook, lambda ctx, _: calls.note_decorated(self, ctx))
        if fullname.endswith(".connect"):
            return _unhiding(hook, lambda ctx, _: calls.note_connect(self, ctx))
        if fullname.endswith(".declare"):
            return _unhiding(hook, lambda ctx, _: calls.note_function(ctx))
        return _unhiding(hook)

    @override
    def get_function_hook(self, fullname: str) -> Hook | None:
        hook = super().get_function_hook(fullname)
        if fullname in _RECEIVERS and hook is not None:
            return _unhiding(hook, lambda ctx, typ: calls.note_receiver(self, ctx, typ))
        if self._is_signal_class(fullname):
            return _unhiding(hook or _default, lambda ctx, _: calls.note_signal(self, ctx))
        return hook and _unhiding(hook)

    @override
    def get_base_class_hook(self, fullname: str) -> Hook | None:
        hook = super().get_base_class_hook(fullname)
        return hook and _unhiding(hook)

    def _is_signal_class(self, fullname: str) -> bool:
        symbol = self.lookup_fully_qualified(fullname)
        node = symbol.node if symbol is not None else None
        return isinstance(node, TypeInfo) and any(
            base.fullname in calls.CLASSES for base in node.mro
        )


def _default(ctx: Any) -> Any:
    return ctx.default_return_type


def _unhiding(hook: Hook, note: Callable[[Any, Any], None] | None = None) -> Hook:
    """
    Return *hook*, whose errors are not hidden, followed by *note*.
    """

    def unhiding(ctx: Any) -> Any:
        with unhidden(ctx.api.errors):
            result = hook(ctx)
            if note is not None:
                try:
                    note(ctx, result)
                except Exception:
                    # A count that is wrong by one is better than a crash of mypy.
                    if os.environ.get(RAISE):
                        raise
            return result

    return unhiding
