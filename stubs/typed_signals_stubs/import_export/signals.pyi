from typing import Any, TypedDict

from typed_signals.django import Signal

# From the code of django-import-export 3 and 4. The model is a class of the project.

class Exported(TypedDict):
    model: Any

class Imported(TypedDict):
    model: Any

post_export: Signal[None, Exported]
post_import: Signal[None, Imported]
