"""
What Django imports if ``INSTALLED_APPS`` has this package instead of ``"typed_signals.django"``.

Otherwise, the system checks and the commands would be missing without a message.
"""

raise ImportError(
    "'typed_signals' is not a Django app: write 'typed_signals.django' in INSTALLED_APPS"
)
