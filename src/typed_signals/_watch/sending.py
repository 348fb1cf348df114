"""
The sends of a watched signal: its receivers, each with what watchers do around it.
"""

from __future__ import annotations

from collections.abc import Coroutine
from time import perf_counter
from types import CoroutineType, FunctionType
from typing import TYPE_CHECKING, Any, final

from typed_signals._connect.connection import is_deferring
from typed_signals._send.loops import call as call_unobserved
from typed_signals._send.stand_in import StandIn

from .telling import tell, tell_failure
from .watcher import Call, Sent

if TYPE_CHECKING:
    from contextvars import ContextVar

    from typed_signals._send.loops import Receiver, Responses

    from .audience import Callbacks


@final
class Sending:
    """
    One send of a watched signal.

    As a context manager, it tells watchers what the block raises.
    """

    __slots__ = ("_callbacks", "_method", "_payload", "_record", "_sender", "signal")

    def __init__(
        self,
        callbacks: Callbacks,
        signal: Any,
        method: str,
        sender: Any,
        payload: dict[str, Any],
        *,
        is_told: bool = False,
    ) -> None:
        # With is_told, watchers know of this send: only the calls are told now.
        self.signal = signal
        self._callbacks = callbacks
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
        receiver = connected.receiver if is_deferring(connected) else connected
        return self._callbacks.lets_through(self.signal, self._sender, receiver)

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
        if is_deferring(receiver):
            return receiver
        return Observed(receiver, self, is_async=is_async)

    def call_each(self, receivers: list[Receiver]) -> Responses:
        """
        Call sync *receivers* as :func:`typed_signals._send.loops.call` does, except muted ones.
        """
        signal, sender, payload = self.signal, self._sender, self._payload
        before, after = self._callbacks.before, self._callbacks.after
        arguments = {"signal": signal, "sender": sender, **payload}
        receivers = self.unmuted(receivers)
        if not self.observes:
            return call_unobserved(self._method, receivers, arguments)
        responses: Responses = []
        for receiver in receivers:
            # Most are functions.
            if type(receiver) is not FunctionType and is_deferring(receiver):
                responses += call_unobserved(self._method, [receiver], arguments)
                continue
            call = Call(signal, sender, receiver, payload)
            tell(before, call)
            start = perf_counter()
            try:
                response = receiver(**arguments)
            except BaseException as error:
                call.seconds = perf_counter() - start
                response = tell_failure(after, call, error, self._method)
                if response is None:
                    del call  # the error refers to this frame
                    raise
            else:
                call.seconds = perf_counter() - start
                call.response = response
                tell(after, call)
            responses.append((receiver, response))
        return responses

    def begin(self, receiver: Any) -> tuple[Call, float]:
        """
        Tell watchers that *receiver* is called, and return the call and the time.
        """
        call = Call(self.signal, self._sender, receiver, self._payload)
        tell(self._callbacks.before, call)
        return call, perf_counter()

    def end(self, begun: tuple[Call, float], response: Any, error: BaseException | None) -> None:
        """
        Tell watchers how a call ended.
        """
        call, start = begun
        call.seconds = perf_counter() - start
        call.response = response
        call.error = error
        tell(self._callbacks.after, call)

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


@final
class Present:
    """
    Sets *variable* to a send while it looks for receivers and calls them.
    """

    __slots__ = ("_around", "_sending", "_variable")

    def __init__(self, variable: ContextVar[Sending | None], sending: Sending) -> None:
        self._variable = variable
        self._sending = sending

    def __enter__(self) -> None:
        self._around = self._variable.get()
        self._variable.set(self._sending)

    def __exit__(self, *_raised: object) -> None:
        # Not with a token, because an async send can be closed in another context.
        self._variable.set(self._around)


@final
class Observed(StandIn):
    """
    Calls a receiver, and tells watchers.
    """

    __slots__ = ("_is_async", "_sending")

    def __init__(self, receiver: Any, sending: Sending, *, is_async: bool) -> None:
        super().__init__(receiver)
        self._sending = sending
        self._is_async = is_async

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        if self._is_async:
            awaitable = self.receiver(*args, **kwargs)
            if type(awaitable) is not CoroutineType:
                return _await_observed(awaitable, self.receiver, self._sending)
            return _ToItsEnd(awaitable, self.receiver, self._sending)
        begun = self._sending.begin(self.receiver)
        try:
            response = self.receiver(*args, **kwargs)
        except BaseException as error:
            self._sending.end(begun, None, error)
            del begun  # its error refers to this frame
            raise
        self._sending.end(begun, response, None)
        return response


async def _await_observed(awaitable: Any, receiver: Any, sending: Sending) -> Any:
    begun = sending.begin(receiver)
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

    __slots__ = ("_begun", "_coroutine", "_receiver", "_sending")

    def __init__(
        self, coroutine: CoroutineType[Any, Any, Any], receiver: Any, sending: Sending
    ) -> None:
        self._coroutine = coroutine
        self._receiver = receiver
        self._sending = sending
        self._begun: tuple[Call, float] | None = None

    def send(self, value: Any, /) -> Any:
        if self._begun is None:
            self._begun = self._sending.begin(self._receiver)
        return self._step(self._coroutine.send, value)

    def throw(self, *error: Any) -> Any:
        return self._step(self._coroutine.throw, *error)

    def close(self) -> None:
        self._coroutine.close()
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
