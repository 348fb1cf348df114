"""
All sends of a project.

The calls of a function that passes its signal or its ``**kwargs`` on to a send are the sends, and
the function is a wrapper.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from mypy import nodes
from mypy.nodes import ARG_NAMED, ARG_POS, ARG_STAR, ARG_STAR2

from typed_signals.mypy.lib.fullnames import SEND_METHODS

from .contents import Use
from .model import Key, SendFact
from .source_text import source_text
from .values import Value, called_name
from .writable import union_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import ArgKind, FuncItem, Var

    from .contents import Contents, Dicts
    from .identity import Found, PlaceOf, Signals
    from .inferred_types import TypesByPlace
    from .program import Call, Program, Site
    from .values import Argument, Frame, Values

_PARTIAL: Final = ("functools.partial", "functools.partialmethod")
_ADAPTERS: Final = ("asgiref.sync.sync_to_async", "asgiref.sync.async_to_sync")
# Functions that call another one with the following arguments.
_CALLING: Final = frozenset(
    {"to_thread", "submit", "call_soon", "call_soon_threadsafe", "start_soon", "run_sync", "apply"}
    | {"add_task", "call_later", "run_in_executor", "spawn"}
)
# The parameters of classes that call a function later.
_THREADS: Final = {
    "threading.Thread": ("group", "target", "name", "args", "kwargs"),
    "threading.Timer": ("interval", "function", "args", "kwargs"),
}
_DEEPEST: Final = 4
_MOST: Final = 200
_OPTIONS: Final = frozenset({"sender", "_async_wrapper", "_sync_wrapper"})


class Terminal(NamedTuple):
    """
    A call that sends.
    """

    call: nodes.CallExpr
    site: Site
    signal: nodes.Expression
    """The signal, or ``self`` in one of its methods."""

    method: str
    arguments: list[tuple[ArgKind, str | None, nodes.Expression]]
    is_sure: bool
    """Whether it is known to be a send, even if the signal is unknown."""


class _Sent(NamedTuple):
    """
    What a terminal sends when it is called in a certain way.
    """

    signal: str | None
    found: Found
    contents: Contents
    arguments: list[Argument]
    chain: list[tuple[Call, FuncItem]]


class Sends:
    """
    Finds the sends.
    """

    def __init__(
        self,
        values: Values,
        signals: Signals,
        dicts: Dicts,
        types: TypesByPlace,
        place_of: PlaceOf,
    ) -> None:
        self._values = values
        self._program: Program = values.program
        self._signals = signals
        self._dicts = dicts
        self._types = types
        self._place_of = place_of
        self._partials: set[nodes.CallExpr] = set()
        """Those whose result is called, so that they are not sends themselves."""
        terminals = [one for call in self._program.calls for one in self._terminals(call)]
        self._sending = {
            function
            for one in terminals
            if isinstance(one.signal, nodes.NameExpr)
            and isinstance(one.signal.node, nodes.Var)
            and one.signal.node.is_self
            for function in one.site.functions
        }
        """The methods of signals that send, which are wrappers."""
        self._found = [one for one in terminals if one.call not in self._partials]

    def all_facts(self) -> list[SendFact]:
        """
        Return all sends.
        """
        facts = [fact for terminal in self._found for fact in self._facts(terminal)]
        return sorted(facts, key=lambda fact: (fact.place, fact.signal or ""))

    def functions(self) -> set[FuncItem]:
        """
        Return the functions that send.
        """
        return {function for one in self._found for function in one.site.functions if one.is_sure}

    def _terminals(self, call: Call) -> Iterator[Terminal]:
        node, site = call
        callee = node.callee
        plain = [*zip(node.arg_kinds, node.arg_names, node.args, strict=True)]
        if isinstance(callee, nodes.SuperExpr):
            own = self._self_of(site)
            if callee.name in SEND_METHODS and own is not None:
                yield Terminal(node, site, own, callee.name, plain, is_sure=True)
        elif isinstance(callee, nodes.MemberExpr) and callee.name in SEND_METHODS:
            yield from self._sent(node, site, callee, plain)
        elif signal := self._own_dispatch(node, site):
            rest = [one for one in plain if one[1] != "signal"]
            method = site.function.name if site.function is not None else ""
            yield Terminal(node, site, signal, method, rest, is_sure=True)
        elif called_name(node) in _THREADS:
            yield from self._of_thread(node, site)
        else:
            yield from self._indirect(node, site, plain)

    def _sent(
        self,
        node: nodes.CallExpr,
        site: Site,
        method: nodes.MemberExpr,
        arguments: list[tuple[ArgKind, str | None, nodes.Expression]],
    ) -> Iterator[Terminal]:
        is_sure = self._signals.engine_of(self._program.type_of(method.expr)) is not None
        yield Terminal(node, site, method.expr, method.name, arguments, is_sure)

    def _self_of(self, site: Site) -> nodes.NameExpr | None:
        """
        Return ``self`` in a method of a signal.
        """
        for function in site.functions:
            if function.info and function.arguments:
                variable = function.arguments[0].variable
                if self._signals.is_signal_class(function.info) and variable.is_self:
                    found = nodes.NameExpr(variable.name)
                    found.node = variable
                    return found
        return None

    def _own_dispatch(self, call: nodes.CallExpr, site: Site) -> nodes.Expression | None:
        """
        Return the signal, if *call* calls a receiver in a method of an own class of signals.
        """
        for argument, name in zip(call.args, call.arg_names, strict=True):
            is_self = (
                name == "signal"
                and isinstance(argument, nodes.NameExpr)
                and isinstance(argument.node, nodes.Var)
                and argument.node.is_self
            )
            if is_self and self._self_of(site) is not None:
                return argument
        return None

    def _indirect(
        self,
        node: nodes.CallExpr,
        site: Site,
        arguments: list[tuple[ArgKind, str | None, nodes.Expression]],
    ) -> Iterator[Terminal]:
        """
        Yield the send through an alias, ``partial`` and the like.
        """
        callee = node.callee
        if _calls_argument(node):
            for number, argument in enumerate(node.args[:2]):
                method = self._bound_send(argument)
                if method is not None:
                    yield from self._sent(node, site, method, arguments[number + 1 :])
                    return
        elif isinstance(callee, nodes.CallExpr) and called_name(callee) in _ADAPTERS:
            method = self._bound_send(callee.args[0]) if callee.args else None
            if method is not None:
                yield from self._sent(node, site, method, arguments)
        elif isinstance(callee, nodes.CallExpr) or self._is_variable(callee):
            for one in self._values.of(Value(callee)):
                method = self._bound_send(one.expression)
                if method is not None:
                    yield from self._sent(node, site, method, arguments)
                elif isinstance(one.expression, nodes.CallExpr):
                    yield from self._of_partial(one.expression, node, site, arguments)

    def _of_thread(self, thread: nodes.CallExpr, site: Site) -> Iterator[Terminal]:
        """
        Yield the send in ``Thread(target=done.send, args=(...), kwargs={...})``.
        """
        names = _THREADS[called_name(thread)]
        given = {
            name or names[number]: argument
            for number, (name, argument) in enumerate(
                zip(thread.arg_names, thread.args, strict=True)
            )
        }
        function = given.get("target") or given.get("function")
        method = self._bound_send(function) if function is not None else None
        if method is not None:
            arguments: list[tuple[ArgKind, str | None, nodes.Expression]] = [
                (kind, None, given[name])
                for name, kind in (("args", ARG_STAR), ("kwargs", ARG_STAR2))
                if name in given
            ]
            yield from self._sent(thread, site, method, arguments)

    def _is_variable(self, expression: nodes.Expression) -> bool:
        node = expression.node if isinstance(expression, nodes.RefExpr) else None
        return isinstance(node, nodes.Var) and node not in self._program.parameters

    def _of_partial(
        self,
        partial: nodes.CallExpr,
        node: nodes.CallExpr,
        site: Site,
        arguments: list[tuple[ArgKind, str | None, nodes.Expression]],
    ) -> Iterator[Terminal]:
        if called_name(partial) not in _PARTIAL or not partial.args:
            return
        method = self._bound_send(partial.args[0])
        if method is not None:
            self._partials.add(partial)
            first = [*zip(partial.arg_kinds, partial.arg_names, partial.args, strict=True)][1:]
            yield from self._sent(node, site, method, [*first, *arguments])

    def _bound_send(self, expression: nodes.Expression) -> nodes.MemberExpr | None:
        """
        Return ``done.send``, if *expression* is a method that sends.
        """
        if not isinstance(expression, nodes.MemberExpr) or expression.name not in SEND_METHODS:
            return None
        engine = self._signals.engine_of(self._program.type_of(expression.expr))
        return expression if engine is not None else None

    def _facts(self, terminal: Terminal) -> Iterator[SendFact]:
        method = terminal.call.callee
        if isinstance(method, nodes.MemberExpr):
            called = self._program.called(terminal.call)
            if any(function in self._sending for function in called):
                return  # the call of a wrapper, which is found from the wrapper
        unique: dict[object, SendFact] = {}
        for fact in self._expand(terminal, [], 0):
            # The call of a wrapper by itself passes the same on.
            through = tuple(dict.fromkeys(fact.through))
            names = tuple((name, key.required) for name, key in fact.keys.items())
            same = (fact.signal, fact.place, through, names, fact.spread)
            other = unique.get(same, fact)
            unique[same] = replace(
                other,
                through=through,
                keys={
                    name: Key(union_of([key.type, fact.keys[name].type]), key.required)
                    for name, key in other.keys.items()
                },
            )
        yield from unique.values()

    def _expand(
        self, terminal: Terminal, chain: list[tuple[Call, FuncItem]], depth: int
    ) -> Iterator[SendFact]:
        """
        Yield the send of *terminal*, or those of its callers if it depends on their arguments.
        """
        frame: Frame | None = None
        for call, wrapper in reversed(chain):
            frame = self._values.bind(call.node, wrapper, frame)
        found = self._signals.find(Value(terminal.signal, frame), terminal.site.module)
        use = Use(terminal.site, terminal.call.line)
        arguments = self._values.arguments_of(terminal.arguments, frame)
        contents = self._dicts.of_arguments(arguments, use)
        pending = [*found.parameters, *contents.pending, *self._stars_in(arguments)]
        function = self._innermost(pending)
        callers = self._callers(function, chain) if function is not None else []
        if function is not None and callers and depth < _DEEPEST:
            for call in callers[:_MOST]:
                yield from self._expand(terminal, [*chain, (call, function)], depth + 1)
            if any(self._counts_for(function, call) for call in callers):
                if not found.names or len(pending) > len(found.parameters):
                    return
                found = found._replace(parameters=())
        found = self._with_defaults(found)
        for name in found.names or ((None,) if terminal.is_sure else ()):
            yield self._fact(terminal, _Sent(name, found, contents, arguments, chain))

    def _callers(self, function: FuncItem, chain: list[tuple[Call, FuncItem]]) -> list[Call]:
        """
        Return the calls of *function* other than those in *chain*; none if only itself calls it.
        """
        found = [
            call
            for call in self._program.callers(function)
            if not any(one.node is call.node for one, _ in chain)
        ]
        return found if any(function not in call.site.functions for call in found) else []

    def _counts_for(self, function: FuncItem, call: Call) -> bool:
        """
        Return whether *call* shows how the code calls *function*: tests may call it in any way.
        """
        tests = self._types.tests
        is_test = self._program.sites[function].module.fullname in tests
        return is_test or call.site.module.fullname not in tests

    def _with_defaults(self, found: Found) -> Found:
        """
        Return *found* with the defaults of its parameters, of functions that are not called.
        """
        names = dict.fromkeys(found.names)
        left: list[Var] = []
        for variable in found.parameters:
            function = self._program.parameters[variable]
            default = next(
                one.initializer for one in function.arguments if one.variable is variable
            )
            module = self._program.sites[function].module
            more = self._signals.find(Value(default), module).names if default is not None else ()
            names.update(dict.fromkeys(more))
            left += [] if more else [variable]
        return found._replace(names=tuple(names), parameters=tuple(left))

    def _stars_in(self, arguments: list[Argument]) -> list[Var]:
        """
        Return the parameters ``*args`` among *arguments* that are not known.
        """
        values = [one.value for one in arguments if one.kind is ARG_STAR]
        found = [self._values.parameter_at(value) for value in values]
        return [variable for variable in found if variable is not None]

    def _innermost(self, pending: list[Var]) -> FuncItem | None:
        functions = {self._program.parameters[variable] for variable in pending}
        by_depth = sorted(functions, key=lambda one: -len(self._program.sites[one].functions))
        return by_depth[0] if by_depth else None

    def _fact(self, terminal: Terminal, sent: _Sent) -> SendFact:
        name, found, contents, arguments, chain = sent
        site, node = terminal.site, terminal.call
        if chain:
            node, site = chain[-1][0]
        positional = [value for kind, _, value in arguments if kind is ARG_POS]
        sender = next(
            (value for kind, key, value in arguments if kind is ARG_NAMED and key == "sender"), None
        )
        entry = contents.keys.get("sender")
        if sender is None and positional:
            sender = positional.pop(0)
        elif sender is None and entry is not None and entry.values:
            sender = entry.values[0]
        spread = [*contents.open, *(variable.name for variable in contents.pending)]
        spread += [
            f"*{source_text(value.expression)}" for kind, _, value in arguments if kind is ARG_STAR
        ]
        place = self._place_of(site.module, node)
        types = self._types.at(site.module)
        why = ""
        if name is None:
            names = ", ".join(variable.name for variable in found.parameters)
            why = f"it is the parameter {names}" if names else found.why_unknown
        return SendFact(
            name,
            place,
            terminal.method,
            keys={
                key: Key(types.of_entry(one), one.required)
                for key, one in contents.keys.items()
                if key not in _OPTIONS
            },
            sender=types.of(sender) if sender is not None else None,
            sender_text=source_text(sender.expression) if sender is not None else "",
            positional=tuple(map(types.of, positional)),
            spread=tuple(dict.fromkeys(spread)),
            module=site.module.fullname,
            function=site.function_name,
            through=tuple(
                self._program.sites[function]
                ._replace(functions=(function, *self._program.sites[function].functions))
                .function_name
                for _, function in reversed(chain)
            ),
            why_unknown=why,
            in_tests=site.module.fullname in self._types.tests,
        )


def _calls_argument(call: nodes.CallExpr) -> bool:
    """
    Return whether *call* calls its first or second argument with the others, perhaps later.
    """
    callee = call.callee
    if called_name(call) in _PARTIAL:
        return True
    return isinstance(callee, (nodes.NameExpr, nodes.MemberExpr)) and callee.name in _CALLING
