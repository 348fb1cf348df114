from typing import TypedDict

from defender.signals import BlockSignal

from typed_signals.django import Signal

# From the code of django-defender 0.9.

class UserName(TypedDict):
    username: str

class Address(TypedDict):
    ip_address: str

username_block: Signal[type[BlockSignal], UserName]
username_unblock: Signal[type[BlockSignal], UserName]
ip_block: Signal[type[BlockSignal], Address]
ip_unblock: Signal[type[BlockSignal], Address]
