"""
A survey: one mypy build, and what is found in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .annotate import adds_to
from .build import run_build
from .contents import Dicts
from .identity import PlaceOf, Signals
from .inferred_types import InferredTypes, TypesByPlace
from .missing_annotations import MissingAnnotations
from .model import Survey
from .outside_callers import OutsideCallers
from .program import Program, is_in_tests
from .receivers import Receivers
from .sends import Sends
from .values import Values
from .writable import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.modulefinder import BuildSource
    from mypy.options import Options

    from .annotate import Annotations
    from .build import Build


_MOST_ROUNDS: Final = 2


def survey_of(
    sources: Sequence[BuildSource], options: Options, root: str, *, infers: bool = False
) -> Survey:
    """
    Return all facts about the signals in *sources*.

    Args:
        sources: the files of the project.
        options: the options for mypy, which are changed.
        root: the folder to which places are relative.
        infers: whether to infer the annotations of functions that have none, which needs another
            mypy run.
    """
    analysis = _Analysis(run_build(sources, options), root)
    annotations: Annotations = {}
    for _ in range(_MOST_ROUNDS if infers else 0):
        more = analysis.annotations(annotations)
        if not adds_to(annotations, more):
            break
        # With what is known now, mypy knows more of functions without annotations.
        try:
            build = run_build(sources, options, annotations)
        except SystemExit:  # a crash of mypy, perhaps because of them
            break
        if build.messages:
            break
        analysis = _Analysis(build, root)
    return analysis.survey()


class _Analysis:
    """
    What is found in one build.
    """

    def __init__(self, build: Build, root: str) -> None:
        self._root = root
        self._build = build
        place_of = PlaceOf(root)
        tests = {name for name, tree in build.own.items() if is_in_tests(place_of(tree, tree).path)}
        self._program = program = Program(build)
        self._values = values = Values(program)
        self._writer = writer = Writer(build.modules, build.own, tests)
        dicts = Dicts(values)
        in_tests = InferredTypes(values, dicts, writer)
        # Tests may pass anything, also to code that is not in tests.
        own = {name: tree for name, tree in build.own.items() if name not in tests}
        code = values if not tests else Values(Program(replace(build, own=own)))
        elsewhere = in_tests if not tests else InferredTypes(code, Dicts(code), writer)
        self._types = types = TypesByPlace(elsewhere, in_tests, tests)
        self._signals = signals = Signals(values, writer, place_of)
        self._sends = Sends(values, signals, dicts, types, place_of)
        self._receivers = Receivers(values, signals, types, writer, place_of)

    def annotations(self, known: Annotations) -> Annotations:
        """
        Return the annotations of functions on which the types of what is sent may depend.

        Args:
            known: the annotations that were added before.
        """
        outside = OutsideCallers(self._values, self._signals, self._receivers)
        missing = MissingAnnotations(self._program, self._types, self._writer, outside)
        return missing.of(missing.reaching(self._sends.functions()), known)

    def survey(self) -> Survey:
        """
        Return all facts.
        """
        sends = self._sends.all_facts()
        receivers = self._receivers.all_facts()
        return Survey(
            self._root,
            tuple(self._signals.all_facts()),
            tuple(sends),
            tuple(receivers),
            self._build.messages,
            self._writer.ancestors,
            tuple(sorted(self._writer.of_tests)),
        )
