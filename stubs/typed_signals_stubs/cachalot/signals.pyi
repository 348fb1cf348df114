from typing import TypedDict

from typed_signals.django import Signal

# From the code of django-cachalot 2.6 to 2.9. The sender is the name of a table.

class Invalidated(TypedDict):
    db_alias: str

post_invalidation: Signal[str, Invalidated]
