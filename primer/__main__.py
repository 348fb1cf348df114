"""
Run mypy on public projects without and with our plugin, and print the differences. Then plant a
mistake in every receiver of Django's signals, and print how many of them the plugin finds.

    python -m primer                    all projects
    python -m primer --quick            only small projects
    python -m primer --only wagtail     only this project
    python -m primer --planted          only plant
    python -m primer --list             list the projects

Projects are downloaded once, and stored in the folder .primer, or in the folder in the environment
variable PRIMER_CACHE. The command fails on a crash, on an error that only the run without the
plugin has, on an error that only the run with the plugin has and that is not in approved.toml, and
on an error there that is no longer reported. It also fails if it does not plant the mistakes that
are counted in planted.toml, and find all of them except for those that are listed there.
"""

from __future__ import annotations

import json
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from .arguments import default_cache, parser_of
from .planting import Harvest, differences, harvest, tables
from .projects import (
    Approval,
    Expected,
    Project,
    read_approvals,
    read_expected,
    read_projects,
)
from .runs import DJANGOS, OURS, Code, run
from .sources import Cache, SourceError
from .verdicts import Comparison, failures, gone

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

HERE: Final = Path(__file__).resolve().parent
VERSIONS_OF: Final = ("mypy", "django", "django-stubs")


class Outcome(NamedTuple):
    """
    The result of one project.
    """

    comparisons: list[Comparison]
    failures: list[str]
    harvest: Harvest | None = None


class Primer:
    """
    Checks projects one after the other, and prints its progress.
    """

    def __init__(
        self,
        cache: Cache,
        approvals: Sequence[Approval],
        expected: Expected,
        plugin: str = OURS,
        *,
        only_plants: bool = False,
    ) -> None:
        """
        Args:
            cache: the cache of the projects' sources.
            approvals: the approved reports.
            expected: the mistakes to plant, and those of them that are not found.
            plugin: the plugin of the second run.
            only_plants: do not compare the unchanged code.
        """
        self._cache = cache
        self._approvals = approvals
        self._expected = expected
        self._plugin = plugin
        self._only_plants = only_plants

    def check(self, project: Project) -> Outcome:
        """
        Check *project*, also with django-stubs' plugin if its settings are known.
        """

        def say(what: str) -> None:
            print(f"{project.name}: {what}", flush=True)

        try:
            source = self._cache.source(project, say)
            libraries = self._cache.libraries(project.requires, say)
        except SourceError as error:
            return Outcome([], [f"{project.name}: {error}"])
        path = [*(source / folder for folder in project.path), *libraries]
        code = Code(source / project.root, project.check, project.exclude, path)
        comparisons = [] if self._only_plants else self._compared(project, code)
        approvals = [each for each in self._approvals if each.project == project.name]
        found = [
            f"{comparison.name}: {failure}"
            for comparison in comparisons
            for failure in failures(comparison, approvals)
        ]
        if comparisons and not any(
            each.with_ours.crash or each.without.crash for each in comparisons
        ):
            found += [
                f"{project.name}: no longer reported: {each.file}: {each.message}"
                f"  [{each.code}] (remove it from approved.toml)"
                for each in gone(comparisons, approvals)
            ]
        planted = harvest(project.name, code, self._plugin)
        found += [f"{project.name}: {each}" for each in differences(planted, self._expected)]
        for each in planted.missed:
            say(f"not found: {each.registration}, {each.style}")
        seconds = planted.seconds
        seconds += sum(each.without.seconds + each.with_ours.seconds for each in comparisons)
        say(f"{'FAILED' if found else 'passed'} in {seconds:.0f} s")
        return Outcome(comparisons, found, planted)

    def _compared(self, project: Project, code: Code) -> list[Comparison]:
        comparisons = [self._compare(project.name, code)]
        if project.settings:
            code = code._replace(settings=project.settings)
            comparisons.append(self._compare(project.name, code))
        return comparisons

    def _compare(self, name: str, code: Code) -> Comparison:
        others = [DJANGOS] if code.settings else []
        without = run(code, others)
        with_ours = run(code, [*others, self._plugin])
        return Comparison(name, without, with_ours, is_djangos=bool(code.settings))


def table(comparisons: Sequence[Comparison]) -> str:
    """
    Return the counts as a table in Markdown.
    """
    lines = ["| project | files | without | with | reports | others |", "|---|--:|--:|--:|--:|--:|"]
    for each in comparisons:
        others = len(each.appeared) + len(each.vanished)
        counts = (each.with_ours.files, len(each.reports), others)
        files, reports, other = ("crash",) * 3 if each.with_ours.crash else map(str, counts)
        seconds = f"{each.without.seconds:.1f} s | {each.with_ours.seconds:.1f} s"
        lines.append(f"| {each.name} | {files} | {seconds} | {reports} | {other} |")
    without = sum(each.without.seconds for each in comparisons)
    with_ours = sum(each.with_ours.seconds for each in comparisons)
    lines.append(f"| in all | | {without:.1f} s | {with_ours:.1f} s | | |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """
    Return 0 if every project passed.

    Args:
        arguments: by default, the command line.
        folder: the folder with the lists of projects and of approved reports.
    """
    options = _parser().parse_args(arguments)
    projects = read_projects(folder / "projects.toml")
    approvals = read_approvals(folder / "approved.toml")
    expected = read_expected(folder / "planted.toml")
    names = {project.name for project in projects}
    listed = {each.project for each in approvals} | {each.project for each in expected.missed}
    listed.update(expected.planted)
    if unknown := {*options.only, *listed} - names:
        sys.exit(f"unknown projects: {', '.join(sorted(unknown))}")
    if options.quick:
        projects = [project for project in projects if project.quick]
    if options.only:
        projects = [project for project in projects if project.name in options.only]
    if options.list:
        for each in projects:
            print(each.name, each.version, "(quick)" if each.quick else "", each.settings or "")
        return 0

    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS_OF)
    print(f"CPython {platform.python_version()}, {versions}", flush=True)
    cache = default_cache()
    primer = Primer(cache, approvals, expected, only_plants=options.planted)
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(primer.check, projects))
    comparisons = [comparison for outcome in outcomes for comparison in outcome.comparisons]
    found = [failure for outcome in outcomes for failure in outcome.failures]
    if options.json:
        text = json.dumps([each.as_json() for each in comparisons], indent=2)
        options.json.write_text(f"{text}\n", "utf-8")
    if comparisons:
        print("", table(comparisons), sep="\n")
    harvests = [outcome.harvest for outcome in outcomes if outcome.harvest]
    print("", tables(harvests), "", sep="\n")
    print(*found, sep="\n")
    print(f"{'FAILED' if found else 'Passed'}: projects {len(projects)}, failures {len(found)}")
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("primer", __doc__)
    parser.add_argument("--quick", action="store_true", help="the small projects")
    parser.add_argument("--planted", action="store_true", help="only plant mistakes")
    parser.add_argument("--list", action="store_true", help="list the projects")
    parser.add_argument(
        "--jobs", type=int, default=1, help="number of parallel projects (%(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
