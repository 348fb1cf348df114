"""
Kinds of dates, times and zones.

A zone is written as in RFC 9557: ``2026-10-25T02:30:00+02:00[Europe/Berlin]``, with ``[_fold=1]``
for the second of two equal times.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from typed_signals._shared.messages import class_name

from .problems import CannotTravel
from .scalars import Text

if TYPE_CHECKING:
    from .kind import Kind

InstantT = TypeVar("InstantT", datetime, time)

_FOLD: Final = "[_fold=1]"


def _write(value: Any) -> str:
    zone = value.tzinfo
    text: str
    if zone is None or zone is UTC:
        text = msgspec.to_builtins(value)  # faster
    else:
        text = f"{value.isoformat()}{_suffix_of(zone)}"
    return f"{text}{_FOLD}" if value.fold else text


def _suffix_of(zone: tzinfo) -> str:
    if type(zone) is ZoneInfo:
        return f"[{zone_key(zone)}]"
    if type(zone) is not timezone:
        raise CannotTravel(
            f'has a zone of type "{class_name(zone)}"',
            "use zoneinfo.ZoneInfo or datetime.timezone",
        )
    offset, *name = zone.__getinitargs__()  # type: ignore[attr-defined] # how pickle reads it
    if name:
        raise CannotTravel("has a timezone with a name, which is lost", "use zoneinfo.ZoneInfo")
    if offset.microseconds:  # Python writes these, but does not read them
        raise CannotTravel("has an offset with microseconds", "use zoneinfo.ZoneInfo")
    return ""


def zone_key(zone: ZoneInfo) -> str:
    """
    Return the key of a *zone*.
    """
    # Times of two objects for one zone may not be equal (PEP 495).
    if not zone.key or ZoneInfo(zone.key) is not zone:
        raise CannotTravel("has a zone that is not ZoneInfo(key)", "pass ZoneInfo(key)")
    return zone.key


def _read(cls: type[InstantT], text: str) -> InstantT:
    without_fold = text.removesuffix(_FOLD)
    instant, _, key = without_fold.partition("[")
    value = cls.fromisoformat(instant)
    if without_fold != text:
        value = value.replace(fold=1)
    if not key:
        return value
    loaded = value.replace(tzinfo=ZoneInfo(key.removesuffix("]")))
    if loaded.utcoffset() != value.utcoffset():
        raise CannotTravel(
            f"arrived as {text}, which has another offset in this process",
            "install the same tzdata",
        )
    return loaded


INSTANTS: Final[dict[type, Kind]] = {
    datetime: Text(
        datetime,
        _write,
        partial(_read, datetime),
        {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"},
    ),
    date: Text(date, date.isoformat, date.fromisoformat, {"format": "date"}),
    time: Text(time, _write, partial(_read, time), {"pattern": r"^\d\d:\d\d:\d\d"}),
    timedelta: Text(
        timedelta,
        msgspec.to_builtins,
        partial(msgspec.convert, type=timedelta),
        {"format": "duration"},
    ),
    ZoneInfo: Text(ZoneInfo, zone_key, ZoneInfo, {"format": "time-zone"}),
}
