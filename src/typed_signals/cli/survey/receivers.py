"""
All receivers of a project, and what they are connected to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mypy import nodes
from mypy.nodes import ARG_NAMED, ARG_POS, ARG_STAR2
from mypy.types import CallableType

from typed_signals.mypy.lib.fullnames import (
    BACKGROUND_CLASS,
    DJANGO_RECEIVER,
    RECEIVER,
    RECEIVER_ON_DJANGO,
)
from typed_signals.mypy.lib.origins import Origins
from typed_signals.mypy.lib.third_party import written_full_name
from typed_signals.mypy.lib.tree_walk import walk

from .model import ReceiverFact, ReceiverParameter
from .program import function_of, is_in_tests
from .source_text import source_text
from .values import Value, called_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import Expression, FuncItem, MypyFile
    from mypy.types import Type

    from .identity import Found, PlaceOf, Signals
    from .inferred_types import TypesByPlace
    from .program import Call, Program, Site
    from .values import Frame, Values
    from .writable import Writer

_RECEIVERS: Final = frozenset(
    {RECEIVER, RECEIVER_ON_DJANGO, DJANGO_RECEIVER, "django.dispatch.receiver"}
    | {"typed_signals.receiver", "typed_signals.django.receiver"}
)
_CONNECTING: Final = frozenset({"connect", "connected", "connected_to", "connect_via"})
_DEEPEST: Final = 3
_DISPLAYS: Final = (nodes.ListExpr, nodes.TupleExpr, nodes.SetExpr)


class _View(NamedTuple):
    """
    The part of mypy's checker that ``Origins`` uses.
    """

    tree: MypyFile
    types: dict[Expression, Type]

    def has_type(self, expression: Expression) -> bool:
        return expression in self.types

    def lookup_type(self, expression: Expression) -> Type:
        return self.types[expression]


class _Connection(NamedTuple):
    """
    A place that connects.
    """

    form: str
    node: nodes.Context
    site: Site
    signal: Expression | None
    receiver: Expression | None
    """None for the function under a decorator."""

    sender: Expression | None
    function: FuncItem | None = None
    """The function under the decorator."""

    in_background: bool = False
    """Whether it runs in the background, or may."""


class Receivers:
    """
    Finds the receivers.
    """

    def __init__(
        self,
        values: Values,
        signals: Signals,
        types: TypesByPlace,
        writer: Writer,
        place_of: PlaceOf,
    ) -> None:
        self._values = values
        self._program: Program = values.program
        self._signals = signals
        self._types = types
        self._writer = writer
        self._place_of = place_of
        self._connected: list[tuple[FuncItem, ReceiverFact]] = []
        self._origins: dict[MypyFile, Origins] = {}
        self._decorating: dict[Expression, nodes.Decorator] = {
            expression: decorator
            for decorator, _ in self._program.decorators
            for expression in decorator.original_decorators
        }

    def all_facts(self) -> list[ReceiverFact]:
        """
        Return all receivers.
        """
        found = [fact for one in self._connections() for fact in self._facts(one)]
        unique = {(fact.place, fact.signal, fact.name, fact.sender_text): fact for fact in found}
        return sorted(unique.values(), key=lambda fact: (fact.place, fact.signal or "", fact.name))

    def connected(self) -> list[tuple[FuncItem, ReceiverFact]]:
        """
        Return the functions of the project that are receivers, once for each signal.
        """
        self._connected.clear()
        self.all_facts()
        return self._connected

    def _connections(self) -> Iterator[_Connection]:
        for decorator, site in self._program.decorators:
            for expression in decorator.original_decorators:
                yield from self._decorated(expression, decorator, site)
        for call in self._program.calls:
            if call.node not in self._decorating:
                yield from self._called(call)

    def _decorated(
        self, expression: Expression, decorator: nodes.Decorator, site: Site
    ) -> Iterator[_Connection]:
        function = decorator.func
        leaves = [expression]
        if isinstance(expression, nodes.RefExpr) and isinstance(expression.node, nodes.Var):
            leaves = [one.expression for one in self._values.of(Value(expression))]
        for leaf in leaves:
            match leaf:
                case nodes.CallExpr() if self._is_receiver(leaf, site.module):
                    signal, sender = self._arguments(leaf, ("signal", "sender"))
                    where = self._in_background(leaf)
                    yield _Connection(
                        "@receiver", leaf, site, signal, None, sender, function, where
                    )
                case nodes.CallExpr(callee=nodes.MemberExpr(expr=base, name=name)) if (
                    name in _CONNECTING
                ):
                    sender = self._keyword(leaf, "sender")
                    if name == "connect_via" and leaf.args:
                        sender = leaf.args[0]
                    form = f"@{name}"
                    yield _Connection(form, leaf, site, base, None, sender, function)
                case nodes.MemberExpr(expr=base, name="connect"):
                    yield _Connection("@connect", leaf, site, base, None, None, function)

    def _called(self, call: Call) -> Iterator[_Connection]:
        node, site = call
        callee = node.callee
        if isinstance(callee, nodes.CallExpr) and self._is_receiver(callee, site.module):
            signal, sender = self._arguments(callee, ("signal", "sender"))
            receiver = node.args[0] if node.args else None
            where = self._in_background(callee)
            yield _Connection(
                "receiver()", node, site, signal, receiver, sender, in_background=where
            )
        elif isinstance(callee, nodes.MemberExpr) and callee.name in _CONNECTING:
            receiver, sender = self._arguments(node, ("receiver", "sender"))
            if receiver is not None:
                yield _Connection(callee.name, node, site, callee.expr, receiver, sender)

    def _is_receiver(self, call: nodes.CallExpr, module: MypyFile) -> bool:
        if called_name(call) in _RECEIVERS or self._is_of_background(call):
            return True
        return written_full_name(module, call.callee) in _RECEIVERS

    def _is_of_background(self, call: nodes.CallExpr) -> bool:
        """
        Return whether *call* is ``background.receiver(...)``.
        """
        callee = call.callee
        if not isinstance(callee, nodes.MemberExpr) or callee.name != "receiver":
            return False
        info = self._program.class_of(callee.expr)
        return info is not None and info.has_base(BACKGROUND_CLASS)

    def _in_background(self, call: nodes.CallExpr) -> bool:
        """
        Return whether *call* of ``receiver`` connects a receiver to run in the background.
        """
        stated = self._keyword(call, "background")
        is_false = isinstance(stated, nodes.NameExpr) and stated.fullname == "builtins.False"
        return self._is_of_background(call) or (stated is not None and not is_false)

    @staticmethod
    def _keyword(call: nodes.CallExpr, name: str) -> Expression | None:
        for argument, kind, key in zip(call.args, call.arg_kinds, call.arg_names, strict=True):
            if kind is ARG_NAMED and key == name:
                return argument
        return None

    def _arguments(self, call: nodes.CallExpr, names: tuple[str, str]) -> list[Expression | None]:
        positional = [
            argument
            for argument, kind in zip(call.args, call.arg_kinds, strict=True)
            if kind is ARG_POS
        ]
        return [
            self._keyword(call, name) or (positional[number] if number < len(positional) else None)
            for number, name in enumerate(names)
        ]

    def _facts(self, one: _Connection) -> Iterator[ReceiverFact]:
        if one.signal is None:
            return
        if one.function is not None:
            for found in self._signals_in(Value(one.signal), one.site.module):
                yield from self._expand(one, found, None, Value(one.sender) if one.sender else None)
            return
        for cases in self._cases(one):
            for signal, receiver, sender in cases:
                for found in self._signals_in(Value(signal or one.signal), one.site.module):
                    to = Value(sender) if sender is not None else None
                    yield from self._expand(one._replace(receiver=receiver), found, None, to)

    def _cases(self, one: _Connection) -> list[list[list[Expression | None]]]:
        """
        Return the signal, the receiver and the sender, for each pass of a loop.
        """
        module = one.site.module
        if module not in self._origins:
            view: Any = _View(module, self._program.build.types)
            self._origins[module] = Origins(
                view, lambda each: bool(self._signals.find(Value(each), module).names)
            )
        return self._origins[module].cases_of(one.signal, one.receiver, one.sender)

    def _signals_in(self, value: Value, module: MypyFile) -> list[Found]:
        """
        Return each signal that *value* is, or contains.
        """
        found: list[Found] = []
        for leaf in self._values.of(value):
            if isinstance(leaf.expression, _DISPLAYS):
                for item in self._values.items(leaf):
                    found += self._signals_in(item, module)
        return found or [self._signals.find(value, module)]

    def _expand(
        self,
        one: _Connection,
        found: Found,
        frame: Frame | None,
        sender: Value | None,
        chain: tuple[Call, ...] = (),
    ) -> Iterator[ReceiverFact]:
        """
        Yield the receivers of a connection; if it depends on a function's arguments, its callers'.
        """
        receiver = Value(one.receiver, frame) if one.receiver is not None else None
        owners = [self._program.parameters[variable] for variable in found.parameters]
        if one.function is None and receiver is not None:
            owners += self._owners(receiver)
        is_expanded = False
        if owners:
            # The outermost one is called first, like the factory of a decorator.
            owner = min(owners, key=lambda each: len(self._program.sites[each].functions))
            for fact in self._of_callers(one, owner, frame, chain):
                is_expanded = True
                yield fact
            for fact in self._of_decorated(one, owner, found, sender):
                is_expanded = True
                yield fact
        if not is_expanded and (found.names or not chain):
            yield from self._described(one, found, receiver, sender, chain)

    def _owners(self, receiver: Value) -> list[FuncItem]:
        """
        Return the functions that *receiver* may be a parameter of.
        """
        found = []
        for leaf in self._values.of(receiver):
            node = leaf.expression.node if isinstance(leaf.expression, nodes.RefExpr) else None
            if (
                isinstance(node, nodes.Var)
                and node in self._program.parameters
                and not node.is_self
            ):
                found.append(self._program.parameters[node])
        return found

    def _of_callers(
        self, one: _Connection, owner: FuncItem, frame: Frame | None, chain: tuple[Call, ...]
    ) -> Iterator[ReceiverFact]:
        if len(chain) >= _DEEPEST or one.signal is None:
            return
        for call in self._program.callers(owner):
            if any(call.node is other.node for other in chain):
                continue
            inner = self._values.bind_around(call, owner, frame)
            sender = Value(one.sender, inner) if one.sender is not None else None
            decorator = self._decorating.get(call.node)
            under = one
            if decorator is not None:
                form = f"@{source_text(call.node.callee)}"
                under = one._replace(function=decorator.func, form=form)
            for found in self._signals_in(Value(one.signal, inner), one.site.module):
                yield from self._expand(under, found, inner, sender, (*chain, call))

    def _of_decorated(
        self, one: _Connection, owner: FuncItem, found: Found, sender: Value | None
    ) -> Iterator[ReceiverFact]:
        """
        Yield the functions under a decorator that is not called: ``@on_done``.
        """
        for expression, decorator in self._decorating.items():
            node = expression.node if isinstance(expression, nodes.RefExpr) else None
            if node is not None and function_of(node) is owner:
                form = f"@{source_text(expression)}"
                under = one._replace(function=decorator.func, form=form, node=expression)
                yield from self._described(under, found, None, sender, ())

    def _described(
        self,
        one: _Connection,
        found: Found,
        receiver: Value | None,
        sender: Value | None,
        chain: tuple[Call, ...],
    ) -> Iterator[ReceiverFact]:
        if not found.names and one.form not in ("@receiver", "receiver()"):
            return  # perhaps no signal at all
        function, name = self._function(one, receiver)
        if function not in self._program.sites:
            function = None
        module, node = one.site.module, one.node
        if chain:
            module, node = chain[-1].site.module, chain[-1].node
        place = self._place_of(module, node)
        reads, may_read_more = _reads(function)
        for signal in found.names or (None,):
            fact = ReceiverFact(
                signal,
                place,
                name,
                defined=None
                if function is None
                else self._place_of(self._program.sites[function].module, function),
                sender=self._sender(sender),
                sender_text=source_text(sender.expression) if sender is not None else "",
                parameters=None if function is None else self._parameters(function),
                kwargs=_kwargs(function),
                reads=reads,
                may_read_more=may_read_more,
                form=one.form,
                is_async=function is not None and function.is_coroutine,
                in_background=one.in_background,
                why_unknown=_why(found) if signal is None else "",
                in_tests=is_in_tests(place.path),
            )
            if function is not None:
                self._connected.append((function, fact))
            yield fact

    def _sender(self, sender: Value | None) -> Any:
        if sender is None or getattr(sender.expression, "fullname", "") == "builtins.None":
            return None
        return self._types.in_tests.of(sender)

    def _function(self, one: _Connection, receiver: Value | None) -> tuple[FuncItem | None, str]:
        if one.function is not None:
            return one.function, self._name(one.function)
        if receiver is None:
            return None, "..."
        for leaf in self._values.of(receiver):
            expression = leaf.expression
            if isinstance(expression, nodes.CallExpr) and expression.args:
                # partial(receiver, ...), or a decorator that is called
                expression = expression.args[0]
            if isinstance(expression, nodes.LambdaExpr):
                return expression, "lambda"
            node = expression.node if isinstance(expression, nodes.RefExpr) else None
            if isinstance(node, nodes.TypeInfo):
                method = function_of(node.get_method("__init__"))
                return method, node.fullname
            if node is None and isinstance(expression, nodes.MemberExpr):
                info = self._program.class_of(expression.expr)
                symbol = info.get(expression.name) if info is not None else None
                node = symbol.node if symbol is not None else None
            function = function_of(node)
            if function is not None:
                return function, self._name(function)
            info = self._program.class_of(expression)
            call = function_of(info.get_method("__call__")) if info is not None else None
            if call is not None and call in self._program.sites:
                return call, source_text(expression)
        return None, source_text(receiver.expression)

    def _name(self, function: FuncItem) -> str:
        site = self._program.sites.get(function)
        if site is None:
            return function.fullname
        inner = site._replace(functions=(function, *site.functions))
        return inner.function_name or "lambda"

    def _parameters(self, function: FuncItem) -> tuple[ReceiverParameter, ...]:
        typ = function.type
        types = typ.arg_types if isinstance(typ, CallableType) else []
        arguments = [*function.arguments]
        start = 1 if function.info and not function.is_static else 0
        found = []
        for number, argument in enumerate(arguments):
            if number < start or argument.kind.is_star():
                continue
            is_annotated = argument.type_annotation is not None and number < len(types)
            found.append(
                ReceiverParameter(
                    argument.variable.name,
                    self._writer.write(types[number]) if is_annotated else None,
                    argument.kind.is_required(),
                    "positional"
                    if argument.pos_only
                    else "keyword"
                    if argument.kind.is_named()
                    else "any",
                )
            )
        return tuple(found)


def _why(found: Found) -> str:
    names = ", ".join(variable.name for variable in found.parameters)
    return f"it is the parameter {names}" if names else found.why_unknown


def _kwargs(function: FuncItem | None) -> str | None:
    for argument in function.arguments if function is not None else ():
        if argument.kind is ARG_STAR2:
            return argument.variable.name
    return None


def _reads(function: FuncItem | None) -> tuple[tuple[str, ...], bool]:
    """
    Return the keys that *function* reads from its ``**kwargs``, and whether it may read others.
    """
    kwargs = _kwargs(function)
    if function is None:
        return (), True
    if kwargs is None:
        return (), False
    uses = 0
    found: list[str] = []
    for node in walk(function):
        match node:
            case nodes.NameExpr(name=name) if name == kwargs:
                uses += 1
            case nodes.IndexExpr(
                base=nodes.NameExpr(name=name), index=nodes.StrExpr(value=key)
            ) if name == kwargs:
                found.append(key)
            case nodes.CallExpr(
                callee=nodes.MemberExpr(expr=nodes.NameExpr(name=name), name="get" | "pop"),
                args=[nodes.StrExpr(value=key), *_],
            ) if name == kwargs:
                found.append(key)
    return tuple(dict.fromkeys(found)), uses > len(found)
