"""
The command ``schema``: what is read, printed, written and compared.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from contextlib import contextmanager
from importlib import invalidate_caches
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft7Validator

from tests.markdown import ROOT, read_blocks
from typed_signals import Signal
from typed_signals.background._codec import records, scalars
from typed_signals.cli.exits import CommandError
from typed_signals.cli.project import find_project
from typed_signals.cli.schema import accepted, process, read
from typed_signals.cli.schema.asyncapi import asyncapi_of
from typed_signals.cli.schema.changes import changes_between
from typed_signals.cli.schema.folder import read_folder

from .commands import run_command, write_project
from .releases import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

# Not of any of the projects.
elsewhere: Final = Signal[None, Any]()
SIGNALS: Final = """\
from typing import NotRequired, TypedDict
from typed_signals import Signal

class Placed(TypedDict):
    size: int
    note: NotRequired[str]

placed = Signal[None, Placed]()
"""
MARKER: Final = {"pyproject.toml": ""}


def project_in(folder: Path, **files: str) -> Path:
    """
    Write the modules of a project, by their names with ``__`` for dots, and return its folder.
    """
    modules = {f"{name.replace('__', '/')}.py": text for name, text in files.items()}
    return write_project(folder, MARKER | modules)


@contextmanager
def imported_here(folder: Path) -> Iterator[None]:
    """
    Restore what an import of the modules in *folder* changes in this process.
    """
    path, modules, writes_none = [*sys.path], {*sys.modules}, sys.dont_write_bytecode
    invalidate_caches()
    sys.dont_write_bytecode = True  # for changes of a module within a second
    try:
        yield
    finally:
        sys.path[:] = path
        sys.dont_write_bytecode = writes_none
        own = {path.stem for path in folder.iterdir()}
        for name in {*sys.modules} - modules:
            if name.partition(".")[0] in own:
                del sys.modules[name]


def read_here(folder: Path, *paths: Path, settings: str | None = None) -> process.Result:
    """
    Return what the command reads in *folder*, in this process, so that its coverage is measured.
    """
    project = find_project(paths or [folder], sys.executable)
    (part,) = project.parts
    job = read.job_for(project, part)
    if settings is not None:
        job = process.Job(job.folders, job.read, job.own, settings)
    with imported_here(folder):
        return process.run_job(job)


def test_commands_on_the_page_have_the_documented_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    ran = []
    blocks = read_blocks("docs/reference/schema.md")
    for block, following in zip(blocks, [*blocks[1:], blocks[0]], strict=True):
        if block.language == "python":
            name, _, text = block.text.removeprefix("# ").partition("\n")
            write_project(tmp_path, {name: text})
        elif block.language == "json":
            (contract,) = read_folder(tmp_path / "contracts").values()
            assert json.loads(block.text) == contract
        elif block.text.startswith("typed-signals"):
            words = block.text.split()[1:]
            printed = run_command(capsys, *words, "--python", sys.executable)
            if following.language == "text":
                assert printed.out == following.text
            ran.append((words[1], printed.code))
    assert ran == [("--write", 0), ("--check", 1), ("--format", 0)]
    document = json.loads((tmp_path / "asyncapi.json").read_text("utf-8"))
    assert [*document["channels"]] == ["shop.signals.order_placed"]


def test_what_is_read(tmp_path: Path) -> None:
    project_in(
        tmp_path,
        shop__signals=f"{SIGNALS}\nuntyped = Signal()\nshop = __import__('shop.made')\n",
        # Subclasses have other names.
        shop__base=f"{SIGNALS}\nclass Event(Signal[None, Placed]): ...\nclass Late(Event): ...\n",
        shop__late="from shop.base import Late\nlate = Late()\n",
        # Neither is it named in the file, nor declared in it.
        shop__made="from shop.factory import make\nmade = make()\n",
        shop__factory=f"{SIGNALS}\ndef make():\n    return Signal[None, Placed]()\n",
        shop__wrong="from typed_signals import Signal\nwrong = Signal[None, int]()\n",
        shop__hidden="from typed_signals import Signal\nhidden = Signal[None, 'Unknown']()\n"
        "hidden.has_listeners()\nhidden.connect(lambda **kwargs: None, weak=False)\n",
        shop__broken="from typed_signals import Signal\nraise SystemExit\n",
        shop__other="raise ValueError\n",
        shop____main__=f"{SIGNALS}\nraise ValueError\n",
        shop__test_it=f"{SIGNALS}\nraise ValueError\n",
    )
    result = read_here(tmp_path)
    assert [*result.contracts] == [
        "shop.base.placed",
        "shop.factory.placed",
        "shop.late.late",
        "shop.made.made",
        "shop.signals.placed",
    ]
    assert result.undeclared == ["shop.signals.untyped"]
    assert result.unread == {
        "shop.broken": "importing it raised SystemExit",
        "shop.wrong.wrong": "the payload int is not a TypedDict: declare its keys in a class that "
        "inherits from TypedDict",
        "shop.hidden.hidden": "'Unknown' in its declaration is not defined at run time, so "
        "receivers and sends are not checked: import it outside of TYPE_CHECKING, or define it in "
        "the module of the signal",
    }
    assert not result.problems
    only = read_here(tmp_path, tmp_path / "shop" / "test_it.py", tmp_path / "shop" / "other.py")
    assert only.unread.keys() == {"shop.test_it", "shop.other"}
    assert not only.contracts


def test_apps_of_django_are_loaded_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "other")
    events: list[str] = []

    def import_module(name: str) -> Any:
        events.append(name)
        return SimpleNamespace(setup=setup)

    def setup() -> None:
        events.append("setup")
        if len(events) > 4:
            raise ImportError("no such\nmodule")

    monkeypatch.setattr(process, "import_module", import_module)
    project_in(tmp_path, shop=SIGNALS)
    assert not read_here(tmp_path, settings="shop_settings").problems
    assert events == ["django", "setup", "shop"]
    assert read_here(tmp_path, settings="shop_settings").problems == [
        "Django cannot be set up with the settings shop_settings: ImportError: no such module"
    ]


def test_models_of_a_django_project(capsys: pytest.CaptureFixture[str]) -> None:
    folder = ROOT / "examples" / "djangoproject" / "shop"
    printed = run_command(capsys, "schema", str(folder), "--signal", "order_*")
    assert printed.code == 0
    contracts = json.loads(printed.out)
    assert [*contracts] == ["shop.signals.order_cancelled", "shop.signals.order_placed"]
    order = contracts["shop.signals.order_placed"]["properties"]["order"]
    assert order["x-subclass-of"] == "shop.Order"
    text = json.dumps(contracts).replace("shop.Order", "shop.Basket")
    assert changes_between(contracts, json.loads(text))[-1].what == (
        "was object (shop.Order) and is object (shop.Basket)"
    )


def test_the_process_does_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(process, "work", lambda do: do("the job", written))
    monkeypatch.setattr(process, "run_job", lambda job: process.Result(problems=[job]))
    process.main()
    assert process.Result(**json.loads(written.getvalue())).problems == ["the job"]


def test_what_the_python_of_the_project_must_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project_in(tmp_path, shop=SIGNALS)
    monkeypatch.setattr(process, "find_spec", lambda name: None)
    lacks = json.dumps(vars(read_here(tmp_path))).encode()
    project = find_project([tmp_path])
    for out, err, message in (
        (b"", b"Trace\nModuleNotFoundError: No module named 'typed_signals'\n", "typed-signals in"),
        (lacks, b"", "schema needs msgspec in the Python of the project, "),
        (b"", b"Fatal: no memory\n", "cannot be imported by .*: Fatal: no memory"),
        (b'{"new": 1}', b"", "cannot be imported by .*: it ended with code 3"),
    ):
        ended = subprocess.CompletedProcess([], 3, out, err)
        monkeypatch.setattr(subprocess, "run", lambda *_, ended=ended, **__: ended)
        with pytest.raises(CommandError, match=message):
            read.read_contracts(project, [])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    The folder of a project, which is read in this process.
    """

    def result_of(job: process.Job, _: object) -> process.Result:
        with imported_here(tmp_path):
            return process.run_job(job)

    monkeypatch.setattr(read, "_result_of", result_of)
    monkeypatch.chdir(tmp_path)
    return project_in(tmp_path, shop__signals=SIGNALS, shop__other=SIGNALS)


ADDED: Final = "was added (workers of the old release do not know it: replace them first)"


def test_files_are_written_if_they_changed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("contracts")
    write = ("schema", "--write", "contracts")
    signals, other, sent = (
        folder / f"{name}.json"
        for name in ("shop.signals.placed", "shop.other.placed", "shop.sent")
    )
    assert run_command(capsys, *write).out == f"written: {other}\nwritten: {signals}\n"
    assert run_command(capsys, *write).out == ""
    # Files of others are left alone.
    mine = {"config.json": '{"title": "mine"}', "list.json": "[]", "shop.signals.placed.txt": ""}
    write_project(folder, mine)
    (here / "shop" / "other.py").unlink()
    (here / "shop" / "signals.py").unlink()
    (here / "shop.py").write_text(SIGNALS.replace("placed =", "sent ="), "utf-8")
    # The others are not read, so they are not gone.
    assert run_command(capsys, *write, "--signal", "sent") == (0, f"written: {sent}\n", "")
    sent.unlink()
    gone = "is gone; is it shop.sent now?: deliveries of the old release would fail"
    assert run_command(capsys, *write).out.splitlines() == [
        f"shop.other.placed: {gone}",
        f"shop.sent: {ADDED}: compatible",
        f"shop.signals.placed: {gone}",
        f"written: {sent}",
        f"deleted: {other}",
        f"deleted: {signals}",
    ]
    assert {path.name for path in folder.iterdir()} == {sent.name, *mine}
    compared = run_command(capsys, "schema", "--check", "contracts")
    assert compared == (0, "breaking changes: 0, allowed changes: 0, compatible changes: 0\n", "")


def test_allowed_changes_break_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(capsys, "schema", "--write", "contracts").code == 0
    (here / "shop" / "other.py").unlink()
    text = SIGNALS.replace("size: int", "size: str\n    weight: int")
    (here / "shop" / "signals.py").write_text(text, "utf-8")
    check = ("schema", "--check", "contracts", "--allow", "shop.other.*", "--allow", "placed.size")
    printed = run_command(capsys, *check)
    assert printed.code == 1
    changed, fails = "integer and is string", "of the old release would fail"
    assert printed.out.splitlines() == [
        f"shop.other.placed: is gone: deliveries {fails} (allowed)",
        f"shop.signals.placed: 'size' was {changed}: deliveries and workers {fails} (allowed)",
        f"shop.signals.placed: 'weight' was added, and is required: deliveries {fails}",
        "breaking changes: 1, allowed changes: 2, compatible changes: 0",
    ]
    printed = run_command(capsys, *check, "--allow", "placed.weight", "--allow", "placed.height")
    assert printed.code == 0
    assert printed.err == "--allow placed.height: there is no such change, so remove it\n"


def test_what_cannot_be_compared(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def error(*words: str) -> str:
        printed = run_command(capsys, "schema", *words)
        assert (printed.code, printed.out) == (2, "")
        return printed.err.splitlines()[-1].removeprefix("typed-signals: ")

    check = ("--check", "contracts")
    assert error(*check) == ("there are no contracts in contracts: write them with --write")
    assert error(*check, "--output", "x") == (
        "--format and --output write one document: leave them out with --write and --check"
    )
    assert error("--signal", "plced") == "no signal matches 'plced': did you mean 'placed'?"
    assert error("--write", "pyproject.toml").startswith("the contracts cannot be written: ")
    assert run_command(capsys, "schema", "--write", "contracts").code == 0
    project_in(here, plain__module="", shop__another="raise OSError  # Signal")
    for text, problem in (
        ("raise OSError('it is late')  # Signal", "shop.other cannot be read: importing it raised"),
        (SIGNALS.replace("[None, Placed]", ""), "shop.other.placed cannot be read: its payload"),
    ):
        (here / "shop" / "other.py").write_text(text, "utf-8")
        for option in ("--check", "--write"):
            found = error(option, "contracts")
            assert found.startswith(f"shop.other.placed is in contracts, but {problem}")
    Path("contracts", "shop.other.placed.json").write_text("<<<<<<< HEAD", "utf-8")
    assert error(*check) == (
        "contracts/shop.other.placed.json cannot be read: Expecting value: line 1 column 1 (char "
        "0); delete it, or restore the committed one"
    )
    none = "no declared signals are found"
    assert error("plain") == f"{none}; declare them, as typed-signals infer --write does"
    damaged = '{"title": "shop.signals.placed", "properties": {"size": {"$ref": "#/$defs/Size"}}}'
    Path("contracts", "shop.other.placed.json").unlink()
    Path("contracts", "shop.signals.placed.json").write_text(damaged, "utf-8")
    assert error(*check).startswith("contracts has a file that --write did not write (KeyError")
    for path in (here / "shop").iterdir():
        path.write_text("raise OSError  # Signal", "utf-8")
    assert error().startswith(
        f"{none}; not read: shop.another: importing it raised OSError; not read: shop.other: "
    )


def test_remarks_are_printed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project_in(here, shop__more="from typed_signals import Signal\nmore = Signal()\n")
    printed = run_command(capsys, "schema", "--output", "all.json")
    assert printed == (0, "", "1 signal without a declared payload\n")
    contracts = json.loads((here / "all.json").read_text("utf-8"))
    assert [*contracts] == ["shop.other.placed", "shop.signals.placed"]


NODE: Final = "@dataclass\nclass Node:\n    value: {}\n    next: 'Node | None' = None\n"


def test_where_a_type_changed() -> None:
    ints, texts = NODE.format("int"), NODE.format("str")
    for old, new, expected in (
        (
            Release("n: Node", "", ints),
            Release("n: Node", "", texts),
            "'n.value' was integer and is string",
        ),
        (
            Release("n: dict[str, list[int]]", ""),
            Release("n: dict[str, list[str]]", ""),
            "'n[][]' was integer and is string",
        ),
        (
            Release("n: int", "", ints),
            Release("n: list[Node]", "", ints),
            "'n' was integer and is array of shop.Node",
        ),
        (
            Release("n: tuple[int, UUID]", ""),
            Release("n: tuple[bool]", ""),
            "'n' was array (integer, string (uuid)) and is array (boolean)",
        ),
        (
            Release("n: list[int] | None", ""),
            Release("n: list[str] | None", ""),
            "'n[]' was integer and is string",
        ),
        (
            Release("n: Node | int | None", "", ints),
            Release("n: list[int] | str", "", ints),
            "'n' was shop.Node | integer | null and is array of integer | string",
        ),
        (Release("n: list[int]", ""), Release("n: tuple[int, ...]", ""), None),
    ):
        changes = changes_between(old.contracts(), new.contracts())
        found = [f"{change.key!r} {change.what}" for change in changes]
        assert found == ([] if expected is None else [expected])


def test_asyncapi(tmp_path: Path) -> None:
    """
    The session ``asyncapi`` of nox also validates this document.
    """
    parcels = ROOT / "tests" / "cli" / "projects" / "parcels"
    contracts = read_here(parcels).contracts
    document = asyncapi_of(contracts, parcels)
    assert document["info"] == {"title": "parcels", "version": "1.2"}
    release = Release("size: int; pair: tuple[int, str]", "size=1, pair=(1, 'x')")
    one = asyncapi_of(release.contracts(), tmp_path)
    message = {"$ref": "#/components/messages/shop.placed/payload"}
    validator = Draft7Validator({"components": one["components"], **message})
    delivery = json.loads(release.delivery())
    validator.validate(delivery)
    documented = one["components"]["messages"]["shop.placed"]["payload"]["properties"]
    assert delivery.keys() <= documented.keys()
    delivery["payload"]["pair"] = ["x", 1]
    assert not validator.is_valid(delivery)
    assert asyncapi_of({}, tmp_path)["info"] == {"title": tmp_path.name, "version": "0"}
    schemas = document["components"]["schemas"]
    for reference in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)):
        assert reference in schemas
    assert "parcels.parcel_sent-parcels.Gr-f6-dfe" in schemas
    for schema in schemas.values():
        Draft7Validator.check_schema(schema)
    assert document["components"]["messages"]["parcels.parcel_sent"]["description"]
    properties = schemas["parcels.parcel_sent"]["properties"]
    items = [{"type": "integer"}, {"type": "number"}]
    assert properties["corner"]["items"] == items
    assert properties["prefixItems"] == {"type": "array", "items": {"type": "string"}}


def test_command_reads_the_keywords_that_codecs_write() -> None:
    # It has names of its own for them, because it runs without msgspec.
    assert accepted.HAVE_DEFAULT == records.HAVE_DEFAULT
    assert accepted.FLAGS == scalars.FLAGS
