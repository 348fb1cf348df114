"""TypedDicts that are closed, or accept undeclared keys (PEP 728)."""

# mypy does not know the keyword extra_items; before 2.4, neither does it know closed.
# mypy: disable-error-code="misc"
# ruff: noqa: UP013 - the functional syntax is among the ways

from typing import Annotated, Any, Generic, Never, NotRequired, TypeVar

import typing_extensions
from typing_extensions import ReadOnly, TypedDict

from typed_signals import Signal, receiver

T = TypeVar("T")


class Closed(TypedDict, closed=True):  # type: ignore[call-arg, unused-ignore]
    size: int


class Extra(TypedDict, extra_items=int):  # type: ignore[call-arg]
    size: int


class ExtraReadOnly(typing_extensions.TypedDict, extra_items=ReadOnly[int]):  # type: ignore[call-arg]
    size: int


class Child(Extra):
    note: NotRequired[str]


class GenericExtra(TypedDict, Generic[T], extra_items=int):  # type: ignore[call-arg]
    size: T


class ChildOfGeneric(GenericExtra[int]):
    pass


class ClosedChild(Extra, closed=True):  # type: ignore[call-arg, unused-ignore]
    pass


class NoExtra(TypedDict, extra_items=Never):  # type: ignore[call-arg]
    size: int


class NeverMind: ...


class ExtraNeverMind(TypedDict, extra_items=list[NeverMind]):  # type: ignore[call-arg]
    size: int


class NoExtraReadOnly(TypedDict, extra_items=ReadOnly["Never"]):  # type: ignore[call-arg]
    size: int


class NoExtraAnnotated(TypedDict, extra_items=Annotated[Never, "nothing"]):  # type: ignore[call-arg]
    size: int


Functional = TypedDict("Functional", {"size": int}, extra_items=int)
FunctionalPlain = TypedDict("FunctionalPlain", {"size": int})

closed = Signal[Any, Closed]()
extra = Signal[Any, Extra]()
read_only = Signal[Any, ExtraReadOnly]()
child = Signal[Any, Child]()
of_generic = Signal[Any, ChildOfGeneric]()
functional = Signal[Any, Functional]()
closed_child = Signal[Any, ClosedChild]()
no_extra = Signal[Any, NoExtra]()
plain = Signal[Any, FunctionalPlain]()
never_mind = Signal[Any, ExtraNeverMind]()
no_read_only = Signal[Any, NoExtraReadOnly]()
no_annotated = Signal[Any, NoExtraAnnotated]()

# Declared keys are checked, and others may be sent.
extra.send(None, size=1)
extra.send(None, size=1, weight=2)
read_only.send(None, size=1, weight=2)
never_mind.send(None, size=1, weight=[NeverMind()])
child.send(None, size=1, weight=2, note="hot")
of_generic.send(None, size=1, weight=2)
functional.send(None, size=1, weight=2)
# E: extra.send(): missing 'size'  [signal-send]
extra.send(None, weight=2)
# E: extra.send(): 'size' has type "str", but Extra declares "int"  [signal-send]
extra.send(None, size="large", weight=2)
# E: closed.send(): unexpected 'weight'; Closed declares 'size'  [signal-send]
closed.send(None, size=1, weight=2)
# E: closed_child.send(): unexpected 'weight'; ClosedChild declares 'size'  [signal-send]
closed_child.send(None, size=1, weight=2)
# E: no_extra.send(): unexpected 'weight'; NoExtra declares 'size'  [signal-send]
no_extra.send(None, size=1, weight=2)
# E: no_read_only.send(): unexpected 'weight'; NoExtraReadOnly declares 'size'  [signal-send]
no_read_only.send(None, size=1, weight=2)
# E: no_annotated.send(): unexpected 'weight'; NoExtraAnnotated declares 'size'  [signal-send]
no_annotated.send(None, size=1, weight=2)
# E: plain.send(): unexpected 'weight'; FunctionalPlain declares 'size'  [signal-send]
plain.send(None, size=1, weight=2)


# Receivers may accept additional keys, but cannot require them.
@receiver([extra, child, functional])
def with_default(sender, size, weight=0, **kwargs):
    if size:
        return kwargs["other"]


@receiver(plain)
def reads_unknown(sender, size, **kwargs):
    # E: 'weight' is never in kwargs, because plain does not declare it: remove it  [signal-read]
    return kwargs["weight"]


@receiver(extra)
# E: extra cannot connect requires: 'weight' is not always sent (it is an extra item of Extra): give the parameter a default  [signal-parameter]
def requires(sender, weight, **kwargs):
    pass


@receiver(child)
# E: child cannot connect misspelt: 'sise' is not always sent (it is an extra item of Child): did you mean 'size'?  [signal-parameter]
def misspelt(sender, sise, **kwargs):
    pass


@receiver(closed)
# E: closed cannot connect of_closed: 'weight' is never sent (Closed does not declare it): remove the parameter or give it a default  [signal-parameter]
def of_closed(sender, weight, **kwargs):
    pass
