"""
The parameters of a callable, read from the object at run time.
"""

from __future__ import annotations

import functools
import sys
from functools import partial, partialmethod
from types import FunctionType, MethodType
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
    bound = {name for parameters in readings for name in parameters.bound}
    problems = [
        problem
        for parameters in readings
        for problem in find_problems(payload, parameters, bound=bound)
    ]
    return list({problem.text: problem for problem in problems}.values())


def read_parameters(receiver: object) -> Iterator[Parameters]:
    """
    Yield the parameters of each callable that a call of *receiver* calls.

    This is one for a function or method, ``__new__`` and ``__init__`` for a class, and the wrapper
    and the wrapped function for a decorator that passes ``*args, **kwargs`` through. Nothing is
    yielded for objects without a signature, like most built-in classes.
    """
    return _read(receiver, 0, frozenset(), MOST_LAYERS)


def _read(
    receiver: Any,
    bound: int,
    preset: frozenset[str],
    layers: int,
    *,
    placeholder: bool = False,
) -> Iterator[Parameters]:
    """
    Read *receiver*, which already has *bound* positional arguments and the keywords *preset*.

    Args:
        placeholder: whether one of the arguments still has to be passed by position.
    """
    for _ in range(MOST_LAYERS):
        first = 0
        if isinstance(receiver, FunctionType) and bound and hasattr(receiver, _PARTIALMETHOD):
            # Accessed on the class: the first argument is the instance, and is passed on.
            receiver, first = getattr(receiver, _PARTIALMETHOD), 1
        if isinstance(receiver, (partial, partialmethod)):
            # Arguments bound by outer partials replace placeholders first (since Python 3.14).
            places = sum(argument is _PLACEHOLDER for argument in receiver.args)
            placeholder |= places > bound - first
            bound = first + len(receiver.args) + max(bound - first - places, 0)
            preset = preset.union(receiver.keywords)
            receiver = receiver.func
        elif isinstance(receiver, MethodType):
            bound += 1
            receiver = receiver.__func__
        elif (call := _python_call(receiver)) is not None:
            receiver = call
        else:
            break
    else:
        raise RecursionError("it contains itself")
    if isinstance(receiver, type) and (makers := _makers(receiver)):
        for maker in makers:
            yield from _read(maker, bound + 1, preset, layers, placeholder=placeholder)
        return
    try:
        parameters = _parameters_of(receiver, bound, preset)
    except (TypeError, ValueError):
        return  # no signature: only a call can show if it works
    parameters.placeholder = placeholder
    wrapped = getattr(receiver, "__wrapped__", None)
    if parameters.pass_through and wrapped is not None and layers:
        yield from _read(wrapped, bound, preset, layers - 1, placeholder=placeholder)
    yield parameters


def _python_call(receiver: Any) -> Any:
    """
    Return the ``__call__`` of an instance if it is defined in Python, otherwise None.
    """
    if isinstance(receiver, (FunctionType, type)) or hasattr(receiver, "__signature__"):
        return None
    from inspect import getattr_static  # imported when the first receiver is connected

    call = getattr_static(type(receiver), "__call__", None)
    if not isinstance(call, (FunctionType, classmethod, staticmethod)):
        return None
    return call.__get__(receiver, type(receiver))


def _makers(cls: type) -> list[FunctionType]:
    """
    Return the functions that get the arguments of a call of *cls*.
    """
    if hasattr(cls, "__signature__"):
        return []
    if isinstance(call := getattr(type(cls), "__call__", None), FunctionType):
        return [call]  # a metaclass decides
    makers = (getattr(cls, name) for name in ("__new__", "__init__"))
    return [maker for maker in makers if isinstance(maker, FunctionType)]


def _parameters_of(receiver: Any, bound: int, preset: frozenset[str]) -> Parameters:
    """
    Return the unbound parameters of a function, or of an object with a signature.

    Raises:
        TypeError: it has no signature, or an invalid one.
        ValueError: the same.
    """
    # _read decides what the wrapper of a decorator passes on.
    if type(receiver) is not FunctionType:
        from inspect import unwrap  # imported when the first such receiver is connected

        receiver = unwrap(receiver, stop=lambda layer: hasattr(layer, "__signature__"))
    if type(receiver) is FunctionType and getattr(receiver, "__signature__", None) is None:
        return _parameters_of_function(receiver, bound, preset)
    return _parameters_in(signature_of(receiver, follow_wrapped=False), bound, preset)


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
