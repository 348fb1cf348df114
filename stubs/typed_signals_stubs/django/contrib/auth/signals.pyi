from typed_signals.django.signals import (
    user_logged_in as user_logged_in,
)
from typed_signals.django.signals import (
    user_logged_out as user_logged_out,
)
from typed_signals.django.signals import (
    user_login_failed as user_login_failed,
)
