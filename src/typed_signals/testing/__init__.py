"""
Helpers for tests of code with signals.
"""

from ._isolate import isolate

__all__ = ["isolate"]
