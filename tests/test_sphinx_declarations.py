"""
The Sphinx extension documents signals that stub files of the project declare.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.errors import ConfigError

from typed_signals.sphinx._find import NotFoundError, find
from typed_signals.sphinx._stub_files import Key, Stated, read_packages, stated_in_stubs

from .markdown import read_blocks
from .test_sphinx import Built, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "bakery/__init__.py": "",
    "bakery/signals.py": """
        from django.dispatch import Signal

        #: A pizza left the oven.
        pizza_done = Signal()
        broken = Signal()
    """,
    "bakery/broken.py": "from django.dispatch import Signal\npizza_done = Signal()",
    "typings/our_signals/bakery/signals.pyi": """
        import typing

        from typed_signals.django import Signal
        from . import nothing
        from .payloads import PizzaDone
        from .others import closed
        from our_signals.bakery.others import opened

        class Named(typing.TypedDict):
            size: int

        pizza_done: Signal[type, PizzaDone, bool]
        named: Signal[type, Named]
        untyped: Signal
        unknown: Signal[type, Missing]
    """,
    "typings/our_signals/bakery/payloads.pyi": """
        from typing import NotRequired, TypedDict

        class PizzaDone(TypedDict):
            size: int
            note: NotRequired[str]
    """,
    "typings/our_signals/bakery/others/__init__.pyi": """
        from typed_signals.django import Signal
        from .. import payloads
        from ..payloads import PizzaDone

        closed: Signal[object, PizzaDone]
        opened: Signal[object, PizzaDone]
    """,
    "typings/our_signals/bakery/broken.pyi": "pizza_done: Signal[",
    "typings/our_signals/django_fsm/signals.pyi": """
        from typed_signals.django import Signal
        from our_signals.bakery.payloads import PizzaDone

        post_transition: Signal[int, PizzaDone]
    """,
}

PIZZA_DONE = [Key("size", "int", is_required=True), Key("note", "str", is_required=False)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    write(tmp_path, FILES)
    monkeypatch.syspath_prepend(tmp_path / "typings")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    read_packages([])
    for name in [each for each in sys.modules if each.partition(".")[0] == "bakery"]:
        del sys.modules[name]


def test_page_of_a_signal_that_the_project_declares(folder: Path) -> None:
    conf = """
        extensions = ["typed_signals.sphinx"]
        typed_signals_declarations = ["our_signals"]
    """
    page = ".. autosignal:: bakery.signals.pizza_done"
    write(folder, {"conf.py": conf, "index.rst": f"Bakery\n======\n\n{page}\n"})
    project = Built(folder)
    project.build("text")
    assert project.warnings == ""
    assert project.described("index", "bakery.signals.pizza_done") == (
        "A pizza left the oven.\n\n"
        "Sender:\n   type\n\n"
        "Keys:\n   * size (int)\n\n   * note (str, optional)\n\n"
        "Responses:\n   bool"
    )


def test_page_about_it_names_the_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = (b.text for b in read_blocks("docs/howto/sphinx.md") if b.language == "python")
    first, *_, added = shown
    monkeypatch.setattr(sys, "path", [each for each in sys.path if "typings" not in each])
    stated: dict[str, Any] = {"__file__": str(folder / "docs/conf.py")}
    exec(first, stated)
    exec(added, stated)
    read_packages(stated["typed_signals_declarations"])
    assert stated_in_stubs("bakery.signals", "pizza_done") is not None


def test_unknown_packages_are_refused(folder: Path) -> None:
    conf = """
        extensions = ["typed_signals.sphinx"]
        typed_signals_declarations = ["their_signals"]
    """
    write(folder, {"conf.py": conf, "index.rst": ""})
    with pytest.raises(ConfigError, match=r"typed_signals_declarations: there is no package 'the"):
        Built(folder).build("text")


def test_declarations_of_the_project_come_before_ours() -> None:
    ours = stated_in_stubs("django_fsm.signals", "post_transition")
    read_packages(["our_signals"])
    assert stated_in_stubs("django_fsm.signals", "post_transition") == Stated(
        PIZZA_DONE, sender="int"
    )
    assert stated_in_stubs("fieldsignals", "pre_save_changed") is not None
    read_packages([])
    assert stated_in_stubs("django_fsm.signals", "post_transition") == ours


def test_forms_of_stub_files() -> None:
    read_packages(["our_signals"])
    stated = Stated(PIZZA_DONE, sender="object")
    assert stated_in_stubs("bakery.others", "closed") == stated
    assert stated_in_stubs("bakery.signals", "closed") == stated
    assert stated_in_stubs("bakery.signals", "opened") == stated
    named = [Key("size", "int", is_required=True)]
    assert stated_in_stubs("bakery.signals", "named") == Stated(named, sender="type")
    # What mypy reports is not documented.
    assert stated_in_stubs("bakery.signals", "unknown") == Stated([], sender="type")
    assert stated_in_stubs("bakery.signals", "untyped") is None
    assert stated_in_stubs("bakery.signals", "nothing") is None


def test_stub_file_with_a_mistake() -> None:
    read_packages(["our_signals"])
    with pytest.raises(NotFoundError, match=r"bakery.broken.pizza_done cannot be read: .*broken.p"):
        find(["bakery.broken.pizza_done"])
