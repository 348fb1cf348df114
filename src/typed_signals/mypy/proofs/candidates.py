"""
Which modules may have decorators that matter? A fast look at the text, because it is for each one.
"""

from __future__ import annotations

import re

from typed_signals.mypy.lib.python_files import is_in_site_packages

# These start with a literal, so that they are fast.
_RENAMED = re.compile(rb"receiver[ \t]+as[ \t]+(\w+)")
_CONNECTING = rb"@[^\n]*(?:receiver|connect%b)[^\n]*"
_CONNECTING_USUALLY = re.compile(_CONNECTING % b"")
# A decorator that is neither Django's nor ours, with a name as an argument, which may be a signal:
# the first one, one after strings, or one with a keyword.
_WITH_ARGUMENT = re.compile(
    rb"""@(?!receiver\b)[\w.]+\(\s*(?:["'][^"'\n]*["'],\s*)*(?:[^()]*sig\w*\s*=\s*)?"""
    rb"""(?!True\b|False\b|None\b)[A-Za-z_][\w.]*\s*[,)]"""
)
_NEXT = re.compile(rb"^[ \t]*(?:(@)|(?:async[ \t]+)?def\b|class\b)", re.MULTILINE)


def may_decorate(path: str) -> bool:
    """
    Return whether a module may connect functions with decorators, other than by one decorator.

    mypy reads installed packages, but reports no errors in them.
    """
    if not path.endswith(".py") or is_in_site_packages(path):
        return False
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - faster, because this is for each module
            text = file.read()
    except OSError:
        return False
    if b"signal" in text and _WITH_ARGUMENT.search(text):
        return True
    if b"receiver" not in text and b"connect" not in text:
        return False
    if b".connect(" in text and b"\n@" in text:
        return True
    pattern = _CONNECTING_USUALLY
    if renamed := _RENAMED.findall(text):
        pattern = re.compile(_CONNECTING % b"".join(b"|" + name for name in renamed))
    for decorator in pattern.finditer(text):
        following = _NEXT.search(text, decorator.end())
        if following is not None and following[1]:
            return True
    return False
