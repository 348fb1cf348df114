"""
Random programs that connect one receiver to one signal.

Each is the source of a module, so that mypy reads the code that runs, and a failing case
can be run directly. The bodies do nothing: only binding the arguments can fail.
"""

from __future__ import annotations

import re
import sys
from typing import Final, NamedTuple

from hypothesis import strategies as st

# Few, so that parameters often have the names of keys.
KEYS: Final = ("size", "note", "toppings", "self", "cls", "args", "kwargs")
# The last two are never keys, but one looks like one.
NAMES: Final = ("sender", "signal", *KEYS, "sise", "this")

HAS_PLACEHOLDER: Final = sys.version_info >= (3, 14)

START: Final = f"""\
from functools import {"Placeholder, " if HAS_PLACEHOLDER else ""}partial, update_wrapper, wraps
from typing import Callable, Concatenate, Generic, NotRequired, ParamSpec, TypeVar
from typing import TypedDict, Unpack
from unittest.mock import Mock, create_autospec

from typing_extensions import TypeAliasType

from typed_signals import Signal, receiver, with_signature

P = ParamSpec("P")
R = TypeVar("R")

"""

# Two decorators that pass all arguments through. Only the first has a type.
KEEPING: Final = """\
def keeping(function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)
    return wrapper

"""
FORGETTING: Final = """\
def forgetting(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

"""

# A decorator that returns an object.
WRAPPING: Final = """\
class Wrapping:
    def __init__(self, function):
        update_wrapper(self, function)
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)

"""

WRAPPING_WITH_TYPES: Final = """\
class WrappingWithTypes(Generic[P, R]):
    def __init__(self, function: Callable[P, R]) -> None:
        update_wrapper(self, function)
        self.function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)

"""

# Decorators that pass other arguments than they get.
CHANGING: Final = {
    "filling": """\
def filling(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(None, *args, **kwargs)
    return wrapper

""",
    "filling_by_name": """\
def filling_by_name(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        kwargs["sise"] = None
        return function(*args, **kwargs)
    return wrapper

""",
    "filling_missing": """\
def filling_missing(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **{"sise": None, "this": None} | kwargs)
    return wrapper

""",
    "dropping": """\
def dropping(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(sender=kwargs["sender"])
    return wrapper

""",
    "by_position": """\
def by_position(function):
    @wraps(function)
    def wrapper(sender, **kwargs):
        return function(sender)
    return wrapper

""",
    "filling_with_types": """\
def filling_with_types(function: Callable[Concatenate[object, P], R]) -> Callable[P, R]:
    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(None, *args, **kwargs)
    return wrapper

""",
    "adding_with_types": """\
def adding_with_types(function: Callable[P, R]) -> Callable[Concatenate[object, P], R]:
    @wraps(function)
    def wrapper(first: object, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)
    return wrapper

""",
    "naming": """\
def naming(function: Callable[..., R]) -> Callable[..., R]:
    @wraps(function)
    def wrapper(sender: object, **kwargs: object) -> R:
        return function(sender, None)
    return wrapper

""",
    "hiding": """\
def hiding(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

""",
    "stated": """\
def stated(function):
    @with_signature(like)
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(None, *args, **kwargs)
    return wrapper

def like(*args, **kwargs): ...

""",
    "stated_with_types": """\
def stated_with_types(function: Callable[Concatenate[object, P], R]) -> Callable[P, R]:
    @with_signature(like)
    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(None, *args, **kwargs)
    return wrapper

def like(*args, **kwargs): ...

""",
    "with_signature(like)": """\
def like(*args, **kwargs): ...

""",
    "Filling": """\
class Filling:
    def __init__(self, function):
        update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        return self.__wrapped__(None, *args, **kwargs)

""",
}

# What mypy's types do not contain: the plugin may miss a mistake, but has no false alarms.
FORGOTTEN: Final = "a decorator without types forgets the function"
NAMELESS: Final = "under @receiver, the type that a decorator kept may have no names at all"
NESTED: Final = "the type of a partial does not say what a partial is of"
OF_LAMBDA: Final = "the type of a lambda does not say what a partial of it has bound"
REBOUND: Final = "mypy lets a partial bind by keyword what the object is bound to"
ANY_NUMBER: Final = "the type of a partial of *values does not say how many it has bound"
NOT_BOUND: Final = "mypy reads a placeholder in a partial as a value"
OF_OBJECT: Final = "the type of an object does not say which function it wraps"
MOCKED: Final = "the type of a mock does not contain the function"
CHANGED: Final = "a decorator passes other arguments than it gets"
MADE_TWICE: Final = "the type of a class is that of __new__ or of __init__, not of both"

# For these, the plugin may have other reasons than connect, if no send is received.
OWN_REASONS: Final = (ANY_NUMBER, CHANGED, NOT_BOUND, OF_LAMBDA)


class Payload(NamedTuple):
    """
    A declaration of ``signal``.
    """

    text: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    is_open: bool = False


class Receiver(NamedTuple):
    """
    The receiver to connect.
    """

    text: str
    """What defines it."""

    expression: str
    """What it is then."""

    function: str = ""
    """The function with its decorators, if it is one; it stands behind the text."""

    bound: str | None = None
    """What an object is bound to, if the parameter can be named."""

    unknown: str | None = None
    """What the plugin cannot know of it."""


class Program(NamedTuple):
    """
    One case.
    """

    source: str
    payload: Payload
    unknown: str | None


@st.composite
def payloads(draw: st.DrawFn) -> Payload:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))
    count = draw(st.integers(0, len(keys)))
    required, optional = tuple(keys[:count]), tuple(keys[count:])
    parameters = [*required, *(f"{key}=None" for key in optional)]
    match draw(st.sampled_from(("TypedDict", "parameters", "keywords", "Unpack", "open", "bare"))):
        case "TypedDict":
            alias = draw(st.sampled_from(ALIASES))
            name = "Alias" if alias else "Payload"
            text = f"{typed_dict(required, optional)}{alias}signal = Signal[object, {name}]()\n\n"
        case "parameters":
            text = declaration(parameters)
        case "keywords":
            text = declaration(["*", *parameters] if parameters else [])
        case "Unpack":
            own = draw(st.integers(0, count))
            text = typed_dict(required[own:], optional)
            text += declaration([*required[:own], "**more: Unpack[Payload]"])
        case "open":
            text = declaration([*parameters, "**more"])
            return Payload(text, required, optional, is_open=True)
        case _:
            return Payload("signal = Signal()\n\n", is_open=True)
    return Payload(text, required, optional)


# Other names of a payload.
ALIASES: Final = (
    "",
    "",
    "Alias = Payload\n",
    'Alias = TypeAliasType("Alias", Payload)\n',
    *(["type Alias = Payload\n"] if sys.version_info >= (3, 12) else []),
)


def typed_dict(required: tuple[str, ...], optional: tuple[str, ...]) -> str:
    lines = [f"    {key}: object" for key in required]
    lines += [f"    {key}: NotRequired[object]" for key in optional]
    return "\n".join(["class Payload(TypedDict):", *(lines or ["    pass"]), "\n"])


def declaration(parameters: list[str]) -> str:
    return f"@Signal.declare\ndef signal({', '.join(['sender', *parameters])}): ...\n\n"


class Parameter(NamedTuple):
    name: str
    kind: str
    has_default: bool

    def written(self, annotation: str, *, has_default: bool) -> str:
        return f"{self.name}{annotation}{' = None' if has_default else ''}"


POSITIONAL_ONLY: Final = "before /"
KEYWORD_ONLY: Final = "after *"
KINDS: Final = (*["either"] * 5, KEYWORD_ONLY, KEYWORD_ONLY, POSITIONAL_ONLY)
PARAMETERS: Final = st.lists(
    st.builds(Parameter, st.sampled_from(NAMES), st.sampled_from(KINDS), st.booleans()),
    unique_by=lambda parameter: parameter.name,
    max_size=5,
)


@st.composite
def signatures(draw: st.DrawFn, first: str | None = None, *, is_lambda: bool = False) -> str:
    """
    Parameters of a function; the parameter *first* comes first.
    """
    parameters = [parameter for parameter in draw(PARAMETERS) if parameter.name != first]
    annotation = "" if is_lambda else draw(st.sampled_from(("", "", "", ": object")))
    before_slash = [p for p in parameters if p.kind == POSITIONAL_ONLY]
    after_star = [p for p in parameters if p.kind == KEYWORD_ONLY]
    positional = [*before_slash, *(p for p in parameters if p not in before_slash + after_star)]
    texts = []
    has_default = False
    for parameter in positional:
        # After a parameter with a default, all have one.
        has_default |= parameter.has_default
        texts.append(parameter.written(annotation, has_default=has_default))
    slash = len(before_slash)
    if first is not None:
        texts.insert(0, first)
        if slash or draw(st.sampled_from((False, False, False, True))):
            slash += 1
    if slash:
        texts.insert(slash, "/")
    taken = {first, *(parameter.name for parameter in parameters)}
    star = draw(st.sampled_from(("", "", "args", "rest")))
    if star and star not in taken:
        taken.add(star)
        texts.append(f"*{star}{annotation}")
    elif after_star:
        texts.append("*")
    texts += [p.written(annotation, has_default=p.has_default) for p in after_star]
    rest = draw(st.sampled_from((*["kwargs"] * 5, "note", "")))
    if rest:
        texts.append(f"**{'others' if rest in taken else rest}{annotation}")
    return ", ".join(texts)


def first_name(signature: str) -> str | None:
    """
    The name by which the first parameter of *signature* can be passed by position or by keyword.
    """
    match = re.match(r"\w+", signature)
    return None if match is None or "/" in signature else match[0]


def has_names(signature: str) -> bool:
    """
    Return whether any parameter of *signature* has a name in its type.
    """
    return signature.rpartition("/")[2] != ""


ASYNC: Final = st.sampled_from(("", "", "async "))


@st.composite
def functions(draw: st.DrawFn) -> Receiver:
    signature = draw(signatures())
    function = f"{draw(ASYNC)}def target({signature}): ...\n"
    kinds = ("", "", "", "", "keeping", "keeping object", "forgetting", "wrapping", "changing")
    match draw(st.sampled_from(kinds)):
        case "keeping":
            unknown = None if has_names(signature) else NAMELESS
            return Receiver(KEEPING, "target", f"@keeping\n{function}", unknown=unknown)
        case "keeping object":
            decorated = f"@WrappingWithTypes\n{function}"
            return Receiver(WRAPPING_WITH_TYPES, "target", decorated, unknown=OF_OBJECT)
        case "changing":
            name = draw(st.sampled_from(sorted(CHANGING)))
            return Receiver(CHANGING[name], "target", f"@{name}\n{function}", unknown=CHANGED)
        case "forgetting":
            return Receiver(FORGETTING, "target", f"@forgetting\n{function}", unknown=FORGOTTEN)
        case "wrapping":
            return Receiver(WRAPPING, "target", f"@Wrapping\n{function}", unknown=FORGOTTEN)
        case _:
            return Receiver("", "target", function)


@st.composite
def mocks(draw: st.DrawFn) -> Receiver:
    # Next to **kwargs, the check of a mock (Signature.bind) takes a keyword for a positional-only
    # parameter, unlike a call.
    signature = draw(signatures().filter(lambda text: not ("/" in text and "**" in text)))
    function = f"{draw(ASYNC)}def target({signature}): ...\n"
    expression = draw(st.sampled_from(("Mock(spec=target)", "create_autospec(target)")))
    return Receiver(function, expression, unknown=MOCKED)


@st.composite
def lambdas(draw: st.DrawFn) -> Receiver:
    signature = draw(signatures(is_lambda=True))
    text, unknown = f"lambda {signature}: None", None if has_names(signature) else NAMELESS
    if draw(st.booleans()):
        return Receiver("", text, unknown=unknown)
    return Receiver(f"target = {text}\n", "target", unknown=unknown)


# Names of the first parameter of a method; None for a method without it.
FIRST: Final = {
    "": ("self", "self", "self", "this", "sender", None),
    "@classmethod": ("cls", "cls", "cls", None),
    "@staticmethod": (None,),
}


@st.composite
def methods(draw: st.DrawFn) -> Receiver:
    decorator = draw(st.sampled_from(("", "", "", "@classmethod", "@staticmethod")))
    signature = draw(signatures(draw(st.sampled_from(FIRST[decorator]))))
    expression = draw(st.sampled_from(("Owner()", "Owner().method", "Owner.method")))
    name = "__call__" if expression == "Owner()" else "method"
    # The plugin reports an object with an async call, which is not awaited.
    define = f"{draw(ASYNC)}def" if name == "method" else "def"
    lines = ["class Owner:", f"    {decorator}", f"    {define} {name}({signature}): ..."]
    is_bound = decorator == "@classmethod" or (decorator == "" and expression != "Owner.method")
    return Receiver(
        "\n".join(line for line in lines if line.strip()) + "\n",
        expression,
        bound=first_name(signature) if is_bound else None,
    )


@st.composite
def classes(draw: st.DrawFn) -> Receiver:
    makers = draw(st.sampled_from(("__init__", "__init__", "__new__", "__new__", "both", "none")))
    lines, bound = ["class Owner:"], None
    if makers in ("__new__", "both"):
        signature = draw(signatures("cls"))
        lines.append(f"    def __new__({signature}): return object.__new__(cls)")
        bound = first_name(signature)
    if makers in ("__init__", "both"):
        signature = draw(signatures("self"))
        lines.append(f"    def __init__({signature}): ...")
        bound = first_name(signature)
    if makers == "none":
        lines.append("    pass")
    unknown = MADE_TWICE if makers == "both" else None
    return Receiver("\n".join(lines) + "\n", "Owner", bound=bound, unknown=unknown)


# Of a partial.
VALUES: Final = st.sampled_from(
    ["None"] * 6 + ["*values"] + (["Placeholder"] * 2 if HAS_PLACEHOLDER else [])
)


@st.composite
def partials(draw: st.DrawFn, of: st.SearchStrategy[Receiver]) -> Receiver:
    inner = draw(of)
    presets = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
    values = draw(st.lists(VALUES, max_size=2))
    while values[-1:] == ["Placeholder"]:
        values.pop()  # Python does not allow it to be the last one
    arguments = [inner.expression, *values, *(f"{name}=None" for name in presets)]
    text, expression = inner.text + inner.function, f"partial({', '.join(arguments)})"
    if "*values" in values:
        text += f"values = [None] * {draw(st.integers(int('Placeholder' in values), 2))}\n"
    is_nested = "partial(" in text + inner.expression
    is_nameless = inner.unknown == NAMELESS
    unknown = None if is_nameless else inner.unknown
    if is_nested:
        unknown = unknown or NESTED
    elif "*values" in values:
        unknown = unknown or ANY_NUMBER
    elif "Placeholder" in values:
        unknown = unknown or NOT_BOUND
    elif "lambda" in text + inner.expression:
        has_keyword_only = re.search(r"\*\w*, \w", text + inner.expression) is not None
        is_unknown = values or presets or is_nameless or has_keyword_only
        unknown = OF_LAMBDA if is_unknown else None
    elif inner.bound in presets:
        unknown = unknown or REBOUND
    if draw(st.booleans()):
        return Receiver(text, expression, unknown=unknown)
    name = "filled_again" if is_nested else "filled"
    return Receiver(f"{text}{name} = {expression}\n", name, unknown=unknown)


SIMPLE: Final = st.one_of(functions(), lambdas(), methods(), classes(), mocks())
PARTIAL: Final = partials(SIMPLE)
RECEIVERS: Final = st.one_of(SIMPLE, SIMPLE, SIMPLE, PARTIAL, PARTIAL, PARTIAL, partials(PARTIAL))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    payload, receiver = draw(payloads()), draw(RECEIVERS)
    unknown = receiver.unknown
    if receiver.function and draw(st.booleans()):
        connecting = f"@receiver(signal, weak=False)\n{receiver.function}"
    else:
        connecting = f"{receiver.function}signal.connect({receiver.expression}, weak=False)\n"
        unknown = None if unknown == NAMELESS else unknown
    return Program(START + payload.text + receiver.text + connecting, payload, unknown)
