"""
An evening in a pizzeria, with signals. Run it with ``python -m pizzeria``.
"""
