"""
Receivers whose body never runs: a send calls them, but does not await or iterate what they return.

Only functions with ``async def``, and objects that are marked as async, are awaited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mypy.nodes import AwaitExpr, CallExpr, FuncDef, LambdaExpr, MemberExpr, NameExpr, RefExpr, Var
from mypy.types import AnyType, Instance, TypeOfAny, get_proper_type

from typed_signals.mypy.lib.bindings import bindings_of
from typed_signals.mypy.lib.fullnames import RECEIVER_DECORATOR
from typed_signals.mypy.lib.source_code import count_name

if TYPE_CHECKING:
    from mypy.nodes import TypeInfo
    from mypy.types import CallableType, Type

    from typed_signals.mypy.lib.arguments import CheckedReceiver


class NeverRun(NamedTuple):
    """
    Why the body of a receiver does not run.
    """

    returned: Type
    """What it returns."""

    text: str
    """What is wrong, and how to fix it."""

    is_stated: bool
    """Whether an annotation says that it is a generator."""


# By these, an object is async.
_MARKS: Final = ("markcoroutinefunction", "_is_coroutine", "_is_coroutine_marker")
# With these, a class decides more about its objects than their methods show.
_IMITATING: Final = ("__class__", "__code__", "__getattr__", "__getattribute__", "__new__")
_COROUTINES: Final = ("typing.Coroutine", "types.CoroutineType")
# How many type arguments the types have.
_ARGUMENTS: Final = {"Generator": 3, "AsyncGenerator": 2, "Coroutine": 3}


def find_never_run(receiver: CheckedReceiver, signature: CallableType) -> NeverRun | None:
    """
    Return why the body of *receiver* does not run when it is called, if this is certain.

    Args:
        receiver: the receiver.
        signature: its type, or that of its ``__call__``.
    """
    function = called_function(receiver, signature)
    method = _call_method(receiver) if function is None else None
    body = function or method
    returned = get_proper_type(signature.ret_type)
    if body is not None and body.is_generator:
        name, kind = ("AsyncGenerator", "an async") if body.is_coroutine else ("Generator", "a")
        is_stated = not isinstance(returned, AnyType)
        text = f"it is {kind} generator, so a send does not run its body: remove the 'yield'"
        return NeverRun(returned if is_stated else _any(receiver, name), text, is_stated)
    if method is not None and method.is_coroutine:
        if not _is_unmarked(receiver, method.info):
            return None
        text = (
            "its __call__ is async, but the object is not marked as async, so a send does not "
            "await it: mark it with asgiref.sync.markcoroutinefunction"
        )
        is_annotated = not isinstance(returned, AnyType)
        coroutine = returned if is_annotated else _any(receiver, "Coroutine")
        return NeverRun(coroutine, text, is_stated=False)
    is_plain = isinstance(receiver.expression, LambdaExpr) or (
        function is not None and not function.is_coroutine
    )
    if is_plain and isinstance(returned, Instance) and returned.type.fullname in _COROUTINES:
        text = (
            "it returns a coroutine, but is not defined with 'async def', so a send does not await "
            "it: use 'async def'"
        )
        return NeverRun(returned, text, is_stated=False)
    return None


def called_function(receiver: CheckedReceiver, signature: CallableType) -> FuncDef | None:
    """
    Return the function that a send calls, if it certainly has no decorators that replace it.
    """
    decorated = receiver.decorated
    if decorated is not None:
        return decorated if all(_connects(receiver, each) for each in receiver.below) else None
    expression = receiver.expression
    node = expression.node if isinstance(expression, RefExpr) else None
    if isinstance(expression, MemberExpr) and node is None:
        node = signature.definition  # a method of an object
        if not isinstance(node, FuncDef) or not node.info or node.name != expression.name:
            return None
    # A static method may have other decorators, which mypy's cache does not store.
    return node if isinstance(node, FuncDef) and not node.is_decorated else None


def is_certainly_async(receiver: CheckedReceiver, signature: CallableType) -> bool:
    """
    Return whether *receiver* is certainly async, or its ``__call__``.
    """
    body = called_function(receiver, signature) or _call_method(receiver)
    return body is not None and body.is_coroutine and not body.is_generator


def uses_responses(receiver: CheckedReceiver) -> bool:
    """
    Return whether the module of *receiver* uses the results of sends.
    """
    bindings = bindings_of(receiver.api)
    unused = {
        statement.expr if isinstance(statement, AwaitExpr) else statement
        for statement in bindings.statements
    }
    return any(call not in unused for call in bindings.sends)


def _connects(receiver: CheckedReceiver, decorator: object) -> bool:
    """
    Return whether *decorator* is ``receiver(...)``, which returns the function itself.
    """
    api: Any = receiver.api  # the checker, which has no type for code that it does not reach
    typ = get_proper_type(api.lookup_type(decorator)) if api.has_type(decorator) else None
    return isinstance(typ, Instance) and typ.type.fullname == RECEIVER_DECORATOR


def _call_method(receiver: CheckedReceiver) -> FuncDef | None:
    """
    Return the ``__call__`` of an object.
    """
    typ = get_proper_type(receiver.type)
    symbol = typ.type.get("__call__") if isinstance(typ, Instance) else None
    method = symbol.node if symbol is not None else None
    return method if isinstance(method, FuncDef) and not method.is_decorated else None


def _is_unmarked(receiver: CheckedReceiver, cls: TypeInfo) -> bool:
    """
    Return whether an object of *cls* is certainly not marked as async.

    Its class or a function may do this, so all code that gets the object must be known.
    """
    expression, uses = receiver.expression, 0
    if isinstance(expression, NameExpr) and isinstance(expression.node, Var):
        bindings = bindings_of(receiver.api)
        variable, found = expression.node, bindings.of(expression.node)
        connects = sum(
            isinstance(argument, NameExpr) and argument.node is variable
            for call in bindings.connects
            for argument in call.args
        )
        uses = count_name(receiver.api, expression.name) - connects - 1
        expression = found[0].value if len(found) == 1 else expression
    if uses or not isinstance(expression, CallExpr) or not isinstance(expression.callee, RefExpr):
        return False
    made = get_proper_type(receiver.type)
    return (
        isinstance(made, Instance)
        and expression.callee.node is made.type
        and not any(count_name(receiver.api, name) for name in _MARKS)
        and all(
            info.module_name in (receiver.module.fullname, "builtins", "typing")
            for info in (cls, *made.type.mro)
        )
        and not made.type.defn.decorators
        and made.type.metaclass_type is None
        and not any(name in info.names for info in made.type.mro[:-1] for name in _IMITATING)
    )


def _any(receiver: CheckedReceiver, name: str) -> Type:
    arguments: list[Type] = [AnyType(TypeOfAny.special_form)] * _ARGUMENTS[name]
    return receiver.api.named_generic_type(f"typing.{name}", arguments)
