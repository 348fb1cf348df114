"""
What ``infer --write`` changes, and which signals it leaves and why.

Everything is computed before the first file is written.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final, cast

import libcst as cst

from typed_signals.cli.infer.result import difference
from typed_signals.cli.output import shown_from
from typed_signals.cli.survey.written_types import is_source

from .layout import line_length
from .module import ModuleEdit, UneditableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typed_signals.cli.infer.result import Inference, InferredSignal
    from typed_signals.cli.survey.model import Place, ReceiverFact, SendFact, Survey

    from .module import Form

_RESERVED: Final = ("sender", "signal", "self")
_NO_SOURCE: Final = "its types cannot be written as source"
_UNSURE: Final = {
    "never sent": "no send was found",
    "open": "a send passes keys that are not known",
    "drifting": "its sends differ",
}


@dataclass(frozen=True)
class FileChange:
    """
    The new source of a file.
    """

    path: Path

    before: bytes | None
    """None if there is no such file."""

    after: bytes


@dataclass(frozen=True)
class Left:
    """
    A signal that is not declared.
    """

    signal: InferredSignal
    why: str


@dataclass(frozen=True)
class Edits:
    """
    All changes.
    """

    root: Path
    changes: tuple[FileChange, ...] = ()
    declared: tuple[InferredSignal, ...] = ()
    left: tuple[Left, ...] = field(default=())

    def diff(self) -> str:
        """
        Return the changes as a unified diff.
        """
        return "".join(line for change in self.changes for line in self._diff_of(change))

    def _diff_of(self, change: FileChange) -> Iterator[str]:
        name = shown_from(change.path, self.root)
        # Another encoding is only shown; it is written as it is.
        before, after = (
            text.decode("utf-8", "replace").splitlines(keepends=True)
            for text in (change.before or b"", change.after)
        )
        old = "/dev/null" if change.before is None else f"a/{name}"
        for line in difflib.unified_diff(before, after, old, f"b/{name}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

    def write(self) -> None:
        """
        Write all files.

        Raises:
            OSError: a file cannot be written, or was changed in the meantime. The files before it
                are written.
        """
        for change in self.changes:
            now = change.path.read_bytes() if change.path.exists() else None
            if now != change.before:
                raise OSError(f"{change.path} was changed in the meantime")
        for change in self.changes:
            if change.before is None:
                change.path.parent.mkdir(parents=True, exist_ok=True)
                change.path.write_bytes(change.after)
            else:
                _replace(change.path, change.after)


def _replace(path: Path, content: bytes) -> None:
    """
    Write a file at once, or not at all.
    """
    target = path.resolve()
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        new = Path(file.name)
        try:
            file.write(content)
            file.close()
            new.chmod(target.stat().st_mode)
            new.replace(target)
        finally:
            new.unlink(missing_ok=True)


def plan_edits(inference: Inference, survey: Survey, form: Form = "typeddict") -> Edits:
    """
    Return the changes that declare the signals of a project.

    Args:
        inference: what the signals carry.
        survey: their receivers and sends.
        form: whether to write a TypedDict, or a function under ``@Signal.declare``, where that
            can be.
    """
    root = Path(inference.root)
    longest = line_length(root)
    left: list[Left] = []
    by_file: dict[str, list[InferredSignal]] = {}
    for signal in inference.signals:
        if signal.verdict == "declared" or signal.kind == "builtin":
            continue
        if why := _why_not(signal, survey):
            left.append(Left(signal, why))
        else:
            by_file.setdefault(cast("Place", signal.place).path, []).append(signal)
    changes: list[FileChange] = []
    declared: list[InferredSignal] = []
    for name, signals in sorted(by_file.items()):
        path = root / name
        change, done, others = _edit_file(path, signals, form, longest)
        left += others
        if change is not None:
            changes.append(change)
            declared += done
    return Edits(root, tuple(changes), tuple(declared), tuple(left))


def _edit_file(
    path: Path, signals: list[InferredSignal], form: Form, longest: int
) -> tuple[FileChange | None, list[InferredSignal], list[Left]]:
    try:
        before = path.read_bytes()
        module = _module_of(path, signals[0])
        is_package = path.name == "__init__.py"
        edit = ModuleEdit(before, module, is_package=is_package, longest=longest)
    except (OSError, UneditableError) as error:
        return None, [], [Left(signal, str(error)) for signal in signals]
    reasons = [(signal, edit.choose(signal, form)) for signal in signals]
    left = [Left(signal, why) for signal, why in reasons if why]
    done = [signal for signal, why in reasons if not why]
    if not done:
        return None, [], left
    try:
        after = edit.result()
        compile(after, str(path), "exec", dont_inherit=True)
    except (cst.ParserSyntaxError, SyntaxError, ValueError):
        return None, [], [*left, *(Left(signal, _NO_SOURCE) for signal in done)]
    return FileChange(path, before, after), done, left


def _module_of(path: Path, signal: InferredSignal) -> str:
    """
    Return the name of the module at *path*, of which *signal* is one.
    """
    stem = path.parent.name if path.name == "__init__.py" else path.stem
    parts = signal.fullname.split(".")[:-1]
    while len(parts) > 1 and parts[-1] != stem:
        parts.pop()  # the name of a class
    return ".".join(parts)


def why_not_inferred(signal: InferredSignal) -> str:
    """
    Return why what *signal* carries is not known well enough; empty if it is.
    """
    if signal.why_unsure:
        return signal.why_unsure
    if taken := [key.name for key in signal.keys if key.name in _RESERVED]:
        return f"a key cannot be called {taken[0]!r}"
    if why := _UNSURE.get(signal.verdict, ""):
        return why
    types = [key.type for key in signal.keys] + ([signal.sender] if signal.sender else [])
    return "" if all(map(is_source, types)) else _NO_SOURCE


def _why_not(signal: InferredSignal, survey: Survey) -> str:
    """
    Return why *signal* must not be declared in its source; empty if it may be.
    """
    if why := why_not_inferred(signal):
        return why
    if signal.kind not in ("django", "typed"):
        is_stub = signal.kind == "blinker" and signal.fullname.rpartition(".")[2].isidentifier()
        hint = ": declare it with --declarations" if is_stub else ""
        return f"its class is {signal.engine}{hint}"
    if signal.place is None or Path(signal.place.path).is_absolute():
        return "it is defined outside of the project"
    reasons = [
        *(_why_refused(one, signal) for one in survey.receivers if one.signal == signal.fullname),
        *(_why_failing(one, signal) for one in survey.sends if one.signal == signal.fullname),
    ]
    return next(filter(None, reasons), "")


def _why_refused(receiver: ReceiverFact, signal: InferredSignal) -> str:
    """
    Return why ``connect`` would refuse *receiver*; empty if it would not.
    """
    if receiver.parameters is None:
        return ""
    where = receiver.place
    if receiver.kwargs is None:
        return f"its receiver {receiver.name} ({where}) has no **kwargs: add it first"
    known = {key.name: key.required for key in signal.keys}
    always = {"sender", "signal", *(name for name, required in known.items() if required)}
    for parameter in receiver.key_parameters:
        if parameter.kind == "positional" and parameter.required:
            return f"its receiver {receiver.name} ({where}) has a positional-only parameter"
        if parameter.required and parameter.name not in always:
            how_often = "not always" if parameter.name in known else "never"
            asks = f"requires {parameter.name!r}, which is {how_often} sent"
            return f"its receiver {receiver.name} ({where}) {asks}"
    return ""


def _why_failing(send: SendFact, signal: InferredSignal) -> str:
    """
    Return why *send* would fail, if it is in tests, which do not count for what is declared.
    """
    if not send.in_tests or send.spread:
        return ""
    keys = [key.name for key in signal.keys]
    text = difference(send.keys, keys, [key.name for key in signal.keys if key.required])
    return f"a send in tests ({send.place}) {text}" if text else ""


def shown_reasons(left: Iterable[Left]) -> Iterator[str]:
    """
    Yield a line for each signal that is left.
    """
    for each in left:
        where = f"{each.signal.place}: " if each.signal.place is not None else ""
        yield f"{where}{each.signal.fullname} is not declared: {each.why}"
