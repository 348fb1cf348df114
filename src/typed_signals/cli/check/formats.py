"""
How errors are printed.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from typed_signals.cli.output import shown
from typed_signals.mypy import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .found import Problem
    from .summary import Summary

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "%SRCROOT%"


@dataclass(frozen=True)
class Report:
    """
    What is printed.
    """

    problems: Sequence[Problem]
    summary: Summary


def as_text(report: Report) -> str:
    """
    Return lines like mypy's.
    """
    return "\n".join(
        f"{shown(each.path)}:{each.line}:{each.column}: {each.message}  [{each.code}]"
        for each in report.problems
    )


def as_github(report: Report) -> str:
    """
    Return commands with which GitHub Actions annotates the lines.
    """
    # It finds files by their paths in the repository.
    folder = os.environ.get("GITHUB_WORKSPACE")
    return "\n".join(
        f"::error file={_escaped(shown(each.path, folder), ':,')},line={each.line},"
        f"col={each.column},title={each.code}::{_escaped(each.message)}"
        for each in report.problems
    )


def _escaped(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_json(report: Report) -> str:
    """
    Return an object with the errors and the summary.
    """
    errors = [
        {
            "path": shown(each.path),
            "line": each.line,
            "column": each.column,
            "code": each.code,
            "message": each.message,
        }
        for each in report.problems
    ]
    content = {"version": 1, "errors": errors, "summary": report.summary.as_json()}
    return json.dumps(content, indent=1, ensure_ascii=False)


def as_sarif(report: Report) -> str:
    """
    Return a SARIF 2.1.0 log, for code scanning.
    """
    rules = sorted({each.code for each in report.problems})
    descriptions = {
        each.code: each.description
        for each in (*vars(codes).values(), *codes.BY_PROBLEM.values())
        if hasattr(each, "description")
    }
    driver = {
        "name": "typed-signals",
        "version": version("typed-signals"),
        "rules": [{"id": rule, "shortDescription": {"text": descriptions[rule]}} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": f"{Path.cwd().as_uri()}/"}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": remark}}
                    for remark in report.summary.remarks
                ],
            }
        ],
        "results": [_result(each, rules.index(each.code)) for each in report.problems],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    # The same error after other lines have changed.
    same = repr((shown(problem.path), problem.code, problem.message, problem.source))
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": problem.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(problem.path),
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
        "partialFingerprints": {
            "typedSignals/v1": hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()
        },
    }


def _location(path: Path) -> dict[str, str]:
    here = Path.cwd()
    if not path.is_relative_to(here):
        return {"uri": path.as_uri()}
    # Quoted as a URI.
    return {"uri": path.as_uri()[len(here.as_uri()) + 1 :], "uriBaseId": _ROOT}


FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "text": as_text,
    "github": as_github,
    "sarif": as_sarif,
    "json": as_json,
}
