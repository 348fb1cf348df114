"""
What changed between two releases, and which deliveries fail while both run.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typed_signals._watch.by_name import is_meant

from .accepted import Document, Reading, needed_in
from .folder import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .accepted import Schema
    from .folder import Contracts


class Fails(Enum):
    """
    What fails while two releases run. The value is how messages say it.
    """

    NOTHING = "compatible"
    OLD_DELIVERIES = "deliveries of the old release would fail"
    OLD_WORKERS = "workers of the old release would fail"
    BOTH = "deliveries and workers of the old release would fail"

    @classmethod
    def of(cls, *, old_deliveries: bool, old_workers: bool) -> Fails:
        """
        Return what fails.
        """
        if old_deliveries:
            return cls.BOTH if old_workers else cls.OLD_DELIVERIES
        return cls.OLD_WORKERS if old_workers else cls.NOTHING


class Change(NamedTuple):
    """
    A change of a signal.
    """

    signal: str

    key: str
    """The key of the payload, like ``lines[].price``; empty for the signal itself."""

    what: str
    fails: Fails

    def __str__(self) -> str:
        subject = f"{self.key!r} " if self.key else ""
        return f"{self.signal}: {subject}{self.what}: {self.fails.value}"

    def is_in(self, pattern: str) -> bool:
        """
        Return whether *pattern* means the signal or the key.
        """
        return is_meant(self.signal, pattern) or is_meant(f"{self.signal}.{self.key}", pattern)


_ADDED: Final = "was added (workers of the old release do not know it: replace them first)"


def changes_between(old: Contracts, new: Contracts) -> list[Change]:
    """
    Return the changes from *old* to *new* contracts, by the name of the signal.
    """
    added = {name: schema for name, schema in new.items() if name not in old}
    changes = [Change(name, "", _ADDED, Fails.NOTHING) for name in added]
    for name, schema in old.items():
        if name in new:
            changes += _Comparison(name, schema, new[name]).changes()
        else:
            renamed = next((one for one in added if _is_same(schema, added[one])), None)
            what = f"is gone; is it {renamed} now?" if renamed else "is gone"
            changes.append(Change(name, "", what, Fails.OLD_DELIVERIES))
    return sorted(changes, key=lambda change: change.signal)


def _is_same(schema: Schema, other: Schema) -> bool:
    return {**schema, "title": ""} == {**other, "title": ""}


class _Comparison:
    """
    The changes of one signal.
    """

    def __init__(self, name: str, old: Schema, new: Schema) -> None:
        self._name = name
        self._old, self._new = Document(old), Document(new)
        self._forwards = Reading(self._old, self._new)
        self._backwards = Reading(self._new, self._old)
        self._left_out: dict[str, str] = new.get(LEFT_OUT, {})

    def changes(self) -> Iterator[Change]:
        """
        Yield the changes.
        """
        yield from self._of_keys("", self._old.schema, self._new.schema)

    def _change(self, key: str, what: str, *, old_deliveries: bool, old_workers: bool) -> Change:
        fails = Fails.of(old_deliveries=old_deliveries, old_workers=old_workers)
        return Change(self._name, key, what, fails)

    def _of_keys(self, prefix: str, old: Schema, new: Schema) -> Iterator[Change]:
        """
        Yield the changes of an object with known keys.
        """
        keys, new_keys = old["properties"], new["properties"]
        written, new_written = {*old.get("required", ())}, {*new.get("required", ())}
        needed, new_needed = needed_in(old), needed_in(new)
        for key in keys | new_keys:
            path = f"{prefix}{key}"
            was, is_now = key in needed, key in new_needed
            if key not in keys:
                what = "was added, and is required" if is_now else "was added, and is optional"
                yield self._change(path, what, old_deliveries=is_now, old_workers=False)
            elif key not in new_keys:
                reason = self._left_out.get(path)
                what = "was removed" if reason is None else f"no longer travels, because {reason}"
                yield self._change(path, what, old_deliveries=False, old_workers=was)
            else:
                if is_now and key not in written:
                    yield self._change(
                        path, "became required", old_deliveries=True, old_workers=False
                    )
                elif was and key not in new_written:
                    yield self._change(
                        path, "became optional", old_deliveries=False, old_workers=True
                    )
                yield from self._of_type(path, keys[key], new_keys[key])

    def _of_type(self, path: str, old: Any, new: Any) -> list[Change]:
        """
        Return the changes of the type of a key, or of something in it.
        """
        forwards = self._forwards.accepts(old, new)
        backwards = self._backwards.accepts(new, old)
        with self._forwards.inside(old, new) as is_begun, self._backwards.inside(new, old):
            changes = [] if is_begun else [*self._inside(path, old, new)]
        if not (changes or (forwards and backwards)):
            what = f"was {described(old)} and is {described(new)}"
            changes = [
                self._change(path, what, old_deliveries=not forwards, old_workers=not backwards)
            ]
        return changes

    def _inside(self, path: str, old: Any, new: Any) -> Iterator[Change]:
        """
        Yield the changes in keys of a type, in its items, or in members of a union.
        """
        old, new = self._old.resolved(old), self._new.resolved(new)
        if "properties" in old and "properties" in new:
            yield from self._of_keys(f"{path}.", old, new)
        for keyword in ("items", "additionalProperties"):
            if keyword in old and keyword in new:
                yield from self._of_type(f"{path}[]", old[keyword], new[keyword])
        members, new_members = old.get("anyOf", []), new.get("anyOf", [])
        removed = [member for member in members if member not in new_members]
        added = [member for member in new_members if member not in members]
        pairs = [(member, member) for member in members if member in new_members]
        if len(removed) == len(added) == 1:
            pairs.append((removed[0], added[0]))
        for member, new_member in pairs:
            yield from self._of_type(path, member, new_member)


def described(schema: Any) -> str:
    """
    Return *schema* for messages.
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(described, schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    kind = str(schema["type"])
    if "prefixItems" in schema:
        return f"{kind} ({', '.join(map(described, schema['prefixItems']))})"
    if "items" in schema:
        return f"{kind} of {described(schema['items'])}"
    detail = schema.get("x-subclass-of", schema.get("format"))
    return kind if detail is None else f"{kind} ({detail})"
