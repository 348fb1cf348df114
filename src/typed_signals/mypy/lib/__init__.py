"""
What hooks and checks use: how types, signals, receivers and source code are read.
"""
