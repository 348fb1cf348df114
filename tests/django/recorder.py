"""
Run a part of Django's own test suite, and write down what Django sends meanwhile.

It is a script, as Django's suite wants a process with its own settings::

    python recorder.py SUITE OUTPUT LABEL...

``SUITE`` is the folder ``tests`` of Django's source distribution; ``LABEL`` is what its
``runtests.py`` takes. ``OUTPUT`` becomes a JSON file with the different sets of keys that each
signal was sent with: ``{"django.db.models.signals.post_init": [["instance"]], ...}``.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django import dispatch

if TYPE_CHECKING:
    from collections.abc import Callable

DJANGO: Final = str(Path(dispatch.__file__).parents[1]) + os.sep

# Of each signal, by identity: the sets of keys that it was sent with, and where from.
sent: Final[dict[dispatch.Signal, dict[tuple[str, ...], str]]] = {}


def recorded(method: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return *method* of a signal so that it takes down the keys first.
    """

    def record(self: dispatch.Signal, sender: Any, **payload: Any) -> Any:
        file = sys._getframe(1).f_code.co_filename
        # What the tests themselves send says nothing about Django.
        if file.startswith(DJANGO):
            sent.setdefault(self, {}).setdefault(tuple(sorted(payload)), file)
        return method(self, sender, **payload)

    return record


def reload_once() -> None:
    """
    Have Django's reloader start and find a changed file: its own tests replace what sends.
    """
    from django.utils.autoreload import BaseReloader, file_changed

    class Reloader(BaseReloader):
        def run_loop(self) -> None:
            self.notify_file_changed(Path(__file__))

    def stay(**_kwargs: Any) -> bool:
        return True

    file_changed.connect(stay)
    Reloader().run(threading.main_thread())


def write(output: str) -> None:
    from typed_signals.django._builtin import builtin_signals

    names = {signal: name for name, signal in builtin_signals()}
    kinds: dict[str, list[tuple[str, ...]]] = {}
    for signal, sends in sent.items():
        first = next(iter(sends.values())).removeprefix(DJANGO)
        kinds.setdefault(names.get(signal, f"a signal in {first}"), []).extend(sends)
    Path(output).write_text(json.dumps(kinds), "utf-8")


def main() -> None:
    suite, output, *labels = sys.argv[1:]
    for name in ("send", "send_robust", "asend", "asend_robust"):
        setattr(dispatch.Signal, name, recorded(getattr(dispatch.Signal, name)))
    os.chdir(suite)
    # Where the script would be, if it were theirs.
    sys.path[0] = suite
    sys.argv = ["runtests.py", "--parallel", "1", "--settings", "test_sqlite", *labels]
    try:
        runpy.run_path("runtests.py", run_name="__main__")
    finally:
        reload_once()
        write(output)


if __name__ == "__main__":
    main()
