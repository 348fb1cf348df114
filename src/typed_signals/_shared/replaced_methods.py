"""
Methods of classes, also of other packages, that are replaced for a while.
"""

from __future__ import annotations

from typing import Any, final


@final
class ReplacedMethods:
    """
    What was replaced, and by what.

    A method that a tool has replaced since is left alone: the tool calls ours, so that remains in
    use until the end of the process, and has to call the original.
    """

    def __init__(self) -> None:
        # The class, the name, the new method and the original; never changed, but replaced.
        self._entries: tuple[tuple[type, str, Any, Any], ...] = ()

    def __len__(self) -> int:
        return len(self._entries)

    def replace(self, cls: type, name: str, method: Any) -> None:
        """
        Replace the method of *cls* with this *name*, unless it is replaced.
        """
        if not any((cls, name) == entry[:2] for entry in self._entries):
            original = vars(cls)[name]
            setattr(cls, name, method)
            self._entries += ((cls, name, method, original),)

    def restore(self) -> None:
        """
        Put the original methods back.
        """
        for cls, name, method, original in self._entries:
            if vars(cls)[name] is method:
                setattr(cls, name, original)
        self._entries = tuple(
            entry for entry in self._entries if vars(entry[0])[entry[1]] is not entry[3]
        )

    def original_of(self, function: Any) -> Any:
        """
        Return the method that *function* replaces; *function* itself if it replaces none.
        """
        for _, _, method, original in self._entries:
            if method is function:
                return original
        return function
