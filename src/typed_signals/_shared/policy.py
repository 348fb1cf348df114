"""
What happens to a receiver or a payload that does not fit the declaration: by default, an error.

Nothing here is read before there is one, so a right ``connect`` or send costs the same.
"""

from __future__ import annotations

import os
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from .messages import shown
from .raising import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# What a policy is about.
BAD_RECEIVER: Final = "bad_receiver"
BAD_PAYLOAD: Final = "bad_payload"

# What is done about it.
REFUSE: Final = "raise"
WARN: Final = "warn"
SYSTEM_CHECK: Final = "system-check"  # only about receivers, and only on Django

EVERY_SIGNAL: Final = "*"

# What is done for signals whose name matches a pattern; the last match applies.
Rules: TypeAlias = dict[str, str]

# The rules of ``configure``. They are replaced, never changed, so reading them needs no lock.
_configured: dict[str, Rules] = {BAD_RECEIVER: {}, BAD_PAYLOAD: {}}

# Returns the rules of a setting, which come before those of ``configure``.
_setting_reader: Callable[[], Mapping[str, Rules]] | None = None

# Re-entrant, because a finalizer may configure.
_lock_of_rules: Any = RLock()
if hasattr(os, "register_at_fork"):
    # Another thread of the parent may hold it.
    os.register_at_fork(after_in_child=_lock_of_rules._at_fork_reinit)


def configure(
    *,
    bad_receiver: Literal["raise", "warn"] | None = None,
    bad_payload: Literal["raise", "warn"] | None = None,
    only: str | Sequence[str] = EVERY_SIGNAL,
) -> None:
    """
    Set what is done about receivers and payloads that do not fit the declaration of a signal.

    This is for applications that start to use typed-signals. Libraries never call it, because it
    applies to the whole process::

        typed_signals.configure(bad_receiver="warn", bad_payload="warn")
        typed_signals.configure(bad_payload="raise", only="shop.*")

    By default, ``"raise"``, ``connect`` and the sends raise an error. With ``"warn"``, they issue a
    ``ContractWarning`` for the line of the call, once for each problem there. Then the receiver is
    connected, or the payload is sent as it is.

    The following always raise an error: a receiver that is not callable, cannot be inspected or
    weakly referenced, or is async with ``on_commit=True``; a payload with a key ``sender`` or
    ``signal``, or with a value by position that no key takes; a send without a sender; an invalid
    declaration.

    Args:
        bad_receiver: what ``connect`` does; None changes nothing.
        bad_payload: what the four sends do; None changes nothing.
        only: the signals that this is for: a pattern for their full names as in ``fnmatch``, or
            a list of patterns. If several calls match a signal, the last one applies. Any call
            takes precedence over Django's setting ``TYPED_SIGNALS``.

    Raises:
        TypeError: there is nothing to set, or *only* is not a string or a list of strings.
        ValueError: a value is unknown, or *only* is empty or matches no full name.
    """
    given = {BAD_RECEIVER: bad_receiver, BAD_PAYLOAD: bad_payload}
    actions = {subject: action for subject, action in given.items() if action is not None}
    try:
        patterns = _patterns_in(actions, only)
    except (TypeError, ValueError) as error:
        refuse(error)
        return
    global _configured  # noqa: PLW0603 - the configuration of the process
    with _lock_of_rules:
        changed = {
            subject: _with_rules(_configured[subject], patterns, action)
            for subject, action in actions.items()
        }
        _configured = {**_configured, **changed}


def action_for(subject: str, signal_name: str) -> str:
    """
    Return what is done about a bad receiver or payload, the *subject*, of the signal of that name.

    Raises:
        Exception: the setting is invalid.
    """
    from fnmatch import fnmatchcase

    layers = [_configured[subject]]
    if _setting_reader is not None:
        layers.append(_setting_reader()[subject])
    for rules in layers:
        for pattern in reversed(rules):
            if fnmatchcase(signal_name, pattern):
                return rules[pattern]
    return REFUSE


def read_setting_with(read: Callable[[], Mapping[str, Rules]]) -> None:
    """
    Use *read* to read a setting whenever something is bad.
    """
    global _setting_reader  # noqa: PLW0603 - the configuration of the process
    _setting_reader = read


def action_problem(action: object, actions: tuple[str, ...]) -> str | None:
    """
    Return what is wrong with *action* if it is not one of *actions*.
    """
    if isinstance(action, str) and action in actions:
        return None
    return f"must be {' or '.join(map(repr, actions))}, not {shown(action)}"


def pattern_problem(pattern: object) -> str | None:
    """
    Return what is wrong with a *pattern* for names of signals, if anything is.
    """
    if not isinstance(pattern, str) or not pattern:
        return f"must be a pattern such as 'shop.*', not {shown(pattern)}"
    if not any(character in pattern for character in ".*?["):
        return f"matches the full names of signals, so not {shown(pattern)}: write '*.{pattern}'"
    return None


def _patterns_in(actions: Mapping[str, object], only: object) -> list[str]:
    """
    Return the patterns in *only*.

    Raises:
        TypeError, ValueError: as for ``configure``.
    """
    if not actions:
        raise TypeError("configure() changes nothing: pass bad_receiver or bad_payload")
    for subject, action in actions.items():
        if problem := action_problem(action, (REFUSE, WARN)):
            if action == SYSTEM_CHECK:
                problem += ": only Django's setting TYPED_SIGNALS accepts this value"
            raise ValueError(f"{subject} {problem}")
    patterns = only if isinstance(only, (list, tuple, set, frozenset)) else [only]
    if not patterns:
        raise ValueError("only is empty: leave it out, or pass a pattern such as 'shop.*'")
    for pattern in patterns:
        if problem := pattern_problem(pattern):
            raise (ValueError if isinstance(pattern, str) else TypeError)(f"only {problem}")
    return list(patterns)


def _with_rules(rules: Rules, patterns: list[str], action: str) -> Rules:
    """
    Return *rules* with *action* for *patterns* as the last ones.
    """
    kept = {} if EVERY_SIGNAL in patterns else {**rules}
    for pattern in patterns:
        kept.pop(pattern, None)  # so that it comes last
    return {**kept, **dict.fromkeys(patterns, action)}
