"""
How each form of a call is read: the hooks that mypy calls.

A hook reads the arguments of its call, asks the checks, and reports what they find.
"""
