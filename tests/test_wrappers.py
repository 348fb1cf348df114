"""
Receivers that wrap a function: it may get other arguments than its wrapper.

``connect`` warns about a wrapped function that does not accept every send, and connects.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from typing import TYPE_CHECKING, Any, Self
from unittest import mock

import pytest
from asgiref.sync import sync_to_async

from tests.support import SMALLEST, PizzaDone, call_in_plugin, refusal_of, unchecked
from typed_signals import Signal, receiver, with_signature
from typed_signals.exceptions import ContractWarning, ReceiverSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def signal() -> Any:
    """
    Return a signal without receivers.
    """
    return Signal[object, PizzaDone]()


def warnings_of(call: Callable[[], object]) -> list[warnings.WarningMessage]:
    """
    Return the warnings that *call* issues.
    """
    with warnings.catch_warnings(record=True) as issued:
        warnings.simplefilter("always")
        call()
    return issued


def right(sender: object, size: int, **kwargs: object) -> int:
    return size


def misspelt(sender: object, sizes: int, **kwargs: object) -> int:
    return sizes


def without_kwargs(sender: object, size: int) -> int:
    return size


# Decorators: they pass on what they get.


def passing(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: object, **kwargs: object) -> object:
        return function(*args, **kwargs)

    return wrapper


class Passing:
    """
    A decorator class; it also decorates methods.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self.function(*args, **kwargs)

    def __get__(self, instance: object, _owner: object) -> object:
        return functools.partial(self, instance)


class PassingToMethod:
    """
    Its ``__call__`` is decorated.
    """

    @passing
    def __call__(self, sender: object, sizes: int, **kwargs: object) -> int:
        return sizes


class Kitchen:
    @passing
    def misspelt(self, sender: object, sizes: int, **kwargs: object) -> int:
        return sizes

    @Passing
    def misspelt_too(self, sender: object, sizes: int, **kwargs: object) -> int:
        return sizes


class Task:
    """
    A task like Celery's, which wraps the function as its ``run``.
    """

    __wrapped__ = staticmethod(misspelt)

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self.__wrapped__(*unchecked(args), **unchecked(kwargs))


class PassingInABase(Passing):
    """
    Like the class that Celery creates for each task.
    """


class Proxy:
    """
    A proxy like Celery's, of a task that is created when it is first used.
    """

    def __init__(self, proxied: object) -> None:
        self._proxied = proxied

    @property  # type: ignore[misc]  # object has no setter
    def __class__(self) -> type:
        return type(self._proxied)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._proxied, name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        return unchecked(self._proxied)(*args, **kwargs)


KITCHEN = Kitchen()

MAKERS: dict[str, Callable[[Any], Any]] = {
    "wraps": passing,
    "wraps twice": lambda function: passing(passing(function)),
    "decorator class": Passing,
    "decorator class around itself": lambda function: Passing(Passing(function)),
    "partial of a wrapper": lambda function: functools.partial(passing(function)),
    "sync_to_async": sync_to_async,
    "patch": mock.patch(f"{__name__}.KITCHEN", None),
    "patch.dict": mock.patch.dict({}, clear=True),
}


@pytest.mark.parametrize("name", MAKERS)
def test_wrapped_function_that_accepts_every_send_is_accepted(signal: Any, name: str) -> None:
    receive = MAKERS[name](right)
    signal.connect(receive)
    assert signal.send(None, **SMALLEST) == [(receive, 30)]


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (misspelt, "'sizes' is never sent (PizzaDone does not declare it): did you mean 'size'?"),
        (without_kwargs, "must accept keyword arguments (**kwargs). Add **kwargs."),
    ],
)
def test_wrapped_function_that_may_fail_is_connected_with_a_warning(
    signal: Any, name: str, function: Callable[..., object], problem: str
) -> None:
    receive = MAKERS[name](function)
    [warning] = warnings_of(lambda: signal.connect(receive))
    assert warning.category is ContractWarning
    assert f"may be unable to call {'functools.partial(' * (name == 'partial of a wrapper')}" in (
        str(warning.message)
    )
    assert problem in str(warning.message)
    assert f"{function.__name__}" in str(warning.message)
    assert f"({__file__}:{function.__code__.co_firstlineno}): " in str(warning.message)
    assert [connection.receiver for connection in signal.connections] == [receive]


@pytest.mark.parametrize(
    "receive",
    [
        KITCHEN.misspelt,
        KITCHEN.misspelt_too,
        PassingToMethod(),
        Task(),
        Proxy(Task()),
        Proxy(Passing(misspelt)),
        Proxy(PassingInABase(misspelt)),
    ],
)
def test_methods_and_wrapper_objects_are_connected_with_a_warning(
    signal: Any, receive: Callable[..., object]
) -> None:
    [warning] = warnings_of(lambda: signal.connect(receive, weak=False))
    assert "'sizes' is never sent" in str(warning.message)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'sizes'"):
        signal.send(None, **SMALLEST)


# Decorators that fill arguments


def filling(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: object, **kwargs: object) -> object:
        return function(*args, sizes=7, **kwargs)

    return wrapper


def filling_first(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: object, **kwargs: object) -> object:
        return function("oven", *args, **kwargs)

    return wrapper


def with_oven(oven: str, /, sender: object, size: int, **kwargs: object) -> int:
    return size


def stating_other_parameters(function: Any) -> Any:
    function.__signature__ = inspect.signature(lambda oven, sender, **kwargs: None)
    return function


FILLED: dict[str, tuple[Callable[[], Any], int]] = {
    "by keyword": (lambda: filling(misspelt), 7),
    "by position": (lambda: filling_first(with_oven), 30),
    "around a decorator": (lambda: passing(filling(misspelt)), 7),
    "around a partial": (lambda: filling(functools.partial(misspelt)), 7),
    "in a decorator": (lambda: filling(passing(misspelt)), 7),
    # functools.wraps copies the signature to the wrapper.
    "around a stated signature": (lambda: filling_first(stating_other_parameters(with_oven)), 30),
    "around one in an object": (lambda: Passing(filling_first(with_oven)), 30),
}


@pytest.mark.parametrize("case", FILLED)
def test_decorator_that_fills_arguments_is_connected_with_a_warning(signal: Any, case: str) -> None:
    make, response = FILLED[case]
    receive = make()
    [warning] = warnings_of(lambda: signal.connect(receive))
    assert warning.category is ContractWarning
    assert signal.send(None, **SMALLEST) == [(receive, response)]


@pytest.mark.parametrize("case", FILLED)
def test_stating_the_signature_ends_the_warning(signal: Any, case: str) -> None:
    make, response = FILLED[case]
    receive = with_signature(lambda sender, **kwargs: None)(make())
    signal.connect(receive)
    assert signal.send(None, **SMALLEST) == [(receive, response)]


def test_signature_can_be_stated_in_a_stack_of_decorators(signal: Any) -> None:
    @receiver(signal)
    @with_signature(lambda sender, **kwargs: None)
    @filling
    def log(sender: object, sizes: int, **kwargs: object) -> int:
        return sizes

    assert signal.send(None, **SMALLEST) == [(log, 7)]


def test_signature_of_a_method_can_be_stated_in_its_class(signal: Any) -> None:
    class Oven:
        @filling
        def log(self, sender: object, sizes: int, **kwargs: object) -> int:
            return sizes

        @with_signature(lambda self, sender, **kwargs: None)
        @filling
        def stated(self, sender: object, sizes: int, **kwargs: object) -> int:
            return sizes

    oven = Oven()
    [warning] = warnings_of(lambda: signal.connect(oven.log))
    assert str(warning.message).endswith(
        "If a decorator passes other arguments to it, write "
        "@typed_signals.with_signature(lambda self, sender, **kwargs: None) above that decorator"
    )
    signal.connect(oven.stated)
    assert [response for _, response in signal.send(None, **SMALLEST)] == [7, 7]


@pytest.mark.parametrize("make", [lambda: functools.partial(filling(misspelt)), Task, Passing])
def test_signature_of_an_object_can_be_stated(signal: Any, make: Callable[..., Any]) -> None:
    receive = make(filling(misspelt)) if make is Passing else make()
    signal.connect(with_signature(lambda sender, **kwargs: None)(receive))
    assert signal.connections[0].receiver is receive


def test_stated_signature_is_checked(signal: Any) -> None:
    receive = with_signature(lambda sender, sise, **kwargs: None)(filling(misspelt))
    assert isinstance(refusal_of(signal, receive), ReceiverSignatureError)
    assert signal.connections == []


def test_stated_signature_is_that_of_inspect() -> None:
    receive = with_signature(lambda sender, **kwargs: None)(filling(misspelt))
    assert list(inspect.signature(receive).parameters) == ["sender", "kwargs"]


@pytest.mark.parametrize("wrong", [1, "sender", None])
def test_signature_is_stated_by_a_callable(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"with_signature\(\) takes a callable") as refused:
        with_signature(wrong)
    assert "write @with_signature(lambda sender, **kwargs: None)" in str(refused.value)


def test_signature_of_a_bound_method_cannot_be_stated() -> None:
    with pytest.raises(TypeError, match=r"cannot change .*Kitchen.misspelt: connect a function"):
        with_signature(lambda **kwargs: None)(KITCHEN.misspelt)


def test_signature_of_a_proxy_is_not_that_of_the_function_behind_it(signal: Any) -> None:
    class Proxy:
        def __init__(self, function: Any) -> None:
            object.__setattr__(self, "__wrapped__", function)

        def __setattr__(self, name: str, value: object) -> None:
            setattr(self.__wrapped__, name, value)  # type: ignore[attr-defined]  # see __init__

        def __call__(self, *args: Any, **kwargs: Any) -> None: ...

    proxy = with_signature(lambda sender, **kwargs: None)(Proxy(misspelt))
    assert "__signature__" not in vars(misspelt)
    signal.connect(proxy)
    assert isinstance(refusal_of(signal, misspelt), ReceiverSignatureError)


def test_signature_of_a_class_of_python_cannot_be_stated() -> None:
    with pytest.raises(TypeError, match=r"cannot change builtins\.int: connect a function"):
        with_signature(lambda **kwargs: None)(int)


def test_wrong_stated_signature_changes_nothing_in_mypy() -> None:
    assert call_in_plugin(lambda: with_signature(unchecked(1))(right)) is right
    assert not hasattr(right, "__signature__")
    call_in_plugin(lambda: with_signature(right)(KITCHEN.misspelt))


# What is known from the receiver itself


def adapting(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(sender: object, sizes: int, **kwargs: object) -> object:
        return function(sender=sender, size=sizes, **kwargs)

    return wrapper


def test_wrapper_with_its_own_parameters_is_refused(signal: Any) -> None:
    assert "'sizes' is never sent" in str(refusal_of(signal, adapting(right)))


class OnlyPositional(Passing):
    def __call__(self, *args: object) -> object:  # type: ignore[override]
        return self.function(*args)


def test_wrapper_object_without_kwargs_is_refused(signal: Any) -> None:
    assert "must accept keyword arguments" in str(refusal_of(signal, OnlyPositional(right)))


def test_refusal_does_not_mention_what_may_be_wrong(signal: Any) -> None:
    class Both:
        def __init__(self, size: int, sizes: int, **kwargs: object) -> None: ...

        @passing
        def __new__(cls, oven: int, **kwargs: object) -> Any:
            return object.__new__(cls)

    error = refusal_of(signal, Both)
    assert "'sizes' is never sent" in str(error)
    assert "oven" not in str(error)


# The warning


def test_warning_names_the_signal_the_function_and_the_line(signal: Any) -> None:
    [warning] = warnings_of(lambda: signal.connect(passing(misspelt)))
    line = test_warning_names_the_signal_the_function_and_the_line.__code__.co_firstlineno + 1
    assert (warning.filename, warning.lineno) == (__file__, line)
    defined = f"{__file__}:{misspelt.__code__.co_firstlineno}"
    assert str(warning.message) == (
        f"{signal._declaration.name_of(signal)} may be unable to call {__name__}.misspelt "
        f"({defined}): 'sizes' is never sent (PizzaDone does not declare it): "
        "did you mean 'size'? If a decorator passes other arguments to it, write "
        "@typed_signals.with_signature(lambda sender, **kwargs: None) above that decorator"
    )


def test_warning_of_a_decorator_is_for_its_line(signal: Any) -> None:
    def decorate() -> None:
        @receiver(signal)
        @passing
        def log(sizes: int, **kwargs: object) -> None: ...

    [warning] = warnings_of(decorate)
    line = decorate.__code__.co_firstlineno + 1
    assert (warning.filename, warning.lineno) == (__file__, line)


def connect_in_block(signal: Any) -> None:
    with signal.connected(passing(misspelt)):
        assert len(signal.connections) == 1


CALLS: dict[str, Callable[[Any, Any], object]] = {
    "connect": lambda signal, _: signal.connect(passing(misspelt), weak=False),
    "receiver": lambda signal, _: receiver(signal, weak=False)(passing(misspelt)),
    "connected": lambda signal, _: connect_in_block(signal),
    "list": lambda signal, plain: receiver([signal, plain], weak=False)(passing(misspelt)),
    "tuple": lambda signal, plain: receiver((plain, signal), weak=False)(passing(misspelt)),
}


@pytest.mark.parametrize("call", CALLS)
def test_one_connect_warns_once(signal: Any, call: str) -> None:
    assert len(warnings_of(lambda: CALLS[call](signal, Signal()))) == 1


def test_each_signal_of_a_list_warns(signal: Any) -> None:
    other = Signal[object, PizzaDone]()
    issued = warnings_of(lambda: receiver([signal, other])(passing(misspelt)))
    assert len(issued) == 2


@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_connected_if_the_warning_is_an_error(signal: Any, call: str) -> None:
    others: Any = Signal()
    with pytest.raises(ContractWarning):
        CALLS[call](signal, others)
    assert signal.connections == others.connections == []


def test_receiver_that_connects_another_one_has_its_own_warning(signal: Any) -> None:
    class Connecting(Signal[Any, Any]):
        def connect(self, *args: Any, **kwargs: Any) -> None:
            super().connect(*args, **kwargs)
            signal.connect(passing(without_kwargs), weak=False)

    connecting: Any = Connecting()
    issued = warnings_of(lambda: receiver([connecting, signal])(passing(misspelt)))
    assert ["without_kwargs" in str(each.message) for each in issued] == [False, True]


def test_warning_is_not_issued_in_mypy(signal: Any) -> None:
    receive = passing(misspelt)
    call_in_plugin(signal.connect, receive)
    assert len(signal.connections) == 1


class MadeTwice:
    def __new__(cls, sise: int, **kwargs: object) -> Self:
        return object.__new__(cls)

    @passing
    def __init__(self, sise: int, **kwargs: object) -> None: ...


def test_certain_problem_is_not_doubted_for_a_wrapper_with_the_same_one(signal: Any) -> None:
    error = refusal_of(signal, MadeTwice)
    assert isinstance(error, ReceiverSignatureError)
    assert len(error.problems) == 1
