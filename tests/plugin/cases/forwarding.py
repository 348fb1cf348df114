"""Forms of sends: unpacked payloads, parameters, attributes, aliases, loops."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, NotRequired, TypedDict, TypeVar

from typing_extensions import Unpack

from typed_signals import Signal


class Order(TypedDict):
    number: int
    note: NotRequired[str]


class Exact(TypedDict):
    number: int
    note: NotRequired[str]


class Wider(Order):
    price: float


class Narrower(TypedDict):
    note: str


class WrongType(TypedDict):
    number: str


class Maybe(TypedDict, total=False):
    number: int


ordered = Signal[Any, Order]()
shipped = Signal[Any, Order]()
tracked = Signal[Any, Wider]()

order: Order = {"number": 1}
exact: Exact = {"number": 1}
wider: Wider = {"number": 1, "price": 1.0}
narrower: Narrower = {"note": ""}
wrong_type: WrongType = {"number": "1"}
maybe: Maybe = {"number": 1}
plain = {"number": 1}
various = {"number": 1, "note": ""}
anything: Any = {"number": 1}
mixed: dict[str, Any] = {"number": 1}

# A TypedDict, alone or with other arguments.
ordered.send(None, **order)
ordered.send(None, **exact)
ordered.send(None, number=1, **narrower)
tracked.send(None, **wider)
tracked.send(None, price=1.0, **order)
ordered.send_robust(sender=None, **order)
# E: ordered.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
ordered.send(None, **narrower)
# E: ordered.send(): unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
# R: PayloadError
ordered.send(None, **wider)
# E: ordered.send(): 'number' has type "str" in WrongType, but Order declares "int"  [signal-send]
ordered.send(None, **wrong_type)
# E: tracked.send(): missing 'price'; Wider declares 'number', 'price' and optionally 'note'  [signal-send]
tracked.send(None, **order)
# E: "send" of "Signal" gets multiple values for keyword argument "number"  [misc]
# R: TypeError
ordered.send(None, number=1, **order)
# E: ordered.send(): unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
ordered.send(None, price=1.0, **order)
# E: ordered.send_robust(): unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
# R: PayloadError
ordered.send_robust(sender=None, **wider)

# Dicts with unknown keys and types.
ordered.send(None, **plain)
ordered.send(None, **various)
ordered.send(None, number=1, **{"note": ""})
ordered.send(None, **anything)
ordered.send(None, **mixed)
ordered.send(None, **{"number": 1})
# R: PayloadError
ordered.send(None, **{"numbr": 1})


# **kwargs that are declared to be the payload.
def forward(sender: object, **kwargs: Unpack[Order]) -> None:
    ordered.send(sender, **kwargs)
    ordered.send_robust(sender, **kwargs)
    tracked.send(sender, price=1.0, **kwargs)
    # E: tracked.send(): missing 'price'; Wider declares 'number', 'price' and optionally 'note'  [signal-send]
    tracked.send(sender, **kwargs)


def forward_more(sender: object, **kwargs: Unpack[Wider]) -> None:
    tracked.send(sender, **kwargs)
    # E: ordered.send(): unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
    # R: PayloadError
    ordered.send(sender, **kwargs)


def forward_wrong(**kwargs: Unpack[WrongType]) -> None:
    # E: ordered.send(): 'number' has type "str" in WrongType, but Order declares "int"  [signal-send]
    ordered.send(None, **kwargs)


def forward_anything(sender: object, **kwargs: Any) -> None:
    ordered.send(sender, **kwargs)
    ordered.send(**kwargs)


def forward_untyped(sender, **kwargs):
    ordered.send(sender, **kwargs)
    ordered.send(sender=sender, **kwargs)
    ordered.send(sender, number=1, **kwargs)


def forward_objects(sender: object, **kwargs: object) -> None:
    ordered.send(sender, **kwargs)
    # E: ordered.send(): 'number' has type "str", but Order declares "int"  [signal-send]
    ordered.send(sender, number="1", **kwargs)
    # E: ordered.send(): unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
    ordered.send(sender, price=1.0, **kwargs)


async def forward_async(**kwargs: Unpack[Order]) -> None:
    await ordered.asend(None, **kwargs)
    await ordered.asend_robust(None, **kwargs)
    # E: tracked.asend(): missing 'price'; Wider declares 'number', 'price' and optionally 'note'  [signal-send]
    await tracked.asend(None, **kwargs)
    # E: ordered.asend_robust(): 'number' has type "str", but Order declares "int"  [signal-send]
    await ordered.asend_robust(None, number="1")


# A receiver that passes on its arguments, including signal and sender.
KwargsT = TypeVar("KwargsT")


def relay(sender: object, signal: object, **kwargs: Any) -> None:
    shipped.send(sender, **kwargs)


ordered.connect(relay)


# Signals that are parameters.
def send_any(signal: Signal[Any, Any], **payload: Any) -> None:
    signal.send(None, **payload)
    signal.send(None, whatever=1)


def send_bare(signal: Signal, **payload: Any) -> None:
    signal.send(None, **payload)
    signal.send(None, whatever=1)


def send_generic(signal: Signal[Any, KwargsT], payload: KwargsT, **more: Any) -> None:
    signal.send(None, **more)
    signal.send(None, whatever=1)


def send_order(signal: Signal[Any, Order]) -> None:
    signal.send(None, number=1)
    # E: signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
    signal.send(None, numbr=1)


def send_maybe(signal: Signal[Any, Order] | None) -> None:
    if signal is not None:
        signal.send(None, number=1)
        # E: signal.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
        signal.send(None)
    if signal:
        signal.send(None, number=1)
    (signal or ordered).send(None, number=1)
    # E: Item "None" of "Signal[Any, Order, Any, [VarArg(Any), KwArg(Any)]] | None" has no attribute "send"  [union-attr]
    signal.send(None, number=1)


def send_either(signal: Signal[Any, Order] | Signal[Any, Wider]) -> None:
    # E: signal.send(): missing 'price'; Wider declares 'number', 'price' and optionally 'note'  [signal-send]
    signal.send(None, number=1)
    # E: signal.send(): unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
    signal.send(None, number=1, price=1.0)


def send_alike(signal: Signal[Any, Order] | Signal[Any, Exact]) -> None:
    signal.send(None, number=1)
    # E: signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Exact declares 'number' and optionally 'note'  [signal-send]
    # E: signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
    signal.send(None, numbr=1)


def send_narrowed(signal: object) -> None:
    if isinstance(signal, Signal):
        signal.send(None, whatever=1)


# Signals that are attributes of another class.
class Tracker:
    before: Signal[Any, Order] = Signal()
    after: Final = Signal[Any, Order]()
    late: Signal[Any, Wider]

    def __init__(self, signal: Signal[Any, Order]) -> None:
        self.signal = ordered
        self.given = signal
        self.late = tracked
        self.maybe: Signal[Any, Order] | None = None

    def track(self) -> None:
        self.signal.send(self, number=1)
        self.given.send(self, number=1)
        self.before.send(self, number=1)
        self.after.send(self, number=1)
        Tracker.after.send(self, number=1)
        self.late.send(self, number=1, price=1.0)
        type(self).before.send(self, number=1)
        if self.maybe is not None:
            self.maybe.send(self, number=1)
        # E: self.signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
        self.signal.send(self, numbr=1)
        # E: self.given.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
        self.given.send(self)
        # E: self.before.send(): 'number' has type "str", but Order declares "int"  [signal-send]
        self.before.send(self, number="1")
        # E: before.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
        type(self).before.send(self)
        # E: self.late.send(): missing 'price'; Wider declares 'number', 'price' and optionally 'note'  [signal-send]
        self.late.send(self, number=1)

    @property
    def current(self) -> Signal[Any, Order]:
        return self.signal

    @classmethod
    def track_all(cls) -> None:
        cls.before.send(cls, number=1)
        # E: cls.after.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
        cls.after.send(cls)


tracker = Tracker(ordered)
tracker.track
tracker.signal.send(None, number=1)
tracker.current.send(None, number=1)
Tracker.before.send(None, number=1)
# E: tracker.signal.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
tracker.signal.send(None)
# E: tracker.current.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
tracker.current.send(None, numbr=1)
# E: Tracker.before.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
Tracker.before.send(None)
# E: Tracker.after.send(): unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
Tracker.after.send(None, number=1, price=1.0)

# The bound method under another name: not reported, only the type of the sender is checked.
send = ordered.send
send(None, number=1)
send(None, numbr=1) if False else None
robust = ordered.send_robust
robust(sender=None, number=1)
bound = partial(ordered.send, None)
bound(number=1)
senders: dict[str, Callable[..., Any]] = {"ordered": ordered.send}
senders["ordered"](None, number=1)
Signal.send(ordered, None, number=1)
# R: PayloadError
send(None, numbr=1)
# R: PayloadError
Signal.send(ordered, None)


class Alias:
    def __init__(self) -> None:
        self.send = ordered.send

    def track(self) -> None:
        self.send(None, number=1)
        self.send(None, numbr=1)


Alias().send(None, number=1)

# Elements of tuples, lists and dicts.
for signal in (ordered, shipped):
    signal.send(None, number=1)
for signal in [ordered, shipped]:
    signal.send_robust(None, number=1)
signals: dict[str, Signal[Any, Order]] = {"ordered": ordered, "shipped": shipped}
signals["ordered"].send(None, number=1)
by_name: Mapping[str, Signal[Any, Any]] = {"ordered": ordered, "tracked": tracked}
by_name["ordered"].send(None, number=1)
results = [signal.send(None, number=1) for signal in (ordered, shipped)]
first, second = ordered, shipped
first.send(None, number=1)
(ordered if first else shipped).send(None, number=1)
for signal in (ordered, shipped):
    # E: signal.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
    signal.send(None)
# E: Signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
signals["ordered"].send(None, numbr=1)
# E: signal.send(): 'number' has type "str", but Order declares "int"  [signal-send]
[signal.send(None, number="1") for signal in (ordered, shipped)]
# E: first.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
first.send(None)
# E: Signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
(ordered if first else shipped).send(None, numbr=1)


def send_to_all(signals: Iterable[Signal[Any, Order]], others: list[Signal[Any, Any]]) -> None:
    for signal in signals:
        signal.send(None, number=1)
        # E: signal.send(): missing 'number', unexpected 'price'; Order declares 'number' and optionally 'note'  [signal-send]
        signal.send(None, price=1)
    for other in others:
        other.send(None, price=1)


# Signals with different payloads have no common send.
for different in (ordered, tracked):
    if different is tracked:
        different.connect(relay)


# Subclasses that override a send and call super's.
class Logged(Signal[Any, Order]):
    def send(self, /, sender: Any, *args: Any, **payload: Any) -> Any:
        return super().send(sender, *args, **payload)


class Numbered(Signal[Any, Order]):
    def send(self, /, sender: Any, *args: Any, **payload: Any) -> Any:
        return super().send(sender, *args, **{"number": 1, **payload})


class Strict(Signal[Any, Order]):
    def send(self, /, sender: Any, *args: Any, number: int = 1, **payload: Any) -> Any:
        return super().send(sender, *args, number=number, **payload)

    def send_wrongly(self) -> None:
        # Not reported: mypy does not call plugins for super().
        super().send(None)
        # E: self.send_robust(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
        self.send_robust(None, numbr=1)


class Fixed(Signal[Any, Order]):
    def send(self, /, sender: Any, *, number: int) -> Any:  # type: ignore[override]
        return super().send(sender, number=number)


class Numbers(Signal[Any, Order]):
    def send(self, /, sender: Any, *args: Any, **payload: int) -> Any:  # type: ignore[override]
        return super().send(sender, *args, **payload)


class Helper(Signal[Any, Order]):
    def announce(self, number: int) -> None:
        self.send(None, number=number)
        self.send_robust(self, number=number)

    def announce_wrongly(self) -> None:
        # E: self.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
        self.send(None)

    @classmethod
    def make(cls) -> "Helper":
        return cls()


logged, numbered, strict, helper = Logged(), Numbered(), Strict(), Helper.make()
logged.send(None, number=1)
numbered.send(None)
numbered.send(None, note="")
strict.send(None)
strict.send(None, number=2, note="")
Fixed().send(None, number=1)
Numbers().send(None, number=1)


helper.announce(1)
helper.send(None, number=1)
# An override may accept other keys, so mypy only reports what looks misspelt.
# R: PayloadError
logged.send(None, number=1, price=1.0)
# E: logged.send(): 'number' has type "str", but Order declares "int"  [signal-send]
logged.send(None, number="1")
# E: numbered.send(): unexpected 'not_' (did you mean 'note'?)  [signal-send]
numbered.send(None, not_="")
# E: Argument "number" to "send" of "Strict" has incompatible type "str"; expected "int"  [arg-type]
strict.send(None, number="1")
# E: Argument "note" to "send" of "Numbers" has incompatible type "str"; expected "int"  [arg-type]
Numbers().send(None, number=1, note="")
# E: helper.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
helper.send(None)
# E: Helper.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Order declares 'number' and optionally 'note'  [signal-send]
Helper.make().send(None, numbr=1)


def send_nothing() -> None:
    # E: Missing named argument "number" for "send" of "Fixed"  [call-arg]
    Fixed().send(None)


# Results of calls, conditional expressions, walrus.
if (found := signals.get("ordered")) is not None:
    found.send(None, number=1)
    # E: found.send(): missing 'number'; Order declares 'number' and optionally 'note'  [signal-send]
    found.send(None)
getattr(ordered, "send")(None, number=1)  # noqa: B009
