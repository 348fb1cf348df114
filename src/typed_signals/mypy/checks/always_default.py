"""
Parameters that always have their default; only reported if the code is enabled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals._shared.messages import DELIVERY_NAME, RESERVED_KEYS, suggest
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint
from typed_signals.mypy.lib.extra_items import may_carry_more
from typed_signals.mypy.lib.parameters import callables_of, parameters_of
from typed_signals.mypy.lib.partials import is_partial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.plugin import CheckerPluginInterface

    from typed_signals.mypy.lib.arguments import CheckedReceiver
    from typed_signals.mypy.lib.targets import Target


def reports_unsent(api: CheckerPluginInterface) -> bool:
    """
    Return whether the code is enabled.
    """
    return codes.UNSENT in api.options.enabled_error_codes


def find_unsent(receiver: CheckedReceiver, targets: list[Target]) -> Iterator[Complaint]:
    """
    Yield the parameters of *receiver* that no signal in *targets* declares.

    A partial may bind such a parameter.
    """
    if not reports_unsent(receiver.api) or is_partial(receiver.type):
        return
    signatures = callables_of(receiver.type)
    if len(signatures) != 1 or any(
        may_carry_more(target.signal, receiver.api) for target in targets
    ):
        return
    carried = {key for target in targets for key in target.signal.types}
    if any(target.may_be_background for target in targets):
        carried.add(DELIVERY_NAME)
    names = " or ".join(dict.fromkeys(target.name for target in targets))
    parameters = parameters_of(signatures[0], receiver.module, receiver.api)
    free = carried.difference(parameters.required, parameters.optional)
    for name in parameters.optional:
        if name not in carried and name not in RESERVED_KEYS:
            meant = suggest(name, free)
            fix = f"did you mean {meant!r}?" if meant else "remove the parameter"
            text = f"{name!r} is never sent by {names}, so it always has its default: {fix}"
            yield Complaint(codes.UNSENT, text, receiver.place)
