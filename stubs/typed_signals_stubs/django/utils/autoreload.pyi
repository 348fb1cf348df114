from typed_signals.django.signals import (
    autoreload_started as autoreload_started,
)
from typed_signals.django.signals import (
    file_changed as file_changed,
)
