"""
Packages that have the name of another one, as an app ``payments`` of a project may have.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .source_code import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy.nodes import MypyFile


def is_same_named(stub: MypyFile, owner: str, modules: Mapping[str, MypyFile]) -> bool:
    """
    Return whether *owner* is certainly not the module whose signals *stub* declares.

    Stub files import classes of the package that they declare the signals of. Another package does
    not have them.

    Args:
        stub: the stub file.
        owner: the module with the path that the stub file has.
        modules: the modules that mypy has read.
    """
    return any(
        _has_names(modules.get(module))
        and name not in modules[module].names
        and f"{module}.{name}" not in modules
        for module, name in _imports_from(stub.path, owner.partition(".")[0])
    )


def _has_names(module: MypyFile | None) -> bool:
    """
    Return whether mypy knows names in *module*: it knows none in an untyped package around another.
    """
    return module is not None and not all(name.startswith("__") for name in module.names)


@cache
def _imports_from(path: str, package: str) -> list[tuple[str, str]]:
    """
    Return the module and the name of each import from *package* in the file at *path*.
    """
    return [
        (node.module, alias.name)
        for node in parse(Path(path).read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
        if node.module.partition(".")[0] == package
    ]
