"""
The full names of our public classes and functions in mypy: where they are defined.
"""

from typing import Final

BASE_SIGNAL: Final = "typed_signals._base.BaseSignal"
SIGNAL: Final = "typed_signals._signal.Signal"
DJANGO_SIGNAL: Final = "typed_signals.django._dispatcher.Signal"
MODEL_SIGNAL: Final = "typed_signals.django._dispatcher.ModelSignal"
SIGNALS: Final = (BASE_SIGNAL, SIGNAL, DJANGO_SIGNAL, MODEL_SIGNAL)
RECEIVER: Final = "typed_signals._receiver.receiver"
DECORATOR: Final = "typed_signals._receiver.Decorator"
RECEIVER_DECORATOR: Final = "typed_signals._receiver.ReceiverDecorator"
RECEIVER_ON_DJANGO: Final = "typed_signals.django._receiver.receiver"
SIGNATURE_DECORATOR: Final = "typed_signals._receiver.SignatureDecorator"
BACKGROUND_CLASS: Final = "typed_signals.background._background.Background"
DELIVERY: Final = "typed_signals.background._delivery.Delivery"
# Classes that are only used in declarations: they only exist for mypy.
BLINKER_SIGNAL: Final = "typed_signals_stubs.blinker.Signal"
CELERY_SIGNAL: Final = "typed_signals_stubs.celery.Signal"

DJANGOS_SIGNAL: Final = "django.dispatch.dispatcher.Signal"
BLINKERS_SIGNAL: Final = "blinker.base.Signal"
CELERYS_SIGNAL: Final = "celery.utils.dispatch.signal.Signal"
DJANGO_RECEIVER: Final = "django.dispatch.dispatcher.receiver"

# The send methods; the last one is of blinker.
SEND_METHODS: Final = ("send", "send_robust", "asend", "asend_robust", "send_async")
