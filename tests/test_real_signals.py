"""
The result of ``connect`` for real receivers is that of calls with real payloads.

Each signal is declared with the keys of its sends: keys in all of them are required, keys
in some of them are optional. ``tests/data/README.md`` documents their source.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NotRequired, TypedDict

import pytest

from tests.support import unchecked
from typed_signals import Signal
from typed_signals.exceptions import PayloadError, ReceiverSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.any_python, pytest.mark.usefixtures("generated_sends")]

REAL = json.loads((Path(__file__).parent / "data" / "real_signals.json").read_text("utf-8"))


class RealSignal(NamedTuple):
    name: str
    sites: list[set[str]]
    receivers: dict[str, int]
    is_open: bool
    """Whether some site sends keys that are not known."""

    @property
    def required(self) -> set[str]:
        return set.intersection(*self.sites)

    @property
    def keys(self) -> set[str]:
        return set.union(*self.sites)

    def declare(self) -> Any:
        if self.is_open:
            # A TypedDict cannot say "and others"; a declaring function can.
            optional = [f"{key}=None" for key in self.keys - self.required]
            parameters = ", ".join(["sender", *self.required, *optional, "**kwargs"])
            return unchecked(Signal).declare(_function("declared", parameters))
        keys = {key: Any if key in self.required else NotRequired[Any] for key in self.keys}
        payload: Any = TypedDict("payload", keys)  # type: ignore[misc]
        return Signal[object, payload]()

    def payloads(self) -> Iterator[dict[str, object]]:
        """
        Yield the smallest and the largest payload.
        """
        yield dict.fromkeys(self.required)
        unknown = ["key_that_is_not_known"] if self.is_open else []
        yield dict.fromkeys([*self.keys, *unknown])

    def make_receiver(self, shape: str) -> Any:
        kind, _, parameters = shape.rpartition(": ")
        if kind == "lambda":
            return eval(f"lambda {parameters}: None")  # noqa: S307
        if kind == "method":
            cls: Any = type(
                "Receivers", (), {"receive": _function("receive", f"self, {parameters}")}
            )
            return cls().receive
        function = _function("receive", parameters)
        if kind == "partial":
            # The purpose of a partial: it binds the parameters that the signal does not send.
            names = {
                parameter.strip() for parameter in parameters.split(",") if "*" not in parameter
            }
            filled = {name for name in names if "=" not in name} - self.keys - {"signal", "sender"}
            return functools.partial(function, **dict.fromkeys(filled))
        assert kind == ""
        return function


def _function(name: str, parameters: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(f"def {name}({parameters}): ...", namespace)
    return namespace[name]


def read(origin: str) -> list[RealSignal]:
    return [
        RealSignal(
            name,
            [set(site.split()) - {"**"} for site in facts["sends"]],
            facts["receivers"],
            is_open=any("**" in site.split() for site in facts["sends"]),
        )
        for name, facts in REAL[origin].items()
    ]


def can_be_called(receive: Callable[..., object], signal: object, real: RealSignal) -> bool:
    try:
        for payload in real.payloads():
            receive(signal=signal, sender=None, **payload)
    except TypeError:
        return False
    return True


def is_accepted(receive: Callable[..., object], signal: Any) -> bool:
    try:
        signal.connect(receive, weak=False)
    except ReceiverSignatureError:
        return False
    return True


@pytest.mark.parametrize("real", [*read("custom"), *read("django")], ids=lambda real: real.name)
def test_every_real_send_site_is_accepted_and_each_missing_key_is_not(real: RealSignal) -> None:
    signal = real.declare()
    for site in real.sites:
        assert signal.send(None, **dict.fromkeys(site)) == []
    for key in real.required:
        with pytest.raises(PayloadError) as refused:
            signal.send(None, **dict.fromkeys(real.required - {key}))
        assert refused.value.missing == (key,)


@pytest.mark.parametrize(
    ("origin", "signals", "accepted", "refused"),
    [("custom", 379, 397, {}), ("django", 17, 397, {"sender, apps, verbosity, **kwargs": 4})],
)
def test_connect_accepts_the_real_receivers_that_can_always_be_called(
    origin: str, signals: int, accepted: int, refused: dict[str, int]
) -> None:
    reals = read(origin)
    assert len(reals) == signals
    counted_accepted, counted_refused = 0, dict[str, int]()
    for real in reals:
        signal = real.declare()
        for shape, times in real.receivers.items():
            receive = real.make_receiver(shape)
            verdict = is_accepted(receive, signal)
            assert verdict == can_be_called(receive, signal, real), f"{real.name}: {shape}"
            if verdict:
                counted_accepted += times
            else:
                counted_refused[shape] = counted_refused.get(shape, 0) + times
        for payload in real.payloads():
            called = [connection.receiver for connection in signal.receivers]
            assert signal.send(None, **payload) == [(receive, None) for receive in called]
    assert counted_accepted == accepted
    assert counted_refused == refused


def test_refused_receivers_are_mistakes() -> None:
    # Django sends post_migrate without ``apps`` from ``flush`` and after a TransactionTestCase.
    [real] = [real for real in read("django") if real.name.endswith(".post_migrate")]
    signal = real.declare()
    receive = real.make_receiver("sender, apps, verbosity, **kwargs")
    with pytest.raises(ReceiverSignatureError, match="'apps' is not always sent"):
        signal.connect(receive)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'apps'"):
        receive(signal=signal, sender=None, **dict.fromkeys(real.required))
