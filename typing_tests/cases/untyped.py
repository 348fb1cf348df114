"""`Signal()`"""

from typing import Any

from typed_signals import Signal, receiver

something = Signal()


# == Right sends and receivers
def takes_everything(**kwargs: Any) -> None: ...
def takes_unannotated(sender, whatever, **kwargs): ...
def names_by_keyword(*, sender: object, size: int, **kwargs: object) -> None: ...
def signal_last(sender: object, size: int, signal: object, **kwargs: Any) -> None: ...


something.send(sender=None)
something.send(None, size=32)
something.send_robust(sender="me", whatever=[1])
something.connect(takes_everything)
something.connect(takes_unannotated)
something.connect(names_by_keyword)
something.connect(signal_last)


@receiver(something)
def decorated(sender, whatever, **kwargs):
    pass


@receiver([something, Signal()])
def decorated_twice(sender, whatever, **kwargs):
    pass


# == A missing sender
# Error, missed by pyrefly
something.send(size=32)

# == Wrong: what is not a function
# Error
something.connect(32)
