"""Decorators that pass everything on, but not every send."""

from functools import wraps
from typing import Any, NotRequired, TypedDict

from typed_signals import Signal, receiver


class Oven:
    pass


class WoodOven(Oven):
    pass


class Baked(TypedDict):
    oven: Oven
    note: NotRequired[str]


class Burnt(TypedDict):
    oven: Oven
    minutes: int


baked = Signal[Any, Baked]()
burnt = Signal[Any, Burnt]()


def if_noted(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        if "note" in kwargs:
            return function(*args, **kwargs)
        return None

    return wrapper


def only(wanted):
    def decorator(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            if kwargs["signal"] is wanted:
                return function(*args, **kwargs)
            return None

        return wrapper

    return decorator


def if_wooden(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        if isinstance(kwargs["oven"], WoodOven):
            function(*args, **kwargs)

    return wrapper


# R: ContractWarning
@receiver(baked)
@if_noted
def log_note(note, **kwargs):
    return kwargs["note"]


# R: ContractWarning
@receiver([baked, burnt])
@only(burnt)
def log_minutes(sender, minutes, **kwargs):
    pass


@receiver(baked)
@if_wooden
def add_wood(oven: WoodOven, **kwargs: Any) -> None:
    pass


@receiver([baked, burnt])
@only(burnt)
# E: baked cannot connect log_misspelt: 'minuts' is never sent (Baked does not declare it): remove the parameter or give it a default  [signal-parameter]
# E: burnt cannot connect log_misspelt: 'minuts' is never sent (Burnt does not declare it): did you mean 'minutes'?  [signal-parameter]
def log_misspelt(sender, minuts, **kwargs):
    pass


@receiver(baked)
@if_wooden
# E: baked cannot connect add_coal: 'oven' has type "Oven" in Baked, but the parameter is annotated "str": annotate it as "Oven"  [signal-type]
def add_coal(oven: str, **kwargs: Any) -> None:
    pass
