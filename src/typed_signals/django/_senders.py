"""
Senders that never send a signal, so that their receivers are never called.

Django's signals have known senders. Any object can be the sender of another signal, also a string
or a function.
"""

from __future__ import annotations

from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.db.models import Field, ManyToManyField, ManyToManyRel, Model, QuerySet
from django.db.models.fields.related_descriptors import ManyToManyDescriptor
from django.db.models.manager import BaseManager
from django.db.models.signals import ModelSignal

from typed_signals._connect.connection import UNKNOWN_SENDER
from typed_signals._shared.messages import class_name, shortened, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ._live_connections import Listed

NO_THROUGH_MODEL: Final = "typed_signals.W002"
ABSTRACT_SENDER: Final = "typed_signals.W003"
UNNAMED_SENDER: Final = "typed_signals.W004"
NEVER_SENDS: Final = "typed_signals.W005"


_ONE_EACH: Final = "For several senders, use one @receiver or connect for each."
_CALL_IT: Final = "Call it: sender=get_user_model()."


class Mistake(NamedTuple):
    """
    A sender that never sends.

    Attributes:
        check_id: the id of the message.
        what: what is wrong.
        fix: how to fix it.
    """

    check_id: str
    what: str
    fix: str


class _Senders(NamedTuple):
    """
    What sends some of Django's signals.

    Attributes:
        who: what the senders are, for messages.
        fix: what to do instead.
        may_be: returns whether an object may be a sender. Packages send these signals too, so it
            only returns False for what is certainly a mistake.
    """

    who: str
    fix: str
    may_be: Callable[[Any], bool]


def _is_instance(value: object, *classes: type) -> bool:
    # The type is asked, because a lazy object is loaded when its class is read.
    return issubclass(type(value), classes)


def _is_model(sender: Any) -> bool:
    return _is_instance(sender, type) and issubclass(sender, Model)


def _may_be_model(sender: Any) -> bool:
    if not _is_instance(sender, type):
        return False
    # A class like a model of another package has a metaclass.
    is_plain = type(sender) is type or any(
        str(cls.__module__).startswith("django.") for cls in sender.__mro__
    )
    return not is_plain or issubclass(sender, Model)


def _may_be_other_class(sender: Any) -> bool:
    return _is_instance(sender, type) and not issubclass(sender, Model)


def _may_be_user_class(sender: Any) -> bool:
    is_class = _is_instance(sender, type)
    return is_class and (not issubclass(sender, Model) or hasattr(sender, "is_authenticated"))


def _may_be_app(sender: Any) -> bool:
    return _is_instance(sender, AppConfig)


def _may_be_object(sender: Any) -> bool:
    return not _is_instance(sender, type, str)


_MODELS: Final = _Senders("models", "Pass a model class as the sender.", _may_be_model)
_THROUGH_MODELS: Final = _Senders(
    "through models of ManyToManyFields",
    "Pass the through model of a ManyToManyField: sender=Model.field.through.",
    _may_be_model,
)
_APPS: Final = _Senders(
    "app configs",
    "Pass an app config: self in its ready(), or apps.get_app_config(...).",
    _may_be_app,
)
_USERS: Final = _Senders(
    "classes of users", "Use sender=get_user_model(), or leave the sender out.", _may_be_user_class
)
_HANDLERS: Final = _Senders(
    "classes of request handlers", "Leave the sender out.", _may_be_other_class
)
_SETTINGS: Final = _Senders(
    "classes of settings",
    "Leave the sender out, and compare the name in the argument setting.",
    _may_be_other_class,
)
_CONNECTIONS: Final = _Senders(
    "classes of database connections",
    "Leave the sender out, and compare connection.alias.",
    _may_be_other_class,
)
_TEMPLATES: Final = _Senders(
    "template objects", "Leave the sender out, and compare template.name.", _may_be_object
)
_TASK_BACKENDS: Final = _Senders(
    "classes of task backends",
    "Leave the sender out, and compare task_result.task.",
    _may_be_other_class,
)
_RELOADERS: Final = _Senders("objects that reload", "Leave the sender out.", _may_be_object)

# Others also send got_request_exception and user_login_failed, with senders of any kind.
_SENDERS: Final = {
    "django.db.models.signals.class_prepared": _MODELS,
    "django.db.models.signals.pre_init": _MODELS,
    "django.db.models.signals.post_init": _MODELS,
    "django.db.models.signals.pre_save": _MODELS,
    "django.db.models.signals.post_save": _MODELS,
    "django.db.models.signals.pre_delete": _MODELS,
    "django.db.models.signals.post_delete": _MODELS,
    "django.db.models.signals.m2m_changed": _THROUGH_MODELS,
    "django.db.models.signals.pre_migrate": _APPS,
    "django.db.models.signals.post_migrate": _APPS,
    "django.core.signals.request_started": _HANDLERS,
    "django.core.signals.request_finished": _HANDLERS,
    "django.core.signals.setting_changed": _SETTINGS,
    "django.test.signals.template_rendered": _TEMPLATES,
    "django.db.backends.signals.connection_created": _CONNECTIONS,
    "django.contrib.auth.signals.user_logged_in": _USERS,
    "django.contrib.auth.signals.user_logged_out": _USERS,
    "django.tasks.signals.task_enqueued": _TASK_BACKENDS,
    "django.tasks.signals.task_started": _TASK_BACKENDS,
    "django.tasks.signals.task_finished": _TASK_BACKENDS,
    "django.utils.autoreload.autoreload_started": _RELOADERS,
    "django.utils.autoreload.file_changed": _RELOADERS,
}

# Only sent when a row is saved or deleted: not for a model that Django made for a
# ManyToManyField, and not for one that was replaced by another.
_OF_ROWS: Final = tuple(
    f"django.db.models.signals.{when}_{what}"
    for when in ("pre", "post")
    for what in ("save", "delete")
)


def find_mistake(
    signal: Any, name: str, listed: Listed, connections: Iterable[Listed]
) -> Mistake | None:
    """
    Return the mistake in the sender of a connection if it never sends the signal; None if it may.

    Args:
        signal: the signal.
        name: its name.
        listed: the connection.
        connections: all connections of the signal.
    """
    sender: Any = listed.connection.sender
    expected = _SENDERS.get(name)
    if sender is None:
        return None
    if sender is UNKNOWN_SENDER:
        return _mistake_of_value(name, expected) if listed.has_nameless_value else None
    if _is_model(sender):
        others = partial(_other_senders, listed, connections)
        if found := _mistake_of_model(signal, name, sender, others):
            return found
    is_app = expected is _APPS and _may_be_app(sender)
    if is_app and sender.models_module is None:
        what = (
            f"with the config of the app {sender.label!r} as the sender, but it is not sent for "
            "apps without a module models"
        )
        return Mistake(NEVER_SENDS, what, "Add a models.py to the app, or leave the sender out.")
    if expected is None and (sender is get_user_model or _has_only_classes(sender)):
        what = f"with {_described(sender)} as the sender. Senders are compared by identity"
        fix = _CALL_IT if sender is get_user_model else _ONE_EACH
        return Mistake(NEVER_SENDS, what, fix)
    if expected is not None and not expected.may_be(sender):
        what = f"with {_described(sender)} as the sender, but only {expected.who} send it"
        check_id = NO_THROUGH_MODEL if expected is _THROUGH_MODELS else NEVER_SENDS
        return Mistake(check_id, what, _fix_of(sender, expected))
    return _mistake_of_value(name, expected) if listed.has_nameless_value else None


def _mistake_of_value(name: str, expected: _Senders | None) -> Mistake:
    """
    Return the mistake for a sender that is a value without a name; the value may not be known.
    """
    if expected is None:
        what = (
            "with a sender that is a string, a number or another value, but is not a constant of "
            "any module. Senders are compared by identity"
        )
        fix = f"Pass the same object to connect and send: a class, or a constant. {_ONE_EACH}"
        if name.startswith("django."):  # Django sends it
            fix = "Leave the sender out."
        return Mistake(UNNAMED_SENDER, what, fix)
    what = f"with a list, a string or another value as the sender, but only {expected.who} send it"
    is_of_models = expected in (_MODELS, _THROUGH_MODELS)
    fix = f"{expected.fix} {_ONE_EACH}" if is_of_models else expected.fix
    check_id = NO_THROUGH_MODEL if expected is _THROUGH_MODELS else NEVER_SENDS
    return Mistake(check_id, what, fix)


def _mistake_of_model(
    signal: Any, name: str, model: Any, others: Callable[[], list[Any]]
) -> Mistake | None:
    """
    Return the mistake for a *model* that never sends the signal.

    Args:
        signal: the signal.
        name: its name.
        model: the model.
        others: returns the other senders that the same receiver is connected to. It may be
            connected to models of any kind, in a loop or by ``contribute_to_class``.
    """
    if model is not Model and model._meta.apps is not apps:
        return None  # of a migration or a test
    who = model.__name__
    expected = _SENDERS.get(name)
    if expected is _THROUGH_MODELS:
        return None if _is_through_model(model) else _mistake_of_side(model)
    is_model_signal = expected is _MODELS or _is_instance(signal, ModelSignal)
    if (is_model_signal or expected is _USERS) and _is_abstract(model):
        if any(_is_model(other) and issubclass(other, model) for other in others()):
            return None
        what = (
            f"with the abstract model {who} as the sender. Senders are compared by identity, so "
            "the models that inherit from it do not match"
        )
        fix = f"Use these models, or leave the sender out and test issubclass(sender, {who})."
        return Mistake(ABSTRACT_SENDER, what, fix)
    if (name in _OF_ROWS or expected is _USERS) and model._meta.swapped:
        setting = model._meta.swappable
        what = f"with {who} as the sender, but {setting} replaces it by {model._meta.swapped}"
        instead = "get_user_model()" if setting == "AUTH_USER_MODEL" else f"settings.{setting}"
        fix = f"Use sender={instead}."
    elif name in _OF_ROWS and model._meta.auto_created:
        what = (
            f"with {who} as the sender, but only m2m_changed is sent for an automatic through model"
        )
        fix = "Connect to m2m_changed, or declare the through model."
    else:
        return None
    return None if others() else Mistake(NEVER_SENDS, what, fix)


def _is_abstract(model: Any) -> bool:
    return model is Model or model._meta.abstract


def _other_senders(listed: Listed, connections: Iterable[Listed]) -> list[Any]:
    """
    Return the other senders that the code of a receiver is connected to.
    """
    code = _code_behind(listed.connection.receiver)
    return [
        other.connection.sender
        for other in connections
        if other is not listed and _code_behind(other.connection.receiver) is code
    ]


def _code_behind(receiver: Any) -> Any:
    function = receiver.__func__ if _is_instance(receiver, MethodType) else receiver
    return function.__code__ if _is_instance(function, FunctionType) else function


def _is_through_model(model: Any) -> bool:
    if model is not Model and model._meta.auto_created:
        return True
    fields = (
        field for each in apps.get_models(include_swapped=True) for field in each._meta.get_fields()
    )
    return any(
        getattr(getattr(field, "remote_field", None), "through", None) is model for field in fields
    )


def _mistake_of_side(model: Any) -> Mistake:
    """
    Return the mistake for a *model* of ``m2m_changed`` that is not a through model.
    """
    meant = []
    # The fields of an abstract model have no through model.
    if not _is_abstract(model):
        relations = model._meta.related_objects
        reverse = [relation.field for relation in relations if relation.many_to_many]
        fields = [*model._meta.many_to_many, *reverse]
        meant = [f"sender={_dotted_name(field)}.through" for field in fields]
    what = f"with {model.__name__} as the sender, but only {_THROUGH_MODELS.who} send it"
    fix = f"Did you mean {' or '.join(meant)}?" if meant else _THROUGH_MODELS.fix
    return Mistake(NO_THROUGH_MODEL, what, fix)


def _has_only_classes(sender: Any) -> bool:
    return (
        _is_instance(sender, list, tuple, set, frozenset)
        and len(sender) > 0
        and all(_is_instance(each, type) for each in sender)
    )


def _described(sender: Any) -> str:
    """
    Return what *sender* is, without showing its value: the ``repr`` of a query set runs the query.
    """
    if (field := _field_of(sender)) is not None:
        return _dotted_name(field)
    if _is_model(sender):
        return f"the model {sender.__name__}"
    if _is_instance(sender, FunctionType, BuiltinFunctionType, MethodType):
        name = sender.__name__
        return "a lambda" if name == "<lambda>" else f"the function {shortened(name)}"
    if _is_instance(sender, ModuleType):
        return f"the module {shortened(sender.__name__)}"
    if _is_instance(sender, type):
        return f"the class {shortened(sender.__name__)}"
    if _is_instance(sender, str):
        return f"the string {shown(sender)}"
    if _is_instance(sender, list, tuple, set, frozenset, dict):
        return f"a {class_name(sender)}"
    return f"an instance of {class_name(sender)}"


def _fix_of(sender: Any, expected: _Senders) -> str:
    """
    Return how to fix a *sender* that is not of the *expected* kind.
    """
    if _is_instance(sender, list, tuple, set, frozenset) and expected in (_MODELS, _THROUGH_MODELS):
        return f"{expected.fix} {_ONE_EACH}"
    if sender is get_user_model and expected in (_MODELS, _USERS):
        return _CALL_IT
    if expected is _APPS and _is_model(sender) and sender is not Model:
        label = sender._meta.app_label
        return f"Use sender=apps.get_app_config({label!r}), or leave the sender out."
    if expected is _THROUGH_MODELS and (field := _field_of(sender)) is not None:
        return f"Did you mean sender={_dotted_name(field)}.through?"
    if expected is not _MODELS:
        return expected.fix
    if _is_instance(sender, FunctionType, BuiltinFunctionType, MethodType):
        return "If it returns the model, call it. Otherwise, pass the model class."
    if (model := _model_of(sender)) is not None:
        return f"Did you mean sender={model.__name__}?"
    return expected.fix


def _field_of(sender: Any) -> Any:
    """
    Return the ManyToManyField if *sender* is one, its relation, or what ``Model.field`` returns.
    """
    if _is_instance(sender, ManyToManyDescriptor):
        return sender.rel.field
    if _is_instance(sender, ManyToManyRel):
        return sender.field
    return sender if _is_instance(sender, ManyToManyField) else None


def _model_of(sender: Any) -> Any:
    """
    Return the model of an instance, a manager, a query set or a field; None for other objects.
    """
    if _is_instance(sender, Model):
        return type(sender)
    if (field := _field_of(sender)) is not None:
        return field.model
    if _is_instance(sender, BaseManager, QuerySet, Field):
        return sender.model
    return None


def _dotted_name(field: Any) -> str:
    return f"{field.model.__name__}.{field.name}"
