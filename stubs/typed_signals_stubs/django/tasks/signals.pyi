from typed_signals.django.signals import (
    task_enqueued as task_enqueued,
)
from typed_signals.django.signals import (
    task_finished as task_finished,
)
from typed_signals.django.signals import (
    task_started as task_started,
)
