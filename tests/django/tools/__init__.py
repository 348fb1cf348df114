"""
What the tests of tools run in processes of their own.
"""
