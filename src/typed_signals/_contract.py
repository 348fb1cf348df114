"""
May a receiver be connected? The one verdict that ``connect`` and the mypy plugin share.

Receivers are called ``receiver(signal=signal, sender=sender, **payload)``. Both readers bring a
callable's parameters into the form of :class:`Parameters`, the run time from the object and the
plugin from its type, and ask here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ._words import RESERVED_KEYS, listed, suggest

if TYPE_CHECKING:
    from ._payload import Payload


class Parameters(NamedTuple):
    """
    What matters of a callable's parameters when it is called with keywords only.
    """

    positional_only: tuple[str, ...]
    """Names of positional-only parameters without a default."""

    required: tuple[str, ...]
    """Names of parameters without a default that take a keyword."""

    optional: tuple[str, ...]
    """Names of parameters with a default that take a keyword."""

    bound: tuple[str, ...]
    """Names of parameters already filled by position: ``self``, or those of a partial."""

    var_keyword: bool
    """Whether there is a ``**kwargs``."""

    misbound: bool = False
    """Whether what is already filled does not fit, as for a method without ``self``."""


# The kinds of problems; the plugin has an error code for each.
NO_KWARGS: Final = "kwargs"
POSITIONAL_ONLY: Final = "positional"
NOT_SENT: Final = "parameter"
BOUND_TWICE: Final = "bound"


class Problem(NamedTuple):
    """
    One reason to refuse a receiver.
    """

    kind: str
    text: str


def find_problems(payload: Payload, parameters: Parameters) -> list[Problem]:
    """
    Return why a callable with *parameters* could not take every send of *payload*.

    An empty list means that every send that :meth:`Payload.accepts` can be received.
    For an open payload, only what is known of it counts.
    """
    problems = []
    if not parameters.var_keyword:
        # The first sentence is Django's.
        text = "Signal receivers must accept keyword arguments (**kwargs): add **kwargs"
        problems.append(Problem(NO_KWARGS, text))
    if names := parameters.positional_only:
        text = (
            f"{listed(names)} is positional-only, but receivers are called by keyword: "
            "remove the '/' or give a default"
        )
        problems.append(Problem(POSITIONAL_ONLY, text))
    for name in parameters.required:
        if name in RESERVED_KEYS or name in payload.required_keys:
            continue
        if name in payload.keys:
            text = (
                f"{name!r} is not always sent (it is optional in {payload.name}): "
                "give the parameter a default"
            )
        elif payload.open:
            continue
        else:
            meant = suggest(name, payload.keys.difference(parameters.required))
            fix = (
                f"did you mean {meant!r}?" if meant else "remove the parameter or give it a default"
            )
            text = f"{name!r} is never sent ({payload.name} does not carry it): {fix}"
        problems.append(Problem(NOT_SENT, text))
    if parameters.misbound:
        text = (
            "the arguments that are bound already do not fit its parameters: "
            "add 'self' to a method, or mend the partial"
        )
        problems.append(Problem(BOUND_TWICE, text))
    for name in parameters.bound:
        if name in RESERVED_KEYS or name in payload.keys:
            text = (
                f"{name!r} is sent by keyword and already bound by position: "
                "rename the parameter or make it positional-only"
            )
            problems.append(Problem(BOUND_TWICE, text))
    return problems
