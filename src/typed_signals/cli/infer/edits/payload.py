"""
The source of a payload: a TypedDict, or a function under ``@Signal.declare``.
"""

from __future__ import annotations

import re
from itertools import chain, count
from keyword import iskeyword
from typing import TYPE_CHECKING, Protocol

from typed_signals.cli.survey.written_types import NamedType, parts_of, source_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from typed_signals.cli.infer.result import InferredSignal
    from typed_signals.cli.survey.written_types import WrittenType

    from .layout import Layout

_WORDS = re.compile(r"[^a-zA-Z0-9]+")


class Names(Protocol):
    """
    How names are written where the payload is.
    """

    def of_class(self, named: NamedType) -> tuple[str, bool]:
        """
        Return how a class is written, and whether that can be evaluated at run time.
        """


def type_source(typ: WrittenType, names: Names, *, is_evaluated: bool) -> str:
    """
    Return the source of *typ*, quoted if it has to be.

    Args:
        typ: the type.
        names: how its classes are written.
        is_evaluated: whether the source is evaluated at run time, or only read by type checkers.
    """
    needs_quotes = False

    def written(named: NamedType) -> str:
        nonlocal needs_quotes
        text, is_bound = names.of_class(named)
        needs_quotes |= not is_bound
        return text

    text = source_of(typ, written)
    return quoted(text) if needs_quotes and is_evaluated else text


def quoted(text: str) -> str:
    """
    Return a string literal.
    """
    return repr(text) if '"' in text else f'"{text}"'


def sender_source(typ: WrittenType | None, names: Names) -> str:
    """
    Return the source of the type of senders; ``object`` if it is not known.
    """
    if typ is None:
        return names.of_class(NamedType("builtins", "object"))[0]
    if isinstance(typ, NamedType) and (typ.module, typ.name, len(typ.args)) == (
        "builtins", "type", 1,
    ):  # fmt: skip
        name, _ = names.of_class(NamedType("builtins", "type"))
        return f"{name}[{type_source(typ.args[0], names, is_evaluated=True)}]"
    return type_source(typ, names, is_evaluated=True)


def payload_name(signal: str, taken: Collection[str]) -> str:
    """
    Return a free name for the payload of the signal with this name.
    """
    words = (word.lower() if word.isupper() else word for word in _WORDS.split(signal))
    camel = "".join(word[:1].upper() + word[1:] for word in words)
    name = f"_{camel}" if signal.startswith("_") else camel
    numbered = (f"{name}Payload{number}" for number in count(2))
    return next(
        each
        for each in chain([name, f"{name}Payload"], numbered)
        if each not in taken and each.isidentifier() and each != signal
    )


def is_class_form(signal: InferredSignal) -> bool:
    """
    Return whether all keys are names that a class can define.
    """
    return all(
        key.name.isidentifier() and not iskeyword(key.name) and not is_mangled(key.name)
        for key in signal.keys
    )


def is_mangled(name: str) -> bool:
    """
    Return whether a class changes *name*, as private ones.
    """
    return name.startswith("__") and not name.endswith("__")


def hides_types(signal: InferredSignal, names: Names) -> bool:
    """
    Return whether a key hides a type in a class, as ``type: str`` hides ``type[Order]``.
    """
    keys = {key.name for key in signal.keys}
    written = (
        names.of_class(part)[0].partition(".")[0]
        for key in signal.keys
        for part in parts_of(key.type)
        if isinstance(part, NamedType)
    )
    return not keys.isdisjoint(written)


def typed_dict_source(
    signal: InferredSignal,
    name: str,
    names: Names,
    *,
    are_annotations_evaluated: bool,
    layout: Layout,
) -> str:
    """
    Return the source of a TypedDict.
    """
    base, _ = names.of_class(NamedType("typing", "TypedDict"))
    is_class = is_class_form(signal) and not hides_types(signal, names)
    is_evaluated = are_annotations_evaluated or not is_class
    types: list[tuple[str, str]] = []
    for key in signal.keys:
        text = type_source(key.type, names, is_evaluated=is_evaluated)
        if not key.required:
            text = f"{names.of_class(NamedType('typing', 'NotRequired'))[0]}[{text}]"
        types.append((key.name, text))
    if is_class:
        inner = layout.inner()
        lines = [f"    {key}: {inner.type_in_line(f'{key}: ', text)}" for key, text in types]
        return "\n".join([f"class {name}({base}):", *(lines or ["    pass"])])
    lines = [f"        {quoted(key)}: {text}," for key, text in types]
    return "\n".join([f"{name} = {base}(", f"    {quoted(name)},", "    {", *lines, "    },", ")"])


def function_source(
    signal: InferredSignal,
    name: str,
    engine: str,
    names: Names,
    *,
    is_evaluated: bool,
    layout: Layout,
) -> str:
    """
    Return the source of a function under ``@Signal.declare``.
    """
    sender = signal.sender or NamedType("builtins", "object")
    parameters = [f"sender: {type_source(sender, names, is_evaluated=is_evaluated)}"]
    if signal.keys:
        parameters.append("*")
    for key in signal.keys:
        text = type_source(key.type, names, is_evaluated=is_evaluated)
        parameters.append(f"{key.name}: {text}" + ("" if key.required else " = ..."))
    # As in the other form: responses may be used, and what receivers return is not known.
    result, _ = names.of_class(NamedType("typing", "Any"))
    line = f"def {name}({', '.join(parameters)}) -> {result}: ..."
    if len(line) <= layout.longest:
        return f"@{engine}.declare\n{line}"
    inner = [f"    {each}," for each in parameters]
    return "\n".join([f"@{engine}.declare", f"def {name}(", *inner, f") -> {result}: ..."])
