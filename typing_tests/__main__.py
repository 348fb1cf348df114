"""
Compare the results of type checkers and of a language server with the expected ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import completeness, editor, messages
from .checkers import CHECKERS, check
from .expectations import Case
from .table import with_tables

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "reference" / "typing.md"
# In the order of the table.
CASES = (
    *("sends", "receivers", "decorators", "closed", "typed_dicts", "untyped", "on_django"),
    *("in_background", "strict", "strict_on_django", "captures"),
)
# Imported by some of them.
LIBRARY = HERE / "cases" / "library.py"


def main() -> int:
    """
    Print every difference, and return 1 if there is any.
    """
    cases = [Case.read(HERE / "cases" / f"{name}.py") for name in CASES]
    others = [LIBRARY, *sorted((HERE / "minimal").glob("*.py"))]
    checked = [*cases, *map(Case.read, others)]
    reports = check([case.path for case in checked])
    problems: list[str] = []
    for checker in CHECKERS:
        report = reports[checker.name]
        for case in checked:
            name = case.path.name
            for line, is_reported in case.differences(checker.name, report.lines[name]):
                does = f"reports {report.at(name, line)}" if is_reported else "reports nothing"
                problems.append(f"{case.path}:{line}: {checker.title} {checker.version} {does}")
    page = PAGE.read_text("utf-8")
    renewed = with_tables(page, cases)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(renewed, "utf-8")
    elif renewed != page:
        problems.append(f"{PAGE}: the tables do not match the cases: update it with --write")
    problems += messages.problems(page)
    problems += editor.problems()
    problems += completeness.problems()
    print("".join(f"{problem}\n" for problem in problems), end="")
    versions = ", ".join(dict.fromkeys(f"{c.package} {c.version}" for c in CHECKERS))
    verdict = f"{len(problems)} differences" if problems else "all as expected"
    print(f"typing_tests: {verdict}, with {versions}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
