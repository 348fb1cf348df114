"""
Keys that a receiver reads from its ``**kwargs``, and that no signal sends.

Only certain errors are reported: the function only reads ``kwargs``, its module does not use it
anywhere else, and the read is not guarded by a test or ``try``.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from mypy.nodes import ARG_STAR2, Context, FuncDef
from mypy.types import CallableType

from typed_signals._shared.messages import RESERVED_KEYS, suggest
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint, Reason
from typed_signals.mypy.lib.extra_items import may_carry_more
from typed_signals.mypy.lib.source_code import count_name, parse_function, text_of

from .in_background import find_stuck_keys, find_stuck_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.plugin import CheckerPluginInterface

    from typed_signals.mypy.lib.targets import Target

_READING_METHODS = ("get", "pop")
# A use of kwargs, and the key if it is read as a literal.
_USE = r"""\b{}\b(?:(?:\[|\.(?:get|pop)\()["'](\w+)["'][\],)])?"""
_HARMLESS_METHODS = ("copy", "values")
# A context manager with one of these may handle a missing key.
_HANDLING = re.compile(r"KeyError|LookupError|Exception")


def reads_kwargs(api: CheckerPluginInterface, function: FuncDef | None) -> bool:
    """
    Return whether *function* may read its ``**kwargs``; most only accept them.
    """
    if function is None:
        return False
    if isinstance(function.type, CallableType) and function.type.unpack_kwargs:
        return False  # mypy checks the keys itself
    kwargs = _kwargs(function)
    return kwargs is not None and text_of(api, function).count(kwargs) > 1


def find_unknown_reads(
    api: CheckerPluginInterface, function: FuncDef, targets: list[Target], *, uses: int
) -> Iterator[Complaint]:
    """
    Yield the keys that a receiver reads and no signal in *targets* declares.

    Args:
        api: mypy's checker.
        function: the receiver.
        targets: all that it is connected to.
        uses: how often these connections have its name. With more uses, other code may call it.
    """
    kwargs = _kwargs(function)
    if kwargs is None or any(target.signal.is_open for target in targets):
        return
    carried = {
        key
        for target in targets
        for key in target.signal.types.keys() - find_stuck_keys(target, api)
    }
    # Usually, all keys are literals and declared.
    reads_of = re.findall(_USE.format(kwargs), text_of(api, function))
    if all(key in carried for key in reads_of[1:]):  # the first is the parameter itself
        return
    if any(may_carry_more(target.signal, api) for target in targets):
        return
    tree = parse_function(api, function)
    if tree is None:
        return
    reads = _Reads(kwargs)
    for statement in tree.body:
        reads.visit(statement)
    known = carried.union(reads.guarded, RESERVED_KEYS)
    unknown = {key: line for key, line in reads.keys.items() if key not in known}
    if not unknown or reads.is_used_whole or count_name(api, function.name) > 1 + uses:
        return
    names = " or ".join(dict.fromkeys(target.name for target in targets))
    for key, line in unknown.items():
        meant = suggest(key, carried)
        if meant is None and key in reads.defaulted:
            continue  # it handles a missing key, like functions for several signals
        fix = f"did you mean {meant!r}?" if meant else "remove it"
        text = f"{key!r} is never in {kwargs}, because {names} does not declare it: {fix}"
        reason = find_stuck_read(key, kwargs, targets, api) or Reason(codes.READ, text)
        yield Complaint(*reason, Context(line))


def _kwargs(function: FuncDef) -> str | None:
    """
    Return the name of the ``**kwargs`` parameter of *function*.
    """
    if ARG_STAR2 not in function.arg_kinds:
        return None
    return function.arg_names[function.arg_kinds.index(ARG_STAR2)]


class _Reads(ast.NodeVisitor):
    """
    Collects the uses of ``kwargs`` in the body of a function.
    """

    def __init__(self, kwargs: str) -> None:
        self._kwargs = kwargs
        self.keys: dict[str, int] = {}
        """The first line in which each key is read."""
        self.defaulted: set[str] = set()
        """Keys that are read with a default, or where None is handled."""
        self.guarded: set[str] = set()
        """Keys that are tested before the read."""
        self.is_used_whole = False
        """Whether other code could add keys, or test which there are."""
        self._got: set[str] = set()
        self._tested: set[ast.AST] = set()
        """The expressions whose value may be None there."""

    def visit_Name(self, node: ast.Name) -> None:
        # Only called for uses that no other method recognises as a read.
        self.is_used_whole = self.is_used_whole or node.id == self._kwargs

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if self._is_kwargs(node.value) and isinstance(node.ctx, ast.Load):
            self._read(node.slice)
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        method = node.func
        if isinstance(method, ast.Attribute) and self._is_kwargs(method.value):
            if method.attr in _READING_METHODS and node.args:
                has_default = len(node.args) > 1 or node in self._tested
                self._read(node.args[0], is_certain=False, has_default=has_default)
            elif method.attr not in _HARMLESS_METHODS:
                self.is_used_whole = True
        else:
            self.visit(method)
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            # As a **kwargs argument, it is copied.
            if keyword.arg is not None or not self._is_kwargs(keyword.value):
                self.visit(keyword.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        is_test = isinstance(node.ops[0], (ast.In, ast.NotIn)) and self._is_kwargs(
            node.comparators[0]
        )
        if is_test and isinstance(node.left, ast.Constant):
            self.guarded.add(str(node.left.value))
        elif isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            self._visit_test(node)
        else:
            self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        self._visit_guarded(node)

    def visit_With(self, node: ast.With) -> None:
        self._visit_with(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        self._visit_with(node)

    def _visit_with(self, node: ast.With | ast.AsyncWith) -> None:
        if any(_HANDLING.search(ast.unparse(item.context_expr)) for item in node.items):
            self._visit_guarded(node)
        else:
            self.generic_visit(node)

    def _visit_guarded(self, node: ast.AST) -> None:
        before = dict(self.keys)
        self.generic_visit(node)
        self.keys = before

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._visit_test(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self._visit_test(node)

    def _visit_test(self, node: ast.expr) -> None:
        self._tested.update(ast.walk(node))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_function(node)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        if not any(
            isinstance(child, ast.arg) and child.arg == self._kwargs
            for child in ast.walk(node.args)
        ):
            self.generic_visit(node)

    def _read(self, key: ast.expr, *, is_certain: bool = True, has_default: bool = False) -> None:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            if not is_certain and key.value not in self._got:
                # It guards the other reads of this key, so it is the one to report.
                self._got.add(key.value)
                self.keys[key.value] = key.lineno
            self.keys.setdefault(key.value, key.lineno)
            if has_default:
                self.defaulted.add(key.value)
        else:
            self.visit(key)

    def _is_kwargs(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self._kwargs
