"""
Wrong names in a package of declarations: of a module or a signal that does not exist.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typed_signals._shared.messages import suggest

from .source_code import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# With these, a module may have names that are not in its code.
_DYNAMIC: Final = re.compile(
    r"import[ \t(]*\*|__getattr__|__dict__|\b(exec|globals|setattr|vars)\("
)
_ASSIGNED: Final = re.compile(r"^[ \t]*(\w+)(?:[ \t]*:[^=\n]+)?[ \t]*(?:=(?!=)|:)", re.MULTILINE)
_IS_SIGNAL: Final = re.compile(r"(?:\w+\.)*\w*Signal(?:\[.*\])?", re.DOTALL)


def find_misnamed(file: Path, owner: str, find: Callable[[str], str | None]) -> Iterator[str]:
    """
    Yield which names in a stub file are wrong, and how to fix them.

    What mypy does not read is not known, so nothing is wrong there.

    Args:
        file: the stub file.
        owner: the module whose signals it declares.
        find: returns the path of a module that mypy reads; None for other modules.
    """
    signals = _declared_in(file)
    path = find(owner)
    if not signals:
        return
    if path is None:
        if (problem := _find_missing_module(owner, find)) is not None:
            yield problem
        return
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeError):
        return
    if _DYNAMIC.search(text):
        return
    present = set(re.findall(r"\w+", text))
    for name in signals:
        meant = suggest(name, sorted({*_ASSIGNED.findall(text)} - {*signals}))
        # Stubs may be incomplete.
        if name not in present and (meant or not path.endswith(".pyi")):
            fix = f"did you mean {meant!r}?" if meant else "use the name of the signal"
            yield f"declares {name}, but {owner} has no {name!r}: {fix}"


def _find_missing_module(owner: str, find: Callable[[str], str | None]) -> str | None:
    above, _, missing = owner.rpartition(".")
    while above and find(above) is None:
        above, _, missing = above.rpartition(".")
    package = Path(find(above) or "") if above else Path()
    if package.name != "__init__.py":  # a namespace has other modules elsewhere, stubs are partial
        return None
    modules = {path.name.partition(".")[0] for path in package.parent.iterdir()}
    if missing in modules:  # perhaps compiled
        return None
    meant = suggest(missing, sorted(modules))
    fix = f"did you mean {meant!r}?" if meant else "use the path of the module with the signals"
    return f"declares signals of {owner}, but {above} has no module {missing!r}: {fix}"


def _declared_in(file: Path) -> list[str]:
    """
    Return the names of the signals that a stub file certainly declares.
    """
    try:
        body = parse(file.read_text("utf-8")).body
    except (OSError, UnicodeError, SyntaxError, ValueError):
        return []  # mypy reports it
    names: list[str] = []
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=typ):
                pass
            case ast.FunctionDef(name=name, decorator_list=[ast.Attribute(attr="declare")]):
                names.append(name)
                continue
            case ast.FunctionDef(name=name, returns=ast.expr() as typ):
                pass
            case _:
                continue
        if _IS_SIGNAL.fullmatch(ast.unparse(typ)):
            names.append(name)
    return names
