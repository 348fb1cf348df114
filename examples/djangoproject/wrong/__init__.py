"""
An app with typical mistakes, with the models of the shop.

``# E:`` marks a line in which mypy reports a mistake, and explains it. ``# check:`` marks a line in
which ``manage.py check --settings wrong.settings`` reports a mistake, with its id (W004 on Django
6.0 and newer).
"""
