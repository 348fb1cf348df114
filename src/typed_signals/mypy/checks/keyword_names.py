"""
The receiver contract: the names of parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals._contract.rules import find_problems
from typed_signals._declare.payload import Payload
from typed_signals._shared.messages import RESERVED_KEYS
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Reason
from typed_signals.mypy.lib.extra_items import may_carry_more

if TYPE_CHECKING:
    from mypy.plugin import CheckerPluginInterface

    from typed_signals._contract.rules import Parameters
    from typed_signals.mypy.lib.targets import Target


def find_breaches(
    target: Target, parameters: Parameters, api: CheckerPluginInterface
) -> list[Reason]:
    """
    Return why a callable with *parameters* does not accept every send.
    """
    payload, by_position = target.signal.payload, target.signal.is_blinkers
    unsent = [
        name
        for name in parameters.required
        if name not in payload.keys and name not in RESERVED_KEYS
    ]
    if unsent and not payload.open and may_carry_more(target.signal, api):
        # With extra_items, mypy loses the keys of the functional syntax.
        payload = Payload(
            payload.name,
            payload.required,
            payload.optional,
            open=not payload.keys,
            extra_items=True,
        )
    problems = find_problems(payload, parameters, sender_by_position=by_position)
    return [Reason(codes.BY_PROBLEM[problem.kind], problem.text) for problem in problems]
