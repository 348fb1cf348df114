"""
The mypy plugin: checks sends, receivers and declarations before the code runs.

Enable it in the mypy configuration::

    [mypy]
    plugins = typed_signals.mypy
"""

from __future__ import annotations

import re
from os import scandir
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

import mypy.types  # noqa: F401 - before mypy.maptype and others, because of circular imports

# No other imports of ours: they may fail with an old mypy, which must get a message instead.

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.plugin import Plugin

_OLDEST_MYPY: Final = (1, 19)


def _fingerprint() -> str:
    """
    Return a checksum of all our modules.

    mypy only checks the plugin's entry module and its ``__version__``: without this, a warm cache
    would keep the errors of an older version.
    """
    checksum = 0
    for path in sorted(_modules_in(str(Path(__file__).parent.parent))):
        with open(path, "rb") as file:  # noqa: PTH123 - faster, because this is in every run
            checksum = crc32(file.read(), checksum)
    return f"{checksum:08x}"


def _modules_in(folder: str) -> Iterator[str]:
    """
    Yield the path of each module in *folder* and its subfolders, except for ``django``.
    """
    for entry in scandir(folder):
        if entry.name.endswith(".py"):
            yield entry.path
        elif entry.name not in {"__pycache__", "django"} and entry.is_dir():
            yield from _modules_in(entry.path)


__version__ = _fingerprint()


def plugin(version: str) -> type[Plugin]:
    """
    Return the plugin class; mypy's entry point.

    Args:
        version: the version of mypy.
    """
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if number < _OLDEST_MYPY:
        from .lib.old_mypy import refusing

        oldest = ".".join(map(str, _OLDEST_MYPY))
        return refusing(
            f"typed_signals.mypy needs mypy {oldest} or newer, but this is {version}: upgrade mypy"
        )
    from .hook_lookup import SignalPlugin

    SignalPlugin.version = __version__
    return SignalPlugin
