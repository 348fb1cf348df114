"""Responses: the return types of receivers, and the results of sends."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, NoReturn, Protocol, TypedDict, TypeVar, assert_type

from typing_extensions import Unpack

from typed_signals import Signal, receiver


class Asked(TypedDict):
    question: str


class Answer:
    pass


class Yes(Answer):
    pass


T = TypeVar("T")
asked = Signal[Any, Asked, bool]()
answered = Signal[Any, Asked, Answer]()
noted = Signal[Any, Asked, None]()
maybe = Signal[Any, Asked, int | None]()
anything = Signal[Any, Asked]()
whatever = Signal[Any, Asked, Any]()
refused = Signal[Any, Asked, bool]()


# The return type may be narrower.
@receiver(asked)
def agree(question: str, **kwargs: object) -> bool:
    return True


@receiver(asked)
def unannotated(question, **kwargs):
    return "yes"


@receiver(asked)
def of_anything(question: str, **kwargs: object) -> Any:
    return "yes"


@receiver(refused)
def never(question: str, **kwargs: object) -> NoReturn:
    raise ValueError(question)


@receiver(answered)
def narrower(question: str, **kwargs: object) -> Yes:
    return Yes()


@receiver(maybe)
def sometimes(question: str, **kwargs: object) -> int | None:
    return None


@receiver(maybe)
def always(question: str, **kwargs: object) -> int:
    return 1


@receiver(noted)
def nothing(question: str, **kwargs: object) -> None:
    pass


@receiver(asked)
# E: asked cannot connect text: it returns "str", but asked expects "bool": return "bool"  [signal-response]
def text(question: str, **kwargs: object) -> str:
    return "yes"


@receiver(asked)
# E: asked cannot connect none: it returns "None", but asked expects "bool": return "bool"  [signal-response]
def none(question: str, **kwargs: object) -> None:
    pass


@receiver(asked)
# E: asked cannot connect optional: it returns "bool | None", but asked expects "bool": return "bool"  [signal-response]
def optional(question: str, **kwargs: object) -> bool | None:
    return None


@receiver(answered)
# E: answered cannot connect unrelated: it returns "object", but answered expects "Answer": return "Answer"  [signal-response]
def unrelated(question: str, **kwargs: object) -> object:
    return None


@receiver(noted)
# E: noted cannot connect something: it returns "int", but noted expects "None": return "None"  [signal-response]
def something(question: str, **kwargs: object) -> int:
    return 1


@receiver(maybe)
# E: maybe cannot connect wrong_sometimes: it returns "str | None", but maybe expects "int | None": return "int | None"  [signal-response]
def wrong_sometimes(question: str, **kwargs: object) -> str | None:
    return None


@receiver(asked)
# E: asked cannot connect half_annotated: it returns "int", but asked expects "bool": return "bool"  [signal-response]
def half_annotated(question, **kwargs) -> int:
    return 1


# The response of an async receiver is the awaited result.
@receiver(asked)
async def agree_later(question: str, **kwargs: object) -> bool:
    return True


@receiver(asked)
async def untyped_later(question, **kwargs):
    return "yes"


@receiver(asked)
# E: asked cannot connect text_later: it returns "str", but asked expects "bool": return "bool"  [signal-response]
async def text_later(question: str, **kwargs: object) -> str:
    return "yes"


@receiver(asked)
# E: asked cannot connect nothing_later: it returns "None", but asked expects "bool": return "bool"  [signal-response]
async def nothing_later(question: str, **kwargs: object) -> None:
    pass


# Only functions with "async def" are awaited.
@receiver(refused)
# E: refused cannot connect awaitable: it returns "Awaitable[str]", but refused expects "bool": return "bool"  [signal-response]
def awaitable(question: str, **kwargs: object) -> Awaitable[str]:
    raise NotImplementedError


# Several signals, each with its own response type.
@receiver([asked, maybe])
def of_both(question: str, **kwargs: object) -> bool:
    return True


@receiver([asked, maybe])
# E: asked cannot connect wrong_of_both: it returns "int", but asked expects "bool": return "bool"  [signal-response]
def wrong_of_both(question: str, **kwargs: object) -> int:
    return 1


@receiver(asked)
@receiver(noted)
# E: noted cannot connect wrongly_stacked: it returns "bool", but noted expects "None": return "None"  [signal-response]
def wrongly_stacked(question: str, **kwargs: object) -> bool:
    return True


# Without a response type, everything is accepted.
@receiver(anything)
def any_response(question: str, **kwargs: object) -> str:
    return ""


@receiver(whatever)
def whatever_response(question: str, **kwargs: object) -> str:
    return ""


@receiver(anything)
def generator(question: str, **kwargs: object) -> Iterator[int]:
    yield 1


@receiver(asked)
# E: asked cannot connect wrong_generator: it returns "Iterator[bool]", but asked expects "bool": return "bool"  [signal-response]
def wrong_generator(question: str, **kwargs: object) -> Iterator[bool]:
    yield True


@receiver(asked)
# E: asked cannot connect wrong_async_generator: it returns "AsyncIterator[bool]", but asked expects "bool": return "bool"  [signal-response]
async def wrong_async_generator(question: str, **kwargs: object) -> AsyncIterator[bool]:
    yield True


# Methods, objects, classes, partials, lambdas, generics, protocols.
class Judge:
    def agree(self, **kwargs: object) -> bool:
        return True

    def doubt(self, **kwargs: object) -> str:
        return "?"

    async def agree_later(self, **kwargs: object) -> bool:
        return True

    async def doubt_later(self, **kwargs: object) -> str:
        return "?"

    def __call__(self, **kwargs: object) -> str:
        return "?"


class Verdict(Answer):
    def __init__(self, **kwargs: object) -> None:
        pass


class Guess:
    def __init__(self, **kwargs: object) -> None:
        pass


class Sink(Protocol):
    def __call__(self, **kwargs: object) -> bool: ...


class WrongSink(Protocol):
    def __call__(self, **kwargs: object) -> bytes: ...


def same(question: T, **kwargs: object) -> T:
    return question


def by_rule(rule: str, question: str, **kwargs: object) -> bool:
    return True


def by_wrong_rule(rule: str, question: str, **kwargs: object) -> str:
    return ""


judge = Judge()
ruled = functools.partial(by_rule, "x")
wrongly_ruled = functools.partial(by_wrong_rule, "x")
asked.connect(judge.agree)
asked.connect(judge.agree_later)
answered.connect(Verdict)
asked.connect(same)
asked.connect(ruled)
asked.connect(lambda **kwargs: True, weak=False)
# E: asked cannot connect doubt: it returns "str", but asked expects "bool": return "bool"  [signal-response]
asked.connect(judge.doubt)
# E: asked cannot connect doubt_later: it returns "str", but asked expects "bool": return "bool"  [signal-response]
asked.connect(judge.doubt_later)
# E: asked cannot connect Judge object: it returns "str", but asked expects "bool": return "bool"  [signal-response]
asked.connect(judge)
# E: answered cannot connect Guess: it returns "Guess", but answered expects "Answer": return "Answer"  [signal-response]
answered.connect(Guess)
# E: asked cannot connect partial object: it returns "str", but asked expects "bool": return "bool"  [signal-response]
asked.connect(wrongly_ruled)
# E: asked cannot connect the receiver: it returns "str", but asked expects "bool": return "bool"  [signal-response]
asked.connect(lambda **kwargs: "yes", weak=False)


def connect_sinks(
    sink: Sink,
    wrong_sink: WrongSink,
    callback: Callable[..., bool],
    wrong_callback: Callable[..., str],
    later: Callable[..., Coroutine[Any, Any, bool]],
) -> None:
    asked.connect(sink)
    asked.connect(callback)
    asked.connect(later)
    # Not reported: such a type has no parameters, so it is not checked.
    asked.connect(wrong_callback)
    # E: asked cannot connect WrongSink object: it returns "bytes", but asked expects "bool": return "bool"  [signal-response]
    asked.connect(wrong_sink)


# The results of sends.
assert_type(asked.send(None, question=""), list[tuple[Callable[..., Any], bool]])
assert_type(asked.send_robust(None, question=""), list[tuple[Callable[..., Any], bool | Exception]])
assert_type(answered.send(None, question=""), list[tuple[Callable[..., Any], Answer]])
assert_type(anything.send(None, question=""), list[tuple[Callable[..., Any], Any]])
assert_type(noted.send_robust(None, question=""), list[tuple[Callable[..., Any], Exception | None]])


async def send_async() -> None:
    assert_type(await asked.asend(None, question=""), list[tuple[Callable[..., Any], bool]])
    assert_type(
        await asked.asend_robust(None, question=""),
        list[tuple[Callable[..., Any], bool | Exception]],
    )
    for _, response in await asked.asend(None, question=""):
        # E: "bool" has no attribute "upper"  [attr-defined]
        response.upper()


for _, response in asked.send(None, question=""):
    assert_type(response, bool)
for _, robust in maybe.send_robust(None, question=""):
    if not isinstance(robust, Exception):
        assert_type(robust, int | None)
plain: list[bool] = [response for _, response in asked.send(None, question="")]
# E: List comprehension has incompatible type List[bool]; expected List[str]  [misc]
wrong: list[str] = [response for _, response in asked.send(None, question="")]
# E: List comprehension has incompatible type List[bool | Exception]; expected List[bool]  [misc]
robust_responses: list[bool] = [response for _, response in asked.send_robust(None, question="")]
# E: Incompatible types in assignment (expression has type "list[tuple[Callable[..., Any], bool]]", variable has type "str")  [assignment]
first: str = asked.send(None, question="")


# Declared by a function with a return type.
@Signal.declare
def polled(sender: object, **kwargs: Unpack[Asked]) -> bool:
    raise NotImplementedError


@receiver(polled)
def on_polled(question: str, **kwargs: object) -> bool:
    return True


@receiver(polled)
# E: polled cannot connect wrong_on_polled: it returns "str", but polled expects "bool": return "bool"  [signal-response]
def wrong_on_polled(question: str, **kwargs: object) -> str:
    return ""


# A function that returns None: responses are not used.
@Signal.declare
def told(sender: object, **kwargs: Unpack[Asked]) -> None:
    """A question was asked."""


@receiver(told)
def on_told(question: str, **kwargs: object) -> bool:
    return True


@receiver(told)
async def on_told_later(question: str, **kwargs: object) -> str:
    return ""


told.connect(on_polled)


@receiver(told)
# E: told cannot connect wrong_on_told: 'asked' is never sent (the signal does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def wrong_on_told(asked: str, **kwargs: object) -> bool:
    return True


polled_responses = polled.send(None, question="")
assert_type(polled_responses, list[tuple[Callable[..., Any], bool]])


# Subclasses with a response type.
class Poll(Signal[Any, Asked, bool]):
    pass


poll = Poll()


@receiver(poll)
def on_poll(**kwargs: object) -> bool:
    return True


@receiver(poll)
# E: poll cannot connect wrong_on_poll: it returns "str", but poll expects "bool": return "bool"  [signal-response]
def wrong_on_poll(**kwargs: object) -> str:
    return ""


assert_type(poll.send(None, question=""), list[tuple[Callable[..., Any], bool]])
asyncio.run(asyncio.sleep(0))

# Undeclared responses have type Any.
silent = Signal()
for _, answer in silent.send(None, question=""):
    answer.upper()
assert_type(silent.send(None), list[tuple[Callable[..., Any], Any]])
for _, reply in Signal[Any, Asked]().send(None, question=""):
    reply.upper()
