"""
What functions get from callers outside of the project: views, and receivers of declared signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy import nodes
from mypy.nodes import ARG_POS

from .program import function_of
from .values import Value, called_name, given_in
from .writable import union_of
from .written_types import NamedType, UnknownType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import FuncItem

    from .identity import Signals
    from .model import ReceiverFact, SignalFact
    from .receivers import Receivers
    from .values import Values
    from .written_types import WrittenType

_REQUEST: Final = NamedType("django.http", "HttpRequest")
# A class of views, and what its methods get; the first one that a class inherits from.
_VIEWS: Final = {
    "rest_framework.views.APIView": NamedType("rest_framework.request", "Request"),
    "django.views.generic.base.View": _REQUEST,
}
_HTTP_METHODS: Final = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "trace", "dispatch", "setup"}
)
_UNTOUCHED: Final = frozenset({"dispatch", "setup"})
"""They get Django's request in all classes of views."""

_ROUTES: Final = frozenset({"django.urls.conf.path", "django.urls.conf.re_path"})
_DEEPEST: Final = 6


class OutsideCallers:
    """
    The callers outside of the project.
    """

    def __init__(self, values: Values, signals: Signals, receivers: Receivers) -> None:
        self._values = values
        self._program = values.program
        self._views = {
            function
            for call, _ in self._program.calls
            if called_name(call) in _ROUTES and len(call.args) > 1
            for function in self._functions(Value(call.args[1]))
        }
        self._received: dict[FuncItem, list[tuple[ReceiverFact, SignalFact]]] = {}
        for function, fact in receivers.connected():
            if fact.signal is not None and not fact.in_tests:
                received = self._received.setdefault(function, [])
                received.append((fact, signals.facts[fact.signal]))

    def given(self, function: FuncItem, number: int) -> WrittenType | None:
        """
        Return what a parameter gets from them; None if they do not call *function*.
        """
        first = 1 if function.info and not function.is_static else 0
        if function in self._views and number == first:
            return _REQUEST
        if function.name in _HTTP_METHODS and number == first == 1:
            for view, request in _VIEWS.items():
                if function.info.has_base(view):
                    return _REQUEST if function.name in _UNTOUCHED else request
        if function not in self._received or number < first:
            return None
        name = function.arguments[number].variable.name
        return union_of(_received(name, *each) for each in self._received[function])

    def _functions(self, value: Value, depth: int = 0) -> Iterator[FuncItem]:
        """
        Yield the functions that *value* may be, also under decorators.
        """
        for one, frame in self._values.of(value) if depth < _DEEPEST else ():
            if isinstance(one, nodes.CallExpr):
                if one.arg_kinds[:1] == [ARG_POS]:
                    yield from self._functions(Value(one.args[0], frame), depth + 1)
                continue
            node = one.node if isinstance(one, nodes.RefExpr) else None
            if node is None and isinstance(one, nodes.MemberExpr):
                info = self._program.class_of(one.expr)
                symbol = info.get(one.name) if info is not None else None
                node = symbol.node if symbol is not None else None
            if isinstance(node, nodes.Var) and node in self._program.parameters:
                owner = self._program.parameters[node]
                for call in self._program.callers(owner):
                    given = given_in(self._values.bind(call.node, owner, None), node)
                    if given is not None:
                        yield from self._functions(given, depth + 1)
            function = function_of(node)
            if function is not None:
                yield function


def _received(name: str, receiver: ReceiverFact, signal: SignalFact) -> WrittenType:
    """
    Return what the parameter *name* of *receiver* gets from *signal*.
    """
    if name == "sender" and signal.sender is not None:
        return receiver.sender or signal.sender
    key = (signal.payload or {}).get(name)
    if key is None or not key.required:
        return UnknownType("not annotated")
    # The instance of a model that is the sender.
    if receiver.sender is not None and signal.sender == NamedType("builtins", "type", (key.type,)):
        classes = receiver.sender.args if isinstance(receiver.sender, NamedType) else ()
        return classes[0] if classes else key.type
    return key.type
