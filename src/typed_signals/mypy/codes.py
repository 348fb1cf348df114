"""
The error codes of the plugin, all sub-codes of ``signal``.

Importing this module registers them, so that mypy's options can use them.
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


SEND: Final = _code("send", "Check that sends match the declaration")
DECLARATION: Final = _code("declaration", "Check that a signal's payload can be sent")
TYPE: Final = _code("type", "Check the types in a receiver's annotations")
RESPONSE: Final = _code("response", "Check the types that receivers return")
SENDER: Final = _code("sender", "Check that the sender in connect() can send the signal")
READ: Final = _code("read", "Check the keys that receivers read from **kwargs")
NOT_CONNECTABLE: Final = _code("receiver", "Check that what is connected can be a receiver")
WEAK: Final = _code("weak", "Check that weakly referenced receivers stay alive")
IN_BACKGROUND: Final = _code("background", "Check that receivers can run in the background")
UNSENT: Final = _code("unsent", "Check for parameters that are never sent", by_default=False)

# For a receiver that connect() would refuse: one code for each kind of problem, with its name.
BY_PROBLEM: Final = {
    kind: _code(kind, description)
    for kind, description in {
        NO_KWARGS: "Check that receivers accept **kwargs",
        POSITIONAL_ONLY: "Check that receivers can be called by keyword",
        NOT_SENT: "Check that required parameters are always sent",
        BOUND_TWICE: "Check that no key is already bound by position",
    }.items()
}
