"""
The cost of the mypy plugin: mypy's time with the plugin divided by its time without.

It generates a project of copies of ``sample/``, in a temporary folder, and runs mypy on it: cold,
with an empty cache, and warm, without changes. The runs with and without the plugin alternate, so
that a busy machine slows both down. With ``--count``, it counts instructions instead, which do not
depend on the load of the machine. Run it with ``make bench``, or with typed-signals and mypy
installed.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from operator import truediv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE = Path(__file__).resolve().parent / "sample"
SAMPLE_FILES = sorted(SAMPLE.glob("*.py"))

SEND = re.compile(r"\.a?send(_robust)?\(")
RECEIVER = re.compile(r"^@receiver\(|\.connect\(", re.MULTILINE)

VARIANTS = ("without", "with")

# Only counts instructions; mypy is about 20 times slower.
VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
INSTRUCTIONS = re.compile(r"I +refs: +([\d,]+)")

# Only the plugin differs.
CONFIG = "[mypy]\ncheck_untyped_defs = true\n"
PLUGIN = "plugins = typed_signals.mypy\n"

# A mistake that only the plugin finds.
MISTAKE = """

@receiver(order_placed)
def mistaken(sender, ordr, **kwargs): ...
"""


class Cost(NamedTuple):
    """
    The seconds of a run.
    """

    cpu: float
    wall: float


class Project:
    """
    A generated project in its own folder.
    """

    def __init__(self, folder: Path, modules: int) -> None:
        self._folder = folder
        self._source = folder / "source"
        self.applications = -(-modules // len(SAMPLE_FILES))
        for number in range(self.applications):
            shutil.copytree(
                SAMPLE,
                self._source / f"shop_{number:04}",
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        for name in VARIANTS:
            plugin = PLUGIN if name == "with" else ""
            (folder / f"{name}.ini").write_text(CONFIG + plugin, "utf-8")

    def describe(self) -> str:
        """
        Return the size of the project.
        """
        text = "".join(file.read_text("utf-8") for file in SAMPLE_FILES)
        counts = [
            (len(SAMPLE_FILES), "modules"),
            (text.count("\n"), "lines"),
            (len(SEND.findall(text)), "sends"),
            (len(RECEIVER.findall(text)), "receivers"),
        ]
        return ", ".join(f"{count * self.applications:,} {what}" for count, what in counts)

    def forget(self, variant: str) -> None:
        """
        Remove the cache of "with" or "without".
        """
        shutil.rmtree(self._cache(variant), ignore_errors=True)

    def check(self, variant: str, seed: int) -> Cost:
        """
        Run mypy and return its cost.

        Args:
            variant: "with" or "without" the plugin.
            seed: the hash seed, which affects the order of sets, and so slightly the time.
        """
        cost, output = self._run(variant, seed)
        _require_success(variant, output)
        return cost

    def count(self, variant: str) -> int:
        """
        Run mypy and return its number of instructions.
        """
        log = self._folder / "valgrind.txt"
        _, output = self._run(variant, 0, (*VALGRIND, f"--log-file={log}"))
        _require_success(variant, output)
        found = INSTRUCTIONS.search(log.read_text("utf-8"))
        if found is None:
            sys.exit(f"valgrind counted nothing:\n{log.read_text('utf-8')}")
        return int(found[1].replace(",", ""))

    def finds_a_mistake(self) -> bool:
        """
        Return whether the plugin works: whether mypy reports a mistake that only the plugin finds.
        """
        with (self._source / "shop_0000" / "receivers.py").open("a", encoding="utf-8") as file:
            file.write(MISTAKE)
        return all(
            ("[signal-parameter]" in self._run(variant, 0)[1]) == (variant == "with")
            for variant in VARIANTS
        )

    def _cache(self, variant: str) -> Path:
        return self._folder / f"cache-{variant}"

    def _run(self, variant: str, seed: int, under: Sequence[str] = ()) -> tuple[Cost, str]:
        command = [
            *under,
            *(sys.executable, "-m", "mypy", "--no-color-output"),
            *("--config-file", str(self._folder / f"{variant}.ini")),
            *("--cache-dir", str(self._cache(variant)), "."),
        ]
        # An error in the plugin would make the results wrong.
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "TYPED_SIGNALS_RAISE": "1"}
        # The plugin's modules are compiled once, as usual with a cache of bytecode.
        environment["PYTHONPYCACHEPREFIX"] = str(self._folder / "bytecode")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        output = self._folder / "output.txt"
        with output.open("w", encoding="utf-8") as file:
            start = time.perf_counter()
            child = subprocess.Popen(
                command,
                cwd=self._source,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            # Like child.wait(), but with the resource usage of this child.
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - start
            child.returncode = os.waitstatus_to_exitcode(status)
        return Cost(usage.ru_utime + usage.ru_stime, wall), output.read_text("utf-8")


def _require_success(variant: str, output: str) -> None:
    if not output.startswith("Success"):
        sys.exit(f"mypy does not pass the project {variant} the plugin:\n{output}")


Costs = dict[str, list[Cost]]


def measure(project: Project, rounds: int, warm_runs: int) -> dict[str, Costs]:
    """
    Return the costs of all runs by "cold" or "warm", and then by variant.
    """
    costs: dict[str, Costs] = {
        state: {variant: [] for variant in VARIANTS} for state in ("cold", "warm")
    }
    for number in range(rounds):
        # Alternating, so that none always runs first.
        variants = VARIANTS if number % 2 == 0 else VARIANTS[::-1]
        for variant in variants:
            project.forget(variant)
            costs["cold"][variant].append(project.check(variant, number))
        for _ in range(warm_runs):
            for variant in variants:
                costs["warm"][variant].append(project.check(variant, number))
        print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    return costs


def count(project: Project) -> str:
    """
    Return a table of the instructions of one run each.
    """
    row = "{:<12}{:>12}{:>12}{:>8}"
    lines = [row.format("", "without", "with", "ratio")]
    for variant in VARIANTS:
        project.check(variant, 0)  # so that compiling to bytecode is not counted
        project.forget(variant)
    for state in ("cold", "warm"):
        without, with_plugin = map(project.count, VARIANTS)
        cells = (f"{without / 1e9:.3f} G", f"{with_plugin / 1e9:.3f} G")
        lines.append(row.format(state, *cells, f"{with_plugin / without:.4f}"))
    return "\n".join(lines)


def report(costs: dict[str, Costs]) -> str:
    """
    Return a table of the best times, their ratio, and the median of all rounds' ratios.
    """
    row = "{:<12}{:>10}{:>10}{:>8}{:>8}"
    lines = [row.format("", "without", "with", "ratio", "median")]
    for state, by_variant in costs.items():
        for index, measured in enumerate(Cost._fields):
            without, with_plugin = (
                [cost[index] for cost in by_variant[variant]] for variant in VARIANTS
            )
            before, after = min(without), min(with_plugin)
            median = statistics.median(map(truediv, with_plugin, without))
            cells = (f"{before:.2f} s", f"{after:.2f} s", f"{after / before:.3f}", f"{median:.3f}")
            lines.append(row.format(f"{state}, {measured}", *cells))
    return "\n".join(lines)


def main() -> int:
    """
    Measure and print.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("--modules", type=int, default=400, help="number of modules (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="cold runs of each (%(default)s)")
    parser.add_argument("--warm", type=int, default=3, help="warm runs in a round (%(default)s)")
    parser.add_argument(
        "--count", action="store_true", help="count instructions with valgrind, not seconds"
    )
    options = parser.parse_args()
    if options.count and shutil.which(VALGRIND[0]) is None:
        sys.exit("--count needs valgrind, which is not installed")
    with TemporaryDirectory() as folder:
        project = Project(Path(folder), options.modules)
        print(f"mypy {version('mypy')}, CPython {platform.python_version()}: {project.describe()}")
        if options.count:
            table = count(project)
        else:
            table = report(measure(project, options.rounds, options.warm))
        if not project.finds_a_mistake():
            sys.exit("the plugin did not do its work, so the figures mean nothing")
    print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
