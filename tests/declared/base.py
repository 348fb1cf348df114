"""
Payloads to inherit from, with names that the inheriting module does not have.
"""

from __future__ import annotations

from typing import NotRequired as MayBeLeftOut
from typing import TypedDict


class Order(TypedDict):
    number: int
    table: MayBeLeftOut[int]


class Extras(TypedDict, total=False):
    drink: str
