"""
The system checks of receivers in the background.

Their engine may only be known when all apps are ready, so ``connect`` does not find all of this.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from typed_signals._shared.messages import shown

from ._find_signals import find_signals
from ._live_connections import connections_of
from ._setting import BACKGROUND, NAME, stated_background

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from typed_signals._connect.connection import Connection
    from typed_signals._contract.refusal import Refusal
    from typed_signals.background import Engine, Options
    from typed_signals.background._connected import Enqueuing

WRONG_SCHEDULE: Final = "typed_signals.E009"
CANNOT_ENQUEUE: Final = "typed_signals.E010"
LOSES_DELIVERIES: Final = "typed_signals.W008"
WRONG_SET_UP: Final = "typed_signals.W009"


def enqueuing_of(connection: Connection) -> Enqueuing | None:
    """
    Return what is connected if the receiver runs in the background; None if it does not.
    """
    if "typed_signals.background" not in sys.modules:
        return None
    from typed_signals.background._connected import Enqueuing  # is imported

    connected = connection._connected()
    return connected if type(connected) is Enqueuing else None


def refusal_of_enqueuing(signal: Any, name: str, enqueuing: Enqueuing) -> Refusal | None:
    """
    Return why the receiver of *enqueuing* cannot run in the background; None if it can.

    Args:
        signal: the signal.
        name: its name.
        enqueuing: what is connected.

    Raises:
        DeclarationError: the declaration of *signal* is invalid.
    """
    from typed_signals.background._check import refusal_in_background  # is imported

    engine = enqueuing.background.known_engine
    return refusal_in_background(signal, name, enqueuing.receiver, engine)


def problem_with_setting() -> str | None:
    """
    Return why the engine that the setting states cannot be used; None if it can.
    """
    try:
        if stated_background() is None:
            return None
        from ._enqueue import engine_in_setting  # slow to import, and rarely needed

        engine_in_setting()
    except ImproperlyConfigured as error:
        return str(error)
    except ImportError as error:  # without msgspec
        return f"{NAME}[{BACKGROUND!r}] cannot be used, because importing it raised {shown(error)}"
    return None


def messages_of_set_up(
    name: str, described: str, enqueuing: Enqueuing
) -> Iterator[checks.CheckMessage]:
    """
    Yield what is wrong with the set-up of the engine for a receiver in the background.

    Args:
        name: the name of the signal.
        described: the receiver.
        enqueuing: what is connected.
    """
    from ._enqueue import InTransaction  # is imported

    where = f"Connected to {name} in the background"
    schedule, engine = enqueuing.schedule, enqueuing.background.known_engine
    if isinstance(schedule, InTransaction) and (problem := schedule.problem()) is not None:
        what, _, fix = problem.partition(": ")
        yield checks.Error(f"{where}: {what}.", sentence(fix), described, WRONG_SCHEDULE)
    if engine is None:
        return
    fails = getattr(engine, "_problems_fail_sends", False)
    for what, fix in _what_engine_lacks(engine, enqueuing.options):
        yield checks.CheckMessage(
            checks.ERROR if fails else checks.WARNING,
            f"In the background: {what}.",
            sentence(fix),
            described,
            CANNOT_ENQUEUE if fails else WRONG_SET_UP,
        )


def _what_engine_lacks(engine: Engine, options: Options) -> list[tuple[str, str]]:
    find_problems = getattr(engine, "problems", None)
    try:
        return [] if find_problems is None else list(find_problems(options))
    except Exception as error:  # noqa: BLE001 - raised by any engine, as for an unknown broker
        what = f"the set-up of {engine.name!r} cannot be checked, that raised {shown(error)}"
        return [(what, "correct the configuration of the engine")]


def joined(messages: Iterable[checks.CheckMessage]) -> list[checks.CheckMessage]:
    """
    Return *messages*, with one for each problem of an engine: many receivers may have the same.
    """
    found: dict[object, list[checks.CheckMessage]] = {}
    for message in messages:
        of_engine = message.id in {CANNOT_ENQUEUE, WRONG_SET_UP}
        key = (message.msg, message.hint) if of_engine else id(message)
        found.setdefault(key, []).append(message)
    for first, *others in found.values():
        if others:
            more = "1 other receiver" if len(others) == 1 else f"{len(others)} other receivers"
            first.obj = f"{first.obj} and {more}"
    return [first for first, *_ in found.values()]


def check_deployment(
    app_configs: Sequence[Any] | None = None,  # noqa: ARG001 - a signal belongs to no app
    **_kwargs: Any,
) -> list[checks.CheckMessage]:
    """
    Return a warning for each engine of receivers that loses deliveries with the process.
    """
    losing: dict[str, list[str]] = {}
    for name, _, connections in connections_of(find_signals()):
        for listed in connections:
            enqueuing = enqueuing_of(listed.connection)
            engine = None if enqueuing is None else enqueuing.background.known_engine
            if engine is not None and engine.in_process:
                losing.setdefault(engine.name, []).append(name)
    return [
        checks.Warning(
            f"The engine {engine!r} runs receivers in the process that sends, and what waits there "
            f"is lost when it ends. It is used for {', '.join(dict.fromkeys(names))}.",
            hint=f"State another engine in {NAME}[{BACKGROUND!r}], such as "
            "'typed_signals.background.DjangoTasks'.",
            id=LOSES_DELIVERIES,
        )
        for engine, names in losing.items()
    ]


def sentence(text: str) -> str:
    """
    Return *text* with a capital letter and a full stop.
    """
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")
