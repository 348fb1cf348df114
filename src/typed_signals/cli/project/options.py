"""
The options of mypy for a project: those of its own configuration that change what code means, and
none of those that hide errors.
"""

from __future__ import annotations

import hashlib
import os
from io import StringIO
from typing import TYPE_CHECKING, Final, cast

from mypy.config_parser import parse_config_file
from mypy.defaults import PYTHON3_VERSION_MIN
from mypy.modulefinder import BuildSource
from mypy.options import Options

from .borrowed import borrowed_packages, declared_modules, has_stubs_of_django

if TYPE_CHECKING:
    from pathlib import Path

    from .find import Part, Project

_FOLDER: Final = "MYPY_CONFIG_FILE_DIR"
# Options that change types, names or reachable code.
_FOR_ALL: Final = (
    "allow_redefinition",
    "allow_redefinition_new",
    "allow_redefinition_old",
    "always_false",
    "always_true",
    "custom_typeshed_dir",
    "enable_incomplete_feature",
    "mypy_path",
    "platform",
    "plugins",
    "strict_optional",
)
# Their values for codes of ours; for others, they hide nothing.
_CODES: Final = ("disable_error_code", "enable_error_code")
_FOR_MODULES: Final = frozenset(
    {"always_false", "always_true", "follow_untyped_imports", "strict_optional"}
)


def mypy_options(project: Project, part: Part, cache: Path) -> Options:
    """
    Return the options for a mypy run on *part* of *project*.

    Its working directory must be the first of the roots of *part*.

    Args:
        project: the project.
        part: the part of it.
        cache: the folder for what is stored between runs.
    """
    own = _options_in(project.configuration)
    options = Options()
    for name in _FOR_ALL:
        if hasattr(own, name):
            setattr(options, name, getattr(own, name))
    for name in _CODES:
        setattr(options, name, _ours(getattr(own, name)))
    for pattern, changes in own.per_module_options.items():
        kept = {name: changes[name] for name in changes.keys() & _FOR_MODULES}
        kept |= {
            name: _ours(cast("list[str]", changes[name])) for name in _CODES if name in changes
        }
        options.per_module_options[pattern] = kept
    options.config_file = str(project.configuration) if project.configuration else None
    options.python_executable = project.interpreter.path
    version = own.python_version
    if version == options.python_version:  # the default
        version = project.interpreter.version
    options.python_version = max(version, PYTHON3_VERSION_MIN)
    options.mypy_path = [*own.mypy_path, *map(str, part.roots)]
    if (borrowed := borrowed_packages(project, cache)) is not None:
        options.mypy_path.append(str(borrowed))
    options.build_type = 0
    options.check_untyped_defs = True
    options.ignore_missing_imports = True
    options.follow_imports = "silent"
    options.namespace_packages = True
    options.explicit_package_bases = True
    options.show_absolute_path = True
    options.show_column_numbers = True
    options.show_error_end = True
    options.color_output = False
    options.warn_unused_configs = False
    options.many_errors_threshold = -1
    # mypy would take what it stored for a module with this name in another folder.
    roots = hashlib.sha256("\0".join(map(str, part.roots)).encode("utf-8", "surrogateescape"))
    options.cache_dir = str(cache / "mypy" / roots.hexdigest()[:12])
    options.per_module_options.update(_untyped_packages(project))
    # mypy only loads plugins, and reads error codes, if there is a file.
    if project.configuration is None:
        empty = cache / "mypy.ini"
        empty.write_text("[mypy]\n", "utf-8")
        options.config_file = str(empty)
    return options


def _options_in(configuration: Path | None) -> Options:
    """
    Return the options in the project's own configuration.
    """
    options = Options()
    if configuration is None:
        return options
    ignored = StringIO()
    before = os.environ.get(_FOLDER)
    parse_config_file(options, lambda: None, str(configuration), ignored, ignored)
    if before is None:
        os.environ.pop(_FOLDER, None)
    else:
        os.environ[_FOLDER] = before
    folder = configuration.parent
    options.mypy_path = [str(folder / path) for path in options.mypy_path]
    return options


def _untyped_packages(project: Project) -> dict[str, dict[str, object]]:
    """
    Return options with which mypy reads signals of packages that have no types.
    """
    patterns: list[str] = []
    if project.interpreter.has("django") and not has_stubs_of_django(project):
        patterns.append("django.*")
    if project.interpreter.has("celery") and not project.interpreter.has("celery-stubs"):
        patterns += ["celery.app.task", "celery.utils.dispatch.*"]
    patterns += [
        module for module in declared_modules() if project.interpreter.has(module.partition(".")[0])
    ]
    return {pattern: {"follow_untyped_imports": True} for pattern in patterns}


def _ours(codes: list[str]) -> list[str]:
    return [code for code in codes if code.partition("-")[0] == "signal"]


def sources_of(part: Part) -> list[BuildSource]:
    """
    Return the files of *part* for mypy.
    """
    bases = sorted(part.roots, key=lambda base: -len(base.parts))
    return [
        BuildSource(
            str(path),
            module,
            None,
            next((str(base) for base in bases if path.is_relative_to(base)), None),
        )
        for module, path in part.files.items()
    ]
