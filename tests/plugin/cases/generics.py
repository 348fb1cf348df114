"""Signals with type variables, and subclasses of Signal in all forms."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Final, Generic, NotRequired, Self, TypedDict, TypeVar

from typing_extensions import ParamSpec

from typed_signals import Signal, receiver
from typed_signals import Signal as OurSignal


class Store:
    pass


class Saved(TypedDict):
    number: int
    note: NotRequired[str]


T = TypeVar("T")
S = TypeVar("S")
K = TypeVar("K")
R = TypeVar("R")
P = ParamSpec("P")
SavedK = TypeVar("SavedK", bound=Saved)
SignalT = TypeVar("SignalT", bound=Signal[Any, Saved])
F = TypeVar("F", bound=Callable[..., Any])


def right(sender, number, **kwargs):
    pass


def wrong(sender, numbr, **kwargs):
    pass


# Generic TypedDicts.
class Changed(TypedDict, Generic[T]):
    old: T
    new: T


changed_int = Signal[Any, Changed[int]]()
changed_any = Signal[Any, Changed[Any]]()
changed_bare = Signal[Any, Changed]()
changed_int.send(None, old=1, new=2)
changed_any.send(None, old=1, new="2")
changed_bare.send(None, old=1, new="2")
# E: changed_int.send(): 'new' has type "str", but Changed declares "int"  [signal-send]
changed_int.send(None, old=1, new="2")
# E: changed_any.send(): missing 'new'; Changed declares 'new', 'old'  [signal-send]
changed_any.send(None, old=1)
# E: changed_bare.send(): missing 'new'; Changed declares 'new', 'old'  [signal-send]
changed_bare.send(None, old=1)


@receiver(changed_int)
def on_changed(old: int, new: float, **kwargs: object) -> None:
    pass


@receiver(changed_int)
def on_changed_generic(old: T, new: T, **kwargs: object) -> T:
    return old


@receiver(changed_int)
# E: changed_int cannot connect wrong_on_changed: 'old' has type "int" in Changed, but the parameter is annotated "str": annotate it as "int"  [signal-type]
def wrong_on_changed(old: str, new: int, **kwargs: object) -> None:
    pass


@receiver(changed_any)
# E: changed_any cannot connect misspelt_on_changed: 'olds' is never sent (Changed does not declare it): did you mean 'old'?  [signal-parameter]
def misspelt_on_changed(olds: int, **kwargs: object) -> None:
    pass


# Subclasses: plain, bare, generic, nested.
class SavedSignal(Signal[type[Store], Saved]):
    pass


class SubSignal(SavedSignal):
    pass


class BareSignal(Signal):
    pass


class StoreSignal(Signal[type[Store], K]):
    pass


class SavedBy(Signal[S, Saved], Generic[S]):
    pass


class Swapped(Signal[S, K], Generic[K, S]):
    pass


class Answered(Signal[Any, Saved, R], Generic[R]):
    pass


class WithInit(Signal[Any, Saved]):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    @classmethod
    def make(cls) -> Self:
        return cls("made")


class Mixin:
    def describe(self) -> str:
        return ""


class Mixed(Mixin, Signal[Any, Saved]):
    pass


saved_signal, sub_signal, bare_signal = SavedSignal(), SubSignal(), BareSignal()
store_signal, saved_by = StoreSignal[Saved](), SavedBy[Store]()
swapped, answered = Swapped[Saved, type[Store]](), Answered[bool]()
with_init, made, mixed = WithInit("x"), WithInit.make(), Mixed()
for_all = StoreSignal[Any]()
saved_signal.send(Store, number=1)
sub_signal.send(Store, number=1)
bare_signal.send(Store, whatever=1)
store_signal.send(Store, number=1)
saved_by.send(Store(), number=1)
swapped.send(Store, number=1)
answered.send(None, number=1)
with_init.send(None, number=1)
made.send(None, number=1)
mixed.send(None, number=1)
for_all.send(Store, whatever=1)
# E: saved_signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Saved declares 'number' and optionally 'note'  [signal-send]
saved_signal.send(Store, numbr=1)
# E: sub_signal.send(): missing 'number'; Saved declares 'number' and optionally 'note'  [signal-send]
sub_signal.send(Store)
# E: sub_signal.send(): the sender has type "Store", but the signal declares "type[Store]": pass its class  [signal-send]
sub_signal.send(Store(), number=1)
# E: store_signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Saved declares 'number' and optionally 'note'  [signal-send]
store_signal.send(Store, numbr=1)
# E: saved_by.send(): 'number' has type "str", but Saved declares "int"  [signal-send]
saved_by.send(Store(), number="1")
# E: saved_by.send(): the sender has type "type[Store]", but the signal declares "Store": pass an instance  [signal-send]
saved_by.send(Store, number=1)
# E: swapped.send(): missing 'number'; Saved declares 'number' and optionally 'note'  [signal-send]
swapped.send(Store)
# E: answered.send(): missing 'number'; Saved declares 'number' and optionally 'note'  [signal-send]
answered.send(None)
# E: with_init.send(): missing 'number'; Saved declares 'number' and optionally 'note'  [signal-send]
with_init.send(None)
# E: made.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Saved declares 'number' and optionally 'note'  [signal-send]
made.send(None, numbr=1)
# E: mixed.send(): missing 'number'; Saved declares 'number' and optionally 'note'  [signal-send]
mixed.send(None)
# E: for_all.send(): the sender has type "Store", but the signal declares "type[Store]": pass its class  [signal-send]
for_all.send(Store(), whatever=1)
saved_signal.connect(right)
sub_signal.connect(right)
bare_signal.connect(wrong)
store_signal.connect(right)
saved_by.connect(right)
swapped.connect(right)
made.connect(right)
mixed.connect(right)
for_all.connect(wrong)
# E: saved_signal cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
saved_signal.connect(wrong)
# E: sub_signal cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
sub_signal.connect(wrong)
# E: store_signal cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
store_signal.connect(wrong)
# E: saved_by cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
saved_by.connect(wrong)
# E: swapped cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
swapped.connect(wrong)
# E: made cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
made.connect(wrong)
# E: mixed cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
mixed.connect(wrong)
# E: bare_signal cannot connect print: Signal receivers must accept keyword arguments (**kwargs). Connect a function with **kwargs that calls it  [signal-kwargs]
bare_signal.connect(print)


@receiver(answered)
def answer(**kwargs: object) -> bool:
    return True


@receiver(answered)
# E: answered cannot connect wrong_answer: it returns "str", but answered expects "bool": return "bool"  [signal-response]
def wrong_answer(**kwargs: object) -> str:
    return ""


# Declared by all kinds of annotations, and under another name.
annotated: Annotated[Signal[Any, Saved], "x"] = Signal()
optional: Signal[Any, Saved] | None = Signal()
renamed = OurSignal[Any, Saved]()
Alias = Signal[Any, Saved]
aliased = Alias()
GenericAlias = Signal[Any, Changed[T]]
aliased_int: GenericAlias[int] = Signal()


class Holder:
    class_var: ClassVar[Signal[Any, Saved]] = Signal()
    final: Final[Signal[Any, Saved]] = Signal()


annotated.connect(right)
renamed.connect(right)
aliased.connect(right)
aliased_int.send(None, old=1, new=2)
Holder.class_var.connect(right)
Holder.final.connect(right)
# E: annotated cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
annotated.connect(wrong)
# E: Item "None" of "Signal[Any, Saved, Any, [VarArg(Any), KwArg(Any)]] | None" has no attribute "connect"  [union-attr]
# E: optional cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
optional.connect(wrong)
# E: renamed cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
renamed.connect(wrong)
# E: aliased cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
aliased.connect(wrong)
# E: aliased_int.send(): missing 'new'; Changed declares 'new', 'old'  [signal-send]
aliased_int.send(None, old=1)
# E: Holder.class_var cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
Holder.class_var.connect(wrong)
# E: Holder.final cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
Holder.final.connect(wrong)


# With type variables: unknown types are not checked.
class Repository(Generic[T]):
    def __init__(self) -> None:
        self.saved: Signal[T, Saved] = Signal()
        self.changed: Signal[Any, Changed[T]] = Signal()

    def save(self, sender: T) -> None:
        self.saved.send(sender, number=1)
        self.changed.send(None, old=sender, new=sender)
        self.saved.connect(self.on_saved)
        # E: self.saved.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Saved declares 'number' and optionally 'note'  [signal-send]
        self.saved.send(sender, numbr=1)
        # E: self.saved.send(): the sender has type "None", but the signal declares "T"  [signal-send]
        self.saved.send(None, number=1)
        # E: self.changed.send(): missing 'new'; Changed declares 'new', 'old'  [signal-send]
        self.changed.send(None, old=sender)
        # E: self.saved cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
        self.saved.connect(wrong)

    def on_saved(self, sender: T, number: int, **kwargs: object) -> None:
        pass


class Relay(Generic[S, K]):
    def __init__(self, source: Signal[S, K], target: Signal[S, K]) -> None:
        self.source, self.target = source, target
        source.connect(self.forward)
        source.connect(right)
        source.connect(wrong)
        source.connect(print)

    def forward(self, sender: S, signal: object, **payload: Any) -> None:
        self.target.send(sender, **payload)
        self.source.send_robust(sender, **payload)


def bounded(signal: Signal[Any, SavedK], payload: SavedK) -> None:
    signal.send(None, number=1)
    signal.connect(right)


def any_signal(signal: Signal[S, K, R, P], sender: S, *args: P.args, **kwargs: P.kwargs) -> R:
    return signal.send(sender, *args, **kwargs)[0][1]


def make(payload: type[K], sender: type[S]) -> Signal[type[S], K]:
    return Signal[type[S], K]()


def make_subclass(payload: type[K]) -> StoreSignal[K]:
    signal = StoreSignal[K]()
    signal.send(Store, whatever=1)
    signal.connect(wrong)
    return signal


def of_type(cls: type[SavedSignal]) -> None:
    cls().send(Store, number=1)
    # E: SavedSignal.send(): missing 'number'; Saved declares 'number' and optionally 'note'  [signal-send]
    cls().send(Store)


def of_bound(signal: SignalT) -> None:
    receiver(signal)(right)
    # E: signal cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
    receiver(signal)(wrong)


def make_of_bound(cls: type[SignalT]) -> SignalT:
    return cls()


make_of_bound(SavedSignal).send(Store, number=1)
# E: SavedSignal.send(): missing 'number'; Saved declares 'number' and optionally 'note'  [signal-send]
make_of_bound(SavedSignal).send(Store)


# The value of a type variable is unknown at run time.
def use_repository(repository: Repository[Store]) -> None:
    repository.saved.send(Store(), number=1)
    repository.saved.connect(right)
    make(Saved, Store).send(Store, number=1)
    # E: repository.saved.send(): the sender has type "str", but the signal declares "Store"  [signal-send]
    repository.saved.send("store", number=1)
    # E: repository.saved cannot connect wrong: 'numbr' is never sent (Saved does not declare it): did you mean 'number'?  [signal-parameter]
    repository.saved.connect(wrong)
    # E: Signal.send(): missing 'number', unexpected 'numbr' (did you mean 'number'?); Saved declares 'number' and optionally 'note'  [signal-send]
    make(Saved, Store).send(Store, numbr=1)


# Invalid declarations in these forms.
class Reserved(Saved):
    sender: int


class GenericReserved(TypedDict, Generic[T]):
    signal: T


# E: the payload Saved | None is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
over_union = Signal[Any, Saved | None]()
# E: the payload tuple[int, str] is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
over_tuple = Signal[Any, tuple[int, str]]()
# E: the payload None is not a TypedDict: use an empty TypedDict for a signal without a payload  [signal-declaration]
over_none = Signal[Any, None]()
# E: the payload type[Saved] is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
over_class_object = Signal[Any, type[Saved]]()
# E: the payload Callable[[int], None] is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
over_callable = Signal[Any, Callable[[int], None]]()
# E: the payload list[Saved] is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
over_list: Signal[Any, list[Saved]] = Signal()
# E: Reserved declares 'sender', but this name is reserved: rename the key  [signal-declaration]
inherited_key = Signal[Any, Reserved]()
# E: GenericReserved declares 'signal', but this name is reserved: rename the key  [signal-declaration]
generic_key = Signal[Any, GenericReserved[int]]()
# Not reported at the declaration: the parameter of a class in between.
in_subclass = StoreSignal[int]()
# R: DeclarationError
in_subclass.send(Store)


class SubclassOfSubclass(StoreSignal[int]):
    pass


# R: DeclarationError
SubclassOfSubclass().connect(right)


# E: Reserved declares 'sender', but this name is reserved: rename the key  [signal-declaration]
class ReservedSubclass(Signal[Any, Reserved]):
    pass


class WrongHolder:
    # E: the payload int is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
    signal = Signal[Any, int]()


# A generic function: each send may have another type.
@Signal.declare
def moved(sender: type[T], item: T, *, note: str = "") -> None:
    """An item was moved."""


moved.send(int, item=1)
moved.send(str, item="a", note="b")
# E: moved.send(): 'note' has type "int", but the signal declares "str"  [signal-send]
moved.send(str, item="a", note=1)


@receiver(moved)
def on_moved(sender: type[object], item: object, **kwargs: object) -> None:
    pass
