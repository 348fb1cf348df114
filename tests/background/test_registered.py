"""
How a delivery finds its receiver: the key, and what happens to it when modules change.
"""

from __future__ import annotations

import gc
import importlib
import linecache
import sys
import weakref
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

import typed_signals.background
from tests.background.recording import Recording
from typed_signals import Signal
from typed_signals.background import Background, _connected, _registry, run
from typed_signals.exceptions import ReceiverTypeError, UnknownReceiverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

order_placed = Signal()
order_paid = Signal()
engine = Recording()
background = Background(engine)


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    engine.queue.clear()
    yield
    for signal in (order_placed, order_paid):
        for connection in signal.connections:
            signal.disconnect(connection.receiver, connection.sender, connection.dispatch_uid)


def ship(**kwargs: Any) -> str:
    return "shipped"


def pack(**kwargs: Any) -> str:
    return "packed"


class Depot:
    @classmethod
    def label(cls, **kwargs: Any) -> str:
        return cls.__name__

    @staticmethod
    def weigh(**kwargs: Any) -> str:
        return "weighed"


class LargeDepot(Depot):
    pass


def test_key_is_the_name_or_the_dispatch_uid() -> None:
    receivers: list[tuple[Callable[..., Any], str | None, str]] = [
        (ship, None, "ship"),
        (Depot.label, None, "Depot.label"),
        (LargeDepot.label, None, "LargeDepot.label"),
        (Depot.weigh, None, "Depot.weigh"),
        (pack, "", "pack"),
    ]
    for receiver, uid, _ in receivers:
        background.receiver([order_placed, order_paid], dispatch_uid=uid)(receiver)
    sent = [delivery.receiver for _, delivery in order_placed.send(None)]
    assert sent == [f"{__name__}.{key}" for *_, key in receivers]
    assert engine.run() == ["shipped", "Depot", "LargeDepot", "weighed", "packed"]
    background.receiver(order_paid, sender=Depot, dispatch_uid="pack")(pack)
    assert order_paid.send(Depot)[-1][1].receiver == "pack"
    assert engine.run()[-1] == "packed"


def test_two_receivers_with_one_key_are_refused() -> None:
    background.receiver(order_placed, dispatch_uid="mail")(ship)
    for sender in (None, Depot):
        with pytest.raises(ReceiverTypeError) as refused:
            background.receiver([order_paid, order_placed], sender=sender, dispatch_uid="mail")(
                pack
            )
        line = ship.__code__.co_firstlineno
        assert str(refused.value).endswith(
            f": {__name__}.ship ({__file__}:{line}) has the same key 'mail': pass another "
            "dispatch_uid to one of the two"
        )
    assert order_paid.connections == []
    # The same one may be connected to several senders, and by several backgrounds.
    Background(engine).receiver(order_placed, sender=Depot, dispatch_uid="mail")(ship)
    assert len(order_placed.connections) == 2
    # Another signal has its own keys.
    background.receiver(order_paid, dispatch_uid="mail")(pack)
    order_paid.send(None)
    assert engine.run() == ["packed"]
    # When none of its connections is left, another one can have the key.
    assert order_placed.disconnect(dispatch_uid="mail")
    with pytest.raises(ReceiverTypeError, match="has the same key"):
        background.receiver(order_placed, dispatch_uid="mail")(pack)
    assert order_placed.disconnect(sender=Depot, dispatch_uid="mail")
    background.receiver(order_placed, dispatch_uid="mail")(pack)


def test_connected_twice_it_is_called_once() -> None:
    for weak in (True, False):
        for _ in range(2):
            background.receiver(order_placed, weak=weak)(ship)
    assert len(order_placed.send(None)) == 1
    assert order_placed.disconnect(ship)


def test_connected_in_a_block() -> None:
    background.receiver(order_placed)(ship)
    with order_placed.connected(pack):
        assert [response for _, response in order_placed.send(None)][1:] == ["packed"]


def test_subclasses_of_signals_may_connect_in_their_own_way() -> None:
    background.receiver(audited)(ship)
    assert [connected.receiver for connected in audited.seen] == [ship]
    audited.send(None)
    assert engine.run() == ["shipped"]


class Audited(Signal[Any, Any]):
    seen: list[Any]

    def connect(self, receiver: Any, *args: Any, **kwargs: Any) -> None:
        self.seen = [receiver]
        super().connect(receiver, *args, **kwargs)


audited = Audited()


def test_names_in_a_delivery_cannot_forge_lines_of_a_log() -> None:
    background.receiver(order_placed)(ship)
    order_placed.send(None)
    [text] = engine.texts
    with pytest.raises(UnknownReceiverError, match=r" to 'a\\nERROR b\\x1b' cannot run"):
        run(text.replace(f"{__name__}.ship", r"a\nERROR b\u001b"))


def test_an_unknown_receiver_names_the_known_ones() -> None:
    background.receiver(order_placed)(ship)
    [(_, delivery)] = order_placed.send(None)
    [text] = engine.texts
    with pytest.raises(UnknownReceiverError) as unknown:
        run(text.replace(".ship", ".send_away"))
    start, _, known = str(unknown.value).partition(": known are ")
    assert start == (
        f"the delivery {delivery.id} of {__name__}.order_placed to {__name__}.send_away cannot "
        "run, because this process has not connected such a receiver in the background"
    )
    names, _, fix = known.partition("; ")
    assert f"'{__name__}.ship'" in names
    assert fix == f"if it was renamed, pass dispatch_uid={__name__ + '.send_away'!r} for it"
    with pytest.raises(UnknownReceiverError, match="import the modules with the receivers in the"):
        run(text.replace("order_placed", "order_returned"))
    assert isinstance(unknown.value, LookupError)


SHOP = """
from typing import TypedDict
from tests.background.test_registered import background
from typed_signals import Signal

class Request: ...

class Order(TypedDict, total=False):
    request: Request
    customer: "Missing[int]"

VERSION = 1
order_placed = Signal[Request, Order]()

@background.receiver(order_placed)
def ship(**kwargs):
    return VERSION
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """
    Return a function that writes a module and imports it, or reloads it.
    """
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def write(code: str) -> ModuleType:
        (tmp_path / "reloaded_shop.py").write_text(dedent(code), "utf-8")
        importlib.invalidate_caches()
        linecache.clearcache()
        if (known := sys.modules.get("reloaded_shop")) is not None:
            return importlib.reload(known)
        return importlib.import_module("reloaded_shop")

    yield write
    sys.modules.pop("reloaded_shop", None)


def test_reloaded_module_replaces_its_receivers(shop: Callable[[str], ModuleType]) -> None:
    first = shop(SHOP)
    first.order_placed.send(None)
    signal, receiver = first.order_placed, first.ship
    # The old ones are still alive; and lines have moved.
    for code in (SHOP, SHOP.replace("VERSION = 1", "VERSION = 2\n\n")):
        module = shop(code)
        assert module.order_placed is not signal
        assert module.ship is not receiver
        module.order_placed.send(None)
    assert engine.run() == [2, 2, 2]


def test_imported_again_it_replaces_its_receivers(shop: Callable[[str], ModuleType]) -> None:
    first = shop(SHOP)
    del sys.modules["reloaded_shop"]
    second = shop(SHOP.replace("= 1", "= 2"))
    assert first.ship is not second.ship
    second.order_placed.send(None)
    assert engine.run() == [2]


def test_two_definitions_with_one_name_are_refused(shop: Callable[[str], ModuleType]) -> None:
    again = "\n@background.receiver(order_placed)\ndef ship(**kwargs):\n    return 'again'\n"
    with pytest.raises(ReceiverTypeError, match=r"reloaded_shop.ship \(.*:15\) has the same key"):
        shop(SHOP + again)
    sys.modules.pop("reloaded_shop", None)
    module = shop(SHOP + again.replace("(order_placed", "(order_placed, dispatch_uid='again'"))
    module.order_placed.send(None)
    # The first was collected with its name.
    assert engine.run() == ["again"]


def test_redefined_in_a_notebook_it_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Recording(in_process=True)
    main = type(sys)("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    vars(main)["background"] = Background(here)
    cell = "@background.receiver(signal)\ndef ship(**kwargs):\n    return {}\n"
    exec("from typed_signals import Signal\nsignal = Signal()", vars(main))
    kept = []
    for number in (1, 2):
        exec(compile("\n" * number + cell.format(number), f"<cell {number}>", "exec"), vars(main))
        kept.append(vars(main)["ship"])
    vars(main)["signal"].send(None)
    assert here.run() == [2, 2]
    again = compile("\n\n\n\n" + cell.format(3), "<cell 2>", "exec")
    with pytest.raises(ReceiverTypeError, match=r"has the same key '__main__\.ship'"):
        exec(again, vars(main))


def test_collected_receivers_and_signals_are_forgotten(shop: Callable[[str], ModuleType]) -> None:
    module = shop(SHOP)
    [(connected, _)] = module.order_placed.send(None)
    [text] = engine.texts
    ship, signal = module.ship, module.order_placed
    del module.ship
    assert run(text) == 1
    del ship
    gc.collect()
    # What is connected may live a little longer.
    assert signal.send(None) == [(connected, None)]
    del connected
    assert signal.send(None) == []
    with pytest.raises(UnknownReceiverError):
        run(text)
    module = shop(SHOP)
    ship = module.ship
    assert run(text) == 1
    del signal, module.order_placed
    gc.collect()
    with pytest.raises(UnknownReceiverError):
        run(text)
    assert ship() == 1


def test_engine_is_not_kept_alive_by_a_receiver_whose_signal_is_gone() -> None:
    signal = Signal()
    globals()["short_lived"] = signal
    engine = Recording()
    of_engine = weakref.ref(engine)
    Background(engine).receiver(signal)(ship)
    signal.send(None)
    assert len(engine.texts) == 1
    del signal, globals()["short_lived"], engine
    gc.collect()
    assert of_engine() is None


def test_receiver_may_die_after_the_variables_of_our_modules(
    shop: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = shop(SHOP)
    [(connected, _)] = module.order_placed.send(None)
    monkeypatch.setattr(_connected, "_kept", None)
    del module.ship
    gc.collect()
    assert connected.receiver is None


def test_receiver_may_die_after_its_signal(shop: Callable[[str], ModuleType]) -> None:
    module = shop(SHOP)
    [(connected, _)] = module.order_placed.send(None)
    del module.order_placed
    gc.collect()
    assert connected.registered.signal is None
    assert connected.receiver is module.ship
    del module.ship
    gc.collect()
    assert connected.receiver is None


def test_strong_receivers_go_with_their_connection(shop: Callable[[str], ModuleType]) -> None:
    module = shop(SHOP.replace("(order_placed)", "(order_placed, weak=False)"))
    ship, signal = module.ship, module.order_placed
    del module.ship, ship
    gc.collect()
    signal.send(None)
    assert engine.run() == [1]
    [connection] = signal.connections
    assert not connection.weak
    signal.send(None)
    assert signal.disconnect(connection.receiver)
    del connection
    gc.collect()
    with pytest.raises(UnknownReceiverError):
        engine.run()


def test_receiver_that_dies_while_it_is_looked_up() -> None:
    def receiver(**kwargs: Any) -> None: ...

    registered = _registry.Registered(order_paid, "shop.order_paid", receiver, "shop.ship", {})
    del receiver
    _registry.register(registered)
    background.receiver(order_paid)(ship)
    order_paid.send(None)
    [text] = engine.texts
    lost = text.replace(f"{__name__}.order_paid", "shop.order_paid").replace(
        f"{__name__}.ship", "shop.ship"
    )
    with pytest.raises(UnknownReceiverError):
        run(lost)
    # Another one can take its place.
    assert registered.is_replaced_by(registered)


def test_nothing_else_is_in_the_package() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'CeleryTask'"):
        _ = typed_signals.background.CeleryTask  # type: ignore[attr-defined]
