"""Provisional, until the real one lands."""

from typing import Any

import msgspec


class CannotTravel(Exception):  # noqa: N818 - a verdict
    may_change = False

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(f"{reason}: {fix}" if fix else reason)
        self.reason, self.fix = reason, fix


class Codec:
    def __init__(self, stated: Any) -> None:
        self.stated = stated

    def dump(self, value: Any) -> Any:
        if isinstance(value, type):
            return f"{value.__module__}.{value.__qualname__}"
        try:
            return msgspec.to_builtins(value)
        except Exception as error:
            raise CannotTravel(str(error)) from error

    def load(self, value: Any) -> Any:
        if self.stated is type:
            import sys

            for m in list(sys.modules.values()):
                for v in list(vars(m).values()):
                    if isinstance(v, type) and f"{v.__module__}.{v.__qualname__}" == value:
                        return v
        try:
            return msgspec.convert(value, self.stated)
        except Exception as error:
            raise CannotTravel(str(error)) from error


def codec_of(stated: Any) -> Codec:
    if stated in (Any, object):
        raise CannotTravel("it is declared as Any", "declare its type")
    return Codec(stated)
