"""
What the demo shows of the old shop among the examples.
"""

from __future__ import annotations

from tests.examples import EXAMPLES
from typed_signals.cli.infer.edits import plan_edits
from typed_signals.cli.infer.edits.plan import shown_reasons
from typed_signals.cli.infer.witnesses import infer

from .surveys import survey_folder


def test_one_signal_is_declared_and_a_receiver_of_the_other_is_wrong() -> None:
    survey = survey_folder(EXAMPLES, "old_shop")
    assert (len(survey.sends), len(survey.receivers)) == (2, 5)
    edits = plan_edits(infer(survey), survey, "typeddict")
    assert [signal.fullname for signal in edits.declared] == ["old_shop.signals.order_placed"]
    assert '+order_placed = TypedSignal[type["Order"], OrderPlaced]()' in edits.diff().splitlines()
    [reason] = shown_reasons(edits.left)
    assert reason.endswith("send_regrets (old_shop/mail.py:16) requires 'why', which is never sent")
