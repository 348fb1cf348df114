"""
Which signals there are, and which of them an expression is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mypy import nodes
from mypy.types import Instance, TypeVarType, UnionType, get_proper_type

from typed_signals.cli.output import shown
from typed_signals.mypy.lib.declared_types import read_signal
from typed_signals.mypy.lib.fullnames import BASE_SIGNAL, DJANGOS_SIGNAL
from typed_signals.mypy.lib.third_party import written_full_name

from .build import absolute
from .comments import Comments
from .model import Key, Place, SignalFact, SignalKind
from .program import is_any
from .values import NAMESPACE, OF_KEYWORDS, Value, called_name

if TYPE_CHECKING:
    from mypy.nodes import Expression, MypyFile, TypeInfo, Var
    from mypy.types import Type

    from .program import Assigned, Site
    from .values import Values
    from .writable import Writer

_BLINKERS: Final = "blinker.base.Signal"
_CELERYS: Final = "celery.utils.dispatch.signal.Signal"
_ENGINES: Final[dict[str, SignalKind]] = {
    BASE_SIGNAL: "typed",
    DJANGOS_SIGNAL: "django",
    _BLINKERS: "blinker",
    _CELERYS: "other",
}
# As they are imported, if their package is not installed.
_IMPORTED: Final[dict[str, str]] = {
    "django.dispatch.Signal": DJANGOS_SIGNAL,
    "django.dispatch.dispatcher.Signal": DJANGOS_SIGNAL,
    "django.db.models.signals.ModelSignal": DJANGOS_SIGNAL,
    "blinker.Signal": _BLINKERS,
    "blinker.NamedSignal": _BLINKERS,
    "blinker.signal": _BLINKERS,
}


class Engine(NamedTuple):
    """
    The class of a signal.
    """

    kind: SignalKind
    fullname: str


class Found(NamedTuple):
    """
    What an expression is, if it is a signal, or may be.
    """

    names: tuple[str, ...] = ()
    """The full names of the signals that it may be."""

    parameters: tuple[Var, ...] = ()
    """The parameters of functions that it may be."""

    why_unknown: str = ""


class Signals:
    """
    All signals that the project defines or uses.
    """

    def __init__(self, values: Values, writer: Writer, place_of: PlaceOf) -> None:
        self._values = values
        self._program = values.program
        self._writer = writer
        self._place_of = place_of
        self._comments = Comments()
        self._of: dict[Expression, str] = {}
        """The signals that are made by an expression."""
        definitions = self._program.definitions
        own = [one for one in definitions if not _is_local(one[0], one[2])]
        local = [one for one in definitions if _is_local(one[0], one[2])]
        self._defined = {value for _, value, _ in own}
        """What is assigned to names of modules and to attributes."""
        self._named: dict[tuple[str, str], str] = {}
        """blinker's signals, by namespace and name."""
        self.facts: dict[str, SignalFact] = {}
        self._aliases: dict[str, set[str]] = {}
        # What a function creates and returns is the signal of its caller.
        for target, value, site in [*own, *local]:
            name = self._full_name(target, site)
            if name is not None:
                self._define(name, value, site, target)
        for variable, assigned in self._program.values.items():
            for one in assigned:
                self._define_part(variable, one)
        for decorator, site in self._program.decorators:
            self._define_decorated(decorator, site)

    def engine_of(self, typ: Type | None) -> Engine | None:
        """
        Return the class of a signal of the type *typ*; None for other types.
        """
        proper = get_proper_type(typ)
        if isinstance(proper, TypeVarType):
            proper = get_proper_type(proper.upper_bound)
        if isinstance(proper, UnionType):
            found = [self.engine_of(item) for item in proper.items]
            known = [one for one in found if one is not None]
            return known[0] if known else None
        return engine_of_class(proper.type) if isinstance(proper, Instance) else None

    def is_signal_class(self, info: TypeInfo) -> bool:
        """
        Return whether *info* is a class of signals.
        """
        return engine_of_class(info) is not None

    def _define(
        self, name: str, value: Expression, site: Site, target: Expression | None = None
    ) -> None:
        """
        Note the signals that *value* creates.

        Args:
            name: the full name of what gets it.
            value: what is assigned.
            site: where that is.
            target: the variable or attribute, if the value is all that it gets.
        """
        parts: list[tuple[str, Expression]] = []
        match value:
            case nodes.DictExpr(items=items):
                for key, item in items:
                    label = key.value if isinstance(key, nodes.StrExpr) else "..."
                    parts.append((f"{name}[{label!r}]", item))
            case nodes.ListExpr(items=items) | nodes.TupleExpr(items=items):
                parts += [(f"{name}[{number}]", item) for number, item in enumerate(items)]
            case nodes.DictionaryComprehension(value=item):
                parts.append((f"{name}[...]", item))
            case (
                nodes.ConditionalExpr(if_expr=one, else_expr=other)
                | nodes.OpExpr(op="or" | "and", left=one, right=other)
            ):
                for each in (one, other):
                    self._define(name, each, site, target)
            case nodes.CallExpr(args=arguments) if called_name(value) in OF_KEYWORDS:
                form = "{}.{}" if called_name(value) == NAMESPACE else "{}[{!r}]"
                for keyword, item in zip(value.arg_names, arguments, strict=True):
                    parts += [(form.format(name, keyword), item)] if keyword else []
            case _:
                self._define_item(name, value, site, target)
        for label, item in parts:
            self._define_item(label, item, site)

    def _define_part(self, variable: Var, one: Assigned) -> None:
        """
        Note the signal that a variable gets as a part of something: ``left, right = made()``.
        """
        is_named = "." in variable.fullname and variable.fullname not in self.facts
        if not (is_named and one.path) or one.in_loop or -1 in one.path:
            return
        leaves = [leaf.expression for leaf in self._values.part_of(one)]
        created = [leaf for leaf in leaves if isinstance(leaf, nodes.CallExpr)]
        engine = self.engine_of(variable.type)
        if engine is not None and len(created) == len(leaves) and not self._of.keys() & {*leaves}:
            self._of.update(dict.fromkeys(created, variable.fullname))
            self._add(variable.fullname, engine, one.value, one.site, variable.type)

    def _define_decorated(self, decorator: nodes.Decorator, site: Site) -> None:
        """
        Note the signal that a function is under its decorator, or that a property creates.
        """
        typ = decorator.var.type
        name = decorator.fullname
        if decorator.func.is_property:
            for value in self._values.returned(decorator.func, None):
                self._define(name, value.expression, site)
        elif (engine := self.engine_of(typ)) is not None:
            self._add(name, engine, decorator.func, site, typ)

    def _define_item(
        self, name: str, value: Expression, site: Site, target: Expression | None = None
    ) -> None:
        if not isinstance(value, nodes.CallExpr) or value in self._of:
            return
        typ = self._program.type_of(value)
        engine = self._engine_at(value, site.module)
        if engine is None and not (is_any(typ) and self._program.called(value)):
            return
        made = [
            one.expression for one in self._values.of(Value(value)) if one.expression is not value
        ]
        engines = (self._engine_at(one, site.module) for one in made)
        engine = engine or next(filter(None, engines), None)
        if engine is None:
            return
        if any(one in self._defined or not isinstance(one, nodes.CallExpr) for one in made):
            return  # a function returns a signal that exists
        label = self._label(value)
        if label is not None:
            name = self._named.setdefault(label, name)
            self._of[value] = name
            if name in self.facts:
                return
        self._of[value] = name
        if made:
            self._values.stop_at(value)
        for one in made:
            self._of.setdefault(one, name)
        if name not in self.facts:  # else, it is one of several
            self._add_defined(name, engine, value, site, target)

    def _add_defined(
        self,
        name: str,
        engine: Engine,
        value: nodes.CallExpr,
        site: Site,
        target: Expression | None,
    ) -> None:
        """
        Add a signal that the project defines, perhaps with a declaration for its variable.
        """
        build, typ = self._program.build, self._program.type_of(value)
        if target is None:
            self._add(name, engine, value, site, typ)
            return
        node = target.node if isinstance(target, nodes.RefExpr) else None
        declared = build.declared_type(target, site.module, only_configured=True)
        declared = declared or (node.type if isinstance(node, nodes.Var) else None) or typ
        self._add(name, engine, value, site, declared)
        fact = self.facts[name]
        if fact.payload is None:
            ours = self._declared(build.declared_type(target, site.module))
            self.facts[name] = replace(fact, **ours, is_declared_by_us=bool(ours))

    def _engine_at(self, value: Expression, module: MypyFile) -> Engine | None:
        """
        Return the class of the signal that *value* is; None if it is not known to be one.
        """
        engine = self.engine_of(self._program.type_of(value))
        if engine is None and isinstance(value, nodes.CallExpr):
            engine = self._engine_made(value, module)
        return engine

    def _engine_made(self, call: nodes.CallExpr, module: MypyFile) -> Engine | None:
        """
        Return the class of which *call* makes an instance, in code whose types are not known.
        """
        callee = call.callee
        node = callee.node if isinstance(callee, nodes.RefExpr) else None
        if isinstance(node, nodes.TypeInfo):
            return engine_of_class(node)
        name = written_full_name(module, callee)
        engine = _IMPORTED.get(name)
        return None if engine is None else Engine(_ENGINES[engine], engine)

    @staticmethod
    def _label(call: nodes.CallExpr) -> tuple[str, str] | None:
        """
        Return the namespace and the name of one of blinker's signals.
        """
        callee = call.callee
        name = call.args[0] if call.args else None
        if not isinstance(name, nodes.StrExpr):
            return None
        if isinstance(callee, nodes.MemberExpr) and callee.name == "signal":
            owner = callee.expr.fullname if isinstance(callee.expr, nodes.RefExpr) else ""
            if owner in ("blinker", "blinker.base"):
                owner = ""
            return owner, name.value
        return ("", name.value) if called_name(call).startswith("blinker.") else None

    def _full_name(self, target: Expression, site: Site) -> str | None:
        if isinstance(target, nodes.NameExpr):
            node = target.node
            if not isinstance(node, nodes.Var):
                return None
            if _is_local(target, site) and site.function is not None:
                return f"{site.module.fullname}.{site.function.name}.{target.name}"
            return node.fullname
        assert isinstance(target, nodes.MemberExpr)  # noqa: S101 - there are no other definitions
        info = self._program.class_of(target.expr)
        return None if info is None else f"{info.fullname}.{target.name}"

    def _add(
        self,
        name: str,
        engine: Engine,
        node: nodes.Node,
        site: Site,
        typ: Type | None,
    ) -> None:
        call = node if isinstance(node, nodes.CallExpr) else None
        comment = self._comments.around(site.module.path, node.line, node.end_line or node.line)
        documented = list(comment.names)
        for argument, keyword in zip(
            call.args if call is not None else (),
            call.arg_names if call is not None else (),
            strict=True,
        ):
            items = getattr(argument, "items", ())
            if keyword == "providing_args" or (keyword is None and items):
                documented += [one.value for one in items if isinstance(one, nodes.StrExpr)]
        self.facts[name] = SignalFact(
            name,
            self._place_of(site.module, node),
            engine.kind,
            engine.fullname,
            **self._declared(typ),
            documented=tuple(dict.fromkeys(documented)),
            comment=comment.text,
        )

    def find(self, value: Value, module: MypyFile) -> Found:
        """
        Return which signals *value* may be.

        Args:
            value: the expression.
            module: the module that contains it.
        """
        names: dict[str, None] = {}
        parameters: dict[Var, None] = {}
        unknown: list[Expression] = []
        for one in self._values.of(value):
            name = self._name_of(one.expression, module)
            if name is not None:
                names[name] = None
                continue
            variable = self._values.parameter_at(one)
            if variable is not None:
                parameters[variable] = None
            elif not _is_none(one.expression):
                unknown.append(one.expression)
        for name in names:
            if name not in self.facts:
                self._add_other(name, value.expression, module)
        return Found(tuple(names), tuple(parameters), "" if names else "its code is not known")

    def _name_of(self, expression: Expression, module: MypyFile) -> str | None:
        made = self._of.get(expression)
        if made is not None:
            return made
        if isinstance(expression, nodes.CallExpr):
            label = self._label(expression)
            typ = self._program.type_of(expression)
            if label is not None and self.engine_of(typ) is not None:
                return self._named.setdefault(
                    label, f"{label[0] or 'blinker'}.signal({label[1]!r})"
                )
            return None
        variable = self._program.variable(expression)
        if isinstance(expression, nodes.RefExpr) and isinstance(expression.node, nodes.Decorator):
            variable = expression.node.var
        if variable is None or variable in self._program.parameters or variable.is_self:
            return None
        if variable.fullname in self.facts:
            return variable.fullname
        typ = self._program.type_of(expression) or variable.type
        if self.engine_of(typ) is not None and variable.fullname.count("."):
            return variable.fullname
        # In a package without types, only a name shows it.
        full = written_full_name(module, expression) if is_any(typ) else ""
        return full if "signals." in full or full.startswith("django.") else None

    def _add_other(self, name: str, expression: Expression, module: MypyFile) -> None:
        """
        Add a signal that another package defines.
        """
        owner = name.rpartition(".")[0]
        in_project = any(
            owner == own or owner.startswith(f"{own}.") for own in self._program.build.own
        )
        engine = self.engine_of(self._program.type_of(expression))
        kind: SignalKind = "other" if engine is None else engine.kind
        if name.startswith("django.") and kind in ("django", "other"):
            kind = "builtin"
        made = "" if engine is None else engine.fullname
        self.facts[name] = SignalFact(
            name,
            None,
            kind,
            made,
            in_project=in_project,
            **self._declared(self._program.build.declared_type(expression, module)),
        )

    def _declared(self, typ: Type | None) -> dict[str, Any]:
        """
        Return the declaration in the type of a signal.
        """
        signal = read_signal(typ)
        if signal is None or (signal.is_open and not signal.types):
            return {}
        types, typed_dict = signal.types, signal.typed_dict
        # The keys of others come from mypy's cache, which sorts them, or not.
        if typed_dict is not None and typed_dict.fallback.type.module_name in (
            self._program.build.own
        ):
            types = typed_dict.items
        return {
            "payload": {
                key: Key(self._writer.write(each), required=key in signal.required_keys)
                for key, each in types.items()
            },
            "payload_type": None if typed_dict is None else self._writer.write(typed_dict),
            "sender": self._writer.write(signal.sender),
        }

    def note_alias(self, alias: str, name: str) -> None:
        """
        Note that *alias* is another full name of the signal *name*.
        """
        if alias != name:
            self._aliases.setdefault(name, set()).add(alias)

    def all_facts(self) -> list[SignalFact]:
        """
        Return all signals, with their other names.
        """
        for target, value, site in self._program.definitions:
            if not isinstance(value, nodes.CallExpr) and self.engine_of(
                self._program.type_of(value)
            ):
                alias = self._full_name(target, site)
                for name in self.find(Value(value), site.module).names:
                    if alias is not None and alias not in self.facts:
                        self.note_alias(alias, name)
        for module in self._program.build.own.values():
            for exported, symbol in module.names.items() if module.is_package_init_file() else ():
                if symbol.module_public and symbol.fullname in self.facts:
                    self.note_alias(f"{module.fullname}.{exported}", symbol.fullname)
        related = self._related()
        return [
            replace(
                fact,
                aliases=tuple(sorted(self._aliases.get(name, ()))),
                related=tuple(sorted(related.get(name, ()))),
            )
            for name, fact in sorted(self.facts.items())
        ]

    def _related(self) -> dict[str, set[str]]:
        """
        Return the signals that are the same attribute of classes that inherit from each other.
        """
        found: dict[str, set[str]] = {}
        owners = {info.fullname: info for info in self._program.classes}
        for name in self.facts:
            owner, _, attribute = name.rpartition(".")
            for base in owners[owner].mro[1:] if owner in owners else ():
                other = f"{base.fullname}.{attribute}"
                if other in self.facts:
                    found.setdefault(name, set()).add(other)
                    found.setdefault(other, set()).add(name)
        return found


def engine_of_class(info: TypeInfo) -> Engine | None:
    """
    Return what signals of the class *info* are; None for other classes.
    """
    for base in info.mro:
        kind = _ENGINES.get(base.fullname)
        if kind is not None:
            return Engine(kind, info.fullname)
    return None


def _is_local(target: Expression, site: Site) -> bool:
    """
    Return whether *target* is a variable of a function.
    """
    node = target.node if isinstance(target, nodes.NameExpr) else None
    is_global = isinstance(node, nodes.Var) and node.fullname.startswith(f"{site.module.fullname}.")
    return isinstance(target, nodes.NameExpr) and site.function is not None and not is_global


def _is_none(expression: Expression) -> bool:
    return isinstance(expression, nodes.NameExpr) and expression.fullname == "builtins.None"


class PlaceOf:
    """
    Turns nodes into places.
    """

    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, module: MypyFile, node: nodes.Context) -> Place:
        """
        Return where *node* is.
        """
        return Place(shown(Path(absolute(module.path)), self._root), node.line, node.column)
