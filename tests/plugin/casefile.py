"""
Case files: programs that state which of their lines are wrong.

A line ``# E: text  [code]`` expects an error that mypy reports at the next line of code, with
exactly this text. Lines without an expectation have no errors. Then the same file runs, statement
by statement: a statement with an error that ``connect`` or a send would find must raise it, with
the same text, and no other statement may raise. ``# R: ErrorName`` expects an error that only the
run time finds, because a declaration is read when it is first used.
"""

from __future__ import annotations

import ast
import re
import sys
import types
import warnings
from pathlib import Path
from typing import NamedTuple

from typed_signals.exceptions import ContractWarning, ReceiverCollectedWarning, SignalError

CASES = Path(__file__).parent / "cases"

# The run time finds these, too. Only the type checker finds wrong types.
FOUND_AT_RUN_TIME = {
    "signal-bound",
    "signal-kwargs",
    "signal-parameter",
    "signal-positional",
    "signal-send",
}

_ANNOUNCED = re.compile(r"\s*# E: (?P<text>.*\S)  \[(?P<code>[a-z-]+)\]$")
_REPORTED = re.compile(r"(?P<path>.*?):(?P<line>\d+): error: (?P<text>.*)  \[(?P<code>[a-z-]+)\]$")
_OF_A_TYPE = re.compile(r"[;:] ('\w+'|the sender) has type .*")
_RAISED = re.compile(r"\s*# R: (?P<name>\w+)$")


class Error(NamedTuple):
    """
    An error at a line.
    """

    line: int
    text: str
    code: str


def expected_errors(path: Path) -> list[Error]:
    """
    Return the expected errors of a case file, in order.
    """
    errors: list[Error] = []
    pending: list[re.Match[str]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if match := _ANNOUNCED.match(line):
            pending.append(match)
        elif "# E:" in line:
            raise ValueError(f"{path.name}:{number}: no '# E: text  [code]'")
        elif line.strip() and not line.lstrip().startswith("#"):
            errors += [Error(number, match["text"], match["code"]) for match in pending]
            pending.clear()
    return sorted(errors)


def reported(output: str) -> dict[str, list[Error]]:
    """
    Return the errors in mypy's output by file name, without notes, which depend on the version.
    """
    errors: dict[str, list[Error]] = {}
    for line in output.splitlines():
        if match := _REPORTED.match(line):
            error = Error(int(match["line"]), match["text"], match["code"])
            errors.setdefault(Path(match["path"]).name, []).append(error)
        elif ": note: " not in line:
            raise ValueError(f"mypy says: {line}")
    return {name: sorted(found) for name, found in errors.items()}


def disagreements(path: Path) -> list[str]:
    """
    Run a case file and return the lines whose result is not the expected one.
    """
    module = types.ModuleType(f"cases.{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    source = path.read_text("utf-8")
    lines = source.splitlines()
    errors = expected_errors(path)
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReceiverCollectedWarning)
        for statement in ast.parse(source).body:
            first = min([statement.lineno, *(d.lineno for d in _decorators(statement))])
            last = statement.end_lineno or first
            expected = [
                error
                for error in errors
                if first <= error.line <= last
                and _is_found_at_run_time(error)
                and not _is_in_function(error, statement)
            ]
            only_here = _RAISED.match(lines[first - 2]) if first > 1 else None
            raised = _run(statement, module, path)
            found += _compare(expected, only_here, raised, f"{path.name}:{first}")
    del sys.modules[module.__name__]
    return found


def _is_found_at_run_time(error: Error) -> bool:
    if error.code == "signal-background":
        return " cannot connect " in error.text
    if error.code != "signal-send":
        return error.code in FOUND_AT_RUN_TIME
    # Python itself refuses a send without a sender.
    return bool(_problem(error)) and ": the sender " not in error.text


def _problem(error: Error) -> str:
    """
    Return what the run time says too.
    """
    text = _OF_A_TYPE.sub("", error.text) if error.code == "signal-send" else error.text
    return text.partition(": ")[2]


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return getattr(statement, "decorator_list", [])


def _is_in_function(error: Error, statement: ast.stmt) -> bool:
    """
    Return whether *error* is in the body of a function, which is not called here.
    """
    return any(
        node.body[0].lineno <= error.line <= (node.end_lineno or 0)
        for node in ast.walk(statement)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )


def _run(statement: ast.stmt, module: types.ModuleType, path: Path) -> Exception | None:
    code = compile(ast.Module([statement], []), str(path), "exec")
    try:
        exec(code, vars(module))
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        return error
    return None


def _compare(
    expected: list[Error],
    only_here: re.Match[str] | None,
    raised: Exception | None,
    place: str,
) -> list[str]:
    if only_here is not None:
        if type(raised).__name__ == only_here["name"]:
            return []
        return [f"{place}: {only_here['name']} was expected, {raised!r} raised"]
    if not expected:
        return [f"{place}: raised {raised!r}"] if raised is not None else []
    if not isinstance(raised, (SignalError, ContractWarning)):
        return [f"{place}: mypy refuses it, the run time does not: {raised!r}"]
    # For several signals, the run time names the first one that refuses.
    if len({_signal(error.text) for error in expected}) > 1:
        expected = [error for error in expected if _signal(error.text) == _signal(str(raised))]
    missed = [error for error in expected if not is_in(_problem(error), str(raised))]
    return [f"{place}: {raised} does not say: {error.text}" for error in missed]


def is_in(problem: str, message: str) -> bool:
    """
    Return whether the *message* of the run time contains *problem*.

    The plugin sorts keys, because mypy's cache does; the run time has them in declared order.
    """
    return _with_sorted_names(problem) in _with_sorted_names(message)


def _with_sorted_names(text: str) -> str:
    names = r"'\w+'(, '\w+')+"
    return re.sub(names, lambda found: ", ".join(sorted(found[0].split(", "))), text)


def _signal(text: str) -> str:
    return text.partition(" cannot connect")[0].rpartition(".")[2]
