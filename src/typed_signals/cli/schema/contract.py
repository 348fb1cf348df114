"""
The schema of the payload of a signal: JSON Schema, draft 2020-12.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

from typed_signals.background._codec.kind import Definitions
from typed_signals.background._keys import keys_of

from .folder import LEFT_OUT

if TYPE_CHECKING:
    from typed_signals._base import BaseSignal

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def contract_of(name: str, signal: BaseSignal[Any, Any]) -> dict[str, Any]:
    """
    Return the schema of what travels of the payload of *signal*.

    Args:
        name: the name of the signal.
        signal: the signal.

    Raises:
        DeclarationError: its declaration is invalid.
    """
    keys = keys_of(signal)
    definitions = Definitions()
    properties = {key: codec.schema(definitions) for key, codec in keys.codecs.items()}
    schema: dict[str, Any] = {"$schema": DIALECT, "title": name}
    if text := signal._declaration.text_of(signal):
        schema["description"] = cleandoc(text)
    schema |= {
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key in keys.required],
    }
    if keys.reasons:
        schema[LEFT_OUT] = {key: each.reason_about(key) for key, each in keys.reasons.items()}
    if definitions:
        schema["$defs"] = dict(sorted(definitions.items()))
    return schema
