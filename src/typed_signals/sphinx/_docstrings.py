"""
The keys in a docstring.
"""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# A section in the style of Google, with an entry for each key.
_SECTION: Final = re.compile(r"(Args|Arguments|Attributes|Keys|Keyword Args|Parameters):\s*")
_SENDER: Final = re.compile(r":?[Ss]ender:\s*(.+)")
_ENTRY: Final = re.compile(r"\*{0,2}(\w+)\s*(?:\(.*?\))?:\s*(.*)")
# A field of reStructuredText; its type may be in it.
_FIELD: Final = re.compile(r":(?:arg|argument|key|keyword|param|parameter)\s(?:.*\s)?(\w+):\s*(.*)")


def without_keys(
    lines: Iterable[str], keys: Collection[str]
) -> tuple[list[str], dict[str, list[str]]]:
    """
    Return the *lines* of a docstring without what is about the *keys* and the sender, and the lines
    about each of them.
    """
    rest: list[str] = []
    found: dict[str, list[str]] = {}
    keys = {"sender", *keys}
    for block in _blocks(lines):
        if match := _SENDER.fullmatch(block[0]):
            _entries([[f"sender: {match[1]}", *block[1:]]], keys, found)
        elif match := _FIELD.fullmatch(block[0]):
            left = _entries([[f"{match[1]}: {match[2]}", *block[1:]]], keys, found)
            rest += block if left else []
        elif _SECTION.fullmatch(block[0]):
            inner = cleandoc("\n".join(["", *block[1:]])).splitlines()
            left = _entries(_blocks(inner), keys, found)
            if left:
                rest += [block[0], *(f"    {line}".rstrip() for line in left), ""]
        else:
            rest += block
    while rest and not rest[-1].strip():
        rest.pop()
    return rest, found


def _blocks(lines: Iterable[str]) -> list[list[str]]:
    """
    Return each line that is not indented, with the indented and empty ones after it.
    """
    blocks: list[list[str]] = []
    for line in lines:
        if blocks and (line[:1].isspace() or not line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _entries(
    blocks: list[list[str]], keys: Collection[str], found: dict[str, list[str]]
) -> list[str]:
    """
    Add the entries about the *keys* to *found*, and return the other lines.
    """
    rest: list[str] = []
    for block in blocks:
        match = _ENTRY.fullmatch(block[0])
        if match and match[1] in keys:
            found[match[1]] = cleandoc("\n".join([match[2], *block[1:]])).splitlines()
        else:
            rest += block
    return rest if any(line.strip() for line in rest) else []
