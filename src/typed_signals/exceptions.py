"""
The errors and warnings that typed-signals raises.

Every error is a :class:`SignalError`, and also an instance of the built-in class that
Django's dispatcher raises in the same case, so ``except TypeError`` and ``except
ValueError`` written for Django keep working.

* ``connect`` and ``@receiver`` raise ``ReceiverTypeError``, ``ReceiverSignatureError`` and
  ``DeclarationError``;
* ``send`` and the other three raise ``PayloadError`` and ``DeclarationError``, the two sync ones
  ``RunningLoopError``, too.

Arguments that are wrong in themselves are a plain ``TypeError`` everywhere: one too many, a
``dispatch_uid`` that is unhashable, no signal for ``receiver``, no function for ``declare``.
Whichever of these is raised, nothing was connected, disconnected or called.

A signal whose payload is unknown at run time issues ``ContractWarning`` when it is first used, and
one whose receiver was lost ``ReceiverCollectedWarning`` when it is next used.

django-stubs' plugin imports a project's apps inside mypy. There, none of these is raised or issued,
as that would end mypy: the call does nothing, and mypy reports what it finds at that line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ContractError",
    "ContractWarning",
    "DeclarationError",
    "PayloadError",
    "ReceiverCollectedWarning",
    "ReceiverSignatureError",
    "ReceiverTypeError",
    "RunningLoopError",
    "SignalError",
]


class SignalError(Exception):
    """
    The base class of every error that typed-signals raises.
    """


class DeclarationError(SignalError, TypeError):
    """
    A signal is declared wrongly: its payload is not a TypedDict, is in the place of the sender, or
    carries a reserved key or one that is not a string; its annotations raise; or its function under
    ``declare`` has parameters that cannot be sent.

    Declarations are read when they are first needed, so this is raised by the first
    ``connect`` or ``send``, not where the signal is made.
    """


class ContractError(SignalError):
    """
    A receiver was refused by ``connect``; nothing was connected.

    Attributes:
        receiver: the object that was refused.
        problems: what is wrong with it, one sentence each.
    """

    def __init__(self, message: str, *, receiver: object, problems: Sequence[str]) -> None:
        super().__init__(message)
        self.receiver = receiver
        self.problems: tuple[str, ...] = tuple(problems)


class ReceiverTypeError(ContractError, TypeError):
    """
    The receiver is not a callable, ``weak=True`` cannot hold it, or it raises when it is looked at.

    Django raises ``TypeError`` for the first two. What the receiver raised is the ``__cause__``.
    """


class ReceiverSignatureError(ContractError, ValueError):
    """
    The receiver could not take every send of the signal.

    Django raises ``ValueError`` for a receiver without ``**kwargs``.
    """


class PayloadError(SignalError, TypeError):
    """
    A send was refused, because its keys are not those that the signal declares.

    No receiver has been called.

    Attributes:
        missing: required keys that were not passed.
        unexpected: keys that were passed and are not declared.
    """

    def __init__(
        self, message: str, *, missing: Sequence[str] = (), unexpected: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.missing: tuple[str, ...] = tuple(missing)
        self.unexpected: tuple[str, ...] = tuple(unexpected)


class RunningLoopError(SignalError, RuntimeError):
    """
    A sync send would have to wait for async receivers inside a running event loop.

    No receiver has been called; Django raises ``RuntimeError`` after calling the sync ones.
    """


class ContractWarning(UserWarning):
    """
    A signal's payload is declared by a name that does not exist at run time, for instance because
    it is imported under ``TYPE_CHECKING`` only. So neither receivers nor sends are checked.

    The warning is issued once, at the line of the declaration, by the first ``connect`` or
    ``send`` after its module has run.
    """


class ReceiverCollectedWarning(RuntimeWarning):
    """
    A weakly held receiver was garbage-collected before any send could reach it.

    ``connect`` keeps weak references unless told ``weak=False``, as Django's does. A lambda, a
    partial or the method of a temporary object that nothing else holds is gone at once, a local
    function when the function around it returns, and the functions that a loop defines under
    one name are gone except for the last: they never run. The warning is issued at the line of
    the ``connect``, when the signal is next used.

    There is none for a receiver that died elsewhere, and so was held for some time; for one that
    the garbage collector finds in a cycle of references; or at the end of the interpreter.
    """
