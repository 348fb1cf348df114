"""
``send`` and ``send_robust`` written out for the keys of a payload.

To hand a payload on as ``**kwargs`` costs more than all the rest of a send. Where the keys are
declared, nothing has to be handed on: as ``dataclasses`` generates ``__init__`` for the fields of a
class, this generates for a payload of ``size`` and ``toppings`` what one would write by hand::

    def send(self, sender, *, size, toppings):
        receivers = [link() for link in self.links]
        return [(r, r(signal=self, sender=sender, size=size, toppings=toppings)) for r in receivers]

and adds what a signal is for: any other payload is refused, and where there is more to a send (a
receiver listens to one sender only, is async, or was collected), the connections are asked. Up to
``UNROLLED`` receivers are called without a loop, which makes up for following weak references.

The source depends on the keys alone, so signals with the same keys share it. It is kept where
tracebacks and debuggers look for it.
"""

from __future__ import annotations

import keyword
import linecache
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from ._dispatch import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ._payload import Payload

# Most signals have one receiver or two. The more there are, the less a loop matters.
UNROLLED: Final = 5

# Each optional key doubles the number of the sets of keys that a send may carry.
MOST_OPTIONAL: Final = 4


class _Missing:
    """
    The default of a key.
    """

    def __repr__(self) -> str:
        return "..."


MISSING: Final = _Missing()


def can_be_generated(payload: Payload) -> bool:
    """
    Tell whether the keys of *payload* can be parameters, beside names of our own.
    """
    return (
        not payload.open
        and len(payload.optional) <= MOST_OPTIONAL
        and all(map(_can_be_parameter, payload.keys))
    )


def _can_be_parameter(key: str) -> bool:
    # Beyond ASCII, Python takes different spellings for one name.
    is_name = key.isascii() and key.isidentifier() and not keyword.iskeyword(key)
    return is_name and not key.startswith("_")


@cache
def generate(
    method: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> Callable[..., Any]:
    """
    Return the method for a payload of these keys.

    Args:
        method: "send" or "send_robust".
        required: the keys that every send carries.
        optional: the keys that a send may leave out.
    """
    keys = (*required, *optional)
    parameters = "".join(f"{key}=_MISSING, " for key in keys)
    wrong = " or ".join(["_args", "_rest", *(f"{key} is _MISSING" for key in required)])
    passed = "".join(f"{key!r}: {key}, " for key in keys)
    lines = [
        f"def {method}(_self, /, sender, *_args, {parameters}**_rest):",
        f"    if {wrong}:",
        f"        _payload = _by_keyword(_self, {method!r}, _args, {{{passed}**_rest}})",
        f"        return {method}(_self, sender, **_payload)",
    ]
    variants: list[Callable[..., Any]] = []
    if optional:
        bits = (f"({key} is not _MISSING) << {bit}" for bit, key in enumerate(optional))
        arguments = ", ".join(("_self", "sender", *keys))
        lines.append(f"    return _variants[{' | '.join(bits)}]({arguments})")
        variants += _variants(method, required, optional)
    else:
        lines += _indented(_call_receivers(method, keys))
    return _compile(method, [*required, *(f"{key}=..." for key in optional)], lines, variants)


def _variants(
    method: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> list[Callable[..., Any]]:
    """
    Return a function for each set of keys that a send may carry.

    Each is generated when it is first called. The bits of its index say which of *optional* it
    hands on; it takes them all.
    """

    def first_call(index: int, *arguments: Any) -> Any:
        keys = [*required, *(key for bit, key in enumerate(optional) if index >> bit & 1)]
        parameters = ", ".join(("_self", "sender", *required, *optional))
        lines = [f"def {method}({parameters}):", *_indented(_call_receivers(method, keys))]
        variants[index] = _compile(method, keys, lines, [])
        return variants[index](*arguments)

    variants: list[Callable[..., Any]] = [
        partial(first_call, index) for index in range(2 ** len(optional))
    ]
    return variants


def _call_receivers(method: str, keys: Sequence[str]) -> Iterator[str]:
    """
    Yield the lines that call all receivers with *keys*, which are local variables.
    """
    arguments = ", ".join(["signal=_self", "sender=sender", *(f"{key}={key}" for key in keys)])
    yield "_links = _self._connections.plain"
    yield "if _links:"
    yield "    _count = len(_links)"
    for count in range(1, UNROLLED + 1):
        names = [f"_{index}" for index in range(count)]
        yield f"    {'if' if count == 1 else 'elif'} _count == {count}:"
        yield f"        {', '.join(names)}, = _links"
        yield f"        {'; '.join(f'{name} = {name}()' for name in names)}"
        yield f"        if {' and '.join(f'{name} is not None' for name in names)}:"
        yield from _indented(_unrolled(method, names, arguments), 3)
    yield "    else:"
    yield "        _receivers = [_link() for _link in _links]"
    yield "        if all([_receiver is not None for _receiver in _receivers]):"
    yield from _indented(_loop(method, arguments), 3)
    yield "elif _links is not None:"
    yield "    return []"
    yield "_receivers, _asynchronous = _self._connections.live(sender)"
    yield "if _asynchronous:"
    yield f"    _payload = {{{', '.join(f'{key!r}: {key}' for key in keys)}}}"
    yield f"    return _self._send_async({method!r}, sender, _receivers, _asynchronous, _payload)"
    yield from _loop(method, arguments)


def _unrolled(method: str, names: Sequence[str], arguments: str) -> Iterator[str]:
    if method == "send":
        yield "return ["
        for name in names:
            yield f"    ({name}, {name}({arguments})),"
        yield "]"
        return
    for name in names:
        yield from _try_call(name, f"{name}r", arguments)
    yield f"return [{', '.join(f'({name}, {name}r)' for name in names)}]"


def _loop(method: str, arguments: str) -> Iterator[str]:
    if method == "send":
        yield f"return [(_receiver, _receiver({arguments})) for _receiver in _receivers]"
        return
    yield "_responses = []"
    yield "for _receiver in _receivers:"
    yield from _indented(_try_call("_receiver", "_response", arguments))
    yield "    _responses.append((_receiver, _response))"
    yield "return _responses"


def _try_call(receiver: str, response: str, arguments: str) -> Iterator[str]:
    yield "try:"
    yield f"    {response} = {receiver}({arguments})"
    yield "except Exception as _error:"
    yield f'    {response} = _failed({receiver}, _error, "send_robust")'


def _indented(lines: Iterator[str], levels: int = 1) -> Iterator[str]:
    return ("    " * levels + line for line in lines)


def _compile(
    method: str, keys: Sequence[str], lines: list[str], variants: list[Callable[..., Any]]
) -> Callable[..., Any]:
    """
    Return the function that *lines* define.
    """
    source = "\n".join(lines) + "\n"
    filename = f"<{__package__} {method}({', '.join(keys)})>"
    namespace: dict[str, Any] = {
        # Ours are not the frames that connections and declarations name as their places.
        "__name__": __name__,
        "_MISSING": MISSING,
        "_by_keyword": _by_keyword,
        "_failed": failed,
        "_variants": variants,
    }
    exec(compile(source, filename, "exec"), namespace)  # noqa: S102 - all names were looked at
    # Without a time of change, it is kept as it is.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    function: Callable[..., Any] = namespace[method]
    function.__qualname__ = f"Signal.{method}"
    return function


def _by_keyword(
    signal: Any, method: str, args: tuple[Any, ...], payload: dict[str, Any]
) -> dict[str, Any]:
    passed = {key: value for key, value in payload.items() if value is not MISSING}
    named: dict[str, Any] = signal._by_keyword(method, args, passed)
    return named
