"""
Verdict to connection: which receivers are connected, and to which sender.

It holds weak references, tells connections apart, and finds the receivers of a send.
"""
