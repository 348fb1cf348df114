"""
May a receiver be connected? The one verdict that ``connect`` and the mypy plugin share.

Receivers are called ``receiver(signal=signal, sender=sender, **payload)``. Both readers bring a
callable's parameters into the form of :class:`Parameters`, the run time from the object and the
plugin from its type, and ask here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typed_signals._shared.messages import listed, shown, suggest

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from typed_signals._declare.payload import Payload


@final
class Parameters:
    """
    What matters of a callable's parameters when it is called with keywords only.

    Attributes:
        positional_only: names of positional-only parameters without a default.
        required: names of parameters without a default that take a keyword.
        optional: names of parameters with a default that take a keyword.
        bound: names of parameters already filled by position: ``self``, or those of a partial.
        var_keyword: whether there is a ``**kwargs``.
        misbound: whether what is already filled does not fit, as for a method without ``self``.
        placeholder: whether a ``functools.Placeholder`` is to be replaced by position.
    """

    __slots__ = (
        "bound",
        "misbound",
        "optional",
        "placeholder",
        "positional_only",
        "required",
        "var_keyword",
    )

    def __init__(
        self,
        positional_only: Sequence[str],
        required: Sequence[str],
        optional: Sequence[str],
        bound: Sequence[str],
        *,
        var_keyword: bool,
        misbound: bool = False,
        placeholder: bool = False,
    ) -> None:
        self.positional_only = positional_only
        self.required = required
        self.optional = optional
        self.bound = bound
        self.var_keyword = var_keyword
        self.misbound = misbound
        self.placeholder = placeholder

    @property
    def pass_through(self) -> bool:
        """
        Whether they are just ``*args, **kwargs``.
        """
        return self.var_keyword and not (self.positional_only or self.required or self.optional)


# The kinds of problems; the plugin has an error code for each, and Django's check an id.
NO_KWARGS: Final = "kwargs"
POSITIONAL_ONLY: Final = "positional"
NOT_SENT: Final = "parameter"
BOUND_TWICE: Final = "bound"


@final
class Problem:
    """
    One reason to refuse a receiver: a sentence, and its kind.

    Attributes:
        kind: one of the above.
        text: the sentence: what is wrong, and after a colon how to fix it.
        is_certain: whether no send could be received; else some could.
    """

    __slots__ = ("is_certain", "kind", "text")

    def __init__(self, kind: str, text: str, *, is_certain: bool = True) -> None:
        self.kind = kind
        self.text = text
        self.is_certain = is_certain


def fits(
    payload: Payload,
    required: Iterable[str],
    bound: Iterable[str] = (),
    *,
    sender_by_position: bool = False,
) -> bool:
    """
    Return whether every send of *payload* passes what is *required*, and none what is *bound*.

    Of a callable that takes arbitrary keywords, and nothing by position only, there is no more to
    ask. For an open payload, only what is known of it counts.

    Args:
        payload: what is sent.
        required: names of parameters without a default.
        bound: names of parameters already filled by position.
        sender_by_position: whether nothing but the payload is passed by keyword.
    """
    if sender_by_position:
        always, passed = payload.required_keys, payload.keys
    else:
        always, passed = payload.always, payload.passed
    if payload.complete:
        is_filled = always.issuperset(required)
    else:
        is_filled = payload.uncertain.isdisjoint(required)
    return is_filled and (not bound or passed.isdisjoint(bound))


def find_problems(
    payload: Payload,
    parameters: Parameters,
    *,
    bound: Container[str] = (),
    sender_by_position: bool = False,
) -> list[Problem]:
    """
    Return why a callable with *parameters* could not take every send of *payload*.

    An empty list means that every send that :meth:`Payload.accepts` can be received.
    For an open payload, only what is known of it counts.

    Args:
        payload: what is sent.
        parameters: of the callable.
        bound: the parameters that are bound by position in any callable that gets the same
            arguments, as the ``__new__`` and the ``__init__`` of a class do.
        sender_by_position: whether it is called ``receiver(sender, **payload)``, as blinker does;
            the parameter for the sender is then among those that are bound.
    """
    problems: list[Problem] = []
    if not parameters.var_keyword and (
        text := _without_kwargs(payload, parameters, sender_by_position=sender_by_position)
    ):
        problems.append(Problem(NO_KWARGS, text))
    if names := parameters.positional_only:
        text = (
            f"{listed(names)} is positional-only, but receivers are called by keyword: "
            "remove the '/' or give a default"
        )
        problems.append(Problem(POSITIONAL_ONLY, text))
    if parameters.placeholder:
        text = (
            "functools.Placeholder waits for a positional argument, but receivers are called by "
            "keyword: give the partial a value in its place, or bind the others by keyword"
        )
        problems.append(Problem(POSITIONAL_ONLY, text))
    for name in parameters.required:
        if not fits(payload, (name,), sender_by_position=sender_by_position):
            text = _not_always_sent(name, payload, parameters)
            problems.append(Problem(NOT_SENT, text, is_certain=name not in payload.keys))
        elif name in bound and name not in payload.passed:
            text = f"{name!r} is both required and bound by position: rename one of them"
            problems.append(Problem(BOUND_TWICE, text))
    if parameters.misbound:
        text = (
            "the arguments that are bound already do not fit its parameters: "
            "add 'self' to a method, or mend the partial"
        )
        problems.append(Problem(BOUND_TWICE, text))
    for name in () if parameters.placeholder else parameters.bound:
        if not fits(payload, (), (name,), sender_by_position=sender_by_position):
            text = (
                f"{shown(name)} is sent by keyword and already bound by position: "
                "rename the parameter or make it positional-only"
            )
            problems.append(Problem(BOUND_TWICE, text))
    return problems


def _without_kwargs(
    payload: Payload, parameters: Parameters, *, sender_by_position: bool
) -> str | None:
    """
    Return why a callable without ``**kwargs`` is refused; blinker's may name all there is.
    """
    if not sender_by_position:
        # The first sentence is Django's.
        return "Signal receivers must accept keyword arguments (**kwargs): add **kwargs"
    taken = {*parameters.required, *parameters.optional}
    left = [key for key in (*payload.required, *payload.optional) if key not in taken]
    if left:
        return f"{listed(left)} would not be taken: add **kwargs"
    return "more may be sent than is declared: add **kwargs" if payload.open else None


def _not_always_sent(name: str, payload: Payload, parameters: Parameters) -> str:
    """
    Return what is wrong with the required parameter called *name*, which not every send fills.
    """
    if name in payload.keys:
        return (
            f"{shown(name)} is not always sent (it is optional in {payload.name}): "
            "give the parameter a default"
        )
    meant = suggest(name, payload.keys.difference(parameters.required))
    if payload.open:
        fix = f"did you mean {shown(meant)}?" if meant else "give the parameter a default"
        return f"{shown(name)} is not always sent (it is an extra item of {payload.name}): {fix}"
    fix = f"did you mean {shown(meant)}?" if meant else "remove the parameter or give it a default"
    return f"{shown(name)} is never sent ({payload.name} does not carry it): {fix}"
