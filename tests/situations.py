"""
Programs that connect receivers, by name.

If one loses a receiver, the line of the ``connect`` ends with ``# lost``. Others are stored, or
deleted later.
"""

from __future__ import annotations

from typing import Final

PRELUDE: Final = """
import asyncio
import contextlib
import dataclasses
import functools
import gc
import threading

from typed_signals import receiver

def note(**kwargs): ...

class Oven:
    def on_done(self, **kwargs): ...
    def __call__(self, **kwargs): ...
    def listen(self, signal):
        signal.connect(self.on_done)
    def work(self):
        len([])
    def __enter__(self):
        return self
    def __exit__(self, *error): ...

def logged(function):
    @functools.wraps(function)
    def wrapper(**kwargs):
        return function(**kwargs)
    return wrapper

class AnyCall:
    def __init__(self, function):
        functools.update_wrapper(self, function)
    def __call__(self, **kwargs): ...

def work(*args): ...

def send():
    signal.send(None)
"""

SITUATIONS: Final[dict[str, str]] = {
    # Made for the connect
    "a lambda": """
        signal.connect(lambda **kwargs: None)  # lost
    """,
    "a lambda on several lines": """
        signal.connect(  # lost
            receiver=(
                lambda **kwargs: None
            ),
            sender=
                None,
        )
    """,
    "a partial": """
        signal.connect(functools.partial(note, oven=1))  # lost
    """,
    "a method of a temporary object": """
        signal.connect(Oven().on_done)  # lost
    """,
    "a temporary callable object": """
        signal.connect(Oven())  # lost
    """,
    "a decorated function": """
        signal.connect(logged(note))  # lost
    """,
    "a decorated function, by a class": """
        signal.connect(AnyCall(note))  # lost
    """,
    "a decorated function, by a context manager": """
        atomic = contextlib.contextmanager(lambda: (yield))
        signal.connect(atomic()(note))  # lost
    """,
    "a lambda that takes another one's name": """
        signal.connect(functools.wraps(note)(lambda **kwargs: note(**kwargs)))  # lost
    """,
    "a decorator that is called": """
        receiver(signal)(lambda **kwargs: None)  # lost
    """,
    "a decorator that is called for several signals": """
        receiver([signal, signal], sender=1)(lambda **kwargs: None)  # lost
    """,
    "a lambda whose connect is an expression": """
        assert [signal.connect(lambda **kwargs: None), 1][1]  # lost
    """,
    "in exec": """
        exec("signal.connect(lambda **kwargs: None)  # lost")
    """,
    "in eval": """
        eval(compile("signal.connect(lambda **kwargs: None)", "situation.py", "eval"))  # lost
    """,
    "in a with block": """
        with contextlib.suppress(ZeroDivisionError):
            signal.connect(lambda **kwargs: None)  # lost
    """,
    "in a try block": """
        try:
            signal.connect(Oven().on_done)  # lost
        finally:
            work()
    """,
    # In functions
    "a local function": """
        def ready():
            def local(**kwargs): ...
            signal.connect(local)  # lost
        ready()
    """,
    "a local function, decorated": """
        def ready():
            @receiver(signal)  # lost
            @logged
            def local(**kwargs): ...
        ready()
    """,
    "a local function, decorated, of a function with other names": """
        def ready():
            times = 1
            @receiver(signal)  # lost
            @logged
            def local(**kwargs): ...
        ready()
    """,
    "a function of a local object": """
        class Kitchen:
            def __init__(self):
                self.function = lambda **kwargs: None
        def ready():
            kitchen = Kitchen()
            signal.connect(kitchen.function)
        ready()
    """,
    "a local function of a function that works on": """
        def ready():
            def local(**kwargs): ...
            signal.connect(local)  # lost
            work()
            return 1
        ready()
    """,
    "a method of a local object": """
        def ready():
            oven = Oven()
            signal.connect(oven.on_done)
        ready()
    """,
    "a method of a local object that works on": """
        def main():
            oven = Oven()
            signal.connect(oven.on_done)
            oven.work()
        main()
    """,
    "a helper": """
        def listen(function):
            signal.connect(function)  # lost
        listen(lambda **kwargs: None)
    """,
    "a helper that works on": """
        def listen(function):
            signal.connect(function)  # lost
            work()
        listen(lambda **kwargs: None)
    """,
    "a helper, kept": """
        def listen(function):
            signal.connect(function)
            return function
        kept = listen(lambda **kwargs: None)
    """,
    "a decorator of one's own": """
        def listens(function):
            signal.connect(function)  # lost
            return function
        for _ in range(2):
            @listens
            def audit(**kwargs): ...
    """,
    "a decorator with arguments of one's own": """
        def on(signal, **options):
            def connect(function):
                signal.connect(function, **options)  # lost
                return function
            return connect
        for sender in (1, 2):
            @on(signal, sender=sender)
            def audit(**kwargs): ...
    """,
    "a method that connects a temporary object": """
        class Kitchen:
            def listen(self, oven):
                signal.connect(oven.on_done)  # lost
        Kitchen().listen(Oven())
    """,
    "in a method of a temporary object": """
        class Kitchen(Oven):
            def listen(self):
                signal.connect(self.on_done)  # lost
        Kitchen().listen()
    """,
    "in a thread": """
        def run():
            signal.connect(lambda **kwargs: None)  # lost
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    """,
    "a local function in a thread": """
        def run():
            def local(**kwargs): ...
            signal.connect(local)  # lost
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    """,
    "in a coroutine": """
        async def main():
            signal.connect(lambda **kwargs: None)  # lost
            await asyncio.sleep(0)
        asyncio.run(main())
    """,
    "a local function in a coroutine": """
        async def listen():
            async def local(**kwargs): ...
            signal.connect(local)  # lost
        async def main():
            await listen()
        asyncio.run(main())
    """,
    "a local function in a coroutine that waits": """
        async def main():
            def local(**kwargs): ...
            signal.connect(local)
            await asyncio.sleep(0)
        asyncio.run(main())
    """,
    "a generator that is exhausted by its loop": """
        def generate():
            signal.connect(lambda **kwargs: None)  # lost
            yield
        for _ in generate():
            pass
    """,
    # Objects that connect themselves
    "an object that connects its method": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)  # lost
        Audit()
    """,
    "an object that connects itself": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self)  # lost
        Audit()
    """,
    "an object whose base class connects": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)  # lost
        class MyAudit(Audit):
            def __init__(self):
                super().__init__()
                work()
        MyAudit()
    """,
    "an object that a method of it connects": """
        class Audit(Oven):
            def __init__(self):
                self.listen(signal)
            def listen(self, signal):
                signal.connect(self.on_done)  # lost
        Audit()
    """,
    "a dataclass": """
        @dataclasses.dataclass
        class Audit(Oven):
            name: str
            def __post_init__(self):
                signal.connect(self.on_done)  # lost
            __hash__ = object.__hash__
        Audit(
            "a"
        )
    """,
    "an object in a function": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)  # lost
        def ready():
            Audit()
            work()
        ready()
    """,
    "objects in a loop": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)  # lost
        for _ in range(3):
            Audit()
    """,
    "objects in a comprehension": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)  # lost
        [Audit() for _ in range(3)]
    """,
    # In loops
    "a loop": """
        for sender in (1, 2, 3):
            @receiver(signal, sender=sender)  # lost
            def audit(sender, **kwargs): ...
    """,
    "a loop with a decorator between": """
        for sender in (1, 2, 3):
            @receiver(signal, sender=sender)  # lost
            @logged
            def audit(**kwargs): ...
    """,
    "a loop with a decorator above": """
        for sender in (1, 2, 3):
            @functools.cache
            @receiver(  # lost
                signal,
                sender=sender,
            )
            def audit(**kwargs): ...
    """,
    "a loop with its own connect": """
        for sender in (1, 2, 3):
            def audit(sender, **kwargs): ...
            signal.connect(audit, sender=sender)  # lost
    """,
    "a loop with lambdas": """
        for sender in (1, 2, 3):
            audit = lambda **kwargs: None
            signal.connect(audit, sender=sender)  # lost
    """,
    "a loop of a class": """
        class Kitchen:
            for sender in (1, 2, 3):
                @receiver(signal, sender=sender)  # lost
                def audit(**kwargs): ...
    """,
    "a loop of a function": """
        def ready():
            for sender in (1, 2, 3):
                @receiver(signal, sender=sender)  # lost
                def audit(**kwargs): ...
            return audit
        kept = ready()
    """,
    "a loop of a function with a closure": """
        def ready():
            for sender in (1, 2, 3):
                def audit(**kwargs): return audit
                signal.connect(audit, sender=sender)  # lost
        ready()
    """,
    "a loop with arguments that have defaults and annotations": """
        for sender in (1, 2, 3):
            @receiver(signal, sender=sender)  # lost
            def audit(sender=sender, *, size: int = 1, **kwargs: object) -> None: ...
    """,
    "a loop over receivers": """
        for function in [lambda **kwargs: 1, lambda **kwargs: 2]:
            signal.connect(function)  # lost
    """,
    "a loop over receivers made on the way": """
        for function in map(logged, [note, note]):
            signal.connect(function)  # lost
    """,
    "a loop with functions of a factory": """
        def make():
            def local(**kwargs): ...
            return local
        for number in range(3):
            audit = make()
            signal.connect(audit, sender=number)  # lost
    """,
    "a loop with partials": """
        for number in range(3):
            audit = functools.partial(note)
            signal.connect(audit, sender=number)  # lost
    """,
    "a loop with lambdas in the call": """
        for number in range(3):
            signal.connect(audit := lambda **kwargs: None, sender=number)  # lost
    """,
    "a loop in a function with functions of a factory": """
        def make():
            def local(**kwargs): ...
            return local
        def work():
            for number in range(3):
                audit = make()
                signal.connect(audit, sender=number)  # lost
            signal.send(None)
        work()
    """,
    "a loop over partials": """
        for audit in [functools.partial(note), functools.partial(note)]:
            signal.connect(audit)  # lost
        del audit
    """,
    "a loop whose functions are kept": """
        kept = []
        for number in range(3):
            audit = functools.partial(note)
            signal.connect(audit, sender=number)
            kept.append(audit)
    """,
    "a loop whose objects are replaced": """
        for number in range(3):
            oven = Oven()
            signal.connect(oven.on_done, sender=number)
    """,
    "a name of a module that a function replaces": """
        def renew():
            global audit
            audit = functools.partial(note)
            signal.connect(audit)
        renew()
        renew()
    """,
    "a loop with a send": """
        for number in range(3):
            audit = functools.partial(note)
            signal.connect(audit, sender=number)
            signal.send(number)
    """,
    "a while loop": """
        number = 0
        while number < 2:
            @receiver(signal, sender=number)  # lost
            def audit(**kwargs): ...
            number += 1
    """,
    "a comprehension": """
        [signal.connect(lambda **kwargs: None, sender=sender) for sender in (1, 2)]  # lost
    """,
    "a comprehension of decorators": """
        [receiver(signal, sender=sender)(lambda **kwargs: None) for sender in (1, 2)]  # lost
    """,
    "a generator expression": """
        any(signal.connect(lambda **kwargs: None, sender=sender) for sender in (1, 2))  # lost
    """,
    "a function defined twice": """
        @receiver(signal)  # lost
        def _(**kwargs): ...

        @receiver(signal)
        def _(**kwargs): ...
    """,
    # Kept
    "a function": """
        @receiver(signal)
        def audit(**kwargs): ...
    """,
    "a named lambda": """
        audit = lambda **kwargs: None
        signal.connect(audit)
    """,
    "a kept object that connects its method": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)
        audit = Audit()
    """,
    "kept in a list": """
        kept = [receiver(signal, sender=sender)(lambda **kwargs: None) for sender in (1, 2)]
    """,
    "kept by a list that grows": """
        kept = []
        for sender in (1, 2, 3):
            @receiver(signal, sender=sender)
            def audit(**kwargs): ...
            kept.append(audit)
        kept.clear()
    """,
    "strong": """
        signal.connect(lambda **kwargs: None, weak=False)
        for sender in (1, 2, 3):
            @receiver(signal, sender=sender, weak=False)
            def audit(**kwargs): ...
    """,
    # Let go later
    "deleted": """
        def audit(**kwargs): ...
        signal.connect(audit)
        del audit
    """,
    "deleted, on one line": """
        audit = lambda **kwargs: None; signal.connect(audit); del audit
    """,
    "set to None": """
        @receiver(signal)
        def audit(**kwargs): ...
        audit = None
    """,
    "set to None, on one line": """
        audit = lambda **kwargs: None; signal.connect(audit); audit = None
    """,
    "an object that is replaced": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)
        for _ in range(3):
            audit = Audit()
            audit.work()
        audit = None
    """,
    "an object that works in the statement that made it": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)
        Audit().work()
    """,
    "an object that works in the function that connects it": """
        class Audit(Oven):
            def run(self):
                signal.connect(self.on_done)
                self.work()
        Audit().run()
    """,
    "an object that lives as long as a with block": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)
        with Audit():
            work()
    """,
    "an object in an attribute that is replaced": """
        class Audit(Oven):
            def __init__(self):
                signal.connect(self.on_done)
        class Kitchen:
            def refresh(self):
                self.audit = Audit()
        kitchen = Kitchen()
        for _ in range(3):
            kitchen.refresh()
        kitchen = None
    """,
    "a registry that replaces": """
        class Registry(dict):
            def add(self, name, function):
                signal.connect(self.setdefault(name, function)); self.pop(name)
                self[name] = function
        registry = Registry()
        for name in "aab":
            registry.add(name, lambda **kwargs: None)
        registry.clear()
    """,
    "a factory whose functions are replaced": """
        def make():
            def local(**kwargs): ...
            signal.connect(local)
            return local
        for _ in range(3):
            kept = make()
        kept = None
    """,
    "a factory whose objects are in a list that is replaced": """
        def make():
            oven = Oven()
            signal.connect(oven.on_done)
            return oven
        for _ in range(3):
            kept = [make() for _ in range(3)]
        kept = None
    """,
    "in a cycle": """
        def ready():
            oven = Oven()
            oven.own = oven
            signal.connect(oven.on_done)
        ready()
    """,
    "objects in cycles that are replaced": """
        class Audit(Oven):
            def __init__(self):
                self.own = self
                signal.connect(self.on_done)
        for _ in range(3):
            audit = Audit()
            gc.collect()
        audit = None
    """,
    "another definition of a cell that runs again": """
        cell = "@receiver(signal)\\ndef audit(**kwargs): ..."
        for _ in range(3):
            exec(compile(cell, "<cell>", "exec"), globals())
    """,
    "a fixture": """
        def listening():
            def local(**kwargs): ...
            signal.connect(local)
            yield
        fixture = listening()
        next(fixture)
        next(fixture, None)
    """,
    "a failure": """
        def ready():
            def local(**kwargs): ...
            signal.connect(local)
            raise ValueError
        try:
            ready()
        except ValueError:
            pass
    """,
    # Not lost
    "disconnected": """
        def ready():
            def local(**kwargs): ...
            signal.connect(local)
            signal.disconnect(local)
        ready()
    """,
    "reached by a send": """
        def test():
            def local(**kwargs): ...
            signal.connect(local)
            send()
        test()
    """,
    "reached by a send in a loop": """
        for sender in (1, 2, 3):
            @receiver(signal, sender=sender)
            def audit(**kwargs): ...
            signal.send(sender)
    """,
    "reached by a send of another signal": """
        def test():
            def local(**kwargs): ...
            receiver([signal, other])(local)
            other.send(None)
        test()
    """,
    "another method reached by a send of another signal": """
        def test():
            oven = Oven()
            signal.connect(oven.on_done)
            other.connect(oven.__call__)
            other.send(None)
        test()
    """,
}
