"""
The command line.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pyperf

from . import chart, table
from .cases import CASES, measure
from .results import Result, machine

PEERS = ("django", "blinker", "psygnal", "PyDispatcher", "aiosignal")


def describe() -> str:
    """
    Return the versions of the libraries and of the machine.
    """
    import psygnal

    peers = [f"{name} {version(name)}" for name in ("typed-signals", *PEERS)]
    compiled = "compiled" if psygnal._compiled else "NOT compiled"
    facts = machine()
    processor = facts.get("cpu_model_name", platform.machine())
    return (
        f"CPython {platform.python_version()} on {processor}, {facts.get('cpu_count', '?')} CPUs\n"
        f"{', '.join(peers)} (psygnal is {compiled})"
    )


def main() -> int:
    """
    Measure and print.
    """
    groups = list(dict.fromkeys(case.group for case in CASES))
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description="Measure how fast signals are."
    )
    parser.add_argument("--only", nargs="+", choices=groups, default=groups, help="which cases")
    parser.add_argument("--quick", action="store_true", help="measure faster, but less precisely")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results for pyperf")
    parser.add_argument(
        "--svg", type=Path, metavar="FILE", help="draw the times of sends, if measured"
    )
    options = parser.parse_args()
    processes, rounds = (2, 60) if options.quick else (5, 100)

    print(describe(), flush=True)
    results = []
    # Each process runs one case once, so that bytecode is not specialised for another case.
    with ProcessPoolExecutor(
        max_workers=1, max_tasks_per_child=1, mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        for number, case in enumerate(CASES):
            if case.group not in options.only:
                continue
            result = Result(case)
            for _ in range(1 if case.exact else processes):
                result.add(pool.submit(measure, number, rounds).result())
            results.append(result)
            print(f"\n{table.table(result)}", flush=True)
    print(f"\n{table.summary(results)}")
    if options.json:
        benchmarks = [benchmark for result in results for benchmark in result.benchmarks()]
        pyperf.BenchmarkSuite(benchmarks).dump(str(options.json), replace=True)
    if options.svg and "send" in options.only:
        chart.draw(results, options.svg)
    return 0


if __name__ == "__main__":
    sys.exit(main())
