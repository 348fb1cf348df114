from typing import TypedDict

from flask import Flask
from flask_principal import Identity
from typed_signals_stubs.blinker import Signal

class IdentityAction(TypedDict):
    identity: Identity

identity_changed: Signal[Flask, IdentityAction]
identity_loaded: Signal[Flask, IdentityAction]
