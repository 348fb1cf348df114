"""
What takes long to make, and all processes of a test run share.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable

# The environment variable with the folder that contains the others.
SHARED: Final = "TYPED_SIGNALS_TESTS"


def shared_folder(name: str, fill: Callable[[Path], object]) -> Path:
    """
    Return the folder with this *name*, which all processes of this test run share.

    The first one that needs it calls *fill* with it.
    """
    folder = Path(os.environ[SHARED], hashlib.sha256(name.encode()).hexdigest()[:16])
    with folder.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        _wait_for(lock)
        if not folder.exists():
            filled = folder.with_suffix(".new")
            filled.mkdir(exist_ok=True)
            fill(filled)
            filled.rename(folder)
    return folder


def _wait_for(lock: IO[str]) -> None:
    """
    Lock this file until it is closed, when no other process has locked it.
    """
    if sys.platform == "win32":
        while True:
            with suppress(OSError):  # after ten seconds
                msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
                return
    else:
        fcntl.flock(lock, fcntl.LOCK_EX)
