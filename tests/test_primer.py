"""
``make primer``: its downloads, its use of mypy's output, and its failures.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from primer import runs, sources
from primer.__main__ import HERE, Outcome, Primer, main
from primer.projects import Approval, Expected, Project, read_approvals, read_projects
from primer.runs import Error, Run, parse
from primer.sources import Cache, SourceError
from primer.verdicts import Comparison, failures, gone, match

# Other tests set mypy's search path.
del sys.path[0]

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.any_python

SHOP: Final = """
    from typing import Any, TypedDict
    from typed_signals import Signal, receiver

    class Baked(TypedDict):
        size: int

    baked = Signal[Any, Baked]()

    @receiver(baked)
    def log(sender, {parameter}, **kwargs): ...

    wrong: int = ""
"""
RIGHT: Final = SHOP.format(parameter="size")
MISTAKEN: Final = SHOP.format(parameter="weight")

SIGNAL: Final = Error("shop.py", 11, "baked cannot connect log", "signal-parameter")
OTHER: Final = Error("shop.py", 14, "Incompatible types", "assignment")

PLAIN: Final = """
    def receiver() -> None: ...
    receiver()
"""
# Instead of ours, to test the primer.
PLUGIN: Final = """
    import os
    from mypy.plugin import Plugin

    class Instead(Plugin):
        def get_function_hook(self, fullname):
            return self.react if fullname == "shop.receiver" else None

        def react(self, ctx):
            {reaction}
            return ctx.default_return_type

    def plugin(version):
        return Instead
"""


def archive_of(path: Path, files: dict[str, str]) -> str:
    """
    Write a source distribution to *path*, and return its hash.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            data = dedent(text).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(name="caches", scope="module")
def _caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True)
def _read_libraries_once(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Let all runs with the same configuration use the same cache.
    """

    def cache_for(config: Path) -> Path:
        return caches / hashlib.sha256(config.read_bytes()).hexdigest()

    monkeypatch.setattr(runs, "cache_for", cache_for)


@pytest.fixture(name="cached")
def _cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Project]:
    """
    Create a project with these files in the cache, without an index.
    """
    cache = tmp_path / "cache"
    monkeypatch.setenv("PRIMER_CACHE", str(cache))
    monkeypatch.setattr(sources, "download", lambda _: pytest.fail("downloads"))

    def make(files: dict[str, str], **keys: Any) -> Project:
        archive = cache / "downloads" / "shop-1.0.tar.gz"
        sha256 = archive_of(archive, {f"shop-1.0/{name}": text for name, text in files.items()})
        return Project("shop", "1.0", sha256, **{"check": ("shop.py",), **keys})

    return make


@pytest.fixture(name="run")
def _run(tmp_path: Path, cached: Callable[..., Project]) -> Callable[..., int]:
    """
    Run the command with a project of one file, and these approvals.
    """

    def run(shop: str, *arguments: str, approvals: str = "") -> int:
        project = cached({"shop.py": shop})
        keys = f'version = "1.0"\nsha256 = "{project.sha256}"\ncheck = ["shop.py"]\nquick = true\n'
        (tmp_path / "projects.toml").write_text(f"[shop]\n{keys}", "utf-8")
        (tmp_path / "approved.toml").write_text(dedent(approvals), "utf-8")
        (tmp_path / "planted.toml").write_text("", "utf-8")
        return main(arguments, tmp_path)

    return run


NOTHING: Final = Expected({}, ())


def checked(tmp_path: Path, project: Project, plugin: str | None = None) -> Outcome:
    """
    Check *project* with a plugin with the given reaction to `receiver`, or with ours.
    """
    cache = Cache(tmp_path / "cache")
    if plugin is None:
        return Primer(cache, [], NOTHING).check(project)
    path = tmp_path / "instead.py"
    path.write_text(dedent(PLUGIN).format(reaction=plugin), "utf-8")
    return Primer(cache, [], NOTHING, str(path)).check(project)


# The whole command


def test_project_without_reports_passes(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = tmp_path / "found.json"
    assert run(RIGHT, "--quick", "--json", str(found)) == 0
    output = capsys.readouterr().out
    assert "shop: unpacking\n" in output
    assert output.endswith("Passed: projects 1, failures 0\n")
    (row,) = [line for line in output.splitlines() if line.startswith("| shop |")]
    assert [cell.strip() for cell in row.split("|")[2:-1]][::3] == ["1", "0"]
    (comparison,) = json.loads(found.read_text("utf-8"))
    assert (comparison["files"], comparison["reports"], comparison["appeared"]) == (1, [], [])
    assert all(seconds > 0 for seconds in comparison["seconds"])


APPROVED: Final = """
    [[approved]]
    project = "shop"
    file = "shop.py"
    code = "signal-parameter"
    message = "cannot connect log: 'weight'"
    why = "it is never sent"
"""


def test_approved_report_passes(run: Callable[..., int]) -> None:
    assert run(MISTAKEN, approvals=APPROVED) == 0


def test_unapproved_and_missing_reports_fail(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(MISTAKEN, approvals=APPROVED.replace("weight", "height")) == 1
    output = capsys.readouterr().out
    assert "shop: only with our plugin: shop.py:11: baked cannot connect log: 'weight'" in output
    assert "shop: no longer reported: shop.py: cannot connect log: 'height'" in output
    assert output.endswith("FAILED: projects 1, failures 2\n")


def test_approval_for_an_unknown_project_is_refused(run: Callable[..., int]) -> None:
    with pytest.raises(SystemExit, match="unknown projects: pizzeria"):
        run(RIGHT, approvals=APPROVED.replace('"shop"', '"pizzeria"'))


def test_unknown_project_is_refused(run: Callable[..., int]) -> None:
    with pytest.raises(SystemExit, match="unknown projects: pizzeria"):
        run(RIGHT, "--only", "pizzeria")


def test_projects_are_listed(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(RIGHT, "--list") == 0
    assert capsys.readouterr().out.split() == ["shop", "1.0", "(quick)"]


# What another plugin would do


def test_crash_fails(tmp_path: Path, cached: Callable[..., Project]) -> None:
    project = cached({"shop.py": PLAIN})
    # Like ours, it raises only if requested.
    outcome = checked(tmp_path, project, 'assert "TYPED_SIGNALS_RAISE" not in os.environ')
    (failure,) = outcome.failures
    assert failure.startswith("shop: our plugin stops mypy: exit status 2\n")
    assert "AssertionError" in failure


def test_another_error_that_is_new_fails(tmp_path: Path, cached: Callable[..., Project]) -> None:
    project = cached({"shop.py": PLAIN})
    outcome = checked(tmp_path, project, 'ctx.api.fail("Made up", ctx.context)')
    (failure,) = outcome.failures
    assert failure.startswith("shop: only with our plugin: shop.py:3: Made up  [misc]")
    (comparison,) = outcome.comparisons
    assert (comparison.reports, len(comparison.appeared)) == ([], 1)


def test_invalid_output_of_mypy_fails(tmp_path: Path, cached: Callable[..., Project]) -> None:
    (failure,) = checked(tmp_path, cached({"shop.py": "def"})).failures
    assert failure.startswith("shop: mypy cannot check it even without our plugin: exit status 2")


def test_settings_are_loaded_for_a_second_comparison(
    tmp_path: Path, cached: Callable[..., Project]
) -> None:
    files = {
        "source/shop/__init__.py": "",
        "source/shop/size.py": """
            from django.conf import settings
            from django.db.models.signals import post_save
            from django.dispatch import receiver
            size: str = settings.SIZE

            @receiver(post_save)
            def log(sender, instnce, **kwargs): ...
        """,
        "source/shop/tests/test_size.py": "wrong: int = ''",
        "source/shop/legacy.py": "wrong: int = ''",
        "settings/shop_settings.py": "SIZE = 32\nINSTALLED_APPS = ['shop']\nSECRET_KEY = '-'",
    }
    project = cached(
        files,
        check=("shop",),
        root="source",
        exclude=("legacy",),
        settings="shop_settings",
        path=("settings",),
    )
    outcome = checked(tmp_path, project)
    plain, with_djangos = outcome.comparisons
    assert [plain.name, with_djangos.name] == ["shop", "shop, django-stubs"]
    assert plain.without.errors.total() == 0
    # Only this plugin reads them.
    (error,) = with_djangos.without.errors
    assert "SIZE" in error.message
    for comparison in (plain, with_djangos):
        assert [report.code for report in comparison.reports] == ["signal-parameter"]
        assert comparison.with_ours.files == 2
    reported, planted = outcome.failures[:2], outcome.failures[2:]
    assert all("only with our plugin" in failure for failure in reported)
    assert planted == ["shop: planted 1 times: `@receiver(signal)`, but in planted.toml 0 times"]


# What mypy says


def test_errors_are_read_and_notes_are_not() -> None:
    output = """\
shop/a.py:3: error: Missing named argument "size"  [call-arg]
shop/a.py:3: note: "send" defined here
shop/a.py:4: error: Dict entry 0 has [brackets]  [dict-item]
shop/a.py:4: error: Dict entry 0 has [brackets]  [dict-item]
shop/a.py:9: error: Of no code
Found 4 errors in 1 file (checked 12 source files)
"""
    run = parse(output, 1)
    assert run.errors == {
        Error("shop/a.py", 3, 'Missing named argument "size"', "call-arg"): 1,
        Error("shop/a.py", 4, "Dict entry 0 has [brackets]", "dict-item"): 2,
        Error("shop/a.py", 9, "Of no code", ""): 1,
    }
    assert (run.files, run.crash) == (12, "")


@pytest.mark.parametrize(
    ("output", "status"),
    [
        ("Success: no issues found in 1 source file\n", 0),
        ("Success: no issues found in 7 source files\n", 0),
        ("Found 1 error in 1 file (checked 1 source file)\n", 1),
    ],
)
def test_complete_run_is_not_a_crash(output: str, status: int) -> None:
    run = parse(output, status)
    assert not run.crash
    assert run.files == (7 if "7" in output else 1)


@pytest.mark.parametrize(
    ("output", "status"),
    [
        ("shop.py:1: error: INTERNAL ERROR -- Please try\n", 2),
        ("shop.py:1: error: Invalid syntax  [syntax]\nFound 1 error in 1 file\n", 2),
        ("Traceback (most recent call last):\nKeyError: 'send'\n", 1),
        ("", -9),
        ("Success: no issues found in 7 source files\n", -11),
    ],
)
def test_run_that_ends_early_is_a_crash(output: str, status: int) -> None:
    assert (
        parse(output, status).crash == f"exit status {status}\n{output}".rstrip("\n") or not output
    )


@pytest.mark.parametrize(
    ("code", "is_ours"), [("signal", True), ("signal-type", True), ("signals", False), ("", False)]
)
def test_our_codes_are_distinguished_from_others(code: str, *, is_ours: bool) -> None:
    assert SIGNAL._replace(code=code).is_ours is is_ours


# What it fails on


def ran(*errors: Error, crash: str = "") -> Run:
    return Run(Counter(errors), 1, crash)


def approval(message: str = "baked cannot connect log", **keys: str) -> Approval:
    values = {"project": "shop", "file": SIGNAL.file, "code": SIGNAL.code, "why": "", **keys}
    return Approval(message=message, **values)


@pytest.mark.parametrize(
    ("without", "with_ours", "failure"),
    [
        (ran(OTHER), ran(OTHER), None),
        (ran(OTHER), ran(), "only without our plugin: shop.py:14: Incompatible types"),
        (ran(OTHER, OTHER), ran(OTHER), "only without our plugin: shop.py:14"),
        (ran(), ran(OTHER), "only with our plugin: shop.py:14: Incompatible types"),
        (ran(OTHER), ran(OTHER, OTHER), "only with our plugin: shop.py:14"),
        (ran(), ran(SIGNAL), "only with our plugin: shop.py:11: baked"),
        (ran(OTHER), ran(crash="Traceback"), "our plugin stops mypy: Traceback"),
        (ran(crash="Traceback"), ran(), "mypy cannot check it even without our plugin: Traceback"),
    ],
)
def test_each_difference_fails(without: Run, with_ours: Run, failure: str | None) -> None:
    found = failures(Comparison("shop", without, with_ours), [])
    assert [each[: len(failure or "")] for each in found] == ([failure] if failure else [])


def test_errors_of_mypy_caused_by_the_plugin_can_be_approved() -> None:
    comparison = Comparison("shop", ran(), ran(OTHER))
    assert failures(comparison, [approval("Incompatible", code="assignment")]) == []
    assert failures(comparison, [approval("Incompatible")])


@pytest.mark.parametrize(
    ("approved", "is_approved"),
    [
        (approval(), True),
        (approval("connect log"), True),
        (approval("connect bake"), False),
        (approval(code="signal-type"), False),
        (approval(file="other.py"), False),
    ],
)
def test_approval_contains_file_code_and_message(approved: Approval, *, is_approved: bool) -> None:
    assert match([SIGNAL], [approved]) == (([], []) if is_approved else ([approved], [SIGNAL]))


def test_approval_matches_one_report() -> None:
    assert match([SIGNAL, SIGNAL], [approval()]) == ([], [SIGNAL])
    assert match([SIGNAL, SIGNAL], [approval(), approval()]) == ([], [])


def test_approval_does_not_match_a_longer_report() -> None:
    longer = SIGNAL._replace(message=f"{SIGNAL.message}: twice")
    both = [approval("log"), approval(longer.message)]
    assert match([longer, SIGNAL], both) == ([], [])


def test_approval_is_unused_if_neither_comparison_has_its_report() -> None:
    reporting = Comparison("shop", ran(), ran(SIGNAL))
    silent = Comparison("shop", ran(), ran(), is_djangos=True)
    assert gone([silent, reporting], [approval()]) == []
    assert gone([silent], [approval()]) == [approval()]


# What is fetched


def test_source_is_unpacked_once(tmp_path: Path, cached: Callable[..., Project]) -> None:
    project = cached({"shop.py": "size = 32"})
    said: list[str] = []
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        assert (cache.source(project, said.append) / "shop.py").read_text("utf-8") == "size = 32"
    assert said == ["unpacking"]


def test_another_file_than_is_pinned_is_refused(
    tmp_path: Path, cached: Callable[..., Project]
) -> None:
    pinned = replace(cached({"shop.py": "size = 32"}), sha256="0" * 64)
    with pytest.raises(SourceError, match=rf"has the sha256 [0-9a-f]+, but {'0' * 64} is pinned"):
        Cache(tmp_path / "cache").source(pinned, pytest.fail)
    # It does not exist the next time, either.
    assert not list(tmp_path.rglob("shop*"))


def test_unavailable_project_fails(tmp_path: Path, cached: Callable[..., Project]) -> None:
    project = replace(cached({"shop.py": ""}), sha256="0" * 64)
    outcome = checked(tmp_path, project)
    assert outcome.comparisons == []
    (failure,) = outcome.failures
    assert failure.startswith("shop: shop-1.0.tar.gz has the sha256")


@pytest.mark.parametrize("name", ["../outside.py", "shop-1.0/../../outside.py"])
def test_archive_cannot_write_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "cache" / "downloads" / "shop-1.0.tar.gz"
    sha256 = archive_of(archive, {"shop-1.0/shop.py": "", name: ""})
    project = Project("shop", "1.0", sha256, ("shop.py",))
    with pytest.raises(SourceError, match=r"shop-1\.0\.tar\.gz cannot be unpacked: .*outside"):
        Cache(tmp_path / "cache").source(project, lambda _: None)
    # A partial download is not used, either.
    assert not list(tmp_path.rglob("*.py"))


@pytest.fixture(name="index")
def _index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """
    Create an index, in a folder, with one project.
    """
    folder = tmp_path / "index" / "shop"
    sha256 = archive_of(folder / "shop-1.0.tar.gz", {"shop-1.0/shop.py": "size = 32"})
    (folder / "index.html").write_text('<a href="shop-1.0.tar.gz">shop-1.0.tar.gz</a>', "utf-8")
    monkeypatch.setenv("PIP_INDEX_URL", folder.parent.as_uri())
    return Project("shop", "1.0", sha256, ("shop.py",))


def test_source_is_downloaded_from_the_index_that_pip_uses(tmp_path: Path, index: Project) -> None:
    said: list[str] = []
    source = Cache(tmp_path / "cache").source(index, said.append)
    assert (source / "shop.py").read_text("utf-8") == "size = 32"
    assert said == ["downloading", "unpacking"]


def test_version_missing_in_the_index_is_reported(tmp_path: Path, index: Project) -> None:
    newer = replace(index, version="2.0")
    with pytest.raises(SourceError, match=r"no source distribution of version 2\.0"):
        Cache(tmp_path / "cache").source(newer, lambda _: None)


def test_failed_download_is_reported(tmp_path: Path, index: Project) -> None:
    (tmp_path / "index" / "shop" / "shop-1.0.tar.gz").unlink()
    with pytest.raises(SourceError, match=r"version 1\.0 cannot be downloaded"):
        Cache(tmp_path / "cache").source(index, lambda _: None)
    assert not list(tmp_path.rglob("*.tar.gz"))


# The lists


def test_committed_lists_are_in_order() -> None:
    projects = read_projects(HERE / "projects.toml")
    names = [project.name for project in projects]
    assert names == sorted(names)
    assert len(projects) >= 25
    assert sum(project.quick for project in projects) == 6
    assert sum(project.settings is not None for project in projects) >= 5
    approvals = read_approvals(HERE / "approved.toml")
    assert {approval.project for approval in approvals} <= set(names)
    assert all(approval.why for approval in approvals)


def test_unknown_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "projects.toml"
    path.write_text('[shop]\nversion = "1.0"\nsha256 = ""\ncheck = []\nslow = true\n', "utf-8")
    with pytest.raises(TypeError, match="slow"):
        read_projects(path)
