"""
The payload that a TypedDict states, or the function under ``@Signal.declare``.
"""

from __future__ import annotations

import typing
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Never,
    NotRequired,
    Required,
    Unpack,
    get_args,
    get_origin,
    is_typeddict,
)
from weakref import WeakKeyDictionary

from typed_signals._shared.callables import signature_of
from typed_signals._shared.messages import (
    first_parameter_problem,
    listed,
    not_typed_dict_problem,
    shortened,
    shown,
    unsendable_problem,
)
from typed_signals.exceptions import DeclarationError

from .annotations import Unknown, annotations_of, backported, expand, module_namespace, resolve
from .payload import SIGNAL_ITSELF, Payload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from inspect import Parameter

# A type with more qualifiers contains itself, like ``Own = Annotated["Own", ""]``.
_MOST_QUALIFIERS: Final = 20


def as_typed_dict(candidate: Any) -> Any:
    """
    Return the TypedDict class that *candidate* is or specialises (``K[int]``), or None.
    """
    candidate = get_origin(candidate) or candidate
    is_backported = backported("is_typeddict")
    if is_typeddict(candidate) or (is_backported is not None and is_backported(candidate)):
        return candidate
    return None


def not_typed_dict(stated: Any, name: str, *, is_swapped: bool = False) -> DeclarationError:
    """
    Return the error for the signal *name*, whose payload *stated* is not a TypedDict.
    """
    inner = None
    if stated is type(None):
        text = "None"
    elif len(others := [each for each in get_args(stated) if each is not type(None)]) == 1:
        # Like ``Optional[K]`` and ``type[K]``.
        text, inner = shown(stated), as_typed_dict(others[0])
    else:
        text = shortened(stated.__qualname__) if type(stated) is type else shown(stated)
    inner_name = None if inner is None else inner.__name__
    problem = not_typed_dict_problem(text, is_swapped=is_swapped, inner=inner_name)
    return DeclarationError(f"{name}: {problem}")


# A TypedDict is read once for all signals with this payload.
_from_typed_dict: Final[WeakKeyDictionary[Any, Payload]] = WeakKeyDictionary()


def from_typed_dict(typed_dict: Any) -> Payload:
    """
    Return the payload for a TypedDict class (PEP 589).

    ``__required_keys__`` is wrong if annotations are strings, because the class cannot read
    ``NotRequired`` in them. But it is right about ``total`` for the class of each key.

    Raises:
        DeclarationError: its annotations cannot be read.
    """
    if (known := _from_typed_dict.get(typed_dict)) is not None:
        return known
    required: list[str] = []
    optional: list[str] = []
    namespace = module_namespace(typed_dict.__module__)
    for key, annotation in annotations_in(typed_dict).items():
        stated, _ = qualified(annotation, namespace)
        is_required = key in typed_dict.__required_keys__ if stated is None else stated
        (required if is_required else optional).append(key)
    payload = _from_typed_dict[typed_dict] = Payload(
        typed_dict.__name__, required, optional, extra_items=_has_extra_items(typed_dict)
    )
    return payload


def annotations_in(typed_dict: Any) -> dict[str, Any]:
    """
    Return the annotations of the keys of a TypedDict class, with those of its bases.

    Since Python 3.14, it does not have those of its bases if a tool such as Sphinx assigns to their
    ``__annotations__``.

    Raises:
        DeclarationError: they cannot be read.
    """
    annotations: dict[str, Any] = {}
    for base in vars(typed_dict).get("__orig_bases__", ()):
        if (inherited := as_typed_dict(base)) is not None:
            annotations |= annotations_in(inherited)
    annotations |= annotations_of(vars(typed_dict), typed_dict)
    return annotations


def _has_extra_items(typed_dict: Any) -> bool:
    """
    Return whether a TypedDict may have keys that it does not declare (PEP 728).

    The class itself does not inherit this information.
    """
    own = vars(typed_dict)
    unset = (None, backported("NoExtraItems"), getattr(typing, "NoExtraItems", None))
    if (stated := own.get("__extra_items__")) not in unset:
        _, stated = qualified(stated, module_namespace(typed_dict.__module__))
        return stated is not Never
    return not own.get("__closed__") and any(
        _has_extra_items(base)
        for stated in own.get("__orig_bases__", ())
        if (base := as_typed_dict(stated)) is not None
    )


def qualified(annotation: Any, namespace: Mapping[str, Any]) -> tuple[bool | None, Any]:
    """
    Return whether *annotation* is ``Required`` or ``NotRequired``, None without either; and
    the type inside.

    They may be in any order with ``ReadOnly`` and ``Annotated`` (PEP 655, PEP 705).
    """
    is_required: bool | None = None
    transparent = (Annotated, getattr(typing, "ReadOnly", None), backported("ReadOnly"))
    for _ in range(_MOST_QUALIFIERS):
        annotation = resolve(annotation, namespace)
        origin = get_origin(annotation)
        if origin is Required or origin is NotRequired:
            is_required = origin is Required
        elif origin is None or origin not in transparent:
            break
        annotation = get_args(annotation)[0]
    return is_required, annotation


def from_function(function: Callable[..., object], name: str) -> tuple[Payload, Unknown | None]:
    """
    Return the payload declared by the parameters of the function under ``@Signal.declare``, and
    its unknown part.

    A default, or ``NotRequired`` in the TypedDict of ``**kwargs: Unpack[...]`` (PEP 692), makes
    a key optional. Any other ``**kwargs`` makes the payload open.

    Raises:
        DeclarationError: the parameters of the function are invalid.
    """
    from inspect import Parameter

    required: list[str] = []
    optional: list[str] = []
    positional: list[str] = []
    is_open = has_extra_items = False
    unknown: Unknown | None = None
    for parameter in keyword_parameters(function, name):
        if parameter.kind is Parameter.VAR_KEYWORD:
            stated = unpacked_type(parameter.annotation, function, name)
            if stated is None or isinstance(stated, Unknown):
                is_open, unknown = True, stated
            else:
                unpacked = from_typed_dict(as_typed_dict(stated))
                if twice := sorted(unpacked.keys.intersection(required + optional)):
                    raise DeclarationError(
                        f"{name}: the parameter {listed(twice)} is also a key of {unpacked.name}: "
                        "remove one of the two"
                    )
                required += unpacked.required
                optional += unpacked.optional
                has_extra_items = unpacked.open
        elif parameter.kind is Parameter.VAR_POSITIONAL:
            raise DeclarationError(f"{name}: {unsendable_problem(f'*{parameter.name}')}")
        elif parameter.kind is Parameter.POSITIONAL_ONLY:
            raise DeclarationError(f"{name}: {unsendable_problem(parameter.name)}")
        else:
            is_required = parameter.default is Parameter.empty
            (required if is_required else optional).append(parameter.name)
            if parameter.kind is Parameter.POSITIONAL_OR_KEYWORD:
                positional.append(parameter.name)
    payload = Payload(
        SIGNAL_ITSELF,
        required,
        optional,
        positional=positional,
        open=is_open,
        extra_items=has_extra_items,
    )
    return payload, unknown


def keyword_parameters(function: Callable[..., object], name: str) -> list[Parameter]:
    """
    Return the parameters of *function* except the first, which must be the sender.

    Raises:
        DeclarationError: it is not, or the parameters cannot be read.
    """
    from inspect import Parameter

    try:
        parameters = list(signature_of(function).parameters.values())
    except Exception as error:
        raise DeclarationError(
            f"{name}: inspecting its declaration raised {shown(error)}: use a plain function"
        ) from error
    positional_kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    first = next((each.name for each in parameters[:1] if each.kind in positional_kinds), None)
    if first != "sender":
        names = [parameter.name for parameter in parameters]
        problem = first_parameter_problem(function.__name__, first, names)
        raise DeclarationError(f"{name}: {problem}")
    return parameters[1:]


def unpacked_type(annotation: Any, function: Callable[..., object], name: str) -> Any:
    """
    Return the TypedDict in an annotation ``Unpack[K]``, or ``Unknown``; None for any other
    annotation.

    Raises:
        DeclarationError: ``K`` is not a TypedDict.
    """
    annotation, namespace = expand(annotation, module_namespace(function.__module__))
    if isinstance(annotation, Unknown) and annotation.is_invalid:
        return annotation
    # On Python 3.11, Unpack of typing_extensions is not Unpack of typing.
    origin = get_origin(annotation)
    if origin is None or origin not in (Unpack, backported("Unpack")):
        return None
    stated, _ = expand(get_args(annotation)[0], namespace)
    if not isinstance(stated, Unknown) and as_typed_dict(stated) is None:
        raise not_typed_dict(stated, name)
    return stated
