"""
What is documented about a signal.
"""

from __future__ import annotations

import sys
import warnings
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer

from typed_signals._base import BaseSignal
from typed_signals._declare.declaration import texts_of_arguments, type_arguments
from typed_signals._declare.key_types import types_in_typed_dict
from typed_signals._declare.keys import as_typed_dict, from_typed_dict
from typed_signals._declare.payload import UNDECLARED
from typed_signals._receiver import is_declared
from typed_signals._shared.messages import shown

from ._docstrings import without_keys
from ._find import is_djangos
from ._stub_files import Key, Stated

if TYPE_CHECKING:
    from typed_signals._declare.payload import Payload

    from ._find import Found


class Facts(NamedTuple):
    """
    What is documented about a signal.

    Attributes:
        name: its full name.
        stated: what its declaration states.
        text: the lines of its docstring.
        texts: the lines about each key and about the ``sender``, by name.
        modules: the names of the modules that were read.
        problems: what could not be read, and why.
    """

    name: str
    stated: Stated
    text: list[str]
    texts: dict[str, list[str]]
    modules: set[str]
    problems: list[str]


def facts_of(found: Found) -> Facts:
    """
    Return what is documented about a signal.
    """
    stated, typed_dict, problems = Stated(), None, []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            stated, typed_dict = _read(found)
        except Exception as error:  # noqa: BLE001 - may be raised by user code, too
            problems.append(f"the declaration of {found.name} cannot be read: {shown(error)}")
    problems += [str(warning.message) for warning in caught]
    keys = [key.name for key in stated.keys or ()]
    text, modules = _text_of(found)
    text, texts = without_keys(text, keys)
    if typed_dict is not None:
        general, inherited = _texts_in(typed_dict, keys, modules)
        text, texts = text or general, inherited | texts
    return Facts(found.name, stated, text, texts, modules, problems)


def _read(found: Found) -> tuple[Stated, Any]:
    """
    Return what the declaration of a signal states, and its TypedDict if it has one.
    """
    signal = found.signal
    if found.annotation is not None:
        return _read_annotation(*found.annotation)
    if is_declared(signal):
        declaration = signal._declaration
        payload = declaration.payload_of(signal)
        sender, response = declaration.texts_around(signal)
        keys = _keys(payload, declaration.types_of(signal))
        typed_dict = None if keys is None else declaration.typed_dict_of(signal)
        return Stated(keys, payload.open, sender, response), typed_dict
    if is_djangos(signal):
        from typed_signals.django import _builtin_payloads, _find_signals  # Django is installed

        for name, candidate in _find_signals.builtin_signals():
            if candidate is signal:
                last = name.rpartition(".")[2]
                payload = _builtin_payloads.payload_of(signal)
                keys = _keys(payload, _builtin_payloads.types_of(signal))
                stated = Stated(keys, payload.open, _builtin_payloads.sender_of(last))
                return stated, _builtin_payloads.typed_dict_of(last)
    return found.stated or Stated(), None


def _read_annotation(annotation: Any, namespace: Any) -> tuple[Stated, Any]:
    sender, response = texts_of_arguments(annotation, namespace, BaseSignal)
    _, stated, _ = type_arguments(annotation, namespace, BaseSignal)
    typed_dict = as_typed_dict(stated)
    if typed_dict is None:
        return Stated(sender=sender, response=response), None
    payload = from_typed_dict(typed_dict)
    keys = _keys(payload, types_in_typed_dict(stated))
    return Stated(keys, payload.open, sender, response), typed_dict


def _keys(payload: Payload, types: dict[str, str | None]) -> list[Key] | None:
    if payload is UNDECLARED:
        return None
    # A version of Django may not send all.
    return [
        Key(name, text, name in payload.required_keys)
        for name, text in types.items()
        if name in payload.keys
    ]


def _text_of(found: Found) -> tuple[list[str], set[str]]:
    """
    Return the docstring or the comment of a signal, and the modules in which it can be.
    """
    names = [(found.module, found.path)]
    if is_declared(found.signal):
        function = found.signal._declaration.function
        if function is not None:
            text = cleandoc(function.__doc__ or "").splitlines()
            return text, {found.module, function.__module__}
        names.append(_split(found.signal._declaration.name_of(found.signal)))
    texts = [_comment(module, path) for module, path in names]
    return next(filter(None, texts), []), {module for module, _ in names}


def _split(name: str) -> tuple[str, str]:
    """
    Return the module in a full name, and the name in it.
    """
    module = name
    while module and module not in sys.modules:
        module = module.rpartition(".")[0]
    return module, name[len(module) + 1 :]


def comments_in(module: str) -> dict[tuple[str, str], list[str]]:
    """
    Return the comments about data in a module, by class and name, as Sphinx keeps them.
    """
    try:
        return ModuleAnalyzer.for_module(module).find_attr_docs()
    except PycodeError:  # there is no source
        return {}


def _comment(module: str, path: str) -> list[str]:
    """
    Return the string after an assignment, or the comment above or after it that starts with ``#:``.
    """
    comments = comments_in(module)
    cls, _, name = path.rpartition(".")
    return cleandoc("\n".join(comments.get((cls, name), ()))).splitlines()


def _texts_in(
    typed_dict: Any, keys: list[str], modules: set[str]
) -> tuple[list[str], dict[str, list[str]]]:
    """
    Return the docstring of a TypedDict, and what it and its bases say about the *keys*.
    """
    modules.add(typed_dict.__module__)
    texts: dict[str, list[str]] = {}
    for base in vars(typed_dict).get("__orig_bases__", ()):
        if (cls := as_typed_dict(base)) is not None:
            texts |= _texts_in(cls, keys, modules)[1]
    lines = cleandoc(vars(typed_dict).get("__doc__") or "").splitlines()
    text, in_docstring = without_keys(lines, keys)
    for key in keys:
        if comment := _comment(typed_dict.__module__, f"{typed_dict.__qualname__}.{key}"):
            texts[key] = comment
    return text, texts | in_docstring
