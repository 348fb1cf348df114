"""
A decorator of the project that connects the function under it: ``@on(post_save, Pizza)``.

The decorators of libraries are read in :mod:`.decorators`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.types import AnyType, Type, TypeOfAny

from typed_signals.mypy.checks.compatibility import find_refusals
from typed_signals.mypy.lib.arguments import Arguments, CheckedReceiver
from typed_signals.mypy.lib.bindings import bindings_of
from typed_signals.mypy.lib.complaints import report
from typed_signals.mypy.lib.known_signals import KnownSignals, signal_types
from typed_signals.mypy.lib.targets import target_of, written_name
from typed_signals.mypy.proofs.lookup import bare_function, proofs_for

if TYPE_CHECKING:
    from mypy.plugin import FunctionContext

    from typed_signals.mypy.lib.complaints import Complaint
    from typed_signals.mypy.lib.third_party import ThirdPartySignals
    from typed_signals.mypy.proofs.proof import Proofs


def check_registering(third_party: ThirdPartySignals, proofs: Proofs, ctx: FunctionContext) -> Type:
    """
    Check the function under such a decorator.

    Args:
        third_party: the declarations of signals of other packages.
        proofs: returns what is proven of the decorators in a module.
        ctx: the call that returns the decorator.
    """
    decorated = next(
        (
            each
            for each in bindings_of(ctx.api).decorators
            if ctx.context in each.original_decorators
        ),
        None,
    )
    if decorated is None:
        return ctx.default_return_type
    index = decorated.original_decorators.index(ctx.context)  # type: ignore[arg-type]
    at_def = ctx._replace(context=decorated)
    receiver = CheckedReceiver(at_def, ctx.context, AnyType(TypeOfAny.special_form))  # type: ignore[arg-type]
    proven = proofs_for(proofs, receiver, decorated)[index:]
    if not proven or not proven[0].signal or not all(proof.passes_on for proof in proven):
        return ctx.default_return_type
    known = KnownSignals(third_party, ctx.api)
    argument = Arguments(ctx, known.origins).expression_of(proven[0].signal)
    receiver = bare_function(receiver, decorated)
    unknown = AnyType(TypeOfAny.special_form)
    for cases in known.signals_of(argument) if argument is not None else ():
        complaints: list[list[Complaint]] = []
        for case in cases:
            signals = signal_types(known.declared_type(case, unknown))
            name = written_name(case)
            targets = [
                target_of(name, signal, unknown, is_weak=False, is_answered=False)
                for signal in signals
            ]
            complaints += [[*find_refusals(receiver, [target])] for target in targets] or [[]]
        if all(complaints):
            report(ctx.api, complaints[0])
    return ctx.default_return_type
