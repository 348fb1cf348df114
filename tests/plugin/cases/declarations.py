"""Declarations: the payload is a TypedDict without reserved keys, in the second place."""

from collections.abc import Callable
from typing import Any, Concatenate, Generic, NotRequired, ParamSpec, TypedDict, TypeVar

from typing_extensions import Unpack

from typed_signals import BaseSignal, Signal, receiver

P = ParamSpec("P")


class PizzaStore:
    pass


class PizzaDone(TypedDict):
    size: int


# All forms of correct declarations.
called = Signal[type[PizzaStore], PizzaDone]()
annotated: Signal[type[PizzaStore], PizzaDone] = Signal()
forward = Signal[type["PizzaStore"], "Later"]()
untyped = Signal()
any_payload: Signal[Any, Any] = Signal()


class PizzaSignal(Signal[type[PizzaStore], PizzaDone]):
    pass


class AnyStoreSignal(Signal["PizzaStore", "Later"]):
    pass


class Later(TypedDict):
    size: int


class Holder:
    called = Signal[type[PizzaStore], PizzaDone]()
    annotated: Signal[type[PizzaStore], PizzaDone] = Signal()


subclassed = PizzaSignal()

# They all have the same type in mypy and at run time.
called.send(PizzaStore, size=1)
annotated.send(PizzaStore, size=1)
forward.send(PizzaStore, size=1)
subclassed.send(PizzaStore, size=1)
Holder.called.send(PizzaStore, size=1)
Holder().annotated.send(PizzaStore, size=1)
any_payload.send(PizzaStore, sise=1)
# E: called.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); PizzaDone declares 'size'  [signal-send]
called.send(PizzaStore, sise=1)
# E: annotated.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); PizzaDone declares 'size'  [signal-send]
annotated.send(PizzaStore, sise=1)
# E: forward.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); Later declares 'size'  [signal-send]
forward.send(PizzaStore, sise=1)
# E: subclassed.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); PizzaDone declares 'size'  [signal-send]
subclassed.send(PizzaStore, sise=1)
# E: Holder.called.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); PizzaDone declares 'size'  [signal-send]
Holder.called.send(PizzaStore, sise=1)
# E: annotated.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); PizzaDone declares 'size'  [signal-send]
Holder().annotated.send(PizzaStore, sise=1)

# A payload that is not a TypedDict.
# E: the payload dict[str, int] is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
plain_dict = Signal[type[PizzaStore], dict[str, int]]()
# E: the payload PizzaStore is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
plain_class: Signal[Any, PizzaStore] = Signal()


# E: the payload int is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
class IntSignal(Signal[PizzaStore, int]):
    pass


# R: DeclarationError
plain_dict.send(PizzaStore)
# R: DeclarationError
IntSignal().send(PizzaStore())

# Sender and payload swapped.
# E: the payload type[PizzaStore] is not a TypedDict: sender and payload seem to be swapped, write Signal[sender, payload]  [signal-declaration]
swapped = Signal[PizzaDone, type[PizzaStore]]()


# E: the payload PizzaStore is not a TypedDict: sender and payload seem to be swapped, write Signal[sender, payload]  [signal-declaration]
class SwappedSignal(Signal[PizzaDone, PizzaStore]):
    pass


# Uses of a wrong declaration are not reported again.
# R: DeclarationError
swapped.connect(print)
# R: DeclarationError
swapped.send(PizzaStore, size=1)


# A payload used as the sender, in all forms; uses are not reported again.
# E: PizzaDone is a payload, not a sender: write Signal[object, PizzaDone]  [signal-declaration]
lone = Signal[PizzaDone]()
# E: PizzaDone is a payload, not a sender: write Signal[object, PizzaDone]  [signal-declaration]
lone_annotated: Signal[PizzaDone] = Signal()
# E: Later is a payload, not a sender: write Signal[object, Later]  [signal-declaration]
lone_forward = Signal["Later"]()


# E: PizzaDone is a payload, not a sender: write Signal[object, PizzaDone]  [signal-declaration]
class LoneSignal(Signal[PizzaDone]):
    pass


LoneAlias = Signal[PizzaDone]
# E: PizzaDone is a payload, not a sender: write Signal[object, PizzaDone]  [signal-declaration]
lone_of_alias = LoneAlias()
# R: DeclarationError
lone.send(PizzaStore, size=1)
# R: DeclarationError
lone_annotated.connect(print)
# R: DeclarationError
LoneSignal().send(PizzaStore, size=1)
# R: DeclarationError
lone_of_alias.send(PizzaStore, size=1)

# With a sender only, the payload is untyped.
sender_alone = Signal[type[PizzaStore]]()
sender_alone.send(PizzaStore, anything=1)

# An empty payload.
# E: the payload None is not a TypedDict: use an empty TypedDict for a signal without a payload  [signal-declaration]
nothing = Signal[object, None]()


class Nothing(TypedDict):
    pass


carries_nothing = Signal[object, Nothing]()
carries_nothing.send(None)

# Without the (), it is not a signal.
Uncalled = Signal[type[PizzaStore], PizzaDone]


def forget_the_call() -> None:
    # E: Signal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
    Uncalled.connect(print)
    # E: Signal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
    Uncalled.send(PizzaStore, size=1)
    # E: Signal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
    Uncalled.send_robust(sender=PizzaStore, size=1)
    # E: PizzaSignal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
    PizzaSignal.send(PizzaStore, size=1)

    # E: Signal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
    @receiver(Uncalled)
    def on_uncalled(sender, size, **kwargs):
        pass

    # E: Signal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
    @receiver([called, Uncalled])
    def on_several(sender, size, **kwargs):
        pass


# Neither is its payload, its name or a receiver.
class Connecting:
    def connect(self, receiver: object, **kwargs: object) -> None: ...


def confuse_with_a_signal(name: str, function: Callable[[], None]) -> None:
    # E: No overload variant of "receiver" matches argument type "Callable[[], None]"  [call-overload]
    receiver(function)

    # E: receiver() takes a signal or a list of signals, not PizzaDone: pass the signal itself, as in @receiver(pizza_done)  [signal-declaration]
    @receiver(PizzaDone)
    def on_payload(sender, size, **kwargs):
        pass

    # E: receiver() takes a signal or a list of signals, not PizzaDone: pass the signal itself, as in @receiver(pizza_done)  [signal-declaration]
    @receiver([called, PizzaDone])
    def on_payload_in_a_list(sender, size, **kwargs):
        pass

    # E: receiver() takes a signal or a list of signals, not 'called': pass the signal itself, as in @receiver(pizza_done)  [signal-declaration]
    @receiver("called")
    def on_name(sender, size, **kwargs):
        pass

    # E: receiver() takes a signal or a list of signals, not a string: pass the signal itself, as in @receiver(pizza_done)  [signal-declaration]
    @receiver(name)
    def on_variable(sender, size, **kwargs):
        pass

    # E: receiver() takes a signal or a list of signals, not on_name: call it with your signal, as in @receiver(your_signal)  [signal-declaration]
    receiver(on_name)

    @receiver([called])
    def on_list(sender, size, **kwargs):
        pass

    # E: receiver() takes a signal or a list of signals, not Connecting: pass the signal itself, as in @receiver(pizza_done)  [signal-declaration]
    receiver(Connecting)
    receiver(Connecting())


# The base class of all signals is for annotations.
AnySignal = BaseSignal[type[PizzaStore], PizzaDone]


def create_no_signal() -> None:
    # E: Cannot instantiate abstract class "BaseSignal" with abstract attributes "asend", "asend_robust", ... and "send_robust" (5 methods suppressed)  [abstract]
    BaseSignal()
    # E: Cannot instantiate abstract class "BaseSignal" with abstract attributes "asend", "asend_robust", ... and "send_robust" (5 methods suppressed)  [abstract]
    BaseSignal[type[PizzaStore], PizzaDone]()
    # E: Cannot instantiate abstract class "BaseSignal" with abstract attributes "asend", "asend_robust", ... and "send_robust" (5 methods suppressed)  [abstract]
    annotated: BaseSignal[type[PizzaStore], PizzaDone] = BaseSignal()
    annotated.send(PizzaStore, size=1)

    # E: BaseSignal cannot be instantiated: use typed_signals.Signal or typed_signals.django.Signal  [signal-declaration]
    @BaseSignal.declare
    def declared(sender: object, size: int) -> object:
        """No engine sends this."""

    # E: BaseSignal is a class, not a signal: use typed_signals.Signal or typed_signals.django.Signal, with () at the end  [signal-declaration]
    @receiver(AnySignal)
    def on_any(sender, size, **kwargs):
        pass


def create_by_class(engine: type[BaseSignal[type[PizzaStore], PizzaDone]]) -> None:
    engine().send(PizzaStore, size=1)


of_any_engine: BaseSignal[type[PizzaStore], PizzaDone] = Signal()
of_any_engine.send(PizzaStore, size=1)


def call_on_the_class(signal: Signal[type[PizzaStore], PizzaDone], anything: Any) -> None:
    Signal.send(signal, PizzaStore, size=1)
    Signal.connect(anything, print)


AnySignalT = TypeVar("AnySignalT", bound=Signal[Any, Any])


def send_by_the_class(signal: AnySignalT) -> AnySignalT:
    Signal.send(signal, None)
    return signal


# Reserved keys.
class WithSender(TypedDict):
    sender: int
    size: int


class WithSignal(TypedDict):
    signal: NotRequired[int]


# E: WithSender declares 'sender', but this name is reserved: rename the key  [signal-declaration]
with_sender = Signal[Any, WithSender]()
# E: WithSignal declares 'signal', but this name is reserved: rename the key  [signal-declaration]
with_signal: Signal[Any, WithSignal] = Signal()
# R: DeclarationError
with_sender.connect(print)
# R: DeclarationError
with_signal.has_listeners() or with_signal.send(None)


class Stranger:
    pass


# A wrong sender is still reported; errors of the payload are not.
# E: WithSignal declares 'signal', but this name is reserved: rename the key  [signal-declaration]
of_store = Signal[PizzaStore, WithSignal]()
any_of_store: Signal[PizzaStore, Any] = Signal()
any_of_store.send(PizzaStore(), size=1)


def send_by_strangers() -> None:
    # E: Argument 1 to "send" of "Signal" has incompatible type "Stranger"; expected "PizzaStore"  [arg-type]
    of_store.send(Stranger())
    # E: any_of_store.send(): the sender has type "Stranger", but the signal declares "PizzaStore"  [signal-send]
    any_of_store.send(Stranger())


# With several signals, the wrong one is only reported at its declaration.
def connect_several() -> None:
    @receiver([with_signal, called], weak=False)
    # E: called cannot connect on_several: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
    def on_several(sender, sise, **kwargs):
        pass


# A payload under another name, and an alias of this name.
Renamed = PizzaDone
RenamedAgain = Renamed
renamed = Signal[Any, RenamedAgain]()
renamed.send(None, size=1)
# E: renamed.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); PizzaDone declares 'size'  [signal-send]
renamed.send(None, sise=1)


# Functions.
@Signal.declare
def by_unpacking(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> object:
    """A pizza is done."""


@Signal.declare
def by_keywords(sender: type[PizzaStore], size: int, note: str = "") -> object:
    """A pizza is done."""


@Signal.declare
def with_more(sender: type[PizzaStore], size: int, **kwargs: Any) -> object:
    """A pizza is done, and there may be more to say of it."""


by_unpacking.send(PizzaStore, size=1)
by_keywords.send(PizzaStore, size=1)
with_more.send(PizzaStore, size=1, crust="thin")
# E: by_unpacking.send(): missing 'size'; the signal declares 'size'  [signal-send]
by_unpacking.send(PizzaStore)
# E: with_more.send(): missing 'size'  [signal-send]
with_more.send(PizzaStore, crust="thin")


@receiver(by_unpacking)
def on_unpacking(sender, size, **kwargs):
    pass


@receiver(by_keywords)
def on_keywords(sender, size, note="", **kwargs):
    pass


@receiver(with_more)
def on_more(sender, size, crust, **kwargs):
    pass


@receiver(by_unpacking)
# E: by_unpacking cannot connect wrong_on_unpacking: 'sise' is never sent (the signal does not declare it): did you mean 'size'?  [signal-parameter]
def wrong_on_unpacking(sender, sise, **kwargs):
    pass


@receiver(by_keywords)
# E: by_keywords cannot connect wrong_on_keywords: 'note' is not always sent (it is optional in the signal): give the parameter a default  [signal-parameter]
def wrong_on_keywords(sender, note, **kwargs):
    pass


@receiver(by_keywords)
# E: by_keywords cannot connect wrongly_typed: 'size' has type "int" in the signal, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrongly_typed(sender: object, size: str, **kwargs: object) -> None:
    pass


@receiver(by_keywords)
# E: by_keywords cannot connect not_unpacked: **kwargs is annotated "PizzaDone", but it must accept 'sender', 'signal', 'size', 'note': annotate it as "object" or "Any"  [signal-type]
def not_unpacked(**kwargs: PizzaDone) -> None:
    pass


@Signal.declare
def positional_sender(sender: object, /, **kwargs: Any) -> object:
    """Carries anything."""


positional_sender.send(None, anything=1)


@Signal.declare
# E: the first parameter of positional_store must be 'sender': add it, or rename 'store' if that is the sender  [signal-declaration]
def positional_store(store: object, /, **kwargs: Any) -> object:
    """Nobody sends this."""


# R: DeclarationError
positional_store.send(None, anything=1)


@Signal.declare
# E: the first parameter of no_sender must be 'sender': add it, or rename 'store' if that is the sender  [signal-declaration]
def no_sender(store: type[PizzaStore], size: int) -> object:
    """Nobody sends this."""


# R: DeclarationError
no_sender.send(PizzaStore, size=1)


@Signal.declare
# E: the first parameter of size_only must be 'sender': add it, or rename 'size' if that is the sender  [signal-declaration]
def size_only(size: int) -> object:
    """Nobody sends this."""


# R: DeclarationError
size_only.connect(lambda sender, **kwargs: None, weak=False)


@Signal.declare
# E: the first parameter of with_self must be 'sender': rename 'self'  [signal-declaration]
def with_self(self: object, size: int) -> object:
    """Nobody sends this."""


# R: DeclarationError
with_self.connect(lambda sender, **kwargs: None, weak=False)


@Signal.declare
# E: the first parameter of sender_last must be 'sender': make it the first positional parameter  [signal-declaration]
def sender_last(size: int, sender: object) -> object:
    """Nobody sends this."""


# R: DeclarationError
sender_last.connect(lambda sender, **kwargs: None, weak=False)


# E: the signal declares 'signal', but this name is reserved: rename the key  [signal-declaration]
@Signal.declare
def reserved_parameter(sender: object, signal: int) -> object:
    """Nobody sends this."""


# Called, not as a decorator.
def undeclared(sender: object, size: int) -> object:
    """A pizza is done."""


def undeclared_without_sender(store: object, size: int) -> object:
    """Nobody sends this."""


by_call = Signal.declare(undeclared)
by_call.send(None, size=1)
# E: the first parameter of undeclared_without_sender must be 'sender': add it, or rename 'store' if that is the sender  [signal-declaration]
without_sender = Signal.declare(undeclared_without_sender)


def declare_nothing() -> None:
    # E: Too few arguments for "declare" of "Signal"  [call-arg]
    Signal.declare()


# Positional-only parameters cannot be sent.
@Signal.declare
# E: with_args: '*args' cannot be passed by keyword, but a payload is sent by keyword: make it a keyword parameter  [signal-declaration]
def with_args(sender: object, *args: Any, size: int) -> object:
    """Nobody sends this."""


# R: DeclarationError
with_args.send(None, size=1)


def connect_to_args() -> None:
    @receiver(with_args, weak=False)
    def on_args(sender, size, **kwargs):
        pass


@Signal.declare
# E: by_position: 'size' cannot be passed by keyword, but a payload is sent by keyword: make it a keyword parameter  [signal-declaration]
def by_position(sender: object, size: int, /) -> object:
    """Nobody sends this."""


# R: DeclarationError
by_position.send(None, 1)


def undeclared_by_position(sender: object, size: int, /) -> object:
    """Nobody sends this."""


# E: undeclared_by_position: 'parameter 2' cannot be passed by keyword, but a payload is sent by keyword: make it a keyword parameter  [signal-declaration]
called_by_position = Signal.declare(undeclared_by_position)


# E: the function: '*sizes' cannot be passed by keyword, but a payload is sent by keyword: make it a keyword parameter  [signal-declaration]
by_lambda = Signal.declare(lambda sender, *sizes: None)


# Unknown parameters are not reported.
def declare_some(
    some: Callable[[object, int], object],
    anyhow: Callable[..., object],
    forwarded: Callable[Concatenate[object, P], object],
) -> None:
    Signal.declare(some)
    Signal.declare(anyhow)
    Signal.declare(forwarded)


def bare(function: Callable[..., object]) -> Callable[[object], object]:
    return lambda sender: None


def anyhow(function: Callable[..., object]) -> Callable[..., object]:
    return lambda sender, **kwargs: None


@Signal.declare
@bare
def decorated(sender: object, size: int, note: str) -> object:
    """Is called by the sender alone."""


@Signal.declare
@anyhow
def decorated_anyhow(sender: object, size: int) -> object:
    """Is called in a way that nobody knows."""


def declare_with(signals: type[Signal[Any, Any]], signal: Signal[Any, Any]) -> None:
    # E: the first parameter of undeclared_without_sender must be 'sender': add it, or rename 'store' if that is the sender  [signal-declaration]
    signals.declare(undeclared_without_sender)
    # E: the first parameter of undeclared_without_sender must be 'sender': add it, or rename 'store' if that is the sender  [signal-declaration]
    signal.declare(undeclared_without_sender)


# Other classes are not checked.
class Queue:
    @classmethod
    def declare(cls, callback: Callable[[int], object]) -> Signal[Any, Any]:
        return Signal()


@Queue.declare
def on_number(number: int) -> None:
    pass


# With type variables: unknown types are not checked.
PayloadT = TypeVar("PayloadT")
SenderT = TypeVar("SenderT")


class StoreSignal(Signal[type[PizzaStore], PayloadT], Generic[PayloadT]):
    def announce(self, **payload: Any) -> None:
        self.send(sender=PizzaStore, **payload)


def relay(source: Signal[Any, PayloadT], target: Signal[Any, PayloadT]) -> None:
    def forward(sender: object, **payload: Any) -> None:
        target.send(sender, **payload)

    source.connect(forward, weak=False)


def make(payload: type[PayloadT]) -> Signal[Any, PayloadT]:
    return Signal[Any, PayloadT]()


store_signal = StoreSignal[PizzaDone]()
store_signal.announce(size=1)
store_signal.send(PizzaStore, size=1)
relay(called, annotated)
make(PizzaDone).send(None, size=1)
# E: store_signal.send(): missing 'size'; PizzaDone declares 'size'  [signal-send]
store_signal.send(PizzaStore)


# Functions without a sender: mypy reports the decorator, too.
def declare_without_sender() -> None:
    # E: Argument 1 to "declare" of "Signal" has incompatible type "Callable[[], Any]"; expected "Callable[[Never], Any]"  [arg-type]
    @Signal.declare
    # E: the first parameter of nothing must be 'sender': add it  [signal-declaration]
    def nothing(): ...

    # E: Argument 1 to "declare" of "Signal" has incompatible type "def by_name(*, sender: object) -> None"; expected "def (Never, /, *, sender: object) -> None"  [arg-type]
    @Signal.declare
    # E: the first parameter of by_name must be 'sender': make it the first positional parameter  [signal-declaration]
    def by_name(*, sender: object) -> None: ...

    class Kitchen:
        @Signal.declare
        # E: the first parameter of on_done must be 'sender': rename 'self'  [signal-declaration]
        def on_done(self, size: int) -> None: ...

    # E: Argument 1 to "declare" of "Signal" has incompatible type "type[PizzaStore]"; expected "Callable[[Never], PizzaStore]"  [arg-type]
    Signal.declare(PizzaStore)
