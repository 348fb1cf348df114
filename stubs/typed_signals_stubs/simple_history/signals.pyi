from datetime import datetime
from typing import Any, Generic, TypedDict, TypeVar

from django.db.models import ManyToManyField, Model

from typed_signals.django import Signal

# From the code of django-simple-history 3. The senders are the models of the history. The project
# chooses the models that have one, and the class of users.

_HistoryT = TypeVar("_HistoryT", bound=Model)

class HistoricalRecord(TypedDict, Generic[_HistoryT]):
    instance: Any
    history_instance: _HistoryT
    history_date: datetime
    history_user: Any
    history_change_reason: str | None
    using: str | None

class RowsToCreate(TypedDict, Generic[_HistoryT]):
    rows: list[_HistoryT]
    history_instance: Any
    instance: Any
    field: ManyToManyField[Any, Any]

class CreatedRows(TypedDict, Generic[_HistoryT]):
    created_rows: list[_HistoryT]
    history_instance: Any
    instance: Any
    field: ManyToManyField[Any, Any]

def pre_create_historical_record(
    sender: type[_HistoryT],
) -> Signal[type[_HistoryT], HistoricalRecord[_HistoryT]]: ...
def post_create_historical_record(
    sender: type[_HistoryT],
) -> Signal[type[_HistoryT], HistoricalRecord[_HistoryT]]: ...
def pre_create_historical_m2m_records(
    sender: type[_HistoryT],
) -> Signal[type[_HistoryT], RowsToCreate[_HistoryT]]: ...
def post_create_historical_m2m_records(
    sender: type[_HistoryT],
) -> Signal[type[_HistoryT], CreatedRows[_HistoryT]]: ...
