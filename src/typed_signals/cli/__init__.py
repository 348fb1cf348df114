"""
The command ``typed-signals``.

It needs ``typed-signals[check]``. Each subcommand is a package with two functions:
``add_arguments(parser)``, and ``run(arguments)``, which returns the exit code.
"""
