from typing import Any, TypedDict

from django.http import HttpRequest
from polib import POEntry

from typed_signals.django import Signal

# The project chooses the class of users.
class EntryChanged(TypedDict):
    user: Any
    old_msgstr: str
    old_fuzzy: bool
    pofile: str
    language_code: str

class FileSaved(TypedDict):
    language_code: str
    request: HttpRequest

entry_changed: Signal[POEntry, EntryChanged]
post_save: Signal[None, FileSaved]
