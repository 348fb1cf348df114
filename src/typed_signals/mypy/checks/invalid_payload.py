"""
Invalid declarations: of a payload that cannot be sent, or by ``BaseSignal.declare``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.messages import format_type_bare
from mypy.nodes import ARG_STAR
from mypy.types import (
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    TupleType,
    Type,
    TypedDictType,
    TypeType,
    UnionType,
    get_proper_type,
)

from typed_signals._shared.messages import (
    RESERVED_KEYS,
    base_signal_problem,
    first_parameter_problem,
    no_sender_problem,
    not_typed_dict_problem,
    reserved_keys_problem,
    unsendable_problem,
)
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint
from typed_signals.mypy.lib.declared_types import (
    instance_of,
    lone_payload,
    read_signal,
    signal_arguments,
)
from typed_signals.mypy.lib.fullnames import BASE_SIGNAL

if TYPE_CHECKING:
    from mypy.nodes import Context, FuncDef
    from mypy.options import Options

    from typed_signals.mypy.lib.declared_types import SignalType

# Known types that are not a TypedDict; Any and type variables are not known.
_NO_TYPED_DICT = (
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    TupleType,
    TypeType,
    UnionType,
)


def find_unsendable(typ: Type | None, place: Context, options: Options) -> list[Complaint]:
    """
    Return what is wrong with a signal of the type *typ* that is created or inherited from.
    """
    problem = declaration_problem(typ, options)
    return [] if problem is None else [Complaint(codes.DECLARATION, problem, place)]


def find_wrong_declaration(
    name: str, declared: Type | None, place: Context, options: Options
) -> list[Complaint]:
    """
    Return what is wrong with the type *declared* for the signal *name* of another package.
    """
    problem = declaration_problem(declared, options)
    if problem is None:
        return []
    return [Complaint(codes.DECLARATION, f"the declaration of {name}: {problem}", place)]


def find_base_signal(cls: Type, place: Context) -> list[Complaint]:
    """
    Return what is wrong if a signal of *cls*, the type of a class, is created.
    """
    proper = get_proper_type(cls)
    # A variable of type[BaseSignal] contains the class of an engine.
    if not isinstance(proper, CallableType) or not proper.is_type_obj():
        return []
    if proper.type_object().fullname != BASE_SIGNAL:
        return []
    return [Complaint(codes.DECLARATION, base_signal_problem(), place)]


def declaration_problem(typ: Type | None, options: Options) -> str | None:
    """
    Return the problem of the declaration *typ*, if there is one.
    """
    if (signal := read_signal(typ)) is not None:
        return reserved_problem(signal)
    instance = instance_of(typ)
    arguments = None if instance is None else signal_arguments(instance)
    if arguments is None:
        return None
    if (lone := lone_payload(arguments)) is not None:
        return no_sender_problem(lone.fallback.type.name)
    if not isinstance(arguments[1], _NO_TYPED_DICT):
        return None
    is_swapped = isinstance(arguments[0], TypedDictType)
    written = format_type_bare(arguments[1], options)
    return not_typed_dict_problem(written, is_swapped=is_swapped)


def reserved_problem(signal: SignalType) -> str | None:
    """
    Return the problem of the keys of *signal*, if there is one.
    """
    if signal.types.keys().isdisjoint(RESERVED_KEYS):
        return None
    reserved = sorted(signal.types.keys() & RESERVED_KEYS)
    return reserved_keys_problem(signal.payload.name, reserved)


def find_unsendable_parameter(
    function: CallableType, decorated: FuncDef | None, place: Context
) -> list[Complaint]:
    """
    Return the problem of the parameters of a function that declares a signal.

    Args:
        function: its type.
        decorated: its definition, if it is under the decorator.
        place: where to report it.
    """
    problem = _parameter_problem(function, decorated)
    return [] if problem is None else [Complaint(codes.DECLARATION, problem, place)]


def _parameter_problem(function: CallableType, decorated: FuncDef | None) -> str | None:
    if function.is_ellipsis_args or function.param_spec() or function.is_type_obj():
        return None  # the parameters are not known here, or mypy refuses it
    names = list(function.arg_names)
    if decorated is not None and len(decorated.arguments) == len(names):
        # Only this contains the name of a positional-only parameter.
        names = [argument.variable.name for argument in decorated.arguments]
    described = (function.name or "the function").partition(" of ")[0]
    first = names[0] if names and function.arg_kinds[0].is_positional() else None
    is_unnamed = first is None and bool(names) and names[0] is None
    if first != "sender" and not is_unnamed:
        return first_parameter_problem(described, first, names)
    for number, (name, kind) in enumerate(zip(names[1:], function.arg_kinds[1:], strict=True), 1):
        if kind is ARG_STAR:
            return f"{described}: {unsendable_problem(f'*{name}')}"
        # The parameters of a Callable[...] never have names.
        is_nameless = function.arg_names[number] is None and function.definition is not None
        if is_nameless and kind.is_positional():
            return f"{described}: {unsendable_problem(name or f'parameter {number + 1}')}"
    return None
