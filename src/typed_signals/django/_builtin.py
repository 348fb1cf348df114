"""
Django's own signals, and the payload of each.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from typed_signals._payload import UNDECLARED, from_typed_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.dispatch import Signal

    from typed_signals._payload import Payload

# The payload of ``post_save`` is PostSave in ``payloads``, and so on.
_NAMES: Final = {
    "django.contrib.auth.signals": "user_logged_in user_logged_out user_login_failed",
    "django.core.signals": (
        "got_request_exception request_finished request_started setting_changed"
    ),
    "django.db.backends.signals": "connection_created",
    "django.db.models.signals": (
        "class_prepared m2m_changed post_delete post_init post_migrate post_save "
        "pre_delete pre_init pre_migrate pre_save"
    ),
    "django.tasks.signals": "task_enqueued task_finished task_started",
    "django.test.signals": "template_rendered",
    "django.utils.autoreload": "autoreload_started file_changed",
}


def builtin_signals() -> Iterator[tuple[str, Signal]]:
    """
    Yield the dotted name of each of Django's signals, and the signal.

    Nothing is imported: nobody can listen to the signals of a module that was not imported yet.
    """
    for module_name, names in _NAMES.items():
        if (module := sys.modules.get(module_name)) is not None:
            for name in names.split():
                yield f"{module_name}.{name}", getattr(module, name)


def payload_of(signal: Any) -> Payload:
    """
    Return the payload of *signal*: as declared, as Django sends it, or unknown.

    Raises:
        DeclarationError: the signal is declared wrongly.
    """
    if (declaration := getattr(signal, "_declaration", None)) is not None:
        declared: Payload = declaration.payload_of(signal)
        return declared
    for name, candidate in builtin_signals():
        if candidate is signal:
            from . import payloads  # takes long, and is needed by few

            return from_typed_dict(getattr(payloads, _payload_name(name)))
    return UNDECLARED


def _payload_name(signal_name: str) -> str:
    """
    Return the name of the TypedDict for a signal: PostSave for ``...signals.post_save``.
    """
    return signal_name.rpartition(".")[2].title().replace("_", "")
