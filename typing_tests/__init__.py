"""
The results of each type checker for this library.

``cases`` contains programs that state the lines in which a type checker should report an error, and
the type checkers that differ. ``minimal`` contains these differences without this library. All are
checked with default and with strict settings.

Run ``python -m typing_tests``, or use ``--write`` to update the tables in
``docs/reference/typing.md``.
"""
