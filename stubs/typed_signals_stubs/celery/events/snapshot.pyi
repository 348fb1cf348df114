from typing import TypedDict

from celery.events.state import State
from typed_signals_stubs.celery import Signal

# From the code of Celery 5.3 to 5.7.

class Nothing(TypedDict): ...

class Polaroid:
    shutter_signal: Signal[State, Nothing]
    cleanup_signal: Signal[State, Nothing]
