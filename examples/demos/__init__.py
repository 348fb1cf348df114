"""
The steps of the demo. Each prints what it does, and returns what is wrong, or None.
"""
