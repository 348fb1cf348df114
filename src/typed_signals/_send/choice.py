"""
Which path the sends of a signal take; only :func:`choose` decides this.

* Plain: pass the payload as a dictionary, with any keys (``plain``).
* Fast: a method that was generated for the keys of the payload (``codegen``). Generating it takes
  as long as hundreds of plain sends, and some signals are sent only once.
* A path that is passed to :func:`take_path`, for one signal. It may have code for generated
  methods, too.

Python finds a method of the class faster than data of the object. So after a method was generated,
a signal gets a subclass of its class, which looks like the class itself, and is shared by all
signals with the same keys.

In this subclass, Python looks for a send first in the public classes: the user's, and ``Signal``.
They have none, unless a user overrides or patches one. Then come the generated methods, and then
those of the engine. So methods that are set on a class are always called, without a check in
each send.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, Generic, final
from weakref import WeakKeyDictionary

from typed_signals._connect.table import exclusively
from typed_signals.exceptions import DeclarationError

from .engine import PUBLIC
from .plain import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_signals._declare.payload import Payload

    from .engine import Code, Dispatching, Engine, Path
    from .loops import Responses

SENDS_BEFORE_GENERATION: Final = 10

# For these, methods are generated. The async ones take too long to gain from it.
GENERATED: Final = ("send", "send_robust")

# On a class: its specialised subclasses by payload, which are deleted with it. On those: None.
SUBCLASSES: Final = "_specialised"


@final
class _Progress:
    """
    The sends of a payload.

    Attributes:
        count: how many there were before a method was generated.
        generated: the generated methods, by their code and name.
    """

    __slots__ = ("count", "generated")

    def __init__(self) -> None:
        self.count = 0
        self.generated: dict[tuple[Code, str], Callable[..., Any]] = {}


progress: Final[WeakKeyDictionary[Payload, _Progress]] = WeakKeyDictionary()


def choose(signal: Dispatching, method: str) -> Callable[..., Any]:
    """
    Return the function for the send *method* of *signal*; it takes the signal and its arguments.

    After a method was generated, Python finds it without this function.
    """
    path, engine = signal._path, signal._engine
    code = engine.code if path is None else path.code
    if method not in GENERATED or code is None or not engine.can_generate(signal):
        return PLAIN[method]
    try:
        payload = signal._declaration.payload_of(signal)
    except DeclarationError:
        return PLAIN[method]  # which refuses it
    if (sends := progress.get(payload)) is None:
        sends = progress[payload] = _Progress()
    fast = sends.generated.get((code, method))
    if fast is None:
        sends.count += 1
        # While the interpreter finalizes, imports are not possible.
        if sends.count <= SENDS_BEFORE_GENERATION or sys.is_finalizing():
            return PLAIN[method]
        from .codegen import make_send

        fast = sends.generated[code, method] = make_send(method, payload, code)
    if signal._declaration.is_settled:
        _specialise(signal, path, (payload, code), method, fast)
    return fast


def take_path(signal: Dispatching, path: Path | None) -> None:
    """
    Let all sends of *signal* that start from now on take *path*.

    Args:
        signal: the signal.
        path: what they do; None for the plain or the fast path.
    """
    signal._path = path
    look_again(signal)


def _specialise(
    signal: Dispatching,
    path: Path | None,
    made_for: tuple[Payload, Code],
    method: str,
    function: Callable[..., Responses],
) -> None:
    """
    Use *function* for *signal* instead of the *method* of the engine, as long as it takes *path*.
    """
    known = cls = type(signal)
    engine = signal._engine
    if is_public(cls):
        if not _can_be_subclassed(cls):
            return
        cls = _subclass(cls, *made_for, engine)
    generated = cls.__bases__[-1]
    if method not in vars(generated):
        setattr(generated, method, function)
    if known is cls:
        return
    with exclusively():
        # Unless another thread has called take_path:
        if type(signal) is not known or signal._path is not path:
            return
        signal.__class__ = cls
        # Most versions of Python create it for the new class. They find methods faster without it,
        # and create it again when it is needed. No other thread can set an attribute in between,
        # because there is no call.
        if not signal.__dict__:
            del signal.__dict__
    # Since another thread called look_again:
    if not engine.can_generate(signal):
        look_again(signal)


def look_again(signal: Dispatching) -> None:
    """
    Let :func:`choose` decide the path of the sends of *signal* that start from now on.
    """
    # Its public class has no generated methods.
    with exclusively():
        cls = type(signal)
        if not is_public(cls):
            signal.__class__ = cls.__bases__[0]


def is_public(cls: type) -> bool:
    """
    Return whether *cls* has no generated methods.
    """
    return vars(cls).get(SUBCLASSES, ()) is not None


def _can_be_subclassed(cls: type) -> bool:
    """
    Return whether no user code runs when a subclass of *cls* is created.
    """
    return type(cls) is type and not any(
        "__init_subclass__" in vars(ancestor)
        for ancestor in _public_class(cls).__mro__
        if ancestor not in (Generic, object)
    )


def _public_class(cls: Any) -> Any:
    """
    Return the class that *cls* looks like, if it is the one of a watched signal; else *cls*.
    """
    return vars(cls).get(PUBLIC, cls)


def _subclass(cls: type, payload: Payload, code: Code, engine: Engine) -> Any:
    known: dict[object, type] | None = vars(cls).get(SUBCLASSES)
    if known is None:
        known = {}
        setattr(cls, SUBCLASSES, known)
    shape = (payload.open, payload.required, payload.optional, code)
    if shape not in known:
        known[shape] = _new_subclass(cls, engine.sends)
    return known[shape]


def _new_subclass(cls: Any, sends: type) -> type:
    """
    Return a subclass of *cls* for methods of one payload, which makes objects of the public class
    only.
    """
    public = _public_class(cls)

    def new(_cls: object, *args: Any, **kwargs: Any) -> Any:
        return public(*args, **kwargs)

    def make_public(derived: Any, /, **kwargs: Any) -> None:
        derived.__bases__ = tuple(public if base is hidden else base for base in derived.__bases__)
        super(public, derived).__init_subclass__(**kwargs)

    new.__wrapped__ = public.__init__  # type: ignore[attr-defined]  # for inspect.signature
    body = {
        "__class_getitem__": classmethod(lambda _cls, arguments: public[arguments]),
        "__doc__": public.__doc__,
        "__init_subclass__": classmethod(make_public),
        "__module__": public.__module__,
        "__new__": new,
        "__qualname__": public.__qualname__,
        "__slots__": (),
        SUBCLASSES: None,
    }
    generated = type(sends.__name__, (sends,), {"__module__": __name__, "__slots__": ()})
    hidden = type(public.__name__, (cls, generated), body)
    return hidden
