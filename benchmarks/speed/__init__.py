"""
How fast signals are, next to other libraries and to code written by hand.

Run ``python -m benchmarks.speed`` in the folder above, or ``make bench``.
"""
