"""
What ``make test`` runs. ``nox -l`` lists the sessions, ``nox -s lint`` runs one of them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import nox
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

nox.needs_version = ">=2025.2.9"
nox.options.reuse_existing_virtualenvs = True
nox.options.default_venv_backend = "virtualenv"


def find_python(version: str) -> str | None:
    """
    Return a CPython *version* that runs.

    A ``python3.12`` on the path may be pyenv's shim, which fails unless that version is
    activated; so each candidate is tried, and the versions that pyenv installed are too.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [
        Path(sys.executable),
        *(Path(folder) / f"python{version}" for folder in os.get_exec_path()),
        *sorted(pyenv.glob(f"versions/{version}*/bin/python"), reverse=True),
    ]
    question = (
        "import platform, sys; "
        "print(platform.python_implementation(), '%d.%d' % sys.version_info[:2], sys.executable)"
    )
    for candidate in candidates:
        try:
            answer = subprocess.run(
                [candidate, "-I", "-c", question],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            ).stdout
        except (OSError, subprocess.SubprocessError):
            continue
        implementation, found, executable = answer.strip().split(" ", 2)
        if (implementation, found) == ("CPython", version):
            return executable
    return None


# The versions among the classifiers, and the running one, should it be newer than those.
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = list(dict.fromkeys([*nox.project.python_versions(PYPROJECT), RUNNING]))
INTERPRETERS = {version: find_python(version) for version in VERSIONS}
# A file is one worker's, as its tests share a run of mypy. In the order of their names, the long
# files come first; by the number of their tests, they would come last.
PYTEST = ("pytest", "--numprocesses", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
# The newest Django goes with the newest Python, and Django 5.2 with the oldest, which has no other.
DJANGO = {"3.12": "django==6.0.*", "3.14": "django==5.2.*"}
# The sessions that test nothing on several versions of Python.
ALONGSIDE = ("lint", "typecheck", "typing", "docs", "mypy_versions", "primer", "wheel")
FOUND = [path for path in INTERPRETERS.values() if path]
OLDEST, NEWEST = FOUND[0], FOUND[-1]


def install(session: nox.Session, *requirements: str) -> None:
    """
    Install *requirements* unless that was done before, for the same ``pyproject.toml``.
    """
    stamp = Path(session.virtualenv.location, "installed.json")
    wanted = json.dumps([requirements, PYPROJECT])
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        install_now(session, *requirements)
        stamp.write_text(wanted, "utf-8")


def install_now(session: nox.Session, *arguments: str, into: str | None = None) -> None:
    """
    Install *into* an environment, or into that of the session.

    By uv, as pip takes several times as long.
    """
    python = ("--python", into or session.virtualenv.location)
    try:
        uv = (sys.executable, "-m", "uv", "pip", "install", "--quiet", *python)
        session.run_install(*uv, *arguments, external=True)
    except nox.command.CommandFailed:
        # It reads neither pip's configuration nor pip's variables.
        session.log("uv cannot install that, so pip is tried")
        session.run_install("python", "-m", "pip", *python, "install", "--quiet", *arguments)


def group(name: str) -> list[str]:
    """
    Return the requirements in a dependency group of ``pyproject.toml``.
    """
    return list(nox.project.dependency_groups(PYPROJECT, name))


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """
    Check format and style with ruff, where nox itself is installed.
    """
    session.run(sys.executable, "-m", "ruff", "format", "--check", ".")
    session.run(sys.executable, "-m", "ruff", "check", ".")


@nox.session(python=False)
def typecheck(session: nox.Session) -> None:
    """
    Check types with mypy and our own plugin, where nox itself is installed.
    """
    files = ("src", "tests", "examples/pizzeria", "examples/demo.py", "examples/demos")
    others = ("benchmarks", "docs", "mutation", "primer", "typing_tests", "noxfile.py")
    session.env["TYPED_SIGNALS_RAISE"] = "1"
    session.run(sys.executable, "-m", "mypy", *files, *others)


@nox.session(python=NEWEST)
def typing(session: nox.Session) -> None:
    """
    Compare what the newest type checkers say of our cases with what the cases expect.
    """
    # Not remembered: a newer one than yesterday's may say otherwise.
    install_now(session, "--upgrade", "--editable", ".", *group("typing"))
    session.run("python", "-m", "typing_tests", *session.posargs)


@nox.session(python=NEWEST)
def primer(session: nox.Session) -> None:
    """
    Try the plugin on public projects; on the small ones, unless options say otherwise.
    """
    install(session, "--editable", ".", *group("primer"))
    session.run("python", "-m", "primer", *(session.posargs or ("--quick",)))


@nox.session(python=False)
def docs(session: nox.Session) -> None:
    """
    Build the documentation as ``make docs`` does, where nox itself is installed.
    """
    options = ("--conf-dir", "docs", "--fresh-env", "--fail-on-warning", "--quiet")
    session.run(sys.executable, "-m", "sphinx", *options, ".", "site")


def tests_on(version: str) -> None:
    """
    Add the session that runs the tests on one version of CPython.

    The oldest is tried with the oldest mypy and Django, and the newest with the newest ones. Those
    between run what may depend on Python.
    """
    interpreter = INTERPRETERS[version]
    requirements = group("test")
    if interpreter == OLDEST != NEWEST:
        requirements.append(f"mypy=={oldest_mypy()}")
    elif interpreter != NEWEST and version in DJANGO:
        requirements.append(DJANGO[version])
    if interpreter is None:

        @nox.session(name=f"tests-{version}", python=False)
        def missing(session: nox.Session) -> None:
            session.skip(f"CPython {version} was not found")

    else:

        @nox.session(name=f"tests-{version}", python=interpreter)
        def tests(session: nox.Session) -> None:
            install(session, "--editable", ".", *requirements)
            session.env["COVERAGE_FILE"] = coverage_of(version)
            measured = (*PYTEST, "--cov=typed_signals", "--cov-report=", "--cov-fail-under=0")
            on_this_python = ("-m", "not any_python", *session.posargs)
            if interpreter == NEWEST:
                session.run(*measured, *session.posargs)
            elif interpreter == OLDEST:
                # To measure all takes long here, and the newest Python does.
                session.run(*measured, *on_this_python)
                session.run(*PYTEST, "-m", "any_python", *session.posargs)
            else:
                session.run(*PYTEST, *on_this_python)


def coverage_of(version: str) -> str:
    """
    Return the file of what the tests ran of the package on one version of CPython.
    """
    return str(ROOT / f".coverage.{version}")


@nox.session(python=OLDEST)
def mypy_versions(session: nox.Session) -> None:
    """
    Try the plugin on the minor versions of mypy that no other session has.
    """
    install(session, "--editable", ".", "pytest")
    oldest, *between, newest = minor_versions(session, "mypy", oldest_mypy())
    elsewhere = [newest] if OLDEST == NEWEST else [oldest, newest]
    session.log(f"The sessions with all tests try mypy {' and '.join(elsewhere)}")
    failed = []
    for version in between if oldest in elsewhere else (oldest, *between):
        session.log(f"mypy {version}:")
        # Not remembered: each version replaces the one before.
        install_now(session, f"mypy=={version}")
        try:
            session.run("pytest", "tests/plugin/test_cases.py", *session.posargs)
        except nox.command.CommandFailed:
            failed.append(version)
    if failed:
        session.error(f"failed on mypy {', '.join(failed)}")
    install_now(session, f"mypy<{oldest}")
    with TemporaryDirectory() as name:
        config = Path(name, "mypy.ini")
        config.write_text("[mypy]\nplugins = typed_signals.mypy\n", "utf-8")
        command = ("mypy", "--config-file", str(config), "-c", "1")
        printed = str(session.run(*command, success_codes=[2], silent=True))
    if "needs mypy" not in printed:
        session.error(f"an older mypy is not refused: {printed}")


def oldest_mypy() -> str:
    """
    Return the oldest version of mypy that the extra ``mypy`` allows.
    """
    (extra,) = PYPROJECT["project"]["optional-dependencies"]["mypy"]
    (oldest,) = (part.version for part in Requirement(extra).specifier if part.operator == ">=")
    return oldest


for version in VERSIONS:
    tests_on(version)


@nox.session(python=False)
def coverage(session: nox.Session) -> None:
    """
    Fail unless the tests ran every line and branch, on the oldest or on the newest Python.

    Some are for one of the two: versions of Python, of Django and of mypy.
    """
    if OLDEST == NEWEST:
        session.skip("all branches are run only where there are two versions of CPython")
    found = [version for version, path in INTERPRETERS.items() if path in (OLDEST, NEWEST)]
    command = (sys.executable, "-m", "coverage")
    session.run(*command, "combine", "--quiet", "--keep", *map(coverage_of, found))
    session.run(*command, "report")


def minor_versions(session: nox.Session, package: str, oldest: str) -> list[str]:
    """
    Return *oldest* and the newest patch of every later minor version of *package*.
    """
    command = ("python", "-m", "pip", "index", "versions", package)
    printed = str(session.run(*command, silent=True, success_codes=range(256)) or "")
    listed = re.search(r"^Available versions: (.+)$", printed, re.MULTILINE)
    if listed is None:
        session.error(f"the versions of {package} cannot be read from the package index: {printed}")
    start = Version(oldest)
    newest: dict[tuple[int, ...], Version] = {}
    for version in sorted(map(Version, listed[1].split(", "))):
        if version.release[:2] > start.release[:2]:
            newest[version.release[:2]] = version
    return [oldest, *map(str, newest.values())]


@nox.session
def wheel(session: nox.Session) -> None:
    """
    Build the wheel, and run the demo on it where there is no source.
    """
    install(session, *group("build"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        # This builds the wheel from the source distribution, so that one is complete too.
        session.run("python", "-m", "build", "--outdir", str(folder), silent=True)
        (built,) = folder.glob("*.whl")
        check_files(session, built)
        session.run("python", "-m", "venv", "--without-pip", str(folder / "environment"))
        python = str(folder / "environment" / "bin" / "python")
        examples = shutil.copytree(
            ROOT / "examples",
            folder / "examples",
            ignore=shutil.ignore_patterns(".mypy_cache", "db.sqlite3"),
        )
        session.env["PYTHONPATH"] = None
        session.chdir(examples)
        install_now(session, str(built), into=python)
        session.run(python, "-m", "pizzeria", external=True, silent=True)
        install_now(session, f"{built}[mypy]", *group("demo"), into=python)
        session.run(python, "demo.py", external=True, silent=True)


def check_files(session: nox.Session, built: Path) -> None:
    """
    Fail unless every file of the packages is in the wheel.
    """
    files = {
        file.relative_to(package.parent).as_posix()
        for package in (ROOT / "src" / "typed_signals", ROOT / "stubs" / "typed_signals_stubs")
        for file in package.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    with zipfile.ZipFile(built) as archive:
        missing = files.difference(archive.namelist())
    if missing:
        session.error(f"the wheel lacks {', '.join(sorted(missing))}")
    session.log(f"All {len(files)} files of the packages are in the wheel.")


class Run:
    """
    One run of nox.
    """

    def __init__(self, report: Path, *arguments: str, output: IO[str] | None = None) -> None:
        self._report = report
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nox", "--report", str(report), *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )

    def wait(self) -> tuple[int, dict[str, str]]:
        """
        Return the exit code, and the result of each session.
        """
        code = self._process.wait()
        text = self._report.read_text("utf-8") if self._report.exists() else '{"sessions": []}'
        return code, {each["name"]: each["result"] for each in json.loads(text)["sessions"]}


def main() -> int:
    """
    Run nox and put the outcome in plain words.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        if sys.argv[1:]:
            code, results = Run(folder / "report.json", *sys.argv[1:]).wait()
        else:
            # These use one processor, and the tests would leave another one idle at times.
            names = ", ".join(ALONGSIDE)
            print(f"Running {names} alongside the tests, to be shown below ...", flush=True)
            with (folder / "output.txt").open("w+", encoding="utf-8") as output:
                alongside = Run(folder / "others.json", "-s", *ALONGSIDE, output=output)
                tests = [f"tests-{version}" for version in VERSIONS]
                code, results = Run(folder / "report.json", "-s", *tests, "coverage").wait()
                others_code, others_results = alongside.wait()
                output.seek(0)
                print(output.read())
            code = code or others_code
            results |= others_results
    print()
    for version, path in INTERPRETERS.items():
        print(f"CPython {version}: {path or 'not found'}")
    failed = [name for name, result in results.items() if result not in ("success", "skipped")]
    if code or failed:
        print(f"make test: FAILED in {', '.join(failed) or 'nox itself'}")
        return 1
    passed = ", ".join(name for name, result in results.items() if result == "success")
    missing = [version for version, path in INTERPRETERS.items() if path is None]
    untested = f", but NOT TESTED on CPython {', '.join(missing)}: not found" if missing else ""
    print(f"make test: passed ({passed}){untested}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
