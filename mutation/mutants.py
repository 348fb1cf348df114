"""
The mistakes to make: cosmic-ray's, and the removal of statements.
"""

from __future__ import annotations

import ast
import difflib
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of the many operators to put in place of another, those that change least: what adds instead of
# subtracting shows no more than what divides.
LEFT_OUT = re.compile(
    r"""core/(
        NoOp | Variable.*
        | ReplaceBinaryOperator_(?!Add_Sub|Sub_Add|Mul_Add|BitOr_BitAnd|BitAnd_BitOr|RShift_LShift
            |LShift_RShift|Div_Mul|Pow_Mul)\w+
        | ReplaceComparisonOperator_(Is|IsNot|Eq|NotEq)_(?!IsNot$|Is$|NotEq$|Eq$)\w+
        | ReplaceComparisonOperator_(Eq|NotEq)_(Is|IsNot)
        | ReplaceComparisonOperator_(Is|IsNot)_(Eq|NotEq)
        | ReplaceComparisonOperator_(Lt|LtE|Gt|GtE)_(Eq|NotEq|Is|IsNot)
    )""",
    re.VERBOSE,
)


# ``not a is b`` is no other mistake than ``a is not b``.
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


class Mutant(NamedTuple):
    """
    One mistake in one file.
    """

    name: str
    """What tells it from all others."""

    file: str
    line: int
    before: str
    """The lines that differ, without their indentation."""

    after: str
    source: str
    """The whole file, with the mistake."""


class RemoveStatement(Operator):  # type: ignore[misc]  # cosmic-ray has no types
    """
    Put ``pass`` in place of a statement that does something; return nothing, raise nothing.
    """

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if node.type == "simple_stmt" and self._does_something(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, _index: int) -> Any:
        prefix = node.get_first_leaf().prefix
        node.children[0] = parso.parse(f"{prefix}pass").children[0]
        return node

    @staticmethod
    def _does_something(statement: Any) -> bool:
        if statement.type == "expr_stmt":
            # What is assigned to a bare name is needed, or the code would not run at all.
            return bool(statement.children[0].type != "name")
        kind: str = statement.type
        return kind in (
            "atom_expr",
            "raise_stmt",
            "del_stmt",
            "return_stmt",
            "await",
            "yield_expr",
        )

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class SwapMembership(Operator):  # type: ignore[misc]
    """
    Put ``not in`` in place of ``in``, and the other way round.
    """

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if node.type == "comparison" and self._operator(node) in ("in", "not in"):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, _index: int) -> Any:
        other = "not in" if self._operator(node) == "in" else "in"
        node.children[1] = parso.parse(f" {other}")
        return node

    @staticmethod
    def _operator(node: Any) -> str:
        operator: str = " ".join(node.children[1].get_code().split())
        return operator

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def mutants(file: str, source: str) -> Iterator[Mutant]:
    """
    Yield each mutant of *source* that compiles, and does not run as *source* or another one does.
    """
    seen = {_as_it_runs(source)}
    for operator, count in _places(source).items():
        for number in range(count):
            mutated: str = mutate_code(source, operator, number)
            try:
                runs_as = _as_it_runs(mutated)
            except SyntaxError:
                continue  # a ``*`` between parameters, taken for a multiplication
            if runs_as not in seen:
                seen.add(runs_as)
                name = f"{file} {type(operator).__name__} {number}"
                yield Mutant(name, file, *_difference(source, mutated), mutated)


def _places(source: str) -> dict[Operator, int]:
    """
    Return in how many places each operator may make a mistake.
    """
    counts: dict[Operator, int] = dict.fromkeys(_operators(), 0)
    for node in ast_nodes(get_ast(source)):
        for operator in counts:
            counts[operator] += len(list(operator.mutation_positions(node)))
    return counts


def _operators() -> Iterator[Operator]:
    for name in sorted(operator_names()):
        if not LEFT_OUT.fullmatch(name):
            yield get_operator(name)()
    yield RemoveStatement()
    yield SwapMembership()


def _difference(source: str, mutated: str) -> tuple[int, str, str]:
    """
    Return the number of the first line that differs, and the lines before and after.
    """
    old, new = source.splitlines(), mutated.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    first, last = codes[0], codes[-1]
    before, after = old[first[1] : last[2]], new[first[3] : last[4]]
    return first[1] + 1, " ".join(map(str.strip, before)), " ".join(map(str.strip, after))


def _as_it_runs(source: str) -> str:
    """
    Return the syntax tree of *source* without what nothing reads at run time.
    """
    return ast.dump(_WithoutTypes().visit(ast.parse(source)))


class _WithoutTypes(ast.NodeTransformer):
    """
    Takes out annotations, which are never evaluated, what is for type checkers only, and what is
    for other versions of Python than the running one.
    """

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(node.arg)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(...)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST | None:
        return self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = [d for d in node.decorator_list if not _is_name(d, "final")]
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.AST]:
        if ast.unparse(node.test) in ("TYPE_CHECKING", "not TYPE_CHECKING") and not node.orelse:
            return []  # a mistake in it would only import what nothing uses
        known = _known(node.test)
        if known is None:
            return self.generic_visit(node)
        return [self.visit(statement) for statement in (node.body if known else node.orelse)]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(ast.Not(), ast.Compare(left, [operator], right)) if (
                opposite := OPPOSITE.get(type(operator))
            ):
                return ast.Compare(left, [opposite()], right)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        known = _known(node)
        return self.generic_visit(node) if known is None else ast.Constant(known)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        known = _known(node.test)
        if known is None:
            return self.generic_visit(node)
        chosen: ast.AST = self.visit(node.body if known else node.orelse)
        return chosen

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST | None:
        if any(_is_name(decorator, "overload") for decorator in node.decorator_list):
            return None
        node.returns = None
        return self.generic_visit(node)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _known(test: ast.expr) -> bool | None:
    """
    Return what *test* is while this version of Python runs; None if that depends on more.
    """
    if _is_name(test, "TYPE_CHECKING"):
        return False
    if isinstance(test, ast.Compare) and ast.unparse(test.left) == "sys.version_info":
        return bool(eval(ast.unparse(test), {"sys": sys}))  # noqa: S307 - our own source
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        negated = _known(test.operand)
        return None if negated is None else not negated
    if isinstance(test, ast.BoolOp):
        decisive = isinstance(test.op, ast.Or)
        values = [_known(value) for value in test.values]
        if decisive in values:
            return decisive
        return None if None in values else not decisive
    return None
