"""
How the map writes signals, sends and receivers, in all formats for people.
"""

from __future__ import annotations

from keyword import iskeyword
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from typed_signals.cli.output import counted
from typed_signals.cli.survey.model import SendFact
from typed_signals.cli.survey.written_types import UnknownType, short_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typed_signals.cli.survey.model import Key, Place, ReceiverFact
    from typed_signals.cli.survey.written_types import WrittenType

    from .chart import AnyEnd, Chart


def summary_of(chart: Chart) -> str:
    """
    Return how many signals, sends and receivers there are.
    """
    counts = [
        counted(len(chart.entries), "signal"),
        counted(sum(len(entry.sends) for entry in chart.entries), "send"),
        counted(sum(len(entry.receivers) for entry in chart.entries), "receiver"),
    ]
    if unknown := len(chart.unknown_sends) + len(chart.unknown_receivers):
        counts.append(f"{unknown} of unknown signals")
    if chart.hidden:
        counts.append(f"{chart.hidden} in tests not shown (--tests)")
    return ", ".join(counts)


def keys_text(keys: Mapping[str, Key]) -> str:
    """
    Return *keys* with their types, like the parameters of a function. Those that are not required
    have a default.
    """
    return ", ".join(
        _parameter(name, key.type, required=key.required) for name, key in keys.items()
    )


def send_text(send: SendFact) -> str:
    """
    Return the call without types, as ``send(self, size, **extra)``.
    """
    parts = [
        *([send.sender_text] if send.sender_text else []),
        *(f"<{short_text(each)}>" for each in send.positional),
        *(_parameter(name, None, required=key.required) for name, key in send.keys.items()),
        *(f"**{each}" for each in send.spread),
    ]
    return f"{send.method}({', '.join(parts)})"


def receiver_text(receiver: ReceiverFact) -> str:
    """
    Return the signature, as ``on_pizza(size: int, **kwargs)``.
    """
    name = name_in_module(receiver.name, receiver.defined or receiver.place)
    if receiver.parameters is None:
        return f"{name}(...)"
    parts = [
        _parameter(each.name, each.type, required=each.required) for each in receiver.parameters
    ]
    if receiver.kwargs is not None:
        parts.append(f"**{receiver.kwargs}")
    return f"{name}({', '.join(parts)})"


def notes_on(end: AnyEnd) -> Iterator[str]:
    """
    Yield what else is known of a send or a receiver.
    """
    if isinstance(end, SendFact):
        if end.function:
            yield f"in {name_in_module(end.function, end.place)}"
        if end.through:
            yield f"through {', '.join(end.through)}"
    else:
        if end.sender_text:
            yield f"sender={end.sender_text}"
        if end.reads:
            yield f"reads {', '.join(end.reads)}"
        if end.is_async:
            yield "async"
        if end.in_background:
            yield "in background"
    if end.why_unknown:
        yield f"unknown signal: {end.why_unknown}"


def package_of(fullname: str, place: Place | None) -> str:
    """
    Return the package of the module of *fullname*; the module itself if it is in no package.
    """
    return _package_of_module(_module_at(fullname, place) or fullname.rpartition(".")[0])


def end_package(end: AnyEnd) -> str:
    """
    Return the package of the code that sends or receives.
    """
    if isinstance(end, SendFact):
        return _package_of_module(end.module)
    place = end.defined or end.place
    if is_full_name(end.name):
        return package_of(end.name, place)
    return _package_of_module(place.path.removesuffix(".py").replace("/", "."))


def is_full_name(name: str) -> bool:
    """
    Return whether *name* is that of one function, not of a lambda, and not another expression.
    """
    parts = name.split(".")
    return len(parts) > 1 and all(part.isidentifier() and not iskeyword(part) for part in parts)


def name_in_module(fullname: str, place: Place) -> str:
    """
    Return *fullname* without its module if that is at *place*.
    """
    return fullname.removeprefix(f"{_module_at(fullname, place)}.")


def _package_of_module(module: str) -> str:
    return module.rpartition(".")[0] or module


def _module_at(fullname: str, place: Place | None) -> str | None:
    """
    Return the part of *fullname* that is the module at *place*.
    """
    if place is not None:
        file = f"/{PurePosixPath(place.path).with_suffix('')}".removesuffix("/__init__")
        parts = fullname.split(".")
        for end in range(len(parts) - 1, 0, -1):
            if file.endswith("/" + "/".join(parts[:end])):
                return ".".join(parts[:end])
    return None


def _parameter(name: str, typ: WrittenType | None, *, required: bool) -> str:
    annotation = "" if typ is None or isinstance(typ, UnknownType) else f": {short_text(typ)}"
    return f"{name}{annotation}{'' if required else ' = ...'}"
