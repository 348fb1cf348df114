"""
Which signals there are, and which of them an expression is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mypy import nodes
from mypy.types import Instance, TypeVarType, UnionType, get_proper_type

from typed_signals.mypy.lib.declared_types import read_signal
from typed_signals.mypy.lib.fullnames import BASE_SIGNAL, DJANGOS_SIGNAL
from typed_signals.mypy.lib.third_party import written_full_name

from .build import absolute
from .comments import Comments
from .model import Key, Place, SignalFact, SignalKind
from .program import is_any
from .values import Value, called_name

if TYPE_CHECKING:
    from mypy.nodes import Expression, MypyFile, TypeInfo, Var
    from mypy.types import Type

    from .program import Site
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
        self._defined = {value for _, value, _ in self._program.definitions}
        self._named: dict[tuple[str, str], str] = {}
        """blinker's signals, by namespace and name."""
        self.facts: dict[str, SignalFact] = {}
        self._aliases: dict[str, set[str]] = {}
        for target, value, site in self._program.definitions:
            self._define(target, value, site)
        for decorator, site in self._program.decorators:
            engine = self.engine_of(decorator.var.type)
            if engine is not None:
                fullname = decorator.fullname
                self._add(fullname, engine, decorator.func, site, decorator.var.type)

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

    def _define(self, target: Expression, value: Expression, site: Site) -> None:
        name = self._full_name(target, site)
        if name is None:
            return
        if isinstance(value, nodes.DictExpr):
            for key, item in value.items:
                shown = key.value if isinstance(key, nodes.StrExpr) else "..."
                self._define_item(f"{name}[{shown!r}]", item, site)
        elif isinstance(value, (nodes.ListExpr, nodes.TupleExpr)):
            for number, item in enumerate(value.items):
                self._define_item(f"{name}[{number}]", item, site)
        elif isinstance(value, nodes.DictionaryComprehension):
            self._define_item(f"{name}[...]", value.value, site)
        else:
            self._define_item(name, value, site, target)

    def _define_item(
        self, name: str, value: Expression, site: Site, target: Expression | None = None
    ) -> None:
        if not isinstance(value, nodes.CallExpr) or value in self._of:
            return
        typ = self._program.type_of(value)
        engine = self.engine_of(typ) or self._engine_made(value, site.module)
        if engine is None:
            return
        made = [
            one.expression for one in self._values.of(Value(value)) if one.expression is not value
        ]
        if any(one in self._defined or not isinstance(one, nodes.CallExpr) for one in made):
            return  # a function returns a signal that exists
        label = self._label(value)
        if label is not None:
            name = self._named.setdefault(label, name)
            self._of[value] = name
            if name in self.facts:
                return
        self._of[value] = name
        if len(made) == 1:
            self._of.setdefault(made[0], name)
        build, declared = self._program.build, typ
        if target is not None and isinstance(target, nodes.RefExpr):
            node = target.node
            declared = node.type if isinstance(node, nodes.Var) else typ
            declared = build.declared_type(target, site.module, only_configured=True) or declared
        self._add(name, engine, value, site, declared)
        fact = self.facts[name]
        if target is not None and fact.payload is None:
            ours = self._declared(build.declared_type(target, site.module))
            self.facts[name] = replace(fact, **ours, is_declared_by_us=bool(ours))

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
            if site.function is not None and not node.fullname.startswith(
                f"{site.module.fullname}."
            ):
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
            node = one.expression.node if isinstance(one.expression, nodes.RefExpr) else None
            if isinstance(node, nodes.Var) and node in self._program.parameters:
                parameters[node] = None
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
        # In a package without types, a name must tell it.
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
        return {
            "payload": {
                key: Key(self._writer.write(each), required=key in signal.required_keys)
                for key, each in signal.types.items()
            },
            "payload_type": None
            if signal.typed_dict is None
            else self._writer.write(signal.typed_dict),
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
        return [
            SignalFact(
                **{
                    **{key: getattr(fact, key) for key in fact.__dataclass_fields__},
                    "aliases": tuple(sorted(self._aliases.get(name, ()))),
                }
            )
            for name, fact in sorted(self.facts.items())
        ]


def engine_of_class(info: TypeInfo) -> Engine | None:
    """
    Return what signals of the class *info* are; None for other classes.
    """
    for base in info.mro:
        kind = _ENGINES.get(base.fullname)
        if kind is not None:
            return Engine(kind, info.fullname)
    return None


def _is_none(expression: Expression) -> bool:
    return isinstance(expression, nodes.NameExpr) and expression.fullname == "builtins.None"


class PlaceOf:
    """
    Turns nodes into places.
    """

    def __init__(self, root: str) -> None:
        self._root = f"{root.rstrip('/')}/"

    def __call__(self, module: MypyFile, node: nodes.Context) -> Place:
        """
        Return where *node* is.
        """
        path = absolute(module.path)
        return Place(path.removeprefix(self._root).replace("\\", "/"), node.line, node.column)
