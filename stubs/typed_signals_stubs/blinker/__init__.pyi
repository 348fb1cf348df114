from typing import Any

from typing_extensions import TypeVar

import typed_signals

_SenderT = TypeVar("_SenderT", default=Any)
_KwargsT = TypeVar("_KwargsT", default=Any)

# The type of declarations of blinker signals: receivers are called `receiver(sender, **payload)`,
# with the sender by position, and no `signal`.
class Signal(typed_signals.Signal[_SenderT, _KwargsT]): ...
