"""
Who watches which signal, in which scope, and the sends of a watched signal.

A signal that is not watched does not use anything here.
"""

from .scopes import Handle, watch
from .watcher import Call, Sent, Watcher

__all__ = ["Call", "Handle", "Sent", "Watcher", "watch"]
