"""
Whether each value that one schema describes is accepted by another one.

Not each keyword of JSON Schema is understood, only those that codecs use. A limit that is not
understood must be the same in both.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema: TypeAlias = "dict[str, Any]"

_DEFINITIONS: Final = "#/$defs/"
_NOTHING: Final[Schema] = {"anyOf": []}
# As codecs write them.
HAVE_DEFAULT: Final = "x-have-default"
"""The keys that are always written, but may be missing when they are read."""

FLAGS: Final = "x-flags"
"""The flags that a number is the sum of."""

# What says nothing about values.
_ANNOTATIONS: Final = frozenset({"title", "description", HAVE_DEFAULT})
# Those that are compared one by one.
_STRUCTURE: Final = frozenset(
    {"type", "items", "prefixItems", "properties", "required", "additionalProperties"}
    | {"propertyNames", FLAGS}
)
# Of values in an enum.
_TYPES: Final = {bool: "boolean", int: "integer", str: "string", type(None): "null"}
# All values of a type.
_VALUES: Final = {"boolean": (False, True), "null": (None,)}


def needed_in(schema: Schema) -> set[str]:
    """
    Return the keys of an object that must be there when it is read.
    """
    return {*schema.get("required", ())}.difference(schema.get(HAVE_DEFAULT, ()))


@final
class Document:
    """
    A schema with the definitions that it refers to.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._definitions: Schema = schema.get("$defs", {})

    def resolved(self, schema: Any) -> Schema:
        """
        Return *schema*, or what it refers to.
        """
        if isinstance(schema, bool):
            return {} if schema else _NOTHING
        while "$ref" in schema:
            schema = self._definitions[schema["$ref"].removeprefix(_DEFINITIONS)]
        found: Schema = schema
        return found

    def alternatives(self, schema: Any) -> Iterator[Schema]:
        """
        Yield schemas of one type, or of one value as ``const``, which *schema* is the union of.
        """
        schema = self.resolved(schema)
        if "anyOf" in schema:
            for member in schema["anyOf"]:
                yield from self.alternatives(member)
            return
        values = schema["enum"] if "enum" in schema else _VALUES.get(schema.get("type"))
        if values is None:
            yield schema
            return
        yield from ({"type": _TYPES[type(value)], "const": value} for value in values)


@final
class Reading:
    """
    What is written as one document says, and read as another one says.
    """

    def __init__(self, writer: Document, reader: Document) -> None:
        self._writer = writer
        self._reader = reader
        # Types may contain themselves.
        self._begun: set[tuple[str, str]] = set()

    @contextmanager
    def inside(self, written: Any, read: Any) -> Iterator[bool]:
        """
        Let the two schemas be accepted where they are in themselves, and yield whether they are.
        """
        pair = (repr(self._writer.resolved(written)), repr(self._reader.resolved(read)))
        is_begun = pair in self._begun
        self._begun.add(pair)
        yield is_begun
        if not is_begun:
            self._begun.discard(pair)

    def accepts(self, written: Any, read: Any) -> bool:
        """
        Return whether each value that *written* describes is accepted by *read*.
        """
        accepted = [*self._reader.alternatives(read)]
        return all(
            any(self._accepts_one(one, each) for each in accepted)
            for one in self._writer.alternatives(written)
        )

    def _accepts_one(self, written: Schema, read: Schema) -> bool:
        limits = read.keys() - _ANNOTATIONS
        if not limits:
            return True
        types = (written.get("type"), read.get("type"))
        if types[0] != types[1] and types != ("integer", "number"):
            return False
        if "const" in read:
            return "const" in written and written["const"] == read["const"]
        with self.inside(written, read) as is_begun:
            return is_begun or (
                all(_is_within(written, read, keyword) for keyword in limits - _STRUCTURE)
                and (FLAGS not in read or {*written.get(FLAGS, [None])} <= {*read[FLAGS]})
                and self._accepts_items(written, read)
                and self._accepts_properties(written, read)
            )

    def _accepts_items(self, written: Schema, read: Schema) -> bool:
        first, read_first = written.get("prefixItems", []), read.get("prefixItems", [])
        rest, read_rest = written.get("items", True), read.get("items", True)
        pairs = [*zip_longest(first, read_first), (rest, read_rest)]
        return all(
            self.accepts(rest if one is None else one, read_rest if other is None else other)
            for one, other in pairs
        )

    def _accepts_properties(self, written: Schema, read: Schema) -> bool:
        keys, read_keys = written.get("properties", {}), read.get("properties", {})
        # Only declared keys are written, and others that are read are dropped.
        rest, read_rest = (
            written.get("additionalProperties", False),
            read.get("additionalProperties", True),
        )
        return (
            needed_in(read) <= {*written.get("required", ())}
            and all(
                self.accepts(keys.get(key, rest), read_keys.get(key, read_rest))
                for key in keys | read_keys
            )
            and self.accepts(rest, read_rest)
            and self.accepts(
                written.get("propertyNames", {"type": "string"}), read.get("propertyNames", True)
            )
        )


def _is_within(written: Schema, read: Schema, keyword: str) -> bool:
    """
    Return whether a limit of *read* is not closer than that of *written*.
    """
    limit, given = read[keyword], written.get(keyword)
    if keyword == "minItems" and given is not None:
        return bool(limit <= given)
    if keyword == "maxItems" and given is not None:
        return bool(limit >= given)
    return bool(limit == given)
