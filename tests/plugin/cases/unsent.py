# mypy: enable-error-code="signal-unsent"
"""Parameters that always have their default: reported if the code is enabled."""

from typing import Any, NotRequired, TypedDict

from typing_extensions import Unpack

from typed_signals import Signal, receiver
from typed_signals.background import Background, Delivery, Immediate


class PizzaDone(TypedDict):
    size: int
    note: NotRequired[str]


class PizzaSold(TypedDict):
    size: int
    price: float


done = Signal[Any, PizzaDone]()
sold = Signal[Any, PizzaSold]()
untyped = Signal()


@receiver(done)
def with_keys(sender=None, signal=None, size=0, note="", **kwargs):
    pass


@receiver(done)
def without(sender, **kwargs):
    pass


@receiver(done)
# E: 'verbose' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
def verbose(sender, verbose=False, **kwargs):
    pass


@receiver(done)
# E: 'nota' is never sent by done, so it always has its default: did you mean 'note'?  [signal-unsent]
def misspelt(sender, nota="", **kwargs):
    pass


# The similar key has a parameter already.
@receiver(done)
# E: 'nota' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
def with_both(sender, note="", nota="", **kwargs):
    pass


@receiver(done)
# E: 'quick' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
# E: 'verbose' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
def keyword_only(sender, *, verbose=False, quick=True, **kwargs):
    pass


@receiver(done)
# E: 'verbose' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
async def awaited(sender, verbose=False, **kwargs):
    pass


@receiver(done)
# E: 'verbose' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
# E: done cannot connect and_more: 'crust' is never sent (PizzaDone does not declare it): remove the parameter or give it a default  [signal-parameter]
def and_more(sender, crust, verbose=False, **kwargs):
    pass


# With several signals, it is enough that one sends it.
@receiver(sold)
def of_sold(price=0.0, **kwargs):
    pass


@receiver([done, sold])
def of_both(size=0, **kwargs):
    pass


@receiver([done, sold])
def of_either(price=0.0, note="", **kwargs):
    pass


@receiver(done)
@receiver(sold)
def of_stack(price=0.0, note="", **kwargs):
    pass


@receiver([done, sold])
# E: 'verbose' is never sent by done or sold, so it always has its default: remove the parameter  [signal-unsent]
def wrong_of_both(price=0.0, verbose=False, **kwargs):
    pass


@receiver(done)
@receiver(sold)
# E: 'verbose' is never sent by done or sold, so it always has its default: remove the parameter  [signal-unsent]
def wrong_of_stack(price=0.0, verbose=False, **kwargs):
    pass


@receiver([done, untyped])
def of_anything(verbose=False, **kwargs):
    pass


def other(function):
    return function


@receiver(done)
@other
# E: 'verbose' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
def decorated(verbose=False, **kwargs):
    pass


# A signal with any payload may send it.
@receiver(untyped)
def of_untyped(verbose=False, **kwargs):
    pass


@Signal.declare
def open_ended(sender: object, size: int, **kwargs: Any) -> object:
    """There may be more to say."""


@Signal.declare
def closed(sender: object, **kwargs: Unpack[PizzaDone]) -> object:
    """There is no more to say."""


@receiver(open_ended)
def of_open_ended(verbose=False, **kwargs):
    pass


@receiver(closed)
# E: 'verbose' is never sent by closed, so it always has its default: remove the parameter  [signal-unsent]
def of_closed(verbose=False, **kwargs):
    pass


class Kitchen:
    def right(self, note="", **kwargs):
        pass

    def wrong(self, verbose=False, **kwargs):
        pass


kitchen = Kitchen()
done.connect(kitchen.right)
done.connect(lambda size=0, **kwargs: None, weak=False)
# E: 'verbose' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
done.connect(kitchen.wrong)
# E: 'oven' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
done.connect(lambda oven=None, **kwargs: oven, weak=False)
receiver(done)(kitchen.right)
# E: 'verbose' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
receiver(done)(kitchen.wrong)


# In the background, the delivery is passed.
background = Background(Immediate())


@background.receiver(done)
def with_delivery(sender, delivery: Delivery | None = None, size=0, **kwargs):
    pass


@background.receiver(done)
# E: 'sise' is never sent by done, so it always has its default: did you mean 'size'?  [signal-unsent]
def with_delivery_misspelt(sender, delivery=None, sise=0, **kwargs):
    pass


@receiver(done)
# E: 'delivery' is never sent by done, so it always has its default: remove the parameter  [signal-unsent]
def with_delivery_at_once(sender, delivery=None, **kwargs):
    pass
