"""
Write the declarations of the signals of one module into its source.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, final

import libcst as cst
from libcst.helpers import get_full_name_for_node
from libcst.metadata import GlobalScope, MetadataWrapper, PositionProvider, ScopeProvider

from typed_signals.cli.survey.written_types import NamedType, imports_of

from .bindings import Bindings
from .definitions import definitions_in, find_definition
from .imports import remove_import
from .layout import Layout
from .local_names import LocalNames
from .payload import (
    function_source,
    is_class_form,
    payload_name,
    sender_source,
    typed_dict_source,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from libcst.metadata import Scope

    from typed_signals.cli.infer.result import InferredSignal

    from .definitions import Definition
    from .imports import Statement

Form: TypeAlias = Literal["typeddict", "function"]

DJANGO_ENGINE: Final = "django.dispatch.dispatcher.Signal"
_OURS_ON_DJANGO: Final = ("typed_signals.django", "Signal")
# How the classes can be imported, and which arguments theirs may have.
_NAMES_OF_ENGINES: Final = {
    DJANGO_ENGINE: ("django.dispatch.Signal", DJANGO_ENGINE),
    "typed_signals._signal.Signal": ("typed_signals.Signal", "typed_signals._signal.Signal"),
    "typed_signals.django._dispatcher.Signal": (
        "typed_signals.django.Signal",
        "typed_signals.django._dispatcher.Signal",
    ),
}
_ARGUMENTS: Final = ("use_caching",)


class UneditableError(Exception):
    """
    A module cannot be changed.
    """


@final
class ModuleEdit:
    """
    The changes of one module.
    """

    def __init__(self, source: bytes, fullname: str, *, is_package: bool, longest: int) -> None:
        """
        Args:
            source: the source, in the encoding that it states.
            fullname: the full name of the module.
            is_package: whether it is an ``__init__.py``.
            longest: the number of columns of the longest line.

        Raises:
            UneditableError: the source cannot be parsed.
        """
        try:
            module = cst.parse_module(source)
        except (cst.ParserSyntaxError, SyntaxError, UnicodeError) as error:
            raise UneditableError(f"its file cannot be parsed: {type(error).__name__}") from error
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
        self._scope = _global_scope(wrapper)
        bound = {each.name for each in self._scope.assignments} if self._scope else set()
        self._hidden = bound & {*dir(builtins)}
        self._module = module
        self._bindings = Bindings(module, fullname, bound, is_package=is_package)
        self._definitions = [*definitions_in(module, positions)]
        self._chosen: list[tuple[InferredSignal, Definition, cst.Call, Form]] = []
        self._names = LocalNames(self._bindings, longest)
        self._longest = longest
        self._lines = module.code.splitlines()

    def choose(self, signal: InferredSignal, form: Form) -> str:
        """
        Declare *signal*, if its source allows it; return why not.
        """
        line = signal.place.line if signal.place else 0
        definition, why = find_definition(self._definitions, signal.fullname, line)
        if definition is None:
            return why
        if isinstance(definition.value, cst.Call) and isinstance(
            definition.value.func, cst.Subscript
        ):
            return "it is declared already"
        call, why = self._call_of_engine(definition, signal.engine)
        if call is None:
            return why
        arguments = [each.keyword.value if each.keyword else "" for each in call.args]
        if "providing_args" in arguments:
            return "Signal() has no argument providing_args since Django 4: remove it"
        if any(each not in _ARGUMENTS for each in arguments):
            return "it has arguments that are not understood"
        is_function = (
            form == "function"
            and definition.is_single
            and definition.inside == ""
            and not arguments
            and is_class_form(signal)
        )
        self._chosen.append((signal, definition, call, "function" if is_function else "typeddict"))
        return ""

    def _call_of_engine(self, definition: Definition, engine: str) -> tuple[cst.Call | None, str]:
        """
        Return the call that creates a signal; or None, and why it is not known to do so.
        """
        call = definition.value
        names = _NAMES_OF_ENGINES.get(engine)
        if names is None:
            return None, f"its class is {engine}"
        if not isinstance(call, cst.Call):
            return None, "its definition is not a call of Signal()"
        local = get_full_name_for_node(call.func)
        for bound in self._bindings.imported:
            if local is not None and f"{local}.".startswith(f"{bound.local}."):
                full = bound.full + local.removeprefix(bound.local)
                # Another module of the project may import the class for this one.
                if full in names or full.rpartition(".")[2] == "Signal":
                    return call, ""
        return None, f"it is created by {local or 'a call'}(), not by Signal()"

    def result(self) -> bytes:
        """
        Return the new source.
        """
        replaced: dict[cst.CSTNode, cst.BaseExpression] = {}
        above: dict[cst.CSTNode, list[str]] = {}
        functions: dict[cst.CSTNode, str] = {}
        removed = self._local_names_to_replace()
        has_future = any(each.full == "__future__.annotations" for each in self._bindings.imported)
        # The names of classes come last: what is imported keeps its name.
        for signal, definition, _, _ in self._chosen:
            self._go_to(definition)
            for typ in (signal.sender, *(key.type for key in signal.keys)):
                for module, name in sorted(imports_of(typ)) if typ else ():
                    self._names.of_class(NamedType(module, name))
        for signal, definition, call, form in self._chosen:
            layout = self._go_to(definition)
            engine = self._engine_name(signal, call, removed)
            own = definition.name.rpartition(".")[2]
            if form == "function":
                functions[definition.statement] = function_source(
                    signal,
                    own,
                    engine,
                    self._names,
                    is_evaluated=not has_future,
                    layout=layout,
                )
                continue
            payload = payload_name(own, self._names.taken)
            self._bindings.bound.add(payload)
            is_here = definition.top is definition.statement
            source = typed_dict_source(
                signal,
                payload,
                self._names,
                are_annotations_evaluated=not has_future,
                layout=layout if is_here else layout._replace(longest=self._longest),
            )
            above.setdefault(definition.top, []).append(source)
            text = f"{engine}[{sender_source(signal.sender, self._names)}, {payload}]"
            replaced |= _replacements(definition, call, text, layout)
        changed = self._module.visit(_Rewrite(self._module, replaced, above, functions))
        return self._with_imports(cst.ensure_type(changed, cst.Module), removed)

    def _go_to(self, definition: Definition) -> Layout:
        """
        Write what follows for *definition*, and return its layout.
        """
        self._names.at = self._index_of(definition)
        self._names.hidden = self._hidden
        if definition.inside == "class":
            # In a class, its other attributes come first.
            owner = definition.name.rpartition(".")[0]
            names = [each.name.rpartition(".") for each in self._definitions]
            self._names.hidden = {*self._hidden, *(name for of, _, name in names if of == owner)}
        # Lines in brackets are indented like the block in which they are put.
        line = self._lines[definition.lines.start - 1]
        width = len(line) - len(line.lstrip())
        return Layout(self._longest - width, step=self._module.default_indent)

    def _index_of(self, definition: Definition) -> int:
        """
        Return the index of the top-level statement that contains a definition.
        """
        return next(
            index
            for index, each in enumerate(self._module.body)
            if each is definition.top or _contains(each, definition.statement)
        )

    def _engine_name(self, signal: InferredSignal, call: cst.Call, removed: set[str]) -> str:
        """
        Return how the class of a signal with a declaration is written in this module.
        """
        if signal.engine != DJANGO_ENGINE:
            return _code(call.func)
        found = self._bindings.find(NamedType(*_OURS_ON_DJANGO), self._names.at)
        if found is not None and found[1]:
            return found[0]
        if _OURS_ON_DJANGO not in self._names.made:
            taken = self._names.taken - removed
            names = ("Signal", "TypedSignal", "TypedDjangoSignal")
            self._names.made[_OURS_ON_DJANGO] = next(each for each in names if each not in taken)
        return self._names.made[_OURS_ON_DJANGO]

    def _local_names_to_replace(self) -> set[str]:
        """
        Return the names of the imports of Django's class that nothing else uses then.
        """
        calls = [call for signal, _, call, _ in self._chosen if signal.engine == DJANGO_ENGINE]
        roots = {_root_of(call.func) for call in calls}
        roots |= {
            _root_of(definition.assignment.annotation.annotation)
            for signal, definition, call, _ in self._chosen
            if signal.engine == DJANGO_ENGINE
            and isinstance(definition.assignment, cst.AnnAssign)
            and _is_bare(definition.assignment.annotation.annotation, call.func)
        }
        names = {root.value for root in roots if isinstance(root, cst.Name)}
        return {name for name in names if self._is_only_used_by(name, roots)}

    def _is_only_used_by(self, name: str, roots: set[cst.CSTNode]) -> bool:
        """
        Return whether *name* is imported once, and only used by *roots*.
        """
        assignments = [*self._scope[name]] if self._scope is not None else []
        used = {access.node for each in assignments for access in each.references}
        others = {_root_of(cast("cst.BaseExpression", node)) for node in used} - roots
        is_single = len(assignments) == 1 and self._is_imported_at_top(name)
        return is_single and not others and not self._is_exported(name)

    def _is_imported_at_top(self, name: str) -> bool:
        return any(
            bound.local.partition(".")[0] == name
            and isinstance(self._module.body[bound.at], cst.SimpleStatementLine)
            for bound in self._bindings.imported
        )

    def _is_exported(self, name: str) -> bool:
        return any(
            isinstance(node, cst.SimpleString) and node.evaluated_value == name
            for statement in self._module.body
            if isinstance(statement, cst.SimpleStatementLine)
            for each in statement.body
            if isinstance(each, (cst.Assign, cst.AugAssign, cst.AnnAssign))
            for node in _nodes_in(each)
        )

    def _with_imports(self, module: cst.Module, removed: set[str]) -> bytes:
        body = cast("list[Statement]", [*module.body])
        for name in sorted(removed):
            body = remove_import(body, name)
        return module.with_changes(body=self._names.with_imports(body)).bytes


def _global_scope(wrapper: MetadataWrapper) -> Scope | None:
    scopes: Any = wrapper.resolve(ScopeProvider)
    return next((each for each in scopes.values() if isinstance(each, GlobalScope)), None)


def _root_of(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def _replacements(
    definition: Definition, call: cst.Call, text: str, layout: Layout
) -> dict[cst.CSTNode, cst.BaseExpression]:
    """
    Return the new expressions in a definition, by the old ones.

    Args:
        definition: the definition.
        call: the call in it that creates the signal.
        text: the class of the signal with its arguments.
        layout: how the definition is laid out.
    """
    assignment = definition.assignment
    plain = cst.parse_expression(text)
    replaced: dict[cst.CSTNode, cst.BaseExpression] = {call.func: plain}
    wrapped = call.func
    if isinstance(assignment, cst.AnnAssign) and _is_bare(
        assignment.annotation.annotation, call.func
    ):
        wrapped = assignment.annotation.annotation
        replaced[wrapped] = plain
    line = assignment
    for old, new in replaced.items():
        line = cast("cst.BaseSmallStatement", line.deep_replace(old, new))
    before, _, after = _code(line).partition(text)
    if definition.is_single or isinstance(assignment, cst.AnnAssign):
        replaced[wrapped] = cst.parse_expression(layout.type_in_line(before, text, after))
    return replaced


def _code(node: cst.CSTNode) -> str:
    return cst.Module(body=[]).code_for_node(node)


def _is_bare(annotation: cst.BaseExpression, func: cst.BaseExpression) -> bool:
    """
    Return whether *annotation* is the class of a signal without parameters.
    """
    return annotation.deep_equals(func)


def _nodes_in(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _nodes_in(child)


def _contains(node: cst.CSTNode, other: cst.CSTNode) -> bool:
    return any(each is other for each in _nodes_in(node))


class _Rewrite(cst.CSTTransformer):
    """
    Changes the definitions of signals.
    """

    def __init__(
        self,
        module: cst.Module,
        replaced: dict[cst.CSTNode, cst.BaseExpression],
        above: dict[cst.CSTNode, list[str]],
        functions: dict[cst.CSTNode, str],
    ) -> None:
        """
        Args:
            module: the module.
            replaced: the new expressions, by the old ones.
            above: the sources of what to write above statements.
            functions: the sources of functions in place of statements.
        """
        super().__init__()
        self._config = module.config_for_parsing
        self._top = {id(each) for each in module.body}
        self._replaced = replaced
        self._above = above
        self._functions = functions

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        if original_node in self._replaced:
            return self._replaced[original_node]
        function = self._functions.get(original_node)
        sources = self._above.get(original_node, [])
        if function is None and not sources:
            return super().on_leave(original_node, updated_node)
        is_top = id(original_node) in self._top
        before, own = _split(updated_node.leading_lines)
        blank = [cst.EmptyLine(indent=False)] * (2 if is_top else 1)
        made = [self._parse(source) for source in sources]
        if function is not None:
            made.append(self._with_comment(self._parse(function), updated_node))
            made[0] = made[0].with_changes(leading_lines=[*before, *blank, *own])
            return made[0]
        made = [
            each.with_changes(leading_lines=[*(before if index == 0 else ()), *blank])
            for index, each in enumerate(made)
        ]
        return cst.FlattenSentinel([*made, updated_node.with_changes(leading_lines=[*blank, *own])])

    def _parse(self, source: str) -> Any:
        return cst.parse_statement(source, config=self._config)

    @staticmethod
    def _with_comment(function: Any, replaced: cst.SimpleStatementLine) -> Any:
        """
        Return *function* with the comment at the end of the line that it replaces.
        """
        comment = replaced.trailing_whitespace.comment
        if comment is None:
            return function
        body = function.body
        trailing = replaced.trailing_whitespace
        return function.with_changes(body=body.with_changes(trailing_whitespace=trailing))


def _split(
    lines: Sequence[cst.EmptyLine],
) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """
    Return the lines before a statement without blank ones at the end, and the comment above it.
    """
    own: list[cst.EmptyLine] = []
    before = [*lines]
    while before and before[-1].comment is not None:
        own.insert(0, before.pop())
    while before and before[-1].comment is None:
        before.pop()
    return before, own
