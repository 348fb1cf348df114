"""
Run ``typed-signals check`` on whole public projects, with their tests and scripts, and compare what
it finds with checked.toml.

    python -m primer.checking                    compare with checked.toml
    python -m primer.checking --only wagtail     only this project
    python -m primer.checking --write            write the figures and the errors to checked.toml

Errors of the parts that ``python -m primer`` checks are in approved.toml. The command fails if a
project cannot be checked, if other errors are found, or if a figure differs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .arguments import default_cache, parser_of
from .projects import Approval, read_approvals, read_projects
from .runs import Error, environment_for
from .sources import Cache, SourceError
from .verdicts import match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .projects import Project

HERE: Final = Path(__file__).resolve().parent
FIGURES: Final = "checked.toml"
_COUNTS: Final = ("files", "signals", "declared", "sends", "receivers")
# More with each declaration that comes with the package, so they are not compared.
_GROWING: Final = ("declared", "judged_sends", "judged_receivers")


class Checked(NamedTuple):
    """
    The result for one project.
    """

    counts: dict[str, int]
    errors: list[Error]
    remarks: list[str]
    seconds: float
    """Of the processor."""


def check(project: Project, cache: Cache) -> Checked:
    """
    Run the command on *project*.

    Raises:
        RuntimeError: it failed.
    """

    def say(what: str) -> None:
        print(f"{project.name}: {what}", flush=True)

    source = cache.source(project, say)
    libraries = cache.libraries(project.requires, say)
    root = source / project.root
    environment = environment_for([*(root / folder for folder in project.path), *libraries])
    if project.settings:
        environment["DJANGO_SETTINGS_MODULE"] = project.settings
    with TemporaryDirectory() as stored, TemporaryFile("w+", encoding="utf-8") as printed:
        # With -P, so that a module of the project does not replace one of Python.
        command = [sys.executable, "-P", "-m", "typed_signals", "check", "--format", "json"]
        command += ["--cache-dir", str(Path(stored, "cache")), "--output", str(Path(stored, "out"))]
        child = subprocess.Popen(
            command,
            cwd=source,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
        )
        # Like child.wait(), but with the resource usage of this child.
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        if child.returncode not in {0, 1}:
            raise RuntimeError(f"exit code {child.returncode}: {printed.read()}")
        report = json.loads(Path(stored, "out").read_text("utf-8"))
    seconds = usage.ru_utime + usage.ru_stime
    checked = checked_from(report, str(source), seconds)
    say(f"errors {len(checked.errors)}, seconds {seconds:.0f}")
    return checked


def checked_from(report: dict[str, Any], source: str, seconds: float) -> Checked:
    """
    Return the result in a *report* in JSON.
    """
    summary = report["summary"]
    counts = {name: summary[name] for name in _COUNTS}
    for kind in ("send", "receiver"):
        judged = counts[f"{kind}s"] - sum(each[kind] for each in summary["unjudged"].values())
        counts[f"judged_{kind}s"] = judged
    errors = [
        Error(each["path"], each["line"], each["message"], each["code"])
        for each in report["errors"]
    ]
    remarks = [remark.replace(f"{source}/", "") for remark in summary["remarks"]]
    return Checked(counts, errors, remarks, seconds)


def _matched(
    project: Project, found: Checked, expected: dict[str, Any], approvals: Sequence[Approval]
) -> tuple[list[Error], list[Approval]]:
    """
    Return the errors that are not approved, and the approvals in ``checked.toml`` without an error.
    """
    # Those of `python -m primer`, by their files in the whole project.
    elsewhere = [
        replace(each, file=PurePosixPath(project.root, each.file).as_posix())
        for each in approvals
        if each.project == project.name
    ]
    _, left = match(found.errors, elsewhere)
    here = [
        Approval(project.name, each["file"], each["code"], each["message"], each["why"])
        for each in expected.get("errors", [])
    ]
    gone, unapproved = match(left, here)
    return unapproved, gone


def differences(
    project: Project, found: Checked, expected: dict[str, Any], approvals: Sequence[Approval]
) -> list[str]:
    """
    Return how the result differs from what is expected.
    """
    unapproved, gone = _matched(project, found, expected, approvals)
    figures = _figures(found)
    return [
        *(
            f"{name} = {figure}, not {expected.get(name)}"
            for name, figure in figures.items()
            if name not in _GROWING and figure != expected.get(name, [])
        ),
        *(f"reported: {error}" for error in unapproved),
        *(f"no longer reported: {each.file}: {each.message}" for each in gone),
        *(
            f"no reason: {each['message']}"
            for each in expected.get("errors", [])
            if not each["why"]
        ),
    ]


def _figures(found: Checked) -> dict[str, Any]:
    return {**found.counts, "reported": len(found.errors), "remarks": found.remarks}


def new_table(
    project: Project, found: Checked, expected: dict[str, Any], approvals: Sequence[Approval]
) -> dict[str, Any]:
    """
    Return what is expected from now on, without the reasons of new errors.
    """
    unapproved, gone = _matched(project, found, expected, approvals)
    is_gone = {(each.file, each.message) for each in gone}
    errors = [
        each
        for each in expected.get("errors", [])
        if (each["file"], each["message"]) not in is_gone
    ]
    errors += [
        {"file": each.file, "code": each.code, "message": each.message, "why": ""}
        for each in unapproved
    ]
    return {**_figures(found), "errors": errors}


def table_text(name: str, table: dict[str, Any]) -> str:
    """
    Return a *table* as TOML.
    """
    lines = [f"[{name}]"]
    for key, value in table.items():
        if key == "remarks" and value:
            lines += ["remarks = [", *(f"    {_quoted(remark)}," for remark in value), "]"]
        elif key not in ("errors", "remarks"):
            lines.append(f"{key} = {value}")
    for each in table.get("errors", []):
        lines += ["", f"[[{name}.errors]]"]
        lines += [f"{key} = {_quoted(text)}" for key, text in each.items()]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """
    Return 0 if everything is as in the file.

    Args:
        arguments: by default, the command line.
        folder: the folder with the lists of projects and figures.
    """
    parser = parser_of("primer.checking", __doc__)
    parser.add_argument("--write", action="store_true", help="write the figures and the errors")
    options = parser.parse_args(arguments)
    cache = default_cache()
    path = folder / FIGURES
    head, _, _ = path.read_text("utf-8").partition("\n[")
    expected = tomllib.loads(path.read_text("utf-8"))
    approvals = read_approvals(folder / "approved.toml")
    tables = dict(expected)
    failed = 0
    for project in read_projects(folder / "projects.toml"):
        if options.only and project.name not in options.only:
            continue
        try:
            found = check(project, cache)
        except (RuntimeError, SourceError) as error:
            print(f"{project.name}: {error}")
            failed += 1
            continue
        known = expected.get(project.name, {})
        problems = differences(project, found, known, approvals)
        print(*(f"{project.name}: {each}" for each in problems), sep="\n")
        failed += bool(problems)
        tables[project.name] = new_table(project, found, known, approvals)
    if options.write:
        texts = [table_text(name, table) for name, table in sorted(tables.items())]
        path.write_text("\n\n".join([head.rstrip(), *texts]) + "\n", "utf-8")
        return 0
    print(f"{failed} projects differ" if failed else "Passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
