"""
A survey: one mypy build, and what is found in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .build import run_build
from .contents import Dicts
from .identity import PlaceOf, Signals
from .inferred_types import InferredTypes
from .model import Survey
from .program import Program
from .receivers import Receivers
from .sends import Sends
from .values import Values
from .writable import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.modulefinder import BuildSource
    from mypy.options import Options


def survey_of(sources: Sequence[BuildSource], options: Options, root: str) -> Survey:
    """
    Return all facts about the signals in *sources*.

    Args:
        sources: the files of the project.
        options: the options for mypy, which are changed.
        root: the folder to which places are relative.
    """
    build = run_build(sources, options)
    program = Program(build)
    values = Values(program)
    writer = Writer(build.modules, build.own)
    place_of = PlaceOf(root)
    dicts = Dicts(values)
    types = InferredTypes(values, dicts, writer)
    signals = Signals(values, writer, place_of)
    sends = Sends(values, signals, dicts, types, place_of).all_facts()
    receivers = Receivers(values, signals, types, writer, place_of).all_facts()
    return Survey(
        root,
        tuple(signals.all_facts()),
        tuple(sends),
        tuple(receivers),
        build.messages,
        writer.ancestors,
    )
