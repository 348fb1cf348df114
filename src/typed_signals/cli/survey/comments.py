"""
What comments say about signals.
"""

from __future__ import annotations

import re
import tokenize
from pathlib import Path
from typing import Final, NamedTuple

# As Django had it until 4.0, and as many still write it.
_PROVIDING_ARGS: Final = re.compile(r"providing_args\s*=?\s*[\[({]([^\])}]*)", re.DOTALL)
_ARGUMENTS: Final = re.compile(
    r"(?:provides|provided|sends|with)?\s*(?:the )?(?:following )?"
    r"(?:arguments|args|kwargs|keyword arguments|parameters|keywords|payload)\s*:(.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED: Final = re.compile(r"""(?P<quote>``|["'`])([A-Za-z_]\w*)(?P=quote)""")
_LISTED: Final = re.compile(r"^\s*[-*:]?\s*(?:param )?(\w+)\s*(?:[:,]|\s-|$)", re.MULTILINE)
_NEVER: Final = frozenset({"sender", "signal", "self"})


class Comment(NamedTuple):
    """
    The comment of a signal.
    """

    text: str = ""
    names: tuple[str, ...] = ()
    """The keys that it names."""


class Comments:
    """
    Reads the comments of files.
    """

    def __init__(self) -> None:
        self._of: dict[str, tuple[list[str], dict[int, str], dict[int, tuple[int, str]]]] = {}

    def around(self, path: str, first: int, last: int) -> Comment:
        """
        Return the comment above a definition, in its lines, or the string below it.
        """
        lines, comments, strings = self._read(path)
        found: list[str] = []
        above = first - 1
        while above in comments and lines[above - 1].lstrip().startswith("#"):
            found.insert(0, comments[above])
            above -= 1
        found += [comments[line] for line in range(first, last + 1) if line in comments]
        if last + 1 in strings:
            found.append(strings[last + 1][1])
        text = "\n".join(found).strip()
        return Comment(text, names_in(text))

    def _read(self, path: str) -> tuple[list[str], dict[int, str], dict[int, tuple[int, str]]]:
        if path not in self._of:
            lines: list[str] = []
            comments: dict[int, str] = {}
            strings: dict[int, tuple[int, str]] = {}
            try:
                with tokenize.open(path) as file:
                    lines = file.readlines()
                with Path(path).open("rb") as binary:
                    for token in tokenize.tokenize(binary.readline):
                        line, column = token.start
                        if token.type == tokenize.COMMENT:
                            comments[line] = token.string.lstrip("#: ").rstrip()
                        elif token.type == tokenize.STRING and not lines[line - 1][:column].strip():
                            inner = token.string.strip("rRbBuUfF").strip("\"'").strip()
                            strings[line] = (token.end[0], inner)
            except (OSError, SyntaxError, UnicodeError, tokenize.TokenError):
                pass
            self._of[path] = lines, comments, strings
        return self._of[path]


def names_in(text: str) -> tuple[str, ...]:
    """
    Return the keys that a comment names.
    """
    given = _PROVIDING_ARGS.search(text)
    names = _names(given[1]) if given else []
    if not names:
        listed = _ARGUMENTS.search(text)
        names = _names(listed[1]) if listed else []
    return tuple(name for name in dict.fromkeys(names) if name not in _NEVER)


def _names(text: str) -> list[str]:
    quoted = [match[2] for match in _QUOTED.finditer(text)]
    return quoted or [name for name in _LISTED.findall(text) if name.isidentifier()]
