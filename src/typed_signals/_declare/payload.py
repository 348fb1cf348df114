"""
The payload of a signal: its keys, and which of them are required.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, final

from typed_signals._shared.messages import MOST_NAMES, RESERVED_KEYS, listed, shown, suggest
from typed_signals.exceptions import PayloadError

if TYPE_CHECKING:
    from collections.abc import Iterable, KeysView

# The name of a payload that is not a TypedDict in messages.
SIGNAL_ITSELF: Final = "the signal"


@final
class Payload:
    """
    The keys of a signal's payload, as its declaration states them.

    Attributes:
        name: how messages call it: the TypedDict's name, or "the signal".
        required: keys present in every send, in the order of the declaration.
        optional: keys that a send may leave out (PEP 655's ``NotRequired``).
        positional: the keys that may also be passed by position after the sender, as parameters of
            a declaration by function can.
        open: whether a send may have undeclared keys, as all of them are for an
            untyped ``Signal()``.
        complete: whether receivers can rely on nothing but what is declared.
        always: what every receiver is passed: the required keys, the sender and the signal.
        passed: the declared arguments that a receiver may get.
        uncertain: the optional keys.
    """

    __slots__ = (
        "__weakref__",
        "always",
        "complete",
        "keys",
        "name",
        "open",
        "optional",
        "passed",
        "positional",
        "required",
        "required_keys",
        "uncertain",
    )

    def __init__(
        self,
        name: str,
        required: Iterable[str] = (),
        optional: Iterable[str] = (),
        *,
        positional: Iterable[str] = (),
        open: bool = False,  # noqa: A002 - the word of PEP 728 for it
        extra_items: bool = False,
    ) -> None:
        self.name = name
        self.required = tuple(required)
        self.optional = tuple(optional)
        self.positional = tuple(positional)
        self.open = open or extra_items
        # An open signal declares only some keys, and senders may always send others. A TypedDict
        # with ``extra_items`` declares all required keys: others may be missing.
        self.complete = not open
        self.required_keys = frozenset(self.required)
        self.keys = self.required_keys.union(self.optional)
        self.always = self.required_keys.union(RESERVED_KEYS)
        self.passed = self.keys.union(RESERVED_KEYS)
        self.uncertain = frozenset(self.optional)

    def accepts(self, keys: KeysView[str]) -> bool:
        """
        Return whether a send with *keys* fits the declaration; values are not checked.
        """
        if self.open:
            return keys >= self.required_keys and keys.isdisjoint(RESERVED_KEYS)
        return self.required_keys <= keys <= self.keys

    def by_keyword(self, args: tuple[Any, ...], payload: dict[str, Any]) -> dict[str, Any] | None:
        """
        Return *payload* with the arguments passed by position in it; None if they do not fit.
        """
        named = dict(zip(self.positional, args, strict=False))
        if len(args) > len(self.positional) or not named.keys().isdisjoint(payload):
            return None
        return named | payload

    def refusal(self, keys: KeysView[str], positional: int, where: str) -> PayloadError:
        """
        Return the error for a send with *keys*, with all problems.

        Args:
            keys: the names of the passed keyword arguments.
            positional: the number of arguments wrongly passed by position.
            where: the call for the message, like ``shop.pizza_done.send()``.
        """
        missing = [key for key in self.required if key not in keys]
        reserved = [key for key in keys if key in RESERVED_KEYS]
        unexpected = [key for key in keys if not (self.open or key in self.keys or key in reserved)]
        # The correct name of a misspelt key is usually missing, so suggest missing keys first.
        absent = [*missing, *(key for key in self.optional if key not in keys)]
        complaints = []
        if positional:
            complaints.append(f"{positional} passed by position (pass the payload by keyword)")
        if missing:
            complaints.append(f"missing {listed(missing)}")
        for key in unexpected[:MOST_NAMES]:
            meant = suggest(key, absent)
            complaints.append(
                f"unexpected {shown(key)}" + (f" (did you mean {shown(meant)}?)" if meant else "")
            )
        if (rest := len(unexpected) - MOST_NAMES) > 0:
            complaints.append(f"and {rest} more unexpected keys")
        if reserved:
            complaints.append(f"unexpected {listed(reserved)} (a reserved name)")
        carries = "" if self.open else f"; {self.name} declares {self._summary()}"
        return PayloadError(
            f"{where}: {', '.join(complaints)}{carries}",
            missing=missing,
            unexpected=[*unexpected, *reserved],
        )

    def _summary(self) -> str:
        required = listed(self.required)
        optional = f"optionally {listed(self.optional)}" if self.optional else ""
        return " and ".join(part for part in (required, optional) if part) or "nothing"


# A bare ``Signal()`` does not declare a payload.
UNDECLARED = Payload(SIGNAL_ITSELF, open=True)
