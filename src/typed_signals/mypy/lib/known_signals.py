"""
Which signals an expression is: by its name, by its type, or by the code that it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mypy.nodes import Decorator, FuncDef, RefExpr, TypeInfo, Var
from mypy.types import AnyType, FunctionLike, Type, TypeOfAny, UnionType, get_proper_type

from .declared_types import SignalType, read_signal
from .origins import Origins
from .parameters import callables_of
from .targets import is_named_class

if TYPE_CHECKING:
    from mypy.nodes import Expression

    from .third_party import ThirdPartySignals


class KnownSignals:
    """
    The signals that expressions of a module are.
    """

    def __init__(self, third_party: ThirdPartySignals, api: Any) -> None:
        """
        Args:
            third_party: the declarations of signals of other packages.
            api: mypy's checker.
        """
        self._third_party = third_party
        self._api = api
        self.origins = Origins(api, self._is_known)

    def declared_type(
        self,
        expression: Expression | None,
        sender: Type | None,
        sender_is: Expression | None = None,
    ) -> Type | None:
        """
        Return the type of the signal *expression*; None if it is unknown.

        Args:
            expression: the signal.
            sender: the type of the sender that is connected to; None for all senders.
            sender_is: the sender in the code.
        """
        given = get_proper_type(sender)
        if (
            isinstance(given, FunctionLike)
            and given.is_type_obj()
            and not is_named_class(sender_is)
        ):
            sender = AnyType(TypeOfAny.special_form)  # perhaps the common base of several classes
        declared = self._third_party.find(self._api, expression, sender)
        if declared is not None or expression is None:
            return declared
        return self.type_of(expression)

    def third_party_type(self, expression: Expression | None) -> Type | None:
        """
        Return the type that a declaration states for the signal of another package.
        """
        return self._third_party.find(self._api, expression, None)

    def senders_of(
        self, sender: Type | None, expression: Expression | None
    ) -> list[list[tuple[Type | None, Expression | None]]]:
        """
        Return the type of the sender *expression* and what it is, for each iteration and case.

        Args:
            sender: its type.
            expression: the sender in the code; None without a sender.
        """
        return [
            [
                (sender if one is expression or one is None else self.type_of(one), one)
                for [one] in cases
            ]
            for cases in self.origins.cases_of(expression)
        ]

    def type_of(self, expression: Expression) -> Type | None:
        """
        Return the type of *expression*, if mypy knows it.
        """
        if self._api.has_type(expression):
            typ: Type = self._api.lookup_type(expression)
            return typ
        # mypy may know a variable elsewhere only. To ask it here could report errors.
        node = expression.node if isinstance(expression, RefExpr) else None
        if isinstance(node, Var):
            return node.type
        if isinstance(node, (TypeInfo, FuncDef, Decorator)):
            named: Type = self._api.get_expression_type(expression)
            return named
        return None

    def signals_of(self, argument: Expression) -> list[list[Expression]]:
        """
        Return the signals that *argument* of ``receiver(...)`` is, or contains.

        For each signal that the receiver is connected to, there is one expression or more: one of
        them is the signal.
        """
        signals: list[list[Expression]] = []
        for cases in self.origins.cases_of(argument):
            found = [case[0] for case in cases if case[0] is not None]
            items = None
            if len(found) == 1 and not self._is_known(found[0]):
                items = self.origins.items_of(found[0])
            if items is None:
                signals.append(found)
            else:
                signals += [one for item in items for one in self.signals_of(item)]
        return signals

    def _is_known(self, expression: Expression) -> bool:
        if self._third_party.find(self._api, expression, None) is not None:
            return True
        typ = self._api.lookup_type(expression) if self._api.has_type(expression) else None
        return bool(signal_types(typ)) or bool(callables_of(typ))


def signal_types(typ: Type | None) -> list[SignalType]:
    """
    Return what signals of the type *typ* declare: several for a union, none if one is unknown.
    """
    proper = get_proper_type(typ)
    items = proper.items if isinstance(proper, UnionType) else [proper]
    signals = [read_signal(item) for item in items]
    known = [signal for signal in signals if signal is not None]
    return known if len(known) == len(signals) else []
