from collections.abc import Callable
from typing import Any, TypedDict

from reversion.models import Revision, Version

from typed_signals.django import Signal

# From the code of django-reversion 5 and 6. The sender is the function `create_revision`.

class RevisionCommit(TypedDict):
    revision: Revision
    versions: list[Version]

pre_revision_commit: Signal[Callable[..., Any], RevisionCommit]
post_revision_commit: Signal[Callable[..., Any], RevisionCommit]
