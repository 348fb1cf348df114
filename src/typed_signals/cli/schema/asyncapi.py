"""
All signals of a project as one document: AsyncAPI 3.0.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from .accepted import Schema
    from .folder import Contracts

_VERSION: Final = "3.0.0"
_DEFINITIONS: Final = "#/$defs/"
# What the names of components consist of.
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]", re.ASCII)


def asyncapi_of(contracts: Contracts, root: Path) -> dict[str, Any]:
    """
    Return the document for the *contracts* of the project in the folder *root*.

    A channel is a signal, and a message is the text of a delivery.
    """
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for name, contract in contracts.items():
        key = _key(name)
        channels[key] = {
            "address": name,
            "messages": {"delivery": {"$ref": f"#/components/messages/{key}"}},
        }
        for action in ("send", "receive"):
            operations[f"{action}.{key}"] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{key}"},
                "messages": [{"$ref": f"#/channels/{key}/messages/delivery"}],
            }
        messages[key] = _message(name, contract, f"#/components/schemas/{key}")
        schemas |= _schemas(key, contract)
    return {
        "asyncapi": _VERSION,
        "info": _info(root),
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": dict(sorted(schemas.items()))},
    }


def _key(name: str) -> str:
    return _NOT_IN_NAMES.sub(lambda found: f"-{ord(found[0]):x}", name)


def _info(root: Path) -> dict[str, str]:
    """
    Return the name and the version of the project.
    """
    stated: Any = {}
    with suppress(OSError, ValueError):
        stated = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project", {})
    return {
        "title": str(stated.get("name", root.name)),
        "version": str(stated.get("version", "0")),
    }


def _message(name: str, contract: Schema, payload: str) -> dict[str, Any]:
    """
    Return the message that delivers what a signal sends, as ``typed_signals.background`` writes it.
    """
    message: dict[str, Any] = {"name": name, "title": f"A delivery of {name}"}
    if "description" in contract:
        message["description"] = contract["description"]
    text = {"type": "string"}
    message["payload"] = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "signal": {"const": name},
            "receiver": text,
            "sent_at": {"type": "string", "format": "date-time"},
            "payload": {"$ref": payload},
            "sender": {"type": ["object", "null"], "properties": {"class": text, "value": {}}},
            "left_out": {"type": "array", "items": text},
            "trace": {"type": "object", "additionalProperties": text},
        },
        "required": ["id", "signal", "receiver", "sent_at", "payload"],
    }
    return message


def _schemas(key: str, contract: Schema) -> dict[str, Any]:
    """
    Return the schema of a payload and its definitions, by name, as AsyncAPI has them.

    Its schemas are those of draft 7 of JSON Schema, and the root of references is the document.
    """
    definitions = contract.get("$defs", {})
    names = {f"{_DEFINITIONS}{name}": f"{key}-{_key(name)}" for name in definitions}
    found = {names[f"{_DEFINITIONS}{name}"]: each for name, each in definitions.items()}
    found[key] = {
        keyword: value for keyword, value in contract.items() if keyword not in ("$schema", "$defs")
    }
    return {name: _in_draft_7(schema, names) for name, schema in found.items()}


def _in_draft_7(schema: Any, names: dict[str, str]) -> Any:
    """
    Return *schema* with types of the items of tuples as draft 7 has them, and other references.
    """
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        return {"$ref": f"#/components/schemas/{names[schema['$ref']]}"}
    changed = dict(schema)
    for keyword in ("items", "additionalProperties", "propertyNames"):
        if keyword in schema:
            changed[keyword] = _in_draft_7(schema[keyword], names)
    for keyword in ("anyOf", "prefixItems"):
        if keyword in schema:
            changed[keyword] = [_in_draft_7(each, names) for each in schema[keyword]]
    if "properties" in schema:
        properties = schema["properties"].items()
        changed["properties"] = {key: _in_draft_7(each, names) for key, each in properties}
    if "prefixItems" in changed:
        changed["items"] = changed.pop("prefixItems")
    return changed
