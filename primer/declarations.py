"""
Check the declarations in ``stubs/`` against the oldest and the newest version of each package.

    python -m primer.declarations                     all packages in stubs/packages.toml
    python -m primer.declarations --only Flask        only this one
    python -m primer.declarations --write             write the figures to declarations.toml
    python -m primer.declarations --write-docs        write the tables of its page, only

The packages are downloaded, but not installed: their code does not run. For each version:

- each signal in its code is declared, or listed as undeclared with the reason;
- each send in its code agrees with the declaration;
- ``typed-signals check`` reports nothing in its code;
- mypy reports wrong receivers and sends of its signals, and accepts right ones; receivers also if
  the package is not installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from typed_signals.cli.project import find_project
from typed_signals.cli.survey.parts import take_survey

from .arguments import default_cache, parser_of
from .package_code import PackageCode, Send
from .packages import declared_by, read_packages
from .packages_page import PAGE, with_tables
from .receivers_for import planted_in, text_for, unexpected
from .runs import OURS, Code, run
from .sources import Cache, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals.cli.survey.model import Survey

    from .packages import Declared, Package

HERE: Final = Path(__file__).resolve().parent
FIGURES: Final = "declarations.toml"


class Checker:
    """
    Checks the declarations of packages, and collects the failures and the figures.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.failures: list[str] = []
        self.figures: dict[str, dict[str, Any]] = {}

    def check(self, package: Package) -> None:
        """
        Check the oldest and the newest version of *package*.
        """
        try:
            declared = declared_by(package)
        except FileNotFoundError as error:
            self.failures.append(f"{package.name}: {error}")
            return
        used: set[str] = set()
        approved: set[str] = set()
        present: set[str] = set()
        for version in package.versions:
            try:
                found = _Version(self._cache, package, version, declared)
            except SourceError as error:
                self.failures.append(f"{package.name}: {error}")
                continue
            found.check()
            used |= found.undeclared
            approved |= found.approved
            present |= found.present
            self.failures += [f"{package.name} {version}: {each}" for each in found.failures]
            self.figures.setdefault(package.name, {})[version] = found.figures
        for name in sorted(declared.keys() - present):
            self.failures.append(f"{package.name}: {name} is declared, but no version defines it")
        for name in sorted(package.undeclared.keys() - used):
            self.failures.append(f"{package.name}: {name} is undeclared, but no version defines it")
        for text in sorted(package.approved.keys() - approved):
            self.failures.append(f"{package.name}: no longer reported: {text}")


class _Version:
    """
    A version of a package.
    """

    def __init__(
        self, cache: Cache, package: Package, version: str, declared: dict[str, Declared]
    ) -> None:
        def say(what: str) -> None:
            print(f"{package.name} {version}: {what}", flush=True)

        self._say = say
        self._package = package
        self._root = cache.package(package.name, version, package.tops, say)
        self._libraries = cache.libraries(package.requires, say)
        self._code = PackageCode(self._root, package.tops, package.kind)
        self._declared = declared
        self.present = {name for each in self._code.definitions for name in each.names} & {
            *declared
        }
        self.undeclared: set[str] = set()
        self.approved: set[str] = set()
        self.failures: list[str] = []
        self.figures: dict[str, Any] = {}

    def check(self) -> None:
        """
        Collect the failures and the figures.
        """
        self._check_definitions()
        # Also makes this the folder of a project.
        path = ":".join(map(str, self._libraries))
        Path(self._root, "mypy.ini").write_text(f"[mypy]\nmypy_path = {path}\n", "utf-8")
        paths = [self._path_of(top) for top in self._package.tops]
        with TemporaryDirectory() as folder:
            self._check_sends(take_survey(find_project(paths), Path(folder)))
            self._check_by_command(paths, folder)
        self._approve()
        self._check_plants()
        self._say(f"{'FAILED' if self.failures else 'passed'}: {self.figures}")

    def _path_of(self, top: str) -> Path:
        module = self._root / f"{top}.py"
        return module if module.is_file() else self._root / top

    def _check_definitions(self) -> None:
        for each in self._code.definitions:
            if each.is_covered_by(self._declared) in each.names:
                continue
            listed = each.is_covered_by(self._package.undeclared)
            if listed is None:
                named = ", ".join(each.names) or f"a signal without a name in {each.scope}"
                self.failures.append(f"{each.place}: {named} is not declared")
            else:
                self.undeclared.add(listed)
        self.figures["signals"] = len(self.present)
        if absent := sorted(self._declared.keys() - self.present):
            self.figures["absent"] = absent

    def _check_sends(self, survey: Survey) -> None:
        self.failures += [f"the survey: {problem}" for problem in survey.problems]
        aliases = {alias: one.fullname for one in survey.signals for alias in one.aliases}
        sends = {send.place: send for send in self._code.sends}
        unknown: Counter[str] = Counter()
        for fact in survey.sends:
            if fact.in_tests:
                continue
            if fact.signal is None:
                unknown[fact.why_unknown] += 1
                continue
            name = aliases.get(fact.signal, fact.signal)
            keys = frozenset(key for key, each in fact.keys.items() if each.required)
            place = str(fact.place)
            if more := sorted(fact.keys.keys() - keys):
                place += f" (perhaps {', '.join(more)})"
            sends[place] = Send(name, keys, bool(fact.spread), place, frozenset(more))
        counted = [send for send in sends.values() if send.signal in self._declared]
        for send in counted:
            self.failures += send.problems(self._declared[send.signal])
        self.figures["sends"] = len(counted)
        self.figures["open"] = sum(send.is_open for send in counted)
        never = self.present - {send.signal for send in counted}
        if never:
            self.figures["never_sent"] = sorted(never)
        if unknown:
            self.figures["unknown"] = dict(unknown)

    def _approve(self) -> None:
        """
        Remove the failures that are mistakes of the package.
        """
        for text in self._package.approved:
            kept = [each for each in self.failures if text not in each]
            if len(kept) < len(self.failures):
                self.approved.add(text)
                self.failures = kept

    def _check_by_command(self, paths: Sequence[Path], cache: str) -> None:
        command = [sys.executable, "-P", "-m", "typed_signals", "check", "--format", "json"]
        command += ["--cache-dir", cache]
        ended = subprocess.run(
            [*command, *map(str, paths)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=self._root,
            env={**os.environ, "TYPED_SIGNALS_RAISE": "1"},
        )
        if not ended.stdout:
            self.failures.append(f"typed-signals check: {ended.stderr.strip()}")
            return
        report = json.loads(ended.stdout)
        self.failures += [
            f"{error['path']}:{error['line']}: {error['message']}  [{error['code']}]"
            for error in report["errors"]
        ]
        self.figures["receivers"] = report["summary"]["receivers"]

    def _check_plants(self) -> None:
        with TemporaryDirectory() as folder:
            file = Path(folder, "planted_receivers.py")
            present = {name: self._declared[name] for name in sorted(self.present)}
            file.write_text(text_for(present, self._package.kind, with_types=True), "utf-8")
            libraries = self._libraries
            code = Code(self._root, [str(file)], path=libraries, untyped=libraries)
            result = run(code, [OURS])
            planted = planted_in(file.read_text("utf-8"))
            if result.crash:
                self.failures.append(f"mypy: {result.crash}")
            self.failures += unexpected(file.read_text("utf-8"), result.errors)
        self.figures["mistakes"] = len(planted)


def unexpected_without(packages: Sequence[Package]) -> list[str]:
    """
    Return what mypy reports otherwise than expected if none of the *packages* is installed.
    """
    declared = {
        name: each
        for package in packages
        # Of others, mypy must know the class.
        if package.kind == "Django"
        for name, each in declared_by(package).items()
    }
    text = text_for(declared, "Django", with_types=False)
    with TemporaryDirectory() as folder:
        file = Path(folder, "planted_receivers.py")
        file.write_text(text, "utf-8")
        result = run(Code(Path(folder), [file.name]), [OURS])
    found = [f"not installed: {each}" for each in unexpected(text, result.errors)]
    return [*found, *filter(None, [result.crash])]


def figures_text(figures: dict[str, dict[str, Any]]) -> str:
    """
    Return the figures as TOML.
    """
    lines = [
        "# The declarations in stubs/, checked against the packages:",
        "# python -m primer.declarations --write",
        "#",
        "#   signals      declared signals that this version defines",
        "#   absent       declared signals that it does not define",
        "#   sends, open  its sends of them, and those of them that unpack what is not known",
        "#   never_sent   signals that its own code does not send, as far as is known",
        "#   unknown      sends of unknown signals, by the reason",
        "#   receivers    its own receivers, of which none is reported",
        "#   mistakes     planted mistakes, which are all reported",
    ]
    for name, versions in sorted(figures.items(), key=lambda item: item[0].lower()):
        for version, found in versions.items():
            lines += ["", f'[{name}."{version}"]']
            for key, value in found.items():
                if isinstance(value, dict):
                    items = ", ".join(f"{json.dumps(k)} = {v}" for k, v in value.items())
                    lines.append(f"{key} = {{ {items} }}")
                else:
                    lines.append(f"{key} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """
    Return 0 if all declarations are right, and the figures are those in the file.

    Args:
        arguments: by default, the command line.
        folder: the folder with the figures.
    """
    parser = parser_of("primer.declarations", __doc__)
    parser.add_argument("--write", action="store_true", help="write the figures")
    parser.add_argument("--write-docs", action="store_true", help="write the tables in the docs")
    options = parser.parse_args(arguments)
    packages = read_packages()
    if options.write_docs:
        PAGE.write_text(with_tables(PAGE.read_text("utf-8"), packages), "utf-8")
        return 0
    if unknown := {*options.only} - {package.name for package in packages}:
        parser.error(f"not in packages.toml: {', '.join(sorted(unknown))}")
    checker = Checker(default_cache())
    wanted = [one for one in packages if not options.only or one.name in options.only]
    for package in wanted:
        checker.check(package)
    checker.failures += unexpected_without(wanted)
    path = folder / FIGURES
    before = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    print(*checker.failures, sep="\n")
    if options.write:
        names = {package.name for package in packages}
        kept = {name: each for name, each in before.items() if name in names}
        path.write_text(figures_text({**kept, **checker.figures}), "utf-8")
    else:
        changed = [name for name, each in checker.figures.items() if before.get(name) != each]
        if changed:
            print(f"other than in {FIGURES}: {', '.join(changed)}")
            return 1
    print(f"{'FAILED' if checker.failures else 'Passed'}: failures {len(checker.failures)}")
    return 1 if checker.failures else 0


if __name__ == "__main__":
    sys.exit(main())
