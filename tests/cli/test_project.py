"""
The files, modules, Python and settings of a project, in layouts that are found in public projects.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import pytest

from typed_signals.cli.exits import CommandError
from typed_signals.cli.project import Part, Project, cache_folder, find_project

from .commands import run_command, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANAGE: Final = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'


@pytest.fixture(autouse=True)
def nothing_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(variable, raising=False)


def in_folder(folder: Path, files: Iterator[str] | list[str], *paths: str) -> Project:
    write_project(folder, dict.fromkeys(files, ""))
    return find_project([folder / path for path in paths] or [folder])


def modules(part: Part, root: Path) -> dict[str, str]:
    return {name: path.relative_to(root).as_posix() for name, path in part.files.items()}


def test_modules_are_named_as_they_are_imported(tmp_path: Path) -> None:
    files = [
        "pyproject.toml",
        "src/pizzeria/__init__.py",
        "src/pizzeria/signals.py",
        "tests/test_signals.py",  # without __init__.py: a namespace package
        "tools/run me.py",
        "a-folder/script.py",  # cannot be a package
        "setup.py",
    ]
    project = in_folder(tmp_path, files)
    assert project.root == tmp_path
    (part,) = project.parts
    assert modules(part, tmp_path) == {
        "pizzeria": "src/pizzeria/__init__.py",
        "pizzeria.signals": "src/pizzeria/signals.py",
        "tests.test_signals": "tests/test_signals.py",
        "tools.run me": "tools/run me.py",
        "script": "a-folder/script.py",
        "setup": "setup.py",
    }
    assert {*part.roots} == {tmp_path, tmp_path / "src", tmp_path / "a-folder"}


def test_a_folder_whose_files_import_each_other_by_name_is_no_package(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            "setup.cfg": "",
            "scripts/helpers.py": "",
            "scripts/run.py": "import helpers\n",
            "plugins/helpers.py": "",
            "plugins/run.py": "from plugins import helpers\n",
        },
    )
    project = find_project([tmp_path])
    (part,) = project.parts
    assert modules(part, tmp_path) == {
        "helpers": "scripts/helpers.py",
        "run": "scripts/run.py",
        "plugins.helpers": "plugins/helpers.py",
        "plugins.run": "plugins/run.py",
    }


def test_generated_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    files = [
        "setup.py",
        ".hidden/a.py",
        "node_modules/b.py",
        "venv/pyvenv.cfg",
        "venv/c.py",
        "conda/conda-meta/history",
        "conda/d.py",
        "build/lib/e.py",
        "site-packages/f.py",
        "notebook.ipynb",
        "build_tools/g.py",
    ]
    (part,) = in_folder(tmp_path, files).parts
    assert [*part.files] == ["build_tools.g", "setup"]


def test_projects_with_the_same_names_are_different_parts(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            ".git/HEAD": "",
            "one/manage.py": MANAGE.format("core.settings"),
            "one/core/__init__.py": "",
            "one/core/settings.py": "",
            "two/manage.py": MANAGE.format("core.settings"),
            "two/core/__init__.py": "",
            "two/core/settings.py": "",
            "three/manage.py": MANAGE.format("missing.settings"),
        },
    )
    project = find_project([tmp_path])
    one, two = project.parts
    assert one.settings == two.settings == "core.settings"
    assert modules(one, tmp_path) == {
        "manage": "one/manage.py",
        "core": "one/core/__init__.py",
        "core.settings": "one/core/settings.py",
        # A script with the name of another one, which nothing imports.
        "manage__2": "three/manage.py",
    }
    assert modules(two, tmp_path)["core"] == "two/core/__init__.py"


def test_names_that_are_imported_are_different_parts(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            "setup.py": "",
            "one-script/helpers.py": "",
            "one-script/run.py": "import helpers\n",
            "other-script/helpers.py": "",
            "other-script/types.py": "",
        },
    )
    one, other = find_project([tmp_path]).parts
    assert [*one.files] == ["setup", "helpers", "run"]
    assert [*other.files] == ["helpers", "types__2"]  # mypy refuses `types`


def test_only_the_given_paths_are_read(tmp_path: Path) -> None:
    files = ["setup.py", "src/shop/__init__.py", "src/shop/a.py", "docs/conf.py", "odd/x"]
    project = in_folder(tmp_path, files, "src/shop/a.py", "odd/x")
    (part,) = project.parts
    assert project.root == tmp_path
    assert modules(part, tmp_path) == {"odd.x": "odd/x", "shop.a": "src/shop/a.py"}
    # The other one is not read, but it may be imported.
    assert {tmp_path, tmp_path / "src"} <= {*part.roots}


def test_without_a_marker_only_the_paths_are_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_project(tmp_path, {"setup.py": "", "shop/__init__.py": "", "shop/sub/__init__.py": ""})
    project = find_project([tmp_path / "shop" / "sub" / "__init__.py"])
    assert project.root == tmp_path
    assert modules(project.parts[0], tmp_path) == {"shop.sub": "shop/sub/__init__.py"}


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="missing does not exist"):
        find_project([tmp_path / "missing"])
    with pytest.raises(CommandError, match="there are no Python files in"):
        find_project([tmp_path])
    (tmp_path / "a.py").touch()
    with pytest.raises(CommandError, match="--python nowhere cannot be run: pass an executable"):
        find_project([tmp_path], "nowhere")


def make_environment(folder: Path) -> None:
    write_project(folder, {"pyvenv.cfg": "include-system-site-packages = false\n"})
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(sys.executable)


def test_the_python_of_the_project_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = in_folder(tmp_path, ["a.py"])
    assert project.interpreter.path == sys.executable
    assert project.interpreter.version == sys.version_info[:2]

    make_environment(tmp_path / ".venv")
    found = find_project([tmp_path]).interpreter
    assert (found.path, found.source) == (f"{tmp_path}/.venv/bin/python", f"{tmp_path}/.venv")
    assert found.version == sys.version_info[:2]

    make_environment(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert find_project([tmp_path]).interpreter.source == "VIRTUAL_ENV"
    # That of the command itself, as under pre-commit, says nothing about the project.
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert find_project([tmp_path]).interpreter.path == f"{tmp_path}/.venv/bin/python"

    given = find_project([tmp_path], str(tmp_path / "active")).interpreter
    assert given.path == f"{tmp_path}/active/bin/python"
    assert find_project([tmp_path], sys.executable).interpreter.source.startswith("--python")


def test_the_search_for_an_environment_ends_at_the_repository(tmp_path: Path) -> None:
    make_environment(tmp_path / "venv")
    write_project(tmp_path, {"repository/.git/HEAD": "", "repository/a.py": ""})
    assert find_project([tmp_path / "repository"]).interpreter.path == sys.executable
    # One that cannot be run is not it.
    write_project(tmp_path, {"repository/.venv/pyvenv.cfg": "", "repository/.venv/bin/python": ""})
    assert find_project([tmp_path / "repository"]).interpreter.path == sys.executable


def test_settings_are_found_where_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"setup.cfg": "", "conf/settings.py": "", "conf/test.py": ""}
    write_project(tmp_path, {**files, "pytest.ini": "DJANGO_SETTINGS_MODULE = not_there\n"})
    assert find_project([tmp_path]).parts[0].settings is None
    (tmp_path / "manage.py").write_text(MANAGE.format("conf.settings"), "utf-8")
    assert find_project([tmp_path]).parts[0].settings == "conf.settings"
    (tmp_path / "manage.py").write_text(
        'os.environ["DJANGO_SETTINGS_MODULE"] = "conf.test"\n', "utf-8"
    )
    assert find_project([tmp_path]).parts[0].settings == "conf.test"
    (tmp_path / "mypy.ini").write_text(
        "[mypy.plugins.django-stubs]\ndjango_settings_module = conf.settings\n", "utf-8"
    )
    assert find_project([tmp_path]).parts[0].settings == "conf.settings"
    # The plugin of django-stubs prefers it to the variable.
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "of.the.environment")
    assert find_project([tmp_path]).parts[0].settings == "conf.settings"
    (tmp_path / "mypy.ini").unlink()
    assert find_project([tmp_path]).parts[0].settings == "of.the.environment"


def test_a_project_for_django_without_django_is_remarked(tmp_path: Path) -> None:
    write_project(tmp_path, {"manage.py": MANAGE.format("conf"), "conf.py": ""})
    make_environment(tmp_path / ".venv")
    (remark,) = find_project([tmp_path]).remarks
    assert remark.startswith(f"Django is not installed for {tmp_path}/.venv/bin/python")


def test_packages_with_signals_that_are_not_installed_are_remarked(tmp_path: Path) -> None:
    imports = "from django.dispatch import Signal\nimport blinker.base\n"
    write_project(tmp_path, {"a.py": imports})
    make_environment(tmp_path / ".venv")
    remarks = find_project([tmp_path]).remarks
    assert [remark.partition(" ")[0] for remark in remarks] == ["Django", "blinker"]
    # A project can do without what it imports under a condition, or is the package itself.
    optional = "try:\n    import blinker\nexcept ImportError:\n    pass\n"
    write_project(
        tmp_path, {"a.py": optional, "django/__init__.py": "", "django/a.py": "import django\n"}
    )
    assert find_project([tmp_path]).remarks == ()


def test_nothing_is_found_without_the_packages_of_signals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shop = write_project(tmp_path / "shop", {"a.py": "from django.db import models\n"})
    make_environment(shop / ".venv")
    for command in ("check", "infer"):
        ended = run_command(capsys, command, str(shop))
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("typed-signals: Django is not installed for ")


def test_the_configuration_of_mypy_is_found(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            ".git/HEAD": "",
            "pyproject.toml": "[tool.other]\n",
            "setup.cfg": "[mypy-shop.*]\nignore_errors = true\n",
            "tox.ini": "[mypy]\n",
            "inner/pyproject.toml": "[build-system]\n",
            "inner/a.py": "",
        },
    )
    assert find_project([tmp_path / "inner"]).configuration == tmp_path / "setup.cfg"
    (tmp_path / "pyproject.toml").write_text("[tool.mypy]\n", "utf-8")
    assert find_project([tmp_path / "inner"]).configuration == tmp_path / "pyproject.toml"
    (tmp_path / "pyproject.toml").write_text("[tool.mypy]\n[broken", "utf-8")
    project = find_project([tmp_path / "inner"])
    assert project.configuration is None
    assert project.remarks[0].startswith(f"{tmp_path / 'pyproject.toml'} is not used, because")
    (tmp_path / "inner" / "mypy.ini").write_text("no section\n", "utf-8")
    assert "mypy.ini is not used" in find_project([tmp_path / "inner"]).remarks[0]


def test_no_repository_means_no_end(tmp_path: Path) -> None:
    write_project(tmp_path, {"mypy.ini": "[mypy]\n", "deep/er/setup.py": ""})
    project = find_project([tmp_path / "deep" / "er"])
    assert project.configuration == tmp_path / "mypy.ini"


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "{}/xdg"}, "xdg"),
        ("linux", {"XDG_CACHE_HOME": "", "HOME": "{}"}, ".cache"),
        ("darwin", {"XDG_CACHE_HOME": "", "HOME": "{}"}, "Library/Caches"),
        ("win32", {"XDG_CACHE_HOME": "", "LOCALAPPDATA": "{}/local"}, "local"),
    ],
)
def test_the_cache_is_outside_of_the_project(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    variables: dict[str, str],
    folder: str,
) -> None:
    project = in_folder(tmp_path / "project", ["a.py"])
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    cache = cache_folder(project, "check")
    assert cache.is_dir()
    assert cache.relative_to(tmp_path / folder).parts[0] == "typed-signals"
    assert cache_folder(project, "map") != cache
    assert os.listdir(tmp_path / "project") == ["a.py"]  # noqa: PTH208
