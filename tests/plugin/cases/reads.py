"""Keys that receivers read from **kwargs: at least one of their signals must declare them."""

from contextlib import suppress
from functools import partial
from typing import Any, NotRequired, TypedDict

from typing_extensions import Unpack

from typed_signals import Signal, receiver


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


class PizzaSold(TypedDict):
    price: float
    size: int


done = Signal[Any, PizzaDone]()
sold = Signal[Any, PizzaSold]()
untyped = Signal()
log = print


# All forms of reads.
@receiver(done)
def by_index(sender, **kwargs):
    return kwargs["size"]


@receiver(done)
def by_get(sender, **kwargs):
    return kwargs.get("note"), kwargs.get("size", 0)


@receiver(done)
def by_pop(sender, **kwargs):
    return kwargs.pop("note", None)


@receiver(done)
def under_another_name(sender, **payload):
    return payload["size"]


@receiver(done)
def reserved(**kwargs):
    return kwargs["sender"], kwargs["signal"], kwargs.get("sender")


@receiver(done)
async def awaited(sender, **kwargs):
    return kwargs["size"]


@receiver(done)
def typed(sender: object, **kwargs: Any) -> object:
    return kwargs["size"]


@receiver(done)
def wrong_beside_values(sender, **kwargs):
    log(kwargs.values())
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"]


# Comments in a function count as uses, so the expectations are above it here.
# fmt: off
@receiver(done)
# E: 'sise' is never in keys, because done does not declare it: did you mean 'size'?  [signal-read]
def wrong_in_a_line(sender, **keys): return keys["sise"]  # noqa: E704
# fmt: on


@receiver(done)
# One line of the function is enough.
def wrong_by_index(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"]


@receiver(done)
def wrong_by_get(sender, **kwargs):
    # E: 'nota' is never in kwargs, because done does not declare it: did you mean 'note'?  [signal-read]
    return kwargs.get("nota")


@receiver(done)
def wrong_by_get_with_default(sender, **kwargs):
    # E: 'sizes' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs.get("sizes", 0)


@receiver(done)
def wrong_by_pop(sender, **kwargs):
    # E: 'crust' is never in kwargs, because done does not declare it: remove it  [signal-read]
    return kwargs.pop("crust")


@receiver(done)
def ready_for_a_missing_key(sender, **kwargs):
    return kwargs.pop("crust", None), kwargs.get("raw", False)


@receiver(done)
def wrong_and_ready_for_a_missing_key(sender, **kwargs):
    raw = kwargs.get("raw", False)
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return raw, kwargs["sise"]


@receiver(done)
def wrong_under_another_name(sender, **payload):
    # E: 'sise' is never in payload, because done does not declare it: did you mean 'size'?  [signal-read]
    return payload["sise"]


@receiver(done)
async def wrongly_awaited(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"]


@receiver(done)
def wrongly_typed(sender: object, **kwargs: Any) -> object:
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"]


@receiver(done)
def wrong_twice(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    first = kwargs["sise"]
    # E: 'crust' is never in kwargs, because done does not declare it: remove it  [signal-read]
    second = kwargs["crust"]
    return first, second, kwargs["sise"]


@receiver(done)
def wrong_in_a_comparison(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"] > 30


@receiver(done)
def wrong_in_a_comparison_with_a_constant(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return 30 > kwargs["sise"]  # noqa: SIM300


@receiver(done)
def wrong_beside_a_test(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    size = kwargs["sise"]
    return "crust" in kwargs and kwargs["crust"], size


@receiver(done)
def wrong_beside_a_longer_test(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    size = kwargs["sise"]
    return "crust" in kwargs is not None and kwargs["crust"], size


@receiver(done)
def wrong_after_a_test_of_others(sender, **kwargs):
    others = {"sise": 1}
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return "sise" in others and kwargs["sise"]


@receiver(done)
def wrong_beside_reads_of_others(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return sender["crust"], sender.names["crust"], kwargs["sise"]


@receiver(done)
def without_a_key(sender, **kwargs):
    # E: All overload variants of "get" of "dict" require at least one argument  [call-overload]
    return kwargs.get(), kwargs["sise"]


# fmt: off
if sold:

 @receiver(done)
 def wrong_by_one_space(sender, **kwargs):
  # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
  return kwargs["sise"]
# fmt: on


@receiver(done)
def wrong_in_a_lambda(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return lambda: kwargs["sise"]


@receiver(done)
def wrong_in_an_async_function(sender, **kwargs):
    async def later():
        # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
        return kwargs["sise"]

    return later


@receiver(done)
def others_of_that_name(sender, **kwargs):
    async def later(**kwargs):
        return kwargs["sise"]

    return later, lambda kwargs: kwargs["sise"] > kwargs["crust"]


@receiver(done, sender=None, weak=False)
def wrong_deep_inside(sender, **kwargs):
    if sender:
        for _ in range(3):
            with suppress(OSError):
                # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
                log(kwargs["sise"])


@receiver(done)
def wrong_in_an_argument(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    log("pizza of %s", kwargs["sise"])


@receiver(done)
def wrong_in_a_string(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return f"a pizza of {kwargs['sise']}"


@receiver(done)
def wrong_in_a_comprehension(sender, **kwargs):
    # E: 'toppngs' is never in kwargs, because done does not declare it: did you mean 'toppings'?  [signal-read]
    return [f"{topping}!" for topping in kwargs["toppngs"]]


@receiver(done)
def wrong_in_a_nested_function(sender, **kwargs):
    def later():
        # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
        return kwargs["sise"]

    return later


# With several signals, one is enough.
@receiver([done, sold])
def of_both(sender, **kwargs):
    return kwargs.get("price"), kwargs.get("toppings"), kwargs["size"]


@receiver(done)
@receiver(sold)
def of_stacked(sender, **kwargs):
    return kwargs.get("price"), kwargs.get("toppings")


@receiver([done, sold])
def wrong_of_both(sender, **kwargs):
    # E: 'pric' is never in kwargs, because done or sold does not declare it: did you mean 'price'?  [signal-read]
    return kwargs.get("pric")


@receiver(done)
@receiver(sold)
def wrong_of_stacked(sender, **kwargs):
    # E: 'crust' is never in kwargs, because done or sold does not declare it: remove it  [signal-read]
    return kwargs["crust"]


# Uncertain cases: a test, a try, kwargs used as a whole or changed.
@receiver(done)
def tested(sender, **kwargs):
    if "crust" in kwargs:
        return kwargs["crust"]
    return None


@receiver(done)
def tested_first(sender, **kwargs):
    if "crust" not in kwargs:
        return None
    return kwargs["crust"]


@receiver(done)
def tried(sender, **kwargs):
    try:
        return kwargs["crust"]
    except KeyError:
        return None


@receiver(done)
def passed_on(sender, **kwargs):
    fill(kwargs)
    return kwargs["crust"]


def fill(kwargs):
    kwargs["crust"] = "thin"


@receiver(done)
def passed_on_by_name(sender, **kwargs):
    fill(kwargs=kwargs)
    return kwargs["crust"]


@receiver(done)
def passed_on_in_a_try(sender, **kwargs):
    try:
        fill(kwargs)
    finally:
        log("filled")
    return kwargs["crust"]


@receiver(done)
def updated_by_a_dict(sender, **kwargs):
    kwargs.update({"crust": "thin"})
    return kwargs["crust"]


@receiver(done)
def looked_for_by_variable(sender, key="crust", **kwargs):
    return key in kwargs and kwargs["crust"]


@receiver(done)
def updated(sender, **kwargs):
    kwargs.update(crust="thin")
    return kwargs["crust"]


@receiver(done)
def set_by_index(sender, **kwargs):
    kwargs["crust"] = "thin"
    return kwargs["crust"]


@receiver(done)
def set_by_default(sender, **kwargs):
    kwargs.setdefault("crust", "thin")
    return kwargs["crust"]


@receiver(done)
def rebound(sender, **kwargs):
    kwargs = {"crust": "thin", **kwargs}
    return kwargs["crust"]


@receiver(done)
def merged(sender, **kwargs):
    kwargs |= {"crust": "thin"}
    return kwargs["crust"]


@receiver(done)
def aliased(sender, **kwargs):
    payload = kwargs
    payload["crust"] = "thin"
    return kwargs["crust"]


@receiver(done)
def shadowed(sender, **kwargs):
    def inner(**kwargs):
        return kwargs["crust"]

    return inner(crust="thin")


@receiver(done)
def computed(sender, key="crust", **kwargs):
    return kwargs[key], kwargs.get(key), kwargs.get(f"{key}s")


@receiver(done)
def walked(sender, **kwargs):
    return [kwargs[key] for key in kwargs], dict(kwargs), list(kwargs.items())


# Read through a helper, and copied as arguments: neither adds keys.
@receiver(done)
def copied(sender, **kwargs):
    log("done", **kwargs) if sender else None
    return kwargs["size"]


@receiver(done)
def wrong_copied(sender, **kwargs):
    log("done", **kwargs) if sender else None
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"]


# Called elsewhere in its module, or connected to other signals too.
@receiver(done)
def called(sender, **kwargs):
    return kwargs["crust"]


called(None, crust="thin")


@receiver(done)
def connected_again(sender, **kwargs):
    return kwargs.get("crust")


untyped.connect(connected_again)


# A parameter with this name, a signal with any payload, other decorators.
@receiver(done)
def own_parameter(sender, size, **kwargs):
    return size, kwargs.get("note")


@receiver(untyped)
def of_anything(sender, **kwargs):
    return kwargs["crust"]


@receiver([done, untyped])
def of_anything_too(sender, **kwargs):
    return kwargs["crust"]


def with_crust(function):
    def wrapper(**kwargs):
        return function(crust="thin", **kwargs)

    return wrapper


@receiver(done)
@with_crust
def wrapped(sender, **kwargs):
    return kwargs["crust"]


# **kwargs of a declared type: mypy knows the keys by itself.
@receiver(done)
def unpacked(sender: object, **kwargs: Unpack[PizzaDone]) -> int:
    return kwargs["size"]


@receiver(done)
def wrongly_unpacked(sender: object, **kwargs: Unpack[PizzaDone]) -> object:
    # E: TypedDict "PizzaDone" has no key "sise"  [typeddict-item]
    return kwargs["sise"]


# Methods and functions connected by a call are read, lambdas are not.
class Kitchen:
    def on_done(self, sender, **kwargs):
        # E: 'crust' is never in kwargs, because done does not declare it: remove it  [signal-read]
        return kwargs["crust"]


kitchen = Kitchen()
done.connect(kitchen.on_done)
done.connect(lambda **kwargs: kwargs["crust"], weak=False)


def by_call(**kwargs):
    # E: 'crust' is never in kwargs, because done does not declare it: remove it  [signal-read]
    return kwargs["crust"]


done.connect(by_call)


# Declared by a function.
@Signal.declare
def baked(sender: object, size: int) -> object:
    """A pizza was baked."""


@Signal.declare
def open_ended(sender: object, size: int, **kwargs: Any) -> object:
    """There may be more to say."""


@receiver(baked)
def on_baked(**kwargs):
    return kwargs["size"]


@receiver(open_ended)
def on_open_ended(**kwargs):
    return kwargs["crust"]


@receiver(baked)
def wrong_on_baked(**kwargs):
    # E: 'sise' is never in kwargs, because baked does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"]


# Inside other functions and classes.
def make():
    @receiver(done, weak=False)
    def wrong_inside(sender, **kwargs):
        # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
        return kwargs["sise"]

    @receiver(done, weak=False)
    def right_inside(sender, **kwargs):
        return kwargs["size"]


class Handlers:
    @staticmethod
    @receiver(done)
    def right(sender, **kwargs):
        return kwargs["size"]


# A partial may add keys.
def with_bound(sender, **kwargs):
    return kwargs["oven"], kwargs.get("sizes")


done.connect(partial(with_bound, oven=1, sizes=2), weak=False)
bound_before = partial(with_bound, oven=2, sizes=3)
done.connect(bound_before)
