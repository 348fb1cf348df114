"""
Kinds of dates, times and zones.

A zone is written as in RFC 9557: ``2026-10-25T02:30:00+02:00[Europe/Berlin]``, with ``[_fold=1]``
for the second of two equal times.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
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
_SUFFIXES: Final = re.compile(
    r"(?P<instant>[^\[]*)(\[(?P<zone>[^_\]][^\]]*)\])?(?P<fold>\[_fold=1\])?"
)


def _write(value: Any) -> str:
    text: str = value.isoformat()
    zone = value.tzinfo
    if zone is not None:
        text += _suffix_of(zone)
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
    found = _SUFFIXES.fullmatch(text)
    if found is None:
        raise ValueError(text)
    value = cls.fromisoformat(found["instant"])
    fold = int(found["fold"] is not None)
    if found["zone"] is None:
        return value.replace(fold=fold)
    offset = value.utcoffset()
    value = value.replace(tzinfo=ZoneInfo(found["zone"]), fold=fold)
    if value.utcoffset() != offset:
        raise CannotTravel(
            f"arrived as {text}, but {found['zone']} has another offset in this process",
            "install the same tzdata",
        )
    return value


INSTANTS: Final[dict[type, Kind]] = {
    datetime: Text(
        datetime,
        _write,
        lambda text: _read(datetime, text),
        {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"},
    ),
    date: Text(date, date.isoformat, date.fromisoformat, {"format": "date"}),
    time: Text(time, _write, lambda text: _read(time, text), {"pattern": r"^\d\d:\d\d:\d\d"}),
    timedelta: Text(
        timedelta,
        msgspec.to_builtins,
        lambda text: msgspec.convert(text, timedelta),
        {"format": "duration"},
    ),
    ZoneInfo: Text(ZoneInfo, zone_key, ZoneInfo, {"format": "time-zone"}),
}
