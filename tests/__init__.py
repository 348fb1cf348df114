"""
The tests of typed-signals, named for the behaviour they hold.
"""
