"""
Tests with random cases: few in ``make test``, many in ``make soak``.
"""
