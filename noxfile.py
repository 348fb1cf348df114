"""What ``make test`` runs. ``nox -l`` lists the sessions, ``nox -s lint`` runs one of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nox
from packaging.requirements import Requirement
from python_discovery import get_interpreter

if shutil.which("pyenv"):
    # Its shims run the versions that are named here, and no others.
    installed = subprocess.check_output(["pyenv", "versions", "--bare"], text=True).split()
    os.environ["PYENV_VERSION"] = ":".join(reversed(installed))

# What is installed, unless `make newest` says otherwise; how it is built, too.
os.environ.setdefault("UV_CONSTRAINT", str(Path("lock.txt").resolve()))
os.environ.setdefault("UV_BUILD_CONSTRAINT", os.environ["UV_CONSTRAINT"])
UNLOCKED = {"UV_CONSTRAINT": ""}

PYPROJECT = nox.project.load_toml("pyproject.toml")
VERSIONS = nox.project.python_versions(PYPROJECT)
FOUND = [version for version in VERSIONS if get_interpreter(f"cpython{version}")] or VERSIONS
OLDEST, NEWEST = FOUND[0], FOUND[-1]
(OLDEST_MYPY,) = Requirement(*PYPROJECT["project"]["optional-dependencies"]["mypy"]).specifier
# The last release of each minor version before the one in lock.txt, as `make lock` knows one only.
MYPY_VERSIONS = ("2.3.1", "2.2.0", "2.1.0", "2.0.0", "1.20.2", "1.19.1")
UNSUPPORTED_MYPY = "1.18.2"
# A file is one worker's, as its tests share a run of mypy. In the order of their names, the long
# files come first; by the number of their tests, they would come last.
PYTEST = ("pytest", "--numprocesses", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
MEASURED = (*PYTEST, "--cov=typed_signals", "--cov-report=", "--cov-fail-under=0")

nox.needs_version = ">=2026.10"
nox.options.allow_parallel = True
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"


@nox.session(python=VERSIONS, allow_parallel=False)
def tests(session: nox.Session) -> None:
    """Run the tests: all on the oldest and the newest Python, else what may depend on Python."""
    session.install("--editable", ".", "--group", "test")
    session.env["COVERAGE_FILE"] = f".coverage.{session.python}"
    if session.python == NEWEST:
        # The newest Django, even if the newest Python that was found is to have another one.
        session.install("--upgrade", "django", "--python-version", VERSIONS[-1])
        session.run(*MEASURED, *session.posargs)
    elif session.python == OLDEST:
        session.install(f"mypy=={OLDEST_MYPY.version}", env=UNLOCKED)
        # To measure all takes long here, and the newest Python does.
        session.run(*MEASURED, "-m", "not any_python", *session.posargs)
        session.run(*PYTEST, "-m", "any_python", *session.posargs)
    else:
        session.run(*PYTEST, "-m", "not any_python", *session.posargs)


@nox.session(python=False, requires=[f"tests-{version}" for version in (OLDEST, NEWEST)])
def coverage(session: nox.Session) -> None:
    """Fail unless the tests ran every line and branch, on the oldest or on the newest Python."""
    if OLDEST == NEWEST:
        session.skip("all branches are run only where there are two versions of CPython")
    files = (f".coverage.{version}" for version in (OLDEST, NEWEST))
    session.run(sys.executable, "-m", "coverage", "combine", "--quiet", "--keep", *files)
    session.run(sys.executable, "-m", "coverage", "report")


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Check format and style with ruff, where nox itself is installed."""
    session.run(sys.executable, "-m", "ruff", "format", "--check", ".")
    session.run(sys.executable, "-m", "ruff", "check", ".")


@nox.session(python=False)
def typecheck(session: nox.Session) -> None:
    """Check types with mypy and our own plugin, where nox itself is installed."""
    session.run(sys.executable, "-m", "mypy", ".", env={"TYPED_SIGNALS_RAISE": "1"})


@nox.session(python=False)
def docs(session: nox.Session) -> None:
    """Build the documentation, where nox itself is installed."""
    options = ("--conf-dir", "docs", "--fresh-env", "--fail-on-warning", "--quiet")
    session.run(sys.executable, "-m", "sphinx", *options, ".", "site")


@nox.session(python=NEWEST)
def typing(session: nox.Session) -> None:
    """Compare what six type checkers say of our cases with what the cases expect."""
    session.install("--editable", ".", "--group", "typing")
    session.run("python", "-m", "typing_tests", *session.posargs)


@nox.session(python=OLDEST)
def mypy_versions(session: nox.Session) -> None:
    """Try the plugin on the versions of mypy between the newest and the oldest, and one before."""
    session.install("--editable", ".", "pytest", "mypy")
    for version in MYPY_VERSIONS:
        session.install(f"mypy=={version}", env=UNLOCKED)
        session.run("pytest", "tests/plugin/test_cases.py", *session.posargs)
    session.install(f"mypy=={UNSUPPORTED_MYPY}", env=UNLOCKED)
    if "needs mypy" not in str(session.run("mypy", "-c", "1", success_codes=[2], silent=True)):
        session.error("an older mypy is not refused")


@nox.session(python=NEWEST)
def primer(session: nox.Session) -> None:
    """Try the plugin on public projects; on the small ones, unless options say otherwise."""
    session.install("--editable", ".", "--group", "primer")
    session.run("python", "-m", "primer", *(session.posargs or ("--quick",)))


@nox.session(python="3.13", default=False)
def record(session: nox.Session) -> None:
    """Record again what each version of Django sends while a part of its own tests runs."""
    session.install("--editable", ".", "--group", "test")
    Path("tests/data/django_sends.json").unlink(missing_ok=True)
    for version in re.findall(
        r"Django :: ([\d.]+)", "\n".join(PYPROJECT["project"]["classifiers"])
    ):
        session.install("--upgrade", f"django=={version}.*", env=UNLOCKED)
        with TemporaryDirectory() as folder:
            # Its tests are in the source distribution only.
            session.run("unearth", "--no-binary", "--download", folder, f"django=={version}.*")
            (archive,) = Path(folder).glob("*.tar.gz")
            session.run("python", "-m", "tarfile", "--filter", "data", "-e", str(archive), folder)
            (suite,) = Path(folder).glob("*/tests")
            session.run("python", "tests/django/recorder.py", str(suite))


@nox.session(reuse_venv=False)
def wheel(session: nox.Session) -> None:
    """Build the wheel from the source distribution, and run the demo where there is no source."""
    folder = Path(session.create_tmp()).resolve()
    session.run("uv", "build", "--quiet", "--out-dir", str(folder), external=True)
    (built,) = folder.glob("*.whl")
    session.run("python", "-m", "zipfile", "--extract", str(built), str(folder / "wheel"))
    for package in (Path("src/typed_signals"), Path("stubs/typed_signals_stubs")):
        unpacked = str(folder / "wheel" / package.name)
        session.run("diff", "-r", "-x", "__pycache__", str(package), unpacked, external=True)
    project = Path("pyproject.toml").resolve()
    session.chdir(shutil.copytree("examples", folder / "examples"))
    session.env["PYTHONPATH"] = None
    session.install(str(built))
    session.run("python", "-m", "pizzeria", silent=True)
    session.install(f"{built}[mypy]", "--group", f"{project}:demo")
    session.run("python", "demo.py", silent=True)


if __name__ == "__main__":
    sessions = json.loads(Path(sys.argv[1]).read_text("utf-8"))["sessions"]
    passed = [each["signatures"][0] for each in sessions if each["result"] == "success"]
    missing = [version for version in VERSIONS if f"tests-{version}" not in passed]
    untested = f", but NOT TESTED on CPython {', '.join(missing)}: not found" if missing else ""
    print(f"make test: passed ({', '.join(passed)}){untested}")
