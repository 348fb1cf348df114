from typing import Any, NotRequired, TypedDict

from djangocms_versioning.models import Version

from typed_signals.django import Signal

# From the code of djangocms-versioning 2. The sender is the class of the content.

class OperationStart(TypedDict):
    operation: str
    token: str
    obj: Version
    # Only sent when a version is unpublished.
    to_be_published: NotRequired[Any]

class OperationDone(OperationStart):
    # Only sent when a version is published.
    unpublished: NotRequired[list[Version]]

pre_version_operation: Signal[type[Any], OperationStart]
post_version_operation: Signal[type[Any], OperationDone]
