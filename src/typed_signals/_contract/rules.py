"""
May a receiver be connected? The rules that ``connect`` and the mypy plugin share.

A receiver is called as ``receiver(signal=signal, sender=sender, **payload)``. Both readers convert
the parameters of a callable to :class:`Parameters`, ``connect`` from the object and the plugin from
its type, and use these rules.
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
    The parameters of a callable, as far as they matter for a call with keyword arguments only.

    Attributes:
        positional_only: names of positional-only parameters without a default.
        required: names of parameters without a default that accept a keyword argument.
        optional: names of parameters with a default that accept a keyword argument.
        bound: names of parameters already bound by position: ``self``, or those of a partial.
        var_keyword: whether there is a ``**kwargs``.
        misbound: whether the bound arguments do not match, as for a method without ``self``.
        placeholder: whether a ``functools.Placeholder`` needs a positional argument.
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
        Whether they are only ``*args, **kwargs``.
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
    A reason to refuse a receiver: a sentence, and its kind.

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
    Return whether every send of *payload* passes all *required* names, and no *bound* name.

    No other checks are needed for a callable that accepts any keyword argument and has no
    positional-only parameters. For an open payload, only the declared keys count.

    Args:
        payload: the payload.
        required: names of parameters without a default.
        bound: names of parameters already bound by position.
        sender_by_position: whether only the payload is passed by keyword.
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
    Return why a callable with *parameters* does not accept every send of *payload*.

    An empty list means that it accepts every send that :meth:`Payload.accepts` allows.
    For an open payload, only the declared keys count.

    Args:
        payload: the payload.
        parameters: the parameters of the callable.
        bound: the parameters bound by position in any callable that gets the same
            arguments, as the ``__new__`` and the ``__init__`` of a class do.
        sender_by_position: whether it is called as ``receiver(sender, **payload)``, as in blinker;
            then the parameter for the sender is one of the bound parameters.
    """
    problems: list[Problem] = []
    if not parameters.var_keyword and (
        text := _without_kwargs(payload, parameters, sender_by_position=sender_by_position)
    ):
        problems.append(Problem(NO_KWARGS, text))
    if names := parameters.positional_only:
        text = (
            f"receivers are called by keyword, so {listed(names)} cannot be positional-only: "
            "remove the '/' or add a default"
        )
        problems.append(Problem(POSITIONAL_ONLY, text))
    if parameters.placeholder:
        text = (
            "functools.Placeholder needs a positional argument, but receivers are called with "
            "keyword arguments: use a value instead, or bind the other arguments by keyword"
        )
        problems.append(Problem(POSITIONAL_ONLY, text))
    for name in parameters.required:
        if not fits(payload, (name,), sender_by_position=sender_by_position):
            text = _not_always_sent(name, payload, parameters)
            problems.append(Problem(NOT_SENT, text, is_certain=name not in payload.keys))
        elif name in bound and name not in payload.passed:
            text = f"{name!r} is required, but also bound by position: rename one of the two"
            problems.append(Problem(BOUND_TWICE, text))
    if parameters.misbound:
        text = (
            "the arguments that are already bound do not match its parameters: "
            "add 'self' to the method, or fix the partial"
        )
        problems.append(Problem(BOUND_TWICE, text))
    for name in () if parameters.placeholder else parameters.bound:
        if not fits(payload, (), (name,), sender_by_position=sender_by_position):
            text = (
                f"{shown(name)} is sent by keyword, but already bound by position: "
                "rename the parameter or make it positional-only"
            )
            problems.append(Problem(BOUND_TWICE, text))
    return problems


def _without_kwargs(
    payload: Payload, parameters: Parameters, *, sender_by_position: bool
) -> str | None:
    """
    Return why a callable without ``**kwargs`` is refused; with blinker, it may name all keys.
    """
    if not sender_by_position:
        # The first sentence is Django's.
        return "Signal receivers must accept keyword arguments (**kwargs): add **kwargs"
    taken = {*parameters.required, *parameters.optional}
    left = [key for key in (*payload.required, *payload.optional) if key not in taken]
    if left:
        return f"it does not accept {listed(left)}: add **kwargs"
    return "a send may pass undeclared keys: add **kwargs" if payload.open else None


def _not_always_sent(name: str, payload: Payload, parameters: Parameters) -> str:
    """
    Return the problem of a required parameter *name* that is not always sent.
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
    return f"{shown(name)} is never sent ({payload.name} does not declare it): {fix}"
