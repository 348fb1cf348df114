"""
The types of receivers in the background for type checkers; nothing here is used at run time.

Such a receiver may also have the parameter ``delivery``. As ``sender`` and ``signal``, it can only
come before the keys of the payload in the types here; the plugin for mypy accepts it anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from typed_signals._typing import P, SenderT_contra

if TYPE_CHECKING:
    from typing import TypeAlias

    from typed_signals._typing import ReceiverOf, SenderT

    from ._delivery import Delivery


class SenderThenDelivery(Protocol[SenderT_contra, P]):
    """
    A receiver that starts with ``sender, delivery``.
    """

    def __call__(
        self, sender: SenderT_contra, delivery: Delivery, *args: P.args, **kwargs: P.kwargs
    ) -> Any: ...


class DeliveryFirst(Protocol[P]):
    """
    A receiver that starts with ``delivery``.
    """

    def __call__(self, delivery: Delivery, *args: P.args, **kwargs: P.kwargs) -> Any: ...


if TYPE_CHECKING:
    BackgroundReceiverOf: TypeAlias = (
        ReceiverOf[SenderT, P] | SenderThenDelivery[SenderT, P] | DeliveryFirst[P]
    )
