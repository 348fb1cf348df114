"""
The tests of typed-signals, named after the behaviour that they test.
"""
