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
    from collections.abc import Container, Iterable, Iterator, Sequence

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
        misbound: how to fix the bound arguments if they do not match, as for a method without
            ``self``; empty if they match.
        needs_position: what needs a positional argument, like ``functools.Placeholder``; empty if
            nothing does.
        is_builtin: whether it is written in C, so that nobody can change it.
    """

    __slots__ = (
        "bound",
        "is_builtin",
        "misbound",
        "needs_position",
        "optional",
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
        misbound: str = "",
        needs_position: str = "",
        is_builtin: bool = False,
    ) -> None:
        self.positional_only = positional_only
        self.required = required
        self.optional = optional
        self.bound = bound
        self.var_keyword = var_keyword
        self.misbound = misbound
        self.needs_position = needs_position
        self.is_builtin = is_builtin

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
# Only of receivers in the background.
CANNOT_TRAVEL: Final = "background"
# Not about parameters: it has no code and no id.
NOT_A_RECEIVER: Final = "receiver"


# What needs a positional argument.
OF_PLACEHOLDER: Final = "functools.Placeholder"
OF_SINGLEDISPATCH: Final = "functools.singledispatch"

# How to fix bound arguments: of a method without ``self``, or ``cls``, and of a partial.
ADD_SELF: Final = "add 'self' to the method"
ADD_CLS: Final = "add 'cls' to the class method"
BIND_FEWER: Final = "bind fewer arguments by position"
BIND_ONCE: Final = "bind each parameter only once"


@final
class Problem:
    """
    A reason to refuse a receiver, and its kind.

    Attributes:
        kind: one of the above.
        what: what is wrong; with a full stop if it is a sentence of Django.
        fix: how to fix it; empty if *what* says it.
        is_certain: whether no send could be received; else some could.
        in_wrapped: whether it is only known from ``__wrapped__``. This is what was decorated, not
            what is called: a decorator may pass other arguments.
    """

    __slots__ = ("fix", "in_wrapped", "is_certain", "kind", "what")

    def __init__(self, kind: str, what: str, fix: str = "", *, is_certain: bool = True) -> None:
        self.kind = kind
        self.what = what
        self.fix = fix
        self.is_certain = is_certain
        self.in_wrapped = False

    @property
    def text(self) -> str:
        """
        Both parts, for messages.
        """
        if not self.fix:
            return self.what
        if self.what.endswith("."):
            return f"{self.what} {self.fix[:1].upper()}{self.fix[1:]}"
        return f"{self.what}: {self.fix}"


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
        what := _without_kwargs(payload, parameters, sender_by_position=sender_by_position)
    ):
        if parameters.is_builtin:
            # It cannot be changed, so its other problems do not matter.
            return [Problem(NO_KWARGS, what, "connect a function with **kwargs that calls it")]
        problems.append(Problem(NO_KWARGS, what, "add **kwargs"))
    problems += _positional_problems(parameters)
    for name in parameters.required:
        if not fits(payload, (name,), sender_by_position=sender_by_position):
            what, fix = _not_always_sent(name, payload, parameters)
            problems.append(Problem(NOT_SENT, what, fix, is_certain=name not in payload.keys))
        elif name in bound and name not in payload.passed:
            what = f"{name!r} is required, but also bound by position"
            problems.append(Problem(BOUND_TWICE, what, "rename one of the two"))
    if parameters.misbound:
        what = "the arguments that are already bound do not match its parameters"
        problems.append(Problem(BOUND_TWICE, what, parameters.misbound))
    for name in () if parameters.needs_position else parameters.bound:
        if not fits(payload, (), (name,), sender_by_position=sender_by_position):
            what = f"{shown(name)} is sent by keyword, but already bound by position"
            fix = "rename the parameter or make it positional-only"
            problems.append(Problem(BOUND_TWICE, what, fix))
    return problems


def _positional_problems(parameters: Parameters) -> Iterator[Problem]:
    """
    Yield the problems of parameters that cannot be passed by keyword.
    """
    if names := parameters.positional_only:
        what = f"receivers are called by keyword, so {listed(names)} cannot be positional-only"
        yield Problem(POSITIONAL_ONLY, what, "remove the '/' or add a default")
    if tool := parameters.needs_position:
        what = (
            f"{tool} needs a positional argument, but receivers are called with keyword arguments"
        )
        if tool == OF_PLACEHOLDER:
            fix = "use a value instead, or bind the other arguments by keyword"
        else:
            fix = "connect a function with **kwargs that calls it with a positional argument"
        yield Problem(POSITIONAL_ONLY, what, fix)


def _without_kwargs(
    payload: Payload, parameters: Parameters, *, sender_by_position: bool
) -> str | None:
    """
    Return why a callable without ``**kwargs`` is refused; with blinker, it may name all keys.
    """
    if not sender_by_position:
        return "Signal receivers must accept keyword arguments (**kwargs)."  # exactly Django's
    taken = {*parameters.required, *parameters.optional}
    left = [key for key in (*payload.required, *payload.optional) if key not in taken]
    if left:
        return f"it does not accept {listed(left)}"
    return "a send may pass undeclared keys" if payload.open else None


def _may_be_sender(parameters: Parameters) -> bool:
    """
    Return whether a callable has only one parameter and ``**kwargs``, as ``(store, **kwargs)``.
    """
    names = [*parameters.positional_only, *parameters.required, *parameters.optional]
    return len(names) == 1 and not parameters.bound and parameters.var_keyword


def _not_always_sent(name: str, payload: Payload, parameters: Parameters) -> tuple[str, str]:
    """
    Return the problem of a required parameter *name* that is not always sent, and the fix.
    """
    if name in payload.keys:
        what = f"{shown(name)} is not always sent (it is optional in {payload.name})"
        return what, "give the parameter a default"
    meant = suggest(name, payload.keys.difference(parameters.required))
    if payload.open:
        what = f"{shown(name)} is not always sent (it is an extra item of {payload.name})"
        fix = "give the parameter a default"
    else:
        what = f"{shown(name)} is never sent ({payload.name} does not declare it)"
        fix = "remove the parameter or give it a default"
        if name == "self":
            fix = "connect the bound method, in __init__ or where the object is created"
        elif name == "cls":
            fix = "connect the method of the class, after the class body"
        elif _may_be_sender(parameters):
            fix += ", or rename it to 'sender' if that is what it takes"
    return what, f"did you mean {shown(meant)}?" if meant else fix
