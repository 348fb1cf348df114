"""
HTML that escapes whatever is not HTML already.
"""

from __future__ import annotations

from html import escape
from typing import Final, final

_WITHOUT_END: Final = frozenset({"input", "meta", "wbr"})


@final
class Html(str):
    """
    Text that is HTML.
    """

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | bool) -> Html:
    """
    Return an element.

    Args:
        name: its name.
        children: its content; texts that are not ``Html`` are escaped.
        attributes: its attributes: ``True`` has no value, ``False`` is left out. An underscore at
            the end of a name is removed, others become hyphens.
    """
    words = [name]
    for attribute, value in attributes.items():
        if value is not False:
            word = attribute.rstrip("_").replace("_", "-")
            words.append(word if value is True else f'{word}="{escape(value)}"')
    start = f"<{' '.join(words)}>"
    content = "".join(child if isinstance(child, Html) else escape(child) for child in children)
    return Html(start if name in _WITHOUT_END else f"{start}{content}</{name}>")
