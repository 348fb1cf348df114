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
    from collections.abc import Iterator

    from mypy.plugin import Plugin

_OLDEST_MYPY: Final = (1, 19)


def _fingerprint() -> str:
    """
    Return a checksum of all our modules.

    mypy looks at the plugin's entry module and its ``__version__`` only: without this, a warm
    cache would keep the verdicts of an older handler.
    """
    checksum = 0
    for path in sorted(_modules_in(str(Path(__file__).parent.parent))):
        with open(path, "rb") as file:  # noqa: PTH123 - every run waits for this
            checksum = crc32(file.read(), checksum)
    return f"{checksum:08x}"


def _modules_in(folder: str) -> Iterator[str]:
    """
    Yield the path of each module in *folder* and below, except for those that are for Django.
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
        version: mypy's.
    """
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if number < _OLDEST_MYPY:
        from .lib.old_mypy import refusing

        oldest = ".".join(map(str, _OLDEST_MYPY))
        return refusing(
            f"typed_signals.mypy needs mypy {oldest} or newer, and this is {version}: upgrade mypy"
        )
    from .hook_lookup import SignalPlugin

    return SignalPlugin
