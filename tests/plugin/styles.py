"""
Styles of connecting receivers: small programs with one mistake each.

Each section of the pages in ``style_pages`` is one style. Its first block has the mistake: the
parameter or key ``never``, which is never sent, or what a second block does right. Without a second
block, the right program is the same one without ``never``. A line ``Missed: reason`` states that
mypy does not find the mistake. The first block of a page comes before each program.

Run ``python -m tests.plugin.styles`` to update the table in ``docs/reference/styles.md``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

PAGES: Final = Path(__file__).parent / "style_pages"
TABLE: Final = Path(__file__).parents[2] / "docs" / "reference" / "styles.md"

_PARTS = re.compile(
    r"^# (?P<title>.+)$|^## (?P<style>.+)$|^Missed: (?P<reason>.+)$"
    r"|^```python\n(?P<block>(?:.*\n)*?)```",
    re.MULTILINE,
)
_INTRODUCTION: Final = """\
# What is found, by style

A mistake is found only if the plugin knows what a receiver is connected to. This page lists styles
of connecting. Each was tested with a receiver that requires a key that is never sent, or with a
wrong sender or send, and with the same program without the mistake, where nothing may be reported.
"""


class Style(NamedTuple):
    """
    A style of connecting.
    """

    page: str
    name: str
    wrong: str
    right: str
    missed: str
    """Why the mistake is not found; empty if it is."""


def read_styles() -> list[Style]:
    """
    Return the styles of all pages.
    """
    return [style for path in sorted(PAGES.glob("*.md")) for style in _read_page(path)]


def _read_page(path: Path) -> list[Style]:
    title = name = reason = start = ""
    blocks: list[str] = []
    styles: list[Style] = []
    # The match at the end completes the last style.
    for part in [*_PARTS.finditer(path.read_text("utf-8")), None]:
        if (part is None or part["style"]) and name:
            wrong, right = [*blocks, _without_mistake(blocks[0])][:2]
            styles.append(Style(title, name, start + wrong, start + right, reason))
        if part is None:
            break
        if part["title"]:
            title = part["title"]
        elif part["style"]:
            name, reason, blocks = part["style"], "", []
        elif part["reason"]:
            reason = part["reason"]
        elif name:
            blocks.append(part["block"])
        else:
            start = f"{part['block']}\n\n"
    return styles


def _without_mistake(program: str) -> str:
    return program.replace("never, ", "").replace('"never"', '"signal"')


def table() -> str:
    """
    Return the page of the documentation.
    """
    styles = read_styles()
    lines = [_INTRODUCTION]
    for page in dict.fromkeys(style.page for style in styles):
        of_page = [style for style in styles if style.page == page]
        found = [style for style in of_page if not style.missed]
        lines.append(f"## {page}: {len(found)} of {len(of_page)}\n")
        lines += ["| style | found |", "|---|---|"]
        lines += [f"| {_cell(style.name)} | {style.missed or 'yes'} |" for style in of_page]
        lines.append("")
    return "\n".join(lines)


def _cell(name: str) -> str:
    return name.replace("|", r"\|")


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
