"""
One application of the project that ``plugin_cost.py`` generates; copies of it are the others.
"""
