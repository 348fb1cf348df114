"""
The packages in ``stubs/packages.toml``: those that are installed, checked against their code.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
from primer.package_code import PackageCode
from primer.packages import STUBS, Package, declared_by, read_packages
from primer.packages_page import PAGE, with_tables

pytestmark = pytest.mark.any_python

PACKAGES: Final = {package.name: package for package in read_packages()}
INSTALLED: Final = [name for name, each in PACKAGES.items() if find_spec(each.tops[0])]


def code_of(package: Package) -> PackageCode:
    spec = find_spec(package.tops[0])
    assert spec is not None
    assert spec.origin is not None
    return PackageCode(Path(spec.origin).parent.parent, package.tops, package.kind)


def test_these_are_installed() -> None:
    assert {"Flask", "django-allauth"} <= {*INSTALLED}
    # CI installs what the declarations are checked with.
    assert {name: version(name) for name in INSTALLED} == {
        name: PACKAGES[name].newest for name in INSTALLED
    }


@pytest.mark.parametrize("name", INSTALLED)
def test_every_signal_is_declared_or_listed(name: str) -> None:
    package = PACKAGES[name]
    declared = declared_by(package)
    definitions = code_of(package).definitions
    missing = [
        each
        for each in definitions
        if not each.is_covered_by(declared) and not each.is_covered_by(package.undeclared)
    ]
    assert not missing
    defined = {one for each in definitions for one in each.names}
    assert declared.keys() <= defined
    assert not package.undeclared.keys() & declared.keys()


@pytest.mark.parametrize("name", INSTALLED)
def test_every_send_agrees_with_the_declaration(name: str) -> None:
    package = PACKAGES[name]
    declared = declared_by(package)
    sends = [send for send in code_of(package).sends if send.signal in declared]
    assert sends
    assert not [problem for send in sends for problem in send.problems(declared[send.signal])]


def test_every_stub_file_belongs_to_a_package() -> None:
    listed = {module for package in PACKAGES.values() for module in package.modules}
    root = STUBS / "typed_signals_stubs"
    for file in root.rglob("*.pyi"):
        parts = file.relative_to(root).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if parts[0] in {"django", "typed_signals", "blinker"}:
            continue
        if parts[-1] != "__init__" or ": Signal[" in file.read_text("utf-8"):
            assert module in listed, f"add {module} to stubs/packages.toml"


@pytest.mark.parametrize("name", PACKAGES)
def test_every_table_is_complete(name: str) -> None:
    package = PACKAGES[name]
    assert declared_by(package)
    assert all(module.partition(".")[0] in package.tops for module in package.undeclared)
    assert all(package.undeclared.values())


def test_page_has_the_tables_of_all_packages() -> None:
    page = PAGE.read_text("utf-8")
    packages = [*PACKAGES.values()]
    assert with_tables(page, packages) == page, "run python -m primer.declarations --write-docs"
