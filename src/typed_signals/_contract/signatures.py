"""
The parameters of a callable, read from the object at run time.
"""

from __future__ import annotations

import functools
import sys
from functools import partial, partialmethod
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final

from typed_signals._shared.callables import signature_of
from typed_signals._shared.messages import RESERVED_KEYS

from .rules import BOUND_TWICE, Parameters, Problem, find_problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from inspect import Signature

    from typed_signals._declare.payload import Payload

_CO_VARKEYWORDS: Final = 0x08  # of inspect, which takes long to import

_PARTIALMETHOD: Final = "__partialmethod__" if sys.version_info >= (3, 13) else "_partialmethod"

# No argument before Python 3.14.
_PLACEHOLDER: Final = getattr(functools, "Placeholder", object())

# A decorator stack deeper than this is a cycle of ``__wrapped__``.
_MAX_LAYERS: Final = 100


def clearly_fits(receiver: object, payload: Payload) -> bool:
    """
    Tell whether *receiver* is a plain function or method that can take every send of *payload*.

    Most receivers are; for all others, :func:`read_parameters` has to look at them closely.
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
    names, positional, defaults = code.co_varnames, code.co_argcount, function.__defaults__ or ()
    if is_method and (not positional or names[0] in payload.keys or names[0] in RESERVED_KEYS):
        return False
    required = names[is_method : positional - len(defaults)]
    if code.co_kwonlyargcount:
        keywords = names[positional : positional + code.co_kwonlyargcount]
        given = function.__kwdefaults__ or ()
        required += tuple([name for name in keywords if name not in given])
    if not payload.complete:
        # Anything may be sent, but what is declared to be optional may not.
        return not any(key in required for key in payload.optional)
    return payload.always.issuperset(required)


def problems_of(receiver: object, payload: Payload) -> list[Problem]:
    """
    Return why *receiver* could not take every send of *payload*, each reason once.
    """
    readings = list(read_parameters(receiver))
    problems = [
        problem for parameters in readings for problem in find_problems(payload, parameters)
    ]
    if not payload.complete:
        problems += _never_passed(payload, readings)
    return list({problem.text: problem for problem in problems}.values())


def _never_passed(payload: Payload, readings: list[Parameters]) -> list[Problem]:
    """
    Return what is wrong where one of *readings* requires an undeclared key that another has bound.

    That takes a class with a ``__new__`` and an ``__init__``, which get the same arguments.
    """
    bound = {name for parameters in readings for name in parameters.bound}
    return [
        Problem(BOUND_TWICE, f"{name!r} is both required and bound by position: rename one of them")
        for parameters in readings
        for name in parameters.required
        if name in bound and name not in payload.keys and name not in RESERVED_KEYS
    ]


def read_parameters(receiver: object) -> Iterator[Parameters]:
    """
    Yield the parameters of each callable that a call of *receiver* ends in.

    That is one for a function or method, both ``__new__`` and ``__init__`` for a class, and the
    wrapper and the wrapped function for a decorator that passes ``*args, **kwargs`` through.
    Nothing is yielded for what cannot be read, like most built-in classes.
    """
    return _read(receiver, 0, frozenset(), _MAX_LAYERS)


def _read(
    receiver: Any,
    bound: int,
    preset: frozenset[str],
    layers: int,
    *,
    placeholder: bool = False,
) -> Iterator[Parameters]:
    """
    Read *receiver*, which has *bound* positional arguments and the keywords *preset* already.

    Args:
        placeholder: whether one of the arguments is yet to be given by position.
    """
    for _ in range(_MAX_LAYERS):
        first = 0
        if isinstance(receiver, FunctionType) and bound and hasattr(receiver, _PARTIALMETHOD):
            # Taken from the class: the first argument is the instance, and goes on as such.
            receiver, first = getattr(receiver, _PARTIALMETHOD), 1
        if isinstance(receiver, (partial, partialmethod)):
            # What is bound further out fills placeholders first (Python 3.14 and newer).
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
        raise RecursionError("it leads to itself")
    if isinstance(receiver, type) and (makers := _makers(receiver)):
        for maker in makers:
            yield from _read(maker, bound + 1, preset, layers, placeholder=placeholder)
        return
    try:
        signature = _signature(receiver)
    except (TypeError, ValueError):
        return  # no signature to be had: only the call can tell
    parameters, passes_through = _summarise(signature, bound, preset)
    parameters.placeholder = placeholder
    wrapped = getattr(receiver, "__wrapped__", None)
    if passes_through and wrapped is not None and layers:
        yield from _read(wrapped, bound, preset, layers - 1, placeholder=placeholder)
    yield parameters


def _python_call(receiver: Any) -> Any:
    """
    Return the ``__call__`` that the class of an instance defines in Python, None without one.
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
    Return the functions that a call of *cls* passes its arguments to.
    """
    if hasattr(cls, "__signature__"):
        return []
    if isinstance(call := getattr(type(cls), "__call__", None), FunctionType):
        return [call]  # a metaclass decides
    makers = (getattr(cls, name) for name in ("__new__", "__init__"))
    return [maker for maker in makers if isinstance(maker, FunctionType)]


def _signature(receiver: Any) -> Signature:
    from inspect import unwrap  # imported when the first receiver is connected

    # What a decorator's wrapper passes on is for _read to judge, not to be assumed.
    if type(receiver) is not FunctionType:
        receiver = unwrap(receiver, stop=lambda layer: hasattr(layer, "__signature__"))
    if type(receiver) is not FunctionType:
        return signature_of(receiver)
    # What its annotations say does not matter here, nor whether they can be evaluated.
    bare = FunctionType(receiver.__code__, {}, "", receiver.__defaults__, receiver.__closure__)
    bare.__kwdefaults__ = receiver.__kwdefaults__
    bare.__dict__.update(receiver.__dict__)
    return signature_of(bare, follow_wrapped=False)


def _summarise(signature: Signature, bound: int, preset: frozenset[str]) -> tuple[Parameters, bool]:
    """
    Return the parameters left to fill, and whether they are just ``*args, **kwargs``.
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
    parameters = Parameters(
        positional_only,
        required,
        optional,
        filled,
        var_keyword=var_keyword,
        misbound=bound > 0 or not preset.isdisjoint(filled),
    )
    return parameters, var_keyword and not (positional_only or required or optional)
