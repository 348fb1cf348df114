"""
The speed of signals, compared with other libraries and with code written by hand.

Run ``python -m benchmarks.speed`` in the folder above, or ``make bench``.
"""
