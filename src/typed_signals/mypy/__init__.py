"""
The mypy plugin: checks sends, receivers and declarations before anything runs.

Turn it on in the mypy configuration::

    [mypy]
    plugins = typed_signals.mypy
"""

from __future__ import annotations

import re
from os import scandir
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

import mypy.types  # noqa: F401 - before mypy.maptype and others, which import it in a circle

# Nothing else of ours, as an old mypy may lack what that needs; it is to be told that it is old.

if TYPE_CHECKING:
    from mypy.plugin import Plugin

_OLDEST_MYPY: Final = (1, 19)


def _fingerprint() -> str:
    """
    Return a checksum of all our modules.

    mypy looks at the plugin's entry module and its ``__version__`` only: without this, a warm
    cache would keep the verdicts of an older handler.
    """
    folder = Path(__file__).parent
    files = [file for place in (folder.parent, folder) for file in scandir(place)]
    checksum = 0
    for path in sorted(file.path for file in files if file.name.endswith(".py")):
        with open(path, "rb") as file:  # noqa: PTH123 - every run waits for this
            checksum = crc32(file.read(), checksum)
    return f"{checksum:08x}"


__version__ = _fingerprint()


def plugin(version: str) -> type[Plugin]:
    """
    Return the plugin class; mypy's entry point.

    Args:
        version: mypy's.
    """
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if number < _OLDEST_MYPY:
        from ._too_old import refusing

        oldest = ".".join(map(str, _OLDEST_MYPY))
        return refusing(
            f"typed_signals.mypy needs mypy {oldest} or newer, and this is {version}: upgrade mypy"
        )
    from ._plugin import SignalPlugin

    return SignalPlugin
