"""
The steps of the demo. Each prints its output, and returns the problem, or None.
"""
