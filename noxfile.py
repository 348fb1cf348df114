"""The sessions of ``make test``. ``nox -l`` lists them, ``nox -s lint`` runs one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import nox
from packaging.requirements import Requirement
from python_discovery import get_interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator

if shutil.which("pyenv"):
    # Its shims only run the versions named here.
    installed = subprocess.check_output(["pyenv", "versions", "--bare"], text=True).split()
    os.environ["PYENV_VERSION"] = ":".join(reversed(installed))

# Otherwise, each of the many processes that the tests start compiles all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The pinned versions, also of build tools, except for `make newest`.
LOCK = os.environ.setdefault("UV_CONSTRAINT", str(Path("lock.txt").resolve()))
os.environ.setdefault("UV_BUILD_CONSTRAINT", LOCK)

PYPROJECT = nox.project.load_toml("pyproject.toml")
VERSIONS = nox.project.python_versions(PYPROJECT)
FOUND = [version for version in VERSIONS if get_interpreter(f"cpython{version}")] or VERSIONS
OLDEST, NEWEST = FOUND[0], FOUND[-1]
(OLDEST_MYPY,) = Requirement(*PYPROJECT["project"]["optional-dependencies"]["mypy"]).specifier
# The last release of each minor version before the one in lock.txt, as `make lock` knows one only.
MYPY_VERSIONS = ("2.3.1", "2.2.0", "2.1.0", "2.0.0", "1.20.2", "1.19.1")
UNSUPPORTED_MYPY = "1.18.2"
MEASURE = ("--cov=typed_signals", "--cov-report=", "--cov-fail-under=0")
# The long ones first, because sessions run at the same time.
LONG_FIRST = sorted(VERSIONS, key=lambda version: version not in (OLDEST, NEWEST))

nox.needs_version = ">=2026.10"
nox.options.allow_parallel = True
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"


def install_other(session: nox.Session, name: str, version: str) -> None:
    """Install a version of a package that is not the pinned one; all others stay pinned."""
    constraint = session.cache_dir.resolve() / f"{session.name}.txt"
    pinned = Path(LOCK).read_text("utf-8") if LOCK else ""
    constraint.write_text(re.sub(rf"(?m)^{name}==.*\n", "", pinned), "utf-8")
    session.install("--upgrade", f"{name}=={version}", env={"UV_CONSTRAINT": str(constraint)})


@nox.session(python=NEWEST)
def background(session: nox.Session) -> None:
    """Test the engines of background receivers with their servers, which must be installed."""
    session.install("--editable", ".", "--group", "test", "--group", "engines")
    session.env["COVERAGE_FILE"] = ".coverage.background"
    session.run("pytest", "tests/background/engines", *MEASURE, *session.posargs)


@nox.session(python=LONG_FIRST)
def tests(session: nox.Session) -> None:
    """Run all tests on the oldest and the newest Python, on others those that depend on Python."""
    session.install("--editable", ".", "--group", "test")
    session.env["COVERAGE_FILE"] = f".coverage.{session.python}"
    if session.python == NEWEST:
        # The newest Django, even if the newest installed Python would use another one.
        session.install("--upgrade", "django", "--python-version", VERSIONS[-1])
        session.run("pytest", *MEASURE, *session.posargs)
    elif session.python == OLDEST:
        install_other(session, "mypy", OLDEST_MYPY.version)
        # Not everything, because this is slow here, and the newest Python does it.
        session.run("pytest", *MEASURE, "-m", "not any_python and not pages", *session.posargs)
        session.run("pytest", "-m", "any_python", *session.posargs)
    else:
        session.run("pytest", "-m", "not any_python and not pages", *session.posargs)


# Run last, when the parts are there, so that what is missing is the last thing shown.
@nox.session(python=False, default=False)
def coverage(session: nox.Session) -> None:
    """Fail unless the tests cover all lines and branches on the oldest or the newest Python."""
    if OLDEST == NEWEST:
        session.skip("all branches are run only where there are two versions of CPython")
    files = (f".coverage.{part}" for part in (OLDEST, NEWEST, "background"))
    session.run(sys.executable, "-m", "coverage", "combine", "--quiet", "--keep", *files)
    session.run(sys.executable, "-m", "coverage", "report")


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Check format and style with ruff, in the environment of nox."""
    session.run(sys.executable, "-m", "ruff", "format", "--check", ".")
    session.run(sys.executable, "-m", "ruff", "check", ".")


@nox.session(python=False)
def typecheck(session: nox.Session) -> None:
    """Check types with mypy and our own plugin, in the environment of nox."""
    session.run(sys.executable, "-m", "mypy", ".", env={"TYPED_SIGNALS_RAISE": "1"})


@nox.session(python=False)
def docs(session: nox.Session) -> None:
    """Build the documentation, in the environment of nox."""
    options = ("--fresh-env", "--fail-on-warning", "--quiet")
    session.run(sys.executable, "-m", "sphinx", *options, "docs", "site")


@nox.session(python=NEWEST)
def typing(session: nox.Session) -> None:
    """Compare the errors of six type checkers with the expected ones in our cases."""
    session.install("--editable", ".", "--group", "typing")
    session.run("python", "-m", "typing_tests", *session.posargs)


@nox.session(python=NEWEST)
def asyncapi(session: nox.Session) -> None:
    """Validate what `typed-signals schema` writes with the parser of AsyncAPI, from npm."""
    session.install("--editable", ".", "--group", "asyncapi")
    session.run("python", "tests/cli/asyncapi.py")


@nox.session(python=OLDEST)
def mypy_versions(session: nox.Session) -> None:
    """Test the plugin with the other supported versions of mypy, and with an older one."""
    session.install("--editable", ".", "attrs", "msgspec", "pytest", "mypy")
    for version in MYPY_VERSIONS:
        install_other(session, "mypy", version)
        session.run("pytest", "-m", "any_python", "tests/plugin/test_cases.py", *session.posargs)
    install_other(session, "mypy", UNSUPPORTED_MYPY)
    if "needs mypy" not in str(session.run("mypy", "-c", "1", success_codes=[2], silent=True)):
        session.error("an older mypy is not refused")


@nox.session(python=NEWEST, default=False)
def primer(session: nox.Session) -> None:
    """Test the plugin on public projects, which are downloaded."""
    session.install("--editable", ".", "--group", "primer")
    session.run("python", "-m", "primer", *session.posargs)


@nox.session(python=NEWEST, default=False)
def checking(session: nox.Session) -> None:
    """Run the command `check` on whole public projects, which are downloaded."""
    session.install("--editable", ".", "--group", "primer")
    session.run("python", "-m", "primer.checking", *session.posargs)


@nox.session(python=NEWEST, default=False)
def declarations(session: nox.Session) -> None:
    """Check the declarations in stubs/ against the packages, which are downloaded."""
    session.install("--editable", ".", "--group", "primer")
    session.run("python", "-m", "primer.declarations", *session.posargs)


# Not the newest one, which what the projects require may not support yet.
@nox.session(python="3.13", default=False)
def infer(session: nox.Session) -> None:
    """Compare what infer finds in public projects, with what they require, with the figures."""
    session.install("--editable", ".", "--group", "primer")
    session.run("python", "-m", "primer.inferring", *session.posargs)


@nox.session(python="3.13", default=False)
def declare(session: nox.Session) -> None:
    """Declare the signals of public projects, and run their tests before and after."""
    session.install("--editable", ".", "--group", "primer")
    session.run("python", "-m", "primer.declaring", *session.posargs)


def djangos_suites(session: nox.Session) -> Iterator[Path]:
    """Install each supported version of Django, and yield the folder of its tests."""
    session.install("--editable", ".", "--group", "test")
    for version in re.findall(r"Django :: ([\d.]+)", Path("pyproject.toml").read_text("utf-8")):
        install_other(session, "django", f"{version}.*")
        with TemporaryDirectory() as folder:
            # Only the source distribution contains its tests.
            session.run("unearth", "--no-binary", "--download", folder, f"django=={version}.*")
            (archive,) = Path(folder).glob("*.tar.gz")
            shutil.unpack_archive(archive, folder, filter="data")
            (suite,) = Path(folder).glob("*/tests")
            yield suite


@nox.session(python="3.13", default=False)
def record(session: nox.Session) -> None:
    """Record what each version of Django sends while a part of its own tests runs."""
    recorded = session.cache_dir.resolve() / "django_sends.json"
    recorded.unlink(missing_ok=True)
    for suite in djangos_suites(session):
        session.run("python", "tests/django/recorder.py", suite, recorded)
    recorded.replace("tests/data/django_sends.json")


@nox.session(python="3.13", default=False)
def djangos_tests(session: nox.Session) -> None:
    """Run a part of the tests of each version of Django with our classes of signals."""
    for suite in djangos_suites(session):
        session.run("python", "tests/django/djangos_suite.py", suite)


@nox.session(reuse_venv=False)
def wheel(session: nox.Session) -> None:
    """
    Build the wheel from the source distribution, check both, and run the demo without the source
    folder. With a folder as an argument, write them there.
    """
    project = Path("pyproject.toml").resolve()
    folder = Path(session.create_tmp()).resolve()
    built = folder / "dist"
    session.run("uv", "build", "--quiet", "--out-dir", str(built), external=True)
    (wheel,) = built.glob("*.whl")
    (source,) = built.glob("*.tar.gz")
    shutil.unpack_archive(wheel, folder / "wheel", "zip")
    for package in ("src/typed_signals", "stubs/typed_signals_stubs"):
        unpacked = folder / "wheel" / Path(package).name
        session.run("diff", "-r", "-x", "__pycache__", package, unpacked, external=True)
    published = [Path(each).resolve() for each in session.posargs]
    session.chdir(shutil.copytree("examples", folder / "examples"))
    session.env["PYTHONPATH"] = None
    session.install(str(wheel))
    session.run("python", "-m", "pizzeria", silent=True)
    session.install(f"{wheel}[check]", "--group", f"{project}:demo")
    session.run("python", "demo.py", silent=True)
    session.install("--group", f"{project}:build")
    # This also renders the README as the package index does.
    session.run("twine", "check", "--strict", str(wheel), str(source), silent=True)
    session.run("check-wheel-contents", f"--config={project}", str(wheel), silent=True)
    # There is no address for mail; the links lead to the issues.
    session.run("pyroma", "--min=10", "--skip-tests=AuthorEmail", str(source), silent=True)
    for target in published:
        shutil.copytree(built, target, ignore=shutil.ignore_patterns(".*"))
