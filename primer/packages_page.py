"""
The tables in ``docs/reference/packages.md``: which packages are declared, and what is not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from .packages import declared_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .packages import Package

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "reference" / "packages.md"

START: Final = "<!-- python -m primer.declarations --write-docs -->\n"
END: Final = "<!-- the end of the tables -->\n"


def with_tables(page: str, packages: Sequence[Package]) -> str:
    """
    Return *page* with the tables of all *packages* between the marks.
    """
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    tables = "\n".join([*_of_packages(packages), "", *_of_undeclared(packages)])
    return f"{before}{START}\n{tables}\n\n{END}{after}"


def _of_packages(packages: Sequence[Package]) -> Iterator[str]:
    yield "| package | versions | signals | their class |"
    yield "|---|---|--:|---|"
    total = 0
    for package in sorted(packages, key=lambda one: one.name.lower()):
        name = f"[{package.name}]({package.documented})" if package.documented else package.name
        versions = " to ".join(package.versions)
        count = len(declared_by(package))
        total += count
        yield f"| {name} | {versions} | {count} | {package.kind} |"
    yield f"| {len(packages)} packages | | {total} | |"


def _of_undeclared(packages: Sequence[Package]) -> Iterator[str]:
    yield "These signals of the packages are not declared:"
    yield ""
    yield "| signal | why |"
    yield "|---|---|"
    for package in sorted(packages, key=lambda one: one.name.lower()):
        for name, why in sorted(package.undeclared.items()):
            yield f"| `{name}` | {why} |"
