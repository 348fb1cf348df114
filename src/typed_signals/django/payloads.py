"""
The payloads of Django's own signals as TypedDicts, for Django 5.2 to 6.1.

Use them in receivers::

    @receiver(post_save, sender=Pizza)
    def note(sender: type[Pizza], **kwargs: Unpack[PostSave[Pizza]]) -> None: ...

The keys are those that Django sends, as recorded while its own tests ran. If its documentation
differs, the docstring of the payload says so. Every receiver also gets ``sender`` and ``signal``,
which are not part of any payload.

This module does not import Django at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from pathlib import Path

    from django.apps import AppConfig
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.core.management.base import OutputWrapper
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.migrations import Migration
    from django.db.migrations.state import StateApps
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest
    from django.tasks import TaskResult
    from django.template import Context
    from django.template.base import PartialTemplate, Template
    from typing_extensions import TypeVar

    ModelT = TypeVar("ModelT", bound=Model, default=Model)
    UserT = TypeVar("UserT", bound=AbstractBaseUser, default=AbstractBaseUser)
else:
    # Bounds and defaults are for type checkers, and would need an import of models.
    from typing import TypeVar

    ModelT = TypeVar("ModelT")
    UserT = TypeVar("UserT")

__all__ = [
    "AutoreloadStarted",
    "ClassPrepared",
    "ConnectionCreated",
    "FileChanged",
    "GotRequestException",
    "M2MChanged",
    "PostDelete",
    "PostInit",
    "PostMigrate",
    "PostSave",
    "PreDelete",
    "PreInit",
    "PreMigrate",
    "PreSave",
    "RequestFinished",
    "RequestStarted",
    "SettingChanged",
    "TaskEnqueued",
    "TaskFinished",
    "TaskStarted",
    "TemplateRendered",
    "UserLoggedIn",
    "UserLoggedOut",
    "UserLoginFailed",
]


class ClassPrepared(TypedDict):
    """
    ``django.db.models.signals.class_prepared`` has no payload.

    Sent when a model class is complete and registered, which is before ``AppConfig.ready()``.

    Sender: the model class.

    Source: Django's documentation.
    """


class PreInit(TypedDict):
    """
    ``django.db.models.signals.pre_init``: a model is about to be instantiated.

    Also sent for each instance that a query set creates from a row.

    Sender: the model class. There is no instance yet.

    Keys:
        args: the positional arguments of the model's ``__init__``; a tuple, but Django's
            documentation says a list.
        kwargs: its keyword arguments.

    Source: Django's documentation; the tuple was observed.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class PostInit(TypedDict, Generic[ModelT]):
    """
    ``django.db.models.signals.post_init``: a model was instantiated.

    Sender: the model class.

    Keys:
        instance: the new instance. For a row from the database, its ``_state`` is not set yet.

    Source: Django's documentation.
    """

    instance: ModelT


class PreSave(TypedDict, Generic[ModelT]):
    """
    ``django.db.models.signals.pre_save``: ``save()`` of a model begins.

    Not sent by ``update()`` and the bulk methods of query sets.

    Sender: the model class; that of a proxy model is itself.

    Keys:
        instance: the instance that is saved.
        raw: whether it is saved unchanged, as by ``loaddata``. Then other rows may be missing, so
            do not read or change them.
        using: the alias of the database.
        update_fields: the names of the saved fields as a frozenset; None if they were not passed
            to ``save()``.

    Source: Django's documentation; the frozenset was observed.
    """

    instance: ModelT
    raw: bool
    using: str
    update_fields: frozenset[str] | None


class PostSave(TypedDict, Generic[ModelT]):
    """
    ``django.db.models.signals.post_save``: ``save()`` of a model ends, in its transaction.

    Not sent by ``update()`` and the bulk methods of query sets.

    Sender: the model class; that of a proxy model is itself.

    Keys:
        instance: the saved instance.
        created: whether the row is new.
        raw: whether it was saved unchanged, as by ``loaddata``. Then other rows may be missing, so
            do not read or change them.
        using: the alias of the database.
        update_fields: the names of the saved fields as a frozenset; None if they were not passed
            to ``save()``.

    Source: Django's documentation; the frozenset was observed.
    """

    instance: ModelT
    created: bool
    raw: bool
    using: str
    update_fields: frozenset[str] | None


class PreDelete(TypedDict, Generic[ModelT]):
    """
    ``django.db.models.signals.pre_delete``: a row is about to be deleted.

    Sent for each of the rows that a query set or a cascade deletes.

    Sender: the model class.

    Keys:
        instance: the instance that is deleted.
        using: the alias of the database.
        origin: the instance or query set whose ``delete()`` was called; in a cascade, of another
            model than *instance*. None only if your code uses a ``Collector``.

    Source: Django's documentation.
    """

    instance: ModelT
    using: str
    origin: Model | QuerySet[Any]


class PostDelete(TypedDict, Generic[ModelT]):
    """
    ``django.db.models.signals.post_delete``: a row was deleted.

    Sent for each of the rows that a query set or a cascade deletes.

    Sender: the model class.

    Keys:
        instance: the deleted instance; it still has its primary key, but its row is deleted.
        using: the alias of the database.
        origin: as in :class:`~typed_signals.django.payloads.PreDelete`.

    Source: Django's documentation.
    """

    instance: ModelT
    using: str
    origin: Model | QuerySet[Any]


class M2MChanged(TypedDict, Generic[ModelT]):
    """
    ``django.db.models.signals.m2m_changed``: a many-to-many relation of one instance changes.

    Sender: the through model, as in ``Pizza.toppings.through``.

    Keys:
        action: what happens, and whether it is about to happen or has happened.
        instance: the instance whose relation changes; from either side, see *reverse*.
        reverse: whether the field is not defined on the model of *instance*.
        model: the class of the added, removed or cleared instances.
        pk_set: the primary keys that are added (only new ones) or removed (all that were passed);
            may be empty; None when clearing. All receivers share the same set.
        using: the alias of the database.
        raw: whether a fixture is being loaded. Only since Django 6.1.

    Source: Django's documentation; that the set is shared and may be empty was observed.
    """

    action: Literal["pre_add", "post_add", "pre_remove", "post_remove", "pre_clear", "post_clear"]
    instance: ModelT
    reverse: bool
    # The side is only known at run time, so a receiver may use either model.
    model: type[Any]
    pk_set: set[Any] | None
    using: str
    raw: NotRequired[bool]


# Keys that Django always sends since a version, and never before.
SINCE: Final = {"M2MChanged": {"raw": (6, 1)}}


class PreMigrate(TypedDict):
    """
    ``django.db.models.signals.pre_migrate``: ``migrate`` begins; once for each app with models.

    Sender: the app's ``AppConfig`` instance.

    Keys:
        app_config: the sender.
        verbosity: what ``--verbosity`` says.
        interactive: whether the user may be asked something.
        using: the alias of the database.
        stdout: where to print.
        apps: the models in the state of the migrations applied before.
        plan: each migration that will be run, and whether it is undone.

    Source: Django's documentation.
    """

    app_config: AppConfig
    verbosity: int
    interactive: bool
    using: str
    stdout: OutputWrapper
    apps: StateApps
    plan: list[tuple[Migration, bool]]


class PostMigrate(TypedDict):
    """
    ``django.db.models.signals.post_migrate``: ``migrate`` or ``flush`` ends, for each app with
    models.

    ``TransactionTestCase`` sends it too, with ``flush`` or directly.

    Sender: the app's ``AppConfig`` instance.

    Keys:
        app_config: the sender.
        verbosity: what ``--verbosity`` says.
        interactive: whether the user may be asked something.
        using: the alias of the database.
        stdout: where to print. Only from ``migrate``.
        apps: the models in the state of the migrations applied now. Only from
            ``migrate``.
        plan: each migration that was run, and whether it was undone. Only from ``migrate``.

    Source: Django's documentation, which lists the last three as always sent; that ``flush`` omits
    them was observed.
    """

    app_config: AppConfig
    verbosity: int
    interactive: bool
    using: str
    stdout: NotRequired[OutputWrapper]
    apps: NotRequired[StateApps]
    plan: NotRequired[list[tuple[Migration, bool]]]


class RequestStarted(TypedDict):
    """
    ``django.core.signals.request_started``: a handler begins with a request.

    Sender: the class of the handler.

    Keys:
        environ: the environment of a WSGI request.
        scope: the scope of an ASGI request.

    There is always exactly one of the two.

    Source: Django's documentation, which only lists *environ*; *scope* was observed.
    """

    environ: NotRequired[dict[str, Any]]
    scope: NotRequired[dict[str, Any]]


class RequestFinished(TypedDict):
    """
    ``django.core.signals.request_finished`` has no payload.

    Sent when a response was delivered and is closed.

    Sender: the class of the handler; None if the response does not come from a handler, as with
    the test client.

    Source: Django's documentation; None was observed.
    """


class GotRequestException(TypedDict):
    """
    ``django.core.signals.got_request_exception``: a request raised an exception, which
    ``sys.exc_info()`` returns.

    Sender: None when Django sends it. Some projects send it with other senders.

    Keys:
        request: the request.

    Source: Django's documentation.
    """

    request: HttpRequest


class SettingChanged(TypedDict):
    """
    ``django.core.signals.setting_changed``: a test changes a setting, or changes it back.

    ``django.test.signals`` has it as well.

    Sender: the class that holds the settings.

    Keys:
        setting: its name.
        value: its new value; None if the setting no longer exists.
        enter: whether the change begins (True) or ends.

    Source: Django's documentation.
    """

    setting: str
    value: Any
    enter: bool


class TemplateRendered(TypedDict):
    """
    ``django.test.signals.template_rendered``: a template is rendered, under
    ``setup_test_environment()`` only.

    Sender: the template.

    Keys:
        template: the sender. Since Django 6.0, it can be a ``PartialTemplate``.
        context: what it is rendered with.

    Source: Django's documentation; ``PartialTemplate`` is from Django's code.
    """

    template: Template | PartialTemplate
    context: Context


class ConnectionCreated(TypedDict):
    """
    ``django.db.backends.signals.connection_created``: a connection to a database was opened.

    Sender: the class of the connection.

    Keys:
        connection: the connection.

    Source: Django's documentation.
    """

    connection: BaseDatabaseWrapper


class UserLoggedIn(TypedDict, Generic[UserT]):
    """
    ``django.contrib.auth.signals.user_logged_in``: ``login()`` or ``alogin()`` succeeded.

    Sender: the class of the user.

    Keys:
        request: the request.
        user: the user.

    Source: Django's documentation.
    """

    request: HttpRequest
    user: UserT


class UserLoggedOut(TypedDict, Generic[UserT]):
    """
    ``django.contrib.auth.signals.user_logged_out``: ``logout()`` or ``alogout()`` was called.

    Sender: the class of the user; the class of None (``NoneType``) if no user was logged in.

    Keys:
        request: the request.
        user: the user, usually in a lazy object, which ``isinstance`` supports but ``type`` does
            not; None if no user was logged in.

    Source: Django's documentation, which says None for ``NoneType``; ``NoneType`` and the lazy
    object were observed.
    """

    request: HttpRequest
    user: UserT | None


class UserLoginFailed(TypedDict):
    """
    ``django.contrib.auth.signals.user_login_failed``: ``authenticate()`` or ``aauthenticate()``
    found no user.

    Sender: the string ``"django.contrib.auth"`` when Django sends it. Some projects send it
    with other senders.

    Keys:
        credentials: the credentials, with stars instead of passwords and similar values.
        request: the request; None if it was not passed to ``authenticate()``.

    Source: Django's documentation; None was observed.
    """

    credentials: dict[str, Any]
    request: HttpRequest | None


class TaskEnqueued(TypedDict):
    """
    ``django.tasks.signals.task_enqueued``: a task was put in the queue. Since Django 6.0.

    Sender: the class of the backend.

    Keys:
        task_result: the task's result so far.

    Source: Django's documentation.
    """

    task_result: TaskResult[Any, Any]


class TaskStarted(TypedDict):
    """
    ``django.tasks.signals.task_started``: a task begins to run. Since Django 6.0.

    Sender: the class of the backend.

    Keys:
        task_result: the task's result so far.

    Source: Django's documentation.
    """

    task_result: TaskResult[Any, Any]


class TaskFinished(TypedDict):
    """
    ``django.tasks.signals.task_finished``: a task ended, well or not. Since Django 6.0.

    Sender: the class of the backend.

    Keys:
        task_result: the task's result; its ``status`` shows how the task ended.

    Source: Django's documentation.
    """

    task_result: TaskResult[Any, Any]


class AutoreloadStarted(TypedDict):
    """
    ``django.utils.autoreload.autoreload_started`` has no payload.

    Sent when ``runserver`` starts to watch files. To watch more files, call ``watch_dir()`` of the
    sender.

    Sender: the reloader, an instance.

    Source: observed; Django does not document it.
    """


class FileChanged(TypedDict):
    """
    ``django.utils.autoreload.file_changed``: ``runserver`` saw a file change.

    If any receiver returns something true, the server is not restarted.

    Sender: the reloader, an instance.

    Keys:
        file_path: the file.

    Source: observed; Django does not document it.
    """

    file_path: Path
