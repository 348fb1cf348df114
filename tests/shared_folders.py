"""
What takes long to make, and all processes of a test run share.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

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
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            filled = folder.with_suffix(".new")
            filled.mkdir(exist_ok=True)
            fill(filled)
            filled.rename(folder)
    return folder
