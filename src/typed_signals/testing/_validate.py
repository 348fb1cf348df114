"""
``validate``: check the values of payloads, too.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, final

from typed_signals._base import BaseSignal
from typed_signals._shared.caller import caller_or_runner
from typed_signals._shared.messages import class_name, shortened
from typed_signals._watch import Watcher, watch
from typed_signals._watch.by_name import EVERY_NAME
from typed_signals.exceptions import PayloadError

from ._blocks import DecoratingBlock, check_signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typed_signals._watch import Handle, Sent


def validate(*signals: BaseSignal[Any, Any, Any, ...], everywhere: bool = False) -> Validation:
    """
    Return a context manager and decorator: sends inside it also check the values of payloads, by
    the library typeguard::

        with validate(order_placed):
            place_order()

    Types that do not exist at run time are not checked, nor are mocks of ``unittest.mock``.

    Args:
        signals: our signals; without any, all of them, also those that are declared later.
        everywhere: whether to check the whole process, instead of the present context only.

    Raises:
        TypeError: one is not a signal of ours.
        ImportError: typeguard is not installed: install ``typed-signals[testing]``.
    """
    return Validation(signals, everywhere=everywhere)


@final
class Validation(DecoratingBlock):
    """
    What ``validate`` returns.
    """

    _written = "with validate(...)"

    def __init__(self, signals: Iterable[Any], *, everywhere: bool) -> None:
        super().__init__(signals)
        _typeguard()
        self._everywhere = everywhere
        for signal in self._signals:
            check_signal("validate", signal)
            if not isinstance(signal, BaseSignal):
                raise TypeError(f"validate() takes signals with a declaration, not {signal!r}")

    def start(self) -> Handle:
        if self._signals:
            return watch(self._signals, _Validating(), everywhere=self._everywhere)
        return watch((), _Validating(), everywhere=self._everywhere, patterns=[EVERY_NAME])


@final
class _Validating(Watcher):
    def checks(self, record: Sent[Any, Any]) -> None:
        if not isinstance(record.signal, BaseSignal):
            return
        declaration = record.signal._declaration
        types = declaration.evaluated_types_of(record.signal)
        problems = {
            key: problem
            for key, value in record.payload.items()
            if key in types and (problem := _problem_of(value, types[key]))
        }
        if problems:
            shown = declaration.types_of(record.signal)
            frame = caller_or_runner()
            place = f" ({frame.f_code.co_filename}:{frame.f_lineno})" if frame else ""
            texts = [
                f"{key!r} is of type {_type_name(record.payload[key])}, but is declared as "
                f"{shown[key]}: {problem}"
                for key, problem in problems.items()
            ]
            send = f"{record.signal_name}.{record.method}()"
            raise PayloadError(f"{send}: {', '.join(texts)}{place}", wrong=list(problems))


def _type_name(value: object) -> str:
    """
    Return the name of the type of *value*; for a lazy object, that of the object it stands for.
    """
    # Its ``__class__`` was read by ``isinstance``, too.
    cls: object = value.__class__
    return shortened(cls.__name__) if isinstance(cls, type) else class_name(value)


def _problem_of(value: object, expected: Any) -> str | None:
    """
    Return why *value* is not of the *expected* type; None if it is, or if it cannot be checked.
    """
    typeguard = _typeguard()
    try:
        typeguard.check_type(
            value,
            expected,
            collection_check_strategy=typeguard.CollectionCheckStrategy.ALL_ITEMS,
        )
    except typeguard.TypeCheckError as error:
        return "; ".join(map(str.strip, str(error).splitlines())).replace(":; ", ": ")
    except Exception:  # noqa: BLE001 - a type that is not known completely, or user code
        return None
    return None


def _typeguard() -> Any:
    try:
        return import_module("typeguard")
    except ImportError as error:
        raise ImportError("validate() needs typeguard: install typed-signals[testing]") from error
