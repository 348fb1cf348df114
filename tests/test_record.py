"""
``typed_signals.record``: what signals send while a program runs, as types.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import runpy
import sys
from collections import OrderedDict, defaultdict, deque
from decimal import Decimal
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import blinker
import pytest
from django.dispatch import Signal as DjangoSignal

from tests.support import not_on_windows
from typed_signals import record
from typed_signals.cli.survey.written_types import (
    NamedType,
    UnionOf,
    WrittenType,
    full_text,
    type_from_json,
)
from typed_signals.record import __main__ as program
from typed_signals.record.described import described
from typed_signals.record.recorder import parts

pytestmark = pytest.mark.any_python

pytest_plugins = ["pytester"]


class Shop:
    class Till: ...


class Kiosk(Shop): ...


class FakeShop(mock.Mock): ...


class Odd:
    __module__ = property(lambda self: 1 / 0)

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)


def local() -> type:
    class Local(Kiosk): ...

    return Local


class Growing(dict[str, int]):
    """Has a base class with arguments that are not inspected."""


def text(value: object) -> str:
    return full_text(described(value))


def test_types_are_found_without_running_code_of_the_values() -> None:
    here = __name__
    assert text(None) == "None"
    assert [text(each) for each in (1, True, "x", b"", Decimal(1), io.BytesIO())] == [
        "int", "bool", "str", "bytes", "decimal.Decimal", "io.BytesIO",
    ]  # fmt: skip
    assert text(Kiosk()) == f"{here}.Kiosk"
    assert text(Kiosk) == f"type[{here}.Kiosk]"
    assert text(Shop.Till()) == f"{here}.Shop.Till"
    # The nearest class that can be imported.
    assert text(local()()) == text(Kiosk())
    assert text(local()) == text(Kiosk)
    assert text(Growing(a=1)) == f"{here}.Growing"
    for value in (Odd(), object()):
        assert text(value) == "object"
    assert text(mock.Mock()) == text(FakeShop()) == "unittest.mock.Mock"
    assert text(mock.MagicMock(spec=Kiosk)) == "unittest.mock.MagicMock"
    for value in (text, len, [].append, Path().is_file):
        assert text(value) == "collections.abc.Callable[..., object]"


def test_items_of_containers_are_described_up_to_a_limit() -> None:
    assert text(["a", None]) == "list[None | str]"
    assert text([1] * 30 + ["x"]) == "list[int]"
    assert described([]) == NamedType("builtins", "list", (UnionOf(()),))
    assert text({1}) == "set[int]"
    assert text(frozenset("a")) == "frozenset[str]"
    assert text(deque([1])) == "collections.deque[int]"
    assert text({"a": [1], "b": []}) == "dict[str, list[int] | list]"
    assert text(defaultdict(int, a=1)) == "collections.defaultdict[str, int]"
    assert text(OrderedDict(a=1)) == "collections.OrderedDict[str, int]"
    assert text((1, "x")) == "tuple[int, str]"
    assert text(tuple(range(9))) == "tuple[int, ...]"
    assert text([1, "", b"", None, 1.0, 1j]) == "list[object]"
    assert text([[[[1]]]]) == "list[list[list[list]]]"

    # As if another thread changed it.
    with mock.patch("typed_signals.record.described.islice", side_effect=RuntimeError):
        assert text({1: 2}) == "dict[object, object]"


def test_lazy_objects_are_described_by_what_is_in_them() -> None:
    query_set: Any = import_module("django.db.models").QuerySet
    from django.utils.functional import SimpleLazyObject
    from django.utils.translation import gettext_lazy

    lazy: Any = SimpleLazyObject(Kiosk)
    assert text(lazy) == "object"
    assert str(lazy)
    assert text(lazy) == text(Kiosk())
    assert text(query_set(Kiosk)) == f"django.db.models.query.QuerySet[{__name__}.Kiosk]"
    assert text(query_set()) == "django.db.models.query.QuerySet"
    assert text(gettext_lazy("pizza")) == "django.utils.functional.Promise"


@pytest.fixture(autouse=True)
def outside_of_xdist(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Record as a process that pytest-xdist did not start.
    """
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """
    A module with signals of three kinds, and the working directory of the recording.
    """
    module = ModuleType("shop")
    exec("from typed_signals import Signal; ours = Signal()", vars(module))
    vars(module).update(djangos=DjangoSignal(), blinkers=blinker.Signal())
    monkeypatch.setitem(sys.modules, "shop", module)
    monkeypatch.chdir(tmp_path)
    return module


def lines(file: str) -> list[dict[str, Any]]:
    texts = [path.read_text("utf-8") for path in parts(Path(file))]
    found = [json.loads(line) for text in texts for line in text.splitlines()]
    first = {"typed_signals_record": 1, "root": Path.cwd().as_posix()}
    assert found[0] == first
    return [line for line in found if line != first]


def keys(file: str) -> set[tuple[str, str, str]]:
    return {
        (line["signal"], line["key"], full_text(type_from_json(line["type"])))
        for line in lines(file)
        if "key" in line
    }


def test_all_kinds_of_signals_are_recorded_once_and_without_values(shop: Any) -> None:
    with record.start("signals.jsonl"):
        for _ in range(2):
            shop.ours.send(Kiosk, size=987654321, till=local()())
            shop.djangos.send_robust("pizza", size="large")
            shop.blinkers.send(Kiosk(), size=None)
        asyncio.run(shop.djangos.asend(None, size=b"large"))
        shop.new = DjangoSignal()
        shop.new.send(None, made=True)
    shop.ours.send(None, size=1j)
    assert keys("signals.jsonl") == {
        ("shop.ours", "size", "int"),
        ("shop.ours", "till", f"{__name__}.Kiosk"),
        ("shop.djangos", "size", "str"),
        ("shop.djangos", "size", "bytes"),
        ("shop.blinkers", "size", "None"),
        ("shop.new", "made", "bool"),
    }
    sends = [line for line in lines("signals.jsonl") if "keys" in line]
    assert len(sends) == 5
    line = test_all_kinds_of_signals_are_recorded_once_and_without_values.__code__.co_firstlineno
    assert sends[0] == {
        "signal": "shop.ours",
        "place": [__file__, line + 3],
        "method": "send",
        "sender": {
            "module": "builtins",
            "name": "type",
            "args": [{"module": __name__, "name": "Kiosk"}],
        },
        "keys": ["size", "till"],
    }
    written = Path("signals.jsonl").read_text("utf-8")
    assert "987654321" not in written.replace(f"{line}", "")
    assert "large" not in written
    classes = [line for line in lines("signals.jsonl") if "class" in line]
    kiosk = {"class": f"{__name__}:Kiosk", "bases": [f"{__name__}:Shop"], "file": __file__}
    assert kiosk in classes
    assert {"class": f"{__name__}:Shop", "bases": [], "file": __file__} in classes
    assert {"class": "builtins:bool", "bases": ["builtins:int"], "file": None} in classes


def test_signals_of_django_are_not_recorded(shop: Any) -> None:
    djangos: Any = import_module("django.core.signals").got_request_exception
    with record.start("signals.jsonl"):
        djangos.send(None)
        shop.ours.send(None)
    assert [line["signal"] for line in lines("signals.jsonl")] == ["shop.ours"]


def test_what_cannot_be_recorded_does_not_break_a_send(
    shop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with record.start("signals.jsonl") as recording, caplog.at_level(logging.ERROR):
        with mock.patch.object(os, "write", side_effect=OSError("disk full")):
            shop.ours.send(None, size=1)
            shop.ours.send(None, size="")
        recording.stop()
        recording.stop()
    assert [each.message for each in caplog.records] == ["Cannot record a send"]


def test_a_new_recording_replaces_the_files_of_the_last_one(shop: Any) -> None:
    old = [Path("signals.jsonl"), Path("signals.jsonl.17")]
    kept = [Path("signals.jsonl.bak"), Path("signals.json")]
    for path in (*old, *kept):
        path.write_text("old", "utf-8")
    with record.start("signals.jsonl"):
        assert parts(Path("signals.jsonl")) == [Path("signals.jsonl")]
        # Of another process of the same program.
        with mock.patch.dict(os.environ, PYTEST_XDIST_WORKER="gw0"):
            other = record.start("signals.jsonl")
        shop.ours.send(None, size=1)
        other.stop()
    assert parts(Path("signals.jsonl")) == [
        Path("signals.jsonl"), Path(f"signals.jsonl.{os.getpid()}"),
    ]  # fmt: skip
    assert all(path.read_text("utf-8") == "old" for path in kept)


def send_in_child(size: object) -> None:
    sys.modules["shop"].ours.send(None, size=size)


@not_on_windows
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_forked_processes_write_their_own_parts(shop: Any) -> None:
    with record.start("signals.jsonl"):
        shop.ours.send(None, size=1)
        child = get_context("fork").Process(target=send_in_child, args=("large",))
        child.start()
        child.join()
        shop.ours.send(None, size=1.0)
    assert child.exitcode == 0
    assert Path(f"signals.jsonl.{child.pid}") in parts(Path("signals.jsonl"))
    assert {typ for *_, typ in keys("signals.jsonl")} == {"int", "float", "str"}


def test_each_process_is_known_by_its_number(shop: Any) -> None:
    # As the test above, in a process of which the coverage is measured.
    with record.start("signals.jsonl"), mock.patch.object(os, "getpid", return_value=17):
        shop.ours.send(None, size=1)
        shop.ours.send(None, size="large")
    assert parts(Path("signals.jsonl"))[1:] == [Path("signals.jsonl.17")]
    assert {typ for *_, typ in keys("signals.jsonl")} == {"int", "str"}


def test_sends_that_started_before_the_end_are_not_recorded(shop: Any) -> None:
    with record.start("signals.jsonl") as recording:

        def stop_first(value: object) -> WrittenType:
            recording.stop()
            return described(value)

        with mock.patch("typed_signals.record.recorder.described", stop_first):
            shop.ours.send(None, size=1)
    assert lines("signals.jsonl") == []


PROGRAM = """
import sys
from shop_signals import order_placed

assert __name__ == "__main__"
order_placed.send(None, arguments=sys.argv[1:])
sys.exit(3)
"""
SIGNALS = """
from typed_signals import Signal

order_placed = Signal()
"""


@pytest.mark.parametrize("as_module", [False, True])
def test_program_is_run_as_python_runs_it(
    as_module: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "manage.py").write_text(PROGRAM, "utf-8")
    (folder / "shop_signals.py").write_text(SIGNALS, "utf-8")
    monkeypatch.chdir(folder if as_module else tmp_path)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    what = ["-m", "manage"] if as_module else ["app/manage.py"]
    with pytest.raises(SystemExit) as ended:
        program.main(["--to", "sent.jsonl", *what, "test", "--to", "x", "-m"])
    sys.modules.pop("shop_signals")
    assert ended.value.code == 3
    assert keys("sent.jsonl") == {("shop_signals.order_placed", "arguments", "list[str]")}


def test_program_that_does_not_exist_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(["nothing.py"])
    assert "there is no file nothing.py" in capsys.readouterr().err


def test_recording_that_cannot_be_written_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.py").touch()
    file = str(tmp_path / "nowhere" / "sent.jsonl")
    with pytest.raises(SystemExit):
        program.main(["--to", file, str(tmp_path / "run.py")])
    assert "the recording cannot be written: " in capsys.readouterr().err
    config: Any = SimpleNamespace(option=SimpleNamespace(signal_record=file))
    with pytest.raises(pytest.UsageError, match="--signal-record: the recording cannot be written"):
        record.pytest_configure(config)


@pytest.mark.filterwarnings("ignore:'typed_signals.record.__main__' found:RuntimeWarning")
def test_command_line_runs_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run.py").write_text(f"{SIGNALS}order_placed.send(None, size=1)", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["record", "run.py"])
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    runpy.run_module("typed_signals.record", run_name="__main__")
    written = (tmp_path / "signals.jsonl").read_text("utf-8")
    assert '{"signal":"__main__.order_placed","place":["run.py",5],"key":"size"' in written


TESTS = """
import os
from pathlib import Path

import pytest
from shop_signals import order_placed

@pytest.mark.parametrize("size", [1, "large", 1.5, None])
def test_send(size, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    order_placed.send(None, size=size)
"""


def test_processes_of_pytest_xdist_write_their_own_parts(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(shop_signals=SIGNALS, test_shop=TESTS)
    options = ["-p", "no:django", "-p", "no:asyncio", "-p", "typed_signals.record"]
    result = pytester.runpytest_subprocess(*options, "-n", "2", "--signal-record", "sent.jsonl")
    result.assert_outcomes(passed=4)
    monkeypatch.chdir(pytester.path)
    assert len(parts(Path("sent.jsonl"))) == 3
    assert {typ for *_, typ in keys("sent.jsonl")} == {"int", "str", "float", "None"}
    # In one process, in the usual file.
    pytester.runpytest_inprocess(*options).assert_outcomes(passed=4)
    assert len(keys("signals.jsonl")) == 4
