"""
What was captured: the sends of some signals, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVar, final, overload

from typed_signals._base import BaseSignal, KwargsT, SenderT
from typed_signals._shared.messages import MOST_NAMES
from typed_signals._watch import Sent
from typed_signals._watch.by_name import known_name
from typed_signals._watch.watcher import described_sender

from ._matching import check_sender

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from typed_signals._typing import OtherSignal

OneSenderT = TypeVar("OneSenderT")
OneKwargsT = TypeVar("OneKwargsT")


@final
class Captured(Sequence[Sent[SenderT, KwargsT]], Generic[SenderT, KwargsT]):  # noqa: PLW1641
    """
    The sends of the captured signals, in the order in which they started.

    It grows until the block ends. A send that is not at its end has no responses yet.

    Type parameters:
        SenderT: the type of senders, if one signal is captured.
        KwargsT: the payload of this signal.
    """

    def __init__(self, signals: Iterable[Any]) -> None:
        self._signals = tuple(signals)
        self._sent: list[Sent[Any, Any]] = []

    def _add(self, sent: Sent[Any, Any]) -> None:
        self._sent.append(sent)

    def __enter__(self) -> NoReturn:
        raise TypeError(
            "signal_spy.capture() lasts until the end of the test: write sent = "
            "signal_spy.capture(...); for a block, use typed_signals.testing.capture()"
        )

    def __exit__(self, *_raised: object) -> None:
        """
        Do nothing: it is never entered.
        """

    def __deepcopy__(self, _memo: Mapping[int, object]) -> Self:
        # Django's TestCase copies for each test what setUpTestData stores in the class.
        return self

    def __len__(self) -> int:
        return len(self._sent)

    def __iter__(self) -> Iterator[Sent[SenderT, KwargsT]]:
        return iter(self._sent)

    @overload
    def __getitem__(self, index: int, /) -> Sent[SenderT, KwargsT]: ...

    @overload
    def __getitem__(self, index: slice, /) -> list[Sent[SenderT, KwargsT]]: ...

    def __getitem__(self, index: Any, /) -> Any:
        return self._sent[index]

    # Without a hash, because it changes, as a list does.
    def __eq__(self, other: object) -> bool:
        return self._sent == other if isinstance(other, list) else self is other

    def __repr__(self) -> str:
        return repr(self._sent)

    @overload
    def of(
        self, signal: BaseSignal[OneSenderT, OneKwargsT, Any, ...], /, sender: object = None
    ) -> list[Sent[OneSenderT, OneKwargsT]]: ...

    @overload
    def of(self, signal: OtherSignal, /, sender: object = None) -> list[Sent[Any, Any]]: ...

    def of(self, signal: Any, /, sender: object = None) -> list[Sent[Any, Any]]:
        """
        Return the sends of *signal*.

        Args:
            signal: one of the captured signals.
            sender: the only sender, compared by identity; None for all senders.

        Raises:
            TypeError: the signal never has this sender.
            ValueError: the signal is not captured.
        """
        if not any(each is signal for each in self._signals):
            raise ValueError(f"{known_name(signal)} is not captured here: pass it to capture()")
        found = [
            each
            for each in self._sent
            if each.signal is signal and (sender is None or each.sender is sender)
        ]
        if not found:
            check_sender(signal, sender)
        return found

    @overload
    def one(
        self, signal: BaseSignal[OneSenderT, OneKwargsT, Any, ...], /, sender: object = None
    ) -> Sent[OneSenderT, OneKwargsT]: ...

    @overload
    def one(self, signal: OtherSignal, /, sender: object = None) -> Sent[Any, Any]: ...

    def one(self, signal: Any, /, sender: object = None) -> Sent[Any, Any]:
        """
        Return the only send of *signal*, with the arguments of :meth:`of`.

        Raises:
            AssertionError: it was not sent, or more than once.
            ValueError: the signal is not captured.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        found = self._some_of(signal, sender)
        if len(found) > 1:
            times = f"{known_name(signal)} was sent {len(found)} times{_from(sender)}, not once"
            raise AssertionError(f"{times}:{_listed(found)}")
        return found[0]

    @overload
    def last(
        self, signal: BaseSignal[OneSenderT, OneKwargsT, Any, ...], /, sender: object = None
    ) -> Sent[OneSenderT, OneKwargsT]: ...

    @overload
    def last(self, signal: OtherSignal, /, sender: object = None) -> Sent[Any, Any]: ...

    def last(self, signal: Any, /, sender: object = None) -> Sent[Any, Any]:
        """
        Return the last send of *signal*, with the arguments of :meth:`of`.

        Raises:
            AssertionError: it was not sent.
            ValueError: the signal is not captured.
        """
        __tracebackhide__ = True
        return self._some_of(signal, sender)[-1]

    def _some_of(self, signal: Any, sender: object) -> list[Sent[Any, Any]]:
        __tracebackhide__ = True
        found = self.of(signal, sender)
        if not found:
            instead = (
                f". Sent instead:{_listed(self._sent)}" if self._sent else ": nothing was captured"
            )
            raise AssertionError(f"{known_name(signal)} was not sent{_from(sender)}{instead}")
        return found

    def clear(self) -> None:
        """
        Forget what was sent until now.
        """
        self._sent.clear()


def _from(sender: object) -> str:
    return "" if sender is None else f" from {described_sender(sender)}"


def _listed(sends: Sequence[Sent[Any, Any]]) -> str:
    lines = [f"\n  {each!r}" for each in sends[:MOST_NAMES]]
    rest = len(sends) - MOST_NAMES
    return "".join([*lines, f"\n  and {rest} more"] if rest > 0 else lines)
