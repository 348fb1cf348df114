"""
The map in the language of Graphviz, DOT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .flow import flow_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .chart import Chart
    from .flow import Node

_STYLES: Final = {
    "signal": 'shape=box, style="rounded,filled", fillcolor="#dbe7ff", color="#3458b0"',
    "lacking": 'shape=box, style="rounded,filled,dashed", fillcolor="#fff1d6", color="#a86400"',
    "unknown": 'shape=diamond, style="filled,dashed", fillcolor="#ffe1e1", color="#b3261e"',
    "code": "shape=box",
}


def dot_text(chart: Chart) -> str:
    """
    Return *chart* as a directed graph.
    """
    return "\n".join(_lines(chart)) + "\n"


def _lines(chart: Chart) -> Iterator[str]:
    flow = flow_of(chart)
    yield "digraph signals {"
    yield '  graph [rankdir=LR, fontname="sans-serif"];'
    yield '  node [fontname="sans-serif", fontsize=11];'
    yield '  edge [fontname="sans-serif", fontsize=9];'
    for package, nodes in flow.packages().items():
        if package:
            yield f"  subgraph {_quoted([f'cluster_{package}'])} {{"
            yield f"    label={_quoted([package])};"
        for node in nodes:
            yield f"    {_quoted([node.id])} [label={_quoted(node.label)}, {_style(node)}];"
        if package:
            yield "  }"
    for (start, end), texts in flow.edges.items():
        label = f" [label={_quoted(texts)}]" if texts else ""
        yield f"  {_quoted([start])} -> {_quoted([end])}{label};"
    yield "}"


def _quoted(lines: Iterable[str]) -> str:
    """
    Return *lines* as a string, in which Graphviz reads no markup.
    """
    escaped = (
        line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines
    )
    return '"' + "\\n".join(escaped) + '"'


def _style(node: Node) -> str:
    return _STYLES["lacking" if node.is_lacking else node.kind]
