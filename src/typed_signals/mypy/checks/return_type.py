"""
The return type of a receiver, if the signal declares a response type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.types import AnyType, Instance, NoneType, Type, get_proper_type

from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import is_assignable, quoted
from typed_signals.mypy.lib.complaints import Reason
from typed_signals.mypy.lib.parameters import definition_of

if TYPE_CHECKING:
    from mypy.plugin import CheckerPluginInterface
    from mypy.types import CallableType

    from typed_signals.mypy.lib.declared_types import SignalType
    from typed_signals.mypy.lib.targets import Target


def find_wrong_response(
    target: Target, signature: CallableType, api: CheckerPluginInterface
) -> list[Reason]:
    """
    Return the error in the return type of a receiver.
    """
    if not target.is_answered or _is_unused(target.signal):
        return []
    returned = _response_of(signature)
    if returned is None or is_assignable(returned, target.signal.response, api):
        return []
    wanted = quoted(target.signal.response, api)
    text = f"it returns {quoted(returned, api)}, but {target.name} expects {wanted}"
    return [Reason(codes.RESPONSE, f"{text}: return {wanted}")]


def _is_unused(signal: SignalType) -> bool:
    """
    Return whether a function declares *signal* and returns None: responses are not used.
    """
    return signal.typed_dict is None and isinstance(get_proper_type(signal.response), NoneType)


def _response_of(signature: CallableType) -> Type | None:
    """
    Return the type of the response of a receiver; None if it is unknown.
    """
    returned = get_proper_type(signature.ret_type)
    if not (isinstance(returned, Instance) and returned.type.has_readable_member("__await__")):
        return None if isinstance(returned, AnyType) else returned
    # Only functions with "async def" are awaited.
    definition = definition_of(signature)
    if definition is not None and definition.is_coroutine:
        return returned.args[-1] if returned.args else None
    return None
