"""
Verdict to connection: which receivers are connected, and to which sender.

It keeps weak references, identifies connections, and finds the receivers of a send.
"""
