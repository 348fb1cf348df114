"""
An old shop: it uses Django's signals, and has no annotations and no set-up of a type checker.
"""
