"""
``connect`` accepts exactly the receivers that accept every send, and says why it refuses others.
"""

from __future__ import annotations

import collections
import copy
import functools
import inspect
import itertools
import pickle
from types import MethodType
from typing import TYPE_CHECKING, Any, Self, TypedDict
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec

import pytest

from tests.support import LARGEST, SMALLEST, PizzaDone, refusal_of, unchecked
from typed_signals import Signal, receiver
from typed_signals._contract.rules import (
    ADD_SELF,
    BOUND_TWICE,
    NO_KWARGS,
    NOT_SENT,
    POSITIONAL_ONLY,
    Parameters,
    find_problems,
)
from typed_signals._contract.signatures import clearly_fits, problems_of
from typed_signals._declare.keys import from_typed_dict
from typed_signals._declare.payload import Payload
from typed_signals.exceptions import (
    ContractError,
    DeclarationError,
    ReceiverSignatureError,
    ReceiverTypeError,
    SignalError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pizza_done: Signal[object, PizzaDone] = Signal()
PAYLOAD = from_typed_dict(PizzaDone)


def call_with_every_payload(receive: Callable[..., object], signal: object = pizza_done) -> None:
    """
    Call *receive* like ``send``, with the smallest and with the largest payload.
    """
    for payload in (SMALLEST, LARGEST):
        response = receive(signal=signal, sender=None, **payload)
        if inspect.iscoroutine(response):
            response.close()


# Receivers of every kind


class Kitchen:
    def method(self, sender: object, size: int, **kwargs: object) -> None: ...

    def method_of_kwargs(self, **kwargs: object) -> None: ...

    def method_of_args(*args: object, **kwargs: object) -> None: ...

    def method_with_typo(self, sender: object, sizes: int, **kwargs: object) -> None: ...

    def method_without_self(**kwargs: object) -> None: ...

    def method_named_sender(sender, **kwargs: object) -> None: ...  # noqa: N805

    @classmethod
    def class_method(cls, sender: object, size: int, **kwargs: object) -> None: ...

    @classmethod
    def class_method_with_typo(cls, sizes: int, **kwargs: object) -> None: ...

    @staticmethod
    def static_method(sender: object, size: int, **kwargs: object) -> None: ...

    @staticmethod
    def static_method_with_typo(sizes: int, **kwargs: object) -> None: ...

    @functools.lru_cache  # noqa: B019 - the method is tested
    def cached_method(self, size: int, **kwargs: object) -> None: ...

    @functools.lru_cache  # noqa: B019 - the method is tested
    def cached_method_with_typo(self, sizes: int, **kwargs: object) -> None: ...


class CallableObject:
    def __call__(self, sender: object, size: int, **kwargs: object) -> None: ...


class CallableWithTypo:
    def __call__(self, sender: object, sizes: int, **kwargs: object) -> None: ...


class CallableWithoutKwargs:
    def __call__(self, sender: object, signal: object, size: int) -> None: ...


class StaticCallable:
    @staticmethod
    def __call__(sender: object, size: int, **kwargs: object) -> None: ...


class StaticCallableWithTypo:
    @staticmethod
    def __call__(sender: object, sizes: int, **kwargs: object) -> None: ...


class ClassCallable:
    @classmethod
    def __call__(cls, sender: object, size: int, **kwargs: object) -> None: ...


class ClassCallableWithTypo:
    @classmethod
    def __call__(cls, sizes: int, **kwargs: object) -> None: ...


class CallableInheriting(CallableObject):
    pass


class NestedCallable:
    __call__ = CallableObject()


class MadeByInit:
    def __init__(self, sender: object, size: int, **kwargs: object) -> None: ...


class MadeByInitWithTypo:
    def __init__(self, sender: object, sizes: int, **kwargs: object) -> None: ...


class MadeByNew:
    def __new__(cls, sender: object, size: int, **kwargs: object) -> Self:
        return super().__new__(cls)


class MadeByNewWithTypo:
    def __new__(cls, sender: object, sizes: int, **kwargs: object) -> Self:
        return super().__new__(cls)


class MadeByBoth(MadeByNew):
    def __init__(self, **kwargs: object) -> None: ...


class MadeByBothWithTypoInInit(MadeByNew):
    def __init__(self, sizes: int, **kwargs: object) -> None: ...


class MadeByBothWithTypoInNew(MadeByNewWithTypo):
    def __init__(self, **kwargs: object) -> None: ...


class MadeByBothWithClash(MadeByNew):
    def __init__(self, cls: object, **kwargs: object) -> None: ...


class Meta(type):
    def __call__(cls, *args: object, **kwargs: object) -> object:
        return None


class MetaWithTypo(type):
    def __call__(cls, sizes: int, **kwargs: object) -> object:
        return None


class MadeByMeta(metaclass=Meta):
    def __init__(self, oven: str) -> None: ...


class MadeByMetaWithTypo(metaclass=MetaWithTypo):
    def __init__(self, **kwargs: object) -> None: ...


class MadeAsStated:
    """
    Has a signature that ``__init__`` does not show, like classes generated from fields.
    """

    __signature__ = inspect.Signature([inspect.Parameter("fields", inspect.Parameter.VAR_KEYWORD)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.__signature__.bind(*args, **kwargs)


class MadeAsStatedWithTypo(MadeAsStated):
    __signature__ = inspect.Signature(
        [
            inspect.Parameter("sizes", inspect.Parameter.KEYWORD_ONLY),
            *MadeAsStated.__signature__.parameters.values(),
        ]
    )


class MadeOfNothing:
    pass


class Document(TypedDict, total=False):
    title: str


def plain(sender: object, size: int, toppings: list[str], **kwargs: object) -> None: ...


def with_signal(signal: object, sender: object, **kwargs: object) -> None: ...


def without_sender(size: int, **kwargs: object) -> None: ...


def only_kwargs(**kwargs: object) -> None: ...


def args_and_kwargs(*args: object, **kwargs: object) -> None: ...


def keyword_only(*, sender: object, size: int, **kwargs: object) -> None: ...


def optional_with_default(note: str = "", **kwargs: object) -> None: ...


def not_sent_with_default(oven: str = "wood", **kwargs: object) -> None: ...


def positional_only_with_default(oven: str = "wood", /, **kwargs: object) -> None: ...


async def asynchronous(sender: object, size: int, **kwargs: object) -> None: ...


def with_misspelling(sender: object, sizes: int, **kwargs: object) -> None: ...


async def asynchronous_with_typo(sender: object, sizes: int, **kwargs: object) -> None: ...


def requires_optional(note: str, **kwargs: object) -> None: ...


def requires_optional_by_keyword(*, note: str, **kwargs: object) -> None: ...


def requires_what_is_never_sent(oven: str, **kwargs: object) -> None: ...


def positional_only_sender(sender: object, /, **kwargs: object) -> None: ...


def positional_only_key(size: int, /, sender: object, **kwargs: object) -> None: ...


def context_first(oven: str, sender: object, **kwargs: object) -> None: ...


def two_positional_only(oven: str, door: str, /, **kwargs: object) -> None: ...


def passes_through(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: object, **kwargs: object) -> object:
        return function(*args, **kwargs)

    return wrapper


def adapts(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(sender: object, size: int, **kwargs: object) -> object:
        return function(sender=sender, sizes=size, **kwargs)

    return wrapper


def adapts_badly(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(sender: object, sizes: int, **kwargs: object) -> object:
        return function(sender=sender, size=sizes, **kwargs)

    return wrapper


class PassesMethodThrough:
    @passes_through
    def method(self, sender: object, size: int, **kwargs: object) -> None: ...


def in_a_cycle(function: Callable[..., Any]) -> Callable[..., Any]:
    unchecked(function).__wrapped__ = function
    return function


@in_a_cycle
def wraps_itself(*args: object, **kwargs: object) -> None: ...


@in_a_cycle
def wraps_itself_with_typo(sizes: int, **kwargs: object) -> None: ...


def stating(signature: inspect.Signature) -> Callable[..., Any]:
    def receive(*args: object, **kwargs: object) -> None: ...

    unchecked(receive).__signature__ = signature
    return receive


def adapts_method(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(self: object, size: int, **kwargs: object) -> object:
        return function(self, sizes=size)

    return wrapper


class CallableAdapting:
    @adapts_method
    def __call__(self, sizes: int) -> None: ...


class CallablePassingThrough:
    @passes_through
    def __call__(self, sender: object, size: int, **kwargs: object) -> None: ...


class CallableAsStated:
    """
    Has a signature that its ``__call__`` does not show.
    """

    __signature__ = inspect.signature(lambda sender, size, **kwargs: None)

    def __call__(self, *args: object, **kwargs: object) -> None:
        self.__signature__.bind(*args, **kwargs)


class CallableAsStatedWithTypo(CallableAsStated):
    __signature__ = inspect.signature(lambda sizes, **kwargs: None)


class Menu(dict[str, Any]): ...


KITCHEN = Kitchen()

ACCEPTED: dict[str, Callable[..., Any]] = {
    "function": plain,
    "function with signal": with_signal,
    "function without sender": without_sender,
    "function of **kwargs": only_kwargs,
    "function of *args, **kwargs": args_and_kwargs,
    "keyword-only": keyword_only,
    "default for an optional key": optional_with_default,
    "default for a key that is not sent": not_sent_with_default,
    "positional-only with a default": positional_only_with_default,
    "lambda": lambda sender, size, **kwargs: None,
    "async function": asynchronous,
    "method": KITCHEN.method,
    "method of **kwargs": KITCHEN.method_of_kwargs,
    "method of *args, **kwargs": KITCHEN.method_of_args,
    "class method": Kitchen.class_method,
    "class method of an instance": KITCHEN.class_method,
    "static method": Kitchen.static_method,
    "static method of an instance": KITCHEN.static_method,
    "static method object": unchecked(vars(Kitchen)["static_method"]),
    "callable object": CallableObject(),
    "callable object, inherited": CallableInheriting(),
    "callable object, static": StaticCallable(),
    "callable object, class method": ClassCallable(),
    "callable object, pass-through": CallablePassingThrough(),
    "callable object, adapting": CallableAdapting(),
    "callable object that states its signature": CallableAsStated(),
    "callable object in a callable object": NestedCallable(),
    "method of a callable object": CallableObject().__call__,
    "partial": functools.partial(plain),
    "partial with keyword": functools.partial(requires_what_is_never_sent, oven="wood"),
    "partial with keyword of a payload key": functools.partial(plain, size=1),
    "partial with position": functools.partial(context_first, "wood"),
    "partial with position-only": functools.partial(positional_only_sender, "wood"),
    "partial with positions for *args": functools.partial(args_and_kwargs, 1, 2),
    "partial of a partial": functools.partial(
        functools.partial(two_positional_only, "wood"), "steel"
    ),
    "partial of a method": functools.partial(KITCHEN.method),
    "partial of a callable object": functools.partial(CallableObject()),
    "partial of an unbound method": functools.partial(Kitchen.method, KITCHEN),
    "partial of an async function": functools.partial(asynchronous),
    "class with __init__": MadeByInit,
    "class with __new__": MadeByNew,
    "class with both": MadeByBoth,
    "class with a metaclass that adapts": MadeByMeta,
    "class that states its signature": MadeAsStated,
    "partial of a class": functools.partial(MadeByInitWithTypo, sizes=1),
    "pass-through wrapper": passes_through(plain),
    "pass-through wrappers": passes_through(passes_through(plain)),
    "pass-through wrapper of a method": PassesMethodThrough().method,
    "pass-through wrapper of an adapter": passes_through(adapts(with_misspelling)),
    "adapting wrapper": adapts(with_misspelling),
    "wrapper of itself": wraps_itself,
    "stated signature": stating(inspect.signature(plain)),
    "dict": dict,
    "method of a dict": {}.update,
    "method of a string": "{size}".format,
    "method of an instance of a subclass": Menu().update,
    "built-in class of another module": collections.OrderedDict,
    "singledispatch with its argument": functools.partial(
        functools.singledispatch(context_first), "wood"
    ),
    "lru_cache": functools.lru_cache(lambda size, **kwargs: None),
    "lru_cache of a method": KITCHEN.cached_method,
    "mock": Mock(),
    "magic mock": MagicMock(),
    "async mock": AsyncMock(),
    "mock with a specification": create_autospec(plain),
}

REFUSED: dict[str, tuple[Callable[..., Any], str]] = {
    "function": (with_misspelling, "'sizes' is never sent (PizzaDone does not declare it): did"),
    "async function": (asynchronous_with_typo, "'sizes' is never sent"),
    "optional key": (
        requires_optional,
        "'note' is not always sent (it is optional in PizzaDone): give the parameter a default",
    ),
    "optional key, keyword-only": (requires_optional_by_keyword, "'note' is not always sent"),
    "unknown key": (
        requires_what_is_never_sent,
        "'oven' is never sent (PizzaDone does not declare it): remove the parameter or give it a",
    ),
    "positional-only sender": (
        positional_only_sender,
        "receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or",
    ),
    "positional-only key": (positional_only_key, "'size' cannot be positional-only"),
    "lambda": (lambda sizes, **kwargs: None, "'sizes' is never sent"),
    "keyword-only": (lambda sender, *, sizes, **kwargs: None, "'sizes' is never sent"),
    "keyword-only, second of three": (
        lambda sender, size, *, toppings, sizes, note="", **kwargs: None,
        "'sizes' is never sent",
    ),
    "keyword-only, and optional": (
        lambda *, note, sender, **kwargs: None,
        "'note' is not always sent",
    ),
    "method": (KITCHEN.method_with_typo, "'sizes' is never sent"),
    "method without self": (
        unchecked(KITCHEN).method_without_self,
        "already bound do not match its parameters: add 'self' to the method",
    ),
    "method whose self is called sender": (
        KITCHEN.method_named_sender,
        "'sender' is sent by keyword, but already bound by position: rename the parameter or",
    ),
    "unbound method": (Kitchen.method, "'self' is never sent"),
    "class method": (Kitchen.class_method_with_typo, "'sizes' is never sent"),
    "static method": (KITCHEN.static_method_with_typo, "'sizes' is never sent"),
    "callable object": (CallableWithTypo(), "'sizes' is never sent"),
    "callable object, static": (StaticCallableWithTypo(), "'sizes' is never sent"),
    "callable object, class method": (ClassCallableWithTypo(), "'sizes' is never sent"),
    "callable object that states its signature": (
        CallableAsStatedWithTypo(),
        "'sizes' is never sent",
    ),
    "partial": (functools.partial(with_misspelling, size=1), "'sizes' is never sent"),
    "partial that binds sender": (
        functools.partial(plain, "wood"),
        "'sender' is sent by keyword, but already bound by position",
    ),
    "partial that binds a key": (
        functools.partial(plain, "wood", 30),
        "'size' is sent by keyword, but already bound by position",
    ),
    "partial with too many positions": (
        functools.partial(unchecked(only_kwargs), "wood"),
        "already bound do not match its parameters",
    ),
    "partial that binds twice": (
        functools.partial(unchecked(context_first), "wood", oven="gas"),
        "already bound do not match its parameters",
    ),
    "partial with keyword for a positional-only": (
        functools.partial(positional_only_key, size=1),
        "'size' cannot be positional-only",
    ),
    "partial of a class": (functools.partial(MadeByInitWithTypo), "'sizes' is never sent"),
    "class with __init__": (MadeByInitWithTypo, "'sizes' is never sent"),
    "class with __new__": (MadeByNewWithTypo, "'sizes' is never sent"),
    "class with both, wrong in __init__": (MadeByBothWithTypoInInit, "'sizes' is never sent"),
    "class with both, wrong in __new__": (MadeByBothWithTypoInNew, "'sizes' is never sent"),
    "class with a metaclass": (MadeByMetaWithTypo, "'sizes' is never sent"),
    "class that states its signature": (MadeAsStatedWithTypo, "'sizes' is never sent"),
    "class without parameters": (MadeOfNothing, "must accept keyword arguments (**kwargs)"),
    "adapting wrapper": (adapts_badly(plain), "'sizes' is never sent"),
    "wrapper of itself": (wraps_itself_with_typo, "'sizes' is never sent"),
    "built-in": (
        print,
        "(**kwargs). Connect a function with **kwargs that calls it",
    ),
    "method of a built-in": ([].append, "must accept keyword arguments (**kwargs). Connect a"),
    "built-in without a signature": (max, "must accept keyword arguments (**kwargs). Connect a"),
    "built-in class without a signature": (int, "must accept keyword arguments (**kwargs)"),
    "exception": (ValueError, "must accept keyword arguments (**kwargs)"),
    "method without a signature": ({}.pop, "must accept keyword arguments (**kwargs)"),
    "method of an instance of a subclass": (Menu().pop, "must accept keyword arguments (**kwargs)"),
    "unbound method without a signature": (dict.pop, "must accept keyword arguments (**kwargs)"),
    "unbound method of keywords": (unchecked(dict.update), "must accept keyword arguments"),
    "partial of a built-in": (functools.partial(int, base=2), "must accept keyword arguments"),
    "singledispatch": (
        functools.singledispatch(plain),
        "functools.singledispatch needs a positional argument, but receivers are called with",
    ),
    "partial of singledispatch": (
        functools.partial(functools.singledispatch(plain)),
        "singledispatch needs a positional argument",
    ),
    "lru_cache": (functools.lru_cache(lambda sizes, **kwargs: None), "'sizes' is never sent"),
    "lru_cache of a method": (KITCHEN.cached_method_with_typo, "'sizes' is never sent"),
    "mock with a specification": (create_autospec(with_misspelling), "'sizes' is never sent"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_valid_receivers_are_accepted(case: str) -> None:
    receive = ACCEPTED[case]
    signal: Any = Signal[object, PizzaDone]()
    signal.connect(receive, weak=False)
    assert [connection.receiver for connection in signal.receivers] == [receive]
    for payload in (SMALLEST, LARGEST):
        # A list could not be cached.
        [(called, _)] = signal.send(None, **payload | {"toppings": ("ham",)})
        assert called == receive


@pytest.mark.parametrize("case", REFUSED)
def test_receivers_that_fail_for_some_sends_are_refused(case: str) -> None:
    receive, problem = REFUSED[case]
    error = refusal_of(pizza_done, receive)
    assert isinstance(error, ReceiverSignatureError)
    assert isinstance(error, ValueError)
    assert problem in str(error)
    with pytest.raises(TypeError):
        call_with_every_payload(receive)
    assert pizza_done.receivers == []


def without_kwargs(
    sender: object, signal: object, toppings: list[str], size: int, note: str = ""
) -> None: ...


@pytest.mark.parametrize(
    "receive",
    [
        without_kwargs,
        CallableWithoutKwargs(),
        functools.partial(without_kwargs),
        stating(inspect.signature(without_kwargs)),
    ],
)
def test_kwargs_are_required_even_if_every_key_has_a_parameter(
    receive: Callable[..., object],
) -> None:
    error = refusal_of(pizza_done, receive)
    assert isinstance(error, ReceiverSignatureError)
    assert error.problems == (
        "Signal receivers must accept keyword arguments (**kwargs). Add **kwargs",
    )


def test_all_problems_are_named_at_once() -> None:
    def receive(pos: int, /, note: str, oven: str, sizes: int) -> None: ...

    error = refusal_of(pizza_done, receive)
    assert [problem.split(":")[0] for problem in error.problems] == [
        "Signal receivers must accept keyword arguments (**kwargs). Add **kwargs",
        "receivers are called by keyword, so 'pos' cannot be positional-only",
        "'note' is not always sent (it is optional in PizzaDone)",
        "'oven' is never sent (PizzaDone does not declare it)",
        "'sizes' is never sent (PizzaDone does not declare it)",
    ]
    for problem in error.problems:
        assert problem in str(error)


# The verdict and the call, for all forms of signatures


def _signatures() -> list[str]:
    """
    Return every signature of ``sender``, ``note`` (optional), ``oven`` (never sent) in any place.
    """
    kinds = ("absent", "positional-only", "positional", "keyword-only")
    found = []
    for places in itertools.product(kinds, repeat=3):
        for defaults in itertools.product(("", "=0"), repeat=3):
            by_kind: dict[str, list[str]] = {kind: [] for kind in kinds}
            for name, place, default in zip(
                ("sender", "note", "oven"), places, defaults, strict=True
            ):
                by_kind[place].append(name + default)
            for star in ("*args", "*"):
                parts = by_kind["positional-only"] + ["/"] * bool(by_kind["positional-only"])
                parts += by_kind["positional"]
                if star == "*args" or by_kind["keyword-only"]:
                    parts.append(star)
                parts += [*by_kind["keyword-only"], "**kwargs"]
                found.append(", ".join(parts))
    return list(dict.fromkeys(found))


def _make(parameters: str) -> Callable[..., object] | None:
    namespace: dict[str, Any] = {}
    try:
        exec(f"def receive({parameters}): ...", namespace)
    except SyntaxError:  # a parameter without a default follows one with a default
        return None
    made: Callable[..., object] = namespace["receive"]
    return made


class Partial(functools.partial[Any]):
    """
    One that Python does not merge with the next.
    """


_PLACE = getattr(functools, "Placeholder", None)
# The arguments bound by position, from the inside out.
_POSITIONS: list[list[tuple[object, ...]]] = [[], [(1,)], [(1, 2)], [(1,), (2,)]]
if _PLACE is not None:
    _POSITIONS += [
        [(_PLACE, 1)],
        [(_PLACE, 1), (2,)],
        [(_PLACE, _PLACE, 1), (2,)],
        [(_PLACE, 1), (_PLACE, 2)],
    ]


def test_verdict_is_the_result_of_a_call() -> None:
    signal: Any = Signal[object, PizzaDone]()
    verdicts = {True: 0, False: 0}
    for parameters in _signatures():
        function = _make(parameters)
        if function is None:
            continue
        for positions, keywords in itertools.product(
            _POSITIONS, ({}, {"oven": 1}, {"note": 1}, {"sender": 1})
        ):
            receive: Any = function
            for each in positions:
                receive = Partial(receive, *each)
            receive = Partial(receive, **keywords)
            try:
                call_with_every_payload(receive)
            except TypeError:
                can_be_called = False
            else:
                can_be_called = True
            try:
                signal.connect(receive, weak=False)
            except ReceiverSignatureError:
                is_accepted = False
            else:
                is_accepted = True
                signal.disconnect(receive)
            assert is_accepted == can_be_called, (
                f"partial of ({parameters}): {positions} {keywords}"
            )
            verdicts[is_accepted] += 1
    assert min(verdicts.values()) > 500


class TakesHost:
    def __call__(self, host: object, oven: str, size: int, **kwargs: object) -> None: ...


class Bound:
    def method(self, oven: str, size: int, **kwargs: object) -> None: ...

    filled = functools.partialmethod(method, "wood")
    filled_twice: Any = functools.partialmethod(functools.partialmethod(method, "wood"), 30)
    of_object = functools.partialmethod(unchecked(TakesHost()), "wood")


@pytest.mark.parametrize("as_function", [False, True])
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("filled", None),
        ("of_object", None),
        ("filled_twice", "'size' is sent by keyword, but already bound by position"),
    ],
)
def test_partialmethod_is_read_as_it_is_called(
    name: str, problem: str | None, as_function: bool
) -> None:
    receive = functools.partial(getattr(Bound, name), Bound())
    if not as_function:
        receive = getattr(Bound(), name)
    signal: Any = Signal[object, PizzaDone]()
    if problem is None:
        signal.connect(receive, weak=False)
        assert len(signal.send(None, **SMALLEST)) == 1
    else:
        assert problem in str(refusal_of(signal, receive))
        with pytest.raises(TypeError):
            call_with_every_payload(receive)


if _PLACE is not None:

    class Placed:
        def method(self, oven: str, number: int, size: int, **kwargs: object) -> None: ...

        filled = functools.partialmethod(method, _PLACE, 1)

    def with_number(oven: str, number: int, size: int, **kwargs: object) -> None: ...

    @pytest.mark.parametrize(
        "receive",
        [
            functools.partial(with_number, _PLACE, 1),
            functools.partial(with_number, _PLACE, _PLACE, 1),
            functools.partial(functools.partial(with_number, _PLACE, _PLACE, 1), "wood"),
            Partial(Partial(with_number, _PLACE, 1), _PLACE, 2),
            Placed().filled,
            functools.partial(Placed.filled, Placed()),
        ],
    )
    def test_placeholder_that_needs_a_positional_argument_is_refused(receive: Any) -> None:
        error = refusal_of(pizza_done, receive)
        [problem] = error.problems
        assert problem == (
            "functools.Placeholder needs a positional argument, but receivers are called with "
            "keyword arguments: use a value instead, or bind the other arguments by keyword"
        )
        with pytest.raises(TypeError, match="missing positional arguments in 'partial"):
            call_with_every_payload(receive)

    @pytest.mark.parametrize(
        "receive",
        [
            functools.partial(functools.partial(with_number, _PLACE, 1), "wood"),
            Partial(Partial(with_number, _PLACE, 1), "wood"),
            functools.partial(Placed().filled, "wood"),
            functools.partial(Placed.filled, Placed(), "wood"),
        ],
    )
    def test_placeholder_replaced_by_another_partial_is_accepted(receive: Any) -> None:
        signal: Any = Signal[object, PizzaDone]()
        signal.connect(receive, weak=False)
        assert len(signal.send(None, **SMALLEST)) == 1


# What cannot be read, or be known


def test_callables_without_a_signature_are_accepted() -> None:
    with pytest.raises(ValueError, match="no signature found"):
        inspect.signature(dict)
    signal: Any = Signal[object, PizzaDone]()
    signal.connect(dict)
    [(_, response)] = signal.send("me", **SMALLEST)
    assert response == {"signal": signal, "sender": "me", **SMALLEST}


def test_untyped_signal_checks_the_contract() -> None:
    signal: Any = Signal()
    for accepted in (plain, with_misspelling, requires_optional, KITCHEN.method_with_typo):
        signal.connect(accepted, weak=False)
    assert len(signal.receivers) == 4
    for refused in (
        positional_only_sender,
        without_kwargs,
        KITCHEN.method_named_sender,
        unchecked(KITCHEN).method_without_self,
    ):
        assert isinstance(refusal_of(signal, refused), ReceiverSignatureError)
    assert len(signal.receivers) == 4


def test_untyped_signal_refuses_a_class_without_arguments() -> None:
    signal: Any = Signal()
    with pytest.raises(TypeError, match="multiple values for argument 'cls'"):
        unchecked(MadeByBothWithClash)(signal=signal, sender=None, size=1, cls=1)
    refused = refusal_of(signal, MadeByBothWithClash)
    assert refused.problems == (
        "'cls' is required, but also bound by position: rename one of the two",
    )
    signal.connect(MadeByBothWithTypoInInit, weak=False)


Odd = TypedDict("Odd", {"self": int, "cls": int, "args": int, "kwargs": int, "class": int})
ODD: dict[str, Any] = {"self": 1, "cls": 2, "args": 3, "kwargs": 4, "class": 5}


class OddReceivers:
    def of_kwargs(self, **kwargs: object) -> object:
        return None

    def of_rest(self, **rest: object) -> object:
        return None

    def with_slash(self, /, sender: object, **kwargs: object) -> object:
        return kwargs

    def of_args(*args: object, **kwargs: object) -> object:
        return {key: value for key, value in kwargs.items() if key != "sender"}

    @classmethod
    def of_class(cls, **kwargs: object) -> object:
        return None

    def __call__(me, sender: object, **kwargs: object) -> object:  # noqa: N805
        return kwargs


def takes_kwargs(sender: object, **kwargs: object) -> object:
    return kwargs


def takes_parameters(sender: object, args: int, kwargs: int, **rest: object) -> object:
    return {"args": args, "kwargs": kwargs, **rest}


@pytest.mark.parametrize(
    "receive",
    [
        takes_kwargs,
        takes_parameters,
        OddReceivers().with_slash,
        OddReceivers().of_args,
        OddReceivers(),
        passes_through(takes_kwargs),
    ],
)
def test_keys_named_like_pythons_conventions_reach_a_receiver(receive: Any) -> None:
    signal: Any = Signal[object, Odd]()
    signal.connect(receive, weak=False)
    [(_, response)] = signal.send(None, **ODD)
    assert response == {"signal": signal, **ODD}


@pytest.mark.parametrize(
    ("receive", "name"),
    [
        (OddReceivers().of_kwargs, "self"),
        (OddReceivers().of_rest, "self"),
        (OddReceivers.of_class, "cls"),
        (functools.partial(takes_parameters, None, 1), "args"),
    ],
)
def test_already_bound_key_is_refused(receive: Any, name: str) -> None:
    signal: Any = Signal[object, Odd]()
    assert f"{name!r} is sent by keyword, but already bound by position" in str(
        refusal_of(signal, receive)
    )
    with pytest.raises(TypeError, match=r"multiple values|positional argument"):
        receive(signal=signal, sender=None, **ODD)


# Errors


PROBLEMS: dict[str, tuple[Parameters, list[str]]] = {
    "nothing wrong": (Parameters([], ["size"], [], [], var_keyword=True), []),
    "no **kwargs": (Parameters([], [], ["size"], [], var_keyword=False), [NO_KWARGS]),
    "positional": (Parameters(["size"], [], [], [], var_keyword=True), [POSITIONAL_ONLY]),
    "not sent": (Parameters([], ["oven"], [], [], var_keyword=True), [NOT_SENT]),
    "not always sent": (Parameters([], ["note"], [], [], var_keyword=True), [NOT_SENT]),
    "bound": (Parameters([], [], [], ["size", "note", "me"], var_keyword=True), [BOUND_TWICE] * 2),
    "bound wrongly": (
        Parameters([], [], [], [], var_keyword=True, misbound=ADD_SELF),
        [BOUND_TWICE],
    ),
    "all": (
        Parameters(["a"], ["b", "c"], [], ["sender"], var_keyword=False, misbound=ADD_SELF),
        [NO_KWARGS, POSITIONAL_ONLY, NOT_SENT, NOT_SENT, BOUND_TWICE, BOUND_TWICE],
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_problems_have_a_kind_for_the_plugin(case: str) -> None:
    parameters, kinds = PROBLEMS[case]
    assert [problem.kind for problem in find_problems(PAYLOAD, parameters)] == kinds


@pytest.mark.parametrize("case", PROBLEMS)
def test_problem_is_certain_if_all_sends_would_fail(case: str) -> None:
    parameters, _ = PROBLEMS[case]
    with_all_keys = Payload(PAYLOAD.name, PAYLOAD.keys)
    always = [problem.text for problem in find_problems(with_all_keys, parameters)]
    for problem in find_problems(PAYLOAD, parameters):
        assert problem.is_certain is (problem.text in always)


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize(
    ("required", "optional", "left"),
    [
        (["size", "toppings"], ["note"], ""),
        (["size"], ["oven", "toppings", "note"], ""),
        ([], ["size", "toppings"], "'note'"),
        (["size"], [], "'toppings', 'note'"),
    ],
)
def test_receivers_by_position_may_name_all_keys(
    required: list[str], optional: list[str], left: str, is_open: bool
) -> None:
    payload = Payload("PizzaDone", ["toppings", "size"], ["note"], open=is_open)
    parameters = Parameters([], required, optional, ["sender"], var_keyword=False)
    problems = find_problems(payload, parameters, sender_by_position=True)
    expected = [f"it does not accept {left}: add **kwargs"] if left else []
    if is_open and not left:
        expected = ["a send may pass undeclared keys: add **kwargs"]
    assert [problem.text for problem in problems] == expected


def test_contract_error_names_signal_receiver_place_problem_and_fix() -> None:
    line = with_misspelling.__code__.co_firstlineno
    assert str(refusal_of(pizza_done, with_misspelling)) == (
        "tests.test_contract.pizza_done cannot connect tests.test_contract.with_misspelling "
        f"({__file__}:{line}): 'sizes' is never sent (PizzaDone does not declare it): "
        "did you mean 'size'?"
    )


def test_contract_error_has_the_receiver_and_the_problems() -> None:
    error = refusal_of(pizza_done, with_misspelling)
    assert error.receiver is with_misspelling
    assert error.problems == (
        "'sizes' is never sent (PizzaDone does not declare it): did you mean 'size'?",
    )


@pytest.mark.parametrize(
    ("receive", "name", "code_of"),
    [
        (KITCHEN.method_with_typo, "Kitchen.method_with_typo", Kitchen.method_with_typo),
        (
            Kitchen.class_method_with_typo,
            "Kitchen.class_method_with_typo",
            unchecked(Kitchen.class_method_with_typo).__func__,
        ),
        (CallableWithTypo(), "CallableWithTypo object", CallableWithTypo.__call__),
        (MadeByInitWithTypo, "MadeByInitWithTypo", MadeByInitWithTypo.__init__),
        (MadeByNewWithTypo, "MadeByNewWithTypo", MadeByNewWithTypo.__new__),
        (functools.lru_cache(with_misspelling), "with_misspelling", with_misspelling),
        (wraps_itself_with_typo, "wraps_itself_with_typo", wraps_itself_with_typo),
    ],
)
def test_name_and_place_of_a_receiver(receive: Any, name: str, code_of: Any) -> None:
    line = code_of.__code__.co_firstlineno
    shown = f"cannot connect tests.test_contract.{name} ({__file__}:{line}): "
    assert shown in str(refusal_of(pizza_done, receive))


def test_name_and_place_of_a_partial() -> None:
    line = with_misspelling.__code__.co_firstlineno
    shown = f"functools.partial(tests.test_contract.with_misspelling) ({__file__}:{line}): "
    assert shown in str(refusal_of(pizza_done, functools.partial(with_misspelling)))


def test_receiver_without_a_place_has_a_name() -> None:
    assert "cannot connect builtins.print: Signal" in str(refusal_of(pizza_done, print))


def test_key_with_a_parameter_is_not_suggested_for_another_one() -> None:
    def receive(size: int, sizes: int, **kwargs: object) -> None: ...

    assert "did you mean" not in str(refusal_of(pizza_done, receive))


@pytest.mark.parametrize("not_callable", [None, 42, "shop.receive", [plain], ("a", "b")])
def test_objects_that_are_not_callable_are_refused(not_callable: object) -> None:
    error = refusal_of(pizza_done, not_callable)
    assert isinstance(error, ReceiverTypeError)
    assert isinstance(error, TypeError)
    assert error.receiver is not_callable
    assert "Signal receivers must be callable. Pass the function itself" in str(error)


class Slotted:
    __slots__ = ()

    def method(self, **kwargs: object) -> None: ...

    def __call__(self, **kwargs: object) -> None: ...


@pytest.mark.parametrize("receive", [Slotted(), Slotted().method])
def test_receivers_without_weak_references_need_weak_false(receive: Callable[..., object]) -> None:
    signal: Any = Signal[object, PizzaDone]()
    error = refusal_of(signal, receive)
    assert isinstance(error, ReceiverTypeError)
    assert "Slotted objects cannot be weakly referenced: pass weak=False" in str(error)
    assert signal.receivers == []
    signal.connect(receive, weak=False)
    assert signal.send(None, **SMALLEST) == [(receive, None)]


def test_every_error_of_connect_is_a_signal_error() -> None:
    assert issubclass(ContractError, SignalError)
    assert issubclass(DeclarationError, SignalError)


# All or nothing


def test_refused_connect_leaves_nothing_behind() -> None:
    signal: Any = Signal[object, PizzaDone]()
    sender = Kitchen()
    for refused in (with_misspelling, 42, Slotted()):
        refusal_of(signal, refused, sender=sender, dispatch_uid="uid")
    assert signal.receivers == []
    assert not signal.has_listeners(sender)
    assert not signal.disconnect(dispatch_uid="uid", sender=sender)
    signal.connect(plain, sender=sender, dispatch_uid="uid")
    assert [connection.receiver for connection in signal.receivers] == [plain]


@pytest.mark.parametrize("sequence", [list, tuple])
def test_receiver_refused_by_one_signal_is_connected_to_no_signal(
    sequence: type[Any],
) -> None:
    first: Any = Signal()
    second: Any = Signal[object, PizzaDone]()
    with pytest.raises(ReceiverSignatureError):
        receiver(sequence([first, second]))(with_misspelling)
    assert first.receivers == []
    assert second.receivers == []
    assert receiver(sequence([first, second]))(plain) is plain
    assert len(first.receivers) == len(second.receivers) == 1


def test_receiver_that_cannot_be_weakly_referenced_is_connected_to_no_signal() -> None:
    third_party, ours = Mock(), Signal[object, PizzaDone]()
    slotted = Slotted()
    with pytest.raises(ReceiverTypeError, match="Slotted objects cannot be weakly referenced"):
        receiver([third_party, ours])(slotted)
    third_party.connect.assert_not_called()
    assert ours.receivers == []
    receiver([third_party, ours], weak=False)(slotted)
    third_party.connect.assert_called_once_with(slotted, weak=False)
    assert len(ours.receivers) == 1


def test_receiver_is_checked_even_if_its_dispatch_uid_is_connected() -> None:
    def right(**kwargs: object) -> None: ...

    def wrong(sise: object, **kwargs: object) -> None: ...

    signal: Any = Signal[object, PizzaDone]()
    signal.connect(right, dispatch_uid="kitchen")
    refusal = refusal_of(signal, wrong, dispatch_uid="kitchen")
    assert refusal.problems == (
        "'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?",
    )
    signal.connect(right, dispatch_uid="kitchen")
    assert [connection.receiver for connection in signal.receivers] == [right]


SHAPES: dict[str, Callable[..., Any]] = {
    "keywords": lambda sender, size, **kwargs: None,
    "defaults": lambda sender, size=1, sizes=2, **kwargs: None,
    "keyword-only": lambda sender, *, size, sizes=2, oven, **kwargs: None,
    "positional-only": lambda one, two, /, size, **kwargs: None,
    "positional-only with defaults": lambda one, two=2, /, size=3, **kwargs: None,
    "any": lambda *args, **kwargs: None,
    "any after some": lambda size, *args, sizes, **kwargs: None,
    "no keywords": lambda sender, size: None,
    "nothing": lambda: None,
}
FILLED: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda function: function,
    "method": lambda function: MethodType(function, KITCHEN),
    "one": lambda function: functools.partial(function, 1),
    "two and a keyword": lambda function: functools.partial(function, 1, 2, size=3),
    "three": lambda function: functools.partial(function, 1, 2, 3),
    "keywords": lambda function: functools.partial(function, size=1, oven=2),
}


@pytest.mark.parametrize("fill", FILLED.values(), ids=FILLED)
@pytest.mark.parametrize("function", SHAPES.values(), ids=SHAPES)
def test_function_is_read_from_its_code_as_from_its_signature(
    function: Callable[..., Any], fill: Callable[[Any], Any]
) -> None:
    payload = from_typed_dict(PizzaDone)
    filled, stated = fill(function), fill(stating(inspect.signature(function)))
    texts = [problem.text for problem in problems_of(filled, payload)]
    assert texts == [problem.text for problem in problems_of(stated, payload)]
    assert not (texts and clearly_fits(filled, payload))


def test_function_may_have_more_defaults_than_parameters() -> None:
    def receive(size: int = 1, **kwargs: object) -> None:
        sizes = size  # noqa: F841 - a name that is not a parameter

    receive.__defaults__ = (1, 2, 3)
    Signal[object, PizzaDone]().connect(receive)


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))],  # noqa: S301 - ours
)
def test_error_reaches_another_process(copied: Callable[[Any], Any]) -> None:
    signal = Signal[object, PizzaDone]()
    for wrong in (unchecked(lambda siz, **kwargs: None), unchecked(5)):
        error = refusal_of(signal, wrong)
        assert error is not None
        error.add_note("in a worker")
        other = copied(error)
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert other.problems == error.problems
        assert other.receiver is None
        assert other.__notes__ == error.__notes__
