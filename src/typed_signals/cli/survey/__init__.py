"""
What a project does with signals: which there are, where they are sent, and who receives them.

``typed_signals.record`` uses the types, so nothing is imported here.
"""
