"""
``send`` and ``send_robust``, generated for the keys of a payload.

Passing a payload as ``**kwargs`` takes more time than all other parts of a send. If the keys are
declared, this is not needed: as ``dataclasses`` generates ``__init__`` for the fields of a class,
this module generates for a payload of ``size`` and ``toppings`` the code that you would write::

    def send(self, sender, *, size, toppings):
        receivers = [link() for link in self.links]
        return [(r, r(signal=self, sender=sender, size=size, toppings=toppings)) for r in receivers]

It also refuses any other payload, and uses the connections for other cases (a receiver is connected
to one sender only, is async, or was garbage-collected). Up to five receivers are called without a
loop, which compensates for the weak references.

Python accesses the first sixteen local variables of a function faster, so there are few of them.

The source only depends on the keys, so signals with the same keys share it. It is stored where
tracebacks and debuggers look for it.
"""

from __future__ import annotations

import keyword
import linecache
import sys
from functools import cache, partial
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from .failures import failed, note_by_line, note_by_position
from .plain import PLAIN, run_dict, send_to_async

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from typed_signals._declare.payload import Payload

    from .engine import Code

# Each optional key doubles the number of possible sets of keys.
MOST_OPTIONAL: Final = 4

# Code for more keys than this takes longer to compile than it saves.
MOST_KEYS: Final = 100

# How many sets of keys to generate code for where any may come. A program has few, unless keys are
# data to it.
MOST_SETS: Final = 100


# Between the parts of a comprehension. Since Python 3.14, the instruction that stores and loads its
# variable at once, because both are on the same line, is slower than two instructions.
_THEN: Final = "\n" if sys.version_info >= (3, 14) else " "


class _Missing:
    """
    The default of a key.
    """

    def __repr__(self) -> str:
        return "..."


MISSING: Final = _Missing()


def make_send(method: str, payload: Payload, code: Code) -> Callable[..., Any]:
    """
    Return "send" or "send_robust" for the signals with *payload* of an engine.
    """
    if (
        not payload.open
        and len(payload.optional) <= MOST_OPTIONAL
        and len(payload.keys) <= MOST_KEYS
        and all(map(_can_be_parameter, payload.keys))
    ):
        return _for_declared_keys(method, payload.required, payload.optional, code)
    return _for_keys_as_they_come(method, code)


def _can_be_parameter(key: str) -> bool:
    # Python normalizes names that are not ASCII; names with underscores are ours.
    is_name = key.isascii() and key.isidentifier() and not keyword.iskeyword(key)
    return is_name and not key.startswith("_")


@cache
def _for_declared_keys(
    method: str, required: tuple[str, ...], optional: tuple[str, ...], code: Code
) -> Callable[..., Any]:
    """
    Return the method with a parameter for each key.
    """
    keys = (*required, *optional)
    defaults = "".join(f"{key}=_MISSING, " for key in keys)
    wrong = " or ".join(["_args", "_rest", *(f"{key} is _MISSING" for key in required)])
    passed = "".join(f"{key!r}: {key}, " for key in keys)
    lines = [
        f"def {method}(_self, /, sender, *_args, {defaults}**_rest):",
        f"    if {wrong}:",
        f"        return _plain(_self, {method!r}, sender, _args, {{{passed}**_rest}})",
    ]
    label = f"{method}({', '.join([*required, *(f'{key}=...' for key in optional)])}){code.label}"
    if not optional:
        lines += indented(_body(method, keys, code))
        return _compile(method, label, lines, dict(code.names))
    bits = (f"({key} is not _MISSING) << {bit}" for bit, key in enumerate(optional))
    lines.append(f"    return _variants[{' | '.join(bits)}]({_parameters(keys)})")
    variants = _variants(method, label, required, optional, code)
    return _compile(method, label, lines, {"_variants": variants})


def _for_keys_as_they_come(method: str, code: Code) -> Callable[..., Any]:
    """
    Return the method for a payload whose keys are not known, or cannot be parameters.
    """
    # A set of keys is checked when it is sent for the first time.
    variants: dict[tuple[str, ...], Callable[..., Any]] = {}

    def send(self: Any, /, sender: object, *args: Any, **payload: Any) -> Any:
        variant = None if args else variants.get(tuple(payload))
        if variant is None:
            named: dict[str, Any] | None = self._declaration.accepted(self, method, args, payload)
            if named is None:
                return []
            payload, keys = named, tuple(named)
            if (
                # It may be sent after a warning, which the next send with these keys issues, too.
                not self._declaration.payload_of(self).accepts(payload.keys())
                or len(variants) >= MOST_SETS
                or len(keys) > MOST_KEYS
                or not all(map(_can_be_parameter, keys))
            ):
                return run_dict(self, method, sender, payload)
            label = f"{method}(**payload){code.label}"
            variant = _variant(method, label, keys, keys, code)
            variants[keys] = variant
        return variant(self, sender, *payload.values())

    send.__name__ = method
    send.__qualname__ = f"Signal.{method}"
    return send


def _variants(
    method: str, label: str, required: tuple[str, ...], optional: tuple[str, ...], code: Code
) -> list[Callable[..., Any]]:
    """
    Return a function for each possible set of keys.

    The bits of its index are the keys in *optional* that it passes on; it accepts all of them.
    """
    variants: list[Any] = [None] * 2 ** len(optional)
    for index in range(len(variants)):
        keys = [*required, *(key for bit, key in enumerate(optional) if index >> bit & 1)]
        make = partial(_variant, method, label, keys, (*required, *optional), code)
        _fill_in_when_called(variants, index, make)
    return variants


def _variant(
    method: str, label: str, keys: Sequence[str], parameters: Sequence[str], code: Code
) -> Callable[..., Any]:
    """
    Return a function of a signal, the sender, and *parameters*, which passes on only *keys*.
    """
    label = f"{label} with {', '.join(keys) or 'nothing'}"
    lines = [
        f"def {method}({_parameters(parameters)}):",
        *indented(_body(method, keys, code)),
    ]
    return _compile(method, label, lines, dict(code.names))


def _fill_in_when_called(place: Any, key: Any, make: Callable[[], Callable[..., Any]]) -> None:
    """
    Store the result of *make* in *place* under *key* at its first call.
    """

    def first_call(*arguments: Any) -> Any:
        place[key] = function = make()
        return function(*arguments)

    place[key] = first_call


def _body(method: str, keys: Sequence[str], code: Code) -> Iterator[str]:
    """
    Yield the lines that call all receivers with *keys*, which are local variables.
    """
    return (code.body or _call_receivers)(method, keys, code)


def _call_receivers(method: str, keys: Sequence[str], code: Code) -> Iterator[str]:
    arguments, payload = arguments_of(keys), dictionary_of(keys)

    def functions(names: Sequence[str]) -> Iterator[str]:
        yield f"if {' and '.join(f'({name} := {name}()) is not None' for name in names)}:"
        yield from indented(_written_out(method, names, arguments))

    def methods(names: Sequence[str]) -> Iterator[str]:
        yield from bound(f"{name} = _Method({name}.function(), {name}())" for name in names)
        yield "else:"
        yield from indented(_written_out(method, names, arguments))

    def bound(lines: Iterable[str]) -> Iterator[str]:
        yield "try:"
        yield from indented(lines)
        yield "except _TypeError:"
        yield "    pass  # there is no method without an object or a function"

    many_functions = [
        f"_receivers = [_0(){_THEN}for _0 in _links]",
        *_call_each(method, arguments, "_0 is not None"),
        "if _len(_responses) != _count:",
        f"    {code.on_loss}",
        "return _responses",
    ]
    many_methods = [
        *bound(["_receivers = [_Method(_0.function(), _0()) for _0 in _links]"]),
        "else:",
        *indented(_call_each(method, arguments)),
        "    return _responses",
    ]
    to_methods = [
        f"_0, _count, _links = {code.methods}",
        *_by_count(methods, many_methods, ["pass"]),
    ]
    yield from code.first(method)
    yield f"_0, _count, _links = {code.functions}"
    yield from _by_count(functions, many_functions, to_methods)
    # They are not only functions or methods, or one was garbage-collected before the first call.
    if not code.live:
        yield f"return _run_dict(_self, {method!r}, sender, {payload})"
        return
    yield f"_receivers, _links = {code.live}"
    yield "if _links:"
    yield f"    return _send_to_async(_self, {method!r}, sender, (_receivers, _links), {payload})"
    yield from _call_each(method, arguments)
    yield "return _responses"


def _by_count(
    few: Callable[[Sequence[str]], Iterator[str]], many: Sequence[str], unknown: Sequence[str]
) -> Iterator[str]:
    """
    Yield the branches for one link, for ASK, for two to five links, and for more.

    Their order needs few comparisons, because the branches exist to save time.

    Args:
        few: yields the lines for links in variables with the given names.
        many: the lines for all ``_links``.
        unknown: the lines for ASK.
    """

    def branch(count: int) -> Iterator[str]:
        names = [f"_{index}" for index in range(count)]
        return iter([f"{', '.join(names)} = _links", *few(names)])

    yield "if _0 is not None:"
    yield from indented(few(["_0"]))
    yield "elif not _count:"
    yield from indented(unknown)
    yield "elif _count > 3:"
    yield "    if _count == 5:"
    yield from indented(branch(5), 2)
    yield "    elif _count == 4:"
    yield from indented(branch(4), 2)
    yield "    else:"
    yield from indented(many, 2)
    yield "elif _count == 2:"
    yield from indented(branch(2))
    yield "else:"
    yield from indented(branch(3))


def _written_out(method: str, names: Sequence[str], arguments: str) -> Iterator[str]:
    """
    Yield the lines that call the receivers in variables with these *names*.
    """
    calls = {name: f"{name}({arguments})" for name in names}
    if method == "send":
        yield "try:"
        yield "    return ["
        yield from (f"        ({name}, {call})," for name, call in calls.items())
        yield "    ]"
        yield "except _Exception as _error:"
        yield f"    _note_by_line(_error, _self, ({', '.join(names)},), {method!r})"
        yield "    raise"
        return
    for name, call in calls.items():
        yield from _attempt(name, call, f"{name}r")
    yield f"return [{', '.join(f'({name}, {name}r)' for name in names)}]"


def _call_each(method: str, arguments: str, condition: str = "") -> Iterator[str]:
    """
    Yield the lines that set ``_responses`` to those of ``_receivers``.
    """
    call = f"_0({arguments})"
    if method != "send":
        yield "_responses = []"
        lines = [*_attempt("_0", call, "_response"), _append("_response")]
        yield from _loop("_receivers", condition, lines)
        return
    yield "_position = _iter(_receivers)"
    yield "try:"
    # Before Python 3.12 (PEP 709), a comprehension is a function, which is slower than append.
    if sys.version_info >= (3, 12):
        suffix = f"{_THEN}if {condition}" if condition else ""
        yield f"    _responses = [(_0, {call}){_THEN}for _0 in _position{suffix}]"
    else:
        yield "    _responses = []"
        yield from indented(_loop("_position", condition, [_append(call)]))
    yield "except _Exception as _error:"
    yield f"    _note_by_position(_error, _self, _receivers, _position, {method!r})"
    yield "    raise"


def _loop(receivers: str, condition: str, lines: Iterable[str]) -> Iterator[str]:
    """
    Yield a loop over *receivers* with *lines* for each.
    """
    yield f"for _0 in {receivers}:"
    if condition:
        yield f"    if not ({condition}):"
        yield "        continue"
    yield from indented(lines)


def _append(response: str) -> str:
    return f"_responses.append((_0, {response}))"


def _attempt(receiver: str, call: str, response: str) -> Iterator[str]:
    yield "try:"
    yield f"    {response} = {call}"
    yield "except _Exception as _error:"
    yield f'    {response} = _failed(_self, sender, {receiver}, _error, "send_robust")'


def arguments_of(keys: Iterable[str]) -> str:
    """
    Return the arguments of a call of a receiver.
    """
    return ", ".join(["signal=_self", "sender=sender", *(f"{key}={key}" for key in keys)])


def dictionary_of(keys: Iterable[str]) -> str:
    """
    Return the payload as a dictionary.
    """
    return f"{{{', '.join(f'{key!r}: {key}' for key in keys)}}}"


def _parameters(keys: Iterable[str]) -> str:
    return ", ".join(["_self", "sender", *keys])


def indented(lines: Iterable[str], levels: int = 1) -> Iterator[str]:
    """
    Return the indented *lines*.
    """
    return ("    " * levels + line for line in lines)


def _compile(
    method: str, label: str, lines: Iterable[str], used: dict[str, Any]
) -> Callable[..., Any]:
    """
    Return the function that *lines* define.

    Args:
        method: its name.
        label: distinguishes it from others of that name.
        lines: its source.
        used: its globals, in addition to those of all generated functions.
    """
    source = "\n".join(lines) + "\n"
    filename = f"<typed_signals {label}>"
    used |= {
        "__name__": __name__,  # identifies its frames as ours
        # A key may have the name of a built-in.
        "_Exception": Exception,
        "_TypeError": TypeError,
        "_len": len,
        "_MISSING": MISSING,
        "_Method": MethodType,
        "_failed": failed,
        "_iter": iter,
        "_note_by_line": note_by_line,
        "_note_by_position": note_by_position,
        "_plain": _send_plain,
        "_run_dict": run_dict,
        "_send_to_async": send_to_async,
    }
    exec(compile(source, filename, "exec"), used)  # noqa: S102 - all names in it were checked
    # Without a modification time, linecache does not discard it.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    function: Callable[..., Any] = used[method]
    function.__qualname__ = f"Signal.{method}"
    return function


def _send_plain(
    signal: Any, method: str, sender: object, args: tuple[Any, ...], payload: dict[str, Any]
) -> Any:
    """
    Send a payload that was passed by position, or refuse it.
    """
    passed = {key: value for key, value in payload.items() if value is not MISSING}
    return PLAIN[method](signal, sender, *args, **passed)
