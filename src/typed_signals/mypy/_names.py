"""
The names by which mypy knows our public classes and functions: where they are defined.
"""

from typing import Final

SIGNAL: Final = "typed_signals._signal.Signal"
RECEIVER: Final = "typed_signals._receiver.receiver"
RECEIVER_DECORATOR: Final = "typed_signals._receiver.ReceiverDecorator"
