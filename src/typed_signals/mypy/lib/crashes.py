"""
Handle errors in the plugin: mypy continues without the plugin, and a note shows the error.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mypy.errors import CompileError

from typed_signals._shared.messages import shortened
from typed_signals.mypy import codes

if TYPE_CHECKING:
    from collections.abc import Callable

    Hook = Callable[[Any], Any]

ResultT = TypeVar("ResultT")

RAISE: Final = "TYPED_SIGNALS_RAISE"
"""The environment variable with which our errors stop mypy, for tests."""

_ROOT: Final = Path(__file__).parents[3]


def guarded(find: Callable[[], Hook]) -> Hook:
    """
    Return the hook that *find* returns; if it fails, the result is mypy's default.

    *find* is called when the hook is first called.
    """
    find = cache(find)

    def hook(ctx: Any) -> Any:
        try:
            return find()(ctx)
        except CompileError:
            raise  # mypy stops with its message
        except Exception as error:  # noqa: BLE001 - mypy continues after any error
            problem = _problem("check this call", error)
            if hasattr(ctx, "context"):
                ctx.api.note(problem, ctx.context, code=codes.ALL)
                return getattr(ctx, "default_signature", None) or ctx.default_return_type
            ctx.api.note(problem, ctx.reason, code=codes.ALL)
            return None

    return hook


def result_of(work: Callable[[], ResultT], default: ResultT) -> ResultT:
    """
    Return the result of *work*, or *default* if it fails.

    The error does not belong to a line of code, and mypy requires a line for a note. So the error
    is printed to stderr, once.
    """
    try:
        return work()
    except CompileError:
        raise
    except Exception as error:  # noqa: BLE001 - mypy continues after any error
        _print_once(_problem("find all declarations", error))
        return default


@cache
def _print_once(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - as in mypy


def _problem(task: str, error: Exception) -> str:
    """
    Return the message for *error*.

    Raises:
        Exception: *error*, if the environment variable is set.
    """
    if os.environ.get(RAISE):
        raise error
    ours = [frame for frame in extract_tb(error.__traceback__) if _is_in_package(frame.filename)]
    place = Path(ours[-1].filename).relative_to(_ROOT).as_posix()
    what = shortened(f"{type(error).__name__}: {' '.join(str(error).split())}")
    return f"typed-signals could not {task}: please report {what} at {place}:{ours[-1].lineno}"


def _is_in_package(filename: str) -> bool:
    return Path(filename).is_relative_to(_ROOT / "typed_signals")
