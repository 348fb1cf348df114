"""
The shop: its models, signals and receivers.
"""
