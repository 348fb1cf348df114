"""
The plugin as the command uses it: the project cannot hide its errors, and it counts what it reads.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from typed_signals import mypy as entry
from typed_signals.mypy.hook_lookup import SignalPlugin

from .process import PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy.plugin import Plugin

__version__ = entry.__version__

# A worker of mypy imports this first, and then the plugins of the project.
sys.path += [
    folder
    for folder in os.environ.get(PATH, "").split(os.pathsep)
    if folder and folder not in sys.path
]


def plugin(version: str) -> type[Plugin]:
    """
    Return the plugin class; mypy's entry point.

    Args:
        version: the version of mypy.
    """
    base = entry.plugin(version)
    return CheckPlugin if base is SignalPlugin else base


class CheckPlugin(SignalPlugin):
    """
    The plugin class.
    """

    version = __version__

    def _hook(self, find: Callable[[str, SignalPlugin], Any], fullname: str) -> Any:
        hook = super()._hook(find, fullname)

        def unhidden(ctx: Any) -> Any:
            with _unhidden(ctx.api.errors):
                return hook(ctx)

        return unhidden


@contextmanager
def _unhidden(errors: Any) -> Iterator[None]:
    """
    Let errors of ours through that a comment of the project hides.

    Comments that name a code of ours still count.
    """
    file = errors.file
    comments, is_ignored = errors.ignored_lines.get(file), file in errors.ignored_files
    if comments:
        errors.ignored_lines[file] = {
            line: kept
            for line, codes in comments.items()
            if (kept := [code for code in codes if code.partition("-")[0] == "signal"])
        }
    errors.ignored_files.discard(file)
    try:
        yield
    finally:
        if comments:
            errors.ignored_lines[file] = comments
        if is_ignored:
            errors.ignored_files.add(file)
