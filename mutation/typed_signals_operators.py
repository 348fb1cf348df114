"""
Mutation operators that cosmic-ray does not have: remove a statement, negate ``in``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import parso
from cosmic_ray.operators.operator import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator


class RemoveStatement(Operator):  # type: ignore[misc]  # cosmic-ray has no types
    """
    Replace a statement by ``pass``; also ``return`` and ``raise``.
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
            # Assignments to a name are needed, or the code would not run.
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
    Replace ``in`` by ``not in`` and vice versa.
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


class Provider(dict[str, type]):
    """
    The provider of these operators for cosmic-ray, as ``typed_signals/RemoveStatement``.
    """

    def __init__(self) -> None:
        super().__init__(RemoveStatement=RemoveStatement, SwapMembership=SwapMembership)
