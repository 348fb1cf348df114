"""
Arguments of ``receiver(...)`` for receivers that are called on commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.types import Instance, get_proper_type

from typed_signals._shared.messages import ONLY_ON_DJANGO, WITHOUT_ON_COMMIT, on_django_problem
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.plugin import FunctionContext

    from typed_signals.mypy.lib.arguments import Arguments
    from typed_signals.mypy.lib.targets import Target


def find_wrong_options(
    ctx: FunctionContext, arguments: Arguments, targets: list[Target]
) -> Iterator[Complaint]:
    """
    Yield which argument of ``receiver(...)`` is not accepted.

    Args:
        ctx: the call.
        arguments: its arguments.
        targets: what it connects to.
    """
    if "on_commit" in ctx.callee_arg_names:
        using = get_proper_type(arguments.type_of("using"))
        is_given = isinstance(using, Instance) or arguments.is_true("robust")
        if is_given and not arguments.is_on_commit():
            yield Complaint(codes.NOT_CONNECTABLE, WITHOUT_ON_COMMIT, ctx.context)
        return
    given = [name for names in ctx.arg_names for name in names if name in ONLY_ON_DJANGO]
    # Another signal's connect() may accept them.
    if given and targets and all(target.signal.connects_as_ours for target in targets):
        text = (
            f"connect() of {targets[0].name}: got an unexpected keyword argument {given[0]!r}: "
            f"{on_django_problem(given[0])}"
        )
        yield Complaint(codes.NOT_CONNECTABLE, text, ctx.context)
