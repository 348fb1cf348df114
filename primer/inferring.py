"""
Run ``typed-signals infer`` on public projects, and compare the keys of each signal with those that
are recorded in ``tests/data/real_signals.json``.

    python -m primer.inferring                    compare with inferred.toml
    python -m primer.inferring --only wagtail     only this project
    python -m primer.inferring --write            write the figures to inferred.toml
    python -m primer.inferring --bare             without what the projects require

What the projects require is installed once, in environments in the folder .primer, or in the folder
in the environment variable PRIMER_CACHE.

A signal is right if exactly its recorded keys are inferred. Where a recorded send unpacks a dict,
there may be more: those in the dict.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typed_signals.cli.infer.witnesses import infer
from typed_signals.cli.project import find_project
from typed_signals.cli.survey.parts import take_survey
from typed_signals.cli.survey.written_types import is_known

from .arguments import default_cache, parser_of
from .projects import Checkout, Project, read_checkouts, read_projects
from .sources import Cache, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typed_signals.cli.infer.result import InferredSignal

HERE: Final = Path(__file__).resolve().parent
FIGURES: Final = "inferred.toml"
RECORDED: Final = HERE.parent / "tests" / "data" / "real_signals.json"
_UNPACKED: Final = "**"
_TOLERANCE: Final = 0.02


class Figures(NamedTuple):
    """
    The result for one project.
    """

    signals: int
    """The recorded signals."""

    right: int
    """Those of them whose keys are right."""

    keys: int
    """All keys that are inferred in the project."""

    typed: int
    """Those with a type other than ``object``."""

    missed: dict[str, str]
    """The signals that are not right, and how they differ."""

    installed: bool
    """Whether what the project requires was installed."""


def recorded_signals(project: str, recorded: dict[str, Any]) -> dict[str, list[set[str]]]:
    """
    Return the keys of each recorded send of a project, by the full name of the signal.
    """
    found: dict[str, list[set[str]]] = {}
    for name, entry in recorded["custom"].items():
        owner, _, signal = name.partition(": ")
        if owner.casefold() == project.casefold() and entry["sends"]:
            found[signal] = [set(keys.replace(",", " ").split()) for keys in entry["sends"]]
    return found


def compare(
    inferred: Sequence[InferredSignal], recorded: dict[str, list[set[str]]]
) -> dict[str, str]:
    """
    Return the signals that are not right, and how they differ.
    """
    missed: dict[str, str] = {}
    for name, sends in recorded.items():
        # The folder from which a project imports is not recorded.
        found = [one for one in inferred if f".{one.fullname}".endswith(f".{name}")]
        found += [one for one in inferred if f".{name}".endswith(f".{one.fullname}")]
        if not found:
            missed[name] = "not found"
            continue
        got = {key.name for key in max(found, key=lambda one: len(one.sends)).keys}
        expected = set().union(*sends)
        is_open = _UNPACKED in expected
        lacking = sorted(expected - got - {_UNPACKED})
        more = [] if is_open else sorted(got - expected)
        if lacking or more:
            parts = [f"without {', '.join(lacking)}"] if lacking else []
            parts += [f"also {', '.join(more)}"] if more else []
            missed[name] = "; ".join(parts)
    return missed


class Code(NamedTuple):
    """
    The code of a project, and the Python that it runs on.
    """

    root: Path
    check: Sequence[str]
    settings: str | None = None
    path: Sequence[Path] = ()
    """Other folders from which the settings import."""

    python: Path | None = None
    """The environment with what it requires; None to read it without."""

    def inferred(self) -> Sequence[InferredSignal]:
        """
        Return what is inferred of its signals.
        """
        project = find_project(
            [self.root / path for path in self.check], str(self.python) if self.python else None
        )
        parts = [
            replace(
                part,
                settings=self.settings or part.settings,
                roots=tuple(dict.fromkeys((*part.roots, *self.path))),
            )
            for part in project.parts
        ]
        return infer(take_survey(replace(project, parts=tuple(parts)), infers=True)).signals


class Reader:
    """
    Infers the signals of projects.
    """

    def __init__(self, cache: Cache, checkouts: Path | None, *, installs: bool) -> None:
        """
        Args:
            cache: the cache of sources and environments.
            checkouts: the folder with clones of projects that are not on the package index.
            installs: whether to install what the projects require.
        """
        self._cache = cache
        self._checkouts = checkouts
        self._installs = installs

    def code(self, project: Project | Checkout, say: Callable[[str], None]) -> Code:
        """
        Return the code of *project*, with an environment if what it requires can be installed.

        Raises:
            SourceError: the code is not available.
        """
        if isinstance(project, Project):
            top = self._cache.source(project, say)
            requirements = [f"{project.name}=={project.version}", *project.requires]
        else:
            top = self._clone(project)
            files = [str(top / file) for file in project.requirements]
            requirements = [part for file in files for part in ("--requirements", file)]
        python = None
        if self._installs:
            try:
                python = self._cache.environment(project.name, requirements, say)
            except SourceError as error:
                say(str(error))
        path = [top / folder for folder in project.path]
        return Code(top / project.root, project.check, project.settings, path, python)

    def _clone(self, checkout: Checkout) -> Path:
        folder = Path(self._checkouts or "", checkout.name)
        command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        if found.stdout.strip() != checkout.commit:
            raise SourceError(
                f"{folder} is not a clone of {checkout.repository} at {checkout.commit}"
            )
        return folder

    def figures(self, project: Project | Checkout, recorded: dict[str, list[set[str]]]) -> Figures:
        """
        Infer the signals of *project*, and compare them with the *recorded* ones.

        Raises:
            SourceError: its code is not available.
        """

        def say(what: str) -> None:
            print(f"{project.name}: {what}", flush=True)

        code = self.code(project, say)
        signals = code.inferred()
        keys = [key for one in signals for key in one.keys]
        missed = compare(signals, recorded)
        found = Figures(
            installed=code.python is not None,
            signals=len(recorded),
            right=len(recorded) - len(missed),
            keys=len(keys),
            typed=sum(is_known(key.type) for key in keys),
            missed=missed,
        )
        say(f"{found.right} of {found.signals} signals, {found.typed} of {found.keys} types")
        return found


def figures_text(figures: dict[str, Figures], reasons: dict[str, str]) -> str:
    """
    Return the figures as TOML.

    Args:
        figures: the figures of each project.
        reasons: why signals are missed, as a person has written.
    """
    lines = [
        "# What typed-signals infer finds in public projects: python -m primer.inferring --write",
        "#",
        "#   installed        whether what the project requires can be installed on this Python;",
        "#                    otherwise only Django is installed",
        "#   signals, right   recorded signals that are sent; those whose keys are right",
        "#   keys, typed      all inferred keys; those with a type other than object",
        "#   missed           the other signals, how they differ, and why",
    ]
    for name, found in sorted(figures.items(), key=lambda each: each[0].casefold()):
        lines += ["", f"[{name}]"]
        lines.append(f"installed = {str(found.installed).lower()}")
        lines += [f"{key} = {getattr(found, key)}" for key in Figures._fields[:4]]
        for signal, how in sorted(found.missed.items()):
            lines += ["", f"[[{name}.missed]]", f'signal = "{signal}"', f'how = "{how}"']
            lines.append(f'why = "{reasons.get(signal, "")}"')
    return "\n".join(lines) + "\n"


def documented(figures: dict[str, Figures], reasons: dict[str, str]) -> str:
    """
    Return the figures, and the reasons why signals are missed, as in the docs.
    """
    lines = ["| project | signals | keys right | keys | with a type |", "|---|--:|--:|--:|--:|"]
    rows = sorted(figures.items(), key=lambda each: each[0].casefold())
    for name, each in rows:
        mark = "" if each.installed else " (bare)"
        share = f"{each.typed / each.keys:.0%}" if each.keys else ""
        lines.append(f"| {name}{mark} | {each.signals} | {each.right} | {each.keys} | {share} |")
    signals, right, keys, typed = (
        sum(getattr(each, field) for each in figures.values()) for field in Figures._fields[:4]
    )
    share = f"{typed / keys:.0%}" if keys else ""
    lines += [f"| in all | {signals} | {right} | {keys} | {share} |", ""]
    counted = Counter(reasons[signal] for each in figures.values() for signal in each.missed)
    lines += ["| keys are not right, because | signals |", "|---|--:|"]
    by_count = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return "\n".join([*lines, *(f"| {why} | {count} |" for why, count in by_count)])


def worse(found: Figures, before: Figures) -> list[str]:
    """
    Return in what *found* is worse than *before*. New releases of what a project requires may
    have types for a few more or less keys.
    """
    texts = [f"no longer right: {name}" for name in found.missed.keys() - before.missed.keys()]
    if found.keys and before.keys:
        share, was = found.typed / found.keys, before.typed / before.keys
        if share < was - _TOLERANCE:
            texts.append(f"{share:.0%} of the keys have a type, instead of {was:.0%}")
    return texts


def read_figures(path: Path) -> tuple[dict[str, Figures], dict[str, str]]:
    """
    Return the figures in the file at *path*, and the reasons for signals that are missed.
    """
    tables = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    missed = {
        name: {one["signal"]: one for one in each.pop("missed", [])}
        for name, each in tables.items()
    }
    figures = {
        name: Figures(**each, missed={key: one["how"] for key, one in missed[name].items()})
        for name, each in tables.items()
    }
    return figures, {key: one["why"] for each in missed.values() for key, one in each.items()}


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """
    Return 0 if no figure is worse than in the file.

    Args:
        arguments: by default, the command line.
        folder: the folder with the lists of projects and figures.
    """
    parser = parser_of("primer.inferring", __doc__)
    parser.add_argument("--jobs", type=int, default=1, help="how many at the same time")
    parser.add_argument("--bare", action="store_true", help="install nothing")
    parser.add_argument("--write", action="store_true", help="write the figures")
    parser.add_argument(
        "--checkouts", metavar="FOLDER", type=Path, help="clones of the projects in checkouts.toml"
    )
    options = parser.parse_args(arguments)
    cache = default_cache()
    recorded = json.loads(RECORDED.read_text("utf-8"))
    figures, reasons = read_figures(folder / FIGURES)
    projects: list[Project | Checkout] = [*read_projects(folder / "projects.toml")]
    if options.checkouts:
        projects += read_checkouts(folder / "checkouts.toml")
    chosen = {
        project: signals
        for project in projects
        if (signals := recorded_signals(project.name, recorded))
        and (not options.only or project.name in options.only)
    }
    reader = Reader(cache, options.checkouts, installs=not options.bare)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(reader.figures, chosen, chosen.values())
    found = {project.name: each for project, each in zip(chosen, results, strict=True)}
    if options.write:
        (folder / FIGURES).write_text(figures_text({**figures, **found}, reasons), "utf-8")
        return 0
    problems = [
        f"{name}: {text}"
        for name, each in found.items()
        for text in (worse(each, figures[name]) if name in figures else ["without figures"])
    ]
    print("\n".join(problems) or "Passed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
