"""
What the Sphinx extension documents.

One project is built twice, as text and as HTML, and its pages are compared with what they should
be. Its modules are what people write.
"""

from __future__ import annotations

import importlib
import io
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile

from tests.markdown import read_blocks
from typed_signals.sphinx._docstrings import without_keys
from typed_signals.sphinx._find import NotFoundError, find
from typed_signals.sphinx._stub_files import Key, Stated, stated_in_stubs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SIGNALS: Final = '''
"""The signals of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NotRequired, TypedDict, TypeVar, Unpack

from typed_signals import BaseSignal, Signal

if TYPE_CHECKING:
    from decimal import Decimal

    from .store import PizzaStore

    class Hidden(TypedDict):
        size: int

    HiddenSignal = Signal

ToppingT = TypeVar("ToppingT")


class Baked(TypedDict, Generic[ToppingT]):
    toppings: list[ToppingT]
    "What is *on* it."


class PizzaDone(Baked[str]):
    """
    A pizza left the oven.

    Keys:
        size: its size,
            in cm.
        color: there is none.
    """

    size: int
    price: NotRequired[Decimal]
    #: A note for the customer.
    note: NotRequired[str]


pizza_done = Signal[type["PizzaStore"], PizzaDone, int]()
"""
Sent when a pizza is done.

See :signal:`pizza_sold`.
"""

#: Sent when a pizza is sold.
pizza_sold: Signal[object, PizzaDone] = Signal()

undocumented = Signal[object, PizzaDone]()


class Nothing(TypedDict):
    pass


empty = Signal[Any, Nothing]()


@Signal.declare
def pizza_eaten(
    sender: type[PizzaStore], *, by: str, note: str | None = None, **more: Any
) -> bool:
    """
    Sent when a pizza is eaten.

    :param sender: the store
    :param str by: who
    :type note: str

    Args:
        note: about the taste
        other: not a key
    """
    raise NotImplementedError


@Signal.declare
def pizza_boxed(sender: object, **kwargs: Unpack[PizzaDone]) -> object: ...


@Signal.declare
def oven_on(sender, temperature): ...


later: Signal[object, PizzaDone]
untyped_later: BaseSignal
no_signal: int

untyped = Signal()
invalid = Signal[object, int]()
hidden: Signal[object, Hidden] = Signal()
unknown: HiddenSignal[object, Hidden] = Signal()
_private = Signal[object, PizzaDone]()

#: A number.
NUMBER = 5
'''

STORE: Final = '''
"""The store."""

from __future__ import annotations

from typing import NewType

from typed_signals import Signal

from .signals import PizzaDone, pizza_done, pizza_sold, undocumented


class PizzaStore:
    """A store."""

    closed: Signal[PizzaStore, PizzaDone] = Signal()
    "Sent when it is closed."

    class Oven:
        """An oven."""

        on = Signal[object, PizzaDone]()

    @property
    def broken(self):
        raise NotImplementedError

    address = "Main Street"
    "Where it is."


def log(sender, size, **kwargs): ...


async def log_async(**kwargs): ...


def unlisted(**kwargs): ...


#: A kind of data that autodoc documents like a class.
Size = NewType("Size", int)
Made = type("Made", (), {"__module__": "nowhere", "__doc__": "A class without source."})

undocumented.connect(dict, weak=False)
pizza_done.connect(log, sender=PizzaStore)
pizza_done.connect(log_async)
pizza_done.connect(unlisted, sender="x")
'''

ON_DJANGO: Final = '''
"""The signals on Django's dispatcher."""

from typing import TypedDict

from django.core.signals import request_finished
from django.dispatch import Signal as DjangoSignal

from typed_signals.django import Signal, receiver


class Ordered(TypedDict):
    number: int


ordered = Signal[type, Ordered]()
plain = DjangoSignal()
number = 5


@receiver(ordered, on_commit=True)
def ship(**kwargs): ...


@receiver(request_finished, dispatch_uid="shop")
def finish(**kwargs): ...


class Store: ...


senders = [Store()]
ordered.connect(finish, sender=Store)
plain.connect(finish, sender=senders[0])
'''

FILES: Final = {
    "shop/__init__.py": "from .signals import pizza_done",
    "shop/signals.py": SIGNALS,
    "shop/store.py": STORE,
    "shop/on_django.py": ON_DJANGO,
    "shop/failing.py": "raise SystemExit(2)",
    "shop/needing.py": "import shop_missing_package",
    "shop/mocked.py": """
        import mocked_package
        from typed_signals import Signal

        from .signals import PizzaDone

        started = Signal[mocked_package.Oven, PizzaDone]()
    """,
    # Packages with declared signals.
    "actstream/__init__.py": "",
    "actstream/signals.py": "from django.dispatch import Signal\naction = Signal()",
    "flask_principal.py": """
        from blinker import Namespace

        identity_changed = Namespace().signal("identity-changed")


        def load(sender, identity): ...


        identity_changed.connect(load)
    """,
}

CONF: Final = """
extensions = ["typed_signals.sphinx", "myst_parser"]
nitpicky = True
nitpick_ignore_regex = [("py:class", ".*")]
autodoc_mock_imports = ["mocked_package"]
html_theme = "basic"
smartquotes = False
"""

PAGES: Final = {
    "index.rst": """
        Index
        =====

        .. toctree::
           :glob:

           *

        :signal:`pizza_done`, :py:signal:`signals.pizza_sold`, :signal:`PizzaStore.closed`,
        :signal:`~shop.signals.pizza_sold`, :signal:`sold <shop.signals.pizza_sold>`,
        :data:`shop.signals.pizza_sold`, :obj:`shop.signals.pizza_sold`, :signal:`NUMBER`,
        :any:`shop.signals.pizza_sold`
    """,
    "signals.rst": """
        Signals
        =======

        .. autosignal:: shop.signals.pizza_done
           :receivers:

           More about *it*.

        .. autosignal:: shop.signals.pizza_sold
           :receivers:

        .. autosignal:: shop.pizza_done
           :no-index:

        .. currentmodule:: shop.signals

        .. autosignal:: pizza_eaten
        .. autosignal:: pizza_boxed
        .. autosignal:: oven_on
        .. autosignal:: later
        .. autosignal:: empty
        .. autosignal:: untyped
        .. autosignal:: untyped_later
        .. autosignal:: shop.mocked.started

        .. py:currentmodule:: None

        .. py:class:: Outer

           .. autosignal:: shop.store.PizzaStore.closed
           .. py:attribute:: inner

        .. autosignal:: shop.store.PizzaStore.Oven.on
    """,
    "by_hand.rst": """
        By hand
        =======

        .. py:function:: shop.store.log

        .. py:signal:: kitchen.burnt

           :sender: str
           :key int size: the size
           :key note: a note
           :keytype note: str, optional
           :responses: bool

        .. py:signal:: lone
    """,
    "markdown.md": """
        # Markdown

        ```{autosignal} shop.signals.pizza_done
        :no-index:
        :receivers:

        More about *it*.
        ```

        {signal}`pizza_done`
    """,
    "automatic.rst": """
        Automatic
        =========

        .. automodule:: shop.signals
           :members:
           :exclude-members: PizzaDone, hidden, invalid, unknown
           :no-index:

        .. automodule:: shop.store
           :members:
           :exclude-members: PizzaStore

        .. autoclass:: shop.store.PizzaStore
           :members:
           :no-index:

        .. autoclass:: shop.store.Made

        .. autodata:: shop.signals.undocumented

        .. autodata:: shop.signals.NUMBER
    """,
    "on_django.rst": """
        On Django
        =========

        .. autosignal:: shop.on_django.ordered
           :receivers:
        .. autosignal:: shop.signals.undocumented
           :receivers:
           :no-index:
        .. autosignal:: shop.on_django.plain
           :receivers:
        .. autosignal:: django.db.models.signals.m2m_changed
        .. autosignal:: django.core.signals.request_finished
           :receivers:
        .. autosignal:: actstream.signals.action
        .. autosignal:: flask_principal.identity_changed
           :receivers:
    """,
    "mistakes.rst": """
        Mistakes
        ========

        .. autosignal:: shop.signals.NUMBER
        .. autosignal:: shop.signals.missing
        .. autosignal:: shop.signals.no_signal
        .. autosignal:: shop.store.PizzaStore.Grill.on
        .. autosignal:: shop.missing.signals.pizza_done
        .. autosignal:: shop_missing.pizza_done
        .. autosignal:: shop.failing.pizza_done
        .. autosignal:: shop.needing.pizza_done
        .. autosignal:: pizza_done
        .. autosignal:: shop.signals.pizza done
        .. autosignal:: shop.signals.invalid
        .. autosignal:: shop.signals.hidden
        .. autosignal:: shop.signals.unknown

        :signal:`missing`
    """,
}


class Built:
    """
    A project that was built.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings = ""
        self.dependencies: Mapping[str, set[str]] = {}

    def build(self, builder: str, **overrides: Any) -> None:
        warning = io.StringIO()
        app = SphinxTestApp(
            builder, self.folder, confoverrides=overrides, status=io.StringIO(), warning=warning
        )
        try:
            app.build()
            self.dependencies = {
                page: {str(file) for file in files} for page, files in app.env.dependencies.items()
            }
        finally:
            app.cleanup()
        self.warnings = re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue())

    def text(self, page: str) -> str:
        """
        Return a page as text, without the marks of emphasis.
        """
        text = (self.folder / "_build/text" / f"{page}.txt").read_text("utf-8")
        # What is left is the beginning of an item.
        return re.sub(r"(?<! )\*|\*(?! )", "", text.replace("**", ""))

    def described(self, page: str, name: str) -> str:
        """
        Return what is on a page about a signal.
        """
        [found] = re.findall(
            rf"(?m)^( *)signal {re.escape(name)}\n((?:\1 +.*\n|\n)*)", self.text(page)
        )
        return dedent(found[1]).strip("\n")

    def html(self, page: str) -> str:
        return (self.folder / "_build/html" / f"{page}.html").read_text("utf-8")

    def inventory(self) -> dict[str, dict[str, str]]:
        """
        Return the places of the objects in the inventory, by type and name.
        """
        data = (self.folder / "_build/html/objects.inv").read_bytes()
        found: Any = InventoryFile.loads(data, uri="").data
        return {
            kind: {name: item.uri for name, item in items.items()} for kind, items in found.items()
        }


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")


@pytest.fixture(scope="module")
def importable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """
    A folder with the modules, which can be imported.
    """
    folder = tmp_path_factory.mktemp("modules")
    write(folder, FILES)
    known = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        importlib.import_module("shop.store")
        yield folder
        from django.core.signals import request_finished

        request_finished.disconnect(dispatch_uid="shop")
    for name in set(sys.modules) - known:
        if name.partition(".")[0] in {"shop", "actstream", "flask_principal"}:
            del sys.modules[name]


@pytest.fixture(scope="module")
def built(importable: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    project = Built(tmp_path_factory.mktemp("docs"))
    write(project.folder, {"conf.py": CONF, **PAGES})
    project.build("html")
    warnings = project.warnings
    project.build("text")
    project.warnings = warnings
    return project


PIZZA_DONE: Final = """\
Keys:
   * toppings (list[str]) -- What is on it.

   * size (int) -- its size, in cm.

   * price (Decimal, optional)

   * note (str, optional) -- A note for the customer."""


def test_signal_has_its_docstring_sender_keys_responses_and_receivers(built: Built) -> None:
    assert built.described("signals", "shop.signals.pizza_done") == (
        'Sent when a pizza is done.\n\nSee "pizza_sold".\n\nSender:\n   type[PizzaStore]\n\n'
        f"{PIZZA_DONE}\n\nResponses:\n   int\n\nReceivers:\n"
        '   * "shop.store.log" (sender shop.store.PizzaStore)\n\n   * "shop.store.log_async"\n\n'
        "   * \"shop.store.unlisted\" (sender 'x')\n\nMore about it."
    )


def test_docstring_of_the_typed_dict_is_used_if_the_signal_has_none(built: Built) -> None:
    text = "A pizza left the oven.\n\nKeys:\n   color: there is none."
    about = f"{text}\n\nSender:\n   object\n\n{PIZZA_DONE}"
    assert built.described("signals", "shop.signals.later") == about
    assert built.described("signals", "shop.signals.pizza_boxed") == about
    assert built.described("signals", "shop.store.PizzaStore.Oven.on".removeprefix("shop.store."))


def test_comment_is_the_docstring(built: Built) -> None:
    assert built.described("signals", "shop.signals.pizza_sold") == (
        f"Sent when a pizza is sold.\n\nSender:\n   object\n\n{PIZZA_DONE}\n\nReceivers:\n   none"
    )


def test_function_form(built: Built) -> None:
    assert built.described("signals", "shop.signals.pizza_eaten") == (
        "Sent when a pizza is eaten.\n\nArgs:\n   other: not a key\n\n"
        "Sender:\n   type[PizzaStore] -- the store\n\nKeys:\n   * by (str) -- who\n\n"
        "   * note (str | None, optional) -- about the taste\n\n   * kwargs -- other keys\n\n"
        "Responses:\n   bool"
    )
    assert built.described("signals", "shop.signals.oven_on") == "Keys:\n   temperature"


def test_payload_without_keys_and_no_payload(built: Built) -> None:
    assert built.described("signals", "shop.signals.empty") == "Keys:\n   none"
    assert built.described("signals", "shop.signals.untyped") == ""
    assert built.described("signals", "shop.signals.untyped_later") == ""


def test_signal_with_the_same_name_elsewhere_is_documented_as_itself(built: Built) -> None:
    about = built.described("signals", "shop.pizza_done")
    assert about.startswith("Sent when a pizza is done.")
    assert "Receivers" not in about
    assert "shop.pizza_done" not in built.inventory()["py:signal"]


def test_mocked_imports_are_mocked(built: Built) -> None:
    assert PIZZA_DONE in built.described("signals", "shop.mocked.started")


def test_class_attribute(built: Built) -> None:
    about = built.described("signals", "PizzaStore.closed")
    assert about == f"Sent when it is closed.\n\nSender:\n   PizzaStore\n\n{PIZZA_DONE}"
    # What follows is in the class around the directive.
    assert "Outer.inner" in built.inventory()["py:attribute"]


def test_objects_are_in_the_inventory_and_have_anchors(built: Built) -> None:
    inventory = built.inventory()
    documented = {f"shop.signals.{name}": "signals.html" for name in ("pizza_done", "pizza_sold")}
    for name, page in documented.items():
        assert inventory["py:signal"][name] == f"{page}#{name}"
    assert inventory["py:signal"]["shop.store.PizzaStore.closed"]
    assert inventory["py:signal"]["kitchen.burnt"] == "by_hand.html#kitchen.burnt"
    assert inventory["py:signal"]["shop.signals.undocumented"].startswith("automatic.html#")
    assert set(inventory["py:data"]) == {"shop.signals.NUMBER"}
    assert 'id="shop.signals.pizza_done"' in built.html("signals")


def test_index(built: Built) -> None:
    index = built.html("genindex")
    for text in ("pizza_done (signal in shop.signals)", "lone (signal)", "closed (signal in"):
        assert text in index


def test_references_by_role_and_by_the_last_parts(built: Built) -> None:
    html = built.html("index")
    assert html.count('title="shop.signals.pizza_sold"') == 6
    assert html.count('title="shop.signals.pizza_done"') == 1
    assert 'href="signals.html#shop.store.PizzaStore.closed"' in html
    # Data that is not a signal, as a last resort.
    assert 'href="automatic.html#shop.signals.NUMBER"' in html
    assert ">sold</span>" in html


def test_receivers_are_linked_where_they_are_documented(built: Built) -> None:
    html = built.html("signals")
    assert 'href="by_hand.html#shop.store.log"' in html
    assert "shop.store.unlisted</span></code>" in html


def test_described_by_hand(built: Built) -> None:
    assert built.described("by_hand", "kitchen.burnt") == (
        "Sender:\n   str\n\nKeys:\n   * size (int) -- the size\n\n"
        "   * note (str, optional) -- a note\n\nResponses:\n   bool"
    )


def test_markdown_has_the_same_as_restructuredtext(built: Built) -> None:
    name = "shop.signals.pizza_done"
    assert built.described("markdown", name) == built.described("signals", name)
    for other in ("pizza_sold", "pizza_done"):
        assert built.html("markdown").count(f'title="shop.signals.{other}"') == 1


def test_autodoc_documents_signals(built: Built) -> None:
    page = built.text("automatic")
    for last in ("pizza_done", "pizza_sold", "pizza_eaten", "pizza_boxed"):
        name = f"shop.signals.{last}"
        expected = built.described("signals", name).partition("\n\nReceivers:")[0]
        assert built.described("automatic", name) == expected
    assert page.count("signal shop.signals.undocumented\n") == 2  # also by autodata
    assert "class nowhere.Made" in page or "class shop.store.Made" in page
    expected = built.described("signals", "PizzaStore.closed")
    assert built.described("automatic", "closed") == expected
    assert "signal on\n" not in page  # of a class that is not documented
    assert "signal shop.store.pizza_done" not in page  # only imported
    assert "_private" not in page
    # What is not a signal is as before.
    assert "class shop.store.Size" in page
    assert "shop.signals.NUMBER = 5\n\n   A number." in page
    assert "address = 'Main Street'\n\n      Where it is." in page
    assert "class shop.signals.Baked" in page


def test_signals_on_djangos_dispatcher(built: Built) -> None:
    assert built.described("on_django", "shop.on_django.ordered") == (
        "Sender:\n   type\n\nKeys:\n   number (int)\n\nReceivers:\n"
        '   * "shop.on_django.ship" (on commit)\n\n'
        '   * "shop.on_django.finish" (sender shop.on_django.Store)'
    )
    plain = built.described("on_django", "shop.on_django.plain")
    assert re.fullmatch(r'Receivers:\n   \* "shop.on_django.finish" \(sender [^)]+\)', plain)


def test_receivers_without_source(built: Built) -> None:
    about = built.described("on_django", "shop.signals.undocumented")
    assert about.endswith('Receivers:\n   * "builtins.dict"')


def test_djangos_own_signals(built: Built) -> None:
    about = built.described("on_django", "django.db.models.signals.m2m_changed")
    assert "Sender:\n   type[Model] -- " in about
    assert "* action (" in about
    assert "* pk_set (set[" in about
    finished = built.described("on_django", "django.core.signals.request_finished")
    assert "Sender:\n   type[BaseHandler] | None" in finished
    assert "Keys:\n   none" in finished
    assert '"shop.on_django.finish"' in finished


def test_signals_of_other_packages_that_we_declare(built: Built) -> None:
    assert built.described("on_django", "actstream.signals.action") == (
        "Sender:\n   Any\n\nKeys:\n   * verb (Any)\n\n   * kwargs -- other keys"
    )
    assert built.described("on_django", "flask_principal.identity_changed") == (
        "Sender:\n   Flask\n\nKeys:\n   identity (Identity)\n\n"
        'Receivers:\n   * "flask_principal.load"'
    )


def test_mistakes_are_warnings_with_a_place(built: Built) -> None:
    found = [line for line in built.warnings.splitlines() if "WARNING" in line]
    lines = {}
    for line in found:
        place, _, problem = line.partition(": WARNING: ")
        file, _, number = place.rpartition(":")
        assert Path(file).name == "mistakes.rst"
        lines[int(number)] = re.sub(r"<module '.*?'>", "<module>", problem)
    tag = " [typed_signals.autosignal]"
    assert lines == {
        5: f"shop.signals.NUMBER is not a signal, but 5{tag}",
        6: "cannot import shop.signals.missing: module 'shop.signals' has no attribute "
        f"'missing'{tag}",
        7: "cannot import shop.signals.no_signal: module 'shop.signals' has no attribute "
        f"'no_signal'{tag}",
        8: "cannot import shop.store.PizzaStore.Grill.on: type object 'PizzaStore' has no "
        f"attribute 'Grill'{tag}",
        9: "cannot import shop.missing.signals.pizza_done: module 'shop' has no attribute "
        f"'missing'{tag}",
        10: f"cannot import shop_missing.pizza_done: No module named 'shop_missing'{tag}",
        11: f"cannot import shop.failing.pizza_done: shop.failing raised SystemExit(2){tag}",
        12: "cannot import shop.needing.pizza_done: No module named 'shop_missing_package'" + tag,
        13: f"'pizza_done' is not the full name of a signal, like shop.pizza_done{tag}",
        14: "'shop.signals.pizza done' is not the full name of a signal, like shop.pizza_done"
        + tag,
        15: lines[15],
        16: lines[16],
        17: lines[17],
        19: "py:signal reference target not found: missing [ref.signal]",
    }
    assert "the declaration of shop.signals.invalid cannot be read: " in lines[15]
    assert "int is not a TypedDict" in lines[15]
    assert "'Hidden' in its declaration is not defined at run time" in lines[16]
    assert "'HiddenSignal' in its declaration is not defined at run time" in lines[17]
    assert "signal shop.signals.invalid" in built.text("mistakes")


def test_pages_depend_on_the_files_of_their_signals(built: Built, importable: Path) -> None:
    def files(page: str) -> set[str]:
        paths = (Path(built.folder, name).resolve() for name in built.dependencies[page])
        root = importable.resolve()
        return {p.relative_to(root).as_posix() for p in paths if p.is_relative_to(root)}

    assert files("signals") == {
        *("shop/__init__.py", "shop/mocked.py", "shop/signals.py", "shop/store.py")
    }
    assert files("markdown") == {"shop/signals.py", "shop/store.py"}


def test_other_projects_refer_to_signals_with_intersphinx(built: Built, tmp_path: Path) -> None:
    project = Built(tmp_path)
    inventory = built.folder / "_build/html/objects.inv"
    conf = f"""
        extensions = ["typed_signals.sphinx", "sphinx.ext.intersphinx"]
        nitpicky = True
        intersphinx_mapping = {{"shop": ("https://shop.example/", {str(inventory)!r})}}
    """
    page = """
        Index
        =====

        :signal:`shop.signals.pizza_done` :external:signal:`shop.signals.pizza_sold`
        :py:data:`kitchen.burnt` :signal:`shop.signals.NUMBER`
    """
    write(tmp_path, {"conf.py": conf, "index.rst": page})
    project.build("html")
    assert project.warnings == ""
    found = re.findall(r'href="https://shop.example/(.*?)"', project.html("index"))
    assert found == [
        "signals.html#shop.signals.pizza_done",
        "signals.html#shop.signals.pizza_sold",
        "by_hand.html#kitchen.burnt",
        "automatic.html#shop.signals.NUMBER",
    ]


def test_pages_are_read_in_parallel(importable: Path, tmp_path: Path) -> None:
    page = ".. autosignal:: shop.signals.pizza_done\n   :receivers:\n"
    hidden = page.replace("receivers:\n", "receivers:\n   :no-index:\n")
    conf = f"""
        import sys

        sys.path.insert(0, {str(importable)!r})
        extensions = ["typed_signals.sphinx"]
    """
    pages = {f"page{number}.rst": f"Page\n====\n\n{hidden}" for number in range(8)}
    index = f"Index\n=====\n\n{page}\n.. toctree::\n   :glob:\n\n   *\n"
    write(tmp_path, {"conf.py": conf, "index.rst": index, **pages})
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-j", "2", "-b", "html"]
    subprocess.run([*command, ".", "_build/html"], cwd=tmp_path, check=True)
    assert "shop.signals.pizza_done" in Built(tmp_path).inventory()["py:signal"]


def test_page_about_it_shows_what_is_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = read_blocks("docs/howto/sphinx.md")
    conf, signals, _ = (block.text for block in blocks if block.language == "python")
    directive, references, by_hand = (block.text for block in blocks if block.language == "rst")
    [shown] = [block.text for block in blocks if block.language == "text"]
    page = f"Shop\n====\n\n{references}\n{directive}\n{by_hand}"
    conf += "\nnitpicky = True\nnitpick_ignore_regex = [('py:class', '.*')]\nsmartquotes = False"
    modules = {"shop/__init__.py": "", "shop/signals.py": signals}
    write(tmp_path, {"conf.py": conf, "index.rst": page, **modules})
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("shop", "shop.signals"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    project = Built(tmp_path)
    project.build("text")
    assert project.warnings == ""
    assert shown in project.text("index")
    described = project.described("index", "shop.signals.pizza_sold")
    assert described.startswith("Sender:\n   type[PizzaStore]\n\nKeys:\n   * size (int) -- its")
    for name in ("shop", "shop.signals"):
        del sys.modules[name]


def test_sections_and_fields_about_keys() -> None:
    docstring = dedent("""\
        Text.

        Sender: the store,
            a class.

        Keys:
            size (int): its size

        Args:

            sender: overwritten
            note:
                a note

                in paragraphs
            other: kept

        :param int price: in cents
            or so
        :param foo: kept
        Note:
            size: kept

        Keys:
            size: again
    """)
    rest, texts = without_keys(docstring.splitlines(), ["size", "note", "price"])
    assert rest == [
        *("Text.", "", "Args:", "    other: kept", ""),
        *(":param foo: kept", "Note:", "    size: kept"),
    ]
    assert texts == {
        "sender": ["overwritten"],
        "size": ["again"],
        "note": ["a note", "", "in paragraphs"],
        "price": ["in cents", "or so"],
    }


def test_annotation_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # On Python 3.14, it is evaluated later than the import.
    write(tmp_path, {"shop_with_mistake.py": "later: 1 / 0"})
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        NotFoundError, match=r"cannot import shop_with_mistake.later: .* raised Zero"
    ):
        find(["shop_with_mistake.later"])


def test_stub_files_are_read_without_imports() -> None:
    assert stated_in_stubs("celery.app.base", "Celery.on_after_configure") == Stated(
        [Key("source", "Settings", is_required=True)], sender="App"
    )
    # A class with type parameters that inherits from another one.
    done = stated_in_stubs("django_fsm.signals", "post_transition")
    assert done is not None
    assert done.keys is not None
    assert Key("instance", "Model", is_required=True) in done.keys
    # From another stub file.
    assert stated_in_stubs("fieldsignals", "pre_save_changed") == stated_in_stubs(
        "fieldsignals.signals", "pre_save_changed"
    )
    new_page = stated_in_stubs("wagtail.signals", "init_new_page")
    assert new_page == stated_in_stubs("wagtail.admin.signals", "init_new_page")
    assert stated_in_stubs("django_fsm.signals", "missing") is None
    assert stated_in_stubs("django_fsm.missing", "post_transition") is None
    assert stated_in_stubs("shop.signals", "pizza_done") is None


STUBS: Final = Path(next(iter(importlib.import_module("typed_signals_stubs").__path__)))


def test_all_signals_in_stub_files_are_read() -> None:
    count = 0
    for file in STUBS.rglob("*.pyi"):
        module = ".".join(file.relative_to(STUBS).with_suffix("").parts).removesuffix(".__init__")
        text = file.read_text("utf-8")
        for name in re.findall(r"(?m)^(\w+): \w*Signal\[|^@Signal\.declare\ndef (\w+)", text):
            stated = stated_in_stubs(module, "".join(name))
            assert stated is not None
            assert stated.sender is not None
            assert all(key.type for key in stated.keys or ())
            count += 1
    assert count > 350
