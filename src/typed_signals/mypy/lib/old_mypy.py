"""
Stop a mypy that is too old with one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from mypy.errors import CompileError
from mypy.plugin import Plugin

if TYPE_CHECKING:
    from mypy.nodes import MypyFile
    from mypy.plugin import ReportConfigContext


def refusing(problem: str) -> type[Plugin]:
    """
    Return a plugin that stops mypy at the first file and prints *problem*.

    Raising it here, or when the plugin is created, would make mypy print a traceback.
    """

    class TooOld(Plugin):
        def report_config_data(self, ctx: ReportConfigContext) -> NoReturn:  # noqa: ARG002 - called by mypy
            raise self._error

        def get_additional_deps(self, file: MypyFile) -> NoReturn:  # noqa: ARG002 - called by mypy
            raise self._error

        @property
        def _error(self) -> CompileError:
            return CompileError([f"{self.options.config_file}: error: {problem}"])

    return TooOld
