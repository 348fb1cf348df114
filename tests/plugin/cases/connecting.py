"""All ways of connecting: the decorator, lists, several decorators, connect()."""

from typing import Any, Literal, NotRequired, TypedDict

from typed_signals import Signal, receiver
from typed_signals._receiver import ReceiverDecorator


class Saved(TypedDict):
    instance: int
    created: bool


class Deleted(TypedDict):
    instance: int
    origin: NotRequired[str]


class Shop:
    opened = Signal[Any, Saved]()


saved = Signal[object, Saved]()
deleted = Signal[object, Deleted]()
shop = Shop()


# One signal, by position or by keyword.
@receiver(saved)
def by_position(sender, created, **kwargs):
    pass


@receiver(signal=saved)
def by_keyword(sender, created, **kwargs):
    pass


@receiver(saved, weak=False, dispatch_uid="saved")
def with_options(sender, created, **kwargs):
    pass


@receiver(signal=saved)
# E: saved cannot connect wrong_by_keyword: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
def wrong_by_keyword(sender, creatd, **kwargs):
    pass


@receiver(saved, weak=False, dispatch_uid="saved")
# E: saved cannot connect wrong_with_options: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
def wrong_with_options(sender, creatd, **kwargs):
    pass


# Several signals: each must send what a receiver requires.
@receiver([saved, deleted])
def both(sender, instance, **kwargs):
    pass


@receiver((saved, deleted))
def both_in_a_tuple(sender, instance, created=None, **kwargs):
    pass


@receiver([saved, deleted])
# E: deleted cannot connect one_of_both: 'created' is never sent (Deleted does not declare it): remove the parameter or give it a default  [signal-parameter]
def one_of_both(sender, instance, created, **kwargs):
    pass


@receiver((deleted, saved))
# E: deleted cannot connect other_of_both: 'origin' is not always sent (it is optional in Deleted): give the parameter a default  [signal-parameter]
# E: saved cannot connect other_of_both: 'origin' is never sent (Saved does not declare it): remove the parameter or give it a default  [signal-parameter]
def other_of_both(sender, origin, **kwargs):
    pass


# Several decorators, each checked separately.
@receiver(saved)
@receiver(deleted)
def stacked(sender, instance, **kwargs):
    pass


@receiver(saved)
@receiver(deleted)
# E: deleted cannot connect wrongly_stacked: 'created' is never sent (Deleted does not declare it): remove the parameter or give it a default  [signal-parameter]
def wrongly_stacked(sender, created, **kwargs):
    pass


# A signal that is an attribute.
@receiver(Shop.opened)
def on_class(sender, created, **kwargs):
    pass


@receiver(Shop.opened)
# E: Shop.opened cannot connect wrong_on_class: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
def wrong_on_class(sender, creatd, **kwargs):
    pass


shop.opened.connect(on_class)


def loose(sender, creatd, **kwargs):
    pass


# E: shop.opened cannot connect loose: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
shop.opened.connect(loose)

# connect(), with positional and keyword arguments.
saved.connect(by_position, Shop)
saved.connect(receiver=by_position, sender=Shop, weak=False, dispatch_uid="x")
# E: saved cannot connect loose: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
saved.connect(loose, Shop)
# E: saved cannot connect loose: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
saved.connect(sender=Shop, receiver=loose)

# The decorator as an object.
connect_saved = receiver(saved)
connect_saved(by_position)
# E: saved cannot connect loose: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
connect_saved(loose)


# With our internal types in its annotation, its signals are known; otherwise not.
No = Literal[False]
Noted = tuple[
    Literal["saved"], Signal[object, Saved], None, Literal[0], Literal[True], No, No, No, No
]
Unnamed = tuple[str, Signal[object, Saved], None, int, bool, bool, bool, bool, bool]


def apply(
    noted: ReceiverDecorator[tuple[Noted]],
    unnamed: ReceiverDecorator[tuple[Unnamed]],
    of_others: ReceiverDecorator[tuple[int, str]],
) -> None:
    # E: saved cannot connect loose: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
    noted(loose)
    unnamed(loose)
    of_others(loose)


# It returns its argument.
number: int = by_position.__code__.co_argcount


# mypy reports a call without a function.
def connect_nothing() -> None:
    # E: Too few arguments for "__call__" of "ReceiverDecorator"  [call-arg]
    receiver(saved)()


# Other objects with a connect() are not checked.
class ThirdPartySignal:
    def connect(self, receiver: object, **kwargs: object) -> None:
        pass


third_party = ThirdPartySignal()


@receiver(third_party)
def for_third_party(whatever):
    pass


@receiver([saved, third_party], sender=Shop)
def for_saved_and_third_party(sender, created, **kwargs):
    pass


third_party.connect(loose)


# Unknown signals are not checked.
def connect_to_either(anything: Any) -> None:
    connect_to = receiver(anything)
    connect_to = receiver(anything, sender=Shop)
    connect_to(loose)


# E: No overload variant of "receiver" matches argument type "int"  [call-overload]
# R: TypeError
receiver(42)


# Temporary connections, which keep the receiver alive.
with saved.connected(by_position, sender=shop), saved.connected(lambda **kwargs: None):
    saved.send(shop, instance=1, created=True)
with shop.opened.connected(by_position, dispatch_uid="uid"):
    pass
# E: saved cannot connect the receiver: 'creatd' is never sent (Saved does not declare it): did you mean 'created'?  [signal-parameter]
with saved.connected(lambda creatd, **kwargs: None):
    pass
