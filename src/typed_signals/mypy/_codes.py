"""
The error codes of the plugin, all under ``signal``.

They exist once this module is imported, so that mypy's options can name them.
"""

from typing import Final

from mypy.errorcodes import ErrorCode

from typed_signals import _contract

_CATEGORY = "Signals"

SIGNAL: Final = ErrorCode("signal", "Check signals, their receivers and senders", _CATEGORY)


def _code(name: str, description: str) -> ErrorCode:
    return ErrorCode(f"signal-{name}", description, _CATEGORY, sub_code_of=SIGNAL)


DECLARATION: Final = _code("declaration", "Check that a signal's payload can be sent")
TYPE: Final = _code("type", "Check the types in a receiver's annotations")

# A receiver that connect() would refuse; one code for each kind of problem.
BY_PROBLEM: Final = {
    _contract.NO_KWARGS: _code("kwargs", "Check that receivers take **kwargs"),
    _contract.POSITIONAL_ONLY: _code("positional", "Check that receivers can be called by keyword"),
    _contract.NOT_SENT: _code("parameter", "Check that what receivers require is always sent"),
    _contract.BOUND_TWICE: _code("bound", "Check that no key is bound by position already"),
}
