"""
Comments of a project do not hide the errors of the plugin, unless they name a code of it.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OURS: Final = "signal"
# These change what mypy reads, so it must read another text.
_FOR_FILE: Final = re.compile(
    rb"(?m)^[ \t]*#[ ]mypy:(?=.*\b(ignore|check|follow)[-_](errors|untyped|imports))"
)
_FIRST: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:#.*)?\r?\n)*?[ \t]*#[ \t]*type:[ \t]*ignore"
)


@contextmanager
def unhidden(errors: Any) -> Iterator[None]:
    """
    Let errors through in lines with a ``# type: ignore`` that names no code of ours.

    Args:
        errors: mypy's errors of the file that it checks.
    """
    file = errors.file
    comments = errors.ignored_lines.get(file)
    if not comments:
        yield
        return
    errors.ignored_lines[file] = {
        line: kept
        for line, codes in comments.items()
        if (kept := [code for code in codes if code.partition("-")[0] == _OURS])
    }
    try:
        yield
    finally:
        errors.ignored_lines[file] = comments


def shadows(files: Iterable[str], cache: Path) -> list[list[str]]:
    """
    Return for mypy which files to read instead of others: those with a comment for the whole file.

    Args:
        files: the files that are checked.
        cache: where to write the others.
    """
    folder = cache / "shadows"
    found: list[list[str]] = []
    for file in files:
        text = Path(file).read_bytes()
        without = _without_comments(text)
        if without != text:
            shadow = folder / f"{hashlib.sha256(without).hexdigest()[:24]}.py"
            if not shadow.exists():
                folder.mkdir(exist_ok=True)
                # Another process may read it, as soon as it is there.
                new = shadow.with_suffix(f".{os.getpid()}")
                new.write_bytes(without)
                new.replace(shadow)
            found.append([file, str(shadow)])
    return found


def _without_comments(text: bytes) -> bytes:
    """
    Return *text* with the same length, in which these comments mean nothing.
    """
    if b"mypy:" in text:
        text = _FOR_FILE.sub(lambda found: found[0][:-1] + b";", text)
    if b"ignore" in text and (first := _FIRST.match(text)) is not None:
        text = first[0].replace(b"type:", b"type;") + text[first.end() :]
    return text
