"""
What an expression may be, according to the code of its module.

The type of ``signal`` in ``for signal in [post_save, pre_save]`` is the class of both, which does
not say what they send. So signals, receivers and senders are followed through variables, loops,
collections, attributes and functions of the same module. Code of other modules is not followed,
because mypy's cache does not contain it.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final

from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    ARG_STAR,
    AssertTypeExpr,
    AssignmentExpr,
    CallExpr,
    CastExpr,
    ConditionalExpr,
    Decorator,
    DictExpr,
    Expression,
    FuncDef,
    FuncItem,
    GeneratorExpr,
    IndexExpr,
    IntExpr,
    LambdaExpr,
    ListComprehension,
    ListExpr,
    MemberExpr,
    MypyFile,
    NameExpr,
    Node,
    OpExpr,
    OverloadedFuncDef,
    RefExpr,
    SetComprehension,
    SetExpr,
    SliceExpr,
    StarExpr,
    StrExpr,
    TupleExpr,
    TypeInfo,
    UnaryExpr,
    Var,
)
from mypy.traverser import all_return_statements, all_yield_expressions
from mypy.types import AnyType, CallableType, Instance, TupleType, TypeType, get_proper_type

from .bindings import UNKNOWN, bindings_of, may_skip
from .fullnames import BASE_SIGNAL
from .known_decorators import Trait, traits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .bindings import Binding, Bindings

    Case = list[Expression | None]

# The values of the variables of loops, in one iteration.
_Row = dict[Var, Expression]
# What identifies the key of a dict: its value, or a constant.
_Key = str | int | Var

_MOST: Final = 100
_DEEPEST: Final = 20
_MOST_STEPS: Final = 5000

_ITER: Final = "builtins.iter"
# Functions whose result has the items of their argument.
_COPIES: Final = {
    "builtins.dict",
    "builtins.frozenset",
    _ITER,
    "builtins.list",
    "builtins.reversed",
    "builtins.set",
    "builtins.sorted",
    "builtins.tuple",
    "types.MappingProxyType",
}
# Those of them after which the order is unknown.
_REORDER: Final = {"builtins.frozenset", "builtins.set", "builtins.sorted"}


class _InLoop(Exception):  # noqa: N818 - not an error
    """
    An expression depends on the variables of a loop.
    """

    def __init__(self, loop: Binding) -> None:
        super().__init__(loop)
        self.loop = loop


class _TooManySteps(Exception):  # noqa: N818 - not an error
    """
    An expression takes too long to follow.
    """


class Origins:
    """
    Follows the expressions of a module.
    """

    def __init__(self, api: Any, is_known: Callable[[Expression], bool]) -> None:
        """
        Args:
            api: mypy's checker.
            is_known: whether an expression need not be followed further.
        """
        self._api = api
        self._is_known = is_known
        self._depth = 0
        self._steps = 0
        self._functions: set[FuncItem] = set()
        """Those whose results are being followed."""

    @cached_property
    def _bindings(self) -> Bindings:
        return bindings_of(self._api)

    def cases_of(self, *expressions: Expression | None) -> list[list[Case]]:
        """
        Return what *expressions* are, for each iteration of the loops that they depend on.

        The result for an iteration has one case or more: one of them happens. A case has one
        expression for each of *expressions*, which is the same one if it cannot be followed.
        """
        self._steps = 0
        try:
            iterations = [*self._iterations(lambda row: self._cases(expressions, row), {})]
        except _TooManySteps:
            return [[[*expressions]]]
        if any(is_selected for is_selected, _ in iterations):
            return [[case for _, cases in iterations for case in cases]]
        return [cases for _, cases in iterations]

    def items_of(self, expression: Expression) -> list[Expression] | None:
        """
        Return the items of the collection *expression*; None if they are unknown.
        """
        self._steps = 0
        try:
            return self._items(expression, {})
        except (_InLoop, _TooManySteps):
            return None

    def pairs_of(self, expression: Expression) -> dict[str | None, Expression] | None:
        """
        Return the values of the dict *expression*, by key; None if they are unknown.
        """
        self._steps = 0
        try:
            found = self._follow(expression, {})
            display = found[0] if len(found) == 1 else None
            if isinstance(display, DictExpr):
                keys = [None if key is None else self._key(key, {}) for key, _ in display.items]
                values = [value for _, value in display.items]
                names = [key for key in keys if isinstance(key, str)]
                return dict(zip(names, values, strict=True)) if len(names) == len(keys) else None
        except (_InLoop, _TooManySteps):
            pass
        return None

    def _cases(self, expressions: Sequence[Expression | None], row: _Row) -> list[Case]:
        cases: list[Case] = [[]]
        for expression in expressions:
            found = [None] if expression is None else self._follow(expression, row)
            cases = [[*case, one] for case in cases for one in found]
            self._steps += len(cases)
        return cases

    def _iterations(
        self, evaluate: Callable[[_Row], list[Case]], row: _Row
    ) -> Iterator[tuple[bool, list[Case]]]:
        """
        Yield the result of *evaluate* for each iteration, and whether it may be left out.
        """
        try:
            result = evaluate(row)
        except _InLoop as needed:
            loop = needed.loop
        else:
            yield False, result
            return
        items: list[Expression] | None = None
        while True:  # the steps are counted
            try:
                items = self._items(loop.value, row)
                break
            except _InLoop as outer:
                loop = outer.loop
        if items is None or len(items) > _MOST:
            items = [UNKNOWN]
        for item in items:
            deeper = {**row, **self._assigned(loop.target, item, row)}
            for is_selected, cases in self._iterations(evaluate, deeper):
                yield is_selected or loop.is_selective, cases

    def _assigned(self, target: Expression, value: Expression, row: _Row) -> _Row:
        """
        Return the variables in *target*, and what they are if *value* is assigned to it.
        """
        if isinstance(target, StarExpr):
            return self._assigned(target.expr, UNKNOWN, row)
        if isinstance(target, (TupleExpr, ListExpr)):
            items = self._fixed_items(value, row)
            if items is None or len(items) != len(target.items):
                items = [UNKNOWN for _ in target.items]
            found: _Row = {}
            for part, item in zip(target.items, items, strict=True):
                found |= self._assigned(part, item, row)
            return found
        variable = target.node if isinstance(target, NameExpr) else None
        if isinstance(target, MemberExpr):
            variable = target.def_var
        return {variable: value} if isinstance(variable, Var) else {}

    def _fixed_items(self, expression: Expression, row: _Row) -> list[Expression] | None:
        """
        Return the items of a tuple or list.
        """
        found = self._follow(expression, row)
        display = found[0] if len(found) == 1 else None
        if not isinstance(display, (TupleExpr, ListExpr)):
            return None
        return None if any(isinstance(i, StarExpr) for i in display.items) else display.items

    def _follow(self, expression: Expression, row: _Row) -> list[Expression]:
        """
        Return what *expression* may be, which is itself if it cannot be followed.
        """
        if self._depth > _DEEPEST:
            return [expression]
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _TooManySteps
        self._depth += 1
        try:
            return self._step(expression, row) or [expression]
        finally:
            self._depth -= 1

    def _step(self, expression: Expression, row: _Row) -> list[Expression]:
        if isinstance(expression, NameExpr) and isinstance(expression.node, Var):
            return self._follow_variable(expression, expression.node, row)
        if self._is_known(expression):
            return []
        match expression:
            case AssignmentExpr(value=inner) | CastExpr(expr=inner) | AssertTypeExpr(expr=inner):
                return self._follow(inner, row)
            case ConditionalExpr(if_expr=one, else_expr=other):
                return [*self._follow(one, row), *self._follow(other, row)]
            case OpExpr(op="or" | "and", left=one, right=other):
                return [*self._follow(one, row), *self._follow(other, row)]
            case MemberExpr():
                return self._follow_attribute(expression, row)
            case IndexExpr(base=base, index=index):
                return self._follow_subscript(base, index, row)
            case CallExpr():
                return self._follow_call(expression, row)
        return []

    def _follow_variable(
        self, expression: Expression, variable: Var, row: _Row
    ) -> list[Expression]:
        if variable in row:
            value = row[variable]
            return [] if value is UNKNOWN else self._follow(value, row)
        if _is_any(variable):
            return []
        module = variable.fullname.rpartition(".")[0]
        if not variable.info and module not in ("", self._api.tree.fullname):
            return []
        if (loop := self._bindings.loop_around(variable, expression)) is not None:
            raise _InLoop(loop)
        bindings = self._bindings.of(variable)
        if any(binding.loop is not None for binding in bindings):
            return []
        if self._is_known(expression):
            return []
        found: list[Expression] = []
        for binding in bindings:
            value = self._assigned(binding.target, binding.value, row).get(variable, UNKNOWN)
            found += [expression] if value is UNKNOWN else self._follow(value, row)
        return found

    def _follow_attribute(self, expression: MemberExpr, row: _Row) -> list[Expression]:
        base, name = expression.expr, expression.name
        info = self._class_of(base)
        if info is not None and info.is_enum:
            if name in ("value", "_value_"):
                return self._follow_assigned(base, row) if isinstance(base, MemberExpr) else []
            if name in info.enum_members:
                return []  # a member is not the value that is assigned to its name
        return self._follow_assigned(expression, row)

    def _follow_assigned(self, expression: MemberExpr, row: _Row) -> list[Expression]:
        """
        Return what was assigned to an attribute.
        """
        base, name = expression.expr, expression.name
        info = self._class_of(base)
        if self._bindings.is_set_elsewhere(name):
            return []
        call, info = self._instance_made(base, row) or (None, info)
        if call is not None and _called_name(call.callee) == "types.SimpleNamespace":
            return self._follow_argument(call, name, [], row)
        symbol = None if info is None else info.get(name)
        if info is None or symbol is None:
            return []
        # An instance made here has exactly this class.
        is_by_name = isinstance(base, RefExpr) and isinstance(base.node, TypeInfo)
        is_exact = call is not None or is_by_name
        is_known = is_exact or not self._bindings.is_overridden(info, name)
        if is_known and isinstance(symbol.node, (Decorator, OverloadedFuncDef)):
            return self._results(symbol.node, row)
        if not (is_known and isinstance(symbol.node, Var)):
            return []
        is_record = info.is_named_tuple or not info.metadata.keys().isdisjoint(
            ("dataclass", "attrs")
        )
        if call is not None and is_record:
            found = self._follow_argument(call, name, _parameters_of(info), row)
            return found or self._follow_default(symbol.node, row)
        # An annotation is more general than the value: a subclass may have another one.
        is_open = not (symbol.node.is_inferred or symbol.node.is_final or is_by_name)
        found = [] if is_record or is_open else self._values_of(symbol.node, row)
        parameter = found[0] if len(found) == 1 else None
        if call is not None and isinstance(parameter, NameExpr):
            # The attribute is assigned from a parameter of __init__.
            return self._follow_argument(call, parameter.name, _parameters_of(info), row) or found
        return found

    def _instance_made(self, base: Expression, row: _Row) -> tuple[CallExpr, TypeInfo] | None:
        """
        Return the call that makes the instance *base*, and its class.
        """
        made = self._follow(base, row)
        call = made[0] if len(made) == 1 else None
        callee = call.callee if isinstance(call, CallExpr) else None
        if isinstance(call, CallExpr) and isinstance(callee, RefExpr):
            return (call, callee.node) if isinstance(callee.node, TypeInfo) else None
        return None

    def _values_of(self, attribute: Var, row: _Row) -> list[Expression]:
        bindings = self._bindings.of(attribute)
        if any(binding.loop is not None for binding in bindings):
            return []
        values = [
            self._assigned(binding.target, binding.value, row).get(attribute, binding.value)
            for binding in bindings
        ]
        return [one for value in values for one in self._follow(value, row)]

    def _follow_default(self, field: Var, row: _Row) -> list[Expression]:
        found = self._values_of(field, row)
        if len(found) == 1 and isinstance(found[0], CallExpr):
            return self._follow_argument(found[0], "default", [], row)
        return found

    def _follow_argument(
        self, call: CallExpr, name: str, parameters: Sequence[str | None], row: _Row
    ) -> list[Expression]:
        """
        Return the argument of *call* for the parameter *name*; empty if it is unknown.
        """
        for number, argument in enumerate(call.args):
            kind = call.arg_kinds[number]
            if kind is ARG_NAMED and call.arg_names[number] == name:
                return self._follow(argument, row)
            if kind is ARG_POS and parameters[number : number + 1] == [name]:
                return self._follow(argument, row)
        return []

    def _class_of(self, base: Expression) -> TypeInfo | None:
        """
        Return the class whose attribute is accessed on *base*.
        """
        if isinstance(base, RefExpr) and isinstance(base.node, TypeInfo):
            return base.node
        if not self._api.has_type(base):
            return None
        typ = get_proper_type(self._api.lookup_type(base))
        is_class = isinstance(typ, CallableType) and typ.is_type_obj()
        if isinstance(typ, TypeType) or is_class:
            typ = get_proper_type(typ.item if isinstance(typ, TypeType) else typ.ret_type)
        if isinstance(typ, TupleType):
            typ = typ.partial_fallback
        return typ.type if isinstance(typ, Instance) else None

    def _follow_subscript(self, base: Expression, index: Expression, row: _Row) -> list[Expression]:
        found = self._follow(base, row)
        if len(found) != 1 or isinstance(index, SliceExpr):
            return []
        key = self._key(index, row)
        match found[0]:
            case DictExpr(items=pairs):
                if any(k is None for k, _ in pairs):
                    return []
                keyed = [(self._key(k, row), v) for k, v in pairs if k is not None]
                values = [v for k, v in keyed if _may_be_equal(k, key)]
            case ListExpr(items=values) | TupleExpr(items=values):
                if any(isinstance(value, StarExpr) for value in values):
                    return []
                if key is not None:
                    values = values[key:][:1] if isinstance(key, int) else []
            case _:
                return []
        return [one for value in values for one in self._follow(value, row)]

    def _key(self, index: Expression, row: _Row) -> _Key | None:
        """
        Return what identifies a key: its value, or the constant.
        """
        found = self._follow(index, row)
        match found:
            case [StrExpr(value=value)] | [IntExpr(value=value)]:
                return value
            case [UnaryExpr(op="-", expr=IntExpr(value=value))]:
                return -value
            case [RefExpr(node=Var() as constant)] if self._bindings.is_constant(constant):
                return constant
        return None

    def _follow_call(self, call: CallExpr, row: _Row) -> list[Expression]:
        if isinstance(call.analyzed, CastExpr):
            return self._follow(call.analyzed.expr, row)
        callee, arguments = call.callee, call.args
        if _called_name(callee) == "builtins.getattr" and len(arguments) > 1:
            name = self._key(arguments[1], row)
            return self._attribute_named(arguments[0], name, row) if isinstance(name, str) else []
        if isinstance(callee, MemberExpr) and callee.name == "get" and arguments:
            return self._follow_subscript(callee.expr, arguments[0], row)
        function = self._function_of(callee, row)
        return [] if function is None else self._results(function, row)

    def _attribute_named(self, base: Expression, name: str, row: _Row) -> list[Expression]:
        attribute = MemberExpr(base, name)
        if isinstance(base, RefExpr) and isinstance(base.node, MypyFile):
            symbol = base.node.names.get(name)
            if symbol is None:
                return []
            attribute.node, attribute.fullname = symbol.node, symbol.fullname or ""
        return self._follow(attribute, row)

    def _function_of(self, callee: Expression, row: _Row) -> Node | None:
        """
        Return the function that is called.
        """
        if isinstance(callee, MemberExpr) and callee.node is None:
            info = self._class_of(callee.expr)
            symbol = None if info is None else info.get(callee.name)
            if info is None or symbol is None or self._bindings.is_overridden(info, callee.name):
                return None
            return symbol.node
        node = callee.node if isinstance(callee, RefExpr) else None
        if not isinstance(node, Var):
            return node
        found = self._follow(callee, row)
        return found[0] if len(found) == 1 and isinstance(found[0], LambdaExpr) else None

    def _results(self, node: Node, row: _Row) -> list[Expression]:
        """
        Return what a function or property returns; empty if it is unknown.
        """
        function = self._followed(node)
        if function is None or function.is_generator or function in self._functions:
            return []
        self._functions.add(function)
        try:
            returned = [statement.expr for statement in all_return_statements(function)]
            return [one for value in returned if value for one in self._follow(value, row)]
        finally:
            self._functions.remove(function)

    def _followed(self, node: Node | None) -> FuncItem | None:
        """
        Return the function of this module that *node* is.
        """
        if isinstance(node, OverloadedFuncDef):  # a property with a setter
            node = node.items[0]
        if isinstance(node, Decorator):
            names = {
                _called_name(one.callee if isinstance(one, CallExpr) else one)
                for one in node.original_decorators
            }
            if not all(Trait.KEEPS_RESULT in traits_of(name) for name in names):
                return None
            node = node.func
        if not isinstance(node, FuncItem) or node not in self._bindings.functions:
            return None
        if node in self._bindings.redefined:
            return None
        return None if node.is_coroutine else node

    def _items(
        self, expression: Expression, row: _Row, *, in_order: bool = False
    ) -> list[Expression] | None:
        """
        Return the items of the collection *expression*; None if they are unknown.

        Args:
            expression: the collection.
            row: the values of the variables of loops.
            in_order: whether the order of the items must be known.
        """
        if self._depth > _DEEPEST:
            return None
        self._depth += 1
        try:
            return self._unpacked(expression, row, in_order=in_order)
        finally:
            self._depth -= 1

    def _unpacked(
        self, expression: Expression, row: _Row, *, in_order: bool
    ) -> list[Expression] | None:
        found = self._follow(expression, row)
        match found[0] if len(found) == 1 else None:
            case ListExpr(items=items) | TupleExpr(items=items):
                return self._flattened(items, row, in_order=in_order)
            case SetExpr(items=items) if not in_order:
                return self._flattened(items, row)
            case DictExpr(items=pairs):
                keys = [StarExpr(value) if key is None else key for key, value in pairs]
                return self._flattened(keys, row, in_order=in_order)
            case OpExpr(op="+", left=left, right=right):
                return self._flattened([StarExpr(left), StarExpr(right)], row, in_order=in_order)
            case OpExpr(op="|", left=left, right=right) if not in_order:
                return self._flattened([StarExpr(left), StarExpr(right)], row)
            case ListComprehension(generator=generator) | (GeneratorExpr() as generator):
                return self._comprehended(generator, row, in_order=in_order)
            case SetComprehension(generator=generator) if not in_order:
                return self._comprehended(generator, row, in_order=False)
            case CallExpr() as call:
                is_used_before = call is not expression and _called_name(call.callee) == _ITER
                return None if is_used_before else self._items_of_call(call, row, in_order=in_order)
        return None

    def _flattened(
        self, items: list[Expression], row: _Row, *, in_order: bool = False
    ) -> list[Expression] | None:
        flat: list[Expression] = []
        for item in items:
            inner: list[Expression] | None = [item]
            if isinstance(item, StarExpr):
                inner = self._items(item.expr, row, in_order=in_order)
            if inner is None:
                return None
            flat += inner
        return flat

    def _comprehended(
        self, generator: GeneratorExpr, row: _Row, *, in_order: bool
    ) -> list[Expression] | None:
        if any(generator.condlists) or any(generator.is_async):
            return None
        rows = [row]
        for target, sequence in zip(generator.indices, generator.sequences, strict=True):
            outer, rows = rows, []
            for one in outer:
                items = self._items(sequence, one, in_order=in_order)
                if items is None:
                    return None
                rows += [one | self._assigned(target, item, one) for item in items]
        return [self._evaluated(generator.left_expr, one) for one in rows]

    def _evaluated(self, expression: Expression, row: _Row) -> Expression:
        """
        Return what *expression* is, without the variables of loops; UNKNOWN if it may be several.
        """
        found = self._follow(expression, row)
        if len(found) != 1:
            return UNKNOWN
        if isinstance(found[0], TupleExpr):
            return TupleExpr([self._evaluated(item, row) for item in found[0].items])
        return found[0]

    def _items_of_dict(
        self, method: MemberExpr, row: _Row, *, in_order: bool
    ) -> list[Expression] | None:
        found = self._follow(method.expr, row)
        if len(found) != 1 or not isinstance(found[0], DictExpr):
            return None
        pairs = [(key, value) for key, value in found[0].items if key is not None]
        items: list[Expression] = [pair[method.name == "values"] for pair in pairs]
        if method.name == "items":
            items = [TupleExpr([key, value]) for key, value in pairs]
        is_complete = len(pairs) == len(found[0].items)
        return items if is_complete or not in_order else None

    def _items_of_call(
        self, call: CallExpr, row: _Row, *, in_order: bool
    ) -> list[Expression] | None:
        callee, arguments = call.callee, call.args
        if isinstance(callee, MemberExpr) and callee.name in ("keys", "values", "items"):
            return self._items_of_dict(callee, row, in_order=in_order)
        function = self._followed(self._function_of(callee, row))
        if function is not None:
            return None if in_order else _yielded(function)
        name = _called_name(callee)
        if ARG_STAR in call.arg_kinds or (in_order and name in _REORDER):
            return None
        arguments = [
            argument
            for argument, kind in zip(arguments, call.arg_kinds, strict=True)
            if kind is ARG_POS
        ]
        if name in _COPIES and arguments:
            items = self._items(arguments[0], row, in_order=in_order)
            return items[::-1] if items and name == "builtins.reversed" else items
        if name == "itertools.chain":
            stars: list[Expression] = [StarExpr(argument) for argument in arguments]
            return self._flattened(stars, row, in_order=in_order)
        if name == "builtins.enumerate" and arguments:
            items = self._items(arguments[0], row, in_order=in_order)
            return None if items is None else [TupleExpr([UNKNOWN, item]) for item in items]
        if name == "builtins.zip":
            columns = [self._items(argument, row, in_order=True) for argument in arguments]
            return _combined(columns, lambda known: zip(*known, strict=False))
        if name == "itertools.product" and len(arguments) == len(call.args):
            columns = [self._items(argument, row, in_order=in_order) for argument in arguments]
            return _combined(columns, lambda known: product(*known))
        return None


def _yielded(function: FuncItem) -> list[Expression] | None:
    """
    Return what a generator yields; None if it is unknown.
    """
    if not function.is_generator or may_skip(function.body, ()):
        return None
    yielded = [one for one, _ in all_yield_expressions(function)]
    return [one.expr for one in yielded if one.expr is not None]


def _combined(
    columns: list[list[Expression] | None],
    combine: Callable[[list[list[Expression]]], Iterable[tuple[Expression, ...]]],
) -> list[Expression] | None:
    """
    Return the tuples of the items of several collections; None if one is unknown.
    """
    known = [column for column in columns if column is not None]
    if len(known) != len(columns):
        return None
    return [TupleExpr(list(one)) for one in islice(combine(known), _MOST + 1)]


def _may_be_equal(one: _Key | None, other: _Key | None) -> bool:
    """
    Return whether two keys may be equal, of which a constant has an unknown value.
    """
    if one is None or other is None or isinstance(one, Var) is not isinstance(other, Var):
        return True
    return one == other


def _is_any(variable: Var) -> bool:
    """
    Return whether the annotation of *variable* says Any, so that nothing is checked.
    """
    typ = get_proper_type(variable.type)
    if variable.is_inferred or typ is None:
        return False
    items = typ.args if isinstance(typ, Instance) and not typ.type.has_base(BASE_SIGNAL) else ()
    return any(isinstance(get_proper_type(item), AnyType) for item in (typ, *items))


def _called_name(expression: Expression) -> str:
    return expression.fullname if isinstance(expression, RefExpr) else ""


def _parameters_of(info: TypeInfo) -> list[str | None]:
    """
    Return the names of the parameters with which an instance of *info* is made.
    """
    method = info.get_method("__new__" if info.is_named_tuple else "__init__")
    return method.arg_names[1:] if isinstance(method, FuncDef) else []
