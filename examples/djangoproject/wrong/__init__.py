"""
An app with typical mistakes, with the models of the shop.

``# E:`` marks a line of which mypy reports a mistake, and says what is wrong. ``# check:`` marks a
line of which ``manage.py check --settings wrong.settings`` reports one, and tells its id
(W004 on Django 6.0 and newer).
"""
