"""
Make each mistake, run the tests, and say which mistakes none of them found.

    python -m mutation                  all files
    python -m mutation --part plugin    the files of one part
    python -m mutation _async _link     these files
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tomllib
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .mutants import Mutant, mutants
from .parts import PARTS, Part
from .trial import ROOT, Copy

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE: Final = ROOT / "src" / "typed_signals"
SURVIVORS: Final = Path(__file__).with_name("survivors.toml")
LEAST_SCORE: Final = 0.9


class Work(NamedTuple):
    """
    What the processes for one part share.
    """

    part: Part
    todo: list[Mutant]
    log: Path
    """Where each process writes what became of a mutant, one in a line."""

    jobs: int


def main() -> int:
    """
    Return 0 if enough mistakes are found, and every other one is listed with its reason.
    """
    parser = argparse.ArgumentParser(
        prog="python -m mutation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", help="stems of files, like _signal; all by default")
    parser.add_argument("--part", choices=PARTS, help="only the files of this part")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--log", type=Path, help="a file to write results to, and to continue from")
    arguments = parser.parse_args()
    results: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder:
        for name in [arguments.part] if arguments.part else PARTS:
            part = PARTS[name]
            files = [
                path.relative_to(ROOT).as_posix()
                for path in sorted(PACKAGE.glob(part.files))
                if not arguments.files or path.stem in arguments.files
            ]
            todo = [
                mutant
                for file in files
                for mutant in mutants(file, (ROOT / file).read_text("utf-8"))
            ]
            print(f"{name}: {len(todo)} mistakes in {len(files)} files", flush=True)
            log = arguments.log or Path(folder, "log")
            if todo:
                results += _try(Work(part, todo, log, arguments.jobs), Path(folder, name))
    return _report(results, is_all=not arguments.files and not arguments.part)


def _try(work: Work, folder: Path) -> list[dict[str, Any]]:
    """
    Try all mutants of one part, and return what became of each.
    """
    for module in work.part.preloaded:
        import_module(module)
    work.log.touch()
    workers = []
    for job in range(work.jobs):
        worker = os.fork()
        if not worker:
            _run_job(work, folder / str(job), job)
        workers.append(worker)
    if any(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) for worker in workers):
        sys.exit("no result, since a job failed")
    wanted = {mutant.name for mutant in work.todo}
    return [result for result in _read(work.log) if result["name"] in wanted]


def _read(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def _run_job(work: Work, folder: Path, job: int) -> None:
    """
    Do one process's share, and end the process.
    """
    code = 1
    try:
        folder.mkdir(parents=True)
        _try_some(work, Copy(folder), job)
        code = 0
    except Exception as error:  # noqa: BLE001 - told by the exit code, too
        print(f"job {job}: {error}", flush=True)
    finally:
        os._exit(code)


def _try_some(work: Work, copy: Copy, job: int) -> None:
    own, stages = work.part.own, work.part.stages
    patience: dict[tuple[str, ...], float] = {}
    for tests in (*sorted(set(own.values())), *stages):
        started = time.monotonic()
        _check_copy(copy, tests)
        seconds = time.monotonic() - started
        print(f"job {job}: {', '.join(tests)} take {seconds:.0f} s", flush=True)
        # A mistake that has tests wait forever is found.
        patience[tests] = 5 + 3 * seconds
    done = {result["name"] for result in _read(work.log)}
    share = [mutant for mutant in work.todo[job :: work.jobs] if mutant.name not in done]
    for number, mutant in enumerate(share, 1):
        with copy.changed(mutant.file, mutant.source):
            first = own.get(Path(mutant.file).stem, ())
            is_killed = bool(first) and not copy.passes(first, patience=patience[first])
            is_killed = is_killed or not all(
                copy.passes([test for test in tests if test not in first], patience=patience[tests])
                for tests in stages
            )
        result = {key: value for key, value in mutant._asdict().items() if key != "source"}
        result["outcome"] = "killed" if is_killed else "survived"
        with work.log.open("a") as log:
            log.write(json.dumps(result) + "\n")
        if number % 50 == 0:
            print(f"job {job}: {number} of {len(share)}", flush=True)
    _check_copy(copy, stages[0])  # still


def _check_copy(copy: Copy, tests: Sequence[str]) -> None:
    if not copy.passes(tests, patience=1200):
        raise RuntimeError(f"{', '.join(tests)} fail without a mistake: {copy.output()}")


def _report(results: list[dict[str, Any]], *, is_all: bool) -> int:
    """
    Print the score, and what survived and is not listed; return whether anything is amiss.
    """
    survived = sorted(
        (result["file"], result["line"], result["before"], result["after"])
        for result in results
        if result["outcome"] == "survived"
    )
    listed = {
        (f"src/typed_signals/{mistake['file']}", mistake["before"], mistake["after"])
        for reason in tomllib.loads(SURVIVORS.read_text("utf-8"))["reason"]
        for mistake in reason["survivors"]
    }
    unlisted = [key for key in survived if (key[0], *key[2:]) not in listed]
    for file, line, before, after in unlisted:
        print(f"{file}:{line}\n  - {before}\n  + {after}")
    if unlisted:
        print(f"These {len(unlisted)} survived, and are not listed in {SURVIVORS.name}")
    gone = sorted(listed.difference((key[0], *key[2:]) for key in survived)) if is_all else []
    for file, before, after in gone:
        print(f"{SURVIVORS.name} lists what did not survive: {file}\n  - {before}\n  + {after}")
    found = len(results) - len(survived)
    score = found / len(results) if results else 1.0
    print(f"{found} of {len(results)} mistakes were found: {score:.1%}")
    return int(bool(unlisted or gone) or score < LEAST_SCORE)


if __name__ == "__main__":
    sys.exit(main())
