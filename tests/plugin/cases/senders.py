"""The sender argument: it must be able to send the signal."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from enum import Enum
from typing import Any, Generic, Protocol, TypedDict, TypeVar

from typed_signals import Signal, receiver


class Opened(TypedDict):
    hour: int


class Stranger:
    pass


class Store:
    name = "store"

    def listen(self) -> None:
        of_class.connect(on_opened, sender=self.__class__)
        of_class.connect(on_opened, sender=type(self))
        of_class.connect(on_opened, type(self))
        of_instance.connect(on_opened, sender=self)
        # E: of_class is never sent by "Store": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
        of_class.connect(on_opened, sender=self)
        # E: of_instance is never sent by "type[Store]": use a sender of type "Store", or leave the sender out  [signal-sender]
        of_instance.connect(on_opened, sender=self.__class__)
        # E: of_instance is never sent by "type[Store]": use a sender of type "Store", or leave the sender out  [signal-sender]
        of_instance.connect(on_opened, sender=type(self))

    @classmethod
    def listen_all(cls) -> None:
        of_class.connect(on_opened, sender=cls)
        # E: of_instance is never sent by "type[Store]": use a sender of type "Store", or leave the sender out  [signal-sender]
        of_instance.connect(on_opened, sender=cls)


class Franchise(Store):
    pass


class Closed(Stranger):
    pass


class Maker(Protocol):
    def __call__(self) -> Store: ...


T = TypeVar("T")
StoreT = TypeVar("StoreT", bound=Store)
of_class = Signal[type[Store], Opened]()
of_instance = Signal[Store, Opened]()
of_any = Signal[Any, Opened]()
of_object = Signal[object, Opened]()
of_none = Signal[None, Opened]()
of_either = Signal[type[Store] | Stranger | None, Opened]()
of_name = Signal[str, Opened]()
of_kind = Signal[type, Opened]()
of_any_class = Signal[type[Any], Opened]()
of_hashable = Signal[Hashable, Opened]()
of_maker = Signal[Maker, Opened]()
untyped = Signal()


def on_opened(**kwargs):
    pass


# A sender class, a subclass, or no sender.
of_class.connect(on_opened, sender=Store)
of_class.connect(on_opened, sender=Franchise)
of_class.connect(on_opened, sender=None)
of_class.connect(on_opened, Store)
of_class.connect(on_opened, None)
# E: of_class is never sent by "type[Stranger]": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
of_class.connect(on_opened, sender=Stranger)
# E: of_class is never sent by "type[Stranger]": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
of_class.connect(on_opened, Stranger)
# E: of_class is never sent by "Store": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
of_class.connect(on_opened, sender=Store())
# E: of_class is never sent by "str": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
of_class.connect(on_opened, sender="Store")
# E: of_class is never sent by "Franchise": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
of_class.connect(on_opened, sender=Franchise())
# E: of_class is never sent by the function on_opened: use a sender of type "type[Store]", or leave the sender out  [signal-sender]
of_class.connect(on_opened, sender=on_opened)
# Not reported: members of a union.
of_either.connect(on_opened, sender=Enum)


@receiver(of_class, sender=Store)
def on_store(**kwargs):
    pass


@receiver([of_class, of_any], sender=Franchise)
def on_franchise(**kwargs):
    pass


@receiver(of_class)
@receiver(of_instance, sender=Store())
def on_both(**kwargs):
    pass


# E: of_class is never sent by "type[Stranger]": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
@receiver(of_class, sender=Stranger)
def on_stranger(**kwargs):
    pass


# E: of_class is never sent by "type[Stranger]": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
# E: of_instance is never sent by "type[Stranger]": use a sender of type "Store", or leave the sender out  [signal-sender]
@receiver([of_class, of_instance], sender=Stranger)
def on_strangers(**kwargs):
    pass


@receiver(of_class, sender=Store)
# E: of_class is never sent by "type[Stranger]": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
@receiver(of_class, sender=Stranger)
def on_store_and_stranger(**kwargs):
    pass


# Instances.
store = Store()
franchise: Store = Franchise()
of_instance.connect(on_opened, sender=store)
of_instance.connect(on_opened, sender=franchise)
of_instance.connect(on_opened, sender=Franchise())
# E: of_instance is never sent by "type[Store]": use a sender of type "Store", or leave the sender out  [signal-sender]
of_instance.connect(on_opened, sender=Store)
# E: of_instance is never sent by "type[Franchise]": use a sender of type "Store", or leave the sender out  [signal-sender]
of_instance.connect(on_opened, sender=Franchise)


# Not reported: another class may have a common subclass with Store.
of_instance.connect(on_opened, sender=Stranger())

# A base class of senders: this may be intended, because others may send, too.
of_franchise = Signal[type[Franchise], Opened]()
of_franchise.connect(on_opened, sender=Franchise)
of_franchise.connect(on_opened, sender=Store)
of_franchise.connect(on_opened, sender=object)

# Any object can send.
of_any.connect(on_opened, sender=Store)
of_any.connect(on_opened, sender="anything")
of_object.connect(on_opened, sender=Store)
of_object.connect(on_opened, sender=1)
of_hashable.connect(on_opened, sender=Store)
of_maker.connect(on_opened, sender=Store)
of_hashable.connect(on_opened, sender="name")
of_kind.connect(on_opened, sender=Stranger)
of_any_class.connect(on_opened, sender=Stranger)
untyped.connect(on_opened, sender=Stranger)
# Not reported: an instance may be a class if its class has a metaclass as a subclass.
of_kind.connect(on_opened, sender=store)
# E: of_any_class is never sent by "str": use a sender of type "type[Any]", or leave the sender out  [signal-sender]
of_any_class.connect(on_opened, sender="name")

# Names as senders.
of_name.connect(on_opened, sender="main street")
# E: of_name is never sent by "type[Store]": use a sender of type "str", or leave the sender out  [signal-sender]
of_name.connect(on_opened, sender=Store)

# Unions.
of_either.connect(on_opened, sender=Store)
of_either.connect(on_opened, sender=Franchise)
of_either.connect(on_opened, sender=Stranger())
of_either.connect(on_opened, sender=None)

# Never sent, or an unknown sender.
of_none.connect(on_opened)
of_none.connect(on_opened, sender=None)
# E: of_none is never sent by "type[Store]": leave the sender out  [signal-sender]
of_none.connect(on_opened, sender=Store)
# E: of_none is never sent by "Store": leave the sender out  [signal-sender]
of_none.connect(on_opened, sender=Store())
# E: of_none is never sent by the function on_opened: leave the sender out  [signal-sender]
of_none.connect(on_opened, sender=on_opened)
# E: of_none is never sent by a tuple: connect the receiver once for each sender  [signal-sender]
of_none.connect(on_opened, sender=(Store, Stranger))


def listen_to(
    anything: Any,
    maybe: type[Store] | None,
    either: type[Store] | type[Stranger],
    any_class: type,
    some_class: type[Any],
    generic_class: type[T],
    bounded: type[StoreT],
    bounded_instance: StoreT,
    mixin: type["Mixin"],
    thing: object,
) -> None:
    of_none.connect(on_opened, sender=anything)
    of_none.connect(on_opened, sender=maybe)
    of_none.connect(on_opened, sender=thing)
    # E: of_none is never sent by "type": leave the sender out  [signal-sender]
    of_none.connect(on_opened, sender=any_class)
    of_class.connect(on_opened, sender=anything)
    of_class.connect(on_opened, sender=maybe)
    of_class.connect(on_opened, sender=either)
    of_class.connect(on_opened, sender=any_class)
    of_class.connect(on_opened, sender=some_class)
    of_class.connect(on_opened, sender=generic_class)
    of_class.connect(on_opened, sender=bounded)
    of_class.connect(on_opened, sender=mixin)
    of_class.connect(on_opened, sender=thing)
    of_instance.connect(on_opened, sender=anything)
    of_instance.connect(on_opened, sender=bounded_instance)
    of_instance.connect(on_opened, sender=thing)
    # Not reported, like the type of self in a mixin.
    of_class.connect(on_opened, sender=bounded_instance)
    # E: of_instance is never sent by "type[StoreT]": use a sender of type "Store", or leave the sender out  [signal-sender]
    of_instance.connect(on_opened, sender=bounded)


# Mixins, abstract classes, protocols: a subclass may be a Store.
class Mixin:
    def listen(self) -> None:
        of_class.connect(on_opened, sender=self.__class__)
        of_class.connect(on_opened, sender=type(self))
        of_instance.connect(on_opened, sender=self)

    @classmethod
    def listen_all(cls) -> None:
        of_class.connect(on_opened, sender=cls)


class Abstract(ABC):
    @abstractmethod
    def open(self) -> None: ...

    def listen(self) -> None:
        of_class.connect(on_opened, sender=type(self))


class Named(Protocol):
    name: str


class Kind(Enum):
    STORE = Store
    STRANGER = Stranger


of_member = Signal[Kind, Opened]()
of_member.connect(on_opened, sender=Kind.STORE)
# E: of_member is never sent by "type[Store]": use a sender of type "Kind", or leave the sender out  [signal-sender]
of_member.connect(on_opened, sender=Kind.STORE.value)


def listen_to_named(named: Named, named_class: type[Named], kind: Kind) -> None:
    of_class.connect(on_opened, sender=named_class)
    of_instance.connect(on_opened, sender=named)
    of_class.connect(on_opened, sender=kind.value)


of_text = Signal[str, Opened]()
of_text.connect(on_opened, sender=Kind.__name__)

for cls in (Store, Franchise):
    of_class.connect(on_opened, sender=cls)

for some in (Store, Stranger):
    # E: of_class is never sent by "type[Stranger]": use a sender of type "type[Store]", or leave the sender out  [signal-sender]
    of_class.connect(on_opened, sender=some)


# Generic classes, metaclasses, callables that create them.
class Box(Generic[T]):
    pass


class Meta(type):
    pass


class Made(Store, metaclass=Meta):
    pass


of_box = Signal[type[Box[int]], Opened]()
of_meta = Signal[Meta, Opened]()
of_box.connect(on_opened, sender=Box)
of_box.connect(on_opened, sender=Box[int])
of_meta.connect(on_opened, sender=Made)
of_class.connect(on_opened, sender=Made)
# E: of_box is never sent by "type[Store]": use a sender of type "type[Box[int]]", or leave the sender out  [signal-sender]
of_box.connect(on_opened, sender=Store)
# E: of_meta is never sent by "type[Store]": use a sender of type "Meta", or leave the sender out  [signal-sender]
of_meta.connect(on_opened, sender=Store)


Dynamic: Any = Store


class OfDynamic(Dynamic):
    pass


of_class.connect(on_opened, sender=Dynamic)
of_class.connect(on_opened, sender=OfDynamic)


# Sends: the same check, with mypy's messages.
class Till(Store):
    def open(self) -> None:
        of_class.send(self.__class__, hour=1)
        of_class.send(type(self), hour=1)
        of_instance.send(self, hour=1)
        of_class.send_robust(sender=Till, hour=1)
        # E: of_class.send(): the sender has type "Till", but the signal declares "type[Store]": pass its class  [signal-send]
        of_class.send(self, hour=1)
        # E: of_instance.send(): the sender has type "type[Till]", but the signal declares "Store": pass an instance  [signal-send]
        of_instance.send(type(self), hour=1)


of_class.send(Store, hour=1)
of_class.send(sender=Franchise, hour=1)
of_either.send(None, hour=1)
of_none.send(None, hour=1)
of_object.send(1, hour=1)
# E: of_class.send(): the sender has type "type[Stranger]", but the signal declares "type[Store]"  [signal-send]
of_class.send(Stranger, hour=1)
# E: of_class.send(): the sender has type "None", but the signal declares "type[Store]"  [signal-send]
of_class.send(None, hour=1)
# E: of_none.send(): the sender has type "type[Store]", but the signal declares "None"  [signal-send]
of_none.send(Store, hour=1)
# E: of_name.send(): the sender has type "type[Store]", but the signal declares "str"  [signal-send]
of_name.send(Store, hour=1)
