"""
The sends of a watched signal: its receivers, each with what watchers do around it.
"""

from __future__ import annotations

from collections.abc import Coroutine
from contextvars import ContextVar
from functools import partial
from time import perf_counter
from types import CoroutineType, FunctionType
from typing import TYPE_CHECKING, Any, final

from typed_signals._connect.connection import is_deferring
from typed_signals._send.loops import call as call_unobserved
from typed_signals._send.stand_in import StandIn

from .telling import note_observer, tell, tell_failure
from .watcher import Call, Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typed_signals._send.loops import Receiver, Responses

    from .audience import Callbacks


@final
class Sending:
    """
    One send of a watched signal.

    As a context manager, it tells watchers what the block raises.

    Attributes:
        signal: the signal.
        wrapped: the receivers that another tool has wrapped, by the id of the wrapper.
    """

    __slots__ = (
        "_callbacks",
        "_delivery",
        "_method",
        "_payload",
        "_record",
        "_sender",
        "signal",
        "wrapped",
    )

    def __init__(
        self,
        callbacks: Callbacks,
        signal: Any,
        method: str,
        sender: Any,
        payload: dict[str, Any],
        *,
        is_told: bool = False,
        delivery: object = None,
    ) -> None:
        # With is_told, watchers know of this send: only the calls are told now.
        self.signal = signal
        self.wrapped: Mapping[int, Any] = {}
        self._callbacks = callbacks
        self._delivery = delivery
        self._method = method
        self._sender = sender
        self._payload = payload
        self._record: Sent[Any, Any] | None = None
        if not is_told and (callbacks.checks or callbacks.starts or callbacks.sent):
            self._record = Sent[Any, Any](
                signal=signal, method=method, sender=sender, payload=payload
            )
            for check in callbacks.checks:
                check(self._record)
            for tell_start in callbacks.starts:
                tell_start(self._record)

    @property
    def observes(self) -> bool:
        """
        Whether watchers are told of calls.
        """
        return self._callbacks.observes

    def unmuted(self, receivers: list[Receiver]) -> list[Receiver]:
        """
        Return the *receivers* that are not muted.
        """
        if not self._callbacks.is_muted:
            return receivers
        return [each for each in receivers if self._lets_through(each)]

    def _lets_through(self, connected: Any) -> bool:
        receiver = self._behind_wrapper(connected)
        if is_deferring(receiver):
            receiver = receiver.receiver
        return self._callbacks.lets_through(self.signal, self._sender, receiver)

    def _behind_wrapper(self, receiver: Any) -> Any:
        return self.wrapped.get(id(receiver), receiver)

    def stand_ins(self, receivers: list[Any], *, are_async: bool) -> list[Any]:
        """
        Return what to call in place of *receivers*; muted ones are left out.
        """
        receivers = self.unmuted(receivers)
        if not self.observes:
            return receivers
        return [self._stand_in(each, is_async=are_async) for each in receivers]

    def all_stand_ins(
        self, receivers: tuple[list[Receiver], list[Receiver]]
    ) -> tuple[list[Receiver], list[Receiver]]:
        """
        Return what to call in place of *receivers*, the sync and the async ones.
        """
        sync, asynchronous = receivers
        return (
            self.stand_ins(sync, are_async=False),
            self.stand_ins(asynchronous, are_async=True),
        )

    def _stand_in(self, receiver: Any, *, is_async: bool) -> Any:
        # What it defers is called later.
        if is_deferring(self._behind_wrapper(receiver)):
            return receiver
        return Observed(receiver, self, is_async=is_async)

    def call_each(self, receivers: list[Receiver]) -> Responses:
        """
        Call sync *receivers* as :func:`typed_signals._send.loops.call` does, except muted ones.
        """
        signal, method, sender, payload = self.signal, self._method, self._sender, self._payload
        receivers = self.unmuted(receivers)
        if not self.observes:
            arguments = {"signal": signal, "sender": sender, **payload}
            return call_unobserved(method, receivers, arguments)
        fail = partial(tell_failure, method)
        return call_and_tell(self._callbacks, receivers, signal, sender, payload, fail=fail)

    def begin(self, receiver: Any, spent: float = 0.0) -> tuple[Call, float]:
        """
        Tell watchers that *receiver* is called, and return the call and the time.

        Args:
            receiver: the receiver.
            spent: how many seconds it has run before.
        """
        receiver = self._behind_wrapper(receiver)
        begun = Call(self.signal, self._sender, receiver, self._payload, self._delivery)
        tell(self._callbacks.before, begun)
        return begun, perf_counter() - spent

    def end(self, begun: tuple[Call, float], response: Any, error: BaseException | None) -> None:
        """
        Tell watchers how a call ended.
        """
        ended, start = begun
        ended.seconds = perf_counter() - start
        ended.response = response
        ended.error = error
        tell(self._callbacks.after, ended)

    def returned(self, responses: Responses) -> Responses:
        """
        Tell watchers the *responses* of this send, and return them.
        """
        self._report(responses, None)
        return responses

    def __enter__(self) -> None: ...

    def __exit__(self, _cls: object, error: BaseException | None, _traceback: object) -> None:
        if error is not None:
            self._report(None, error)

    def _report(self, responses: Responses | None, error: BaseException | None) -> None:
        # The frames in the traceback of the error refer to this object, so it must not refer to the
        # error: then the receivers in these frames would live until the next garbage collection.
        record, self._record = self._record, None
        if record is not None:
            record.responses = responses
            record.error = error
            for tell_end in self._callbacks.sent:
                tell_end(record)


def call_and_tell(
    observers: Callbacks,
    receivers: list[Receiver],
    signal: Any,
    sender: Any,
    payload: dict[str, Any],
    *,
    fail: Callable[[Callable[[Call], object] | None, Call, BaseException], Any],
) -> Responses:
    """
    Call sync *receivers*, and tell *observers*.

    Args:
        observers: who is told.
        receivers: the receivers.
        signal: the signal.
        sender: who sends.
        payload: the payload.
        fail: what is done if a receiver raises: it tells the observer, and returns the response, or
            None to raise.
    """
    before, after = observers.before, observers.after
    # This saves time for more than one call. An observer may change the payload before a call, and
    # Python refuses a second "signal".
    merged = None
    if (len(receivers) > 1 or before is not None) and "signal" not in payload:
        merged = {"signal": signal, "sender": sender, **payload}
    responses: Responses = []
    for receiver in receivers:
        call = Call(signal, sender, receiver, payload)
        # Most are functions. What is deferred is told later.
        is_told = type(receiver) is FunctionType or not is_deferring(receiver)
        observer = after if is_told else None
        if before is not None and is_told:
            tell(before, call)
        start = perf_counter()
        try:
            if merged is None:
                response = receiver(signal=signal, sender=sender, **payload)
            else:
                response = receiver(**merged)
        except BaseException as error:
            call.seconds = perf_counter() - start
            response = fail(observer, call, error)
            if response is None:
                del call  # the error refers to this frame
                raise
        else:
            call.seconds = perf_counter() - start
            call.response = response
            if observer is not None:
                # As in tell(), in less time.
                try:
                    observer(call)
                except Exception as error:  # noqa: BLE001 - an observer never breaks a send
                    note_observer(observer, call, error)
        responses.append((receiver, response))
    return responses


@final
class Present:
    """
    The send that looks for receivers or calls them, in each context.
    """

    __slots__ = ("_variable",)

    def __init__(self, name: str) -> None:
        """
        Args:
            name: the name of the context variable.
        """
        self._variable: ContextVar[_During | None] = ContextVar(name, default=None)

    def of(self, signal: Any) -> Sending | None:
        """
        Return the present send if it is one of *signal*.
        """
        during = self._variable.get()
        sending = None if during is None else during.sending
        return sending if sending is not None and sending.signal is signal else None

    def during(self, sending: Sending | None) -> _During:
        """
        Return a context manager, in which *sending* is the present send; or none is.
        """
        return _During(self._variable, sending)


@final
class _During:
    __slots__ = ("_around", "_variable", "sending")

    def __init__(self, variable: ContextVar[_During | None], sending: Sending | None) -> None:
        self._variable = variable
        self._around: _During | None = None
        self.sending = sending

    def __enter__(self) -> None:
        self._around = self._variable.get()
        self._variable.set(self)

    def __exit__(self, *_raised: object) -> None:
        # Not with a token, because an async send can be closed in another context.
        self._variable.set(self._around)
        # A receiver may have copied the context, for a task that lives longer.
        self.sending = self._around = None


@final
class Observed(StandIn):
    """
    Calls a receiver, and tells watchers.

    For an async receiver, they are told when its coroutine starts and ends, in the context in which
    it runs. What a wrapper does before it returns the coroutine is measured, too.
    """

    __slots__ = ("_is_async", "_sending")

    def __init__(self, receiver: Any, sending: Sending, *, is_async: bool) -> None:
        super().__init__(receiver)
        self._sending = sending
        self._is_async = is_async

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        if self._is_async:
            return self._call_async(args, kwargs)
        begun = self._sending.begin(self.receiver)
        try:
            response = self.receiver(*args, **kwargs)
        except BaseException as error:
            self._sending.end(begun, None, error)
            del begun  # its error refers to this frame
            raise
        self._sending.end(begun, response, None)
        return response

    def _call_async(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        start = perf_counter()
        try:
            awaitable = self.receiver(*args, **kwargs)
        except BaseException as error:
            begun = self._sending.begin(self.receiver, perf_counter() - start)
            self._sending.end(begun, None, error)
            del begun  # its error refers to this frame
            raise
        spent = perf_counter() - start
        if type(awaitable) is not CoroutineType:
            return _await_observed(awaitable, self.receiver, self._sending, spent)
        return _ToItsEnd(awaitable, self.receiver, self._sending, spent)


async def _await_observed(awaitable: Any, receiver: Any, sending: Sending, spent: float) -> Any:
    begun = sending.begin(receiver, spent)
    try:
        response = await awaitable
    except BaseException as error:
        sending.end(begun, None, error)
        del begun
        raise
    sending.end(begun, response, None)
    return response


@final
class _ToItsEnd(Coroutine[Any, Any, Any]):
    """
    Runs the coroutine of a receiver, and tells watchers when it starts and ends.

    It is not a coroutine function that awaits the other: if that is never started, Python warns
    that the other was never awaited.
    """

    __slots__ = ("_begun", "_coroutine", "_receiver", "_sending", "_spent")

    def __init__(
        self,
        coroutine: CoroutineType[Any, Any, Any],
        receiver: Any,
        sending: Sending,
        spent: float,
    ) -> None:
        self._coroutine = coroutine
        self._receiver = receiver
        self._sending = sending
        self._spent = spent
        self._begun: tuple[Call, float] | None = None

    def send(self, value: Any, /) -> Any:
        if self._begun is None:
            self._begun = self._sending.begin(self._receiver, self._spent)
        return self._step(self._coroutine.send, value)

    def throw(self, *error: Any) -> Any:
        return self._step(self._coroutine.throw, *error)

    def close(self) -> None:
        self._step(self._coroutine.close)
        self._end(None, GeneratorExit())

    def __await__(self) -> _ToItsEnd:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._coroutine, name)  # for debuggers and lists of tasks

    def _step(self, step: Any, *arguments: Any) -> Any:
        try:
            return step(*arguments)
        except StopIteration as stop:
            self._end(stop.value, None)
            raise
        except BaseException as error:
            self._end(None, error)
            raise

    def _end(self, response: Any, error: BaseException | None) -> None:
        begun, self._begun = self._begun, None
        if begun is not None:
            self._sending.end(begun, response, error)
