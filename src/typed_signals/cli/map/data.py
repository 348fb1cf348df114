"""
The map as JSON. The format is documented in ``docs/reference/map.md``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from typed_signals.cli.survey.written_types import UnknownType, full_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typed_signals.cli.survey.model import Key, Place, ReceiverFact, SendFact
    from typed_signals.cli.survey.written_types import WrittenType

    from .chart import Chart, Entry
    from .impact import Change, Impact

VERSION: Final = 1
"""It changes if a program that reads the format must change."""


def chart_json(chart: Chart) -> str:
    """
    Return *chart* as JSON.
    """
    return _dumped(
        {
            "version": VERSION,
            "signals": [_signal_data(entry) for entry in chart.entries],
            "unknown": {
                "sends": [_send_data(send) for send in chart.unknown_sends],
                "receivers": [_receiver_data(receiver) for receiver in chart.unknown_receivers],
            },
            "problems": list(chart.problems),
        }
    )


def impact_json(change: Change, impacts: list[Impact]) -> str:
    """
    Return the impact of *change* as JSON.
    """
    return _dumped(
        {
            "version": VERSION,
            "signal": change.entry.signal.fullname,
            "key": change.key,
            "impacts": [
                {
                    "signal": impact.entry.signal.fullname,
                    **_place_data(impact.entry.signal.place),
                    "sends": [{"how": how, **_send_data(send)} for how, send in impact.sends],
                    "receivers": [
                        {"how": how, **_receiver_data(receiver)}
                        for how, receiver in impact.receivers
                    ],
                }
                for impact in impacts
            ],
        }
    )


def _dumped(data: dict[str, Any]) -> str:
    """
    Return *data* as indented JSON.
    """
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _signal_data(entry: Entry) -> dict[str, Any]:
    signal = entry.signal
    return {
        "name": signal.fullname,
        "aliases": list(signal.aliases),
        "kind": signal.kind,
        "class": signal.engine,
        **_place_data(signal.place),
        "in_project": signal.in_project,
        "declared": signal.payload is not None,
        "sender": _type_data(signal.sender),
        "payload": _type_data(signal.payload_type),
        "keys": _keys_data(entry.keys),
        "marks": list(entry.marks),
        "sends": [_send_data(send) for send in entry.sends],
        "receivers": [_receiver_data(receiver) for receiver in entry.receivers],
    }


def _send_data(send: SendFact) -> dict[str, Any]:
    """
    Return the data of *send*.
    """
    return {
        **_place_data(send.place),
        "module": send.module,
        "function": send.function or None,
        "method": send.method,
        "sender": send.sender_text or None,
        "sender_type": _type_data(send.sender),
        "keys": _keys_data(send.keys),
        "positional": [_type_data(each) for each in send.positional],
        "spread": list(send.spread),
        "through": list(send.through),
        "why_unknown": send.why_unknown or None,
    }


def _receiver_data(receiver: ReceiverFact) -> dict[str, Any]:
    """
    Return the data of *receiver*.
    """
    parameters = receiver.parameters
    return {
        **_place_data(receiver.place),
        "name": receiver.name,
        "defined": _place_data(receiver.defined) if receiver.defined else None,
        "form": receiver.form or None,
        "sender": receiver.sender_text or None,
        "sender_type": _type_data(receiver.sender),
        "parameters": None
        if parameters is None
        else {
            each.name: {"type": _type_data(each.type), "required": each.required}
            for each in parameters
        },
        "kwargs": receiver.kwargs,
        "reads": list(receiver.reads),
        "may_read_more": receiver.kwargs is not None and receiver.may_read_more,
        "async": receiver.is_async,
        "background": receiver.in_background,
        "why_unknown": receiver.why_unknown or None,
    }


def _keys_data(keys: Mapping[str, Key]) -> dict[str, Any]:
    """
    Return the data of *keys*, by name.
    """
    return {
        name: {"type": _type_data(key.type), "required": key.required} for name, key in keys.items()
    }


def _place_data(place: Place | None) -> dict[str, Any]:
    """
    Return the path and the line of *place*.
    """
    return {"path": place and place.path, "line": place and place.line}


def _type_data(typ: WrittenType | None) -> str | None:
    """
    Return *typ* with full names; None if it is not known.
    """
    return None if typ is None or isinstance(typ, UnknownType) else full_text(typ)
