from typing import Any, TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of Wagtail 5.2 to 8.0. The project chooses the class of documents.

class DocumentServed(TypedDict):
    instance: Any
    request: HttpRequest

document_served: Signal[type[Any], DocumentServed]
