"""
Information about a callable: its kind, its name in messages, its place in the code.
"""

from __future__ import annotations

import sys
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final

from .messages import CELERYS_METHOD, DJANGOS_METHOD, class_name, shortened, shown

if TYPE_CHECKING:
    from inspect import Signature

_CO_COROUTINE: Final = 0x80  # of inspect, which takes long to import
# With which inspect and asyncio mark functions that are not written with "async def".
_ASYNC_MARK: Final = "_is_coroutine_marker"
_ASYNCIO_MARK: Final = "_is_coroutine"

# A stack of decorators deeper than this is a cycle of ``__wrapped__``.
MOST_LAYERS: Final = 100


def receiver_name(receiver: Any) -> str:
    """
    Return ``module.qualname`` of *receiver*, of the function in a partial, or of its class.

    Never raises: ``send_robust`` calls this while it handles another error.
    """
    try:
        return shortened(_qualified_name(receiver))
    except Exception:  # noqa: BLE001 - raised by user code or endless partials
        return f"{class_name(receiver)} object"


def _qualified_name(receiver: Any) -> str:
    if isinstance(receiver, partial):
        return f"functools.partial({_qualified_name(receiver.func)})"
    named = _bearer_of_name(receiver)
    name: str = named.__qualname__
    if named is not receiver:
        name = f"{name} object"
    return _in_module(getattr(named, "__module__", None), name)


def _bearer_of_name(receiver: Any) -> Any:
    """
    Return *receiver* if it has a name, otherwise its class.
    """
    return receiver if isinstance(getattr(receiver, "__qualname__", None), str) else type(receiver)


def _in_module(module: object, name: str) -> str:
    return f"{module}.{name}" if isinstance(module, str) else name


def receiver_module(receiver: Any) -> str:
    """
    Return the module of *receiver*, of the function in a partial, or of its class; "" without one.
    """
    try:
        module = getattr(_bearer_of_name(without_partials(receiver)), "__module__", None)
    except Exception:  # noqa: BLE001 - raised by user code
        return ""
    return module if isinstance(module, str) else ""


def receiver_place(receiver: Any) -> str | None:
    """
    Return ``file:line`` of the code behind *receiver*, or None where there is none.

    For a wrapper made with ``functools.wraps`` or ``update_wrapper``, this is the decorated
    function, because the wrapper has its name.
    """
    try:
        return _code_place(receiver)
    except Exception:  # noqa: BLE001 - raised by user code
        return None


def _code_place(receiver: Any) -> str | None:
    for _ in range(MOST_LAYERS):
        if isinstance(receiver, partial):
            receiver = receiver.func
        elif not isinstance(receiver, type) and (
            hasattr(receiver, "__qualname__") and hasattr(receiver, "__wrapped__")
        ):
            receiver = receiver.__wrapped__
        else:
            break
    if isinstance(receiver, type):
        candidates = [getattr(receiver, name) for name in ("__init__", "__new__")]
    else:
        candidates = [receiver, getattr(type(receiver), "__call__", None)]
    for candidate in candidates:
        if type(code := getattr(candidate, "__code__", None)) is CodeType:
            return _place_of(code)
    return None


def _place_of(code: CodeType) -> str:
    return f"{code.co_filename}:{code.co_firstlineno}"


def describe_receiver(receiver: Any) -> str:
    """
    Return the name of *receiver* and, where it has one, its place: ``shop.f (shop.py:3)``.

    None and a string, which people pass by mistake, are shown as they are written.
    """
    if receiver is None or type(receiver) is str:
        return shown(receiver)
    place = receiver_place(receiver)
    return f"{receiver_name(receiver)} ({place})" if place else receiver_name(receiver)


def describe_function(module: object, name: str, code: CodeType) -> str:
    """
    Return the result of :func:`describe_receiver` for a function with these attributes.
    """
    return f"{shortened(_in_module(module, name))} ({_place_of(code)})"


def enqueueing_method(receiver: Any) -> str | None:
    """
    Return the name of the method that enqueues *receiver* if it is a task of Celery or Django.
    """
    try:
        for name, other in ((CELERYS_METHOD, "apply_async"), (DJANGOS_METHOD, "aenqueue")):
            if callable(getattr(receiver, name, None)) and hasattr(receiver, other):
                return name
    except Exception:  # noqa: BLE001 - raised by user code, so it is not a task
        return None
    return None


def is_method(receiver: object) -> bool:
    if type(receiver) is FunctionType:  # most are
        return False
    try:
        return hasattr(receiver, "__self__") and hasattr(receiver, "__func__")
    except Exception:  # noqa: BLE001 - raised by user code, so it is not a method
        return False


def is_async(receiver: Any) -> bool:
    """
    Return whether *receiver* is awaited; a callable object is if it was marked as such.
    """
    function = receiver.__func__ if type(receiver) is MethodType else receiver
    if type(function) is FunctionType and not (
        hasattr(function, _ASYNC_MARK)
        or (sys.version_info < (3, 13) and hasattr(function, _ASYNCIO_MARK))
    ):
        return bool(function.__code__.co_flags & _CO_COROUTINE)
    from inspect import iscoroutinefunction

    try:
        if sys.version_info < (3, 13):
            # Before Python 3.12, inspect cannot mark objects: asgiref marks them for asyncio. In
            # 3.12, mocks still do.
            coroutines = sys.modules.get("asyncio.coroutines")
            mark = getattr(coroutines, "_is_coroutine", None)
            if mark is not None and getattr(receiver, _ASYNCIO_MARK, None) is mark:
                return True
        return iscoroutinefunction(receiver) and not _is_imitation(receiver)
    except Exception:  # noqa: BLE001 - raised by user code, so it has no mark
        return False


def returns_coroutine(receiver: Any) -> bool:
    """
    Return whether calling *receiver* returns a coroutine: an object with an async ``__call__`` also
    does, but is not awaited by a send, which returns the coroutine to the sender.
    """
    return is_async(receiver) or is_async(getattr(type(receiver), "__call__", None))


def without_partials(receiver: Any) -> Any:
    """
    Return what *receiver* calls if it is a partial, otherwise *receiver*.
    """
    for _ in range(MOST_LAYERS):
        if not issubclass(type(receiver), partial):
            break
        receiver = receiver.func
    return receiver


def _is_imitation(receiver: Any) -> bool:
    """
    Return whether *receiver* only has a class and code like a function, as a mock with ``spec``.

    For ``inspect``, this is async whatever it imitates.
    """
    receiver = without_partials(receiver)
    if type(receiver) is MethodType:
        receiver = receiver.__func__
    flags = getattr(getattr(receiver, "__code__", None), "co_flags", 0)
    return not isinstance(flags, int)


def signature_of(function: Any, *, follow_wrapped: bool = True) -> Signature:
    """
    Return ``inspect.signature`` of *function*, without an error for names that do not exist.
    """
    from inspect import signature

    names: dict[str, Any] = {}
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        names["annotation_format"] = Format.FORWARDREF
    return signature(function, follow_wrapped=follow_wrapped, **names)
