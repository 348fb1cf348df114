"""
The parameters of a receiver, read from its type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mypy.expandtype import expand_type
from mypy.nodes import (
    ARG_NAMED,
    ARG_NAMED_OPT,
    ARG_STAR,
    ARG_STAR2,
    Decorator,
    FuncDef,
    MypyFile,
)
from mypy.subtypes import find_member
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Overloaded,
    Type,
    TypeOfAny,
    TypeType,
    TypeVarType,
    get_proper_type,
)

from typed_signals._contract.rules import ADD_CLS, ADD_SELF, Parameters

from .declared_types import REQUIRED_KINDS
from .partials import is_partial, signature_left

if TYPE_CHECKING:
    from mypy.plugin import CheckerPluginInterface
    from mypy.types import TypedDictType


def callables_of(receiver: Type | None, decorated: FuncDef | None = None) -> list[CallableType]:
    """
    Return the signatures of *receiver*, one of which must fit; none if they are unknown.

    Args:
        receiver: its type.
        decorated: the function under the decorators, if it has some.
    """
    typ = get_proper_type(receiver)
    if isinstance(typ, TypeVarType):
        typ = get_proper_type(typ.upper_bound)
    if isinstance(typ, Instance):
        typ = get_proper_type(
            signature_left(typ)
            if is_partial(typ)
            else find_member("__call__", typ, typ, is_operator=True)
        )
    if isinstance(typ, CallableType):
        signatures = [typ]
    elif isinstance(typ, Overloaded):
        signatures = list(typ.items)
    else:
        return []
    known = [_without_variables(signature) for signature in signatures if _is_known(signature)]
    if len(known) != len(signatures):
        return []
    return [_with_unpacked(signature, decorated) for signature in known]


def as_lambda(typ: Type) -> Type:
    """
    Return *typ* of a lambda, which is complete even without names.
    """
    signature = get_proper_type(typ)
    return signature.copy_modified(implicit=True) if isinstance(signature, CallableType) else typ


def unknown_signature(api: CheckerPluginInterface, returned: Type) -> CallableType:
    """
    Return the type ``Callable[..., returned]``.
    """
    anything = AnyType(TypeOfAny.special_form)
    return CallableType(
        [anything, anything],
        [ARG_STAR, ARG_STAR2],
        [None, None],
        returned,
        api.named_generic_type("builtins.function", []),
        is_ellipsis_args=True,
    )


def has_no_names(receiver: Type) -> bool:
    """
    Return whether the type of *receiver* contains no parameters, except for ``*`` and ``**``.
    """
    return all(
        kind.is_star() for signature in callables_of(receiver) for kind in signature.arg_kinds
    )


def definition_of(signature: CallableType) -> FuncDef | None:
    """
    Return the ``def`` of *signature*, if it has the same parameters.

    A function from mypy's cache may be linked to another definition than in the run that filled the
    cache, where an untyped decorator leaves no link. A function from the cache has no body and no
    arguments, only their names and kinds.
    """
    definition = signature.definition
    if isinstance(definition, Decorator):
        definition = definition.func
    if not isinstance(definition, FuncDef) or signature.name is None:
        return None
    count = len(signature.arg_names)
    written = definition.arg_names[len(definition.arg_names) - count :]
    return definition if written == signature.arg_names else None


def parameters_of(
    signature: CallableType, module: MypyFile, api: CheckerPluginInterface
) -> Parameters:
    """
    Return the parameters of *signature*.

    Args:
        signature: the signature.
        module: the module that is being checked.
        api: mypy's checker.
    """
    positional_only: list[str] = []
    required: list[str] = []
    optional: list[str] = []
    unbindable = _unbindable(signature)
    # For these, mypy has bound the first parameter, whatever it is.
    stated = signature if unbindable is None else unbindable
    for index, (name, kind) in enumerate(zip(stated.arg_names, stated.arg_kinds, strict=True)):
        if kind is ARG_STAR or kind is ARG_STAR2:
            continue
        if name is None:
            if kind in REQUIRED_KINDS:
                positional_only.append(_positional_name(signature, index, module))
        else:
            (required if kind in REQUIRED_KINDS else optional).append(name)
    return Parameters(
        positional_only,
        required,
        optional,
        _bound_names(signature, api),
        var_keyword=ARG_STAR2 in signature.arg_kinds,
        misbound=_misbound(unbindable),
        is_builtin=_is_builtin(signature),
    )


def _misbound(unbindable: FuncDef | None) -> str:
    if unbindable is None:
        return ""
    return ADD_CLS if unbindable.is_class else ADD_SELF


def _is_builtin(signature: CallableType) -> bool:
    """
    Return whether *signature* is that of a built-in of Python, which nobody can change.
    """
    definition = signature.type_object() if signature.is_type_obj() else signature.definition
    return definition is not None and definition.fullname.startswith("builtins.")


def is_typed_as_self(signature: CallableType) -> bool:
    """
    Return whether the first parameter of *signature* has the type of ``self`` or ``cls``.

    mypy uses this type for the first parameter of any method without an annotation. Accessed on the
    class, the method is a function, and this parameter accepts any type.
    """
    definition = definition_of(signature)
    if definition is None or definition.is_static or definition.arg_names != signature.arg_names:
        return False
    own = get_proper_type(signature.arg_types[0])
    if isinstance(own, TypeType):
        own = own.item
    return isinstance(own, Instance) and own.type is definition.info


def without_first(signature: CallableType) -> CallableType | None:
    """
    Return *signature* after one argument is passed by position; None if this is not possible.
    """
    kind = next(iter(signature.arg_kinds), None)
    if kind is ARG_STAR:
        return signature
    if kind is None or not kind.is_positional():
        return None
    return signature.copy_modified(
        arg_types=signature.arg_types[1:],
        arg_kinds=signature.arg_kinds[1:],
        arg_names=signature.arg_names[1:],
    )


def _is_known(signature: CallableType) -> bool:
    if signature.is_ellipsis_args or signature.param_spec() is not None:
        return False
    if signature.name is not None or signature.is_type_obj():
        return True
    # ``Callable[[A, B], R]`` has no names, and the common type of several functions only those
    # that all have at the same place: the function may fit. The type of a lambda is implicit, but
    # complete.
    parameters = zip(signature.arg_names, signature.arg_kinds, strict=True)
    if any(name is None and kind in REQUIRED_KINDS for name, kind in parameters):
        return signature.implicit and signature.definition is None
    return any(signature.arg_names) or signature.implicit


def _with_unpacked(signature: CallableType, decorated: FuncDef | None) -> CallableType:
    """
    Return *signature* with its ``**kwargs: Unpack[...]``.

    Where a signature is copied, as for a ``ParamSpec`` or a partial, mypy replaces this parameter
    by one for each key.
    """
    if ARG_STAR2 in signature.arg_kinds or signature.implicit:
        return signature
    definition = signature.definition if decorated is None else decorated
    if isinstance(definition, Decorator):
        definition = definition.func
    declared = definition.type if isinstance(definition, FuncDef) else None
    if isinstance(declared, CallableType) and declared.unpack_kwargs:
        return _repacked(signature, declared)
    by_keyword = {
        name
        for name, kind in zip(signature.arg_names, signature.arg_kinds, strict=True)
        if kind.is_named()
    }
    written = definition.arg_names if isinstance(definition, FuncDef) else ()
    # Keyword-only parameters of unknown origin may be these keys.
    return signature if by_keyword.issubset(written) else _with_kwargs(signature)


def _repacked(signature: CallableType, declared: CallableType) -> CallableType:
    unpacked = cast("TypedDictType", get_proper_type(declared.arg_types[-1]))
    # A partial that binds a key makes it optional.
    expected = {
        key: ARG_NAMED if key in unpacked.required_keys else ARG_NAMED_OPT for key in unpacked.items
    }
    parameters = zip(signature.arg_names, signature.arg_kinds, signature.arg_types, strict=True)
    left = [part for part in parameters if part[0] is None or expected.get(part[0]) != part[1]]
    if len(left) + len(expected) != len(signature.arg_names):
        return _with_kwargs(signature)
    return signature.copy_modified(
        arg_names=[*(name for name, _, _ in left), declared.arg_names[-1]],
        arg_kinds=[*(kind for _, kind, _ in left), ARG_STAR2],
        arg_types=[*(typ for _, _, typ in left), declared.arg_types[-1]],
        unpack_kwargs=True,
    )


def _with_kwargs(signature: CallableType) -> CallableType:
    return signature.copy_modified(
        arg_names=[*signature.arg_names, None],
        arg_kinds=[*signature.arg_kinds, ARG_STAR2],
        arg_types=[*signature.arg_types, AnyType(TypeOfAny.special_form)],
    )


def _without_variables(signature: CallableType) -> CallableType:
    """
    Return *signature* with ``Any`` instead of its own type variables, which may be any type.
    """
    if not signature.variables:
        return signature
    anything = AnyType(TypeOfAny.special_form)
    bare = signature.copy_modified(variables=[])
    return expand_type(bare, {variable.id: anything for variable in signature.variables})


def _bound_names(signature: CallableType, api: CheckerPluginInterface) -> list[str]:
    """
    Return the names of parameters bound by position: ``self``, ``cls``, arguments of a partial.
    """
    definition = definition_of(signature)
    # A callable without parameters does not get keys.
    if definition is None or definition.fullname == "builtins.object.__init__":
        return []
    count = len(definition.arg_names) - len(signature.arg_names)
    start = int(_is_method_in_stub(definition, api))
    # mypy also omits a keyword-only parameter that a partial binds by mistake.
    return [
        name
        for name, kind in zip(definition.arg_names[:count], definition.arg_kinds, strict=False)
        if name is not None and kind.is_positional()
    ][start:]


def _is_method_in_stub(definition: FuncDef, api: CheckerPluginInterface) -> bool:
    """
    Return whether *definition* is a method in a stub, where ``self`` may have another name.

    A stub of a mock says ``self``, for a parameter that is positional-only.
    """
    if not definition.info or definition.is_static:
        return False
    tree = api.modules.get(definition.info.module_name)  # type: ignore[attr-defined]  # the checker's
    return tree is not None and tree.is_stub


def _unbindable(signature: CallableType) -> FuncDef | None:
    """
    Return the ``__call__`` of *signature* if it has no ``self`` parameter; None otherwise.

    For other methods, mypy reports this itself.
    """
    definition = definition_of(signature)
    if definition is None or definition.name != "__call__" or not definition.info:
        return None
    first = next(iter(definition.arg_kinds), None)
    takes_self = first is not None and (first.is_positional() or first is ARG_STAR)
    return None if takes_self or definition.is_static else definition


def _positional_name(signature: CallableType, index: int, module: MypyFile) -> str:
    """
    Return the name of a positional-only parameter.

    Types do not contain it. The function does, but not if it comes from mypy's cache. So it is only
    used in the current module, so that cold and warm runs have the same messages.
    """
    definition = definition_of(signature)
    if definition is not None and _stands_in(definition, module):
        arguments = definition.arguments
        position = index + len(arguments) - len(signature.arg_names)
        return arguments[position].variable.name
    return f"parameter {index + 1}"


def _stands_in(definition: FuncDef, module: MypyFile) -> bool:
    """
    Return whether a function or method is defined in *module* itself, not in a submodule of it.
    """
    name = definition.fullname.removeprefix(f"{module.fullname}.")
    if name == definition.fullname:
        return "." not in name  # local functions have no module in their name
    symbol = module.names.get(name.partition(".")[0])
    return symbol is not None and not isinstance(symbol.node, MypyFile)
