"""
Declaration to payload: which keys a signal has, and which of them are required.

It reads a TypedDict or a function signature, when the payload is first needed.
"""
