"""
Projects of several files, whose programs are run as in processes of their own.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import runpy
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pytest

from typed_signals.background import _registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILE: Final = re.compile(r"^# (\S+\.\w+)\n", re.MULTILINE)


@contextlib.contextmanager
def folder_with(shop: str) -> Iterator[Path]:
    """
    Return a folder with this *shop.py*, which is the current one.
    """
    with (
        TemporaryDirectory() as name,
        contextlib.chdir(name),
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(name).resolve()
        patch.syspath_prepend(folder)
        patch.setattr(sys, "dont_write_bytecode", True)
        Path("shop.py").write_text(shop, "utf-8")
        yield folder


def write_and_run(text: str, programs: Sequence[str]) -> list[str]:
    """
    Write the files in *text* one after the other, and return what the *programs* among them show.
    """
    found: list[str] = []
    parts = _FILE.split(text)[1:]
    for name, content in zip(parts[::2], parts[1::2], strict=True):
        Path(name).write_text(content, "utf-8")
        if name in programs:
            found += run(name)
    return found


def run(program: str) -> list[str]:
    """
    Return what *program* shows, which is run as in a new process.
    """
    known = {**sys.modules}
    output = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_registry, "_registered", {})
        importlib.invalidate_caches()
        try:
            with contextlib.redirect_stdout(output):
                runpy.run_path(program, run_name="__main__")
        except Exception as error:  # noqa: BLE001 - these are shown
            output.write("".join(traceback.format_exception_only(error)))
        finally:
            for name in sys.modules.keys() - known.keys():
                if getattr(sys.modules[name], "__file__", "").startswith(str(Path.cwd())):
                    del sys.modules[name]
    return output.getvalue().splitlines()
