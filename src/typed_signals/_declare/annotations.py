"""
Annotations evaluated as far as they go: what does not exist at run time becomes ``Unknown``.

``typing.get_type_hints`` fails as a whole when one name was imported under ``TYPE_CHECKING``.
A declaration needs little of its annotation (is it ``NotRequired``, which TypedDict is the
payload), so each part is looked up on its own, and nothing in a string is called.
"""

from __future__ import annotations

import builtins
import sys
from collections import ChainMap
from typing import TYPE_CHECKING, Any, Final, ForwardRef, Union, final

from typed_signals._shared.messages import shown
from typed_signals.exceptions import DeclarationError

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

# What may stand around the types that a declaration is read for.
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
    Stands for a part of an annotation that does not exist at run time.

    Attributes:
        text: what to call it in messages.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def annotations_of(namespace: Mapping[str, Any], owner: object) -> Mapping[str, Any]:
    """
    Return the annotations that a module or a class states itself, by name.

    Since Python 3.14, they are evaluated when they are asked for (PEP 649, PEP 749). Names that do
    not exist then are ``ForwardRef``s, and a module that still runs has those that it has passed.

    Args:
        namespace: of *owner*.
        owner: what is annotated.

    Raises:
        DeclarationError: one of them raises whatever its names are.
    """
    annotate = _annotate_function(namespace)
    if sys.version_info >= (3, 14) and callable(annotate):
        from annotationlib import Format, call_annotate_function

        try:
            return call_annotate_function(annotate, Format.FORWARDREF, owner=owner)
        except Exception as error:
            name = getattr(owner, "__name__", "")
            raise DeclarationError(
                f"the annotations of {name} cannot be read, as one raised {shown(error)}: fix it, "
                "or write it as a string"
            ) from error
    stated = namespace.get("__annotations__")
    return stated if isinstance(stated, dict) else {}  # those of ``type`` are descriptors


def annotation_of(name: str, namespace: Mapping[str, Any], owner: object) -> Any:
    """
    Return the annotation of one *name*, as :func:`annotations_of` does; None if it has none.

    What is wrong with the annotations of other names does not matter then.
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
    Return what *annotation* stands for, with ``Unknown`` in place of what cannot be known.

    Args:
        annotation: a type, or a string or ``ForwardRef`` that names one.
        namespace: where names are looked up, before the built-ins. A ``ForwardRef`` that
            knows where it was written is looked up there.
    """
    if isinstance(annotation, ForwardRef):
        namespace = _scope_of(annotation, namespace)
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    import ast  # only needed where annotations are strings

    try:
        expression = ast.parse(annotation.strip(), mode="eval").body
        return _evaluate(expression, namespace)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Unknown(annotation)  # the last two are Python's verdict on what is nested too deeply


def _scope_of(reference: ForwardRef, namespace: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return where the names in *reference* are looked up; *namespace* if it does not know.
    """
    if reference.__forward_module__ is not None:
        return module_namespace(reference.__forward_module__)
    # Python 3.14 makes these of an annotation with an unknown name; in its text, names made up
    # stand for the parts that are known.
    written = getattr(reference, "__globals__", None) or {}
    parts = getattr(reference, "__extra_names__", None) or {}
    return ChainMap(parts, written, dict(namespace))


def backported(name: str) -> Any:
    """
    Return what ``typing_extensions`` calls *name*, or None if nobody imported it.

    It takes longer to import than all of ours, so only those who declare with it pay for it.
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
            return _subscript(_evaluate(value, namespace), _evaluate(index, namespace), node)
        case _:
            return Unknown(ast.unparse(node))


def _attribute(owner: Any, name: str) -> Any:
    # A module imported under TYPE_CHECKING leaves the qualifier's own name to go by.
    if isinstance(owner, Unknown):
        return _known_by_name(name, f"{owner.text}.{name}")
    try:
        return getattr(owner, name)
    except Exception:  # noqa: BLE001
        # The owner's own code decides what it has; nothing is known of the result.
        return _known_by_name(name, name)


def _subscript(origin: Any, arguments: Any, node: ast.expr) -> Any:
    if isinstance(origin, Unknown):
        return origin
    try:
        return origin[arguments]
    except Exception:  # noqa: BLE001
        # The origin's own code decides what it takes; nothing is known of the result.
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
