"""
The functions of :mod:`gc` that mypy also calls: for mypy, they do nothing while the tests run.

Where it runs in the process of the tests, it would otherwise end a freeze of theirs.
"""

from __future__ import annotations

import gc

import pytest

freeze, unfreeze = gc.freeze, gc.unfreeze


def keep_from_others(config: pytest.Config) -> None:
    """
    Replace them in :mod:`gc` until the end of the tests.
    """
    patch = pytest.MonkeyPatch()
    for name in ("freeze", "unfreeze"):
        patch.setattr(gc, name, lambda: None)
    config.add_cleanup(patch.undo)
