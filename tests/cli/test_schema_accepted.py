"""
What is compatible: a release reads each value of the type that another one has.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from tests.background.test_codec import TRAVELLERS
from typed_signals.background._codec import Definitions, codec_of
from typed_signals.cli.schema.accepted import Document, Reading

if TYPE_CHECKING:
    from typed_signals.background._codec import Codec


def document(codec: Codec) -> Document:
    definitions = Definitions()
    schema = codec.schema(definitions)
    return Document({**schema, "$defs": definitions})


def test_what_is_accepted_is_read() -> None:
    travellers = [
        (codec, document(codec), [codec.dump(value) for value in values])
        for stated, _, values in TRAVELLERS
        for codec in [codec_of(stated)]
    ]
    accepted = 0
    for (old, written, wires), (new, read, _) in product(travellers, repeat=2):
        reading = Reading(written, read)
        is_accepted = reading.accepts(written.schema, read.schema)
        if old is new:
            assert is_accepted, written.schema
        if is_accepted and old is not new:
            accepted += 1
            for wire in wires:
                new.load(wire)
    assert accepted > len(travellers) // 2
