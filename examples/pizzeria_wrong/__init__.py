"""
The pizzeria with the mistakes that people make, each marked by ``# E:`` and what is wrong.
"""
