"""
Annotations evaluated as far as they go: names that do not exist at run time become ``Any``.

``typing.get_type_hints`` fails as a whole when one name was imported under ``TYPE_CHECKING``.
A declaration needs little of its annotation (is it ``NotRequired``, which TypedDict is the
payload), so each part is looked up on its own, and nothing in the annotation is called.
"""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any, Final, ForwardRef, Union

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


def resolve(annotation: object, namespace: Mapping[str, Any]) -> Any:
    """
    Return what *annotation* stands for, with ``Any`` in place of what cannot be known.

    Args:
        annotation: a type, or a string or ``ForwardRef`` that names one.
        namespace: where names are looked up, before the built-ins. A ``ForwardRef`` that
            knows its own module is looked up there.
    """
    if isinstance(annotation, ForwardRef):
        module = annotation.__forward_module__
        if module is not None:
            namespace = module_namespace(module)
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    import ast  # only needed where annotations are strings

    try:
        expression = ast.parse(annotation.strip(), mode="eval").body
        return _evaluate(expression, namespace)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Any  # the last two are Python's verdict on what is nested too deeply


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
            # A module imported under TYPE_CHECKING leaves the qualifier's own name to go by.
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
            return _subscript(Union, (_evaluate(left, namespace), _evaluate(right, namespace)))
        case ast.Subscript(value=value, slice=index):
            return _subscript(_evaluate(value, namespace), _evaluate(index, namespace))
        case _:
            return Any


def _attribute(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name, _known_by_name(name))
    except Exception:  # noqa: BLE001
        # The owner's own code decides what it has; nothing is known of the result.
        return Any


def _subscript(origin: Any, arguments: Any) -> Any:
    try:
        return origin[arguments]
    except Exception:  # noqa: BLE001
        # The origin's own code decides what it takes; nothing is known of the result.
        return Any


def _look_up(name: str, namespace: Mapping[str, Any]) -> Any:
    try:
        return namespace[name]
    except KeyError:
        return getattr(builtins, name, _known_by_name(name))


def _known_by_name(name: str) -> Any:
    """
    Return the qualifier of that name, or ``Any``.

    ``NotRequired`` itself may have been imported under ``TYPE_CHECKING`` only.
    """
    if name in _QUALIFIERS:
        import typing_extensions

        return getattr(typing_extensions, name)
    return Any
