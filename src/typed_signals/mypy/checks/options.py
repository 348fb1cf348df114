"""
Arguments of ``receiver(...)`` for receivers that are called on commit, or in the background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.nodes import StrExpr
from mypy.plugin import MethodContext
from mypy.types import Instance, TupleType, get_proper_type

from typed_signals._shared.messages import (
    NOW,
    ON_COMMIT,
    ON_COMMIT_IN_BACKGROUND,
    ONLY_ON_DJANGO,
    SCHEDULES,
    WITHOUT_BACKGROUND,
    WITHOUT_ON_COMMIT,
    dispatch_uid_problem,
    not_with_schedule_problem,
    on_django_problem,
    schedule_problem,
)
from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import is_assignable, quoted
from typed_signals.mypy.lib.complaints import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.plugin import FunctionContext

    from typed_signals.mypy.lib.arguments import Arguments
    from typed_signals.mypy.lib.targets import Target


def find_wrong_options(
    ctx: FunctionContext | MethodContext, arguments: Arguments, targets: list[Target]
) -> Iterator[Complaint]:
    """
    Yield which argument of ``receiver(...)`` is not accepted.

    Args:
        ctx: the call.
        arguments: its arguments.
        targets: what it connects to.
    """
    names = ctx.callee_arg_names
    given = [name for names in ctx.arg_names for name in names if name in ONLY_ON_DJANGO]
    if "background" not in names and "queue" not in names:
        # Another signal's connect() may accept them.
        if given and targets and all(target.signal.connects_as_ours for target in targets):
            text = (
                f"connect() of {targets[0].name}: got an unexpected keyword argument {given[0]!r}: "
                f"{on_django_problem(given[0])}"
            )
            yield Complaint(codes.NOT_CONNECTABLE, text, ctx.context)
        return
    if isinstance(ctx, MethodContext) or arguments.is_background():
        yield from _wrong_in_background(ctx, arguments)
    elif arguments.may_be_true("background"):
        pass
    elif {"enqueue", "queue", "priority"}.intersection(given):
        yield Complaint(codes.IN_BACKGROUND, WITHOUT_BACKGROUND, ctx.context)
    else:
        using = get_proper_type(arguments.type_of("using"))
        is_given = isinstance(using, Instance) or arguments.is_true("robust")
        if is_given and not arguments.may_be_true("on_commit"):
            yield Complaint(codes.NOT_CONNECTABLE, WITHOUT_ON_COMMIT, ctx.context)


def _wrong_in_background(
    ctx: FunctionContext | MethodContext, arguments: Arguments
) -> Iterator[Complaint]:
    if arguments.is_true("on_commit"):
        yield Complaint(codes.IN_BACKGROUND, ON_COMMIT_IN_BACKGROUND, ctx.context)
    enqueue = arguments.expression_of("enqueue")
    if isinstance(enqueue, StrExpr):
        using = get_proper_type(arguments.type_of("using"))
        problem = None
        if enqueue.value not in SCHEDULES:
            problem = schedule_problem(enqueue.value)
        elif enqueue.value == NOW and isinstance(using, Instance):
            problem = not_with_schedule_problem("using", NOW)
        elif enqueue.value != ON_COMMIT and arguments.is_true("robust"):
            problem = not_with_schedule_problem("robust", enqueue.value)
        if problem is not None:
            yield Complaint(codes.IN_BACKGROUND, problem, ctx.context)
    uid = get_proper_type(arguments.type_of("dispatch_uid"))
    text = ctx.api.named_generic_type("builtins.str", [])
    # A string may be of any type that accepts strings.
    if isinstance(uid, (Instance, TupleType)) and not (
        is_assignable(uid, text, ctx.api) or is_assignable(text, uid, ctx.api)
    ):
        problem = dispatch_uid_problem(quoted(uid, ctx.api))
        yield Complaint(codes.IN_BACKGROUND, problem, ctx.context)
