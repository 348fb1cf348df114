"""
The signals of the wrong app.
"""

from __future__ import annotations

from typing import Any

from shop.models import Pizza
from typed_signals.django import Signal

pizza_eaten = Signal[type[Pizza], dict[str, Any]]()  # E: no TypedDict  # check: E005
