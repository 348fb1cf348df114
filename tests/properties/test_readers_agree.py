"""
The plugin, ``connect`` and the call of a receiver have the same result.

The plugin and ``connect`` predict the result of a call. A receiver accepts every send if it can
be called with the smallest payload, with the largest, and with one more key, the purpose of
``**kwargs``. A send of an open payload may have other keys in each case, so ``connect`` only
refuses a receiver if no set of keys fits.

The plugin must report the same sentences as ``connect``. There are two exceptions, in which it may
report less: if mypy's own errors report that arguments do not fit, as for a partial with too many,
and if types do not contain what ``connect`` reads, for the reasons in ``receivers``. The plugin
never reports what ``connect`` accepts.

The same applies to receivers in the background.
"""

from __future__ import annotations

import inspect
import re
import sys
import warnings
from contextlib import suppress
from itertools import chain, combinations, count
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest
from hypothesis import given, note, seed

from tests.mypy_runs import run_configured
from tests.plugin.casefile import FOUND_AT_RUN_TIME, reported
from typed_signals._contract.signatures import problems_of
from typed_signals.exceptions import ContractError

from . import background_receivers, receivers
from .receivers import NAMES, START, Payload, Program, programs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.plugin.casefile import Error

CONTRACT_CODES = {*FOUND_AT_RUN_TIME, "signal-background"} - {"signal-send"}
# Other programs are for "make soak".
SEED = 1

# With these codes, mypy itself reports that arguments do not fit.
CODES_OF_MYPY = {"call-arg", "misc"}
PROGRAMS_OF_A_RUN = 1_000

NUMBERS = count()


class Judged(NamedTuple):
    """
    A program, and its result at run time.
    """

    program: Program
    problems: frozenset[str]
    """Why ``connect`` refuses it or warns about it; empty if it does not."""

    is_received: bool
    """Whether the receiver can be called."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return the folder for programs, and mypy's cache of the standard library.
    """
    return tmp_path_factory.mktemp("programs")


def test_readers_agree(step: Callable[[], None], pytestconfig: pytest.Config, folder: Path) -> None:
    given_seed = pytestconfig.getoption("--hypothesis-seed")
    chosen_seed = SEED if given_seed is None else given_seed
    judged: dict[str, Judged] = {}

    @seed(chosen_seed)
    @given(program=programs())
    def agree_at_run_time(program: Program) -> None:
        step()
        note(program.source)
        judged[program.source] = run(program)

    @seed(chosen_seed)
    @given(program=background_receivers.programs())
    def agree_in_background(program: Program) -> None:
        step()
        note(program.source)
        judged[program.source] = run_in_background(program)

    agree_at_run_time()
    agree_in_background()
    assert any(each.problems for each in judged.values())
    assert not all(each.problems for each in judged.values())
    found = disagreements(list(judged.values()), folder)
    shortest = sorted(found, key=len)[:3]
    assert not found, f"seed {chosen_seed}: {len(found)} of {len(judged)}\n\n" + "\n".join(shortest)


# The simplest program for each reason to report nothing.
UNKNOWN = {
    receivers.FORGOTTEN: """
def forgetting(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        kwargs.update({})  # what it passes on is not known
        return function(*args, **kwargs)
    return wrapper

@forgetting
def target(sise, **kwargs): ...
signal.connect(target, weak=False)
""",
    receivers.NAMELESS: f"""{receivers.KEEPING.replace("return f", "kwargs.pop; return f")}
@receiver(signal, weak=False)
@keeping
def target(): ...
""",
    receivers.NESTED: """
def target(sise, **kwargs): ...
signal.connect(partial(partial(target)), weak=False)
""",
    receivers.OF_LAMBDA: """
signal.connect(partial(lambda sender, **kwargs: None, 1), weak=False)
""",
    receivers.REBOUND: """
class Owner:
    def method(self, **kwargs): ...
signal.connect(partial(Owner().method, self=1), weak=False)
""",
    receivers.MADE_TWICE: """
class Owner:
    def __new__(cls, sise, **kwargs): return object.__new__(cls)
    def __init__(self, **kwargs): ...
signal.connect(Owner, weak=False)
""",
}


def test_plugin_reports_nothing_if_types_are_unknown(folder: Path) -> None:
    payload = Payload("@Signal.declare\ndef signal(sender): ...\n")
    silent = {
        f"silent_{number}": Program(START + payload.text + text, payload, why)
        for number, (why, text) in enumerate(UNKNOWN.items())
    }
    found = check(silent, folder)
    for name, program in silent.items():
        assert run(program).problems, program.source
        assert found.get(name, []) == [], program.source


def run(program: Program) -> Judged:
    """
    Run *program*, check ``connect``, and return the result.
    """
    module: Any = ModuleType("program")
    issued: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as issued:
            warnings.simplefilter("always")
            # Its annotations are not strings, unlike those in this module.
            exec(compile(program.source, "program.py", "exec", dont_inherit=True), vars(module))
    except ContractError as error:
        assert module.signal.receivers == []
        receiver, stated = error.receiver, list(error.problems)
        is_certain = True
    else:
        is_certain = False
        (connection,) = module.signal.receivers
        receiver, stated = connection.receiver, []
    problems: frozenset[str] = frozenset()
    if is_certain or issued:
        # If it is refused, problems that are only known from __wrapped__ are not stated.
        payload = module.signal._declaration.payload_of(module.signal)
        problems = frozenset(problem.text for problem in problems_of(receiver, payload))
        assert problems.issuperset(stated)
        assert is_certain or all(problem in str(issued[-1].message) for problem in problems)
    fitting = fitting_payloads(receiver, module.signal, program.payload)
    if is_certain or program.unknown != receivers.CHANGED:
        verdict = f"{sorted(problems)}, but {fitting} can be received"
        assert bool(problems) == (fitting is None), verdict
    for payload in fitting or ():
        ((_, response),) = module.signal.send(None, **payload)
        finish(response)
    return Judged(program, problems, fitting is not None)


def run_in_background(program: Program) -> Judged:
    """
    The same for a program with a receiver in the background.
    """
    # Another name each time, because a delivery finds its receiver by the name.
    name = f"program_{next(NUMBERS)}"
    sys.modules[name] = module = cast("Any", ModuleType(name))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(compile(program.source, "program.py", "exec", dont_inherit=True), vars(module))
    except ContractError as error:
        assert module.signal.receivers == []
        return Judged(program, frozenset(error.problems), is_received=False)
    else:
        values = background_receivers.VALUES | {"request": module.Request()}
        required, optional = program.payload.required, program.payload.optional
        for keys in (required, (*required, *optional)):
            module.signal.send(None, **{key: values[key] for key in keys})
        return Judged(program, frozenset(), is_received=True)
    finally:
        del sys.modules[name]


def fitting_payloads(
    receiver: Any, signal: object, payload: Payload
) -> list[dict[str, None]] | None:
    """
    Return the smallest and the largest payload, if the receiver accepts both and one more key.
    """
    smallest = dict.fromkeys(payload.required)
    largest = smallest | dict.fromkeys(payload.optional)
    for more in additions(payload):
        payloads = [smallest | more, largest | more]
        if all(takes(receiver, signal, each) for each in [*payloads, payloads[1] | {"more": None}]):
            return payloads
    return None


def additions(payload: Payload) -> Iterator[dict[str, None]]:
    """
    Yield possible additional keys of a send, the smallest set first.
    """
    declared = {"sender", "signal", *payload.required, *payload.optional}
    names = [name for name in NAMES if name not in declared] if payload.is_open else []
    sets = (combinations(names, number) for number in range(len(names) + 1))
    return map(dict.fromkeys, chain.from_iterable(sets))


def takes(receiver: Any, signal: object, payload: dict[str, None]) -> bool:
    try:
        finish(receiver(signal=signal, sender=None, **payload))
    except TypeError:
        return False
    return True


def finish(response: object) -> None:
    """
    Run *response* if it is a coroutine; only then, a mock of an async function checks arguments.
    """
    if inspect.iscoroutine(response):
        with suppress(StopIteration):
            response.send(None)


def disagreements(judged: list[Judged], folder: Path) -> list[str]:
    """
    Return the differences between the plugin and the run time, each with its program.
    """
    found = []
    for start in range(0, len(judged), PROGRAMS_OF_A_RUN):
        some = {
            f"program_{number}": each
            for number, each in enumerate(judged[start : start + PROGRAMS_OF_A_RUN], start)
        }
        errors_of = check({name: each.program for name, each in some.items()}, folder)
        for name, each in some.items():
            errors = errors_of.get(name, [])
            if wrong := disagreement(each, errors):
                verdicts = [f"connect: {sorted(each.problems)}", *map("mypy: {}".format, errors)]
                found.append("\n".join([f"{wrong}:", each.program.source, *verdicts, ""]))
    return found


def check(programs: dict[str, Program], folder: Path) -> dict[str, list[Error]]:
    """
    Return the errors that a mypy run reports for *programs*, by name.
    """
    config = folder / "mypy.ini"
    config.write_text("[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n", "utf-8")
    paths = [folder / f"{name}.py" for name in programs]
    for path, program in zip(paths, programs.values(), strict=True):
        path.write_text(program.source, "utf-8")
    output, problems = run_configured(config, *map(str, paths))
    assert not problems
    return {name.removesuffix(".py"): errors for name, errors in reported(output).items()}


def disagreement(judged: Judged, errors: list[Error]) -> str | None:
    """
    Return the difference between the *errors* of the plugin and the result at run time.
    """
    ours = [error for error in errors if error.code.startswith("signal")]
    said = {
        unnamed(error.text.partition(" cannot connect ")[2].partition(": ")[2]) for error in ours
    }
    expected = {unnamed(problem) for problem in judged.problems}
    unknown = judged.program.unknown
    if any(error.code not in CONTRACT_CODES for error in ours):
        return "the plugin speaks of something else"
    if said and judged.is_received:
        return "the plugin refuses what can be called"
    if not said <= expected and unknown not in receivers.OWN_REASONS:
        return "the plugin says more than connect"
    if unknown or said == expected:
        return None
    if any(error.code in CODES_OF_MYPY for error in errors):
        return None
    return "the plugin says less than connect"


def unnamed(problem: str) -> str:
    """
    Return *problem* without the names of positional-only parameters, which some types lack, and
    without the advice for a parameter that is never sent, which depends on the other parameters.
    """
    problem = re.sub(r"(?<=does not declare it\)): .*", "", problem)
    return re.sub(r"'.*' (?=cannot be positional-only)", "", problem)
