"""
The receiver contract: the names of parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals._contract.rules import find_problems
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Reason
from typed_signals.mypy.lib.extra_items import payload_with_more

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
    payload = payload_with_more(target.signal, parameters.required, api)
    by_position = target.signal.is_blinkers
    problems = find_problems(payload, parameters, sender_by_position=by_position)
    return [Reason(codes.BY_PROBLEM[problem.kind], problem.text) for problem in problems]
