"""
Add imports to a module and remove them, in its style.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeAlias, cast

import libcst as cst
from libcst.helpers import get_full_name_for_node

from .bindings import is_type_checking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .bindings import Bindings

Statement: TypeAlias = "cst.SimpleStatementLine | cst.BaseCompoundStatement"

_FUTURE, _STANDARD, _THIRD_PARTY, _OWN, _RELATIVE = range(5)


def is_standard(module: str) -> bool:
    """
    Return whether *module* is in the standard library.
    """
    return module.partition(".")[0] in sys.stdlib_module_names


def add_import(
    body: list[Statement],
    bindings: Bindings,
    module: str,
    names: Iterable[tuple[str, str]],
    *,
    longest: int,
) -> list[Statement]:
    """
    Return the statements of a module with another import.

    Args:
        body: the statements.
        bindings: the names of the module.
        module: the module to import from.
        names: the names to import, each with its name here.
        longest: the number of columns of the longest line.
    """
    new = sorted(names, key=lambda pair: _sort_key(pair[0]))
    for index, statement in enumerate(body):
        imported = _import_in(statement)
        if (
            isinstance(imported, cst.ImportFrom)
            and not isinstance(imported.names, cst.ImportStar)
            and bindings.source_of(imported) == module
            and (merged := _merged(imported, new, longest)) is not None
        ):
            line = cst.ensure_type(statement, cst.SimpleStatementLine)
            body[index] = line.with_changes(body=[merged, *line.body[1:]])
            return body
    return _insert(body, bindings, module, _import_of(module, new, longest))


def add_for_types(
    body: list[Statement],
    bindings: Bindings,
    module: str,
    names: Iterable[tuple[str, str]],
    condition: str,
    *,
    longest: int,
) -> list[Statement]:
    """
    Return the statements of a module with another import for type checkers only.

    Args:
        body, bindings, module, names, longest: as for ``add_import``.
        condition: how ``TYPE_CHECKING`` is written here.
    """
    index = next((i for i, each in enumerate(body) if _is_for_types(each)), None)
    if index is None:
        index = _end_of_imports(body)
        block = cst.If(
            cst.parse_expression(condition),
            cst.IndentedBlock(body=[]),
            leading_lines=[cst.EmptyLine(indent=False)],
        )
        body.insert(index, block)
        _separate(body, index + 1)
    block = cst.ensure_type(body[index], cst.If)
    inner = cast("list[Statement]", [*block.body.body])
    inner = add_import(inner, bindings, module, names, longest=longest)
    first, *rest = inner
    inner = [first.with_changes(leading_lines=_without_blank(first)), *rest]
    body[index] = block.with_changes(body=block.body.with_changes(body=inner))
    return body


def remove_import(body: list[Statement], local: str) -> list[Statement]:
    """
    Return the statements of a module without the import at its top level that binds *local*.
    """
    index, position = next(
        (index, position)
        for index, statement in enumerate(body)
        for position, alias in enumerate(_aliases_in(statement))
        if local == (alias.evaluated_alias or alias.evaluated_name.partition(".")[0])
    )
    line = cst.ensure_type(body[index], cst.SimpleStatementLine)
    names = _aliases_in(line)
    if len(names) > 1:
        changed = line.body[0].with_changes(names=_without(names, position))
        body[index] = line.with_changes(body=[changed, *line.body[1:]])
    elif len(line.body) > 1:
        body[index] = line.with_changes(body=line.body[1:])
    else:
        _delete(body, index)
    return body


def _aliases_in(statement: cst.CSTNode) -> list[cst.ImportAlias]:
    imported = _import_in(statement)
    if imported is None or isinstance(imported.names, cst.ImportStar):
        return []
    return [*imported.names]


def _without(names: list[cst.ImportAlias], position: int) -> list[cst.ImportAlias]:
    rest = [alias for index, alias in enumerate(names) if index != position]
    if position == len(names) - 1:
        rest[-1] = rest[-1].with_changes(comma=names[-1].comma)
    return rest


def _delete(body: list[Statement], index: int) -> None:
    """
    Delete a statement, but not the comments above it.
    """
    lines = body.pop(index).leading_lines
    following = body[index]  # the definition of a signal at least
    if any(line.comment is not None for line in lines):
        kept = [*lines, *following.leading_lines]
    else:
        blank = [line for line in following.leading_lines if line.comment is None]
        kept = [*max(lines, blank, key=len), *_without_blank(following)]
    body[index] = following.with_changes(leading_lines=kept)


def _without_blank(statement: Statement) -> list[cst.EmptyLine]:
    """
    Return the lines before *statement*, without blank ones at the start.
    """
    lines = [*statement.leading_lines]
    while lines and lines[0].comment is None:
        lines.pop(0)
    return lines


def _import_in(statement: cst.CSTNode) -> cst.Import | cst.ImportFrom | None:
    if isinstance(statement, cst.SimpleStatementLine):
        first = statement.body[0]
        if isinstance(first, (cst.Import, cst.ImportFrom)):
            return first
    return None


def _is_for_types(statement: cst.CSTNode) -> bool:
    return (
        isinstance(statement, cst.If)
        and is_type_checking(statement.test)
        and isinstance(statement.body, cst.IndentedBlock)
    )


def _alias(name: str, local: str) -> str:
    return name if name == local else f"{name} as {local}"


def _import_of(
    module: str, names: Iterable[tuple[str, str]], longest: int
) -> cst.SimpleStatementLine:
    listed = [_alias(name, local) for name, local in names]
    text = f"from {module} import {', '.join(listed)}"
    if len(text) > longest:
        text = "\n".join([f"from {module} import (", *(f"    {each}," for each in listed), ")"])
    return cst.ensure_type(cst.parse_statement(text), cst.SimpleStatementLine)


def _merged(
    imported: cst.ImportFrom, new: list[tuple[str, str]], longest: int
) -> cst.ImportFrom | None:
    """
    Return *imported* with more names; None if that does not fit.
    """
    names = [*cast("Sequence[cst.ImportAlias]", imported.names)]
    for name, local in new:
        alias = cst.ImportAlias(cst.Name(name))
        if name != local:
            alias = alias.with_changes(asname=cst.AsName(cst.Name(local)))
        _insert_sorted(names, alias)
    changed = imported.with_changes(names=names)
    is_short = imported.lpar is not None or len(_code(changed)) <= longest
    return changed if is_short else None


def _insert_sorted(names: list[cst.ImportAlias], alias: cst.ImportAlias) -> None:
    keys = [_sort_key(each.evaluated_name) for each in names]
    key = _sort_key(alias.evaluated_name)
    position = next((i for i, each in enumerate(keys) if each > key), len(names))
    if keys != sorted(keys):
        position = len(names)
    # The one before has the comma that separates it from what follows.
    between: cst.Comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if len(names) > 1 and isinstance(names[0].comma, cst.Comma):
        between = names[0].comma.with_changes(
            whitespace_after=_without_comment(names[0].comma.whitespace_after)
        )
    if position < len(names):
        names.insert(position, alias.with_changes(comma=between))
    else:
        last = names[-1]
        names[-1] = last.with_changes(comma=between)
        names.append(alias.with_changes(comma=last.comma))


def _without_comment(whitespace: cst.BaseParenthesizableWhitespace) -> cst.CSTNode:
    if isinstance(whitespace, cst.ParenthesizedWhitespace):
        line = whitespace.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
        return whitespace.with_changes(first_line=line, empty_lines=[])
    return whitespace


def _sort_key(name: str) -> tuple[int, str]:
    """
    As ruff and isort sort by default: constants, classes, then the rest.
    """
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1, name.lower()) if name[:1].isupper() else (2, name.lower())


def _code(node: cst.CSTNode) -> str:
    return cst.Module(body=[]).code_for_node(node)


def _category(imported: cst.Import | cst.ImportFrom, own: str) -> tuple[int, str]:
    if isinstance(imported, cst.ImportFrom):
        module = (get_full_name_for_node(imported.module) or "") if imported.module else ""
        if imported.relative:
            return _RELATIVE, module
    else:
        module = imported.names[0].evaluated_name
    return _category_of(module, own), module


def _category_of(module: str, own: str) -> int:
    if module == "__future__":
        return _FUTURE
    if is_standard(module):
        return _STANDARD
    return _OWN if module.partition(".")[0] == own.partition(".")[0] else _THIRD_PARTY


def _insert(
    body: list[Statement], bindings: Bindings, module: str, new: cst.SimpleStatementLine
) -> list[Statement]:
    key = (_category_of(module, bindings.fullname), module)
    found: list[tuple[int, tuple[int, str], bool]] = []
    for index, statement in enumerate(body[: _end_of_imports(body)]):
        if (imported := _import_in(statement)) is not None:
            is_from = isinstance(imported, cst.ImportFrom)
            found.append((index, _category(imported, bindings.fullname), is_from))
    same = [each for each in found if each[1][0] == key[0]]
    blank = cst.EmptyLine(indent=False)
    if same:
        before = [each for each in same if not each[2] or each[1] <= key]
        if before:
            body.insert(before[-1][0] + 1, new)
        else:
            first = same[0][0]
            following = body[first]
            body[first] = following.with_changes(leading_lines=[])
            body.insert(first, new.with_changes(leading_lines=following.leading_lines))
        return body
    lower = [each for each in found if each[1][0] < key[0]]
    if lower:
        body.insert(lower[-1][0] + 1, new.with_changes(leading_lines=[blank]))
        return body
    start = found[0][0] if found else _start(body)
    lines = [*body[start].leading_lines] if found else [blank] if start else []
    if found:
        body[start] = body[start].with_changes(leading_lines=[blank])
    body.insert(start, new.with_changes(leading_lines=lines))
    if not found:
        _separate(body, start + 1)
    return body


def _separate(body: list[Statement], index: int) -> None:
    """
    Put a blank line before a statement.
    """
    if index < len(body):
        lines = [*body[index].leading_lines]
        if not lines or lines[0].comment is not None:
            blank = cst.EmptyLine(indent=False)
            body[index] = body[index].with_changes(leading_lines=[blank, *lines])


def _start(body: list[Statement]) -> int:
    """
    Return the index of the first statement after the docstring.
    """
    if body and isinstance(body[0], cst.SimpleStatementLine):
        first = body[0].body[0]
        if isinstance(first, cst.Expr) and isinstance(
            first.value, (cst.SimpleString, cst.ConcatenatedString)
        ):
            return 1
    return 0


def _end_of_imports(body: list[Statement]) -> int:
    """
    Return the index after the imports at the start.
    """
    end = start = _start(body)
    for index, statement in enumerate(body[start:], start):
        if _import_in(statement) is not None:
            end = index + 1
        elif not isinstance(statement, (cst.If, cst.Try)):
            break
    return end
