"""
One mistake planted in each receiver of a project: a required parameter that no signal sends.
"""

from __future__ import annotations

import ast
import io
import re
import shutil
import tokenize
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from .names import Module
from .registrations import registrations
from .runs import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .names import Function
    from .projects import Expected
    from .registrations import Receiver, Registration
    from .runs import Code, Error


class Planted(NamedTuple):
    """
    A registration of a function with a mistake.
    """

    registration: Registration
    parameter: str
    is_found: bool = False

    @property
    def style(self) -> str:
        """
        How the function is registered.
        """
        return self.registration.style

    @property
    def name(self) -> str:
        """
        Its name in ``planted.toml``, without a line, so that it stays the same in other versions.
        """
        registration = self.registration
        signals = ", ".join(registration.signals)
        return f"{registration.file}: {registration.receiver.name} ({signals})"


class Harvest(NamedTuple):
    """
    The result of planting in a project.
    """

    project: str
    planted: list[Planted]
    seconds: float
    crash: str = ""

    @property
    def missed(self) -> list[Planted]:
        """
        The mistakes that are not found.
        """
        return [each for each in self.planted if not each.is_found]


def harvest(project: str, code: Code, plugin: str) -> Harvest:
    """
    Run mypy with *plugin* on a copy of *code* with the mistakes.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        planted = plant(code, copy)
        if not planted:
            return Harvest(project, [], 0)
        result = run(code._replace(root=copy), [plugin])
    found = [each._replace(is_found=_is_found(each, planted, result.errors)) for each in planted]
    return Harvest(project, found, result.seconds, result.crash)


def plant(code: Code, copy: Path) -> list[Planted]:
    """
    Copy the Python files of *code* to the folder *copy*, with the mistakes.
    """
    shutil.copytree(code.root, copy, ignore=_without_code, ignore_dangling_symlinks=True)
    modules = [
        Module(copy, path.relative_to(copy).as_posix())
        for path in sorted(copy.rglob("*.py"))
        if path.is_file()
    ]
    checked = [
        module
        for module in modules
        if any(Path(module.file).is_relative_to(each) for each in code.check)
        and not re.search(code.excluded, module.file)
    ]
    found = registrations(modules, checked)
    parameters: dict[Receiver, str] = {}
    edits: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for registration in found:
        receiver = registration.receiver
        if receiver not in parameters:
            parameters[receiver] = name = f"planted_{len(parameters) + 1}"
            edit = insertion(receiver.node, receiver.module.text, name)
            edits[receiver.module.file].append(edit)
    for file, insertions in edits.items():
        path = copy / file
        path.write_bytes(inserted(path.read_bytes(), insertions))
    return [Planted(each, parameters[each.receiver]) for each in found]


def insertion(function: Function, text: bytes, name: str) -> tuple[int, int, str]:
    """
    Return the line, the column in bytes, and what to insert there for a required parameter.

    It comes after the other required parameters, and can be passed by position or keyword.
    """
    arguments = function.args
    required = arguments.args[: len(arguments.args) - len(arguments.defaults)]
    if required:
        last = required[-1]
        return last.end_lineno or 0, last.end_col_offset or 0, f", {name}"
    line, column = _start(function, text)
    has_more = arguments.args or arguments.vararg or arguments.kwonlyargs or arguments.kwarg
    if isinstance(function, ast.Lambda):
        return line, column, f" {name}," if has_more else f" {name}"
    return line, column, f"{name}, " if has_more else name


def inserted(text: bytes, insertions: Sequence[tuple[int, int, str]]) -> bytes:
    """
    Return *text* with these insertions.
    """
    lines = text.splitlines(keepends=True)
    # From the end, so that the positions before it do not change.
    for line, column, addition in sorted(insertions, reverse=True):
        old = lines[line - 1]
        lines[line - 1] = old[:column] + addition.encode() + old[column:]
    return b"".join(lines)


def _start(function: Function, text: bytes) -> tuple[int, int]:
    """
    Return where the parameters start: after the parenthesis, or after ``lambda``.
    """
    if isinstance(function, ast.Lambda):
        return function.lineno, function.col_offset + len("lambda")
    lines = text.decode().splitlines(keepends=True)[function.lineno - 1 :]
    is_named = False
    depth = 0  # of brackets, for type parameters
    for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
        depth += (token.string == "[") - (token.string == "]")
        if is_named and not depth and token.string == "(":
            row, column = token.end
            before = lines[row - 1][:column]
            return function.lineno + row - 1, len(before.encode())
        is_named = is_named or token.string == function.name
    raise AssertionError(f"no parameters in line {function.lineno}")


def _without_code(folder: str, names: list[str]) -> list[str]:
    """
    Return the *names* in a folder that are neither Python files nor folders of them.
    """
    return [
        name
        for name in names
        if name == "node_modules"
        or not (name.endswith((".py", ".pyi")) or Path(folder, name).is_dir())
    ]


def _is_found(planted: Planted, others: Sequence[Planted], errors: Counter[Error]) -> bool:
    """
    Return whether one of our *errors* at the registration names the parameter.
    """
    registration = planted.registration
    lines = range(registration.first_line, registration.last_line + 1)
    is_shared = any(
        other is not planted
        and other.parameter == planted.parameter
        and other.registration.file == registration.file
        and other.registration.first_line in lines
        for other in others
    )
    return any(
        # Several decorators of one function have their errors in one line.
        (not is_shared or any(name in error.message for name in registration.signals))
        and error.is_ours
        and error.file == registration.file
        and error.line in lines
        and f"'{planted.parameter}'" in error.message
        for error in errors
    )


def differences(harvest: Harvest, expected: Expected) -> list[str]:
    """
    Return the differences to what is expected, and how to fix them.
    """
    if harvest.crash:
        return [f"our plugin stops mypy, with planted mistakes: {harvest.crash}"]
    wanted = Counter(expected.planted.get(harvest.project, {}))
    planted = Counter(each.style for each in harvest.planted)
    found = [
        f"planted {planted[style]} times: {style}, but in planted.toml {wanted[style]} times"
        for style in sorted({*planted, *wanted})
        if planted[style] != wanted[style]
    ]
    missed = Counter((each.style, each.name) for each in harvest.missed)
    approved = Counter(
        (each.style, name)
        for each in expected.missed
        if each.project == harvest.project
        for name in each.receivers
    )
    found += [
        f"not found: {name}, {style}" for style, name in sorted((missed - approved).elements())
    ]
    found += [
        f"found: {name}, {style} (remove it from planted.toml)"
        for style, name in sorted((approved - missed).elements())
    ]
    return found


def counts(title: str, planted: Counter[str], missed: Counter[str]) -> str:
    """
    Return counts of planted mistakes and of those not found as a table in Markdown.
    """
    lines = [f"| {title} | planted | found |", "|---|--:|--:|"]
    lines += [
        f"| {key} | {count} | {count - missed[key]} |"
        for key, count in sorted(planted.items(), key=lambda item: (-item[1], item[0]))
    ]
    in_all = planted.total()
    return "\n".join([*lines, f"| in all | {in_all} | {in_all - missed.total()} |"])


def tables(harvests: Sequence[Harvest]) -> str:
    """
    Return the counts by project, and by style.
    """
    by_project = counts(
        "project",
        Counter({each.project: len(each.planted) for each in harvests if each.planted}),
        Counter({each.project: len(each.missed) for each in harvests}),
    )
    by_style = counts(
        "style",
        Counter(mistake.style for each in harvests for mistake in each.planted),
        Counter(mistake.style for each in harvests for mistake in each.missed),
    )
    return f"{by_project}\n\n{by_style}"


def documented(expected: Expected) -> str:
    """
    Return what is expected, by style, and the reasons why mistakes are not found, as in the docs.
    """
    planted, missed, reasons = Counter[str](), Counter[str](), Counter[str]()
    for styles in expected.planted.values():
        planted.update(styles)
    for each in expected.missed:
        missed[each.style] += len(each.receivers)
        reasons[each.why] += len(each.receivers)
    lines = ["| not found, because | |", "|---|--:|"]
    lines += [f"| {why} | {count} |" for why, count in reasons.most_common()]
    return "\n".join([counts("how the receiver is connected", planted, missed), "", *lines])
