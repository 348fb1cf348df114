"""Objects that cannot be connected: not callable, or without a place for weak references."""

import enum
import functools
from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict

from typed_signals import Signal, receiver


class Done(TypedDict):
    size: int


done = Signal[Any, Done]()
sold = Signal[Any, Done]()


# The order of decorators.
# R: ReceiverTypeError
class AboveStatic:
    @receiver(done)
    @staticmethod
    # E: done cannot connect log: a staticmethod object cannot be weakly referenced: put @receiver under it  [signal-receiver]
    def log(sender, size, **kwargs):
        pass


class UnderStatic:
    @staticmethod
    @receiver(done)
    def log(sender, size, **kwargs):
        pass


class AboveStaticForGood:
    @receiver([done, sold], weak=False)
    @staticmethod
    def log(sender, size, **kwargs):
        pass


# R: ReceiverTypeError
class AboveClass:
    @receiver(done)
    @classmethod
    # E: done cannot connect log: a classmethod object is not callable: connect AboveClass.log after the class  [signal-receiver]
    def log(cls, sender, size, **kwargs):
        pass


class OfClass:
    @classmethod
    def log(cls, sender, size, **kwargs):
        pass


done.connect(OfClass.log)


# R: ReceiverTypeError
class AboveProperty:
    @receiver(done)  # type: ignore[prop-decorator]
    @functools.cached_property
    # E: done cannot connect log: a property is not callable: connect a function or a method  [signal-receiver]
    def log(self):
        return print


# Objects without a place for weak references.
@dataclass(slots=True)
class Slots:
    size: int = 1

    def log(self, sender, **kwargs):
        pass

    @classmethod
    def of_class(cls, sender, **kwargs):
        pass

    @staticmethod
    def static(sender, **kwargs):
        pass


@dataclass(slots=True, weakref_slot=True)
class WeakSlots:
    size: int = 1

    def log(self, sender, **kwargs):
        pass


class Written:
    __slots__ = ("size",)

    def __call__(self, sender, **kwargs):
        pass

    def connect(self) -> None:
        # It may be of a subclass.
        done.connect(self)


class WithoutSlots(Written):
    pass


class WithPlace:
    __slots__ = ("__weakref__", "size")

    def __call__(self, sender, **kwargs):
        pass


class Row(NamedTuple):
    size: int

    def log(self, sender, **kwargs):
        pass


class Level(enum.IntEnum):
    LOW = 1

    def log(self, sender, **kwargs):
        pass


class Colour(enum.Enum):
    RED = 1

    def log(self, sender, **kwargs):
        pass


slots, weak_slots, row = Slots(), WeakSlots(), Row(1)
written, without_slots, with_place = Written(), WithoutSlots(), WithPlace()
# E: done cannot connect log: Slots objects cannot be weakly referenced: pass weak=False  [signal-receiver]
# R: ReceiverTypeError
done.connect(slots.log)
# E: done cannot connect log: Slots objects cannot be weakly referenced: pass weak=False  [signal-receiver]
# R: ReceiverTypeError
done.connect(Slots().log)
# E: done cannot connect Written object: Written objects cannot be weakly referenced: pass weak=False  [signal-receiver]
# R: ReceiverTypeError
done.connect(written)
# E: done cannot connect log: Row objects cannot be weakly referenced: pass weak=False  [signal-receiver]
# R: ReceiverTypeError
done.connect(row.log)
# E: done cannot connect log: Level objects cannot be weakly referenced: pass weak=False  [signal-receiver]
# R: ReceiverTypeError
done.connect(Level.LOW.log)
# E: done cannot connect log: Row objects cannot be weakly referenced: pass weak=False  [signal-receiver]
# R: ReceiverTypeError
receiver(done)(row.log)
done.connect(slots.log, weak=False)
done.connect(slots.of_class)
done.connect(slots.static)
done.connect(weak_slots.log)
done.connect(without_slots)
done.connect(with_place)
done.connect(Colour.RED.log)
