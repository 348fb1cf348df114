"""
One mypy build of a project, of which the trees and the types of all expressions are kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import mypy.types  # noqa: F401 - before mypy.build
from mypy import build
from mypy.errors import CompileError
from mypy.nodes import ARG_STAR2, Expression, MypyFile
from mypy.plugin import Plugin, ReportConfigContext
from mypy.types import AnyType, CallableType, FunctionLike, Type, get_proper_type
from typing_extensions import override

from typed_signals.mypy.config import declaration_packages
from typed_signals.mypy.lib.fullnames import SEND_METHODS
from typed_signals.mypy.lib.third_party import ThirdPartySignals

from .annotate import annotate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy.modulefinder import BuildSource
    from mypy.options import Options
    from mypy.plugin import FunctionSigContext, MethodSigContext

    from .annotate import Annotations


@dataclass(frozen=True)
class Build:
    """
    The result of a build.
    """

    own: dict[str, MypyFile]
    """The modules of the project, by name."""

    modules: dict[str, MypyFile]
    """All modules that mypy has read; those of others may come from a cache, without bodies."""

    types: dict[Expression, Type]
    """The types of the expressions in the project."""

    declarations: ThirdPartySignals
    """The declarations of signals that other packages define."""

    messages: tuple[str, ...] = ()
    """What mypy reports, if it was stopped."""

    def declared_type(
        self, signal: Expression, module: MypyFile, *, only_configured: bool = False
    ) -> Type | None:
        """
        Return the type that is declared for a *signal* of another package.

        Args:
            signal: its name.
            module: the module that contains this name.
            only_configured: whether to leave out our package of declarations.
        """
        api = SimpleNamespace(
            modules=self.modules,
            tree=module,
            has_type=self.types.__contains__,
            lookup_type=self.types.__getitem__,
        )
        return self.declarations.find(api, signal, None, only_configured=only_configured)


def run_build(
    sources: Sequence[BuildSource], options: Options, annotations: Annotations | None = None
) -> Build:
    """
    Run mypy in this process.

    Args:
        sources: the files of the project.
        options: the options of mypy, which are changed.
        annotations: the annotations to add to functions that have none.
    """
    options.export_types = True
    options.preserve_asts = True
    options.check_untyped_defs = True
    options.follow_untyped_imports = True
    options.ignore_missing_imports = True
    options.strict_optional = True
    options.semantic_analysis_only = False
    # They may name errors of our plugin, which is not loaded.
    options.disable_error_code = []
    options.enable_error_code = []
    for changes in options.per_module_options.values():
        changes.pop("disable_error_code", None)
        changes.pop("enable_error_code", None)
    # Older versions of mypy have none. Its trees have no statements when plugins get them.
    for option in {"native_parser"}.intersection(dir(options)):
        setattr(options, option, False)
    paths = {absolute(source.path) for source in sources if source.path}
    messages: list[str] = []

    def flush(path: str | None, new: list[str], _: bool) -> None:
        if path is None:  # what stops mypy
            messages.extend(new)

    declarations = ThirdPartySignals(options, [])
    try:
        packages = declaration_packages(options) if options.config_file else []
        declarations = ThirdPartySignals(options, packages)
        plugin = _SurveyPlugin(options, sources, declarations, annotations or {})
        result = build.build([*sources], options, flush_errors=flush, extra_plugins=[plugin])
    except CompileError as error:
        return Build({}, {}, {}, declarations, tuple(messages or error.messages))
    own = {
        name: tree
        for name, tree in result.files.items()
        if absolute(tree.path) in paths and not tree.is_stub
    }
    return Build(own, result.files, result.types, declarations)


def absolute(path: str) -> str:
    """
    Return the absolute path, without following links, as mypy does.
    """
    return os.path.abspath(path)  # noqa: PTH100


class _SurveyPlugin(Plugin):
    """
    Lets mypy read the files of the project, and infer precise types of what is sent.
    """

    def __init__(
        self,
        options: Options,
        sources: Sequence[BuildSource],
        declarations: ThirdPartySignals,
        annotations: Annotations,
    ) -> None:
        super().__init__(options)
        self._declarations = declarations
        self._annotations = annotations
        self._paths = {absolute(source.path) for source in sources if source.path}
        self._packages = {source.module.partition(".")[0] for source in sources}
        self._run = uuid4().hex
        """mypy's cache contains no trees and no types of expressions. With other data than in the
        last run, mypy reads a file again."""

    @override
    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        functions = self._annotations.get(file.fullname)
        added = [] if functions is None else annotate(file, functions)
        return [*added, *self._declarations.dependencies(file)]

    @override
    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        return self._run if absolute(ctx.path) in self._paths else None

    @override
    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        # No other hooks: the first plugin with one for a name is the only one.
        is_send = fullname.rpartition(".")[2] in SEND_METHODS
        return _taking_objects if is_send or self._is_own(fullname) else None

    @override
    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return _taking_objects if self._is_own(fullname) else None

    def _is_own(self, fullname: str) -> bool:
        return fullname.partition(".")[0] in self._packages


def _taking_objects(ctx: FunctionSigContext | MethodSigContext) -> FunctionLike:
    """
    Return the signature with ``object`` instead of ``Any`` for ``**kwargs`` without a type.

    An argument ``[1]`` for a parameter of the type ``Any`` would be a ``list[Any]``.
    """
    signature: Any = ctx.default_signature
    if not isinstance(signature, CallableType) or ARG_STAR2 not in signature.arg_kinds:
        return signature  # type: ignore[no-any-return]
    types = [
        ctx.api.named_generic_type("builtins.object", [])
        if isinstance(get_proper_type(typ), AnyType)
        else typ
        for typ in signature.arg_types
    ]
    return signature.copy_modified(arg_types=types)
