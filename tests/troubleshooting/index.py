"""
The index of the pages about troubleshooting, with all messages.

``python -m tests.troubleshooting.index`` writes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.markdown import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = ROOT / "docs" / "troubleshooting"
INDEX: Final = FOLDER.with_suffix(".md")

# In the order in which one meets them.
PAGES: Final = (
    "no-message",
    "declarations",
    "connect",
    "send",
    "mypy",
    "check",
    "tests",
    "background",
    "worker",
    "commands",
)

_START: Final = "<!-- messages -->\n"
_PART: Final = re.compile(r"^(#+) ([^\n]+)$|^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def with_messages(index: str) -> str:
    """
    Return the text of the *index* with the messages on all pages below its introduction.
    """
    start, marker, _ = index.partition(_START)
    return "\n".join([f"{start}{marker}", *_lines()])


def _lines() -> Iterator[str]:
    for page in PAGES:
        heading = ""
        for match in _PART.finditer((FOLDER / f"{page}.md").read_text("utf-8")):
            level, title, language, text = match.groups()
            if level == "#":
                yield f"\n## [{title}](troubleshooting/{page}.md)\n"
            elif title:
                heading = f"- [{title}](troubleshooting/{page}.md#{_anchor(title)})"
                if page == "no-message" and level == "##":
                    yield heading
                    heading = ""
            elif language == "text":
                if heading:
                    yield heading
                    heading = ""
                yield from (f"  - `{line}`" for line in _messages_in(text))


def _messages_in(text: str) -> Iterator[str]:
    """
    Yield the messages in a block, without the class and the place, which are different elsewhere.
    """
    for line in text.splitlines():
        if line.startswith((" ", "\t")):  # more about the message
            continue
        message = re.sub(r"^[\w./]+:(\d+:)? (error: )?", "", line)
        yield message.removeprefix("typed_signals.exceptions.")


def _anchor(title: str) -> str:
    """
    Return the anchor of a heading, as Sphinx and GitHub make it.
    """
    return re.sub(r"[^\w\- ]", "", title.strip().lower().replace(" ", "-"))


if __name__ == "__main__":
    INDEX.write_text(with_messages(INDEX.read_text("utf-8")), "utf-8")
