"""
Receivers that cannot run in the background are refused when they are connected.
"""

from __future__ import annotations

import functools
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack
from uuid import UUID

import pytest

from tests.background.recording import Recording
from tests.support import unchecked
from typed_signals import Signal, configure, with_signature
from typed_signals._shared import policy
from typed_signals.background import Background, Delivery, Immediate
from typed_signals.exceptions import (
    ContractError,
    ContractWarning,
    DeclarationError,
    ReceiverSignatureError,
    ReceiverTypeError,
    UndeliverableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Order(TypedDict):
    number: UUID
    request: object
    note: NotRequired[str]


order_placed = Signal[Any, Order]()
order_paid = Signal[Any, Order]()
untyped = Signal()
wrong = unchecked(Signal)[Any, int]()


class Branch:
    placed = Signal[object, Order]()


branch_opened = Signal[Branch, Order]()

engine = Recording()
background = Background(engine)
on_threads = Background(Recording(in_process=True, can_await=True))


@pytest.fixture(autouse=True)
def _nothing_connected() -> Iterator[None]:
    yield
    for signal in (order_placed, order_paid, untyped, branch_opened, Branch.placed):
        for connection in signal.connections:
            signal.disconnect(connection.receiver, connection.sender, connection.dispatch_uid)
        assert signal.connections == []


def ship(sender: object, **kwargs: Any) -> None: ...


def pack(**kwargs: Any) -> None: ...


def read(request: object, **kwargs: Any) -> None: ...


def read_undeclared(number: int = 0, **kwargs: Any) -> None: ...


class Part(TypedDict):
    number: UUID
    request: NotRequired[object]


def unpack(**kwargs: Unpack[Part]) -> None: ...


def unpack_wrong(**kwargs: Unpack[int]) -> None: ...  # type: ignore[misc]


def no_kwargs(sender: object) -> None: ...


def need_more(copies: int, **kwargs: Any) -> None: ...


async def mail(**kwargs: Any) -> None: ...


class Printer:
    def __call__(self, **kwargs: Any) -> None: ...

    def label(self, **kwargs: Any) -> None: ...

    @classmethod
    def label_class(cls, number: UUID, **kwargs: Any) -> None: ...

    @staticmethod
    def label_static(number: UUID, **kwargs: Any) -> None: ...


class Record:
    def __init__(self, **kwargs: Any) -> None: ...


class AsyncPrinter:
    async def __call__(self, **kwargs: Any) -> None: ...


printer = Printer()
async_printer = AsyncPrinter()
async_printer.__qualname__ = "async_printer"  # type: ignore[attr-defined]
arrow = lambda **kwargs: None  # noqa: E731


def local() -> Callable[..., None]:
    def function(**kwargs: Any) -> None: ...

    return function


FIND = (
    "another process cannot find {}: connect a function that is defined in a module, or a class "
    "method or static method"
)
NO_AWAIT = (
    "the engine 'recording' does not await async receivers: make it sync, and call "
    "asgiref.sync.async_to_sync in it"
)
REQUEST = (
    "'request' cannot travel to the background: it is object, which does not say what "
    "comes back: remove it, or declare its type"
)

REFUSED: dict[str, tuple[Any, type[ContractError], str]] = {
    "not callable": (7, ReceiverTypeError, "Signal receivers must be callable. Pass the function"),
    "lambda": (arrow, ReceiverTypeError, FIND.format("a lambda")),
    "local": (
        local(),
        ReceiverTypeError,
        FIND.format("the local function local.<locals>.function"),
    ),
    "partial": (partial(ship), ReceiverTypeError, FIND.format("a functools.partial")),
    "method": (
        printer.label,
        ReceiverTypeError,
        FIND.format("the method of an instance of Printer"),
    ),
    "object": (printer, ReceiverTypeError, FIND.format("an object of Printer without a name")),
    "async": (mail, ReceiverTypeError, NO_AWAIT),
    "async object": (async_printer, ReceiverTypeError, NO_AWAIT),
    "key": (read, ReceiverSignatureError, REQUEST),
    "unpacked key": (unpack, ReceiverSignatureError, REQUEST),
    "no **kwargs": (no_kwargs, ReceiverSignatureError, "Add **kwargs"),
    "not sent": (need_more, ReceiverSignatureError, "'copies'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_receiver_is_refused_by_each_of_a_list_or_by_none(name: str) -> None:
    receiver, error, reason = REFUSED[name]
    for first, signals in (
        ("order_placed", order_placed),
        ("Branch.placed", [Branch.placed, order_placed]),
    ):
        with pytest.raises(error) as refused:
            background.receiver(signals)(receiver)
        assert f"{__name__}.{first} cannot connect " in str(refused.value)
        assert reason in str(refused.value)
        assert refused.value.receiver is receiver
        assert order_placed.connections == Branch.placed.connections == []


def test_similar_receivers_are_accepted() -> None:
    for receiver in (ship, Printer.label_class, Printer.label_static, Record, unpack_wrong):
        assert background.receiver([order_placed, Branch.placed])(unchecked(receiver)) is receiver
    on_threads.receiver(order_placed)(mail)
    assert len(order_placed.send(Branch, number=UUID(int=1), request=object())) == 6


def test_an_undeclared_name_does_not_travel() -> None:
    with pytest.raises(ReceiverSignatureError) as refused:
        background.receiver(untyped)(read_undeclared)
    assert str(refused.value).endswith(
        "'number' cannot travel to the background: it is not declared: remove it, or declare it in "
        "the payload of the signal, with its type"
    )
    with pytest.raises(ReceiverSignatureError, match="'copies'"):
        background.receiver(untyped)(need_more)
    background.receiver(untyped)(ship)


def test_senders_that_do_not_travel_cannot_be_named() -> None:
    with pytest.raises(ReceiverSignatureError, match="'sender' cannot travel to the background"):
        background.receiver(branch_opened)(unchecked(ship))
    background.receiver(branch_opened)(Printer.label_static)


def test_signal_without_a_name_is_refused() -> None:
    class Local:
        signal = Signal[object, Order]()

    for unnamed in (Signal[object, Order](), Local.signal):
        with pytest.raises(ReceiverTypeError) as refused:
            background.receiver(unnamed)(ship)
        assert str(refused.value).endswith(
            ": another process cannot find a signal without a name in a module: assign it to a "
            "name there"
        )


def test_main_module_is_refused_where_processes_are_crossed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main = type(sys)("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    exec(
        "from typed_signals import Signal\nsignal = Signal()\ndef receive(**kwargs): ...",
        vars(main),
    )
    signal, receive = vars(main)["signal"], vars(main)["receive"]
    for pair in ((signal, ship), (order_paid, receive)):
        with pytest.raises(ReceiverTypeError) as refused:
            background.receiver(pair[0])(pair[1])
        assert str(refused.value).endswith(
            ": another process has another __main__ module, and cannot find it there: define it in "
            "a module that both import"
        )
        on_threads.receiver(pair[0])(pair[1])


def passes_on(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


@passes_on
def wrapped(request: object, **kwargs: Any) -> None: ...


@passes_on
def tracked(number: UUID, delivery: Delivery, **kwargs: Any) -> str:
    return delivery.id


@with_signature(lambda sender, **kwargs: None)
@passes_on
def stated(request: object, **kwargs: Any) -> None: ...


@passes_on
def unpack_wrapped(**kwargs: Unpack[Part]) -> None: ...


def test_what_a_decorator_hides_is_only_warned_about() -> None:
    for receiver in (wrapped, unpack_wrapped):
        with pytest.warns(ContractWarning, match="may be unable to call .* 'request' cannot"):
            background.receiver(order_placed)(unchecked(receiver))
    background.receiver(order_placed)(tracked)
    background.receiver(order_placed)(stated)
    responses = order_placed.send(Branch, number=UUID(int=1), request=object())
    assert len(responses) == 4


def test_configured_to_warn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_configured", {name: {} for name in policy._configured})
    configure(bad_receiver="warn", only=f"{__name__}.*")
    with pytest.warns(ContractWarning, match="should not connect .*'request' cannot travel"):
        background.receiver(order_placed)(unchecked(read))
    # No configuration makes another process find it.
    with pytest.raises(ReceiverTypeError, match="a lambda"):
        background.receiver(order_placed)(arrow)
    with pytest.raises(UndeliverableError, match="cannot deliver 'request' to"):
        order_placed.send(Branch, number=UUID(int=1), request=object())


def test_invalid_declaration_is_reported() -> None:
    with pytest.raises(DeclarationError, match="is not a TypedDict"):
        background.receiver(wrong)(ship)


ARGUMENTS: list[tuple[dict[str, Any], str]] = [
    ({"dispatch_uid": 7}, "dispatch_uid must be a string for a receiver in the background"),
    ({"dispatch_uid": ("a", "b")}, "because deliveries carry it, not ('a', 'b')"),
    ({"queue": 7}, "queue must be the name of a queue, not 7: pass a string"),
    ({"queue": ""}, "queue must be the name of a queue, not ''"),
    ({"priority": "high"}, "priority must be an int, not 'high'"),
    ({"priority": True}, "priority must be an int, not True"),
    ({"sendr": Branch}, "did you mean 'sender'?"),
]


@pytest.mark.parametrize(("arguments", "reason"), ARGUMENTS)
def test_wrong_arguments_are_refused(arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(TypeError) as refused:
        background.receiver([order_placed, untyped], **arguments)(ship)
    assert reason in str(refused.value)


def test_wrong_engines_are_refused() -> None:
    fix = r": pass one such as CeleryTasks\(app\)"
    for candidate, shown in ((7, "7"), (None, "None"), (Recording, ".*, an instance of it")):
        with pytest.raises(TypeError, match=f"takes an engine, not {shown}"):
            Background(unchecked(candidate))
    with pytest.raises(TypeError, match=fix):
        Background(unchecked(7))
    with pytest.raises(TypeError, match="priority must be an int"):
        Background(engine, priority=unchecked("high"))
    assert repr(Background(Immediate())) == "<Background immediate>"


def test_wrong_signals_are_refused() -> None:
    for signal, reason in (
        (7, "takes a signal or a list of signals, not 7"),
        (Signal, "Signal is a class, not a signal"),
        (Printer, "takes a signal"),
    ):
        with pytest.raises(TypeError, match=reason):
            background.receiver(unchecked(signal))
    other: Any = type("Other", (), {"connect": print})()
    with pytest.raises(TypeError, match="cannot run in the background: this works with signals"):
        background.receiver(other)


class Slotted:
    __slots__ = ("__qualname__",)

    def __init__(self) -> None:
        self.__qualname__ = "slotted"

    def __call__(self, **kwargs: Any) -> str:
        return "slotted"


slotted = Slotted()


def test_objects_without_weak_references() -> None:
    with pytest.raises(ReceiverTypeError, match="cannot be weakly referenced: pass weak=False"):
        background.receiver(order_placed)(unchecked(slotted))
    with pytest.raises(TypeError, match=r"weak"):
        background.receiver(order_placed, weak=unchecked(Weak()))(ship)
    background.receiver(order_placed, weak=False)(slotted)
    engine.queue.clear()
    order_placed.send(Branch, number=UUID(int=1), request=object())
    assert engine.run() == ["slotted"]


class Weak:
    def __bool__(self) -> bool:
        raise ValueError


def test_mypy_goes_on_with_each_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    # The plugin of django-stubs imports receivers; it is on the stack then.
    plugin = type(sys)("mypy_django_plugin")
    monkeypatch.setitem(sys.modules, "mypy_django_plugin", plugin)
    exec("def connect(decorator, receiver): return decorator()(receiver)", vars(plugin))
    other: Any = type("Other", (), {"connect": print})()
    background.receiver(order_paid, dispatch_uid="uid")(ship)
    mistakes: list[tuple[Any, Any, dict[str, Any]]] = [
        *((order_placed, receiver, {}) for receiver, *_ in REFUSED.values()),
        (wrong, ship, {}),
        (order_placed, ship, {"sendr": 7}),
        (order_placed, ship, {"dispatch_uid": 7}),
        (order_placed, ship, {"queue": 7}),
        (order_placed, ship, {"weak": Weak()}),
        (order_placed, slotted, {}),
        (order_paid, pack, {"dispatch_uid": "uid"}),
        (other, ship, {}),
        (7, ship, {}),
    ]
    for signal, receiver, arguments in mistakes:
        decorator: Any = partial(background.receiver, signal, **arguments)
        assert plugin.connect(decorator, receiver) is receiver
    assert order_placed.connections == []
    assert [each.receiver for each in order_paid.connections] == [ship]
