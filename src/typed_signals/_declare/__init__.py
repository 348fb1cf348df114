"""
Declaration to payload: which keys a signal carries, and which of them always.

It reads a TypedDict or a function signature, when the payload is first needed.
"""
