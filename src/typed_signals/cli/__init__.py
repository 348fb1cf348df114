"""
The command ``typed-signals``.
"""
