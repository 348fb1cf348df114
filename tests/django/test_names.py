"""
The names by which the plugin knows our classes and functions for Django.
"""

from __future__ import annotations

import pytest
from django.dispatch import receiver as djangos_receiver

import typed_signals.django
from typed_signals.mypy.lib import names


@pytest.mark.parametrize(
    ("known", "name"),
    [
        (typed_signals.django.Signal, names.DJANGO_SIGNAL),
        (typed_signals.django.ModelSignal, names.MODEL_SIGNAL),
        (typed_signals.django.receiver, names.RECEIVER_ON_DJANGO),
        (djangos_receiver, names.DJANGO_RECEIVER),
    ],
)
def test_the_plugin_knows_it_by_the_name_of_its_definition(known: type[object], name: str) -> None:
    assert f"{known.__module__}.{known.__qualname__}" == name
