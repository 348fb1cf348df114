"""
Receivers that are garbage-collected at once: weakly referenced, without another reference.

Only certain errors are reported. Other code may store a local function, so it is only reported if
the function around it only connects receivers until its end.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from mypy.nodes import (
    LDEF,
    CallExpr,
    Decorator,
    FuncDef,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    TypeInfo,
    Var,
)
from mypy.types import CallableType, NoneType, get_proper_type

from typed_signals._shared.messages import LAMBDA, LOCAL_FUNCTION, lost_receiver_fix
from typed_signals.mypy import codes
from typed_signals.mypy.lib.bindings import bindings_of
from typed_signals.mypy.lib.complaints import Complaint
from typed_signals.mypy.lib.declared_types import instance_of
from typed_signals.mypy.lib.fullnames import BASE_SIGNAL, CELERYS_SIGNAL, DJANGOS_SIGNAL
from typed_signals.mypy.lib.known_decorators import Trait, traits_of
from typed_signals.mypy.lib.parameters import definition_of
from typed_signals.mypy.lib.partials import makes_partial
from typed_signals.mypy.lib.source_code import count_name, parse_function

from .in_background import find_unreachable
from .no_receiver import find_unreferenced

if TYPE_CHECKING:
    from typed_signals.mypy.lib.arguments import CheckedReceiver
    from typed_signals.mypy.lib.targets import Target


def find_short_lived(receiver: CheckedReceiver, targets: list[Target]) -> list[Complaint]:
    """
    Return the complaint about a *receiver* that is garbage-collected before a send can call it.

    One strong reference is enough, so all *targets* must have only weak ones.
    """
    if not all(target.is_weak for target in targets):
        return []
    if any(find_unreachable(receiver, target) for target in targets):
        return []  # that is the error to fix
    if unreferenced := find_unreferenced(receiver, targets[0]):
        return unreferenced
    signal, decorated = targets[0].name, receiver.ctx.context
    if isinstance(decorated, Decorator) and isinstance(
        get_proper_type(receiver.ctx.default_return_type), NoneType
    ):
        # @signal.connect replaces the function by None.
        if len(decorated.original_decorators) > 1:
            return []  # another one may store the function
        text = (
            f"{signal} keeps only a weak reference to {decorated.func.name}, and connect() returns "
            "None instead of it, so it is garbage-collected before a send can call it: write "
            f"@receiver({signal})"
        )
    elif (replacing := _replacing(receiver)) is not None:
        text = (
            f"{signal} keeps only a weak reference to {replacing.name}, and the function of the "
            f"same name in line {replacing.line} replaces it, so it is garbage-collected before a "
            "send can call it: rename one of them"
        )
    elif (name := _repeated(receiver)) is not None:
        text = (
            f"{signal} keeps only a weak reference to {name}, and each pass of the loop replaces "
            "it, so all but the last are garbage-collected before a send can call them: define it "
            "before the loop, or pass weak=False"
        )
    elif (found := _short_lived(receiver)) is not None:
        described, what = found
        text = (
            f"{signal} keeps only a weak reference to {described}, and nothing else refers to it, "
            f"so it is garbage-collected before a send can call it: {lost_receiver_fix(what)}"
        )
    else:
        return []
    return [Complaint(codes.WEAK, text, receiver.place)]


def _replacing(receiver: CheckedReceiver) -> FuncDef | None:
    """
    Return the function that replaces a decorated *receiver* of the same name.
    """
    context = receiver.ctx.context
    if not isinstance(context, Decorator) or len(context.original_decorators) > 1:
        return None
    replacing = bindings_of(receiver.api).replaced.get(context.func)
    # Code between them may use the first one.
    is_used = count_name(receiver.api, context.func.name) > 2
    return None if is_used else replacing


def _repeated(receiver: CheckedReceiver) -> str | None:
    """
    Return the name of a function that each pass of a loop defines again.
    """
    context, passed = receiver.ctx.context, receiver.expression
    uses = 1
    if isinstance(context, Decorator):
        function = context.func if len(context.original_decorators) == 1 else None
    else:
        uses += 1
        node = passed.node if isinstance(passed, NameExpr) else None
        function = node if isinstance(node, FuncDef) else None
    if function is None:
        return None
    is_repeated = function in bindings_of(receiver.api).repeated
    # Other code may store it.
    is_used = count_name(receiver.api, function.name) > uses
    return function.name if is_repeated and not is_used else None


def _short_lived(receiver: CheckedReceiver) -> tuple[str, str] | None:
    """
    Return the description of a receiver without other references, and what it is; None if there may
    be other references.
    """
    written = receiver.expression
    call, returned = receiver.ctx.context, get_proper_type(receiver.ctx.default_return_type)
    if isinstance(call, CallExpr) and not isinstance(returned, NoneType):
        is_result_used = call not in bindings_of(receiver.api).statements
        if is_result_used:  # receiver(...)(function) returns the function
            return None
    if receiver.decorated is not None:
        return _local_function(receiver, receiver.decorated.name)
    if isinstance(written, LambdaExpr):
        return "this lambda", LAMBDA
    if isinstance(written, NameExpr) and written.kind == LDEF:
        return _local_function(receiver, written.name)
    if isinstance(written, CallExpr):
        if makes_partial(written):
            return "this partial", "partial"
        return ("this decorated function", "decorated function") if _decorates(written) else None
    if isinstance(written, MemberExpr) and isinstance(written.expr, CallExpr):
        maker = written.expr.callee
        method = get_proper_type(receiver.type)
        definition = definition_of(method) if isinstance(method, CallableType) else None
        is_bound = definition is not None and not (definition.is_static or definition.is_class)
        if is_bound and isinstance(maker, RefExpr) and isinstance(maker.node, TypeInfo):
            return f"this {maker.node.name} object", "object"
    return None


# It returns the function that it gets.
_WRAPS = "functools.wraps"


def _decorates(call: CallExpr) -> bool:
    """
    Return whether *call* decorates a function.
    """
    decorator = call.callee
    if isinstance(decorator, CallExpr) and isinstance(decorator.callee, RefExpr):
        name = decorator.callee.fullname
        is_lambda = isinstance(call.args[0], LambdaExpr) if call.args else False
        return Trait.IS_NEW in traits_of(name) or (name == _WRAPS and is_lambda)
    is_wrapper = isinstance(decorator, RefExpr) and Trait.IS_NEW in traits_of(decorator.fullname)
    # It may be a decorator with arguments.
    return is_wrapper and bool(call.args) and isinstance(call.args[0], (LambdaExpr, RefExpr))


def _local_function(receiver: CheckedReceiver, name: str) -> tuple[str, str] | None:
    """
    Return the same for a function that dies with the function around it, which ends here.
    """
    around = receiver.api.scope.current_function()  # type: ignore[attr-defined]  # the checker's
    if not isinstance(around, FuncDef):
        return None
    tree = parse_function(receiver.api, around)
    statements = tree.body if tree is not None else []
    line = receiver.place.line
    here = next((i for i, statement in enumerate(statements) if statement.lineno == line), None)
    if here is None or not all(map(_only_connects, statements[here:])):
        return None
    first, last = around.line, around.end_line or around.line
    calls = [call for call in bindings_of(receiver.api).connects if first <= call.line <= last]
    if not all(_is_of_signal(receiver.api, call) for call in calls):
        return None  # it may store the function
    # Another decorator may store the function.
    ours = 0 if receiver.decorated is None else 1
    definitions = [s for s in statements if isinstance(s, _FUNCTION_NODES) and s.name == name]
    if [len(definition.decorator_list) for definition in definitions] != [ours]:
        return None
    # A connection does not keep it alive.
    others = [s for s in statements if isinstance(s, _FUNCTION_NODES) or not _only_connects(s)]
    is_used = any(_uses(node, name) for statement in others for node in ast.walk(statement))
    return None if is_used else (f"the {LOCAL_FUNCTION} {name}", LOCAL_FUNCTION)


def _is_of_signal(api: Any, call: CallExpr) -> bool:
    """
    Return whether *call* of a method ``connect`` is that of a signal.
    """
    owner = call.callee.expr if isinstance(call.callee, MemberExpr) else None
    typ = api.lookup_type(owner) if owner is not None and api.has_type(owner) else None
    if typ is None and isinstance(owner, RefExpr) and isinstance(owner.node, Var):
        typ = owner.node.type  # mypy checks it later
    instance = instance_of(typ)
    return instance is not None and any(map(instance.type.has_base, _KINDS_OF_SIGNALS))


# Their methods ``connect`` store nothing else.
_KINDS_OF_SIGNALS = (BASE_SIGNAL, DJANGOS_SIGNAL, CELERYS_SIGNAL)
_FUNCTION_NODES = (ast.FunctionDef, ast.AsyncFunctionDef)


def _only_connects(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        method = statement.value.func
        return isinstance(method, ast.Attribute) and method.attr == "connect"
    return isinstance(statement, (*_FUNCTION_NODES, ast.Pass))


def _uses(node: ast.AST, name: str) -> bool:
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return name in node.names
    return isinstance(node, ast.Name) and node.id == name
