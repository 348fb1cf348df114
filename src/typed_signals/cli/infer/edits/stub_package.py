"""
What ``infer --declarations`` writes: a package of stub files that declare signals.

What such a package declares already is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import libcst as cst

from typed_signals.cli.exits import CommandError
from typed_signals.cli.survey.written_types import NamedType, imports_of

from .bindings import Bindings
from .layout import Layout, line_length
from .local_names import LocalNames
from .module import UneditableError
from .payload import function_source, is_class_form, payload_name, type_source, typed_dict_source
from .plan import Edits, FileChange, Left, why_not_inferred

if TYPE_CHECKING:
    from typed_signals.cli.infer.result import Inference, InferredSignal

    from .imports import Statement
    from .module import Form

_OBJECT: Final = NamedType("builtins", "object")
_MODEL_SIGNAL: Final = "django.db.models.signals.ModelSignal"


def plan_declarations(inference: Inference, package: Path, form: Form = "typeddict") -> Edits:
    """
    Return the changes that declare signals in a package of stub files.

    Args:
        inference: what the signals carry.
        package: the folder of the package, which does not have to exist.
        form: whether to write a TypedDict, or a function under ``@Signal.declare`` where that can
            be.

    Raises:
        CommandError: the folder cannot be such a package.
    """
    _refuse_others(package)
    layout = Layout(line_length(Path(inference.root)))
    left: list[Left] = []
    by_file: dict[Path, list[InferredSignal]] = {}
    for signal in inference.signals:
        if signal.verdict == "declared" or signal.kind == "builtin":
            continue
        if why := why_not_inferred(signal) or _why_not_declared(signal):
            left.append(Left(signal, why))
        else:
            by_file.setdefault(package / _file_of(signal), []).append(signal)
    folders = {path.parent for path in by_file}
    folders |= {parent for path in folders for parent in path.parents if package in parent.parents}
    files = {folder / "__init__.pyi" for folder in (folders | {package} if by_file else ())}
    changes: list[FileChange] = []
    declared: list[InferredSignal] = []
    for path in sorted(files | by_file.keys()):
        before = path.read_bytes() if path.exists() else None
        after = before or b""
        if path in by_file:
            try:
                fullname = ".".join(_parts_of(package.parent, path))
                stub = _StubFile(before or b"", fullname, layout)
            except UneditableError as error:
                raise CommandError(f"{path} cannot be read, because {error}") from error
            of_file = sorted(by_file[path], key=_line_of)
            stub.hide({signal.fullname.rpartition(".")[2] for signal in of_file})
            declared += [signal for signal in of_file if stub.add(signal, form)]
            after = stub.result()
        if after != before:
            changes.append(FileChange(path, before, after))
    return Edits(package.parent, tuple(changes), tuple(declared), tuple(left))


def _refuse_others(package: Path) -> None:
    if not package.name.isidentifier():
        raise CommandError(f"{package.name} is not a name of a package: use an identifier")
    if package.exists() and not package.is_dir():
        raise CommandError(f"{package} is a file: name a folder")
    if (found := next(package.rglob("*.py"), None)) is not None:
        raise CommandError(
            f"{package} contains {found.name}, but declarations are stub files: name a folder that "
            "contains nothing else"
        )


def _why_not_declared(signal: InferredSignal) -> str:
    if signal.kind == "typed":
        return "add the payload where it is created"
    if signal.kind not in ("django", "blinker"):
        return f"its class is {signal.engine}"
    module, _, name = signal.fullname.rpartition(".")
    if not name.isidentifier():
        return "it has no name of its own"
    if signal.place is not None and not _is_module(signal.place.path, module):
        return "it is an attribute of a class"
    return ""


def _is_module(path: str, module: str) -> bool:
    parts = list(Path(path).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return not parts or parts[-1] == module.rpartition(".")[2]


def _file_of(signal: InferredSignal) -> Path:
    module, _, _ = signal.fullname.rpartition(".")
    path = Path(*module.split("."))
    is_package = signal.place is not None and Path(signal.place.path).stem == "__init__"
    return path / "__init__.pyi" if is_package else path.with_name(f"{path.name}.pyi")


def _line_of(signal: InferredSignal) -> int:
    return signal.place.line if signal.place is not None else 0


def _parts_of(root: Path, path: Path) -> list[str]:
    return [*path.relative_to(root).with_suffix("").parts]


class _StubFile:
    """
    A stub file with more declarations.
    """

    def __init__(self, source: bytes, fullname: str, layout: Layout) -> None:
        try:
            self._module = cst.parse_module(source)
        except (cst.ParserSyntaxError, SyntaxError, UnicodeError) as error:
            raise UneditableError(f"it cannot be parsed: {type(error).__name__}") from error
        self._bindings = Bindings(self._module, fullname, (), is_package=False)
        self._names = LocalNames(self._bindings, layout.longest, is_stub=True)
        self._names.at = len(self._module.body)
        self._layout = layout
        self._added: list[Statement] = []

    def hide(self, names: set[str]) -> None:
        """
        Note that these *names* are signals, not builtins.
        """
        self._names.hidden = names

    def add(self, signal: InferredSignal, form: Form) -> bool:
        """
        Declare *signal*; return whether it was not declared.
        """
        name = signal.fullname.rpartition(".")[2]
        if name in self._bindings.mentioned:
            return False
        self._bindings.bound |= {name, *self._bindings.mentioned}
        for typ in (signal.sender, *(key.type for key in signal.keys)):
            for module, outer in sorted(imports_of(typ)) if typ else ():
                self._names.of_class(NamedType(module, outer))
        engine, _ = self._names.of_class(_engine_of(signal))
        if form == "function" and is_class_form(signal) and signal.kind != "blinker":
            source = function_source(
                signal, name, engine, self._names, is_evaluated=False, layout=self._layout
            )
            self._append(source)
            return True
        payload = payload_name(name, self._names.taken)
        self._bindings.bound.add(payload)
        source = typed_dict_source(
            signal, payload, self._names, are_annotations_evaluated=False, layout=self._layout
        )
        self._append(source.replace("\n    pass", " ..."))
        sender = type_source(signal.sender or _OBJECT, self._names, is_evaluated=False)
        text = self._layout.type_in_line(f"{name}: ", f"{engine}[{sender}, {payload}]")
        self._append(f"{name}: {text}")
        return True

    def _append(self, source: str) -> None:
        made = cst.parse_statement(source, config=self._module.config_for_parsing)
        blank = [cst.EmptyLine(indent=False)]
        self._added.append(made.with_changes(leading_lines=blank))

    def result(self) -> bytes:
        """
        Return the new source.
        """
        if not self._added:
            return self._module.bytes
        body = self._names.with_imports([*cast("list[Statement]", self._module.body)])
        changed = self._module.with_changes(body=[*body, *self._added], has_trailing_newline=True)
        return changed.bytes


def _engine_of(signal: InferredSignal) -> NamedType:
    if signal.kind == "blinker":
        return NamedType("typed_signals_stubs.blinker", "Signal")
    is_models = signal.engine == _MODEL_SIGNAL
    return NamedType("typed_signals.django", "ModelSignal" if is_models else "Signal")
