"""
Decorators of real and imagined programs; each module defines one, ``deco``.
"""

from __future__ import annotations

from typing import Final

_IMPORTS: Final = """
import contextlib
import functools
import inspect
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from collections.abc import *
from functools import partial, update_wrapper, wraps
from typing import cast, overload

import typed_signals

logger = logging.getLogger(__name__)
ENABLED = True
queue = []

def call(function):
    return function()

def on_commit(function):
    function()
"""

# They pass everything on.
PROVEN: Final = {
    "the function itself": """
def deco(function):
    function.is_receiver = True
    return function
""",
    "in every path": """
def deco(function):
    if ENABLED:
        return function
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
""",
    "not in loaddata": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        if kwargs.get("raw", False) or kwargs["size"] == 0 or "raw" in kwargs:
            return
        function(*args, **kwargs)
    return wrapper
""",
    "not in a command": """
def deco(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        for frame in inspect.stack():
            if inspect.getmodulename(frame[1]) == "loaddata":
                return
        function(*args, **kwargs)
    return wrapper
""",
    "logs": """
def deco(function):
    def wrapper(*args, **kwargs):
        logger.debug("%s gets %s", function.__name__, kwargs, extra={"function": function})
        print(f"{function!r} {kwargs}", "%s" % function, repr(function), len(kwargs))
        try:
            result = function(*args, **kwargs)
        except Exception:
            logger.exception("failed: %s", function)
            raise
        else:
            return result
        finally:
            print("done")
    return wrapper
""",
    "a factory": """
def skip(setting, default=True):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            if setting or default:
                return function(*args, **kwargs)
        return wrapper
    return decorate
deco = skip("size")
""",
    "optional arguments": """
def enable(function=None, *, enabled=True):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            if enabled:
                return function(*args, **kwargs)
        return wrapper
    if function is None:
        return decorate
    return decorate(function)
deco = enable(enabled=True)
""",
    "optional arguments, used without": """
def deco(function=None, *, enabled=True):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            if enabled:
                return function(*args, **kwargs)
        return wrapper
    return decorate(function) if function is not None else decorate
""",
    "optional arguments by partial": """
def enable(function=None, /, *, enabled=True):
    if not function:
        return partial(enable, enabled=enabled)
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
deco = enable(enabled=True)
""",
    "optional arguments by number": """
def deco(*args, **options):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper
    if len(args) == 1 and callable(args[0]):
        return decorate(args[0])
    return decorate
""",
    "a class": """
class deco:
    def __init__(self, function):
        self.function = function
        update_wrapper(self, function)
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "a class with local variables": """
class deco:
    def __init__(self, function):
        name = function.__name__
        self.function = function
    def __call__(self, *args, **kwargs):
        result = self.function(*args, **kwargs)
        return result
""",
    "a subclass": """
class Base:
    calls = 0
    def __init__(self, function, name=""):
        self.function = function
    def __call__(self, *args, **kwargs):
        self.calls += 1
        return self.run(*args, **kwargs)
    def run(self, *args, **kwargs):
        return self.function(*args, **kwargs)
class deco(Base):
    def __init__(self, function):
        super().__init__(function, name="x")
        self.name = "deco"
""",
    "a class with arguments": """
class Skip:
    def __init__(self, setting):
        self.setting = setting
    def __call__(self, function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            if self.setting:
                return function(*args, **kwargs)
        return wrapper
deco = Skip("size")
""",
    "methods": """
class Registry:
    def __init__(self):
        self.functions = []
    def add(self, function):
        self.functions.append(function)
        return function
    @staticmethod
    def static(function):
        return function
    @classmethod
    def of_class(cls, function):
        return cls.static(function)
registry = Registry()
def deco(function):
    return registry.add(Registry.static(Registry.of_class(registry.of_class(function))))
""",
    "states the sender": """
def deco(function):
    def wrapper(sender, **kwargs):
        if sender is not None:
            function(sender=sender, **kwargs)
    return wrapper
""",
    "passes the sender by position": """
def deco(function):
    def wrapper(sender, *args, size, **kwargs):
        return function(sender, *args, size=size, **kwargs)
    return wrapper
""",
    "on commit": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        on_commit(lambda: function(*args, **kwargs))
    return wrapper
""",
    "on commit, a partial": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        on_commit(partial(function, *args, **kwargs))
    return wrapper
""",
    "on commit, an inner function": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        def run():
            function(*args, **kwargs)
        on_commit(run)
        def again(*a, **k):
            function(*a, **k)
        again(*args, **kwargs)
    return wrapper
""",
    "a thread": """
def deco(function):
    def wrapper(*args, **kwargs):
        thread = threading.Thread(target=function, args=args, kwargs=kwargs, daemon=True)
        thread.run()
    return wrapper
""",
    "an executor": """
pool = ThreadPoolExecutor(1)
def deco(function):
    def wrapper(*args, **kwargs):
        return pool.submit(function, *args, **kwargs).result()
    return wrapper
""",
    "a helper": """
def retry(function, times, *args, **kwargs):
    for _ in range(times):
        return function(*args, **kwargs)
def is_off(values, **more):
    return values.get("off") or more.get("off")
def deco(function):
    def wrapper(*args, **kwargs):
        if not is_off(kwargs, **kwargs):
            return retry(function, 3, *args, **kwargs)
    return wrapper
""",
    "a lambda": """
def deco(function):
    return wraps(function)(lambda *args, **kwargs: function(*args, **kwargs))
""",
    "a partial": """
def run(function, flag, *args, **kwargs):
    return function(*args, **kwargs)
def deco(function):
    return partial(run, function, flag=1)
""",
    "other names": """
def deco(f):
    g = f
    def w(*a, **k):
        h = g
        again = k
        return h(*a, **again)
    w2 = w
    return w2
""",
    "sync or async": """
def deco(function):
    if inspect.iscoroutinefunction(function):
        @wraps(function)
        async def wrapper(*args, **kwargs):
            return await function(*args, **kwargs)
    else:
        @wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
    return wrapper
""",
    "removes a key that the function does not know": """
def deco(function):
    def wrapper(*args, **kwargs):
        kwargs.pop("raw", None)
        if "old" in kwargs:
            del kwargs["old"]
        return function(*args, **kwargs)
    return wrapper
""",
    "a context manager": """
@contextlib.contextmanager
def manager():
    yield
deco = manager()
""",
    "a context decorator": """
class Quiet(contextlib.ContextDecorator):
    def __enter__(self):
        return self
    def __exit__(self, *problem):
        return None
deco = Quiet()
""",
    "in a block": """
lock = threading.Lock()
def deco(function):
    with lock:
        @wraps(function)
        def wrapper(*args, **kwargs):
            with lock:
                return call(lambda: function(*args, **kwargs))
        return wrapper
""",
    "several": """
def first(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
@functools.cache
def settings():
    return {}
def deco(function):
    @first
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        settings()
        return first(function)(*args, **kwargs)
    return first(wrapper)
""",
    "for classes, too": """
def deco(thing):
    if isinstance(thing, type):
        return [thing]
    if inspect.isclass(thing):
        raise TypeError(thing)
    return thing
""",
    "tests that are decided": """
def deco(function=None, *more, **options):
    if len(more) > 1 or bool() or options == 1:
        raise TypeError
    if ENABLED or callable(function):
        print(function)
    if function is not None and callable(function) and not more:
        return function
    return None
""",
    "tests of arguments": """
def first(function, *more):
    return function
def deco(*args):
    if not args:
        return deco
    if ENABLED or not ENABLED and print("x"):
        return args[0]
    return first(*args)
""",
    "overloads": """
@overload
def deco(function: int) -> int: ...
@overload
def deco(function: str) -> str: ...
def deco(function):
    if not ENABLED:
        raise RuntimeError
    @wraps(function)
    def wrapper(*args, **kwargs):
        result: object
        result: object = function(*args, **kwargs)
        return result
    return cast("F", wrapper)
""",
    "a named lambda": """
deco = lambda function: function
""",
    "a class with attributes": """
class deco:
    function = None
    size: int
    def __init__(self, function):
        self.function = function
    def is_on(self, *flags):
        return bool(flags)
    def __call__(self, *args, **kwargs):
        if self.is_on(*[1]):
            return self.function(*args, **kwargs)
""",
    "loops": """
def deco(function):
    def wrapper(*args, **kwargs):
        async def later():
            async for item in queue:
                print(item)
        queue.append(later)
        queue.append(call)
        queue.append({"name": function.__name__, **kwargs})
        while kwargs:
            def run(times=2, *, flag=True, more):
                return function(*args, **kwargs)
            return run(more=1)
    return wrapper
""",
    "called in the decorator of an inner function": """
def deco(function):
    def wrapper(**kwargs):
        @call
        def run():
            thread = threading.Thread(target=function, kwargs=kwargs)
            thread.run()
        threading.Timer(interval=1, function=print)
        partial(print, 1)
    return wrapper
""",
    "our own decorator": """
signal = typed_signals.Signal()
def deco(function):
    return typed_signals.receiver(signal)(function)
""",
    "nothing by accident": """
def deco(function):
    if not callable(function):
        raise TypeError
    while False:
        break
    def wrapper(*args, **kwargs):
        copy = {**kwargs, "a": 1}
        count = [key for key, value in kwargs.items() if value]
        copy["b"] = len(kwargs) and bool(kwargs) and not kwargs
        if (again := kwargs) is None or again != kwargs:
            return None
        return function(*args, **kwargs) if ENABLED else None
    return wrapper
""",
    "collections of other things": """
def deco(function):
    names = [function.__name__, *[1], "a" + "b"]
    counts = dict(zip(names, (1, 2)))
    names.append("c")
    counts["a"] = 1
    first, second = names[:2]
    def wrapper(*args, **kwargs):
        for name, value in kwargs.items():
            queue.append((name, value, counts.get(name)))
        queue.append({**kwargs})
        queue.append([*args])
        queue.append(dict(kwargs))
        copy = list(kwargs) + [1]
        copy.append(2)
        logger.info("{}".format(kwargs))
        return function(*args, **kwargs)
    return wrapper
""",
    "a partial that is kept": """
def deco(function):
    def wrapper(*args, **kwargs):
        run = partial(function, *args, **kwargs)
        queue.append(run)
        if queue is None:
            return run()
        return function(*args, **kwargs)
    return wrapper
""",
    "its own attributes": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.append(getattr(function, "__name__", "x"))
        if getattr(function, "is_off", False):
            return None
        return function(*args, **kwargs)
    return wrapper
""",
    "counts its calls": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.count += 1
        result = function(*args, **kwargs)
        return result
    wrapper.count = 0
    wrapper.original = function
    return wrapper
""",
    "texts and results": """
def run(function, *args, **kwargs):
    return function(*args, **kwargs)
def deco(function):
    def wrapper(*args, **kwargs):
        name = f"{function}"
        text, kind, least = repr(function), type(name), min(1, 2, *args)
        shown = print("", *args)
        size = repr(function)
        for each in (name, text, kind, least, shown, size):
            queue.append(each)
        if queue == type(queue):
            return None
        result = run(function, *args, **kwargs)
        return result
    return (same := wrapper)
""",
}

# It cannot be proven that they pass everything on; most don't.
NOT_PROVEN: Final = {
    "adds a key": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, search=1, **kwargs)
    return wrapper
""",
    "sets a key": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        kwargs["search"] = 1
        return function(*args, **kwargs)
    return wrapper
""",
    "updates the keys": """
def deco(function):
    def wrapper(*args, **kwargs):
        kwargs.update(search=1)
        return function(*args, **kwargs)
    return wrapper
""",
    "sets a default": """
def deco(function):
    def wrapper(*args, **kwargs):
        kwargs.setdefault("search", 1)
        return function(*args, **kwargs)
    return wrapper
""",
    "replaces the keys": """
def deco(function):
    def wrapper(*args, **kwargs):
        kwargs = {"search": 1, **kwargs}
        return function(*args, **kwargs)
    return wrapper
""",
    "adds keys to the keys": """
def deco(function):
    def wrapper(*args, **kwargs):
        kwargs |= {"search": 1}
        return function(*args, **kwargs)
    return wrapper
""",
    "sets a key under another name": """
def deco(function):
    def wrapper(*args, **kwargs):
        data = kwargs
        data["search"] = 1
        return function(*args, **kwargs)
    return wrapper
""",
    "sets a key in a helper": """
def fill(keys):
    keys["search"] = 1
def deco(function):
    def wrapper(*args, **kwargs):
        fill(kwargs)
        return function(*args, **kwargs)
    return wrapper
""",
    "sets a key in an unknown helper": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.fill(kwargs)
        return function(*args, **kwargs)
    return wrapper
""",
    "sets a key in an inner function": """
def deco(function):
    def wrapper(*args, **kwargs):
        def fill():
            kwargs["search"] = 1
        fill()
        return function(*args, **kwargs)
    return wrapper
""",
    "adds an argument": """
def deco(function):
    def wrapper(*args, **kwargs):
        return function(1, *args, **kwargs)
    return wrapper
""",
    "replaces the arguments": """
def deco(function):
    def wrapper(*args, **kwargs):
        args = (1, *args)
        return function(*args, **kwargs)
    return wrapper
""",
    "binds an argument": """
def deco(function):
    return partial(function, search=1)
""",
    "binds an argument in a wrapper": """
def deco(function):
    bound = partial(function, search=1)
    def wrapper(*args, **kwargs):
        return bound(*args, **kwargs)
    return wrapper
""",
    "only what it accepts": """
def deco(function):
    names = inspect.signature(function).parameters
    def wrapper(*args, **kwargs):
        return function(*args, **{k: v for k, v in kwargs.items() if k in names})
    return wrapper
""",
    "what it accepts, in another call": """
def deco(function):
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except TypeError:
            return function(1)
    return wrapper
""",
    "only the sender": """
def deco(function):
    def wrapper(sender, **kwargs):
        return function(sender)
    return wrapper
""",
    "not the sender": """
def deco(function):
    def wrapper(sender, **kwargs):
        return function(**kwargs)
    return wrapper
""",
    "another name": """
def deco(function):
    def wrapper(sender, size, **kwargs):
        return function(sender=sender, search=size, **kwargs)
    return wrapper
""",
    "another position": """
def deco(function):
    def wrapper(size, sender, **kwargs):
        return function(size, sender, **kwargs)
    return wrapper
""",
    "a default": """
def deco(function):
    def wrapper(sender, search=None, **kwargs):
        return function(sender=sender, search=search, **kwargs)
    return wrapper
""",
    "another value": """
def deco(function):
    def wrapper(sender, **kwargs):
        sender = sender or object
        return function(sender=sender, **kwargs)
    return wrapper
""",
    "removes the sender": """
def deco(function):
    def wrapper(*args, **kwargs):
        kwargs.pop(ENABLED)
        return function(*args, **kwargs)
    return wrapper
""",
    "another function": """
def other(*args, **kwargs):
    pass
def deco(function):
    return other
""",
    "another function, sometimes": """
def other(*args, **kwargs):
    pass
def deco(function):
    return function if ENABLED else other
""",
    "nothing, sometimes": """
def deco(function):
    if ENABLED:
        return function
""",
    "never called": """
def deco(function):
    def wrapper(*args, **kwargs):
        print(function)
    return wrapper
""",
    "replaced": """
def deco(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    wrapper = queue.wrap(wrapper)
    return wrapper
""",
    "replaced from inside": """
def deco(function):
    def change():
        nonlocal function
        function = partial(function, search=1)
    change()
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
""",
    "an unknown decorator on the wrapper": """
def deco(function):
    @queue.task
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
""",
    "handed to something unknown": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.put(function)
        return function(*args, **kwargs)
    return wrapper
""",
    "called by something unknown": """
def deco(function):
    def wrapper(*args, **kwargs):
        function(*args, **kwargs)
        return queue.map(lambda item: function(item), [])
    return wrapper
""",
    "a method of the function": """
def deco(function):
    def wrapper(*args, **kwargs):
        function.delay(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "what is under the function": """
def deco(function):
    def wrapper(*args, **kwargs):
        function(*args, **kwargs)
        return function.__wrapped__(1)
    return wrapper
""",
    "a generator": """
def deco(function):
    def wrapper(*args, **kwargs):
        yield function(*args, **kwargs)
    return wrapper
""",
    "an async decorator": """
async def deco(function):
    return function
""",
    "a class that changes its function": """
class deco:
    def __init__(self, function):
        self.function = function
    def change(self):
        self.function = partial(self.function, search=1)
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "a class with an unknown base": """
class deco(queue.Base):
    def __init__(self, function):
        self.function = function
    def __call__(self, *args, **kwargs):
        return super().__call__(*args, **kwargs)
""",
    "a class that fills an argument": """
class deco:
    def __init__(self, function):
        self.function = function
    def __call__(self, *args, **kwargs):
        return self.function(self, *args, **kwargs)
""",
    "a class that hands its function out": """
class deco:
    def __init__(self, function):
        self.function = function
    def __call__(self, *args, **kwargs):
        queue.append(self.function)
        return self.function(*args, **kwargs)
""",
    "a class with __new__": """
class deco:
    def __new__(cls, function):
        return partial(function, search=1)
    def __call__(self, *args, **kwargs):
        pass
""",
    "a class in the wrapper": """
def deco(function):
    def wrapper(*args, **kwargs):
        class Job:
            run = function
        return function(*args, **kwargs)
    return wrapper
""",
    "mocks": """
from unittest import mock
deco = mock.patch("os.getcwd")
""",
    "endless": """
def deco(function):
    return deco(deco(function))
""",
    "endless wrapper": """
def deco(function):
    def wrapper(*args, **kwargs):
        if ENABLED:
            return wrapper(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "unknown": """
deco = queue.task(1)
""",
    "a stored wrapper": """
functions = {}
def deco(function):
    functions["a"] = function
    return functions["a"]
""",
    "a positional-only parameter": """
def deco(function):
    def wrapper(sender, /, **kwargs):
        return function(sender, **kwargs)
    return wrapper
""",
    "without the keys": """
def deco(function):
    def wrapper(sender, size):
        return function(sender=sender, size=size)
    return wrapper
""",
    "unknown arguments of a factory": """
def build(*args, **kwargs):
    return partial
def deco(function):
    return build(*queue)(function)
""",
    "unknown keywords of a factory": """
def build(*args, **kwargs):
    return partial
def deco(function):
    return build(**queue)(function)
""",
    "too many arguments": """
def build(function):
    return function
def deco(function):
    return build(function, 1)
""",
    "two initialisers": """
class deco:
    if ENABLED:
        def __init__(self, function):
            self.function = function
    else:
        def __init__(self, function):
            self.function = partial(function, search=1)
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "a method of an unknown base": """
class deco(queue.Base):
    def __call__(self, *args, **kwargs):
        return self.run(*args, **kwargs)
""",
    "a property": """
class deco:
    def __init__(self, function):
        self.function = function
    @property
    def filled(self):
        return partial(self.function, search=1)
    def __call__(self, *args, **kwargs):
        return self.filled(*args, **kwargs)
""",
    "too much work": """
def deco0(function):
    return function
"""
    + "".join(
        f"def deco{n}(function):\n    return deco{n - 1}(function) or deco{n - 1}(function)\n"
        for n in range(1, 14)
    )
    + """
deco = deco13
""",
    "a value with the name of the parameter": """
def deco(function):
    def wrapper(*args, **kwargs):
        return function(*args, search="search", **kwargs)
    return wrapper
""",
    "a stated signature": """
deco = typed_signals.with_signature(lambda sender, **kwargs: None)
""",
    "a stated signature of a wrapper": """
from typed_signals import with_signature as states
def deco(function):
    @wraps(function)
    @states(lambda sender, **kwargs: None)
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
""",
    "a signature that it sets": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    wrapper.__signature__ = inspect.signature(lambda sender, **kwargs: None)
    return wrapper
""",
    "a signature that it sets on the function": """
def deco(function):
    function.__signature__ = inspect.signature(lambda sender, **kwargs: None)
    return function
""",
    "a signature of a decorator class": """
class deco:
    __signature__ = inspect.signature(lambda sender, **kwargs: None)
    def __init__(self, function):
        self.function = function
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "a method of the keys": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.append(kwargs.update)
        return function(*args, **kwargs)
    return wrapper
""",
    "a default of an inner function": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.append(lambda function=function: function(1))
        return function(*args, **kwargs)
    return wrapper
""",
    "unknown arguments of a helper": """
def run(function, *args, **kwargs):
    return function(*args, **kwargs)
def deco(function):
    def wrapper(*args, **kwargs):
        return run(function, *queue, **kwargs)
    return wrapper
""",
    "the keys, bare": """
def deco(function):
    def wrapper(*args, **kwargs):
        return function(kwargs)
    return wrapper
""",
    "calls by name": """
def deco(function):
    calls = {"slim": function}
    def wrapper(*args, **kwargs):
        if queue:
            return calls[queue](sender=1)
        return function(*args, **kwargs)
    return wrapper
""",
    "calls by name, in the wrapper": """
def deco(function):
    def wrapper(*args, **kwargs):
        calls = {"slim": function}
        if queue:
            return calls[queue](sender=1)
        return function(*args, **kwargs)
    return wrapper
""",
    "a ladder": """
def deco(function):
    def wrapper(*args, **kwargs):
        def short():
            return function(1)
        for call in (short,):
            return call()
        return function(*args, **kwargs)
    return wrapper
""",
    "keys in a collection": """
def deco(function):
    def wrapper(*args, **kwargs):
        for data in [kwargs]:
            data.pop("x", None)
        return function(*args, **kwargs)
    return wrapper
""",
    "keys in a context": """
def deco(function):
    def wrapper(*args, **kwargs):
        context = {"kwargs": kwargs}
        queue.before(context)
        return function(*args, **kwargs)
    return wrapper
""",
    "keys in a context by keyword": """
def deco(function):
    def wrapper(*args, **kwargs):
        context = dict(kwargs=kwargs)
        queue.before(context)
        return function(*args, **kwargs)
    return wrapper
""",
    "keys in a copy of a collection": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.before(**dict(kwargs=kwargs))
        context = {"a": kwargs}
        queue.before(**context)
        return function(*args, **kwargs)
    return wrapper
""",
    "keys in an unpacked collection": """
def deco(function):
    def wrapper(*args, **kwargs):
        context = {"a": kwargs}
        queue.before({**context})
        return function(*args, **kwargs)
    return wrapper
""",
    "calls in a comprehension": """
def deco(function):
    calls = [each for each in (function,)]
    def wrapper(*args, **kwargs):
        [call(1) for call in calls]
        return function(*args, **kwargs)
    return wrapper
""",
    "calls in a dict comprehension": """
def deco(function):
    calls = {1: each for each in [*[function]]} | {}
    def wrapper(*args, **kwargs):
        calls[1](1)
        return function(*args, **kwargs)
    return wrapper
""",
    "calls in an appended list": """
def deco(function):
    calls = []
    calls.append(function)
    def wrapper(*args, **kwargs):
        for call in calls:
            call(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "calls in a filled dict": """
def deco(function):
    calls = {}
    calls["a"] = function
    def wrapper(*args, **kwargs):
        for call in calls.values():
            call(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "calls unpacked": """
def deco(function):
    slim, name = function, "a"
    with function as again, queue:
        pass
    def wrapper(*args, **kwargs):
        slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "calls from a loop": """
def deco(function):
    for slim in list((function,)):
        pass
    def wrapper(*args, **kwargs):
        slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "calls from a tuple": """
def deco(function):
    slim = tuple([function])[0]
    def wrapper(*args, **kwargs):
        slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "a call made of it": """
def deco(function):
    slim = queue.slim(function)
    def wrapper(*args, **kwargs):
        slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "a call made of it and more": """
def deco(function):
    slim = queue.slim(function, *queue, **queue)
    def wrapper(*args, **kwargs):
        slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "an attribute of the wrapper": """
def deco(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.__wrapped__(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "an attribute of the function": """
def deco(function):
    def wrapper(*args, **kwargs):
        slim = getattr(function, "slim", None)
        if slim is not None:
            return slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "a named attribute of the function": """
def deco(function):
    def wrapper(*args, **kwargs):
        slim = getattr(function, queue, None)
        if slim is not None:
            return slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "an attribute for others": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.append(function.original)
        return function(*args, **kwargs)
    return wrapper
""",
    "an attribute that is set": """
def deco(function):
    function.__defaults__ = (1,)
    def wrapper(*args, **kwargs):
        function.__kwdefaults__ = {}
        return function(*args, **kwargs)
    return wrapper
""",
    "a full partial with more": """
def deco(function):
    def wrapper(*args, **kwargs):
        bound = partial(function, *args, **kwargs)
        bound(search=1)
        return function(*args, **kwargs)
    return wrapper
""",
    "set by an unknown logger": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.log(kwargs)
        return function(*args, **kwargs)
    return wrapper
""",
    "set by an unknown collection": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.set(function)
        return function(*args, **kwargs)
    return wrapper
""",
    "kept in an object": """
class Keeper:
    def __init__(self, function):
        self.calls = [function]
    def slim(self):
        for call in self.calls:
            call(1)
def deco(function):
    keeper = Keeper(function)
    def wrapper(*args, **kwargs):
        keeper.slim()
        return function(*args, **kwargs)
    return wrapper
""",
    "inherited __new__": """
class Base:
    def __new__(cls, function):
        return partial(function, search=1)
class deco(Base):
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "__getattribute__": """
class deco:
    def __init__(self, function):
        self.function = function
    def __getattribute__(self, name):
        return 1
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "__setattr__": """
class deco:
    def __init__(self, function):
        self.function = function
    def __setattr__(self, name, value):
        pass
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "__init_subclass__": """
class Base:
    def __init__(self, function):
        self.function = function
    def __init_subclass__(cls):
        cls.__call__ = None
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
class deco(Base):
    pass
""",
    "setattr": """
class deco:
    def __init__(self, function):
        self.function = function
        setattr(self, "function", lambda *args, **kwargs: self.function(1))
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "setattr with a variable": """
class deco:
    def __init__(self, function):
        self.function = function
        setattr(self, queue, lambda *args, **kwargs: self.function(1))
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "vars": """
class deco:
    def __init__(self, function):
        self.function = function
        vars(self)["function"] = lambda *args, **kwargs: self.function(1)
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "a dict of attributes": """
class deco:
    def __init__(self, function):
        self.function = function
        self.__dict__["function"] = lambda *args, **kwargs: self.function(1)
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
""",
    "set from outside": """
class Deco:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
def deco(function):
    made = Deco(function)
    made.function = partial(function, search=1)
    return made
""",
    "several bases": """
class A:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
class B(A):
    pass
class C(A):
    def __call__(self, *args, **kwargs):
        return self.function(1)
class deco(B, C):
    pass
""",
    "a patched class": """
class deco:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
deco.__call__ = lambda self, **kwargs: self.function(1)
""",
    "replaced below": """
def deco(function):
    return function
deco = queue.wrap(deco)
""",
    "deleted below": """
def deco(function):
    return function
del deco
""",
    "replaced in globals": """
def deco(function):
    return function
globals()["deco"] = partial(partial, search=1)
""",
    "one of two": """
try:
    from nowhere import deco
except ImportError:
    def deco(function):
        return function
""",
    "1 is not True": """
def build(mode):
    def deco(function):
        if mode is True:
            return function
        return partial(function, search=1)
    return deco
deco = build(1)
""",
    "1 may be 1": """
def build(mode):
    def deco(function):
        if mode is 1:
            return function
        return partial(function, search=1)
    return deco
deco = build(1)
""",
    "runs code": """
def deco(function):
    def wrapper(*args, **kwargs):
        exec(queue)
        return function(*args, **kwargs)
    return wrapper
""",
    "hands out all names": """
def deco(function):
    def wrapper(*args, **kwargs):
        queue.append(locals())
        return function(*args, **kwargs)
    return wrapper
""",
    "assigned from inside": """
def deco(function):
    slim = None
    def keep():
        nonlocal slim
        slim = function
    keep()
    def wrapper(*args, **kwargs):
        if slim:
            slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "assigned to a global": """
def deco(function):
    global slim
    slim = function
    def wrapper(*args, **kwargs):
        slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "a global from outside": """
def keep():
    global slim
slim = 1
def deco(function):
    def wrapper(*args, **kwargs):
        if queue:
            slim()
            function(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "a default that captures": """
def deco(function):
    slim = lambda size=1, call=function: call(size)
    def wrapper(*args, **kwargs):
        slim(*queue)
        return function(*args, **kwargs)
    return wrapper
""",
    "in turns": """
def deco(function):
    first = function
    while queue:
        second = first
        first = second
    def wrapper(*args, **kwargs):
        second(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "matched": """
def deco(function):
    match function:
        case slim:
            pass
    def wrapper(*args, **kwargs):
        slim(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "matched parts": """
def deco(function):
    match {1: function}:
        case {1: [*slim], **more}:
            pass
    def wrapper(*args, **kwargs):
        more[1](1)
        return function(*args, **kwargs)
    return wrapper
""",
    "arguments in another order": """
def run(size, *args, **kwargs):
    return args[0](size)
def deco(function):
    def wrapper(*args, **kwargs):
        run(*args, function, **kwargs)
        return function(*args, **kwargs)
    return wrapper
""",
    "several super calls": """
class Base:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
class deco(Base):
    def __init__(self, function):
        super().__init__(function)
        super().__init__(partial(function, search=1))
""",
    "a loop of exceptions": """
def deco(function):
    def wrapper(*args, **kwargs):
        for attempt in range(3):
            try:
                return function(*args, **kwargs)
            except TypeError as error:
                queue.append(error)
                return function(kwargs["sender"])
        return function(*args, **kwargs)
    return wrapper
""",
    "a call by map": """
def deco(function):
    def wrapper(*args, **kwargs):
        list(map(function, [1]))
        return function(*args, **kwargs)
    return wrapper
""",
    "an async helper that keeps it": """
async def keep(function):
    return function
def deco(function):
    slim = keep(function)
    def wrapper(*args, **kwargs):
        slim.send(1)
        return function(*args, **kwargs)
    return wrapper
""",
    "too many helpers": """
def deco(function):
    def wrapper(*args, **kwargs):
        def run0():
            return function(*args, **kwargs)
        def run1():
            run0()
            run0()
        def run2():
            run1()
            run1()
        def run3():
            run2()
            run2()
        def run4():
            run3()
            run3()
        def run5():
            run4()
            run4()
        def run6():
            run5()
            run5()
        def run7():
            run6()
            run6()
        def run8():
            run7()
            run7()
        def run9():
            run8()
            run8()
        def run10():
            run9()
            run9()
        def run11():
            run10()
            run10()
        run11()
        return function(*args, **kwargs)
    return wrapper
""",
    "what it accepts, in a test": """
def deco(function):
    def wrapper(*args, **kwargs):
        if function.__defaults__:
            return None
        return function(*args, **kwargs)
    return wrapper
""",
    "one of several": """
def deco(*functions):
    slim = functions[queue]
    def wrapper(*args, **kwargs):
        slim(1)
        return functions[0](*args, **kwargs)
    return wrapper
""",
    "what the function returns": """
def deco(function):
    return function()
""",
    "a helper without the keys": """
def run(function):
    return function
def deco(function):
    def wrapper(*args, **kwargs):
        result = run(function, *args, **kwargs)
        return result
    return wrapper
""",
    "compared with something unknown": """
def deco(function):
    if function == queue:
        return function
    return partial(function, search=1)
""",
}


def module(source: str) -> str:
    """
    Return the source of the module of a decorator.
    """
    return _IMPORTS + source
