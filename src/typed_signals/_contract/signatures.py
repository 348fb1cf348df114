"""
The parameters of a callable, read from the object at run time.
"""

from __future__ import annotations

import functools
import sys
from functools import partial, partialmethod
from types import FunctionType, MethodType, ModuleType, WrapperDescriptorType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typed_signals._shared.callables import MOST_LAYERS, signature_of, without_partials

from .rules import (
    ADD_CLS,
    ADD_SELF,
    BIND_FEWER,
    BIND_ONCE,
    OF_PLACEHOLDER,
    OF_SINGLEDISPATCH,
    Parameters,
    find_problems,
    fits,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from inspect import Signature
    from types import CodeType

    from typed_signals._declare.payload import Payload

    from .rules import Problem

# Of inspect, which takes long to import.
_CO_VARARGS: Final = 0x04
_CO_VARKEYWORDS: Final = 0x08

_PARTIALMETHOD: Final = "__partialmethod__" if sys.version_info >= (3, 13) else "_partialmethod"

_NAMES_OF_SENDS: Final = frozenset({"asend", "asend_robust", "send", "send_robust"})

# The only built-ins without a signature that accept any keyword argument.
_OF_KEYWORDS: Final = frozenset({"dict", "format", "frozendict", "update"})

# It passes all arguments on.
_CACHE: Final = type(functools.cache(len))

# No argument before Python 3.14.
_PLACEHOLDER: Final = getattr(functools, "Placeholder", object())


def clearly_fits(receiver: object, payload: Payload) -> bool:
    """
    Return whether *receiver* is a plain function or method that fits *payload*.

    Most receivers are. This is a fast check that never accepts a receiver with problems.
    """
    is_method = type(receiver) is MethodType
    function = receiver.__func__ if is_method else receiver  # type: ignore[attr-defined]
    if type(function) is not FunctionType:
        return False
    code = function.__code__
    if not code.co_flags & _CO_VARKEYWORDS or code.co_posonlyargcount:
        return False
    if hasattr(function, "__wrapped__") or hasattr(function, "__signature__"):
        return False
    required = _required_of(function, code, is_method)
    if not is_method:
        return fits(payload, required)
    return code.co_argcount > 0 and fits(payload, required, code.co_varnames[:1])


def problems_of(receiver: object, payload: Payload) -> list[Problem]:
    """
    Return why *receiver* does not accept every send of *payload*, without duplicates.
    """
    readings = list(read_parameters(receiver))
    problems: dict[str, Problem] = {}
    for parameters, in_wrapped in readings:
        # A wrapped function may get other arguments than those that its wrapper gets.
        bound = {
            name
            for other, is_inner in readings
            if in_wrapped or not is_inner
            for name in other.bound
        }
        for problem in find_problems(payload, parameters, bound=bound):
            problem.in_wrapped = in_wrapped
            if not (in_wrapped and problem.text in problems):
                problems[problem.text] = problem
    return list(problems.values())


def send_in(receiver: Any) -> str | None:
    """
    Return the name of the send method of a signal if *receiver* calls one, None if it does not.
    """
    receiver = without_partials(receiver)
    if type(receiver) is not MethodType or receiver.__name__ not in _NAMES_OF_SENDS:
        return None
    is_signal = all(hasattr(receiver.__self__, name) for name in ("connect", "disconnect"))
    return receiver.__name__ if is_signal else None


def read_parameters(receiver: object) -> Iterator[tuple[Parameters, bool]]:
    """
    Yield the parameters of each callable that a call of *receiver* calls, and whether they are only
    known from ``__wrapped__``.

    This is one for a function or method, ``__new__`` and ``__init__`` for a class, and the wrapper
    and the wrapped function for a wrapper that accepts ``*args, **kwargs``: what it passes on is
    not known. Nothing is yielded for objects without a signature, like most built-in classes.
    """
    return _read(_Call(receiver), MOST_LAYERS)


class _Call(NamedTuple):
    """
    A callable, and the arguments that it already has.
    """

    callee: Any
    bound: int = 0
    """The number of positional arguments."""

    preset: frozenset[str] = frozenset()
    """The names of keyword arguments."""

    has_placeholder: bool = False
    """Whether one of the arguments still has to be passed by position."""

    in_wrapped: bool = False
    """Whether it is only known from ``__wrapped__``."""

    add_first: str = ""
    """For a method, how to add the parameter for the first bound argument."""

    def misbound(self, left: int, filled: Sequence[str]) -> str:
        """
        Return how to fix the bound arguments; empty if they match.

        Args:
            left: how many of the positional ones match no parameter.
            filled: the names of parameters that the others are bound to.
        """
        if left:
            return self.add_first if self.add_first and left == self.bound else BIND_FEWER
        return "" if self.preset.isdisjoint(filled) else BIND_ONCE


def _read(call: _Call, layers: int) -> Iterator[tuple[Parameters, bool]]:
    """
    Yield what :func:`read_parameters` yields, for a callable that already has arguments.
    """
    call, is_stated = _followed(call)
    callee = call.callee
    if not (call.bound or is_stated) and _is_singledispatch(callee):
        parameters = Parameters([], [], [], [], var_keyword=True, needs_position=OF_SINGLEDISPATCH)
        yield parameters, call.in_wrapped
        return
    readings = list(_called_parameters(call, layers, is_stated=is_stated))
    passes_on = not readings or (len(readings) == 1 and readings[0][0].pass_through)
    is_wrapper = passes_on and not is_stated and not issubclass(type(callee), type)
    if is_wrapper and layers and callable(wrapped := _wrapped_by(callee)):
        yield from _read(call._replace(callee=wrapped, in_wrapped=True), layers - 1)
    yield from readings


def _followed(call: _Call) -> tuple[_Call, bool]:
    """
    Return the call that a partial or a method makes, and whether its callee states its signature.

    Types are compared, not classes: a proxy or a mock only claims to be a function.
    """
    for _ in range(MOST_LAYERS):
        callee, bound = call.callee, call.bound
        first = 0
        if type(callee) is FunctionType and bound and hasattr(callee, _PARTIALMETHOD):
            # Accessed on the class: the first argument is the instance, and is passed on.
            callee, first = getattr(callee, _PARTIALMETHOD), 1
        kind = type(callee)
        if (is_stated := _states_signature(callee)) or kind is FunctionType:
            return call, is_stated
        if issubclass(kind, (partial, partialmethod)):
            # Arguments bound by outer partials replace placeholders first (since Python 3.14).
            places = sum(argument is _PLACEHOLDER for argument in callee.args)
            call = call._replace(
                callee=callee.func,
                bound=first + len(callee.args) + max(bound - first - places, 0),
                preset=call.preset.union(callee.keywords),
                has_placeholder=call.has_placeholder or places > bound - first,
            )
        elif kind is MethodType:
            add_first = ADD_CLS if issubclass(type(callee.__self__), type) else ADD_SELF
            call = call._replace(callee=callee.__func__, bound=bound + 1, add_first=add_first)
        elif issubclass(kind, staticmethod) or kind is _CACHE:
            call = call._replace(callee=callee.__wrapped__)
        else:
            return call, False
    raise RecursionError("it contains itself")


def _called_parameters(
    call: _Call, layers: int, *, is_stated: bool
) -> Iterator[tuple[Parameters, bool]]:
    """
    Yield the parameters of a callee, whatever it may wrap.
    """
    if not is_stated and (callees := _called_by(call.callee)):
        for callee, more in callees:
            yield from _read(call._replace(callee=callee, bound=call.bound + more), layers)
    elif (parameters := _parameters_of(call, is_stated=is_stated)) is not None:
        if call.has_placeholder:
            parameters.needs_position = OF_PLACEHOLDER
        yield parameters, call.in_wrapped


def _stored(receiver: Any, name: str) -> Any:
    """
    Return the attribute *name* of *receiver* or of its class, None if there is none.

    Attributes that a proxy passes on from another object are ignored.
    """
    if type(receiver) is FunctionType:
        return vars(receiver).get(name)
    from inspect import getattr_static  # imported when the first such receiver is connected

    if (stored := getattr_static(receiver, name, None)) is None:
        return None
    # Only a descriptor in the class can pass on an attribute.
    is_computed = isinstance(getattr_static(type(stored), "__get__", None), FunctionType)
    if is_computed and getattr_static(type(receiver), name, None) is stored:
        return None
    return getattr(receiver, name, None)


def _wrapped_by(receiver: Any) -> Any:
    """
    Return the function that *receiver* wraps, None if it is not known.
    """
    wrapped = _stored(receiver, "__wrapped__")
    if wrapped is None and (claimed := _claimed_class(receiver)) is not type(receiver):
        # A proxy of a wrapper, like a Celery task that is created when it is first used. The
        # method is that of a base class.
        call = getattr(claimed, "__call__", None)
        if type(call) is FunctionType and _parameters_of_function(_Call(call, 1)).pass_through:
            return getattr(receiver, "__wrapped__", None)
    return wrapped


def _states_signature(receiver: Any) -> bool:
    """
    Return whether *receiver* has a ``__signature__`` that is not a copy of that of the function
    which it wraps. ``functools.wraps`` makes such copies.
    """
    stated = _stored(receiver, "__signature__")
    if stated is None:
        return False
    return stated is not getattr(_stored(receiver, "__wrapped__"), "__signature__", None)


def _called_by(receiver: Any) -> list[tuple[Any, int]]:
    """
    Return the functions that a call of *receiver* calls with its arguments, each with the number of
    arguments before these; none if its own signature is read.
    """
    kind = type(receiver)
    if issubclass(kind, type):
        return [(maker, 1) for maker in _makers(receiver)]
    if kind is FunctionType:
        return []
    from inspect import getattr_static

    call = getattr_static(kind, "__call__", None)
    if not isinstance(call, (FunctionType, classmethod, staticmethod)):
        return []
    return [(call.__get__(receiver, kind), 0)]


def _claimed_class(receiver: Any) -> type:
    """
    Return the ``__class__`` of *receiver*: that of another object for a proxy or a mock.
    """
    try:
        claimed: type = receiver.__class__
    except Exception:  # noqa: BLE001 - raised by user code, as by a proxy without an object
        return type(receiver)
    return claimed


def _is_native(receiver: Any) -> bool:
    """
    Return whether *receiver* is a class or a built-in, not an object that is like another one.
    """
    from inspect import getattr_static

    call = getattr_static(type(receiver), "__call__", None)
    return type(call) is WrapperDescriptorType and _claimed_class(receiver) is type(receiver)


def _makers(cls: type) -> list[FunctionType]:
    """
    Return the functions that get the arguments of a call of *cls*.
    """
    if isinstance(call := getattr(type(cls), "__call__", None), FunctionType):
        return [call]  # a metaclass decides
    makers = (getattr(cls, name) for name in ("__new__", "__init__"))
    return [maker for maker in makers if isinstance(maker, FunctionType)]


def _parameters_of(call: _Call, *, is_stated: bool) -> Parameters | None:
    """
    Return the unbound parameters of a function, or of an object with a signature; None without one.
    """
    receiver = call.callee
    if type(receiver) is FunctionType and not is_stated:
        return _parameters_of_function(call)
    if not (is_stated or _is_native(receiver)):
        return None
    try:
        parameters = _parameters_in(signature_of(receiver, follow_wrapped=False), call)
    except (TypeError, ValueError):
        if is_stated or not _takes_no_keywords(receiver):
            return None
        parameters = Parameters([], [], [], [], var_keyword=False)
    parameters.is_builtin = not is_stated and _is_written_in_c(receiver)
    return parameters


def _is_written_in_c(receiver: Any) -> bool:
    """
    Return whether *receiver*, which is native, is not a class of Python without a constructor.
    """
    if not isinstance(receiver, type):
        return True
    return not vars(receiver).keys().isdisjoint(("__new__", "__init__"))


def _takes_no_keywords(receiver: Any) -> bool:
    """
    Return whether *receiver*, which has no signature, is a built-in of Python that does not accept
    all keyword arguments.
    """
    if isinstance(receiver, type):
        return receiver.__module__ == "builtins" and receiver.__name__ not in _OF_KEYWORDS
    name = getattr(receiver, "__name__", "")
    owner: Any = getattr(receiver, "__self__", None)
    if isinstance(owner, ModuleType):
        return owner.__name__ == "builtins"
    # Of the class that defines it, for a method of an object of a subclass.
    method = getattr(type(owner), name, receiver)
    of_builtin = getattr(getattr(method, "__objclass__", None), "__module__", "") == "builtins"
    return of_builtin and (owner is None or name not in _OF_KEYWORDS)


def _is_singledispatch(receiver: Any) -> bool:
    """
    Return whether ``functools`` made *receiver* by ``singledispatch`` or ``singledispatchmethod``.
    """
    if type(receiver) is FunctionType:
        is_made_there = receiver.__globals__ is vars(functools)
    else:
        is_made_there = type(receiver).__module__ == "functools"
    return is_made_there and hasattr(receiver, "register")


def _required_of(function: FunctionType, code: CodeType, bound: int) -> tuple[str, ...]:
    """
    Return the parameters without a default that follow those *bound* by position.
    """
    end = positional = code.co_argcount
    if (defaults := function.__defaults__) is not None:
        end = max(positional - len(defaults), 0)
    required = code.co_varnames[bound:end]
    if code.co_kwonlyargcount:
        keywords = code.co_varnames[positional : positional + code.co_kwonlyargcount]
        given = function.__kwdefaults__ or ()
        required += tuple([name for name in keywords if name not in given])
    return required


def _parameters_of_function(call: _Call) -> Parameters:
    """
    Return the unbound parameters of a function, without evaluating its annotations.
    """
    function, bound, preset = call.callee, call.bound, call.preset
    code = function.__code__
    positional, unnamed = code.co_argcount, code.co_posonlyargcount
    names = code.co_varnames[: positional + code.co_kwonlyargcount]
    bound_here = min(bound, positional)
    required = _required_of(function, code, bound_here)
    filled = names[unnamed:bound_here]
    left = names[max(bound_here, unnamed) :]
    unmatched = 0 if code.co_flags & _CO_VARARGS else bound - bound_here
    return Parameters(
        [name for name in names[bound_here:unnamed] if name in required],
        [name for name in left if name in required and name not in preset],
        [name for name in left if name not in required or name in preset],
        filled,
        var_keyword=bool(code.co_flags & _CO_VARKEYWORDS),
        misbound=call.misbound(unmatched, filled),
    )


def _parameters_in(signature: Signature, call: _Call) -> Parameters:
    """
    Return the unbound parameters of *signature*, which is that of a callee.
    """
    bound, preset = call.bound, call.preset
    positional_only: list[str] = []
    required: list[str] = []
    optional: list[str] = []
    filled: list[str] = []
    var_keyword = False
    for parameter in signature.parameters.values():
        name, has_default = parameter.name, parameter.default is not parameter.empty
        match parameter.kind:
            case parameter.VAR_KEYWORD:
                var_keyword = True
            case parameter.VAR_POSITIONAL:
                bound = 0
            case parameter.POSITIONAL_ONLY if bound:
                bound -= 1
            case parameter.POSITIONAL_ONLY:
                if not has_default:
                    positional_only.append(name)
            case parameter.POSITIONAL_OR_KEYWORD if bound:
                bound -= 1
                filled.append(name)
            case _:
                (optional if has_default or name in preset else required).append(name)
    return Parameters(
        positional_only,
        required,
        optional,
        filled,
        var_keyword=var_keyword,
        misbound=call.misbound(bound, filled),
    )
