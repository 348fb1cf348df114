"""
What each signal of a survey carries.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from typed_signals._shared.messages import suggest
from typed_signals.cli.survey.program import is_in_tests
from typed_signals.cli.survey.written_types import UnknownType, is_known, short_text

from .join import is_instance_of, join, without_classes
from .result import Drift, Inference, InferredKey, InferredSignal, KeyWitness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typed_signals.cli.survey.model import Place, SendFact, SignalFact, Survey
    from typed_signals.cli.survey.written_types import WrittenType

    from .result import Verdict

# From this number of sends on, one that differs is a mistake rather than a choice.
_MANY: Final = 3
_NUMBER: Final = re.compile(r"\d+")


def infer(survey: Survey) -> Inference:
    """
    Return what is inferred of the signals that the project defines.
    """
    return Inference(
        survey.root,
        tuple(_Signal(survey, fact).inferred() for fact in survey.signals if fact.in_project),
        survey.problems,
    )


class _Signal:
    """
    The witnesses of one signal.
    """

    def __init__(self, survey: Survey, fact: SignalFact) -> None:
        self._fact = fact
        self._ancestors: Mapping[str, Sequence[str]] = survey.ancestors
        self._of_tests = frozenset(survey.of_tests)
        sends = survey.sends_of(fact)
        # Tests may send anything, so they only count if nothing else sends.
        self._sends = [send for send in sends if not send.in_tests] or sends
        if fact.place is None or not is_in_tests(fact.place.path):
            self._sends = [self._outside_of_tests(send) for send in self._sends]
        receivers = survey.receivers_of(fact)
        self._receivers = [one for one in receivers if not one.in_tests] or receivers
        self._counts = Counter(key for send in self._sends for key in send.keys)
        self._closed = [send for send in self._sends if not send.spread]

    def inferred(self) -> InferredSignal:
        """
        Return what is inferred.
        """
        fact = self._fact
        drifts, misspelt = self._drifts()
        drifting = {(drift.place, key) for drift, key in drifts}
        keys = tuple(self._key(name, drifting) for name in self._counts if name not in misspelt)
        shown = tuple(dict.fromkeys(drift for drift, _ in drifts))
        verdict = self._verdict(keys, shown)
        return InferredSignal(
            fact.fullname,
            fact.place,
            fact.kind,
            fact.engine,
            verdict,
            self._declared() if verdict == "declared" else keys,
            fact.sender if verdict == "declared" else self._sender(),
            tuple(send.place for send in self._sends),
            tuple(receiver.place for receiver in self._receivers),
            shown,
            fact.comment,
            self._why_unsure(verdict),
        )

    def _outside_of_tests(self, send: SendFact) -> SendFact:
        """
        Return *send* with base classes in place of classes that tests define, and without mocks.
        """

        def outside(typ: WrittenType) -> WrittenType:
            return without_classes(typ, self._of_tests, self._ancestors)

        keys = {name: replace(key, type=outside(key.type)) for name, key in send.keys.items()}
        return replace(send, keys=keys, sender=send.sender and outside(send.sender))

    def _declared(self) -> tuple[InferredKey, ...]:
        payload = self._fact.payload or {}
        return tuple(InferredKey(name, key.type, key.required) for name, key in payload.items())

    def _key(self, name: str, drifting: set[tuple[Place | None, str]]) -> InferredKey:
        witnesses: list[KeyWitness] = []
        required = True
        for send in self._sends:
            key = send.keys.get(name)
            if key is None:
                required = required and (bool(send.spread) or (send.place, name) in drifting)
            else:
                required = required and key.required
                witnesses.append(KeyWitness("send", key.type, send.place))
        sent = join((one.type for one in witnesses if one.type is not None), self._ancestors)
        annotated = self._annotations(name)
        typ, conflict = sent, ""
        if annotated:
            if is_known(sent):
                conflict = self._conflict(sent, annotated)
            else:
                typ = self._filled(witnesses, annotated)
        if name in self._fact.documented:
            annotated.append(KeyWitness("documented", None, self._fact.place))
        return InferredKey(name, typ, required, (*witnesses, *annotated), conflict)

    def _annotations(self, name: str) -> list[KeyWitness]:
        return [
            KeyWitness("receiver", parameter.type, receiver.defined or receiver.place)
            for receiver in self._receivers
            for parameter in receiver.key_parameters
            if parameter.name == name and parameter.type is not None and is_known(parameter.type)
        ]

    def _filled(self, sent: Sequence[KeyWitness], annotated: Sequence[KeyWitness]) -> WrittenType:
        """
        Return the type for values that mypy does not know: all that receivers accept.
        """
        known = [one.type for one in sent if one.type is not None and is_known(one.type)]
        types = [one.type for one in annotated if one.type is not None]
        # What each receiver accepts is what the narrowest one accepts.
        for typ in types:
            if all(is_instance_of(typ, other, self._ancestors) for other in types):
                return join([typ, *known], self._ancestors)
        return UnknownType("receivers expect different types")

    def _conflict(self, sent: WrittenType, annotated: Sequence[KeyWitness]) -> str:
        for one in annotated:
            if one.type is not None and not is_instance_of(sent, one.type, self._ancestors):
                return f"sent as {short_text(sent)}, but a receiver expects {short_text(one.type)}"
        return ""

    def _sender(self) -> WrittenType | None:
        types = [send.sender for send in self._sends]
        known = [typ for typ in types if typ is not None]
        return join(known, self._ancestors) if known else None

    def _verdict(self, keys: tuple[InferredKey, ...], drifts: tuple[Drift, ...]) -> Verdict:
        if self._fact.payload is not None and not self._fact.is_declared_by_us:
            return "declared"
        if not self._sends:
            return "never sent"
        if len(self._closed) < len(self._sends):
            return "open"
        if drifts:
            return "drifting"
        return "complete" if all(is_known(key.type) for key in keys) else "partly typed"

    def _why_unsure(self, verdict: Verdict) -> str:
        if verdict == "open":
            spread = [text for send in self._sends for text in send.spread]
            return f"a send unpacks {', '.join(dict.fromkeys(spread))}"
        if self._fact.related and verdict != "declared":
            return f"a subclass or a base class has another signal, {self._fact.related[0]}"
        if any(send.positional for send in self._sends):
            return "a send passes arguments by position"
        reasons: dict[str, str] = {
            "declared": "it is declared already",
            "never sent": "no send was found",
            "drifting": "a send differs from the others",
        }
        return reasons.get(verdict, "")

    def _drifts(self) -> tuple[list[tuple[Drift, str]], set[str]]:
        """
        Return the sends that differ by mistake, each with the key that it does not send, unless it
        is not sure which of two is misspelt; and the misspelt keys.
        """
        found: list[tuple[Drift, str]] = []
        misspelt: set[str] = set()
        total = len(self._closed)
        for send in self._closed:
            missing = [key for key in self._counts if key not in send.keys]
            for key in missing:
                meant = suggest(
                    key, [one for one in send.keys if not self._are_different(key, one)]
                )
                if meant is not None and self._weight(key) >= self._weight(meant):
                    is_sure = self._weight(key) > self._weight(meant)
                    misspelt |= {meant} if is_sure else set()
                    text = f"sends {meant!r}, but others send {key!r}"
                    found.append((Drift(send.place, text), key if is_sure else ""))
                elif self._is_needed(key) or (
                    total >= _MANY and self._counts[key] == total - 1 and not self._has_default(key)
                ):
                    others = self._counts[key]
                    text = f"does not send {key!r}, which {others} {_others(others)}"
                    found.append((Drift(send.place, text), key))
        return found, misspelt

    def _weight(self, key: str) -> tuple[int, bool]:
        """
        Return how many sends have *key*, and whether a receiver or a comment names it.
        """
        return self._counts[key], key in self._fact.documented or any(
            key in names for names in self._names_of_receivers()
        )

    def _are_different(self, key: str, other: str) -> bool:
        """
        Return whether two keys that look alike mean different things: if a send or a receiver has
        both, for a plural or another number, and if they have different types.
        """
        groups = [*(send.keys for send in self._sends), *self._names_of_receivers()]
        if any(key in group and other in group for group in groups):
            return True
        if (
            f"{key}s" == other
            or key == f"{other}s"
            or _NUMBER.sub("", key) == _NUMBER.sub("", other)
        ):
            return True
        one, two = self._sent_type(key), self._sent_type(other)
        are_alike = is_instance_of(one, two, self._ancestors) or is_instance_of(
            two, one, self._ancestors
        )
        return is_known(one) and is_known(two) and not are_alike

    def _sent_type(self, key: str) -> WrittenType:
        types = [send.keys[key].type for send in self._sends if key in send.keys]
        return join(types, self._ancestors)

    def _names_of_receivers(self) -> list[set[str]]:
        return [{one.name for one in each.key_parameters} for each in self._receivers]

    def _is_needed(self, key: str) -> bool:
        """
        Return whether a receiver fails without a key.
        """
        return any(
            parameter.name == key and parameter.required
            for receiver in self._receivers
            for parameter in receiver.key_parameters
        )

    def _has_default(self, key: str) -> bool:
        """
        Return whether a receiver expects that a key may be absent.
        """
        return any(
            parameter.name == key and not parameter.required
            for receiver in self._receivers
            for parameter in receiver.key_parameters
        )


def _others(count: int) -> str:
    return "other sends" if count == 1 else "others send"
