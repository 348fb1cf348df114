"""
How ``make docs`` builds these pages, with files of the repository and docstrings.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import TYPE_CHECKING, is_typeddict

import django
from docutils import nodes
from sphinx.addnodes import literal_emphasis, pending_xref
from sphinx.highlighting import lexer_classes
from sphinx.pycode import ModuleAnalyzer
from sphinx.util import logging

from typed_signals.background import Engine
from typed_signals.django import signals
from typed_signals.django._defining_modules import DEFINING_MODULE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOGGER = logging.getLogger(__name__)
DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent

# The reference documents the signals of two examples, with their receivers.
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "examples/djangoproject")]
import_module("pizzeria.receivers")
os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
django.setup()

# For functions with overloads, pages state a signature that people can read.
ModuleAnalyzer.overloads = property(lambda _: {}, lambda *_: None)  # type: ignore[assignment]

project = "typed-signals"
release = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "typed_signals.sphinx",
]
nitpicky = True
myst_heading_anchors = 6

autodoc_class_signature = "separated"
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

# The modules with public names, which these pages must have.
PUBLIC = (
    "typed_signals",
    "typed_signals.background",
    "typed_signals.django",
    "typed_signals.django.payloads",
    "typed_signals.exceptions",
    "typed_signals.mypy",
    "typed_signals.opentelemetry",
    "typed_signals.record",
    "typed_signals.sphinx",
    "typed_signals.testing",
)

# Attributes that our own modules use.
NOT_FOR_USERS = {
    "Background.known_engine",
    "DjangoTasks.database",
    "Options.or_else",
    "SignalSpyMixin.debug",
    "SignalSpyMixin.run",
    "SignalSpyMixin.setUpClass",
}

# What signatures show instead of types that only type checkers need.
READABLE = {
    r"\*args: ~?P\.args, \*\*payload: ~?P\.kwargs": "**payload",
    r"\bCallable\[Concatenate\[[^]]*\], \w+\]": "Callable",
    r"\bBaseSignal\[Declared[^]]*\]": "Signal",
    r"\bReceiverOf\[[^]]*\]|\bReceiver\b": "Callable",
    r"\bSignatureDecorator\b": "Callable[[Callable], Callable]",
    r"\b(Any|Other)Signal\b|\bBaseSignal\[[^]]*\]": "object",
    r"\b(Mute|Validation|Isolating)\b": "ContextManager",
    r"\bResponses\b": "list[tuple[Callable, object]]",
    r"\btyped_signals(?:\.\w+)*\.(\w+)|\bdatetime\.(datetime)": r"\1\2",
}

PAYLOAD = re.compile(r", (\w+)[\[\]]")
SIGNAL_OF_DJANGO = """

.. autosignal:: {module}.{name}

   .. py:data:: {name}
      :module: typed_signals.django.signals
      :type: ~typed_signals.django.{stated}

      The same object, with its type.

   .. py:class:: {payload}
      :module: typed_signals.django.payloads

      The payload as a ``TypedDict``.
"""

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
        included = link_to_source(file.read_text("utf-8"), file.parent, folder)
        text = text.replace(f"```{{include}} {path}\n```", included)
    text = link_to_source(text, folder, folder)
    # The name of a file is not its first line, so that the lines are those in messages.
    source[0] = NAMED_FILE.sub(name_file, text)
    if docname == "reference/api/django-signals":
        # They are imported from Django when used, so autodoc does not find them.
        stated_types = signals.__annotations__
        payloads = {name: PAYLOAD.findall(stated)[0] for name, stated in stated_types.items()}
        source[0] += "\n.. autosummary::\n   :nosignatures:\n\n"
        source[0] += "".join(f"   {payload}\n" for payload in payloads.values())
        for name, stated in stated_types.items():
            module = DEFINING_MODULE[name]
            described = SIGNAL_OF_DJANGO.format(
                module=module, name=name, stated=stated, payload=payloads[name]
            )
            if module.startswith("django.tasks") and django.VERSION < (6,):  # it is not there
                described = dedent(described.replace(f".. autosignal:: {module}.{name}\n", ""))
            source[0] += described


def name_file(block: re.Match[str]) -> str:
    """
    Return the first lines of a code block with its file as the caption, which is Markdown.
    """
    language, name = block.groups()
    caption = name.replace("_", r"\_")
    return f"```{{code-block}} {language}\n:caption: {caption}\n"


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


def break_names(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """
    Let long names in tables be broken after a dot or an underscore, and nowhere else.
    """
    for table in doctree.findall(nodes.table):
        for text in [t for code in table.findall(nodes.literal) for t in code.findall(nodes.Text)]:
            parts: list[nodes.Node] = []
            for part in re.split(r"(?<=\w[._])(?=\w)", text):
                parts += [nodes.raw("", "<wbr>", format="html"), nodes.Text(part)]
            text.parent.replace(text, parts[1:])


def leave_types_unlinked(
    _app: Sphinx, _env: BuildEnvironment, _node: pending_xref, content: nodes.Node
) -> nodes.Node | None:
    """
    Accept that types which are not ours, and type variables, are nowhere in these pages.

    What a docstring refers to by a role or raises is literal, and an error if it is not found.
    """
    return content if isinstance(content, (nodes.Text, literal_emphasis)) else None


def simplify(
    _app: Sphinx, _what: str, _name: str, _value: object, _options: object, *signature: str | None
) -> tuple[str | None, ...]:
    """
    Return a signature, that is the arguments and what is returned, as people write it.
    """
    return tuple(part and simplified(part) for part in signature)


def simplified(text: str) -> str:
    """
    Return a part of a signature as people write it.
    """
    for pattern, readable in READABLE.items():
        text = re.sub(pattern, readable, text)
    return text


def show_types_of_attributes(
    _app: Sphinx, _what: str, _name: str, _value: object, _options: object, lines: list[str]
) -> None:
    """
    Show the type of an attribute after its name, instead of in a field below its description.
    """
    begin = 0
    for number, line in enumerate(lines):
        if line.startswith(".. attribute:: "):
            begin = number
        elif line.startswith("   :type: "):
            lines.insert(begin + 1, simplified(lines.pop(number)))


def skip_constructors(
    _app: Sphinx, _what: str, name: str, value: object, _is_skipped: bool, _options: object
) -> bool | None:
    """
    Leave out constructors that users do not call: they have no description of their arguments.
    """
    is_called = name == "__init__" and "Args:" in (value.__doc__ or "")
    return None if is_called or name not in {"__init__", "__new__"} else True


def find_missing(_app: Sphinx, env: BuildEnvironment) -> None:
    """
    Warn about public names that no page has.
    """
    known = env.domains.python_domain.objects
    values = {
        f"{module.__name__}.{name}": getattr(module, name)
        for module in map(import_module, PUBLIC)
        for name in (*getattr(module, "__all__", ["plugin"]), *getattr(module, "_LAZY", ()))
    }
    classes = {cls for cls in values.values() if isinstance(cls, type)}
    for name, value in values.items():
        attributes = members(value, classes) if value in classes else set()
        names = [name, *(f"{name}.{each}" for each in attributes - set(vars(Engine)))]
        for missing in names:
            is_public = ".".join(missing.rsplit(".", 2)[1:]) not in NOT_FOR_USERS
            if missing not in known and is_public and not isinstance(value, ModuleType):
                LOGGER.warning("%s is not documented", missing)


def members(cls: type, classes: set[type]) -> set[str]:
    """
    Return the public attributes of a class, except for those of another one of the *classes*, from
    which it inherits, and for the keys of a payload.
    """
    found = set()
    for base in () if is_typeddict(cls) else cls.__mro__:
        if base in classes - {cls}:
            break
        if base.__module__.startswith("typed_signals"):
            found |= {*vars(base), *inspect.get_annotations(base)}
    return {name for name in found if not name.startswith("_")}


def setup(app: Sphinx) -> None:
    """
    Connect what is above.
    """
    # GitHub draws it; here it is shown.
    lexer_classes["mermaid"] = lexer_classes["none"]
    app.connect("source-read", add_to_source)
    app.connect("doctree-resolved", break_names)
    app.connect("missing-reference", leave_types_unlinked)
    app.connect("autodoc-skip-member", skip_constructors)
    app.connect("autodoc-process-signature", simplify)
    # After napoleon.
    app.connect("autodoc-process-docstring", show_types_of_attributes, priority=900)
    app.connect("env-check-consistency", find_missing)
