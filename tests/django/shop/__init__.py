"""
A small Django app: pizzas, what is on them, and what is served beside them.
"""
