"""
What a dict that is unpacked into a send contains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mypy import nodes
from mypy.nodes import ARG_NAMED, ARG_STAR, ARG_STAR2
from mypy.types import TypedDictType, get_proper_type

from .program import alternatives_of
from .source_text import source_text
from .values import Frame, Value, called_name, constant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mypy.nodes import Expression, Var
    from mypy.types import Type

    from .program import Assigned, Branches, Change, Program, Site
    from .values import Values

_DEEPEST: Final = 10


class Entry(NamedTuple):
    """
    A key of a dict.
    """

    values: tuple[Value, ...]
    required: bool = True
    type: Type | None = None
    """The declared type of the value."""


class Contents(NamedTuple):
    """
    The keys of a dict.
    """

    keys: dict[str, Entry]

    open: tuple[str, ...] = ()
    """What may contain other keys, as in the source."""

    pending: tuple[Var, ...] = ()
    """The parameters of functions that may contain other keys."""


class Use(NamedTuple):
    """
    Where a dict is used.
    """

    site: Site
    line: int


class Dicts:
    """
    Reads dicts.
    """

    def __init__(self, values: Values) -> None:
        self._values = values
        self._program: Program = values.program

    def of_arguments(
        self, arguments: Iterable[tuple[nodes.ArgKind, str | None, Value]], use: Use
    ) -> Contents:
        """
        Return the keywords of a call.
        """
        found = Contents({})
        for kind, name, value in arguments:
            if kind is ARG_NAMED and name is not None:
                found = _merged(found, Contents({name: Entry((value,))}))
            elif kind is ARG_STAR2:
                found = _merged(found, self.read(value, use))
        return found

    def read(self, value: Value, use: Use, depth: int = 0) -> Contents:
        """
        Return the keys of the dict *value*.

        Args:
            value: the dict.
            use: where it is unpacked.
            depth: the number of steps to here.
        """
        expression, frame = value
        typed = self._typed(expression)
        if typed is not None:
            return typed
        if depth > _DEEPEST:
            return _unknown(expression)
        depth += 1
        match expression:
            case nodes.DictExpr(items=items):
                return self._display(items, frame, use, depth)
            case nodes.CallExpr():
                return self._called(expression, frame, use, depth)
            case (
                nodes.ConditionalExpr(if_expr=one, else_expr=other)
                | nodes.OpExpr(op="or" | "and", left=one, right=other)
            ):
                parts = [self.read(Value(each, frame), use, depth) for each in (one, other)]
                return _alternatives(parts)
            case nodes.OpExpr(op="|", left=one, right=other):
                left = self.read(Value(one, frame), use, depth)
                return _merged(left, self.read(Value(other, frame), use, depth))
            case nodes.AssignmentExpr(value=inner):
                return self.read(Value(inner, frame), use, depth)
            case nodes.NameExpr(fullname="builtins.None"):
                return Contents({})
            case nodes.RefExpr():
                return self._named(expression, frame, use, depth)
        return _unknown(expression)

    def _typed(self, expression: Expression) -> Contents | None:
        if isinstance(expression, nodes.DictExpr):
            return None
        typ = get_proper_type(self._program.type_of(expression))
        if not isinstance(typ, TypedDictType):
            return None
        value = Value(nodes.EllipsisExpr())
        return Contents(
            {
                key: Entry((value,), key in typ.required_keys, each)
                for key, each in typ.items.items()
            }
        )

    def _display(
        self,
        items: Sequence[tuple[Expression | None, Expression]],
        frame: Frame | None,
        use: Use,
        depth: int,
    ) -> Contents:
        found = Contents({})
        for key, item in items:
            if key is None:
                part = self.read(Value(item, frame), use, depth)
            else:
                names = self._keys(key, frame)
                part = _unknown(key) if not names else Contents({})
                for name in names:
                    part.keys[name] = Entry((Value(item, frame),), len(names) == 1)
            found = _merged(found, part)
        return found

    def _keys(self, key: Expression, frame: Frame | None) -> list[str]:
        """
        Return the strings that a key may be; empty if they are unknown.
        """
        found = [constant_of(one.expression) for one in self._values.of(Value(key, frame))]
        names = [one for one in found if isinstance(one, str)]
        return names if len(names) == len(found) else []

    def _called(self, call: nodes.CallExpr, frame: Frame | None, use: Use, depth: int) -> Contents:
        name = called_name(call)
        if isinstance(call.analyzed, nodes.CastExpr):
            return self.read(Value(call.analyzed.expr, frame), use, depth)
        if name == "builtins.dict":
            return self._updated(call, frame, use, depth)
        callee = call.callee
        if name in ("copy.copy", "copy.deepcopy") and call.args:
            return self.read(Value(call.args[0], frame), use, depth)
        if isinstance(callee, nodes.MemberExpr) and callee.name == "copy" and not call.args:
            return self.read(Value(callee.expr, frame), use, depth)
        results = []
        for function in self._program.called(call):
            inner = self._values.bind(call, function, frame)
            for statement, site in self._program.returns.get(function, ()):
                if statement.expr is not None:
                    at = Use(site, statement.line)
                    results.append(self.read(Value(statement.expr, inner), at, depth))
        is_class = isinstance(callee, nodes.RefExpr) and isinstance(callee.node, nodes.TypeInfo)
        return _alternatives(results) if results and not is_class else _unknown(call)

    def _updated(self, call: nodes.CallExpr, frame: Frame | None, use: Use, depth: int) -> Contents:
        """
        Return what ``dict(...)`` or ``update(...)`` gets.
        """
        found = Contents({})
        arguments = zip(call.arg_kinds, call.arg_names, call.args, strict=True)
        for kind, name, argument in arguments:
            value = Value(argument, frame)
            if kind is ARG_NAMED and name is not None:
                part = Contents({name: Entry((value,))})
            elif kind is ARG_STAR:
                part = _unknown(argument)
            else:
                part = self.read(value, use, depth)
            found = _merged(found, part)
        return found

    def _named(
        self, expression: nodes.RefExpr, frame: Frame | None, use: Use, depth: int
    ) -> Contents:
        variable = self._program.variable(expression)
        if variable is None:
            return _unknown(expression)
        if variable in self._program.parameters:
            found = self._of_parameter(variable, frame, depth)
            return self._changed(found, variable, frame, use=use, first=0, depth=depth)
        assigned = self._program.values.get(variable, [])
        is_local = use.site.function is not None and not variable.info
        if is_local:
            assigned = _before(assigned, use)
        if not assigned or any(one.in_loop or one.path for one in assigned):
            return _unknown(expression)
        parts = [
            self.read(Value(one.value, frame), Use(one.site, one.value.line), depth)
            for one in assigned
        ]
        found = _alternatives(parts)
        first = assigned[0].value.line
        return self._changed(found, variable, frame, use=use, first=first, depth=depth)

    def _of_parameter(self, variable: Var, frame: Frame | None, depth: int) -> Contents:
        inner = frame
        while inner is not None and inner.function is not self._program.parameters[variable]:
            inner = inner.outer
        if inner is None:
            return Contents({}, (), (variable,))
        use = self._use_of(inner)
        if variable in inner.given:
            return self.read(inner.given[variable], use, depth)
        if variable is inner.kwargs:
            return self.kwargs_of(inner, depth)
        unpacked = tuple(source_text(one.expression) for one in inner.unpacked)
        found = Contents({}, unpacked or (variable.name,))  # perhaps from *args
        for value in inner.unpacked:
            entry = self.read(value, use, depth).keys.get(variable.name)
            if entry is not None and entry.values:
                return self.read(entry.values[0], use, depth)
        return found

    def kwargs_of(self, frame: Frame, depth: int = 0) -> Contents:
        """
        Return what ``**kwargs`` of a function contains.
        """
        found = Contents({name: Entry((value,)) for name, value in frame.named})
        for value in frame.unpacked:
            found = _merged(found, self.read(value, self._use_of(frame), depth))
        own = {one.variable.name for one in frame.function.arguments if not one.kind.is_star()}
        return found._replace(keys={k: v for k, v in found.keys.items() if k not in own})

    def given(self, variable: Var, frame: Frame | None) -> list[Value]:
        """
        Return what a parameter gets in a frame, perhaps from an unpacked dict.
        """
        while frame is not None:
            if variable in frame.given:
                return [frame.given[variable]]
            if frame.function is self._program.parameters.get(variable):
                found = [self.read(value, self._use_of(frame)) for value in frame.unpacked]
                entries = [one.keys.get(variable.name) for one in found]
                return [v for entry in entries if entry is not None for v in entry.values]
            frame = frame.outer
        return []

    def _use_of(self, frame: Frame) -> Use:
        call = frame.call
        return Use(self._program.call_sites[call], call.line)

    def _changed(
        self,
        found: Contents,
        variable: Var,
        frame: Frame | None,
        *,
        use: Use,
        first: int,
        depth: int,
    ) -> Contents:
        """
        Return the contents after the changes of the dict before it is used.
        """
        conditional: dict[str, list[Branches]] = {}
        for change in self._program.changes.get(variable, ()):
            if not _is_before(change, use, first):
                continue
            is_certain = _is_prefix(change.site.branches, use.site.branches)
            part = self._change(change, frame, use, depth)
            removed = self._removed(change, frame)
            if removed is not None:
                entry = found.keys.get(removed)
                if entry is not None:
                    keys = {k: v for k, v in found.keys.items() if k != removed}
                    if not is_certain:
                        keys[removed] = entry._replace(required=False)
                    found = found._replace(keys=keys)
                continue
            if not is_certain:
                for key, entry in part.keys.items():
                    cases = conditional.setdefault(key, [])
                    cases.append(change.site.branches)
                    before = found.keys.get(key)
                    values = entry.values if before is None else (*before.values, *entry.values)
                    is_certain = _are_all(cases, use.site.branches)
                    part.keys[key] = entry._replace(values=values, required=is_certain)
            found = _merged(found, part)
        return found

    def _change(self, change: Change, frame: Frame | None, use: Use, depth: int) -> Contents:
        node = change.node
        if change.key is not None and change.value is not None:
            names = self._keys(change.key, frame)
            if not names:
                return _unknown(change.key)
            value = Value(change.value, frame)
            return Contents({name: Entry((value,), len(names) == 1) for name in names})
        if isinstance(node, nodes.OperatorAssignmentStmt) and change.value is not None:
            return self.read(Value(change.value, frame), use, depth)
        if isinstance(node, nodes.CallExpr) and isinstance(node.callee, nodes.MemberExpr):
            if node.callee.name == "update":
                return self._updated(node, frame, use, depth)
            if node.callee.name == "setdefault" and len(node.args) == 2:
                names = self._keys(node.args[0], frame)
                value = Value(node.args[1], frame)
                return Contents({name: Entry((value,)) for name in names})
        return Contents({})

    def _removed(self, change: Change, frame: Frame | None) -> str | None:
        node, key = change.node, change.key
        if isinstance(node, nodes.CallExpr):
            callee = node.callee
            if not (isinstance(callee, nodes.MemberExpr) and callee.name == "pop" and node.args):
                return None
            key = node.args[0]
        elif change.value is not None or key is None:
            return None
        names = self._keys(key, frame)
        return names[0] if len(names) == 1 else None


def _before(assigned: list[Assigned], use: Use) -> list[Assigned]:
    """
    Return the assignments of which one is the last before the use.
    """
    earlier = [one for one in assigned if one.value.line <= use.line]
    certain = [
        number
        for number, one in enumerate(earlier)
        if _is_prefix(one.site.branches, use.site.branches)
    ]
    return earlier[certain[-1] :] if certain else earlier


def _is_before(change: Change, use: Use, first: int) -> bool:
    is_same = change.site.function is use.site.function or change.site.function in (
        use.site.functions
    )
    return is_same and first <= change.node.line <= use.line


def _is_prefix(branches: Branches, others: Branches) -> bool:
    return others[: len(branches)] == branches


def _are_all(cases: list[Branches], use: Branches) -> bool:
    """
    Return whether one of the branches certainly runs before the use.
    """
    for case in cases:
        node = case[-1][0]
        if isinstance(node, nodes.IfStmt) and node.else_body and _is_prefix(case[:-1], use):
            numbers = {one[-1][1] for one in cases if one[-1][0] is node}
            if len(numbers) == len(alternatives_of(node)):
                return True
    return False


def _unknown(expression: Expression) -> Contents:
    return Contents({}, (source_text(expression),))


def _merged(one: Contents, other: Contents) -> Contents:
    """
    Return the contents of a dict that is updated with another one.
    """
    keys = dict(one.keys)
    for key, entry in other.keys.items():
        before = keys.get(key)
        if before is None or entry.required:
            keys[key] = entry
        else:
            values = (*before.values, *entry.values)
            keys[key] = Entry(values, before.required, before.type or entry.type)
    return Contents(keys, (*one.open, *other.open), (*one.pending, *other.pending))


def _alternatives(parts: Sequence[Contents]) -> Contents:
    """
    Return the contents of a dict that is one of several.
    """
    keys: dict[str, Entry] = {}
    for part in parts:
        for key, entry in part.keys.items():
            before = keys.get(key)
            values = entry.values if before is None else (*before.values, *entry.values)
            required = all(key in one.keys and one.keys[key].required for one in parts)
            keys[key] = Entry(values, required, entry.type)
    return Contents(
        keys,
        tuple(dict.fromkeys(text for part in parts for text in part.open)),
        tuple(dict.fromkeys(one for part in parts for one in part.pending)),
    )
