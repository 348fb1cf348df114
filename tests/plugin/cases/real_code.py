# mypy: enable-error-code="signal-unsent"
"""Code from real projects: intended uses are accepted, mistakes are reported."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, ClassVar, NotRequired, TypedDict

from typing_extensions import TypeVar

from typed_signals import Signal, receiver


class Viewed(TypedDict):
    page: str
    user: str | None


class Published(TypedDict):
    page: str
    user: str | None
    revision: int


class Migrated(TypedDict):
    using: str
    verbosity: int
    apps: NotRequired[object]


class Saved(TypedDict):
    instance: object
    created: bool
    raw: bool
    using: str
    update_fields: frozenset[str] | None


viewed = Signal[Any, Viewed]()
published = Signal[Any, Published]()
migrated = Signal[Any, Migrated]()
saved = Signal[Any, Saved]()


# A partial that binds by keyword what the signal does not send.
def stamp(sender, page, actor=None, **kwargs):
    pass


stamped = partial(stamp, actor="Ada")
viewed.connect(stamped, weak=False, dispatch_uid=("stamp", 1.5))
viewed.connect(partial(stamp, actor="Ada"), weak=False)
# E: 'actor' is never sent by viewed, so it always has its default: remove the parameter  [signal-unsent]
viewed.connect(stamp)


class Recorder:
    def connect(self, names: list[str]) -> None:
        for name in names:
            viewed.connect(partial(self.record, name=name), sender=name, weak=False)
            # E: viewed cannot connect partial object: 'nam' is never sent (Viewed does not declare it): remove the parameter or give it a default  [signal-parameter]
            viewed.connect(partial(self.record_wrongly, name=name), sender=name, weak=False)

    def record(self, sender, page, name, **kwargs):
        pass

    def record_wrongly(self, sender, page, name, nam, **kwargs):
        pass


# A key that only some commands send.
def populate(sender, using, apps=None, **kwargs):
    pass


def populate_always(sender, using, apps, **kwargs):
    pass


migrated.connect(populate, dispatch_uid="populate")
# E: migrated cannot connect populate_always: 'apps' is not always sent (it is optional in Migrated): give the parameter a default  [signal-parameter]
migrated.connect(populate_always, dispatch_uid="populate_always")


# A signal of another package, sent by the project.
class Store:
    def save(self, created: bool, fields: list[str]) -> None:
        saved.send(
            type(self),
            instance=self,
            created=created,
            raw=False,
            using="default",
            update_fields=frozenset(fields),
        )

    def save_carelessly(self, fields: list[str]) -> None:
        # E: saved.send(): missing 'raw', 'update_fields', 'using'; Saved declares 'created', 'instance', 'raw', 'update_fields', 'using'  [signal-send]
        saved.send(type(self), instance=self, created=False)
        saved.send(
            type(self),
            instance=self,
            created=False,
            raw=False,
            using="default",
            # E: saved.send(): 'update_fields' has type "list[str]", but Saved declares "frozenset[str] | None"  [signal-send]
            update_fields=fields,
        )


# A key that is None if a task sends without a user.
@receiver(viewed)
def greet(sender, user: str | None, **kwargs):
    pass


@receiver(viewed)
# E: viewed cannot connect greet_anybody: 'user' has type "str | None" in Viewed, but the parameter is annotated "str": annotate it as "str | None"  [signal-type]
def greet_anybody(sender, user: str, **kwargs):
    pass


# The annotation of **kwargs is the type of a value.
@receiver(viewed)
def forget(*, page: str, **kwargs: Any) -> None: ...


@receiver(viewed)
# E: viewed cannot connect forget_wrongly: **kwargs is annotated "dict[Any, Any]", but it must accept 'signal', 'user': annotate it as "object" or "Any"  [signal-type]
def forget_wrongly(*, page: str, **kwargs: dict[Any, Any]) -> None: ...


# The idiom for fixtures with a signal without fixtures: dead code, but not an error.
@receiver(saved)
def index(sender, instance, **kwargs):
    if kwargs["raw"]:
        return


@receiver(viewed)
def count(sender, page, **kwargs):
    if kwargs.get("raw", False):
        return


@receiver(viewed)
def count_wrongly(sender, page, **kwargs):
    # E: 'raw' is never in kwargs, because viewed does not declare it: remove it  [signal-read]
    if kwargs.get("raw"):
        return


# An application that connects when it is ready.
class App:
    def ready(self, is_cached: bool) -> None:
        migrated.connect(populate, sender=self)
        if is_cached:
            migrated.connect(lambda *a, **kw: None, sender=self, weak=False)
            # E: migrated keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
            migrated.connect(lambda *a, **kw: None, sender=self)


# Views with a signal attribute; helpers that send any signal.
class View:
    signal: ClassVar[Signal[Any, Any]] = viewed

    def emit(self, signal: Signal, page: str) -> None:
        signal.send(sender=self.__class__, page=page, user=None)


class PublishingView(View):
    signal = published
    also = published

    def go(self, page: str) -> None:
        self.signal.send(sender=self, page=page, user=None, revision=1)
        self.also.send(sender=self, page=page, user=None, revision=1)
        # E: self.also.send(): missing 'revision'; Published declares 'page', 'revision', 'user'  [signal-send]
        self.also.send(sender=self, page=page, user=None)
        self.emit(published, page)
        self.emit(viewed, page)


# One send for several signals: it must fit all of them. In a list, mypy loses their types.
class Event(TypedDict):
    page: str


class LongEvent(TypedDict):
    page: str
    note: NotRequired[str]


opened = Signal[Any, Event]()
closed = Signal[Any, LongEvent]()


def send_both() -> None:
    for signal in (opened, closed):
        signal.send(None, page="/")
    signals: list[Signal[Any, Any]] = [opened, closed]
    for signal in signals:
        signal.send(None, page="/")
    for signal in (opened, closed):
        # E: signal.send(): unexpected 'note'; Event declares 'page'  [signal-send]
        signal.send(None, page="/", note="")


# Own signals that pass a value through all receivers.
SenderT = TypeVar("SenderT")
PayloadT = TypeVar("PayloadT", default=Any)


class ChainedSignal(Signal[SenderT, PayloadT, Any]):
    def send_chained(self, sender: SenderT, chained: str, **named: Any) -> Any:
        responses = self.send(sender, **named)
        return responses[-1][1] if responses else named.get(chained)

    def connect(
        self,
        receiver: Callable[..., Any],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
        apps: object = None,
    ) -> None:
        return super().connect(receiver, sender, weak, dispatch_uid)


class Price(TypedDict):
    price: float


priced = ChainedSignal[str, Price]()
untyped = ChainedSignal[str]()
priced.send_chained("shop", "price", price=1.0)
for _, answer in priced.send("shop", price=1.0):
    answer.anything()
untyped.send("shop", anything=1)


@receiver(priced, apps=None, dispatch_uid="discount")
def discount(sender, price, **kwargs):
    return price / 2


@receiver(untyped)
def anything_goes(sender, whatever, **kwargs):
    pass


@receiver(priced, apps=None)
# E: priced cannot connect raise_price: 'prize' is never sent (Price does not declare it): did you mean 'price'?  [signal-parameter]
def raise_price(sender, prize, **kwargs):
    return prize * 2
