"""
Where the source of a module creates signals, and whether a declaration can be written there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from libcst.metadata import CodeRange

Surroundings: TypeAlias = Literal["", "class", "function", "loop"]


@dataclass(frozen=True)
class Definition:
    """
    An assignment of the result of a call to a name.
    """

    name: str
    """The name in the module, as ``pizza_done`` or ``Shop.pizza_done``."""

    statement: cst.SimpleStatementLine
    """The line that contains it."""

    top: cst.CSTNode
    """The outermost class that contains it, or the line: a payload can be written above."""

    assignment: cst.BaseSmallStatement
    value: cst.BaseExpression
    lines: range
    inside: Surroundings
    """In what it is, apart from conditions."""

    is_single: bool
    """Whether the whole line only creates this signal."""


def definitions_in(
    module: cst.Module, positions: Mapping[cst.CSTNode, CodeRange]
) -> Iterator[Definition]:
    """
    Yield the definitions in *module*.

    Args:
        module: the source.
        positions: the lines of its nodes.
    """
    for statement in module.body:
        yield from _definitions(statement, statement, (), "", positions)


def _definitions(
    node: cst.CSTNode,
    top: cst.CSTNode,
    classes: tuple[str, ...],
    inside: Surroundings,
    positions: Mapping[cst.CSTNode, CodeRange],
) -> Iterator[Definition]:
    if isinstance(node, cst.SimpleStatementLine):
        for statement in node.body:
            for name, value, is_single in _assigned(statement):
                place = positions[statement]
                yield Definition(
                    ".".join([*classes, name]),
                    node,
                    top if classes else node,
                    statement,
                    value,
                    range(place.start.line, place.end.line + 1),
                    inside,
                    is_single and len(node.body) == 1,
                )
        return
    if isinstance(node, cst.ClassDef):
        top = top if classes else node
        classes = (*classes, node.name.value)
        inside = inside or "class"
    elif isinstance(node, cst.FunctionDef):
        inside = "function"
    elif isinstance(node, (cst.For, cst.While)):
        inside = "loop"
    for child in node.children:
        if not isinstance(child, cst.BaseExpression):
            yield from _definitions(child, top, classes, inside, positions)


def _assigned(
    statement: cst.BaseSmallStatement,
) -> Iterator[tuple[str, cst.BaseExpression, bool]]:
    """
    Yield the names that *statement* assigns to, with what they get, and whether that is all.
    """
    if isinstance(statement, cst.Assign):
        for target in statement.targets:
            for name, value in _pairs(target.target, statement.value):
                is_single = len(statement.targets) == 1 and value is statement.value
                yield name, value, is_single
    elif isinstance(statement, cst.AnnAssign) and isinstance(statement.target, cst.Name):
        # Without a value, it annotates what another statement assigns.
        yield statement.target.value, statement.value or statement.annotation.annotation, False


def _pairs(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> Iterator[tuple[str, cst.BaseExpression]]:
    """
    Yield the names in *target* with what they get.
    """
    if isinstance(target, cst.Name):
        yield target.value, value
    elif isinstance(target, (cst.Tuple, cst.List)) and isinstance(value, (cst.Tuple, cst.List)):
        elements = [*target.elements, *value.elements]
        is_plain = all(isinstance(each, cst.Element) for each in elements)
        if is_plain and len(target.elements) == len(value.elements):
            for one, other in zip(target.elements, value.elements, strict=True):
                yield from _pairs(one.value, other.value)


_WHERE: Final = {"function": "in a function", "loop": "in a loop"}


def find_definition(
    found: list[Definition], fullname: str, line: int
) -> tuple[Definition | None, str]:
    """
    Return the definition of a signal; or None, and why it cannot be changed.

    Args:
        found: all definitions in the module.
        fullname: the full name of the signal.
        line: the line of its definition.
    """
    named = [each for each in found if f".{fullname}".endswith(f".{each.name}")]
    here = [each for each in named if line in each.lines]
    if not here:
        return None, "its definition is not an assignment of Signal() to a name"
    definition = here[0]
    if definition.inside in _WHERE:
        return None, f"it is created {_WHERE[definition.inside]}"
    if sum(each.name == definition.name for each in found) > 1:
        return None, f"{definition.name} is assigned or annotated more than once"
    return definition, ""
