from typed_signals.django.signals import (
    got_request_exception as got_request_exception,
)
from typed_signals.django.signals import (
    request_finished as request_finished,
)
from typed_signals.django.signals import (
    request_started as request_started,
)
from typed_signals.django.signals import (
    setting_changed as setting_changed,
)
