"""
The logger ``typed_signals``.
"""

from __future__ import annotations

from typing import Final, Literal

LOGGER_NAME: Final = "typed_signals"


def log(
    level: Literal["warning", "error"],
    message: str,
    *values: object,
    error: BaseException | None = None,
    **extra: object,
) -> None:
    """
    Log *message* with the *values* in it; nothing while the interpreter deletes its modules.

    Args:
        level: the level.
        message: the message, with a ``%s`` for each of the *values*.
        values: the values.
        error: what was raised, to log its traceback.
        extra: attributes of the record.
    """
    try:
        import logging  # rarely needed
    except ImportError:  # the interpreter finalizes
        return
    logger = logging.getLogger(LOGGER_NAME)
    getattr(logger, level)(message, *values, exc_info=error, extra=extra, stacklevel=2)
