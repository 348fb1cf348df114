"""
Parameters with a default that is all they ever get; reported only where the code is turned on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.types import Instance, get_proper_type

from typed_signals._shared.messages import RESERVED_KEYS

from . import _codes
from ._callables import PARTIAL, callables_of, parameters_of
from ._extra_items import may_carry_more
from ._receivers import place_of

if TYPE_CHECKING:
    from mypy.plugin import MethodContext
    from mypy.types import Type

    from ._receivers import Target


def reports_unsent(ctx: MethodContext) -> bool:
    """
    Tell whether the code is turned on.
    """
    return _codes.UNSENT in ctx.api.options.enabled_error_codes


def check_unsent(ctx: MethodContext, targets: list[Target], receiver: Type) -> None:
    """
    Report the parameters of *receiver* that none of *targets* carries.
    """
    if not reports_unsent(ctx) or _is_partial(receiver):
        return
    signatures = callables_of(receiver)
    if len(signatures) != 1 or any(may_carry_more(target.signal, ctx.api) for target in targets):
        return
    module = ctx.api.tree  # type: ignore[attr-defined]  # the checker's, in all versions
    carried = {key for target in targets for key in target.signal.types}
    names = " or ".join(dict.fromkeys(target.name for target in targets))
    for name in parameters_of(signatures[0], module).optional:
        if name not in carried and name not in RESERVED_KEYS:
            text = (
                f"{name!r} is never sent by {names}, so it always has its default: "
                "remove the parameter"
            )
            ctx.api.fail(text, place_of(ctx), code=_codes.UNSENT)


def _is_partial(receiver: Type) -> bool:
    """
    Tell whether *receiver* is a partial: its type does not say which keywords are bound, and
    binding them is what such a parameter is for.
    """
    instance = get_proper_type(receiver)
    return isinstance(instance, Instance) and instance.type.fullname == PARTIAL
