"""
``CeleryTasks`` in one process: how it declares its task, what it sends, and its advice.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID, uuid4

import pytest
from celery import Celery, current_app
from celery.signals import worker_process_shutdown
from kombu import Exchange, Queue

import typed_signals.background
from typed_signals import Signal
from typed_signals.background import (
    Background,
    CeleryTasks,
    Delivery,
    Engine,
    Options,
    Threads,
    _threads,
)
from typed_signals.background import _celery as messages
from typed_signals.exceptions import DeliveryError, UnknownNameError, UnknownReceiverError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Paid(TypedDict):
    order_id: UUID
    total: Decimal
    at: datetime


PAYLOAD: Paid = {
    "order_id": uuid4(),
    "total": Decimal("1.10"),
    "at": datetime(2026, 2, 28, 12, tzinfo=UTC),
}

paid = Signal[object, Paid]()
calls: list[dict[str, Any]] = []


def book(sender: object, delivery: Delivery, **kwargs: Any) -> object:
    calls.append({**kwargs, "delivery": delivery})
    return object()


may_return = threading.Event()


def wait(**kwargs: Any) -> None:
    may_return.wait(60)


def refuse(sender: object, delivery: Delivery, **kwargs: Any) -> None:
    calls.append({**kwargs, "delivery": delivery})
    raise OSError("the bank is closed")


@pytest.fixture(autouse=True)
def _disconnected() -> Iterator[None]:
    calls.clear()
    yield
    for receiver in book, refuse, wait:
        paid.disconnect(receiver)


def celery_app(broker: str = "memory://", **configuration: Any) -> Celery:
    app = Celery("shop", broker=broker, set_as_current=False)
    app.conf.update(configuration)
    return app


def sent_to(app: Celery, queue: str = "celery") -> list[Any]:
    """
    Return the messages in a queue of *app*.
    """
    with app.connection_for_read() as connection, connection.SimpleQueue(queue) as simple:
        return [simple.get_nowait() for _ in range(simple.qsize())]


def test_it_is_an_engine() -> None:
    engine: Engine = CeleryTasks(celery_app())
    assert (engine.name, engine.in_process, engine.can_await) == ("celery", False, False)
    assert "CeleryTasks" not in typed_signals.background.__all__  # so that * needs no Celery


def test_without_celery_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "celery", None)
    monkeypatch.delitem(sys.modules, messages.__name__)
    with pytest.raises(ImportError, match=r"^Celery is not installed: install typed-signals\[cele"):
        _ = typed_signals.background.CeleryTasks


def test_the_task_gets_the_text_only() -> None:
    app = celery_app()
    Background(CeleryTasks(app, queue="mail", priority=3)).receiver(paid)(book)
    ((_, delivery),) = paid.send(None, **PAYLOAD)
    assert delivery.result.id == delivery.id
    (message,) = sent_to(app, "mail")
    assert message.headers["task"] == "typed_signals.run_receiver"
    assert message.headers["id"] == delivery.id
    assert message.headers["shadow"] == f"{__name__}.book"
    assert message.headers["ignore_result"] is True
    assert message.properties["priority"] == 3
    (text,), kwargs, _ = message.payload
    assert json.loads(text)["id"] == delivery.id
    assert kwargs == {}


def test_options_of_a_receiver_come_before_those_of_its_engine() -> None:
    app = celery_app()
    engine = CeleryTasks(app, queue="mail", priority=3)
    background = Background(engine, queue="orders")
    background.receiver(paid, queue="cash")(book)
    background.receiver(paid, priority=0)(refuse)
    paid.send(None, **PAYLOAD)
    (message,) = sent_to(app, "cash")
    assert message.properties["priority"] == 3
    (message,) = sent_to(app, "orders")
    assert message.properties["priority"] == 0


def test_the_application_decides_what_is_not_stated() -> None:
    app = celery_app(
        task_routes={"typed_signals.*": {"queue": "slow"}},
        task_default_priority=5,
    )
    Background(CeleryTasks(app)).receiver(paid)(book)
    paid.send(None, **PAYLOAD)
    (message,) = sent_to(app, "slow")
    assert message.properties["priority"] == 5


@pytest.mark.parametrize("serializer", ["json", "pickle", "yaml"])
def test_any_serializer_and_protocol_of_the_application_will_do(serializer: str) -> None:
    app = celery_app(
        task_always_eager=True, task_serializer=serializer, task_protocol=1, accept_content=["json"]
    )
    Background(CeleryTasks(app)).receiver(paid)(book)
    ((_, delivery),) = paid.send(None, **PAYLOAD)
    (call,) = calls
    assert {key: call[key] for key in PAYLOAD} == PAYLOAD
    assert call["delivery"].id == delivery.id
    assert call["delivery"].attempt == 1
    # What the receiver returns is not stored.
    assert delivery.result.get() is None


def test_results_are_stored_if_the_option_says_so() -> None:
    states: dict[bool, str] = {}
    for ignored in True, False:
        app = celery_app(
            task_always_eager=True, task_store_eager_result=True, result_backend="cache+memory://"
        )
        engine = CeleryTasks(app, ignore_result=ignored)
        Background(engine).receiver(paid)(book)
        ((_, delivery),) = paid.send(None, **PAYLOAD)
        paid.disconnect(book)
        stored = engine.task.AsyncResult(delivery.id)
        states[ignored] = stored.state
        assert stored.result is None
    assert states == {True: "PENDING", False: "SUCCESS"}


def test_a_failure_does_not_reach_the_sender_of_an_eager_application() -> None:
    app = celery_app(task_always_eager=True)
    Background(CeleryTasks(app)).receiver(paid)(refuse)
    ((_, delivery),) = paid.send(None, **PAYLOAD)
    assert isinstance(delivery.result.result, OSError)


def test_options_of_the_task_are_those_of_celery() -> None:
    app = celery_app(task_always_eager=True)
    engine = CeleryTasks(app, autoretry_for=[OSError], max_retries=2, default_retry_delay=0)
    Background(engine).receiver(paid)(refuse)
    paid.send(None, **PAYLOAD)
    assert [call["delivery"].attempt for call in calls] == [1, 2, 3]
    assert engine.task.acks_late
    assert engine.task.reject_on_worker_lost


@pytest.mark.parametrize("error", [UnknownReceiverError, UnknownNameError])
def test_what_a_worker_does_not_know_is_retried(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def fail(text: str, attempt: int) -> None:
        attempts.append(attempt)
        raise error(text)

    monkeypatch.setattr(messages, "run", fail)
    engine = CeleryTasks(celery_app(), max_retries=2)
    result = engine.task.apply(("text",))
    assert isinstance(result.result, error)
    assert attempts == [1, 2, 3]


def test_a_broken_delivery_is_not_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = CeleryTasks(celery_app(), autoretry_for=(Exception,))
    result = engine.task.apply(("broken",))
    assert isinstance(result.result, DeliveryError)
    result = CeleryTasks(
        celery_app(), autoretry_for=(Exception,), dont_autoretry_for=()
    ).task.apply(("broken",), throw=False, retries=3)
    assert isinstance(result.result, DeliveryError)


def test_a_delivery_that_the_broker_repeats_is_not_the_first_attempt() -> None:
    def attempt(retries: int | None, delivery_info: dict[str, Any] | None) -> int:
        request: Any = SimpleNamespace(retries=retries, delivery_info=delivery_info)
        return messages._attempt_of(request)

    assert attempt(0, {}) == attempt(None, None) == attempt(0, {"redelivered": False}) == 1
    assert attempt(0, {"redelivered": True}) == attempt(1, {"redelivered": None}) == 2
    assert attempt(2, {"redelivered": True}) == 4


def test_the_task_can_be_called_in_place() -> None:
    engine = CeleryTasks(celery_app())
    Background(engine).receiver(paid)(book)
    with pytest.raises(DeliveryError):
        engine.task("broken")
    with pytest.raises(UnknownReceiverError):
        engine.task(
            '{"id": "1", "signal": "a.b", "receiver": "c", "sent_at": "2026-01-01T00:00:00Z", '
            '"payload": {}}'
        )


def test_an_application_is_configured_after_its_engine_is_made() -> None:
    app: Any = Celery("shop", set_as_current=False)
    engine = CeleryTasks(app)
    assert not app.configured
    assert not app.finalized
    app.config_from_object({"broker_url": "memory://", "task_default_queue": "late"})
    Background(engine).receiver(paid)(book)
    paid.send(None, **PAYLOAD)
    assert len(sent_to(app, "late")) == 1


def test_a_forked_process_connects_anew() -> None:
    app = celery_app()
    CeleryTasks(app)
    pool = app.pool
    messages._forget_connections()
    assert app.pool is not pool


def test_applications_are_separate() -> None:
    first, second = celery_app(), celery_app()
    assert CeleryTasks(first).task.app is first
    assert CeleryTasks(second).task.app is second
    assert "typed_signals.run_receiver" not in celery_app().tasks


def test_engines_of_an_application_share_its_task() -> None:
    app = celery_app()
    first = CeleryTasks(app, queue="mail")
    assert CeleryTasks(app, queue="slow").task is first.task
    with pytest.raises(TypeError) as caught:
        CeleryTasks(app, max_retries=5)
    assert str(caught.value) == (
        "the Celery application has the task 'typed_signals.run_receiver' with other options: pass "
        "another task_name to CeleryTasks"
    )
    other = CeleryTasks(app, max_retries=5, task_name="shop.run_receiver")
    assert (other.task.name, other.task.max_retries) == ("shop.run_receiver", 5)
    assert first.task.max_retries == 3


def test_the_current_application_may_be_passed() -> None:
    app = Celery("shop")
    engine = CeleryTasks(current_app)
    Celery("other")
    assert engine.task.app is app


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_another_task_of_the_same_name_is_refused() -> None:
    app = celery_app()

    @app.task(name="typed_signals.run_receiver", lazy=False, shared=False)
    def other(text: str) -> None: ...

    Background(CeleryTasks(app)).receiver(paid)(book)
    with pytest.raises(TypeError) as caught:
        paid.send(None, **PAYLOAD)
    assert str(caught.value) == (
        "the Celery application has another task 'typed_signals.run_receiver': pass another "
        "task_name to CeleryTasks"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"app": "shop"}, "CeleryTasks() takes a Celery application, not 'shop'"),
        ({"queue": 1}, "queue must be the name of a queue, not 1: pass a string"),
        ({"priority": "high"}, "priority must be an int, not 'high'"),
        (
            {"include": "shop"},
            "include must be a list of the names of modules, not 'shop': pass ['shop']",
        ),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        CeleryTasks(**{"app": celery_app(), **arguments})
    assert str(caught.value) == message


def test_a_worker_imports_what_is_included() -> None:
    app, other = celery_app(), celery_app()
    CeleryTasks(app, include=[__name__, "json"])
    CeleryTasks(other)
    for each, imported in (app, {__name__, "json"}), (other, set()):
        loader: Any = each.loader
        loader.import_default_modules()
        assert loader.task_modules & {__name__, "json"} == imported
    CeleryTasks(app, include=["there.is.no.such.module"])
    with pytest.raises(ModuleNotFoundError):
        app.loader.import_default_modules()


def problems(app: Celery, options: Options | None = None, **task_options: Any) -> list[Any]:
    return list(CeleryTasks(app, **task_options).problems(options))


def test_a_set_up_without_problems() -> None:
    on_redis = celery_app(
        "redis://", broker_transport_options={"visibility_timeout": 600}, task_time_limit=300
    )
    assert problems(on_redis) == []
    on_rabbitmq = celery_app("amqp://", broker_transport_options={"confirm_publish": True})
    assert problems(on_rabbitmq) == []
    assert problems(on_rabbitmq, Options(queue="mail")) == []
    assert problems(celery_app("filesystem://")) == []


def test_deliveries_that_are_lost_with_the_worker_are_a_problem() -> None:
    confirmed = {"confirm_publish": True}
    app = celery_app("amqp://", broker_transport_options=confirmed)
    assert problems(app, acks_late=False) == [messages.LOST_WITH_WORKER]
    app = celery_app("amqp://", broker_transport_options=confirmed)
    assert problems(app, reject_on_worker_lost=False) == [messages.LOST_WITH_WORKER]
    annotations = {"*": {"acks_late": False}}
    app = celery_app("amqp://", broker_transport_options=confirmed, task_annotations=annotations)
    assert problems(app) == [messages.LOST_WITH_WORKER]
    assert problems(celery_app("memory://")) == [messages.IN_MEMORY]


def test_the_timeout_on_redis_is_asked_for() -> None:
    assert problems(celery_app("redis://")) == [messages.NO_TIMEOUT]
    app = celery_app(
        "redis://", broker_transport_options={"visibility_timeout": 100}, task_time_limit=200
    )
    limits = {"time_limit": 200, "default_retry_delay": 180}
    for (what, fix), (name, seconds) in zip(problems(app), limits.items(), strict=True):
        assert f"timeout of Celery is 100 seconds, and the {name} {seconds}: a deliv" in what
        assert fix == f"state a visibility_timeout of more than {seconds} seconds"


def test_what_rabbitmq_does_not_keep_is_a_problem() -> None:
    app = celery_app("amqp://", task_default_delivery_mode="transient")
    assert problems(app) == [messages.NOT_CONFIRMED, messages.NOT_PERSISTENT]
    queues = [
        Queue("mail", Exchange("mail", delivery_mode="transient")),
        Queue("temporary", auto_delete=True),
        Queue("fast", durable=False),
    ]
    app = celery_app(
        "amqp://", task_queues=queues, broker_transport_options={"confirm_publish": True}
    )
    assert problems(app, Options(queue="mail")) == [messages.NOT_PERSISTENT]
    for name in "temporary", "fast":
        assert problems(app, Options(queue=name)) == [
            (
                f"the queue {name!r} is deleted when RabbitMQ or the worker stops",
                "declare it as durable, and neither as exclusive nor with auto_delete",
            )
        ]
    for name in "mail", "temporary":
        assert len(problems(app, queue=name)) == 1


def test_threads_are_drained_where_a_process_of_a_worker_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_threads, "_is_exiting", False)
    Background(Threads()).receiver(paid)(wait)
    [(_, delivery)] = paid.send(None, **PAYLOAD)
    threading.Timer(0.1, may_return.set).start()
    # Then it ends without an exit of the interpreter.
    worker_process_shutdown.send(sender=None, pid=1, exitcode=0)
    assert delivery.result.done()
