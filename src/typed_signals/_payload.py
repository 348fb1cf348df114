"""
What a signal carries: which keys, and which of them always.
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
    final,
    get_args,
    get_origin,
    is_typeddict,
)
from weakref import WeakKeyDictionary

from ._annotations import Unknown, annotations_of, backported, module_namespace, resolve
from ._parameters import signature_of
from ._words import (
    MOST_NAMES,
    RESERVED_KEYS,
    listed,
    not_typed_dict_problem,
    shortened,
    shown,
    suggest,
    unsendable_problem,
)
from .exceptions import DeclarationError, PayloadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, KeysView, Mapping
    from inspect import Parameter

# More than this around a type is one that leads to itself, as ``Own = Annotated["Own", ""]`` does.
_MAX_LAYERS: Final = 20

# How messages call a payload that is no TypedDict.
SIGNAL_ITSELF: Final = "the signal"


@final
class Payload:
    """
    The keys of a signal's payload, as its declaration states them.

    Attributes:
        name: how messages call it: the TypedDict's name, or "the signal".
        required: keys present in every send, in the order of the declaration.
        optional: keys that a send may leave out (PEP 655's ``NotRequired``).
        positional: the keys that may also be passed by position after the sender, as parameters of
            a declaration by function can.
        open: whether a send may carry keys that are not declared, as all of them are for an
            untyped ``Signal()``.
        complete: whether receivers can rely on nothing but what is declared.
        always: what every receiver is passed: the required keys, the sender and the signal.
        sends: the methods that were generated for this payload, by name.
        count_of_sends: how many there were before.
    """

    __slots__ = (
        "always",
        "complete",
        "count_of_sends",
        "keys",
        "name",
        "open",
        "optional",
        "positional",
        "required",
        "required_keys",
        "sends",
    )

    def __init__(
        self,
        name: str,
        required: Iterable[str] = (),
        optional: Iterable[str] = (),
        *,
        positional: Iterable[str] = (),
        open: bool = False,  # noqa: A002 - the word of PEP 728 for it
        extra_items: bool = False,
    ) -> None:
        self.name = name
        self.required = tuple(required)
        self.optional = tuple(optional)
        self.positional = tuple(positional)
        self.open = open or extra_items
        # An open signal declares only a part of what its senders agree on. A TypedDict with
        # ``extra_items`` declares all of it: that a key may be sent is not a promise.
        self.complete = not open
        self.required_keys = frozenset(self.required)
        self.keys = self.required_keys.union(self.optional)
        self.always = self.required_keys.union(RESERVED_KEYS)
        self.sends: dict[str, Callable[..., Any]] = {}
        self.count_of_sends = 0

    def accepts(self, keys: KeysView[str]) -> bool:
        """
        Tell whether a send with *keys* carries what is declared; presence counts, never truth.
        """
        if self.open:
            return keys >= self.required_keys and keys.isdisjoint(RESERVED_KEYS)
        return self.required_keys <= keys <= self.keys

    def by_keyword(self, args: tuple[Any, ...], payload: dict[str, Any]) -> dict[str, Any] | None:
        """
        Return *payload* with the arguments passed by position in it; None if they do not fit.
        """
        named = dict(zip(self.positional, args, strict=False))
        if len(args) > len(self.positional) or not named.keys().isdisjoint(payload):
            return None
        return named | payload

    def refusal(self, keys: KeysView[str], positional: int, where: str) -> PayloadError:
        """
        Return the error for a send with *keys*: it names all that is wrong at once.

        Args:
            keys: the keys of the keyword arguments that were passed.
            positional: how many arguments were passed by position, if they are not to be.
            where: the call to name in the error, like ``shop.pizza_done.send()``.
        """
        missing = [key for key in self.required if key not in keys]
        reserved = [key for key in keys if key in RESERVED_KEYS]
        unexpected = [key for key in keys if not (self.open or key in self.keys or key in reserved)]
        # A misspelt key is usually missing under its right name too, so look there first.
        absent = [*missing, *(key for key in self.optional if key not in keys)]
        complaints = []
        if positional:
            complaints.append(f"{positional} passed by position: pass the payload by keyword")
        if missing:
            complaints.append(f"missing {listed(missing)}")
        for key in unexpected[:MOST_NAMES]:
            meant = suggest(key, absent)
            complaints.append(
                f"unexpected {shown(key)}" + (f" (did you mean {shown(meant)}?)" if meant else "")
            )
        if (rest := len(unexpected) - MOST_NAMES) > 0:
            complaints.append(f"and {rest} more that are unexpected")
        if reserved:
            complaints.append(f"{listed(reserved)} is passed to every receiver and cannot be sent")
        carries = "" if self.open else f"; {self.name} carries {self._summary()}"
        return PayloadError(
            f"{where}: {', '.join(complaints)}{carries}",
            missing=missing,
            unexpected=[*unexpected, *reserved],
        )

    def _summary(self) -> str:
        required = listed(self.required)
        optional = f"optionally {listed(self.optional)}" if self.optional else ""
        return " and ".join(part for part in (required, optional) if part) or "nothing"


# A bare ``Signal()`` says nothing about its payload.
UNDECLARED = Payload(SIGNAL_ITSELF, open=True)


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
    Return the error for the signal *name*, whose payload is *stated* to be no TypedDict.
    """
    if stated is type(None):
        text = "None"
    else:
        text = shortened(stated.__qualname__) if type(stated) is type else shown(stated)
    return DeclarationError(f"{name}: {not_typed_dict_problem(text, is_swapped=is_swapped)}")


# A TypedDict is read once for all signals that carry it.
_from_typed_dict: Final[WeakKeyDictionary[Any, Payload]] = WeakKeyDictionary()


def from_typed_dict(typed_dict: Any) -> Payload:
    """
    Return the payload that a TypedDict class (PEP 589) states.

    ``__required_keys__`` alone is wrong where annotations are strings: there, the class could
    not see ``NotRequired``. It does know whether each key's own class is total.

    Raises:
        DeclarationError: its annotations cannot be read.
    """
    if (known := _from_typed_dict.get(typed_dict)) is not None:
        return known
    required: list[str] = []
    optional: list[str] = []
    namespace = module_namespace(typed_dict.__module__)
    for key, annotation in annotations_of(vars(typed_dict), typed_dict).items():
        stated, _ = _qualified(annotation, namespace)
        is_required = key in typed_dict.__required_keys__ if stated is None else stated
        (required if is_required else optional).append(key)
    payload = _from_typed_dict[typed_dict] = Payload(
        typed_dict.__name__, required, optional, extra_items=_has_extra_items(typed_dict)
    )
    return payload


def _has_extra_items(typed_dict: Any) -> bool:
    """
    Return whether a TypedDict may have keys that it does not declare (PEP 728).

    The class itself does not know what it inherits of this.
    """
    own = vars(typed_dict)
    unset = (None, backported("NoExtraItems"), getattr(typing, "NoExtraItems", None))
    if (stated := own.get("__extra_items__")) not in unset:
        _, stated = _qualified(stated, module_namespace(typed_dict.__module__))
        return stated is not Never
    return not own.get("__closed__") and any(
        _has_extra_items(base)
        for stated in own.get("__orig_bases__", ())
        if (base := as_typed_dict(stated)) is not None
    )


def _qualified(annotation: Any, namespace: Mapping[str, Any]) -> tuple[bool | None, Any]:
    """
    Return what ``Required`` or ``NotRequired`` around *annotation* says, None without either; and
    what is inside.

    They may stand in any order with ``ReadOnly`` and ``Annotated`` (PEP 655, PEP 705).
    """
    is_required: bool | None = None
    transparent = (Annotated, getattr(typing, "ReadOnly", None), backported("ReadOnly"))
    for _ in range(_MAX_LAYERS):
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
    Return the payload that the function under ``@Signal.declare`` states by its parameters, and
    what is unknown of it.

    A default, or ``NotRequired`` in the TypedDict of ``**kwargs: Unpack[...]`` (PEP 692), makes
    a key optional. Any other ``**kwargs`` leaves the payload open.

    Raises:
        DeclarationError: the function does not look like a receiver's declaration.
    """
    from inspect import Parameter

    required: list[str] = []
    optional: list[str] = []
    positional: list[str] = []
    is_open = has_extra_items = False
    unknown: Unknown | None = None
    for parameter in _parameters_after_sender(function, name):
        if parameter.kind is Parameter.VAR_KEYWORD:
            unpacked = _unpacked(parameter.annotation, function, name)
            if not isinstance(unpacked, Payload):
                is_open, unknown = True, unpacked
            else:
                if twice := sorted(unpacked.keys.intersection(required + optional)):
                    raise DeclarationError(
                        f"{name}: the parameter {listed(twice)} is also a key of {unpacked.name}: "
                        "leave one of them out"
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


def _parameters_after_sender(function: Callable[..., object], name: str) -> list[Parameter]:
    """
    Return the parameters of *function* except the first, which must be the sender.
    """
    from inspect import Parameter

    try:
        parameters = list(signature_of(function).parameters.values())
    except Exception as error:
        raise DeclarationError(
            f"{name}: the parameters of the declaration cannot be read: {shown(error)}"
        ) from error
    positional_kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    if not (
        parameters and parameters[0].name == "sender" and parameters[0].kind in positional_kinds
    ):
        raise DeclarationError(
            f"{name}: the first parameter of a declaration must be 'sender': "
            f"def {function.__name__}(sender, ...)"
        )
    return parameters[1:]


def _unpacked(
    annotation: Any, function: Callable[..., object], name: str
) -> Payload | Unknown | None:
    """
    Return the payload in an annotation ``Unpack[K]``, or None for any other annotation.
    """
    namespace = module_namespace(function.__module__)
    annotation = resolve(annotation, namespace)
    # On Python 3.11, that of typing_extensions is not that of typing.
    origin = get_origin(annotation)
    if origin is None or origin not in (Unpack, backported("Unpack")):
        return None
    stated = resolve(get_args(annotation)[0], namespace)
    if isinstance(stated, Unknown):
        return stated
    if (typed_dict := as_typed_dict(stated)) is None:
        raise not_typed_dict(stated, name)
    return from_typed_dict(typed_dict)
