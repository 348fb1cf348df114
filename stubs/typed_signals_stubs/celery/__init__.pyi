from typing import Any

from typing_extensions import TypeVar

import typed_signals

_SenderT = TypeVar("_SenderT", default=Any)
_KwargsT = TypeVar("_KwargsT", default=Any)

# The type of declarations of Celery's signals: receivers are called as ours are, but a send does
# not await them.
class Signal(typed_signals.Signal[_SenderT, _KwargsT]): ...
