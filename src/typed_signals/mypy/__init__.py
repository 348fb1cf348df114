"""
The mypy plugin.
"""
