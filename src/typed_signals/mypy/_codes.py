"""
The error codes of the plugin, all under ``signal``.

They exist once this module is imported, so that mypy's options can name them.
"""

from typing import Final

from mypy.errorcodes import ErrorCode

from typed_signals import _contract

_CATEGORY = "Signals"

SIGNAL: Final = ErrorCode("signal", "Check signals, their receivers and senders", _CATEGORY)


def _code(name: str, description: str, *, by_default: bool = True) -> ErrorCode:
    return ErrorCode(
        f"signal-{name}", description, _CATEGORY, default_enabled=by_default, sub_code_of=SIGNAL
    )


DECLARATION: Final = _code("declaration", "Check that a signal's payload can be sent")
TYPE: Final = _code("type", "Check the types in a receiver's annotations")
RESPONSE: Final = _code("response", "Check that receivers return what the signal asks for")
SENDER: Final = _code("sender", "Check that the sender to listen to can send the signal")
READ: Final = _code("read", "Check the keys that receivers read from **kwargs")
WEAK: Final = _code("weak", "Check that something holds a weakly connected receiver")
UNSENT: Final = _code(
    "unsent", "Check parameters with a default that is never sent", by_default=False
)

# A receiver that connect() would refuse; one code for each kind of problem.
BY_PROBLEM: Final = {
    _contract.NO_KWARGS: _code("kwargs", "Check that receivers take **kwargs"),
    _contract.POSITIONAL_ONLY: _code("positional", "Check that receivers can be called by keyword"),
    _contract.NOT_SENT: _code("parameter", "Check that what receivers require is always sent"),
    _contract.BOUND_TWICE: _code("bound", "Check that no key is bound by position already"),
}
