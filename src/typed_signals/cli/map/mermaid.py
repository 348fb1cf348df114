"""
The map as a flowchart of Mermaid, which GitHub and GitLab draw in Markdown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .flow import flow_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .chart import Chart
    from .flow import Node

MOST_EDGES: Final = 500
"""Mermaid draws no more than these, unless the page that uses it allows it."""

_SHAPES: Final = {"signal": '(["{}"])', "code": '["{}"]', "unknown": '{{{{"{}"}}}}'}
_CLASSES: Final = (
    "classDef signal fill:#dbe7ff,stroke:#3458b0,color:#10224f",
    "classDef lacking fill:#fff1d6,stroke:#a86400,color:#4a2c00,stroke-dasharray:4 3",
    "classDef unknown fill:#ffe1e1,stroke:#b3261e,color:#5c0f0a,stroke-dasharray:4 3",
)


def mermaid_text(chart: Chart) -> str:
    """
    Return *chart* as a flowchart.
    """
    return "\n".join(_lines(chart)) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    flow = flow_of(chart)
    yield "flowchart LR"
    for package, nodes in flow.packages().items():
        if package:
            yield f'  subgraph {_id(f"package.{package}")}["{_label([package])}"]'
        for node in nodes:
            yield f"    {_id(node.id)}{_SHAPES[node.kind].format(_label(node.label))}{_style(node)}"
        if package:
            yield "  end"
    for (start, end), texts in flow.edges.items():
        text = f'|"{_label(texts)}"|' if texts else ""
        yield f"  {_id(start)} -->{text} {_id(end)}"
    yield from (f"  {each}" for each in _CLASSES)


def _id(text: str) -> str:
    """
    Return *text* as an ID, in which Mermaid reads no keyword and no arrow.
    """
    return re.sub(r"[^A-Za-z0-9_.]", lambda match: f"_x{ord(match.group()):x}_", text)


def _label(lines: Iterable[str]) -> str:
    """
    Return *lines* as a quoted label, in which Mermaid reads no markup.
    """
    return "<br/>".join(
        re.sub(r"[^\w .,:()=\[\]/|+-]", lambda match: f"#{ord(match.group())};", line)
        for line in lines
    )


def _style(node: Node) -> str:
    if node.kind == "code":
        return ""
    return f":::{'lacking' if node.is_lacking else node.kind}"
