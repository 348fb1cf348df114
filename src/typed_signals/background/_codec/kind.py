"""
What one type is in JSON: the base class of all kinds of types.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, final

from typed_signals._shared.messages import class_name, shown

from .problems import CannotTravel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Kind(ABC):
    """
    What the values of one type are in JSON.

    Attributes:
        name: the type, in messages.
        classes: the exact classes of the values; empty if they are not known.
        wires: the classes of what is written: of None, bool, int, float, str, list and dict.
        own_schema: the JSON Schema of what is written, if it does not refer to others.
    """

    name: str
    classes: tuple[type, ...]
    wires: tuple[type, ...]
    own_schema: Mapping[str, Any]

    @property
    def label(self) -> str:
        """
        What is written with its values in a union whose members are alike in JSON.
        """
        return self.name

    @abstractmethod
    def dump(self, value: Any) -> Any:
        """
        Return *value* as None, bool, int, float, str, list or dict, which JSON keeps.

        Raises:
            CannotTravel: :meth:`load` would not return an equal value of the same type.
        """

    @abstractmethod
    def load(self, wire: Any) -> Any:
        """
        Return the value that :meth:`dump` wrote as *wire*.

        Raises:
            CannotTravel: it does not fit the type.
        """

    def schema(self, definitions: Definitions) -> dict[str, Any]:  # noqa: ARG002 - of others
        """
        Return the JSON Schema of what :meth:`dump` writes.

        Args:
            definitions: gets the schemas that this one refers to.
        """
        return dict(self.own_schema)

    def wrong_type(self, value: object) -> CannotTravel:
        """
        Return the refusal of a *value* of another type.
        """
        if issubclass(type(value), self.classes):
            fix = f"it would come back as {self.name}, pass exactly that"
        else:
            fix = "pass a value of this type"
        return CannotTravel(f'has type "{class_name(value)}", not "{self.name}"', fix)

    def unreadable(self, wire: object) -> CannotTravel:
        """
        Return the refusal of what arrived instead of this kind.
        """
        return CannotTravel(f'arrived as {shown(wire)}, not as "{self.name}"')


@final
class Definitions(dict[str, Any]):
    """
    Schemas by name, for ``$defs``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[object, str] = {}

    def refer(self, key: object, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """
        Return a reference to the schema of *key*, which *make* returns.

        Args:
            key: what the schema is of.
            name: its name, unless something else has that.
            make: called once.
        """
        if key not in self._names:
            unique, number = name, 1
            while unique in self:
                number += 1
                unique = f"{name}_{number}"
            self._names[key] = unique
            self[unique] = {}  # it may refer to itself
            self[unique] = make()
        return {"$ref": f"#/$defs/{self._names[key]}"}
