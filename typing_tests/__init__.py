"""
The results of each type checker for this library.

``cases`` holds programs that say at which lines a type checker should report an error, and which
type checkers do otherwise. ``minimal`` holds what those do otherwise, without this library.

Run ``python -m typing_tests``, or with ``--write`` to renew the table in ``docs/typing.md``.
"""
