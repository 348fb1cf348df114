from typing import TypedDict

from zeal.errors import ZealError
from zeal.listeners import NPlusOneListener

from typed_signals.django import Signal

class NPlusOneDetected(TypedDict):
    exception: ZealError

nplusone_detected: Signal[NPlusOneListener, NPlusOneDetected]
