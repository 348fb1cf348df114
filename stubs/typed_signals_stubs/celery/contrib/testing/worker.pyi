from typing import TypedDict

from celery.app.base import Celery
from celery.worker.consumer.consumer import Consumer
from celery.worker.worker import WorkController
from typed_signals_stubs.celery import Signal

# From the code of Celery 5.3 to 5.7.

class Nothing(TypedDict): ...

class TestWorkerStarted(TypedDict):
    worker: WorkController
    consumer: Consumer

class TestWorkerStopped(TypedDict):
    worker: WorkController | None

test_worker_starting: Signal[Celery, Nothing]
test_worker_started: Signal[Celery, TestWorkerStarted]
test_worker_stopped: Signal[Celery, TestWorkerStopped]
