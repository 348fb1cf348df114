"""
Receiver to verdict: may this receiver be connected?

It compares the parameters of a callable with a payload, and creates the error.
"""
