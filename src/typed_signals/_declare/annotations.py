"""
Evaluate annotations partially: names that do not exist at run time become ``Unknown``.

``typing.get_type_hints`` fails completely if one name is imported under ``TYPE_CHECKING`` only.
A declaration needs only a part of its annotation (is it ``NotRequired``, which TypedDict is the
payload), so each part is evaluated separately, and calls in strings are not evaluated.
"""

from __future__ import annotations

import builtins
import sys
import typing
from collections import ChainMap
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    ForwardRef,
    Literal,
    TypeVar,
    Union,
    final,
    get_args,
    get_origin,
)

from typed_signals._shared.messages import shown
from typed_signals.exceptions import DeclarationError

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Mapping

# An alias that stands for more aliases contains itself, like ``type Loop = Loop``.
_MOST_ALIASES: Final = 20

# Qualifiers around the types that are read.
_QUALIFIERS: Final = frozenset(
    {
        "Annotated",
        "ClassVar",
        "Final",
        "NotRequired",
        "Optional",
        "ReadOnly",
        "Required",
        "Union",
        "Unpack",
    }
)


@final
class Unknown:
    """
    A part of an annotation that does not exist at run time.

    Attributes:
        text: its text in messages.
        is_invalid: whether it is not an expression, so that it cannot exist.
    """

    __slots__ = ("is_invalid", "text")

    def __init__(self, text: str, *, is_invalid: bool = False) -> None:
        self.text = text
        self.is_invalid = is_invalid


def annotations_of(namespace: Mapping[str, Any], owner: object) -> Mapping[str, Any]:
    """
    Return the own annotations of a module or a class, by name.

    Since Python 3.14, they are evaluated when they are read (PEP 649, PEP 749). Names that do not
    exist then are ``ForwardRef``s, and a module has only those that were executed.

    Args:
        namespace: the namespace of *owner*.
        owner: the module or class.

    Raises:
        DeclarationError: evaluating one of them raises, and not because of a missing name.
    """
    annotate = _annotate_function(namespace)
    if sys.version_info >= (3, 14) and callable(annotate):
        from annotationlib import Format, call_annotate_function

        try:
            return call_annotate_function(annotate, Format.FORWARDREF, owner=owner)
        except Exception as error:
            name = getattr(owner, "__name__", "")
            raise DeclarationError(
                f"evaluating the annotations of {name} raised {shown(error)}: fix the annotation, "
                "or write it as a string"
            ) from error
    # The second is where Python 3.14 keeps those that were assigned, as by Sphinx.
    stated = namespace.get("__annotations__", namespace.get("__annotations_cache__"))
    return stated if isinstance(stated, dict) else {}  # those of ``type`` are descriptors


def annotation_of(name: str, namespace: Mapping[str, Any], owner: object) -> Any:
    """
    Return the annotation of one *name*, as :func:`annotations_of` does; None if it has none.

    Errors in the annotations of other names are ignored.
    """
    try:
        return annotations_of(namespace, owner).get(name)
    except DeclarationError:
        code = getattr(_annotate_function(namespace), "__code__", None)
        if code is not None and name not in code.co_consts:
            return None
        raise


def _annotate_function(namespace: Mapping[str, Any]) -> Any:
    return namespace.get("__annotate__") or namespace.get("__annotate_func__")


def resolve(annotation: object, namespace: Mapping[str, Any]) -> Any:
    """
    Return the value of *annotation*, with ``Unknown`` for parts that do not exist.

    Args:
        annotation: a type, or a string or ``ForwardRef`` that names one.
        namespace: where names are looked up, before the built-ins. A ``ForwardRef`` with its
            own module is looked up there.
    """
    if isinstance(annotation, ForwardRef):
        namespace = scope_of(annotation, namespace)
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    import ast  # only needed where annotations are strings

    try:
        expression = ast.parse(annotation.strip(), mode="eval").body
        return _evaluate(expression, namespace)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        # It may also be nested too deeply.
        return Unknown(annotation, is_invalid=isinstance(error, (SyntaxError, ValueError)))


def expand(annotation: object, namespace: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    """
    Return the value of *annotation* as :func:`resolve` does, and the namespace for strings in it.

    Type aliases (PEP 695) are replaced by what they stand for, and ``Annotated[K, ...]`` by ``K``.

    Raises:
        DeclarationError: evaluating an alias raises, and not because of a missing name.
    """
    for _ in range(_MOST_ALIASES):
        annotation = resolve(annotation, namespace)
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif is_alias(annotation):
            annotation, namespace = _aliased(annotation, ())
        elif is_alias(origin):
            annotation, namespace = _aliased(origin, get_args(annotation))
        else:
            break
    return annotation, namespace


def is_alias(candidate: object) -> bool:
    """
    Return whether *candidate* is a type alias (PEP 695).
    """
    kinds = (getattr(typing, "TypeAliasType", None), backported("TypeAliasType"))
    return type(candidate) in kinds


def _aliased(alias: Any, arguments: Iterable[Any]) -> tuple[Any, Mapping[str, Any]]:
    """
    Return what *alias* with these type *arguments* stands for, and the namespace for strings in it.
    """
    value: Any
    try:
        # That of typing_extensions has none, before the Python with the newest TypeAliasType.
        if sys.version_info >= (3, 14) and hasattr(alias, "evaluate_value"):
            from annotationlib import Format, call_evaluate_function

            evaluate = alias.evaluate_value
            value = call_evaluate_function(evaluate, Format.FORWARDREF, owner=alias)
        else:
            try:
                value = alias.__value__
            except NameError as error:
                value = Unknown(error.name or alias.__name__)
    except Exception as error:
        raise DeclarationError(
            f"evaluating the type alias {alias.__name__} raised {shown(error)}: fix the alias"
        ) from error
    bound = dict(zip(alias.__type_params__, arguments, strict=False))
    names = {parameter.__name__: argument for parameter, argument in bound.items()}
    if isinstance(value, TypeVar):
        value = bound.get(value, value)
    elif bound and (parameters := getattr(value, "__parameters__", ())):
        value = value[tuple(bound.get(parameter, Any) for parameter in parameters)]
    return value, ChainMap(names, dict(module_namespace(alias.__module__)))


def scope_of(reference: ForwardRef, namespace: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return the namespace for the names in *reference*; *namespace* by default.
    """
    if reference.__forward_module__ is not None:
        return module_namespace(reference.__forward_module__)
    # Python 3.14 creates these for an annotation with an unknown name. In its text, the known parts
    # are replaced by generated names.
    written = getattr(reference, "__globals__", None) or {}
    parts = getattr(reference, "__extra_names__", None) or {}
    return ChainMap(parts, written, dict(namespace))


def backported(name: str) -> Any:
    """
    Return *name* of ``typing_extensions``, or None if that is not imported.

    Importing it takes longer than our whole package, so only users of it have this cost.
    """
    return getattr(sys.modules.get("typing_extensions"), name, None)


def module_namespace(module: object) -> Mapping[str, Any]:
    """
    Return the globals of *module*, given by name or as itself; empty if it is not loaded.
    """
    if isinstance(module, str):
        module = sys.modules.get(module)
    return getattr(module, "__dict__", {})


def _evaluate(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    import ast

    match node:
        case ast.Name(id=name):
            return _look_up(name, namespace)
        case ast.Attribute(value=owner, attr=name):
            return _attribute(_evaluate(owner, namespace), name)
        case ast.Constant(value=str(text)):
            return resolve(text, namespace)
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items):
            return [_evaluate(item, namespace) for item in items]
        case ast.Tuple(elts=items):
            return tuple(_evaluate(item, namespace) for item in items)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            # Not ``left | right``: that fails for None, and runs code of the operands.
            members = (_evaluate(left, namespace), _evaluate(right, namespace))
            return _subscript(Union, members, node)
        case ast.Subscript(value=value, slice=index):
            origin = _evaluate(value, namespace)
            evaluate = _evaluate_literal if origin is Literal else _evaluate
            return _subscript(origin, evaluate(index, namespace), node)
        case _:
            return Unknown(ast.unparse(node))


def _evaluate_literal(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    import ast

    match node:
        case ast.Constant() | ast.UnaryOp():
            return ast.literal_eval(node)
        case ast.Tuple(elts=items):
            return tuple(_evaluate_literal(item, namespace) for item in items)
        case _:  # the member of an enum
            return _evaluate(node, namespace)


def _attribute(owner: Any, name: str) -> Any:
    # If the module is imported under TYPE_CHECKING only, the name of the qualifier is enough.
    if isinstance(owner, Unknown):
        return _known_by_name(name, f"{owner.text}.{name}")
    try:
        return getattr(owner, name)
    except Exception:  # noqa: BLE001
        # User code may raise anything; the result is unknown.
        return _known_by_name(name, name)


def _subscript(origin: Any, arguments: Any, node: ast.expr) -> Any:
    if isinstance(origin, Unknown):
        return origin
    try:
        return origin[arguments]
    except Exception:  # noqa: BLE001
        # User code may raise anything; the result is unknown.
        import ast

        return Unknown(ast.unparse(node))


def _look_up(name: str, namespace: Mapping[str, Any]) -> Any:
    if name in namespace:
        return namespace[name]
    if hasattr(builtins, name):
        return getattr(builtins, name)
    return _known_by_name(name, name)


def _known_by_name(name: str, text: str) -> Any:
    """
    Return the qualifier of that name, or ``Unknown``.

    ``NotRequired`` itself may have been imported under ``TYPE_CHECKING`` only.
    """
    if name in _QUALIFIERS:
        import typing_extensions

        return getattr(typing_extensions, name)
    return Unknown(text)
