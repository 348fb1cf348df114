"""
The sends of a signal on Django's dispatcher.

They follow the routes in ``receivers``. Unless that is the list of another tool, or a tool has
replaced a method of Django that looks for receivers or calls them: then Django's own method sends.
"""

from __future__ import annotations

from asyncio import create_task
from typing import TYPE_CHECKING, Any, Final, Generic

from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.dispatch import Signal as DjangoSignal
from django.dispatch import dispatcher

from typed_signals._base import BaseSignal
from typed_signals._connect.table import ASK
from typed_signals._send.engine import PUBLIC, SENDS, Code, Engine
from typed_signals._send.loops import call
from typed_signals._send.plain import asend_to

from ._failing_receiver import note_failing
from ._live_connections import djangos_own
from ._routes import live_receivers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals._send.loops import Receiver, Responses

ORIGINAL: Final = {method: djangos_own(DjangoSignal, method) for method in SENDS}
LIVE_RECEIVERS: Final = djangos_own(DjangoSignal, "_live_receivers")

# Since Django 6.1, async receivers share one context, and a failure cancels the others, as in the
# core. Before, Django passes them and the sync ones to asyncio.gather().
_AWAITS_LIKE_CORE: Final = hasattr(dispatcher, "_run_parallel")


class DjangoSends:
    """
    The send methods of signals on Django's dispatcher, for any payload.

    It has no base class in common with that of the core: type checkers would find it, instead of
    ``BaseSignal``, for a list of signals of both.
    """

    __slots__ = ()


def _send_by_route(signal: Any, method: str, sender: object, payload: dict[str, Any]) -> Responses:
    receivers = receivers_to_call(signal, method, sender)
    if receivers is None:
        try:
            responses: Responses = _djangos(signal, method)(sender, **payload)
        except (Exception, BaseExceptionGroup) as error:
            note_failing(error, signal, method)
            raise
        return responses
    return send_to(signal, method, sender, receivers, payload)


def send_to(
    signal: Any,
    method: str,
    sender: object,
    receivers: tuple[list[Receiver], list[Receiver]],
    payload: dict[str, Any],
) -> Responses:
    """
    Run a sync *method*.

    Args:
        signal: the signal.
        method: the send.
        sender: who sends.
        receivers: the sync and the async ones.
        payload: the accepted payload.
    """
    sync, asynchronous = receivers
    arguments = {"signal": signal, "sender": sender, **payload}
    responses = call(method, sync, arguments)
    if asynchronous:
        from typed_signals._send.awaiting import wait_for_all

        responses += wait_for_all(method, asynchronous, arguments)
    return responses


async def _asend_by_route(
    signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    receivers = receivers_to_call(signal, method, sender)
    if receivers is not None:
        return await asend_to_found(signal, method, sender, receivers, payload)
    try:
        responses: Responses = await _djangos(signal, method)(sender, **payload)
    except (Exception, BaseExceptionGroup) as error:
        note_failing(error, signal, method)
        raise
    return responses


async def asend_to_found(
    signal: Any,
    method: str,
    sender: object,
    receivers: tuple[list[Receiver], list[Receiver]],
    payload: dict[str, Any],
) -> Responses:
    """
    Run an async *method* with the *receivers* that :func:`receivers_to_call` has found.
    """
    if _AWAITS_LIKE_CORE:
        return await asend_to(signal, method, sender, receivers, payload)
    _, asynchronous = receivers
    if asynchronous:
        from ._gather import gather

        return await gather(method, asynchronous, {"signal": signal, "sender": sender, **payload})
    if not any(receivers):
        return []
    # In a task, receivers change a copy of the context.
    return await create_task(asend_to(signal, method, sender, receivers, payload))


def _djangos(signal: Any, method: str) -> Any:
    """
    Return the *method* of *signal* that a class after ours defines: Django's or a tool's.
    """
    return getattr(super(BaseSignal, signal), method)


def unwatched_class(signal: Any) -> type:
    """
    Return the class of *signal*, or the one that it has while it is not watched.
    """
    cls = type(signal)
    return getattr(cls, PUBLIC, cls)


def receivers_to_call(
    signal: Any, method: str, sender: object
) -> tuple[list[Receiver], list[Receiver]] | None:
    """
    Return the sync and the async receivers to call; None if Django's *method* has to send.
    """
    cls: Any = unwatched_class(signal)
    is_untouched = (
        getattr(super(BaseSignal, cls), method) is ORIGINAL[method]
        and cls._live_receivers is LIVE_RECEIVERS
        and "_live_receivers" not in vars(signal)
    )
    receivers = live_receivers(signal, sender) if is_untouched else None
    if receivers is not None and not _AWAITS_LIKE_CORE:
        sync, asynchronous = receivers
        if asynchronous and (sync or not method.startswith("a")):
            return None
    return receivers


def find_route(method: str, cls: str = "_type(_self)") -> Sequence[str]:
    """
    Return the lines that set ``_functions`` and ``_methods`` to links, or to ASK.

    Args:
        method: the send.
        cls: the expression for the class of a signal that is not watched.
    """
    return [
        "try:",
        "    _functions, _methods, _0 = _self.receivers.routes.plan",
        f"    if _Django.{method} is not _djangos_{method}:",
        "        _functions = _methods = _ASK",
        "    elif _functions is None:",
        "        return []",
        f"    elif {cls}._live_receivers is not _live_receivers:",
        "        _functions = _methods = _ASK",
        "    elif _functions is _methods:",
        "        _functions, _methods, _0, _count = _0[_id(sender)]",
        "        if _0 is not None and _0() is not sender:",
        "            _functions = _methods = _ASK",
        "        elif _functions is None:",
        "            return []",
        # A tool has assigned a list.
        "except _AttributeError:",
        "    _functions = _methods = _ASK",
    ]


def _has_only_djangos_methods(signal: Any) -> bool:
    """
    Return whether no class of a tool comes between ours and Django's, and no tool has replaced the
    method of *signal* itself that finds receivers.

    Generated methods notice what a tool replaces in a class.
    """
    order = unwatched_class(signal).__mro__
    others = {*order[order.index(BaseSignal) + 1 :]}
    is_replaced = "_live_receivers" in vars(signal)
    return not is_replaced and others <= {DjangoModelSignal, DjangoSignal, Generic, object}


DJANGO: Final = Engine(
    sends=DjangoSends,
    send_dict=_send_by_route,
    asend_dict=_asend_by_route,
    code=Code(
        first=find_route,
        functions="_functions",
        methods="_methods",
        names={
            "_ASK": ASK,
            "_AttributeError": AttributeError,
            # Changes of both of Django's classes are visible there.
            "_Django": DjangoModelSignal,
            **{f"_djangos_{method}": ORIGINAL[method] for method in SENDS},
            "_id": id,
            "_live_receivers": LIVE_RECEIVERS,
            "_type": type,
        },
        label=" on Django",
    ),
    can_generate=_has_only_djangos_methods,
)
