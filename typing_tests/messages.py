"""
Check pyright's messages for wrong receivers in the docs; other tests check mypy's messages.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from .checkers import BIN

_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def problems(page: str) -> list[str]:
    """
    Return the messages of pyright on *page* that differ from its output.
    """
    blocks = _BLOCK.findall(page)
    declaring, connecting, *_ = (text for language, text in blocks if language == "python")
    shown = "".join(text for language, text in blocks if language == "text" and " - error" in text)
    with TemporaryDirectory() as folder:
        Path(folder, "shop.py").write_text(f"{declaring}\n\n{connecting}", "utf-8")
        said = subprocess.run(
            [str(BIN / "pyright"), "--pythonpath", sys.executable, "shop.py"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    lines = [line.removeprefix("  ") for line in said.splitlines()[1:]]
    said = "\n".join(lines).replace(f"{Path(folder).resolve()}/", "")
    if shown and said.replace("\N{NO-BREAK SPACE}", " ").startswith(shown):
        return []
    return [f"the docs show\n{shown}\nwhere pyright says\n{said}"]
