"""
What travels: the values of which types can be sent to another process, and how.

Values are written as JSON, from our own reading of the declared types. What does not come back
equal and of the same type is refused: types by :func:`codec_of`, values by :meth:`Codec.dump`.
Nothing is ever imported for a value.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, final

from typed_signals._shared.messages import shown
from typed_signals.exceptions import DeliveryError

from .classes import class_named, name_of_class
from .kind import Definitions, Kind
from .problems import CannotTravel
from .reading import Adapter, Reader, is_hashable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Adapter",
    "CannotTravel",
    "Codec",
    "Definitions",
    "Kind",
    "class_named",
    "codec_of",
    "codec_or_problem",
    "name_of_class",
    "register_adapter",
]

# Of values whose type contains itself. Readers of JSON refuse about 1000 levels.
_MOST_LEVELS: Final = 100

_MOST_KNOWN: Final = 1000

_adapters: Final[list[Adapter]] = []


def register_adapter(adapter: Adapter) -> None:
    """
    Let *adapter* decide first about classes, and about ``type[cls]``.

    Args:
        adapter: called with one of them; returns its kind, or None if it does not know it.
    """
    _adapters.append(adapter)
    _known_codec.cache_clear()


def codec_of(stated: Any) -> Codec:
    """
    Return how the values of a type travel.

    Args:
        stated: the type, without names in strings.

    Raises:
        CannotTravel: its values do not come back equal and of the same type.
    """
    return _known_codec(stated) if is_hashable(stated) else _read(stated, {}, {})


@lru_cache(_MOST_KNOWN)
def _known_codec(stated: Any) -> Codec:
    return _read(stated, {}, {})


def codec_or_problem(
    annotation: Any, namespace: Mapping[str, Any], bound: Mapping[Any, Any]
) -> Codec | CannotTravel:
    """
    Return how the values of an annotation travel, or why they cannot.

    This is for ``evaluated_types_of`` of a declaration.

    Args:
        annotation: the type, or a string or ``ForwardRef`` that names it.
        namespace: where names are looked up.
        bound: what this function returned for the type variables.
    """
    try:
        return _read(annotation, namespace, bound)
    except CannotTravel as problem:
        return problem


def _read(annotation: Any, namespace: Mapping[str, Any], bound: Mapping[Any, Any]) -> Codec:
    kinds = {
        variable: each.kind if isinstance(each, Codec) else each for variable, each in bound.items()
    }
    if "django.db.models" in sys.modules:
        from typed_signals.django import _model_references  # noqa: F401 - it adds its adapter
    reader = Reader(_adapters)
    kind = reader.read_whole(annotation, namespace, kinds)
    codecs = [each for each in bound.values() if isinstance(each, Codec)]
    return Codec(
        kind,
        is_recursive=reader.is_recursive or any(each.is_recursive for each in codecs),
        has_records=reader.has_records or any(each.has_records for each in codecs),
    )


@final
class Codec:
    """
    How the values of one type travel.

    Attributes:
        kind: what the type is.
        is_recursive: whether it contains itself.
        has_records: whether it contains classes, other than TypedDicts, whose code may run.
    """

    __slots__ = ("has_records", "is_recursive", "kind")

    def __init__(self, kind: Kind, *, is_recursive: bool, has_records: bool) -> None:
        self.kind = kind
        self.is_recursive = is_recursive
        self.has_records = has_records

    @property
    def name(self) -> str:
        """
        The name of the type, for messages.
        """
        return self.kind.name

    def dump(self, value: object) -> Any:
        """
        Return *value* as None, bool, int, float, str, list or dict, which JSON keeps.

        Raises:
            CannotTravel: it would not come back equal and of the same type.
        """
        try:
            wire = self.kind.dump(value)
            if self.is_recursive:
                _check_levels(wire)
            if self.has_records:
                _check_equal(self.kind.load(wire), value)
        except CannotTravel:
            raise
        except RecursionError as error:
            raise _too_deep() from error
        except Exception as error:  # of user code
            raise CannotTravel(f"cannot be read: it raised {shown(error)}") from error
        return wire

    def load(self, wire: object) -> Any:
        """
        Return the value that :meth:`dump` wrote as *wire*.

        Raises:
            CannotTravel: it does not fit the type.
            DeliveryError: it names something that does not exist here.
        """
        try:
            return self.kind.load(wire)
        except (CannotTravel, DeliveryError):
            raise
        except RecursionError as error:
            raise _too_deep() from error
        except Exception as error:  # of user code
            raise CannotTravel(f"cannot be made: it raised {shown(error)}") from error

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """
        Return the JSON Schema (2020-12) of what :meth:`dump` writes.

        Args:
            definitions: gets the schemas to which this one refers as ``#/$defs/...``.
        """
        return self.kind.schema(definitions)


def _check_levels(wire: Any) -> None:
    """
    Raise CannotTravel if *wire* has too many levels for readers of JSON.
    """
    level = [wire]
    for _ in range(_MOST_LEVELS):
        inner: list[Any] = []
        for each in level:
            if type(each) is list:
                inner += each
            elif type(each) is dict:
                inner += each.values()
        if not inner:
            return
        level = inner
    raise _too_deep()


def _check_equal(loaded: object, value: object) -> None:
    """
    Raise CannotTravel if the values are not equal: classes may define what that means.
    """
    if loaded != value:
        raise CannotTravel("would not come back equal", "correct __eq__ or __hash__")


def _too_deep() -> CannotTravel:
    return CannotTravel(
        f"contains itself, or has more than {_MOST_LEVELS} levels", "pass references by id"
    )
