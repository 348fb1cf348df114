"""
The options of mypy for a project, and the packages that it reads from elsewhere.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from typed_signals.cli.project import borrowed, find_project, mypy_options, sources_of

from .commands import write_project

if TYPE_CHECKING:
    from mypy.options import Options


@pytest.fixture(autouse=True)
def nothing_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)


def options_of(folder: Path, files: dict[str, str]) -> Options:
    project = find_project([write_project(folder / "project", files)])
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    return mypy_options(project, project.parts[0], cache)


def test_only_what_changes_the_meaning_of_code_is_kept(tmp_path: Path) -> None:
    options = options_of(
        tmp_path,
        {
            "a.py": "",
            "pyproject.toml": """\
[tool.mypy]
strict = true
mypy_path = ["lib", "$MYPY_CONFIG_FILE_DIR/more"]
python_version = "3.10"
always_true = ["FAST"]
disable_error_code = ["misc", "signal-weak"]
enable_error_code = "signal-unsent"
ignore_errors = true
follow_imports = "skip"
exclude = "."

[[tool.mypy.overrides]]
module = "a.*"
strict_optional = false
ignore_errors = true
enable_error_code = "signal"
""",
        },
    )
    root = tmp_path / "project"
    assert options.config_file == str(root / "pyproject.toml")
    assert options.mypy_path[:2] == [str(root / "lib"), str(root / "more")]
    assert options.python_version == (3, 10)
    assert options.always_true == ["FAST"]
    assert options.disable_error_code == ["signal-weak"]
    assert options.enable_error_code == ["signal-unsent"]
    assert not options.ignore_errors
    assert not options.disallow_untyped_defs
    assert (options.follow_imports, options.exclude) == ("silent", [])
    assert options.per_module_options["a.*"] == {
        "strict_optional": False,
        "disable_error_code": [],
        "enable_error_code": ["signal"],
    }


def test_without_a_configuration_the_python_says_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPY_CONFIG_FILE_DIR", "kept")
    options = options_of(tmp_path, {"a.py": ""})
    assert options.python_version == sys.version_info[:2]
    assert Path(str(options.config_file)).read_text("utf-8") == "[mypy]\n"
    monkeypatch.setattr("typed_signals.cli.project.options.PYTHON3_VERSION_MIN", (3, 99))
    assert options_of(tmp_path, {"mypy.ini": "[mypy]\n"}).python_version == (3, 99)


def test_the_root_of_a_file_is_the_innermost(tmp_path: Path) -> None:
    files = {"setup.py": "", "src/shop/__init__.py": "", "tests/test_a.py": ""}
    project = find_project([write_project(tmp_path, files)])
    bases = {source.module: source.base_dir for source in sources_of(project.parts[0])}
    assert bases == {
        "setup": str(tmp_path),
        "shop": f"{tmp_path}/src",
        "tests.test_a": str(tmp_path),
    }


def make_environment(folder: Path, *packages: str) -> None:
    """
    Make an environment whose packages are empty.
    """
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    files = [name if name.endswith(".py") else f"{name}/__init__.py" for name in packages]
    names = {f"lib/{version}/site-packages/{file}": "" for file in files}
    write_project(folder, {"pyvenv.cfg": "include-system-site-packages = false\n", **names})
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(sys.executable)


def test_packages_are_borrowed_if_the_project_does_not_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The environment of these tests has all of them.
    options_of(tmp_path, {"a.py": ""})
    assert [*(tmp_path / "cache").glob("packages-*")] == []

    packages = ("django", "celery", "flask_login", "flask_principal.py")
    make_environment(tmp_path / "project" / ".venv", *packages)
    options = options_of(tmp_path, {})
    folder = Path(options.mypy_path[-1])
    assert {path.name for path in folder.iterdir()} == {
        "django",
        "django_stubs_ext",
        "typed_signals",
        "typed_signals_stubs",
    }
    assert (folder / "django" / "dispatch" / "dispatcher.pyi").is_file()
    assert options.per_module_options == {
        "celery.app.base": {"follow_untyped_imports": True},
        "celery.app.task": {"follow_untyped_imports": True},
        "celery.events.snapshot": {"follow_untyped_imports": True},
        "celery.signals": {"follow_untyped_imports": True},
        "celery.utils.dispatch.*": {"follow_untyped_imports": True},
        "flask_login": {"follow_untyped_imports": True},
        "flask_login.signals": {"follow_untyped_imports": True},
        "flask_principal": {"follow_untyped_imports": True},
    }
    # The next run uses it again.
    assert options_of(tmp_path, {}).mypy_path == options.mypy_path

    found = borrowed._ours
    monkeypatch.setattr(
        borrowed, "_ours", lambda name: None if name.startswith("django") else found(name)
    )
    options = options_of(tmp_path, {})
    # mypy reads Django itself, although it has no types.
    assert "django.*" in options.per_module_options


def test_packages_are_copied_where_links_are_not_possible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_environment(tmp_path / "project" / ".venv")

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError

    project = find_project([write_project(tmp_path / "project", {"a.py": ""})])
    monkeypatch.setattr(Path, "symlink_to", refuse)
    cache = tmp_path / "cache"
    cache.mkdir()
    folder = Path(mypy_options(project, project.parts[0], cache).mypy_path[-1])
    assert not (folder / "typed_signals").is_symlink()
    assert (folder / "typed_signals" / "__init__.py").is_file()


def test_installed_packages_are_not_searched_twice(tmp_path: Path) -> None:
    # mypy refuses a mypy_path with installed packages.
    make_environment(tmp_path / "project" / ".venv", "shop")
    write_project(tmp_path / "project", {"setup.py": ""})
    (packages,) = (tmp_path / "project").glob(".venv/lib/*/site-packages")
    project = find_project([packages / "shop"])
    options = mypy_options(project, project.parts[0], tmp_path)
    # Nor its own folder, in which it finds replacements of the standard library.
    assert str(packages) not in options.mypy_path
    assert project.parts[0].roots == (tmp_path / "project",)
    assert [source.base_dir for source in sources_of(project.parts[0])] == [
        str(tmp_path / "project")
    ]
    assert project.parts[0].files == {"shop": packages / "shop" / "__init__.py"}
    # Without a project around it.
    (tmp_path / "project" / "setup.py").unlink()
    (tmp_path / "mypy.ini").unlink()
    project = find_project([packages / "shop"])
    assert project.root == packages
    assert project.parts[0].roots == (packages.parents[1],)


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_environment_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    variable = "MYPY_CONFIG_FILE_DIR"
    monkeypatch.delenv(variable, raising=False)
    if before is not None:
        monkeypatch.setenv(variable, before)
    options_of(tmp_path, {"a.py": "", "mypy.ini": "[mypy]\n"})
    assert os.environ.get(variable) == before
