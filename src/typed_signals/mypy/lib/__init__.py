"""
Helpers for hooks and checks: they read types, signals, receivers and source code.
"""
