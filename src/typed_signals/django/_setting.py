"""
The setting ``TYPED_SIGNALS``: what is done about bad receivers and payloads, when a receiver is
slow, and what runs receivers in the background.

It is read when it is needed, not at import: the settings may be configured later, and tests
override them. What is slow is read when the apps are ready.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from typed_signals._shared.durations import is_number_of_seconds, seconds_problem
from typed_signals._shared.messages import shown, suggest
from typed_signals._shared.policy import (
    BAD_PAYLOAD,
    BAD_RECEIVER,
    EVERY_SIGNAL,
    REFUSE,
    SYSTEM_CHECK,
    WARN,
    action_problem,
    pattern_problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typed_signals._shared.policy import Rules

NAME: Final = "TYPED_SIGNALS"
APP: Final = "typed_signals.django"

# The keys of the setting, what they are about, and their values.
_KEYS: Final = {
    "BAD_RECEIVER": (BAD_RECEIVER, (REFUSE, SYSTEM_CHECK, WARN)),
    "BAD_PAYLOAD": (BAD_PAYLOAD, (REFUSE, WARN)),
}
SLOW: Final = "SLOW_RECEIVER_SECONDS"
BACKGROUND: Final = "BACKGROUND"


def read_setting() -> Mapping[str, Rules]:
    """
    Return the rules in the setting, by subject.

    Raises:
        ImproperlyConfigured: the setting is invalid.
    """
    if problem := next(setting_problems(), None):
        raise ImproperlyConfigured(problem)
    stated = _stated()
    return {
        subject: _as_rules(stated[key]) if key in stated else {}
        for key, (subject, _) in _KEYS.items()
    }


def slow_seconds() -> float | None:
    """
    Return from how many seconds on a receiver is slow; None if that is not set, or invalid.
    """
    stated = _stated()
    seconds: float | None = stated.get(SLOW) if isinstance(stated, dict) else None
    return None if _problem_with_seconds(seconds) else seconds


def stated_background() -> Any:
    """
    Return the engine for receivers in the background that is set, or its dotted name; None if it is
    not set.

    Raises:
        ImproperlyConfigured: it is invalid.
    """
    stated = _stated()
    value = stated.get(BACKGROUND) if isinstance(stated, dict) else None
    if problem := _problem_with_background(value):
        raise ImproperlyConfigured(f"{NAME}[{BACKGROUND!r}] {problem}")
    return value


def setting_problems() -> Iterator[str]:
    """
    Yield what is wrong with the setting.
    """
    stated = _stated()
    if not isinstance(stated, dict):
        yield f"{NAME} must be a dict such as {{'BAD_RECEIVER': 'warn'}}, not {shown(stated)}"
        return
    for key, value in stated.items():
        if key in _KEYS:
            yield from _problems_with(f"{NAME}[{key!r}]", value, _KEYS[key][1])
        elif key == SLOW:
            if problem := _problem_with_seconds(value):
                yield f"{NAME}[{key!r}] {problem}"
        elif key == BACKGROUND:
            if problem := _problem_with_background(value):
                yield f"{NAME}[{key!r}] {problem}"
        else:
            keys = [*_KEYS, SLOW, BACKGROUND]
            meant = suggest(key.upper(), keys) if isinstance(key, str) else None
            fix = f"did you mean {meant!r}?" if meant else f"use {' or '.join(map(repr, keys))}"
            yield f"{NAME} does not have the key {shown(key)}: {fix}"


def _stated() -> Any:
    return getattr(settings, NAME, {}) if settings.configured else {}


def _as_rules(value: Any) -> Rules:
    return {**value} if isinstance(value, dict) else {EVERY_SIGNAL: value}


def _problems_with(where: str, value: object, actions: tuple[str, ...]) -> Iterator[str]:
    for pattern, action in _as_rules(value).items():
        place = f"{where}[{pattern!r}]" if isinstance(value, dict) else where
        if problem := pattern_problem(pattern):
            yield f"{where}: a key {problem}"
        elif problem := action_problem(action, actions):
            yield f"{place} {problem}"
        elif action == SYSTEM_CHECK and not _is_installed():
            yield f"{place} is {action!r}, so add {APP!r} to INSTALLED_APPS, which has this check"
    if EVERY_SIGNAL in list(_as_rules(value))[1:]:
        yield f"{where}: the last match applies, so make {EVERY_SIGNAL!r} the first key"


def _problem_with_seconds(value: Any) -> str | None:
    if value is None or (is_number_of_seconds(value) and 0 < value < math.inf):
        return None
    return seconds_problem(value)


def _problem_with_background(value: Any) -> str | None:
    # Whether it leads to an engine is only known when it is imported.
    is_dotted = isinstance(value, str) and "." in value.strip(".")
    is_object = not isinstance(value, (str, type)) and hasattr(value, "enqueue")
    if value is None or is_dotted or is_object:
        return None
    return (
        "must be an engine, or the dotted name of one, such as "
        f"'typed_signals.background.DjangoTasks', not {shown(value)}"
    )


def _is_installed() -> bool:
    # Receivers are connected while the apps are loaded, when not all of them are registered.
    return APP in settings.INSTALLED_APPS or any(
        config.name == APP for config in apps.app_configs.values()
    )
