"""
Record the sends of all signals in a file, each fact once.

A fact is a line of JSON: that a signal was sent at a place with these keys, that a key had a type,
or which base classes a class has. Each line is written at once, so a crash loses nothing; each
process has its own file, so they do not disturb each other.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from importlib import import_module
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, final

from typed_signals._shared.caller import caller
from typed_signals._shared.logs import log
from typed_signals._watch.by_name import EVERY_NAME
from typed_signals._watch.scopes import watch
from typed_signals._watch.watcher import Watcher
from typed_signals.cli.survey.written_types import NamedType, parts_of, type_to_json

from .described import bases, described, file_of

if TYPE_CHECKING:
    from collections.abc import Hashable
    from os import PathLike

    from typed_signals._watch.watcher import Sent
    from typed_signals.cli.survey.written_types import WrittenType

FORMAT: Final = 1

# These are declared already, and some are sent for each object of a model.
_EXCLUDED: Final = ("django.*",)
# Modules that define signals. If they are installed, they are imported so that all are found.
_DISPATCHERS: Final = ("django.dispatch", "blinker")


def start(file: str | PathLike[str], *, is_part: bool | None = None) -> Recording:
    """
    Record in *file* what all signals send, from now on and in the whole process::

        from typed_signals.record import start

        start("signals.jsonl")

    Args:
        file: the file, which is replaced. Other processes of this program write files beside it,
            with the number of the process as an additional suffix.
        is_part: whether this is one of these other processes; by default, whether
            ``multiprocessing`` or pytest-xdist started it.

    Returns:
        What ends it: call ``stop()``, or use it in a ``with`` statement.

    Raises:
        OSError: the file cannot be written.
    """
    path = Path(file).absolute()
    if is_part is None:
        is_part = parent_process() is not None or "PYTEST_XDIST_WORKER" in os.environ
    if not is_part:
        for part in parts(path):
            part.unlink()
    for module in _DISPATCHERS:
        _import_if_installed(module)
    return Recording(_File(path, is_part=is_part))


def parts(file: Path) -> list[Path]:
    """
    Return the files that processes wrote for the recording *file*.
    """
    prefix = f"{file.name}."
    found = [
        path
        for path in file.parent.iterdir()
        if path.name.startswith(prefix) and path.name.removeprefix(prefix).isdigit()
    ]
    return [*([file] if file.exists() else []), *sorted(found)]


def _import_if_installed(module: str) -> None:
    with suppress(ImportError):
        import_module(module)


@final
class Recording:
    """
    Ends what :func:`start` started.
    """

    def __init__(self, file: _File) -> None:
        self._file = file
        self._handle = watch(
            (), _Recorder(file), everywhere=True, patterns=[EVERY_NAME], excluded=_EXCLUDED
        )

    def stop(self) -> None:
        """
        Stop recording.
        """
        self._handle.stop()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop()


@final
class _File:
    """
    The file of this process.
    """

    def __init__(self, path: Path, *, is_part: bool) -> None:
        self._path = path
        self._root = Path.cwd()
        self._known: set[Hashable] = set()
        self._is_closed = False
        self._open(is_part=is_part)

    def _open(self, *, is_part: bool) -> None:
        self._process = os.getpid()
        path = f"{self._path}.{self._process}" if is_part else self._path
        # Each write is one line at the end, at once. Other programs do not inherit it (PEP 446).
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self._write({"typed_signals_record": FORMAT, "root": self._root.as_posix()})

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            os.close(self._descriptor)

    def is_new(self, fact: Hashable) -> bool:
        """
        Return whether *fact* was not asked for before.
        """
        if fact in self._known:
            return False
        self._known.add(fact)
        return True

    def write(self, data: dict[str, Any]) -> None:
        """
        Write *data* as a line.
        """
        if self._is_closed:
            return
        if os.getpid() != self._process:  # after a fork
            os.close(self._descriptor)
            self._open(is_part=True)
        self._write(data)

    def _write(self, data: dict[str, Any]) -> None:
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        os.write(self._descriptor, f"{line}\n".encode())


@final
class _Recorder(Watcher):
    """
    Describes sends.
    """

    def __init__(self, file: _File) -> None:
        self._file = file
        self._has_failed = False

    def starts(self, sent: Sent[Any, Any]) -> None:
        try:
            self._record(sent)
        except Exception as error:  # noqa: BLE001 - recording never breaks a send
            if not self._has_failed:
                self._has_failed = True
                log("error", "Cannot record a send", error=error)

    def _record(self, sent: Sent[Any, Any]) -> None:
        frame = caller()
        signal, place = sent.signal_name, (frame.f_code.co_filename, frame.f_lineno)
        sender, keys = described(sent.sender), tuple(sent.payload)
        data: dict[str, Any] = {"signal": signal, "place": place}
        if self._file.is_new((signal, place, sent.method, sender, keys)):
            self._record_bases(sender)
            sent_by = {"method": sent.method, "sender": type_to_json(sender)}
            self._file.write({**data, **sent_by, "keys": keys})
        for key, value in sent.payload.items():
            typ = described(value)
            if self._file.is_new((signal, place, key, typ)):
                self._record_bases(typ)
                self._file.write({**data, "key": key, "type": type_to_json(typ)})

    def _record_bases(self, typ: WrittenType) -> None:
        for part in parts_of(typ):
            if isinstance(part, NamedType) and part in bases and self._file.is_new(part):
                names = [f"{base.module}:{base.name}" for base in bases[part]]
                data = {"class": f"{part.module}:{part.name}", "bases": names}
                self._file.write({**data, "file": file_of(part)})
                for base in bases[part]:
                    self._record_bases(base)
