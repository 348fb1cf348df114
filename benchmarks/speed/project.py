"""
A Django project, set up in a process that measures.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

OUR_APP: Final = "typed_signals.django"


@cache
def set_up(*apps: str) -> None:
    """
    Set up Django as in production, with *apps* installed and a database in memory.
    """
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEBUG=False,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=apps,
        TASKS={"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}},
        USE_TZ=True,
    )
    django.setup()


@cache
def model(number: int) -> Any:
    """
    Return the model with this number, which has no table.
    """
    return _new_model(f"Pizza{number}")


def new_model_with_table() -> Any:
    """
    Return a model with two fields.
    """
    from django.db import connection, models

    pizza = _new_model("Pizza", name=models.CharField(max_length=30), size=models.IntegerField())
    with connection.schema_editor() as editor:
        editor.create_model(pizza)
    return pizza


def _new_model(name: str, /, **fields: Any) -> Any:
    from django.db.models import Model
    from django.db.models.base import ModelBase

    # No app needs to have this label.
    meta = type("Meta", (), {"app_label": "shop"})
    return ModelBase(name, (Model,), {"__module__": __name__, "Meta": meta, **fields})
