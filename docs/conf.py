"""
How ``make docs`` builds the documentation: the Markdown files where they are, and the docstrings.
"""

from __future__ import annotations

import sys
import tomllib
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import literal_emphasis, pending_xref
from sphinx.highlighting import PygmentsBridge, lexer_classes

from typed_signals.django import signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).resolve().parent.parent

# The reference documents signals of an example, with its receivers.
sys.path.insert(0, str(ROOT / "examples"))
import_module("pizzeria.receivers")

project = "typed-signals"
release = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "typed_signals.sphinx",
]
nitpicky = True

root_doc = "README"
include_patterns = ["*.md", "benchmarks/*.md", "docs/*.md", "docs/api/*.rst"]
exclude_patterns = [".*", "examples", "site", "src", "stubs", "tests"]
myst_heading_anchors = 6

autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__new__"}
# Django's docstrings are not ours.
autodoc_inherit_docstrings = False
autodoc_member_order = "bysource"
add_module_names = False
napoleon_custom_sections = [("Keys", "Attributes"), ("Type parameters", "params_style")]

html_theme = "furo"
html_title = f"{project} {release}"
html_extra_path = ["index.html"]
html_copy_source = False

# The folders that pages link to, and what is shown of the files in them.
FOLDERS: set[str] = set()
LEXERS = {".ini": "ini", ".py": "python", ".toml": "toml", ".txt": "text"}

# GitHub would show it as text, so README.md does not have it.
CONTENTS = """

```{toctree}
:hidden:
:glob:

docs/django
docs/plugin
docs/*
```

```{toctree}
:hidden:
:glob:
:caption: Reference

docs/api/typed_signals
docs/api/*
```

```{toctree}
:hidden:
:glob:
:caption: Project

benchmarks/*
*
```
"""


def add_to_source(_app: Sphinx, docname: str, source: list[str]) -> None:
    """
    Add what a page has here only.
    """
    if docname == root_doc:
        source[0] += CONTENTS
    elif docname == "docs/api/django":
        # They are imported from Django when used, so autodoc does not find them.
        for name, stated in signals.__annotations__.items():
            source[0] += f"\n.. py:data:: {name}\n   :type: ~typed_signals.django.{stated}\n"


def leave_types_unlinked(
    _app: Sphinx, _env: BuildEnvironment, _node: pending_xref, content: nodes.Node
) -> nodes.Node | None:
    """
    Accept that types which are not ours, and type variables, are nowhere in these pages.

    What a docstring refers to by a role or raises is literal, and an error if it is not found.
    """
    return content if isinstance(content, (nodes.Text, literal_emphasis)) else None


def link_folders(app: Sphinx, document: nodes.document) -> None:
    """
    Have each link to a folder lead to a page with the files in it.
    """
    docname = app.env.docname
    for node in list(document.findall(pending_xref)):
        if node["reftype"] == "myst" and node["refdomain"] is None:
            target = (ROOT / docname).parent.joinpath(node["reftarget"]).resolve()
            if target.is_dir() and target.is_relative_to(ROOT):
                folder = target.relative_to(ROOT).as_posix()
                FOLDERS.add(folder)
                uri = app.builder.get_relative_uri(docname, folder)
                node.replace_self(nodes.reference("", "", *node.children, refuri=uri))


def pages_of_folders(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """
    Yield a page for each folder that is linked to.
    """
    highlight = PygmentsBridge("html").highlight_block
    for folder in sorted(FOLDERS):
        body = f"<h1>{escape(folder)}</h1>"
        for file in sorted((ROOT / folder).rglob("*")):
            name = file.relative_to(ROOT).as_posix()
            if file.suffix in LEXERS and "/." not in name:
                body += f"<h2>{escape(name)}</h2>"
                body += highlight(file.read_text("utf-8"), LEXERS[file.suffix])
        yield folder, {"title": folder, "body": body}, "page.html"


def setup(app: Sphinx) -> None:
    """
    Connect what is above.
    """
    # GitHub draws it; here it is shown.
    lexer_classes["mermaid"] = lexer_classes["none"]
    app.connect("source-read", add_to_source)
    app.connect("missing-reference", leave_types_unlinked)
    app.connect("doctree-read", link_folders)
    app.connect("html-collect-pages", pages_of_folders)
