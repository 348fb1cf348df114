"""
How the command ends.
"""

from typing import Final

CLEAN: Final = 0
FOUND: Final = 1
"""There is something to fix."""

FAILED: Final = 2
"""It could not run."""


class CommandError(Exception):
    """
    The command cannot run; its message says why, and what to do.
    """
