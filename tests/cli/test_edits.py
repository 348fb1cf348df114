"""
``infer --write``: what is written into the source of a module, from inferences made by hand.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from typed_signals import BaseSignal
from typed_signals.cli.infer.edits import Edits, plan_edits
from typed_signals.cli.infer.edits.module import ModuleEdit
from typed_signals.cli.infer.edits.payload import payload_name
from typed_signals.cli.infer.edits.plan import shown_reasons
from typed_signals.cli.infer.result import Inference, InferredKey, InferredSignal
from typed_signals.cli.survey.model import (
    Key,
    Place,
    ReceiverFact,
    ReceiverParameter,
    SendFact,
    Survey,
)
from typed_signals.cli.survey.written_types import (
    NONE,
    NamedType,
    UnionOf,
    UnknownType,
    Verbatim,
    WrittenType,
)

if TYPE_CHECKING:
    from pathlib import Path

    from typed_signals.cli.infer.edits.module import Form

DJANGOS = "django.dispatch.dispatcher.Signal"
OURS = "typed_signals._signal.Signal"
INT = NamedType("builtins", "int")
DECIMAL = NamedType("decimal", "Decimal")
ORDER = NamedType("shop.models", "Order")
ORDERS = NamedType("builtins", "list", (ORDER,))
ORDER_CLASS = NamedType("builtins", "type", (ORDER,))


def optional(typ: WrittenType) -> UnionOf:
    return UnionOf((typ, NONE))


class Case:
    """
    A project with one module, ``shop.signals``.
    """

    def __init__(self, root: Path, source: str | bytes, module: str = "shop/signals.py") -> None:
        self.root = root
        self.source = source if isinstance(source, bytes) else source.encode()
        self.path = root / module
        self.module = module
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(self.source)
        self.signals: list[InferredSignal] = []
        self.receivers: list[ReceiverFact] = []
        self.sends: list[SendFact] = []

    def add(
        self,
        name: str,
        *keys: InferredKey,
        sender: WrittenType | None = ORDER_CLASS,
        engine: str = DJANGOS,
        **others: Any,
    ) -> None:
        """
        Add what is inferred of the signal that is first assigned to *name*.
        """
        last = name.rpartition(".")[2]
        lines = self.source.decode("latin-1").splitlines()
        line = next(
            number
            for number, text in enumerate(lines, 1)
            if "=" in text and re.search(rf"\b{last}\b", text.rpartition("=")[0])
        )
        others = {"kind": "django", "verdict": "complete", **others}
        module = "shop" if self.module.endswith("__init__.py") else "shop.signals"
        self.signals.append(
            InferredSignal(
                f"{module}.{name}",
                Place(self.module, line),
                engine=engine,
                keys=keys,
                sender=sender,
                **others,
            )
        )

    def plan(self, form: Form = "typeddict") -> Edits:
        inference = Inference(str(self.root), tuple(self.signals))
        survey = Survey(str(self.root), sends=tuple(self.sends), receivers=tuple(self.receivers))
        return plan_edits(inference, survey, form)

    def written(self, form: Form = "typeddict") -> str:
        """
        Return the new source, after checks that hold for all.
        """
        edits = self.plan(form)
        assert [each.why for each in edits.left] == []
        (change,) = edits.changes
        assert self.path.read_bytes() == self.source
        edits.write()
        after = self.path.read_bytes()
        assert after == change.after
        # What is declared is left alone.
        again = self.plan(form)
        assert again.changes == ()
        return after.decode("utf-8")

    def why_left(self) -> list[str]:
        edits = self.plan()
        assert edits.changes == ()
        return [each.why for each in edits.left]


def run(source: str) -> dict[str, Any]:
    """
    Return the signals of a module that is executed.
    """
    module = ModuleType("shop.signals")
    sys.modules["shop.signals"] = module
    try:
        exec(compile(source, "signals.py", "exec", dont_inherit=True), vars(module))
        found = {
            name: value for name, value in vars(module).items() if isinstance(value, BaseSignal)
        }
        for signal in found.values():
            signal._declaration.payload_of(signal)
        return found
    finally:
        del sys.modules["shop.signals"]


def payload(signal: Any) -> tuple[set[str], set[str]]:
    found = signal._declaration.payload_of(signal)
    return set(found.required), set(found.optional)


def key(name: str, typ: WrittenType = INT, *, required: bool = True) -> InferredKey:
    return InferredKey(name, typ, required)


DJANGO = '''\
"""The signals of the shop."""

from django.dispatch import Signal

# Sent when an order is paid.
order_paid = Signal()  # by the bank

# ---- Internal ----

# Has a key that is a keyword.
order_moved = Signal(use_caching=True)

order_seen = Signal()
'''
DJANGO_WRITTEN = '''\
"""The signals of the shop."""

from decimal import Decimal
from typing import TYPE_CHECKING, NotRequired, TypedDict

from typed_signals.django import Signal

if TYPE_CHECKING:
    from shop.models import Order


class OrderPaid(TypedDict):
    order: "Order"
    total: NotRequired[Decimal | None]
    lines: NotRequired["list[Order] | None"]


# Sent when an order is paid.
order_paid = Signal[type["Order"], OrderPaid]()  # by the bank

# ---- Internal ----


OrderMoved = TypedDict(
    "OrderMoved",
    {
        "from": int,
        "orders": "list[Order]",
    },
)


# Has a key that is a keyword.
order_moved = Signal["Order | None", OrderMoved](use_caching=True)


class OrderSeen(TypedDict):
    pass


order_seen = Signal[object, OrderSeen]()
'''


def django_case(root: Path) -> Case:
    case = Case(root, DJANGO)
    lines = optional(ORDERS)
    case.add(
        "order_paid",
        key("order", ORDER),
        key("total", optional(DECIMAL), required=False),
        key("lines", lines, required=False),
    )
    case.add("order_moved", key("from"), key("orders", ORDERS), sender=optional(ORDER))
    case.add("order_seen", sender=UnknownType())
    return case


def test_signals_of_django_are_declared(tmp_path: Path) -> None:
    case = django_case(tmp_path)
    case.receivers += [
        receiver("order_paid", ReceiverParameter("order"), ReceiverParameter("signal"))
    ]
    written = case.written()
    assert written == DJANGO_WRITTEN
    signals = run(written)
    assert payload(signals["order_paid"]) == ({"order"}, {"total", "lines"})
    assert payload(signals["order_moved"]) == ({"from", "orders"}, set())
    assert payload(signals["order_seen"]) == (set(), set())


def test_only_what_is_declared_uses_another_class(tmp_path: Path) -> None:
    case = django_case(tmp_path)
    case.signals[1] = replace(case.signals[1], verdict="open")
    edits = case.plan()
    (change,) = edits.changes
    written = change.after.decode()
    assert "from django.dispatch import Signal\n" in written
    assert "from typed_signals.django import Signal as TypedSignal\n" in written
    assert 'order_paid = TypedSignal[type["Order"], OrderPaid]()  # by the bank' in written
    assert "order_moved = Signal(use_caching=True)" in written
    why = "a send passes keys that are not known"
    left = f"shop/signals.py:11: shop.signals.order_moved is not declared: {why}"
    assert [*shown_reasons(edits.left)] == [left]
    assert set(run(written)) == {"order_paid", "order_seen"}
    diff = edits.diff()
    assert "--- a/shop/signals.py\n+++ b/shop/signals.py\n@@ " in diff
    assert '-order_paid = Signal()  # by the bank\n+order_paid = TypedSignal[type["Order"]' in diff


FUNCTIONS = '''\
"""The signals of the shop."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from typed_signals.django import Signal

if TYPE_CHECKING:
    from shop.models import Order


# Sent when an order is paid.
@Signal.declare
def order_paid(
    sender: "type[Order]",
    *,
    order: "Order",
    total: Decimal | None = ...,
    lines: "list[Order] | None" = ...,
) -> Any: ...  # by the bank

# ---- Internal ----


OrderMoved = TypedDict(
    "OrderMoved",
    {
        "from": int,
        "orders": "list[Order]",
    },
)


# Has a key that is a keyword.
order_moved = Signal["Order | None", OrderMoved](use_caching=True)


@Signal.declare
def order_seen(sender: object) -> Any: ...
'''


def test_signals_are_declared_as_functions_where_that_can_be(tmp_path: Path) -> None:
    written = django_case(tmp_path).written("function")
    assert written == FUNCTIONS
    signals = run(written)
    assert payload(signals["order_paid"]) == ({"order"}, {"total", "lines"})
    assert payload(signals["order_moved"]) == ({"from", "orders"}, set())


FORMS = """\
from __future__ import annotations

import typing as t
from typing import TYPE_CHECKING

import django.dispatch
from django.dispatch import (
    Signal,
    receiver,  # used below
)

from . import models
from .models import Order

if TYPE_CHECKING:
    from shop.places import Place


class OrderPaid:
    def __init__(self):
        self.local = Signal()


order_paid = Signal()
sent, lost = Signal(), Signal()
__all__ = ["order_paid"]


class Events:
    \"\"\"Signals in a class.\"\"\"

    order_done: Signal = Signal()
    order_undone = django.dispatch.Signal()


if OrderPaid:
    order_held = Signal()
"""
FORMS_WRITTEN = """\
from __future__ import annotations

import typing as t
from typing import TYPE_CHECKING

from django.dispatch import (
    Signal,
    receiver,  # used below
)
from typed_signals.django import Signal as TypedSignal

from . import models
from .models import Order

if TYPE_CHECKING:
    from elsewhere import Place as ElsewherePlace

    from shop.places import Counter, Place


class OrderPaid:
    def __init__(self):
        self.local = Signal()


class OrderPaidPayload(t.TypedDict):
    order: Order
    place: Place | None
    counter: t.NotRequired[Counter.Line]


order_paid = TypedSignal[type[Order], OrderPaidPayload]()


class Sent(t.TypedDict):
    pass


class Lost(t.TypedDict):
    place: ElsewherePlace


sent, lost = TypedSignal[type[Order], Sent](), TypedSignal[type[Order], Lost]()
__all__ = ["order_paid"]


class OrderDone(t.TypedDict):
    size: int


class OrderUndone(t.TypedDict):
    invoice: models.Invoice


class Events:
    \"\"\"Signals in a class.\"\"\"

    order_done: TypedSignal[type[Order], OrderDone] = TypedSignal[type[Order], OrderDone]()
    order_undone = TypedSignal["ElsewherePlace", OrderUndone]()


if OrderPaid:

    class OrderHeld(t.TypedDict):
        call: t.Callable[[int], str]

    order_held = TypedSignal[object, OrderHeld]()
"""


def test_forms_in_which_signals_are_created(tmp_path: Path) -> None:
    case = Case(tmp_path, FORMS)
    place, elsewhere = NamedType("shop.places", "Place"), NamedType("elsewhere", "Place")
    case.add(
        "order_paid",
        key("order", ORDER),
        key("place", optional(place)),
        key("counter", NamedType("shop.places", "Counter.Line"), required=False),
    )
    case.add("sent")
    case.add("lost", key("place", elsewhere))
    case.add("Events.order_done", key("size"))
    case.add("Events.order_undone", key("invoice", NamedType("shop.models", "Invoice")))
    case.signals[-1] = replace(case.signals[-1], sender=elsewhere)
    call = NamedType("typing", "Callable", (Verbatim("[int]"), NamedType("builtins", "str")))
    case.add("order_held", key("call", call), sender=None)
    assert case.written() == FORMS_WRITTEN


ENGINES = {
    "typed_signals": """\
from typed_signals import Signal as S
order_paid = S()
""",
    "typed_signals.django": """\
from typed_signals import django as ts
order_paid = ts.Signal()
""",
    "django": """\
from django.dispatch.dispatcher import Signal as S
order_paid: S = S()
""",
    "the project": """\
from .compat import Signal
order_paid = other = Signal()
""",
    "package": """\
import django.dispatch
order_paid = django.dispatch.Signal()
""",
}
IMPORT = "from typing import TypedDict\n\n"
CLASS = "\n\n\nclass OrderPaid(TypedDict):\n    size: int\n\n\n"
ENGINES_WRITTEN = {
    "typed_signals": f"""\
{IMPORT}from typed_signals import Signal as S{CLASS}order_paid = S[object, OrderPaid]()
""",
    "typed_signals.django": f"""\
{IMPORT}from typed_signals import django as ts{CLASS}order_paid = ts.Signal[object, OrderPaid]()
""",
    "django": f"""\
{IMPORT}from typed_signals.django import Signal{CLASS}\
order_paid: Signal[object, OrderPaid] = Signal[object, OrderPaid]()
""",
    "the project": f"""\
{IMPORT}from typed_signals.django import Signal{CLASS}\
order_paid = other = Signal[object, OrderPaid]()
""",
    "package": f"""\
{IMPORT}from typed_signals.django import Signal{CLASS}order_paid = Signal[object, OrderPaid]()
""",
}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_engine_stays_the_same(engine: str, tmp_path: Path) -> None:
    case = Case(tmp_path, ENGINES[engine])
    classes = {
        "typed_signals": OURS,
        "typed_signals.django": "typed_signals.django._dispatcher.Signal",
    }
    name = classes.get(engine, DJANGOS)
    case.add("order_paid", key("size"), sender=None, engine=name)
    written = case.written()
    assert written == ENGINES_WRITTEN[engine]
    assert payload(run(written)["order_paid"]) == ({"size"}, set())


def test_bytes_of_the_file_are_kept(tmp_path: Path) -> None:
    source = (
        "# -*- coding: latin-1 -*-\r\n"
        "# Caf\xe9\r\n"
        "from django.dispatch import Signal\r\n"
        "# fmt: off\r\n"
        "if True:\r\n"
        "\torder_paid   =   Signal( )  # Caf\xe9"
    ).encode("latin-1")
    case = Case(tmp_path, source)
    case.add("order_paid", key("size"), key("order", ORDER), sender=None)
    case.path.chmod(0o640)
    edits = case.plan()
    assert "Caf\ufffd" in edits.diff()
    assert edits.diff().endswith("\\ No newline at end of file\n")
    edits.write()
    assert case.path.stat().st_mode & 0o777 == 0o640
    assert case.path.read_bytes() == (
        "# -*- coding: latin-1 -*-\r\n"
        "# Caf\xe9\r\n"
        "from typing import TYPE_CHECKING, TypedDict\r\n"
        "\r\n"
        "from typed_signals.django import Signal\r\n"
        "\r\n"
        "if TYPE_CHECKING:\r\n"
        "\tfrom shop.models import Order\r\n"
        "\r\n"
        "# fmt: off\r\n"
        "if True:\r\n"
        "\r\n"
        "\tclass OrderPaid(TypedDict):\r\n"
        "\t\tsize: int\r\n"
        '\t\torder: "Order"\r\n'
        "\r\n"
        "\torder_paid   =   Signal[object, OrderPaid]( )  # Caf\xe9"
    ).encode("latin-1")


def test_nothing_is_written_if_a_file_has_changed(tmp_path: Path) -> None:
    case = django_case(tmp_path)
    edits = case.plan()
    case.path.write_text("changed", "utf-8")
    with pytest.raises(OSError, match=r"signals\.py was changed in the meantime"):
        edits.write()
    assert case.path.read_text("utf-8") == "changed"
    assert [*case.path.parent.iterdir()] == [case.path]


LEFT = """\
from django.dispatch import Signal
from .others import Signal as Other, make

for name in "ab":
    in_loop = Signal()

def create():
    global in_function
    in_function = Signal()

if create:
    twice = Signal()
else:
    twice = Signal()

made = make()
not_a_call = Signal and Signal()
old = Signal(providing_args=[])
strange = Signal(1)
subclass = Other()
starred, *_ = Signal(), Signal()
if create: short = Signal()
unknown = open_one = drifting = never_sent = Signal()
blinkers = Signal()
reserved = Signal()
without_kwargs = Signal()
requires_more = Signal()
requires_other = Signal()
positional = Signal()
tested = Signal()
late: Signal
late = Signal()
elsewhere = Signal()
(lambda: None)().attribute = Signal()
nowhere = Signal()
declared = Signal[object, dict]()
"""


def receiver(
    signal: str, *parameters: ReceiverParameter, kwargs: str | None = "kw"
) -> ReceiverFact:
    return ReceiverFact(
        f"shop.signals.{signal}",
        Place("shop/receivers.py", 3),
        "shop.receivers.log",
        parameters=parameters,
        kwargs=kwargs,
    )


def test_signals_are_left_where_it_is_not_sure(tmp_path: Path) -> None:
    case = Case(tmp_path, LEFT)
    for name in ("in_loop", "in_function", "twice", "made", "not_a_call", "old", "strange"):
        case.add(name)
    case.add("subclass", engine="shop.others.Signal")
    case.add("starred")
    case.add("short")
    case.add("unknown", why_unsure="it is sent under another name")
    case.add("open_one", verdict="open")
    case.add("drifting", verdict="drifting")
    case.add("never_sent", verdict="never sent")
    case.add("blinkers", kind="blinker", engine="blinker.base.Signal")
    case.add("reserved", key("self"))
    case.add("without_kwargs")
    case.add("requires_more", key("size", required=False))
    case.add("requires_other", key("size"))
    case.add("positional")
    case.add("tested", key("size"), key("count", required=False))
    case.add("late")
    case.add("elsewhere")
    case.signals[-1] = replace(case.signals[-1], place=Place("/elsewhere/signals.py", 1))
    case.add("declared")
    case.add("nowhere", verdict="declared")
    case.receivers += [
        receiver("without_kwargs", kwargs=None),
        receiver("requires_more", ReceiverParameter("sender"), ReceiverParameter("size")),
        receiver("requires_other", ReceiverParameter("sender"), ReceiverParameter("why")),
        receiver("positional", ReceiverParameter("sender", kind="positional")),
        receiver("nowhere", kwargs=None),
        replace(receiver("in_loop", kwargs=None), parameters=None),
    ]
    place = Place("tests/test_shop.py", 5)
    size = {"size": Key(INT)}
    case.sends += [
        SendFact("shop.signals.tested", place, "send"),  # not in tests, so it counts already
        SendFact("shop.signals.tested", place, "send", spread=("named",), in_tests=True),
        SendFact("shop.signals.tested", place, "send", size, in_tests=True),
        SendFact("shop.signals.tested", place, "send", {"sise": Key(INT)}, in_tests=True),
    ]
    tested = "a send in tests (tests/test_shop.py:5)"
    log = "its receiver shop.receivers.log (shop/receivers.py:3)"
    assert sorted(case.why_left()) == sorted(
        [
            "it is created in a loop",
            "it is created in a function",
            "twice is assigned or annotated more than once",
            "late is assigned or annotated more than once",
            "it is created by make(), not by Signal()",
            "its definition is not a call of Signal()",
            "Signal() has no argument providing_args since Django 4: remove it",
            "it has arguments that are not understood",
            "its class is shop.others.Signal",
            "its definition is not an assignment of Signal() to a name",
            "its definition is not an assignment of Signal() to a name",
            "it is sent under another name",
            "a send passes keys that are not known",
            "its sends differ",
            "no send was found",
            "its class is blinker.base.Signal: declare it with --declarations",
            "a key cannot be called 'self'",
            f"{log} has no **kwargs: add it first",
            f"{log} requires 'size', which is not always sent",
            f"{log} requires 'why', which is never sent",
            f"{log} has a positional-only parameter",
            f"{tested} sends 'sise' in addition and does not send 'size'",
            "it is defined outside of the project",
            "it is declared already",
        ]
    )


def test_files_that_cannot_be_read_are_left(tmp_path: Path) -> None:
    case = Case(tmp_path, "order_paid = Signal()")
    case.add("order_paid")
    for source in (b"order_paid = Signal(", b"# coding: nothing\n", b"\xff\xfe"):
        case.path.write_bytes(source)
        (why,) = case.why_left()
        assert why.startswith("its file cannot be parsed: ")
    case.path.unlink()
    (why,) = case.why_left()
    assert "No such file" in why


# The imports before and after, with a key of type Order, and one of a date.
IMPORTS = {
    "existing ones are completed in their style": (
        """\
import shop.base
from typing import (
    Any,
    TypeVar,  # of orders
)
from datetime import datetime, timedelta
from django.dispatch import Signal, receiver
if TYPE_CHECKING:
    from shop.models import Zoo
""",
        """\
import shop.base
from typing import (
    TYPE_CHECKING,
    Any,
    TypedDict,
    TypeVar,  # of orders
)
from datetime import date, datetime, timedelta
from django.dispatch import receiver
from typed_signals.django import Signal
if TYPE_CHECKING:
    from shop.models import Order, Zoo
""",
    ),
    "the last name of several is removed": (
        """\
from django.dispatch import (
    receiver,
    Signal,
)
from typing import TYPE_CHECKING, TypedDict as TD
from shop import models
import datetime as dt
""",
        """\
from django.dispatch import (
    receiver,
)
from typed_signals.django import Signal
from typing import TYPE_CHECKING, TypedDict as TD
from shop import models
import datetime as dt
""",
    ),
    "comments around an import stay": (
        """\
#!/usr/bin/env python
# License.

# The engine.
from django.dispatch import Signal
import zlib; import sys
""",
        """\
#!/usr/bin/env python
# License.

# The engine.
import zlib; import sys
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from typed_signals.django import Signal

if TYPE_CHECKING:
    from shop.models import Order
""",
    ),
    "one statement of a line is removed": (
        """\
from django.dispatch import Signal; import typing
from shop.models import *

""",
        """\
import typing
from datetime import date

from typed_signals.django import Signal
from shop.models import *

if typing.TYPE_CHECKING:
    from shop.models import Order
""",
    ),
    "unsorted names are completed at the end": (
        """\
from datetime import tzinfo, datetime
# The engine.
from django.dispatch import Signal
from typing import (TYPE_CHECKING, TypedDict)
from other import Order
""",
        """\
from datetime import tzinfo, datetime, date
# The engine.
from typing import (TYPE_CHECKING, TypedDict)
from other import Order
from typed_signals.django import Signal

if TYPE_CHECKING:
    from shop.models import Order as ModelsOrder
""",
    ),
    "a name is imported under another one": (
        """\
from typing import TypedDict, TYPE_CHECKING
from django.dispatch import Signal
from datetime import date as today
import date
if TYPE_CHECKING:
    from shop.models import Zoo
class Order: ...
""",
        """\
from typing import TypedDict, TYPE_CHECKING
from datetime import date as today
import date
from typed_signals.django import Signal
if TYPE_CHECKING:
    from shop.models import Order as ModelsOrder, Zoo
class Order: ...
""",
    ),
    "a long import is not made longer": (
        """\
from __future__ import annotations
from typing import Any, Callable, ClassVar, Generic, Iterable, Iterator, Mapping, NamedTuple
from django.dispatch import Signal
""",
        """\
from __future__ import annotations
from datetime import date
from typing import Any, Callable, ClassVar, Generic, Iterable, Iterator, Mapping, NamedTuple
from typing import TYPE_CHECKING, TypedDict

from typed_signals.django import Signal

if TYPE_CHECKING:
    from shop.models import Order
""",
    ),
}


@pytest.mark.parametrize("case", IMPORTS)
def test_imports(case: str, tmp_path: Path) -> None:
    before, after = IMPORTS[case]
    project = Case(tmp_path, f"{before}\norder_paid = Signal()\n")
    project.add("order_paid", key("order", ORDER), key("on", NamedType("datetime", "date")))
    written = project.written()
    assert written.partition("\n\n\nclass OrderPaid(")[0] + "\n" == after


RARE = """\
from typing_extensions import Zed, NotRequired
from django.db.models.base import Model
from typed_signals.django import Signal
from django.dispatch import Signal as Old
import shop.models
from shop import Pizza


class Local: ...


class Events:
    done = Old()


local = Old()
Model_ = Old()
MODEL = MODELPayload = Old()
"""


def test_names_that_are_bound_are_used(tmp_path: Path) -> None:
    case = Case(tmp_path, RARE)
    long = "shop.models.with_a_long_name_of_a_module"
    case.add(
        "Events.done",
        key("local", NamedType("shop.signals", "Local")),
        key("model", NamedType("django.db.models.base", "Model")),
        key("line", NamedType("shop.models", "Order.Line")),
        key("slice", NamedType("shop.menu", "Pizza.Slice")),
        key("one", NamedType(long, "ClassWithALongName")),
        key("two", NamedType(long, "AnotherClassWithALongName")),
        sender=None,
    )
    case.add("local", key("size", required=False), sender=None)
    case.add("Model_", sender=None)
    written = case.written()
    # In an import cycle, the module is there before its classes.
    assert '    line: "shop.models.Order.Line"\n' in written
    assert "    slice: Pizza.Slice\n" in written
    assert "    local: Local\n    model: Model\n" in written
    assert "class LocalPayload(TypedDict):\n    size: NotRequired[int]\n" in written
    assert "local = Signal[object, LocalPayload]()\n" in written
    assert "from typing_extensions import Zed, NotRequired\n" in written
    assert (
        "if TYPE_CHECKING:\n"
        f"    from {long} import (\n"
        "        AnotherClassWithALongName,\n"
        "        ClassWithALongName,\n"
        "    )\n"
    ) in written
    assert "class ModelPayload(TypedDict):\n    pass\n\n\nModel_ = Signal[object" in written
    assert "MODEL = MODELPayload = Old()\n" in written


HIDDEN = """\
import django.dispatch
from django.dispatch import Signal

object = Signal()
type = django.dispatch.Signal()


class Events:
    list = Signal()
    done = Signal()
"""
HIDDEN_WRITTEN = """\
from builtins import list as builtins_list, object as builtins_object, type as builtins_type
from typing import TYPE_CHECKING, TypedDict

from typed_signals.django import Signal

if TYPE_CHECKING:
    from shop.models import Order


class Object(TypedDict):
    size: builtins_object


object = Signal[builtins_object, Object]()


class Type(TypedDict):
    orders: "list[Order]"


type = Signal[builtins_type["Order"], Type]()


class List(TypedDict):
    size: int


Done = TypedDict(
    "Done",
    {
        "int": int,
        "orders": "builtins_list[Order]",
    },
)


class Events:
    list = Signal[builtins_type["Order"], List]()
    done = Signal[builtins_type["Order"], Done]()
"""


def test_signals_and_keys_that_are_named_like_builtins(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 100\n", "utf-8")
    case = Case(tmp_path, HIDDEN)
    case.add("object", key("size", UnknownType()), sender=None)
    case.add("type", key("orders", ORDERS))
    case.add("Events.list", key("size"))
    case.add("Events.done", key("int"), key("orders", ORDERS))
    written = case.written()
    assert written == HIDDEN_WRITTEN
    assert payload(run(written)["type"]) == ({"orders"}, set())


LONG = """\
from __future__ import annotations
from django.dispatch import Signal
from shop.models import Order
order_of_the_customer_was_paid = Signal(use_caching=True)
order_seen: Signal = Signal()
one, order_of_the_customer_was_moved = Signal(), Signal()
class Events:
    order_was_left = Signal()
"""
LONG_WRITTEN = """\
class OrderOfTheCustomerWasPaid(TypedDict):
    order: Order
    by: (
        Order
        | list[Order]
        | dict[str, int]
        | None
    )
    lines: dict[str, list[int] | None]
    places: NotRequired[
        dict[
            str, dict[str, dict[str, list[Order]]]
        ]
    ]
    deep: dict[
        str,
        dict[
            str, dict[str, dict[str, list[Order]]]
        ],
    ]


order_of_the_customer_was_paid = Signal[
    type[Order], OrderOfTheCustomerWasPaid
](use_caching=True)


class OrderSeen(TypedDict):
    pass


order_seen: Signal[
    type[Order], OrderSeen
] = Signal[type[Order], OrderSeen]()


class One(TypedDict):
    pass


class OrderOfTheCustomerWasMoved(TypedDict):
    pass


one, order_of_the_customer_was_moved = Signal[type[Order], One](), \
Signal[type[Order], OrderOfTheCustomerWasMoved]()


class OrderWasLeft(TypedDict):
    pass


class Events:
    order_was_left = Signal[
        type[Order], OrderWasLeft
    ]()
"""


def test_long_lines_are_laid_out_as_by_ruff(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("[flake8]\nmax-line-length = 50\n", "utf-8")
    case = Case(tmp_path, LONG)
    string, lists = NamedType("builtins", "str"), NamedType("builtins", "list", (INT,))

    def mapping(typ: WrittenType) -> NamedType:
        return NamedType("builtins", "dict", (string, typ))

    case.add(
        "order_of_the_customer_was_paid",
        key("order", ORDER),
        key("by", UnionOf((ORDER, ORDERS, mapping(INT), NONE))),
        key("lines", mapping(optional(lists))),
        key("places", mapping(mapping(mapping(ORDERS))), required=False),
        key("deep", mapping(mapping(mapping(mapping(ORDERS))))),
    )
    for name in ("order_seen", "one", "order_of_the_customer_was_moved", "Events.order_was_left"):
        case.add(name)
    assert case.written().partition("\n\n\n")[2] == LONG_WRITTEN


def test_payload_gets_a_free_name() -> None:
    assert payload_name("order_paid", set()) == "OrderPaid"
    assert payload_name("ORDER_PAID", set()) == "OrderPaid"
    assert payload_name("orderPaid", set()) == "OrderPaid"
    assert payload_name("_order", set()) == "_Order"
    assert payload_name("Order", set()) == "OrderPayload"
    assert payload_name("order", {"Order", "OrderPayload", "OrderPayload2"}) == "OrderPayload3"


def test_source_that_does_not_compile_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ModuleEdit, "result", lambda _: b"order_paid = =\n")
    case = Case(tmp_path, "from django.dispatch import Signal\norder_paid = Signal()\n")
    case.add("order_paid")
    assert case.why_left() == ["its types cannot be written as source"]
