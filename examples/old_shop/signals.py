"""
The signals, which say nothing about what they carry.
"""

from django.dispatch import Signal

order_placed = Signal()

order_cancelled = Signal()
