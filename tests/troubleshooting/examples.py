"""
The entries of the pages about troubleshooting: what is shown, and the change that fixes it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import logging
import re
import sys
import traceback
import warnings
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from tests.markdown import ROOT, read_blocks
from typed_signals._shared import policy
from typed_signals.testing import isolate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

# An error of an import has a name since Python 3.15.
_BY_CHANCE: Final = re.compile(
    r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b0x[0-9a-f]+\b|, name='\w+'"
)


class Example(NamedTuple):
    """
    A change in a program, and what is shown before it.
    """

    page: str

    chapter: str
    """The heading of the second level above it."""

    section: str
    """The heading above it."""

    shown: list[str]

    before: str

    after: str

    def __str__(self) -> str:
        return f"{self.page.rpartition('/')[2]}: {self.section}"

    @property
    def needs_celery(self) -> bool:
        return "elery" in f"{self.before}{self.after}"

    @property
    def path(self) -> str | None:
        """
        The file that it changes, if its first line names one.
        """
        match = re.match(r"# (\S+\.\w+)\n", self.before)
        return None if match is None else match[1]


def beginning_of(page: str) -> str:
    """
    Return the program that all examples of *page* begin with.
    """
    return next(block.text for block in read_blocks(page) if block.language == "python")


def examples_of(page: str) -> list[Example]:
    """
    Return the examples of *page*: each ``diff`` with the block of ``text`` before it, as far as
    the packages are installed.
    """
    shown = ""
    examples = []
    chapters = chapters_of(page)
    for block in read_blocks(page):
        if block.language == "text":
            assert not shown, f"{block.section}: no change follows {shown}"
            shown = block.text
        elif block.language == "diff":
            lines = block.text.splitlines()
            before, after = (
                "".join(f"{line[1:]}\n" for line in lines if not line.startswith(sign))
                for sign in ("+", "-")
            )
            examples.append(
                Example(
                    page, chapters[block.section], block.section, shown.splitlines(), before, after
                )
            )
            shown = ""
    assert not shown
    # It is only installed for the tests of engines, which also run these.
    has_celery = find_spec("celery") is not None
    return [each for each in examples if has_celery or not each.needs_celery]


def chapters_of(page: str) -> dict[str, str]:
    """
    Return the heading of the second level for each heading of *page*.
    """
    chapter = ""
    chapters = {}
    for level, title in re.findall(r"^(##+) (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE):
        chapter = title if level == "##" else chapter
        chapters[title] = chapter
    return chapters


def comparable(lines: Iterable[str]) -> list[str]:
    """
    Return *lines* without what is different each time, such as the ids of deliveries and addresses.
    """
    return [_BY_CHANCE.sub("", line) for line in lines]


def results_of(
    program: str,
    module: str = "shop",
    *,
    use_settings: Callable[..., AbstractContextManager[object]] = contextlib.nullcontext,
    at_end: Callable[[], Iterable[str]] = tuple,
) -> list[str]:
    """
    Return what Python shows when *program* is executed: warnings, what is logged and printed, and
    for each statement that raises an error its last lines, as if it were the last statement.

    Args:
        program: the text; what follows a line like ``# shop/other.py`` is another module.
        module: the name of the first module.
        use_settings: is passed the names in the module ``settings``, for the modules below it.
        at_end: returns what is shown in addition.
    """
    found: list[str] = []
    parts = re.split(r"^# (\S+)\.py$", program, flags=re.MULTILINE)
    names = [module, *(path.replace("/", ".") for path in parts[1::2])]
    with contextlib.ExitStack() as stack:
        stack.enter_context(_collecting(found))
        namespaces: dict[str, ModuleType] = {}
        for name, text in zip(names, parts[::2], strict=True):
            namespace = sys.modules[name] = namespaces.setdefault(name, ModuleType(name))
            file = f"{name.replace('.', '/')}.py"
            for statement in ast.parse(text).body:
                code = compile(ast.Module([statement], []), file, "exec", dont_inherit=True)
                output = io.StringIO()
                try:
                    with contextlib.redirect_stdout(output):
                        exec(code, vars(namespace))
                except Exception as error:  # noqa: BLE001 - these are shown
                    found += "".join(traceback.format_exception_only(error)).splitlines()
                found += output.getvalue().splitlines()
            if name.endswith(".settings"):
                stated = {name: value for name, value in vars(namespace).items() if name.isupper()}
                stack.enter_context(use_settings(**stated))
        found += at_end()
        for namespace in namespaces.values():
            vars(namespace).clear()  # without waiting for the garbage collector
    return found


@contextlib.contextmanager
def _collecting(found: list[str]) -> Iterator[None]:
    """
    Collect warnings and what is logged, and undo what programs change.
    """

    def show(text: Warning | str, kind: type[Warning], file: str, line: int, *_: object) -> None:
        if not file.startswith("<frozen "):  # about modules without a file, from Python 3.15 on
            found.append(f"{file}:{line}: {kind.__name__}: {text}")

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    handler, logger = Handler(), logging.getLogger("typed_signals")
    modules = {**sys.modules}
    logger.addHandler(handler)
    try:
        with isolate(), warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(logger, "propagate", False)
            patch.setattr(policy, "_configured", {name: {} for name in policy._configured})
            warnings.simplefilter("always")
            patch.setattr(warnings, "showwarning", show)
            yield
    finally:
        logger.removeHandler(handler)
        for name in sys.modules.keys() - modules.keys():
            if not getattr(sys.modules[name], "__file__", None):
                del sys.modules[name]
        sys.modules |= modules
