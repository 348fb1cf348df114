from typing import Any

from typed_signals.django import Signal

# From the code of django-activity-stream 1.4 and 2.0. The project sends it, mostly: the sender is
# the actor, the verb may be translated lazily, and the other keys are stored with the action.
@Signal.declare
def action(sender: Any, /, *, verb: Any, **more: Any) -> object: ...
