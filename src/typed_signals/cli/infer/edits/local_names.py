"""
How classes are written in one module, and the imports that this needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from typed_signals.cli.survey.written_types import NamedType

from .bindings import public_module
from .imports import add_for_types, add_import, is_standard

if TYPE_CHECKING:
    from collections.abc import Collection

    from .bindings import Bindings
    from .imports import Statement


@final
class LocalNames:
    """
    The names of classes in a module.

    Modules of the standard library are imported as usual, others for type checkers only: this is
    always possible, takes no time, and makes no import cycle.

    Attributes:
        at: the index of the top-level statement where the names are used.
        hidden: the names of builtins that mean something else there.
        made: the names of new imports, by module and name.
    """

    def __init__(self, bindings: Bindings, longest: int, *, is_stub: bool = False) -> None:
        """
        Args:
            bindings: the names that the module binds.
            longest: the number of columns of the longest line.
            is_stub: whether it is a stub file, which is never executed.
        """
        self.at = 0
        self.hidden: Collection[str] = ()
        self.made: dict[tuple[str, str], str] = {}
        self._bindings = bindings
        self._is_stub = is_stub
        self._longest = longest
        self._for_types: set[tuple[str, str]] = set()

    @property
    def taken(self) -> set[str]:
        """
        All names that mean something in the module.
        """
        return {*self._bindings.bound, *self._bindings.mentioned, *self.made.values()}

    def of_class(self, named: NamedType) -> tuple[str, bool]:
        """
        Return how a class is written in this module, and whether that is usable at run time.
        """
        if named.module == "builtins" and named.name not in self.hidden:
            return named.name, True
        if (found := self._bindings.find(named, self.at)) is not None:
            return found[0], found[1] or self._is_stub
        outer, dot, inner = named.name.partition(".")
        module = public_module(named.module)
        key = (module, outer)
        local = self.made.get(key)
        if local is None:
            local = self.made[key] = self._free_name(outer, module)
            if not self._is_stub and not (is_standard(module) and named.at_run_time):
                self._for_types.add(key)
        return f"{local}{dot}{inner}", key not in self._for_types

    def _free_name(self, name: str, module: str) -> str:
        taken = {*self._bindings.bound, *self.made.values()}
        last = "".join(part.capitalize() for part in module.rpartition(".")[2].split("_"))
        candidates = [name, f"{last}{name}", f"{name}Type"] if module != "builtins" else []
        return next(
            (each for each in candidates if each not in taken),
            f"{module.replace('.', '_')}_{name}",
        )

    def with_imports(self, body: list[Statement]) -> list[Statement]:
        """
        Return the statements of the module with the new imports.
        """
        usual: dict[str, list[tuple[str, str]]] = {}
        for_types: dict[str, list[tuple[str, str]]] = {}
        condition = ""
        if self._for_types:
            condition, _ = self.of_class(NamedType("typing", "TYPE_CHECKING"))
        for (source, name), local in self.made.items():
            group = for_types if (source, name) in self._for_types else usual
            group.setdefault(source, []).append((name, local))
        for source, names in sorted(usual.items()):
            body = add_import(body, self._bindings, source, names, longest=self._longest)
        for source, names in sorted(for_types.items()):
            body = add_for_types(
                body, self._bindings, source, names, condition, longest=self._longest
            )
        return body
