"""
The hooks that mypy calls, one module for each form of call.

A hook reads the arguments of its call, asks the checks, and reports what they find.
"""
