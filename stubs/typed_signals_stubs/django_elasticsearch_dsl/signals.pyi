from collections.abc import Iterable
from typing import Any, Generic, TypedDict, TypeVar

from django_elasticsearch_dsl.documents import DocType

from typed_signals.django import Signal

# From the code of django-elasticsearch-dsl 8 and 9.

_DocumentT = TypeVar("_DocumentT", bound=DocType)

class Indexed(TypedDict, Generic[_DocumentT]):
    instance: _DocumentT
    actions: Iterable[Any]
    # The number of successes, and the number of errors or the errors.
    response: tuple[int, int | list[Any]]

def post_index(sender: type[_DocumentT]) -> Signal[type[_DocumentT], Indexed[_DocumentT]]: ...
