"""
The full names of our classes and functions for Django in the plugin.
"""

from __future__ import annotations

import pytest
from django.dispatch import receiver as djangos_receiver

import typed_signals.django
from typed_signals.mypy.lib import fullnames


@pytest.mark.parametrize(
    ("known", "name"),
    [
        (typed_signals.django.Signal, fullnames.DJANGO_SIGNAL),
        (typed_signals.django.ModelSignal, fullnames.MODEL_SIGNAL),
        (typed_signals.django.receiver, fullnames.RECEIVER_ON_DJANGO),
        (djangos_receiver, fullnames.DJANGO_RECEIVER),
    ],
)
def test_plugin_uses_the_name_of_its_definition(known: type[object], name: str) -> None:
    assert f"{known.__module__}.{known.__qualname__}" == name
