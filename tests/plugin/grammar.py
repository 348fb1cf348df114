"""
Random programs that declare, connect and send signals in all forms, often with mistakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random

# A module about which almost nothing is known; each program imports it.
INCOMPLETE: Final = """\
from typing import Any
def __getattr__(name: str) -> Any: ...
"""

_START: Final = """\
import functools
from typing import *
from typing_extensions import NotRequired, ParamSpec, ReadOnly, TypedDict, TypeVar, Unpack
from typed_signals import Signal, receiver
import typed_signals as ts
import typed_signals.django as td
from django.db.models.signals import post_save
from django.dispatch import Signal as Bare, receiver as djangos
from flask.signals import request_started
import incomplete

T = TypeVar("T")
B = TypeVar("B", bound="Payload")
P = ParamSpec("P")
def some(*args: Any, **kwargs: Any) -> Any: ...
def same(function: T) -> T: return function
def wrapping(function: Callable[P, T]) -> Callable[P, T]: return function
def adding(function: Callable[P, T]) -> Callable[Concatenate[int, P], list[T]]: ...
def ending(function: T) -> Never: ...
def emptying(function: T) -> None: ...
Endless: TypeAlias = "list[Endless] | Signal[Any, Endless]"
class Store: ...
class Payload(TypedDict):
    size: int
    note: NotRequired[str]
class Of(TypedDict, Generic[T]):
    size: T
    next: NotRequired["Of[T]"]
"""

# Most programs have most of these. Others use missing names, or names of other objects.
_COMMON: Final = (
    "s0 = Signal[Any, Payload]()",
    "s1: Signal[type[Store], Payload] = Signal()",
    "s2 = Signal()",
    "@Signal.declare\ndef s3(sender: Any, size: int, note: str = '') -> int: ...",
    "def r0(sender, size, **kwargs): ...",
    "def r1(sender: object, note: str, **kwargs: Any) -> int: ...",
    "async def r2(*, size: int, **kwargs: Unpack[Payload]) -> None: ...",
    "class Callee:\n    def __call__(self, size: str, **kwargs): ...",
    "class Holder:\n    signal = Signal[Any, Of[int]]()\n    def made(self): return self.signal",
    "holder = Holder()",
)
# The depth of nested statements.
_DEPTH: Final = 2

_KEYS: Final = ("size", "note", "toppings", "sise", "sender", "signal", "self", "next")
_TYPES: Final = (
    *("int", "str", "Any", "object", "None", "Store", "type[Store]", "'Store'", "Undefined"),
    *(
        "Payload",
        "'Payload'",
        "Of[int]",
        "Of[T]",
        "Of",
        "K0",
        "'K1'",
        "K1[int]",
        "Alias",
        "'Alias'",
    ),
    *(
        "T",
        "B",
        "Self",
        "Never",
        "...",
        "[]",
        "[int]",
        "Literal[1]",
        "Callable[..., Any]",
        "Signal",
    ),
    *(
        "Signal[Any, Payload]",
        "Signal[Any]",
        "Signal[Any, Payload, Any, P, int]",
        "Of[int, str]",
        "td.ModelSignal[Store, Payload]",
        "incomplete.K[int]",
        "Endless",
        "Own",
        "ts.Signal",
        "typing.Any",
        "TypedDict",
        "tuple[int, ...]",
        "1",
    ),
)
_SIGNALS: Final = (
    *("s0", "s1", "s2", "s3", "undefined", "Signal", "Payload", "m.s0", "m.s1", "m.missing", "m"),
    *("Holder.signal", "Holder().signal", "Holder().made()", "holder.signal", "each", "Own()"),
    *("post_save", "request_started", "Bare()", "td.Signal[Any, Payload]()", "incomplete.signal"),
    *("either", "late", "m.late", "m.post_save", "Own.signal", "super().s0"),
    *("ts.Signal()", "Signal[Any, Payload]()", "some()", "None", "s0[0]", "r0", "s0.receivers"),
)


class Writer:
    """
    The writer of one program.

    Args:
        chance: the random generator.
        others: the modules that it may import, including itself.
    """

    def __init__(self, chance: random.Random, others: list[str]) -> None:
        self.chance = chance
        self.others = others
        self.count = 0

    def program(self) -> str:
        """
        Return a program of about ten statements.
        """
        other = self.chance.choice(self.others)
        imports = [f"import {other} as m", f"from {other} import *", f"from {other} import s0, r0"]
        lines = [_START, *self.chance.sample(imports, self.chance.randint(0, 2))]
        lines += [text for text in _COMMON if self.chance.random() < 0.8]
        statements = [self.statement(_DEPTH) for _ in range(self.chance.randint(4, 14))]
        return "\n".join([*lines, *statements, ""])

    def one_of(self, *texts: str) -> str:
        return self.chance.choice(texts)

    def maybe(self, text: str, share: float = 0.5) -> str:
        return text if self.chance.random() < share else ""

    def name(self, letter: str) -> str:
        """
        Return a name that may be taken.
        """
        return f"{letter}{self.chance.randrange(4)}"

    def type(self, depth: int = 2) -> str:
        if not depth or self.chance.random() < 0.7:
            return self.chance.choice(_TYPES)
        inner, other = self.type(depth - 1), self.type(depth - 1)
        return self.one_of(
            f"list[{inner}]",
            f"Optional[{inner}]",
            f"Union[{inner}, {other}]",
            f"type[{inner}]",
            f"Annotated[{inner}, 1]",
            f"Signal[{inner}, {other}]",
            f"Signal[{inner}, {other}, {self.type(0)}]",
            f"Unpack[{inner}]",
            f"NotRequired[{inner}]",
            f"ClassVar[{inner}]",
            f"Final[{inner}]",
            f"ReadOnly[{inner}]",
            f"Of[{inner}]",
            f"Callable[[{inner}], {other}]",
        )

    def signal(self, depth: int = 2) -> str:
        if not depth or self.chance.random() < 0.7:
            return self.chance.choice(_SIGNALS)
        inner, other = self.signal(depth - 1), self.signal(depth - 1)
        return self.one_of(
            f"({inner} or {other})",
            f"({inner} if some() else {other})",
            f"[{inner}, {other}]",
            f"({inner}, {other})",
            f"[each for each in [{inner}, {other}]]",
            f"(lambda: {inner})()",
            f"cast({self.type(1)!r}, {inner})",
            f"[{inner}, *{other}]",
            f"(walrus := {inner})",
            f"{{'a': {inner}}}['a']",
        )

    def parameters(self) -> str:
        """
        Return the parameters of a receiver, which may not fit.
        """
        names = self.chance.sample(_KEYS, self.chance.randint(0, 3))
        if self.chance.random() < 0.6:
            names.insert(0, self.one_of("sender", "self", "cls"))
        parts = [name + self.maybe(f": {self.type()}", 0.4) for name in dict.fromkeys(names)]
        if parts and self.chance.random() < 0.2:
            parts.insert(self.chance.randint(1, len(parts)), "/")
        start = len(parts)
        if self.chance.random() < 0.2:
            parts.append(self.one_of("*args", "*args: P.args", "*args: Any"))
        while self.chance.random() < 0.2:
            self.count += 1
            parts.append(f"k{self.count}: {self.type()} = some()")
        if self.chance.random() < 0.2 and start == len(parts):
            parts += ["*", self.one_of("size: int", "toppings=some()", "crust")]
        kwargs = ("**kwargs", "**kwargs: Any", "**kwargs: P.kwargs", f"**kwargs: {self.type()}")
        if self.chance.random() < 0.8:
            parts.append(self.one_of(*kwargs, "**kwargs: Unpack[Payload]"))
        return ", ".join(parts)

    def function(self, name: str, depth: int) -> str:
        body = self.one_of(
            "...", "return kwargs['sise']", "yield", "return some()", "return await x"
        )
        if depth and self.chance.random() < 0.3:
            body = self.indented(self.statement(depth - 1))
        returns = self.maybe(f" -> {self.type()}", 0.3)
        start = self.maybe("async ", 0.15)
        return f"{start}def {name}({self.parameters()}){returns}: {body}"

    def receiver(self, depth: int = 2) -> str:
        if not depth or self.chance.random() < 0.5:
            return self.one_of(
                "r0", "r1", "r2", "undefined", "Store", "Callee()", "Callee", "holder.r0"
            )
        inner = self.receiver(depth - 1)
        return self.one_of(
            f"lambda {self.one_of('**kwargs', 'sender, **k', 'size, note=1, **k', '*, sise')}: 1",
            f"functools.partial({inner})",
            f"functools.partial({inner}, {self.one_of('1', 'size=1', 'sender=s0', '*some()')})",
            f"wrapping({inner})",
            f"adding({inner})",
            f"functools.lru_cache({inner})",
            f"functools.wraps({inner})(some)",
            f"{inner}.__call__",
            f"({inner} or {self.receiver(depth - 1)})",
            f"cast({self.type(1)!r}, {inner})",
            f"{self.signal(0)}.{self.one_of('send', 'connect', 'asend')}",
        )

    def decorator(self) -> str:
        return self.one_of(
            *("same", "wrapping", "adding", "ending", "emptying", "overload", "functools.cache"),
            *("some", "undefined", "staticmethod", "property", self.name("r"), "incomplete.wrap"),
        )

    def arguments(self) -> str:
        options = (
            *(
                "weak=False",
                "weak=some()",
                "sender=Store",
                "sender=some()",
                "dispatch_uid=[]",
                "x=1",
            ),
            *("*some()", "**some()", "sender=s0", "sender=None", "weak=True, weak_=1", "Store"),
        )
        return "".join(
            f", {each}" for each in self.chance.sample(options, self.chance.choice([0, 0, 1, 2]))
        )

    def payload(self) -> str:
        keys = dict.fromkeys(self.chance.choices(_KEYS, k=self.chance.randint(0, 3)))
        parts = [self.one_of("None", "Store", "some()", "sender=1", "*some()", "s0")]
        parts += [
            f"{key}={self.one_of('1', 'some()', 's0', 'x')}" for key in keys if "sender" not in key
        ]
        parts += [self.maybe("**some()", 0.2), self.maybe("**Payload(size=1)", 0.1)]
        return ", ".join(filter(None, parts))

    def declaration(self, depth: int) -> str:
        name, typ = self.name("s"), f"Signal[{self.type()}, {self.type()}]"
        # In a function, mypy never ends with a recursive one, also without the plugin.
        alias = self.one_of(f"Alias = {typ}", f"Alias: TypeAlias = {self.type()!r}")
        alias = alias if depth == _DEPTH else f"{name} = Alias()"
        connect = "def connect(self, *args: Any, **kwargs: Any) -> Any: ..."
        return self.one_of(
            f"{name} = {typ}()",
            f"{name}: {typ} = Signal()",
            f"{name}: {typ}",
            f"{name}: {typ} | None = None",
            f"{name} = Signal()",
            f"{name}: Final = {typ}()",
            f"{name} = {self.name('s')} = {typ}(use_caching=True)",
            f"{name}, *{self.name('s')} = {typ}(), Signal(), {typ}()",
            f"@Signal.declare\n{self.function(name, 0)}",
            f"@ts.Signal.declare\n{self.function(name, 0)}",
            f"{name} = Signal.declare({self.receiver(1)})",
            f"{name} = {self.signal()}",
            f"{name}: {self.type()} = {self.signal()}",
            f"for {name} in {self.signal()}: {self.use(0)}",
            f"if some():\n    {name} = {typ}()\nelse:\n    {name} = None",
            f"class Own({typ}):\n    {self.one_of('...', 'send = None', connect)}",
            f"class Own(Signal[T, {self.type()}], Generic[T]): ...",
            alias,
            f"del {name}",
            f"late = None\nlate = {self.signal(0)}",
            f"late = []\nlate += [{self.signal(0)}]",
            f"either: {typ} | Bare | {self.type(0)} = some()",
            f"@Signal.declare\n@{self.decorator()}\n{self.function(name, 0)}",
            f"@{self.decorator()}\n@Signal.declare\n{self.function(name, 0)}",
            f"@Signal.declare\n@Signal.declare\n{self.function(name, 0)}",
            f"@overload\n{self.function(name, 0)}\n@Signal.declare\n{self.function(name, 0)}",
            f"{name} = 1",
            f"class {name}: ...",
            f"from {self.chance.choice(self.others)} import {self.name('s')} as {name}",
        )

    def payload_class(self) -> str:
        fields = [
            f"    {key}: {self.type()}"
            for key in self.chance.sample(_KEYS, self.chance.randint(0, 3))
        ]
        bases = self.one_of("TypedDict", "TypedDict, total=False", "Payload", "Of[int]", "K1")
        extra = self.one_of("", "", f", extra_items={self.type(0)}", ", closed=True")
        head = self.one_of(
            f"class K0({bases}{extra})",
            "class K1(TypedDict, Generic[T])",
            "class K1(K0)",
            "class K0(K1)",
        )
        functional = f"K0 = TypedDict('K0', {{'size': {self.type()}, 'a b': {self.type()}}})"
        return self.one_of("\n".join([f"{head}:", *(fields or ["    ..."])]), functional)

    def use(self, depth: int) -> str:
        signal = self.signal()
        method = self.one_of("send", "send_robust", "asend", "asend_robust")
        return self.one_of(
            f"{signal}.connect({self.receiver()}{self.arguments()})",
            f"{signal}.connect({self.receiver()}{self.arguments()})",
            f"{signal}.disconnect({self.receiver()}{self.arguments()})",
            f"{signal}.{method}({self.payload()})",
            f"{signal}.{method}({self.payload()})",
            f"receiver({signal}{self.arguments()})({self.receiver()})",
            f"@receiver({signal}{self.arguments()})\n{self.function(self.name('r'), depth)}",
            f"@receiver({signal}{self.arguments()})\n{self.function(self.name('r'), depth)}",
            f"@{signal}.connect\n{self.function(self.name('r'), depth)}",
            f"@djangos({signal}{self.arguments()})\n{self.function(self.name('r'), depth)}",
            f"@djangos([{signal}, post_save])\n{self.function(self.name('r'), depth)}",
            f"@{signal}.connect_via({self.signal(0)})\n{self.function(self.name('r'), depth)}",
            f"with {signal}.connected_to({self.receiver(0)}): ...",
            f"{self.name('r')} = djangos({signal})",
            f"@receiver({signal}{self.arguments()})\n@{self.decorator()}\n"
            f"{self.function(self.name('r'), depth)}",
            f"@{self.decorator()}\n@receiver({signal})\n{self.function(self.name('r'), depth)}",
            f"@receiver({signal})\nclass r0:\n    def __init__({self.parameters()}): ...",
            f"reveal_type({signal})",
            f"print([each.response for each in {signal}.{method}({self.payload()})])",
        )

    def statement(self, depth: int) -> str:
        kind = self.chance.random()
        if kind < 0.3:
            return self.declaration(depth)
        if kind < 0.65 or not depth:
            return self.use(depth)
        inner = self.indented(self.statement(depth - 1), self.statement(depth - 1))
        base = self.one_of("Store", "Generic[T]", "Protocol", "Undefined", "Holder")
        binding = self.one_of("classmethod", "staticmethod", "property", "receiver(s0)")
        return self.one_of(
            f"@{self.decorator()}\n{self.function(self.name('r'), depth)}",
            self.function(self.name("r"), depth),
            self.payload_class(),
            f"class Callee:\n    def __call__({self.parameters()}): ...",
            f"def scope(each: {self.type()}, s0: {self.type()} = some()) -> None:{inner}",
            f"def generic(each: Signal[T, B], other: 'Signal[Any, Any, T, P]') -> T:{inner}",
            f"class Holder({base}):"
            f"{inner}\n    signal = {self.signal()}\n    def made(self): return {self.signal()}",
            f"class Methods:\n    @{binding}"
            f"{self.indented(self.function(self.name('r'), depth - 1))}",
            f"holder = Holder()\nholder.signal = {self.signal()}",
            f"try:{inner}\nexcept Exception as {self.name('s')}:{inner}",
            f"while some():{inner}",
            f"if not TYPE_CHECKING:{inner}",
            f"if isinstance(some, str) and isinstance(some, int):{inner}",
            f"def ends() -> Never:{inner}\n    raise SystemExit{inner}",
            f"async def later():{inner}\n    await s0.asend({self.payload()})",
        )

    @staticmethod
    def indented(*statements: str) -> str:
        lines = [line for statement in statements for line in statement.splitlines()]
        return "".join(f"\n    {line}" for line in lines)


def write(chance: random.Random, name: str, others: list[str]) -> str:
    """
    Return a program for the module *name*, one that Python can compile.
    """
    while True:
        program = Writer(chance, others).program()
        try:
            compile(program, name, "exec")
        except SyntaxError:
            continue
        return program
