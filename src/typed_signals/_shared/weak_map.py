"""
A mapping of weakly referenced objects, which are compared by identity.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, final
from weakref import ref

StoredT = TypeVar("StoredT")


@final
class WeakMap(Generic[StoredT]):
    """
    What is stored for objects that are still alive.
    """

    def __init__(self) -> None:
        self._entries: dict[int, tuple[ref[Any], StoredT]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def set(self, key: Any, value: StoredT) -> None:
        """
        Store *value* for the object *key*.
        """
        entries, number = self._entries, id(key)

        def forget(reference: ref[Any]) -> None:
            # Unless there is a new object with the same id.
            if (entry := entries.get(number)) is not None and entry[0] is reference:
                entries.pop(number, None)

        entries[number] = (ref(key, forget), value)

    def get(self, key: object) -> StoredT | None:
        """
        Return what is stored for the object *key*, or None.
        """
        entry = self._entries.get(id(key))
        return None if entry is None else entry[1]

    def discard(self, key: object) -> None:
        """
        Forget the object *key*.
        """
        self._entries.pop(id(key), None)

    def pop_keys(self) -> list[Any]:
        """
        Forget all objects, and return those that are alive.
        """
        entries = list(self._entries.values())
        self._entries.clear()
        return [key for reference, _ in entries if (key := reference()) is not None]
