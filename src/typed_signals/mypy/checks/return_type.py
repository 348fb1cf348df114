"""
The return type of a receiver, if the signal declares a response type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy.types import AnyType, Instance, NoneType, Type, get_proper_type

from typed_signals._shared.messages import NOT_AWAITED_ON_COMMIT
from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import is_assignable, quoted
from typed_signals.mypy.lib.complaints import Reason
from typed_signals.mypy.lib.parameters import definition_of

from .never_run import called_function, find_never_run, is_certainly_async, uses_responses

if TYPE_CHECKING:
    from mypy.types import CallableType

    from typed_signals.mypy.lib.arguments import CheckedReceiver
    from typed_signals.mypy.lib.declared_types import SignalType
    from typed_signals.mypy.lib.targets import Target

    from .never_run import NeverRun

_NOT_AWAITED_BY_CELERY: Final = "it is async, but Celery does not await it: use 'def'"


def find_wrong_response(
    target: Target, signature: CallableType, receiver: CheckedReceiver
) -> list[Reason]:
    """
    Return the error in the return type of a receiver, or in how it returns.
    """
    if target.is_on_commit:
        return _find_not_called(signature, receiver)
    if target.is_background:
        never_run = find_never_run(receiver, signature)
        return [] if never_run is None else [Reason(codes.RESPONSE, never_run.text)]
    if not target.is_answered:
        return []
    if target.signal.is_celerys and is_certainly_async(receiver, signature):
        return [Reason(codes.RESPONSE, _NOT_AWAITED_BY_CELERY)]
    api, response = receiver.api, get_proper_type(target.signal.response)
    never_run = find_never_run(receiver, signature)
    if never_run is not None and not _is_used(target, never_run, receiver):
        return [Reason(codes.RESPONSE, never_run.text)]
    if isinstance(response, AnyType) or _is_unused(target.signal):
        return []
    possible = _responses_of(signature, receiver)
    if not possible or any(is_assignable(returned, response, api) for returned in possible):
        return []
    returned = possible[0]
    wanted = quoted(target.signal.response, api)
    text = f"it returns {quoted(returned, api)}, but {target.name} expects {wanted}"
    return [Reason(codes.RESPONSE, f"{text}: return {wanted}")]


def _find_not_called(signature: CallableType, receiver: CheckedReceiver) -> list[Reason]:
    """
    Return the error of a receiver that is called on commit, without a sender.
    """
    if is_certainly_async(receiver, signature):
        return [Reason(codes.NOT_CONNECTABLE, NOT_AWAITED_ON_COMMIT)]
    never_run = find_never_run(receiver, signature)
    return [] if never_run is None else [Reason(codes.RESPONSE, never_run.text)]


def _is_used(target: Target, never_run: NeverRun, receiver: CheckedReceiver) -> bool:
    """
    Return whether the sender may await or iterate what a receiver returns.
    """
    response = get_proper_type(target.signal.response)
    if _is_unused(target.signal):
        return False
    if isinstance(response, AnyType):
        # A project may iterate the responses of its own signals, or await them.
        return never_run.is_stated or uses_responses(receiver)
    return never_run.is_stated or is_assignable(never_run.returned, response, receiver.api)


def _is_unused(signal: SignalType) -> bool:
    """
    Return whether a function declares *signal* and returns None: responses are not used.
    """
    return signal.typed_dict is None and isinstance(get_proper_type(signal.response), NoneType)


def _responses_of(signature: CallableType, receiver: CheckedReceiver) -> list[Type]:
    """
    Return the types one of which is that of the response of a receiver; none if it is unknown.
    """
    returned = get_proper_type(signature.ret_type)
    if not (isinstance(returned, Instance) and returned.type.has_readable_member("__await__")):
        return [] if isinstance(returned, AnyType) else [returned]
    # Only functions with "async def" are awaited.
    definition = definition_of(signature)
    if definition is not None and definition.is_coroutine:
        # An object is only awaited if it is marked as async.
        unmarked = [returned] if isinstance(get_proper_type(receiver.type), Instance) else []
        return [*returned.args[-1:], *unmarked]
    # A decorator may have returned an async function.
    return [] if called_function(receiver, signature) is None else [returned]
