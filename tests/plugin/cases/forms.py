"""All forms of connecting in projects."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypedDict, TypeVar

import typed_signals
import typed_signals as ts
from typed_signals import Signal, receiver
from typed_signals import receiver as on


class Store:
    pass


class Opened(TypedDict):
    hour: int


class Closed(TypedDict):
    hour: int
    till: float


opened = Signal[type[Store] | None, Opened]()
closed = Signal[Any, Closed]()
F = TypeVar("F", bound=Callable[..., Any])


def right(sender, hour, **kwargs):
    pass


def wrong(sender, our, **kwargs):
    pass


# The decorator under other names.
@on(opened)
def by_alias(hour, **kwargs):
    pass


@typed_signals.receiver(opened)
def by_module(hour, **kwargs):
    pass


@ts.receiver(signal=opened)
def by_module_alias(hour, **kwargs):
    pass


@on(opened)
# E: opened cannot connect wrong_by_alias: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_by_alias(our, **kwargs):
    pass


@typed_signals.receiver(opened)
# E: opened cannot connect wrong_by_module: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_by_module(our, **kwargs):
    pass


@ts.receiver(signal=opened)
# E: opened cannot connect wrong_by_module_alias: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_by_module_alias(our, **kwargs):
    pass


# The order of the arguments.
@receiver(sender=Store, signal=opened)
def sender_first(hour, **kwargs):
    pass


@receiver(sender=Store, signal=[opened, closed])
def sender_first_of_two(hour, **kwargs):
    pass


@receiver(weak=False, dispatch_uid="1", sender=Store, signal=opened)
# E: opened cannot connect wrong_sender_first: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_sender_first(our, **kwargs):
    pass


@receiver(sender=Store, signal=[opened, closed])
# E: opened cannot connect wrong_sender_first_of_two: 'till' is never sent (Opened does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def wrong_sender_first_of_two(till, **kwargs):
    pass


# Lists and tuples: keys of all of them, not of one.
@receiver([opened])
def list_of_one(hour, **kwargs):
    pass


@receiver((opened,))
def tuple_of_one(hour, **kwargs):
    pass


@receiver([opened, closed, opened])
def one_twice(hour, **kwargs):
    pass


@receiver([])
def of_none(whatever, **kwargs):
    pass


@receiver([opened])
# E: opened cannot connect wrong_list_of_one: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_list_of_one(our, **kwargs):
    pass


@receiver((opened, closed))
# E: closed cannot connect wrong_in_both: 'our' is never sent (Closed does not declare it): did you mean 'hour'?  [signal-parameter]
# E: opened cannot connect wrong_in_both: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_in_both(our, **kwargs):
    pass


@receiver([opened, closed])
# E: closed cannot connect wrong_in_each: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
# E: opened cannot connect wrong_in_each: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def wrong_in_each(sender, hour):
    pass


both = [opened, closed]
some: tuple[Signal[Any, Any], ...] = (opened, closed)


@receiver(both)
def of_variable(hour, **kwargs):
    pass


@receiver(some)
def of_typed_variable(hour, **kwargs):
    pass


@receiver([*both, opened])
def of_stars(hour, **kwargs):
    pass


# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
# E: closed cannot connect wrong: 'our' is never sent (Closed does not declare it): did you mean 'hour'?  [signal-parameter]
receiver(both)(wrong)


# Several decorators, also with others between and around them.
def other(function: F) -> F:
    return function


@receiver(opened)
@other
@receiver(closed)
def stacked(hour, **kwargs):
    pass


@other
@receiver(opened, sender=Store)
@receiver(opened, sender=None)
def stacked_twice(hour, **kwargs):
    pass


@receiver(opened)
@other
@receiver(closed)
# E: opened cannot connect wrongly_stacked: 'till' is never sent (Opened does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def wrongly_stacked(till, **kwargs):
    pass


@receiver(closed)
@receiver(opened)
# E: closed cannot connect wrongly_stacked_twice: 'our' is never sent (Closed does not declare it): did you mean 'hour'?  [signal-parameter]
# E: opened cannot connect wrongly_stacked_twice: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrongly_stacked_twice(our, **kwargs):
    pass


# connect(), in every order.
opened.connect(right)
opened.connect(right, Store)
opened.connect(right, Store, False)
opened.connect(right, None, True, "uid")
opened.connect(receiver=right)
opened.connect(sender=Store, receiver=right, dispatch_uid="uid")
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
opened.connect(wrong)
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
opened.connect(wrong, Store, False)
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
opened.connect(wrong, None, True, "other")
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
opened.connect(receiver=wrong)
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
opened.connect(dispatch_uid="other", weak=False, sender=Store, receiver=wrong)


# Arguments from somewhere else: their values are unknown.
def of_store(sender: type[Store], hour: int, **kwargs: object) -> None:
    pass


def connect_with(*args: Any, **kwargs: Any) -> None:
    opened.connect(of_store, *args)
    opened.connect(of_store, **kwargs)
    receiver(opened, **kwargs)(of_store)
    opened.connect(lambda **kwargs: None, *args)
    opened.connect(lambda **kwargs: None, **kwargs)
    receiver(opened, **kwargs)(lambda **kwargs: None)
    opened.connect(*args, **kwargs)
    opened.connect(right, *args)
    opened.connect(right, **kwargs)
    receiver(opened, **kwargs)(right)


named: dict[str, object] = {"weak": False}
by_keyword = {"sender": Store, "weak": False}
pair = (right, Store)
triple: tuple[Callable[..., Any], type[Store], bool] = (wrong, Store, False)
opened.connect(*pair)
opened.connect(right, **by_keyword)  # type: ignore[arg-type]
connect_with(right, **named)
receiver(opened, **named)(right)  # type: ignore[call-overload]


# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
opened.connect(*triple)


class ConnectOptions(TypedDict, total=False):
    weak: bool
    dispatch_uid: str


options: ConnectOptions = {"weak": False}
opened.connect(right, **options)
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
opened.connect(wrong, **options)


@receiver(opened, **options)
def with_options(hour, **kwargs):
    pass


@receiver(opened, **options)
# E: opened cannot connect wrong_with_options: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_with_options(our, **kwargs):
    pass


# As calls, as objects, conditionally, in loops and functions.
receiver(opened)(right)
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
receiver(opened)(wrong)
decorate = receiver([opened, closed])


@decorate
def decorated(hour, **kwargs):
    pass


@decorate
# E: opened cannot connect wrongly_decorated: 'till' is never sent (Opened does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def wrongly_decorated(till, **kwargs):
    pass


if opened:

    @receiver(opened)
    def conditionally(hour, **kwargs):
        pass


if opened:

    @receiver(opened)
    # E: opened cannot connect wrong_conditionally: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
    def wrong_conditionally(our, **kwargs):
        pass


for function in (right, by_alias):
    opened.connect(function)

for signal in (opened, closed):
    signal.connect(right)

connected = [signal.connect(right) for signal in (opened, closed)]


def connect_all() -> None:
    opened.connect(right)
    # E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
    opened.connect(wrong)


class App:
    def ready(self) -> None:
        opened.connect(right)
        opened.connect(self.on_opened)
        # E: opened cannot connect on_closed: 'till' is never sent (Opened does not declare it): remove the parameter or give it a default  [signal-parameter]
        opened.connect(self.on_closed)

    def on_opened(self, hour, **kwargs):
        pass

    def on_closed(self, till, **kwargs):
        pass


# Decorated in a class: static methods fit, others have no self argument.
class Handlers:
    @staticmethod
    @receiver(opened)
    def inside(hour, **kwargs):
        pass

    @receiver(opened, weak=False)
    @staticmethod
    def outside(hour, **kwargs):
        pass


class WrongHandlers:
    @receiver(opened)
    # E: opened cannot connect method: 'self' is never sent (Opened does not declare it): connect the bound method, in __init__ or where the object is created  [signal-parameter]
    def method(self, hour, **kwargs):
        pass


class WrongStaticHandlers:
    @staticmethod
    @receiver(opened)
    # E: opened cannot connect inside: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
    def inside(our, **kwargs):
        pass


# A project's own wrapper, with and without types.
def our_receiver(signal, **kwargs):
    return receiver(signal, **kwargs)


def typed_receiver(signal: Signal[Any, Any], **kwargs: Any) -> Callable[[F], F]:
    return receiver(signal, **kwargs)


def skipped_in_tests(signal: Any, *, enabled: bool = True) -> Callable[[F], F]:
    def decorator(function: F) -> F:
        if enabled:
            signal.connect(function)
        return function

    return decorator


class Registry:
    def __init__(self, signals: Iterable[Signal[Any, Any]]) -> None:
        self.signals = list(signals)

    def on(self, function: F) -> F:
        for signal in self.signals:
            signal.connect(function)
        receiver(self.signals)(function)
        return function


registry = Registry([opened])


@our_receiver(opened)
def by_ours(hour, **kwargs):
    pass


@typed_receiver(opened, weak=False)
def by_typed(hour, **kwargs):
    pass


@skipped_in_tests(opened)
def by_skipping(hour, **kwargs):
    pass


@registry.on
def by_registry(hour, **kwargs):
    pass


# Not reported: the types of the wrapper do not contain the receiver.
# R: ReceiverSignatureError
our_receiver(opened)(wrong)
# R: ReceiverSignatureError
typed_receiver(opened)(wrong)


# A wrapper for any payload.
PayloadT = TypeVar("PayloadT")


class Receiver(Protocol):
    def __call__(self, *, sender: Any, **kwargs: Any) -> object: ...


def anonymous(sender, **kwargs):
    pass


def connect_receiver(signal: Signal[Any, PayloadT], function: Receiver) -> None:
    signal.connect(function)
    receiver(signal)(function)
    receiver([signal, opened])(function)


connect_receiver(opened, anonymous)


# A receiver with the name of its signal replaces it.
ready = Signal[Any, Opened]()
unready = Signal[Any, Opened]()
send_ready = ready.send


# E: Name "ready" already defined on line 439  [no-redef]
@receiver(ready)
def ready(sender, hour, **kwargs):
    pass


# E: Name "unready" already defined on line 440  [no-redef]
@receiver(unready)
# E: unready cannot connect unready: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def unready(sender, our, **kwargs):
    pass


class signals:  # noqa: N801
    asleep = Signal[Any, Opened]()
    awake = Signal[Any, Opened]()


@receiver(signals.asleep)
def asleep(sender, hour, **kwargs):
    signals.asleep.send(None, hour=hour)


@receiver(signals.awake)
# E: signals.awake cannot connect awake: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def awake(sender, our, **kwargs):
    pass


# connect() as a value: what is called by another name is not looked at.
connect = opened.connect
connect(right)
# R: ReceiverSignatureError
connect(wrong)
Signal.connect(opened, right)
# R: ReceiverSignatureError
Signal.connect(opened, wrong)


# A signal with its own connect().
class OwnConnect(Signal[Any, Opened]):
    def connect(self, receiver: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("weak", False)
        super().connect(receiver, *args, **kwargs)

    def on(self, function: F) -> F:
        self.connect(function)
        return function


own = OwnConnect()


own.connect(right)
own.connect(lambda hour, **kwargs: None)
# E: own cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
own.connect(wrong)
# E: own cannot connect the receiver: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
own.connect(lambda our, **kwargs: None)


@own.on
def by_method(hour, **kwargs):
    pass


@receiver(own)
def by_decorator(hour, **kwargs):
    pass


@receiver(own)
# E: own cannot connect wrong_by_decorator: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_by_decorator(our, **kwargs):
    pass


# Its own annotations decide which receivers it accepts.
class Choosy(Signal[Any, Opened]):
    def connect(self, receiver: Callable[[int], Any], *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().connect(lambda hour, **kwargs: receiver(hour), weak=False)


def connect_choosily() -> None:
    # E: Argument 1 to "connect" of "Choosy" has incompatible type "str"; expected "Callable[[int], Any]"  [arg-type]
    Choosy().connect("hour")


# Signals that are attributes, parameters, elements, results.
class Shop:
    opened = Signal[Any, Opened]()

    def __init__(self) -> None:
        self.closed = Signal[Any, Closed]()


shop = Shop()
by_name = {"opened": opened}


def find() -> Signal[Any, Opened]:
    return opened


@receiver(shop.closed)
def on_attribute(till, **kwargs):
    pass


@receiver(by_name["opened"])
def on_element(hour, **kwargs):
    pass


@receiver(find())
def on_result(hour, **kwargs):
    pass


@receiver(shop.closed)
# E: shop.closed cannot connect wrong_on_attribute: 'tell' is never sent (Closed does not declare it): did you mean 'till'?  [signal-parameter]
def wrong_on_attribute(tell, **kwargs):
    pass


@receiver(by_name["opened"])
# E: Signal cannot connect wrong_on_element: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_on_element(our, **kwargs):
    pass


@receiver(find())
# E: Signal cannot connect wrong_on_result: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_on_result(our, **kwargs):
    pass


def connect_parameter(signal: Signal[Any, Opened], maybe: Signal[Any, Opened] | None) -> None:
    signal.connect(right)
    if maybe is not None:
        maybe.connect(right)
        # E: maybe cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
        maybe.connect(wrong)
    # E: signal cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
    signal.connect(wrong)


# E: Signal cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
by_name["opened"].connect(wrong)
# E: opened cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
Shop().opened.connect(wrong)
# E: Signal cannot connect wrong: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
find().connect(wrong)


# connect as a decorator: ours returns nothing, so the function is lost; another's may keep it.
@opened.connect
# E: opened keeps only a weak reference to by_connect, and connect() returns None instead of it, so it is garbage-collected before a send can call it: write @receiver(opened)  [signal-weak]
def by_connect(hour, **kwargs):
    pass


@opened.connect
# E: opened cannot connect wrong_by_connect: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
# E: opened keeps only a weak reference to wrong_by_connect, and connect() returns None instead of it, so it is garbage-collected before a send can call it: write @receiver(opened)  [signal-weak]
def wrong_by_connect(our, **kwargs):
    pass


class Decorating(Signal[Any, Opened]):
    def connect(self, receiver: F, *args: Any, **kwargs: Any) -> F:  # type: ignore[override]
        super().connect(receiver, *args, **{"weak": False, **kwargs})
        return receiver


decorating = Decorating()


@decorating.connect
def by_decorating(hour, **kwargs):
    pass


@decorating.connect
@other
def by_decorating_other(hour, **kwargs):
    pass


@decorating.connect
# E: decorating cannot connect wrong_by_decorating: 'our' is never sent (Opened does not declare it): did you mean 'hour'?  [signal-parameter]
def wrong_by_decorating(our, **kwargs):
    pass


by_decorating(hour=1)
