"""
How ``make docs`` builds the documentation: the Markdown files where they are, and the docstrings.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.addnodes import literal_emphasis, pending_xref
from sphinx.highlighting import lexer_classes

from typed_signals.django import signals

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent

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

exclude_patterns = ["README.md"]
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
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "source_repository": "https://github.com/typed-signals/typed-signals/",
    "source_branch": "main",
    "source_directory": "docs/",
}
html_static_path = ["_static"]
html_css_files = ["site.css"]

SOURCE = "https://github.com/typed-signals/typed-signals/blob/main"

INCLUDE = re.compile(r"^```\{include\} (\S+)\n```$", re.MULTILINE)
LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(?=[)#])")
NAMED_FILE = re.compile(
    r"^```(\w+)\n(?:#|;|//|<!--) ([\w./-]+\.\w+(?:, [a-z ]+)?)(?: -->)?$", re.MULTILINE
)


def add_to_source(_app: Sphinx, docname: str, source: list[str]) -> None:
    """
    Insert the files of the repository that a page is, and link to others where they are published.
    """
    folder = (DOCS / docname).parent
    (text,) = source
    for path in INCLUDE.findall(text):
        file = folder / path
        text = INCLUDE.sub(
            lambda _, file=file: link_to_source(file.read_text("utf-8"), file.parent, folder),
            text,
            count=1,
        )
    text = link_to_source(text, folder, folder)
    # The name of a file is not its first line, so that the lines are those in messages.
    source[0] = NAMED_FILE.sub(r"```{code-block} \1\n:caption: \2\n", text)
    if docname == "reference/api/django":
        # They are imported from Django when used, so autodoc does not find them.
        for name, stated in signals.__annotations__.items():
            source[0] += f"\n.. py:data:: {name}\n   :type: ~typed_signals.django.{stated}\n"


def link_to_source(text: str, written_in: Path, shown_in: Path) -> str:
    """
    Return Markdown with links from another folder, and to GitHub if they lead out of this one.
    """

    def link(match: re.Match[str]) -> str:
        target = (written_in / match[1]).resolve()
        if not target.exists():
            return match[1]  # an error of Sphinx
        if target.is_relative_to(DOCS) or target.suffix == ".svg":
            return os.path.relpath(target, shown_in)
        return f"{SOURCE}/{target.relative_to(ROOT).as_posix()}"

    return LINK.sub(link, text)


def leave_types_unlinked(
    _app: Sphinx, _env: BuildEnvironment, _node: pending_xref, content: nodes.Node
) -> nodes.Node | None:
    """
    Accept that types which are not ours, and type variables, are nowhere in these pages.

    What a docstring refers to by a role or raises is literal, and an error if it is not found.
    """
    return content if isinstance(content, (nodes.Text, literal_emphasis)) else None


def setup(app: Sphinx) -> None:
    """
    Connect what is above.
    """
    # GitHub draws it; here it is shown.
    lexer_classes["mermaid"] = lexer_classes["none"]
    app.connect("source-read", add_to_source)
    app.connect("missing-reference", leave_types_unlinked)
