"""
Unions, and references to types that contain themselves.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, final

from typed_signals._declare.annotations import is_alias
from typed_signals._shared.messages import same_names_problem

from .kind import Definitions, Kind
from .problems import CannotTravel
from .scalars import INTEGER, SCALARS, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_FLOATING: Final = SCALARS[float]


@final
class Recursive(Kind):
    """
    An alias of a type that contains this alias.
    """

    kind: Kind
    """What it stands for, when that was read."""

    def __init__(self, alias: Any) -> None:
        """
        Args:
            alias: the alias, or a type without a name.
        """
        self.name = alias.__name__ if is_alias(alias) else "..."
        self.definition = f"{alias.__module__}.{self.name}" if is_alias(alias) else "recursive"

    @property
    def wires(self) -> tuple[type, ...]:  # type: ignore[override] # known later
        return self.kind.wires

    def dump(self, value: Any) -> Any:
        return self.kind.dump(value)

    def load(self, wire: Any) -> Any:
        return self.kind.load(wire)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return definitions.refer(self, self.definition, lambda: self.kind.schema(definitions))


@final
class Union(Kind):
    """
    A union.

    A value is written like its member, if JSON shows which member that is; else as an object with
    one key, the type.
    """

    def __init__(self, members: list[Kind]) -> None:
        self.name = " | ".join(member.name for member in members)
        self._stated = members
        # By class of the value: each possible member, and the type if that is written.
        self._members: dict[type, list[tuple[str | None, Kind]]] = {}
        self._others: list[tuple[str | None, Kind]] = []
        self._by_wire: dict[type, Kind] = {}
        self._by_name: dict[str, Kind] = {}

    def settle(self) -> None:
        """
        Find out how the members are told apart.

        Raises:
            CannotTravel: they cannot be.
        """
        members = list(self._distinct())
        counts = Counter(wire for member in members for wire in member.wires)
        alike = {wire for wire, count in counts.items() if count > 1}
        if alike:
            alike.add(dict)  # how the type is written
        for member in members:
            is_named = not alike.isdisjoint(member.wires)
            choice = (member.label if is_named else None, member)
            for cls in member.classes:
                self._members.setdefault(cls, []).append(choice)
            if not member.classes:
                self._others.append(choice)
            if not is_named:
                self._by_wire |= dict.fromkeys(member.wires, member)
            elif member.label in self._by_name:
                raise CannotTravel(*same_names_problem(member.label))
            else:
                self._by_name[member.label] = member
        self.classes = () if self._others else tuple(self._members)
        self.wires = (*self._by_wire, *((dict,) if self._by_name else ()))

    def _distinct(self) -> Iterator[Kind]:
        """
        Yield the members, without those of which another one has all values.
        """
        members = list(dict.fromkeys(self._flat()))
        whole = {cls for each in members if not isinstance(each, Literal) for cls in each.classes}
        listed: list[object] = []
        for member in members:
            if isinstance(member, Literal):
                listed += [value for value in member.values if type(value) not in whole]
            elif member is not INTEGER or _FLOATING not in members:
                yield member
        if listed:
            yield Literal(listed)

    def _flat(self, outer: tuple[Union, ...] = ()) -> Iterator[Kind]:
        """
        Yield the members, and those of unions in the place of one.

        Args:
            outer: the unions around this one.
        """
        for each in self._stated:
            member = each.kind if isinstance(each, Recursive) else each
            if not isinstance(member, Union):
                yield member
            elif member not in outer:
                yield from member._flat((*outer, self))

    def dump(self, value: Any) -> Any:
        choices = self._members.get(type(value), self._others)
        if not choices:
            raise self.wrong_type(value)
        for name, member in choices:
            try:
                wire = member.dump(value)
            except CannotTravel:
                if len(choices) == 1:
                    raise
            else:
                return wire if name is None else {name: wire}
        raise CannotTravel(f'fits no member of "{self.name}"', "pass a value of this type")

    def load(self, wire: Any) -> Any:
        if (member := self._by_wire.get(type(wire))) is not None:
            return member.load(wire)
        if type(wire) is dict and len(wire) == 1:
            ((name, inner),) = wire.items()
            if name in self._by_name:
                return self._by_name[name].load(inner)
        raise self.unreadable(wire)

    def _recursive(self) -> Recursive | None:
        """
        Return a member that contains this union; None if there is none.
        """
        for each in self._stated:
            found = each._recursive() if isinstance(each, Union) else each
            if isinstance(found, Recursive):
                return found
        return None

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if (recursive := self._recursive()) is None:
            return self._described(definitions)
        name = recursive.definition
        return definitions.refer(self, name, lambda: self._described(definitions))

    def _described(self, definitions: Definitions) -> dict[str, Any]:
        bare = dict.fromkeys(self._by_wire.values())
        schemas = [member.schema(definitions) for member in bare]
        for name, member in self._by_name.items():
            schemas.append(
                {
                    "type": "object",
                    "properties": {name: member.schema(definitions)},
                    "required": [name],
                    "additionalProperties": False,
                }
            )
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
