"""
How the package is laid out: which module may import which.

The core is rooms in the order in which data flows, behind a thin front. Each room knows only those
before it, imports for type checkers included.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import typed_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = Path(typed_signals.__file__).parent

# Each may import from those before it; a room also from itself.
ORDER: Final = (
    "exceptions",
    "_shared",
    "_declare",
    "_contract",
    "_connect",
    "_send",
    "_typing",
    "_base",
    "_signal",
    "_receiver",
    "__init__",
)
EXTRAS: Final = frozenset({"django", "mypy"})
MODULES: Final = {
    path.relative_to(PACKAGE).with_suffix("").as_posix(): path
    for pattern in ("*.py", "_*/*.py")
    for path in PACKAGE.glob(pattern)
}


def imported_by(path: Path) -> Iterator[str]:
    """
    Yield the place of each module of ours that the module at *path* imports, like
    ``_connect/table``.
    """
    package = ["typed_signals", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            source = ".".join([*base, *(node.module.split(".") if node.module else [])])
            # Each may be a module or something in one.
            names = [f"{source}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, *parts = name.split(".")
            if first == "typed_signals":
                yield _place(parts)


def _place(parts: list[str]) -> str:
    while parts and not (PACKAGE.joinpath(*parts).with_suffix(".py").is_file()):
        if PACKAGE.joinpath(*parts).is_dir():
            return "/".join([*parts, "__init__"])
        parts = parts[:-1]
    return "/".join(parts) or "__init__"


def top(place: str) -> str:
    return place.partition("/")[0]


def test_each_module_has_its_place_in_the_order() -> None:
    assert {top(place) for place in MODULES} == set(ORDER)


@pytest.mark.parametrize("place", sorted(MODULES))
def test_a_module_imports_only_what_is_before_it(place: str) -> None:
    here = top(place)
    allowed = set(ORDER[: ORDER.index(here)])
    if "/" in place:
        allowed.add(here)
    imported = set(imported_by(MODULES[place]))
    assert {other for other in imported if top(other) not in allowed} == set()


def test_no_module_of_the_core_imports_itself_by_way_of_others() -> None:
    imports = {place: set(imported_by(path)) for place, path in MODULES.items()}
    while free := {place for place, imported in imports.items() if not imported & imports.keys()}:
        for place in free:
            del imports[place]
    assert not imports


def test_the_core_imports_no_extra() -> None:
    used = {top(imported) for path in MODULES.values() for imported in imported_by(path)}
    assert "_shared" in used
    assert used.isdisjoint(EXTRAS)


def test_no_name_of_a_file_is_another_one_with_a_suffix() -> None:
    names = sorted({path.stem.strip("_") for path in MODULES.values()} - {"init"})
    assert [(one, other) for one in names for other in names if other.startswith(one)] == [
        (name, name) for name in names
    ]
