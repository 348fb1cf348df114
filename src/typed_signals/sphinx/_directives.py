"""
The directives and the role for signals.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import RSTState, RSTStateMachine, state_classes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.domains.python import (  # type: ignore[attr-defined]  # imported there
    PyField,
    PyObject,
    PyTypedField,
    PyXRefRole,
)
from sphinx.errors import PycodeError
from sphinx.ext.autodoc import Options
from sphinx.ext.autodoc.mock import mock  # type: ignore[attr-defined]  # imported there
from sphinx.pycode import ModuleAnalyzer
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, new_document, switch_source_input
from sphinx.util.parsing import nested_parse_to_nodes

from ._facts import Facts, facts_of
from ._find import Found, NotFoundError, find
from ._receivers import Receiver, receivers_of
from ._references import MAY_MISS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec

# The attribute of a list of fields with the name of its signal.
SIGNAL_OF_FIELDS: Final = "typed_signals_signal"

# The key for the facts about a signal in the temporary data of a page, before its name.
FACTS_OF: Final = "typed_signals:"

_OTHER_KEYS: Final = "**kwargs"

_logger: Final = logging.getLogger(__name__)


class SignalRole(PyXRefRole):
    """
    The role ``signal``: refers to a signal by its name, or by the last parts of it.
    """

    def process_link(
        self,
        env: BuildEnvironment,
        refnode: nodes.Element,
        has_explicit_title: bool,
        title: str,
        target: str,
    ) -> tuple[str, str]:
        """
        Let the reference be resolved by the last parts, too.
        """
        refnode["refspecific"] = True
        return super().process_link(env, refnode, has_explicit_title, title, target)


class _KeysField(PyTypedField):
    """
    The keys of a payload. The word ``optional`` in a type is not a type.
    """

    def make_xref(self, rolename: str, domain: str, target: str, *args: Any, **kwargs: Any) -> Any:
        if target == "optional":
            return nodes.emphasis(target, target)
        return super().make_xref(rolename, domain, target, *args, **kwargs)


_KEYS: Final = _KeysField(
    "key",
    label="Keys",
    names=("key", "keyword", "param", "parameter", "arg", "argument"),
    typenames=("keytype", "paramtype", "type"),
    typerolename="class",
    can_collapse=True,
)
_SENDER: Final = PyField(
    "sender", label="Sender", has_arg=False, names=("sender",), bodyrolename="class"
)
_RESPONSES: Final = PyField(
    "responses",
    label="Responses",
    has_arg=False,
    names=("responses", "returns", "return"),
    bodyrolename="class",
)


def keyword_signal() -> list[nodes.Node]:
    """
    Return what is before the name of a signal.
    """
    return [addnodes.desc_sig_keyword("", "signal"), addnodes.desc_sig_space()]


class PySignal(PyObject):
    """
    The directive ``py:signal``, which describes a signal.
    """

    doc_field_types = [_SENDER, _KEYS, _RESPONSES]  # noqa: RUF012 - as in Sphinx

    def get_signature_prefix(self, _sig: str) -> Sequence[nodes.Node]:
        """
        Return what is before the name.
        """
        return keyword_signal()

    def get_index_text(self, modname: str, name_cls: tuple[str, str]) -> str:
        """
        Return the text in the index.
        """
        return f"{name_cls[0]} (signal in {modname})" if modname else f"{name_cls[0]} (signal)"


class AutoSignal(PySignal):
    """
    The directive ``autosignal``, which describes a signal that it imports.
    """

    required_arguments = 1
    optional_arguments = 0
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {**PySignal.option_spec, "receivers": directives.flag}

    _facts: Facts
    _found: Found

    def run(self) -> list[nodes.Node]:
        """
        Return the description; nothing with a warning if there is no such signal.
        """
        name = self.arguments[0].strip()
        module = self.options.pop("module", None) or self.env.ref_context.get("py:module")
        names = [f"{module}.{name}"] if module else []
        if "." in name or not module:
            names.append(name)
        try:
            with mock(self.config.autodoc_mock_imports):
                self._found = find(names)
                self._facts = facts_of(self._found)
        except NotFoundError as error:
            _warn(self, str(error))
            return []
        self.name = "py:signal"
        self.arguments = [self._found.path]
        self.options["module"] = self._found.module
        # A class around the directive would be taken for a part of the name.
        context = self.env.ref_context
        outer = context.pop("py:class", None)
        try:
            return super().run()
        finally:
            if outer is not None:
                context["py:class"] = outer

    def parse_content_to_nodes(self, *args: Any, **kwargs: Any) -> list[nodes.Node]:
        """
        Return the docstring, the payload, and the content of the directive.
        """
        facts = self._facts
        lines = list(facts.text)
        self.env.events.emit(
            "autodoc-process-docstring",
            "signal",
            facts.name,
            self._found.signal,
            Options(self.options),
            lines,
        )
        receivers = receivers_of(self._found) if "receivers" in self.options else None
        return [
            *_parsed(self, lines, facts.name),
            _fields(self, facts, receivers),
            *super().parse_content_to_nodes(*args, **kwargs),
        ]


class SignalFields(SphinxDirective):
    """
    The directive ``autosignal-fields``, with which we add the payload to what autodoc documents.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """
        Return the payload of a signal that autodoc has imported.
        """
        facts: Facts = self.env.temp_data[FACTS_OF + self.arguments[0]]
        fields = _fields(self, facts, None)
        fields[SIGNAL_OF_FIELDS] = facts.name
        return [fields]


def _fields(
    directive: SphinxDirective, facts: Facts, receivers: list[Receiver] | None
) -> nodes.field_list:
    """
    Return the fields for a signal; its files become dependencies of the page.
    """
    env, stated = directive.env, facts.stated
    for problem in facts.problems:
        _warn(directive, problem)
    _depend_on(directive, facts.modules | {each.module for each in receivers or ()})
    fields = nodes.field_list()
    if stated.sender is not None or "sender" in facts.texts:
        fields += _sender_field(directive, facts)
    if stated.keys is not None:
        fields += _keys_field(directive, facts)
    if stated.response not in {None, "object"}:
        fields += _RESPONSES.make_field({}, "py", ("", [nodes.Text(stated.response)]), env=env)
    if receivers is not None:
        fields += _receivers_field(receivers)
    for reference in fields.findall(addnodes.pending_xref):
        directive.set_source_info(reference)
    return fields


def _sender_field(directive: SphinxDirective, facts: Facts) -> nodes.field:
    sender = facts.stated.sender
    content: list[nodes.Node] = [] if sender is None else [nodes.Text(sender)]
    field = _SENDER.make_field({}, "py", ("", content), env=directive.env)
    if about := _about(directive, facts, "sender"):
        body: Any = field[1]
        paragraph = body[0]
        paragraph += [nodes.Text(" -- ")] if content else []
        paragraph += about
    return field


def _keys_field(directive: SphinxDirective, facts: Facts) -> nodes.field:
    keys = facts.stated.keys or ()
    types: dict[str, list[nodes.Node]] = {}
    items: list[tuple[str, list[nodes.Node]]] = []
    for key in keys:
        words = [key.type, None if key.is_required else "optional"]
        if text := ", ".join(filter(None, words)):
            types[key.name] = [nodes.Text(text)]
        items.append((key.name, _about(directive, facts, key.name)))
    if facts.stated.is_open:
        items.append((_OTHER_KEYS, [nodes.Text("other keys")]))
    if not items:
        return _field("Keys", nodes.paragraph("", "none"))
    return _KEYS.make_field(types, "py", items, env=directive.env)


def _about(directive: SphinxDirective, facts: Facts, name: str) -> list[nodes.Node]:
    """
    Return what is written about a key or the sender, as one paragraph.
    """
    found = _parsed(directive, facts.texts.get(name, []), f"{facts.name}, {name}")
    return [node for each in found for node in (each.children or [each])]


def _receivers_field(receivers: list[Receiver]) -> nodes.field:
    listed = nodes.bullet_list()
    for receiver in receivers:
        reference = addnodes.pending_xref(
            "",
            nodes.literal(receiver.name, receiver.name, classes=["xref", "py", "py-obj"]),
            refdomain="py",
            reftype="obj",
            reftarget=receiver.name,
            refexplicit=False,
            **{MAY_MISS: True},
        )
        paragraph = nodes.paragraph("", "", reference)
        if receiver.details:
            paragraph += nodes.Text(f" ({', '.join(receiver.details)})")
        listed += nodes.list_item("", paragraph)
    return _field("Receivers", listed if receivers else nodes.paragraph("", "none"))


def _field(name: str, body: nodes.Node) -> nodes.field:
    return nodes.field("", nodes.field_name("", name), nodes.field_body("", body))


def _parsed(directive: SphinxDirective, lines: list[str], name: str) -> list[nodes.Node]:
    """
    Return the nodes for these lines of a docstring, which is reStructuredText on any page.
    """
    source = f"docstring of {name}"
    text = StringList(lines, source)
    state: Any = directive.state
    if isinstance(state, RSTState):
        with switch_source_input(state, text):
            return nested_parse_to_nodes(state, text, source=source)
    # On a page in Markdown.
    document = new_document(source, state.document.settings)
    RSTStateMachine(state_classes, "Body").run(text, document)
    return document.children


def _depend_on(directive: SphinxDirective, modules: set[str]) -> None:
    for module in modules:
        with suppress(PycodeError):  # there is no source
            directive.env.note_dependency(ModuleAnalyzer.for_module(module).srcname)


def _warn(directive: SphinxDirective, problem: str) -> None:
    _logger.warning(
        problem, location=directive.get_location(), type="typed_signals", subtype="autosignal"
    )
