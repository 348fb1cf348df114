"""
What ``connect`` refuses whatever its parameters are: objects that are not callable, or that cannot
be weakly referenced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy.nodes import CallExpr, FuncDef, MemberExpr, NameExpr, RefExpr, Var
from mypy.types import Instance, TupleType, get_proper_type

from typed_signals._shared.messages import (
    CELERYS_METHOD,
    DJANGOS_METHOD,
    refused,
    task_problem,
)
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import Expression, MypyFile, TypeInfo
    from mypy.types import Type

    from typed_signals.mypy.lib.arguments import CheckedReceiver
    from typed_signals.mypy.lib.targets import Target

_STATIC: Final = "builtins.staticmethod"
_OF_CLASS: Final = "builtins.classmethod"
# Those of tasks, and the methods with which these are enqueued.
_TASKS: Final = {
    "celery.shared_task": CELERYS_METHOD,
    "celery.app.shared_task": CELERYS_METHOD,
    "django.tasks.task": DJANGOS_METHOD,
    "django.tasks.base.task": DJANGOS_METHOD,
    "django_tasks.task": DJANGOS_METHOD,
    "django_tasks.base.task": DJANGOS_METHOD,
}
_PROPERTIES: Final = ("builtins.property", "functools.cached_property")
# Their objects have no fixed size, which leaves no place for weak references.
_WITHOUT_PLACE: Final = ("builtins.int", "builtins.tuple", "builtins.bytes")


def find_descriptors(
    receiver: CheckedReceiver, below: list[Expression], targets: list[Target]
) -> Iterator[Complaint]:
    """
    Yield that a decorator above ``@staticmethod`` and others does not get a function.

    Args:
        receiver: the decorated function.
        below: the decorators under the one that connects.
        targets: what it is connected to.
    """
    function = receiver.decorated
    name = _decorator_name(below[0]) if below else ""
    if function is None or not targets:
        return
    target = targets[0]
    if name == _STATIC and all(target.is_weak for target in targets):
        reason = "a staticmethod object cannot be weakly referenced: put @receiver under it"
    elif name == _OF_CLASS:
        method = f"{function.info.name}.{function.name}" if function.info else function.name
        reason = f"a classmethod object is not callable: connect {method} after the class"
    elif (enqueue := _TASKS.get(name)) is not None and (
        enqueue != CELERYS_METHOD or all(target.is_weak for target in targets)
    ):
        reason = task_problem(enqueue)
    elif name in _PROPERTIES:
        reason = "a property is not callable: connect a function or a method"
    else:
        return
    yield Complaint(
        codes.NOT_CONNECTABLE, refused(target.name, function.name, reason), receiver.place
    )


def _decorator_name(decorator: Expression) -> str:
    """
    Return the full name of a decorator, or of the one of tasks that a call returns.
    """
    if isinstance(decorator, CallExpr) and isinstance(decorator.callee, RefExpr):
        name = decorator.callee.fullname
        return name if name in _TASKS else ""
    return decorator.fullname if isinstance(decorator, RefExpr) else ""


def find_unreferenced(receiver: CheckedReceiver, target: Target) -> list[Complaint]:
    """
    Return the complaint about a *receiver* whose object cannot be weakly referenced.
    """
    expression = receiver.expression
    owner, typ, method = expression, receiver.type, "__call__"
    if isinstance(expression, MemberExpr):
        owner, method = expression.expr, expression.name
        typ = receiver.api.get_expression_type(owner)
    cls = _class_of(typ)
    if cls is None or not _binds(cls, method):
        return []
    if any(cls.has_base(name) for name in _WITHOUT_PLACE) or (
        _is_exact(owner, cls) and _has_only_slots(cls, receiver.module)
    ):
        name = method if owner is not expression else f"{cls.name} object"
        reason = f"{cls.name} objects cannot be weakly referenced: pass weak=False"
        text = refused(target.name, name, reason)
        return [Complaint(codes.NOT_CONNECTABLE, text, receiver.place)]
    return []


def _class_of(typ: Type) -> TypeInfo | None:
    typ = get_proper_type(typ)
    if isinstance(typ, TupleType):
        typ = typ.partial_fallback
    return typ.type if isinstance(typ, Instance) else None


def _binds(cls: TypeInfo, name: str) -> bool:
    """
    Return whether what is connected refers to the object: its method, or the object itself.
    """
    method = cls.get_method(name)
    if name == "__call__":
        return method is not None
    return isinstance(method, FuncDef) and not (method.is_static or method.is_class)


def _is_exact(expression: Expression, cls: TypeInfo) -> bool:
    """
    Return whether an object is not of a subclass, which has a place without ``__slots__``.
    """
    if isinstance(expression, CallExpr):
        return isinstance(expression.callee, RefExpr) and expression.callee.node is cls
    variable = expression.node if isinstance(expression, NameExpr) else None
    return isinstance(variable, Var) and variable.is_inferred


def _has_only_slots(cls: TypeInfo, module: MypyFile) -> bool:
    """
    Return whether *cls* certainly has ``__slots__`` without a place for weak references.
    """
    if cls.slots is None or "__weakref__" in cls.slots or "attrs" in cls.metadata:
        return False
    if "dataclass" not in cls.metadata:
        return True
    # The argument weakref_slot is only known in the module of the class.
    options = [call for call in cls.defn.decorators if isinstance(call, CallExpr)]
    is_known = cls.module_name == module.fullname and len(options) == 1
    return is_known and not {"weakref_slot", None} & set(options[0].arg_names)
