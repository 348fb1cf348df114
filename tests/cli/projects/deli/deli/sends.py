import asyncio
import copy
import functools
import io
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from decimal import Decimal
from typing import Any, Optional, TypedDict, Union, cast

from asgiref.sync import async_to_sync, sync_to_async

import unknown_package
from django.dispatch import Signal
from django.urls import path

from . import signals
from .signals import (
    BY_NAME,
    BY_NUMBER,
    Any_signal,
    KEYS,
    Cheese,
    Hook,
    Invoice,
    Order,
    Text,
    Thing,
    Till,
    _Weight,
    asked,
    bell,
    called,
    cleaned,
    closed,
    decorated,
    cooled,
    cut,
    either,
    listed,
    made,
    mopped,
    nested,
    opened,
    packed,
    paid,
    passed,
    picked,
    same,
    sliced,
    stored,
    tasted,
    typed,
    weighed,
    wrapped,
)


def display(name: str, count: int, flag: bool):
    which = "thin" if flag else "thick"
    sliced.send(None, **{"a": 1, **{"b": 2}})
    sliced.send(None, **{which: 1})
    sliced.send(None, **{name: 1})
    sliced.send(None, **{**({"c": 1} if flag else {"d": 2})})
    sliced.send(None, **({"e": 1} | {"f": 2}))
    sliced.send(None, **(flag and {"g": 1} or None))
    sliced.send(None, **(later := {"h": 1}))
    sliced.send(None, **{"j": 1, **({"j": "x"} if flag else {})})
    sliced.send(None, **[name])
    sliced.send(None, **name.strip())
    sliced.send(*[name], **{})
    sliced.send(**{"sender": name, "i": 1})


def kept(first: dict):
    return {"kept": 1}


def kept_or_not(flag: bool):
    if flag:
        return
    return {"maybe": 1}


class Kept(dict):
    def __init__(self, size: int):
        self.size = size


def calls(flag: bool, rows: list):
    cut.send(None, **cast(dict, {"a": 1}))
    cut.send(None, **dict({"b": 2}, c=3, **{"d": 4}))
    cut.send(None, **dict(*rows))
    cut.send(None, **copy.copy({"e": 1}))
    cut.send(None, **{"f": 1}.copy())
    cut.send(None, **kept({"g": 1}))
    cut.send(None, **kept_or_not(flag))
    cut.send(None, **Kept(3))
    cut.send(None, **unknown_package.payload)
    cut.send(None, **unknown_package)
    for row in rows:
        cut.send(None, **row)
    first, second = {"h": 1}, {"i": 2}
    cut.send(None, **first)
    cut.send(None, **SHARED)


SHARED = {"shared": 1}


def changed(flag: bool, name: str):
    kwargs = {"a": 1, "b": 2, "c": 3}
    kwargs |= {"d": 4}
    kwargs.setdefault("e", 5)
    kwargs.setdefault("ignored")
    kwargs.clear
    del kwargs["a"]
    kwargs.pop("b")
    kwargs.pop("never")
    kwargs.pop(name)
    if flag:
        kwargs.pop("c")
        kwargs["both"] = 1
    else:
        kwargs["both"] = "x"
    if flag:
        kwargs["only"] = 1
    kwargs[name] = 1
    wrapped.send(None, **kwargs)
    kwargs["after"] = 1


def changed_often(kind: int, **kwargs):
    try:
        kwargs["tried"] = 1
    except ValueError:
        kwargs["failed"] = 2
    match kind:
        case 1:
            kwargs["one"] = 1
        case _:
            kwargs["many"] = 1
    while kind:
        kwargs["loop"] = 1
    kwargs["value"] = 1 if kwargs else "x"
    wrapped.send(None, **kwargs)
    other = {}
    if kind:
        other = {"a": 1}
    elif kind > 3:
        other = {"b": 1}
    wrapped.send(None, **other)


def inner(options, depth=0, **kwargs):
    packed.send(None, **options)
    packed.send(None, depth=depth, **kwargs)


def outer(flag: bool, given):
    inner({"a": 1})
    inner(**{"options": {"b": 2}, "depth": 3, "extra": 4})
    inner(**given)
    inner(*given)


def typed_things(
    cheese: Cheese,
    thing: Thing,
    kind: type[Till],
    maybe: Optional[Till],
    either_of: Union[Till, int],
    several: Till | io.StringIO,
    weight: _Weight,
    order: Order,
    pair: tuple[int, *tuple[str, ...]],
    many: tuple[int, ...],
    call: Callable[[int, str], None],
    call_any: Callable[..., Any],
    rows: dict[str, Any],
    money: Decimal,
    lock: asyncio.Future[int],
    deep: list[list[list[list[list[list[list[list[int]]]]]]]],
    iterator: Iterator[int],
    file: io.BufferedReader,
):
    class Local:
        pass

    Anonymous = TypedDict("Anonymous", {"a": int})
    typed.send(cheese, thing=thing, kind=kind, maybe=maybe, either_of=either_of)
    typed.send(None, weight=weight, order=order, pair=pair, many=many, none=(), call=call)
    typed.send(None, call_any=call_any, rows=rows, money=money, lock=lock, deep=deep)
    typed.send(None, local=Local(), kinds=[Till, Local], function=display, iterator=iterator)
    typed.send(None, overloaded=sum, made=Till, file=file, module=io, unknown=unknown_package.x)
    typed.send(None, literal=len("x"), negative=-1, data=b"x", real=1.0, stars=[*many])
    typed.send(None, method=cheese.rang, either_class=several.__class__, key_only=keyword_only)
    typed.send(Till | io.StringIO, task=asyncio.create_task, generic=functools.reduce)
    if isinstance(maybe, Picker):
        typed.send(None, both=maybe)


def one_of_several(text: Text):
    typed.send(None, text=text)


def more_types(
    order: Order,
    invoice: Invoice,
    hook: Hook[[int]],
    call: Callable[[Any], None],
    kind: type[Cheese],
    weight: _Weight,
    unknown: unknown_package.Thing,
    till: Till,
):
    typed.send(None, joined=[order, invoice][0], hook=hook, call=call, unknown=unknown)
    typed.send(None, total=weight.total(), drawer=kind.drawer, opened=till.opened(1))
    keyword_only(a=1)["x"] = 1
    kind.drawer.send(None, drawer=1)
    if False:

        class Never:
            pass

    raise NotImplementedError
    typed.send(None, flag=True, number=1, kind=Till)


def keyword_only(*, a: int) -> Any: ...


async def indirect(flag: bool, pool: ThreadPoolExecutor, loop, senders, options: dict):
    await asyncio.to_thread(called.send, None, a=1)
    pool.submit(called.send, None, b=2)
    loop.call_soon(loop, called.send, None)
    loop.call_soon(flag)
    await sync_to_async(called.send)(None, c=3)
    await sync_to_async(flag)(None)
    await sync_to_async()(None)
    await sync_to_async(display)(None)
    async_to_sync(called.asend)(None, d=4)
    functools.partial(called.send, None, e=5)(f=6)
    later = functools.partial(called.send_robust, sender=None)
    later(g=7)
    functools.partial(display, "x")()
    functools.partial()()
    other = called.send if flag else display
    other(None, h=8)
    options.get("x")(1)
    called.send


class Loud(Signal):
    def send(self, sender, **named):
        named["loud"] = True
        return super().send(sender, **named)

    def send_robust(self, sender, **named):
        def inner():
            return super(Loud, self).send_robust(sender, **named)

        return inner()

    def each(self, sender, **named):
        for receiver in self.receivers:
            receiver(signal=self, sender=sender, **named)
            receiver(signal=sender)

    @staticmethod
    def nobody(self):
        return super.send(self)


loud = Loud()


def shout():
    loud.send(None, text="x")
    loud.send_robust(None, text=1)
    loud.each(None, number=1)


class Mailbox:
    def send(self, message):
        return message


def mail(box: Mailbox, unknown):
    box.send("letter")
    unknown.send("letter")
    unknown_package.signals.arrived.send(None, number=1)


def wrapper(signal, **kwargs):
    if kwargs.get("again"):
        wrapper(signal, **kwargs)
    signal.send(None, **kwargs)


def never_called(signal: Signal, generic: Any_signal, sender):
    signal.send(sender, a=1)
    generic.send(sender, a=1)


def with_default(signal=None):
    (signal or passed).send(None, defaulted=1)


def closure(options, first, **kwargs):
    def emit(**extra):
        nested.send(None, first=first, **options, **extra)

    emit(**{"extra": 1})


def again(**kwargs):
    return again(**kwargs)


def cast_to(thing):
    cast(Signal, thing).send(None, thing=1)


def wraps(name: str, till: Till, number: int):
    wrapper(passed, a=1)
    wrapper(signals.passed, **{"b": name})
    wrapper(till, c=1)
    with_default()
    with_default(sliced)
    closure({"optional": 2}, **{"first": "x"})
    cast_to(passed)
    passed.send(None, **again(a=1))
    decorated.send(None, decorated=1)
    bell.send(None, ring=1)
    first = second = None
    first, (second, _) = number, name
    first = second
    second = first
    second.send(None, circle=1)
    first, *rest = name
    BY_NUMBER[0].send(None, number=1)
    BY_NUMBER[-1].send(None, number=2)
    BY_NUMBER[number].send(None, number=3)
    BY_NAME["a"].send(None, name=1)
    BY_NAME.get("b").send(None, name=2)
    KEYS[1].send(None, key=1)
    made.send(None, made=1)
    same.send(None, same=1)
    either.send(None, either=1)
    till.rang.send(None, ring=1)
    till.drawer.send(None, drawer=1)
    till.full.send(None, full=1)
    till.opened.send(None, opened=1)
    (sliced or cut).send(None, either=2)
    (cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut or cut).send(None, long=1)  # fmt: skip
    (chosen := sliced).send(None, chosen=1)
    getattr(signals, "cleaned", mopped).send(None, got=1)
    getattr(signals, name).send(None, got=2)
    getattr(till, "rang").send(None, got=3)
    opened.send(None, door=1)
    closed.send(None, door=1)
    unreal = tasted
    if False:
        unreal = weighed
    unreal.send(None, real=1)


def loops(rows: dict):
    for one in (stored, cooled):
        one.send(None, loop=1)
    for one in [*[stored], *(cooled,)]:
        one.send(None, loop=2)
    for one in {"a": stored}.values():
        one.send(None, loop=3)
    for key, one in {"a": stored, "b": cooled}.items():
        one.send(None, loop=4)
    for one in [stored] + [cooled]:
        one.send(None, loop=5)
    for name in {"stored": 1}:
        getattr(signals, name).send(None, loop=6)
    for one in sorted({stored, cooled}):
        one.send(None, loop=7)
    for one in rows:
        one.send(None, loop=8)
    [one.send(None, loop=9) for one in (stored, cooled)]
    {key: one.send(None, loop=10) for key, one in [("a", stored)]}
    with nullcontext(stored) as one, nullcontext():
        one.send(None, entered=1)


class Base:
    def pick(self, picker, basket: list[str], other=1):
        raise NotImplementedError

    async def wait(self, clock): ...


class Picker(Base):
    shelf = None

    def __init__(self, name, *rest):
        self.name = name

    def pick(self, picker, basket, other=2):
        picked.send(self, picker=picker, basket=basket, other=other, name=self.name)
        picked.send(self.__class__, shelf=self.shelf, result=self.result(1), nothing=self.nothing())
        self.helped(type(picker), lambda: 1)
        self.helped(Till, len)
        picked.send(self, text=self.text, made=type(self), never=self.never, value=self.value())
        super().pick(picker, basket)

    def result(self, number):
        if number:
            return "some"
        return

    def nothing(self):
        pass

    def value(self):
        return self.name

    @property
    def text(self):
        return "text"

    def helped(self, kind, function):
        picked.send(self, kind=kind, function=function)

    def generate(self):
        yield 1

    @classmethod
    def build(cls, name):
        picked.send(cls, name=name, generated=cls(name).generate())
        return cls(name)

    @staticmethod
    def plain(name):
        picked.send(None, plain=name)


class Faster(Picker):
    shelf = "top"


def pick_all(basket):
    picker = Picker("x")
    picker.pick(1, basket)
    Picker.pick(picker, 2, basket)
    Picker.build("y")
    Picker.plain("z")
    picker.plain(3)
    unknown_package.run(picker.pick)


def view(request):
    picked.send(None, path=request.path)


@functools.wraps(view)
def other_view(request):
    picked.send(None, path=request.path)


urlpatterns = [path("a", view), path("b", other_view), path("c", Till)]


def called_with(call: Callable[[int, str], None], any_call: Callable[..., int]):
    calling(call, (), any_call)


def calling(call, nothing, any_call):
    picked.send(None, call=call, nothing=nothing, any_call=any_call)


def task(number, then=None):
    asked.send(None, number=number, then=then, late=(lambda x: x)(number))


def run_tasks():
    task.delay(1)
    task.s("x", then=2)
    run_tasks.missing.delay(1)


def deep(first):
    def middle(second):
        def last(third):
            nested.send(None, first=first, second=second, third=third)

        last(3)

    middle("two")


deep(1.5)
listed.send(None, items=[one for one in (1, 2)], pairs={"a": 1, **SHARED}, both={1} | {2})
listed.send(sender=functools.partial, fun=lambda: 1, super=1 + 2, text="ab")
listed.send(None, **SHARED)
listed.send(None, **{**{**{**{**{**{**{**{**{**{**{**{**{"deep": 1}}}}}}}}}}}}})

import threading  # noqa: E402

from .signals import (  # noqa: E402
    BY_KEYWORD,
    Course,
    Kitchen,
    boiled,
    fried,
    grilled,
    heads,
    one_bun,
    perhaps,
    rye_roll,
    salad,
    shelf,
    shouted,
    soup,
)


class Waiter:
    def __init__(self, served=fried, called=None):
        served.send(self, at=1)
        self.served = served
        self.called = called

    def serve(self, *plates, **extra):
        self.served.send(self, plates=1, **extra)

    def __call__(self, *dishes):
        self.called.send(*dishes, table=1)


class Head(Waiter):
    def __init__(self, served):
        super().__init__(served, grilled)


def made_once_more(course: Course, pan=boiled):
    pan.send(None, pan=1)
    soup.send(None, hot=True)
    salad.send(None, cold=True)
    one_bun.send(None, buns=1)
    rye_roll.send(None, buns=2)
    shelf.filled.send(None, filled=1)
    BY_KEYWORD["spread"].send(None, spread=1)
    perhaps.send(None, perhaps=1)
    Course.STARTER.value.send(None, starter=1)
    Kitchen().smoked.send(None, smoked=1)
    shouted.send(None, shouted=1)
    waiter = Head(boiled)
    waiter("soup")
    Waiter(called=grilled)("salad")
    threading.Thread(target=grilled.send, args=(course,), kwargs={"thread": 1}).start()
    threading.Timer(1, grilled.send, [course]).start()
    threading.Thread()
    for name in ("spread", "scraped"):
        by_name(name, number=1)
    by_name("spread", text="x")


def by_name(name, **kwargs):
    BY_KEYWORD[name].send(None, **kwargs)


def repeated(signal, n: int, **kwargs):
    signal.send(None, n=n, **kwargs)
    if n:
        repeated(signal, n - 1, **kwargs)
    else:
        repeated(signal, n, last=True)


repeated(sliced, 3, first=True)


def starred(*args):
    sliced.send(*args, starred=1)


def more_stars(*args):
    starred(*args)


def first_and_stars(first, *args):
    starred(first, *args)
    starred(*[*args])

    def inner(*others):
        sliced.send(*args, *others, inner=1)

    inner()


more_stars("me")
first_and_stars(1)
first_and_stars(*list(heads))
