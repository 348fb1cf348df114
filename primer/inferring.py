"""
Run ``typed-signals infer`` on public projects, and compare the keys of each signal with those that
are recorded in ``tests/data/real_signals.json``.

    python -m primer.inferring                    compare with inferred.toml
    python -m primer.inferring --only wagtail     only this project
    python -m primer.inferring --write            write the figures to inferred.toml

A signal is right if exactly its recorded keys are inferred. Where a recorded send unpacks a dict,
there may be more: those in the dict.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typed_signals.cli.infer.witnesses import infer
from typed_signals.cli.project import find_project
from typed_signals.cli.survey import take_survey
from typed_signals.cli.survey.written_types import is_known

from .projects import Project, read_projects
from .sources import Cache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals.cli.infer.result import InferredSignal

HERE: Final = Path(__file__).resolve().parent
FIGURES: Final = "inferred.toml"
RECORDED: Final = HERE.parent / "tests" / "data" / "real_signals.json"
_UNPACKED: Final = "**"


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


def figures_of(project: Project, cache: Cache, recorded: dict[str, list[set[str]]]) -> Figures:
    """
    Infer the signals of *project*, and compare them with the *recorded* ones.
    """

    def say(what: str) -> None:
        print(f"{project.name}: {what}", flush=True)

    root = cache.source(project, say) / project.root
    survey = take_survey(find_project([root / path for path in project.check]), infers=True)
    signals = infer(survey).signals
    keys = [key for one in signals if one.verdict != "declared" for key in one.keys]
    missed = compare(signals, recorded)
    typed = sum(is_known(key.type) for key in keys)
    found = Figures(len(recorded), len(recorded) - len(missed), len(keys), typed, missed)
    say(f"right {found.right} of {found.signals} signals, typed {typed} of {len(keys)} keys")
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
        "#   signals, right   recorded signals that are sent; those whose keys are right",
        "#   keys, typed      all inferred keys; those with a type other than object. Only Django",
        "#                    is installed, not what the projects require.",
        "#   missed           the other signals, how they differ, and why",
    ]
    for name, found in sorted(figures.items()):
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {getattr(found, key)}" for key in Figures._fields[:-1]]
        for signal, how in sorted(found.missed.items()):
            lines += ["", f"[[{name}.missed]]", f'signal = "{signal}"', f'how = "{how}"']
            lines.append(f'why = "{reasons.get(signal, "")}"')
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """
    Return 0 if the figures are those in the file.

    Args:
        arguments: by default, the command line.
        folder: the folder with the lists of projects and figures.
    """
    parser = argparse.ArgumentParser(
        prog="python -m primer.inferring",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", metavar="NAME", nargs="+", default=(), help="these projects")
    parser.add_argument("--write", action="store_true", help="write the figures")
    options = parser.parse_args(arguments)
    cache = Cache(Path(os.environ.get("PRIMER_CACHE") or HERE.parent / ".primer"))
    recorded = json.loads(RECORDED.read_text("utf-8"))
    path = folder / FIGURES
    before = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    reasons = {
        one["signal"]: one["why"] for each in before.values() for one in each.get("missed", [])
    }
    figures: dict[str, Figures] = {
        name: Figures(
            **{key: each[key] for key in Figures._fields[:-1]},
            missed={one["signal"]: one["how"] for one in each.get("missed", [])},
        )
        for name, each in before.items()
    }
    found: dict[str, Figures] = {}
    for project in read_projects(folder / "projects.toml"):
        signals = recorded_signals(project.name, recorded)
        if signals and (not options.only or project.name in options.only):
            found[project.name] = figures_of(project, cache, signals)
    if options.write:
        path.write_text(figures_text({**figures, **found}, reasons), "utf-8")
        return 0
    changed = [name for name, each in found.items() if figures.get(name) != each]
    print(f"other than in {FIGURES}: {', '.join(changed)}" if changed else "Passed")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
