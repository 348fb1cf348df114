"""
What is listed or checked stays alive meanwhile: a check never reports the None that is left.

The historical models of migrations connect methods of their own, and die at any time.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.dispatch import Signal as DjangoSignal

import typed_signals
from typed_signals._declare.payload import UNDECLARED
from typed_signals.django import Signal, checks, receiver
from typed_signals.django._live_connections import connections_of

if TYPE_CHECKING:
    from collections.abc import Callable

MAKES: Final[dict[str, Callable[[], Any]]] = {
    "Django's": DjangoSignal,
    "on Django": Signal,
    "core": typed_signals.Signal,
}


class Options:
    def changed(self, **kwargs: Any) -> None: ...


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
@pytest.mark.parametrize("on_commit", [False, True])
def test_receiver_and_sender_die_while_they_are_listed(
    make: Callable[[], Any], on_commit: bool
) -> None:
    signal, options = make(), Options()

    class Sender: ...

    if on_commit:
        receiver(signal, sender=Sender, on_commit=True)(options.changed)
    else:
        signal.connect(options.changed, sender=Sender)
    [(_, _, [listed])] = connections_of([("signal", signal)])
    del options, Sender
    gc.collect()
    assert listed.connection.receiver is not None
    assert listed.connection.sender is not None
    del listed
    gc.collect()
    assert [*connections_of([("signal", signal)])] == [("signal", signal, [])]


def test_receiver_dies_while_it_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    signal = DjangoSignal()
    options = [Options()]
    signal.connect(options[0].changed)

    def forget(*_args: object) -> Any:
        options.clear()
        gc.collect()
        return UNDECLARED

    monkeypatch.setattr(checks, "find_signals", lambda: [("shop.signal", signal)])
    monkeypatch.setattr(checks, "payload_of", forget)
    assert checks.check_connections() == []
    assert not options
