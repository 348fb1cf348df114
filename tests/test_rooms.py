"""
The layout of the package: which module may import which.

The core consists of rooms in the order of the data flow, with a thin front. Each room only imports
earlier ones, including imports for type checkers. The same applies to each module of the part for
Django, and to the roles in the mypy plugin.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import typed_signals
from tests.support import run_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE: Final = Path(typed_signals.__file__).parent

# Each may import from earlier ones; a room also from itself.
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
    "_watch",
    "_observe",
    "_receiver",
    "__init__",
)
# Each may import from the core and from those before it.
ORDER_ON_DJANGO: Final = (
    "django/payloads",
    "django/_defining_modules",
    "django/_failing_receiver",
    "django/_live_connections",
    "django/_recorder",
    "django/_gather",
    "django/_routes",
    "django/_django_engine",
    "django/_senders",
    "django/_dispatcher",
    "django/signals",
    "django/_find_signals",
    "django/_watched",
    "django/_builtin_payloads",
    "django/_setting",
    "django/_on_commit",
    "django/_model_references",
    "django/tasks",
    "django/_enqueue",
    "django/_set_up",
    "django/_receiver",
    "django/_slow_receivers",
    "django/__init__",
    "django/checks",
    "django/apps",
    "django/management/__init__",
    "django/management/commands/__init__",
    "django/management/commands/list_signals",
    "django/management/commands/background_deliveries",
)
# These import typed_signals.background, where it is used.
IN_BACKGROUND: Final = frozenset(
    {
        "django/_model_references",
        "django/tasks",
        "django/_enqueue",
        "django/_set_up",
        "django/_receiver",
        "django/management/commands/background_deliveries",
    }
)
EXTRAS: Final = frozenset(
    {"background", "cli", "django", "mypy", "opentelemetry", "record", "sphinx", "testing"}
)


def modules_in(*patterns: str) -> dict[str, Path]:
    """
    Return the files that match the *patterns*, by place.
    """
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix(): path
        for pattern in patterns
        for path in PACKAGE.glob(pattern)
    }


MODULES: Final = modules_in("_[!_]*.py", "__init__.py", "exceptions.py", "_*/*.py")
ON_DJANGO: Final = modules_in("django/**/*.py")


def imported_by(path: Path) -> Iterator[str]:
    """
    Yield the place of each of our modules that the module at *path* imports, like
    ``_connect/table``.
    """
    package = ["typed_signals", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            source = ".".join([*base, *(node.module.split(".") if node.module else [])])
            # Each may be a module or a name in a module.
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
def test_module_imports_only_earlier_ones(place: str) -> None:
    here = top(place)
    allowed = set(ORDER[: ORDER.index(here)])
    if "/" in place:
        allowed.add(here)
    imported = set(imported_by(MODULES[place]))
    assert {other for other in imported if top(other) not in allowed} == set()


def in_circles(modules: dict[str, Path]) -> set[str]:
    """
    Return the places of *modules* that import themselves by way of others, or something that does.
    """
    imports = {place: set(imported_by(path)) for place, path in modules.items()}
    while free := {place for place, imported in imports.items() if not imported & imports.keys()}:
        for place in free:
            del imports[place]
    return set(imports)


def test_no_module_of_the_core_imports_itself_by_way_of_others() -> None:
    assert not in_circles(MODULES)


def test_each_module_on_django_has_its_place_in_the_order() -> None:
    assert sorted(ON_DJANGO) == sorted(ORDER_ON_DJANGO)


@pytest.mark.parametrize("place", ORDER_ON_DJANGO)
def test_module_for_django_imports_only_earlier_ones(place: str) -> None:
    allowed = {*MODULES, *ORDER_ON_DJANGO[: ORDER_ON_DJANGO.index(place)]}
    imported = set(imported_by(ON_DJANGO[place])) - allowed
    if place in IN_BACKGROUND:
        imported = {other for other in imported if top(other) != "background"}
    assert not imported


def test_project_without_receivers_in_the_background_does_not_import_what_runs_them() -> None:
    code = "import sys, typed_signals.django.checks as _; print([*sys.modules])"
    imported = run_script(code)
    assert "typed_signals.django._set_up" in imported
    assert "'typed_signals.background'" not in imported
    assert "msgspec" not in imported


def test_no_module_for_the_background_imports_itself_by_way_of_others() -> None:
    assert not in_circles(modules_in("background/**/*.py"))


def test_core_imports_no_extra() -> None:
    used = {top(imported) for path in MODULES.values() for imported in imported_by(path)}
    assert "_shared" in used
    assert used.isdisjoint(EXTRAS)


# Of the plugin, each may import from those before it, as in the core.
PLUGIN_ORDER: Final = (
    "codes",
    "config",
    "lib",
    "proofs",
    "checks",
    "hooks",
    "hook_lookup",
    "__init__",
)
PLUGIN: Final = modules_in("mypy/**/*.py")


def role(place: str) -> str:
    return place.split("/")[1]


def test_each_module_of_the_plugin_has_a_role() -> None:
    assert {role(place) for place in PLUGIN} == set(PLUGIN_ORDER)


@pytest.mark.parametrize("place", sorted(PLUGIN))
def test_module_of_the_plugin_imports_only_earlier_ones(place: str) -> None:
    allowed = set(PLUGIN_ORDER[: PLUGIN_ORDER.index(role(place))])
    if place.count("/") > 1:
        allowed.add(role(place))
    imported = {other for other in imported_by(PLUGIN[place]) if top(other) == "mypy"}
    assert {other for other in imported if role(other) not in allowed} == set()


def test_plugin_imports_no_hook_before_a_call_needs_it() -> None:
    # A run without anything to check does not import them.
    body = ast.parse(PLUGIN["mypy/hook_lookup"].read_text("utf-8")).body
    at_once = {node.module for node in body if isinstance(node, ast.ImportFrom) and node.level}
    assert at_once == {None, "config", "lib.crashes", "lib.fullnames"}


def test_no_module_of_the_plugin_imports_itself_by_way_of_others() -> None:
    assert not in_circles(PLUGIN)


def test_plugin_and_the_part_for_django_do_not_import_each_other() -> None:
    used = {top(imported) for path in ON_DJANGO.values() for imported in imported_by(path)}
    assert "mypy" not in used
    used = {top(imported) for path in PLUGIN.values() for imported in imported_by(path)}
    assert "_shared" in used
    assert "django" not in used


# Each package of the command may import from those before it.
CLI_ORDER: Final = (
    *("exits", "child", "output", "arguments", "project", "survey", "check", "infer", "map"),
    *("schema", "main"),
    "__init__",
)
CLI: Final = modules_in("cli/**/*.py")


def test_each_module_of_the_command_has_its_place_in_the_order() -> None:
    assert {role(place) for place in CLI} <= set(CLI_ORDER)


@pytest.mark.parametrize("place", sorted(CLI))
def test_module_of_the_command_imports_only_earlier_ones(place: str) -> None:
    allowed = set(CLI_ORDER[: CLI_ORDER.index(role(place))])
    if place.count("/") > 1:
        allowed.add(role(place))
    imported = {other for other in imported_by(CLI[place]) if top(other) == "cli"}
    assert {other for other in imported if role(other) not in allowed} == set()


def test_no_module_of_the_command_imports_itself_by_way_of_others() -> None:
    assert not in_circles(CLI)


def test_no_module_for_sphinx_imports_itself_by_way_of_others() -> None:
    assert not in_circles(modules_in("sphinx/**/*.py"))


# The codecs do not depend on what else is for the background. Each may import from those before it.
CODECS_ORDER: Final = (
    *("problems", "kind", "scalars", "instants", "containers", "classes", "records", "objects"),
    *("unions", "reading", "__init__"),
)
CODECS: Final = modules_in("background/_codec/*.py")


def test_each_module_of_the_codecs_imports_only_earlier_ones() -> None:
    places = [f"background/_codec/{name}" for name in CODECS_ORDER]
    assert sorted(places) == sorted(CODECS)
    for index, place in enumerate(places):
        imported = {each for each in imported_by(CODECS[place]) if top(each) == "background"}
        assert imported <= set(places[:index])


def with_suffix(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """
    Return the names of files of which the second is the first with a suffix, or the same.
    """
    names = Counter(path.stem.strip("_") for path in paths if path.stem != "__init__")
    pairs = [(one, other) for one in names for other in names if other.startswith(one)]
    return [(one, other) for one, other in pairs if one != other or names[one] > 1]


# The public modules signals and payloads are named as in Django; receiver is on both engines.
GIVEN: Final = {("receiver", "receiver"), ("signal", "signals"), ("payload", "payloads")}


def test_no_name_of_a_file_is_another_one_with_a_suffix() -> None:
    modules = MODULES | ON_DJANGO | PLUGIN
    assert set(with_suffix(modules.values())) == GIVEN
    # Only the two engines have the same name.
    named = [place for place in modules if place.rpartition("/")[2].strip("_") == "receiver"]
    assert named == ["_receiver", "django/_receiver"]


# What means the same wherever it is defined: in each command of Django, on either engine, for type
# checkers, or for the readers of parameters.
DEFINED_TWICE: Final = {
    "Command",
    "P",
    "ReceiverT",
    "SenderT",
    "Signal",
    "parameters_of",
    "receiver",
}
# A name that is private to its module, and one of another module.
PRIVATE_TOO: Final = {"Call", "call"}


def names_defined_in(path: Path) -> Iterator[str]:
    """
    Yield the names that a module defines, without the underscore of private ones.
    """
    return (name.lstrip("_") for name in _names_in(ast.parse(path.read_text("utf-8")).body))


def _names_in(statements: list[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id
        elif isinstance(statement, ast.If):  # as for type checkers
            yield from _names_in([*statement.body, *statement.orelse])


def test_no_name_is_defined_twice_with_different_meanings() -> None:
    modules = MODULES | ON_DJANGO | PLUGIN
    names = Counter(name for path in modules.values() for name in set(names_defined_in(path)))
    twice = {name for name, count in names.items() if count > 1 and not name.endswith("__")}
    assert twice == DEFINED_TWICE | PRIVATE_TOO


def test_plugin_imports_no_name_with_two_meanings() -> None:
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for path in PLUGIN.values():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                is_mypys = (node.module or "").startswith("mypy.")
                names[is_mypys].update(alias.asname or alias.name for alias in node.names)
    assert names[True] & names[False] == set()


def test_guide_for_contributors_names_the_rooms_in_their_order() -> None:
    root = PACKAGE.parents[1]
    text = root.joinpath("CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`(\w+)(?:/|\.py)`", text.partition("## Commands")[0])
    assert [place for place in named if place in ORDER] == list(ORDER[:-1])
    paths = set(re.findall(r"`([\w/.-]+(?:\.py|\.md|/))`", text))
    assert len(paths) > 20
    for path in paths:
        assert any((folder / path).exists() for folder in (root, *PACKAGE.glob("**/"))), path
