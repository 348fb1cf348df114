"""
The types of the keys of a payload: as text for listings, and evaluated for checks of values.

For listings, strings are shown as they are written, so that nothing has to exist at run time. What
does not exist there is ``Any`` when it is evaluated.
"""

from __future__ import annotations

import ast
import typing
from collections import ChainMap
from types import MappingProxyType, NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from typed_signals._shared.callables import signature_of
from typed_signals._shared.messages import shown

from .annotations import (
    Unknown,
    backported,
    expand,
    module_namespace,
    resolve,
    scope_of,
)
from .keys import annotations_in, as_typed_dict, keyword_parameters, unpacked_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# A type with more layers contains itself.
_DEEPEST_TYPE: Final = 20

# Returns what an annotation is, in a namespace and with these type arguments.
ReadAnnotation: TypeAlias = "Callable[[Any, Mapping[str, Any], Mapping[Any, Any]], Any]"
_NOTHING_BOUND: Final[Mapping[Any, Any]] = MappingProxyType({})

# The names that stand for other types, and the text of these.
_Replaced: TypeAlias = dict[str, str]


def types_in_typed_dict(stated: Any) -> dict[str, str | None]:
    """
    Return the type of each key of a TypedDict class or of a specialised one (``K[int]``), in the
    order of the declaration.

    Raises:
        DeclarationError: its annotations cannot be read.
    """
    return _shown_keys(stated, {})


def _shown_keys(stated: Any, outer: _Replaced) -> dict[str, str | None]:
    """
    Return the texts of the types of the keys of a TypedDict, with its type arguments.

    Args:
        stated: the class, or a specialised one.
        outer: the texts of the type arguments of the class that inherits from it.
    """
    typed_dict = as_typed_dict(stated)
    namespace = module_namespace(typed_dict.__module__)
    parameters = getattr(typed_dict, "__parameters__", ())
    names = {
        parameter.__name__: shown_type(argument, outer, namespace)
        for parameter, argument in zip(parameters, get_args(stated), strict=False)
    }
    annotations = annotations_in(typed_dict)
    types: dict[str, str | None] = {}
    for key, annotation in annotations.items():
        types[key] = shown_type(annotation, names, namespace)
    for base in _specialised_bases(typed_dict):
        types |= _shown_keys(base, names)
    return types


def _unquoted(annotation: Any, typed_dict: Any) -> Any:
    """
    Return a reference of *typed_dict* as text: its module has no type parameters (PEP 695).
    """
    module = getattr(annotation, "__forward_module__", None)
    is_own = module is not None and module == typed_dict.__module__
    return annotation.__forward_arg__ if is_own else annotation


def _specialised_bases(typed_dict: Any) -> list[Any]:
    """
    Return the bases like ``K[int]``: the annotations of the class have the type variables of these.
    """
    bases = vars(typed_dict).get("__orig_bases__", ())
    return [each for each in bases if get_args(each) and as_typed_dict(each) is not None]


def types_in_function(function: Callable[..., object], name: str) -> dict[str, str | None]:
    """
    Return the type of each key that the function under ``@Signal.declare`` declares; None for a
    parameter without an annotation.

    Raises:
        DeclarationError: the parameters of the function are invalid.
    """
    namespace = module_namespace(function.__module__)
    found: dict[str, str | None] = {}
    for parameter in keyword_parameters(function, name):
        stated: Any = parameter.annotation
        if parameter.kind is not parameter.VAR_KEYWORD:
            is_stated = stated is not parameter.empty
            found[parameter.name] = shown_type(stated, {}, namespace) if is_stated else None
        elif as_typed_dict(unpacked := unpacked_type(stated, function, name)) is not None:
            found |= types_in_typed_dict(unpacked)
    return found


def sender_in_function(function: Callable[..., object]) -> Any:
    """
    Return the type of the parameter ``sender`` of the function under ``@Signal.declare``.
    """
    parameter = signature_of(function).parameters.get("sender")
    stated = Any if parameter is None else parameter.annotation
    return expand(stated, module_namespace(function.__module__))[0]


def types_around_function(function: Callable[..., object]) -> tuple[str | None, str | None]:
    """
    Return the types of the sender and of the response of the function under ``@Signal.declare`` as
    text; None for what is not stated.
    """
    signature, namespace = signature_of(function), module_namespace(function.__module__)
    sender = signature.parameters.get("sender")
    stated = (signature.empty if sender is None else sender.annotation, signature.return_annotation)
    first, last = (
        None if each is signature.empty else shown_type(each, {}, namespace) for each in stated
    )
    return first, last


def typed_dict_in_function(function: Callable[..., object], name: str) -> Any:
    """
    Return the TypedDict in ``**kwargs: Unpack[K]`` of the function under ``@Signal.declare``; None
    without one.

    Raises:
        DeclarationError: the parameters of the function are invalid.
    """
    for parameter in keyword_parameters(function, name):
        if parameter.kind is parameter.VAR_KEYWORD:
            return as_typed_dict(unpacked_type(parameter.annotation, function, name))
    return None


def _evaluated(
    stated: Any,
    namespace: Mapping[str, Any],
    bound: Mapping[Any, Any],
    layers: int = _DEEPEST_TYPE,
) -> Any:
    """
    Return a type without qualifiers and strings in it, and with the type arguments in *bound*.
    """
    if isinstance(stated, list):  # the parameters of a Callable
        return [_evaluated(each, namespace, bound, layers - 1) for each in stated]
    stated, namespace = expand(stated, namespace)
    if isinstance(stated, Unknown) or not layers:
        return Any
    if isinstance(stated, TypeVar):
        return bound.get(stated, Any)
    origin, arguments = get_origin(stated), get_args(stated)
    if origin is None or origin is Literal or not arguments:
        return stated
    evaluated = tuple(_evaluated(each, namespace, bound, layers - 1) for each in arguments)
    if is_qualifier(origin):
        return evaluated[0]
    if evaluated == arguments:
        return stated
    try:
        return (Union if origin is UnionType else origin)[evaluated]
    except Exception:  # noqa: BLE001 - user code may raise anything; the result is unknown
        return Any


def evaluated_in_typed_dict(
    stated: Any,
    outer: Mapping[Any, Any] = _NOTHING_BOUND,
    evaluate: ReadAnnotation = _evaluated,
) -> dict[str, Any]:
    """
    Return the type of each key of a TypedDict class or of a specialised one.

    Args:
        stated: the class, or a specialised one.
        outer: the type arguments of the class that inherits from it, by type variable.
        evaluate: returns what an annotation is, in a namespace, with these type arguments.

    Raises:
        DeclarationError: its annotations cannot be read.
    """
    typed_dict = as_typed_dict(stated)
    parameters = getattr(typed_dict, "__parameters__", ())
    names = {each.__name__: each for each in parameters}
    namespace = ChainMap(names, dict(module_namespace(typed_dict.__module__)))
    arguments = [evaluate(each, namespace, outer) for each in get_args(stated)]
    bound = dict(zip(parameters, arguments, strict=False))
    annotations = annotations_in(typed_dict)
    types = {
        key: evaluate(_unquoted(annotation, typed_dict), namespace, bound)
        for key, annotation in annotations.items()
    }
    for base in _specialised_bases(typed_dict):
        types |= evaluated_in_typed_dict(base, bound, evaluate)
    return types


def evaluated_in_function(
    function: Callable[..., object], name: str, evaluate: ReadAnnotation = _evaluated
) -> dict[str, Any]:
    """
    Return the type of each key that the function under ``@Signal.declare`` declares.

    Args:
        function: the function.
        name: the name of the signal.
        evaluate: as for :func:`evaluated_in_typed_dict`.

    Raises:
        DeclarationError: the parameters of the function are invalid.
    """
    namespace = module_namespace(function.__module__)
    found: dict[str, Any] = {}
    for parameter in keyword_parameters(function, name):
        stated: Any = parameter.annotation
        if parameter.kind is not parameter.VAR_KEYWORD:
            is_stated = stated is not parameter.empty
            annotation = stated if is_stated else Any
            found[parameter.name] = evaluate(annotation, namespace, _NOTHING_BOUND)
        elif as_typed_dict(unpacked := unpacked_type(stated, function, name)) is not None:
            found |= evaluated_in_typed_dict(unpacked, evaluate=evaluate)
    return found


def shown_type(stated: Any, names: _Replaced, namespace: Mapping[str, Any]) -> str:
    """
    Return the text of a type without the qualifiers around it.

    Args:
        stated: the type, or a string or ``ForwardRef`` that names it.
        names: the type variables and other names that are replaced.
        namespace: where qualifiers in strings are looked up.
    """
    if isinstance(stated, ForwardRef):
        # Python 3.14 replaces the known parts of an annotation with an unknown name.
        parts = getattr(stated, "__extra_names__", None) or {}
        names = names | {name: shown_type(part, names, namespace) for name, part in parts.items()}
        return _shown_source(stated.__forward_arg__, names, scope_of(stated, namespace))
    if isinstance(stated, str):
        return _shown_source(stated, names, namespace)
    if isinstance(stated, Unknown):
        return stated.text
    if isinstance(stated, list):  # the parameters of a Callable
        return f"[{', '.join(shown_type(each, names, namespace) for each in stated)}]"
    origin, arguments = get_origin(stated), get_args(stated)
    if not arguments:
        name = _short_name(stated)
        return names.get(name, name)
    if is_qualifier(origin):
        return shown_type(arguments[0], names, namespace)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    texts = [shown_type(argument, names, namespace) for argument in arguments]
    if origin in (Union, UnionType):
        return " | ".join(texts)
    return f"{_short_name(origin)}[{', '.join(texts)}]"


def is_qualifier(origin: object) -> bool:
    """
    Return whether *origin*, of a type, is around the type of a key.
    """
    read_only = (getattr(typing, "ReadOnly", None), backported("ReadOnly"))
    return origin is not None and origin in (Annotated, NotRequired, Required, *read_only)


def _short_name(stated: Any) -> str:
    if stated is NoneType:
        return "None"
    if stated is ...:
        return "..."
    name = getattr(stated, "__qualname__", None) or getattr(stated, "__name__", None)
    return name if isinstance(name, str) else shown(stated)


def _shown_source(text: str, names: _Replaced, namespace: Mapping[str, Any]) -> str:
    """
    Return the *text* of a type without its qualifiers, with the *names* replaced.
    """
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    while isinstance(node, ast.Subscript) and is_qualifier(
        resolve(ast.unparse(node.value), namespace)
    ):
        node = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _shown_source(node.value, names, namespace)
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            each.id = names.get(each.id, each.id)
    return ast.unparse(node)
