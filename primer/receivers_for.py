"""
A module with right and wrong receivers and sends of declared signals.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .packages import Declared, Kind
    from .runs import Error

_MARK: Final = "  # wrong"
_UNKNOWN: Final = "planted_key"


def text_for(declared: Mapping[str, Declared], kind: Kind, *, with_types: bool) -> str:
    """
    Return the code of a module.

    Args:
        declared: the declarations by the full names of the signals.
        kind: the class of the signals.
        with_types: whether mypy reads the package that defines the signals. Otherwise, the signals
            are only known by name, and the types of the package are not known.
    """
    lines = ["from typing import Any", ""]
    if kind == "Django":
        lines.append("from django.dispatch import receiver")
    named: dict[str, Declared] = {}
    for number, (name, each) in enumerate(declared.items()):
        module, _, signal = name.rpartition(".")
        owner, _, cls = module.rpartition(".")
        if cls[:1].isupper():  # an attribute
            lines.append(f"from {owner} import {cls} as C{number}")
            lines.append(f"assert C{number}.{signal} is not None")
            named[f"C{number}.{signal}"] = each
        else:
            lines.append(f"from {module} import {signal} as s{number}")
            named[f"s{number}"] = each
    lines += ["", "class Planted: ...", "", "someone: Any"]
    for name, each in named.items():
        for parameters, mark in _functions(each, kind, with_types=with_types):
            function = f"f{len(lines)}"
            form = f"receiver({name})" if kind == "Django" else f"{name}.connect"
            lines += ["", f"@{form}", f"def {function}({parameters}): ...{mark}"]
            if with_types and kind == "Django":
                lines += ["", f"def {function}_({parameters}): ..."]
                lines += [f"{name}.connect({function}_){mark}"]
        if with_types and not each.is_open:
            sender = "someone" if kind == "blinker" else "sender=someone"
            lines += ["", f"{name}.send({sender}, {_UNKNOWN}=1){_MARK}"]
    return "\n".join(lines) + "\n"


def _functions(each: Declared, kind: Kind, *, with_types: bool) -> Iterator[tuple[str, str]]:
    """
    Yield the parameters of right and wrong receivers, and the mark of the wrong ones.
    """
    required = [key for key in each.types if key in each.required]
    optional = [f"{key}=None" for key in each.types if key not in each.required]
    signal = [] if kind == "blinker" else ["signal"]
    yield ", ".join(["sender", *required, *optional, "**rest"]), ""
    yield ", ".join(["sender", *signal, "**rest"]), ""
    yield "sender, **rest", ""
    if not each.is_open:
        yield f"sender, {_UNKNOWN}, **rest", _MARK
    if kind != "blinker" or each.types:
        yield "sender", _MARK
    for key in each.types.keys() - each.required:
        yield f"sender, {key}, **rest", _MARK
    for key, typ in each.types.items():
        if with_types and not _accepts_all(typ):
            yield f"sender, {key}: Planted, **rest", _MARK


def _accepts_all(typ: str) -> bool:
    outside = re.sub(r"\[.*\]", "", typ)
    return bool(re.search(r"\b(Any|object)\b", outside))


def planted_in(text: str) -> list[int]:
    """
    Return the lines with mistakes.
    """
    return [number for number, line in enumerate(text.splitlines(), 1) if line.endswith(_MARK)]


def unexpected(text: str, errors: Iterable[Error]) -> Iterator[str]:
    """
    Yield the mistakes that are not reported, and the errors that are not mistakes.
    """
    lines = text.splitlines()
    planted = {*planted_in(text)}
    reported = {error.line for error in errors if error.is_ours}
    for line in sorted(planted - reported):
        fix = "if mypy does not know the type, add what defines it to requires, or declare Any"
        yield f"not reported: {lines[line - 2]} {lines[line - 1]} ({fix})"
    for error in errors:
        if error.line not in planted or not error.is_ours:
            yield f"{lines[error.line - 2]} {lines[error.line - 1]}: {error.message} [{error.code}]"
