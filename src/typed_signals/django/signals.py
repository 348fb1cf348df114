"""
Django's own signals, with types.

These are Django's own objects, so connecting a receiver has the same effect::

    from typed_signals.django.payloads import PostSave
    from typed_signals.django.signals import post_save

The payloads in :mod:`.payloads` document the keys and the senders. Each signal is imported from
Django when it is first used, because some of their modules import many others. They do not need
settings. The signals of ``django.tasks`` exist since Django 6.0; in older versions, importing them
fails.
"""

from __future__ import annotations

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING, Any

from ._defining_modules import DEFINING_MODULE

if TYPE_CHECKING:
    from django.apps import AppConfig
    from django.core.handlers.base import BaseHandler
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model
    from django.tasks.backends.base import BaseTaskBackend
    from django.template.base import PartialTemplate, Template
    from django.utils.autoreload import BaseReloader

    from ._dispatcher import ModelSignal, Signal
    from .payloads import (
        AutoreloadStarted,
        ClassPrepared,
        ConnectionCreated,
        FileChanged,
        GotRequestException,
        M2MChanged,
        PostDelete,
        PostInit,
        PostMigrate,
        PostSave,
        PreDelete,
        PreInit,
        PreMigrate,
        PreSave,
        RequestFinished,
        RequestStarted,
        SettingChanged,
        TaskEnqueued,
        TaskFinished,
        TaskStarted,
        TemplateRendered,
        UserLoggedIn,
        UserLoggedOut,
        UserLoginFailed,
    )

# Type checkers and the run time read these annotations. The plugin reads the folder stubs, which
# tests compare with them.
class_prepared: Signal[type[Model], ClassPrepared]
pre_init: ModelSignal[type[Model], PreInit]
post_init: ModelSignal[type[Model], PostInit[Model]]
pre_save: ModelSignal[type[Model], PreSave[Model]]
post_save: ModelSignal[type[Model], PostSave[Model]]
pre_delete: ModelSignal[type[Model], PreDelete[Model]]
post_delete: ModelSignal[type[Model], PostDelete[Model]]
# The instance belongs to either model of the relation.
m2m_changed: ModelSignal[type[Model], M2MChanged[Any]]
pre_migrate: Signal[AppConfig, PreMigrate]
post_migrate: Signal[AppConfig, PostMigrate]

request_started: Signal[type[BaseHandler], RequestStarted]
request_finished: Signal[type[BaseHandler] | None, RequestFinished]
# Projects send it too, with their own senders.
got_request_exception: Signal[Any, GotRequestException]
setting_changed: Signal[type[Any], SettingChanged]

template_rendered: Signal[Template | PartialTemplate, TemplateRendered]

connection_created: Signal[type[BaseDatabaseWrapper], ConnectionCreated]

# The project chooses the class of users.
user_logged_in: Signal[type[Any], UserLoggedIn[Any]]
user_logged_out: Signal[type[Any], UserLoggedOut[Any]]
# Projects send it too, with their own senders.
user_login_failed: Signal[Any, UserLoginFailed]

task_enqueued: Signal[type[BaseTaskBackend], TaskEnqueued]
task_started: Signal[type[BaseTaskBackend], TaskStarted]
task_finished: Signal[type[BaseTaskBackend], TaskFinished]

autoreload_started: Signal[BaseReloader, AutoreloadStarted]
file_changed: Signal[BaseReloader, FileChanged]

if TYPE_CHECKING:
    pass  # with this function, type checkers would accept any name
else:

    def __getattr__(name):
        module = DEFINING_MODULE.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            signal = getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{module}.".startswith(f"{error.name}."):
                raise
            from django import __version__

            raise AttributeError(f"Django {__version__} has no {module}.{name}") from None
        globals()[name] = signal
        return signal


def __dir__() -> set[str]:
    # There are no tasks before Django 6.0.
    there = [name for name in DEFINING_MODULE if hasattr(modules[__name__], name)]
    return {*globals(), *there}
