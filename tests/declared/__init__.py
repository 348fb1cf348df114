"""
Modules that declare signals, for the tests to read the declarations of.
"""
