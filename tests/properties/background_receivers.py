"""
Random programs that connect one receiver to one signal, in the background.

Their keys have types, some of which do not travel to another process, and receivers may name
``delivery``.
"""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from .receivers import Payload, Program

START: Final = """\
from typing import NotRequired, TypedDict

from typed_signals import Signal
from typed_signals.background import Background, Delivery, Immediate

background = Background(Immediate())


class Request: ...


class Payload(TypedDict):
"""

# The types of keys; the last one does not travel.
KEYS: Final = {"size": "int", "toppings": "list[str]", "note": "str", "request": "Request"}
NAMES: Final = ("sender", "signal", "delivery", *KEYS, "sise")


@st.composite
def signatures(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    parameters = [
        f"{name}={draw(st.sampled_from(('', 'None')))}".removesuffix("=") for name in names
    ]
    parameters.sort(key=lambda parameter: "=" in parameter)
    if names:
        parameters.insert(
            draw(st.integers(0, len(names))), draw(st.sampled_from(("/", "*", "*args")))
        )
        if parameters[0] == "/" or parameters[-1] == "*":
            parameters = [each for each in parameters if each not in ("/", "*")]
    if draw(st.sampled_from((True, True, True, False))):
        parameters.append("**kwargs")
    return ", ".join(parameters)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    keys = draw(st.lists(st.sampled_from(sorted(KEYS)), unique=True, max_size=4))
    split = draw(st.integers(0, len(keys)))
    required, optional = tuple(keys[:split]), tuple(keys[split:])
    lines = [f"    {key}: {KEYS[key]}" for key in required]
    lines += [f"    {key}: NotRequired[{KEYS[key]}]" for key in optional]
    text = "\n".join([*(lines or ["    pass"]), "\n\nsignal = Signal[object, Payload]()\n\n"])
    signature = draw(signatures())
    if draw(st.integers(0, 6)):
        connecting = f"@background.receiver(signal)\ndef target({signature}): ...\n"
    else:
        connecting = f"background.receiver(signal, weak=False)(lambda {signature}: None)\n"
    return Program(f"{START}{text}{connecting}", Payload(text, required, optional), None)


# Values of those that travel.
VALUES: Final = {"size": 32, "toppings": ["ham"], "note": "hot"}
