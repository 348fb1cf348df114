"""
A Django project with typed signals: a pizzeria that takes orders.
"""
