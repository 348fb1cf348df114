from django.dispatch import Signal

started = Signal()
