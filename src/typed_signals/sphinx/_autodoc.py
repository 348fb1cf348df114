"""
The payloads of signals in what ``sphinx.ext.autodoc`` documents.

Autodoc documents a signal as data or as an attribute. Its documenters have changed in Sphinx 9; its
events have not.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx import addnodes

from typed_signals._receiver import is_declared

from ._directives import FACTS_OF, SIGNAL_OF_FIELDS, keyword_signal
from ._facts import comments_in, facts_of
from ._find import NotFoundError, find

if TYPE_CHECKING:
    from sphinx.application import Sphinx
_KINDS: Final = ("data", "attribute")


def add_payload(
    app: Sphinx, what: str, name: str, value: object, _options: Any, lines: list[str]
) -> None:
    """
    Replace the docstring of a signal by that of its declaration, with its payload.

    Without a comment, autodoc takes the docstring of its class.
    """
    if isinstance(value, (ModuleType, type)):
        _let_document_signals(value)
    elif what in _KINDS:
        try:
            facts = facts_of(find([name]))
        except NotFoundError:
            return
        app.env.temp_data[FACTS_OF + name] = facts
        lines[:] = [*facts.text, "", f".. autosignal-fields:: {name}", ""]


def _let_document_signals(owner: ModuleType | type) -> None:
    """
    Let autodoc document the signals in a module or class, which follow.

    It only documents data with a comment. A signal is documented by its declaration.
    """
    is_class = isinstance(owner, type)
    module, path = (owner.__module__, owner.__qualname__) if is_class else (owner.__name__, "")
    comments = comments_in(module)
    for name, value in vars(owner).items():
        full_name = ".".join(filter(None, [module, path, name]))
        # Not if it is imported.
        if is_declared(value) and value._declaration.name_of(value) == full_name:
            comments.setdefault((path, name), [])


def make_signal(app: Sphinx, domain: str, kind: str, content: nodes.Element) -> None:
    """
    Turn the description of data that has the payload of a signal into that of a signal.
    """
    marks = [each for each in content.children if isinstance(each, nodes.field_list)]
    name = next((each[SIGNAL_OF_FIELDS] for each in marks if SIGNAL_OF_FIELDS in each), None)
    if name is None or (domain, kind) not in (("py", each) for each in _KINDS):
        return
    description: Any = content.parent
    description["objtype"] = description["desctype"] = "signal"
    description["classes"] = ["signal" if each == kind else each for each in description["classes"]]
    signature = description[0]
    for annotation in list(signature.findall(addnodes.desc_annotation)):
        annotation.parent.remove(annotation)
    signature.insert(0, addnodes.desc_annotation("signal ", "", *keyword_signal()))
    objects = app.env.domains.python_domain.objects
    entry = objects.get(name)
    if entry is not None and entry.docname == app.env.docname and not description["no-index"]:
        objects[name] = entry._replace(objtype="signal")
