from typing import Any, TypedDict

from flask import Flask
from typed_signals_stubs.blinker import Signal

# Each change is a model and "insert", "update" or "delete".
class ModelsCommitted(TypedDict):
    changes: list[tuple[Any, str]]

models_committed: Signal[Flask, ModelsCommitted]
before_models_committed: Signal[Flask, ModelsCommitted]
