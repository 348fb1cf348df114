"""
The report: what each signal carries, for people and for programs.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, get_args

from rich.text import Text

from typed_signals.cli.survey.written_types import UnknownType, full_text, is_known, short_text

from .result import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from typed_signals.cli.survey.model import Place
    from typed_signals.cli.survey.written_types import WrittenType

    from .result import Inference, InferredKey, InferredSignal

_STYLES: Final = {
    "complete": "green",
    "declared": "dim",
    "partly typed": "yellow",
    "drifting": "red",
    "open": "magenta",
    "never sent": "dim",
}
_VERSION: Final = 1


def print_report(inference: Inference, console: Console) -> None:
    """
    Print the report as text.
    """
    for signal in inference.signals:
        for text, style in _lines(signal):
            console.print(Text(text, style), soft_wrap=True)
    for text in summary_lines(inference):
        console.print(Text(text), soft_wrap=True)


def _lines(signal: InferredSignal) -> Iterator[tuple[str, str]]:
    where = "" if signal.place is None else f"  {signal.place}"
    yield f"{signal.fullname}: {signal.verdict}{where}", _STYLES[signal.verdict]
    if signal.verdict == "declared":
        return
    if signal.sender is not None:
        yield f"    sender: {_type_text(signal.sender)}", ""
    for key in signal.keys:
        yield f"    {key.name}{'' if key.required else '?'}: {_type_text(key.type)}", ""
        if key.conflict:
            yield f"        {key.conflict}", "red"
    for drift in signal.drifts:
        place = "" if drift.place is None else f"{drift.place} "
        yield f"    {place}{drift.text}", "red"
    if signal.why_unsure and not signal.drifts and signal.verdict != "never sent":
        yield f"    {signal.why_unsure}", "magenta"
    for label, places in (("sent", signal.sends), ("received", signal.receivers)):
        if places:
            yield f"    {label}: {_places_text(places)}", "dim"


def summary_lines(inference: Inference) -> Iterator[str]:
    """
    Yield how many signals there are of each verdict, and how many keys have a type.
    """
    counts = Counter(signal.verdict for signal in inference.signals)
    parts = [f"{counts[verdict]} {verdict}" for verdict in get_args(Verdict) if counts[verdict]]
    yield f"signals: {len(inference.signals)}" + (f" ({', '.join(parts)})" if parts else "")
    keys = [key for each in inference.signals if each.verdict != "declared" for key in each.keys]
    if keys:
        typed = sum(is_known(key.type) for key in keys)
        yield f"keys with a type: {typed} of {len(keys)}"


def _places_text(places: Sequence[Place]) -> str:
    return ", ".join(dict.fromkeys(map(str, places)))


def _type_text(typ: WrittenType) -> str:
    if isinstance(typ, UnknownType):
        return f"object ({typ.why})" if typ.why else "object"
    return short_text(typ)


def report_json(inference: Inference) -> dict[str, Any]:
    """
    Return the report as JSON data, which docs/reference/infer.md describes.
    """
    return {
        "version": _VERSION,
        "root": inference.root,
        "signals": [_signal_json(signal) for signal in inference.signals],
        "problems": [*inference.problems],
    }


def _signal_json(signal: InferredSignal) -> dict[str, Any]:
    return {
        "name": signal.fullname,
        "verdict": signal.verdict,
        "place": _place_json(signal.place),
        "kind": signal.kind,
        "class": signal.engine,
        "sender": None if signal.sender is None else full_text(signal.sender),
        "keys": [_key_json(key) for key in signal.keys],
        "drifts": [
            {"place": _place_json(drift.place), "text": drift.text} for drift in signal.drifts
        ],
        "sends": [_place_json(place) for place in signal.sends],
        "receivers": [_place_json(place) for place in signal.receivers],
        "sure": signal.is_sure,
        "why_unsure": signal.why_unsure,
    }


def _key_json(key: InferredKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "type": full_text(key.type),
        "known": is_known(key.type),
        "why_unknown": key.type.why if isinstance(key.type, UnknownType) else "",
        "required": key.required,
        "conflict": key.conflict,
        "witnesses": [
            {
                "kind": one.kind,
                "type": None if one.type is None else full_text(one.type),
                "place": _place_json(one.place),
            }
            for one in key.witnesses
        ],
    }


def _place_json(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"path": place.path, "line": place.line, "column": place.column}
