"""
How models travel to the background: by reference, as their label, primary key and database.

What comes back is an object of the exact class, which has its primary key, and fetches its row at
the first use of another field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, final, get_args, get_origin

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Manager, Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from typed_signals._shared.messages import TYPES_OF_DJANGO, shown
from typed_signals.background._codec import CannotTravel, Kind, register_adapter
from typed_signals.background._codec.classes import Class
from typed_signals.exceptions import MissingRowError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field

# The keys of a reference.
_LABEL: Final = "model"
_PK: Final = "pk"
_USING: Final = "using"

# Comes before the label of a model that is sent as a class, because the names of other classes also
# have dots.
_AS_CLASS: Final = "model:"

# Other types of Django, which do not travel.
_REFUSED: Final = (QuerySet, Manager, FieldFile, Promise, SafeString)


@final
class ModelReference(Kind):
    """
    A model: a concrete or abstract class, a proxy, or ``Model`` itself.
    """

    classes = ()  # subclasses may be defined later
    wires = (dict,)

    def __init__(self, model: type[Model]) -> None:
        self.name = model.__name__
        self.own_schema = {
            "type": "object",
            "description": f"a reference to a row of {self.name}",
            "properties": {_LABEL: {"type": "string"}, _PK: {}, _USING: {"type": "string"}},
            "required": [_LABEL, _PK, _USING],
            "additionalProperties": False,
        }
        if model is not Model:
            self.own_schema["x-subclass-of"] = model._meta.label
        self._model = model

    @property
    def label(self) -> str:
        """
        What is written in a union of models.
        """
        return self.name if self._model is Model else self._model._meta.label_lower

    def dump(self, value: Any) -> Any:
        # The class of a lazy object, such as request.user, is that of what it stands for.
        model = value.__class__
        if not issubclass(model, self._model):
            raise self.wrong_type(value)
        _check_is_installed(model)
        fields = _key_fields(model)
        key = [field.to_python(getattr(value, field.attname)) for field in fields]
        state = value._state
        if state.adding or None in key:
            raise CannotTravel("is not saved, or was deleted", "send it when its row exists")
        written = [_written(field, part, value) for field, part in zip(fields, key, strict=True)]
        return {
            _LABEL: model._meta.label_lower,
            _PK: written[0] if len(written) == 1 else written,
            _USING: state.db or DEFAULT_DB_ALIAS,
        }

    def load(self, wire: Any) -> Any:
        if type(wire) is not dict or wire.keys() != {_LABEL, _PK, _USING}:
            raise self.unreadable(wire)
        model, key, using = _model_labelled(wire[_LABEL]), wire[_PK], wire[_USING]
        if not issubclass(model, self._model):
            raise self.unreadable(wire)
        if using not in connections.settings:
            raise UnknownNameError(
                f"{self.name} arrived from the database {shown(using)}, which this process does "
                "not have: add it to the setting DATABASES"
            )
        fields = _key_fields(model)
        parts = [key] if len(fields) == 1 else key
        if type(parts) is not list or len(parts) != len(fields) or None in parts:
            raise self.unreadable(wire)
        try:
            values = [field.to_python(part) for field, part in zip(fields, parts, strict=True)]
        except ValidationError as error:
            raise self.unreadable(wire) from error
        names = [field.attname for field in fields]
        return _referenced(model, dict(zip(names, values, strict=True)), using)


def _key_fields(model: type[Model]) -> Sequence[Field[Any, Any]]:
    """
    Return the fields of the primary key of *model*; several if it is composite.
    """
    return model._meta.pk_fields


def _written(field: Any, value: Any, instance: Model) -> Any:
    """
    Return the *value* of a *field* of the primary key as JSON, as Django's serializers write it.

    Raises:
        CannotTravel: it would not come back.
    """
    wire = value if type(value) in (int, str) else field.value_to_string(instance)
    if type(wire) not in (int, str) or field.to_python(wire) != value:
        raise CannotTravel(
            f"has the key {shown(value)}, which {type(field).__name__} does not read back",
            "declare the data that the receiver needs",
        )
    return wire


def _check_is_installed(model: type[Model]) -> None:
    """
    Raise CannotTravel if another process does not find *model* by its label.
    """
    try:
        if apps.get_model(model._meta.label_lower) is model:
            return
    except LookupError:
        pass
    raise CannotTravel(
        f"is of the model {model._meta.label}, but not of the class that the installed apps have",
        "send the model itself, not the one in a migration",
    )


def _model_labelled(label: Any) -> type[Model]:
    """
    Return the model with this *label*.

    Raises:
        UnknownNameError: this process does not have it.
    """
    try:
        return apps.get_model(label)
    except (AttributeError, LookupError, ValueError, TypeError) as error:
        raise UnknownNameError(
            f"the model {shown(label)} arrived, but no installed app of this process has it: add "
            "its app to INSTALLED_APPS, or is the sender of another release?"
        ) from error


def _referenced(model: type[Model], key: dict[str, Any], using: str) -> Model:
    """
    Return the object of *model* with this primary *key*, which fetches its row at its first use.
    """
    names = [field.attname for field in model._meta.concrete_fields if field.attname in key]
    instance = model.from_db(using, names, [key[name] for name in names])
    # They are asked before the methods of the class.
    vars(instance).update(_FirstUse(instance).methods())
    return instance


@final
class _FirstUse:
    """
    Fetches all fields of a model at the first use of one.

    Django calls ``refresh_from_db`` where a deferred field is read, and ``__getstate__`` to copy or
    to pickle a model.
    """

    def __init__(self, instance: Model) -> None:
        self._instance = instance

    def methods(self) -> dict[str, Any]:
        """
        Return the attributes that the model has until then.
        """
        return {"refresh_from_db": self._refresh_from_db, "__getstate__": self._getstate}

    def _refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, **arguments: Any
    ) -> None:
        fetched = self._fetch()
        names = None if fields is None else list(fields)
        if names is None or using or arguments or not fetched.issuperset(names):
            self._instance.refresh_from_db(using, names, **arguments)

    def _getstate(self) -> Any:
        self._fetch()
        return self._instance.__getstate__()

    def _fetch(self) -> set[str]:
        """
        Fetch the fields that were not set in the meantime, and return their names.

        Raises:
            MissingRowError: the row does not exist.
        """
        instance = self._instance
        state = vars(instance)
        names = instance.get_deferred_fields()
        methods = {name: state.pop(name) for name in self.methods()}
        try:
            instance.refresh_from_db(using=instance._state.db, fields=names)
        except BaseException as error:
            state.update(methods)
            if not isinstance(error, ObjectDoesNotExist):
                raise
            meta = instance._meta
            raise MissingRowError(
                f"{meta.label} with the key {shown(instance.pk)} does not exist any more in the "
                f"database {instance._state.db!r}: it was deleted after it was sent"
            ) from error
        return names


@final
class ModelClass(Kind):
    """
    ``type[X]`` of a model X, or ``type``: a model travels by label, because some, like through
    models, have no name in a module.
    """

    classes = ()
    wires = (str,)

    def __init__(self, bound: type) -> None:
        self._bound = bound
        self._others = Class(bound)
        self.name, self.own_schema = self._others.name, self._others.own_schema

    def dump(self, value: Any) -> Any:
        is_model = issubclass(type(value), type) and issubclass(value, Model)
        # An abstract one is not in the registry.
        if not is_model or value is Model or value._meta.abstract:
            return self._others.dump(value)
        if not issubclass(value, self._bound):
            raise self.wrong_type(value)
        _check_is_installed(value)
        return f"{_AS_CLASS}{value._meta.label_lower}"

    def load(self, wire: Any) -> Any:
        if type(wire) is not str or not wire.startswith(_AS_CLASS):
            return self._others.load(wire)
        model = _model_labelled(wire.removeprefix(_AS_CLASS))
        if not issubclass(model, self._bound):
            raise self.unreadable(wire)
        return model


def adapt_models(stated: Any) -> Kind | None:
    """
    Return how values of a type of Django, or classes, travel; None for other types.

    Args:
        stated: a class, or ``type[cls]``.

    Raises:
        CannotTravel: values of this type do not.
    """
    if get_origin(stated) is type:
        (bound,) = get_args(stated)
        is_bound = bound is object or issubclass(bound, Model)
        return ModelClass(bound) if is_bound else None
    if issubclass(stated, Model):
        return ModelReference(stated)
    for cls in _REFUSED:
        if issubclass(stated, cls):
            raise CannotTravel(*TYPES_OF_DJANGO[f"{cls.__module__}.{cls.__name__}"])
    return None


register_adapter(adapt_models)
