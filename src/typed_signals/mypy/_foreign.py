"""
Signals that other packages own, known by the names under which code reaches them.

Django's ``django.db.models.signals.post_save`` has a type that says nothing of a payload. What it
carries is declared in ``typed_signals_stubs.django.db.models.signals``, under the same name: in a
package of declarations, the path of a module is that of the module which owns the signals. A
declaration is either a variable, or a function of the sender where the payload depends on it::

    post_migrate: Signal[AppConfig, PostMigrate]

    def post_save(sender: type[ModelT]) -> ModelSignal[type[ModelT], PostSave[ModelT]]: ...
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mypy.expandtype import expand_type
from mypy.nodes import FuncDef, Import, ImportAll, ImportFrom, RefExpr, Var
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    NoneType,
    Type,
    TypeOfAny,
    TypeVarType,
    get_proper_type,
)
from mypy.typevars import fill_typevars_with_any

from ._names import RECEIVER_DECORATOR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy.nodes import Expression, MypyFile

# The packages of declarations; ours is the first.
PACKAGES: Final = ["typed_signals_stubs"]

_RECEIVER_MODULE: Final = RECEIVER_DECORATOR.rpartition(".")[0]


def modules_declared() -> dict[str, list[str]]:
    """
    Return for each module whose signals are declared the modules that declare them.
    """
    found: dict[str, list[str]] = {}
    for package in PACKAGES:
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            root = Path(folder)
            for file in root.rglob("*.pyi"):
                parts = file.relative_to(root).with_suffix("").parts
                owner = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                if owner:
                    found.setdefault(owner, []).append(f"{package}.{owner}")
    return found


def dependencies(file: MypyFile, declared: dict[str, list[str]]) -> list[tuple[int, str, int]]:
    """
    Return what has to be there when *file* is checked: declarations of the signals it may use.
    """
    modules = [name for owner in _imported(file) for name in declared.get(owner, ())]
    return [(10, name, -1) for name in (*modules, _RECEIVER_MODULE)] if modules else []


def _imported(file: MypyFile) -> Iterable[str]:
    """
    Return the names of the modules that *file* may import.
    """
    names: set[str] = set()
    for imported in file.imports:
        if isinstance(imported, Import):
            names.update(name for name, _ in imported.ids)
        elif isinstance(imported, (ImportFrom, ImportAll)):
            names.add(imported.id)
            if isinstance(imported, ImportFrom):
                names.update(f"{imported.id}.{name}" for name, _ in imported.names)
    return names


def declared_type(api: Any, expression: Expression, sender: Type | None) -> Type | None:
    """
    Return what is declared for the signal that *expression* names, if that is another package's.

    Args:
        api: mypy's checker.
        expression: the signal, by its name.
        sender: what the signal is connected to; None for all senders.
    """
    if not isinstance(expression, RefExpr) or not expression.fullname:
        return None
    owner, _, name = expression.fullname.rpartition(".")
    for package in PACKAGES:
        tree = api.modules.get(f"{package}.{owner}")
        symbol = tree.names.get(name) if tree is not None else None
        if symbol is not None and isinstance(symbol.node, (Var, FuncDef)):
            declaration = get_proper_type(symbol.node.type)
            if isinstance(declaration, CallableType):
                return _for_sender(declaration, sender)
            return declaration
    return None


def _for_sender(declaration: CallableType, sender: Type | None) -> Type:
    """
    Return the signal that *declaration*, a function of its sender, stands for.
    """
    solution: dict[Any, Type] = {}
    for variable in declaration.variables:
        if isinstance(variable, TypeVarType):
            solution[variable.id] = _solution(variable, sender)
    return expand_type(declaration.ret_type, solution)


def _solution(variable: TypeVarType, sender: Type | None) -> Type:
    """
    Return the class that stands for *variable*: the sender, if that is told by name.
    """
    given = get_proper_type(sender)
    if given is None or isinstance(given, NoneType):
        return variable.upper_bound
    if isinstance(given, FunctionLike) and given.is_type_obj():
        cls = fill_typevars_with_any(given.type_object())
        if is_subtype(cls, variable.upper_bound):
            return cls
    # Which class it is shows when the code runs: a string, or what a function like
    # ``get_user_model`` returns.
    return AnyType(TypeOfAny.special_form)
