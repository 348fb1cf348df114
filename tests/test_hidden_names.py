"""
Names that only exist for type checkers are supported in declarations and receivers.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from tests.declared.ways import PROGRAMS, Program, load, run
from tests.support import assert_carries, assert_carries_anything, refusal_of, run_script
from typed_signals.exceptions import ContractWarning, DeclarationError, PayloadError

if TYPE_CHECKING:
    from types import ModuleType


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_payload_is_read_from_every_way_of_declaring_it(program: Program, tmp_path: Path) -> None:
    module = run(program, tmp_path)
    if not program.is_known:
        assert_warns_once(module, "Pizza")
    else:
        assert_carries(module.signal, required="size", optional="note")


def assert_warns_once(module: ModuleType, name: str) -> None:
    """
    Assert that only the first use of the signal in *module* warns about the unknown *name*.
    """
    with pytest.warns(ContractWarning) as warned:
        assert module.signal.send(None, size=1) == []
    [warning] = warned
    assert f": '{name}' in its declaration is not defined at run time, so" in str(warning.message)
    assert warning.filename == module.__file__
    line = Path(warning.filename).read_text("utf-8").splitlines()[warning.lineno - 1]
    assert re.search(r"\w+(\[.*\])?\(\)$|@Signal.declare", line)
    assert_carries_anything(module.signal)


HEAD = """
from typing import TYPE_CHECKING, Any, NotRequired, Optional, TypedDict, Unpack
from typed_signals import Signal
from typed_signals.exceptions import PayloadError

class Pizza(TypedDict):
    size: int

if TYPE_CHECKING:
    from nowhere import Missing, nowhere
"""


@pytest.fixture(params=["evaluated", "postponed"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """
    Create a module from a program, with and without ``from __future__ import annotations``.
    """

    def make(program: str) -> ModuleType:
        future = "from __future__ import annotations\n" if request.param == "postponed" else ""
        path = tmp_path / "made.py"
        path.write_text(future + HEAD + dedent(program), "utf-8")
        return load(path)

    return make


# What cannot be known


@pytest.mark.parametrize(
    ("declaration", "name"),
    [
        ('signal = Signal[object, "Missing"]()', "Missing"),
        ('signal = Signal[object, "nowhere.Missing"]()', "nowhere.Missing"),
        ('signal = Signal[object, "Missing[int]"]()', "Missing"),
        ('signal = Signal[object, "Pizza.Missing"]()', "Missing"),
        ('signal = Signal[object, "int[0]"]()', "int[0]"),
        ('signal = Signal[object, "lambda: 0"]()', "lambda: 0"),
        ('signal: "Signal[object, Missing]" = Signal()', "Missing"),
        ('signal: "Missing[object, Pizza]" = Signal()', "Missing"),
        ('signal: "Missing | None" = Signal()', "Missing"),
        ('signal: "Missing" = Signal()', "Missing"),
        ('class Own(Signal[object, "Missing"]): ...\nsignal = Own()', "Missing"),
    ],
)
def test_payload_unknown_at_run_time_issues_a_warning(
    make: Any, declaration: str, name: str
) -> None:
    assert_warns_once(make(declaration), name)


@pytest.mark.parametrize(
    "declaration",
    [
        "signal = Signal()",
        "signal: Any = Signal()",
        "signal: Signal[object, Any] = Signal()",
        'signal: "Signal[Missing, Any]" = Signal()',
        "signal: object = Signal()",
        "class Host(type):\n    signal = Signal()\nsignal = Host.signal",
    ],
)
def test_intentionally_untyped_signals_issue_no_warning(make: Any, declaration: str) -> None:
    assert_carries_anything(make(declaration).signal)


@pytest.mark.parametrize(
    "declaration",
    [
        'signal: "Missing" = Signal[object, Pizza]()',
        'signal: "Missing | Signal[object, Pizza]" = Signal()',
        'class Host:\n    signal: "Missing" = Signal[object, Pizza]()\nsignal = Host.signal',
    ],
)
def test_payload_in_another_place_is_found(make: Any, declaration: str) -> None:
    assert_carries(make(declaration).signal, required="size")


def test_parameters_of_a_declaring_function_count_if_its_typed_dict_is_unknown(
    make: Any,
) -> None:
    module = make(
        """
        @Signal.declare
        def signal(sender: object, *, size: int, **kwargs: "Unpack[Missing]") -> object: ...
        """
    )
    with pytest.warns(ContractWarning, match="'Missing' in its declaration is not defined"):
        assert module.signal.send(None, size=1, more=2) == []
    with pytest.raises(PayloadError, match="missing 'size'"):
        module.signal.send(None, more=2)


def test_if_warnings_are_errors_only_the_first_use_fails(make: Any) -> None:
    module = make('signal = Signal[object, "Missing"]()')
    with warnings.catch_warnings(action="error"):
        with pytest.raises(ContractWarning):
            module.signal.send(None)
        assert module.signal.send(None) == []


# While a module runs


@pytest.mark.parametrize(
    "annotation", ["Signal[object, Pizza]", '"Signal[object, Pizza]"', 'Signal[object, "Pizza"]']
)
def test_signal_is_checked_while_its_module_is_executed(make: Any, annotation: str) -> None:
    module = make(
        f"""
        signal: {annotation} = Signal()
        class Host:
            signal: {annotation} = Signal()
        refused = []
        for each in (signal, Host.signal):
            each.send(None, size=1)
            try:
                each.send(None, sise=1)
            except PayloadError as error:
                refused.append(error)
        later: int
        """
    )
    assert len(module.refused) == 2
    assert_carries(module.signal, required="size")


def test_names_that_are_not_defined_yet_issue_no_warning(make: Any) -> None:
    module = make(
        """
        signal: "Signal[object, Later]" = Signal()
        signal.send(None, anything=1)

        class Later(TypedDict):
            size: int
        """
    )
    assert_carries(module.signal, required="size")


def test_module_is_read_again_when_reloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "made_to_be_reloaded.py"
    program = """
def send(signal):
    return signal.send(None, anything=1), signal

sent, signal = send(Signal())
sent, signal = send(Signal())
signal: Signal[object, Pizza] = send(Signal())[1]
"""
    path.write_text(HEAD + program, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module(path.stem)
    assert_carries(module.signal, required="size")
    path.write_text(HEAD.replace("size", "size: int\n    weight") + program, "utf-8")
    importlib.invalidate_caches()
    again = importlib.reload(module)
    assert again is module
    assert_carries(module.signal, required="size weight")
    del sys.modules[path.stem]


def test_script_is_checked_like_a_module() -> None:
    printed = run_script(
        HEAD
        + dedent(
            """
            def send(signal):
                signal.send(None, anything=1)
                return signal

            signal: Signal[object, Pizza] = send(Signal())
            signal.send(None, size=1)
            try:
                signal.send(None, sise=1)
            except PayloadError as error:
                print(error)
            """
        )
    )
    assert printed.startswith("__main__.signal.send(): missing 'size', unexpected 'sise'")


# Where annotations are written


def test_executed_annotation_is_used(make: Any) -> None:
    module = make(
        """
        class Other(TypedDict):
            weight: int

        if TypedDict:
            signal: Signal[object, Pizza] = Signal()
        else:
            signal: Signal[object, Other] = Signal()

        class Host:
            if TypedDict:
                signal: Signal[object, Pizza] = Signal()
            else:
                signal: Signal[object, Other] = Signal()
        """
    )
    assert_carries(module.signal, required="size")
    assert_carries(module.Host.signal, required="size")


def test_annotation_of_a_base_class_is_read_in_its_module(make: Any) -> None:
    module = make(
        """
        class Base:
            class Inner(TypedDict):
                weight: int
            signal: "Signal[object, Inner]"

        class Other(Base):
            class Inner(TypedDict):
                size: int

        class Host(Other):
            signal = Signal()

        class Own(Other):
            signal: Signal[object, Pizza] = Signal()
        """
    )
    assert_carries(module.Host.signal, required="weight")
    assert_carries(module.Own.signal, required="size")


def test_missing_name_outside_of_the_signal_type_hides_nothing(make: Any) -> None:
    module = make('signal: "nowhere.Final[Signal[object, Pizza]]" = Signal()')
    assert_carries(module.signal, required="size")


if sys.version_info >= (3, 14):

    def test_local_names_are_known_where_annotations_are_evaluated_later(tmp_path: Path) -> None:
        path = tmp_path / "made.py"
        program = """
            def make():
                class Local(TypedDict):
                    size: Missing

                class Host:
                    signal: Signal[Missing, Local] = Signal()
                    final: nowhere.Final[Signal[Missing, Local]] = Signal()

                return Host
            """
        path.write_text(HEAD + dedent(program), "utf-8")
        host = load(path).make()
        assert_carries(host.signal, required="size")
        assert_carries(host.final, required="size")

    @pytest.mark.parametrize("owner", ["module", "class", "payload"])
    def test_annotations_that_raise_are_refused(owner: str, tmp_path: Path) -> None:
        programs = {
            "module": "size: 1 / 0\nsignal: Signal[object, Pizza] = Signal()",
            "class": "class Host:\n    size: 1 / 0\n    signal: Signal[object, Pizza] = Signal()\n"
            "signal = Host.signal",
            "payload": "Pizza.__annotate__ = lambda format: 1 / 0\n"
            "signal = Signal[object, Pizza]()",
        }
        path = tmp_path / "made.py"
        path.write_text(HEAD + programs[owner], "utf-8")
        signal = load(path).signal
        with pytest.raises(
            DeclarationError, match=r"evaluating the annotations of .* raised ZeroDivisionEr"
        ):
            signal.send(None, size=1)

    def test_annotations_of_other_names_may_raise(tmp_path: Path) -> None:
        path = tmp_path / "made.py"
        path.write_text(
            f"""{HEAD}
size: "Pizza" | None
signal = Signal()

class Host:
    size: "Pizza" | None
    signal = Signal()
""",
            "utf-8",
        )
        module = load(path)
        assert_carries_anything(module.signal)
        assert_carries_anything(module.Host.signal)


# Bases of a payload


@pytest.mark.parametrize("typed_dict", ["typing", "typing_extensions"])
def test_each_base_of_a_payload_is_read_where_it_is_written(
    typed_dict: str, make: Any, tmp_path: Path
) -> None:
    (tmp_path / "base_of_payload.py").write_text(
        dedent(
            f"""
            from typing import TYPE_CHECKING, NotRequired as MayBe, Required as Must
            from {typed_dict} import TypedDict
            import typing as t

            if TYPE_CHECKING:
                from nowhere import Missing

            class Base(TypedDict):
                size: "Missing"
                note: "MayBe[Missing]"
                hour: MayBe["Missing"]

            class Other(TypedDict, total=False):
                table: "Missing"
                number: "t.Required[Missing]"
                price: Must["Missing"]
            """
        ),
        "utf-8",
    )
    sys.modules.pop("tests.declared.base_of_payload", None)
    load(tmp_path / "base_of_payload.py")
    module = make(
        """
        from tests.declared.base_of_payload import Base, Other

        class Order(Base, Other):
            topping: "Missing"

        class Late(Order, total=False):
            minutes: "Missing"

        signal: Signal[object, Late] = Signal()
        """
    )
    assert_carries(
        module.signal, required="size number price topping", optional="note hour table minutes"
    )


# Receivers


RECEIVERS = """
import functools

def passing(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

class Partial(functools.partial): ...

def function(
    number: {hidden}, /, sender: {hidden}, *, {key}: {hidden}, **kwargs: {hidden}
) -> {hidden}: ...

class Host:
    def __init__(self, {key}: {hidden}, **kwargs: {hidden}) -> None: ...
    def method(self, {key}: {hidden}, **kwargs: {hidden}) -> {hidden}: ...
    @classmethod
    def of_class(cls, {key}: {hidden}, **kwargs: {hidden}) -> {hidden}: ...
    @staticmethod
    def static(option: {hidden} = 0, /, *, {key}: {hidden}, **kwargs: {hidden}) -> {hidden}: ...
    @functools.lru_cache
    def cached({key}: {hidden}, **kwargs: {hidden}) -> {hidden}: ...
    prepared = functools.partialmethod(method)

class Made:
    def __new__(cls, {key}: {hidden}, **kwargs: {hidden}) -> {hidden}:
        return super().__new__(cls)

class Call:
    def __call__(self, {key}: {hidden}, **kwargs: {hidden}) -> {hidden}: ...

class Meta(type):
    def __call__(cls, {key}: {hidden}, **kwargs: {hidden}) -> {hidden}: ...

class WithMeta(metaclass=Meta): ...

receivers = dict(
    partial=functools.partial(function, 1),
    partial_of_subclass=Partial(function, 1),
    decorated=passing(Host.static),
    twice=passing(passing(Host.static)),
    decorated_partial=passing(functools.partial(function, 1)),
    static=Host.static,
    method=Host.method.__get__(object()),
    of_class=Host.of_class,
    cached=Host.cached,
    decorated_and_cached=functools.lru_cache(passing(Host.static)),
    prepared=Host.__new__(Host).prepared,
    cls=Host,
    made=Made,
    call=Call(),
    call_of_metaclass=WithMeta,
)
signal = Signal[object, Pizza]()
"""

# Unknown, always raising, and raising although all of its names are known.
HIDDEN = ["Missing", "nowhere.Missing[int]", "int[str]", "Pizza.missing", "{}['key']"]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_annotations_of_a_receiver_do_not_matter(hidden: str, tmp_path: Path) -> None:
    # Before Python 3.14, only postponed annotations are evaluated there.
    future = "from __future__ import annotations\n" if sys.version_info < (3, 14) else ""
    path = tmp_path / "made.py"
    path.write_text(future + HEAD + RECEIVERS.format(hidden=hidden, key="size"), "utf-8")
    known = load(path)
    path.write_text(future + HEAD + RECEIVERS.format(hidden=hidden, key="weight"), "utf-8")
    importlib.invalidate_caches()
    wrong = load(path)
    assert known.receivers.keys() == wrong.receivers.keys()
    for name, receiver in known.receivers.items():
        known.signal.connect(receiver, weak=False)
        assert known.signal.disconnect(receiver), name
    doubts: list[str] = []
    for name, receiver in wrong.receivers.items():
        if name in ("decorated", "twice", "decorated_partial", "decorated_and_cached"):
            # There is one warning for each line and function.
            with warnings.catch_warnings(record=True) as issued:
                warnings.simplefilter("always")
                wrong.signal.connect(receiver, weak=False)
            doubts += [str(warning.message) for warning in issued]
            continue
        refusal = refusal_of(wrong.signal, receiver)
        assert [problem.partition(" (")[0] for problem in refusal.problems][-1:] == [
            "'weight' is never sent"
        ]
    assert len(doubts) >= 2
    assert all("'weight' is never sent" in doubt for doubt in doubts)


class Connectable:
    """
    A signal of another module, which this module does not import at run time.
    """

    def connect(self, receiver: Missing, sender: Missing = None, *, apps: Missing = None) -> None:  # type: ignore[name-defined]  # noqa: F821
        self.connected = receiver


def test_annotations_of_a_connect_do_not_matter() -> None:
    from typed_signals import Signal, receiver

    def receive(**kwargs: object) -> None: ...

    other = Connectable()
    decorator: Any = receiver([Signal(), other], apps=None, sender=1)
    with pytest.raises(TypeError, match=r"connect.* got an unexpected keyword argument 'apps'"):
        decorator(receive)
    receiver([other, other], apps=None)(receive)
    assert other.connected is receive
