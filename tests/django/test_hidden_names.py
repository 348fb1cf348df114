"""
Names that only exist for type checkers are supported on Django's dispatcher.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core import management
from django.db.models.signals import post_save
from django.test import override_settings

from tests.declared.ways import PROGRAMS, Program, load, run
from tests.support import assert_carries, assert_carries_anything
from typed_signals.django.checks import check_connections
from typed_signals.exceptions import ContractWarning

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("cls", ["Signal", "ModelSignal"])
@pytest.mark.parametrize(
    "program", [each for each in PROGRAMS if each.typed_dict == "typing"], ids=str
)
def test_payload_is_read_from_every_way_of_declaring_it(
    program: Program, cls: str, tmp_path: Path
) -> None:
    signal = run(program, tmp_path, "typed_signals.django", cls).signal
    if program.is_known:
        assert_carries(signal, required="size", optional="note")
    else:
        with pytest.warns(ContractWarning, match="'Pizza' in its declaration is not defined"):
            signal.send(None, size=1)
        assert_carries_anything(signal)


RECEIVERS = """
import functools
from typing import TYPE_CHECKING
from django.db.models.signals import post_save, pre_save
from typed_signals.django import receiver

if TYPE_CHECKING:
    from nowhere import Pizza

def log(sender: type[Pizza], instance: Pizza, created: Pizza, **kwargs: Pizza) -> Pizza: ...

@functools.wraps(log)
def wrapped(*args: Pizza, **kwargs: Pizza) -> Pizza: ...

class Logger:
    def __call__(self, instance: Pizza, created: Pizza, **kwargs: Pizza) -> Pizza: ...

receivers = [log, wrapped, Logger(), functools.partial(log), functools.lru_cache(log)]

def committed(sender: type[Pizza], created: Pizza, **kwargs: Pizza) -> None: ...
"""


@pytest.fixture
def receivers(tmp_path: Path) -> Any:
    """
    Receivers whose annotations no Python can evaluate.
    """
    future = "from __future__ import annotations\n" if sys.version_info < (3, 14) else ""
    path = tmp_path / "made.py"
    path.write_text(future + RECEIVERS, "utf-8")
    return load(path)


@pytest.mark.parametrize("debug", [False, True])
def test_annotations_of_receivers_do_not_matter_to_checks_and_listings(
    receivers: Any, debug: bool
) -> None:
    from django.db.models.signals import pre_save

    with ExitStack() as stack:
        stack.enter_context(override_settings(DEBUG=debug))
        for receiver in receivers.receivers:
            post_save.connect(receiver)
            stack.callback(post_save.disconnect, receiver)
            pre_save.connect(receiver)
            stack.callback(pre_save.disconnect, receiver)
        found = check_connections()
        ids = {message.id for message in found}
        assert ids == {"typed_signals.E003", "typed_signals.W006"}
        assert {message.msg.partition(" (")[0] for message in found} == {
            "Connected to django.db.models.signals.pre_save: 'created' is never sent"
        }
        assert len(found) == len(receivers.receivers)
        listing = StringIO()
        management.call_command("list_signals", "post_save", stdout=listing)
        assert "tests.declared.made.log" in listing.getvalue()


def test_annotations_of_receivers_on_commit_do_not_matter(receivers: Any) -> None:
    from django.db.models.signals import pre_save

    from typed_signals.django import receiver
    from typed_signals.exceptions import ReceiverSignatureError

    receiver(post_save, on_commit=True)(receivers.committed)
    assert post_save.disconnect(receivers.committed)
    with pytest.raises(ReceiverSignatureError, match="'created' is never sent"):
        receiver(pre_save, on_commit=True)(receivers.committed)
