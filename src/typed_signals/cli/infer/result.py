"""
What is inferred of each signal: the keys of its payload, and how sure that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection

    from typed_signals.cli.survey.model import Place, SignalKind
    from typed_signals.cli.survey.written_types import WrittenType

Verdict: TypeAlias = Literal[
    "declared", "complete", "partly typed", "drifting", "open", "never sent"
]
"""
- ``declared``: it has a declaration already.
- ``complete``: the names and the types of all keys are known.
- ``partly typed``: the names are known, but not all types.
- ``drifting``: a send differs from the others, probably by mistake.
- ``open``: a send unpacks what is not known, or it is not known what is sent.
- ``never sent``: no send was found.
"""

WitnessKind: TypeAlias = Literal["send", "receiver", "documented", "recorded"]


@dataclass(frozen=True)
class KeyWitness:
    """
    Where a type or a name of a key comes from.
    """

    kind: WitnessKind
    type: WrittenType | None = None
    """None if it only shows the name."""

    place: Place | None = None


@dataclass(frozen=True)
class InferredKey:
    """
    A key of a signal.
    """

    name: str
    type: WrittenType
    """What to write: unknown types are ``UnknownType``, which is written as ``object``."""

    required: bool = True
    witnesses: tuple[KeyWitness, ...] = ()
    conflict: str = ""
    """How witnesses contradict each other."""


@dataclass(frozen=True)
class Drift:
    """
    A send, a receiver or a comment that differs from the other sends.
    """

    place: Place | None
    text: str
    """What differs, like ``sends 'szie', but not 'size', which 3 others send``."""


@dataclass(frozen=True)
class InferredSignal:
    """
    What is inferred of a signal.
    """

    fullname: str
    place: Place | None
    kind: SignalKind
    engine: str
    verdict: Verdict
    keys: tuple[InferredKey, ...] = ()
    """In the order in which they are sent."""

    sender: WrittenType | None = None
    """The common type of all senders; ``UnknownType`` if it is not known, None without a sender."""

    sends: tuple[Place, ...] = ()
    receivers: tuple[Place, ...] = ()
    drifts: tuple[Drift, ...] = ()
    comment: str = ""
    """The comment or docstring of the signal."""

    why_unsure: str = ""
    """Why a declaration must not be written without a person; empty if it is sure enough."""

    @property
    def is_sure(self) -> bool:
        """
        Whether a declaration can be written.
        """
        return not self.why_unsure


@dataclass(frozen=True)
class Inference:
    """
    What is inferred of a project.
    """

    root: str
    """The folder to which places are relative."""

    signals: tuple[InferredSignal, ...] = ()
    problems: tuple[str, ...] = ()
    """What prevented that all files were read."""


def difference(sent: Collection[str], keys: Collection[str], required: Collection[str]) -> str:
    """
    Return why a send with the keys *sent* fails if *keys* are declared; empty if it does not.
    """
    more, less = sorted({*sent} - {*keys}), sorted({*required} - {*sent})
    texts = [f"sends {', '.join(map(repr, more))} in addition"] if more else []
    texts += [f"does not send {', '.join(map(repr, less))}"] if less else []
    return " and ".join(texts)
