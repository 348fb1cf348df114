"""
The map as a graph: who sends points to signals, and signals point to receivers.

What sends and receives is one node: so the graph shows which receivers send other signals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from .wording import end_package, is_full_name, name_in_module, package_of

if TYPE_CHECKING:
    from typed_signals.cli.survey.model import ReceiverFact, SendFact

    from .chart import Chart


@dataclass(frozen=True)
class Node:
    """
    A signal, code that sends or receives, or a signal that is not known.
    """

    id: str
    """Unique and stable: it only depends on what the node is."""

    kind: Literal["signal", "code", "unknown"]
    label: tuple[str, ...]
    """The lines of its text."""

    package: str
    is_lacking: bool = False
    """Whether the signal is never sent or has no receivers."""


@dataclass
class Flow:
    """
    The nodes by ID, and the texts of the edges by the IDs of both ends.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add_edge(self, start: Node, end: Node, text: str) -> None:
        """
        Add an edge with this text, and its ends.
        """
        for node in (start, end):
            self.nodes.setdefault(node.id, node)
        texts = self.edges.setdefault((start.id, end.id), [])
        if text and text not in texts:
            texts.append(text)

    def packages(self) -> dict[str, list[Node]]:
        """
        Return the nodes by their packages.
        """
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            found.setdefault(node.package, []).append(node)
        return dict(sorted(found.items()))


def flow_of(chart: Chart) -> Flow:
    """
    Return *chart* as a graph.
    """
    flow = Flow()
    for entry in chart.entries:
        signal = entry.signal
        node = Node(
            id=f"signal.{signal.fullname}",
            kind="signal",
            label=(signal.fullname.rpartition(".")[2], *filter(None, [", ".join(entry.marks)])),
            package=package_of(signal.fullname, signal.place),
            is_lacking=bool({"never sent", "no receivers"}.intersection(entry.marks)),
        )
        flow.nodes[node.id] = node
        for send in entry.sends:
            flow.add_edge(_sender_node(send), node, ", ".join([*send.keys, *_stars(send.spread)]))
        for receiver in entry.receivers:
            flow.add_edge(node, _receiver_node(receiver), receiver.sender_text)
    for send in chart.unknown_sends:
        flow.add_edge(_sender_node(send), _UNKNOWN, "")
    for receiver in chart.unknown_receivers:
        flow.add_edge(_UNKNOWN, _receiver_node(receiver), "")
    return flow


_UNKNOWN: Final = Node("unknown", "unknown", ("unknown signal",), "")


def _stars(spread: tuple[str, ...]) -> list[str]:
    return [f"**{each}" for each in spread]


def _sender_node(send: SendFact) -> Node:
    name = send.function or send.module
    label = name_in_module(send.function, send.place) if send.function else "at module level"
    return Node(f"code.{name}", "code", (label, send.place.path), end_package(send))


def _receiver_node(receiver: ReceiverFact) -> Node:
    place = receiver.defined or receiver.place
    return Node(
        id=f"code.{receiver.name if is_full_name(receiver.name) else place}",
        kind="code",
        label=(name_in_module(receiver.name, place), place.path),
        package=end_package(receiver),
    )
