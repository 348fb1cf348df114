"""
Record what signals really send while a program or its tests run, for ``typed-signals infer``.

With pytest, also with pytest-xdist::

    pytest -p typed_signals.record --signal-record signals.jsonl

With any other program::

    python -m typed_signals.record --to signals.jsonl manage.py test

Only names and types are recorded, never values. Django's own signals are not recorded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from .recorder import Recording, start

if TYPE_CHECKING:
    import pytest

__all__ = ["Recording", "start"]

DEFAULT_FILE: Final = "signals.jsonl"


def pytest_addoption(parser: pytest.Parser) -> None:
    """
    Add the option for the file.
    """
    parser.getgroup("typed-signals").addoption(
        "--signal-record",
        metavar="FILE",
        default=DEFAULT_FILE,
        help="where to record the types that signals send (default: %(default)s)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """
    Start recording.
    """
    # The processes of pytest-xdist get the options of the first one, and may run elsewhere.
    file = config.option.signal_record = str(Path(config.option.signal_record).absolute())
    try:
        recording = start(file, is_part=hasattr(config, "workerinput"))
    except OSError as error:
        # Not at the top: other programs may not have pytest.
        import pytest

        problem = f"--signal-record: the recording cannot be written: {error}"
        raise pytest.UsageError(problem) from error
    config.add_cleanup(recording.stop)
