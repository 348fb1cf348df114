"""
May this receiver run in the background? The reasons that ``connect`` does not have.

The verdict is the one of any receiver, on a payload that also has the ``delivery``; the refusal is
the same, too.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from typed_signals._contract.refusal import Refusal, refusal_of
from typed_signals._contract.rules import CANNOT_TRAVEL, Problem
from typed_signals._contract.signatures import read_parameters
from typed_signals._declare.keys import as_typed_dict, from_typed_dict, unpacked_type
from typed_signals._declare.payload import Payload
from typed_signals._shared.callables import (
    is_method,
    receiver_module,
    returns_coroutine,
    signature_of,
)
from typed_signals._shared.messages import (
    DELIVERY_NAME,
    IN_MAIN,
    ROW_GOES,
    ROW_IS_GONE,
    WITHOUT_NAME,
    cannot_travel_problem,
    class_name,
    not_awaited_problem,
    not_found_problem,
)
from typed_signals.exceptions import DeclarationError

from ._keys import keys_of, may_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._engine import Engine

# What their instance refers to is deleted when the receiver runs.
_BEFORE_DELETE: Final = "django.db.models.signals.pre_delete"
_AFTER_DELETE: Final = "django.db.models.signals.post_delete"


def with_delivery(payload: Payload) -> Payload:
    """
    Return *payload* with the argument that receivers in the background may also name.
    """
    if DELIVERY_NAME in payload.keys:
        return payload
    return Payload(
        payload.name,
        (*payload.required, DELIVERY_NAME),
        payload.optional,
        positional=payload.positional,
        open=not payload.complete,
        extra_items=payload.open,
    )


def refusal_in_background(
    signal: Any, signal_name: str, receiver: Any, engine: Engine | None
) -> Refusal | None:
    """
    Return why *receiver* cannot run in the background, or may not; None if it can.

    Args:
        signal: the signal.
        signal_name: its name.
        receiver: the receiver.
        engine: what runs it; None if it is not known yet.

    Raises:
        DeclarationError: the declaration of the signal is invalid.
    """
    keys = keys_of(signal)
    find_reason = partial(_find_reason, signal_name=signal_name, engine=engine)
    refusal = refusal_of(receiver, with_delivery(keys.payload), find_reason)
    if refusal is not None and refusal.is_final:
        return refusal
    problems = [] if refusal is None else list(refusal.problems)
    problems += _problems_with_keys(signal, signal_name, receiver)
    return Refusal(receiver, problems) if problems else None


def names_in(receiver: Any) -> dict[str, bool]:
    """
    Return the arguments that *receiver* names, and whether they are only known from
    ``__wrapped__``: those of its parameters, and the keys of ``**kwargs: Unpack[K]``.
    """
    names: dict[str, bool] = {}
    for parameters, in_wrapped in read_parameters(receiver):
        for name in (*parameters.required, *parameters.optional):
            names[name] = in_wrapped and names.get(name, True)
    # functools.wraps copies the annotation to the wrapper.
    in_wrapped = hasattr(receiver, "__wrapped__")
    for name in _unpacked(receiver):
        names.setdefault(name, in_wrapped)
    return names


def _unpacked(receiver: Any) -> Iterator[str]:
    function = getattr(receiver, "__func__", receiver)
    try:
        for parameter in signature_of(receiver).parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:
                stated = unpacked_type(parameter.annotation, function, parameter.name)
                if as_typed_dict(stated) is not None:
                    yield from from_typed_dict(as_typed_dict(stated)).keys
    except (TypeError, ValueError, DeclarationError):
        return  # it has no signature, or K is not a TypedDict


def _problems_with_keys(signal: Any, signal_name: str, receiver: Any) -> Iterator[Problem]:
    """
    Yield a problem for each name of *receiver* that does not travel.
    """
    keys = keys_of(signal)
    for name, in_wrapped in names_in(receiver).items():
        if name == "instance" and signal_name == _AFTER_DELETE:
            yield _problem(ROW_IS_GONE, in_wrapped=in_wrapped)
        elif (reason := keys.reason_against(name)) is not None and not (
            reason.may_change and may_change(signal)
        ):
            what, fix = cannot_travel_problem(name, reason.reason_about(name), reason.fix)
            yield _problem((what, fix), in_wrapped=in_wrapped)


def _problem(texts: tuple[str, str], *, in_wrapped: bool) -> Problem:
    problem = Problem(CANNOT_TRAVEL, *texts)
    problem.in_wrapped = in_wrapped
    return problem


def _find_reason(receiver: Any, *, signal_name: str, engine: Engine | None) -> str | None:
    if signal_name == _BEFORE_DELETE:
        return ": ".join(ROW_GOES)
    if "<" in signal_name:
        return WITHOUT_NAME
    if (what := _without_place(receiver)) is not None:
        return not_found_problem(what)
    if engine is None:
        return None
    modules = (receiver_module(receiver), signal_name.partition(".")[0])
    if "__main__" in modules and not engine.in_process:
        return IN_MAIN
    is_awaited = returns_coroutine(receiver)
    return not_awaited_problem(engine.name) if is_awaited and not engine.can_await else None


def _without_place(receiver: Any) -> str | None:
    """
    Return what *receiver* is if it has no name in a module; None if it has one.
    """
    if issubclass(type(receiver), partial):
        return "a functools.partial"
    if is_method(receiver):
        owner = receiver.__self__
        if not issubclass(type(owner), type):
            return f"the method of an instance of {class_name(owner)}"
        path: Any = f"{owner.__qualname__}.{receiver.__name__}"
    else:
        path = getattr(receiver, "__qualname__", None)
        if type(path) is not str or type(getattr(receiver, "__module__", None)) is not str:
            return f"an object of {class_name(receiver)} without a name"
    if "<lambda>" in path:
        return "a lambda"
    return f"the local function {path}" if "<locals>" in path else None
