"""
The errors and warnings that typed-signals raises.

Every error is a :class:`SignalError`, and also an instance of the built-in class that
Django's dispatcher raises in the same case, so ``except TypeError`` and ``except ValueError``
written for Django still work.

* ``connect`` and ``@receiver`` raise ``ReceiverTypeError``, ``ReceiverSignatureError`` and
  ``DeclarationError``;
* the four send methods raise ``PayloadError`` and ``DeclarationError``, and the two sync ones
  also ``RunningLoopError``. With receivers in the background, ``PayloadError`` may be an
  ``UndeliverableError``;
* where an engine runs a receiver in the background, ``DeliveryError`` and its subclasses say why
  the receiver was not called.

Other invalid arguments raise a plain ``TypeError``: unknown arguments, an unhashable
``dispatch_uid``, ``receiver`` without a signal, ``declare`` without a function.
If any of these errors is raised, nothing was connected, disconnected or called.

``typed_signals.configure`` can replace ``ReceiverSignatureError`` and ``PayloadError`` by a
``ContractWarning``. ``connect`` also issues it if only a function that a receiver wraps does not
accept every send, and a signal whose payload is unknown at run time at its first use. A signal with
a lost receiver issues a ``ReceiverCollectedWarning`` at its next use. ``typed_signals.testing``
issues a ``LeakedConnectionWarning`` for a test that leaves connections behind, and an
``UnconnectedReceiverWarning`` for a receiver that is to be muted, but is not connected.

The plugin of django-stubs imports a project's apps in mypy. There, no errors are raised and no
warnings are issued, because they would stop mypy: the call does nothing, and mypy reports the line.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ContractError",
    "ContractWarning",
    "DeclarationError",
    "DeliveryError",
    "LeakedConnectionWarning",
    "MissingRowError",
    "PayloadError",
    "ReceiverCollectedWarning",
    "ReceiverSignatureError",
    "ReceiverTypeError",
    "RunningLoopError",
    "SignalError",
    "UnconnectedReceiverWarning",
    "UndeliverableError",
    "UnknownNameError",
    "UnknownReceiverError",
]


class SignalError(Exception):
    """
    The base class of every error that typed-signals raises.
    """


class DeclarationError(SignalError, TypeError):
    """
    The declaration of a signal is invalid.

    Its payload is not a TypedDict, is used as the sender, or has a reserved key or a key that is
    not a string; evaluating its annotations raises an error; or its function under ``declare`` has
    parameters that cannot be passed by keyword.

    Declarations are read when they are first needed, so this is raised by the first ``connect`` or
    ``send``, not where the signal is created.
    """


class ContractError(SignalError):
    """
    ``connect`` refused a receiver; nothing was connected.

    Attributes:
        receiver: the refused receiver; None in a copy or in another process.
        problems: the problems, one sentence each.
    """

    receiver: object
    problems: tuple[str, ...]

    def __init__(self, message: str, *, receiver: object, problems: Sequence[str]) -> None:
        super().__init__(message)
        self.receiver = receiver
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        # Another process has no such receiver. An exception is only made with its args.
        state = {**vars(self), "receiver": None}
        make = partial(type(self), receiver=None, problems=())
        return make, self.args, state


class ReceiverTypeError(ContractError, TypeError):
    """
    The receiver is not callable, cannot be weakly referenced, or cannot be inspected.

    Django raises ``TypeError`` for the first two. The error of the receiver is the ``__cause__``.
    """


class ReceiverSignatureError(ContractError, ValueError):
    """
    The receiver does not accept every send of the signal.

    Django raises ``ValueError`` for a receiver without ``**kwargs``.
    """


class PayloadError(SignalError, TypeError):
    """
    A send was refused, because its keys are not the declared keys of the signal; or, where
    ``typed_signals.testing.validate`` checks it, because a value does not have the declared type.

    No receiver was called.

    Attributes:
        missing: required keys that were not passed.
        unexpected: keys that were passed but are not declared.
        wrong: keys whose values do not have the declared type.
    """

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    wrong: tuple[str, ...]

    def __init__(
        self,
        message: str,
        *,
        missing: Sequence[str] = (),
        unexpected: Sequence[str] = (),
        wrong: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.missing = tuple(missing)
        self.unexpected = tuple(unexpected)
        self.wrong = tuple(wrong)


class UndeliverableError(PayloadError):
    """
    A value of a send would not come back from the background equal and of the same type, such as
    NaN or a model that is not saved, and a receiver there names its key.

    Nothing was enqueued for this receiver.
    """


class DeliveryError(SignalError):
    """
    A delivery cannot run where the engine has started it: its text is broken, or was sent by a
    release whose declaration was different. The receiver was not called.
    """


class UnknownReceiverError(DeliveryError, LookupError):
    """
    A delivery names a receiver that this process has not connected.

    It may be a worker that does not import the module of the receiver, or that runs another
    release. An engine that retries can start it again in one that does.
    """


class UnknownNameError(DeliveryError, LookupError):
    """
    A delivery names a class or a model that this process has not imported. Nothing is imported
    because a delivery names it.
    """


class MissingRowError(DeliveryError, LookupError):
    """
    The row of a model in a delivery no longer exists. This is raised at the first use of the model.
    """


class RunningLoopError(SignalError, RuntimeError):
    """
    A sync send would have to wait for async receivers in a running event loop.

    No receiver was called. Django raises ``RuntimeError`` after it called the sync ones.
    """


class ContractWarning(UserWarning):
    """
    The contract of a signal is broken, but ``typed_signals.configure`` or Django's setting
    ``TYPED_SIGNALS`` lets it through; or it cannot be checked for certain.

    * A receiver does not accept every send, and is connected; or the keys of a send are not the
      declared ones, and it calls the receivers. The warning is issued for the line of this call,
      once for each problem there, before anything else happens.
    * A decorator accepts ``*args, **kwargs``, and the decorated function does not accept every send
      (:pep:`362` stores it in ``__wrapped__``). The decorator may pass other arguments than it
      gets, so the receiver is connected. ``connect`` issues the warning for its line, before it
      changes anything. ``typed_signals.with_signature`` ends it.
    * The payload of a signal has a name that does not exist at run time, for example because it is
      imported under ``TYPE_CHECKING`` only. So receivers and sends are not checked. The warning is
      issued once, for the line of the declaration, by the first ``connect`` or ``send`` after its
      module was executed.
    """


class ReceiverCollectedWarning(RuntimeWarning):
    """
    A weakly referenced receiver was garbage-collected before a send could call it.

    As in Django, ``connect`` keeps weak references, except for ``weak=False``. Without another
    reference, a lambda, a partial or the method of a temporary object is garbage-collected at once,
    a local function when the function around it returns, and functions that a loop defines under
    one name when the next one is defined. They are never called. The warning is issued for the line
    of the ``connect`` call, when the signal is next used.

    There is no warning for a receiver that is deleted somewhere else, so that it was stored for
    some time; for a receiver that the garbage collector finds in a reference cycle; or at
    interpreter exit.
    """


class LeakedConnectionWarning(UserWarning):
    """
    A test with ``signal_spy`` connected a receiver that is still connected at the end of the test,
    or disconnected one.

    This is undone, so it does not change other tests. The warning is issued for the line of the
    test.
    """


class UnconnectedReceiverWarning(UserWarning):
    """
    ``typed_signals.testing.mute`` was to mute a receiver, but the signals called others, and this
    one was connected neither at the start of the block nor during their sends nor at the end.

    The connected receiver may be another object, such as the method of another instance, or a new
    partial. The warning is issued for the line that called ``mute``.
    """
