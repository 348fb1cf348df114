"""Receivers that are garbage-collected at once, because there is only a weak reference."""

import functools
from collections.abc import Callable
from typing import Any, TypedDict

from typed_signals import Signal, receiver


class PizzaDone(TypedDict):
    size: int


done = Signal[Any, PizzaDone]()
served: list[object] = []
keep: list[Callable[..., object]] = []
on_done_global: Callable[..., object]


def count(sender, **kwargs):
    served.append(sender)


def count_more(times, sender, **kwargs):
    served.extend([sender] * times)


class Kitchen:
    def __init__(self, name: str = "") -> None:
        self.name = name

    def on_done(self, sender, **kwargs):
        pass

    @classmethod
    def for_all(cls, sender, **kwargs):
        pass

    @staticmethod
    def plain(sender, **kwargs):
        pass

    def __call__(self, sender, **kwargs):
        pass

    @classmethod
    def make(cls) -> "Kitchen":
        return cls()


# Lambdas.
done.connect(lambda sender, **kwargs: None, weak=False)
held = lambda sender, **kwargs: None  # noqa: E731
done.connect(held)
done.connect((kept := lambda sender, **kwargs: None))
# E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
done.connect(lambda sender, **kwargs: None)
# E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
done.connect(lambda sender, **kwargs: None, weak=True)
# E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
done.connect(lambda sender, **kwargs: None, sender=Kitchen, dispatch_uid="x")
# E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
done.connect(receiver=lambda **kwargs: None)
receiver(done, weak=False)(lambda sender, **kwargs: None)
# E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
receiver(done)(lambda sender, **kwargs: None)
# E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
receiver([done, done])(lambda sender, **kwargs: None)

# The argument weak may be unknown.
is_weak = bool(served)
options: dict[str, Any] = {"weak": False}
done.connect(lambda sender, **kwargs: None, weak=is_weak)
done.connect(lambda sender, **kwargs: None, None, is_weak)
done.connect(lambda sender, **kwargs: None, **options)
receiver(done, **options)(lambda sender, **kwargs: None)

# Partials.
held_partial = functools.partial(count_more, 2)
done.connect(held_partial)
done.connect(functools.partial(count_more, 2), weak=False)
receiver(done, weak=False)(functools.partial(count_more, 2))
# E: done keeps only a weak reference to this partial, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the partial, or pass weak=False  [signal-weak]
done.connect(functools.partial(count_more, 2))
# E: done keeps only a weak reference to this partial, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the partial, or pass weak=False  [signal-weak]
done.connect(functools.partial(count), None, True)
# E: done keeps only a weak reference to this partial, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the partial, or pass weak=False  [signal-weak]
receiver(done)(functools.partial(count_more, 2))

# Methods of temporary objects.
kitchen = Kitchen()
done.connect(kitchen.on_done)
done.connect(Kitchen("main").on_done, weak=False)
done.connect(Kitchen.for_all)
done.connect(Kitchen.plain)
done.connect(Kitchen().for_all)
done.connect(Kitchen().plain)
# Not reported: a function may store its result.
done.connect(Kitchen.make().on_done)
# E: done keeps only a weak reference to this Kitchen object, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the object, or pass weak=False  [signal-weak]
done.connect(Kitchen().on_done)
# E: done keeps only a weak reference to this Kitchen object, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the object, or pass weak=False  [signal-weak]
done.connect(Kitchen("main").on_done, sender=Kitchen)
# E: done keeps only a weak reference to this Kitchen object, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the object, or pass weak=False  [signal-weak]
receiver(done)(Kitchen().on_done)

# Callable objects.
done.connect(kitchen)
done.connect(Kitchen(), weak=False)
# Not reported: the object may keep itself alive.
done.connect(Kitchen())


# Local functions in functions that only connect them.
def connect_local():
    def on_done(sender, **kwargs):
        pass

    # E: done keeps only a weak reference to the local function on_done, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    done.connect(on_done)


def connect_local_with_count():
    times = 0

    def on_done(sender, **kwargs):
        nonlocal times
        times += 1

    # E: done keeps only a weak reference to the local function on_done, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    done.connect(on_done)


def connect_two():
    def first(sender, **kwargs):
        pass

    def second(sender, **kwargs):
        pass

    # E: done keeps only a weak reference to the local function first, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    done.connect(first)
    # E: done keeps only a weak reference to the local function second, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    done.connect(second)


def decorate_local() -> None:
    @receiver(done)
    # E: done keeps only a weak reference to the local function on_done, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    def on_done(sender, **kwargs):
        pass


class App:
    def ready(self):
        def on_done(sender, **kwargs):
            pass

        # E: done keeps only a weak reference to the local function on_done, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
        done.connect(on_done)

    def ready_by_decorator(self):
        @receiver(done)
        # E: done keeps only a weak reference to the local function on_done, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
        def on_done(sender, **kwargs):
            pass


async def connect_async():
    def on_done(sender, **kwargs):
        pass

    # E: done keeps only a weak reference to the local function on_done, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    done.connect(on_done)


# Functions that other code may store, or that are used before they die.
def hold_strongly():
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done, weak=False)


def decorate_strongly():
    @receiver(done, weak=False)
    def on_done(sender, **kwargs):
        pass


def return_it():
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done)
    return on_done


def return_decorated():
    @receiver(done)
    def on_done(sender, **kwargs):
        pass

    return on_done


def append_it():
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done)
    keep.append(on_done)


def keep_as_attribute(holder: Kitchen) -> None:
    def on_done(sender: object, **kwargs: object) -> None:
        pass

    holder.handler = on_done  # type: ignore[attr-defined]
    done.connect(on_done)


def keep_in_global():
    global on_done_global  # noqa: PLW0603

    def on_done_here(sender, **kwargs):
        pass

    on_done_global = on_done_here
    done.connect(on_done_here)


def keep_in_closure():
    def on_done(sender, **kwargs):
        pass

    def get():
        return on_done

    done.connect(on_done)
    return get


def yield_it():
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done)
    yield
    done.disconnect(on_done)


def test_it():
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done)
    done.send(None, size=1)
    assert served


def test_decorated():
    @receiver(done)
    def on_done(sender, **kwargs):
        pass

    done.send(None, size=1)


async def test_async():
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done)
    await done.asend(None, size=1)


def test_with_try():
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done)
    try:
        done.send(None, size=1)
    finally:
        done.disconnect(on_done)


def pass_it(function):
    def on_done(sender, **kwargs):
        function(sender)

    function(on_done)
    done.connect(on_done)


def connect_elsewhere():
    def on_done(sender, **kwargs):
        pass

    on_done.name = "x"  # type: ignore[attr-defined]
    done.connect(on_done)


def decorate(function):
    @functools.wraps(function)
    def wrapper(sender, **kwargs):
        return function(sender, **kwargs)

    done.connect(wrapper)
    return wrapper


def under_condition(condition: bool) -> None:
    def on_done(sender: object, **kwargs: object) -> None:
        pass

    if condition:
        done.connect(on_done)


def wrapped_by_other():
    @receiver(done)
    @keep_function
    def on_done(sender, **kwargs):
        pass


def connected_by_other(signal):
    @receiver(signal)
    def on_done(sender, **kwargs):
        pass

    done.connect(on_done)


def keep_function(function):
    keep.append(function)
    return function


def in_class():
    class Handlers:
        @receiver(done)
        @staticmethod
        # E: done cannot connect on_done: a staticmethod object cannot be weakly referenced: put @receiver under it  [signal-receiver]
        def on_done(sender, **kwargs):
            pass

    keep.append(Handlers.on_done)


def parameter(on_done: Callable[..., object]) -> None:
    done.connect(on_done)


# In modules and classes, names keep functions alive.
@receiver(done)
def at_module_level(sender, **kwargs):
    pass


# Another decorator may store the function.
@done.connect
@keep_function
def connected_and_kept(sender, **kwargs):
    pass


@done.connect
# E: done keeps only a weak reference to connected_only, and connect() returns None instead of it, so it is garbage-collected before a send can call it: write @receiver(done)  [signal-weak]
def connected_only(sender, **kwargs):
    pass


if served:

    @receiver(done)
    def conditionally(sender, **kwargs):
        pass


class Holder:
    @staticmethod
    @receiver(done)
    def on_done(sender, **kwargs):
        pass


# A signal with its own connect() may store its receivers.
class Strong(Signal[Any, PizzaDone]):
    def connect(self, receiver: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        super().connect(receiver, *args, **{**kwargs, "weak": False})


strong = Strong()
strong.connect(lambda sender, **kwargs: None)
strong.connect(functools.partial(count_more, 2))
receiver(strong)(lambda sender, **kwargs: None)


class ThirdPartySignal:
    def connect(self, receiver: object, **kwargs: object) -> None:
        served.append(receiver)


third_party = ThirdPartySignal()
receiver([done, third_party])(lambda sender, **kwargs: None)
receiver([done, strong])(lambda sender, **kwargs: None)


class Plain(Signal[Any, PizzaDone]):
    pass


plain = Plain()
plain.connect(lambda sender, **kwargs: None, weak=False)
# E: plain keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
plain.connect(lambda sender, **kwargs: None)


# receiver(...)(function) returns the function, which may be stored.
handler = receiver(done)(lambda sender, **kwargs: None)
keep.append(receiver(done)(lambda sender, **kwargs: None))
by_name = {"log": receiver(done)(functools.partial(count_more, 2))}
# E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
receiver(done)(lambda sender, **kwargs: None)


def make_handler():
    return receiver(done)(lambda sender, **kwargs: None)


# Another connect() may store the function.
def connect_to_others():
    def local(sender, **kwargs):
        pass

    done.connect(local)
    third_party.connect(local)


def connect_to_several():
    def local(sender, **kwargs):
        pass

    # E: done keeps only a weak reference to the local function local, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    done.connect(local)
    # E: plain keeps only a weak reference to the local function local, and nothing else refers to it, so it is garbage-collected before a send can call it: define the function at module level, or pass weak=False  [signal-weak]
    plain.connect(local)


# Functions that are replaced by another one of the same name.
@receiver(done)
# E: done keeps only a weak reference to replaced, and the function of the same name in line 466 replaces it, so it is garbage-collected before a send can call it: rename one of them  [signal-weak]
def replaced(sender, **kwargs):
    pass


@receiver(done)
def kept_first(sender, **kwargs):
    pass


@receiver(plain)  # type: ignore[no-redef]
def replaced(sender, **kwargs):  # noqa: F811 - the case
    pass


keep.append(kept_first)


@receiver(plain)  # type: ignore[no-redef]
def kept_first(sender, **kwargs):
    pass


# Functions that are called before they are replaced.
def test_both():
    @receiver(plain)
    def _(sender, **kwargs):
        pass

    done.send(None, size=1)

    @receiver(plain)  # type: ignore[no-redef]
    def _(sender, **kwargs):
        pass

    done.send(None, size=1)


def send_in_each_pass():
    for _ in (1, 2):

        @receiver(plain)
        def called_in_its_pass(sender, **kwargs):
            pass

        done.send(None, size=1)


def skip_some_passes(wanted):
    for sender in (1, 2):
        if sender != wanted:
            continue

        @receiver(done, sender=sender)
        def defined_once(sender, **kwargs):
            pass


# Functions in a loop.
for _ in (1, 2):

    @receiver(done)
    # E: done keeps only a weak reference to in_each_pass, and each pass of the loop replaces it, so all but the last are garbage-collected before a send can call them: define it before the loop, or pass weak=False  [signal-weak]
    def in_each_pass(sender, **kwargs):
        pass

    @receiver(done, weak=False)
    def kept_in_each_pass(sender, **kwargs):
        pass

    def connected_in_each_pass(sender, **kwargs):
        pass

    # E: done keeps only a weak reference to connected_in_each_pass, and each pass of the loop replaces it, so all but the last are garbage-collected before a send can call them: define it before the loop, or pass weak=False  [signal-weak]
    done.connect(connected_in_each_pass)


for _ in (1, 2):

    @receiver(done)
    def stored_in_each_pass(sender, **kwargs):
        pass

    keep.append(stored_in_each_pass)


for _ in [1]:

    @receiver(done)
    def in_one_pass(sender, **kwargs):
        pass


for _ in [*range(3)]:

    @receiver(done)
    @keep_function
    def kept_by_another(sender, **kwargs):
        pass


for size in range(3):

    @receiver(done)
    def in_first_pass(sender, **kwargs):
        return None

    if size:
        break


# Decorated in place.
def bare(sender, **kwargs):
    pass


# E: done keeps only a weak reference to this decorated function, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the decorated function, or pass weak=False  [signal-weak]
done.connect(functools.lru_cache(bare))
# E: done keeps only a weak reference to this decorated function, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the decorated function, or pass weak=False  [signal-weak]
done.connect(functools.lru_cache(None)(bare))
# E: done keeps only a weak reference to this decorated function, and nothing else refers to it, so it is garbage-collected before a send can call it: keep a reference to the decorated function, or pass weak=False  [signal-weak]
done.connect(functools.wraps(bare)(lambda sender, **kwargs: None))
done.connect(functools.lru_cache(bare), weak=False)
done.connect(functools.wraps(bare)(bare))
done.connect(keep_function(bare))
cached_bare = functools.lru_cache(bare)
done.connect(cached_bare)
