"""
An evening in a pizzeria, told by signals. Run it with ``python -m pizzeria``.
"""
