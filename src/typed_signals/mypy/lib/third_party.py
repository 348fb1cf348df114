"""
Signals of other packages, identified by their names.

The type of Django's ``django.db.models.signals.post_save`` does not contain a payload. The payload
is declared in ``typed_signals_stubs.django.db.models.signals``, under the same name: in a package
of declarations, the path of a module is the path of the module that defines the signals. A
declaration is either a variable, or a function of the sender if the payload depends on it::

    post_migrate: Signal[AppConfig, PostMigrate]

    def post_save(sender: type[ModelT]) -> ModelSignal[type[ModelT], PostSave[ModelT]]: ...
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mypy.build import default_data_dir
from mypy.errors import CompileError
from mypy.expandtype import expand_type
from mypy.modulefinder import FindModuleCache, ModuleNotFoundReason, compute_search_paths
from mypy.nodes import (
    Decorator,
    FuncDef,
    Import,
    ImportAll,
    ImportFrom,
    MemberExpr,
    NameExpr,
    RefExpr,
    SymbolTable,
    TypeInfo,
    Var,
)
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    NoneType,
    Type,
    TypeOfAny,
    TypeVarType,
    get_proper_type,
)
from mypy.typevars import fill_typevars_with_any

from typed_signals._shared.messages import shown
from typed_signals.mypy import codes
from typed_signals.mypy.config import config_error, refuse_config

from .fullnames import DJANGO_RECEIVER, RECEIVER_DECORATOR
from .misnamed import find_misnamed
from .python_files import is_in_site_packages
from .same_named import is_same_named
from .stub_classes import sending_methods
from .stub_mistakes import find_mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy.nodes import Expression, MypyFile
    from mypy.options import Options

_OURS: Final = "typed_signals_stubs"
_RECEIVER_MODULE, _, _DECORATOR = RECEIVER_DECORATOR.rpartition(".")
_DJANGOS_RECEIVER_MODULE = DJANGO_RECEIVER.rpartition(".")[0]

# The priority of an import under TYPE_CHECKING: in import cycles, other imports come first.
_PRIORITY: Final = 25
_NO_LINE: Final = -1


class ThirdPartySignals:
    """
    The declarations in the packages in the mypy configuration, and in ours.
    """

    def __init__(self, options: Options, packages: list[str]) -> None:
        """
        Args:
            options: the options of mypy.
            packages: the packages of the project, which have precedence over ours.
        """
        self._options = options
        self._packages = [*packages, _OURS]

    @cached_property
    def modules(self) -> dict[str, list[str]]:
        """
        The modules with declarations, for each module whose signals are declared.
        """
        found: dict[str, list[str]] = {}
        mistakes: list[str] = []
        for package in self._packages:
            for root in self._folders(package):
                if package != _OURS:
                    self._refuse_modules(package, root)
                for owner, file in _stub_files(root):
                    mistakes += self._mistakes_in(package, file, owner)
                    found.setdefault(owner, []).append(f"{package}.{owner}")
        if mistakes:
            raise CompileError(mistakes)
        return found

    @cached_property
    def send_methods(self) -> frozenset[str]:
        """
        The methods with ``**kwargs`` of the classes in the packages of the project.
        """
        return frozenset(
            name
            for package in self._packages[:-1]
            for root in self._folders(package)
            for file in root.rglob("*.pyi")
            for name in sending_methods(file)
        )

    def _folders(self, package: str) -> list[Path]:
        if package == _OURS and not self.reads_ours:
            return []
        found = self._finder.find_module(package)
        if not isinstance(found, str):
            why = "mypy does not find it: install it, or add its parent folder to mypy_path"
            if found is ModuleNotFoundReason.FOUND_WITHOUT_TYPE_HINTS:
                why = "it has no file py.typed: add one next to its __init__.pyi"
            elif "/" in package:
                why = "this is a path: write the name of the package"
            elif not self._options.namespace_packages:
                why += ", with an __init__.pyi in each folder"
            refuse_config(self._options, f"cannot read the package {shown(package)}, because {why}")
        path = Path(found)
        if path.is_file() and path.stem != "__init__":
            problem = "is a module, not a package: use a folder with __init__.pyi"
            refuse_config(self._options, f"{shown(package)} {problem}")
        return [path.parent if path.is_file() else path]

    def _refuse_modules(self, package: str, root: Path) -> None:
        """
        Stop mypy if a declaration is in a file that is not a stub file.
        """
        for file in sorted(root.rglob("*.py")):
            path = file.relative_to(root)
            owner = ".".join(path.with_suffix("").parts)
            is_of_module = isinstance(self._finder.find_module(owner), str)
            if is_of_module and not file.with_suffix(".pyi").exists():
                problem = f"has {path.as_posix()}, but declarations are stub files: rename it to"
                refuse_config(self._options, f"{shown(package)} {problem} {path.stem}.pyi")

    def _mistakes_in(self, package: str, file: str, owner: str) -> Iterator[str]:
        """
        Yield the mistakes in a stub file of the project, with which mypy stops.
        """
        if package == _OURS or is_in_site_packages(file):
            return
        if not isinstance(self._finder.find_module(f"{package}.{owner}"), str):
            problem = f"has {owner}, but mypy does not find it: add an __init__.pyi to each folder"
            yield config_error(self._options, f"{shown(package)} {problem}")
        path = Path(file)
        for problem in find_misnamed(path, owner, self._find_followed):
            yield config_error(self._options, f"{shown(package)} {problem}")
        for mistake in find_mistakes(path):
            shown_path = os.path.relpath(file) if path.is_relative_to(Path.cwd()) else file
            code = codes.DECLARATION.code
            yield f"{shown_path}:{mistake.line}: error: {mistake.message}  [{code}]"

    def _find_followed(self, module: str) -> str | None:
        """
        Return the path of a module, if mypy reads it.
        """
        found = self._finder.find_module(module)
        follow_imports = self._options.clone_for_module(module).follow_imports
        is_followed = isinstance(found, str) and follow_imports not in ("skip", "error")
        return found if is_followed and isinstance(found, str) else None

    @cached_property
    def _finder(self) -> FindModuleCache:
        search_paths = compute_search_paths([], self._options, default_data_dir())
        return FindModuleCache(search_paths, None, self._options)

    @cached_property
    def reads_ours(self) -> bool:
        """
        Whether mypy reads our packages, so that checked code can import them.

        mypy may read the packages of another Python than the one it runs on, and the configuration
        may skip some of them.
        """
        follow_imports = self._options.clone_for_module(_RECEIVER_MODULE).follow_imports
        return follow_imports not in ("skip", "error") and all(
            isinstance(self._finder.find_module(name), str) for name in (_RECEIVER_MODULE, _OURS)
        )

    def dependencies(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """
        Return the modules that must be analysed before *file* is checked.

        The order in which mypy analyses two modules is undefined, unless one imports the other. So
        the modules with declarations are imported by modules that import the module with the
        signals, and by this module itself, because other modules get the signals from it, under any
        name. The same applies to Django's ``receiver`` and its module.
        """
        used = {file.fullname, *_imported(file)}
        names = [name for owner in sorted(used) for name in self.modules.get(owner, ())]
        if (names or file.fullname == _DJANGOS_RECEIVER_MODULE) and self.reads_ours:
            names.append(_RECEIVER_MODULE)
        return [(_PRIORITY, name, _NO_LINE) for name in names]

    def find_decorator(self, api: Any) -> TypeInfo | None:
        """
        Return the class that our ``receiver(...)`` returns; None if mypy does not read it.

        Args:
            api: mypy's checker.
        """
        tree = api.modules.get(_RECEIVER_MODULE) if self.reads_ours else None
        symbol = tree.names.get(_DECORATOR) if tree is not None else None
        node = symbol.node if symbol is not None else None
        return node if isinstance(node, TypeInfo) else None

    def find(
        self,
        api: Any,
        expression: Expression | None,
        sender: Type | None,
        *,
        only_configured: bool = False,
    ) -> Type | None:
        """
        Return the declaration for *expression*, if it is a signal of another package.

        Args:
            api: mypy's checker.
            expression: the name of the signal; None without a name.
            sender: the sender that is connected to; None for all senders.
            only_configured: whether to leave out our package of declarations.
        """
        owner, _, name = written_full_name(api.tree, expression).rpartition(".")
        packages = self._packages[:-1] if only_configured else self._packages
        if owner:
            return _declared(api, packages, owner, name, sender)
        if isinstance(expression, MemberExpr):
            for info in _classes_of(api, expression.expr):
                path = info.fullname.removeprefix(f"{info.module_name}.")
                name = f"{path}.{expression.name}"
                found = _declared(api, packages, info.module_name, name, sender)
                if found is not None:
                    return found
        return None


def _stub_files(root: Path) -> Iterator[tuple[str, str]]:
    """
    Yield the stub files in a folder, each after the module whose signals it declares.

    Each run of mypy does this for hundreds of files, which `Path` would make noticeably slower.
    """
    start = len(f"{root}{os.sep}")
    found = [f"{folder}{os.sep}{name}" for folder, _, names in os.walk(root) for name in names]
    for file in sorted(found):
        path, _, ending = file[start:].rpartition(".")
        owner = f"{os.sep}{path}".removesuffix(f"{os.sep}__init__")[1:]
        if ending == "pyi" and owner:
            yield owner.replace(os.sep, "."), file


def _declared(
    api: Any, packages: list[str], owner: str, name: str, sender: Type | None
) -> Type | None:
    """
    Return the declaration of a signal.

    Args:
        api: mypy's checker.
        packages: the packages of declarations.
        owner: the module with the signal.
        name: its name in the module, after the name of its class, if it is in a class.
        sender: the sender that is connected to; None for all senders.
    """
    *classes, last = name.split(".")
    for package in packages:
        tree = api.modules.get(f"{package}.{owner}")
        names = _names_in(tree, classes) if tree is not None else {}
        node = names[last].node if last in names else None
        if isinstance(node, Decorator):
            node = node.var
        if isinstance(node, (Var, FuncDef)):
            if package == _OURS and is_same_named(tree, owner, api.modules):
                return None
            declaration = get_proper_type(node.type)
            if isinstance(declaration, CallableType):
                return _for_sender(declaration, sender)
            return declaration
    return None


def _names_in(tree: MypyFile, classes: list[str]) -> SymbolTable:
    """
    Return the names in a module, or in a class of it: the last of *classes*.
    """
    names = tree.names
    for name in classes:
        node = names[name].node if name in names else None
        names = node.names if isinstance(node, TypeInfo) else SymbolTable()
    return names


def _classes_of(api: Any, owner: Expression) -> list[TypeInfo]:
    """
    Return the class of *owner* and its bases, or *owner* if it is a class; empty if it is unknown.
    """
    typ = get_proper_type(api.lookup_type(owner)) if api.has_type(owner) else None
    if isinstance(typ, FunctionLike) and typ.is_type_obj():
        return typ.type_object().mro
    return typ.type.mro if isinstance(typ, Instance) else []


def _imported(file: MypyFile) -> Iterable[str]:
    """
    Return the names of the modules that *file* may import.
    """
    names: set[str] = set()
    for imported in file.imports:
        if isinstance(imported, Import):
            names.update(name for name, _ in imported.ids)
        elif isinstance(imported, (ImportFrom, ImportAll)) and not imported.relative:
            names.update(_imported_from(imported, imported.id))
    return names


def _imported_from(imported: ImportFrom | ImportAll, module: str) -> Iterable[str]:
    yield module
    if isinstance(imported, ImportFrom):
        for name, _ in imported.names:
            yield f"{module}.{name}"


def written_full_name(file: MypyFile, expression: Expression | None) -> str:
    """
    Return the full name of a signal in its package; empty if it is unknown.
    """
    root = expression
    path = ""
    while isinstance(root, MemberExpr):
        path = f".{root.name}{path}"
        root = root.expr
    if isinstance(root, NameExpr) and isinstance(root.node, Var) and root.node.is_suppressed_import:
        # The package has no types, so mypy has not read it, but the import contains its name.
        return _import_of(file, root.name) + path
    return expression.fullname if isinstance(expression, RefExpr) else ""


def _import_of(file: MypyFile, name: str) -> str:
    """
    Return the full name that *name* is imported from.
    """
    found = set()
    for imported in file.imports:
        if isinstance(imported, Import):
            for module, alias in imported.ids:
                if name == (alias or module.partition(".")[0]):
                    found.add(module if alias else name)
        elif isinstance(imported, ImportFrom) and not imported.relative:
            found.update(
                f"{imported.id}.{original}"
                for original, alias in imported.names
                if name == (alias or original)
            )
    return found.pop() if len(found) == 1 else ""


def _for_sender(declaration: CallableType, sender: Type | None) -> Type:
    """
    Return the signal type of *declaration*, a function of its sender.
    """
    solution: dict[Any, Type] = {}
    for variable in declaration.variables:
        if isinstance(variable, TypeVarType):
            solution[variable.id] = _solution(variable, sender)
    return expand_type(declaration.ret_type, solution)


def _solution(variable: TypeVarType, sender: Type | None) -> Type:
    """
    Return the class for *variable*: the sender, if it is a class in the code.
    """
    given = get_proper_type(sender)
    if given is None or isinstance(given, NoneType):
        return variable.upper_bound
    if isinstance(given, FunctionLike) and given.is_type_obj():
        cls = fill_typevars_with_any(given.type_object())
        # Another class is never the sender; this is reported at the argument.
        return cls if is_subtype(cls, variable.upper_bound) else variable.upper_bound
    # The class is only known at run time: a string, or the result of a function like
    # ``get_user_model``.
    return AnyType(TypeOfAny.special_form)
