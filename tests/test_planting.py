"""
The mistakes that ``make primer`` plants: where, and which of them count as found.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Final

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from primer.__main__ import HERE
from primer.names import Module
from primer.planting import Harvest, differences, documented, harvest, inserted, insertion, tables
from primer.projects import Expected, Missed, read_expected, read_projects
from primer.registrations import registrations
from primer.runs import OURS, Code

# Other tests set mypy's search path.
del sys.path[0]

if TYPE_CHECKING:
    from primer.registrations import Registration

pytestmark = pytest.mark.any_python

MODULES: Final = {
    "shop/__init__.py": "",
    "shop/library.py": """
        from django.dispatch import Signal
        from django.db.models.signals import post_save, pre_save
        own = Signal()
        BOTH = [post_save, pre_save]
        def quietly(f): return f
        def when(signal):
            def connect(f):
                signal.connect(f)
                return f
            return connect
        def register(signal, receiver): signal.connect(receiver)
        def factory(size):
            def made(**kwargs): ...
            return made
        class Base:
            def log(self, sender, **kwargs): ...
    """,
}
SHOP: Final = """
    import functools
    from django.core import signals as core_signals
    from django.db import models
    from django.db.models import signals
    from django.db.models.signals import post_delete, post_save, pre_save
    from django.dispatch import receiver
    from . import library
    from .library import *
    from .library import BOTH, factory, own, quietly, register, when
    def log(sender, **kwargs): ...
    @quietly
    def decorated(sender, **kwargs): ...
    class Log(library.Base):
        def __call__(self, **kwargs): ...
"""


def read(tmp_path: Path, shop: str) -> list[Registration]:
    """
    Return the registrations in a module with what *shop* adds to SHOP.
    """
    files = {**MODULES, "shop/receivers.py": dedent(SHOP) + dedent(shop)}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text), "utf-8")
    modules = [Module(tmp_path, name) for name in files]
    return registrations(modules, modules[-1:])


# Where


@pytest.mark.parametrize(
    ("shop", "style", "expected"),
    [
        ("@receiver(post_save)\ndef f(**kw): ...", "`@receiver(signal)`", "f (post_save)"),
        (
            "@receiver(signal=models.signals.post_save, sender=Log)\ndef f(**kw): ...",
            "`@receiver(signal)`",
            "f (post_save)",
        ),
        (
            "@receiver([post_save, signals.pre_save])\nasync def f(**kw): ...",
            "`@receiver([signal, ...])`",
            "f (post_save, pre_save)",
        ),
        ("@receiver(BOTH)\ndef f(**kw): ...", "`@receiver(variable)`", "f (post_save, pre_save)"),
        (
            "@receiver(post_save)\n@quietly\ndef f(**kw): ...",
            "`@receiver(signal)` above another decorator",
            "f (post_save)",
        ),
        (
            "@quietly\n@receiver(post_save)\ndef f(**kw): ...",
            "`@receiver(signal)`",
            "f (post_save)",
        ),
        (
            "@core_signals.request_started.connect\ndef f(**kw): ...",
            "`@signal.connect`",
            "f (request_started)",
        ),
        (
            "@when(post_save)\ndef f(**kw): ...",
            "a registering decorator of the project",
            "f (post_save)",
        ),
        ("register(post_save, log)", "a registering function of the project", "log (post_save)"),
        ("post_save.connect(log)", "`connect(function)`", "log (post_save)"),
        ("post_save.connect(receiver=log, weak=False)", "`connect(function)`", "log (post_save)"),
        ("post_save.connect(decorated)", "`connect(decorated function)`", "decorated (post_save)"),
        ("post_save.connect(Log().log)", "`connect(method)`", "log (post_save)"),
        ("post_save.connect(Log())", "`connect(object)`", "__call__ (post_save)"),
        ("post_save.connect(lambda **kw: None)", "`connect(lambda)`", "lambda (post_save)"),
        (
            "post_save.connect(functools.partial(log, size=1))",
            "`connect(partial(function))`",
            "log (post_save)",
        ),
        ("post_save.connect(quietly(log))", "`connect(decorate(function))`", "log (post_save)"),
        ("post_save.connect(factory(32))", "`connect(factory())`", "made (post_save)"),
        (
            "receiver(post_save, sender=Log)(log)",
            "`receiver(signal)(function)`",
            "log (post_save)",
        ),
        (
            "for s in (post_save, pre_save):\n    s.connect(log)",
            "`connect(function)` by a loop",
            "log (post_save, pre_save)",
        ),
        (
            "for s, f in {post_save: log}.items():\n    s.connect(f)",
            "`connect(function)` by a loop",
            "log (post_save)",
        ),
        (
            "saved = getattr(signals, 'post_save')\nsaved.connect(log)",
            "`connect(function)` by a variable",
            "log (post_save)",
        ),
        (
            """
    class App:
        def ready(self):
            post_save.connect(self.log)
        def log(self, **kw): ...
            """,
            "`connect(method)`",
            "log (post_save)",
        ),
        (
            "(post_save if log else pre_save).connect(log)",
            "`connect(function)`",
            "log (post_save, pre_save)",
        ),
    ],
)
def test_registration_is_read(tmp_path: Path, shop: str, style: str, expected: str) -> None:
    (registration,) = read(tmp_path, shop)
    assert registration.style == style
    assert str(registration).partition(": ")[2] == expected


@pytest.mark.parametrize(
    "shop",
    [
        "own.connect(log)",
        "@receiver(own)\ndef f(**kw): ...",
        "library.connection.connect(log)",
        "post_save.connect(unknown)",
        "post_save.disconnect(log)",
        "def f(post_save):\n    post_save.connect(log)",
        "print(post_save, log)",
        "x = x\nx.connect(log)",
    ],
)
def test_other_code_is_not_a_registration(tmp_path: Path, shop: str) -> None:
    assert read(tmp_path, shop) == []


def test_each_decorator_is_a_registration(tmp_path: Path) -> None:
    shop = "@receiver(post_save)\n@receiver(pre_save)\ndef f(**kw): ..."
    found = read(tmp_path, shop)
    assert [each.signals for each in found] == [("post_save",), ("pre_save",)]
    assert {each.style for each in found} == {"`@receiver(signal)`"}


# What


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(sender, **kw): ...", "def f(sender, bad, **kw): ..."),
        ("def f(sender: int, raw=False): ...", "def f(sender: int, bad, raw=False): ..."),
        ("def f(\n    sender,\n    **kw,\n): ...", "def f(\n    sender, bad,\n    **kw,\n): ..."),
        ("def f(**kw): ...", "def f(bad, **kw): ..."),
        ("def f(*args, **kw): ...", "def f(bad, *args, **kw): ..."),
        ("def f(): ...", "def f(bad): ..."),
        ("def f(sender=None, **kw): ...", "def f(bad, sender=None, **kw): ..."),
        ("é = 1; f = lambda é, **kw: 0", "é = 1; f = lambda é, bad, **kw: 0"),
        ("f = lambda: 0", "f = lambda bad: 0"),
        ("f = lambda **kw: 0", "f = lambda bad, **kw: 0"),
        ("@x((1))\nasync def f (*, é): ...", "@x((1))\nasync def f (bad, *, é): ..."),
    ],
)
def test_parameter_is_required_and_can_be_passed_by_position(code: str, expected: str) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    ]
    edit = insertion(functions[0], code.encode(), "bad")
    assert inserted(code.encode(), [edit]).decode() == expected
    ast.parse(expected)


# Whether it is found


@pytest.fixture(name="planted", scope="module")
def _planted(tmp_path_factory: pytest.TempPathFactory) -> Harvest:
    """
    Plant mistakes in a project.
    """
    root = tmp_path_factory.mktemp("project")
    (root / "shop.py").write_text(
        dedent("""
            from typing import Any
            from django.db.models.signals import post_save, pre_save
            from django.dispatch import receiver

            @receiver(post_save)
            @receiver(pre_save)
            def log(sender, **kwargs): ...

            anything: Any = [].pop()

            @receiver(post_save)
            @anything
            def unknown(sender, **kwargs): ...

            post_save.connect(log)
            log(None)
        """),
        "utf-8",
    )
    (root / "tests").mkdir()
    (root / "tests" / "test_shop.py").write_text("import shop", "utf-8")
    return harvest("shop", Code(root, ["."]), OURS)


def test_mistake_is_found_at_each_registration(planted: Harvest) -> None:
    assert not planted.crash
    assert [(str(each.registration), each.is_found) for each in planted.planted] == [
        ("shop.py:6: log (post_save)", True),
        ("shop.py:6: log (pre_save)", True),
        ("shop.py:12: unknown (post_save)", False),
        ("shop.py:16: log (post_save)", True),
    ]
    assert tables([planted]).splitlines() == [
        "| project | planted | found |",
        "|---|--:|--:|",
        "| shop | 4 | 3 |",
        "| in all | 4 | 3 |",
        "",
        "| style | planted | found |",
        "|---|--:|--:|",
        "| `@receiver(signal)` | 2 | 2 |",
        "| `@receiver(signal)` above another decorator | 1 | 0 |",
        "| `connect(function)` | 1 | 1 |",
        "| in all | 4 | 3 |",
    ]


UNKNOWN: Final = ("`@receiver(signal)` above another decorator", "shop.py: unknown (post_save)")
STYLES: Final = {"`@receiver(signal)`": 2, UNKNOWN[0]: 1, "`connect(function)`": 1}


@pytest.mark.parametrize(
    ("styles", "missed", "expected"),
    [
        (STYLES, [UNKNOWN], []),
        (STYLES, [], ["not found: shop.py: unknown (post_save)"]),
        (
            STYLES,
            [UNKNOWN, ("`connect(function)`", "shop.py: log (post_save)")],
            ["found: shop.py: log (post_save), `connect(function)` (remove it"],
        ),
        (
            {**STYLES, "`connect(function)`": 2},
            [UNKNOWN],
            ["planted 1 times: `connect(function)`, but in planted.toml 2 times"],
        ),
        ({}, [UNKNOWN], ["planted 2 times", "planted 1 times", "planted 1 times"]),
    ],
)
def test_each_difference_fails(
    planted: Harvest, styles: dict[str, int], missed: list[tuple[str, str]], expected: list[str]
) -> None:
    tables = [Missed("shop", style, (receiver,), "its type is Any") for style, receiver in missed]
    found = differences(planted, Expected({"shop": styles}, tuple(tables)))
    assert len(found) == len(expected)
    assert all(each.startswith(start) for each, start in zip(found, expected, strict=True))


def test_crash_fails() -> None:
    (failure,) = differences(Harvest("shop", [], 0, "exit status 2"), Expected({}, ()))
    assert failure == "our plugin stops mypy, with planted mistakes: exit status 2"


# The list


def test_committed_list_is_in_order() -> None:
    expected = read_expected(HERE / "planted.toml")
    names = [project.name for project in read_projects(HERE / "projects.toml")]
    assert list(expected.planted) == [name for name in names if name in expected.planted]
    planted = Counter[tuple[str, str]]()
    for project, styles in expected.planted.items():
        planted.update({(project, style): count for style, count in styles.items()})
    for missed in expected.missed:
        assert missed.why
        assert len(missed.receivers) <= planted[missed.project, missed.style]


def test_docs_have_the_expected_counts() -> None:
    tables = documented(read_expected(HERE / "planted.toml"))
    assert tables in (HERE.parent / "docs" / "reference" / "plugin-limits.md").read_text("utf-8")
