"""
Give a signal of another package a subclass of its class while it is watched.

There, its sends tell the watchers. Between the class of the signal and that of the package comes an
``inner`` class, so that methods of other classes between them see the receivers themselves in
responses, and not what is called in their place. The subclass looks like the class itself.

No user code runs when it is created: neither ``__init_subclass__`` nor a metaclass.
"""

from __future__ import annotations

import copyreg
from abc import ABCMeta
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, final
from weakref import WeakValueDictionary

from typed_signals._base import BaseSignal
from typed_signals._send.choice import is_public
from typed_signals._send.engine import PUBLIC
from typed_signals._shared.messages import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import SupportsIndex

    from .audience import Audience

    # Returns the method with this name that the public class has.
    Beneath: TypeAlias = Callable[[str], Any]

# What creates the copy of most objects.
_NEWOBJ: Final[Any] = vars(copyreg)["__newobj__"]
# The attribute of a signal while it is watched.
_AUDIENCE: Final = "_watching"
# The one of ours for the path of its sends; a new signal has its own.
_PATH: Final = "_path"


@final
class ClassSwap:
    """
    The subclasses for the signals of one package.
    """

    def __init__(
        self, plain: type, inner: type, methods: Callable[[type, Beneath], dict[str, Any]]
    ) -> None:
        """
        Args:
            plain: the class of the package.
            inner: the inner class, a subclass of it.
            methods: returns the methods for a subclass of this public class.
        """
        self._plain = plain
        self._inner = inner
        self._methods = methods
        # By the id of the public class, which its subclass keeps alive.
        self._subclasses: WeakValueDictionary[int, type] = WeakValueDictionary()

    def set_audience(self, signal: Any, audience: Audience | None) -> None:
        """
        Let the sends of *signal* tell *audience*; None to end this.

        Raises:
            TypeError: its class does not allow it.
        """
        cls = type(signal)
        public = vars(cls).get(PUBLIC)
        if audience is None:
            vars(signal).pop(_AUDIENCE, None)
            if public is not None:
                _set_class(signal, public)
            return
        if public is None:
            try:
                subclass = self._subclass(cls)
                # Its methods do what they did before as long as there is no audience.
                _set_class(signal, subclass)
                _forget_own_methods(signal, cls)
            except Exception as error:
                raise TypeError(f"{shown(signal)} cannot be watched: {error}") from error
        vars(signal)[_AUDIENCE] = audience

    def audience_of(self, signal: Any) -> Audience | None:
        """
        Return the audience of *signal*, if it is watched.
        """
        audience: Audience | None = vars(signal).get(_AUDIENCE)
        return audience

    def _subclass(self, public: type) -> type:
        subclass = self._subclasses.get(id(public))
        if subclass is None:
            subclass = self._subclasses[id(public)] = self._make_subclass(public)
        return subclass

    def _make_subclass(self, public: Any) -> Any:
        def beneath(name: str) -> Any:
            # A tool may replace it in the meantime.
            return getattr(super(subclass, subclass), name)

        def make_public(cls: Any, /, **kwargs: Any) -> None:
            if not is_public(cls):  # which looks like this one
                return
            cls.__bases__ = tuple(public if base is subclass else base for base in cls.__bases__)
            super(cls, cls).__init_subclass__(**kwargs)

        body = {
            "__doc__": public.__doc__,
            "__init_subclass__": classmethod(make_public),
            "__module__": public.__module__,
            "__qualname__": public.__qualname__,
            # Copies are not watched.
            "__reduce_ex__": _reduce_without_watch(public, beneath),
            **{
                name: _copy_without_watch(name, public, beneath)
                for name in ("__copy__", "__deepcopy__")
                if hasattr(public, name)
            },
            "__slots__": (),
            PUBLIC: public,
            **self._methods(public, beneath),
        }
        bases: tuple[type, ...] = () if public is self._plain else (public,)
        bases = (*bases, self._inner)
        if _has_hook(public):
            bases = (_silent_class(self._layout_of(public)), *bases)
        metaclass: Any = type(public)
        new: Any = ABCMeta.__new__ if issubclass(metaclass, ABCMeta) else type.__new__
        subclass = new(metaclass, public.__name__, bases, body)
        return subclass

    def _layout_of(self, public: type) -> type:
        """
        Return a class with objects like those of *public*, but without code for subclasses.
        """
        base: Any = public
        while _has_hook(base):
            base = base.__base__
        return self._plain if base is object else base


def _attributes_of_watch(public: type) -> list[str]:
    return [_AUDIENCE, _PATH] if issubclass(public, BaseSignal) else [_AUDIENCE]


def _copy_without_watch(name: str, public: type, beneath: Beneath) -> Callable[..., Any]:
    """
    Return the method *name* of the class, which may copy all attributes.
    """
    attributes = _attributes_of_watch(public)

    def copy(self: Any, *memo: Any) -> Any:
        new = beneath(name)(self, *memo)
        if new is not self and issubclass(type(new), public):
            for attribute in attributes:
                vars(new).pop(attribute, None)
            if PUBLIC in vars(type(new)):
                _set_class(new, public)
        return new

    return copy


def _reduce_without_watch(public: type, beneath: Beneath) -> Callable[..., Any]:
    attributes = _attributes_of_watch(public)

    def without_watch(part: Any) -> Any:
        if isinstance(part, type):
            return vars(part).get(PUBLIC, part)
        if part is _NEWOBJ:
            return partial(part)  # for the function itself, pickle compares the classes
        if type(part) is tuple:
            return tuple(map(without_watch, part))
        if type(part) is dict:
            return {key: value for key, value in part.items() if key not in attributes}
        return part

    def reduce_ex(self: Any, protocol: SupportsIndex) -> Any:
        return without_watch(beneath("__reduce_ex__")(self, protocol))

    return reduce_ex


def _has_hook(cls: type) -> bool:
    """
    Return whether code of a user runs when a subclass of *cls* is created.
    """
    ancestors = (each for each in cls.__mro__ if each not in (Generic, object))
    return any("__init_subclass__" in vars(each) for each in ancestors)


def _silent_class(base: Any) -> Any:
    """
    Return a subclass of *base* with subclasses that do not call ``__init_subclass__`` of others.
    """

    class Silent(base):  # type: ignore[misc]  # which class it is, is only known at run time
        __slots__ = ()

        def __init_subclass__(cls, **_kwargs: Any) -> None: ...

    return Silent


def _forget_own_methods(signal: Any, cls: type) -> None:
    """
    Remove the methods of *cls* that are attributes of *signal*: so pytest's ``monkeypatch``
    restores a method that it has replaced.
    """
    for name, value in list(vars(signal).items()):
        is_own = type(value) is MethodType and value.__self__ is signal
        if is_own and value.__func__ is getattr(cls, name, None):
            del vars(signal)[name]


def _set_class(signal: Any, cls: type) -> None:
    # A class of the user may define __setattr__.
    object.__setattr__(signal, "__class__", cls)
