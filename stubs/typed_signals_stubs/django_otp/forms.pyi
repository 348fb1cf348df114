from typing import Any, TypedDict

from typed_signals.django import Signal

# The project chooses the class of users.
class VerificationFailed(TypedDict):
    user: Any

# The sender is the class of the form.
otp_verification_failed: Signal[type[Any], VerificationFailed]
