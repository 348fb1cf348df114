"""
The system checks: receivers that will fail, and receivers that will never be called.

``manage.py check`` runs them, and so do most other commands before they start. They find what was
connected by then, which is all that happens in ``AppConfig.ready`` and at import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from typed_signals._connect.identity import receiver_key
from typed_signals._contract.refusal import refusal_of, signals_with_bad_receivers
from typed_signals._contract.rules import (
    BOUND_TWICE,
    CANNOT_TRAVEL,
    NO_KWARGS,
    NOT_A_RECEIVER,
    NOT_SENT,
    POSITIONAL_ONLY,
)
from typed_signals._declare.payload import UNDECLARED
from typed_signals._shared.callables import describe_receiver, is_method
from typed_signals._shared.messages import shown, signature_fix
from typed_signals._shared.policy import BAD_RECEIVER, WARN, action_for
from typed_signals.exceptions import DeclarationError

from ._builtin_payloads import payload_of
from ._find_signals import find_signals, signal_name
from ._live_connections import connections_of
from ._senders import find_mistake
from ._set_up import (
    check_deployment,
    enqueuing_of,
    joined,
    messages_of_set_up,
    problem_with_setting,
    refusal_of_enqueuing,
    sentence,
)
from ._setting import setting_problems

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from typed_signals._contract.rules import Problem
    from typed_signals._declare.payload import Payload

    from ._live_connections import Listed

TAG: Final = "typed_signals"

_ID_OF_PROBLEM: Final = {
    NO_KWARGS: "typed_signals.E001",
    POSITIONAL_ONLY: "typed_signals.E002",
    NOT_SENT: "typed_signals.E003",
    BOUND_TWICE: "typed_signals.E004",
    CANNOT_TRAVEL: "typed_signals.E008",
}
WRONG_DECLARATION: Final = "typed_signals.E005"
NOT_A_CALLABLE: Final = "typed_signals.E006"
INVALID_SETTING: Final = "typed_signals.E007"
NOT_IN_BACKGROUND: Final = "typed_signals.E008"
# With "warn" in the setting, E001 to E004 and E008 are warnings.
_ID_OF_WARNING: Final = {
    kind: check_id.replace("E00", "W01") for kind, check_id in _ID_OF_PROBLEM.items()
}
NOT_ALWAYS_SENT: Final = "typed_signals.W001"
IN_WRAPPED: Final = "typed_signals.W006"
NOT_CHECKED: Final = "typed_signals.W007"


def register() -> None:
    """
    Register the checks with Django; a second call has no effect.
    """
    checks.register(check_setting, TAG, checks.Tags.signals)
    checks.register(check_connections, TAG, checks.Tags.signals)
    checks.register(check_deployment, TAG, checks.Tags.signals, deploy=True)


def check_setting(
    app_configs: Sequence[Any] | None = None,  # noqa: ARG001 - a setting belongs to no app
    **_kwargs: Any,
) -> list[checks.CheckMessage]:
    """
    Return the problems of the setting ``TYPED_SIGNALS``.
    """
    problems = list(setting_problems())
    if not problems and (problem := problem_with_setting()) is not None:
        problems = [problem]
    return [checks.Error(sentence(said), id=INVALID_SETTING) for said in problems]


def check_connections(
    app_configs: Sequence[Any] | None = None,  # noqa: ARG001 - a signal belongs to no app
    **_kwargs: Any,
) -> list[checks.CheckMessage]:
    """
    Return the problems of the connections of all known signals.

    Never raises, because most commands run it.
    """
    messages = [
        message
        for name, signal, connections in connections_of(_signals())
        for message in _messages(signal, name, connections)
    ]
    return joined(messages)


def _signals() -> list[tuple[str, Any]]:
    """
    Return the name and the signal for each known signal: also for those without a name to which
    ``connect`` connected a receiver that it would have refused by default.
    """
    named = find_signals()
    known = {id(signal) for _, signal in named}
    others = [signal for signal in signals_with_bad_receivers() if id(signal) not in known]
    return [*named, *((signal_name(signal), signal) for signal in others)]


def _messages(signal: Any, name: str, connections: list[Listed]) -> Iterator[checks.CheckMessage]:
    """
    Yield the problems of *signal* and of its *connections*.
    """
    payload = UNDECLARED
    try:
        payload = payload_of(signal)
    except DeclarationError as error:
        said = str(error).removeprefix(f"{name}: ")
        obj = f"{name} ({signal._declaration.place})"
        yield checks.Error(sentence(said), obj=obj, id=WRONG_DECLARATION)
    reported: set[tuple[Hashable, str]] = set()
    for listed in connections:
        receiver = listed.connection.receiver
        try:
            found = list(_messages_of(signal, name, payload, listed, connections))
        except Exception as error:  # noqa: BLE001 - raised by user code
            found = [_not_checked(error, name, describe_receiver(receiver))]
        for message in found:
            # A receiver may be connected to many senders.
            if (key := (receiver_key(receiver, None), str(message))) not in reported:
                reported.add(key)
                yield message


def _messages_of(
    signal: Any, name: str, payload: Payload, listed: Listed, connections: list[Listed]
) -> Iterator[checks.CheckMessage]:
    """
    Yield the problems of one of the *connections* of *signal*.
    """
    receiver = listed.connection.receiver
    described = describe_receiver(receiver)
    enqueuing = enqueuing_of(listed.connection)
    if enqueuing is not None:
        refusal = refusal_of_enqueuing(signal, name, enqueuing)
        yield from messages_of_set_up(name, described, enqueuing)
    else:
        # The payload of a signal without a declaration is not known.
        is_known = payload is not UNDECLARED or not callable(receiver)
        refusal = refusal_of(receiver, payload) if is_known else None
    if refusal is not None and refusal.cause is not None:
        yield _not_checked(refusal.cause, name, described)
    elif refusal is not None:
        for problem in refusal.problems:
            yield _message_of(
                problem,
                name,
                described,
                is_method=is_method(receiver),
                in_background=enqueuing is not None,
            )
    if (mistake := find_mistake(signal, name, listed, connections)) is not None:
        yield checks.Warning(
            f"Connected to {name} {mistake.what}.",
            hint=mistake.fix,
            obj=described,
            id=mistake.check_id,
        )


def _message_of(
    problem: Problem, name: str, described: str, *, is_method: bool, in_background: bool
) -> checks.CheckMessage:
    """
    Return the message for a *problem* of the receiver *described*.
    """
    if problem.kind == NOT_A_RECEIVER:
        what, _, fix = problem.what.partition(". " if ". " in problem.what else ": ")
        what = f"Connected to {name}: {what}."
        check_id = NOT_IN_BACKGROUND if in_background else NOT_A_CALLABLE
        return checks.Error(what, hint=sentence(fix), obj=described, id=check_id)
    what, fix = f"Connected to {name}: {problem.what.removesuffix('.')}.", sentence(problem.fix)
    if problem.in_wrapped:
        hint = f"{fix} {signature_fix(is_method=is_method)}."
        return checks.Warning(what, hint=hint, obj=described, id=IN_WRAPPED)
    if problem.is_certain and _is_only_warned(name):
        return checks.Warning(what, hint=fix, obj=described, id=_ID_OF_WARNING[problem.kind])
    if problem.is_certain:
        return checks.Error(what, hint=fix, obj=described, id=_ID_OF_PROBLEM[problem.kind])
    # Some projects never send some keys, such as that for ASGI of request_started.
    return checks.Warning(what, hint=fix, obj=described, id=NOT_ALWAYS_SENT)


def _is_only_warned(name: str) -> bool:
    """
    Return whether a bad receiver of the signal of that *name* is only warned about.
    """
    try:
        return action_for(BAD_RECEIVER, name) == WARN
    except ImproperlyConfigured:  # see check_setting
        return False


def _not_checked(error: Exception, name: str, described: str) -> checks.CheckMessage:
    return checks.Warning(
        f"Connected to {name}, but not checked: inspecting it or its sender raised {shown(error)}.",
        hint=f"All others were checked. If sends work, silence {NOT_CHECKED}.",
        obj=described,
        id=NOT_CHECKED,
    )
