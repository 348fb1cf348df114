"""
The answer to a mypy that is too old: one line, and the end.
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
    Return a plugin with which mypy ends as soon as it looks at a file, and prints *problem*.

    To raise it here, or when the plugin is made, would have mypy print a traceback.
    """

    class TooOld(Plugin):
        def report_config_data(self, ctx: ReportConfigContext) -> NoReturn:  # noqa: ARG002 - mypy's
            raise self._error

        def get_additional_deps(self, file: MypyFile) -> NoReturn:  # noqa: ARG002 - mypy's
            raise self._error

        @property
        def _error(self) -> CompileError:
            return CompileError([f"{self.options.config_file}: error: {problem}"])

    return TooOld
