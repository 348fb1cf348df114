from typing import TypedDict

from celery.app.base import Celery as App
from celery.app.utils import Settings
from typed_signals_stubs.celery import Signal

# From the code of Celery 5.3 to 5.7.

class Nothing(TypedDict): ...

class AfterConfigure(TypedDict):
    source: Settings

class Celery:
    on_configure: Signal[App, Nothing]
    on_after_configure: Signal[App, AfterConfigure]
    on_after_finalize: Signal[App, Nothing]
    on_after_fork: Signal[App, Nothing]
