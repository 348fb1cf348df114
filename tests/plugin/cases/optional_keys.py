"""Optional keys: receivers need a default for them."""

from typing import Any, NotRequired, Required, TypedDict

from typing_extensions import ReadOnly, Unpack

from typed_signals import Signal, receiver


class PizzaDone(TypedDict):
    size: int
    note: NotRequired[str]
    crust: NotRequired[str | None]


done = Signal[Any, PizzaDone]()


@receiver(done)
def with_default(sender, size, note="", **kwargs):
    pass


@receiver(done)
def keyword_with_default(sender, *, note=None, crust=None, **kwargs):
    pass


@receiver(done)
def from_kwargs(sender, size, **kwargs):
    return kwargs.get("note")


@receiver(done)
# E: done cannot connect required: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
def required(sender, size, note, **kwargs):
    pass


@receiver(done)
# E: done cannot connect required_keyword: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
def required_keyword(sender, *, note, **kwargs):
    pass


@receiver(done)
# E: done cannot connect both_required: 'crust' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
# E: done cannot connect both_required: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
def both_required(sender, note, crust, **kwargs):
    pass


@receiver(done)
# E: done cannot connect typed: 'crust' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
def typed(sender: object, crust: str | None, **kwargs: object) -> None:
    pass


@receiver(done)
# E: done cannot connect awaited: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
async def awaited(sender, note, **kwargs):
    pass


class Kitchen:
    def right(self, note=None, **kwargs):
        pass

    def wrong(self, note, **kwargs):
        pass

    def __call__(self, crust, **kwargs):
        pass


kitchen = Kitchen()
done.connect(kitchen.right)
# E: done cannot connect wrong: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
done.connect(kitchen.wrong)
# E: done cannot connect Kitchen object: 'crust' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
done.connect(kitchen)

# Sends may omit them, but may not pass None unless declared.
done.send(None, size=1)
done.send(None, size=1, note="hot", crust=None)
# E: done.send(): missing 'size'; PizzaDone declares 'size' and optionally 'crust', 'note'  [signal-send]
done.send(None, note="hot")
# E: done.send(): 'note' has type "None", but PizzaDone declares "str"  [signal-send]
done.send(None, size=1, note=None)


# All keys are optional.
class Maybe(TypedDict, total=False):
    size: int
    note: Required[str]


maybe = Signal[Any, Maybe]()


@receiver(maybe)
def on_maybe(sender, note, size=0, **kwargs):
    pass


@receiver(maybe)
# E: maybe cannot connect wrong_on_maybe: 'size' is not always sent (it is optional in Maybe): give the parameter a default  [signal-parameter]
def wrong_on_maybe(sender, note, size, **kwargs):
    pass


maybe.send(None, note="")
# E: maybe.send(): missing 'note'; Maybe declares 'note' and optionally 'size'  [signal-send]
maybe.send(None, size=1)


# Inherited keys are required or optional as in their own class.
class More(Maybe):
    price: float


class Less(PizzaDone, total=False):
    price: float


more = Signal[Any, More]()
less = Signal[Any, Less]()


@receiver(more)
def on_more(sender, price, note, size=0, **kwargs):
    pass


@receiver(more)
# E: more cannot connect wrong_on_more: 'size' is not always sent (it is optional in More): give the parameter a default  [signal-parameter]
def wrong_on_more(sender, price, size, **kwargs):
    pass


@receiver(less)
def on_less(sender, size, price=0.0, note="", **kwargs):
    pass


@receiver(less)
# E: less cannot connect wrong_on_less: 'price' is not always sent (it is optional in Less): give the parameter a default  [signal-parameter]
def wrong_on_less(sender, size, price, **kwargs):
    pass


more.send(None, price=1.0, note="")
less.send(None, size=1)
# E: more.send(): missing 'price'; More declares 'note', 'price' and optionally 'size'  [signal-send]
more.send(None, note="")
# E: less.send(): missing 'size'; Less declares 'size' and optionally 'crust', 'note', 'price'  [signal-send]
less.send(None, price=1.0)


# Qualifiers in any order.
class Qualified(TypedDict):
    first: ReadOnly[NotRequired[int]]
    second: NotRequired[ReadOnly[int]]
    third: ReadOnly[int]


qualified = Signal[Any, Qualified]()


@receiver(qualified)
def on_qualified(third, first=0, second=0, **kwargs):
    pass


@receiver(qualified)
# E: qualified cannot connect wrong_on_qualified: 'first' is not always sent (it is optional in Qualified): give the parameter a default  [signal-parameter]
# E: qualified cannot connect wrong_on_qualified: 'second' is not always sent (it is optional in Qualified): give the parameter a default  [signal-parameter]
def wrong_on_qualified(first, second, third, **kwargs):
    pass


# Receivers get keys that are not identifiers only in **kwargs.
Header = TypedDict("Header", {"content-type": str, "class": NotRequired[str]})
received = Signal[Any, Header]()


@receiver(received)
def on_received(sender, **kwargs):
    return kwargs["content-type"], kwargs.get("class")


received.send(None, **{"content-type": "text"})
received.send(None, **{"content-type": "text", "class": "x"})


# With several signals, each counts.
class PizzaSold(TypedDict):
    size: int
    note: str


sold = Signal[Any, PizzaSold]()


@receiver(sold)
def always_sold(sender, note, **kwargs):
    pass


@receiver([sold, done])
def on_both(sender, size, note="", **kwargs):
    pass


@receiver([sold, done])
# E: done cannot connect wrong_on_both: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
def wrong_on_both(sender, size, note, **kwargs):
    pass


# Declared by a function: a default, or the TypedDict that it unpacks.
@Signal.declare
def by_default(sender: object, size: int, note: str = "") -> object:
    """A note is optional."""


@Signal.declare
def by_typed_dict(sender: object, **kwargs: Unpack[PizzaDone]) -> object:
    """A note is optional."""


@receiver(by_default)
def on_default(size, note="", **kwargs):
    pass


@receiver(by_default)
# E: by_default cannot connect wrong_on_default: 'note' is not always sent (it is optional in the signal): give the parameter a default  [signal-parameter]
def wrong_on_default(size, note, **kwargs):
    pass


@receiver(by_typed_dict)
def on_typed_dict(size, note="", **kwargs):
    pass


@receiver(by_typed_dict)
# E: by_typed_dict cannot connect wrong_on_typed_dict: 'note' is not always sent (it is optional in the signal): give the parameter a default  [signal-parameter]
def wrong_on_typed_dict(size, note, **kwargs):
    pass
