"""
Odd programs, by module name: incomplete, wrong or merely unusual code that the plugin gets to see.

What mypy says of them does not matter, as long as it gets to the end.
"""

from __future__ import annotations

import sys
from typing import Final

_START = """\
from typing import *
from typing_extensions import TypedDict, Unpack, NotRequired, ParamSpec, Concatenate
import functools, contextlib, dataclasses, enum, abc
from typed_signals import Signal, receiver
import typed_signals

class Store: ...
class Kept(TypedDict):
    size: int
    note: NotRequired[str]

done = Signal[Any, Kept]()
bare = Signal()
def right(sender, **kwargs): ...
"""

# Each of these follows the start above.
_PROGRAMS: Final = {
    "receiver_arguments": """
@receiver()
def none(**kwargs): ...
@receiver
def bare_decorator(**kwargs): ...
@receiver(done, done)
def two(**kwargs): ...
@receiver(done, bare, 1, None, weak=False)
def more(**kwargs): ...
@receiver(*[done])
def star(**kwargs): ...
@receiver(**{"signal": done})
def star_star(**kwargs): ...
@receiver(*(done,), **{"weak": False})
def both(**kwargs): ...
@receiver(done)()
def called(**kwargs): ...
@receiver(done)(right)
def applied(**kwargs): ...
@receiver(None)
def of_none(**kwargs): ...
@receiver("done")
def of_name(**kwargs): ...
@receiver(Signal)
def of_class(**kwargs): ...
@receiver(Signal[Any, Kept])
def of_alias(**kwargs): ...
@receiver([done, [bare, (done,)]])
def nested(**kwargs): ...
@receiver({done, bare})
def of_set(**kwargs): ...
@receiver([signal for signal in (done, bare)])
def comprehension(**kwargs): ...
@receiver(signal for signal in (done, bare))
def generator(**kwargs): ...
@receiver((yes := done))
def walrus(**kwargs): ...
@receiver(done if bare else bare)
def either(**kwargs): ...
@receiver(lambda: done)
def of_lambda(**kwargs): ...
@receiver(done, sender=..., weak=..., dispatch_uid=[])
def ellipsis(**kwargs): ...
@receiver(done, sender=undefined, weak=undefined)
def of_undefined(**kwargs): ...
@receiver(undefined)
def on_undefined(**kwargs): ...
@receiver(undefined.attribute[0]())
def on_more_undefined(**kwargs): ...
receiver(done)()
receiver(done)(right, right)
receiver(done)(*[right])
receiver(done)(**{"receiver": right})
receiver(done)(receiver=right)
receiver(done)(receiver(done))
receiver(receiver)(receiver)
receiver(receiver(done))(right)
""",
    "connect_arguments": """
done.connect()
done.connect(right, right, right, right, right)
done.connect(*[right])
done.connect(*(right, Store), **{})
done.connect(**{"receiver": right})
done.connect(*undefined, **undefined)
done.connect(right, receiver=right)
done.connect(done)
done.connect(Signal)
done.connect(done.connect)
done.connect(done.send)
done.connect(Signal.connect)
done.connect(receiver)
done.connect(receiver(done))
done.connect(undefined)
done.connect(undefined.method)
done.connect(None)
done.connect(...)
done.connect("right")
done.connect([right])
done.connect(lambda: (yield))
done.connect(lambda *a, **k: done.connect(lambda **k: None))
done.connect((lambda: lambda **kwargs: None)())
done.connect(right if bare else None)
done.connect(NotImplemented)
done.connect(reveal_type(right))
done.connect(cast(Any, right))
done.connect(cast("Undefined", right))
done.connect(type)
done.connect(type(right))
done.connect(object)
done.connect(int)
done.connect(dict)
done.connect(super)
done.connect(functools.partial)
done.connect(functools.partial())
done.connect(functools.partial(1))
done.connect(functools.partial(right, 1, 2, 3, sender=4))
done.connect(functools.partial(functools.partial(right), 1), weak=False)
done.connect(functools.partial(Store).func)
done.connect(Store().missing)
done.connect(super().missing)
done.connect(right)(right)
done.connect(right).connect(right)
done.connect
Signal.connect()
Signal.connect(done)
Signal[Any, Kept].connect(done, right)
Signal[Any, Kept]().connect(right)
(done or bare).connect(right)
[done][0].connect(right)
{**{"a": done}}["a"].connect(right)
(lambda: done)().connect(right)
""",
    "sends": """
done.send()
done.send(*[1, 2])
done.send(*undefined)
done.send(**undefined)
done.send(**{}, **{"size": 1})
done.send(None, **{"size": 1}, **Kept(size=1))
done.send(None, sender=None, self=1, signal=2, payload=3, args=4)
done.send(sender=undefined, size=undefined)
done.send(None, size=done.send(None, size=1))
done.send_robust
done.asend(None)
await_me = done.asend(None, size=1)
done.send.send()
done.send(None, size=1)[0][1].send()
Signal.send()
Signal.send(done)
Signal.send(done, None, size=1)
Signal[Any, Kept].send(done, None)
super(Signal, done).send(None)
type(done).send(done, None)
map(done.send, [1])
[done.send(sender) for sender in done.send(None)]
del done.send
done.send = right
done.send(None, whatever=1)
""",
    "arguments_of_signal": """
no_arguments = Signal[()]()
one = Signal[Any]()
three = Signal[Any, Kept, int]()
four = Signal[Any, Kept, int, ...]()
given = Signal[Any, Kept, int, [int, str]]()
given_none = Signal[Any, Kept, int, []]()
five = Signal[Any, Kept, int, ..., int]()
ellipses = Signal[..., ...]()
strings = Signal["Store", "Kept"]()
wrong_strings = Signal["Nowhere", "1 +"]()
values = Signal[1, 2]()
literals = Signal[Literal[1], Literal["a"]]()
nones = Signal[None, None]()
unions = Signal[Store | None, Kept | None]()
optional = Signal[Any, Optional[Kept]]()
both = Signal[Any, Union[Kept, "Other"]]()
unpacked = Signal[Any, Unpack[Kept]]()
required = Signal[Any, Required[Kept]]()
annotated = Signal[Any, Annotated[Kept, 1]]()
class_var = Signal[Any, ClassVar[Kept]]()
final: Final = Signal[Any, Final[Kept]]()
never = Signal[Never, Never]()
self_type = Signal[Self, Self]()
callables = Signal[Callable, Callable[..., Any]]()
types = Signal[type, type[Kept]]()
tuples = Signal[tuple[int, ...], tuple[()]]()
objects = Signal[object, object]()
nested = Signal[Signal[Any, Kept], Signal[Any, Kept]]()
unresolved = Signal[Nowhere, Elsewhere.Kept]()
typed_dict_itself = Signal[Any, TypedDict]()
generic_class = Signal[Any, Generic]()
class Other(TypedDict): ...
for signal in (no_arguments, one, three, four, given, given_none, five, ellipses, strings,
               wrong_strings, values, literals, nones, unions, optional, both, unpacked, required,
               annotated, class_var, final, never, self_type, callables, types, tuples, objects,
               nested, unresolved, typed_dict_itself, generic_class):
    signal.send(None, size=1)
    signal.connect(right)
for name in ["no_arguments"]:
    pass
three.connect(right); four.connect(right); given.connect(right); given_none.connect(right)
five.connect(right); ellipses.connect(right); strings.connect(right); values.connect(right)
optional.connect(right); both.connect(right); unpacked.connect(right); never.connect(right)
self_type.connect(right); typed_dict_itself.connect(right); unresolved.connect(right)
annotated.connect(right); final.connect(right); tuples.connect(right); nested.connect(right)
three.send(None); four.send(None); given.send(None); given_none.send(None); five.send(None)
unpacked.send(None, size=1); never.send(None); annotated.send(None); nested.send(None)
@receiver([one, three, four, given, given_none, unresolved, optional])
def of_all(sender, size, **kwargs): return kwargs["sise"]
called_with = Signal(1, 2, 3, use_caching=4, nothing=5)
called_with_stars = Signal(*undefined, **undefined)
""",
    "redefined": """
done = Signal[Any, Store]()
done = 1
done: Signal[Any, "Late"] = Signal()
done.connect(right)
done.send(None, size=1)
if bare:
    bare = Signal[Any, Kept]()
else:
    bare = None
bare.connect(right)
try:
    tried = Signal[Any, Kept]()
except Exception as tried:
    tried.send(None)
tried.connect(right)
with contextlib.suppress() as opened:
    opened = Signal[Any, Kept]()
opened.connect(right)
for looped in [Signal[Any, Kept]()]:
    looped.connect(right)
looped.send(None)
del done
done.send(None)
done.connect(right)
import done
done.connect(right)
def done(sender, **kwargs): ...
done.connect(right)
class done(Signal[Any, Kept]): ...
done.connect(right)
done().connect(done)
global_signal = global_signal
global_signal.connect(right)
a = b = c = Signal[Any, Kept]()
a.connect(right); b.send(None); c.send(None, size=1)
x, *y = Signal[Any, Kept](), Signal[Any, Kept](), Signal()
x.connect(right); y[0].connect(right)
late_use.connect(right)
late_use.send(None)
late_use = Signal[Any, "Late"]()
class Late(TypedDict):
    late: "Later"
class Later(TypedDict):
    late: "Late"
""",
    "classes": """
T = TypeVar("T")
K = TypeVar("K", bound="Kept")
P = ParamSpec("P")
class WithMeta(Signal[Any, Kept], metaclass=abc.ABCMeta): ...
class Both(Signal[Any, Kept], Generic[T]): ...
class OfBoth(Both[int], Both[str]): ...
class Twice(Signal[Any, Kept], Signal[Any, Store]): ...
class Mixed(Store, Signal[T, Kept]): ...
class OverBound(Signal[Any, K]): ...
class OverSpec(Signal[Any, Kept, int, P]): ...
class OverSelf(Signal["OverSelf", "OverSelf"]): ...
class OverUnknown(Signal[Any, Nowhere]): ...
class OfUnknown(Nowhere, Signal[Any, Kept]): ...
class AsProtocol(Signal[Any, Kept], Protocol): ...
class AsProtocolAlone(Protocol):
    def connect(self, receiver, sender=None): ...
    def send(self, sender, **kwargs: Any): ...
class AsTuple(NamedTuple, Signal[Any, Kept]):
    a: int
class AsDict(TypedDict, Signal[Any, Kept]): ...
class AsEnum(Signal[Any, Kept], enum.Enum):
    ONE = 1
@dataclasses.dataclass
class AsData(Signal[Any, Kept]):
    field: Signal[Any, Kept] = dataclasses.field(default_factory=Signal)
class Circular(Circular): ...
class OwnSend(Signal[Any, Kept]):
    send = 1
    connect = None
    send_robust = property(lambda self: right)
    asend = right
class OwnConnect(Signal[Any, Kept]):
    @overload
    def connect(self, receiver: int) -> int: ...
    @overload
    def connect(self, receiver: str, *args: int) -> str: ...
    def connect(self, *args, **kwargs): ...
    @staticmethod
    def send(**kwargs: Any): ...
    @classmethod
    def send_robust(cls, *args: Any, **kwargs: Any): ...
    async def asend(self, **kwargs: Any): ...
class NoReceiver(Signal[Any, Kept]):
    def connect(self, function, /, *, sender): ...
    def send(self, **payload: Any): ...
    @property
    def send_robust(self): return super().send_robust
class Slots(Signal[Any, Kept]):
    __slots__ = ("connect",)
    def __getattr__(self, name): ...
for make in (WithMeta, Both, Both[int], OfBoth, Twice, Mixed, OverBound, OverSpec, OverSelf,
             OverUnknown, OfUnknown, AsProtocol, AsTuple, AsDict, AsEnum, AsData, Circular):
    make().connect(right)
    make().send(None, size=1)
WithMeta().connect(right); Both().connect(right); Both[int]().send(None); OfBoth().send(None)
Twice().connect(right); Twice().send(None, size=1); Mixed().connect(right); Mixed().send(1)
OverBound().connect(right); OverBound().send(None); OverSpec().send(None); OverSelf().send(None)
OverUnknown().connect(right); OfUnknown().connect(right); OfUnknown().send(None, size=1)
AsProtocol().connect(right); AsTuple(1).send(None); AsDict().send(None); AsEnum.ONE.send(None)
AsData().connect(right); AsData().field.send(None); Circular().connect(right)
OwnSend().send(None); OwnSend().connect(right); OwnSend().send_robust(None); OwnSend().asend(1)
OwnConnect().connect(1); OwnConnect().connect("", 1); OwnConnect().connect(right)
OwnConnect().send(size=1); OwnConnect.send(); OwnConnect().send_robust(1); OwnConnect().asend()
NoReceiver().connect(right, sender=1); NoReceiver().send(size=1); NoReceiver().send_robust(1)
Slots().connect(right); Slots().anything(right)
@receiver(OwnConnect())
def on_own(**kwargs): ...
@receiver([NoReceiver(), OwnSend(), Both(), OverSelf(), OfUnknown(), AsEnum.ONE])
def on_others(**kwargs): ...
def take(one: AsProtocolAlone, two: Signal[T, K], three: "Signal[Any, Kept, int, P]", four: K) -> T:
    one.connect(right); one.send(1, a=2)
    two.connect(right); two.send(1, a=2)
    three.connect(right); three.send(1, 2)
    four.send(1)
    receiver([one, two, three])(take)
    return two
""",
    "decorated": """
class Receivers:
    @receiver(done)
    def method(self, **kwargs): ...
    @receiver(done)
    @property
    def prop(self, **kwargs): ...
    @property
    @receiver(done)
    def other_prop(self, **kwargs): ...
    @prop.setter
    @receiver(done)
    def prop(self, value): ...
    @receiver(done)
    @classmethod
    def of_class(cls, **kwargs): ...
    @classmethod
    @receiver(done)
    def of_class_inside(cls, **kwargs): ...
    @receiver(done)
    @staticmethod
    def static(**kwargs): ...
    @receiver(done)
    @overload
    def overloaded(self, a: int) -> int: ...
    @receiver(done)
    @overload
    def overloaded(self, a: str) -> str: ...
    @receiver(done)
    def overloaded(self, a): ...
    @receiver(done)
    @abc.abstractmethod
    def abstract(self, **kwargs): ...
    @receiver(done)
    @functools.cached_property
    def cached(self, **kwargs): ...
    @receiver(done)
    @contextlib.contextmanager
    def managed(self, **kwargs): yield
    @receiver(done)
    class Nested: ...
    @receiver(done)
    def __init__(self, **kwargs): ...
    @receiver(done)
    def __call__(self, **kwargs): ...
    @receiver(lambda self: done)
    def by_lambda(self, **kwargs): ...
    signal = Signal[Any, Kept]()
    @receiver(signal)
    def on_own(self, **kwargs): ...
    @signal.connect
    def by_connect(self, **kwargs): ...
    on_lambda = receiver(signal)(lambda self, **kwargs: kwargs["sise"])
    @Signal.declare
    def declared(sender, size: int): ...
    @classmethod
    @Signal.declare
    def declared_in_class(cls, size: int): ...
Receivers.declared.send(1, 2); Receivers().declared.connect(right)
@receiver(done)
class OfClass:
    def __init__(self, sender, **kwargs): ...
@receiver(done)
@dataclasses.dataclass
class OfData:
    size: int
@receiver(done)
@receiver
def inner_bare(**kwargs): ...
@receiver(done)
@undefined
def undefined_inside(size, **kwargs): return kwargs["sise"]
@undefined
@receiver(done)
def undefined_outside(size, **kwargs): return kwargs["sise"]
@undefined.of[0]
@receiver([done, undefined])
@functools.wraps(undefined)
def all_undefined(size, **kwargs): return kwargs["sise"]
@overload
@receiver(done)
def overloaded(a: int) -> int: ...
@overload
@receiver(done)
def overloaded(a: str) -> str: ...
@receiver(done)
def overloaded(a): ...
@receiver(done)
@functools.singledispatch
def dispatched(size, **kwargs): ...
@dispatched.register
@receiver(done)
def dispatched_int(size: int, **kwargs): ...
@done.connect
def by_connect(**kwargs): ...
@done.connect(right)
def by_result(**kwargs): ...
@done.send
def by_send(**kwargs): ...
@done.send(None, size=1)
def by_sent(**kwargs): ...
@Signal
def by_signal(**kwargs): ...
@(lambda function: function)
@receiver(done)
def by_lambda(**kwargs): ...
@receiver(done)
def generator(**kwargs):
    yield kwargs["sise"]
@receiver(done)
async def async_generator(**kwargs):
    yield kwargs["sise"]
    async with kwargs["sise"] as kwargs["a"]: ...
    [kwargs async for kwargs in kwargs]
@receiver(done)
def one_line(sender, **kwargs): return kwargs["sise"]
@receiver(done)
def \\
  continued(
    sender,
    **kwargs
  ): return \\
    kwargs["sise"]
if True:
    @receiver(done)
    def indented(sender, **kwargs):
        '''
A docstring that is not.
'''
        return kwargs[
"sise"]
@receiver(done)
def deleted(**kwargs): ...
del deleted
@receiver(done)
def redefined(**kwargs): ...
@receiver(done)
def redefined(sise, **kwargs): ...
redefined = 1
@receiver(done)
def kwargs(**kwargs): return kwargs["sise"]
@receiver(done)
def starred(*kwargs, **args): return args["sise"], kwargs["sise"]
@receiver(done)
def deep(**kwargs):
    def inner(kwargs=kwargs["sise"]):
        nonlocal_ = lambda *kwargs: kwargs["sise"]
        class Body:
            kwargs = kwargs["sise"]
            def method(self): return kwargs["sise"]
    match kwargs:
        case {"sise": kwargs}: ...
        case {**rest}: return rest["sise"]
    for kwargs["sise"] in kwargs["sises"]: ...
    with kwargs["sise"] as kwargs: ...
    global deep_global
    del kwargs["sise"], kwargs
    return [kwargs[0], kwargs[b"a"], kwargs["a":"b"], kwargs[...], kwargs["a", "b"]]
""",
    "declared": """
@Signal.declare
def nothing(): ...
@Signal.declare
def only_sender(sender): ...
@Signal.declare
def stars(*args, **kwargs): ...
@Signal.declare
def star_sender(*sender): ...
@Signal.declare
def positional(sender, size, /): ...
@Signal.declare
def typed_stars(sender: Any, *args: int, size: int = 1, **kwargs: int) -> int: ...
@Signal.declare
def unpacked(sender: Any, **kwargs: Unpack[Nowhere]) -> int: ...
@Signal.declare
def unpacked_int(sender: Any, **kwargs: Unpack[int]) -> int: ...
@Signal.declare
async def awaited(sender: Any, size: int) -> int: ...
@Signal.declare
@functools.cache
def cached(sender: Any, size: int) -> int: ...
@Signal.declare
@receiver(done)
def received(sender: Any, **kwargs: Any) -> int: ...
@receiver(done)
@Signal.declare
def declared_inside(sender: Any, **kwargs: Any) -> int: ...
@Signal.declare()
def called(sender): ...
@Signal.declare(1)
def called_with(sender): ...
@Signal.declare
class Class:
    def __init__(self, sender: Any, size: int): ...
@Signal[Any, Kept].declare
def on_alias(sender: Any, size: int) -> int: ...
@done.declare
def on_instance(sender: Any, size: int) -> int: ...
@Signal.declare
@overload
def overloaded(sender: int) -> int: ...
@Signal.declare
@overload
def overloaded(sender: str) -> str: ...
T = TypeVar("T")
P = ParamSpec("P")
@Signal.declare
def generic(sender: T, size: T) -> T: ...
@Signal.declare
def spec(sender: Any, *args: P.args, **kwargs: P.kwargs) -> int: ...
by_lambda = Signal.declare(lambda sender, size: None)
by_print = Signal.declare(print)
by_nothing = Signal.declare()
by_undefined = Signal.declare(undefined)
by_partial = Signal.declare(functools.partial(right, 1))
by_many = Signal.declare(right, right, *undefined, **undefined)
for declared in (nothing, only_sender, stars, star_sender, positional, typed_stars, unpacked,
                 unpacked_int, awaited, cached, received, declared_inside, called, Class):
    declared.send(1)
    declared.connect(right)
nothing.send(); nothing.connect(right); only_sender.send(1); only_sender.connect(right)
stars.send(1, 2, a=3); stars.connect(right); star_sender.send(1); star_sender.connect(right)
positional.send(1, 2); positional.connect(right); typed_stars.send(1, 2, size=3, a=4)
typed_stars.connect(right); unpacked.send(1); unpacked.connect(right); unpacked_int.send(1)
unpacked_int.connect(right); awaited.send(1, size=1); awaited.connect(right); cached.send(1)
generic.send(1, 2); generic.connect(right); spec.send(1, 2, a=3); spec.connect(right)
by_lambda.send(1, 2); by_lambda.connect(right); by_print.send(1); by_undefined.send(1)
Class.send(1); Class.connect(right); on_alias.send(1); on_instance.connect(right)
@receiver([nothing, stars, positional, typed_stars, unpacked, generic, spec, by_lambda, Class])
def on_all(size, **kwargs): return kwargs["sise"]
""",
    "typed_dicts": """
class Recursive(TypedDict):
    inner: "Recursive"
    signal_: "Signal[Any, Recursive]"
class Empty(TypedDict): ...
class Reserved(TypedDict):
    sender: int
    signal: int
class Duplicate(TypedDict):
    a: int
    a: str
class Conflict(Kept, Reserved, total=False):
    size: str
class OverStore(Store, TypedDict): ...
class Functional(TypedDict("Base", {"a b": int, "class": "Nowhere", "": None})): ...
Dynamic = TypedDict("Dynamic", {name: int for name in "abc"})
Nameless = TypedDict("Other", {})
Called = TypedDict("Called")
Keyword = TypedDict("Keyword", a=int)
T = TypeVar("T")
class Generics(TypedDict, Generic[T]):
    value: T
    values: list["Generics[T]"]
class WithMethod(TypedDict):
    a: int
    def method(self): ...
    b = 1
class Defaults(TypedDict):
    a: int = 1
Alias = Kept
AliasOfAlias = "Alias"
OtherAlias: "TypeAlias" = "Signal[Any, Recursive]"
Loop = list["Loop"]
one = Signal[Any, Recursive](); two = Signal[Any, Empty](); three = Signal[Any, Reserved]()
four = Signal[Any, Duplicate](); five = Signal[Any, Conflict](); six = Signal[Any, OverStore]()
seven = Signal[Any, Functional](); eight = Signal[Any, Dynamic](); nine = Signal[Any, Nameless]()
ten = Signal[Any, Called](); eleven = Signal[Any, Keyword](); twelve = Signal[Any, Generics]()
thirteen = Signal[Any, Generics[int]](); fourteen = Signal[Any, WithMethod]()
fifteen = Signal[Any, Defaults](); sixteen = Signal[Any, Alias]()
seventeen = Signal[Any, AliasOfAlias](); eighteen: OtherAlias = Signal()
nineteen = Signal[Any, Loop](); twenty = Signal[Any, Generics[Generics[Loop]]]()
one.send(None, inner=Recursive(), signal_=one); two.send(None); three.send(None, sender=1)
four.send(None, a=1); five.send(None, size=1); six.send(None); seven.send(None, **{"a b": 1})
eight.send(None, a=1); nine.send(None); ten.send(None); eleven.send(None, a=1)
twelve.send(None, value=1, values=[]); thirteen.send(None, value="", values=[{"value": 1}])
fourteen.send(None, a=1, b=2); fifteen.send(None); sixteen.send(None); seventeen.send(None)
eighteen.send(None); nineteen.send(None); twenty.send(None, value=1)
def annotated(sender: Loop, inner: Recursive, value: T, size: "Nowhere", **kwargs: Unpack[T]): ...
def unpacked(**kwargs: Unpack[Generics[int]]): ...
def unpacked_more(**kwargs: Unpack[Recursive]): ...
for receive in (annotated, unpacked, unpacked_more):
    one.connect(receive)
one.connect(annotated); twelve.connect(annotated); thirteen.connect(unpacked)
one.connect(unpacked_more); three.connect(annotated); five.connect(annotated)
twenty.connect(unpacked); eighteen.connect(unpacked_more); four.connect(annotated)
@receiver([one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen,
           fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, twenty])
def of_all(a, inner, value: T, *, size: "Nowhere" = 1, **kwargs): return kwargs[""]
""",
    "anything": """
Any_ = Any
Base: Any = object
class OverAny(Base): ...
class SignalOverAny(Base, Signal[Any, Kept]): ...
x: Any
x.connect(right); x.send(1, a=2)
receiver(x)(right)
receiver(x)(x)
receiver([x, done])(x)
receiver(done, sender=x, weak=x, dispatch_uid=x, **x)(x)
done.connect(x, x, x, x)
done.connect(*x, **x)
done.send(x, *x, **x)
OverAny().connect(right); OverAny().send(1)
SignalOverAny().connect(right); SignalOverAny().send(1)
SignalOverAny(1, 2, a=3).connect(x)
y: Signal[Any, Any] = x
y.connect(x); y.send(x, **x)
z: "Nowhere" = x
z.connect(right); z.send(1)
receiver(z)(z)
x[0] = Signal[x, x]()
x.y = Signal[Any, x.K]()
@x
@receiver(x)
@x.y
def decorated(sender: x, size: x.y, *args: x, **kwargs: x) -> x: return kwargs[x]
@receiver(done)
def of_any(sender: Any_, size: Any_, **kwargs: Any_) -> Any_: return kwargs["sise"]
def untyped(a, b, signal, receive):
    signal.connect(receive); signal.send(a, b=b)
    receiver(signal)(receive)
    receiver(a)(b)(signal)
    @receiver(signal)
    def inner(sise, **kwargs): return kwargs["sise"]
    done.connect(receive, a, b)
    done.connect(inner)
""",
    "unreachable": """
import sys
if sys.version_info < (3,):
    done.connect(1); done.send()
    @receiver(done)
    def never(sise): ...
if TYPE_CHECKING:
    from nowhere import other as done
    from nowhere import *
done.connect(right)
def function() -> NoReturn:
    raise SystemExit
    done.connect(lambda: 1)
    @receiver(done)
    def local(sise): return kwargs["sise"]
    done.send()
def after() -> None:
    function()
    done.connect(function)
    @receiver(done)
    def local(sise): ...
assert False
done.connect(lambda: 1)
@receiver(done)
def last(sise): ...
""",
    "unanalysed_classes": """
import sys
class Shop:
    signals = [done]
    def receive(self, sise: int) -> None: ...
    def open(self) -> None:
        receiver(self.signals)(self.receive)
if sys.platform == "nowhere":
    class Elsewhere(Shop):
        signals = [5]
        class Inner(Missing):
            signals = [done]
    def function() -> None:
        class Local(Shop):
            signals = Elsewhere
""",
    "places": """
done.connect(lambda **kwargs: done.connect(lambda sise: done.send(sise)))
numbers = [receiver(done)(lambda sise: sise) for sise in (done.connect(lambda: 1),)]
{done.connect(right): done.send(None) for _ in done.send(None)}
f"{done.connect(lambda sise: 1)!r:{done.send(None)}}"
assert done.connect(right), done.send(None)
lambda: (yield done.connect(lambda **kwargs: (yield)))
def defaults(a=done.connect(lambda sise: 1), *, b=receiver(done)(lambda: 1)): ...
class InBases(done.connect(right), metaclass=done.send(None)): ...
class Body:
    done.connect(right)
    done.connect(lambda self: 1)
    [done.connect(name) for name in ()]
    def method(self, signal=done):
        signal.connect(self.method)
        signal.connect(Body.method)
        signal.connect(Body().method)
        signal.connect(self)
        signal.connect(self.missing)
        signal.connect(super().method)
        signal.connect(lambda: self)
        def local(**kwargs): ...
        signal.connect(local)
        @receiver(signal)
        def other(**kwargs): ...
        class Inner:
            @receiver(signal)
            def method(self, **kwargs): return kwargs["sise"]
            signal.connect(method)
            signal.connect(local)
        lambda: signal.connect(local)
def outer():
    async def middle():
        await done.asend(None)
        def inner(**kwargs):
            nonlocal middle
            done.connect(inner)
            done.connect(middle)
            done.connect(outer)
            return kwargs["sise"]
        done.connect(inner); done.connect(inner)
        done.connect(
            inner
        )
        @receiver(done)

        # A comment.

        def far_away(
            **kwargs,
        ): pass
    done.connect(middle)
try: done.connect(right)
except* done.connect(right): done.send()
else: done.send(None)
finally: done.connect(lambda: 1)
while done.connect(right): break
else: done.connect(right)
with done.connect(right) as done.x, done.send(None) as (a, b): ...
match done:
    case Signal(): done.connect(lambda sise: 1)
    case Signal(connect=c): c(right)
    case done.x | [done.y]: done.send()
    case {"done": other, **rest} if other.connect(right): other.send()
    case other: other.connect(right)
x: done.connect(right) = done.send(None)
type_comment = done  # type: Signal[Any, Nowhere]
type_comment.connect(right)
def commented(sender, size, **kwargs):
    # type: (int, Nowhere, **Any) -> Wrong
    ...
done.connect(commented)
print(done.connect(right), file=done.send(None))
done.connect(print(done)); done.send(print(), size=print())
""",
    "receivers_by_type": """
import asyncio, unittest.mock, collections, re, operator, types
T = TypeVar("T")
P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., Any])
class NamedReceiver(NamedTuple):
    size: int
class EnumReceiver(enum.Enum):
    ONE = right
    TWO = functools.partial(right)
class CallAttribute:
    __call__: Callable[..., Any]
class CallProperty:
    @property
    def __call__(self): return right
class CallOther:
    __call__ = right
class CallUndefined:
    __call__ = undefined
class CallDescriptor:
    def __get__(self, instance, owner): return right
class WithDescriptor:
    method = CallDescriptor()
    partial = functools.partialmethod(right, 1)
class MetaCall(type):
    def __call__(cls, sise): ...
class Made(metaclass=MetaCall): ...
class NewAny:
    def __new__(cls, *args, **kwargs) -> Any: ...
class AbstractReceiver(abc.ABC):
    @abc.abstractmethod
    def __call__(self, **kwargs): ...
class GenericReceiver(Generic[P]):
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> int: ...
class ProtocolReceiver(Protocol[T]):
    def __call__(self, value: T, **kwargs: T) -> T: ...
def given(
    a: Callable[P, int], b: Callable[Concatenate[int, P], int], c: Callable[[], int], d: F,
    e: type[T], f: T, g: GenericReceiver[P], h: GenericReceiver[...], i: GenericReceiver[int, str],
    j: ProtocolReceiver[int], k: Callable, l: "Callable[[Nowhere], Any]", m: types.FunctionType,
    n: type[Any], o: type[F], p: Callable[..., Any] | None, q: int | Callable[[int], Any],
    r: Literal[1], s: Never, t: tuple[Callable[..., Any], int], u: object, v: type,
    w: LiteralString, x: TypeGuard[int], y: CallOther, z: "given",
    *args: P.args, **kwargs: P.kwargs,
) -> Any:
    for one in (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, args):
        done.connect(one)
    done.connect(a); done.connect(b); done.connect(c); done.connect(d); done.connect(e)
    done.connect(f); done.connect(g); done.connect(h); done.connect(i); done.connect(j)
    done.connect(k); done.connect(l); done.connect(m); done.connect(n); done.connect(o)
    done.connect(p); done.connect(q); done.connect(r); done.connect(t); done.connect(u)
    done.connect(v); done.connect(w); done.connect(x); done.connect(y); done.connect(z)
    done.connect(args); done.connect(kwargs); done.connect(args[0]); done.connect(P)
    done.connect(s)
for one in (NamedReceiver, NamedReceiver(1), EnumReceiver, EnumReceiver.ONE, EnumReceiver.TWO.value,
            CallAttribute(), CallProperty(), CallOther(), CallUndefined()):
    done.connect(one)
done.connect(NamedReceiver); done.connect(NamedReceiver(1)); done.connect(EnumReceiver)
done.connect(EnumReceiver.ONE); done.connect(EnumReceiver.TWO.value); done.connect(CallAttribute())
done.connect(CallProperty()); done.connect(CallOther())
done.connect(CallUndefined()); done.connect(WithDescriptor().method); done.connect(Made)
done.connect(WithDescriptor().partial); done.connect(WithDescriptor.partial); done.connect(NewAny)
done.connect(AbstractReceiver); done.connect(GenericReceiver()); done.connect(ProtocolReceiver)
done.connect(Kept); done.connect(TypedDict); done.connect(NamedTuple); done.connect(T)
done.connect(unittest.mock.Mock()); done.connect(unittest.mock.AsyncMock(name="a").method)
done.connect(asyncio.Queue().put_nowait); done.connect([].append); done.connect({}.update)
done.connect(collections.defaultdict); done.connect(collections.Counter().update)
done.connect(re.compile("").match); done.connect(operator.itemgetter(1)); done.connect(str.format)
done.connect("{sender}".format); done.connect("{sender}".format_map); done.connect(dict(a=1).get)
done.connect(functools.lru_cache(right)); done.connect(functools.lru_cache(maxsize=1)(right))
done.connect(functools.singledispatch(right)); done.connect(functools.wraps(right))
done.connect(functools.partial(Store)); done.connect(functools.partial(undefined, 1))
done.connect(functools.partial(right, *undefined, **undefined)); done.connect(contextlib.suppress)
done.connect(contextlib.contextmanager(right)); done.connect(asyncio.run)
done.connect(logging.info)
def self_typed(self: "Self", cls: "type[Self]", **kwargs) -> "Self": ...
done.connect(self_typed)
def no_names(_, __, ___, __dunder__, **_____): ...
done.connect(no_names)
def many(a, b=1, /, c=2, *d, e, f=3, **g): ...
done.connect(many)
""",
    "own_bases": """
class Kept(Kept):
    more: int
class One(Two): ...
class Two(One): ...
class Three(TypedDict):
    class Three(Three): ...
class Four(TypedDict, extra_items=int): ...
class Four(Four): ...
for payload in (Kept, One, Two, Three, Four):
    Signal[Any, payload]().send(None, sise=1)
Signal[Any, Kept]().send(None, sise=1)
Signal[Any, Two]().send(None, sise=1)
Signal[Any, Three]().send(None, sise=1)
Signal[Any, Four]().send(None, sise=1)
@receiver(Signal[Any, Kept]())
def wrong(never, **kwargs): ...
""",
    "own_methods": """
class Imported(Signal[Any, Kept]):
    from functools import partial as connect, wraps as send
class Assigned(Signal[Any, Kept]):
    connect = right
    send = right
class Undone(Signal[Any, Kept]):
    connect = None
    send: Any
class Properties(Signal[Any, Kept]):
    connect = property(right)
    @property
    def send(self) -> Callable[..., Any]: ...
class Unbound(Signal[Any, Kept]):
    @staticmethod
    def connect(receiver): ...
    @classmethod
    def send(cls, sender, **kwargs): ...
class Nested(Signal[Any, Kept]):
    class connect:
        def __init__(self, receiver): ...
class Unknown(undefined, Signal[Any, Kept], metaclass=undefined): ...
def wrong(sender, never, **kwargs): ...
Imported().connect(wrong); Imported().send(1, sise=1)
Assigned().connect(wrong); Assigned().send(1, sise=1)
Undone().connect(wrong); Undone().send(1, sise=1)
Properties().connect(wrong); Properties().send(1, sise=1)
Unbound().connect(wrong); Unbound().send(1, sise=1)
Nested().connect(wrong); Nested().send(1, sise=1)
Unknown().connect(wrong); Unknown().send(1, sise=1)
receiver([Imported(), Assigned(), Undone(), Nested(), Unknown()])(wrong)
class Within(Imported):
    def method(self):
        super().connect(wrong); super().send(1, sise=1); type(self)().connect(wrong)
""",
    "new_syntax": """
type Alias[T] = Signal[Any, T]
type Loop = Signal[Any, Loop]
type Payload = Kept
class Sub[K](Signal[Any, K]): ...
class Bounded[K: Kept](Signal[Any, K]): ...
class Many[S, K, R, **P](Signal[S, K, R, P]): ...
class Pack[T](TypedDict):
    value: T
def connect_all[K, F: Callable[..., Any], **P](
    signal: Signal[Any, K], f: F, *a: P.args, **k: P.kwargs
):
    signal.connect(f); signal.send(None, **k); signal.send(None, *a)
    @receiver(signal)
    def inner[T](value: T, **kwargs: T) -> T: return kwargs["sise"]
    return inner
@receiver(done)
def generic[T: int](size: T, **kwargs: Unpack[Pack[T]]) -> T: ...
@Signal.declare
def declared[T](sender: T, **kwargs: Unpack[Pack[T]]) -> T: ...
one: Alias[Kept] = Signal()
two: Loop = Signal()
three = Signal[Any, Payload]()
four = Sub[Kept](); five = Sub(); six = Bounded[Kept](); seven = Bounded[int]()
eight = Many[Any, Kept, int, ...](); nine = Many[Any, Kept, int, [int]](); ten = Sub[Pack[int]]()
one.connect(right); two.connect(right); three.connect(right); four.connect(right)
five.connect(right); six.connect(right); seven.connect(right); eight.connect(right)
nine.connect(right); ten.connect(right); declared.connect(generic)
one.send(1); two.send(1); three.send(1); four.send(1, size=1); five.send(1); six.send(1)
seven.send(1); eight.send(1); nine.send(1, 2); ten.send(1, value=1); declared.send(1, value=2)
type Broken = Nowhere[Broken]
Signal[Any, Broken]().send(1)
Signal[Broken, Kept]().connect(right)
""",
}

# Modules that import each other, or what is not there; without the start above.
_TOGETHER: Final = {
    "circle_one": """
from circle_two import other, Two, on_one
from typing import TypedDict, Any
from typed_signals import Signal, receiver
class One(TypedDict):
    size: "Two"
one = Signal[Any, "Two"]()
sub = other.__class__()
one.connect(on_one)
one.send(None, two=1)
@receiver([one, other])
def on_two(sise, **kwargs): return kwargs["sise"]
other.connect(on_two)
""",
    "circle_two": """
from typing import TypedDict, Any
import circle_one
from circle_one import one, One, on_two, sub
from typed_signals import *
import typed_signals.mypy
class Two(TypedDict):
    two: "One"
other = Signal[Any, circle_one.One]()
class Sub(type(one)): ...
class Other(Signal[Any, One]): ...
@receiver(one)
def on_one(tow, **kwargs): return kwargs["tow"]
@receiver(circle_one.one)
def one(two, **kwargs): ...
other.connect(on_two, sender=sub)
circle_one.one.send(1); circle_one.sub.send(1); sub.connect(on_two); other.send(None, size=1)
""",
    "star_imports": """
from circle_one import *
from circle_two import *
from nowhere_at_all import *
from nowhere_at_all import signal as missing
import nowhere_at_all.signals as absent
missing.connect(on_one); missing.send(1)
absent.done.connect(on_two); absent.done.send(1)
one.connect(on_one); other.connect(on_two); other.send(None, size=1)
@receiver([missing, absent.done, one, other])
def on_all(sise, **kwargs): return kwargs["sise"]
class Sub(missing): ...
class Over(absent.Signal, Signal[missing, absent.Payload]): ...
Sub().connect(on_all); Over().connect(on_all); Over().send(1)
""",
    "shadowing": """
class Signal:
    def connect(self, receiver): ...
    def send(self, **kwargs): ...
def receiver(signal): return lambda function: function
Signal().connect(1); Signal().send(a=1)
@receiver(Signal())
def one(): ...
import typed_signals
typed_signals.Signal = Signal
typed_signals.receiver = receiver
typed_signals.Signal().connect(one)
from typed_signals import _signal as Signal, _receiver as receiver
Signal.Signal().connect(one); Signal.connect(one)
receiver.receiver(Signal.Signal())(one); receiver.ReceiverDecorator((), {})(one)
receiver.ReceiverDecorator([Signal.Signal()], {})(one)
decorator: receiver.ReceiverDecorator = receiver.receiver(Signal.Signal())
decorator(one)
others: "receiver.ReceiverDecorator[Signal.Signal[int, int]]" = receiver.ReceiverDecorator((), {})
others(one)
pairs: "receiver.ReceiverDecorator[tuple[int, str]]" = receiver.ReceiverDecorator((), {})
pairs(one)
odd: "receiver.ReceiverDecorator[tuple[tuple[int, str, None, bool], tuple[()]]]"
odd(one)
""",
    "deferred": """
from typing import Any, TypedDict
from typed_signals import Signal, receiver
class Holder:
    def __init__(self):
        self.signal = self.make()
        self.other = other
        self.signal.connect(self.on)
    def make(self):
        return self.signal or Signal[Any, "Kept"]()
    def on(self, sise, **kwargs):
        self.other.connect(self.on)
        self.late.connect(self.on)
        return self.signal.send(None, sise=self.later())
    def later(self):
        self.late = early
        return self.on
holder = Holder()
holder.signal.connect(holder.on); holder.late.send(1); holder.other.connect(holder.late)
def first():
    third.connect(second)
    return third
def second(size, **kwargs):
    return third.send(None, size=fourth)
third = Signal[Any, "Kept"]()
fourth = first()
other = [fourth, third][0]
early = holder.late
class Kept(TypedDict):
    size: "int"
@receiver([other, fourth, early])
def last(sise, **kwargs): return kwargs["sise"]
reveal_type(last)
""",
}


def programs() -> dict[str, str]:
    """
    Return all that the running Python can parse, by module name.
    """
    found = {name: _START + program for name, program in _PROGRAMS.items()} | _TOGETHER
    if sys.version_info < (3, 12):
        del found["new_syntax"]
    return found
