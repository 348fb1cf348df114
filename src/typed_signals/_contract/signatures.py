"""
The parameters of a callable, read from the object at run time.
"""

from __future__ import annotations

import functools
import sys
from functools import partial, partialmethod
from types import FunctionType, MethodType, WrapperDescriptorType
from typing import TYPE_CHECKING, Any, Final

from typed_signals._shared.callables import MOST_LAYERS, signature_of

from .rules import Parameters, find_problems, fits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from inspect import Signature
    from types import CodeType

    from typed_signals._declare.payload import Payload

    from .rules import Problem

# Of inspect, which takes long to import.
_CO_VARARGS: Final = 0x04
_CO_VARKEYWORDS: Final = 0x08

_PARTIALMETHOD: Final = "__partialmethod__" if sys.version_info >= (3, 13) else "_partialmethod"

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


def read_parameters(receiver: object) -> Iterator[tuple[Parameters, bool]]:
    """
    Yield the parameters of each callable that a call of *receiver* calls, and whether they are only
    known from ``__wrapped__``.

    This is one for a function or method, ``__new__`` and ``__init__`` for a class, and the wrapper
    and the wrapped function for a wrapper that accepts ``*args, **kwargs``: what it passes on is
    not known. Nothing is yielded for objects without a signature, like most built-in classes.
    """
    return _read(receiver, 0, frozenset(), MOST_LAYERS)


def _read(
    receiver: Any,
    bound: int,
    preset: frozenset[str],
    layers: int,
    *,
    placeholder: bool = False,
    in_wrapped: bool = False,
) -> Iterator[tuple[Parameters, bool]]:
    """
    Read *receiver*, which already has *bound* positional arguments and the keywords *preset*.

    Types are compared, not classes: a proxy or a mock only claims to be a function.

    Args:
        placeholder: whether one of the arguments still has to be passed by position.
        in_wrapped: whether *receiver* is only known from ``__wrapped__``.
    """
    for _ in range(MOST_LAYERS):
        first = 0
        if type(receiver) is FunctionType and bound and hasattr(receiver, _PARTIALMETHOD):
            # Accessed on the class: the first argument is the instance, and is passed on.
            receiver, first = getattr(receiver, _PARTIALMETHOD), 1
        kind, is_stated = type(receiver), _states_signature(receiver)
        if is_stated or kind is FunctionType:
            break
        if issubclass(kind, (partial, partialmethod)):
            # Arguments bound by outer partials replace placeholders first (since Python 3.14).
            places = sum(argument is _PLACEHOLDER for argument in receiver.args)
            placeholder |= places > bound - first
            bound = first + len(receiver.args) + max(bound - first - places, 0)
            preset = preset.union(receiver.keywords)
            receiver = receiver.func
        elif kind is MethodType:
            bound += 1
            receiver = receiver.__func__
        elif issubclass(kind, staticmethod) or kind is _CACHE:
            receiver = receiver.__wrapped__
        else:
            break
    else:
        raise RecursionError("it contains itself")
    read_next = functools.partial(_read, preset=preset, placeholder=placeholder)
    wrapped = None if is_stated or issubclass(kind, type) else _wrapped_by(receiver)
    callees = [] if is_stated else _called_by(receiver)
    is_passed_on = wrapped is not None and layers > 0
    if callees:
        readings = [
            reading
            for callee, more in callees
            for reading in read_next(callee, bound + more, layers=layers, in_wrapped=in_wrapped)
        ]
        is_passed_on = is_passed_on and len(readings) == 1 and readings[0][0].pass_through
    elif (parameters := _parameters_of(receiver, bound, preset, is_stated=is_stated)) is not None:
        parameters.placeholder = placeholder
        readings = [(parameters, in_wrapped)]
        is_passed_on = is_passed_on and parameters.pass_through
    else:
        readings = []  # no signature: only a call can show if it works
    if is_passed_on:
        yield from read_next(wrapped, bound, layers=layers - 1, in_wrapped=True)
    yield from readings


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
        # A proxy of a wrapper, like a Celery task that is created when it is first used.
        call = vars(claimed).get("__call__")
        if (
            type(call) is FunctionType
            and _parameters_of_function(call, 1, frozenset()).pass_through
        ):
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


def _parameters_of(
    receiver: Any, bound: int, preset: frozenset[str], *, is_stated: bool
) -> Parameters | None:
    """
    Return the unbound parameters of a function, or of an object with a signature; None without one.
    """
    if type(receiver) is FunctionType and not is_stated:
        return _parameters_of_function(receiver, bound, preset)
    if not (is_stated or _is_native(receiver)):
        return None
    try:
        return _parameters_in(signature_of(receiver, follow_wrapped=False), bound, preset)
    except (TypeError, ValueError):
        return None


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


def _parameters_of_function(
    function: FunctionType, bound: int, preset: frozenset[str]
) -> Parameters:
    """
    Return the parameters of a function, without evaluating its annotations.
    """
    code = function.__code__
    positional, unnamed = code.co_argcount, code.co_posonlyargcount
    names = code.co_varnames[: positional + code.co_kwonlyargcount]
    bound_here = min(bound, positional)
    required = _required_of(function, code, bound_here)
    filled = names[unnamed:bound_here]
    left = names[max(bound_here, unnamed) :]
    is_misbound = bound > positional and not code.co_flags & _CO_VARARGS
    return Parameters(
        [name for name in names[bound_here:unnamed] if name in required],
        [name for name in left if name in required and name not in preset],
        [name for name in left if name not in required or name in preset],
        filled,
        var_keyword=bool(code.co_flags & _CO_VARKEYWORDS),
        misbound=is_misbound or not preset.isdisjoint(filled),
    )


def _parameters_in(signature: Signature, bound: int, preset: frozenset[str]) -> Parameters:
    """
    Return the unbound parameters of *signature*.
    """
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
        misbound=bound > 0 or not preset.isdisjoint(filled),
    )
