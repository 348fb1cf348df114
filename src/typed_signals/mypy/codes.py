"""
The error codes of the plugin, all under ``signal``.

They exist once this module is imported, so that mypy's options can name them.
"""

from typing import Final

from mypy.errorcodes import ErrorCode

from typed_signals._contract.rules import BOUND_TWICE, NO_KWARGS, NOT_SENT, POSITIONAL_ONLY

_CATEGORY = "Signals"

ALL: Final = ErrorCode("signal", "Check signals, their receivers and senders", _CATEGORY)


def _code(name: str, description: str, *, by_default: bool = True) -> ErrorCode:
    return ErrorCode(
        f"signal-{name}", description, _CATEGORY, default_enabled=by_default, sub_code_of=ALL
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

# A receiver that connect() would refuse: one code for each kind of problem, called like it.
BY_PROBLEM: Final = {
    kind: _code(kind, description)
    for kind, description in {
        NO_KWARGS: "Check that receivers take **kwargs",
        POSITIONAL_ONLY: "Check that receivers can be called by keyword",
        NOT_SENT: "Check that what receivers require is always sent",
        BOUND_TWICE: "Check that no key is bound by position already",
    }.items()
}
