"""
Check the ``sender`` argument: can it send the signal?
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy.nodes import (
    LambdaExpr,
    ListExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    SetExpr,
    TupleExpr,
    TypeInfo,
    Var,
)
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    TypeType,
    get_proper_type,
)
from mypy.typevars import fill_typevars_with_any

from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import is_assignable, quoted
from typed_signals.mypy.lib.complaints import Complaint
from typed_signals.mypy.lib.fullnames import MODEL_SIGNAL

if TYPE_CHECKING:
    from mypy.nodes import Expression
    from mypy.plugin import CheckerPluginInterface

    from typed_signals.mypy.lib.declared_types import SignalType

_ONE_BY_ONE: Final = "connect the receiver once for each sender"
_KINDS_OF_SEVERAL: Final = ("builtins.frozenset", "builtins.list", "builtins.set", "builtins.tuple")
_MODEL: Final = "django.db.models.base.Model"
_MANY_TO_MANY: Final = "django.db.models.fields.related.ManyToManyField"
_FOREIGN_KEY: Final = "django.db.models.fields.related.ForeignKey"
_SENT_BY_THROUGH_MODELS: Final = "typed_signals.django.payloads.M2MChanged"


def find_impossible_sender(
    name: str,
    signal: SignalType,
    given: Type | None,
    expression: Expression | None,
    api: CheckerPluginInterface,
) -> list[Complaint]:
    """
    Return the complaint about a ``sender=`` that can never be the sender of the signal.

    Args:
        name: the name of the signal in the code; empty without a name.
        signal: its declaration.
        given: the type of the sender.
        expression: the sender in the code.
        api: mypy's checker.
    """
    sender, declared = get_proper_type(given), get_proper_type(signal.sender)
    if sender is None or expression is None or isinstance(sender, (AnyType, NoneType)):
        return []
    if _is_name_of_model(sender, signal):
        return []
    found = (
        _made_here(expression)
        or _other_than_none(expression, sender, declared, api)
        or _never_sends(expression, sender, signal)
    )
    is_function = isinstance(sender, FunctionLike) and not sender.is_type_obj()
    is_wrong = is_function and isinstance(declared, TypeType)
    if found is None and (
        is_wrong or is_impossible(sender, declared, api) or _is_not_a_name(sender, signal, api)
    ):
        is_any_model = signal.instance.type.has_base(MODEL_SIGNAL) and _is_any_class(declared)
        wanted = "a model" if is_any_model else f"a sender of type {quoted(declared, api)}"
        fix = f"use {wanted}, or leave the sender out"
        if isinstance(sender, TupleType) or _is_collection(sender):
            fix = _ONE_BY_ONE
        elif _may_be_called(sender, declared, api):
            fix = "call it, with ()"
        found = _name_of_sender(expression, sender, api), fix
    if found is None:
        return []
    what, fix = found
    text = f"{name or signal.instance.type.name} is never sent by {what}: {fix}"
    return [Complaint(codes.SENDER, text, expression)]


def _is_name_of_model(sender: ProperType, signal: SignalType) -> bool:
    is_text = isinstance(sender, Instance) and sender.type.fullname == "builtins.str"
    return is_text and signal.instance.type.has_base(MODEL_SIGNAL)


def _is_not_a_name(sender: ProperType, signal: SignalType, api: CheckerPluginInterface) -> bool:
    """
    Return whether Celery sends with a name, and *sender* is something else, such as the task.
    """
    declared = get_proper_type(signal.sender)
    is_name = isinstance(declared, Instance) and declared.type.fullname == "builtins.str"
    return (
        is_name
        and signal.is_celerys
        and isinstance(sender, Instance)
        and not is_assignable(sender, declared, api)
        and not is_subtype(declared, sender)
    )


def _made_here(expression: Expression) -> tuple[str, str] | None:
    """
    Return what *expression* creates, and the fix: nobody else can send with this object.
    """
    if isinstance(expression, (ListExpr, SetExpr, TupleExpr)):
        kind = {ListExpr: "list", SetExpr: "set", TupleExpr: "tuple"}[type(expression)]
        return f"a {kind}", _ONE_BY_ONE
    if isinstance(expression, LambdaExpr):
        return "a lambda", "use the sender itself, or leave the sender out"
    return None


def _other_than_none(
    expression: Expression, sender: ProperType, declared: ProperType, api: CheckerPluginInterface
) -> tuple[str, str] | None:
    """
    Return the description of a sender, and the fix, if the signal is always sent by None.
    """
    is_known = isinstance(sender, (FunctionLike, Instance, TupleType, TypeType))
    if not isinstance(declared, NoneType) or not is_known or is_subtype(declared, sender):
        return None
    return _name_of_sender(expression, sender, api), "leave the sender out"


def _never_sends(
    expression: Expression, sender: ProperType, signal: SignalType
) -> tuple[str, str] | None:
    """
    Return the description of a model that never sends, and the fix.
    """
    model = expression.node if isinstance(expression, RefExpr) else None
    is_class = isinstance(sender, FunctionLike) and sender.is_type_obj()
    if not is_class or not isinstance(model, TypeInfo) or not model.has_base(_MODEL):
        return None
    if not signal.instance.type.has_base(MODEL_SIGNAL):
        return None
    if model.fullname == _MODEL:
        return '"type[Model]"', "use a model, or leave the sender out to listen to all models"
    payload = signal.typed_dict
    if payload is None or payload.fallback.type.fullname != _SENT_BY_THROUGH_MODELS:
        return None
    own = [info for info in model.mro if not info.fullname.startswith("django.db.")]
    fields = [field for info in own for field in info.names.values()]
    types = [get_proper_type(f.node.type) for f in fields if isinstance(f.node, Var)]
    # A through model has two foreign keys. What is unknown may be one.
    links = [typ for typ in types if typ is None or isinstance(typ, AnyType) or _is_link(typ)]
    if len(links) > 1 or model.fallback_to_any:
        return None
    field = next((name for name, f in model.names.items() if _is_many_to_many(f.node)), None)
    through = f"{model.name}.{field}.through" if field else "Model.field.through"
    fix = f"its senders are the models between two others, as in sender={through}"
    return f'"type[{model.name}]"', fix


def _is_link(typ: ProperType) -> bool:
    return isinstance(typ, Instance) and typ.type.has_base(_FOREIGN_KEY)


def _is_many_to_many(node: object) -> bool:
    typ = get_proper_type(node.type) if isinstance(node, Var) else None
    return isinstance(typ, Instance) and typ.type.has_base(_MANY_TO_MANY)


def is_impossible(given: ProperType, declared: ProperType, api: CheckerPluginInterface) -> bool:
    """
    Return whether an object of type *given* is certainly not of type *declared*.
    """
    if isinstance(given, NoneType):
        return False
    if isinstance(given, TupleType):
        given = given.partial_fallback
    as_class = as_class_object(given)
    if is_assignable(as_class, declared, api):
        return False
    if is_subtype(declared, as_class):
        return False  # the declared type is narrower, but this may be intended
    if isinstance(given, FunctionLike):
        # The name of a class is exactly this class; other callables are unlikely senders.
        return given.is_type_obj() and isinstance(declared, (Instance, TypeType))
    if isinstance(given, TypeType):
        # Two unrelated classes may have a common subclass; an instance is not a class.
        return isinstance(declared, Instance)
    if not isinstance(given, Instance):
        return False
    # A class of Python's own has no common subclass with another one.
    is_builtin = given.type.module_name == "builtins" and isinstance(declared, Instance)
    return isinstance(declared, TypeType) or is_builtin


def _may_be_called(sender: ProperType, declared: ProperType, api: CheckerPluginInterface) -> bool:
    """
    Return whether the result of the function *sender* may be the sender.
    """
    if not isinstance(sender, CallableType) or sender.is_type_obj() or sender.min_args:
        return False
    result = get_proper_type(sender.ret_type)
    return not isinstance(result, AnyType) and is_assignable(result, declared, api)


def _name_of_sender(expression: Expression, sender: ProperType, api: CheckerPluginInterface) -> str:
    if isinstance(sender, FunctionLike) and not sender.is_type_obj():
        name = expression.name if isinstance(expression, (NameExpr, MemberExpr)) else ""
        return f"the function {name}".rstrip()
    if isinstance(sender, Instance) and sender.type.fullname == "types.ModuleType":
        return "a module"
    return quoted(as_class_object(sender), api)


def _is_collection(sender: ProperType) -> bool:
    return isinstance(sender, Instance) and sender.type.fullname in _KINDS_OF_SEVERAL


def _is_any_class(declared: ProperType) -> bool:
    return isinstance(declared, TypeType) and isinstance(declared.item, AnyType)


def as_class_object(typ: ProperType) -> ProperType:
    """
    Return ``type[C]`` for the class ``C`` itself, whose type is that of its constructor.
    """
    if isinstance(typ, FunctionLike) and typ.is_type_obj():
        return TypeType.make_normalized(fill_typevars_with_any(typ.type_object()))
    return typ
