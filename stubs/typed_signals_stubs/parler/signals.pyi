from typing import Any, TypedDict

from django.db.models import Model

from typed_signals.django import Signal

class TranslationInit(TypedDict):
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

# The instance is a translation, whose class parler creates.
class PreTranslationSave(TypedDict):
    instance: Any
    raw: bool
    using: str

class PostTranslationSave(TypedDict):
    instance: Any
    created: bool
    raw: bool
    using: str

class TranslationDelete(TypedDict):
    instance: Any
    using: str | None

# The sender is the class of the translation.
pre_translation_init: Signal[type[Model], TranslationInit]
post_translation_init: Signal[type[Model], TranslationInit]

# The sender is the model that is translated.
pre_translation_save: Signal[type[Model], PreTranslationSave]
post_translation_save: Signal[type[Model], PostTranslationSave]
pre_translation_delete: Signal[type[Model], TranslationDelete]
post_translation_delete: Signal[type[Model], TranslationDelete]
