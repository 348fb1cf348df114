"""
Where a signal is declared, and its name and payload at this place.

A declaration has no cost at import: only the place is stored. It is read when the name or the
payload is first needed.
"""

from __future__ import annotations

import sys
from collections import ChainMap
from typing import TYPE_CHECKING, Any, TypeVar, final

from typed_signals._shared.caller import caller, caller_or_runner
from typed_signals._shared.messages import (
    RESERVED_KEYS,
    listed,
    no_sender_problem,
    reserved_keys_problem,
    shown,
)
from typed_signals._shared.policy import BAD_PAYLOAD, WARN, action_for
from typed_signals._shared.raising import is_run_by_mypy, refuse, warn
from typed_signals.exceptions import ContractWarning, DeclarationError

from .annotations import Unknown, annotation_of, expand, module_namespace, resolve
from .keys import as_typed_dict, from_function, from_typed_dict, not_typed_dict
from .payload import UNDECLARED, Payload

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from types import FrameType

    from typed_signals.exceptions import PayloadError

    from .key_types import ReadAnnotation

# How many frames to search for the module that called the function which created the signal.
_FACTORY_DEPTH = 8

# A type that is nested deeper contains itself, like ``Json = dict[str, "Json"]``. It may do so more
# than once, and each is followed.
_MOST_NESTED = 5

# Of different warnings for a line: it may send other keys each time, such as those of user input.
_MOST_WARNINGS = 20


@final
class Declaration:
    """
    The place where one signal was declared.
    """

    __slots__ = (
        "_base",
        "_file",
        "_function",
        "_line",
        "_modules",
        "_name",
        "_owner",
        "_payload",
        "_taken_keys",
        "_warned",
    )

    def __init__(self, base: type, taken_keys: Collection[str] = ()) -> None:
        """
        Args:
            base: the generic class whose first two parameters are sender and payload.
            taken_keys: the names of parameters of its send methods, which cannot be keys.
        """
        frame = caller()
        self._base = base
        self._taken_keys = taken_keys
        self._file = frame.f_code.co_filename
        self._line = frame.f_lineno
        self._modules = tuple(_modules_around(frame))
        self._owner: tuple[type, str] | None = None
        self._function: Callable[..., object] | None = None
        self._name: str | None = None
        self._payload: Payload | None = None
        # The texts by place. Replaced, never changed, so it needs no lock.
        self._warned: Mapping[tuple[str, int], frozenset[str]] = {}

    def by_function(self, function: Callable[..., object]) -> None:
        """
        Store the function under ``@Signal.declare``: it defines the name and the payload.
        """
        self._function = function
        self._name = f"{function.__module__}.{function.__qualname__}"

    def in_class(self, owner: type, name: str) -> None:
        """
        Store the first class body that defines the signal (``object.__set_name__``).
        """
        if self._owner is None:
            self._owner = (owner, name)

    @property
    def function(self) -> Callable[..., object] | None:
        """
        The function under ``@Signal.declare``; None without one.
        """
        return self._function

    @property
    def is_settled(self) -> bool:
        """
        Whether the payload is final.
        """
        return self._payload is not None

    @property
    def place(self) -> str:
        """
        The file and line where the signal is created, as ``file:line``.
        """
        return f"{self._file}:{self._line}"

    def name_of(self, signal: object) -> str:
        """
        Return the dotted name from which *signal* can be imported, if it is known.
        """
        if self._name is None:
            for module, name in self._names_in_modules(signal):
                self._name = f"{module}.{name}"
                return self._name
            if self._owner is None:
                return f"<unnamed signal made at {self.place}>"
            owner, name = self._owner
            self._name = f"{owner.__module__}.{owner.__qualname__}.{name}"
        return self._name

    def payload_of(self, signal: object) -> Payload:
        """
        Return the declared payload of *signal*.

        Raises:
            DeclarationError: it is not a TypedDict, or it has a reserved key.

        Warns:
            ContractWarning: it does not exist at run time.
        """
        if self._payload is not None:
            return self._payload
        try:
            payload, unknown = self._read(signal)
        except ImportError:
            if not sys.is_finalizing():
                raise
            return UNDECLARED  # a payload that needs an import cannot be read now
        declared: Iterable[object] = payload.keys
        if odd := [key for key in declared if not isinstance(key, str)]:
            raise DeclarationError(
                f"{self.name_of(signal)}: {payload.name} has keys that are not strings "
                f"({listed(odd)}), but a payload is sent by keyword: make each key a string"
            )
        if reserved := sorted(payload.keys.intersection(RESERVED_KEYS)):
            problem = reserved_keys_problem(payload.name, reserved)
            raise DeclarationError(f"{self.name_of(signal)}: {problem}")
        if taken := sorted(payload.keys.intersection(self._taken_keys)):
            raise DeclarationError(
                f"{self.name_of(signal)}: {payload.name} declares {listed(taken)}, which is a "
                "parameter of the send methods: rename the key"
            )
        is_known = payload is not UNDECLARED and unknown is None
        # While its module is executed, the signal may have no name yet, and so no annotation, or
        # its payload may not be defined yet.
        if is_known or not self.is_running:
            self._payload = payload
            if unknown is not None:
                self._warn(signal, unknown)
        return payload

    def sender_type_of(self, signal: object) -> Any:
        """
        Return the type of the senders of *signal*; ``Any`` if it is not known at run time.
        """
        from .key_types import sender_in_function  # only for tests

        if self._function is not None:
            return sender_in_function(self._function)
        for stated, namespace in self._types_of(signal):
            found = signal_type(stated, namespace, self._base)
            sender, *_ = type_arguments(*found, self._base)
            if not _says_nothing(sender):
                return sender
        return Any

    def types_of(self, signal: object) -> dict[str, str | None]:
        """
        Return the type of each declared key of *signal* as text; None if it has no type.

        Raises:
            DeclarationError: as for :meth:`payload_of`.
        """
        from .key_types import types_in_function, types_in_typed_dict  # only for listings

        self.payload_of(signal)
        if self._function is not None:
            return types_in_function(self._function, self.name_of(signal))
        stated = self._stated_payload(signal)
        return {} if as_typed_dict(stated) is None else types_in_typed_dict(stated)

    def evaluated_types_of(
        self, signal: object, evaluate: ReadAnnotation | None = None
    ) -> dict[str, Any]:
        """
        Return the type of each declared key of *signal*, ``Any`` if it is not known at run time.

        Args:
            signal: the signal.
            evaluate: returns what else to return for an annotation, in a namespace and with these
                type arguments.

        Raises:
            DeclarationError: as for :meth:`payload_of`.
        """
        from . import key_types  # most programs do not need it

        self.payload_of(signal)
        options: dict[str, Any] = {} if evaluate is None else {"evaluate": evaluate}
        if self._function is not None:
            name = self.name_of(signal)
            return key_types.evaluated_in_function(self._function, name, **options)
        stated = self._stated_payload(signal)
        if as_typed_dict(stated) is None:
            return {}
        return key_types.evaluated_in_typed_dict(stated, **options)

    def texts_around(self, signal: object) -> tuple[str | None, str | None]:
        """
        Return the types of the senders and of the responses of *signal* as text; None for what is
        not stated.
        """
        from . import key_types  # only for documentation

        if self._function is not None:
            return key_types.types_around_function(self._function)
        sender = response = None
        for stated, namespace in self._types_of(signal):
            found = signal_type(stated, namespace, self._base)
            texts = texts_of_arguments(*found, self._base)
            sender, response = sender or texts[0], response or texts[1]
        return sender, response

    def typed_dict_of(self, signal: object) -> Any:
        """
        Return the TypedDict that declares the payload of *signal*; None if none does.

        Raises:
            DeclarationError: as for :meth:`payload_of`.
        """
        from .key_types import typed_dict_in_function  # only for documentation

        if self._function is not None:
            return typed_dict_in_function(self._function, self.name_of(signal))
        return as_typed_dict(self._stated_payload(signal))

    def text_of(self, signal: object) -> str | None:
        """
        Return the docstring of the declaration of *signal*: of its function, or its TypedDict.

        Raises:
            DeclarationError: as for :meth:`payload_of`.
        """
        if self._function is not None:
            return self._function.__doc__
        text: str | None = vars(as_typed_dict(self._stated_payload(signal))).get("__doc__")
        return text

    def accepted(
        self, signal: object, method: str, args: tuple[Any, ...], payload: dict[str, Any]
    ) -> dict[str, Any] | None:
        """
        Return the whole payload of a send as keyword arguments; None if it is refused.

        Args:
            signal: the signal that is sent.
            method: the name of the send method.
            args: the payload that was passed by position.
            payload: the payload that was passed by keyword.

        Raises:
            PayloadError: *args* and *payload* do not fit the declaration, unless this is only
                warned about.
            DeclarationError: the declaration of the signal is invalid.
        """
        try:
            declared = self.payload_of(signal)
        except DeclarationError as error:
            refuse(error)
            return None
        if args and (named := declared.by_keyword(args, payload)) is not None:
            args, payload = (), named
        if args or not declared.accepts(payload.keys()):
            where = f"{self.name_of(signal)}.{method}()"
            refusal = declared.refusal(payload.keys(), len(args), where)
            unsendable = {*RESERVED_KEYS, *self._taken_keys}.intersection(payload)
            if args or unsendable or not self._is_let_through(signal, refusal):
                refuse(refusal)
                return None
        return payload

    def _is_let_through(self, signal: object, error: PayloadError) -> bool:
        """
        Return whether a send is only warned about.
        """
        if is_run_by_mypy() or action_for(BAD_PAYLOAD, self.name_of(signal)) != WARN:
            return False
        self.warn_of_call(str(error))
        return True

    def warn_of_call(self, text: str) -> None:
        """
        Warn about the call in the user's code, once for each line and *text*.

        The line is that of the declaration if an event loop made the call.
        """
        file, line, module = self._file, self._line, self._modules[0]
        if (frame := caller_or_runner()) is not None:
            file, line = frame.f_code.co_filename, frame.f_lineno
            module = frame.f_globals.get("__name__", module)
        known = self._warned.get((file, line), frozenset())
        if text not in known and len(known) < _MOST_WARNINGS:
            warn(text, ContractWarning, file, line, module)
            self._warned = {**self._warned, (file, line): known | {text}}

    def _warn(self, signal: object, unknown: Unknown) -> None:
        if unknown.is_invalid:
            problem, fix = "is not a valid type", "fix the string"
        else:
            problem = "is not defined at run time"
            fix = "import it outside of TYPE_CHECKING, or define it in the module of the signal"
        message = (
            f"{self.name_of(signal)}: {shown(unknown.text)} in its declaration {problem}, so "
            f"receivers and sends are not checked: {fix}"
        )
        warn(message, ContractWarning, self._file, self._line)

    def _read(self, signal: object) -> tuple[Payload, Unknown | None]:
        """
        Return the payload, and its unknown part, if there is one.
        """
        if self._function is not None:
            return from_function(self._function, self.name_of(signal))
        stated = self._stated_payload(signal)
        if stated is None or isinstance(stated, Unknown):
            return UNDECLARED, stated
        return from_typed_dict(as_typed_dict(stated)), None

    def _stated_payload(self, signal: object) -> Any:
        """
        Return the TypedDict of the payload, with its type arguments, or ``Unknown``; None if none
        is stated.

        Raises:
            DeclarationError: something else is stated.
        """
        unknown: Unknown | None = None
        for stated, namespace in self._types_of(signal):
            found = signal_type(stated, namespace, self._base)
            sender, payload, _ = type_arguments(*found, self._base)
            lone = as_typed_dict(sender)
            if isinstance(payload, Unknown):
                unknown = unknown or payload
            elif as_typed_dict(payload) is not None:
                return payload
            elif not _says_nothing(payload):
                is_swapped = lone is not None
                raise not_typed_dict(payload, self.name_of(signal), is_swapped=is_swapped)
            elif lone is not None:
                problem = no_sender_problem(lone.__name__)
                raise DeclarationError(f"{self.name_of(signal)}: {problem}")
        return unknown

    def _types_of(self, signal: object) -> Iterator[tuple[Any, Mapping[str, Any]]]:
        """
        Yield the types that may be ``Signal[S, K]`` for *signal*, and the namespace of each.
        """
        namespace = module_namespace(self._modules[0])
        attribute = ""
        classes: tuple[type, ...] = ()
        if self._owner is not None:
            owner, attribute = self._owner
            namespace, classes = _names_in_class(owner), owner.__mro__
        # A class is more specific than its bases, and so is the call.
        for cls in classes[:1]:
            yield annotation_of(attribute, vars(cls), cls), namespace
        yield getattr(signal, "__orig_class__", None), namespace
        yield type(signal), namespace
        for cls in classes[1:]:
            yield annotation_of(attribute, vars(cls), cls), _names_in_class(cls)
        for module, name in self._names_in_modules(signal):
            namespace = module_namespace(module)
            yield annotation_of(name, namespace, sys.modules.get(module)), namespace

    def _names_in_modules(self, signal: object) -> Iterator[tuple[str, str]]:
        for module in self._modules:
            # Copied, because an import in another thread may add names at the same time.
            for name, value in list(module_namespace(module).items()):
                if value is signal:
                    yield module, name

    @property
    def is_running(self) -> bool:
        """
        Return whether unknown names may still be defined.

        A script always runs, so for ``__main__`` this only covers the current statement.
        """
        specs = (module_namespace(module).get("__spec__") for module in self._modules)
        if any(getattr(spec, "_initializing", False) for spec in specs):
            return True
        frame: FrameType | None = sys._getframe()
        while frame is not None:  # a reloaded module was already initialised
            if frame.f_code.co_name == "<module>":
                module = frame.f_globals.get("__name__")
                is_here = frame.f_code.co_filename == self._file and frame.f_lineno == self._line
                if module in self._modules and (is_here or module != "__main__"):
                    return True
            frame = frame.f_back
        return False


def type_arguments(alias: Any, namespace: Mapping[str, Any], base: Any) -> tuple[Any, Any, Any]:
    """
    Return the types of sender, payload and response of *alias* as a *base*, ``Any`` by default.

    Args:
        alias: *base* or a subclass of it, with or without type arguments; or ``Unknown``.
        namespace: where strings among the arguments are looked up.
        base: the generic class whose first parameters are sender, payload and response.
    """
    if isinstance(alias, Unknown):
        return alias, alias, alias
    cls = getattr(alias, "__origin__", alias)
    arguments = getattr(alias, "__args__", ())
    if getattr(cls, "__parameters__", None) == base.__parameters__:  # the base, or an engine
        sender, payload, response = (
            expand(argument, namespace)[0] for argument in (*arguments, Any, Any, Any)[:3]
        )
        return sender, payload, response
    parameters = getattr(cls, "__parameters__", ())
    bound = dict(zip(parameters, arguments, strict=False))
    for parent in getattr(cls, "__dict__", {}).get("__orig_bases__", getattr(cls, "__bases__", ())):
        parent_class = getattr(parent, "__origin__", parent)
        if not _is_subclass(parent_class, base):
            continue
        passed = tuple(
            bound.get(item, Any)
            if item in parameters
            else resolve(item, module_namespace(cls.__module__))
            for item in getattr(parent, "__args__", ())
        )
        return type_arguments(_Alias(parent_class, passed), namespace, base)
    return Any, Any, Any


def texts_of_arguments(
    alias: Any, namespace: Mapping[str, Any], base: Any
) -> tuple[str | None, str | None]:
    """
    Return the types of sender and response of *alias* as text; None for what is not stated.

    Args:
        alias: as for :func:`type_arguments`, or None.
        namespace: as for :func:`type_arguments`.
        base: as for :func:`type_arguments`.
    """
    from .key_types import shown_type  # only for documentation

    if isinstance(alias, Unknown):
        return None, None
    sender, _, response = type_arguments(alias, namespace, base)
    first, last = (
        None if _says_nothing(stated) else shown_type(stated, {}, namespace)
        for stated in (sender, response)
    )
    return first, last


@final
class _Alias:
    """
    A class with its type arguments; unlike in ``typing``, any arguments are accepted.
    """

    __slots__ = ("__args__", "__origin__")

    def __init__(self, origin: type, arguments: tuple[Any, ...]) -> None:
        self.__origin__ = origin
        self.__args__ = arguments


def signal_type(
    stated: Any, namespace: Mapping[str, Any], base: type, layers: int = _MOST_NESTED
) -> tuple[Any, Mapping[str, Any]]:
    """
    Return the signal type in an annotation, None without one, and the namespace for strings in it.

    It may be in ``ClassVar[...]``, ``Final[...]``, ``Annotated[...]`` or a union. An unknown type
    may be a signal type.
    """
    stated, namespace = expand(stated, namespace)
    if _is_subclass(getattr(stated, "__origin__", stated), base) or isinstance(stated, Unknown):
        return stated, namespace
    unknown: Unknown | None = None
    for item in getattr(stated, "__args__", ()) if layers else ():
        found, scope = signal_type(item, namespace, base, layers - 1)
        if isinstance(found, Unknown):
            unknown = found
        elif found is not None:
            return found, scope
    return unknown, namespace


def _names_in_class(cls: type) -> Mapping[str, Any]:
    """
    Return the namespace for names in a class body: the class, then its module.
    """
    return ChainMap(dict(vars(cls)), dict(module_namespace(cls.__module__)))


def _is_subclass(candidate: object, base: type) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, base)


def _says_nothing(payload: Any) -> bool:
    """
    Return whether a type argument does not define a payload: ``Any`` or a type variable.
    """
    return payload is Any or isinstance(payload, TypeVar)


def _modules_around(frame: FrameType) -> Iterator[str]:
    """
    Yield the module that creates the signal and, if a function does, the module that called it.
    """
    maker = frame.f_globals.get("__name__", "")
    yield maker
    outer: FrameType | None = frame
    for _ in range(_FACTORY_DEPTH):
        if outer is None:
            return
        if outer.f_code.co_name == "<module>":
            if outer.f_globals.get("__name__", "") != maker:
                yield outer.f_globals["__name__"]
            return
        outer = outer.f_back
