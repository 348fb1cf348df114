"""
The mypy plugin: checks sends, receivers and declarations before anything runs.

Turn it on in the mypy configuration::

    [mypy]
    plugins = typed_signals.mypy
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import mypy.types  # noqa: F401 - before mypy.maptype and others, which import it in a circle

from ._plugin import SignalPlugin

if TYPE_CHECKING:
    from mypy.plugin import Plugin


def _fingerprint() -> str:
    """
    Return a checksum of all our modules.

    mypy looks at the plugin's entry module and its ``__version__`` only: without this, a warm
    cache would keep the verdicts of an older handler.
    """
    folder = Path(__file__).parent
    checksum = 0
    for path in sorted([*folder.parent.glob("*.py"), *folder.glob("*.py")]):
        checksum = crc32(path.read_bytes(), checksum)
    return f"{checksum:08x}"


__version__ = _fingerprint()


def plugin(version: str) -> type[Plugin]:  # noqa: ARG001 - the name and form mypy calls
    """
    Return the plugin class; mypy's entry point.
    """
    return SignalPlugin
