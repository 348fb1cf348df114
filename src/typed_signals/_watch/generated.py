"""
``send`` and ``send_robust`` of a signal of ours of which only the calls are observed, generated for
the keys of its payload.

Each of them calls the receivers as you would to measure them::

    for receiver in receivers:
        start = perf_counter()
        response = receiver(signal=self, sender=sender, size=size, toppings=toppings)
        seconds = perf_counter() - start
        after(Call(self, sender, receiver, payload, seconds, response))
        responses.append((receiver, response))

A single function is called without a loop. If a receiver or an observer fails, the same functions
are called as in :mod:`.sending`.
"""

from __future__ import annotations

import sys
from functools import partial
from time import perf_counter
from types import FunctionType
from typing import TYPE_CHECKING, Final

from typed_signals._connect.connection import is_deferring
from typed_signals._send.codegen import arguments_of, dictionary_of, indented
from typed_signals._send.engine import Code
from typed_signals._send.loops import call as call_unobserved

from .telling import note_observer, tell_failure
from .watcher import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def observed_codes(
    code: Code, first: Callable[[str], Sequence[str]] | None = None
) -> dict[tuple[bool, bool], Code]:
    """
    Return the parts of generated methods, by whether an observer is told before and after a call.

    Args:
        code: the parts of generated methods of the same engine that tell nobody.
        first: the lines before the links are used, if they are different.
    """
    return {
        (before, after): _observed_code(code, first or code.first, before=before, after=after)
        for before in (False, True)
        for after in (False, True)
    }


def _observed_code(
    code: Code, first: Callable[[str], Sequence[str]], *, before: bool, after: bool
) -> Code:
    told = " and ".join([*["before"] * before, *["after"] * after])
    observed = Code(
        first=first,
        functions=code.functions,
        methods=code.methods,
        live=code.live,
        on_loss=code.on_loss,
        names={
            **code.names,
            "_BaseException": BaseException,
            "_Call": Call,
            "_Function": FunctionType,
            "_call_unobserved": call_unobserved,
            "_clock": perf_counter,
            "_is_deferring": is_deferring,
            "_new": object.__new__,
            "_note_observer": note_observer,
            "_tell_failure": tell_failure,
            "_type": type,
        },
        label=f"{code.label}, observed {told}",
        body=partial(_lines_that_call, before=before, after=after),
    )
    observed.names["_code"] = observed
    return observed


def _lines_that_call(
    method: str, keys: Sequence[str], code: Code, *, before: bool, after: bool
) -> Iterator[str]:
    """
    Yield the lines that call all receivers with *keys*, and tell the observers.
    """
    for_one = [*_lines_for_one(method, arguments_of(keys), before=before, after=after)]
    run_dict = f"return _run_dict(_self, {method!r}, sender, _payload)"
    yield f"_payload = {dictionary_of(keys)}"
    yield "_path = _self._path"
    yield "if _path is None or _path.code is not _code:"
    yield f"    {run_dict}  # another thread has just changed it"
    if before:
        yield "_before = _path.before"
    yield f"_after = {'_path.after' if after else None}"
    yield from code.first(method)
    yield f"_0, _count, _links = {code.functions}"
    yield "if _0 is not None and _type(_0 := _0()) is _Function:"
    yield from indented(for_one)
    yield "    return [(_0, _response)]"
    yield from _find_receivers(code, run_dict)
    yield "_responses = []"
    yield "for _0 in _receivers:"
    yield "    if _type(_0) is not _Function:"
    yield "        if _0 is None:"
    yield f"            {code.on_loss}"
    yield "            continue"
    yield "        if _is_deferring(_0):"
    yield "            _call = {'signal': _self, 'sender': sender, **_payload}"
    yield f"            _responses += _call_unobserved({method!r}, [_0], _call)"
    yield "            continue"
    yield from indented(for_one)
    yield "    _responses.append((_0, _response))"
    yield "return _responses"


def _find_receivers(code: Code, run_dict: str) -> Iterator[str]:
    """
    Yield the lines that set ``_receivers``, some of which may be None.
    """
    yield "if _count:"
    # Before Python 3.12 (PEP 709), a comprehension is a function.
    if sys.version_info >= (3, 12):
        yield "    _receivers = [_0() for _0 in _links]"
    else:
        yield "    _receivers = []"
        yield "    for _0 in _links:"
        yield "        _receivers.append(_0())"
    yield "else:"
    yield f"    _0, _count, _links = {code.methods}"
    yield "    if _count:"
    yield "        try:"
    yield "            _receivers = [_Method(_0.function(), _0()) for _0 in _links]"
    yield "        except _TypeError:"
    yield "            _count = 0  # there is no method without an object or a function"
    yield "    if not _count:"
    if code.live:
        yield f"        _receivers, _links = {code.live}"
        yield "        if _links:"
        yield f"            {run_dict}"
    else:
        yield f"        {run_dict}"


# What Call() does, in less time.
_NEW_CALL: Final = (
    "_call = _new(_Call)",
    "_call.signal = _self",
    "_call.sender = sender",
    "_call.receiver = _0",
    "_call.payload = _payload",
    "_call.error = None",
)


def _lines_for_one(method: str, arguments: str, *, before: bool, after: bool) -> Iterator[str]:
    """
    Yield the lines that set ``_response`` to that of the receiver ``_0``.
    """
    if before:
        yield from (*_NEW_CALL, "_call.seconds = 0.0", "_call.response = None")
        yield from _lines_that_tell("_before")
    yield "_start = _clock()"
    yield "try:"
    yield f"    _response = _0({arguments})"
    yield "except _BaseException as _error:"
    yield "    _seconds = _clock() - _start"
    if not before:
        yield "    _call = _Call(_self, sender, _0, _payload)"
    yield "    _call.seconds = _seconds"
    yield f"    _response = _tell_failure({method!r}, _after, _call, _error)"
    yield "    _call = None  # the error refers to this frame"
    yield "    if _response is None:"
    yield "        raise"
    yield "else:"
    yield "    _seconds = _clock() - _start"
    if not before:
        yield from indented(_NEW_CALL)
    yield "    _call.seconds = _seconds"
    yield "    _call.response = _response"
    if after:
        yield from indented(_lines_that_tell("_after"))


def _lines_that_tell(observer: str) -> Sequence[str]:
    """
    Return the lines that call an *observer*.
    """
    return (
        "try:",
        f"    {observer}(_call)",
        "except _Exception as _error:",
        f"    _note_observer({observer}, _call, _error)",
    )
