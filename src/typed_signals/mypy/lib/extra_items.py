"""
TypedDicts that may have more keys than they declare: ``extra_items`` of PEP 728.

mypy does not support the keyword yet: it reports the class, and if this error is ignored, it
ignores the keyword. The keyword is not in its cache, either. So it is read from the source.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mypy.nodes import TypeInfo
from mypy.util import DecodeError, decode_python_encoding

from typed_signals._declare.payload import Payload
from typed_signals._shared.messages import RESERVED_KEYS

from .source_code import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy.plugin import CheckerPluginInterface

    from .declared_types import SignalType

    Definitions = dict[str, ast.ClassDef | ast.Call]


def may_carry_more(signal: SignalType, api: CheckerPluginInterface) -> bool:
    """
    Return whether a send may have keys that *signal* does not declare.
    """
    if signal.typed_dict is None:
        return signal.is_open
    return _allows_more(signal.typed_dict.fallback.type, api)


def payload_with_more(
    signal: SignalType, names: Iterable[str], api: CheckerPluginInterface
) -> Payload:
    """
    Return the payload of *signal*, with extra items if *names* are not declared.
    """
    payload = signal.payload
    is_declared = payload.keys.issuperset(name for name in names if name not in RESERVED_KEYS)
    if payload.open or is_declared or not may_carry_more(signal, api):
        return payload
    # With extra_items, mypy loses the keys of the functional syntax.
    return Payload(
        payload.name,
        payload.required,
        payload.optional,
        open=not payload.keys,
        extra_items=True,
    )


def _allows_more(typed_dict: TypeInfo, api: CheckerPluginInterface, *below: TypeInfo) -> bool:
    """
    Return whether *typed_dict*, or one that it inherits from, has ``extra_items``.

    Args:
        typed_dict: the class.
        api: mypy's checker.
        below: the classes that inherit from it. In an invalid program, it may be one of them.
    """
    if typed_dict in below:
        return False
    tree = api.modules.get(typed_dict.module_name)  # type: ignore[attr-defined]  # the checker's
    definition = None if tree is None else _definitions_in(tree.path).get(typed_dict.name)
    if definition is None:
        return False
    keywords = {keyword.arg: keyword.value for keyword in definition.keywords}
    if (stated := keywords.get("extra_items")) is not None:
        return not _is_never(stated)
    if "closed" in keywords or isinstance(definition, ast.Call):
        return False
    bases = (_named(base, tree.names) for base in definition.bases)
    return any(
        isinstance(base, TypeInfo) and _allows_more(base, api, typed_dict, *below) for base in bases
    )


def _is_never(stated: ast.expr) -> bool:
    while isinstance(stated, ast.Subscript):  # ReadOnly[...] or Annotated[...], if it is one
        if not ast.unparse(stated.value).endswith(("ReadOnly", "Annotated")):
            return False
        stated = stated.slice.elts[0] if isinstance(stated.slice, ast.Tuple) else stated.slice
    text = str(stated.value) if isinstance(stated, ast.Constant) else ast.unparse(stated)
    return text.rpartition(".")[2] == "Never"


def _named(base: ast.expr, names: dict[str, Any]) -> object:
    """
    Return the base of a class, if *names* of its module contain it.
    """
    if isinstance(base, ast.Subscript):
        base = base.value
    name, *attributes = ast.unparse(base).split(".")
    for attribute in attributes:
        names = getattr(getattr(names.get(name), "node", None), "names", {})
        name = attribute
    return getattr(names.get(name), "node", None)


def _definitions_in(path: str) -> Definitions:
    """
    Return the classes and the calls like ``K = TypedDict("K", {...})`` in a file, by name.

    The result is empty if the running Python cannot read or parse the text.
    """
    try:
        return _definitions(path, Path(path).stat().st_mtime_ns)
    except (OSError, DecodeError, SyntaxError, ValueError):
        return {}


@lru_cache(maxsize=8)
def _definitions(path: str, _changed: int) -> Definitions:
    tree = parse(decode_python_encoding(Path(path).read_bytes()))
    found: dict[str, ast.ClassDef | ast.Call] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name):
                found[name] = node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                found[name] = call
    return found
